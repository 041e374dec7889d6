"""Magento and Adobe Commerce: coupon codes for cart price rules that a person has made.

Columns are the fields of a coupon in the REST API (`CouponInterface` of the module SalesRule),
which importers of codes take as well; `rule` says which cart price rule a code belongs to. A code
works on the whole of the day in its `expiration_date`, in the zone of the shop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from crisisctl.compensation.sheets import words
from crisisctl.compensation.shops.voucher import (
    CODE,
    Shop,
    Terms,
    by_hand,
    capped,
    currencies,
    given,
    last_day,
    names,
    of_kind,
)
from crisisctl.playbook.policy import Tier

_COLUMNS = ("rule", "code", "usage_limit", "usage_per_customer", "expiration_date", "type")
_TAKES = frozenset(("percent", "amount", "free_delivery", "gift"))
_GENERATED = "1"
"""The type of a code that a rule has many of; 0 is the one that is typed into the rule."""


def _fields(voucher: Terms, zone: tzinfo) -> tuple[str, ...]:
    rule = words(f"{voucher.tier}: {given(voucher)}")
    ends = f"{last_day(voucher.ends, zone)} 23:59:59" if voucher.ends else ""
    return rule, CODE, "1", "1", ends, _GENERATED


def _remarks(tiers: Sequence[Tier]) -> Iterator[str]:
    if imported := of_kind(tiers, *_TAKES):
        yield from _imported(imported)
    yield from by_hand(tiers, _TAKES, _BY_HAND)


_BY_HAND = {
    "credit": "Credit goes to the account of the customer (Adobe Commerce only)",
    "honour_price": "An honoured price goes into an order that you make for the customer",
}


def _imported(tiers: Sequence[Tier]) -> Iterator[str]:
    yield (
        "Adobe Commerce makes codes and imports none: make one cart price rule for each name in "
        "`rule` (specific coupon, with automatic generation; 1 use per coupon, 1 per customer), "
        "then add its codes with an import extension or the REST API (POST /V1/coupons)"
    )
    yield (
        "a rule knows no address: each code works once, for whoever has it; a use is only counted "
        "per customer where they are signed in"
    )
    if found := capped(tiers):
        yield (
            f"a rule has no maximum for a percentage: {', '.join(found)}. Its name says it, the "
            "cart does not know it: use an extension with such a rule, or change the offer"
        )
    if found_tiers := of_kind(tiers, "free_delivery"):
        yield f'for {names(found_tiers)} set "Free Shipping" in the rule, and no discount'
    if found_tiers := of_kind(tiers, "gift"):
        yield f"for {names(found_tiers)} let the rule take 100 percent off the gift, by its SKU"
    if len(many := currencies(tiers)) > 1:
        yield (
            f"sums are in {', '.join(many)}, and a rule is in the base currency of its website: "
            "make each rule only for the website of its currency"
        )


MAGENTO = Shop(_COLUMNS, _TAKES, _fields, _remarks)
