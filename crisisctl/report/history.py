"""What changed in the course of an incident: who held which role, what a fact was before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.playbook.model import SEVERITIES, Severity


class Held(Struct, frozen=True):
    """A role in the hands of one person; `until` is None where they hold it still."""

    role: str
    person: str
    since: datetime
    until: datetime | None


class Version(Struct, frozen=True):
    """What was recorded of a fact at one time."""

    fact: str
    value: ev.Plain | None
    """None where it was retracted."""
    status: str
    source: str
    at: datetime
    by: str
    seq: int


class Spell(Struct, frozen=True):
    """A severity, from when to when."""

    severity: Severity
    since: datetime
    until: datetime
    because: str


def roles_held(entries: Iterable[ev.Entry]) -> list[Held]:
    """Every role with everybody who held it, in the order they took it."""
    found: list[Held] = []
    current: dict[str, int] = {}
    for entry in entries:
        event = entry.event
        if not isinstance(event, ev.RoleAssigned | ev.RoleHandedOver):
            continue
        before = current.get(event.role)
        if before is not None:
            last = found[before]
            if last.person == event.person:
                continue
            found[before] = Held(last.role, last.person, last.since, entry.occurred_at)
        current[event.role] = len(found)
        found.append(Held(event.role, event.person, entry.occurred_at, None))
    return found


def versions(entries: Iterable[ev.Entry]) -> dict[str, list[Version]]:
    """Everything that was ever recorded of each fact, the oldest first."""
    found: dict[str, list[Version]] = {}
    for entry in entries:
        if type(entry.event) in _OF_FACTS:
            version = _version(entry)
            found.setdefault(version.fact, []).append(version)
    return found


_OF_FACTS = {ev.FactRecorded, ev.DecisionTaken, ev.FactRetracted}


def _version(entry: ev.Entry) -> Version:
    at, by, seq = entry.occurred_at, entry.by, entry.seq
    match entry.event:
        case ev.FactRecorded(fact, value, status, source):
            return Version(fact, value, status, source, at, by, seq)
        case ev.DecisionTaken(_, _, fact, option, because):
            return Version(fact, option, "confirmed", because, at, by, seq)
        case ev.FactRetracted(fact, because):
            return Version(fact, None, "retracted", because, at, by, seq)
    raise AssertionError(entry.event)


def spells(incident: Incident, now: datetime) -> list[Spell]:
    """The severities between start and end; before the first judgement there is none."""
    end = incident.milestones.get("resolved", now)
    found = []
    for number, (at, severity, because) in enumerate(incident.severities):
        following = (
            incident.severities[number + 1][0] if number + 1 < len(incident.severities) else end
        )
        until = min(following, end)
        if until > at:
            found.append(Spell(severity, at, until, because))
    return found


def by_severity(found: Sequence[Spell]) -> list[tuple[Severity, timedelta]]:
    """How long each severity was in force in all, the worst first."""
    sums: dict[Severity, timedelta] = {}
    for spell in found:
        sums[spell.severity] = sums.get(spell.severity, timedelta()) + spell.until - spell.since
    return [(severity, sums[severity]) for severity in SEVERITIES if severity in sums]
