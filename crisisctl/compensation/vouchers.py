"""Codes as files that shop systems import: a block at a time, a million in a few seconds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
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

Given = tuple[str, str, str, Terms]
"""The fields of a `Voucher`."""
_Row = tuple[str, Callable[[tuple[str, str, str, str]], tuple[str, ...]]]
"""A row with gaps, and which of code, customer, address and word goes into them."""


def header(format: str) -> bytes:
    """The first line of a file."""
    return sheets.header(_shop(format).columns)


def rows(format: str, vouchers: Sequence[Given], zone: tzinfo) -> bytes:
    """Rows for these codes, without those of a kind that the format does not take.

    Where it names no currency (see `parts`), do not mix currencies in a file. `zone` is the zone
    of the shop.
    """
    shop = _shop(format)
    terms = {id(each): each for _, _, _, each in vouchers}
    # the rows of the same terms differ in a few gaps only
    fields = {at: shop.fields(e, zone) for at, e in terms.items() if e.kind in shop.takes}
    if len(fields) < len(terms):
        vouchers = [one for one in vouchers if id(one[3]) in fields]
    if not vouchers:
        return b""
    if shop is PLAIN:
        return _plain(vouchers, fields)
    known, found = {at: _row(each) for at, each in fields.items()}, list[str]()
    for code, _, address, mine in vouchers:
        text, pick = known[id(mine)]
        if _ADDRESS(address):
            found.append(text % pick((code, "", address, shop.whom)))
        else:
            found.append(text % pick((code, "", "", "")))
    return "".join(found).encode()


def _plain(vouchers: Sequence[Given], fields: Mapping[int, tuple[str, ...]]) -> bytes:
    """The same for any shop: each row begins with code, customer and address."""
    codes, customers, addresses, terms = zip(*vouchers, strict=True)
    tails = {at: sheets.line(each[3:]) for at, each in fields.items()}
    columns = (codes, sheets.all_words(customers), sheets.all_words(addresses), map(id, terms))
    lines = [
        f"{code},{customer},{address},{tails[mine]}"
        for code, customer, address, mine in zip(*columns, strict=True)
    ]
    return "".join(lines).encode()


def remarks(format: str, tiers: Sequence[Tier]) -> list[str]:
    """What a person must know or do, because the import cannot say it."""
    return list(_shop(format).remarks(tiers))


def takes(format: str, kind: str) -> bool:
    """Whether the import can express an offer of this kind."""
    return kind in _shop(format).takes


def parts(format: str, vouchers: Sequence[Given]) -> dict[str, Sequence[Given]]:
    """The files that they belong in: one for each currency, and `BY_HAND` for the rest.

    A shop takes a sum to be in its own currency, whatever it was meant in; only `plain` names the
    currency in each row, and is one file called "".
    """
    shop = _shop(format)
    if shop is PLAIN:
        return {"": vouchers} if vouchers else {}
    found: dict[str, list[Given]] = {}
    for one in vouchers:
        terms = one[3]
        name = terms.currency if terms.kind in shop.takes else BY_HAND
        found.setdefault(name, []).append(one)
    return dict(found)


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
