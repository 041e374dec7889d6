"""What the journal's tests are made of: events, summaries, other processes, tampering."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import crisisctl
from crisisctl.journal import Journal, Summary

ID = "outage-2026-11-27"


def a_summary(**changes: str) -> Summary:
    fields = {
        "playbook": "outage",
        "title": "Site outage",
        "severity": "sev1",
        "status": "open",
        "stage": "assess",
        "declared_at": "2026-11-27T19:04:00+00:00",
        "updated_at": "2026-11-27T19:04:00+00:00",
    }
    return Summary(**{**fields, **changes})


def an_event(number: int) -> bytes:
    return f'{{"kind":"note-added","text":"this is event {number}"}}'.encode()


def record(path: Path, count: int, *, incident: str = ID) -> None:
    """Record so many events in one incident."""
    bodies = [an_event(number) for number in range(1, count + 1)]
    with Journal.open(path) as journal:
        journal.append(incident, bodies, expected=0, summary=a_summary())


def tamper(path: Path, *statements: str) -> None:
    """Change the file behind the journal's back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def start(code: str, *arguments: object, before: Sequence[str] = ()) -> subprocess.Popen[str]:
    """Start another process that runs some Python with the journal imported."""
    return subprocess.Popen(
        [*before, sys.executable, "-c", PREAMBLE + code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": HERE},
    )


def run(code: str, *arguments: object, before: Sequence[str] = ()) -> str:
    """Run some Python in another process and give what it printed."""
    with start(code, *arguments, before=before) as process:
        printed, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint
    return printed


HERE = os.pathsep.join(
    [str(Path(crisisctl.__file__).parents[1]), str(Path(__file__).parent), *sys.path]
)
PREAMBLE = """
import os, sys
from pathlib import Path
from crisisctl.errors import CrisisError
from crisisctl.journal import *
from journals import ID, a_summary, an_event
path = Path(sys.argv[1])
"""
