"""Differences in words: what differs, where each thing is said, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from crisisctl.messages.agreement.said import KINDS, Difference, Kind, Place, Said, place
from crisisctl.text import listed, safe

_SHOWN = 3
"""Texts named for one value; the rest are counted."""

NAMES: dict[Kind, str] = {
    "eta": "the expected end",
    "next-update": "the next update",
    "cause": "the cause",
    "scope": "what is down",
    "since": "the start",
    "restored": "the time since when it works again",
    "report": "the time of the report",
    "until": "the last day or hour",
    "time": "a time",
    "weekday": "the day of the week",
    "duration": "a length of time",
    "number": "a number",
    "percent": "a percentage",
    "money": "a sum of money",
    "link": "a link",
    "email": "an e-mail address",
    "phone": "a phone number",
}


class Group(Struct, frozen=True):
    """One value, and each place where it is said."""

    value: str
    places: tuple[Place, ...]


def cells(places: Iterable[Place]) -> str:
    """Texts by channel and language: "x (en), email (fr) and 3 more"."""
    named = list(dict.fromkeys(safe(f"{one.channel} ({one.locale})") for one in places))
    if len(named) > _SHOWN + 1:
        named = [*named[:_SHOWN], f"{len(named) - _SHOWN} more"]
    return listed(named)


def contradiction(kind: Kind, groups: Sequence[Group]) -> Difference:
    """Texts that say different things of one thing; what fewest say comes first."""
    ordered = sorted(groups, key=lambda one: (len(one.places), one.places))
    told = "; ".join(f"{safe(one.value)} on {cells(one.places)}" for one in ordered)
    places = tuple(one for group in ordered for one in group.places)
    return Difference(kind, "error", places, f"{NAMES[kind]} differs: {told}", _HINTS.get(kind, ""))


def unlike(kind: Kind, groups: Sequence[Group]) -> Difference:
    """Texts of which one says more than the other, where both have room for all of it."""
    found = contradiction(kind, groups)
    return Difference(kind, "warning", found.places, found.text, found.hint)


def left_out(kind: Kind, lacking: Sequence[Said], told: Group) -> Difference:
    """Texts that lack what the other languages of their channel say."""
    empty = tuple(place(said, len(said.whole), len(said.whole)) for said in lacking)
    text = f"{NAMES[kind]} is missing on {cells(empty)}; {cells(told.places)}: {safe(told.value)}"
    return Difference(kind, "warning", (*empty, *told.places), text, "say it in every language")


def twice(kind: Kind, places: Sequence[Place], values: Sequence[str]) -> Difference:
    """A text that contradicts itself."""
    told = listed([safe(value) for value in values])
    text = f"{NAMES[kind]} is given as {told} in one text, {cells(places)}"
    return Difference(kind, "error", tuple(places), text, "say one time, in heading and text")


def wrong_weekday(where: Place, value: str) -> Difference:
    """A date beside the name of another day."""
    text = f"{safe(where.words)} on {cells([where])}: {value} is another day of the week"
    return Difference("weekday", "error", (where,), text, "correct the date or the day")


_HINTS: dict[Kind, str] = {
    "link": "they differ in a letter or two: open both",
    "email": "they differ in a letter or two: write to both",
    "phone": "they differ in a digit or two: call both",
    "scope": "name the same parts everywhere",
    "cause": "name one cause, or none, everywhere",
    **dict.fromkeys(
        ("eta", "next-update", "since", "restored", "report", "until", "time"),
        "say one time everywhere",
    ),
    **dict.fromkeys(("duration", "number", "percent", "money"), "say one number everywhere"),
}


def in_order(found: Iterable[Difference]) -> list[Difference]:
    """What matters most first, then as it stands in the pack; each once."""
    once = dict.fromkeys(found)
    return sorted(once, key=lambda one: (KINDS.index(one.kind), one.places, one.text))
