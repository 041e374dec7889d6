"""How long a text is, in the unit that a channel counts: one module for each way to count."""

from __future__ import annotations

from collections.abc import Callable

from crisisctl.errors import CrisisError
from crisisctl.messages.measure import mastodon, sms, tags, threads, x
from crisisctl.messages.measure.graphemes import graphemes
from crisisctl.text import did_you_mean, listed, quoted


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _line(text: str) -> int:
    return max(map(_bytes, text.splitlines()), default=0)


_UNITS: dict[str, Callable[[str], int]] = {
    "characters": len,
    "bytes": _bytes,
    "utf16": lambda text: len(text) + sum(char > "\uffff" for char in text),
    "graphemes": graphemes,
    "x": x.weight,
    "mastodon": mastodon.count,
    "threads": threads.count,
    "line": _line,
    "hashtags": tags.hashtags,
    "mentions": tags.mentions,
    "septets": lambda text: sms.counted(text).units,
    "segments": lambda text: sms.counted(text).segments,
    sms.TURKISH: lambda text: sms.counted(text, turkish=True).segments,
}
UNITS = tuple(_UNITS)
"""What a channel may count in."""
_IN_WORDS = {
    "bytes": "bytes",
    "utf16": "UTF-16 units",
    "graphemes": "characters as people see them",
    "x": "characters as X counts",
    "mastodon": "characters as Mastodon counts",
    "threads": "characters as Threads counts",
    "line": "bytes in one line",
    "hashtags": "hashtags",
    "mentions": "mentions",
    "segments": "SMS parts",
    sms.TURKISH: "SMS parts",
}


def measure(text: str, unit: str) -> int:
    """Count a text in a channel's unit."""
    if unit in _UNITS:
        return _UNITS[unit](text)
    meant = did_you_mean(unit, UNITS)
    raise CrisisError(
        f"{quoted(unit)} is not a unit of length",
        hint=f"did you mean {meant}?" if meant else f"write {listed(UNITS, 'or')}",
    )


def fits(text: str, unit: str, limit: int) -> bool:
    """Whether a text is no longer than the limit, told without counting where that is sure."""
    return (unit == "x" and x.at_most(text) <= limit) or measure(text, unit) <= limit


def in_words(unit: str) -> str:
    """What is counted, as it is said behind a number."""
    return _IN_WORDS.get(unit, unit)
