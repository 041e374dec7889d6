"""Any shop, and any person: all that is known of a code, nothing left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from crisisctl.compensation.offers import kind
from crisisctl.compensation.sheets import moment, sum_of, words
from crisisctl.compensation.shops.voucher import (
    CODE,
    CUSTOMER,
    EMAIL,
    Shop,
    Terms,
    names,
    of_kind,
    percent,
)
from crisisctl.playbook.policy import Tier

_COLUMNS = (
    "code", "customer", "email", "tier", "title", "kind", "percent", "value", "up_to",
    "currency", "starts", "ends",
)  # fmt: skip
_TAKES = frozenset(("percent", "amount", "credit", "free_delivery", "gift", "honour_price"))


def _fields(voucher: Terms, zone: tzinfo) -> tuple[str, ...]:
    currency, most = voucher.currency, voucher.up_to
    return (
        CODE, CUSTOMER, EMAIL, words(voucher.tier), words(voucher.title), voucher.kind,
        percent(voucher) if voucher.kind == "percent" else "", sum_of(voucher.value, currency),
        "" if most is None else sum_of(most, currency), currency, moment(voucher.starts, zone),
        moment(voucher.ends, zone),
    )  # fmt: skip


def _remarks(tiers: Sequence[Tier]) -> Iterator[str]:
    if tiers:
        yield "each code is for the customer in its row, before the moment in `ends`"
    if once := [tier for tier in tiers if kind(tier.offer) != "credit"]:
        every = "each code" if len(once) == len(tiers) else f"a code of {names(once)}"
        yield f"{every} is for one use"
    if shares := of_kind(tiers, "percent"):
        yield f"of {names(shares)} `value` is only what a percentage is reckoned to be worth"


PLAIN = Shop(_COLUMNS, _TAKES, _fields, _remarks)
