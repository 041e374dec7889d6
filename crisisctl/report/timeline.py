"""The journal as people read it: one line an event, in the order things happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

import msgspec

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.report.telling import teller
from crisisctl.report.telling import value_in_words as value_in_words
from crisisctl.report.words import Words
from crisisctl.report.words import words as english


class Line(msgspec.Struct, frozen=True):
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
    lines = [
        Line(
            entry.seq,
            _happened(entry),
            entry.recorded_at,
            entry.by,
            ev.kind(entry.event),
            tell(entry.event),
            _is_routine(incident, entry.event),
        )
        for entry in entries
    ]
    return sorted(lines, key=lambda line: (line.occurred_at, line.seq))


def _happened(entry: ev.Entry) -> datetime:
    return entry.event.at if isinstance(entry.event, ev.MilestoneReached) else entry.occurred_at


def _is_routine(incident: Incident, event: ev.Event) -> bool:
    if isinstance(event, ev.MilestoneReached):  # a later word corrected it
        return incident.milestones.get(event.milestone) != event.at
    if isinstance(event, ev.FactRecorded):
        spec = incident.spec(event.fact)  # its milestone has a line of its own
        return spec is not None and bool(spec.workspace or incident.dates(event.fact))
    if isinstance(event, ev.MessageApproved):
        return not (event.break_glass or event.overruled)
    if isinstance(event, ev.PlaybookAdded):
        return not event.because
    if isinstance(event, ev.StepCompleted):
        return not event.open_items
    if isinstance(event, ev.ReviewMarked):
        return event.status == "resolved"
    quiet = (
        ev.ReviewAnswered
        | ev.StepStarted
        | ev.RegulationsKept
        | ev.MessageDrafted
        | ev.DeliveryIntended
    )
    return isinstance(event, quiet | ev.TextDelivered)
