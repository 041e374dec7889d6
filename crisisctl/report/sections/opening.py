"""What a reader asks first: what happened, whom it hit, when we noticed, in which times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from crisisctl.report.blocks import Block, Entry, Items, Picture, Table, Text
from crisisctl.report.history import by_severity
from crisisctl.report.pictures import Phase, phase_bar
from crisisctl.report.post_mortem import PostMortem
from crisisctl.report.timeline import value_in_words
from crisisctl.report.words import Words


def summary(report: PostMortem, say: Words) -> Iterator[Block]:
    """The whole of it in a few sentences, and its phases as a picture."""
    sentences = list(_sentences(report, say))
    if sentences:
        yield Text(" ".join(sentences), "lead")
    milestones = sorted(report.incident.milestones.items(), key=lambda row: row[1])
    yield Items(
        tuple(
            Entry(say.moment(at, report.zone), say.capital(say(f"milestone.{name}")))
            for name, at in milestones
        )
    )
    phases = [
        Phase(
            say.labelled(say(f"phase.{name}"), say.span(until - since)),
            say.span(until - since),
            since,
            until,
        )
        for (_, since), (name, until) in pairwise(milestones)
        if until > since
    ]
    if phases:
        text = say.row(phase.title for phase in phases)
        yield Picture(phase_bar(phases, say("phase.picture"), text), say("phase.picture"))


def _sentences(report: PostMortem, say: Words) -> Iterator[str]:
    spans = {m.name: m.span for m in report.metrics if m.span is not None and m.span >= timedelta()}
    for name in ("time_to_mitigate", "time_to_detect", "time_to_first_message"):
        if name in spans:
            yield say(f"summary.{name}", span=say.span(spans[name]))
    if report.withheld:
        return
    if report.stakes.customers_first:
        yield say("summary.customers-first")
    cause, spec = report.incident.known("cause"), report.incident.spec("cause")
    if cause is not None and spec is not None:
        words = value_in_words(spec, cause.value, report.zone, say)
        yield say(f"summary.cause-{cause.status}", cause=words.rstrip("."))
    if report.sent:
        yield say.many("summary.messages", len(report.sent))
    ours = [due for due in report.deadlines if due.kind != "notice" and not due.open]
    if ours:
        met = say.number(sum(due.state == "met" for due in ours))
        yield say.many("summary.deadlines", len(ours), met=met)
    if report.actions:
        left = say.number(sum(action.status == "open" for action in report.actions))
        yield say.many("summary.actions", len(report.actions), open=left)


def impact(report: PostMortem, say: Words) -> Iterator[Block]:
    """Whom it hit and how badly, in minutes of each severity, people and money."""
    stakes, found = report.stakes, []
    for line in report.impact:
        found.append(Entry(f"{line.words}{_unsure(line.known.status, say)}", line.question))
    if stakes.customers is not None:
        found.append(Entry(say.number(stakes.customers), say("impact.customers")))
    if stakes.support is not None:
        found.append(Entry(say.number(stakes.support), say("impact.support")))
    if stakes.orders_at_risk is not None:
        orders = say("impact.usual", value=say.number(stakes.orders_at_risk))
        found.append(Entry(orders, say("impact.orders")))
    if stakes.at_risk is not None:
        money = say("impact.usual", value=say.money(stakes.at_risk, stakes.currency))
        found.append(Entry(money, say("impact.at-risk")))
    good = report.made_good
    if good is not None:
        found.append(Entry(say.money(good.so_far, good.currency), say("impact.spent")))
    if found:
        yield Items(tuple(found))
    if report.spells:
        minutes = (f"{name} {say.span(span)}" for name, span in by_severity(report.spells))
        yield Text(say("impact.minutes", spans=say.row(minutes)))
        heads = tuple(say(f"head.{name}") for name in ("severity", "since", "for", "because"))
        rows = tuple(
            (s.severity, say.moment(s.since, report.zone), say.span(s.until - s.since), s.because)
            for s in report.spells
        )
        yield Table(heads, rows)
    if not found and not report.spells:
        yield Text(say("impact.none"), "quiet")


def _unsure(status: str, say: Words) -> str:
    return "" if status == "confirmed" else f" ({say(f'fact.{status}')})"


def detection(report: PostMortem, say: Words) -> Iterator[Block]:
    """Who noticed it, how late, and whether customers were first."""
    incident, stakes = report.incident, report.stakes
    known, spec = incident.known(stakes.noticed_by), incident.spec(stakes.noticed_by)
    if known is not None:
        words = value_in_words(spec, known.value, report.zone, say)
        yield Text(say("detection.by", who=words, unsure=_unsure(known.status, say)))
        yield Text(say(f"detection.customers-{'yes' if stakes.customers_first else 'no'}"))
    spans = {m.name: m.span for m in report.metrics if m.span is not None}
    for name in ("time_to_detect", "time_to_acknowledge"):
        if spans.get(name, timedelta()) > timedelta():
            yield Text(say(f"detection.{name}", span=say.span(spans[name])))
    told = [note.text for note in incident.notes if note.topic == "alert"]
    if told:
        yield Items(tuple(Entry(text, say("detection.alert")) for text in told))


def metrics(report: PostMortem, say: Words) -> Iterator[Block]:
    """Every figure with its definition beside it."""
    rows = [
        (
            say(f"metric.{m.name}"),
            say.span(m.span) if m.span is not None else say("dash"),
            say("metric.minus", end=say(f"milestone.{m.to}"), start=say(f"milestone.{m.from_}")),
        )
        for m in report.metrics
    ]
    silence = report.longest_silence
    shown = say.span(silence) if silence is not None else say("dash")
    rows.append((say("metric.longest_silence"), shown, say("metric.longest_silence.is")))
    yield Table((say("metric.name"), say("metric.value"), say("metric.definition")), tuple(rows))
    odd = [m for m in report.metrics if m.span is not None and m.span < timedelta()]
    if odd:
        yield Text(say("metric.negative"), "warn")
    first = report.stakes.customers_first
    if first is not None and not report.withheld:
        answer = say("yes") if first else say("no")
        yield Text(say("metric.customers-first", answer=answer))
