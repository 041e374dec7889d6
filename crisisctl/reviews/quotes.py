"""Sample quotes: the reviews that tell a problem best, without what leads to a person."""

from __future__ import annotations

import math
import re

from msgspec import Struct
from msgspec.structs import replace

from crisisctl.patterns import later
from crisisctl.reviews.review import Review

_SHORT, _LONG = 40, 280
"""Characters of a quote that says something and is still read."""
_CUT = 600
"""Characters that are kept until it is shown."""
_FORTNIGHT = 14 * 86_400
_REACHES = 8.0
_GONE = "[…]"

_LINK = later(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_EMAIL = later(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}|(?<!\w)@\w{2,40}")
_DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}(?![-\d])"
_SIGN = "[$€£₺₽]"
_AMOUNT = r"\d[\d.,\u00a0\u202f]*"
_MONEY = rf"{_SIGN}\s?{_AMOUNT}|{_AMOUNT}\s?(?:{_SIGN}|(?:EUR|USD|GBP|TL|TRY|RUB|руб)\b)"
# Orders, parcels, phones, cards, accounts: whatever has five digits and is no date and no price.
_NUMBER = later(
    rf"(?P<keep>(?<![\w-]){_DATE}|{_MONEY})"
    r"|(?<!\w)[#+(]{0,2}(?:[A-Z]{1,6}[-_]?)?\d"
    r"(?:[-_ ().\u00a0\u202f/]{0,2}[A-Z]{0,3}\d){4,30}[A-Z]{0,3}(?!\w)",
    re.IGNORECASE,
)


class Quote(Struct, frozen=True):
    """What somebody wrote, and where it stands."""

    key: str
    text: str
    language: str = ""
    source: str = ""
    product: str = ""
    rating: float | None = None
    at: int | None = None
    reach: int = 0
    link: str = ""

    @classmethod
    def of(cls, review: Review, language: str) -> Quote:
        """The quote of a review as it is kept; `masked` makes it fit to be shown."""
        text = review.text[:_CUT]
        return cls(
            review.key,
            text,
            language,
            review.source,
            review.product,
            review.rating,
            review.at,
            review.reach,
            review.link,
        )

    def like(self, other: Quote) -> bool:
        """Whether two say the same, as copies do; one is enough then."""
        return self.text[:_SHORT].casefold() == other.text[:_SHORT].casefold()


def telling(review: Review) -> float:
    """How good a quote a review makes: of a length that is read, recent, with reach."""
    length = len(review.text)
    fits = 4.0 if _SHORT <= length <= _LONG else 2.0 if length > _LONG else 0.0
    reach = min(math.log2(1 + max(review.reach, 0)), _REACHES)
    # Two weeks newer is worth as much as twice the reach.
    return fits + reach + (review.at or 0) / _FORTNIGHT


def masked(quote: Quote) -> Quote:
    """The quote on one line, shortened, without addresses, phones and other people's numbers."""
    return replace(quote, text=shortened(without_numbers(quote.text)))


def without_numbers(text: str) -> str:
    """A text in which nothing leads to one person or one order."""
    text = _EMAIL.sub(_GONE, _LINK.sub(_GONE, text))
    return _NUMBER.sub(lambda found: found["keep"] or _GONE, text)


def shortened(text: str) -> str:
    """A text on one line, cut at a word where it is too long."""
    line = " ".join(text.split())
    if len(line) <= _LONG:
        return line
    cut = line[: _LONG - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[_SHORT:] else cut).rstrip(" ,;:.-") + "…"
