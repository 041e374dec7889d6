"""One plain writing for the many ways in which people type the same word."""

from __future__ import annotations

import re
import unicodedata

from crisisctl.patterns import later

_QUOTES = {ord(char): "'" for char in "\u2018\u2019\u201a\u201b\u02bc\u2032\u00b4`"}
_MARKS = re.compile("[\u0300-\u036f]")
_STRANGE = re.compile(
    "[\u00ad\u00b4\u02bc\u0300-\u036f\u200b-\u200d\u2018-\u201b\u2032\u2060\ufeff]"
)
_FLOOD = later("([\u0300-\u036f]{3})[\u0300-\u036f]+")
_UNSEEN = later("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_DOTTED = str.maketrans({"İ": "i", "I": "ı"})


def alike(text: str) -> str:
    """Typographic quotes made plain, letters in pieces put together, nothing invisible."""
    if text.isascii() or not _STRANGE.search(text):
        return text
    if _MARKS.search(text):
        # A flood of marks on one letter would take quadratic time to put in order.
        text = unicodedata.normalize("NFC", _FLOOD.sub(r"\1", text))
    return _UNSEEN.sub("", text).translate(_QUOTES)


def lower(word: str, language: str) -> str:
    """Small letters in the way of the language; ё is typed as е."""
    if language == "tr":
        return word.translate(_DOTTED).lower()
    return word.lower().replace("ё", "е")


def plain(word: str) -> str:
    """Without accents and apostrophes, which people leave out; й is a letter of its own."""
    if not word.isascii():
        apart = unicodedata.normalize("NFD", word.replace("й", "\0"))
        word = _MARKS.sub("", apart).replace("\0", "й")
        word = word.replace("ı", "i").replace("œ", "oe").replace("ß", "ss")
    return word.replace("'", "")
