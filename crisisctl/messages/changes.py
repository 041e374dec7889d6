"""What changed between two texts, by words within lines, as rows that a screen can paint."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from msgspec import Struct

Change = Literal["kept", "removed", "added"]
Span = tuple[int, int]

_WORD = re.compile(r"\s+|\d+(?:[.,:]\d+)*|[^\W_]+|[\W_]")
_MOST_LINES = 300
"""Lines between two that both texts have once, on both sides together, that are matched."""
_MOST_WORDS = 1600
"""Words of a line, on both sides together, that are matched."""
_ALIKE = 0.5
"""How much two lines must share to be shown as one that was edited."""
_AHEAD = 4
"""Lines that are looked at for the one which a line became."""
_EFFORT = 4_000_000
"""Pairs of words compared in all; what is left then is shown as removed and added whole."""
_LEAST_EFFORT = 400
_LINE_EFFORT = 10
"""difflib takes longest where lines repeat; words of one line rarely do."""


class Piece(Struct, frozen=True):
    """Words that stayed, went or came."""

    change: Change
    text: str


class Row(Struct, frozen=True):
    """One line: kept, removed or added whole, or edited, where its pieces differ."""

    before: int
    """Its number in the old text, from 1; 0 where it was not there."""
    after: int
    """Its number in the new text; 0 where it is gone."""
    pieces: tuple[Piece, ...]

    @property
    def is_kept(self) -> bool:
        """Whether nothing in it changed."""
        return all(piece.change == "kept" for piece in self.pieces)


def changes(before: str, after: str) -> tuple[Row, ...]:
    """Every line of both texts in the order of the new one, what is gone where it stood.

    An edited line is one row whose pieces say which words went and came. Takes
    bounded time: what is longer than anybody compares by eye is shown as removed
    and added whole.
    """
    return tuple(_Comparison(before.split("\n"), after.split("\n")).rows())


@dataclass
class _Comparison:
    old: Sequence[str]
    new: Sequence[str]
    effort: int = _EFFORT

    def rows(self) -> Iterator[Row]:
        a = c = 0
        for b, d in [*_anchors(self.old, self.new), (len(self.old), len(self.new))]:
            yield from self._between((a, b), (c, d))
            if b < len(self.old):
                yield self._kept(b, d)
            a, c = b + 1, d + 1

    def _between(self, old: Span, new: Span) -> Iterator[Row]:
        """The rows between two lines that both texts have once."""
        head = _alike(self.old[old[0] : old[1]], self.new[new[0] : new[1]])
        yield from (self._kept(old[0] + n, new[0] + n) for n in range(head))
        old, new = (old[0] + head, old[1]), (new[0] + head, new[1])
        tail = _alike(self.old[old[0] : old[1]][::-1], self.new[new[0] : new[1]][::-1])
        yield from self._matched((old[0], old[1] - tail), (new[0], new[1] - tail))
        yield from (self._kept(old[1] - n, new[1] - n) for n in range(tail, 0, -1))

    def _matched(self, old: Span, new: Span) -> Iterator[Row]:
        lines = old[1] - old[0] + new[1] - new[0]
        work = (old[1] - old[0]) * (new[1] - new[0]) * _LINE_EFFORT
        if lines > _MOST_LINES or not self._can(work):
            yield from self._replaced(old, new)
            return
        matcher = SequenceMatcher(
            None, self.old[old[0] : old[1]], self.new[new[0] : new[1]], autojunk=False
        )
        for what, a, b, c, d in matcher.get_opcodes():
            if what == "equal":
                yield from (self._kept(old[0] + a + n, new[0] + c + n) for n in range(b - a))
            else:
                yield from self._replaced((old[0] + a, old[0] + b), (new[0] + c, new[0] + d))

    def _replaced(self, old: Span, new: Span) -> Iterator[Row]:
        """Lines in the place of others: those that are alike are one that was edited."""
        at = new[0]
        for number in range(*old):
            for other in range(at, min(at + _AHEAD, new[1])):
                pieces = self._edited(self.old[number], self.new[other])
                if pieces:
                    yield from (self._added(n) for n in range(at, other))
                    yield Row(number + 1, other + 1, pieces)
                    at = other + 1
                    break
            else:
                yield Row(number + 1, 0, (Piece("removed", self.old[number]),))
        yield from (self._added(n) for n in range(at, new[1]))

    def _edited(self, before: str, after: str) -> tuple[Piece, ...]:
        """The words that went and came; nothing for lines that have little in common."""
        if not self._can(_LEAST_EFFORT):
            return ()
        old, new = _WORD.findall(before), _WORD.findall(after)
        if not _may_be_alike(old, new):
            return ()
        head = _alike(old, new)
        tail = _alike(old[head:][::-1], new[head:][::-1])
        inner = old[head : len(old) - tail], new[head : len(new) - tail]
        if sum(map(len, inner)) > _MOST_WORDS or not self._can(len(inner[0]) * len(inner[1])):
            return ()
        matcher = SequenceMatcher(None, *inner, autojunk=False)
        blocks = matcher.get_matching_blocks()
        shared = [*old[:head], *old[len(old) - tail :]]
        shared += [word for block in blocks for word in inner[0][block.a : block.a + block.size]]
        if not _enough(shared, old, new):
            return ()
        middle = _pieces(matcher, *inner)
        ends = Piece("kept", "".join(old[:head])), Piece("kept", "".join(old[len(old) - tail :]))
        return _joined([ends[0], *middle, ends[1]])

    def _can(self, work: int) -> bool:
        """Whether there is time left for so much work; then it is spent."""
        if work > self.effort:
            return False
        self.effort -= work
        return True

    def _kept(self, before: int, after: int) -> Row:
        return Row(before + 1, after + 1, (Piece("kept", self.old[before]),))

    def _added(self, number: int) -> Row:
        return Row(0, number + 1, (Piece("added", self.new[number]),))


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[Span]:
    """Lines that each text has once, in an order in which both have them."""
    counted = Counter(old), Counter(new)
    places = {line: number for number, line in enumerate(new)}
    once = [
        (number, places[line])
        for number, line in enumerate(old)
        if line.strip() and counted[0][line] == counted[1][line] == 1
    ]
    return _rising(once)


def _rising(pairs: Sequence[Span]) -> list[Span]:
    """The longest run of pairs that rise on both sides."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, at) in enumerate(pairs):
        place = bisect_left(ends, at)
        before.append(last[place - 1] if place else -1)
        ends[place : place + 1] = [at]
        last[place : place + 1] = [number]
    found: list[Span] = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items are the same from the beginning."""
    number = 0
    for first, second in zip(one, other, strict=False):
        if first != second:
            break
        number += 1
    return number


def _letters(words: Sequence[str]) -> int:
    return sum(len(word) for word in words if not word.isspace())


def _enough(shared: Sequence[str], old: Sequence[str], new: Sequence[str]) -> bool:
    return 2 * _letters(shared) >= _ALIKE * (_letters(old) + _letters(new))


def _may_be_alike(old: Sequence[str], new: Sequence[str]) -> bool:
    """A quick look at the words, whatever their order."""
    return _enough([*(Counter(old) & Counter(new)).elements()], old, new)


def _pieces(
    matcher: SequenceMatcher[str], old: Sequence[str], new: Sequence[str]
) -> Iterator[Piece]:
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield Piece("kept", "".join(old[a:b]))
        else:
            yield Piece("removed", "".join(old[a:b]))
            yield Piece("added", "".join(new[c:d]))


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces that say something, neighbours of one kind together."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].change == piece.change:
            joined[-1] = Piece(piece.change, joined[-1].text + piece.text)
        elif piece.text:
            joined.append(piece)
    return tuple(joined)
