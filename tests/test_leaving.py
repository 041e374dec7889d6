"""Leaving the walk in a real terminal, by key or by signal, and coming back to it."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from sessions import KINDS, MENU, events, one_step, resumed, started, to_gauge
from small import small
from terminal import Terminal

from crisisctl.incident import events as ev


def test_pause_leaves_with_the_way_to_go_on(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        terminal.pick(MENU, "Pause")
        code = terminal.wait()

    assert code == 0
    assert re.fullmatch(r"saved; go on with `crisisctl resume small-[\d-]+`", terminal.last_line())


def to_prompt(terminal: Terminal, kind: str) -> None:
    """Come to a prompt of this kind."""
    terminal.expect_prompt(MENU)
    if kind == "menu":
        return
    terminal.press("enter")
    question = {
        "text": "What is the shop called?",
        "select": "The only step",
        "checkbox": "What is done?",
        "confirm": "Run it now?",
    }[kind]
    terminal.expect_prompt(question)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", ["ctrl-c", "ctrl-d"])
def test_leaving_at_any_prompt_says_that_all_is_saved(tmp_path: Path, kind: str, key: str) -> None:
    one_step(tmp_path / "shop", kind)
    with started(tmp_path) as terminal:
        to_prompt(terminal, kind)
        terminal.press(key)
        code = terminal.wait()

    assert code == 130
    assert re.fullmatch(r"saved; go on with `crisisctl resume small-[\d-]+`", terminal.last_line())


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_at_any_prompt_it_restores_the_terminal(
    tmp_path: Path, kind: str, by: signal.Signals
) -> None:
    one_step(tmp_path / "shop", kind)
    with started(tmp_path) as terminal:
        to_prompt(terminal, kind)
        terminal.hang_up(by)
        code = terminal.wait()

    assert code == 130
    assert terminal.last_line().startswith("saved; go on with `crisisctl resume small-")
    assert terminal.raw.rindex(b"\x1b[?2004l") > terminal.raw.rindex(b"\x1b[?2004h")
    assert terminal.raw.rindex(b"\x1b[?25h") > terminal.raw.rindex(b"\x1b[?25l")


@pytest.mark.parametrize("kind", ["text", "select"])
def test_told_to_end_on_a_dumb_terminal_it_says_so_on_a_line_of_its_own(
    tmp_path: Path, kind: str
) -> None:
    one_step(tmp_path / "shop", kind)
    with started(tmp_path, TERM="dumb") as terminal:
        terminal.expect_on_screen("? Number [1]")
        terminal.hang_up(signal.SIGTERM)
        code = terminal.wait()

    assert code == 130
    assert terminal.last_line().startswith("saved; go on with `crisisctl resume small-")


def test_terminal_that_is_closed_loses_nothing(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        terminal.answer(MENU, "enter")
        terminal.answer("Who is commander?", "enter")
        terminal.answer("What is the shop called?", "Kestrel", "enter")
        terminal.expect_on_screen("✓ saved")
        terminal.expect_prompt("Since when?")
        terminal.hang_up(signal.SIGHUP)
        terminal.wait()

    with resumed(tmp_path) as terminal:
        terminal.expect_on_screen("✓ What is the shop called? Kestrel")
        terminal.expect_on_screen("role: commander (ana)")
        terminal.answer(MENU, "enter")
        terminal.expect_prompt("Since when?")


def test_ctrl_z_goes_to_the_shell_and_back(tmp_path: Path) -> None:
    shop = small(tmp_path / "shop")
    with Terminal(
        "--norc", "--noprofile", home=tmp_path / "home", folder=shop, program="/bin/bash"
    ) as terminal:
        terminal.press("crisisctl start small", "enter")
        terminal.answer(MENU, "enter")
        terminal.answer("Who is commander?", "j", "\x1a")
        terminal.expect_on_screen("Stopped")
        terminal.press("crisisctl note From the shell", "enter")
        terminal.press("fg", "enter")
        terminal.answer("Who is commander? [ana] j", "o", "enter")
        terminal.expect_prompt("What is the shop called?")

    assert ev.RoleAssigned("commander", "jo") in events(tmp_path)


def test_resume_lands_on_the_same_step_and_asks_nothing_twice(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        to_gauge(terminal)
        terminal.answer(MENU, "enter")
        terminal.answer("Can customers pay?", "enter")
        terminal.expect_on_screen("✓ severity sev1")
        terminal.answer("What does not work?", "ctrl-c")
        terminal.wait()

    with resumed(tmp_path) as terminal:
        terminal.expect_on_screen("assess (stage 1/5) · step 2/2")
        terminal.expect_on_screen("✓ Can customers pay? Nobody can")
        terminal.expect_on_screen(" » Answer 3 questions")
        terminal.answer(MENU, "enter")
        terminal.expect_prompt("What does not work?")
        assert "Look at it" not in "\n".join(terminal.story())
