"""Find phrases in a text whatever its case, quotes and spaces, each at its own place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

# One character for one, so that every place in the folded text is a place in the text.
_ALIKE = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032", "'"),
    **dict.fromkeys("\u00a0\u202f\u2007\u2009\u200a\u2002\u2003", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "ё": "е",
    "Ё": "е",
    "İ": "i",
}
_TABLE = str.maketrans(_ALIKE)
_TURKISH = str.maketrans({**_ALIKE, "I": "ı"})
_QUOTES = re.compile(r"«[^»]*»|“[^”]*”|„[^“”]*[“”]|\"[^\"\n]*\"")


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found at text[start:end]."""

    start: int
    end: int


@lru_cache(maxsize=1024)
def fold(text: str, locale: str) -> str:
    """The text in small letters of its own language, quotes, spaces and dashes made plain.

    Turkish has two letters i: "I" is the capital of "ı". The length stays the same.
    """
    return text.translate(_TURKISH if locale == "tr" else _TABLE).lower()


@lru_cache(maxsize=512)
def pattern(phrases: tuple[str, ...], locale: str) -> re.Pattern[str]:
    """What finds any of these phrases in a folded text, the longest first.

    Phrases match whole words. `*` at the end of a word stands for any ending;
    alone it stands for one to three words.
    """
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(_compiled(p, locale) for p in ordered)})")


def _compiled(phrase: str, locale: str) -> str:
    words = []
    for word in fold(phrase, locale).split():
        stem = word.endswith("*")
        if word == "*":
            words.append(r"\w+(?:\s\w+){0,2}")
        else:
            words.append(re.escape(word.rstrip("*")) + (r"\w*" if stem else ""))
    last = r"(?!\w)" if phrase[-1:].isalnum() else ""
    return r"\s+".join(words) + last


def find(
    phrases: Iterable[str], text: str, locale: str, *, quoted: bool = False
) -> Iterator[Match]:
    """Every place where one of the phrases stands, outside of quotations unless `quoted`."""
    listed = tuple(phrases)
    if not listed:
        return
    skipped = [] if quoted else quotations(text)
    for found in pattern(listed, locale).finditer(fold(text, locale)):
        if not any(start <= found.start() < end for start, end in skipped):
            yield Match(found.start(), found.end())


def quotations(text: str) -> list[tuple[int, int]]:
    """Where somebody else speaks: what stands in quotation marks."""
    return [found.span() for found in _QUOTES.finditer(text)]
