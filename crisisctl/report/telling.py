"""One event in words, for the timeline of a terminal and of a report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact
from crisisctl.report.words import Words
from crisisctl.text import listed, safe

FEW = 3
"""Channels that are named in a line; of more it says how many."""


def value_in_words(
    spec: Fact | None, plain: ev.Plain, zone: tzinfo, say: Words | None = None
) -> str:
    """A recorded value in words; as it stands if no playbook here explains it."""
    if spec is not None:
        try:
            value = values.decode(spec, plain)
            return _said(spec, value, say) or values.words(spec, value, zone)
        except values.BadValue:  # two playbooks may mean different things by one name
            pass
    return listed(plain) if isinstance(plain, list) else str(plain)


def _said(spec: Fact, value: values.Value, say: Words | None) -> str:
    """What of values is words of a language; nothing where a value reads the same in all."""
    if say is None or say.locale == "en":
        return ""
    match value:
        case bool():
            return say("yes") if value else say("no")
        case timedelta():
            return say.span(value)
        case tuple():
            return say.listed(safe(spec.choices.get(key, key)) for key in value)
        case int() | Decimal():
            return say.number(value)
    return ""


def teller(
    incident: Incident, zone: tzinfo, say: Words, *, asked: bool = False
) -> Callable[[ev.Event], str]:
    """What puts the events of one incident into words of one language.

    With `asked` a fact stands behind its question, for those who never saw its name.
    """
    return _Telling(incident, zone, say, asked).words


class _Telling:
    def __init__(self, incident: Incident, zone: tzinfo, say: Words, asked: bool) -> None:
        self.incident, self.zone, self.say, self.asked = incident, zone, say, asked
        self.steps = {
            (plan.playbook, step.id): step.title
            for plan in incident.plans.values()
            for _, step in plan.steps()
        }

    def words(self, event: ev.Event) -> str:
        tell = _WORDS.get(type(event))
        return tell(self, event) if tell else self.say("event.other", kind=ev.kind(event))

    def step(self, playbook: str, id: str) -> str:
        return self.steps.get((playbook, id), id)

    def value(self, fact: str, plain: ev.Plain) -> str:
        return value_in_words(self.incident.spec(fact), plain, self.zone, self.say)

    def at(self, when: datetime) -> str:
        return self.say.moment(when, self.zone)

    def declared(self, event: ev.IncidentDeclared) -> str:
        key = "event.declared-drill" if event.drill else "event.declared"
        return self.say(key, title=event.title)

    def role(self, event: ev.RoleAssigned) -> str:
        return self.say("event.role", person=event.person, role=_role(event.role))

    def handover(self, event: ev.RoleHandedOver) -> str:
        return self.say(
            "event.handover", previous=event.previous, role=_role(event.role), person=event.person
        )

    def began(self, event: ev.StepStarted) -> str:
        return self.say("event.began", step=self.step(event.playbook, event.step))

    def completed(self, event: ev.StepCompleted) -> str:
        step = self.step(event.playbook, event.step)
        if not event.open_items:
            return self.say("event.done", step=step)
        return self.say("event.done-open", step=step, open=self.say.listed(event.open_items))

    def skipped(self, event: ev.StepSkipped) -> str:
        step = self.step(event.playbook, event.step)
        return self.say("event.skipped", step=step, because=event.because)

    def decision(self, event: ev.DecisionTaken) -> str:
        return self.say(
            "event.decided",
            chosen=self.value(event.fact, event.option),
            reason=self.say("event.reason", because=event.because) if event.because else "",
            step=self.step(event.playbook, event.step),
        )

    def source(self, source: str) -> str:
        return self.say("event.source", source=source) if source else ""

    def fact(self, event: ev.FactRecorded) -> str:
        spec = self.incident.spec(event.fact)
        told = {
            "value": self.value(event.fact, event.value),
            "suspected": self.say("event.suspected") if event.status == "suspected" else "",
            "source": self.source(event.source),
        }
        if self.asked and spec is not None and spec.ask:
            return self.say("event.asked", ask=spec.ask, **told)
        return self.say("event.fact", fact=event.fact, **told)

    def retracted(self, event: ev.FactRetracted) -> str:
        because = self.say.because(event.because)
        return self.say("event.retracted", fact=event.fact, because=because)

    def milestone(self, event: ev.MilestoneReached) -> str:
        name = self.say(f"milestone.{event.milestone}")
        return self.say("event.milestone", milestone=name)

    def drafted(self, event: ev.MessageDrafted) -> str:
        return self.say.many("event.drafted", len(event.texts), message=event.message)

    def approved(self, event: ev.MessageApproved) -> str:
        what = self.say.many("event.approved", len(event.texts), message=event.message)
        if event.break_glass:
            return self.say("event.break-glass", what=what, because=event.because)
        if event.beforehand:
            return self.say("event.beforehand", what=what, who=event.beforehand)
        if not event.overruled:
            return what
        rules = self.say.listed(f"{one.rule} ({one.because})" for one in event.overruled)
        return self.say("event.let-stand", what=what, rules=rules)

    def handing(self, event: ev.DeliveryIntended) -> str:
        return self.say("event.handing", message=event.message, via=event.via, cell=_cell(event))

    def text_of(self, key: str) -> str:
        found = self.incident.deliveries.get(key)
        if found is None:
            return key
        return self.say("event.for", message=found.event.message, cell=_cell(found.event))

    def delivered(self, event: ev.TextDelivered) -> str:
        return self.say(
            "event.delivered",
            what=self.text_of(event.key),
            seen=self.say("event.seen") if event.by_hand else "",
            receipt=self.say("event.receipt", receipt=event.receipt) if event.receipt else "",
        )

    def failed(self, event: ev.DeliveryFailed) -> str:
        return self.say("event.failed", what=self.text_of(event.key), reason=event.reason)

    def sent(self, event: ev.MessageSent) -> str:
        names = list(dict.fromkeys(text.channel for text in event.texts))
        few = len(names) <= FEW
        next_update = event.next_update
        return self.say(
            "event.sent",
            message=event.message,
            to=self.say.known(f"to.{event.to}", event.to),
            channels=self.say.listed(names) if few else self.say.many("event.channels", len(names)),
            locales=", ".join(dict.fromkeys(text.locale for text in event.texts)),
            promise=self.say("event.next-update", at=self.at(next_update)) if next_update else "",
        )

    def promised(self, event: ev.PromiseMade) -> str:
        return self.say("event.promised", title=event.title, at=self.at(event.due))

    def kept(self, event: ev.PromiseKept) -> str:
        if not event.how:
            return self.say("event.kept", promise=event.promise)
        return self.say("event.kept-how", promise=event.promise, how=event.how)

    def waived(self, event: ev.DeadlineWaived) -> str:
        due = self.at(event.due)
        return self.say("event.waived", deadline=event.deadline, due=due, because=event.because)

    def noticed(self, event: ev.NoticeDecided) -> str:
        regulation, _, name = event.clock.partition(".")
        found = self.incident.regulations.get(regulation)
        who = found.clocks[name].who if found and name in found.clocks else ""
        return self.say(
            _NOTICES[event.decision],
            who=f"{event.clock} ({who})" if who else event.clock,
            because=self.say.because(event.because),
            person=self.say("event.told-by", person=event.person) if event.person else "",
            number=self.say("event.number", number=event.reference) if event.reference else "",
        )

    def imported(self, event: ev.ReviewsImported) -> str:
        lost = self.say.many("event.unreadable", event.unreadable) if event.unreadable else ""
        return self.say(
            "event.imported",
            read=self.say.number(event.read),
            files=self.say.listed(event.files),
            new=self.say.number(event.new),
            lost=lost,
            verdict=self.say.known(f"verdict.{event.verdict}", event.verdict),
        )

    def strategy(self, event: ev.StrategyChosen) -> str:
        other = event.proposed if event.proposed != event.strategy else ""
        return self.say(
            "event.strategy",
            topic=event.topic,
            strategy=event.strategy,
            against=self.say("event.proposed", other=other) if other else "",
            because=self.say.because(event.because),
        )

    def answered(self, event: ev.ReviewAnswered) -> str:
        return self.say(
            "event.answered", review=event.review, channel=event.channel, locale=event.locale
        )

    def marked(self, event: ev.ReviewMarked) -> str:
        because = self.say.because(event.because)
        status = self.say.known(f"heard.status.{event.status}", event.status)
        return self.say("event.review", review=event.review, status=status, because=because)

    def measured(self, event: ev.KpiMeasured) -> str:
        return self.say(
            "event.target" if event.target else "event.measured",
            kpi=event.kpi,
            value=self.say.number(Decimal(repr(event.value).removesuffix(".0"))),
            source=self.source(event.source),
        )

    def planned(self, event: ev.CompensationPlanned) -> str:
        changes = self.say.row(event.changes)
        return self.say(
            "event.planned",
            plan=str(event.plan),
            file=event.file,
            customers=self.say.number(event.customers),
            expected=self.say.money(event.expected, event.currency),
            changed=self.say("event.policy", changes=changes) if changes else "",
            because=self.say.because(event.because),
        )

    def plan_approved(self, event: ev.CompensationApproved) -> str:
        if not event.role:
            return self.say("event.plan-approved", plan=str(event.plan))
        return self.say("event.plan-approved-as", plan=str(event.plan), role=_role(event.role))

    def handed_out(self, event: ev.CompensationIssued) -> str:
        already = self.say.number(event.already)
        return self.say(
            "event.issued",
            plan=str(event.plan),
            many=self.say.number(sum(line.customers for line in event.lines)),
            codes=self.say.number(event.codes),
            already=self.say("event.already", n=already) if event.already else "",
        )

    def settled(self, event: ev.CompensationSettled) -> str:
        place = "event.settled-row" if event.of == "rows" else "event.settled-customer"
        where = self.say(place, line=str(event.line), plan=str(event.plan))
        because = self.say.because(event.because)
        if event.open:
            return self.say("event.settled-open", where=where, because=because)
        paid = self.say("event.settled-nothing")
        if event.paid and event.owed:
            sums = (self.say.number(event.paid), self.say.money(event.owed, event.currency))
            paid = self.say("event.settled-of", paid=sums[0], owed=sums[1])
        elif event.paid:
            paid = self.say("event.settled-paid", paid=self.say.money(event.paid, event.currency))
        return self.say("event.settled", where=where, paid=paid, because=because)

    def used(self, event: ev.RedemptionsRead) -> str:
        many = self.say.number(sum(line.used for line in event.lines))
        return self.say("event.redeemed", file=event.file, many=many)

    def corrected(self, event: ev.EventCorrected) -> str:
        told = [self.say("event.withdrawn")] if event.withdrawn else []
        if event.at:
            told.append(self.say("event.corrected-at", at=self.at(event.at)))
        if event.text:
            told.append(self.say("event.corrected-text", text=event.text))
        what = self.say.listed(told)
        return self.say("event.corrected", seq=str(event.seq), what=what, because=event.because)

    def moved(self, event: ev.PostMortemMoved) -> str:
        because = self.say.because(event.because)
        status = self.say(f"review.{event.status}")
        return self.say("event.post-mortem", status=status, because=because)

    def action(self, event: ev.ActionAdded) -> str:
        return self.say("event.action", n=str(event.action), title=event.title)

    def changed(self, event: ev.ActionChanged) -> str:
        kind = self.say(f"action.{event.kind}") if event.kind else ""
        said = (event.title, event.owner, event.due, kind, event.link)
        return self.say(
            "event.action-changed",
            n=str(event.action),
            what=self.say.listed(filter(None, said)),
            because=self.say.because(event.because),
        )

    def closed(self, event: ev.IncidentClosed) -> str:
        if not event.because:
            return self.say("event.closed")
        return self.say("event.closed-because", because=event.because)


_NOTICES = {
    "notified": "event.told",
    "not-notified": "event.not-told",
    "delayed": "event.told-later",
    "reopened": "event.untold",
}


def _cell(event: ev.DeliveryIntended) -> str:
    return f"{event.channel}.{event.locale}"


def _role(name: str) -> str:
    return name.replace("-", " ")


_WORDS: dict[type, Callable[[_Telling, Any], str]] = {
    ev.IncidentDeclared: _Telling.declared,
    ev.PlaybookAdded: lambda t, e: t.say(
        "event.playbook", name=e.name, because=t.say.because(e.because)
    ),
    ev.RegulationsKept: lambda t, e: t.say.many("event.regulations", len(e.regulations)),
    ev.NoticeDecided: _Telling.noticed,
    ev.SeverityChanged: lambda t, e: t.say(
        "event.severity", severity=e.severity, because=e.because
    ),
    ev.RoleAssigned: _Telling.role,
    ev.RoleHandedOver: _Telling.handover,
    ev.StepStarted: _Telling.began,
    ev.StepCompleted: _Telling.completed,
    ev.StepSkipped: _Telling.skipped,
    ev.DecisionTaken: _Telling.decision,
    ev.FactRecorded: _Telling.fact,
    ev.FactRetracted: _Telling.retracted,
    ev.MilestoneReached: _Telling.milestone,
    ev.MessageDrafted: _Telling.drafted,
    ev.MessageApproved: _Telling.approved,
    ev.DeliveryIntended: _Telling.handing,
    ev.TextDelivered: _Telling.delivered,
    ev.DeliveryFailed: _Telling.failed,
    ev.MessageSent: _Telling.sent,
    ev.PromiseMade: _Telling.promised,
    ev.PromiseKept: _Telling.kept,
    ev.DeadlineWaived: _Telling.waived,
    ev.CommandRan: lambda t, e: t.say("event.ran", command=e.command, code=str(e.exit_code)),
    ev.ReviewsImported: _Telling.imported,
    ev.StrategyChosen: _Telling.strategy,
    ev.ReviewAnswered: _Telling.answered,
    ev.ReviewMarked: _Telling.marked,
    ev.KpiMeasured: _Telling.measured,
    ev.CompensationPlanned: _Telling.planned,
    ev.CompensationApproved: _Telling.plan_approved,
    ev.CompensationIssued: _Telling.handed_out,
    ev.RedemptionsRead: _Telling.used,
    ev.CompensationSettled: _Telling.settled,
    ev.NoteAdded: lambda _, e: e.text,
    ev.TimelineRead: lambda t, e: t.say.many("event.read-over", len(e.events)),
    ev.EventCorrected: _Telling.corrected,
    ev.CauseFound: lambda t, e: t.say("event.cause", text=e.text),
    ev.PostMortemMoved: _Telling.moved,
    ev.ActionAdded: _Telling.action,
    ev.ActionChanged: _Telling.changed,
    ev.ActionDone: lambda t, e: t.say("event.action-done", n=str(e.action), outcome=e.outcome),
    ev.ActionDeclined: lambda t, e: t.say(
        "event.action-declined", n=str(e.action), because=e.because
    ),
    ev.AccessRestricted: lambda t, e: t.say(
        "event.restricted", circle=", ".join(e.circle), because=e.because
    ),
    ev.RestrictionLifted: lambda t, e: t.say("event.lifted", because=e.because),
    ev.IncidentClosed: _Telling.closed,
    ev.IncidentReopened: lambda t, e: t.say("event.reopened", because=e.because),
    ev.Unknown: lambda t, e: t.say("event.unknown", kind=e.kind),
}
