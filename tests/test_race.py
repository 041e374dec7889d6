"""Real processes at the same incident at the same time: nothing is lost, nobody is overwritten."""

from __future__ import annotations

import subprocess
from pathlib import Path

from sessions import MENU, events, resumed, started, to_gauge, to_message
from small import answers, small
from terminal import PROGRAM, world

from crisisctl.incident import events as ev


def beside(
    folder: Path, *words: str, operator: str = "jo", program: str = str(PROGRAM)
) -> subprocess.Popen[str]:
    """Another operator's command, started and not waited for."""
    return subprocess.Popen(
        [program, *words],
        cwd=folder / "shop",
        env=world(folder / "home", CRISISCTL_OPERATOR=operator),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    """What it printed, when it has ended well."""
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out + err


def do(folder: Path, *words: str) -> str:
    """Another operator's command, done."""
    return said(beside(folder, *words))


def test_answer_that_another_gave_meanwhile_stands_and_the_walk_goes_on_from_it(
    tmp_path: Path,
) -> None:
    with started(tmp_path) as terminal:
        terminal.answer(MENU, "enter")
        terminal.answer("Who is commander?", "enter")
        terminal.expect_prompt("What is the shop called?")
        do(tmp_path, "fact", "shop", "Merlin")
        terminal.press("Kestrel", "enter")
        terminal.expect_on_screen("Meanwhile, on this incident:")
        terminal.expect_on_screen("Your last answer was not recorded: theirs stands.")
        terminal.expect_on_screen("✓ What is the shop called? Merlin")
        terminal.answer(MENU, "enter")
        terminal.expect_prompt("Since when?")
        told = "\n".join(terminal.story())

    assert "  jo, " in told
    named = [e.value for e in events(tmp_path) if isinstance(e, ev.FactRecorded)]
    assert named == ["Merlin"]


def test_note_from_another_terminal_is_shown_and_my_answer_is_saved(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        terminal.answer(MENU, "enter")
        terminal.answer("Who is commander?", "enter")
        terminal.expect_prompt("What is the shop called?")
        do(tmp_path, "note", "The host called back")
        terminal.press("Kestrel", "enter")
        terminal.expect_on_screen("Meanwhile, on this incident:")
        terminal.expect_on_screen("The host called back")
        terminal.expect_on_screen("✓ saved")
        terminal.expect_prompt("Since when?")

    assert ev.FactRecorded("shop", "Kestrel", "confirmed", "ana") in events(tmp_path)


def test_two_terminals_at_one_question_record_one_answer(tmp_path: Path) -> None:
    with started(tmp_path) as one:
        one.answer(MENU, "enter")
        one.answer("Who is commander?", "enter")
        one.expect_prompt("What is the shop called?")
        with resumed(tmp_path) as other:
            other.answer(MENU, "enter")
            other.expect_prompt("What is the shop called?")
            one.press("Kestrel", "enter")
            one.expect_prompt("Since when?")
            other.press("Merlin", "enter")
            other.expect_on_screen("Your last answer was not recorded: theirs stands.")
            other.answer(MENU, "enter")
            other.expect_prompt("Since when?")

    named = [e.value for e in events(tmp_path) if isinstance(e, ev.FactRecorded)]
    assert named == ["Kestrel"]


def test_step_that_another_finished_is_left_for_the_one_where_they_are(tmp_path: Path) -> None:
    with started(tmp_path) as one:
        one.expect_prompt(MENU)
        with resumed(tmp_path) as other:
            to_gauge(other)
            one.answer(MENU, "enter")
            one.answer("Who is commander?", "enter")
            one.expect_on_screen("Gauge it")

    done = [e for e in events(tmp_path) if isinstance(e, ev.StepCompleted)]
    assert [(event.step, event.open_items) for event in done] == [("look", ())]


def test_message_that_another_sent_meanwhile_is_not_sent_twice(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        to_message(terminal)
        do(tmp_path, "message", "send", "hello", "--yes")
        theirs = {file: file.stat().st_mtime_ns for file in outbox(tmp_path)}
        terminal.pick('The message "hello"', "Approve")
        terminal.expect_on_screen("Your last answer was not recorded: theirs stands.")
        terminal.expect_on_screen('✓ "hello" went out')

    assert len([e for e in events(tmp_path) if isinstance(e, ev.MessageSent)]) == 1
    assert {file: file.stat().st_mtime_ns for file in outbox(tmp_path)} == theirs


def outbox(folder: Path) -> list[Path]:
    """The files that messages were written to."""
    return sorted(file for file in (folder / "home/outbox").rglob("*") if file.is_file())


def test_incident_that_another_closed_takes_no_more_answers(tmp_path: Path) -> None:
    with started(tmp_path, "--set", "since=-5m") as terminal:
        terminal.answer(MENU, "enter")
        terminal.answer("Who is commander?", "enter")
        terminal.expect_prompt("What is the shop called?")
        do(tmp_path, "close")
        terminal.press("Kestrel", "enter")
        assert terminal.wait() == 1
        terminal.expect_on_screen("was closed meanwhile: your last answer was not recorded")

    assert isinstance(events(tmp_path)[-1], ev.IncidentClosed)


def test_notes_of_two_operators_at_once_are_all_kept(tmp_path: Path) -> None:
    small(tmp_path / "shop")
    subprocess.run(
        [str(PROGRAM), "start", "small", "--no-input"],
        cwd=tmp_path / "shop",
        env=world(tmp_path / "home"),
        capture_output=True,
        check=False,
    )
    loop = 'for n in 0 1 2 3 4 5 6 7; do crisisctl note "$CRISISCTL_OPERATOR $n" || exit; done'

    both = [beside(tmp_path, "-c", loop, operator=who, program="/bin/sh") for who in ("jo", "li")]
    for process in both:
        said(process)

    noted = [e.text for e in events(tmp_path) if isinstance(e, ev.NoteAdded)]
    assert sorted(noted) == sorted(f"{who} {n}" for who in ("jo", "li") for n in range(8))
    assert "intact" in do(tmp_path, "verify")


def test_incidents_declared_at_the_same_moment_get_ids_of_their_own(tmp_path: Path) -> None:
    small(tmp_path / "shop")
    walked = ("start", "small", "--answers", str(answers(tmp_path)))

    printed = [said(process) for process in [beside(tmp_path, *walked) for _ in range(4)]]

    ids = [text.split("\n")[0] for text in printed]
    assert len(set(ids)) == 4
    assert all("Every step is done or skipped" in text for text in printed)
    assert "intact" in do(tmp_path, "verify")
