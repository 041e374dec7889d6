"""Bringing incidents back from the journal, and recording what happens to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.circle import RESTRICTED
from crisisctl.incident.fold import Incident, apply, fold
from crisisctl.journal import Journal, Summary
from crisisctl.text import did_you_mean, listed, zone_of


class Stamp(msgspec.Struct, frozen=True):
    """Who records, when it is written down, and when it happened."""

    by: str
    now: datetime
    at: datetime | None = None

    @property
    def occurred_at(self) -> datetime:
        """When it happened: now, unless said otherwise."""
        return self.at or self.now


def load(journal: Journal, id: str, *, as_of: datetime | None = None) -> Incident:
    """The incident as it stands, or as it was known then. Raises when there is none."""
    every = entries(journal, id)
    if not every:
        raise unknown_incident(journal, id)
    return fold(id, every) if as_of is None else as_known(id, every, as_of)[0]


def entries(journal: Journal, id: str) -> list[ev.Entry]:
    """The incident's events in the order they were recorded."""
    return [ev.decode(row.body) for row in journal.read_verified(id)]


def as_known(
    id: str, every: Sequence[ev.Entry], moment: datetime
) -> tuple[Incident, list[ev.Entry]]:
    """What people could know at a moment: what was recorded by then, whenever it happened.

    Times are shown and typed in whole seconds: what was written within that second counts.
    Who may read it is what holds now: going back to before it was restricted opens nothing.
    Raises where nothing was known yet.
    """
    known = [entry for entry in every if entry.recorded_at.replace(microsecond=0) <= moment]
    incident, now = fold(id, known), fold(id, every)
    if incident.declared_at is None:
        first = every[0].recorded_at.astimezone(zone_of(now.time_zone))
        raise CrisisError(
            f"nothing was known of {id} then",
            hint=f"its first event was recorded at {first.isoformat(timespec='seconds')}",
        )
    incident.circle = now.circle
    return incident, known


def record(
    journal: Journal, incident: Incident, events: Sequence[ev.Event], stamp: Stamp
) -> Incident:
    """Write the events durably, then advance the incident by them.

    Raises `Conflict` when somebody else recorded something first; then
    nothing was written and the incident must be loaded anew.
    """
    if not events:
        return incident
    written = [
        ev.Entry(incident.seq + number, stamp.occurred_at, stamp.now, stamp.by, event)
        for number, event in enumerate(events, 1)
    ]
    before = incident.seq
    ahead = _copy(incident)
    for entry in written:
        apply(ahead, entry)
    bodies = [ev.encode(entry) for entry in written]
    journal.append(incident.id, bodies, expected=before, summary=summary(ahead))
    return ahead


def summary(incident: Incident) -> Summary:
    """What a list of incidents shows without reading their events.

    It is read by whoever lists them, so of a restricted one it holds no title.
    """
    return Summary(
        playbook=incident.playbook.playbook if incident.plans else "",
        title=incident.title if incident.circle is None else RESTRICTED,
        severity=incident.severity or "",
        status=incident.status,
        stage=incident.current.stage if incident.current else "",
        declared_at=incident.declared_at.isoformat() if incident.declared_at else "",
        updated_at=incident.updated_at.isoformat() if incident.updated_at else "",
    )


def unknown_incident(journal: Journal, id: str) -> CrisisError:
    """The error for an id that the journal does not hold."""
    known = [head.incident for head in journal.heads(limit=200)]
    guess = did_you_mean(id, known)
    hint = f'did you mean "{guess}"?' if guess else f"incidents: {listed(known[:5]) or 'none yet'}"
    return CrisisError(f'there is no incident "{id}"', hint=hint)


def _copy(incident: Incident) -> Incident:
    from copy import copy

    ahead = copy(incident)
    for name in incident.__struct_fields__:
        value = getattr(incident, name)
        if isinstance(value, list | dict):
            setattr(ahead, name, value.copy())
    return ahead
