"""A review in a real terminal: part by part, left at any moment, gone on with by another."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from sessions import events, started, to_gauge
from small import answers, small
from terminal import Terminal

from crisisctl.incident import events as ev

NEXT = "What next?"


@pytest.fixture
def walked(tmp_path: Path) -> Path:
    """A folder in which the small crisis was walked to its end."""
    shop = small(tmp_path / "shop")
    answers(shop)
    words = ("start", "small", "--answers", "answers.yaml", "--no-input")
    with Terminal(*words, home=tmp_path / "home", folder=shop) as terminal:
        assert terminal.wait() == 0
    return tmp_path


def reviewing(folder: Path, *words: str, **environment: str) -> Terminal:
    return Terminal(
        "review",
        *words,
        home=folder / "home",
        folder=folder / "shop",
        environment=environment,
    )


def of(folder: Path, kind: type) -> list[ev.Event]:
    return [event for event in events(folder) if isinstance(event, kind)]


def test_a_page_that_stands_is_saved_and_not_shown_again(walked: Path) -> None:
    with reviewing(walked) as terminal:
        terminal.pick(NEXT, "Timeline")
        terminal.expect_on_screen("Small crisis")
        terminal.pick("Was it like that?", "These stand")
        terminal.expect_prompt("Was it like that?")
        terminal.press("ctrl-c")
        code = terminal.wait()
        assert "saved; go on with `crisisctl review small-" in terminal.last_line()

    [read] = of(walked, ev.TimelineRead)
    assert code == 130
    assert isinstance(read, ev.TimelineRead)
    assert len(read.events) >= 3
    with reviewing(walked) as terminal:
        terminal.pick(NEXT, "Timeline")
        terminal.expect_prompt("Was it like that?")
        assert not [line for line in terminal.lines() if f"no. {read.events[0]} " in line]


def test_blame_is_shown_while_it_is_typed_and_asked_about_once(walked: Path) -> None:
    with reviewing(walked) as terminal:
        terminal.pick(NEXT, "Contributing causes")
        terminal.answer("What contributed?", "The operator should have looked")
        terminal.expect_on_screen("What was known at that moment")
        assert "What contributed?" in terminal.waiting_at()
        terminal.press("enter")
        terminal.answer("Keep it as it is?", "enter")
        terminal.expect_prompt("What contributed?")
        terminal.press("ctrl-u", "The graph of errors was on no screen", "enter")
        terminal.pick("Which kind is that?", "None of these")
        terminal.answer("What made that possible? (1 of 5", "Nobody had asked for it", "enter")
        terminal.answer("What made that possible? (2 of 5", "enter")
        terminal.answer("What contributed?", "We forgot to page", "enter")
        terminal.answer("Keep it as it is?", "y")
        terminal.pick("Which kind is that?", "None of these")
        terminal.answer("What made that possible?", "enter")
        terminal.answer("What contributed?", "enter")
        terminal.pick(NEXT, "Leave")
        assert terminal.wait() == 0

    assert of(walked, ev.CauseFound) == [
        ev.CauseFound("The graph of errors was on no screen", "", ("Nobody had asked for it",)),
        ev.CauseFound("We forgot to page"),
    ]


def test_what_was_said_before_leaving_is_kept(walked: Path) -> None:
    with reviewing(walked) as terminal:
        terminal.pick(NEXT, "Contributing causes")
        terminal.answer("What contributed?", "Too many visitors at once", "enter")
        terminal.pick("Which kind is that?", "Too many visitors")
        terminal.answer("What made that possible? (1 of 5", "One machine for all", "enter")
        terminal.answer("What made that possible? (2 of 5", "ctrl-c")
        assert terminal.wait() == 130

    assert of(walked, ev.CauseFound) == [
        ev.CauseFound("Too many visitors at once", "load", ("One machine for all",))
    ]


def test_lessons_and_action_items_are_saved_one_by_one(walked: Path) -> None:
    with reviewing(walked) as terminal:
        terminal.pick(NEXT, "What went well")
        terminal.answer("What went well?", "The banner was up in five minutes", "enter")
        terminal.answer("What went well?", "enter")
        terminal.answer("What went badly?", "enter")
        terminal.answer("Where were we lucky?", "enter")
        terminal.answer("What should the playbook say", "Print the phone number", "enter")
        terminal.answer("What should the playbook say", "enter")
        terminal.pick(NEXT, "Action items")
        terminal.pick("What will change?", "Add an action item")
        terminal.answer("What is to be done?", "Alert on payment errors", "enter")
        terminal.answer("Who does it?", "jo", "enter")
        terminal.answer("By when?", "soon", "enter")
        terminal.expect_on_screen("is not a date")
        terminal.answer("By when?", "ctrl-u", "2099-01-31", "enter")
        terminal.pick("What is it good for?", "detect")
        terminal.answer("Where is it tracked?", "enter")
        terminal.pick("What will change?", "will not be done")
        terminal.answer("What was thought of?", "A second shop", "enter")
        terminal.answer("Why is it not done?", "q", "enter")
        assert terminal.wait() == 0

    notes = [e for e in of(walked, ev.NoteAdded) if isinstance(e, ev.NoteAdded)]
    assert [(note.topic, note.text) for note in notes] == [
        ("went-well", "The banner was up in five minutes"),
        ("playbook", "Print the phone number"),
    ]
    assert of(walked, ev.ActionAdded) == [
        ev.ActionAdded(1, "Alert on payment errors", "jo", "2099-01-31", "detect")
    ]
    assert of(walked, ev.ActionDeclined) == []


def test_a_line_is_put_right_with_a_reason(walked: Path) -> None:
    with reviewing(walked) as terminal:
        terminal.pick(NEXT, "Timeline")
        terminal.pick("Was it like that?", "One of them was otherwise")
        terminal.pick("Which one?", "ana is commander")
        terminal.pick("What was different?", "Other words are right")
        terminal.answer("What happened?", "ctrl-u", "The night shift took the lead", "enter")
        terminal.answer("How do you know?", "The call's log", "enter")
        terminal.expect_on_screen("corrected")
        terminal.expect_prompt("Was it like that?")
        terminal.press("ctrl-c")
        terminal.wait()

    [corrected] = of(walked, ev.EventCorrected)
    assert isinstance(corrected, ev.EventCorrected)
    assert (corrected.text, corrected.because) == (
        "The night shift took the lead",
        "The call's log",
    )


def test_a_wrong_start_is_set_anew_so_that_all_figures_move(walked: Path) -> None:
    with reviewing(walked) as terminal:
        terminal.pick(NEXT, "Timeline")
        terminal.pick("Was it like that?", "One of them was otherwise")
        terminal.pick("Which one?", "Milestone: started")
        terminal.answer("Since when?", "2026-11-20T20:00+01:00", "enter")
        terminal.answer("How do you know?", "The access log", "enter")
        terminal.expect_on_screen("since = 2026-11-20 20:00")
        terminal.press("ctrl-c")
        terminal.wait()

    last = [e for e in of(walked, ev.MilestoneReached) if isinstance(e, ev.MilestoneReached)][-1]
    facts = [e for e in of(walked, ev.FactRecorded) if isinstance(e, ev.FactRecorded)]
    assert (last.milestone, last.at.isoformat()) == ("started", "2026-11-20T19:00:00+00:00")
    assert facts[-1].source == "corrected in the review: The access log"


def test_it_is_handed_in_by_one_and_reviewed_by_another(walked: Path) -> None:
    with reviewing(walked) as terminal:
        terminal.pick(NEXT, "How far it is")
        terminal.pick("How far is it?", "Hand it in")
        terminal.expect_on_screen("post-mortem in review")
        terminal.pick(NEXT, "Leave")
        assert terminal.wait() == 0
    with reviewing(walked, CRISISCTL_OPERATOR="li") as terminal:
        terminal.pick(NEXT, "How far it is")
        terminal.expect_on_screen("no contributing cause")
        terminal.pick("How far is it?", "It was reviewed")
        terminal.answer("Why does it count as reviewed", "We only practise", "enter")
        terminal.expect_on_screen("post-mortem reviewed")
        terminal.press("ctrl-c")
        terminal.wait()

    assert of(walked, ev.PostMortemMoved) == [
        ev.PostMortemMoved("in-review"),
        ev.PostMortemMoved("reviewed", "We only practise"),
    ]


def test_killed_at_a_prompt_nothing_that_was_said_is_lost(walked: Path) -> None:
    with reviewing(walked) as terminal:
        terminal.pick(NEXT, "What went well")
        terminal.answer("What went well?", "Support was quick", "enter")
        terminal.expect_on_screen("noted")
        terminal.answer("What went well?", "half a sent")
        terminal.hang_up(signal.SIGKILL)
        assert terminal.wait() == -signal.SIGKILL
    with reviewing(walked) as terminal:
        terminal.pick(NEXT, "What went well")
        terminal.expect_on_screen("Support was quick")

    assert of(walked, ev.NoteAdded) == [ev.NoteAdded("Support was quick", "went-well")]


def test_two_who_look_back_at_once_both_get_their_words_in(walked: Path) -> None:
    with reviewing(walked) as one, reviewing(walked, CRISISCTL_OPERATOR="li") as other:
        one.pick(NEXT, "What went well")
        one.expect_prompt("What went well?")
        other.pick(NEXT, "What went well")
        other.answer("What went well?", "Said by li", "enter")
        other.expect_on_screen("noted")
        one.answer("What went well?", "Said by ana", "enter")
        one.expect_on_screen("noted")

    assert of(walked, ev.NoteAdded) == [
        ev.NoteAdded("Said by li", "went-well"),
        ev.NoteAdded("Said by ana", "went-well"),
    ]


def test_a_dumb_terminal_has_numbers_and_the_same_question_after_enter(walked: Path) -> None:
    with reviewing(walked, TERM="dumb") as terminal:
        terminal.answer("Number", "2", "enter")
        terminal.answer("What contributed?", "Human error", "enter")
        terminal.expect_on_screen("What made the slip possible")
        terminal.answer("Keep it as it is?", "n", "enter")
        terminal.answer("What contributed?", "q", "enter")
        assert terminal.wait() == 0

    assert of(walked, ev.CauseFound) == []


def test_a_review_of_a_running_incident_says_that_it_is_not_over(tmp_path: Path) -> None:
    with started(tmp_path) as terminal:
        to_gauge(terminal)
        terminal.press("ctrl-c")
        terminal.wait()
    with reviewing(tmp_path) as terminal:
        terminal.expect_on_screen("It is not resolved yet")
        terminal.answer(NEXT, "esc")
        assert terminal.wait() == 0
