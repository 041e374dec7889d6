"""The real program in a real terminal: what is drawn, what keys do, how it is left."""

from __future__ import annotations

import io
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sessions import MENU, ONE_STEP, events, one_step, started, to_gauge, to_message
from small import small
from terminal import Terminal

from crisisctl.cli import cards
from crisisctl.cli.screen import Screen
from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.playbook.load import load
from crisisctl.runner import commands
from crisisctl.runner.place import Place
from crisisctl.workspace import shipped

NOW = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)(?:;\d+)*m")


def test_first_card_of_an_outage_fits_a_screen_of_80_by_24(tmp_path: Path) -> None:
    with Terminal("start", "outage", home=tmp_path / "home", folder=tmp_path) as terminal:
        terminal.expect_prompt(MENU)
        terminal.expect_on_screen("Pause")
        screen = "\n".join(terminal.lines())

    assert re.search(r"outage-\d{4}-\d\d-\d\d · SEVERITY NOT JUDGED YET", screen)
    assert re.search(r"00:00:\d\d since declared", screen)
    assert re.search(r"assess \(stage 1/5\) · step 1/\d", screen)
    assert re.search(r"first-word due in (9|10) min, \d\d:\d\d", screen)
    assert "Get help and fill the roles" in screen
    assert "You are not meant to do this alone." in screen
    assert "- One call and one chat channel open" in screen
    assert " » Name the roles, then tick the checklist" in screen


def test_every_step_of_the_shipped_playbook_fits_over_its_menu() -> None:
    plan = load(shipped("playbooks") / "outage.yaml").plan
    opening = commands.declare(plan, "", title="", time_zone="Europe/Paris", drill=False)
    incident = fold("outage-2026-11-27", [ev.Entry(1, NOW, NOW, "ana", e) for e in opening])
    screen = Screen(io.StringIO(), {"COLUMNS": "80"})
    screen.height = 24

    for stage, step in plan.steps():
        screen.stream = paper = io.StringIO()
        longest_menu = 9 if stage == "post-mortem" else 8
        place = Place("outage", stage, step, 10, 10)
        cards.page(screen, incident, place, NOW, below=longest_menu)
        shown = paper.getvalue()
        assert shown.count("\n") + longest_menu <= 24, shown
        assert step.title in shown


def test_roomy_screen_leaves_air_around_the_parts_of_a_card(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        terminal.expect_prompt(MENU)
        lines = terminal.lines()

    assert lines[lines.index("  Open the site from a phone, as a customer would.") + 1] == ""
    assert sum(line.startswith("────") for line in lines) == 2


def test_no_color_leaves_colours_out(tmp_path: Path) -> None:
    with started(tmp_path, NO_COLOR="1") as terminal:
        to_gauge(terminal)

    assert COLOUR.findall(terminal.raw) == []


def test_colours_are_used_where_nobody_objects(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        terminal.expect_prompt(MENU)

    assert COLOUR.findall(terminal.raw)


def walk_by_numbers(terminal: Terminal) -> None:
    """The first step on a terminal that draws nothing."""
    terminal.expect_on_screen("1) Name the roles")
    terminal.press("enter")
    terminal.expect_on_screen("? Who is commander? [ana]")
    terminal.press("enter")
    terminal.expect_on_screen("? What is the shop called?")
    terminal.press("Kestrel", "enter")
    terminal.expect_on_screen("? Since when?")
    terminal.press("-10m", "enter")
    terminal.expect_on_screen("? Numbers with commas, 0 for none")
    terminal.press("1,2", "enter")
    terminal.expect_on_screen("Gauge it")


def test_dumb_terminal_gets_numbered_prompts_and_no_control_sequence(tmp_path: Path) -> None:
    with started(tmp_path, TERM="dumb") as terminal:
        walk_by_numbers(terminal)
        terminal.expect_prompt("Number [1]")
        terminal.press("ctrl-c")
        assert terminal.wait() == 130

    assert set(terminal.raw) & {*range(32), 127} <= {*b"\r\n"}
    assert terminal.last_line().startswith("saved; go on with `crisisctl resume small-")
    assert ev.StepCompleted("small", "look") in events(tmp_path)


def test_wrong_number_on_a_dumb_terminal_is_asked_again(tmp_path: Path) -> None:
    with started(tmp_path, TERM="dumb") as terminal:
        terminal.expect_on_screen("? Number [1]")
        terminal.press("9", "enter")
        terminal.expect_on_screen("a number from 1 to 5")
        terminal.press("5", "enter")
        assert terminal.wait() == 0


def test_ascii_terminal_gets_nothing_but_ascii(tmp_path: Path) -> None:
    with started(
        tmp_path, LC_ALL="C", LANG="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    ) as terminal:
        walk_by_numbers(terminal)

    assert terminal.raw.isascii()
    assert any(line.startswith("----") for line in terminal.lines())


def test_piped_result_leaves_the_questions_on_the_terminal(tmp_path: Path) -> None:
    shop, to = small(tmp_path / "shop"), tmp_path / "id"
    command = f"exec crisisctl start small > {to}"
    with Terminal(
        "-c", command, home=tmp_path / "home", folder=shop, program="/bin/sh"
    ) as terminal:
        walk_by_numbers(terminal)

    assert re.fullmatch(r"small-\d{4}-\d\d-\d\d\n", to.read_text())


@pytest.mark.parametrize("columns", [40, 60])
def test_narrow_terminal_shows_everything_between_its_edges(tmp_path: Path, columns: int) -> None:
    with started(tmp_path, columns=columns) as terminal:
        to_gauge(terminal)
        terminal.expect_prompt(MENU)
        story = " ".join(" ".join(terminal.story()).split())

    for words in ("SEVERITY NOT JUDGED YET", "since declared", "(stage 1/5)", "nothing is due"):
        assert words in story
    assert "Open the site from a phone, as a customer would." in story
    assert "─" * columns in story


def test_wide_terminal_keeps_lines_readable(tmp_path: Path) -> None:
    with started(tmp_path, columns=200) as terminal:
        terminal.expect_prompt(MENU)
        rules = [line for line in terminal.lines() if line.startswith("──")]

    assert {len(rule) for rule in rules} == {100}


def test_skip_asks_for_a_reason(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        terminal.pick(MENU, "Skip, with a reason")
        terminal.answer("Why is it skipped?", "enter")
        terminal.expect_on_screen("a few words, please")
        terminal.answer("Why is it skipped?", "Done by phone", "enter")
        terminal.expect_on_screen("Gauge it")

    assert ev.StepSkipped("small", "look", "Done by phone") in events(tmp_path)


def test_note_goes_into_the_timeline_and_the_menu_comes_back(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        terminal.pick(MENU, "Note something")
        terminal.answer("Note:", "Der Host ruft zurück", "enter")
        terminal.expect_on_screen("✓ noted")
        terminal.expect_prompt(MENU)

    assert ev.NoteAdded("Der Host ruft zurück") in events(tmp_path)


def test_back_offers_the_answers_as_they_stand(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        to_gauge(terminal)
        terminal.pick(MENU, "Back to the step before")
        terminal.expect_on_screen("✓ What is the shop called? Kestrel")
        terminal.answer(MENU, "enter")
        terminal.answer("Who is commander? [ana]", "enter")
        terminal.answer("What is the shop called? [Kestrel]", "Kestrel & Sons", "enter")
        terminal.answer("Since when?", "enter")
        terminal.expect_prompt("What is done?")
        ticked = [line for line in terminal.lines() if "●" in line]
        terminal.press("enter")
        terminal.expect_on_screen("Gauge it")

    assert len(ticked) == 2
    facts = [e.value for e in events(tmp_path) if isinstance(e, ev.FactRecorded)]
    assert facts[::2] == ["Kestrel", "Kestrel & Sons"]


def test_messages_are_read_without_sending_them(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        to_gauge(terminal)
        terminal.pick(MENU, "Show messages")
        terminal.answer("Which message?", "enter")
        terminal.pick("In which language?", "fr")
        terminal.expect_on_screen("Kestrel: toutes nos excuses, depuis")
        terminal.expect_prompt(MENU)

    assert not (tmp_path / "home" / "outbox").exists()


def test_action_item_is_added_in_the_post_mortem(tmp_path: Path) -> None:
    one_step(tmp_path / "shop", stage="post-mortem")
    with started(tmp_path) as terminal:
        terminal.pick(MENU, "Add an action item")
        terminal.answer("What is to be done?", "Practise the restore", "enter")
        terminal.answer("Who does it?", "jo", "enter")
        terminal.answer("By when?", "2026-12-11", "enter")
        terminal.expect_on_screen("✓ action item 1")

    assert ev.ActionAdded(1, "Practise the restore", "jo", "2026-12-11") in events(tmp_path)


@pytest.mark.parametrize("question", ["Who is commander?", "What is done?"])
def test_esc_steps_back_to_the_menu(tmp_path: Path, question: str) -> None:
    with started(tmp_path, "--set", "shop=Kestrel", "--set", "since=-5m") as terminal:
        terminal.answer(MENU, "enter")
        if question == "What is done?":
            terminal.answer("Who is commander?", "enter")
        terminal.answer(question, "esc")
        terminal.expect_prompt(MENU)


def test_garbage_gets_one_clear_line_and_is_asked_again(tmp_path: Path) -> None:
    with started(tmp_path, "--set", "shop=Kestrel") as terminal:
        terminal.answer(MENU, "enter")
        terminal.answer("Who is commander?", "enter")
        terminal.answer("Since when?", "soonish", "enter")
        terminal.expect_on_screen('"soonish" is not a time: write')
        terminal.answer("now) soonish", "ctrl-u", "now", "enter")
        terminal.expect_on_screen("✓ saved: ")
        terminal.expect_prompt("What is done?")


def test_pasted_control_sequences_never_reach_the_terminal(tmp_path: Path) -> None:
    with started(tmp_path, "--set", "since=-5m") as terminal:
        terminal.answer(MENU, "enter")
        terminal.answer("Who is commander?", "enter")
        terminal.expect_prompt("What is the shop called?")
        before = len(terminal.raw)
        terminal.press("\x1b[200~Kes\x1b]0;owned\x07trel\x1b[2J\x1b[201~", "enter")
        terminal.answer("What is the shop called?", "ctrl-u", "Kestrel", "enter")
        terminal.expect_prompt("What is done?")

    assert b"\x1b]0;" not in terminal.raw[before:]
    assert b"\x1b[2J" not in terminal.raw[before:]


def test_optional_question_is_left_open_and_the_list_says_how_sure(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        to_message(terminal)

    recorded = {e.fact: e for e in events(tmp_path) if isinstance(e, ev.FactRecorded)}
    assert "eta" not in recorded
    assert recorded["cause"].status == "suspected"


def test_decision_shows_for_and_against_and_wants_a_reason(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        to_message(terminal)
        terminal.pick('The message "hello"', "Not now")
        terminal.pick(MENU, "Skip, with a reason")
        terminal.answer("Why is it skipped?", "Nobody can read it yet", "enter")
        terminal.expect_on_screen("Another way to order?")
        terminal.answer(MENU, "enter")
        terminal.expect_on_screen("for: Works at once")
        terminal.expect_on_screen("against: Lost orders")
        terminal.pick("Another way to order?", "Say that there is none")
        terminal.answer("Because?", "enter")
        terminal.expect_on_screen("the reason is what the post-mortem needs most")
        terminal.answer("Because?", "Nobody is free", "enter")
        terminal.expect_on_screen("Tell customers again")

    taken = ev.DecisionTaken("small", "way", "workaround", "none", "Nobody is free")
    assert taken in events(tmp_path)


def test_message_is_measured_read_and_approved(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        to_message(terminal)
        terminal.expect_on_screen("channel      en      fr")
        terminal.expect_on_screen("Down: Kestrel")
        terminal.pick('The message "hello"', "Read the texts")
        terminal.pick("In which language?", "fr")
        terminal.expect_on_screen("Panne : Kestrel")
        terminal.pick('The message "hello"', "Approve these 4 texts")
        terminal.expect_on_screen('✓ "hello": 4 texts, ready to copy from')

    [sent] = [e for e in events(tmp_path) if isinstance(e, ev.MessageSent)]
    assert [Path(text.file).is_file() for text in sent.texts] == [True] * 4


def test_too_long_text_is_offered_to_be_left_out(tmp_path: Path) -> None:
    small(tmp_path / "shop", extra=" word" * 60)
    with started(tmp_path) as terminal:
        to_message(terminal)
        terminal.expect_on_screen("x.en is too long")
        terminal.pick('The message "hello"', "(without the 2 that are too long)")
        terminal.expect_on_screen('✓ "hello": 2 texts')


FIRST_WORD = (
    "{first-word: {title: First word, from: declared, within: {sev1: SOON}, met_by: hello}}"
)


def soon(folder: Path) -> str:
    """A deadline that cuts in shortly after the first questions, however slow the machine is."""
    began = time.monotonic()
    with started(folder / "stopwatch") as terminal:
        terminal.expect_prompt(MENU)
    seconds = 301 + 5 * (time.monotonic() - began)
    return FIRST_WORD.replace("SOON", f"{seconds:.0f}s")


def test_deadline_cuts_in_while_a_prompt_waits_and_keeps_what_was_typed(tmp_path: Path) -> None:
    small(tmp_path / "shop", deadlines=soon(tmp_path))
    with started(tmp_path) as terminal:
        terminal.answer(MENU, "enter")
        terminal.answer("Who is commander?", "enter")
        terminal.answer("What is the shop called?", "Kest")
        terminal.expect_on_screen("First word: first-word due in 4 min. Write it now?")
        terminal.press("n")
        terminal.answer(MENU, "enter")
        terminal.answer("What is the shop called? Kest", "rel", "enter")
        terminal.expect_prompt("Since when?")

    assert b"\a" in terminal.raw
    assert ev.NoteAdded("Put off: First word", "deadline") in events(tmp_path)
    assert ev.FactRecorded("shop", "Kestrel", "confirmed", "ana") in events(tmp_path)


def test_deadline_calls_between_two_lines_on_a_dumb_terminal(tmp_path: Path) -> None:
    small(tmp_path / "shop", deadlines=FIRST_WORD.replace("SOON", "1s"))
    with started(tmp_path, TERM="dumb") as terminal:
        terminal.expect_on_screen("Write it now? (y/n) [y]")
        terminal.press("n", "enter")
        terminal.expect_on_screen("? Number [1]")

    assert ev.NoteAdded("Put off: First word", "deadline") in events(tmp_path)


def test_deadline_that_cuts_in_leads_to_its_message_and_back(tmp_path: Path) -> None:
    small(tmp_path / "shop", deadlines=FIRST_WORD.replace("SOON", "301s"))
    with started(tmp_path) as terminal:
        terminal.expect_on_screen("Write it now?")
        terminal.press("y")
        terminal.answer("What is the shop called?", "Kestrel", "enter")
        terminal.answer("Since when?", "-5m", "enter")
        terminal.pick('The message "hello"', "Approve")
        terminal.expect_on_screen('✓ "hello": 4 texts')
        terminal.expect_prompt(MENU)
        terminal.expect_on_screen("nothing is due")
        terminal.expect_on_screen("Look at it")


def test_message_sent_by_its_own_command_is_not_disturbed_by_its_deadline(tmp_path: Path) -> None:
    small(tmp_path / "shop", deadlines=FIRST_WORD.replace("SOON", "1s"))
    with started(tmp_path, "--set", "shop=Kestrel", "--set", "since=-5m", "--no-input") as terminal:
        terminal.wait()
    with Terminal(
        "message", "send", "hello", home=tmp_path / "home", folder=tmp_path / "shop"
    ) as terminal:
        terminal.pick('The message "hello"', "Approve")
        assert terminal.wait() == 0

    assert any(isinstance(event, ev.MessageSent) for event in events(tmp_path))


def test_esc_while_sending_a_message_sends_nothing(tmp_path: Path) -> None:
    with started(tmp_path, "--set", "shop=Kestrel", "--set", "since=-5m", "--no-input") as terminal:
        terminal.wait()
    with Terminal(
        "message", "send", "hello", home=tmp_path / "home", folder=tmp_path / "shop"
    ) as terminal:
        terminal.answer('The message "hello"', "esc")
        assert terminal.wait() == 130

    assert terminal.last_line() == "left; nothing was sent"
    assert not any(isinstance(event, ev.MessageSent) for event in events(tmp_path))


def test_command_of_a_step_is_shown_before_it_is_confirmed(tmp_path: Path) -> None:
    small(
        tmp_path / "shop",
        playbook=ONE_STEP.replace("STAGE", "assess").replace(
            "STEP", "      run: {command: echo host is up}"
        ),
    )
    with started(tmp_path) as terminal:
        terminal.answer(MENU, "enter")
        terminal.expect_on_screen("$ echo host is up")
        terminal.answer("Run it now?", "y")
        assert terminal.wait() == 0

    assert ev.CommandRan("small", "only", "echo host is up", 0, "host is up\n") in events(tmp_path)
