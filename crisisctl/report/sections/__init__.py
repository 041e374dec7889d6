"""The sections of a report: what the record says, in blocks, in the order people ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from crisisctl.report.blocks import Block, Entry, Page, Section
from crisisctl.report.post_mortem import PostMortem
from crisisctl.report.sections import appendix, course, customers, learning, opening, said
from crisisctl.report.words import Words

Tell = Callable[[PostMortem, Words], Iterator[Block]]

_ALL: dict[str, Tell] = {
    "summary": opening.summary,
    "impact": opening.impact,
    "detection": opening.detection,
    "metrics": opening.metrics,
    "timeline": course.timeline,
    "decisions": course.decisions,
    "roles": course.roles,
    "messages": said.messages,
    "promises": said.promises,
    "deadlines": said.deadlines,
    "clocks": said.clocks,
    "reviews": customers.reviews,
    "compensation": customers.compensation,
    "causes": learning.causes,
    "lessons": learning.lessons,
    "actions": learning.actions,
    "playbook": learning.playbook,
    "facts": appendix.facts,
    "texts": appendix.texts,
    "evidence": appendix.evidence,
}
_FIGURES = ("summary", "metrics", "deadlines")
"""What is left of a restricted incident for those outside its circle."""


def page(report: PostMortem, say: Words) -> Page:
    """The whole report in one language. A section that has nothing to say is left out."""
    names: Iterable[str] = _FIGURES if report.withheld else _ALL
    sections = ((name, tuple(_ALL[name](report, say))) for name in names)
    incident = report.incident
    return Page(
        locale=say.locale,
        title=say("report.title", title=_title(report, say)),
        facts=tuple(_head(report, say)),
        sections=tuple(Section(n, say(f"section.{n}"), blocks) for n, blocks in sections if blocks),
        footer=say(
            "report.footer",
            events=say.number(incident.seq),
            head=report.head,
            command=f"crisisctl verify {incident.id}",
        ),
        colon=say("colon"),
        contents=say("report.contents"),
        drill_stamp=say("report.drill") if incident.drill else "",
        notice=_restricted(report, say),
    )


def _title(report: PostMortem, say: Words) -> str:
    return say("report.hidden") if report.withheld else report.incident.title


def _restricted(report: PostMortem, say: Words) -> str:
    circle = report.incident.circle
    if circle is None:
        return ""
    key = "report.withheld" if report.withheld else "report.restricted"
    return say(key, circle=", ".join(circle))


def _head(report: PostMortem, say: Words) -> Iterator[Entry]:
    incident = report.incident
    yield Entry(incident.id, say("head.incident"))
    yield Entry(say(f"status.{incident.status}"), say("head.status"))
    yield Entry(incident.severity or say("head.unjudged"), say("head.severity"))
    if incident.plans:
        titles = say.listed(plan.title for plan in incident.plans.values())
        yield Entry(titles, say("head.playbook"))
    if not report.withheld:
        moved = incident.reviewed[-1] if incident.reviewed else None
        state = say(f"review.{moved.status if moved else 'draft'}")
        if moved is not None:
            state = f"{state} ({moved.by}, {say.moment(moved.at, report.zone)})"
        yield Entry(state, say("head.review"))
    yield Entry(say.moment(report.written_at, report.zone), say("head.written"))
