"""One thing that a text says, in a form in which it can be held against another text's."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import cast

from msgspec import Struct

from crisisctl.messages.agreement.moments import Moment, agree, shown
from crisisctl.messages.agreement.said import Kind
from crisisctl.messages.agreement.stated import Purposed, Stated
from crisisctl.messages.agreement.tokens import Amount, Length, Time
from crisisctl.text import in_words

TIMED: tuple[Kind, ...] = ("eta", "next-update", "since", "restored", "report", "until")
"""The purposes of times that have one answer in a crisis."""


_MOST = 200
"""Different values of one text that are compared with more than equality."""


class Statement(Struct, frozen=True):
    """What is said at `Said.whole[start:end]`."""

    kind: Kind
    key: str
    """Only what has the same kind and key can contradict; empty: nothing tells what it is for."""
    value: Hashable
    """A time is a tuple of moments: several where it is given in several zones."""
    shown: str
    start: int
    end: int
    ranged: bool = False


def statements(said: Stated) -> list[Statement]:
    """All that a text says in figures, in order; not what it says was said before."""
    found = [
        *(_time(one) for one in said.times if one.purpose != "earlier"),
        *(_length(one) for one in said.lengths if one.purpose != "earlier"),
        *(_amount(one) for one in said.amounts),
    ]
    return sorted(found, key=lambda one: (one.start, one.end))


def _time(one: Purposed) -> Statement:
    token = cast(Time, one.token)
    kind = cast(Kind, one.purpose.replace("_", "-"))
    key = kind if kind in TIMED else ""
    words = " / ".join(filter(None, map(shown, token.values)))
    kind = kind if key else "time"
    return Statement(kind, key, token.values, words, token.start, token.end, one.ranged)


def _length(one: Purposed) -> Statement:
    length = cast(Length, one.token).value
    key = one.purpose if one.purpose in ("lasted", "eta", "next_update") else ""
    return Statement(
        "duration", key, length, in_words(length), one.token.start, one.token.end, one.ranged
    )


def _amount(one: Amount) -> Statement:
    words = f"{one.value.normalize():,f}"
    if one.currency:
        return Statement(
            "money", one.currency, one.value, f"{one.value:,f} {one.currency}", one.start, one.end
        )
    if one.unit == "percent":
        return Statement("percent", "percent", one.value, f"{words}%", one.start, one.end)
    name = f"{words} {one.unit}".strip()
    return Statement("number", one.unit, one.value, name, one.start, one.end)


def same(one: Hashable, other: Hashable) -> bool:
    """Whether two values can both be true of one thing."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        moments = cast(tuple[Moment, ...], one), cast(tuple[Moment, ...], other)
        return any(agree(first, second) for first in moments[0] for second in moments[1])
    return one == other


def unmatched(ours: Iterable[Hashable], theirs: Iterable[Hashable]) -> list[Hashable]:
    """What of ours is not among theirs."""
    known = list(dict.fromkeys(theirs))
    exact, some = set(known), known[:_MOST]
    return [one for one in ours if one not in exact and not any(same(one, other) for other in some)]


def conflict(ours: Iterable[Hashable], theirs: Iterable[Hashable]) -> bool:
    """Whether each says something that the other does not: less alone is no contradiction."""
    first, second = list(ours), list(theirs)
    return bool(unmatched(first, second)) and bool(unmatched(second, first))


def of_kind(those: Iterable[Statement], kind: Kind, key: str) -> Iterator[Statement]:
    """Those that can contradict each other."""
    return (one for one in those if one.kind == kind and one.key == key)
