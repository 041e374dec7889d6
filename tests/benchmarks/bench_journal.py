"""Measures the journal against its budgets, as ratios of interleaved pairs.

Run it with `python tests/benchmarks/bench_journal.py`.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from crisisctl.journal import Journal, Summary

PAIRS = 15
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


def seconds(work: Callable[[], object]) -> float:
    """Time one run."""
    begin = perf_counter()
    result = work()
    taken = perf_counter() - begin
    del result  # freeing it is not part of the work
    return taken


def compare(name: str, ours: Callable[[], object], floor: Callable[[], object]) -> None:
    """Print the median ratio of interleaved pairs."""
    ours(), floor()
    pairs = [(seconds(ours), seconds(floor)) for _ in range(PAIRS)]
    ratio = median(mine / bare for mine, bare in pairs)
    mine, bare = (median(side) * 1000 for side in zip(*pairs, strict=True))
    print(f"{name}: {ratio:.2f} ({mine:.1f} ms against {bare:.1f} ms)")


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

        compare(f"{count} durable appends / bare commits", ours, floor)
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
        for bench in (bench_append, bench_read, bench_heads):
            bench(Path(name))
