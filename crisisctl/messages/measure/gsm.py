"""The alphabets of an SMS: 3GPP TS 23.038, once GSM 03.38."""

from __future__ import annotations

from dataclasses import dataclass

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = "\f^{}\\[~]|€"
# Annex A.2.1 adds these to the extension; A.3.1 puts eight letters in place of others.
_TURKISH_EXTENSION = _EXTENSION + "ŞşçĞğİı"
_TURKISH_BASIC = _BASIC.translate(str.maketrans("èìØøÆæ¡¿", "€ıĞğŞşİç"))


@dataclass(frozen=True, slots=True)
class Alphabet:
    """What an SMS may be written in, and how much of it a part holds."""

    name: str
    basic: frozenset[str]
    """One septet each."""
    extension: frozenset[str]
    """Two septets each: an escape goes before them."""
    single: int
    """Septets in an SMS that is sent whole."""
    each: int
    """Septets in each part of a longer one: its header says which part it is."""

    @property
    def letters(self) -> frozenset[str]:
        """All that can be written in it."""
        return self.basic | self.extension

    def septets(self, char: str) -> int:
        """How much a letter takes."""
        return 1 if char in self.basic else 2


GSM_7 = Alphabet("GSM-7", frozenset(_BASIC), frozenset(_EXTENSION), 160, 153)
# 140 octets less the header that names the table: 4 octets for one table, 7 for both, and 5
# more to number the parts; the rest is cut into septets.
TURKISH_SINGLE = Alphabet(
    "GSM-7, Turkish single shift", frozenset(_BASIC), frozenset(_TURKISH_EXTENSION), 155, 149
)
TURKISH_LOCKING = Alphabet(
    "GSM-7, Turkish locking and single shift",
    frozenset(_TURKISH_BASIC),
    frozenset(_TURKISH_EXTENSION),
    152,
    146,
)
