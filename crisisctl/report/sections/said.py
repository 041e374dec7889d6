"""What was said to whom, what was promised, and what was due by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from crisisctl.deadlines.enisa import Score
from crisisctl.deadlines.owed import Due
from crisisctl.report import clocks as told_clocks
from crisisctl.report.blocks import Block, Entry, Items, Table, Text
from crisisctl.report.post_mortem import PostMortem, Told
from crisisctl.report.words import Words


def messages(report: PostMortem, say: Words) -> Iterator[Block]:
    """Every message that went out, with who let it out; the exact words stand in the appendix."""
    if not report.sent:
        yield Text(say("message.none"), "quiet")
        return
    names = ("when", "message", "to", "channels", "locales", "approved", "waited")
    rows = tuple(_row(report, told, say) for told in report.sent)
    yield Table(tuple(say(f"message.{name}") for name in names), rows)
    stood = tuple(_let_stand(report, say))
    if stood:
        yield Items(stood)


def _row(report: PostMortem, told: Told, say: Words) -> tuple[str, ...]:
    event = told.sent.event
    name = say("message.correction", message=event.message) if event.corrects else event.message
    return (
        say.moment(told.sent.at, report.zone),
        name,
        say.known(f"to.{event.to}", event.to),
        say.listed(dict.fromkeys(text.channel for text in event.texts)),
        ", ".join(dict.fromkeys(text.locale for text in event.texts)),
        _approvers(told, say),
        say.span(told.waited) if told.waited is not None else say("message.first"),
    )


def _approvers(told: Told, say: Words) -> str:
    if told.broken_glass:
        return say("message.glass")
    before = [say("message.beforehand", who=who) for who in told.beforehand]
    return say.listed([*told.approvers, *before]) or say("dash")


def _let_stand(report: PostMortem, say: Words) -> Iterator[Entry]:
    """What went out although something or somebody spoke against it, and why."""
    for told in report.sent:
        at = say.moment(told.sent.at, report.zone)
        what = f"{told.sent.event.message}, {at}"
        for because in told.broken_glass:
            words = say("message.glass-because", what=what, because=because)
            yield Entry(words, say("message.break-glass"))
        for one in told.overruled:
            words = say("message.rule", rule=one.rule, what=what, because=one.because)
            yield Entry(words, say("message.let-stand"))
        if told.edited:
            words = say.many("message.edited-texts", told.edited, what=what)
            yield Entry(words, say("message.edited"))


def promises(report: PostMortem, say: Words) -> Iterator[Block]:
    """What we gave our word on, and whether we kept it."""
    found = [due for due in report.deadlines if due.kind == "promise"]
    if not found:
        return
    kept = say.number(sum(due.state == "met" for due in found))
    yield Text(say.many("promise.kept", len(found), kept=kept))
    yield _dues(report, found, say)


def deadlines(report: PostMortem, say: Words) -> Iterator[Block]:
    """What the playbook asked for by when."""
    found = [due for due in report.deadlines if due.kind not in ("notice", "promise")]
    if report.withheld:
        found = [due for due in report.deadlines if due.kind != "notice"]
    if not found:
        yield Text(say("deadline.none"), "quiet")
        return
    met = say.number(sum(due.state == "met" for due in found))
    yield Text(say.many("deadline.met", len(found), met=met))
    yield _dues(report, found, say)


def _dues(report: PostMortem, found: Sequence[Due], say: Words) -> Table:
    heads = tuple(say(f"deadline.{name}") for name in ("due", "what", "outcome"))
    rows = tuple(
        (
            say.moment(due.due, report.zone),
            say("report.hidden") if report.withheld else due.title,
            _verdict(due, say),
        )
        for due in found
    )
    return Table(heads, rows)


def _verdict(due: Due, say: Words) -> str:
    if due.met_at is not None and due.state == "missed":
        return say("deadline.missed-by", span=say.span(due.met_at - due.due))
    if due.state == "met" and due.met_at is not None:
        return say("deadline.to-spare", span=say.span(due.due - due.met_at))
    state = say(f"due.{due.state}")
    return say.labelled(state, due.because) if due.because else state


def clocks(report: PostMortem, say: Words) -> Iterator[Block]:
    """The regulators' clocks with what came of each."""
    if not (report.clocks or report.uncovered or report.breach_severity):
        return
    yield Text(say("clock.advice"), "quiet")
    if report.breach_severity is not None:
        yield Text(say("clock.enisa", score=_score(report.breach_severity, say)))
    timed = [left for each in report.clocks if (left := told_clocks.spare(each)) is not None]
    if timed:
        met = say.number(sum(left >= timedelta() for left in timed))
        yield Text(say.many("clock.met", len(timed), met=met))
    if report.clocks:
        yield _clocks(report, say)
    else:
        yield Text(say("clock.none"), "quiet")
    notes = tuple(_doubts(report, say))
    if notes:
        yield Items(notes)


def _score(score: Score, say: Words) -> str:
    """ENISA's severity, its name, and what it is the sum of."""
    value, ei, cb = (
        say.number(Decimal(f"{n.normalize():f}")) for n in (score.value, score.ei, score.cb)
    )
    return f"{value}, {say(f'enisa.{score.level}')} ({score.dpc} x {ei} + {cb})"


def _clocks(report: PostMortem, say: Words) -> Table:
    heads = tuple(say(f"clock.{name}") for name in ("name", "who", "since", "due", "outcome"))
    zone = report.zone
    rows = tuple(
        (
            notice.id,
            notice.running.clock.who,
            say.moment(notice.running.since, zone) if notice.running.since else say("dash"),
            say.moment(notice.running.due, zone) if notice.running.due else say("dash"),
            told_clocks.outcome(notice, zone, report.written_at, say),
        )
        for notice in report.clocks
    )
    return Table(heads, rows)


def _doubts(report: PostMortem, say: Words) -> Iterator[Entry]:
    unsure = {
        each.running.regulation.regulation: each.running.regulation.confidence
        for each in report.clocks
    }
    for name, confidence in unsure.items():
        if confidence in told_clocks.UNVERIFIED:
            yield Entry(say(f"clock.unverified-{confidence}"), name)
    for country in report.uncovered:
        yield Entry(say("clock.no-regulation"), country)
