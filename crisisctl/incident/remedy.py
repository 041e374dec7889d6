"""What the fold keeps of making good: plans, approvals, what was handed out, settled and used."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from crisisctl.incident import compensated as ev

if TYPE_CHECKING:
    from crisisctl.incident.events import Entry
    from crisisctl.incident.fold import Incident


class Signed(msgspec.Struct, frozen=True):
    """An approval of a plan, by whom and when."""

    event: ev.CompensationApproved
    at: datetime
    by: str


class HandedOut(msgspec.Struct, frozen=True):
    """A plan that was handed out."""

    event: ev.CompensationIssued
    at: datetime
    by: str


class Settled(msgspec.Struct, frozen=True):
    """What was said of something that a plan left to a person."""

    event: ev.CompensationSettled
    at: datetime
    by: str


class Made(msgspec.Struct, frozen=True):
    """A plan, what was said to it and what came of it."""

    event: ev.CompensationPlanned
    at: datetime
    by: str
    signed: tuple[Signed, ...] = ()
    out: HandedOut | None = None
    said: tuple[Settled, ...] = ()
    """What was said of what it left to a person, in order."""

    @property
    def bound(self) -> str:
        """What an approval of this plan is bound to."""
        return bound(self.event)

    def settled(self, of: ev.LeftTo, until: datetime | None = None) -> dict[int, Settled]:
        """What is settled of a list, by its lines; the last word counts."""
        last = {
            each.event.line: each
            for each in self.said
            if each.event.of == of and (until is None or each.at <= until)
        }
        return {line: each for line, each in sorted(last.items()) if not each.event.open}


class Redeemed(msgspec.Struct, frozen=True):
    """A list of used codes that was read."""

    event: ev.RedemptionsRead
    at: datetime


def bound(event: ev.CompensationPlanned) -> str:
    """One hash over policy, input and result: a change to any of them voids what was approved."""
    parts = (str(event.plan), event.policy, event.input, event.result)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def planned(incident: Incident, entry: Entry, event: ev.CompensationPlanned) -> None:
    """A plan was reckoned; earlier ones stay on record."""
    incident.plans_made.append(Made(event, entry.occurred_at, entry.by))


def approved(incident: Incident, entry: Entry, event: ev.CompensationApproved) -> None:
    """Somebody approved a plan; a second approval of one person counts once."""
    place = _place(incident, event.plan)
    if place is not None:
        made = incident.plans_made[place]
        signed = (*made.signed, Signed(event, entry.occurred_at, entry.by))
        incident.plans_made[place] = msgspec.structs.replace(made, signed=signed)


def issued(incident: Incident, entry: Entry, event: ev.CompensationIssued) -> None:
    """A plan was handed out."""
    place = _place(incident, event.plan)
    if place is not None:
        out = HandedOut(event, entry.occurred_at, entry.by)
        incident.plans_made[place] = msgspec.structs.replace(incident.plans_made[place], out=out)


def settled(incident: Incident, entry: Entry, event: ev.CompensationSettled) -> None:
    """A person settled what a plan had left to them, or says that it is open again."""
    place = _place(incident, event.plan)
    if place is not None:
        made = incident.plans_made[place]
        said = (*made.said, Settled(event, entry.occurred_at, entry.by))
        incident.plans_made[place] = msgspec.structs.replace(made, said=said)


def redeemed(incident: Incident, entry: Entry, event: ev.RedemptionsRead) -> None:
    """The shop's list of used codes was read."""
    incident.redeemed.append(Redeemed(event, entry.occurred_at))


def _place(incident: Incident, plan: int) -> int | None:
    return next((n for n, made in enumerate(incident.plans_made) if made.event.plan == plan), None)
