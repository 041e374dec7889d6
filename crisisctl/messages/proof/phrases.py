"""Where sentences end, where phrases stand in them, and a quick look whether they can."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from crisisctl.messages.proof.match import Match, find, fold, folded

_END = re.compile(
    r"(?<![.!?…])[.!?…]{1,9}[\"'»”’)\]]{0,3}(?=[\s\0]|\Z)"  # not that of 9.30 or shop.example
    r"|\n[ \t]*\n"
    r"|\n[ \t]*[-*•][ \t]"  # the next item of a list
)
_SAID = re.compile(r"[^\W_]|\ue000")
_BREAK = re.compile(r"[.!?;:…](?:\s|\0|\Z)|\n\s*\n|\n\s*[-*•]\s")
_WORD = re.compile(r"[^\W_]+")
_PIECES = (
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u030a\u0327"
)
"""What cuts a word in two or puts an accent on a letter without being one with it."""
_CHOICE = re.compile(r"\(([^()]*)\)(\?)?")


@dataclass(frozen=True, slots=True)
class Cut:
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


@lru_cache(maxsize=256)
def _vocabulary(text: str, locale: str) -> list[str]:
    """Every word of a text once, in order, folded; quicker than to fold all of the text."""
    if any(piece in text for piece in _PIECES):
        return sorted(set(_WORD.findall(folded(text, locale).text)))
    return sorted(set(fold("\n".join(_once(text)), locale).split("\n")))


@lru_cache(maxsize=256)
def _once(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


Needs = tuple[tuple[str, ...], ...]
"""For each of some phrases the words and stems that it cannot be without."""


@lru_cache(maxsize=2048)
def _needs(phrases: tuple[str, ...], locale: str) -> Needs:
    found = (need for phrase in phrases for need in _needed(fold(phrase, locale)))
    return tuple(dict.fromkeys(found))


def _needed(phrase: str) -> list[tuple[str, ...]]:
    """The words that must be there, the longest first; where all may vary, those of each."""
    fixed = _WORD.findall(_CHOICE.sub(" ", phrase))
    if fixed:
        return [tuple(sorted(fixed, key=len, reverse=True))]
    for choice in _CHOICE.finditer(phrase):
        if not choice[2]:
            return [need for one in choice[1].split("|") for need in _needed(one)]
    return [()]


def needs(phrases: tuple[str, ...], text: str, locale: str) -> Needs:
    """What some of the phrases need, and the text has: without it there is none of them."""
    words = _vocabulary(text, "tr" if locale == "tr" else "en")  # the others fold alike
    return tuple(need for need in _needs(phrases, locale) if _has(words, need))


def met(needed: Needs, text: str, locale: str) -> bool:
    """Whether a short text has what one of the phrases needs."""
    plain = folded(text, locale).text
    return any(all(word in plain for word in need) for need in needed)


def possible(phrases: tuple[str, ...], text: str, locale: str) -> bool:
    """Whether one of the phrases may stand in the text; a quick look before the search."""
    words = _vocabulary(text, "tr" if locale == "tr" else "en")
    return any(_has(words, need) for need in _needs(phrases, locale))


def _has(words: list[str], need: tuple[str, ...]) -> bool:
    for beginning in need:
        place = bisect_left(words, beginning)
        if place == len(words) or not words[place].startswith(beginning):
            return False
    return True


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
