"""A code for one customer, and what a shop system must tell of itself to be handed some."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from crisisctl.compensation.offers import kind
from crisisctl.compensation.sheets import share, sum_of, words
from crisisctl.playbook.fairness import sums
from crisisctl.playbook.policy import Tier

CODE, CUSTOMER, EMAIL, WHOM = "\0c", "\0n", "\0e", "\0w"
"""What differs from customer to customer, in the fields that `Shop.fields` gives: the code, the
number of the customer, their address, and the word of the shop for "only this customer"."""


class Terms(Struct, frozen=True, gc=False):
    """What an offer gives, and until when: the same for all codes of a tier in one currency."""

    tier: str
    title: str
    kind: str
    """What it gives, as `offers.kind` says."""
    percent: Decimal | None
    value: Decimal
    up_to: Decimal | None
    currency: str
    starts: datetime
    ends: datetime | None
    """The moment from which it does not work any more; both know their zone."""


class Voucher(NamedTuple):
    """One code."""

    code: str
    customer: str
    email: str
    terms: Terms


class Shop(Struct, frozen=True):
    """A shop system."""

    columns: tuple[str, ...]
    takes: frozenset[str]
    """The kinds of offers that its import can express."""
    fields: Callable[[Terms, tzinfo], tuple[str, ...]]
    """The fields of a row, ready for the file; what differs is marked."""
    remarks: Callable[[Sequence[Tier]], Iterator[str]]
    """What its import cannot say, or a person must do."""
    whom: str = ""
    """Its word for "only this customer"; it stands where the address is known."""


def given(voucher: Terms) -> str:
    """What a voucher gives, in words for whoever runs the shop."""
    currency = voucher.currency
    worth = f"{sum_of(voucher.value, currency)} {currency}"
    match voucher.kind:
        case "percent":
            most = f" up to {sum_of(voucher.up_to, currency)} {currency}" if voucher.up_to else ""
            return f"{percent(voucher)}% off{most}"
        case "amount":
            return f"{worth} off"
        case "credit":
            return f"{worth} store credit"
        case "free_delivery":
            return "free delivery"
    return voucher.kind.replace("_", " ")


def about(voucher: Terms) -> str:
    """What a voucher gives and what for, as one field that people read."""
    return words(f"{voucher.tier}: {given(voucher)} ({voucher.title})")


def percent(voucher: Terms) -> str:
    """The percentage of a voucher. Raises `ValueError` where it has none."""
    if voucher.percent is None:
        raise ValueError(f"{voucher.tier}: how many percent?")
    return share(voucher.percent)


def next_midnight(ends: datetime, zone: tzinfo) -> str:
    """The first day on which it does not work from its beginning on: never too early."""
    local = ends.astimezone(zone)
    whole = (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    return (local.date() + timedelta(days=0 if whole else 1)).isoformat()


def last_day(ends: datetime, zone: tzinfo) -> str:
    """The last day on which it works, for a shop that lets it work until midnight."""
    return (ends - timedelta(microseconds=1)).astimezone(zone).date().isoformat()


def of_kind(tiers: Sequence[Tier], *kinds: str) -> list[Tier]:
    """The tiers whose offer is one of these."""
    return [tier for tier in tiers if kind(tier.offer) in kinds]


def names(tiers: Sequence[Tier]) -> str:
    """Their names, for a remark."""
    return ", ".join(tier.id for tier in tiers)


def capped(tiers: Sequence[Tier]) -> list[str]:
    """The tiers that give a percentage, and no more than a sum: "lost-order (50 EUR)"."""
    found = []
    for tier in of_kind(tiers, "percent"):
        if tier.offer.up_to:
            most = sums(tier.offer.up_to)
            told = " or ".join(f"{sum_of(amount, code)} {code}" for code, amount in most.items())
            found.append(f"{tier.id} ({told})")
    return found


def currencies(tiers: Sequence[Tier]) -> list[str]:
    """The currencies in which they give sums."""
    found: set[str] = set()
    for tier in of_kind(tiers, "amount", "credit", "percent"):
        offer = tier.offer
        found |= sums(offer.amount or offer.credit or offer.up_to or ()).keys()
    return sorted(found)


def by_hand(tiers: Sequence[Tier], takes: frozenset[str], how: Mapping[str, str]) -> Iterator[str]:
    """The tiers with codes that an import cannot express, and what to do for each kind."""
    found = [tier for tier in of_kind(tiers, *how) if kind(tier.offer) not in takes]
    if found:
        told = "; ".join(words for name, words in how.items() if of_kind(found, name))
        yield f"not in this file, but in the one by hand: {names(found)}. {told}"
