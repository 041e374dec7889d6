"""The reviews of a JSON file, one object at a time: a list, a list in an envelope, JSON Lines.

The standard library's decoder takes one object after the other from a text that grows as needed.
It is written in C and needs no library beside it; what does not end within a mebibyte is skipped.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import islice
from typing import Any

from msgspec import UNSET, UnsetType

from crisisctl.tables.decoding import Text
from crisisctl.tables.names import fold, folded
from crisisctl.tables.unreadable import BLOCK, LONGEST, Row, Unreadable

LISTS = frozenset(
    folded(
        """reviews review data items results result rows records feedback feedbacks entries comments
    ratings locationreviews customerreviews productreviews avis resenas opiniones yorumlar
    отзывы"""
    )
)
"""What the list of reviews is called in an envelope, folded."""
_DEPTH = 4
_KEYS = 500
_BEHIND = 32 * 1024
_SPACE = re.compile(r"\s*")
_NEXT = re.compile(r"\}\s*,\s*\{")
_NEXT_LINE = re.compile(r"\n\s*\{")
_HALF = re.compile("[\ud800-\udfff]")
_NO_OBJECT = "it is no object with the fields of a review"
_NO_JSON = "it is not valid JSON"
_DECODER = json.JSONDecoder()
Keys = tuple[str, ...]


class Objects:
    """An open file: its objects are to come."""

    def __init__(self, text: Text, knows: Callable[[Sequence[str]], int], peek: int) -> None:
        """`knows` tells how many names are known; `peek` is how many objects tell the names."""
        self._source = _Source(text)
        self._knows = knows
        self._found = self._all()
        self._text = text
        self._first = self._some(peek)
        paths: dict[Keys, None] = {}
        for found in self._first:
            if not isinstance(found, Unreadable):
                for path in islice(_paths(found[1]), _KEYS):
                    paths.setdefault(path)
                if len(paths) >= _KEYS:
                    break
        self._paths = list(paths)
        self._wanted = [(place, path) for place, path in enumerate(self._paths)]
        self.separator = ""
        self.header = [".".join(path) for path in self._paths]

    def only(self, places: Sequence[int]) -> None:
        """Fill only these cells from here on."""
        self._wanted = [(place, self._paths[place]) for place in places]

    def take(self, most: int) -> list[Row | Unreadable] | None:
        """The next rows, or why one cannot be read; None at the end."""
        found = self._first[:most]
        self._first = self._first[most:]
        found += self._some(most - len(found))
        return [each if isinstance(each, Unreadable) else self._row(each) for each in found] or None

    def _some(self, most: int) -> list[tuple[int, dict[str, Any]] | Unreadable]:
        """So many objects, or fewer where they are large."""
        taken: list[tuple[int, dict[str, Any]] | Unreadable] = []
        enough = self._text.position + BLOCK
        for found in islice(self._found, most):
            taken.append(found)
            if self._text.position > enough:
                break
        return taken

    def _row(self, found: tuple[int, dict[str, Any]]) -> Row:
        line, item = found
        cells = [""] * len(self._paths)
        for place, path in self._wanted:
            value: Any = item
            for key in path:
                value = value.get(key) if isinstance(value, dict) else None
            if isinstance(value, str):
                cells[place] = value if value.isascii() else _HALF.sub("\ufffd", value)
            elif value is not None and not isinstance(value, dict | list):
                cells[place] = str(value)
        return line, cells

    def _all(self) -> Iterator[tuple[int, dict[str, Any]] | Unreadable]:
        source = self._source
        while (char := source.peek()) and char == "[":
            yield from self._list()
        if char == "{":
            first = source.value(keep=True)
            if isinstance(first, dict) and not _holds_reviews(first) and self._is_one(first):
                yield from self._one_after_another()
            else:
                yield from self._envelopes()
        elif char:
            yield Unreadable(source.line, f"{_NO_JSON} from here on")

    def _is_one(self, item: dict[str, Any]) -> bool:
        return self._knows([".".join(path) for path in islice(_paths(item), _KEYS)]) > 0

    def _one_after_another(self) -> Iterator[tuple[int, dict[str, Any]] | Unreadable]:
        """JSON Lines, or objects without anything between them."""
        source = self._source
        while source.peek():
            line = source.line
            value = source.value()
            if isinstance(value, dict):
                yield line, value
            elif value is UNSET:
                yield Unreadable(line, source.why)
                source.resume(_NEXT_LINE)
            else:
                yield Unreadable(line, _NO_OBJECT)
            if source.peek() == ",":
                source.step()

    def _list(self) -> Iterator[tuple[int, dict[str, Any]] | Unreadable]:
        """What is in an array; a broken object costs the next ones nothing."""
        source = self._source
        source.step()
        while (char := source.peek()) and char != "]":
            line = source.line
            value = source.value()
            if isinstance(value, dict):
                yield line, value
            elif value is UNSET:
                yield Unreadable(line, source.why)
                source.resume(_NEXT)
                continue
            else:
                yield Unreadable(line, _NO_OBJECT)
            char = source.peek()
            if char == ",":
                source.step()
            elif char and char != "]":
                yield Unreadable(source.line, _NO_JSON)
                source.resume(_NEXT)
        if char:
            source.step()
        else:
            yield Unreadable(source.line, "the file ends in the middle of a list")

    def _envelopes(self) -> Iterator[tuple[int, dict[str, Any]] | Unreadable]:
        """Objects that hold the list: one page of an interface after the other."""
        source = self._source
        while source.peek() == "{":
            if not (yield from self._envelope(1)):
                yield Unreadable(source.line, _NO_JSON)
                source.resume(_NEXT_LINE)
                yield from self._one_after_another()
            if source.peek() == ",":
                source.step()

    def _envelope(
        self, depth: int
    ) -> Generator[tuple[int, dict[str, Any]] | Unreadable, None, bool]:
        """An object whose values are looked through; False where it is not valid."""
        source = self._source
        source.step()
        while source.peek() == '"':
            key = source.value()
            if not isinstance(key, str) or source.peek() != ":":
                return False
            source.step()
            if not (yield from self._field(key, depth)):
                return False
            if source.peek() == ",":
                source.step()
        if source.peek() != "}":
            return False
        source.step()
        return True

    def _field(
        self, key: str, depth: int
    ) -> Generator[tuple[int, dict[str, Any]] | Unreadable, None, bool]:
        """One value of an envelope: it is the list, or it may hold it, or it is passed."""
        char = self._source.peek()
        if char == "[":
            found = self._list()
            if fold(key) in LISTS:
                yield from found
            else:
                deque(found, maxlen=0)
            return True
        if char == "{" and depth < _DEPTH:
            return (yield from self._envelope(depth + 1))
        return self._source.value() is not UNSET


class _Source:
    """A text of which values are taken, one after the other."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._held = ""
        self._at = 0
        self._line = 1
        self._counted = 0
        self.why = ""
        """Why the last value could not be taken."""

    @property
    def line(self) -> int:
        """Where the next value begins."""
        self._line += self._held.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def peek(self) -> str:
        """The next character but white space; empty at the end."""
        while True:
            space = _SPACE.match(self._held, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def step(self) -> None:
        """Pass one character."""
        self._at += 1

    def value(self, *, keep: bool = False) -> Any | UnsetType:
        """The next value, however deep; `UNSET` where it is none. `keep` does not pass it."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._held, self._at)
            except RecursionError:
                self.why = "it is nested too deeply"
                return UNSET
            except ValueError:
                left = len(self._held) - self._at
                if left <= LONGEST and self._more():
                    continue
                self.why = (
                    f"{_NO_JSON}, or longer than {LONGEST // 1024} KiB"
                    if left > LONGEST
                    else _NO_JSON
                )
                return UNSET
            if end == len(self._held) and not isinstance(value, dict | list) and self._more():
                continue  # a number may go on
            if not keep:
                self._at = end
            return value

    def resume(self, pattern: re.Pattern[str]) -> None:
        """Go to the next object after one that is broken, or to the end."""
        self._at += 1
        if self._at > _BEHIND:  # the decoder counts all lines up to a mistake
            self._let_go()
        while (found := pattern.search(self._held, self._at)) is None:
            self._at = max(self._at, len(self._held) - 100)
            if not self._more():
                self._at = len(self._held)
                return
        self._at = found.end() - 1

    def _more(self) -> bool:
        """Let go of what is passed, and hold the next piece as well."""
        piece = self._text.read()
        if not piece:
            return False
        self._let_go()
        self._held += piece
        return True

    def _let_go(self) -> None:
        """Hold no longer what is passed."""
        _ = self.line
        self._held = self._held[self._at :]
        self._at = self._counted = 0


def _holds_reviews(item: dict[str, Any], depth: int = 1) -> bool:
    """Whether an object is an envelope: somewhere in it is a list with a name that we know."""
    for key, value in item.items():
        if isinstance(value, list) and fold(key) in LISTS and isinstance((value or [0])[0], dict):
            return True
        if isinstance(value, dict) and depth < _DEPTH and _holds_reviews(value, depth + 1):
            return True
    return False


def _paths(item: dict[str, Any], before: Keys = ()) -> Iterator[Keys]:
    """The fields of an object, those of the objects in it as well."""
    for key, value in item.items():
        if isinstance(value, dict) and len(before) < _DEPTH - 1:
            yield from _paths(value, (*before, key))
        elif not isinstance(value, list):
            yield (*before, key)
