"""The week's letter: anniversaries, what is overdue, what was not rehearsed, each on its day."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from makers import minute
from pasts import a_past, past_entries, written

from crisisctl.incident import events as ev
from crisisctl.learning.digest import Digest, digest
from crisisctl.learning.figures import Figures, figures

NOW = datetime(2026, 12, 27, 12, tzinfo=UTC)  # a month after the incidents of the makers


def known(*happened: Any, **changes: Any) -> Figures:
    return figures(a_past(*happened, **changes), now=NOW)


TODAY = NOW.date()


def of(*every: Figures, today: date = TODAY, **drilled: date | None) -> Digest:
    return digest(every, drilled, now=NOW, today=today)


@pytest.mark.parametrize(
    ("today", "ago"),
    [
        ("2026-12-26", []),
        ("2026-12-27", ["a month ago"]),
        ("2027-01-02", ["a month ago"]),
        ("2027-01-03", []),
        ("2027-11-27", ["a year ago"]),
        ("2029-12-01", ["3 years ago"]),
    ],
)
def test_an_anniversary_is_told_in_the_seven_days_from_its_day_on(
    today: str, ago: list[str]
) -> None:
    found = of(known(), today=date.fromisoformat(today)).anniversaries

    assert [each.ago for each in found] == ago


def test_every_anniversary_is_told_once_by_a_weekly_letter() -> None:
    weeks = [date(2026, 12, 1) + timedelta(days=7 * n) for n in range(60)]

    told = [each.ago for today in weeks for each in of(known(), today=today).anniversaries]

    assert told == ["a month ago", "a year ago"]


def test_a_month_after_the_last_of_january_is_the_last_of_february() -> None:
    january = known(days=65)  # 2027-01-31

    assert january.day == "2027-01-31"
    assert of(january, today=date(2027, 2, 28)).anniversaries


def resolved(severity: Any, *more: ev.Event, at: float = 60) -> Figures:
    changed = ev.SeverityChanged(severity, "x")
    return known(changed, ev.MilestoneReached("resolved", minute(at)), *more)


@pytest.mark.parametrize(
    ("severity", "due"),
    # resolved on Friday 2026-11-27
    [("sev1", "2026-11-30"), ("sev2", "2026-12-04"), ("sev3", "2026-12-11"), ("sev4", None)],
)
def test_a_review_is_due_by_the_severity(severity: str, due: str | None) -> None:
    found = resolved(severity).review_due

    assert (found.isoformat() if found else None) == due


@pytest.mark.parametrize("end", [ev.PostMortemMoved("reviewed"), ev.IncidentClosed()])
def test_a_review_that_is_done_is_not_late(end: ev.Event) -> None:
    assert [each.incident for each in of(resolved("sev1")).late_reviews] == ["outage-1"]
    assert of(resolved("sev1", end)).late_reviews == []


def test_a_promise_that_is_open_after_the_end_is_told_and_a_late_one_is_overdue() -> None:
    def promise(due: datetime) -> ev.PromiseMade:
        return ev.PromiseMade("report", "Publish the report", due, "report", "holding")

    late, still = promise(minute(90)), promise(NOW + timedelta(days=1))

    assert of(known(late)).promises == []  # the crisis goes on: `deadlines` says it
    assert not of(resolved("sev4", still)).overdue
    assert of(resolved("sev4", late)).overdue


def test_a_playbook_is_due_for_a_drill_after_half_a_year() -> None:
    found = of(outage=NOW.date() - timedelta(days=181), breach=NOW.date(), wave=None)

    assert [each.playbook for each in found.unrehearsed] == ["outage", "wave"]
    assert not found.overdue


# The command


def an_outage(folder: Path, *happened: Any, id: str = "outage-1", **changes: Any) -> str:
    return written(folder / "home", id, past_entries(*happened, **changes))


def drilled(crisis: Crisis) -> None:
    for name in ("outage", "breach", "review-wave"):
        crisis("start", name, "--drill", "--no-input")


def test_an_empty_letter_is_one_line(crisis: Crisis, folder: Path) -> None:
    drilled(crisis)

    assert crisis("digest") == (0, "Nothing to look at this week: nothing is overdue.\n", "")


def test_playbooks_that_nobody_rehearsed_are_no_reason_to_fail(crisis: Crisis) -> None:
    ran = crisis("digest")

    assert ran.exit == 0
    assert "outage: never" in ran.stdout


LATE = (
    ev.ActionAdded(1, "Test restores every month", "jo", "2020-01-31"),
    ev.ActionAdded(2, "Alert on old backups", "", "2020-01-31"),
    ev.ActionDone(2, "It rings"),
)


def test_an_overdue_action_item_is_named_with_its_owner_and_fails(
    crisis: Crisis, folder: Path
) -> None:
    drilled(crisis)
    an_outage(folder, *LATE)

    ran = crisis("digest")

    assert ran.exit == 1
    assert "Test restores every month (jo, due 2020-01-31; outage-1, no. 1)" in " ".join(
        ran.stdout.split()
    )
    assert "Alert on old backups" not in ran.stdout


def test_an_anniversary_tells_what_became_of_its_action_items(crisis: Crisis, folder: Path) -> None:
    day = datetime.now(UTC) - timedelta(days=2)
    last_year = day.replace(year=day.year - 1, day=min(day.day, 28))
    days = (last_year - minute(0)).days
    an_outage(folder, *LATE, days=days, title="The long night")

    ran = crisis("digest")
    [found] = json.loads(crisis("digest", "--json").stdout)["anniversaries"]

    assert "a year ago: The long night (outage-1)" in ran.stdout
    assert "Test restores every month: NOT DONE, was due 2020-01-31" in ran.stdout
    assert "Alert on old backups: done, It rings" in ran.stdout
    assert [row["overdue"] for row in found["actions"]] == [True, False]


def test_of_a_restricted_incident_only_its_circle_reads_words(
    crisis: Crisis, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = ev.MilestoneReached("resolved", minute(60))
    secret = ev.AccessRestricted(("ana", "li"), "x")
    an_outage(
        folder, *LATE, ev.SeverityChanged("sev1", "x"), over, secret, days=-100, title="The leak"
    )

    mine = crisis("digest").stdout
    monkeypatch.setenv("CRISISCTL_OPERATOR", "jo")
    theirs, data = crisis("digest"), crisis("digest", "--json")

    assert "Test restores" in mine
    assert "The leak" in mine
    assert theirs.exit == 1
    assert "Restricted (outage-1)" in theirs.stdout
    for word in ("leak", "restores", "backups"):
        assert word not in f"{theirs.stdout}{data.stdout}"


def test_the_letter_as_json_has_these_keys(crisis: Crisis, folder: Path) -> None:
    promise = ev.PromiseMade("report", "Publish", minute(90), "report", "holding")
    over = ev.MilestoneReached("resolved", minute(60))
    an_outage(folder, *LATE, ev.SeverityChanged("sev1", "x"), promise, over, days=-100)

    ran = crisis("digest", "--json")
    found = json.loads(ran.stdout)

    assert ran.exit == 1
    assert list(found) == [
        *("schema", "today", "overdue", "late_actions", "late_reviews", "promises"),
        *("anniversaries", "unrehearsed"),
    ]
    assert found["promises"][0]["promises"][0]["state"] == "overdue"
    assert found["late_reviews"][0]["due_day"] == "2026-08-22"
