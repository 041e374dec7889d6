"""What the plan as a whole must have: its stages, a word to customers, an end, a lesson."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book
from crisisctl.messages.kinds import kind_of
from crisisctl.playbook.model import STAGES
from crisisctl.playbook.reader import Path
from crisisctl.text import listed


@rule("missing-stage", Book)
def missing_stage(book: Book) -> Iterator[Hit]:
    """A stage of the crisis has no steps.

    Assess, communicate, resolve, compensate, post-mortem: what a stage has no
    steps for is forgotten on the night, and so are the people who wait for it.

    Bad:
        stages:
          assess: [...]
          resolve: [...]
    Good:
        stages:
          assess: [...]
          communicate: [...]
          resolve: [...]
          compensate: [...]
          post-mortem: [...]
    """
    missing = [stage for stage in STAGES if not book.plan.stages.get(stage)]
    if missing and book.steps:
        what = f"there are no steps for {listed(missing)}"
        hint = "add the stage with at least one step; it may be short"
        yield book.at(("stages",), what, hint, key=True)


@rule("silent-crisis", Book)
def silent_crisis(book: Book) -> Iterator[Hit]:
    """No step tells customers anything.

    They notice the crisis all the same, and hear of it from others.

    Bad:
        - id: brief
          send: {message: internal-brief, to: staff, channels: [internal]}
    Good:
        - id: tell
          send: {message: holding, to: customers, channels: [status-page, email]}
    """
    if book.steps and not any(s.send.to == "customers" for s in book.sendings):
        hint = "add a step that sends a message `to: customers`"
        yield book.at(("stages",), "customers are never told anything", hint, key=True)


@rule("no-resolution", Book)
def no_resolution(book: Book) -> Iterator[Hit]:
    """Nobody tells customers that it is over.

    Whoever read the bad news must read the good news, on the same channels.

    Bad:
        resolve:
          - id: watch
            ask: [resolved_at]
    Good:
        resolve:
          - id: watch
            ask: [resolved_at]
          - id: announce
            send: {message: resolved, channels: [status-page, email]}
    """
    told = [s for s in book.sendings if s.send.to == "customers"]
    over = _resolved(book)
    last = [s for s in told if kind_of(s.send) == "resolution"]
    if over is not None:
        last += [s for s in told if s.stage == "resolve" and book.number(s.step) >= over]
    if told and not last:
        path: Path = ("stages", "resolve")
        known = path in book.file.document.keys
        hint = "add a step that says so, after the one in which it is resolved"
        what = "customers are never told that it is over"
        yield book.at(path if known else ("stages",), what, hint, key=True)


def _resolved(book: Book) -> int | None:
    """The number of the step in which the incident is resolved."""
    named = {name for name, fact in book.plan.facts.items() if fact.milestone == "resolved"}
    for number, (_, _, step) in enumerate(book.steps):
        if step.milestone == "resolved" or named & set(step.ask):
            return number
    return None


@rule("no-lesson", Book)
def no_lesson(book: Book) -> Iterator[Hit]:
    """The post-mortem asks, decides and publishes nothing.

    Then nothing is written down of what was learned, and it happens again.

    Bad:
        post-mortem:
          - {id: think, title: Think about it}
    Good:
        post-mortem:
          - {id: prevent, title: Choose what will change, ask: [prevention]}
    """
    steps = book.plan.stages.get("post-mortem", ())
    if steps and not any(step.ask or step.decide or step.send for step in steps):
        hint = "ask what was learned and what will change, or publish a report"
        what = "the post-mortem asks, decides and publishes nothing"
        yield book.at(("stages", "post-mortem"), what, hint, key=True)


@rule("duplicate-milestone", Book)
def duplicate_milestone(book: Book) -> Iterator[Hit]:
    """Two facts or steps carry the same milestone.

    The metrics and the deadlines would take whichever comes last.

    Bad:
        mitigated_at: {type: time, milestone: resolved}
        resolved_at: {type: time, milestone: resolved}
    Good:
        mitigated_at: {type: time, milestone: mitigated}
        resolved_at: {type: time, milestone: resolved}
    """
    carriers: list[tuple[str, Path]] = [
        (fact.milestone, ("facts", name, "milestone"))
        for name, fact in book.plan.facts.items()
        if fact.milestone
    ]
    carriers += [(s.milestone, (*path, "milestone")) for path, _, s in book.steps if s.milestone]
    count = Counter(milestone for milestone, _ in carriers)
    first: set[str] = set()
    for milestone, path in carriers:
        if count[milestone] > 1 and milestone in first:
            what = f'the milestone "{milestone}" is carried twice'
            yield book.at(path, what, "let one fact or one step carry it")
        first.add(milestone)
