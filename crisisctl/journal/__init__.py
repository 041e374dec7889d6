"""The journal: where an incident's events are kept, each chained to the one before."""

from __future__ import annotations

from crisisctl.journal.damage import Damage
from crisisctl.journal.entries import Head, Row, Summary
from crisisctl.journal.faults import Broken, Conflict, NotSaved, ReadOnly
from crisisctl.journal.sqlite import Journal
from crisisctl.journal.verify import verify

__all__ = [
    "Broken",
    "Conflict",
    "Damage",
    "Head",
    "Journal",
    "NotSaved",
    "ReadOnly",
    "Row",
    "Summary",
    "verify",
]
