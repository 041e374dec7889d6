"""Deciding about the regulators' clocks: told, not told and why, late and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from crisisctl.deadlines.notices import Notice, notices
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.playbook.model import Recipient
from crisisctl.text import did_you_mean, listed


class Decision(Struct, frozen=True):
    """What is decided about a clock."""

    decision: ev.Decided = "notified"
    because: str = ""
    reference: str = ""
    person: str = ""


def decide(
    incident: Incident, id: str, decision: Decision, *, at: datetime, now: datetime
) -> list[ev.Event]:
    """Record a decision; `at` is when they were told, or when it was decided.

    Raises for a clock that does not run here, a moment that cannot be right,
    and a decision that the law wants reasons for.
    """
    notice = notice_of(incident, id, now=now)
    clock = notice.running
    if at > now:
        raise CrisisError(f"{id}: that moment is still to come", hint="record it when it happened")
    if decision.decision == "reopened" and notice.decided is None:
        raise CrisisError(f"{id}: nothing was decided that could be taken back")
    because = decision.because.strip() or _delay(notice, decision, at)
    if not because and (why := _wants_reason(notice, decision, at)):
        raise CrisisError(f"{id}: {why}", hint='add --because "…"; the register will show it')
    return [
        ev.NoticeDecided(
            clock=id,
            decision=decision.decision,
            due=clock.due,
            because=because,
            reference=decision.reference.strip(),
            person=decision.person.strip(),
            as_of=clock.regulation.as_of,
        )
    ]


def notice_of(incident: Incident, id: str, *, now: datetime) -> Notice:
    """The clock of that name. Raises, saying which there are."""
    every = notices(incident, now=now)
    for notice in every:
        if notice.id == id:
            return notice
    if not every:
        hint = "clocks come with a playbook that has `regulators:`, once the countries are known"
        raise CrisisError("no regulator's clock runs in this incident", hint=hint)
    known = [notice.id for notice in every]
    guess = did_you_mean(id, known)
    hint = f'did you mean "{guess}"?' if guess else f"clocks: {listed(known)}"
    raise CrisisError(f'there is no clock "{id}"', hint=hint)


def to_decide(
    incident: Incident, recipients: Sequence[Recipient], *, now: datetime
) -> list[Notice]:
    """The clocks for these recipients that have begun and wait for a decision."""
    return [
        notice
        for notice in notices(incident, now=now)
        if notice.open and notice.running.clock.to in recipients
    ]


def _delay(notice: Notice, decision: Decision, at: datetime) -> str:
    """A late notice carries the reasons that were given for the delay."""
    before = notice.decided
    if before is None or before.event.decision != "delayed" or not _late(notice, decision, at):
        return ""
    return before.event.because


def _late(notice: Notice, decision: Decision, at: datetime) -> bool:
    due = notice.running.due
    return decision.decision == "notified" and due is not None and at > due


def _wants_reason(notice: Notice, decision: Decision, at: datetime) -> str:
    if decision.decision == "not-notified":
        return "not telling them needs a reason"
    if decision.decision == "delayed":
        return "a delay needs a reason"
    if decision.decision == "reopened":
        return "taking a decision back needs a reason"
    since = notice.running.since
    if since is not None and at < since:
        return f"told at {at:%Y-%m-%d %H:%M}, before its clock began"
    if _late(notice, decision, at):
        return "told late: the notice must say why, and so must the record"
    return ""
