"""What a text needs just where it knows that it is not there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from crisisctl.lint.finding import Hit
from crisisctl.lint.prover.formula import All, Either, Fixed, Formula, Known, Not, negated
from crisisctl.lint.prover.uses import Use, uses
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import MessageText

_MOST = 300
"""Conditions on the way to one place; behind more, nothing is told."""


@rule("undefined-here", MessageText)
def undefined_here(text: MessageText) -> Iterator[Hit]:
    """A text needs a fact just where it is certain that nobody knows it.

    Mostly a "not" too many, or the words of the two cases have changed places.
    The message cannot be rendered on the night, and where the fact is known the
    words for the other case are read.

    Bad:
        {% if eta is defined %}No estimate yet.{% else %}Back by {{ eta | clock }}.{% endif %}
    Good:
        {% if eta is defined %}Back by {{ eta | clock }}.{% else %}No estimate yet.{% endif %}
    """
    for use in _unknown(text.source.text):
        name = use.read.name
        at = text.on_line(use.read.line, name, use.nth)
        what = f'"{name}" is needed here, where it is certain that it is not known'
        hint = f"turn the condition round, or change places: {{% if {name} is defined %}}"
        yield text.hit(at, what, hint)


@lru_cache(maxsize=256)
def _unknown(text: str) -> tuple[Use, ...]:
    """The places, each once, whatever block is taken."""
    found: dict[tuple[int, str, int], Use] = {}
    for of_block in uses(text).values():
        for use in of_block:
            place = (use.read.line, use.read.name, use.nth)
            if place not in found and _surely_unknown(use.read.guard, use.read.name):
                found[place] = use
    return tuple(found.values())


def _surely_unknown(guard: Formula, name: str) -> bool:
    """Whether the name is unknown there; a place that is never reached needs nothing."""
    said: set[bool] = set()
    left = [guard]
    for _ in range(_MOST):
        if not left:
            return said == {False}
        match left.pop():
            case All(parts):
                left += parts
            case Not(Either(parts)):
                left += map(negated, parts)
            case Not(Known(known)) if known == name:
                said.add(False)
            case Known(known) if known == name:
                said.add(True)
            case Fixed(value=False):
                return False
    return False
