"""What an offer is worth, in whose books it stands, and whether it needs a code."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from crisisctl.compensation.cells import NONE, paid, rounded
from crisisctl.playbook.fairness import given, sums
from crisisctl.playbook.policy import Offer

Book = Literal["refund", "liability", "discount", "cost", "nothing"]
"""Where it stands: money back takes revenue away, credit is owed until it is used, a discount
makes a later sale smaller, a cost is paid to others; an apology costs nothing."""

_BOOKS: dict[str, Book] = {
    "refund": "refund",
    "credit": "liability",
    "percent": "discount",
    "amount": "discount",
    "free_delivery": "discount",
    "honour_price": "discount",
    "gift": "cost",
    "longer_returns": "cost",
    "help": "cost",
    "apology": "nothing",
}
_CODED = frozenset(("percent", "amount", "credit", "free_delivery", "gift", "honour_price"))


def kind(offer: Offer) -> str:
    """What it gives, by the name of the key."""
    return given(offer)[0]


def book(offer: Offer) -> Book:
    """Where it stands in the books."""
    return _BOOKS[kind(offer)]


def needs_code(offer: Offer) -> bool:
    """Whether the shop must know a code for it."""
    return kind(offer) in _CODED


def face(offer: Offer, currency: str, percent: Decimal | None) -> Decimal:
    """What one is worth in a currency, rounded half up; a refund is worth what its row says.

    `percent` is the share in force. Raises `BadCell` where the offer has no sum in it.
    """
    match kind(offer):
        case "percent":
            return _share(offer, currency, percent or NONE)
        case "amount":
            return paid(sums(offer.amount), currency)
        case "credit":
            return paid(sums(offer.credit), currency)
        case "free_delivery":
            return paid(sums(offer.free_delivery), currency)
        case "apology" | "refund":
            return NONE
    return paid(sums(offer.worth), currency) if offer.worth else rounded(NONE, currency)


def _share(offer: Offer, currency: str, percent: Decimal) -> Decimal:
    """So much of a usual order, and never more than it gives at most."""
    most = paid(sums(offer.up_to), currency) if offer.up_to else None
    if not offer.order:
        return most or NONE
    found = rounded(paid(sums(offer.order), currency) * percent / 100, currency)
    return found if most is None else min(found, most)
