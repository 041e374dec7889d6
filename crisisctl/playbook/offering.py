"""What a tier of a compensation policy gives, and what is wrong with how that is written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol

from crisisctl.errors import CrisisError
from crisisctl.playbook import values
from crisisctl.playbook.amounts import money_parts, parse_money
from crisisctl.playbook.document import Path, Problem
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.policy import Offer, Tier
from crisisctl.text import did_you_mean, listed

GIFTS = (
    *("percent", "amount", "credit", "free_delivery", "gift", "longer_returns", "honour_price"),
    *("refund", "help", "apology"),
)
"""What an offer can give: one of these."""
_BESIDE = {"up_to": ("percent",), "order": ("percent",),
           "worth": ("gift", "longer_returns", "honour_price", "help")}  # fmt: skip
_SUMS = ("up_to", "order", "amount", "credit", "free_delivery", "worth")
_LENGTHS = ("longer_returns", "honour_price")
_LASTS = ("percent", "amount", "credit", "free_delivery", "gift", "honour_price", "help")
"""What is used later, or goes on for a time, and so can have a last day."""
_CERTAIN = ("refund", "apology")
"""What everybody gets in full: there is nothing to estimate."""

Sums = str | tuple[str, ...]


class Told(Protocol):
    """How a problem is told at its place."""

    def __call__(
        self, path: Path, rule: str, text: str, hint: str = "", *, key: bool = False
    ) -> Problem:
        """Make a problem of it."""


def sums(written: Sums) -> dict[str, Decimal]:
    """Sums by currency. Raises `BadValue` where one is no sum."""
    every = (written,) if isinstance(written, str) else written
    found: dict[str, Decimal] = {}
    for each in every:
        amount, currency = money_parts(parse_money(each))
        found[currency] = amount
    return found


def given(offer: Offer) -> list[str]:
    """What an offer names of all that one can give."""
    return [name for name in GIFTS if _is_there(getattr(offer, name))]


def _is_there(value: object) -> bool:
    return value is not None and value is not False and value not in ("", ())


class Written:
    """Sums, lengths and shares as a policy writes them."""

    def __init__(self, told: Told, currencies: set[str]) -> None:
        self.told, self.currencies = told, currencies

    def sums(
        self, path: Path, written: Sums, *, only: str = "", nought: bool = False
    ) -> Iterator[Problem]:
        """What is wrong with one sum or several; `only` is the one currency, `nought` may be."""
        several = isinstance(written, tuple)
        seen: set[str] = set()
        for number, each in enumerate(written if isinstance(written, tuple) else (written,)):
            here: Path = (*path, number) if several else path
            try:
                ((code, amount),) = sums(each).items()
            except CrisisError as error:
                yield self.told(here, "bad-money", error.message, error.hint)
                continue
            if code in seen:
                yield self.told(here, "bad-money", f"there are two sums in {code}")
            seen.add(code)
            yield from self._currency(here, code, only)
            if not (amount or nought):
                what = f'"{each}" is nothing at all'
                yield self.told(here, "bad-money", what, "write a sum above 0, or leave it out")

    def _currency(self, path: Path, code: str, only: str) -> Iterator[Problem]:
        if only and code != only:
            what = f"this sum is in {code}, and the policy counts in {only}"
            yield self.told(path, "bad-money", what, f"write it in {only}")
        elif code not in self.currencies:
            what, hint = f"the policy does not know {code}", "add what one is worth to `rates:`"
            yield self.told(path, "bad-money", what, hint)

    def length(self, path: Path, text: str) -> Iterator[Problem]:
        """What is wrong with how long something may take."""
        if text:
            try:
                values.parse_duration(text)
            except CrisisError as error:
                yield self.told(path, "bad-duration", error.message, error.hint)

    def share(self, path: Path, number: int, nothing: str) -> Iterator[Problem]:
        """What is wrong with so many of 100; `nothing` says why it cannot be 0."""
        if not 0 <= number <= 100:
            yield self.told(path, "bad-offer", f"{number} % cannot be: 1 to 100")
        elif not number:
            yield self.told(path, "bad-offer", nothing, "write 1 to 100")


def offered(plan: Playbook, where: Path, tier: Tier, written: Written) -> Iterator[Problem]:
    """What is wrong with what a tier gives; whether its refund is money is told elsewhere."""
    offer, told, at = tier.offer, written.told, (*where, "offer")
    gives = given(offer)
    if len(gives) != 1:
        text = f"an offer gives one thing, this one {listed(gives) or 'nothing'}"
        yield told(at, "bad-offer", text, f"write one of {listed(GIFTS, 'or')}", key=True)
    for name, of in _BESIDE.items():
        if getattr(offer, name) and gives and not set(of) & set(gives):
            yield told((*at, name), "bad-offer", f"`{name}` goes with {listed(of, 'or')}", key=True)
    for name in _SUMS:
        if getattr(offer, name):
            yield from written.sums((*at, name), getattr(offer, name), nought=name == "worth")
    for name in _LENGTHS:
        yield from written.length((*at, name), getattr(offer, name))
    if isinstance(offer.percent, str):
        yield from _said_by_a_fact(plan, (*at, "percent"), offer.percent, told)
    elif offer.percent is not None:
        yield from written.share((*at, "percent"), offer.percent, "0 % off is no offer")
    if offer.percent is not None and not (offer.order or offer.up_to):
        text = "nobody can tell what it costs: say what an order usually comes to"
        yield told(at, "bad-offer", text, "add `order: 60 EUR` or `up_to:`", key=True)
    yield from _used(where, tier, gives, written)


def _used(where: Path, tier: Tier, gives: list[str], written: Written) -> Iterator[Problem]:
    """What is wrong with how long an offer lasts, and how many are expected to use it."""
    yield from written.length((*where, "valid"), tier.valid)
    if tier.valid and gives and not set(_LASTS) & set(gives):
        text = f"`valid` goes with {listed(_LASTS, 'or')}"
        hint = f"{listed(gives)} has no last day: leave it out"
        yield written.told((*where, "valid"), "bad-offer", text, hint, key=True)
    for name in ("redemption", "margin_effect"):
        share: int = getattr(tier, name)
        nothing = f"`{name}: 0` says that it costs nothing: no bill could be believed"
        yield from written.share((*where, name), share, nothing)
        if share != 100 and set(_CERTAIN) & set(gives):
            text = f"{listed(gives)} goes to everybody in full: there is nothing to estimate"
            hint = f"leave out `{name}`"
            yield written.told((*where, name), "bad-offer", text, hint, key=True)


def _said_by_a_fact(plan: Playbook, path: Path, name: str, told: Told) -> Iterator[Problem]:
    spec = plan.spec(name)
    if spec is None:
        guess = did_you_mean(name, plan.names())
        hint = f'did you mean "{guess}"?' if guess else "write a number, or the name of a fact"
        yield told(path, "unknown-fact", f'there is no fact "{name}"', hint)
    elif spec.type != "number":
        text = f'"{name}" is of type {spec.type}, not number'
        yield told(path, "wrong-fact", text, "name a fact of that type here")
