"""Facts to render messages with before the crisis: the playbook's own story, and a long one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from crisisctl.errors import CrisisError
from crisisctl.playbook import conditions, values
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.model import Fact, FactType, Playbook
from crisisctl.playbook.values import Value

if TYPE_CHECKING:
    from crisisctl.lint.subject import Book

Names = dict[str, object]

STORY = datetime(2026, 11, 27, 19, 10, tzinfo=UTC)
"""When a story without a time of its own takes place."""
CADENCE = timedelta(minutes=30)
"""How long after a message the next one is announced."""
ZONE = UTC

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
    "url": "https://status.kestrel-outdoor.example/incidents/2026-11-27",
    "email": "customer-service@kestrel-outdoor.example",
    "phone": "+90 (212) 555 01 23 45",
    "time": "2026-09-30T22:45+02:00",  # the longest month in most languages, and no full hour
    "duration": "2d 23h",
    "number": "1234567",
    "money": "123456.50 EUR",
    "flag": True,
}
_MOST = 60
"""Characters of a long plain text: names and short remarks, not essays."""


def story(book: Book) -> Names:
    """Every fact of the playbook with its example value, computed ones included."""
    names = {name: _example(spec) for name, spec in specs(book.plan).items() if not spec.compute}
    return completed(book.plan, names)


def long_story(book: Book) -> Names:
    """Every fact with a long value that is still plausible."""
    names = {name: long_value(spec) for name, spec in specs(book.plan).items() if not spec.compute}
    return completed(book.plan, names)


def specs(plan: Playbook) -> dict[str, Fact]:
    """How each name is asked."""
    found = {name: plan.spec(name) for name in plan.names()}
    return {name: spec for name, spec in found.items() if spec is not None}


def completed(plan: Playbook, names: Mapping[str, object]) -> Names:
    """The names with what is computed from them, and the two times every message may state."""
    now = STORY
    found: Names = dict(names)
    for name, fact in plan.facts.items():
        if fact.compute:
            try:
                value = conditions.evaluate(fact.compute, {**found, "now": now})
            except BadExpression:
                continue
            if isinstance(value, str | int | timedelta | datetime) or hasattr(value, "quantize"):
                found[name] = value
    return {**found, "sent_at": now, "next_update": now + CADENCE}


def _example(spec: Fact) -> Value:
    raw = spec.example
    if raw is None:
        return default(spec)
    try:
        return values.parse(spec, raw, now=STORY, zone=ZONE)
    except CrisisError:
        return default(spec)


def default(spec: Fact) -> Value:
    """A plausible value where the playbook gives none, or one that cannot be used."""
    if spec.type == "choice":
        return next(iter(spec.choices), "none")
    if spec.type == "choices":
        return tuple(spec.choices)[:1]
    return _parsed(spec.type, _PLAIN[spec.type])


def long_value(spec: Fact) -> Value:
    """A long value of this kind that could still be typed on a bad night."""
    if spec.type == "choice":
        return max(spec.choices, key=len, default="none")
    if spec.type == "choices":
        return tuple(spec.choices)
    if spec.type == "text":
        text = str(_example(spec))
        return text if len(text) >= _MOST else f"{text} {text} {text}"[: max(len(text) * 2, 24)]
    return _parsed(spec.type, _LONG[spec.type])


@cache
def _parsed(kind: FactType, raw: str | bool) -> Value:
    return values.parse(Fact(type=kind), raw, now=STORY, zone=ZONE)
