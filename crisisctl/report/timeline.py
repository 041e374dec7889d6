"""The journal as people read it: one line an event, in the order things happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import Any

import msgspec

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.report.telling import teller
from crisisctl.report.telling import value_in_words as value_in_words
from crisisctl.report.words import Words
from crisisctl.report.words import words as english


class Line(msgspec.Struct, frozen=True, gc=False):
    """One event in words, with both of its times."""

    seq: int
    occurred_at: datetime
    recorded_at: datetime
    by: str
    kind: str
    text: str
    routine: bool = False
    """What a reader of the report can do without: it is said elsewhere, or says little."""


def timeline(
    incident: Incident,
    entries: Iterable[ev.Entry],
    zone: tzinfo,
    words: Words | None = None,
    *,
    asked: bool = False,
) -> list[Line]:
    """Every event in words, by the time it happened, then by the order it was recorded."""
    tell = teller(incident, zone, words or english(), asked=asked)
    lines = []
    for entry in entries:
        event = entry.event
        routine = _ROUTINE.get(type(event))
        lines.append(
            Line(
                entry.seq,
                event.at if isinstance(event, ev.MilestoneReached) else entry.occurred_at,
                entry.recorded_at,
                entry.by,
                ev.kind(event),
                tell(event),
                routine is not None and routine(incident, event),
            )
        )
    lines.sort(key=attrgetter("occurred_at", "seq"))
    return lines


def _told_by_fact(incident: Incident, event: ev.FactRecorded) -> bool:
    spec = incident.spec(event.fact)  # its milestone has a line of its own
    return spec is not None and bool(spec.workspace or incident.dates(event.fact))


_ROUTINE: dict[type, Callable[[Incident, Any], bool]] = {
    # a later word corrected it
    ev.MilestoneReached: lambda incident, e: incident.milestones.get(e.milestone) != e.at,
    ev.FactRecorded: _told_by_fact,
    ev.MessageApproved: lambda _, e: not (e.break_glass or e.overruled),
    ev.PlaybookAdded: lambda _, e: not e.because,
    ev.StepCompleted: lambda _, e: not e.open_items,
    ev.ReviewMarked: lambda _, e: e.status == "resolved",
    **dict.fromkeys(
        (
            *(ev.ReviewAnswered, ev.StepStarted, ev.RegulationsKept, ev.MessageDrafted),
            *(ev.DeliveryIntended, ev.TextDelivered),
        ),
        lambda _, __: True,
    ),
}
"""What a reader of the report can do without: it is said elsewhere, or says little."""
