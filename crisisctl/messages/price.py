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
        if not self.counted.culprits:
            return ""
        shown = [char if char.isprintable() else escaped(char) for char in self.counted.culprits]
        few, more = shown[:_FEW], len(shown) - _FEW
        names = [*few, f"{more} more"] if more > 0 else few
        parts = f"{self.counted.segments} parts instead of {self.counted.without_culprits}"
        return f"{listed(names)} {'forces' if len(shown) == 1 else 'force'} UCS-2: {parts}"


_FEW = 8


def price(text: Text) -> Price | None:
    """What a text costs; None where it does not go out as an SMS."""
    if text.main.unit not in sms.UNITS:
        return None
    counted = sms.counted(text.words, turkish=text.main.unit == sms.TURKISH)
    offer = respelt(text.words, text.locale) if counted.culprits else None
    parts = sms.counted(offer.text).segments if offer else counted.segments
    return Price(counted, offer if parts < counted.segments else None, parts)
