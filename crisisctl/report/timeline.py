"""The journal as people read it: one line an event, in the order things happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

import msgspec

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.lessons import Correction
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact
from crisisctl.text import in_words, listed, moment

FEW = 3
"""Channels that are named in a line; of more it says how many."""
LATE = timedelta(minutes=2)
"""From here on a line says how much later it was written down."""


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


def timeline(incident: Incident, entries: Iterable[ev.Entry], zone: tzinfo) -> list[Line]:
    """Every event in words, by the time it happened, then by the order it was recorded."""
    telling = _Telling(incident, zone)
    lines = [
        Line(
            entry.seq,
            _happened(entry),
            entry.recorded_at,
            entry.by,
            ev.kind(entry.event),
            telling.words(entry.event),
            _is_routine(incident, entry.event),
        )
        for entry in entries
    ]
    right = [put_right(line, incident.corrections.get(line.seq)) for line in lines]
    return sorted(right, key=lambda line: (line.occurred_at, line.seq))


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


def value_in_words(spec: Fact | None, plain: ev.Plain, zone: tzinfo) -> str:
    """A recorded value in words; as it stands if no playbook here explains it."""
    if spec is not None:
        try:
            return values.words(spec, values.decode(spec, plain), zone)
        except values.BadValue:  # two playbooks may mean different things by one name
            pass
    return listed(plain) if isinstance(plain, list) else str(plain)


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
    if isinstance(event, ev.ReviewMarked):
        return event.status == "resolved"
    quiet = (
        ev.ReviewAnswered
        | ev.StepStarted
        | ev.RegulationsKept
        | ev.MessageDrafted
        | ev.DeliveryIntended
        | ev.TimelineRead
        | ev.EventCorrected
    )
    return isinstance(event, quiet | ev.TextDelivered)


class _Telling:
    def __init__(self, incident: Incident, zone: tzinfo) -> None:
        self.incident, self.zone = incident, zone

    def words(self, event: ev.Event) -> str:
        tell = _WORDS.get(type(event))
        return tell(self, event) if tell else f"({ev.kind(event)})"

    def step(self, playbook: str, id: str) -> str:
        plan = self.incident.plans.get(playbook)
        step = plan.step(id) if plan else None
        return step.title if step else id

    def value(self, fact: str, plain: ev.Plain) -> str:
        return value_in_words(self.incident.spec(fact), plain, self.zone)

    def fact(self, event: ev.FactRecorded) -> str:
        unsure = " (suspected)" if event.status == "suspected" else ""
        source = f" (source: {event.source})" if event.source else ""
        return f"{event.fact} = {self.value(event.fact, event.value)}{unsure}{source}"

    def decision(self, event: ev.DecisionTaken) -> str:
        chosen = self.value(event.fact, event.option)
        because = f" (because: {event.because})" if event.because else ""
        return f"Decided: {chosen}{because}, at: {self.step(event.playbook, event.step)}"

    def sent(self, event: ev.MessageSent) -> str:
        names = list(dict.fromkeys(text.channel for text in event.texts))
        channels = listed(names) if len(names) <= FEW else f"{len(names)} channels"
        locales = ", ".join(dict.fromkeys(text.locale for text in event.texts))
        promise = (
            f"; next update promised by {moment(event.next_update, self.zone)}"
            if event.next_update
            else ""
        )
        return f'Sent "{event.message}" to {event.to} on {channels} ({locales}){promise}'

    def approved(self, event: ev.MessageApproved) -> str:
        what = f'Approved {_texts(event.texts)} of "{event.message}"'
        if event.break_glass:
            return f"BREAK-GLASS: {what} without the approvals asked for, because {event.because}"
        if event.beforehand:
            return f"{what}: its template was approved beforehand by {event.beforehand}"
        let_stand = [f"{one.rule} ({one.because})" for one in event.overruled]
        return f"{what}; let stand: {listed(let_stand)}" if let_stand else what

    def delivered(self, event: ev.TextDelivered) -> str:
        found = self.incident.deliveries.get(event.key)
        what = f'"{found.event.message}" for {_cell(found.event)}' if found else event.key
        seen = " (seen by a person)" if event.by_hand else ""
        return f"Delivered {what}{seen}{f': {event.receipt}' * bool(event.receipt)}"

    def failed(self, event: ev.DeliveryFailed) -> str:
        found = self.incident.deliveries.get(event.key)
        what = f'"{found.event.message}" for {_cell(found.event)}' if found else event.key
        return f"Not delivered: {what}, because {event.reason}"

    def noticed(self, event: ev.NoticeDecided) -> str:
        regulation, _, name = event.clock.partition(".")
        found = self.incident.regulations.get(regulation)
        who = found.clocks[name].who if found and name in found.clocks else ""
        who = f"{event.clock}{f' ({who})' * bool(who)}"
        because = f", because {event.because}" if event.because else ""
        match event.decision:
            case "not-notified":
                return f"Not notified: {who}{because}"
            case "reopened":
                return f"Taken back what was decided about {who}{because}"
            case "delayed":
                return f"Notice delayed: {who}{because}"
        told = f" by {event.person}" if event.person else ""
        number = f", reference {event.reference}" if event.reference else ""
        return f"Notified{told}: {who}{number}{because}"

    def completed(self, event: ev.StepCompleted) -> str:
        left = f" (left open: {listed(event.open_items)})" if event.open_items else ""
        return f"Done: {self.step(event.playbook, event.step)}{left}"

    def ran(self, event: ev.CommandRan) -> str:
        return f"Ran `{event.command}`: exit code {event.exit_code}"

    def imported(self, event: ev.ReviewsImported) -> str:
        lost = f", {event.unreadable} rows unreadable" if event.unreadable else ""
        files = listed(event.files)
        return f"Read {event.read} reviews from {files}, {event.new} new{lost}: {event.verdict}"

    def strategy(self, event: ev.StrategyChosen) -> str:
        because = f", because {event.because}" if event.because else ""
        other = event.proposed if event.proposed != event.strategy else ""
        against = f" (proposed: {other})" if other else ""
        return f"Reviews about {event.topic}: {event.strategy}{against}{because}"

    def measured(self, event: ev.KpiMeasured) -> str:
        what = "target for " if event.target else ""
        source = f" (source: {event.source})" if event.source else ""
        return f"Measured: {what}{event.kpi} = {event.value:g}{source}"

    def planned(self, event: ev.CompensationPlanned) -> str:
        changed = f", policy changed: {'; '.join(event.changes)}" if event.changes else ""
        because = f", because {event.because}" if event.because else ""
        return (
            f"Compensation plan {event.plan} from {event.file}: {event.customers:,} customers, "
            f"probably {event.expected} {event.currency}{changed}{because}"
        )

    def handed_out(self, event: ev.CompensationIssued) -> str:
        many = sum(line.customers for line in event.lines)
        already = f"; {event.already:,} had it already" if event.already else ""
        return (
            f"Handed out compensation plan {event.plan}: {many:,} offers and refunds, "
            f"{event.codes:,} codes{already}"
        )

    def used(self, event: ev.RedemptionsRead) -> str:
        many = sum(line.used for line in event.lines)
        return f"Read {event.file}: {many:,} codes were used so far"

    def changed(self, event: ev.ActionChanged) -> str:
        said = [
            f"{n} {v}"
            for n in ("title", "owner", "due", "kind", "link")
            if (v := getattr(event, n))
        ]
        because = f", because {event.because}" if event.because else ""
        return f"Action item {event.action} changed: {listed(said)}{because}"

    def corrected(self, event: ev.EventCorrected) -> str:
        when = f" at {moment(event.at, self.zone)}" if event.at else ""
        what = "did not happen" if event.withdrawn else f"happened{when}"
        words = f": {event.text}" if event.text else ""
        return f"Corrected: event {event.seq} {what}{words}, because {event.because}"

    def promised(self, event: ev.PromiseMade) -> str:
        return f"Promised: {event.title} by {moment(event.due, self.zone)}"

    def waived(self, event: ev.DeadlineWaived) -> str:
        due = moment(event.due, self.zone)
        return f"Waived: {event.deadline}, due {due}, because {event.because}"


def _texts(texts: Sequence[object]) -> str:
    return f"{len(texts)} text{'' if len(texts) == 1 else 's'}"


def _cell(event: ev.DeliveryIntended) -> str:
    return f"{event.channel}.{event.locale}"


def _role(name: str) -> str:
    return name.replace("-", " ")


_WORDS: dict[type, Callable[[_Telling, Any], str]] = {
    ev.IncidentDeclared: lambda _, e: f"Declared{' as a drill' if e.drill else ''}: {e.title}",
    ev.PlaybookAdded: lambda _, e: (
        f"Following the playbook {e.name}{f', because {e.because}' * bool(e.because)}"
    ),
    ev.RegulationsKept: lambda _, e: f"Kept {len(e.regulations)} regulations as they stand today",
    ev.NoticeDecided: _Telling.noticed,
    ev.SeverityChanged: lambda _, e: f"Severity {e.severity}: {e.because}",
    ev.RoleAssigned: lambda _, e: f"{e.person} is {_role(e.role)}",
    ev.RoleHandedOver: lambda _, e: f"{e.previous} handed {_role(e.role)} over to {e.person}",
    ev.StepStarted: lambda t, e: f"Began: {t.step(e.playbook, e.step)}",
    ev.StepCompleted: _Telling.completed,
    ev.StepSkipped: lambda t, e: f"Skipped: {t.step(e.playbook, e.step)}, because {e.because}",
    ev.DecisionTaken: _Telling.decision,
    ev.FactRecorded: _Telling.fact,
    ev.FactRetracted: lambda _, e: (
        f"Retracted {e.fact}{f', because {e.because}' * bool(e.because)}"
    ),
    ev.MilestoneReached: lambda _, e: f"Milestone: {e.milestone}",
    ev.MessageDrafted: lambda _, e: f'Drafted {_texts(e.texts)} of "{e.message}"',
    ev.MessageApproved: _Telling.approved,
    ev.DeliveryIntended: lambda _, e: f'Handing "{e.message}" to {e.via} for {_cell(e)}',
    ev.TextDelivered: _Telling.delivered,
    ev.DeliveryFailed: _Telling.failed,
    ev.MessageSent: _Telling.sent,
    ev.PromiseMade: _Telling.promised,
    ev.PromiseKept: lambda _, e: f"Kept: {e.promise}{f' ({e.how})' * bool(e.how)}",
    ev.DeadlineWaived: _Telling.waived,
    ev.CommandRan: _Telling.ran,
    ev.ReviewsImported: _Telling.imported,
    ev.StrategyChosen: _Telling.strategy,
    ev.ReviewAnswered: lambda _, e: f"Answered review {e.review} on {e.channel} ({e.locale})",
    ev.ReviewMarked: lambda _, e: (
        f"Review {e.review}: {e.status}{f', because {e.because}' * bool(e.because)}"
    ),
    ev.KpiMeasured: _Telling.measured,
    ev.CompensationPlanned: _Telling.planned,
    ev.CompensationApproved: lambda _, e: (
        f"Approved compensation plan {e.plan}{f' as {_role(e.role)}' * bool(e.role)}"
    ),
    ev.CompensationIssued: _Telling.handed_out,
    ev.RedemptionsRead: _Telling.used,
    ev.NoteAdded: lambda _, e: e.text,
    ev.ActionAdded: lambda _, e: f"Action item {e.action}: {e.title}",
    ev.ActionChanged: _Telling.changed,
    ev.ActionDone: lambda _, e: f"Action item {e.action} done: {e.outcome}",
    ev.ActionDeclined: lambda _, e: f"Action item {e.action} declined, because {e.because}",
    ev.TimelineRead: lambda _, e: f"Read over: {len(e.events)} lines of the timeline stand",
    ev.EventCorrected: _Telling.corrected,
    ev.CauseFound: lambda _, e: f"Cause: {e.text}",
    ev.PostMortemMoved: lambda _, e: (
        f"Post-mortem: {e.status.replace('-', ' ')}{f', because {e.because}' * bool(e.because)}"
    ),
    ev.AccessRestricted: lambda _, e: f"Restricted to {', '.join(e.circle)}, because {e.because}",
    ev.RestrictionLifted: lambda _, e: f"No longer restricted, because {e.because}",
    ev.IncidentClosed: lambda _, e: f"Closed{': ' + e.because if e.because else ''}",
    ev.IncidentReopened: lambda _, e: f"Reopened, because {e.because}",
    ev.Unknown: lambda _, e: f"({e.kind}, recorded by a newer crisisctl)",
}
