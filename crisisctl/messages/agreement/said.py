"""A text as it was said, and a difference between texts."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

Kind = Literal[
    "eta",
    "next-update",
    "cause",
    "scope",
    "since",
    "restored",
    "report",
    "until",
    "time",
    "weekday",
    "duration",
    "number",
    "percent",
    "money",
    "link",
    "email",
    "phone",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What matters most to people who wait comes first."""

Severity = Literal["error", "warning", "note"]
"""A contradiction; something left out or not admitted; a change that the text admits."""

_BETWEEN = "\n\n"


class Said(Struct, frozen=True):
    """One finished text on one channel in one language."""

    channel: str
    locale: str
    text: str
    heading: str = ""
    short: bool = False
    """Whether the channel has room for the core only, so that less may be said."""
    at: datetime | None = None
    """When it was said, in the zone that its readers live in; None: not yet."""
    audience: str = ""

    @property
    def whole(self) -> str:
        """Heading and text, as they are read one after the other."""
        return f"{self.heading}{_BETWEEN}{self.text}" if self.heading else self.text

    @property
    def language(self) -> str:
        """The language without its country."""
        return self.locale.replace("_", "-").partition("-")[0].lower()


class Place(Struct, frozen=True, order=True):
    """Where something stands: in the heading or the text of one cell of the pack."""

    channel: str
    locale: str
    start: int
    end: int
    words: str
    in_heading: bool = False


def place(said: Said, start: int, end: int) -> Place:
    """A place in `said.whole`, counted in the heading or in the text it stands in."""
    body = len(said.heading) + len(_BETWEEN) if said.heading else 0
    words = " ".join(said.whole[start:end].split())
    if start < body:
        end = min(end, len(said.heading))
        return Place(said.channel, said.locale, start, end, words, in_heading=True)
    return Place(said.channel, said.locale, start - body, end - body, words)


class Difference(Struct, frozen=True):
    """What does not fit together, where it stands, and what to do about it."""

    kind: Kind
    severity: Severity
    places: tuple[Place, ...]
    text: str
    hint: str = ""
