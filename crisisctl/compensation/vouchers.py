"""Codes as files that shop systems import: a block at a time, a million in a few seconds."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import tzinfo
from operator import itemgetter

from crisisctl.compensation import sheets
from crisisctl.compensation.shops.magento import MAGENTO
from crisisctl.compensation.shops.plain import PLAIN
from crisisctl.compensation.shops.shopify import SHOPIFY
from crisisctl.compensation.shops.voucher import CODE, CUSTOMER, EMAIL, WHOM, Shop, Terms, Voucher
from crisisctl.compensation.shops.woocommerce import WOOCOMMERCE
from crisisctl.errors import CrisisError
from crisisctl.playbook.policy import Tier
from crisisctl.text import listed, quoted

__all__ = ["BY_HAND", "FORMATS", "Terms", "Voucher", "header", "parts", "remarks", "rows", "takes"]

_SHOPS = {"shopify": SHOPIFY, "woocommerce": WOOCOMMERCE, "magento": MAGENTO, "plain": PLAIN}
FORMATS = tuple(_SHOPS)
"""The forms that codes can be written in."""
BY_HAND = "by-hand"
"""The part that a shop system cannot import; it is written as `plain`."""
_ADDRESS = re.compile(r"\w[\w.+'&-]{0,63}@[\w-]+(?:\.[\w-]+)+").fullmatch
"""An address that a shop takes for itself. `*@mail.example` would let in everybody there."""
_MARKS = (CODE, CUSTOMER, EMAIL, WHOM)
_MARK = re.compile("|".join(_MARKS))

_Row = tuple[str, Callable[[tuple[str, str, str, str]], tuple[str, ...]]]
"""A row with gaps, and which of code, customer, address and word goes into them."""


def header(format: str) -> bytes:
    """The first line of a file."""
    return sheets.header(_shop(format).columns)


def rows(format: str, vouchers: Sequence[Voucher], zone: tzinfo) -> bytes:
    """Rows for these codes, without those of a kind that the format does not take.

    Where it names no currency (see `parts`), do not mix currencies in a file. `zone` is the zone
    of the shop.
    """
    shop = _shop(format)
    whom, told = shop.whom, shop is PLAIN
    words, takes = sheets.words, shop.takes
    known: dict[int, _Row | None] = {}
    found: list[str] = []
    for one in vouchers:
        terms = one.terms
        if id(terms) not in known:  # their rows differ in a few gaps only
            known[id(terms)] = _row(shop.fields(terms, zone)) if terms.kind in takes else None
        row = known[id(terms)]
        if row is None:
            continue
        text, pick = row
        address = one.email
        if told:
            found.append(text % pick((one.code, words(one.customer), words(address), "")))
        elif _ADDRESS(address):
            found.append(text % pick((one.code, "", address, whom)))
        else:
            found.append(text % pick((one.code, "", "", "")))
    return "".join(found).encode()


def remarks(format: str, tiers: Sequence[Tier]) -> list[str]:
    """What a person must know or do, because the import cannot say it."""
    return list(_shop(format).remarks(tiers))


def takes(format: str, kind: str) -> bool:
    """Whether the import can express an offer of this kind."""
    return kind in _shop(format).takes


def parts(format: str, vouchers: Sequence[Voucher]) -> dict[str, list[Voucher]]:
    """The files that they belong in: one for each currency, and `BY_HAND` for the rest.

    A shop takes a sum to be in its own currency, whatever it was meant in; only `plain` names the
    currency in each row, and is one file called "".
    """
    shop = _shop(format)
    found: dict[str, list[Voucher]] = {}
    for one in vouchers:
        terms = one.terms
        name = "" if shop is PLAIN else terms.currency if terms.kind in shop.takes else BY_HAND
        found.setdefault(name, []).append(one)
    return found


def _shop(format: str) -> Shop:
    found = _SHOPS.get(format)
    if found is None:
        hint = f"formats: {listed(FORMATS, 'or')}"
        raise CrisisError(f"there is no format {quoted(format, 30)} for codes", hint=hint)
    return found


def _row(fields: tuple[str, ...]) -> _Row:
    text = sheets.line(fields)
    places = [_MARKS.index(mark) for mark in _MARK.findall(text)]
    gaps = _MARK.sub("%s", text.replace("%", "%%"))
    return gaps, _picker(places)


def _picker(places: Sequence[int]) -> Callable[[tuple[str, str, str, str]], tuple[str, ...]]:
    pick = itemgetter(*places)
    if len(places) == 1:
        return lambda given: (pick(given),)
    return pick
