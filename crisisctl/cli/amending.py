"""`correct` and `cause`: putting right what the timeline says, and naming what came together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crisisctl.cli import kindly
from crisisctl.cli.desk import Desk, desk, refuse_closed, zone
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import Stamp, entries, record
from crisisctl.journal import Conflict, Journal
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact
from crisisctl.runner import lessons

TRIES = 5
_TIME = Fact(type="time")

Make = Callable[[Incident, Sequence[ev.Entry], Stamp], Sequence[ev.Event]]


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed after `crisisctl correct`."""

    number: int
    at: str | None
    text: str
    because: str
    withdrawn: bool


def correct(change: Correction, id: str | None) -> None:
    """Say how an event really was."""
    at = desk()
    journal, incident = at.open(id)
    refuse_closed(incident)

    def make(now_is: Incident, known: Sequence[ev.Entry], stamp: Stamp) -> list[ev.Event]:
        return lessons.correct(
            now_is,
            known,
            change.number,
            because=change.because,
            now=stamp.now,
            at=moment_of(change.at, stamp.now, now_is),
            text=change.text,
            withdrawn=change.withdrawn,
        )

    incident = keep(at, journal, incident, make)
    what = "withdrawn" if change.withdrawn else "corrected"
    at.talk.line(f"✓ event {change.number} {what} ({incident.id})", "good")
    kindly.warn(at, incident, (change.text, change.because))


def cause(text: str, id: str | None, *, cause: str, whys: Sequence[str], at: str | None) -> None:
    """Record one of the things that came together."""
    here = desk()
    journal, incident = here.open(id)
    refuse_closed(incident)
    when = moment_of(at, here.now(), incident)
    incident = keep(
        here,
        journal,
        incident,
        lambda now_is, *_: lessons.find_cause(now_is, text, cause=cause, whys=whys),
        when=when,
    )
    here.talk.line(f"✓ cause {len(incident.causes)} ({incident.id})", "good")
    kindly.warn(here, incident, (text, *whys))


def moment_of(typed: str | None, now: datetime, incident: Incident) -> datetime | None:
    """The moment that was typed, in the incident's zone."""
    if typed is None:
        return None
    found = values.parse(_TIME, typed, now=now, zone=zone(incident))
    return found if isinstance(found, datetime) else None


def keep(
    at: Desk,
    journal: Journal,
    incident: Incident,
    make: Make,
    *,
    when: datetime | None = None,
) -> Incident:
    """Decide and record; again from what the journal says now, when somebody else was first."""
    for _ in range(TRIES):
        stamp = at.stamp(when)
        events = make(incident, entries(journal, incident.id), stamp)
        try:
            return record(journal, incident, events, stamp)
        except Conflict:
            journal, incident = at.open(incident.id)
    raise CrisisError("others keep recording at the same moment: nothing was saved", code=1)
