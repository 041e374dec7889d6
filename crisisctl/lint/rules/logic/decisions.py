"""Questions and decisions that change something."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from jinja2 import nodes

from crisisctl.lint.finding import Hit
from crisisctl.lint.policy import policy_names
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book, anatomy
from crisisctl.playbook import conditions
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.reader import Path


@rule("no-impact", Book)
def no_impact(book: Book) -> Iterator[Hit]:
    """No question says how bad it is.

    The severity follows from the answers about harm. Without them somebody
    picks it by feeling, at three in the morning.

    Bad:
        impact: {}
    Good:
        impact:
          checkout:
            ask: Can customers pay?
            answers: {all: {title: "Yes", severity: sev4}, none: {title: "No", severity: sev1}}
    """
    if book.steps and not book.plan.impact:
        path: Path = ("impact",) if ("impact",) in book.file.document.keys else ("playbook",)
        what = "no impact question says how bad it is"
        yield book.at(path, what, "add `impact:` with at least one question", key=True)


@rule("flat-impact", Book)
def flat_impact(book: Book) -> Iterator[Hit]:
    """Every answer to an impact question leads to the same severity.

    The question costs time and changes nothing.

    Bad:
        answers: {yes: {title: "Yes", severity: sev2}, no: {title: "No", severity: sev2}}
    Good:
        answers: {yes: {title: "Yes", severity: sev4}, no: {title: "No", severity: sev1}}
    """
    for name, impact in book.plan.impact.items():
        if len(impact.answers) > 1 and len({a.severity for a in impact.answers.values()}) == 1:
            what = f'every answer to "{name}" leads to the same severity'
            hint = "give the worse answers a worse severity, or remove the question"
            yield book.at(("impact", name, "answers"), what, hint, key=True)
        elif len(impact.answers) == 1:
            what = f'"{name}" can only be answered in one way'
            yield book.at(("impact", name, "answers"), what, "add the other answers", key=True)


@rule("one-option", Book)
def one_option(book: Book) -> Iterator[Hit]:
    """A decision with a single option decides nothing.

    The commander is asked to choose, and there is nothing to choose from. A real
    choice has its alternatives written down, "do nothing" included.

    Bad:
        options: {phone: {title: Take orders by phone}}
    Good:
        options: {phone: {title: Take orders by phone}, none: {title: Say that there is no way}}
    """
    for path, _, step in book.steps:
        if step.decide and len(step.decide.options) == 1:
            what = f'the decision in "{step.id}" has one option only'
            hint = "add what else could be done, or make it an ordinary step"
            yield book.at((*path, "decide", "options"), what, hint, key=True)


@rule("idle-decision", Book)
def idle_decision(book: Book) -> Iterator[Hit]:
    """Nothing acts on a decision.

    Whatever is chosen, the same steps are walked and the same words are sent.

    Bad:
        - id: rollback
          decide: {fact: rollback, options: {back: {title: Go back}, forward: {title: Repair}}}
    Good:
        - id: rollback
          decide: {fact: rollback, options: {back: {title: Go back}, forward: {title: Repair}}}
        - id: undo
          when: rollback == 'back'
    """
    used = _used(book)
    for path, _, step in book.steps:
        if step.decide and step.decide.fact not in used:
            what = f'nothing depends on what is decided in "{step.id}"'
            hint = f'use "{step.decide.fact}" in the `when` of a later step, or in a message'
            yield book.at((*path, "decide", "fact"), what, hint)


def _used(book: Book) -> set[str]:
    """The names that conditions, computed facts, the policy and messages speak of."""
    found = policy_names(book.plan)
    expressions = [step.when for _, _, step in book.steps]
    for expression in [*expressions, *(fact.compute for fact in book.plan.facts.values())]:
        if expression:
            try:
                found |= conditions.names_in(expression)
            except BadExpression:
                continue
    for text in book.every_text:
        found |= _spoken_of(text.source.text)
    return found


@lru_cache(maxsize=512)
def _spoken_of(text: str) -> frozenset[str]:
    return frozenset(node.name for node in anatomy(text).every if isinstance(node, nodes.Name))
