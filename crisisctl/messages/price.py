"""What a message costs as an SMS, and how it could cost less."""

from __future__ import annotations

from dataclasses import dataclass

from crisisctl.messages.measure import sms
from crisisctl.messages.measure.transliteration import Respelt, respelt
from crisisctl.messages.pack import Text
from crisisctl.text import escaped, listed


@dataclass(frozen=True, slots=True)
class Price:
    """The parts of one text, and a spelling that needs fewer."""

    counted: sms.Sms
    offer: Respelt | None
    """Only where it saves a part; it is never applied by itself."""
    respelt: int
    """How many parts the offer takes."""

    @property
    def culprits(self) -> str:
        """What forces UCS-2, in words; empty where nothing does."""
        culprits = self.counted.culprits
        if sum(char.isalpha() for char in culprits) > _MANY:
            each = self.counted.each
            return f"The letters of this alphabet have no other spelling: a part holds {each}"
        if not culprits:
            return ""
        said = f"{_named(culprits)} {'forces' if len(culprits) == 1 else 'force'} UCS-2"
        more, less = self.counted.segments, self.counted.without_culprits
        return f"{said}: {more} parts instead of {less}" if more > less else said


_FEW = 8
_MANY = 12
"""As many letters that an SMS lacks as no text in the Latin alphabet has at once."""


def _named(culprits: tuple[str, ...]) -> str:
    shown = [char if char.isprintable() else escaped(char) for char in culprits]
    few, more = shown[:_FEW], len(shown) - _FEW
    return listed([*few, f"{more} more"] if more > 0 else few)


def price(text: Text) -> Price | None:
    """What a text costs; None where it does not go out as an SMS."""
    if text.main.unit not in sms.UNITS:
        return None
    counted = sms.counted(text.words, turkish=text.main.unit == sms.TURKISH)
    offer = respelt(text.words, text.locale) if counted.culprits else None
    parts = sms.counted(offer.text).segments if offer else counted.segments
    return Price(counted, offer if parts < counted.segments else None, parts)
