"""Measures the journal against its budgets, as ratios of interleaved pairs.

Run it with `python tests/benchmarks/bench_journal.py`.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pairs import compare

from crisisctl.incident import events as ev
from crisisctl.incident.store import load
from crisisctl.journal import Journal, Summary

SUMMARY = Summary(
    playbook="outage",
    title="Site outage",
    severity="sev1",
    status="open",
    stage="assess",
    declared_at="2026-11-27T19:04:00+00:00",
    updated_at="2026-11-27T19:04:00+00:00",
)


def event(number: int) -> bytes:
    """Make a JSON event of 345 bytes."""
    record = {
        "kind": "note-added",
        "occurred_at": "2026-11-27T19:04:00+00:00",
        "recorded_at": "2026-11-27T19:04:01+00:00",
        "by": "ana",
        "number": number,
        "tags": ["checkout", "payment"],
        "text": "",
    }
    record["text"] = "x" * (345 - len(json.dumps(record)))
    return json.dumps(record).encode()


def bench_append(folder: Path, count: int = 200) -> None:
    """Compare durable appends with bare commits of one insert."""
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    bare.execute("PRAGMA journal_mode = WAL")
    bare.execute("PRAGMA synchronous = FULL")
    bare.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, body BLOB)")
    with Journal.open(folder / "append.db") as journal:
        last = 0

        def ours() -> None:
            nonlocal last
            for _ in range(count):
                last = journal.append("outage", [event(last)], expected=last, summary=SUMMARY)

        def floor() -> None:
            for number in range(count):
                bare.execute("INSERT INTO events (body) VALUES (?)", (event(number),))

        compare(f"{count} durable appends / bare commits", ours, floor, budget=1.5)
    bare.close()


def bench_read(folder: Path, count: int = 100_000) -> None:
    """Compare reading with verification to json.loads of the same lines."""
    bodies = [event(number) for number in range(count)]
    with Journal.open(folder / "read.db") as journal:
        journal.append("outage", bodies, expected=0, summary=SUMMARY)
        floor = lambda: [json.loads(body) for body in bodies]  # noqa: E731
        compare(f"read {count} / json.loads", lambda: journal.read("outage"), floor)
        compare(
            f"read_verified {count} / json.loads", lambda: journal.read_verified("outage"), floor
        )


def bench_fold(folder: Path, count: int = 100_000) -> None:
    """Compare bringing an incident back, its chain verified, to json.loads of the same lines."""
    began = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)
    bodies = []
    for number in range(1, count + 1):
        at = began + timedelta(seconds=number)
        entry = ev.Entry(number, at, at, "ana", an_event(number))
        bodies.append(ev.encode(entry))
    with Journal.open(folder / "fold.db") as journal:
        journal.append("outage", bodies, expected=0, summary=SUMMARY)
        floor = lambda: [json.loads(body) for body in bodies]  # noqa: E731
        compare(f"fold {count} / json.loads", lambda: load(journal, "outage"), floor, budget=1.0)


def an_event(number: int) -> ev.Event:
    """Make what people record most: notes, facts, steps."""
    if number == 1:
        return ev.IncidentDeclared("Site outage", "Europe/Paris")
    kinds = (
        ev.NoteAdded("Payments fail for one customer in five since the price import was undone"),
        ev.FactRecorded("orders_per_hour", number, "confirmed", "the order database"),
        ev.StepStarted("outage", f"step-{number % 40}", "resolve", 3, 9),
        ev.StepCompleted("outage", f"step-{number % 40}"),
    )
    return kinds[number % len(kinds)]


def bench_heads(folder: Path, count: int = 10_000) -> None:
    """Compare listing 50 of many incidents with listing 50 of 50."""
    with Journal.open(folder / "many.db") as many, Journal.open(folder / "few.db") as few:
        for number in range(count):
            for journal in (many, few)[: 2 if number < 50 else 1]:
                journal.append(f"outage-{number}", [b"{}"], expected=0, summary=SUMMARY)
        work = {"status": ["open"], "limit": 50}
        compare(
            f"newest 50 of {count} / of 50", lambda: many.heads(**work), lambda: few.heads(**work)
        )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as name:
        for bench in (bench_append, bench_read, bench_fold, bench_heads):
            bench(Path(name))
