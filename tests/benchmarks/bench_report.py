"""Measures the post-mortem of 10,000 events as a page, as a ratio to the least that can be done.

The least is a loop that escapes and formats the same rows. Run it with
`python tests/benchmarks/bench_report.py`.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from makers import a_playbook
from pairs import compare

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import Stamp, load, record
from crisisctl.journal import Journal
from crisisctl.report import rendering
from crisisctl.report.post_mortem import post_mortem
from crisisctl.report.sections import page
from crisisctl.report.words import words
from crisisctl.workspace import Workspace

BEGAN = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)
ID = "outage-2026-11-27"


def an_event(number: int) -> ev.Event:
    """What a long incident is made of: mostly notes, facts and steps."""
    match number % 10:
        case 0:
            return ev.FactRecorded("cause", "overload", "suspected", f"log {number}")
        case 1 | 2 | 3:
            return ev.StepStarted("outage", "hold", "communicate", 1, 3)
        case 4 | 5 | 6:
            return ev.StepCompleted("outage", "hold", ())
    return ev.NoteAdded(f"Payments: {number} <failed> & {number + 1} went through again")


def a_journal(path: Path, count: int) -> Journal:
    """A journal with one incident of so many events."""
    journal = Journal.open(path)
    first = [ev.IncidentDeclared("Site outage", "Europe/Paris")]
    first.append(ev.PlaybookAdded("outage", "text", a_playbook()))
    incident = record(journal, Incident(ID), first, Stamp("ana", BEGAN))
    for number in range(count - len(first)):
        now = BEGAN + timedelta(seconds=20 * number)
        if number % 500 == 0:
            batch: list[ev.Event] = []
        batch.append(an_event(number))
        if number % 500 == 499 or number == count - len(first) - 1:
            incident = record(journal, incident, batch, Stamp("ana", now))
    return journal


def bench(folder: Path, count: int) -> None:
    """Compare a page with the loop over its rows."""
    journal = a_journal(folder / f"{count}.db", count)
    zone = load(journal, ID).time_zone
    from zoneinfo import ZoneInfo

    from crisisctl.incident.store import entries

    where = ZoneInfo(zone)
    rows = [(e.occurred_at.isoformat(), repr(e.event), e.by) for e in entries(journal, ID)]

    def ours() -> None:
        found = entries(journal, ID)
        from crisisctl.incident.fold import fold

        report = post_mortem(
            fold(ID, found), found, head="", zone=where, now=BEGAN + timedelta(days=9), asked=True
        )
        rendering.html(page(report, words()), Workspace())

    def floor() -> None:
        "".join(
            f'<tr><td><time datetime="{escape(at)}">{escape(at)}</time></td>'
            f'<td>{escape(text)}</td><td class="source">{escape(by)}</td></tr>'
            for at, text, by in rows
        )

    compare(f"HTML of {count:,} events / f-string and escape loop", ours, floor)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for count in (1_000, 10_000, 100_000):
            bench(Path(folder), count)
