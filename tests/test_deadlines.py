"""What must be said by when: computed from what happened, judged at a moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makers import BEGAN, Happened, a_playbook, a_sent, an_incident, minute

from crisisctl.deadlines.owed import Due, deadlines, next_update_at, pressing
from crisisctl.incident import events as ev
from crisisctl.playbook.model import Deadline, Playbook

RESOLVED = ev.MilestoneReached("resolved", minute(60))


def severity(level: str) -> ev.SeverityChanged:
    return ev.SeverityChanged(level, "judged")  # type: ignore[arg-type]


def a_plan_with(**rule: object) -> Playbook:
    """A playbook with one clock of its own."""
    fields = {"from_": "declared", "within": {"sev1": "10m"}, "met_by": "holding", **rule}
    return a_playbook(deadlines={"one": Deadline(**fields)})  # type: ignore[arg-type]


def the_due(
    name: str, *happened: Happened, now: float, plan: Playbook | None = None
) -> list[tuple[str, float, float | None]]:
    """State, due minute and minute of meeting of every deadline of that name."""
    found = deadlines(an_incident(*happened, plan=plan), now=minute(now))
    return [
        (due.state, _minutes(due, "due"), _minutes(due, "met_at"))  # type: ignore[misc]
        for due in found
        if due.name == name
    ]


def _minutes(due: Due, field: str) -> float | None:
    at = getattr(due, field)
    return (at - BEGAN) / timedelta(minutes=1) if at is not None else None


# The first word


def test_the_first_word_is_due_after_the_declaration_as_the_severity_says() -> None:
    assert the_due("first-word", severity("sev1"), now=1) == [("due", 10, None)]
    assert the_due("first-word", severity("sev2"), now=1) == [("due", 30, None)]
    assert the_due("first-word", severity("sev3"), now=1) == [("due", 120, None)]


def test_a_severity_without_a_deadline_has_none() -> None:
    assert the_due("first-word", severity("sev4"), now=500) == []


def test_a_severity_that_nobody_judged_yet_counts_as_the_worst() -> None:
    assert the_due("first-word", now=1) == [("due", 10, None)]


@pytest.mark.parametrize(
    ("now", "state"), [(0, "due"), (9.99, "due"), (10, "due"), (10.01, "overdue"), (500, "overdue")]
)
def test_a_deadline_is_overdue_once_its_moment_has_passed(now: float, state: str) -> None:
    assert the_due("first-word", now=now) == [(state, 10, None)]


@pytest.mark.parametrize(("sent", "state"), [(4, "met"), (10, "met"), (10.5, "missed")])
def test_a_deadline_is_met_or_missed_by_when_its_message_went_out(sent: float, state: str) -> None:
    assert the_due("first-word", (sent, a_sent("holding")), now=500) == [(state, 10, sent)]


def test_only_its_own_message_meets_it() -> None:
    assert the_due("first-word", (4, a_sent("update")), now=5) == [("due", 10, None)]


def test_the_earliest_message_counts_even_when_it_was_written_down_last() -> None:
    late, told_later = (40, a_sent("holding")), (6, 55, a_sent("holding"))

    assert the_due("first-word", late, told_later, now=60) == [("met", 10, 6)]


def test_raising_the_severity_brings_the_deadline_forward() -> None:
    calm = severity("sev3")

    assert the_due("first-word", calm, now=60) == [("due", 120, None)]
    assert the_due("first-word", calm, (60, severity("sev1")), now=60) == [("overdue", 10, None)]


def test_raising_the_severity_does_not_spoil_what_was_met() -> None:
    story = (severity("sev2"), (25, a_sent("holding")), (40, severity("sev1")))

    assert the_due("first-word", *story, now=50) == [("met", 30, 25)]


def test_a_deadline_runs_from_its_own_milestone() -> None:
    plan = a_plan_with(from_="detected")
    detected = (5, ev.MilestoneReached("detected", minute(-3)))

    assert the_due("one", plan=plan, now=100) == []
    assert the_due("one", detected, plan=plan, now=1) == [("due", 7, None)]


def test_a_deadline_ends_with_its_last_milestone() -> None:
    plan = a_plan_with(from_="declared", within={"sev1": "3h"}, until="resolved")

    assert the_due("one", RESOLVED, plan=plan, now=500) == [("met", 180, 60)]
    assert the_due("one", RESOLVED, (90, a_sent()), plan=plan, now=500) == [("met", 180, 60)]
    assert the_due("one", (20, a_sent()), RESOLVED, plan=plan, now=500) == [("met", 180, 20)]


# The rhythm of updates


def test_no_update_is_owed_before_the_first_message() -> None:
    assert the_due("next-update", severity("sev1"), now=500) == []


@pytest.mark.parametrize(("level", "due"), [("sev1", 28), ("sev2", 38), ("sev3", 128)])
def test_the_next_update_is_due_after_the_last_message_as_the_severity_says(
    level: str, due: float
) -> None:
    story = (severity(level), (8, a_sent("holding")))

    assert the_due("next-update", *story, now=9) == [("due", due, None)]


def test_every_message_starts_the_clock_anew() -> None:
    story = ((8, a_sent("holding")), (26, a_sent("update")), (50, a_sent("update")))

    assert the_due("next-update", *story, now=80) == [
        ("met", 28, 26),
        ("missed", 46, 50),
        ("overdue", 70, None),
    ]


def test_any_message_to_customers_is_an_update() -> None:
    story = ((8, a_sent("holding")), (26, a_sent("report")))

    assert the_due("next-update", *story, now=30)[0] == ("met", 28, 26)


def test_messages_to_staff_neither_start_nor_stop_the_clock() -> None:
    brief = a_sent("brief", to="staff")

    assert the_due("next-update", (8, brief), now=9) == []
    assert the_due("next-update", (8, a_sent()), (20, brief), now=25) == [("due", 28, None)]


def test_the_time_that_a_message_promised_wins_over_the_severity() -> None:
    story = ((8, a_sent("holding", next_update=minute(45))),)

    assert the_due("next-update", *story, now=40) == [("due", 45, None)]


def test_a_promised_time_stands_when_the_severity_is_raised_meanwhile() -> None:
    promised = (8, a_sent("holding", next_update=minute(45)))

    assert the_due("next-update", promised, (10, severity("sev1")), now=40) == [("due", 45, None)]


def test_the_severity_at_the_time_of_the_message_sets_the_rhythm() -> None:
    story = ((1, severity("sev3")), (8, a_sent("holding")), (20, severity("sev1")))

    assert the_due("next-update", *story, now=21) == [("due", 128, None)]


def test_a_severity_without_a_rhythm_owes_only_what_a_message_promised() -> None:
    calm = severity("sev4")

    assert the_due("next-update", calm, (8, a_sent()), now=500) == []
    assert the_due("next-update", calm, (8, a_sent(next_update=minute(90))), now=10) == [
        ("due", 90, None)
    ]


def test_the_clock_stops_when_it_is_resolved() -> None:
    story = ((8, a_sent("holding")), (26, a_sent("update")), (60, RESOLVED), (75, a_sent("report")))

    assert the_due("next-update", *story, now=500) == [("met", 28, 26), ("missed", 46, 60)]


def test_a_resolution_in_time_is_as_good_as_an_update() -> None:
    story = ((8, a_sent("holding")), (50, a_sent("update")), (60, RESOLVED))

    assert the_due("next-update", *story, now=500)[-1] == ("met", 70, 60)


def test_an_update_written_down_late_counts_for_when_it_went_out() -> None:
    story = ((8, a_sent("holding")), (50, a_sent("update")), (27, 55, a_sent("update")))

    assert the_due("next-update", *story, now=56) == [
        ("met", 28, 27),
        ("missed", 47, 50),
        ("due", 70, None),
    ]


# Promises


def promise(due: float, name: str = "report_by") -> ev.PromiseMade:
    return ev.PromiseMade(name, "Publish the report", minute(due), "report", "resolved")


def test_a_promise_is_open_until_its_message_goes_out() -> None:
    made = (60, promise(900))

    assert the_due("report_by", made, now=61) == [("due", 900, None)]
    assert the_due("report_by", made, now=901) == [("overdue", 900, None)]


@pytest.mark.parametrize(("sent", "state"), [(800, "met"), (900, "met"), (901, "missed")])
def test_a_promise_is_kept_or_missed(sent: float, state: str) -> None:
    story = ((60, promise(900)), (sent, a_sent("report")))

    assert the_due("report_by", *story, now=2000) == [(state, 900, sent)]


def test_what_went_out_before_the_promise_does_not_keep_it() -> None:
    story = ((50, a_sent("report")), (60, promise(900)))

    assert the_due("report_by", *story, now=100) == [("due", 900, None)]


def test_a_promise_moved_in_good_time_is_only_owed_at_its_new_time() -> None:
    story = ((60, promise(900)), (850, promise(1500)))

    assert the_due("report_by", *story, now=1000) == [("due", 1500, None)]
    assert the_due("report_by", *story, (1400, a_sent("report")), now=2000) == [("met", 1500, 1400)]


def test_a_promise_moved_too_late_was_missed() -> None:
    story = ((60, promise(900)), (950, promise(1500)), (1400, a_sent("report")))

    assert the_due("report_by", *story, now=2000) == [
        ("missed", 900, 1400),
        ("met", 1500, 1400),
    ]


def test_another_promise_moves_nothing() -> None:
    story = ((60, promise(900)), (61, promise(800, "refund_by")))

    assert the_due("report_by", *story, now=62) == [("due", 900, None)]


# Waived, listed, pressing


def test_a_waived_deadline_is_not_open_any_more_and_says_why() -> None:
    waiver = (12, ev.DeadlineWaived("first-word", minute(10), "nobody noticed"))
    (due,) = [d for d in deadlines(an_incident(waiver), now=minute(20)) if d.name == "first-word"]

    assert (due.state, due.because, due.open) == ("waived", "nobody noticed", False)


def test_a_waiver_is_for_one_time_only() -> None:
    waiver = (40, ev.DeadlineWaived("next-update", minute(28), "no news"))
    story = ((8, a_sent("holding")), (26, a_sent("update")))

    assert the_due("next-update", *story, waiver, now=41)[-1] == ("due", 46, None)


def test_what_was_met_after_all_is_not_waived() -> None:
    waiver = (5, ev.DeadlineWaived("first-word", minute(10), "too early to say"))

    assert the_due("first-word", waiver, (9, a_sent()), now=20) == [("met", 10, 9)]


def test_deadlines_come_in_the_order_they_are_due() -> None:
    story = ((8, a_sent("holding")), (9, promise(12)), (26, a_sent("update")))
    found = deadlines(an_incident(*story), now=minute(27))

    assert [due.name for due in found] == ["first-word", "report_by", "next-update", "next-update"]
    assert [due.kind for due in found] == ["deadline", "promise", "deadline", "deadline"]
    assert [due.title for due in found] == [
        "First word",
        "Publish the report",
        "Next update",
        "Next update",
    ]


def test_a_deadline_without_a_title_is_called_by_its_name() -> None:
    plan = a_playbook(
        deadlines={
            "first-word": Deadline(from_="declared", within={"sev1": "1h"}, met_by="holding")
        }
    )
    (due,) = deadlines(an_incident(plan=plan), now=BEGAN)

    assert (due.title, due.message, due.playbook) == ("first word", "holding", "outage")


def test_two_playbooks_have_their_own_deadlines() -> None:
    rule = Deadline(from_="declared", within={"sev1": "1h"}, met_by="holding")
    breach = a_playbook(playbook="breach", deadlines={"first-word": rule})
    incident = an_incident(ev.PlaybookAdded("breach", "text", breach))

    found = [(d.playbook, d.due) for d in deadlines(incident, now=BEGAN) if d.name == "first-word"]

    assert found == [("outage", minute(10)), ("breach", minute(60))]


def test_the_pressing_one_is_the_open_one_that_is_due_first() -> None:
    story = ((8, a_sent("holding")), (9, promise(900)))
    waiver = (30, ev.DeadlineWaived("next-update", minute(28), "no news"))

    first = pressing(an_incident(*story), now=minute(9))
    second = pressing(an_incident(*story, waiver), now=minute(31))

    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("next-update", "report_by")
    assert pressing(an_incident(severity("sev4")), now=minute(1)) is None


# The time that a message must promise


def promised(*happened: Happened, now: float, to: str = "customers") -> float | None:
    at = next_update_at(an_incident(*happened), now=minute(now), to=to)
    return (at - BEGAN) / timedelta(minutes=1) if at is not None else None


def test_a_message_promises_the_next_one_at_a_round_time_within_what_the_severity_leaves() -> None:
    assert promised(severity("sev1"), now=0) == 20
    assert promised(severity("sev1"), now=4.5) == 20
    assert promised(severity("sev2"), now=4.5) == 30
    assert promised(severity("sev3"), now=1) == 120
    assert promised(now=7) == 25


def test_a_promised_time_is_not_rounded_to_less_than_half_of_what_is_left() -> None:
    rules = {"next": Deadline(from_="last-message", within={"sev1": "6m"}, met_by="update")}
    incident = an_incident(plan=a_playbook(deadlines=rules))

    at = next_update_at(incident, now=minute(3 + 1 / 3), to="customers")

    assert at == minute(9)


@given(now=st.integers(0, 86400), within=st.integers(2, 600))
def test_a_promised_time_is_early_enough_and_leaves_time_to_write(now: int, within: int) -> None:
    rules = {"n": Deadline(from_="last-message", within={"sev1": f"{within}m"}, met_by="update")}
    incident = an_incident(plan=a_playbook(deadlines=rules))

    at = next_update_at(incident, now=minute(now / 60), to="customers")

    assert at is not None
    left = at - minute(now / 60)
    assert timedelta(minutes=within) / 2 <= left <= timedelta(minutes=within)
    assert at.second == 0


def test_nothing_is_promised_once_it_is_resolved_or_without_a_rhythm_or_to_staff() -> None:
    assert promised((60, RESOLVED), now=61) is None
    assert promised(severity("sev4"), now=1) is None
    assert promised(now=1, to="staff") is None
    assert promised(now=1, to="press") is None
