"""Try a message text before the crisis: with the examples, with long values, with each choice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.lint.aloud import Aloud
from crisisctl.lint.outline import outline
from crisisctl.lint.prover.formula import Formula, Known, Not, OneOf, Truthy
from crisisctl.lint.prover.questions import Says, Walked
from crisisctl.lint.samples import Varied, cast, compiled_text
from crisisctl.lint.subject import MessageText
from crisisctl.messages.pack import tidied
from crisisctl.messages.sandbox import BadTemplate
from crisisctl.messages.templates import MissingFact
from crisisctl.playbook.values import Value

MOST = 2_000_000
"""Steps of all readings of one block; only a text made to be slow takes more."""


class Change(Struct, frozen=True):
    """One fact that is not what it usually is."""

    name: str
    value: Value | None
    """None: it is not known."""

    def __str__(self) -> str:
        match self.value:
            case None:
                return f'"{self.name}" not known'
            case bool():
                return f'"{self.name}" answered {"yes" if self.value else "no"}'
            case tuple():
                return f'"{self.name}" only "{self.value[0]}"'
        return f'"{self.name}" "{self.value}"'


class Reading(Struct, frozen=True):
    """What a block says, or why it cannot be read."""

    text: str
    changes: tuple[Change, ...] = ()
    problem: str = ""
    line: int = 0


def usual(text: MessageText, block: str) -> list[Reading]:
    """A block with the examples, and with long values; less those that lack a fact."""
    found = (_usual(text.source.text, text.locale, block, actors(text, block), n) for n in (0, 1))
    return [reading for reading in found if reading is not None]


@lru_cache(maxsize=64)
def with_examples(text: MessageText, block: str) -> Reading | None:
    """A block with the examples; None where a fact that it needs has none."""
    return _usual(text.source.text, text.locale, block, actors(text, block), 0)


def varied(text: MessageText, block: str, base: tuple[Change, ...] = ()) -> tuple[Reading, ...]:
    """A block with long values, and the same with one change more each.

    Readings that a missing fact stops are left out.
    """
    return _varied(text.source.text, text.locale, block, actors(text, block), base)


def is_spoken(text: MessageText) -> bool:
    """Whether crisisctl writes this language."""
    try:
        compiled_text(text.source.text, text.locale)
    except CrisisError:
        return False
    return True


@lru_cache(maxsize=256)
def actors(text: MessageText, block: str) -> tuple[Varied, ...]:
    """The facts that a block speaks of, with what they may be."""
    known = cast(text.book)
    names = sorted(outline(text.source.text).names(block) & known.keys())
    return tuple(known[name] for name in names)


@lru_cache(maxsize=1024)
def _usual(
    text: str, locale: str, block: str, cast: tuple[Varied, ...], long: int
) -> Reading | None:
    values = {each.name: each.long if long else each.example for each in cast}
    return _read(compiled_text(text, locale), block, values, ())


@lru_cache(maxsize=256)
def _varied(
    text: str, locale: str, block: str, cast: tuple[Varied, ...], base: tuple[Change, ...]
) -> tuple[Reading, ...]:
    aloud = compiled_text(text, locale)
    long = {each.name: each.long for each in cast}
    fixed = {change.name for change in base}
    before = aloud.work
    found = [_read(aloud, block, long, base)]
    for change in _changes(cast):
        if aloud.work - before > MOST:
            break
        if change.name not in fixed:
            found.append(_read(aloud, block, long, (*base, change)))
    return tuple(reading for reading in found if reading is not None)


def _changes(cast: tuple[Varied, ...]) -> Iterator[Change]:
    for each in cast:
        for value in each.others:
            if value != each.long:
                yield Change(each.name, value)
        if each.may_lack:
            yield Change(each.name, None)


def _read(
    aloud: Aloud, block: str, usual: Mapping[str, Value | None], changes: tuple[Change, ...]
) -> Reading | None:
    """A reading; None where it needs a fact that is not known."""
    names: dict[str, object] = {k: value for k, value in usual.items() if value is not None}
    for change in changes:
        if change.value is None:
            names.pop(change.name, None)
        else:
            names[change.name] = change.value
    try:
        return Reading(tidied(block, aloud.render(block, names)), changes)
    except MissingFact:
        return None
    except BadTemplate as error:
        return Reading("", changes, error.what, error.line)


def possible(text: MessageText) -> Callable[[tuple[Change, ...]], bool]:
    """Whether some walk sends the message with these changes; asked only where it matters."""
    walks = text.book.walks
    numbers = [text.book.number(sending.step) for sending in text.senders]

    def happens(changes: tuple[Change, ...]) -> bool:
        said = [formula for change in changes if (formula := _said(change)) is not None]
        return not said or any(
            walks.ask(Walked(n), *(Says(each, n, message=True) for each in said)).found
            for n in numbers
        )

    return happens


def _said(change: Change) -> Formula | None:
    match change.value:
        case None:
            return Not(Known(change.name)) if change.name != "next_update" else None
        case bool():
            return Truthy(change.name) if change.value else Not(Truthy(change.name))
        case str():
            return OneOf(change.name, frozenset([change.value]))
    return None
