"""A letter: one message on one channel in one locale, ready to be written to many people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NoReturn

from msgspec import Struct

from crisisctl.messages.bulk.fold import Folded
from crisisctl.messages.bulk.parts import Piece, pieces
from crisisctl.messages.channels import Channel, Limit, Part
from crisisctl.messages.limits import Measured
from crisisctl.messages.measure import fits, measure
from crisisctl.messages.pack import tidied
from crisisctl.messages.sandbox import LONGEST, BadTemplate
from crisisctl.messages.templates import CONTROL

_MARKS = range(0xE000, 0xF900)
"""Letters without a meaning of their own (Unicode's private use area)."""
_SHAPES = 256
"""Ways of knowing this and not that of a person which are kept ready."""


class TooLong(BadTemplate):
    """A text that its channel would refuse for one person; nothing is ever cut."""


class Form:
    """One form of a letter: rendered, tidied, without doing twice what is the same."""

    def __init__(self, folded: Folded, personal: frozenset[str], finish: Callable[[str], str]):
        self.folded = folded
        self._finish = finish
        self._names = personal & folded.names
        self._shapes: dict[frozenset[str], _Shape | None] = {}
        self._always: str | None = None
        self._whole = self._shape(self._names)
        if self._whole is not None and not self._names:
            self._always = self.text({})

    def text(self, values: Mapping[str, str], quiet: bool = False) -> str:
        """The finished text for one person. Raises `BadTemplate`.

        `quiet` says that the values are known to be visible text with single spaces inside.
        """
        if self._always is not None:
            return self._always
        shape = self._whole
        if not values.keys() >= self._names:
            shape = self._shape(self._names.intersection(values))
        if shape is not None:
            holes = [values[name] for name in shape.holes]
            if quiet or all(map(_quiet, holes)):
                words = shape.words.copy()
                words[1::2] = holes
                text = "".join(words)
                if len(text) <= shape.room:
                    return text
        return self._finish(self.folded.render(values))

    def _shape(self, known: frozenset[str]) -> _Shape | None:
        """What is said to a person of whom these names are known, and no others."""
        if known in self._shapes:
            return self._shapes[known]
        has = {name: name in known for name in self._names}
        found = pieces(self.folded.body, has) if self.folded.template else None
        shape = None if found is None else _shaped(found, self._finish)
        if len(self._shapes) < _SHAPES:
            self._shapes[known] = shape
        return shape


class _Shape(Struct, frozen=True):
    """A finished text with holes, for people of whom the same is known."""

    words: list[str]
    """What stands before, between and behind the holes, with room for what goes into them."""
    holes: tuple[str, ...]
    """Whose values go into the holes."""
    room: int
    """Characters up to which no block can have been too long before it was tidied."""


def _quiet(value: str) -> bool:
    """Whether white space is nothing that a value begins with, ends with, or has twice."""
    return (
        value.isprintable()
        and bool(value)
        and value[0] != " "
        and value[-1] != " "
        and "  " not in value
    )


def _shaped(found: list[Piece], finish: Callable[[str], str]) -> _Shape | None:
    """Tidy a text around its holes; a hole is a character that nothing else in it is."""
    words = "".join(piece for piece in found if isinstance(piece, str))
    if CONTROL.search(words) or len(words) > LONGEST:
        return None
    mark = next((char for char in map(chr, _MARKS) if char not in words), None)
    if mark is None:
        return None
    whole = finish("".join(piece if isinstance(piece, str) else mark for piece in found))
    between = [word for part in whole.split(mark) for word in (part, "")]
    holes = [piece[0] for piece in found if not isinstance(piece, str)]
    return _Shape(between[:-1], tuple(holes), LONGEST - len(words))


PARTS: tuple[Part, ...] = ("heading", "text")


class Letter:
    """What goes to everybody who reads one language."""

    def __init__(
        self,
        locale: str,
        channel: Channel,
        body: Form,
        heading: Form | None,
        stamp: str,
        personal: frozenset[str],
    ) -> None:
        self.locale = locale
        self.personal = personal
        self._channel = channel
        self._limits: dict[Part, list[Limit]] = {
            part: [limit for limit in channel.limits if limit.hard and limit.of == part]
            for part in PARTS
        }
        self._body = body
        self._heading = heading
        self._stamp = f"[{stamp}]" if stamp else ""
        self._after = f"{self._stamp}{' ' if channel.form == 'short' else chr(10) * 2}"

    def heading(self, values: Mapping[str, str], quiet: bool = False) -> str:
        """The heading for one person; empty where the channel has none."""
        if self._heading is None:
            return ""
        text = self._heading.text(values, quiet) or self._nothing(self._heading)
        self._keep(self._heading, "heading", text)
        return f"{self._stamp} {text}" if self._stamp else text

    def body(self, values: Mapping[str, str], quiet: bool = False) -> str:
        """The text for one person."""
        text = self._body.text(values, quiet) or self._nothing(self._body)
        self._keep(self._body, "text", text)
        return f"{self._after}{text}" if self._stamp else text

    def _keep(self, form: Form, part: Part, text: str) -> None:
        """Refuse what the channel would refuse; nothing is ever cut."""
        for limit in self._limits[part]:
            if not fits(text, limit.unit, limit.limit):
                length = measure(text, limit.unit)
                raise self._too_long(
                    form, str(Measured(part, length, limit.limit, limit.unit, True))
                )

    def _nothing(self, form: Form) -> NoReturn:
        block, path = form.folded.block, form.folded.plain.path
        raise BadTemplate(f'the block "{block}" says nothing', path, code=1)

    def _too_long(self, form: Form, what: str) -> TooLong:
        return TooLong(what, form.folded.plain.path, code=1)


def finisher(block: str, change: Callable[[str], str] | None) -> Callable[[str], str]:
    """What is done to a rendered block before people see it."""
    if change is None:
        return lambda text: tidied(block, text)
    return lambda text: change(tidied(block, text))
