"""How it went: the timeline, what was decided, who held which role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from crisisctl.report.blocks import (
    Block,
    Entry,
    Happened,
    Heading,
    Items,
    Log,
    Picture,
    Table,
    Text,
)
from crisisctl.report.pictures import Band, Lane, Mark
from crisisctl.report.pictures import timeline as drawn
from crisisctl.report.post_mortem import PostMortem
from crisisctl.report.timeline import LATE, Line
from crisisctl.report.words import Words

LONG = 60
"""Lines from which a timeline is divided, and read stretch by stretch."""
FEW = 12
"""Lines of a day that stand open even then."""
AFTERWARDS = timedelta(days=1)
"""An incident declared so much later than it happened was written down from memory or sources."""
_TONES = {
    "milestone-reached": "milestone",
    "message-sent": "said",
    "decision-taken": "decided",
    "severity-changed": "milestone",
}
_OUTSIDE = timedelta(hours=1)


def timeline(report: PostMortem, say: Words) -> Iterator[Block]:
    """What happened when, the moments that matter first; what was routine is folded away."""
    told = [line for line in report.timeline if not line.routine]
    yield from _picture(report, say)
    afterwards = _afterwards(report)
    if afterwards >= AFTERWARDS:
        yield Text(say("timeline.afterwards", span=say.span(afterwards)), "quiet")
    heads = (say("timeline.when"), say("timeline.what"), say("timeline.source"))
    if len(told) <= LONG:
        yield Log("", heads, _rows(report, told, say))
    else:
        for day, rows in groupby(_rows(report, told, say), key=lambda row: row.iso[:10]):
            mine = tuple(rows)
            title = say.many("timeline.day", len(mine), day=day)
            yield Log(title, heads, mine, folded=len(mine) > FEW)
    routine = [line for line in report.timeline if line.routine]
    if routine:
        title = say.many("timeline.routine", len(routine))
        yield Log(title, heads, _rows(report, routine, say), folded=True, aside=True)


def _afterwards(report: PostMortem) -> timedelta:
    """How long after it happened the declaration was written down."""
    first = next((line for line in report.timeline if line.seq == 1), None)
    return first.recorded_at - first.occurred_at if first else timedelta()


def _rows(report: PostMortem, lines: Sequence[Line], say: Words) -> tuple[Happened, ...]:
    zone, stamps = report.zone, dict[datetime, tuple[str, str]]()
    at_once = _afterwards(report) < AFTERWARDS  # else all of it was written down late
    event, late = say.phrases["timeline.event"], say.phrases["timeline.late"]
    found = []
    for line in lines:
        source = event.format(by=line.by, seq=line.seq)  # type: ignore[union-attr]
        waited = line.recorded_at - line.occurred_at
        if at_once and waited >= LATE:
            source = f"{source}{late.format(span=say.span(waited))}"  # type: ignore[union-attr]
        minute = line.occurred_at.replace(second=0, microsecond=0)
        stamp = stamps.get(minute)
        if stamp is None:
            iso = minute.astimezone(zone).isoformat(timespec="minutes")
            stamp = stamps[minute] = (iso, say.moment(minute, zone))
        tone, before = _TONES.get(line.kind, ""), ""
        if line.correction is not None:
            tone = "withdrawn" if line.withdrawn else "corrected"
            before = _before(line, say, zone)
        found.append(Happened(*stamp, line.text, source, before, tone))
    return tuple(found)


def _before(line: Line, say: Words, zone: tzinfo) -> str:
    """What stood there until somebody put it right, by whom and why."""
    if line.correction is None or line.corrected_from is None:
        return ""
    by, because = line.correction.by, say.because(line.correction.event.because)
    if line.withdrawn:
        return say("timeline.withdrawn", by=by, because=because)
    told = []
    if line.corrected_from != line.occurred_at:
        told.append(say.moment(line.corrected_from, zone))
    if line.corrected != line.text:
        told.append(line.corrected)
    return say("timeline.corrected", by=by, before=say.row(told), because=because)


def _picture(report: PostMortem, say: Words) -> Iterator[Block]:
    """The course of it along one axis, from the first milestone to the last word to customers."""
    incident, zone = report.incident, report.zone
    times = sorted(incident.milestones.values())
    ends = [*times, *(told.sent.at for told in report.sent)]
    if not times or max(ends) <= times[0]:
        return
    until = times[-1]
    said = [t for t in (told.sent.at for told in report.sent) if t <= until + _OUTSIDE]
    since, until = times[0].astimezone(zone), max([until, *said]).astimezone(zone)
    names = sorted(incident.milestones.items(), key=lambda row: row[1])
    shown = "%H:%M" if until - since <= timedelta(days=1) else "%m-%d %H:%M"
    marks = [
        Mark(at, f"{say(f'milestone.{name}')} {at.astimezone(zone):{shown}}") for name, at in names
    ]
    lanes = [
        Lane(say("timeline.decisions"), [Mark(d.at, d.option) for d in report.decisions]),
        Lane(
            say("timeline.messages"), [Mark(t.sent.at, t.sent.event.message) for t in report.sent]
        ),
    ]
    bands = [
        Band(s.severity, s.since, s.until, f"{s.severity}, {say.span(s.until - s.since)}")
        for s in report.spells
    ]
    text = say.row(mark.title for mark in marks)
    svg = drawn(
        since,
        until,
        bands=bands,
        milestones=marks,
        lanes=[lane for lane in lanes if lane.marks],
        words=(say("timeline.picture"), text),
        severity=say("head.severity"),
    )
    yield Picture(svg, say("timeline.picture"))


def decisions(report: PostMortem, say: Words) -> Iterator[Block]:
    """What was chosen, why, by whom, and what was not."""
    if not report.decisions:
        yield Text(say("decision.none"), "quiet")
        return
    for taken in report.decisions:
        plan = report.incident.plans.get(taken.playbook)
        step = plan.step(taken.step) if plan else None
        options = step.decide.options if step and step.decide else {}
        option = options.get(taken.option)
        yield Heading(step.title if step else taken.step)
        found = [
            Entry(option.title if option else taken.option, say("decision.chosen")),
            Entry(taken.because or say("decision.unexplained"), say("decision.because")),
            Entry(
                say("decision.who", by=taken.by, at=say.moment(taken.at, report.zone)),
                say("decision.by"),
            ),
        ]
        for later in report.decisions:
            if later.fact == taken.fact and later.at > taken.at:
                found.append(Entry(say.moment(later.at, report.zone), say("decision.replaced")))
                break
        for key, other in options.items():
            if key != taken.option:
                against = say("decision.against", words=other.against) if other.against else ""
                found.append(Entry(f"{other.title}{against}", say("decision.not-chosen")))
        yield Items(tuple(found))


def roles(report: PostMortem, say: Words) -> Iterator[Block]:
    """Who held which role, from when to when."""
    if not report.held:
        return
    heads = tuple(say(f"head.{name}") for name in ("role", "person", "since", "until"))
    rows = tuple(
        (
            held.role.replace("-", " "),
            held.person,
            say.moment(held.since, report.zone),
            say.moment(held.until, report.zone) if held.until else say("role.still"),
        )
        for held in report.held
    )
    yield Table(heads, rows)
