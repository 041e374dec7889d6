"""The words of a text, for a quick look whether a phrase can stand in it at all."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from crisisctl.messages.proof.folding import fold, folded

_RUN = re.compile(r"[^\W_]+|%")
_WORD = re.compile(r"[^\W_]+")
_PIECES = (
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u030a\u0327"
)
"""What cuts a word in two or puts an accent on a letter without being one with it."""
_BEGUN = re.compile(r"(?<![*\w])[^\W_]+")
"""A word whose beginning is given."""
_CHOICE = re.compile(r"\(([^()]*)\)(\?)?")

_LETTERS = 4
"""As many letters of a word's beginning as are compared first."""
Needs = tuple[tuple[str, ...], ...]
"""For each of some phrases the words and stems that it cannot be without."""


def words_in(plain: str) -> dict[str, list[int]]:
    """The words of a folded text, and where each begins."""
    found: dict[str, list[int]] = {}
    for word in _RUN.finditer(plain):
        found.setdefault(word[0], []).append(word.start())
    return found


def vocabulary(text: str, locale: str) -> list[str]:
    """Every word of a text once, in order, folded."""
    return _vocabulary(text, "tr" if locale == "tr" else "en")  # the others fold alike


@lru_cache(maxsize=128)
def _vocabulary(text: str, locale: str) -> list[str]:
    """Every word of a text once, in order, folded; quicker than to fold all of the text."""
    if any(piece in text for piece in _PIECES):
        return sorted(set(_WORD.findall(folded(text, locale).text)))
    return sorted(set(fold("\n".join(_once(text)), locale).split("\n")))


@lru_cache(maxsize=128)
def _once(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


@lru_cache(maxsize=2048)
def _needs_of(phrases: tuple[str, ...], locale: str) -> dict[str, list[tuple[str, ...]]]:
    """What each of some phrases cannot be without, by how it begins; what begins shortly by ""."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for need in dict.fromkeys(need for one in phrases for need in _needed(fold(one, locale))):
        first = need[0][:_LETTERS] if need else ""
        found.setdefault(first if len(first) == _LETTERS else "", []).append(need)
    return found


def _needed(phrase: str) -> list[tuple[str, ...]]:
    """The words that must be there, the longest first; where all may vary, those of each."""
    fixed = _BEGUN.findall(_CHOICE.sub(" ", phrase))
    if fixed:
        return [tuple(sorted(fixed, key=len, reverse=True))]
    for choice in _CHOICE.finditer(phrase):
        if not choice[2]:
            return [need for one in choice[1].split("|") for need in _needed(one)]
    return [()]


def present(phrases: tuple[str, ...], text: str, locale: str) -> Iterator[tuple[str, ...]]:
    """What the phrases need and a text has; how its words begin rules out nearly everything."""
    words = vocabulary(text, locale)
    beginnings = _beginnings(text, "tr" if locale == "tr" else "en")
    for first, needed in _needs_of(phrases, locale).items():
        if not first or first in beginnings:
            yield from (need for need in needed if has(words, need))


@lru_cache(maxsize=128)
def _beginnings(text: str, locale: str) -> frozenset[str]:
    return frozenset([word[:_LETTERS] for word in _vocabulary(text, locale)])


def has(words: list[str], need: tuple[str, ...]) -> bool:
    """Whether a vocabulary has words that begin with each of these."""
    for beginning in need:
        place = bisect_left(words, beginning)
        if place == len(words) or not words[place].startswith(beginning):
            return False
    return True
