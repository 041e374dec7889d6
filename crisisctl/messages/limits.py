"""A message held against the limits of its channel."""

from __future__ import annotations

import json
from dataclasses import dataclass

from crisisctl.messages.channels import Channel, Part
from crisisctl.messages.measure import in_words, measure


@dataclass(frozen=True, slots=True)
class Parts:
    """What is sent of a message on one channel."""

    text: str
    heading: str = ""
    preheader: str = ""

    def get(self, of: Part) -> str:
        """What a limit measures."""
        match of:
            case "heading":
                return self.heading
            case "preheader":
                return self.preheader
            case "payload":
                return payload(self.heading, self.text)
        return self.text


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of a message, and the limit it is held against."""

    of: Part
    length: int
    limit: int
    """0 where nothing limits it."""
    unit: str
    hard: bool
    """Whether the channel refuses what is longer; else it is only not seen at once."""

    @property
    def over(self) -> int:
        """By how much it is too long."""
        return max(0, self.length - self.limit) if self.limit else 0

    def __str__(self) -> str:
        what = "" if self.of == "text" else f"{_NAMED[self.of]} of "
        counted = f"{what}{self.length} {in_words(self.unit)}"
        if self.hard:
            return f"{counted}, the limit is {self.limit}: {self.over} too many"
        return f"{counted}, readers see {self.limit}"


_NAMED = {"heading": "headline", "preheader": "preheader", "payload": "payload"}


def measured(channel: Channel, parts: Parts) -> tuple[Measured, ...]:
    """Every measure of a message that its channel limits; the first is always one of the text."""
    found = [
        Measured(each.of, measure(parts.get(each.of), each.unit), each.limit, each.unit, each.hard)
        for each in channel.limits
        if parts.get(each.of)
    ]
    if found and found[0].of == "text":
        return tuple(found)
    length = measure(parts.text, channel.unit)
    return (Measured("text", length, 0, channel.unit, hard=True), *found)


def payload(heading: str, text: str) -> str:
    """Headline and text as the JSON of a notification (APNs; others are wrapped about as much)."""
    alert = {"title": heading, "body": text} if heading else {"body": text}
    return json.dumps({"aps": {"alert": alert}}, ensure_ascii=False, separators=(",", ":"))
