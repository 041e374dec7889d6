"""Shopify: its own admin imports no codes, so this is the sheet "Discounts" of Matrixify.

Columns and allowed values as in the documentation of Matrixify ("Discounts") and of Altera
("Discount Fields"), which reads the same sheet; the rules for a gift card are in Shopify's own
documentation of `GiftCardCreateInput`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from crisisctl.compensation.sheets import field, sum_of
from crisisctl.compensation.shops.voucher import (
    CODE,
    EMAIL,
    WHOM,
    Shop,
    Terms,
    about,
    by_hand,
    capped,
    currencies,
    of_kind,
    percent,
)
from crisisctl.playbook.policy import Tier

_COLUMNS = (
    "Title", "Command", "Code", "Type", "Method", "Value Type", "Value", "Limit Total Times",
    "Limit One Use Per Customer", "Starts At", "Ends At", "Eligibility: Customer Type",
    "Eligibility: Customer Values",
)  # fmt: skip
_TAKES = frozenset(("percent", "amount", "free_delivery"))


def _fields(voucher: Terms, zone: tzinfo) -> tuple[str, ...]:
    # Rows with the same title become one discount, whose limit of one use would hold for all of
    # its codes together: with the code in it no two are the same.
    title = about(voucher)
    title = f'{title[:-1]} {CODE}"' if title.endswith('"') else f"{title} {CODE}"
    kind, what, value = _value(voucher)
    return (
        title, "NEW", CODE, kind, "Code", what, value, "1", "TRUE", _at(voucher.starts, zone),
        _at(voucher.ends, zone), WHOM, EMAIL,
    )  # fmt: skip


def _value(voucher: Terms) -> tuple[str, str, str]:
    """The type of the discount, of its value, and the value: percent as 20, not as 0.2."""
    if voucher.kind == "percent":
        return "Amount off Order", "Percentage", percent(voucher)
    if voucher.kind == "amount":
        return "Amount off Order", "Fixed Amount", sum_of(voucher.value, voucher.currency)
    return "Free Shipping", "", ""


def _at(when: datetime | None, zone: tzinfo) -> str:
    return field(f"{when.astimezone(zone):%Y-%m-%d %H:%M:%S %z}") if when else ""


def _remarks(tiers: Sequence[Tier]) -> Iterator[str]:
    if imported := of_kind(tiers, *_TAKES):
        yield from _imported(imported)
    yield from by_hand(tiers, _TAKES, _BY_HAND)


_BY_HAND = {
    "credit": (
        "Credit becomes a gift card (code without hyphens, 8 to 20 letters and digits) or a credit "
        "on the account"
    ),
    "gift": "A gift becomes a draft order",
    "honour_price": "An honoured price becomes a draft order with that price",
}


def _imported(tiers: Sequence[Tier]) -> Iterator[str]:
    yield (
        "import it with Matrixify (or an app that reads its sheets) under a file name with "
        '"discounts" in it; Shopify alone imports no codes'
    )
    yield (
        "each code works once, for one customer: they must be among the customers of the shop "
        "under that address, or the row fails; a voucher without a plain address is for anybody"
    )
    if found := capped(tiers):
        yield (
            f"Shopify has no maximum for a percentage: {', '.join(found)}. The title says it, the "
            "checkout does not know it: use an app with such a rule, or change the offer"
        )
    if len(many := currencies(tiers)) > 1:
        yield (
            f"sums are in {', '.join(many)}, and a discount of Shopify is in the currency of the "
            "shop: import only the file of that currency"
        )


SHOPIFY = Shop(_COLUMNS, _TAKES, _fields, _remarks, whom="Customers")
