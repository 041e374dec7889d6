"""Reading exports of reviews: on their own, into an incident, or again and again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crisisctl.cli import judging
from crisisctl.cli.answering import shelf_of
from crisisctl.cli.desk import desk, local_zone, refuse_closed
from crisisctl.cli.printing import deliver, print_json
from crisisctl.cli.progress import Progress
from crisisctl.cli.walk import Walk
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.messages.bulk.seen import Seen
from crisisctl.report.data import Json
from crisisctl.reviews.analysis import Analysis
from crisisctl.reviews.intake import Export, Unreadable, open_export
from crisisctl.reviews.shelf import Heard, Put
from crisisctl.reviews.understanding import Understanding
from crisisctl.text import listed, quoted, zone_of

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk

_TOLD = 20
"""Unreadable rows that are named; the others are counted."""
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read, and what its columns mean."""

    files: Sequence[Path]
    pairs: Sequence[str] = ()
    source: str = ""


@dataclass(slots=True)
class Read:
    """What became of the rows of all files."""

    reviews: int = 0
    duplicates: int = 0
    unreadable: int = 0
    first: list[tuple[str, Unreadable]] = field(default_factory=list)
    """The first of them, with their files."""
    remarks: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    """What each file was recognised as."""

    @property
    def data(self) -> Json:
        """The counts, with the rows that could not be read."""
        return {
            "reviews": self.reviews,
            "duplicates": self.duplicates,
            "unreadable": self.unreadable,
            "unreadable_rows": [
                {"file": file, "line": row.line, "reason": row.reason} for file, row in self.first
            ],
            "files": [{"file": file, "kind": kind} for file, kind in self.kinds.items()],
            "remarks": self.remarks,
        }
