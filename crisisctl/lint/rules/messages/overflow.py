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
from crisisctl.messages.channels import Channel, Part
from crisisctl.messages.limits import payload
from crisisctl.messages.measure import UNITS, fits, in_words, measure
from crisisctl.messages.measure import sms as sms_parts
from crisisctl.messages.measure.x import at_most
from crisisctl.text import escaped, listed


class Room(Struct, frozen=True):
    """How much of a block a channel takes, or shows."""

    channel: str
    block: str
    of: Part
    unit: str
    limit: int
    hard: bool
    beside: str = ""
    """The headline that goes into the same payload."""

    def size(self, reading: Reading) -> int:
        """How much of it a reading takes."""
        return _measured(self._whole(reading.text), self.unit)

    def rank(self, reading: Reading) -> int:
        """What tells the longer of two readings; on X without looking links up."""
        return at_most(reading.text) if self.unit == "x" else self.size(reading)

    def fits(self, reading: Reading) -> bool:
        """Whether a reading goes in; quicker than its size."""
        return _fits(self._whole(reading.text), self.unit, self.limit)

    def _whole(self, text: str) -> str:
        return payload(self.beside, text) if self.of == "payload" else text

    @property
    def weight(self) -> Weight:
        """What a piece of text counts here at most, whatever stands around it."""
        if self.of == "payload":
            return _in_json
        return _SEPTETS if self.unit in sms_parts.UNITS else _WEIGHTS.get(self.unit, _in_bytes)

    @property
    def capacity(self) -> int:
        """What surely goes in, in the unit of `weight`; an SMS part may stay one short."""
        if self.of == "payload":
            return self.limit - _in_bytes(payload(self.beside, ""))
        return self.limit * 66 if self.unit in sms_parts.UNITS else self.limit


@lru_cache(maxsize=256)
def _measured(text: str, unit: str) -> int:
    return measure(_as_sent(text, unit), unit)


@lru_cache(maxsize=256)
def _fits(text: str, unit: str, limit: int) -> bool:
    return fits(_as_sent(text, unit), unit, limit)


def _as_sent(text: str, unit: str) -> str:
    return sms_parts.plain_spaces(text) if unit in sms_parts.UNITS else text


def _in_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _in_json(text: str) -> int:
    return _in_bytes(payload("", text)) - _in_bytes(payload("", ""))


def _on_x(text: str) -> int:
    return at_most(f"{text}a") - 1  # a link may go on in the next piece


_SEPTETS: Weight = cache(lambda text: 2 * len(text) if not text.isascii() else len(text))
_WEIGHTS: dict[str, Weight] = {
    "characters": len,
    "graphemes": len,
    "utf16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "x": _on_x,
    "mastodon": lambda text: len(text) + 23 * text.count("://"),
    "septets": lambda text: 2 * len(text),
}
"""Bytes are the most that any other unit can count."""


@rule("overflow-example", MessageText)
def overflow_example(text: MessageText) -> Iterator[Hit]:
    """A text is too long for its channel, with the playbook's own examples.

    A channel that refuses a text refuses it on the night, when nobody has time
    to find other words, or cuts it where the apology begins.

    Bad:
        {% block sms -%}
        A text of a thousand characters, where six parts hold 918 …
    Good:
        {% block sms -%}
        Our shop is down since {{ started_at | clock }}. We are sorry.
    """
    yield from _with_examples(text, hard=True)


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
    yield from _with_long_facts(text, hard=True)


@rule("unseen-example", MessageText, severity="warning")
def unseen_example(text: MessageText) -> Iterator[Hit]:
    """Readers do not see the end of a text at once, with the playbook's own examples.

    A lock screen, an inbox and a list of incidents show only the beginning. The
    channel takes the whole text, but many will never open it: what they must know
    has to stand in the part that is shown.

    Bad:
        {% block push -%}
        A text of two hundred characters, where a lock screen shows 150 …
    Good:
        {% block push -%}
        Our shop is down since {{ started_at | clock }}. We are sorry.
    """
    yield from _with_examples(text, hard=False)


@rule("unseen-long", MessageText, severity="warning")
def unseen_long(text: MessageText) -> Iterator[Hit]:
    """Readers do not see the end of a text where the facts are longer than the examples.

    The longest plausible combination of names, addresses, dates and answers is
    tried; the finding says which it is.

    Bad:
        {% block headline %}{{ shop_name }} is down, we know it and we are sorry{% endblock %}
    Good:
        {% block headline %}{{ shop_name }} is down{% endblock %}
    """
    yield from _with_long_facts(text, hard=False)


def _with_examples(text: MessageText, *, hard: bool) -> Iterator[Hit]:
    for room in _rooms(text):
        if room.hard == hard:
            example = with_examples(text, room.block)
            if example is not None and not room.fits(example):
                yield _told(text, room, example, "with the example facts")


def _with_long_facts(text: MessageText, *, hard: bool) -> Iterator[Hit]:
    for room in _rooms(text):
        if room.hard != hard:
            continue
        example = with_examples(text, room.block)
        if example is None or room.fits(example):
            worst = _worst(text, room)
            if worst is not None:
                yield _told(text, room, worst, _when(worst))


@lru_cache(maxsize=8)
def _rooms(text: MessageText) -> list[Room]:
    found: dict[Room, None] = {}
    if not is_spoken(text):
        return []
    sent = {name for sending in text.senders for name in sending.send.channels}
    if text.senders:  # what has words of its own can be sent by hand
        takers = text.book.takers
        sent.update(name for block in text.anatomy.blocks for name in takers.get(block, ()))
    for name in sorted(sent):
        channel = text.book.channel(name)
        if channel is not None:
            found.update(dict.fromkeys(_rooms_of(text, name, channel)))
    return [room for room in found if room.block in text.anatomy.blocks]


def _rooms_of(text: MessageText, name: str, channel: Channel) -> Iterator[Room]:
    blocks = text.anatomy.blocks
    own = channel.block_for(name, blocks)
    takers = {"heading": channel.heading_for(blocks), "preheader": channel.preheader_for(blocks)}
    for limit in channel.limits:
        if limit.unit in UNITS:
            block = takers.get(limit.of, own)
            beside = _heading(text, channel) if limit.of == "payload" else ""
            yield Room(name, block, limit.of, limit.unit, limit.limit, limit.hard, beside)


def _heading(text: MessageText, channel: Channel) -> str:
    """The headline of a payload, with the examples: it is short beside what a payload holds."""
    block = channel.heading_for(text.anatomy.blocks)
    if not channel.heading or block not in text.anatomy.blocks:
        return ""
    example = with_examples(text, block)
    return example.text if example is not None else ""


def _worst(text: MessageText, room: Room) -> Reading | None:
    """The longest reading that can happen, where it is too long."""
    actors_ = actors(text, room.block)
    bound = most(text.source.text, text.locale, room.block, room.weight, actors_)
    if bound <= room.capacity:
        return None
    worst = _longest(text, room, lambda _: True)
    if worst is None or room.fits(worst):
        return None
    worst = _longest(text, room, possible(text))
    return worst if worst is not None and not room.fits(worst) else None


def _longest(
    text: MessageText, room: Room, happens: Callable[[tuple[Change, ...]], bool]
) -> Reading | None:
    """The longest reading: one change after the other, as long as it gets longer."""
    longest: Reading | None = None
    while True:
        base = longest.changes if longest is not None else ()
        found = sorted(varied(text, room.block, base), key=room.rank, reverse=True)
        found = [reading for reading in found if not reading.problem]
        rank = room.rank(longest) if longest is not None else -1
        better = (r for r in found if room.rank(r) > rank and happens(r.changes))
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
    what = _NAMED.get(room.of, "the text")
    takes = f'{what} takes {size} {in_words(room.unit)} on "{room.channel}" {when}'
    end = f"the limit is {room.limit}" if room.hard else f"readers see {room.limit} at once"
    hint = f"shorten it by {size - room.limit}, or give the channel a block of its own"
    if room.block not in ("headline", "short", "body"):
        hint = f"shorten it by {size - room.limit}"
    if room.unit in sms_parts.UNITS:
        hint = _sms_hint(sms_parts.plain_spaces(reading.text), room.unit)
    return text.hit(outline(text.source.text).block_at(room.block), f"{takes}; {end}", hint)


_NAMED = {"heading": "the headline", "preheader": "the preheader", "payload": "its payload"}


def _sms_hint(said: str, unit: str) -> str:
    counted = sms_parts.counted(said, turkish=unit == sms_parts.TURKISH)
    if not counted.culprits:
        return f"it takes {counted.units} septets, of which a part holds {counted.each}; shorten it"
    shown = [f'"{c}"' if c.isprintable() else escaped(c) for c in counted.culprits[:8]]
    letters = [c for c in counted.culprits if c.isalpha()]
    if len(letters) > len(_FEW):  # another alphabet
        return "in this alphabet a part holds 67 letters; shorten it"
    cost = f"{counted.segments} parts instead of {counted.without_culprits}"
    return f"{listed(shown)} {'forces' if len(shown) == 1 else 'force'} UCS-2: {cost}"


_FEW = "çğışâêîôûœ"
"""About as many letters as a language of the Latin alphabet has that an SMS lacks."""
