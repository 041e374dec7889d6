"""What somebody must know who takes over an incident in the middle of the night."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

import msgspec

from crisisctl.deadlines.notices import notices
from crisisctl.deadlines.owed import Due
from crisisctl.incident.fold import Incident, Sent
from crisisctl.incident.lessons import Action
from crisisctl.messages.history import kept_words
from crisisctl.report.data import Json, View, seconds
from crisisctl.report.post_mortem import FactLine, facts_in_words
from crisisctl.report.status import Status

CUSTOMERS = "customers"
STEPS = 3
"""So many of the next steps are told: more is what `resume` is for."""
_BRIEF = ("short", "status-page", "x", "sms")
"""The channels whose text says it soonest."""


class Step(msgspec.Struct, frozen=True):
    """One of the next steps of a playbook."""

    playbook: str
    step: str
    title: str
    role: str = ""
    decides: bool = False
    """Whether somebody has to choose."""
    sends: str = ""
    """The message that goes out in it."""


class Waiting(msgspec.Struct, frozen=True):
    """A message that somebody has to see to."""

    message: str
    what: str
    """What is wanted of them, in words."""


class Said(msgspec.Struct, frozen=True):
    """What customers were told last."""

    sent: Sent
    channel: str = ""
    locale: str = ""
    words: str = ""
    """One of its texts; empty where the record does not keep it."""


class Handover(msgspec.Struct, frozen=True):
    """An incident for whoever takes it over."""

    status: Status
    zone: tzinfo
    now: datetime
    known: list[FactLine]
    """Confirmed, what matters most first: the impact, then the newest."""
    suspected: list[FactLine]
    roles: list[tuple[str, str]]
    """Each role of the playbooks with who holds it; empty where nobody does."""
    actions: list[Action]
    said: Said | None
    steps: list[Step]
    waiting: list[Waiting]
    owed: list[str]
    """Notices to authorities and people that are owed without undue delay, so without a time."""

    @property
    def incident(self) -> Incident:
        """What it is about."""
        return self.status.incident

    @property
    def due(self) -> tuple[Due, ...]:
        """What is promised and due, the longest overdue first."""
        return self.status.open_deadlines

    def json(self) -> Json:
        """The same for programs."""
        view, status = View(self.zone), self.status
        return {
            **view.head(self.incident),
            "at": view.at(self.now),
            "declared_at": view.at(self.incident.declared_at),
            "elapsed_seconds": seconds(status.elapsed),
            "known": [_fact(view, line) for line in self.known],
            "suspected": [_fact(view, line) for line in self.suspected],
            "due": [view.due(due) for due in self.due],
            "owed": self.owed,
            "roles": {role: person or None for role, person in self.roles},
            "actions": [
                {
                    "action": a.number,
                    "title": a.title,
                    "owner": a.owner or None,
                    "due": a.due or None,
                }
                for a in self.actions
            ],
            "said_last": _said(view, self.said) if self.said else None,
            "next_steps": [
                {
                    "playbook": step.playbook,
                    "step": step.step,
                    "title": step.title,
                    "role": step.role or None,
                    "decides": step.decides,
                    "sends": step.sends or None,
                }
                for step in self.steps
            ],
            "waiting": [{"message": each.message, "what": each.what} for each in self.waiting],
            "also": list(status.also),
            "next_command": status.next_command or None,
        }


def handover(
    status: Status,
    *,
    steps: Sequence[Step],
    wanted: Mapping[str, str],
    zone: tzinfo,
    now: datetime,
) -> Handover:
    """Gather it. `wanted` says of each draft on record which approvals it still needs."""
    incident = status.incident
    lines = facts_in_words(incident, zone)
    impact = {name for plan in incident.plans.values() for name in plan.impact}
    lines = [line for line in lines if not _is_setting(incident, line.name)]
    lines.sort(key=lambda line: (line.name not in impact, -line.known.seq))
    by_status = {
        status: [line for line in lines if line.known.status == status]
        for status in ("confirmed", "suspected")
    }
    return Handover(
        status=status,
        zone=zone,
        now=now,
        known=by_status["confirmed"],
        suspected=by_status["suspected"],
        roles=list(_roles(incident, steps)),
        actions=[action for action in incident.actions.values() if action.status == "open"],
        said=_last_said(incident),
        steps=list(steps[:STEPS]),
        waiting=[*_deliveries(incident), *_approvals(wanted)],
        owed=[each.title for each in notices(incident, now=now) if each.state == "owed"],
    )


def _is_setting(incident: Incident, name: str) -> bool:
    """What the shop is called was known before."""
    spec = incident.spec(name)
    return spec is not None and bool(spec.workspace)


def _roles(incident: Incident, steps: Iterable[Step]) -> Iterator[tuple[str, str]]:
    """Who holds what; of roles that nobody holds, those that the steps ahead need."""
    yield from incident.roles.items()
    needed = dict.fromkeys(step.role for step in steps if step.role)
    for role in needed:
        if role not in incident.roles:
            yield role, ""


def _last_said(incident: Incident) -> Said | None:
    sent = [one for one in incident.sent if one.event.to == CUSTOMERS and one.event.texts]
    if not sent:
        return None
    last = max(sent, key=lambda one: (one.at, one.seq))
    kept = kept_words(incident)
    texts = [text for text in last.event.texts if text.sha256 in kept]
    if not texts:
        return Said(last)
    order = {channel: place for place, channel in enumerate(_BRIEF)}
    text = min(texts, key=lambda t: (t.locale != "en", order.get(t.channel, len(order))))
    return Said(last, text.channel, text.locale, kept[text.sha256].body)


def _deliveries(incident: Incident) -> Iterator[Waiting]:
    """What nobody knows the end of, and what surely failed and was not tried again."""
    last = {
        (found.event.message, found.event.channel, found.event.locale): found
        for found in sorted(incident.deliveries.values(), key=lambda found: found.seq)
    }
    for (message, channel, locale), found in last.items():
        cell = f"{channel}.{locale}"
        if found.state == "intended":
            yield Waiting(message, f"nobody knows whether it arrived on {cell}: look there")
        elif found.state == "failed":
            reason = f": {found.detail}" if found.detail else ""
            yield Waiting(message, f"not delivered on {cell}{reason}")


def _approvals(wanted: Mapping[str, str]) -> Iterator[Waiting]:
    for message, what in wanted.items():
        yield Waiting(message, what or "approved, and not sent")


def _fact(view: View, line: FactLine) -> Json:
    return {"fact": line.name, "words": line.words, **view.fact(line.known)}


def _said(view: View, said: Said) -> Json:
    event = said.sent.event
    return {
        "message": event.message,
        "at": view.at(said.sent.at),
        "by": said.sent.by,
        "next_update": view.at(event.next_update),
        "channel": said.channel or None,
        "locale": said.locale or None,
        "words": said.words or None,
    }
