"""What came together, what was learned, what will be done, what the playbook should say."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.report.blocks import Block, Entry, Heading, Items, Table, Text
from crisisctl.report.post_mortem import PostMortem
from crisisctl.report.timeline import value_in_words
from crisisctl.report.words import Words


def causes(report: PostMortem, say: Words) -> Iterator[Block]:
    """The contributing factors: several, never one, and never a person."""
    incident = report.incident
    cause, spec = incident.known("cause"), incident.spec("cause")
    told = list(report.causes)
    if cause is not None and spec is not None:
        words = value_in_words(spec, cause.value, report.zone, say)
        told.insert(0, f"{words} ({say(f'fact.{cause.status}')})")
    if told:
        yield Items(tuple(Entry(text) for text in told))
    for found in incident.causes:
        yield Heading(found.event.text)
        entries = []
        if found.event.cause:
            words = value_in_words(spec, found.event.cause, report.zone, say)
            entries.append(Entry(words, say("cause.class")))
        entries += [Entry(why, say("cause.why")) for why in found.event.whys]
        if entries:
            yield Items(tuple(entries))
    if not told and not incident.causes:
        yield Text(say("cause.none"), "quiet")


def lessons(report: PostMortem, say: Words) -> Iterator[Block]:
    """What went well and badly, and where we were lucky."""
    for name, texts in report.lessons.items():
        yield Heading(say(f"lesson.{name}"))
        if texts:
            yield Items(tuple(Entry(text) for text in texts))
        else:
            yield Text(say("lesson.none"), "quiet")


def actions(report: PostMortem, say: Words) -> Iterator[Block]:
    """Who does what by when; also what was declined, and why."""
    if not report.actions:
        yield Text(say("actions.none"), "quiet")
        return
    names = ("number", "what", "kind", "owner", "due", "outcome")
    rows = tuple(
        (
            str(each.number),
            f"{each.title} ({each.link})" if each.link else each.title,
            say(f"action.{each.kind}") if each.kind else say("dash"),
            each.owner or say("nobody"),
            each.due or say("dash"),
            say.labelled(say(f"action.{each.status}"), each.outcome)
            if each.outcome
            else say(f"action.{each.status}"),
        )
        for each in report.actions
    )
    yield Table(tuple(say(f"actions.{name}") for name in names), rows)


def playbook(report: PostMortem, say: Words) -> Iterator[Block]:
    """What the playbook should say next time, and what of it was left out this time."""
    found = [Entry(text) for text in report.notes]
    for step in report.skipped:
        words = say("playbook.skipped", step=step.title, because=step.because)
        found.append(Entry(words, say("playbook.was-skipped")))
    found += [Entry(item, say("playbook.not-ticked")) for item in report.open_items]
    if found:
        yield Items(tuple(found))
