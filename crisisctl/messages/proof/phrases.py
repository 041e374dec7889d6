"""Where sentences end, where phrases stand in them, and a quick look whether they can."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from crisisctl.messages.proof.folding import fold, folded
from crisisctl.messages.proof.match import Match, find
from crisisctl.messages.proof.vocabulary import Needs, present

_END = re.compile(
    r"(?<![.!?…])[.!?…]{1,9}[\"'»”’)\]]{0,3}(?=[\s\0]|\Z)"  # not that of 9.30 or shop.example
    r"|\n[ \t]*\n"
    r"|\n[ \t]*[-*•][ \t]"  # the next item of a list
)
_SAID = re.compile(r"[^\W_]|\ue000")
_BREAK = re.compile(r"[.!?;:…](?:\s|\0|\Z)|\n\s*\n|\n\s*[-*•]\s")


class Cut(Struct, frozen=True):
    """A folded text with the places where its sentences begin."""

    folded: str
    starts: tuple[int, ...]

    def at(self, offset: int) -> int:
        """The number of the sentence at this place."""
        return bisect_right(self.starts, offset) - 1

    def span(self, number: int) -> tuple[int, int]:
        """Where that sentence begins and ends."""
        last = number + 1 == len(self.starts)
        return self.starts[number], len(self.folded) if last else self.starts[number + 1]


@lru_cache(maxsize=256)
def cut(text: str, locale: str) -> Cut:
    """The sentences of a text."""
    starts = [0]
    for found in _END.finditer(text):
        if _SAID.search(text, starts[-1], found.end()) and found.end() < len(text):
            starts.append(found.end())
    return Cut(fold(text, locale), tuple(starts))


def needs(phrases: tuple[str, ...], text: str, locale: str) -> Needs:
    """What some of the phrases need, and the text has: without it there is none of them."""
    return tuple(present(phrases, text, locale))


def met(needed: Needs, text: str, locale: str) -> bool:
    """Whether a short text has what one of the phrases needs."""
    plain = folded(text, locale).text
    return any(all(word in plain for word in need) for need in needed)


def possible(phrases: tuple[str, ...], text: str, locale: str) -> bool:
    """Whether one of the phrases may stand in the text; a quick look before the search."""
    return any(True for _ in present(phrases, text, locale))


def places(phrases: tuple[str, ...], text: str, locale: str) -> list[Match]:
    """Every place of one of the phrases, in quotations too."""
    if not phrases or not possible(phrases, text, locale):
        return []
    return list(find(phrases, text, locale, quoted=True))


def joined(
    first: Iterable[Match], second: Iterable[Match], folded: str, gap: int
) -> list[tuple[Match, Match]]:
    """Each of the second with the nearest of the first before it, in the same breath."""
    pairs = []
    before = sorted(first, key=lambda match: match.end)
    ends = [match.end for match in before]
    for match in second:
        number = bisect_right(ends, match.start) - 1
        if number >= 0 and match.start - ends[number] <= gap:
            between = folded[ends[number] : match.start]
            if not _BREAK.search(between):
                pairs.append((before[number], match))
    return pairs
