"""A text spelt with the letters of GSM-7 only: offered to a person, never applied by itself.

Without its marks a word may mean another: "mas" is not "más", and in Turkish an
"i" for an "ı" can even insult. So what comes out is for somebody to read first.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from crisisctl.messages.measure.gsm import GSM_7

LOCALES = ("en", "fr", "es", "tr")
"""Languages that stay readable so. Russian does not: another alphabet is another text."""
_SPELT = {
    **dict.fromkeys("’‘‚‛′`´ʼ", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−•·", "-"),
    **{"…": "...", "‹": "'", "›": "'", "×": "x", "œ": "oe", "Œ": "OE", "ı": "i"},
    **{"₺": "TL", "\u00ad": "", "\u200b": "", "\u2060": "", "\ufeff": ""},
}


@dataclass(frozen=True, slots=True)
class Respelt:
    """What a text would be, and all that would change in it."""

    text: str
    changes: tuple[tuple[str, str], ...]
    """What stands there now and what would, each pair once, in the order of the text."""


def respelt(text: str, locale: str) -> Respelt | None:
    """The text in GSM-7; None where it needs nothing, or some letter has no such spelling."""
    text = unicodedata.normalize("NFC", text)
    known = GSM_7.letters
    spelt = {char: _spelt(char) for char in text if char not in known}
    if locale not in LOCALES or not spelt or None in spelt.values():
        return None
    changes = tuple((char, new) for char, new in spelt.items() if new is not None)
    return Respelt(text.translate({ord(char): new for char, new in changes}), changes)


def _spelt(char: str) -> str | None:
    """One letter or sign in GSM-7; None where it has no spelling there."""
    if char in _SPELT:
        return _SPELT[char]
    if unicodedata.category(char) == "Zs":
        return " "
    bare = unicodedata.normalize("NFD", char)[0]
    latin = bare.isascii() and bare.isalpha()
    return bare if latin else None
