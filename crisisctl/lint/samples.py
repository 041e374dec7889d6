"""Facts to render messages with before the crisis: the playbook's own story, and a long one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.playbook import conditions, values
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.model import Fact, FactType, Playbook
from crisisctl.playbook.values import Value

if TYPE_CHECKING:
    from crisisctl.lint.aloud import Aloud
    from crisisctl.lint.subject import Book

Names = dict[str, object]

STORY = datetime(2026, 11, 27, 19, 10, tzinfo=UTC)
"""When a story without a time of its own takes place."""
CADENCE = timedelta(minutes=30)
"""How long after a message the next one is announced."""
ZONE = UTC
FAR = timezone(timedelta(hours=5, minutes=30))
"""Where texts are read: "(UTC+5:30)" is as long as a zone gets in words."""

_PLAIN: dict[FactType, str | bool] = {
    "text": "something that was written down",
    "url": "https://shop.example/page",
    "email": "help@shop.example",
    "phone": "+33 1 23 45 67 89",
    "time": "2026-11-27T20:04+01:00",
    "duration": "54m",
    "number": "140",
    "money": "12.50 EUR",
    "flag": True,
}
_LONG: dict[FactType, str | bool] = {
    "url": "https://status.kestrel-outdoor.example/2026-11",
    "email": "customer-service@kestrel-outdoor.example",
    "phone": "+90 (212) 555 01 23 45",
    "time": "2026-09-30T22:45+05:30",  # the longest month in most languages, and no full hour
    "duration": "2d 23h",
    "number": "12345",
    "money": "123456.50 EUR",
    "flag": True,
}
_HANDED_OUT: dict[str, str] = {
    "customer_code": "7KXF3-M2QWY-9TA4C",
    "customer_amount": "12,50 €",
    "customer_percent": "10 %",
    "customer_up_to": "112,50 €",
    "customer_refund": "112,50 €",
    "customer_until": "26/01/2027",
}
"""What was handed out to one customer, as the list for a message says it in words."""
_MOST = 60
"""Characters of a long plain text: names and short remarks, not essays."""
_LEAST = 24
"""Characters of a long name."""


class Varied(Struct, frozen=True, cache_hash=True):
    """What a fact may be when a message is written."""

    name: str
    example: Value | None
    """None where it cannot be worked out from the other examples."""
    long: Value | None
    others: tuple[Value, ...] = ()
    """Each of its choices."""
    may_lack: bool = False


@lru_cache(maxsize=512)
def compiled_text(text: str, locale: str, zone: tzinfo = FAR) -> Aloud:
    """The template of a text, ready for `render(block, names)`; kept, so every rule shares it.

    Only for a `sound` MessageText: what is refused is never read. Raises
    `CrisisError` for a locale that crisisctl does not write.
    """
    from crisisctl.lint.aloud import Aloud
    from crisisctl.lint.subject import anatomy

    found = anatomy(text)
    if found.tree is None or found.refusals:
        raise ValueError("a text with refusals is not read")
    return Aloud(found.blocks, locale, zone)


def story(book: Book) -> Names:
    """Every fact of the playbook with its example value, computed ones included."""
    return {v.name: v.example for v in cast(book).values() if v.example is not None}


def long_story(book: Book) -> Names:
    """Every fact with a long value that is still plausible."""
    return {v.name: v.long for v in cast(book).values() if v.long is not None}


@lru_cache(maxsize=8)
def cast(book: Book) -> dict[str, Varied]:
    """Each fact that a message may speak of, with what it may be."""
    found = {name: _varied(book, name, spec) for name, spec in book.plan.specs().items()}
    names = {name: v.example for name, v in found.items() if v.example is not None}
    for name, value in completed(book.plan, names).items():
        if name in found and book.plan.facts[name].compute:
            long = _long_computed(book.plan.facts[name], value)
            found[name] = Varied(name, value, long)
    late = _parsed("time", _LONG["time"])
    found["sent_at"] = Varied("sent_at", STORY, late)
    found["next_update"] = Varied("next_update", STORY + CADENCE, late, may_lack=True)
    if book.plan.compensation is not None:
        # the long story is that of somebody who got nothing: both are read
        found |= {name: Varied(name, said, None) for name, said in _HANDED_OUT.items()}
    return found


def completed(plan: Playbook, names: Mapping[str, object]) -> dict[str, Value]:
    """What is computed from these names."""
    found: dict[str, Value] = {}
    for name, fact in plan.facts.items():
        if fact.compute:
            try:
                value = conditions.evaluate(fact.compute, {**names, **found, "now": STORY})
            except BadExpression:
                continue
            if isinstance(value, str | int | timedelta | datetime | Decimal):
                found[name] = value
    return found


def _varied(book: Book, name: str, spec: Fact) -> Varied:
    if spec.compute:
        return Varied(name, None, None)
    if (known := _of_workspace(book, spec)) is not None:
        return Varied(name, known, known)
    lacking = spec.optional or spec.certainty == "ask"
    example = _example(spec)
    match spec.type:
        case "choice":
            return Varied(name, example, example, tuple(spec.choices), lacking)
        case "choices":
            single = tuple((key,) for key in spec.choices)
            return Varied(name, example, long_value(spec), single, lacking)
        case "flag":
            return Varied(name, example, example, (True, False), lacking)
    return Varied(name, example, long_value(spec), (), lacking)


def _of_workspace(book: Book, spec: Fact) -> Value | None:
    """What the workspace file has answered already."""
    raw = book.workspace.get(spec.workspace) if spec.workspace else None
    if raw is None or spec.type == "choices":  # languages: each text is in one of them
        return None
    try:
        return values.parse(spec, raw, now=STORY, zone=ZONE)
    except CrisisError:
        return None


def _long_computed(spec: Fact, value: Value) -> Value:
    return _parsed(spec.type, _LONG[spec.type]) if spec.type in _LONG else value


def _example(spec: Fact) -> Value:
    raw = spec.example
    if raw is None:
        return default(spec)
    if not spec.choices and isinstance(raw, str) and not spec.ahead:
        return _read(spec.type, raw) or default(spec)
    try:
        return values.parse(spec, raw, now=STORY, zone=ZONE)
    except CrisisError:
        return default(spec)


@lru_cache(maxsize=1024)
def _read(kind: FactType, raw: str) -> Value | None:
    try:
        return values.parse(Fact(type=kind), raw, now=STORY, zone=ZONE)
    except CrisisError:
        return None


def default(spec: Fact) -> Value:
    """A plausible value where the playbook gives none, or one that cannot be used."""
    if spec.type == "choice":
        return next(iter(spec.choices), "none")
    if spec.type == "choices":
        return tuple(spec.choices)[:1]
    return _parsed(spec.type, _PLAIN[spec.type])


def long_value(spec: Fact) -> Value:
    """A long value of this kind that could still be typed on a bad night."""
    example = _example(spec)
    match spec.type, example:
        case "choices", _:
            return tuple(spec.choices)
        case "choice", _:
            return example
        case "text", str():
            often = f"{example} {example} {example}"
            return example if len(example) >= _MOST else _cut(often, 2 * len(example) + 1)
        case "number", int() | Decimal() if spec.example is not None:
            return example * 10  # one digit more than usual
    return _parsed(spec.type, _LONG[spec.type])


def _cut(text: str, length: int) -> str:
    return text[: max(length, _LEAST)].strip()


@cache
def _parsed(kind: FactType, raw: str | bool) -> Value:
    return values.parse(Fact(type=kind), raw, now=STORY, zone=ZONE)
