"""One plain writing for every way to write the same letters, each at its own place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from crisisctl.patterns import later

# One character for one, so that every place in the folded text is a place in the text.
_ALIKE = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4`", "'"),
    **dict.fromkeys("\u00a0\u202f\u2007\u2008\u2009\u200a\u2002\u2003\u2004\u2005\u2006", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    "ё": "е",
    "Ё": "е",
    "İ": "i",
}
# People type I for İ and leave the circumflex out: "IMKANSIZ", "İMKÂNSIZ" and "imkânsız" are one.
_TURKISH = {**_ALIKE, **dict(zip("IıÎîÂâÛû", "iiiiaauu", strict=True))}

_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_MARKS = "\u0300-\u036f"
_CLUSTER = later(f"[^{_MARKS}{_UNSEEN}][{_MARKS}{_UNSEEN}]+", re.DOTALL)
_IN_PIECES = re.compile(f"[{_MARKS}{_UNSEEN}]")
_HIDDEN = re.compile(f"[{_UNSEEN}]+")
_MARKS_READ = 4
"""Marks on one letter; putting a flood of them in order would take quadratic time."""


class Folded(Struct, frozen=True):
    """A text made plain for matching, and where its characters stand in the text as written."""

    text: str
    places: tuple[int, ...] | None
    """None where every character stands at the same place in both."""

    def place(self, offset: int) -> int:
        """Where a character of the folded text stands in the text as written."""
        return offset if self.places is None else self.places[offset]


@lru_cache(maxsize=128)
def fold(text: str, locale: str) -> str:
    """The text in small letters of its own language, quotes, spaces and dashes made plain.

    Turkish has two letters i, and people mix them up in capitals: they count as
    one. The length stays the same.
    """
    return letters(text, locale)


def letters(text: str, locale: str) -> str:
    """`fold` for short texts that are not worth keeping."""
    alike = _TURKISH if locale == "tr" else _ALIKE
    for char in alike.keys() & set(text):
        text = text.replace(char, alike[char])
    return text.lower()


@lru_cache(maxsize=128)
def folded(text: str, locale: str) -> Folded:
    """Fold, and put letters together that are written in pieces: e and an accent are one é.

    What nobody sees, such as a soft hyphen inside a word, is left out.
    """
    if text.isascii() or not _IN_PIECES.search(text):
        return Folded(fold(text, locale), None)
    letters: list[str] = []
    places: list[int] = []
    at = 0
    for found in _CLUSTER.finditer(text):
        for start, end in _seen(text, at, found.start()):
            letters.append(text[start:end])
            places.extend(range(start, end))
        letters.append(_one_letter(found[0]))
        places.append(found.start())
        at = found.end()
    for start, end in _seen(text, at, len(text)):
        letters.append(text[start:end])
        places.extend(range(start, end))
    return Folded(fold("".join(letters), locale), (*places, len(text)))


def _seen(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for hidden in _HIDDEN.finditer(text, start, end):
        yield start, hidden.start()
        start = hidden.end()
    yield start, end


def _one_letter(cluster: str) -> str:
    marks = _HIDDEN.sub("", cluster[1:])[:_MARKS_READ]
    return unicodedata.normalize("NFC", cluster[0] + marks)[0]


@lru_cache(maxsize=128)
def on_one_line(text: str, locale: str) -> Folded:
    """A folded text with single spaces, and where its characters stand in the folded text."""
    plain = folded(text, locale).text
    places: list[int] = []
    for word in re.finditer(r"\S+", plain):
        if places:
            places.append(word.start() - 1)
        places.extend(range(word.start(), word.end()))
    return Folded(squeezed(text, locale), tuple(places))


@lru_cache(maxsize=128)
def squeezed(text: str, locale: str) -> str:
    """A folded text on one line, for a quick look."""
    return " ".join(folded(text, locale).text.split())
