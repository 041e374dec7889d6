"""Looking back: corrections, causes, the states of a post-mortem, and the day it is due."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from makers import a_plan, a_step, an_incident, minute
from small import small, write
from test_cli_after import STORY

from crisisctl.deadlines.looking_back import review_clock, review_within, worst
from crisisctl.deadlines.owed import Due, deadlines
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.playbook.regulation import Within

RESOLVED = (60.0, ev.MilestoneReached("resolved", minute(60)))
"""On Friday 2026-11-27 at 21:00 in Paris."""


def data(crisis: Crisis, *words: str) -> Any:
    return json.loads(crisis(*words, "--json").stdout)


@pytest.fixture
def told(crisis: Crisis, folder: Path) -> str:
    """A whole outage of January 2025, whose post-mortem is still a draft."""
    text = STORY.replace('review: {to: reviewed, by: li, at: "2025-02-03T16:00+01:00"}\n', "")
    ran = crisis("start", "outage", "--answers", str(write(folder / "story.yaml", text)))
    assert ran.exit == 0, ran.stderr
    return ran.stdout.strip()


def number(crisis: Crisis, words: str) -> str:
    """The number of the event that says this."""
    rows = data(crisis, "timeline")["timeline"]
    return str(next(row["seq"] for row in rows if words in row["text"]))


def line(crisis: Crisis, seq: str) -> Any:
    rows = data(crisis, "timeline")["timeline"]
    return next(row for row in rows if row["seq"] == int(seq))


# Corrections


def test_a_correction_moves_the_line_and_keeps_what_it_said_before(
    crisis: Crisis, told: str
) -> None:
    seq = number(crisis, "The first alarm came")

    ran = crisis(
        *("correct", seq, "--at", "2025-01-31T20:05+01:00", "--text", "The first mail came"),
        *("--because", "Support's log"),
    )

    assert (ran.exit, ran.stdout) == (0, "")
    assert ran.stderr == f"✓ event {seq} corrected ({told})\n"
    row = line(crisis, seq)
    assert (row["text"], row["occurred_at"]) == ("The first mail came", "2025-01-31T20:05:00+01:00")
    corrected = row["corrected"]
    assert corrected.pop("at")
    assert corrected == {
        "text": "The first alarm came from a customer",
        "occurred_at": "2025-01-31T20:06:00+01:00",
        "withdrawn": False,
        "because": "Support's log",
        "by": "ana",
    }
    shown = " ".join(crisis("timeline").stdout.split())
    assert (
        "[corrected by ana, because Support's log; it was 2025-01-31 20:06 CET (UTC+1), "
        '"The first alarm came from a customer"]' in shown
    )


def test_a_correction_can_be_corrected_and_what_it_does_not_say_holds_on(
    crisis: Crisis, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seq = number(crisis, "The first alarm came")
    crisis("correct", seq, "--at", "2025-01-31T20:05+01:00", "--because", "Support's log")
    monkeypatch.setenv("CRISISCTL_OPERATOR", "li")

    crisis("correct", seq, "--text", "A mail came", "--because", "I read it")

    row = line(crisis, seq)
    assert (row["text"], row["occurred_at"][11:16]) == ("A mail came", "20:05")
    assert (row["corrected"]["by"], row["corrected"]["because"]) == ("li", "I read it")


def test_what_was_withdrawn_is_no_lesson_until_it_is_taken_back(crisis: Crisis, told: str) -> None:
    seq = number(crisis, "The first alarm came")

    crisis("correct", seq, "--withdrawn", "--because", "It was a test")
    withdrawn = data(crisis, "report")["lessons"]["went_badly"]
    shown = crisis("timeline").stdout
    crisis("correct", seq, "--text", "The first alarm was real", "--because", "It was none")

    assert withdrawn == []
    assert "Withdrawn by ana, because It was a test: The first alarm came" in " ".join(
        shown.split()
    )
    assert data(crisis, "report")["lessons"]["went_badly"] == ["The first alarm was real"]


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        ("fact-recorded", "crisisctl fact site_url VALUE"),
        ("milestone-reached", "crisisctl fact NAME TIME"),
        ("severity-changed", "crisisctl severity LEVEL"),
        ("message-sent", "crisisctl message correct"),
        ("action-added", "crisisctl action change 1"),
        ("incident-declared", "crisisctl note"),
    ],
)
def test_what_is_put_right_otherwise_says_how(
    crisis: Crisis, told: str, kind: str, hint: str
) -> None:
    rows = data(crisis, "timeline")["timeline"]
    seq = str(min(row["seq"] for row in rows if row["kind"] == kind))

    ran = crisis("correct", seq, "--text", "x", "--because", "y")

    assert (ran.exit, ran.stdout) == (2, "")
    assert f"event {seq} cannot be corrected" in ran.stderr
    assert hint in ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--text", "x"), "a correction needs a reason"),
        (("--because", "x"), "nothing is corrected"),
        (("--withdrawn", "--text", "x", "--because", "y"), "leave --at and --text out"),
        (("--at", "2031-01-01T10:00Z", "--because", "y"), "that moment is still to come"),
        (("--at", "yesterday-ish", "--because", "y"), "is not a time"),
    ],
)
def test_a_correction_that_says_nothing_sensible_is_refused(
    crisis: Crisis, told: str, words: tuple[str, ...], said: str
) -> None:
    seq = number(crisis, "The first alarm came")

    ran = crisis("correct", seq, *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert line(crisis, seq)["corrected"] is None


def test_from_a_decision_others_followed_so_only_its_words_change(
    crisis: Crisis, told: str
) -> None:
    seq = number(crisis, "Decided: Take orders by phone")

    refused = crisis("correct", seq, "--withdrawn", "--because", "x")
    crisis("correct", seq, "--text", "Decided: by phone, from 20:30", "--because", "The chat")

    assert refused.exit == 2
    assert "cannot be withdrawn" in refused.stderr
    assert line(crisis, seq)["text"] == "Decided: by phone, from 20:30"


def test_there_is_no_event_of_that_number(crisis: Crisis, told: str) -> None:
    ran = crisis("correct", "9999", "--text", "x", "--because", "y")

    assert ran.exit == 2
    assert f"there is no event 9999 in {told}" in ran.stderr


# Causes


def test_a_cause_is_kept_with_its_class_and_its_whys(crisis: Crisis, told: str) -> None:
    ran = crisis(
        *("cause", "The import ran with an empty cart", "--class", "deployment"),
        *("--why", "No test covers a full cart", "--why", "Test data is made by hand"),
    )

    assert (ran.exit, ran.stdout, ran.stderr) == (0, "", f"✓ cause 1 ({told})\n")
    [cause] = data(crisis, "review")["causes"]
    assert (cause["text"], cause["class"]) == ("The import ran with an empty cart", "deployment")
    assert cause["whys"] == ["No test covers a full cart", "Test data is made by hand"]


def test_a_class_that_no_playbook_knows_is_refused_with_the_nearest(
    crisis: Crisis, told: str
) -> None:
    ran = crisis("cause", "x", "--class", "deploiment")

    assert ran.exit == 2
    assert 'did you mean "deployment"?' in ran.stderr
    assert data(crisis, "review")["causes"] == []


def test_six_whys_are_one_too_many(crisis: Crisis, told: str) -> None:
    ran = crisis("cause", "x", *[word for n in range(6) for word in ("--why", str(n))])

    assert (ran.exit, "5 at most" in ran.stderr) == (2, True)


def test_where_nobody_is_asked_blame_is_a_warning_on_stderr(crisis: Crisis, told: str) -> None:
    ran = crisis("cause", "The engineer should have checked")

    assert ran.exit == 0
    assert 'Look again: "should have checked"' in " ".join(ran.stderr.split())
    assert len(data(crisis, "review")["causes"]) == 1


def test_a_person_of_the_incident_is_warned_of_by_name(crisis: Crisis, told: str) -> None:
    ran = crisis("cause", "The import of jo was empty")

    assert '"jo" names a person' in ran.stderr


def test_a_lesson_is_weighed_and_a_note_of_the_night_is_not(crisis: Crisis, told: str) -> None:
    lesson = crisis("note", "They were careless", "--topic", "went-badly")
    note = crisis("note", "They were careless")

    assert '"careless" judges a person' in " ".join(lesson.stderr.split())
    assert note.stderr == f"✓ noted ({told})\n"


# How far it is


def test_a_post_mortem_goes_from_draft_to_review_to_reviewed_by_another(
    crisis: Crisis, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crisis("cause", "The tests used an empty cart")
    handed_in = crisis("review", "--to", "in-review", "--timeline-read")
    alone = crisis("review", "--to", "reviewed")
    monkeypatch.setenv("CRISISCTL_OPERATOR", "li")
    reviewed = crisis("review", "--to", "reviewed")

    assert handed_in.stderr == (
        f"✓ the timeline was read over ({told})\n✓ post-mortem in review ({told})\n"
    )
    assert alone.exit == 1
    assert "another person than ana, who handed it in, must read it" in alone.stderr
    assert (reviewed.exit, reviewed.stderr) == (0, f"✓ post-mortem reviewed ({told})\n")
    found = data(crisis, "review")
    assert found["post_mortem"] == "reviewed"
    assert [(row["state"], row["by"]) for row in found["states"]] == [
        ("in-review", "ana"),
        ("reviewed", "li"),
    ]


def test_what_is_missing_is_named_and_a_reason_overrules_it(crisis: Crisis) -> None:
    crisis("start", "outage", "--no-input")

    refused = crisis("review", "--to", "reviewed")
    let = crisis("review", "--to", "reviewed", "--because", "There is nothing more to learn")

    assert (refused.exit, refused.stdout) == (1, "")
    for what in ("it is not resolved", "of the timeline not read", "no contributing cause"):
        assert what in refused.stderr
    assert "no lesson" in refused.stderr
    assert let.exit == 0
    assert data(crisis, "review")["states"][-1]["because"] == "There is nothing more to learn"


def test_going_back_needs_a_reason(crisis: Crisis, told: str) -> None:
    crisis("review", "--to", "in-review")

    refused = crisis("review", "--to", "draft")
    back = crisis("review", "--to", "draft", "--because", "Support was not asked")

    assert (refused.exit, back.exit) == (2, 0)
    assert "needs a reason" in refused.stderr
    assert data(crisis, "review")["post_mortem"] == "draft"


def test_an_item_without_owner_or_day_is_missing(crisis: Crisis, told: str) -> None:
    crisis("action", "add", "Rehearse the rollback")

    assert "action item 2 has no owner and no due date" in data(crisis, "review")["missing"]


def test_a_line_is_read_over_once(crisis: Crisis, told: str) -> None:
    before = data(crisis, "review")["timeline"]

    crisis("review", "--timeline-read")
    again = crisis("review", "--timeline-read")
    crisis("note", "A thing we heard later", "--at", "2025-01-31T20:07+01:00")

    assert len(before["unread"]) == before["lines"] > 20
    assert again.stderr == f"✓ it was read already ({told})\n"
    assert len(data(crisis, "review")["timeline"]["unread"]) == 1


def test_without_a_terminal_review_shows_what_is_there(crisis: Crisis, told: str) -> None:
    ran = crisis("review")

    assert (ran.exit, ran.stderr) == (0, "")
    assert "post-mortem: draft, due by 2025-02-03 23:59 CET (UTC+1) (overdue by" in ran.stdout
    assert "missing: nobody has handed it in for review" in ran.stdout


# The day it is due


def due_of(incident: Incident, *, now: datetime) -> Due | None:
    return next((due for due in deadlines(incident, now=now) if due.kind == "review"), None)


def at_severity(severity: Any, *happened: Any) -> Incident:
    plan = a_plan(a_step())
    return an_incident((0.0, ev.SeverityChanged(severity, "x")), RESOLVED, *happened, plan=plan)


@pytest.mark.parametrize(
    ("severity", "day"),
    [
        ("sev1", datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)),  # Friday and three days
        ("sev2", datetime(2026, 12, 4, 22, 59, 59, tzinfo=UTC)),  # five working days
        ("sev3", datetime(2026, 12, 11, 22, 59, 59, tzinfo=UTC)),  # ten
    ],
)
def test_each_severity_has_its_day_counted_from_when_it_was_resolved(
    severity: str, day: datetime
) -> None:
    due = due_of(at_severity(severity), now=minute(100))

    assert due is not None
    assert (due.due, due.state, due.name) == (day, "due", "post-mortem-review")
    late = due_of(at_severity(severity), now=day + timedelta(minutes=1))
    assert late is not None
    assert late.state == "overdue"


def test_a_sev4_a_drill_and_what_is_not_resolved_have_no_day() -> None:
    plan = a_plan(a_step())
    drill = an_incident((0.0, ev.SeverityChanged("sev1", "x")), RESOLVED, plan=plan, drill=True)

    assert due_of(at_severity("sev4"), now=minute(100)) is None
    assert due_of(drill, now=minute(100)) is None
    assert due_of(an_incident(plan=plan), now=minute(100)) is None


def test_the_worst_severity_counts_after_it_was_lowered() -> None:
    incident = at_severity("sev1", (30.0, ev.SeverityChanged("sev4", "mitigated")))

    assert worst(incident) == "sev1"
    assert review_clock(incident) is not None


def test_it_is_met_by_the_review_and_open_again_when_that_is_taken_back() -> None:
    reviewed = (1500.0, ev.PostMortemMoved("reviewed"))
    back = (1600.0, ev.PostMortemMoved("draft", "x"))

    met = due_of(at_severity("sev1", reviewed), now=minute(2000))
    opened = due_of(at_severity("sev1", reviewed, back), now=minute(2000))
    missed = due_of(at_severity("sev1", (9000.0, reviewed[1])), now=minute(9999))

    assert met is not None
    assert (met.state, met.met_at) == ("met", minute(1500))
    assert opened is not None
    assert opened.state == "due"
    assert missed is not None
    assert missed.state == "missed"


def test_reopening_stops_the_clock() -> None:
    again = at_severity("sev1", (100.0, ev.IncidentReopened("It broke again")))

    assert due_of(again, now=minute(200)) is None


def test_closing_without_a_review_waives_it_in_words() -> None:
    due = due_of(at_severity("sev3", (100.0, ev.IncidentClosed())), now=minute(99999))

    assert due is not None
    assert (due.state, due.because) == ("waived", "closed without a review")


def test_a_workspace_may_count_by_the_holidays_of_its_country() -> None:
    easter = datetime(2025, 4, 17, 10, tzinfo=UTC)  # the Thursday before
    days = {"sev1": Within(business_days=2, holidays="FR"), "sev2": Within()}
    counted = Incident("x", time_zone="Europe/Paris", review_within=days)
    counted.severities.append((easter, "sev1", "x"))
    counted.milestones["resolved"] = easter

    clock = review_clock(counted)

    assert clock is not None
    assert clock.due == datetime(2025, 4, 22, 21, 59, 59, tzinfo=UTC)  # Friday, Tuesday
    counted.severities = [(easter, "sev2", "x")]
    assert review_clock(counted) is None


def test_the_days_of_a_workspace_are_kept_when_the_incident_is_declared(
    crisis: Crisis, folder: Path
) -> None:
    small(folder, settings="locales: [en, fr]\npost_mortem: {within: {sev1: {days: 9}}}")
    crisis("start", "small", "--no-input", "--at", "2025-04-17T10:00+02:00")
    (folder / "crisisctl.yaml").write_text("locales: [en, fr]\n", encoding="utf-8")

    found = _journal(folder)

    assert found.review_within == {"sev1": Within(days=9)}


def _journal(folder: Path) -> Incident:
    from crisisctl.incident.store import load
    from crisisctl.journal import Journal

    with Journal.open(folder / "home/journal.db") as journal:
        return load(journal, journal.heads()[0].incident)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"within": {"sev9": {"days": 3}}}, "post_mortem"),
        ({"within": {"sev1": {"days": 0}}}, "write 1 to 366"),
        ({"within": {"sev1": {"days": 3, "hours": 4}}}, "which of them?"),
        ({"within": {"sev1": {"business_days": 3, "holidays": "XX"}}}, "are not known"),
        ({"whithin": {}}, "post_mortem"),
        ("soon", "post_mortem"),
    ],
)
def test_days_that_cannot_be_counted_are_an_error_in_one_line(setting: object, said: str) -> None:
    with pytest.raises(CrisisError) as raised:
        review_within(setting)

    assert said in raised.value.message
    assert "crisisctl.yaml, post_mortem" in raised.value.message


def test_the_day_stands_in_deadlines_status_and_calendar(crisis: Crisis, told: str) -> None:
    rows = data(crisis, "deadlines")["deadlines"]

    review = next(row for row in rows if row["kind"] == "review")
    assert (review["state"], review["due"]) == ("overdue", "2025-02-03T23:59:59+01:00")
    assert crisis("deadlines").exit == 1
    shown = crisis("status").stdout
    assert "Review the post-mortem" in shown
    assert f"next      crisisctl review {told}" in shown
    crisis("deadlines", "--ics", "due.ics")
    assert f"review-post-mortem-review-1@{told}" in Path("due.ics").read_text("utf-8").replace(
        "\r\n ", ""
    )


# Closing


def test_a_sev1_without_a_review_is_closed_only_with_a_reason(crisis: Crisis, told: str) -> None:
    refused = crisis("close")
    closed = crisis("close", "--because", "The supplier's own report says it all")

    assert (refused.exit, refused.stdout) == (1, "")
    assert f"the post-mortem of {told} was not reviewed, and it was a sev1" in refused.stderr
    assert closed.exit == 0
    assert "Its post-mortem was not reviewed" in closed.stderr
    assert crisis("deadlines", told).exit == 0


def test_a_waived_review_is_reason_enough_to_close(crisis: Crisis, told: str) -> None:
    crisis("waive", "post-mortem-review", "--because", "Nobody is left who was there")

    assert crisis("close").exit == 0
    assert "| waived: Nobody is left who was there |" in crisis("report", told).stdout


def test_a_reviewed_one_is_closed_without_more_words(
    crisis: Crisis, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crisis("review", "--to", "in-review", "--timeline-read")
    monkeypatch.setenv("CRISISCTL_OPERATOR", "li")
    crisis("review", "--to", "reviewed")

    ran = crisis("close")

    assert ran.exit == 0
    assert "not reviewed" not in ran.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("correct", "1", "--text", "x", "--because", "y"),
        ("cause", "x"),
        ("review", "--to", "draft", "--because", "x"),
    ],
)
def test_nothing_is_put_right_in_a_closed_incident(
    crisis: Crisis, told: str, words: tuple[str, ...]
) -> None:
    crisis("close", "--because", "x")

    ran = crisis(*words, "--incident", told)

    assert ran.exit == 1
    assert "is closed" in ran.stderr
    assert crisis("review", told).exit == 0


# Answers files


ANSWERED = """\
causes:
  - text: The tests used an empty cart
    class: deployment
    whys: [No test data]
    at: "2025-02-03T15:00+01:00"
review: {to: reviewed, by: li, at: "2025-02-03T16:00+01:00"}
actions:
  - {title: Test a full cart, owner: jo, due: "2025-03-01", type: detect, link: "https://issues.example/7"}
  - {title: Buy a second shop, declined: It costs more than the outage}
"""


def test_an_answers_file_goes_on_to_the_review(crisis: Crisis, folder: Path) -> None:
    text = STORY[: STORY.index("review:")] + ANSWERED
    ran = crisis("start", "outage", "--answers", str(write(folder / "s.yaml", text)))
    crisis("resume", "--answers", "s.yaml", "--no-input")

    assert ran.exit == 0, ran.stderr
    found = data(crisis, "review")
    assert (found["post_mortem"], found["due"]["state"]) == ("reviewed", "met")
    assert [(s["state"], s["by"], s["because"]) for s in found["states"]] == [
        ("in-review", "ana", None),
        ("reviewed", "li", None),
    ]
    assert [(c["class"], c["whys"], c["at"][:10]) for c in found["causes"]] == [
        ("deployment", ["No test data"], "2025-02-03")
    ]
    assert [(a["type"], a["status"]) for a in found["actions"]] == [
        ("detect", "open"),
        (None, "declined"),
    ]


def test_one_word_for_the_review_says_in_the_record_that_a_file_said_so(
    crisis: Crisis, folder: Path
) -> None:
    text = STORY[: STORY.index("review:")] + "review: reviewed\n"
    crisis("start", "outage", "--answers", str(write(folder / "s.yaml", text)))

    last = data(crisis, "review")["states"][-1]
    assert (last["state"], last["because"]) == ("reviewed", "said so in an answers file")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("review: accepted\n", "accepted"),
        ("causes: [{text: x, whys: [a, b, c, d, e, f]}]\n", "6 whys: 5 at most"),
        ("causes: [{class: deployment}]\n", "text"),
        ("actions: [{title: x, type: hope}]\n", "hope"),
    ],
)
def test_an_answers_file_that_is_wrong_says_where(
    crisis: Crisis, folder: Path, text: str, said: str
) -> None:
    ran = crisis("start", "outage", "--answers", str(write(folder / "s.yaml", text)))

    assert (ran.exit, ran.stdout) == (2, "")
    assert "s.yaml:1:" in ran.stderr
    assert said in ran.stderr


# Need to know


def test_outside_the_circle_nothing_of_a_review_is_seen(
    crisis: Crisis, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crisis("restrict", "--to", "ana,li", "--because", "Personal data")
    monkeypatch.setenv("CRISISCTL_OPERATOR", "max")

    for words in (("review",), ("review", "--json"), ("cause", "x"), ("correct", "1")):
        ran = crisis(*words)
        assert (ran.exit, ran.stdout) == (2, "")
        assert "is restricted to ana, li" in ran.stderr
