"""`--as-of`: what was known at a moment, by what had been recorded until then."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from conftest import Crisis
from makers import BEGAN, a_playbook, minute

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.incident.store import Stamp, as_known, entries, load, record
from crisisctl.journal import Journal

ID = "outage-2026-11-27"


@pytest.fixture
def told(folder: Path) -> str:
    """Twenty minutes of a crisis, each event with the minute it was recorded in."""
    script: list[tuple[float, float, ev.Event]] = [
        (0, 0, ev.IncidentDeclared("Outage", "Europe/Paris")),
        (0, 0, ev.PlaybookAdded("outage", "x", a_playbook())),
        (2, 2, ev.FactRecorded("cause", "overload", "suspected")),
        (4, 4, ev.SeverityChanged("sev2", "some cannot pay")),
        (1, 10, ev.NoteAdded("The night shift saw it first")),
        (12, 12, ev.FactRecorded("cause", "deployment")),
        (20, 20, ev.MilestoneReached("resolved", minute(19))),
    ]
    with Journal.open(folder / "home" / "journal.db") as journal:
        incident = fold(ID, [])
        for happened, recorded, event in script:
            stamp = Stamp("ana", minute(recorded), minute(happened))
            incident = record(journal, incident, [event], stamp)
    return ID


def at(number: float) -> str:
    return minute(number).isoformat()


def kinds(crisis: Crisis, number: float) -> list[str]:
    found = json.loads(crisis("timeline", ID, "--as-of", at(number), "--json").stdout)
    return [line["kind"] for line in found["timeline"]]


def test_the_timeline_ends_with_what_was_recorded_by_then(crisis: Crisis, told: str) -> None:
    assert kinds(crisis, 3) == ["incident-declared", "playbook-added", "fact-recorded"]
    assert len(kinds(crisis, 30)) == 7


def test_what_happened_before_and_was_recorded_after_was_not_known(
    crisis: Crisis, told: str
) -> None:
    """The note is about the first minute, but nobody had written it down before the tenth."""
    assert "note-added" not in kinds(crisis, 9.9)
    assert kinds(crisis, 10).index("note-added") == 2  # in its place by when it happened


def test_the_second_of_an_event_counts_as_it_is_shown(crisis: Crisis, folder: Path) -> None:
    late = datetime.fromisoformat("2026-11-27T19:00:07.900000+00:00")
    with Journal.open(folder / "home" / "journal.db") as journal:
        incident = fold(ID, [])
        incident = record(journal, incident, [ev.IncidentDeclared("A", "UTC")], Stamp("ana", BEGAN))
        record(journal, incident, [ev.NoteAdded("B")], Stamp("ana", late))

    shown = json.loads(crisis("timeline", ID, "--json").stdout)["timeline"][-1]["recorded_at"]

    found = json.loads(crisis("timeline", ID, "--as-of", shown, "--json").stdout)
    assert found["timeline"][-1]["text"] == "B"


def test_the_status_is_what_it_was_with_the_clocks_of_that_moment(
    crisis: Crisis, told: str
) -> None:
    then = json.loads(crisis("status", ID, "--as-of", at(5), "--json").stdout)
    now = json.loads(crisis("status", ID, "--json").stdout)

    assert (then["status"], then["severity"]) == ("open", "sev2")
    assert then["facts"]["cause"]["value"] == "overload"
    assert then["facts"]["cause"]["status"] == "suspected"
    assert then["elapsed_seconds"] == 300
    assert then["as_of"] == "2026-11-27T20:05:00+01:00"
    assert [due["state"] for due in then["open_deadlines"]] == ["due"]
    assert (now["status"], now["facts"]["cause"]["value"]) == ("resolved", "deployment")
    assert "as_of" not in now


def test_the_screen_says_of_which_moment_it_speaks(crisis: Crisis, told: str) -> None:
    for command in ("status", "timeline"):
        shown = crisis(command, ID, "--as-of", at(5)).stdout
        assert "As it was known at 2026-11-27 20:05 CET (UTC+1):" in shown
    assert "Too many visitors (suspected)" in crisis("status", ID, "--as-of", at(5)).stdout


def test_a_report_can_be_written_as_of_then(crisis: Crisis, told: str) -> None:
    found = json.loads(crisis("report", ID, "--as-of", at(5), "--json").stdout)

    assert (found["events"], found["status"]) == (4, "open")
    assert found["written_at"] == "2026-11-27T20:05:00+01:00"
    with Journal.open(Path("home/journal.db")) as journal:
        assert found["head"] == journal.read(ID)[3].hash


@pytest.mark.parametrize("command", ["timeline", "status", "report"])
def test_times_are_taken_as_elsewhere_and_nonsense_is_refused(
    crisis: Crisis, told: str, command: str
) -> None:
    assert crisis(command, ID, "--as-of", "2026-11-27 20:05").exit == 0
    for words in ("soon", "2999-01-01T00:00+00:00", "2026-11-27T18:00+00:00"):
        ran = crisis(command, ID, "--as-of", words)
        assert (ran.exit, ran.stdout) == (2, "")
        assert ran.stderr.startswith("error: ")


def test_before_it_was_declared_nothing_was_known(crisis: Crisis, told: str) -> None:
    ran = crisis("timeline", ID, "--as-of", at(-1))

    assert ran.stderr == (
        f"error: nothing was known of {ID} then\n"
        "hint:  its first event was recorded at 2026-11-27T20:00:00+01:00\n"
    )


def test_after_a_clock_that_went_back_the_order_is_kept(folder: Path) -> None:
    with Journal.open(folder / "home" / "journal.db") as journal:
        incident = fold(ID, [])
        for recorded, event in (
            (5.0, ev.IncidentDeclared("A", "UTC")),
            (9.0, ev.NoteAdded("ahead")),
            (6.0, ev.NoteAdded("back")),
        ):
            incident = record(journal, incident, [event], Stamp("ana", minute(recorded)))

        _, known = as_known(ID, entries(journal, ID), minute(7))
        assert [entry.seq for entry in known] == [1, 3]
        assert load(journal, ID, as_of=minute(7)).notes[-1].text == "back"
        with pytest.raises(CrisisError, match="nothing was known"):
            load(journal, ID, as_of=minute(4))


def test_going_back_to_before_it_was_restricted_opens_nothing(
    crisis: Crisis, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crisis("restrict", ID, "--to", "li", "--because", "It is about personal data")
    monkeypatch.setenv("CRISISCTL_OPERATOR", "jo")

    status = crisis("status", ID, "--as-of", at(5))
    report = crisis("report", ID, "--as-of", at(5))

    assert crisis("timeline", ID, "--as-of", at(5)).exit == 2
    assert "restricted to li, ana" in status.stdout
    assert "visitors" not in status.stdout + report.stdout
    assert "Outage" not in status.stdout + report.stdout
