"""What customers wrote, how they were answered, and what was made good."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from crisisctl.report.blocks import Block, Entry, Items, Picture, Table, Text
from crisisctl.report.heard import Heard, by_day
from crisisctl.report.made_good import LeftTo, MadeGood
from crisisctl.report.post_mortem import PostMortem
from crisisctl.report.words import Words
from crisisctl.reviews.chart import svg
from crisisctl.reviews.kpi import Kpi
from crisisctl.reviews.strategy import WAYS


def reviews(report: PostMortem, say: Words) -> Iterator[Block]:
    """The verdict, the problems, how they were answered, the figures before and after."""
    heard = report.heard
    if heard is None:
        return
    complaints = say.many("heard.complaints", heard.last.complaints)
    yield Text(f"{complaints} {heard.last.words}".strip())
    if len(heard.verdicts) > 1:
        yield Items(
            tuple(
                Entry(say.known(f"verdict.{verdict}", verdict), say.moment(at, report.zone))
                for at, verdict in heard.verdicts
            )
        )
    days = by_day(heard.last)
    if len(days) > 1:
        names = (say("heard.bars"), say("heard.all"), say("heard.wave"))
        drawn = svg(days, heard.last.words, title=say("heard.picture"), names=names)
        yield Picture(drawn, say("heard.picture"), alone=True)
    yield from _problems(heard, say)
    yield from _answers(heard, say)
    yield from _strategies(heard, say)
    yield from _left(report, heard, say)
    yield from _figures(heard, say)


def _problems(heard: Heard, say: Words) -> Iterator[Block]:
    topics = {name: many for name, many in heard.last.topics.items() if "." not in name}
    every = sum(topics.values())
    if not every:
        return
    ordered = sorted(heard.last.topics.items(), key=lambda row: -row[1])
    rows = []
    for topic, many in ordered:
        if topic in topics:
            finer = [f"{n.partition('.')[2]} {m}" for n, m in ordered if n.startswith(f"{topic}.")]
            share = say.percent(round(100 * many / every))
            rows.append((topic, say.number(many), share, ", ".join(finer[:4])))
    heads = tuple(say(f"heard.{name}") for name in ("problem", "mentions", "share", "finer"))
    yield Table(heads, tuple(rows))


def _answers(heard: Heard, say: Words) -> Iterator[Block]:
    counted = [
        say(
            "heard.count",
            status=say.known(f"heard.status.{status}", status),
            n=say.number(many),
        )
        for status, many in heard.counted.items()
        if many
    ]
    wait = say.span(heard.median) if heard.median is not None else say("heard.no-answer")
    yield Text(say("heard.stand", counted=", ".join(counted) or say("dash"), wait=wait))
    if heard.unread:
        yield Text(say.many("heard.unread", heard.unread), "warn")
    if any(many for _, many in heard.waits):
        rows = tuple((say.known(f"heard.wait.{w}", w), say.number(n)) for w, n in heard.waits)
        yield Table((say("heard.answered"), say("heard.many")), rows)


def _strategies(heard: Heard, say: Words) -> Iterator[Block]:
    if not heard.strategies:
        return
    rows = []
    for topic, chosen in heard.strategies:
        event = chosen.event
        other = event.proposed if event.proposed != event.strategy else ""
        title = say.known(f"way.{event.strategy}", WAYS[event.strategy].title)
        proposed = say("event.proposed", other=say.known(f"way.{other}", other)) if other else ""
        rows.append((topic, f"{title}{proposed}", event.because, chosen.by))
    names = ("topic", "strategy", "because", "by")
    yield Table(tuple(say(f"heard.{name}") for name in names), tuple(rows))


def _left(report: PostMortem, heard: Heard, say: Words) -> Iterator[Block]:
    for status in ("ignored", "flagged"):
        found = tuple(
            Entry(f"{one.because} ({one.by}, {say.moment(one.at, report.zone)})", one.review)
            for one in heard.left
            if one.status == status
        )
        if found:
            yield Text(say(f"heard.{status}"))
            yield Items(found)


def _figures(heard: Heard, say: Words) -> Iterator[Block]:
    known = [row for row in heard.kpis if row.now is not None or row.before is not None]
    if not known:
        return
    verdicts = {True: say("heard.met"), False: say("heard.missed"), None: say("dash")}
    rows = tuple(
        (
            say.known(f"kpi.{row.kpi.name}", row.kpi.title),
            _figure(row.kpi, row.target, say),
            _figure(row.kpi, row.before, say),
            _figure(row.kpi, row.now, say),
            verdicts[row.met],
        )
        for row in known
    )
    names = ("figure", "target", "before", "after", "outcome")
    yield Table(tuple(say(f"heard.{name}") for name in names), rows)


def _figure(kpi: Kpi, value: float | None, say: Words) -> str:
    """A figure with its unit, in the marks and units of the language."""
    if value is None:
        return say("dash")
    long = kpi.unit == "min" and value >= 120
    shown = say.number(Decimal(f"{value / 60 if long else value:.1f}".removesuffix(".0")))
    if kpi.unit == "%":
        return say("percent", n=shown)
    _, hours, minutes, _ = say("units").split()
    return say.held(f"{shown} {hours if long else minutes}") if kpi.unit == "min" else shown


def compensation(report: PostMortem, say: Words) -> Iterator[Block]:
    """What was planned, approved, handed out and used."""
    found = report.made_good
    if found is None:
        return
    yield Items(tuple(_plans(report, found, say)))
    for left in found.left:
        yield from _left_to_a_person(left, say)
    if not found.parts:
        yield Text(say("good.nothing"), "quiet")
        return
    names = ("for", "customers", "face", "expected", "used", "given")
    rows = tuple(
        (
            part.line.title,
            say.number(part.line.customers),
            say.money(part.line.face, part.line.currency),
            say.money(part.line.expected, found.currency),
            say("dash") if part.used is None else say.number(part.used),
            say("dash") if part.used is None else say.money(part.given, part.line.currency),
        )
        for part in found.parts
    )
    yield Table(tuple(say(f"good.{name}") for name in names), rows)
    cost = say(
        "good.cost",
        cost=say.money(found.so_far, found.currency),
        expected=say.money(found.expected, found.currency),
    )
    if found.read is None or found.read_at is None:
        yield Text(f"{cost} {say('good.unread')}")
        return
    yield Text(f"{cost} {say('good.read', at=say.moment(found.read_at, report.zone))}")
    odd = [
        f"{say(f'good.{name}')} {say.number(many)}"
        for name, many in (
            ("unknown", found.read.unknown),
            ("twice", found.read.twice),
            ("unreadable", found.read.unreadable),
        )
        if many
    ]
    if odd:
        yield Text(say("good.look-at", what=", ".join(odd)), "warn")


def _left_to_a_person(left: LeftTo, say: Words) -> Iterator[Block]:
    """What is open of what a plan left to a person, and what was settled."""
    plan = str(left.plan)
    if left.open:
        key = "good.open" if left.of == "look-at" else "good.rows-open"
        yield Text(say.many(key, left.open, plan=plan), "warn")
    if left.settled:
        key = "good.settled" if left.of == "look-at" else "good.rows-settled"
        sums = [say.money(sum_, code) for code, sum_ in left.paid.items()]
        paid = say.listed(sums) if sums else say("good.nought")
        yield Text(say.many(key, left.settled, plan=plan, paid=paid))


def _plans(report: PostMortem, found: MadeGood, say: Words) -> Iterator[Entry]:
    newest = found.plans[-1].event.plan
    for made in found.plans:
        event = made.event
        words = say(
            "good.plan",
            at=say.moment(made.at, report.zone),
            by=made.by,
            customers=say.number(event.customers),
            expected=say.money(event.expected, event.currency),
        )
        if event.changes:
            changes = say.row(event.changes)
            words += say("good.changed", changes=changes, because=event.because)
        valid = dict.fromkeys(each.by for each in made.signed if each.event.bound == made.bound)
        who = ", ".join(by if by != made.by else say("good.planner", by=by) for by in valid)
        words += say("good.approved", who=who or say("nobody"))
        if made.out is not None:
            words += say("good.out", at=say.moment(made.out.at, report.zone))
        elif event.plan != newest:
            words += say("good.replaced")
        yield Entry(words, say("good.number", plan=str(event.plan)))
