"""A letter: one message on one channel in one locale, ready to be written to many people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crisisctl.messages.bulk.fold import Folded
from crisisctl.messages.bulk.parts import Piece, pieces
from crisisctl.messages.channels import Channel
from crisisctl.messages.measure import measure
from crisisctl.messages.pack import tidied
from crisisctl.messages.sandbox import LONGEST, BadTemplate
from crisisctl.messages.templates import CONTROL

_SHAPES = 256
"""Ways of knowing this and not that of a person which are kept ready."""


class TooLong(BadTemplate):
    """A text that its channel would refuse for one person; nothing is ever cut."""


class Form:
    """One form of a letter: rendered, tidied, without doing twice what is the same."""

    def __init__(self, folded: Folded, personal: frozenset[str], finish: Callable[[str], str]):
        self.folded = folded
        self._finish = finish
        self._names = sorted(personal & folded.names)
        self._shapes: dict[tuple[bool, ...], _Shape | None] = {}

    def text(self, values: Mapping[str, str]) -> str:
        """The finished text for one person. Raises `BadTemplate`."""
        key = tuple([name in values for name in self._names])
        try:
            shape = self._shapes[key]
        except KeyError:
            shape = self._shape(key)
        text = None if shape is None else shape.filled(values)
        return self._finish(self.folded.render(values)) if text is None else text

    def _shape(self, key: tuple[bool, ...]) -> _Shape | None:
        known = dict(zip(self._names, key, strict=True))
        found = pieces(self.folded.body, known) if self.folded.template else None
        shape = None if found is None else _shaped(found, self._finish)
        if len(self._shapes) < _SHAPES:
            self._shapes[key] = shape
        return shape


class _Shape:
    """A finished text with holes, for people of whom the same is known."""

    def __init__(self, pattern: str, holes: list[str], size: int) -> None:
        self._pattern = pattern
        self._holes = holes
        self._room = LONGEST - size

    def filled(self, values: Mapping[str, str]) -> str | None:
        """The text, or None where a value might change how the rest is tidied."""
        holes = [values[name] for name in self._holes]
        for value in holes:
            if not _quiet(value):
                return None
        text = self._pattern % tuple(holes)
        return text if len(text) <= self._room else None


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
    mark = next(char for char in map(chr, range(0xE000, 0xF900)) if char not in words)
    whole = finish("".join(piece if isinstance(piece, str) else mark for piece in found))
    holes = [piece[0] for piece in found if not isinstance(piece, str)]
    return _Shape(whole.replace("%", "%%").replace(mark, "%s"), holes, len(words))


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
        self._body = body
        self._heading = heading
        self._stamp = f"[{stamp}]" if stamp else ""
        self._after = f"{self._stamp}{' ' if channel.form == 'short' else chr(10) * 2}"

    def heading(self, values: Mapping[str, str]) -> str:
        """The heading for one person; empty where the channel has none."""
        if self._heading is None:
            return ""
        text = self._said(self._heading, values)
        limit = self._channel.heading_limit
        if limit and len(text) > limit:
            raise self._too_long(self._heading, f"headline of {len(text)}, the limit is {limit}")
        return f"{self._stamp} {text}" if self._stamp else text

    def body(self, values: Mapping[str, str]) -> str:
        """The text for one person."""
        text, channel = self._said(self._body, values), self._channel
        if channel.limit:
            length = measure(text, channel.unit)
            if length > channel.limit:
                words = f"{length} {channel.unit}, the limit is {channel.limit}"
                raise self._too_long(self._body, words)
        return f"{self._after}{text}" if self._stamp else text

    def _said(self, form: Form, values: Mapping[str, str]) -> str:
        text = form.text(values)
        if not text:
            block, path = form.folded.block, form.folded.plain.path
            raise BadTemplate(f'the block "{block}" says nothing', path, code=1)
        return text

    def _too_long(self, form: Form, what: str) -> TooLong:
        return TooLong(what, form.folded.plain.path, code=1)


def finisher(block: str, change: Callable[[str], str] | None) -> Callable[[str], str]:
    """What is done to a rendered block before people see it."""
    if change is None:
        return lambda text: tidied(block, text)
    return lambda text: change(tidied(block, text))
