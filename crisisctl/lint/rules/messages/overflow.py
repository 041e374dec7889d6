"""Whether every text fits its channel: with the examples, and with long plausible values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from msgspec import Struct

from crisisctl.lint.bound import Weight, most
from crisisctl.lint.finding import Hit
from crisisctl.lint.outline import outline
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import MessageText
from crisisctl.lint.trials import (
    Change,
    Reading,
    actors,
    is_spoken,
    possible,
    varied,
    with_examples,
)
from crisisctl.messages.measure import UNITS, measure, plain_spaces, sms
from crisisctl.text import escaped, listed


class Room(Struct, frozen=True):
    """How much of a block a channel takes."""

    channel: str
    block: str
    unit: str
    limit: int
    heading: bool = False

    def size(self, reading: Reading) -> int:
        """How much of it a reading takes."""
        return _measured(reading.text, self.unit)

    @property
    def weight(self) -> Weight:
        """What a piece of text counts here at most, whatever stands around it."""
        return _SEPTETS if self.unit == "segments" else _WEIGHTS[self.unit]

    @property
    def capacity(self) -> int:
        """What surely goes in, in the unit of `weight`; an SMS part may stay one short."""
        return self.limit * 66 if self.unit == "segments" else self.limit


@lru_cache(maxsize=256)
def _measured(text: str, unit: str) -> int:
    return measure(plain_spaces(text) if unit == "segments" else text, unit)


def _on_x(text: str) -> float:
    return 23 + 2 * len(text) if "." in text else measure(text, "x")  # any link counts 23


_SEPTETS: Weight = cache(lambda text: 2 * len(text) if not text.isascii() else len(text))
_WEIGHTS: dict[str, Weight] = {
    "characters": len,
    "graphemes": len,
    "utf16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "bytes": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "x": _on_x,
    "septets": lambda text: 2 * len(text),
}


@rule("overflow-example", MessageText)
def overflow_example(text: MessageText) -> Iterator[Hit]:
    """A text is too long for its channel, with the playbook's own examples.

    A channel that refuses a text refuses it on the night, when nobody has time
    to find other words, or cuts it where the apology begins.

    Bad:
        {% block push -%}
        A text of two hundred characters, where a lock screen shows 150 …
    Good:
        {% block push -%}
        Our shop is down since {{ started_at | clock }}. We are sorry.
    """
    for room in _rooms(text):
        example = with_examples(text, room.block)
        if example is not None and room.size(example) > room.limit:
            yield _told(text, room, example, "with the example facts")


@rule("overflow-long", MessageText)
def overflow_long(text: MessageText) -> Iterator[Hit]:
    """A text is too long for its channel where the facts are longer than the examples.

    Names, addresses and dates get longer than anyone expects, and each answer
    brings other words. The longest plausible combination is tried; the finding
    says which it is.

    Bad:
        {{ shop_name }}: our shop has been down since {{ started_at | moment }}. We are … sorry
    Good:
        {{ shop_name }}: our shop is down since {{ started_at | clock }}. Sorry, we repair it.
    """
    for room in _rooms(text):
        example = with_examples(text, room.block)
        if example is None or room.size(example) <= room.limit:
            worst = _worst(text, room)
            if worst is not None:
                yield _told(text, room, worst, _when(worst))


def _rooms(text: MessageText) -> list[Room]:
    blocks = text.anatomy.blocks
    found: dict[Room, None] = {}
    if not is_spoken(text):
        return []
    for sending in text.senders:
        for name in sending.send.channels:
            channel = text.book.channel(name)
            if channel is None:
                continue
            if channel.limit > 0 and channel.unit in UNITS:
                block = channel.block_for(name, blocks)
                found.setdefault(Room(name, block, channel.unit, channel.limit))
            if channel.heading and channel.heading_limit > 0:
                block, limit = channel.heading_for(blocks), channel.heading_limit
                found.setdefault(Room(name, block, "characters", limit, heading=True))
    return [room for room in found if room.block in blocks]


def _worst(text: MessageText, room: Room) -> Reading | None:
    """The longest reading that can happen, where it is too long."""
    actors_ = actors(text, room.block)
    bound = most(text.source.text, text.locale, room.block, room.weight, actors_)
    if bound <= room.capacity:
        return None
    worst = _longest(text, room, lambda _: True)
    if worst is None or room.size(worst) <= room.limit:
        return None
    worst = _longest(text, room, possible(text))
    return worst if worst is not None and room.size(worst) > room.limit else None


def _longest(
    text: MessageText, room: Room, happens: Callable[[tuple[Change, ...]], bool]
) -> Reading | None:
    """The longest reading: one change after the other, as long as it gets longer."""
    longest: Reading | None = None
    while True:
        base = longest.changes if longest is not None else ()
        found = sorted(varied(text, room.block, base), key=room.size, reverse=True)
        found = [reading for reading in found if not reading.problem]
        size = room.size(longest) if longest is not None else -1
        better = (r for r in found if room.size(r) > size and happens(r.changes))
        longer = next(better, None)
        if longer is None:
            return longest
        longest = longer


def _when(reading: Reading) -> str:
    if not reading.changes:
        return "with long values"
    return f"with long values and {listed(map(str, reading.changes))}"


def _told(text: MessageText, room: Room, reading: Reading, when: str) -> Hit:
    size = room.size(reading)
    what = "the headline" if room.heading else "the text"
    unit = {"segments": "SMS parts", "x": "characters as X counts"}.get(room.unit, room.unit)
    words = f'{what} takes {size} {unit} on "{room.channel}" {when}; the limit is {room.limit}'
    hint = f"shorten it by {size - room.limit}, or give the channel a block of its own"
    if room.block != "headline" and (room.heading or room.block not in ("short", "body")):
        hint = f"shorten it by {size - room.limit}"
    if room.unit == "segments":
        hint = _sms_hint(plain_spaces(reading.text))
    return text.hit(outline(text.source.text).block_at(room.block), words, hint)


def _sms_hint(said: str) -> str:
    counted = sms(said)
    if not counted.culprits:
        return f"it is {counted.units} characters long, of which a part holds 153; shorten it"
    shown = [f'"{c}"' if c.isprintable() else escaped(c) for c in counted.culprits[:8]]
    letters = [c for c in counted.culprits if c.isalpha()]
    if len(letters) > len(_FEW):  # another alphabet
        return "in this alphabet a part holds 67 letters; shorten it"
    return f"{listed(shown)} cost more than half of the room: 67 letters a part instead of 153"


_FEW = "çğışâêîôûœ"
"""About as many letters as a language of the Latin alphabet has that an SMS lacks."""
