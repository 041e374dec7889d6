"""The state of an incident: nothing but the fold of its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec

from crisisctl.incident import events as ev
from crisisctl.incident import incoming, lessons, outgoing, remedy
from crisisctl.incident.incoming import Answered, Measured, Strategy
from crisisctl.incident.lessons import Action, Cause, Correction, Moved, Note
from crisisctl.incident.outgoing import Approval, Delivery, Draft, Kept
from crisisctl.incident.remedy import Made, Redeemed
from crisisctl.playbook.model import SEVERITIES, Fact, Milestone, Playbook, Severity
from crisisctl.playbook.regulation import Regulation, Within

StepKey = tuple[str, str]
"""Playbook name and step id: a grafted playbook may reuse an id."""


class Known(msgspec.Struct, frozen=True):
    """What is known of a fact, since when, and how surely."""

    value: ev.Plain
    status: Literal["suspected", "confirmed", "retracted"]
    source: str
    at: datetime
    seq: int
    by: str


class StepState(msgspec.Struct, frozen=True):
    """Where a step stands; `seq` is the event that put it there."""

    status: Literal["doing", "done", "skipped"]
    at: datetime
    seq: int
    because: str = ""
    open_items: tuple[str, ...] = ()
    again: bool = False
    """Come back to after it was done or skipped: its answers are asked again."""


class Decision(msgspec.Struct, frozen=True):
    """A choice with its reason."""

    playbook: str
    step: str
    fact: str
    option: str
    because: str
    at: datetime
    by: str


class Sent(msgspec.Struct, frozen=True):
    """A message that went out."""

    event: ev.MessageSent
    at: datetime
    seq: int
    by: str


class Retraction(msgspec.Struct, frozen=True):
    """A fact that turned out to be wrong."""

    fact: str
    because: str
    at: datetime
    seq: int


class Promised(msgspec.Struct, frozen=True):
    """A promise with the moment it was made."""

    event: ev.PromiseMade
    at: datetime


class Noticed(msgspec.Struct, frozen=True):
    """A decision about one of the regulators' clocks."""

    event: ev.NoticeDecided
    at: datetime
    seq: int
    by: str


class Incident(msgspec.Struct):
    """One case, as its journal tells it up to `seq`. Change it only by `apply`."""

    id: str
    seq: int = 0
    title: str = ""
    time_zone: str = "UTC"
    drill: bool = False
    status: Literal["open", "resolved", "closed"] = "open"
    severity: Severity | None = None
    severities: list[tuple[datetime, Severity, str]] = []
    plans: dict[str, Playbook] = {}
    sources: dict[str, str] = {}
    followed_since: dict[str, datetime] = {}
    """When each plan came in: one that is added later starts its own clocks then."""
    regulations: dict[str, Regulation] = {}
    noticed: list[Noticed] = []
    facts: dict[str, Known] = {}
    retractions: list[Retraction] = []
    steps: dict[StepKey, StepState] = {}
    current: ev.StepStarted | None = None
    decisions: list[Decision] = []
    roles: dict[str, str] = {}
    milestones: dict[Milestone, datetime] = {}
    drafts: list[Draft] = []
    approvals: list[Approval] = []
    deliveries: dict[str, Delivery] = {}
    sent: list[Sent] = []
    promises: list[Promised] = []
    kept: list[Kept] = []
    waived: list[ev.DeadlineWaived] = []
    commands: list[ev.CommandRan] = []
    imports: list[tuple[datetime, ev.ReviewsImported]] = []
    strategies: dict[str, Strategy] = {}
    """How each topic's reviews are answered, by topic."""
    answered: dict[str, Answered] = {}
    """Where each review stands that is not new any more, by its key."""
    waiting: int = 0
    """Complaints that nobody has seen to yet."""
    measured: list[Measured] = []
    plans_made: list[Made] = []
    """The compensation plans, each with its approvals and what was handed out of it."""
    redeemed: list[Redeemed] = []
    """What the shop's lists of used codes said, the newest last."""
    notes: list[Note] = []
    review_within: dict[str, Within] = {}
    """How soon its post-mortem must be reviewed, where that is not as usual."""
    confirmed: dict[int, datetime] = {}
    """The events that were read over and stand, and when."""
    corrections: dict[int, Correction] = {}
    """What was put right afterwards, by the event that was wrong."""
    withdrawn: dict[int, Note | Cause] = {}
    """Notes and causes of which somebody said that they were not so."""
    causes: list[Cause] = []
    reviewed: list[Moved] = []
    """The states of the post-mortem, the newest last; none: a draft."""
    actions: dict[int, Action] = {}
    circle: tuple[str, ...] | None = None
    """Who may read its words; None: everybody."""
    declared_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def playbook(self) -> Playbook:
        """The plan it was declared with."""
        return next(iter(self.plans.values()))

    def spec(self, fact: str) -> Fact | None:
        """How a fact is asked, from the first plan that knows it."""
        found = (plan.spec(fact) for plan in self.plans.values())
        return next((spec for spec in found if spec is not None), None)

    def dates(self, fact: str) -> Milestone | None:
        """The milestone that a fact dates; a plan that came later moves no time of the first."""
        spec = self.spec(fact)
        if spec is None or fact in self.playbook.facts:
            return spec.milestone if spec else None
        own = {fact.milestone for fact in self.playbook.facts.values()}
        return None if spec.milestone in own else spec.milestone

    def known(self, fact: str) -> Known | None:
        """What stands recorded for a fact, unless it was retracted."""
        known = self.facts.get(fact)
        return known if known and known.status != "retracted" else None

    @property
    def frozen(self) -> list[str]:
        """What a step has frozen and no later one has lifted yet."""
        found: dict[str, int] = {}
        for plan in self.plans.values():
            for _, step in plan.steps():
                state = self.steps.get((plan.playbook, step.id))
                if state is None or state.status != "done":
                    continue
                if step.lifts in found and found[step.lifts] < state.seq:
                    del found[step.lifts]
                if step.freezes:
                    found[step.freezes] = state.seq
        return list(found)

    def severity_at(self, moment: datetime) -> Severity:
        """The severity in force then; before anyone has judged, the worst: in doubt, higher."""
        held = [severity for at, severity, _ in self.severities if at <= moment]
        first = self.severities[0][1] if self.severities else SEVERITIES[0]
        return held[-1] if held else first


def fold(id: str, entries: Iterable[ev.Entry]) -> Incident:
    """The incident after these entries, in order."""
    incident = Incident(id)
    for entry in entries:
        apply(incident, entry)
    return incident


def apply(incident: Incident, entry: ev.Entry) -> None:
    """Advance the incident by one entry."""
    incident.seq = entry.seq
    incident.updated_at = entry.recorded_at
    folder = _FOLDERS.get(type(entry.event))
    if folder is not None:
        folder(incident, entry, entry.event)


def _declared(incident: Incident, entry: ev.Entry, event: ev.IncidentDeclared) -> None:
    incident.title = event.title
    incident.time_zone = event.time_zone
    incident.drill = event.drill
    incident.review_within = event.review_within
    incident.declared_at = entry.occurred_at
    incident.milestones["declared"] = entry.occurred_at


def _playbook(incident: Incident, entry: ev.Entry, event: ev.PlaybookAdded) -> None:
    incident.plans[event.name] = event.plan
    incident.followed_since[event.name] = entry.occurred_at
    incident.sources[event.name] = event.source


def _regulations(incident: Incident, entry: ev.Entry, event: ev.RegulationsKept) -> None:
    incident.regulations.update({each.regulation: each for each in event.regulations})


def _noticed(incident: Incident, entry: ev.Entry, event: ev.NoticeDecided) -> None:
    incident.noticed.append(Noticed(event, entry.occurred_at, entry.seq, entry.by))


def _severity(incident: Incident, entry: ev.Entry, event: ev.SeverityChanged) -> None:
    incident.severity = event.severity
    incident.severities.append((entry.occurred_at, event.severity, event.because))
    incident.severities.sort(key=lambda row: row[0])


def _role(incident: Incident, entry: ev.Entry, event: ev.RoleAssigned | ev.RoleHandedOver) -> None:
    incident.roles[event.role] = event.person


def _started(incident: Incident, entry: ev.Entry, event: ev.StepStarted) -> None:
    incident.current = event
    key = (event.playbook, event.step)
    before = incident.steps.get(key)
    again = before is not None and (before.status != "doing" or before.again)
    left_open = before.open_items if before else ()
    state = StepState("doing", entry.occurred_at, entry.seq, open_items=left_open, again=again)
    incident.steps[key] = state


def _completed(incident: Incident, entry: ev.Entry, event: ev.StepCompleted) -> None:
    state = StepState("done", entry.occurred_at, entry.seq, open_items=event.open_items)
    incident.steps[(event.playbook, event.step)] = state


def _skipped(incident: Incident, entry: ev.Entry, event: ev.StepSkipped) -> None:
    state = StepState("skipped", entry.occurred_at, entry.seq, because=event.because)
    incident.steps[(event.playbook, event.step)] = state


def _decided(incident: Incident, entry: ev.Entry, event: ev.DecisionTaken) -> None:
    incident.facts[event.fact] = Known(
        event.option, "confirmed", event.because, entry.occurred_at, entry.seq, entry.by
    )
    incident.decisions.append(
        Decision(
            event.playbook,
            event.step,
            event.fact,
            event.option,
            event.because,
            entry.occurred_at,
            entry.by,
        )
    )


def _fact(incident: Incident, entry: ev.Entry, event: ev.FactRecorded) -> None:
    incident.facts[event.fact] = Known(
        event.value, event.status, event.source, entry.occurred_at, entry.seq, entry.by
    )


def _retracted(incident: Incident, entry: ev.Entry, event: ev.FactRetracted) -> None:
    before = incident.facts.get(event.fact)
    if before is None:
        return
    retraction = Retraction(event.fact, event.because, entry.occurred_at, entry.seq)
    incident.retractions.append(retraction)
    incident.facts[event.fact] = Known(
        before.value, "retracted", event.because, entry.occurred_at, entry.seq, entry.by
    )
    dated = incident.dates(event.fact)
    if dated is not None:
        incident.milestones.pop(dated, None)
        if dated == "resolved" and incident.status == "resolved":
            incident.status = "open"


def _milestone(incident: Incident, entry: ev.Entry, event: ev.MilestoneReached) -> None:
    incident.milestones[event.milestone] = event.at
    if event.milestone == "resolved" and incident.status == "open":
        incident.status = "resolved"


def _sent(incident: Incident, entry: ev.Entry, event: ev.MessageSent) -> None:
    incident.sent.append(Sent(event, entry.occurred_at, entry.seq, entry.by))


def _restricted(incident: Incident, entry: ev.Entry, event: ev.AccessRestricted) -> None:
    incident.circle = event.circle


def _lifted(incident: Incident, entry: ev.Entry, event: ev.RestrictionLifted) -> None:
    incident.circle = None


def _closed(incident: Incident, entry: ev.Entry, event: ev.IncidentClosed) -> None:
    incident.status = "closed"


_OVER: tuple[Milestone, ...] = ("mitigated", "resolved")


def _reopened(incident: Incident, entry: ev.Entry, event: ev.IncidentReopened) -> None:
    """It broke again: what was found while resolving it no longer holds."""
    incident.status = "open"
    for milestone in _OVER:
        incident.milestones.pop(milestone, None)
    for plan in incident.plans.values():
        for step in plan.stages.get("resolve", ()):
            incident.steps.pop((plan.playbook, step.id), None)
            for name in step.ask:
                known = incident.known(name)
                if known is not None:
                    incident.facts[name] = Known(
                        known.value, "retracted", "reopened", known.at, entry.seq, entry.by
                    )


_FOLDERS: dict[type, Callable[[Incident, ev.Entry, Any], None]] = {
    ev.IncidentDeclared: _declared,
    ev.PlaybookAdded: _playbook,
    ev.RegulationsKept: _regulations,
    ev.NoticeDecided: _noticed,
    ev.SeverityChanged: _severity,
    ev.RoleAssigned: _role,
    ev.RoleHandedOver: _role,
    ev.StepStarted: _started,
    ev.StepCompleted: _completed,
    ev.StepSkipped: _skipped,
    ev.DecisionTaken: _decided,
    ev.FactRecorded: _fact,
    ev.FactRetracted: _retracted,
    ev.MilestoneReached: _milestone,
    ev.MessageDrafted: outgoing.drafted,
    ev.MessageApproved: outgoing.approved,
    ev.DeliveryIntended: outgoing.intended,
    ev.TextDelivered: outgoing.delivered,
    ev.DeliveryFailed: outgoing.failed,
    ev.MessageSent: _sent,
    ev.PromiseMade: lambda i, entry, event: i.promises.append(Promised(event, entry.occurred_at)),
    ev.PromiseKept: outgoing.kept,
    ev.DeadlineWaived: lambda incident, _, event: incident.waived.append(event),
    ev.CommandRan: lambda incident, _, event: incident.commands.append(event),
    ev.ReviewsImported: incoming.imported,
    ev.StrategyChosen: incoming.strategy,
    ev.ReviewAnswered: incoming.answered,
    ev.ReviewMarked: incoming.marked,
    ev.KpiMeasured: incoming.measured,
    ev.CompensationPlanned: remedy.planned,
    ev.CompensationApproved: remedy.approved,
    ev.CompensationIssued: remedy.issued,
    ev.CompensationSettled: remedy.settled,
    ev.RedemptionsRead: remedy.redeemed,
    ev.NoteAdded: lessons.noted,
    ev.TimelineRead: lessons.read_over,
    ev.EventCorrected: lessons.corrected,
    ev.CauseFound: lessons.cause,
    ev.PostMortemMoved: lessons.moved,
    ev.ActionAdded: lessons.added,
    ev.ActionChanged: lessons.changed,
    ev.ActionDone: lessons.done,
    ev.ActionDeclined: lessons.declined,
    ev.AccessRestricted: _restricted,
    ev.RestrictionLifted: _lifted,
    ev.IncidentClosed: _closed,
    ev.IncidentReopened: _reopened,
}
