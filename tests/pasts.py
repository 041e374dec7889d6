"""Past incidents for what looks over all of them: written into a journal, each on its own day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from makers import Happened, the_entries
from msgspec.structs import asdict, replace

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, fold
from crisisctl.incident.store import summary
from crisisctl.journal import Journal
from crisisctl.playbook.model import Playbook


def past_entries(
    *happened: Happened, days: float = 0, plan: Playbook | None = None, **declared: Any
) -> list[ev.Entry]:
    """The entries of an incident, all their times moved by so many days."""
    away = timedelta(days=days)
    return [
        replace(
            entry,
            occurred_at=entry.occurred_at + away,
            recorded_at=entry.recorded_at + away,
            event=_moved(entry.event, away),
        )
        for entry in the_entries(*happened, plan=plan, **declared)
    ]


def a_past(*happened: Happened, id: str = "outage-1", **changes: Any) -> Incident:
    """A past incident, folded."""
    return fold(id, past_entries(*happened, **changes))


def written(home: Path, id: str, entries: Sequence[ev.Entry]) -> str:
    """Put an incident into the journal of this home; its id."""
    with Journal.open(home / "journal.db") as journal:
        bodies = [ev.encode(entry) for entry in entries]
        journal.append(id, bodies, expected=0, summary=summary(fold(id, entries)))
    return id


def _moved(event: ev.Event, away: timedelta) -> ev.Event:
    times = {k: v + away for k, v in asdict(event).items() if isinstance(v, datetime)}
    return replace(event, **times)
