"""What a text costs as an SMS: its alphabet, its parts, the letters that make it dear."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from crisisctl.messages.measure.gsm import GSM_7, TURKISH_LOCKING, TURKISH_SINGLE, Alphabet

TURKISH = "segments-turkish"
"""The unit of a gateway that knows the shift tables of Turkish."""
UNITS = ("segments", TURKISH)
"""The units in which a channel counts parts."""
UCS_2 = "UCS-2"
_SINGLE, _EACH = 70, 67
"""UTF-16 units in the 140 octets of an SMS, and in those of a part."""


@dataclass(frozen=True, slots=True)
class Sms:
    """What a text costs as an SMS."""

    encoding: str
    units: int
    """Septets, or UTF-16 units in UCS-2."""
    segments: int
    each: int
    """How many units a part of several holds."""
    culprits: tuple[str, ...] = ()
    """The characters that force UCS-2, each once, in the order of the text."""
    without_culprits: int = 0
    """How many parts it would be, took each of them one septet."""


def counted(text: str, *, turkish: bool = False) -> Sms:
    """Count a text as the parts a phone network would send.

    `turkish` is for a gateway that knows the shift tables of Turkish; the
    cheapest alphabet that carries the text is taken. The locking table alone
    would need a shorter header than the pair that is counted here: counting too
    much is the safe mistake.
    """
    offered = (GSM_7, TURKISH_SINGLE, TURKISH_LOCKING) if turkish else (GSM_7,)
    found = [_in_septets(text, each) for each in offered if each.letters.issuperset(text)]
    if found:
        return min(found, key=lambda sms: sms.segments)  # of equals, the one that most phones know
    return _in_utf16(text, TURKISH_SINGLE if turkish else GSM_7)


def _in_septets(text: str, alphabet: Alphabet) -> Sms:
    sizes = [alphabet.septets(char) for char in text]
    parts = _parts(sizes, alphabet.single, alphabet.each)
    return Sms(alphabet.name, sum(sizes), parts, alphabet.each)


def _in_utf16(text: str, missed: Alphabet) -> Sms:
    sizes = [2 if char > "\uffff" else 1 for char in text]
    known = missed.letters
    culprits = tuple(dict.fromkeys(char for char in text if char not in known))
    cheap = [missed.septets(char) if char in known else 1 for char in text]
    return Sms(
        UCS_2,
        sum(sizes),
        _parts(sizes, _SINGLE, _EACH),
        _EACH,
        culprits,
        _parts(cheap, missed.single, missed.each),
    )


def _parts(sizes: list[int], single: int, each: int) -> int:
    """Fill parts without ever cutting an escape or a surrogate pair in two."""
    if sum(sizes) <= single:
        return 1 if sizes else 0
    parts, left = 1, each
    for size in sizes:
        if size > left:
            parts, left = parts + 1, each
        left -= size
    return parts


def plain_spaces(text: str) -> str:
    """Replace no-break and other wide or narrow spaces, which GSM-7 lacks, by plain ones."""
    return "".join(" " if unicodedata.category(char) == "Zs" else char for char in text)
