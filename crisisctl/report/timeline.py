"""The journal as people read it: one line an event, in the order things happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, tzinfo
from operator import attrgetter
from typing import Any

import msgspec

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.lessons import Correction
from crisisctl.report.telling import teller
from crisisctl.report.telling import value_in_words as value_in_words
from crisisctl.report.words import Words
from crisisctl.report.words import words as english
from crisisctl.text import in_words, moment

LATE = timedelta(minutes=2)
"""From here on a line says how much later it was written down."""


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
    corrected: str = ""
    """What stood there before somebody put it right: its words; empty where nobody did."""
    corrected_from: datetime | None = None
    """The time that it had before."""
    correction: Correction | None = None
    """Who put it right, and why."""

    @property
    def withdrawn(self) -> bool:
        """It did not happen at all."""
        return self.correction is not None and self.correction.event.withdrawn


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
    if incident.corrections:
        lines = [put_right(line, incident.corrections.get(line.seq)) for line in lines]
    lines.sort(key=attrgetter("occurred_at", "seq"))
    return lines


def put_right(line: Line, correction: Correction | None) -> Line:
    """The line as it really was, with what it said before."""
    if correction is None:
        return line
    return msgspec.structs.replace(
        line,
        occurred_at=correction.event.at or line.occurred_at,
        text=correction.event.text or line.text,
        corrected=line.text,
        corrected_from=line.occurred_at,
        correction=correction,
    )


def in_full(line: Line, zone: tzinfo) -> str:
    """A line with its number, who recorded it, how much later, and what it said before."""
    late = line.recorded_at - line.occurred_at
    kept = f", recorded {in_words(late)} later" if late >= LATE else ""
    words = f"{line.text} ({line.by}) [no. {line.seq}{kept}]"
    if line.correction is None or line.corrected_from is None:
        return words
    because, by = line.correction.event.because, line.correction.by
    if line.withdrawn:
        return f"Withdrawn by {by}, because {because}: {words}"
    moved = line.corrected_from != line.occurred_at
    before = [moment(line.corrected_from, zone)] * moved
    before += [f'"{line.corrected}"'] * (line.corrected != line.text)
    return f"{words} [corrected by {by}, because {because}; it was {', '.join(before)}]"


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
            *(ev.DeliveryIntended, ev.TextDelivered, ev.TimelineRead, ev.EventCorrected),
        ),
        lambda _, __: True,
    ),
}
"""What a reader of the report can do without: it is said elsewhere, or says little."""
