"""WooCommerce: the fields of a coupon, in the file that Smart Coupons imports.

Columns as in the documentation of Smart Coupons ("How to import coupons", and its sample file) and
of WooCommerce ("Coupon management", and the coupons of its REST API). A coupon ends at 00:00 of
its date, in the zone of the shop; `*` in an allowed address stands for anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from crisisctl.compensation.sheets import sum_of
from crisisctl.compensation.shops.voucher import (
    CODE,
    EMAIL,
    Shop,
    Terms,
    about,
    by_hand,
    capped,
    currencies,
    names,
    next_midnight,
    of_kind,
    percent,
)
from crisisctl.playbook.policy import Tier

_COLUMNS = (
    "post_title", "post_excerpt", "post_status", "discount_type", "coupon_amount",
    "free_shipping", "expiry_date", "individual_use", "usage_limit", "usage_limit_per_user",
    "customer_email", "wc_sc_max_discount",
)  # fmt: skip
_TAKES = frozenset(("percent", "amount", "free_delivery", "credit"))


def _fields(voucher: Terms, zone: tzinfo) -> tuple[str, ...]:
    what, amount = _amount(voucher)
    free = "yes" if voucher.kind == "free_delivery" else "no"
    ends = next_midnight(voucher.ends, zone) if voucher.ends else ""
    # a balance may be spent over several orders: what ends it is that nothing is left
    once = "" if voucher.kind == "credit" else "1"
    most = sum_of(voucher.up_to, voucher.currency) if voucher.up_to is not None else ""
    return (
        CODE, about(voucher), "publish", what, amount, free, ends, "no", once, once, EMAIL,
        most if voucher.kind == "percent" else "",
    )  # fmt: skip


def _amount(voucher: Terms) -> tuple[str, str]:
    if voucher.kind == "percent":
        return "percent", percent(voucher)
    if voucher.kind == "free_delivery":
        return "fixed_cart", "0"
    what = "smart_coupon" if voucher.kind == "credit" else "fixed_cart"
    return what, sum_of(voucher.value, voucher.currency)


def _remarks(tiers: Sequence[Tier]) -> Iterator[str]:
    if imported := of_kind(tiers, *_TAKES):
        yield from _imported(imported)
    yield from by_hand(tiers, _TAKES, _BY_HAND)


_BY_HAND = {
    "gift": "Add the gift to the next order",
    "honour_price": "Keep the price in an order that you make for the customer",
}


def _imported(tiers: Sequence[Tier]) -> Iterator[str]:
    yield (
        "import it with Smart Coupons or another plugin that takes these columns; do not let the "
        "plugin send the coupons: the customers hear from you"
    )
    credit = of_kind(tiers, "credit")
    once = f"each code but that of {names(credit)}" if credit else "each code"
    yield (
        f"{once} works once, for the billing address in its row, from the import until 00:00 of "
        "its date in the zone of the shop; one without a plain address is for anybody"
    )
    if found := capped(tiers):
        yield (
            f"the maximum of a percentage, {', '.join(found)}, is in wc_sc_max_discount, which "
            "only Smart Coupons heeds: WooCommerce alone would give more"
        )
    if found_tiers := of_kind(tiers, "free_delivery"):
        yield (
            f"for {names(found_tiers)} turn on free shipping in every zone of delivery, with "
            '"a valid free shipping coupon" as what it requires'
        )
    if credit:
        yield (
            f"{names(credit)}: store credit, used until nothing is left, which only Smart Coupons "
            "knows: without it leave those rows out, and give the credit by hand"
        )
    if len(many := currencies(tiers)) > 1:
        yield (
            f"sums are in {', '.join(many)}, and a coupon is in the currency of the shop: import "
            "only the file of that currency"
        )


WOOCOMMERCE = Shop(_COLUMNS, _TAKES, _fields, _remarks)
