"""Deadlines as a calendar: what a phone reads is what is due, with alarms, and text stays text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis, Ran
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from makers import BEGAN, Happened, a_playbook, a_sent, an_incident, minute, the_entries
from regulated import a_breach, a_regulated, fact, kept

from crisisctl.deadlines.owed import deadlines
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, fold
from crisisctl.playbook.model import Deadline
from crisisctl.report.calendar import calendar

AWARE = "2026-11-27T17:00:00Z"
SEV1 = ev.SeverityChanged("sev1", "judged")


def read(incident: Incident, *, now: datetime = BEGAN) -> list[Any]:
    """Its calendar's events, as another program reads them."""
    written = calendar(incident, deadlines(incident, now=now), now=now)
    return list(Calendar.from_ical(written).walk("VEVENT"))


def uids(events: Sequence[Any]) -> list[str]:
    return [str(event["uid"]) for event in events]


def a_leak(*happened: Happened, countries: Sequence[str] = ("FR", "ES"), **told: Any) -> Incident:
    facts = [fact("aware_at", AWARE), fact("countries", list(countries))]
    return an_incident(kept(), *facts, *happened, plan=a_regulated(), **told)


def of_file(path: Path) -> list[Any]:
    return list(Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


# What is in it


def test_each_deadline_is_an_event_at_its_end(crisis: Crisis, folder: Path) -> None:
    a_breach(crisis, folder, countries="FR,TR", aware_at="-2h")
    due = json.loads(crisis("deadlines", "--json").stdout)["deadlines"]

    ran = crisis("deadlines", "--ics", "due.ics")

    assert (ran.exit, ran.stdout, ran.stderr) == (0, "", "✓ written to due.ics\n")
    found = of_file(folder / "due.ics")
    ends = [event["dtstart"].dt for event in found]
    assert [str(event["summary"]) for event in found] == [each["title"] for each in due]
    assert ends == [datetime.fromisoformat(each["due"]) for each in due]
    assert {end.utcoffset() for end in ends} == {timedelta()}


def test_it_rings_at_half_of_the_time_at_80_percent_and_at_the_end() -> None:
    (event,) = read(a_leak(countries=["TR"]))

    at = [event["dtstart"].dt + alarm["trigger"].dt for alarm in event.walk("VALARM")]
    began = datetime(2026, 11, 27, 17, tzinfo=UTC)

    assert at == [began + timedelta(hours=hours) for hours in (36, 57.6, 72)]


def test_what_is_over_rings_no_more() -> None:
    story: tuple[Happened, ...] = (
        (5, ev.NoticeDecided("fr.authority", "notified")),
        (6, ev.NoticeDecided("es.authority", "not-notified", because="no risk")),
    )

    found = {str(e["description"]).partition(",")[0]: e for e in read(a_leak(*story))}

    assert {name: str(event["status"]) for name, event in found.items()} == {
        "fr.authority": "CANCELLED",
        "es.authority": "CANCELLED",
        "fr.complement": "CONFIRMED",
    }
    assert [len(event.walk("VALARM")) for event in found.values()].count(0) == 2
    assert found["fr.authority"].walk("VALARM") == []


def test_a_drill_says_so_in_every_event() -> None:
    found = read(a_leak(drill=True))

    assert found
    assert all(str(event["summary"]).startswith("DRILL: ") for event in found)


def test_what_is_owed_without_a_number_is_no_event() -> None:
    assert not any("people" in uid for uid in uids(read(a_leak())))


def test_without_deadlines_it_is_an_empty_calendar() -> None:
    assert read(a_leak(countries=[])) == []


# Names that stay


def test_writing_it_again_changes_no_name_and_a_later_one_replaces_the_earlier() -> None:
    first = read(a_leak())
    moved = read(a_leak((30, fact("aware_at", "2026-11-27T18:30:00Z"))), now=minute(40))

    assert uids(first) == uids(moved)
    assert all(
        one["dtstart"].dt < other["dtstart"].dt and one["sequence"] < other["sequence"]
        for one, other in zip(first, moved, strict=True)
    )


def test_a_deadline_whose_beginning_is_corrected_is_moved_and_not_added() -> None:
    rule = Deadline(from_="detected", within={"sev1": "10m"}, met_by="holding")
    plan = a_playbook(deadlines={"one": rule})
    first, again = (ev.MilestoneReached("detected", minute(at)) for at in (-3, -9))

    before = read(an_incident(SEV1, first, plan=plan))
    after = read(an_incident(SEV1, first, again, plan=plan))

    assert uids(before) == uids(after)
    assert before[0]["dtstart"].dt - after[0]["dtstart"].dt == timedelta(minutes=6)


def test_each_update_of_a_rhythm_has_a_name_of_its_own_that_it_keeps() -> None:
    story: tuple[Happened, ...] = (SEV1, (5, a_sent()), (20, a_sent("update")))

    before = uids(read(an_incident(*story[:2])))
    after = uids(read(an_incident(*story)))

    assert len(set(after)) == len(after) == 3
    assert set(before) < set(after)


def test_a_promise_that_was_broken_and_made_anew_is_two_events() -> None:
    def promise(due: float) -> ev.PromiseMade:
        return ev.PromiseMade("report_by", "Publish the report", minute(due), "report", "holding")

    story: tuple[Happened, ...] = ((1, promise(10)), (20, promise(40)))
    found = uids(read(an_incident(*story, plan=a_playbook(deadlines={})), now=minute(21)))

    assert len(set(found)) == len(found) == 2


def test_two_incidents_share_no_name() -> None:
    told = (kept(), fact("aware_at", AWARE), fact("countries", ["FR"]))
    one, other = (fold(id, the_entries(*told, plan=a_regulated())) for id in ("a", "b"))

    assert set(uids(read(one))).isdisjoint(uids(read(other)))


def test_whoever_a_restricted_incident_is_kept_from_gets_times_and_no_words(
    crisis: Crisis, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_breach(crisis, folder, "--title", "The leak", countries="FR,TR", aware_at="-2h")
    crisis("restrict", "--to", "li", "--because", "personal data")
    monkeypatch.setenv("CRISISCTL_OPERATOR", "jo")

    assert crisis("deadlines", "--ics", "due.ics").exit == 0

    found = of_file(folder / "due.ics")
    text = (folder / "due.ics").read_text(encoding="utf-8")
    assert len({str(event["uid"]) for event in found}) == len(found) > 1
    assert not [word for word in ("leak\r", "The leak", "CNIL", "KVKK", "fr.") if word in text]


# Foreign words


HOSTILE = (
    "x\r\nBEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT",
    "x\nEND:VCALENDAR",
    "a;b,c\\n:d\"e'f",
    "\x1b[31mred\x07\u2028line\u202eright",
    "é" * 200,
)


def of_title(title: str) -> list[Any]:
    rule = Deadline(title=title, from_="declared", within={"sev1": "10m"}, met_by="holding")
    return read(an_incident(plan=a_playbook(deadlines={"one": rule})))


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_text_whatever_is_in_it(title: str) -> None:
    (event,) = of_title(title)

    assert str(event["uid"]) == "outage-one-1@outage-2026-11-27.crisisctl"
    assert len(event.walk("VALARM")) == 3
    shown = [str(event[name]) for name in ("summary", "description")]
    shown += [str(alarm["description"]) for alarm in event.walk("VALARM")]
    assert all(words.isprintable() for words in shown)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
def test_no_title_adds_an_event_or_breaks_the_calendar(title: str) -> None:
    assert len(of_title(title)) == 1


def test_lines_are_folded_and_end_as_the_standard_says() -> None:
    rule = Deadline(title="é" * 200, from_="declared", within={"sev1": "10m"}, met_by="holding")
    incident = an_incident(plan=a_playbook(deadlines={"one": rule}))

    written = calendar(incident, deadlines(incident, now=BEGAN), now=BEGAN)

    assert written.endswith(b"\r\n")
    lines = written.split(b"\r\n")
    assert not any(b"\n" in line for line in lines)
    assert max(len(line) for line in lines) <= 75


# The command


def told(ran: Ran) -> str:
    return " ".join(ran.stderr.split())


def test_a_file_keeps_its_line_ends_and_dash_is_stdout(crisis: Crisis, folder: Path) -> None:
    a_breach(crisis, folder, aware_at="-2h")

    crisis("deadlines", "--ics", "due.ics")
    shown = crisis("deadlines", "--ics", "-")

    assert (folder / "due.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert shown.stdout.startswith("BEGIN:VCALENDAR\r\n")


def test_it_ends_with_1_when_something_is_overdue_and_is_written_all_the_same(
    crisis: Crisis, folder: Path
) -> None:
    a_breach(crisis, folder, aware_at="-80h")

    assert crisis("deadlines", "--ics", "due.ics").exit == 1
    assert of_file(folder / "due.ics")


@pytest.mark.parametrize("file", ["no/such/due.ics", "."])
def test_a_file_that_cannot_be_written_is_an_error_in_one_line(
    crisis: Crisis, folder: Path, file: str
) -> None:
    a_breach(crisis, folder, aware_at="-2h")

    ran = crisis("deadlines", "--ics", file)

    assert (ran.exit, ran.stdout) == (1, "")
    assert ran.stderr.count("\n") == 1
    assert "cannot be written" in ran.stderr


def test_a_calendar_and_json_at_once_are_refused(crisis: Crisis, folder: Path) -> None:
    a_breach(crisis, folder, aware_at="-2h")

    ran = crisis("deadlines", "--ics", "due.ics", "--json")

    assert (ran.exit, ran.stdout, ran.stderr) == (2, "", "error: --ics or --json: one of them\n")
    assert not (folder / "due.ics").exists()
