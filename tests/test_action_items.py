"""Action items: owner, day, type and link, over all incidents, as table, CSV, JSON and calendar."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from icalendar import Calendar
from small import small

LONG_AGO, FAR_OFF = "2025-03-01", "2099-03-01"


def rows(crisis: Crisis, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        crisis("action", "list", *words, "--format", "json").stdout
    )["actions"]
    return found


@pytest.fixture
def two(crisis: Crisis, folder: Path) -> tuple[str, str]:
    """Two incidents, the first one with one late item and one that is done."""
    small(folder)
    first = crisis("start", "small", "--no-input").stdout.strip()
    crisis("action", "add", "Alert on payment errors", "--owner", "Jo", "--due", LONG_AGO)
    crisis("action", "add", "Write it down", "--owner", "ana", "--due", LONG_AGO)
    crisis("action", "done", "2", "It is in the runbook")
    second = crisis("start", "small", "--no-input").stdout.strip()
    words = ("--owner", "ana", "--due", FAR_OFF, "--type", "detect")
    crisis("action", "add", "Test a full cart", *words, "--incident", second)
    return first, second


def test_an_item_has_a_type_and_a_link(crisis: Crisis, declared: str) -> None:
    crisis(
        *("action", "add", "Test a full cart", "--type", "Detect"),
        *("--link", "https://issues.example/7"),
    )

    [row] = rows(crisis)
    assert (row["type"], row["link"], row["status"]) == (
        "detect",
        "https://issues.example/7",
        "open",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--type", "detekt"), 'did you mean "detect"?'),
        (("--link", "issue 7"), "is not a link"),
        (("--link", "javascript:alert(1)"), "is not a link"),
        (("--due", "2025-02-30"), "is not a date"),
        (("--declined", "no", "--owner", "jo"), "has no owner"),
    ],
)
def test_what_an_item_cannot_have_is_refused(
    crisis: Crisis, declared: str, words: tuple[str, ...], said: str
) -> None:
    ran = crisis("action", "add", "x", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert rows(crisis) == []


def test_an_item_is_changed_and_more_time_needs_a_reason(crisis: Crisis, declared: str) -> None:
    crisis("action", "add", "Test a full cart", "--owner", "jo", "--due", "2099-01-01")

    refused = crisis("action", "change", "1", "--due", "2099-02-01")
    sooner = crisis("action", "change", "1", "--due", "2098-12-01", "--owner", "li")
    later = crisis("action", "change", "1", "--due", "2099-02-01", "--because", "Holidays")
    same = crisis("action", "change", "1", "--owner", "li")

    assert refused.exit == 2
    assert "needs a reason" in refused.stderr
    assert (sooner.exit, later.exit) == (0, 0)
    assert same.stderr == "nothing to change (action item 1)\n"
    [row] = rows(crisis)
    assert (row["owner"], row["due"], row["title"]) == ("li", "2099-02-01", "Test a full cart")


def test_a_change_of_nothing_is_refused(crisis: Crisis, declared: str) -> None:
    crisis("action", "add", "x")

    assert crisis("action", "change", "1").exit == 2


def test_declined_items_keep_their_reason_and_are_not_late(crisis: Crisis, declared: str) -> None:
    crisis("action", "add", "Buy a second shop", "--declined", "It costs more than the outage")
    crisis("action", "add", "Test it", "--owner", "jo", "--due", LONG_AGO)
    crisis("action", "decline", "2", "--because", "The module is gone")

    found = rows(crisis)
    assert {(r["status"], r["outcome"]) for r in found} == {
        ("declined", "It costs more than the outage"),
        ("declined", "The module is gone"),
    }
    assert crisis("action", "list", "--overdue").exit == 0


@pytest.mark.parametrize(
    "words",
    [
        ("done", "1", "again"),
        ("decline", "1", "--because", "x"),
        ("change", "1", "--owner", "x"),
    ],
)
def test_what_has_ended_is_not_ended_again(
    crisis: Crisis, declared: str, words: tuple[str, ...]
) -> None:
    crisis("action", "add", "x")
    crisis("action", "done", "1", "It works")

    ran = crisis("action", *words)

    assert ran.exit == 1
    assert "action item 1 is done already: It works" in ran.stderr


def test_overdue_looks_at_all_incidents_closed_ones_too(
    crisis: Crisis, two: tuple[str, str]
) -> None:
    first, _ = two
    crisis("fact", "since", "2025-01-31T20:00+01:00", "--incident", first)
    closed = crisis("close", first, "--because", "x")

    ran = crisis("action", "list", "--overdue")

    assert closed.exit == 0, closed.stderr
    assert ran.exit == 1
    head, only = ran.stdout.splitlines()
    assert head.split() == ["incident", "no.", "owner", "due", "type", "what"]
    assert only.startswith(f"{first}  1")
    assert "2025-03-01 OVERDUE" in only
    [row] = rows(crisis, "--overdue")
    assert (row["incident"], row["action"], row["overdue"]) == (first, 1, True)
    done = crisis("action", "done", "1", "Alerts fire", "--incident", first)
    assert done.exit == 0
    assert crisis("action", "list", "--overdue").exit == 0


def test_all_lists_every_item_the_first_due_first_and_owner_narrows_it(
    crisis: Crisis, two: tuple[str, str]
) -> None:
    first, second = two

    found = [(row["incident"], row["action"]) for row in rows(crisis, "--all")]
    of_jo = [row["title"] for row in rows(crisis, "--all", "--owner", "jo")]

    assert found == [(first, 1), (first, 2), (second, 1)]
    assert of_jo == ["Alert on payment errors"]
    assert crisis("action", "list", "--all").exit == 0


def test_csv_guards_against_formulas(crisis: Crisis, two: tuple[str, str]) -> None:
    first, _ = two
    crisis("action", "add", "=HYPERLINK(1)\n+1", "--owner", "@sum", "--incident", first)

    ran = crisis("action", "list", first, "--format", "csv")

    table = list(csv.DictReader(io.StringIO(ran.stdout)))
    assert list(table[0]) == [
        *("incident", "action", "title", "owner", "due", "type", "status", "overdue", "outcome"),
        "link",
    ]
    assert (table[2]["title"], table[2]["owner"]) == ("'=HYPERLINK(1) +1", "'@sum")
    assert [row["overdue"] for row in table] == ["yes", "", ""]


def test_the_calendar_has_to_dos_that_keep_their_uid(
    crisis: Crisis, two: tuple[str, str], folder: Path
) -> None:
    first, second = two

    ran = crisis("action", "list", "--all", "--format", "ics", "-o", "todo.ics")
    crisis("action", "change", "1", "--owner", "li", "--incident", second)
    crisis("action", "list", "--all", "--format", "ics", "-o", "again.ics")

    assert (ran.exit, ran.stdout, ran.stderr) == (0, "", "✓ written to todo.ics\n")
    todos = Calendar.from_ical((folder / "todo.ics").read_bytes()).walk("VTODO")
    assert [(str(t["uid"]), str(t["status"])) for t in todos] == [
        (f"action-1@{first}.crisisctl", "NEEDS-ACTION"),
        (f"action-2@{first}.crisisctl", "COMPLETED"),
        (f"action-1@{second}.crisisctl", "NEEDS-ACTION"),
    ]
    assert todos[2]["due"].dt.isoformat() == FAR_OFF
    assert todos[1]["completed"] is not None
    again = Calendar.from_ical((folder / "again.ics").read_bytes()).walk("VTODO")
    assert [str(t["uid"]) for t in again] == [str(t["uid"]) for t in todos]
    assert "li" in str(again[2]["description"])


def test_of_a_restricted_incident_others_see_the_day_and_no_words(
    crisis: Crisis, two: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = two
    crisis("restrict", first, "--to", "ana", "--because", "Personal data")
    monkeypatch.setenv("CRISISCTL_OPERATOR", "max")

    [row] = rows(crisis, "--overdue")
    one = crisis("action", "list", first)

    assert (row["incident"], row["title"], row["owner"]) == (first, "Restricted", None)
    assert row["due"] == LONG_AGO
    every = crisis("action", "list", "--all").stdout
    assert "payment errors" not in every
    assert "runbook" not in every
    assert rows(crisis, "--all", "--owner", "jo") == []
    assert (one.exit, one.stdout) == (2, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "xml"), "formats: text, csv, json or ics"),
        (("-o", "x.txt"), "--format csv, json or ics"),
    ],
)
def test_a_list_that_cannot_be_written_is_an_error(
    crisis: Crisis, declared: str, words: tuple[str, ...], said: str
) -> None:
    ran = crisis("action", "list", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert said in ran.stderr


def test_all_and_an_id_at_once_are_refused(crisis: Crisis, declared: str) -> None:
    assert crisis("action", "list", declared, "--all").exit == 2


def test_drills_do_not_stand_among_the_work_of_real_incidents(crisis: Crisis, folder: Path) -> None:
    small(folder)
    drill = crisis("start", "small", "--drill", "--no-input").stdout.strip()
    crisis("action", "add", "Only practised", "--due", LONG_AGO, "--incident", drill)

    assert rows(crisis, "--all") == []
    assert crisis("action", "list", "--overdue").exit == 0
    assert [row["title"] for row in rows(crisis, drill)] == ["Only practised"]


def test_blame_in_a_title_is_a_warning(crisis: Crisis, declared: str) -> None:
    ran = crisis("action", "add", "Train the careless operator")

    assert ran.exit == 0
    assert '"careless" judges a person' in " ".join(ran.stderr.split())
