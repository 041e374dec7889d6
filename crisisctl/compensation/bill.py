"""What a plan comes to: who gets what, what it is worth, what it will probably cost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from heapq import heappush, heapreplace
from typing import Literal

from msgspec import Struct

from crisisctl.compensation.cells import NONE, rounded
from crisisctl.compensation.customers import Customer
from crisisctl.compensation.deciding import Outcome
from crisisctl.compensation.offers import Book, book
from crisisctl.playbook.policy import Owed, Policy, Tier

Part = Literal["owed", "tier", "excluded"]
GROUPS = ("segment", "country", "locale")
"""What a bill can be sorted by, besides the tiers."""
LARGEST = 10
_MANY = 300
"""Countries, languages or segments that are told apart; the rest together are one more."""
OTHERS = "…"
"""What the rest is called."""

Key = tuple[Part, int, str, str, str, str]
"""Part, its place in the policy, currency, segment, country, locale."""


class Line(Struct, frozen=True):
    """One line of a bill: a tier, or money that is owed, in one currency."""

    part: Part
    id: str
    title: str
    currency: str
    customers: int
    face: Decimal
    """What it is worth if everybody uses it."""
    expected: Decimal
    """What it will probably cost, in the currency of the policy."""
    book: Book


class Group(Struct, frozen=True):
    """A segment, country or language: how many get something, and what it will probably cost."""

    name: str
    customers: int
    """Gestures and refunds; who gets both counts twice."""
    expected: Decimal


class Large(Struct, frozen=True, order=True):
    """One of the largest sums."""

    worth: Decimal
    """In the currency of the policy."""
    line: int
    """The row of the export, counted from below nought so that of two equal ones the first wins."""
    customer: str
    what: str
    sum: str


class Bill:
    """The sums of a plan, taken in customer by customer."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.cells: dict[Key, list[Decimal | int]] = {}
        self.customers = 0
        """Those who get something."""
        self.unaffected = 0
        self._largest: list[Large] = []
        self._least = NONE
        self._named: tuple[set[str], ...] = (set(), set(), set())
        self._rates = {policy.currency: Decimal(1)}
        self._rates |= {code: Decimal(rate) for code, rate in policy.rates.items()}
        self._of_owed = range(len(policy.owed))

    def add(self, customer: Customer, outcome: Outcome) -> None:
        """One more customer."""
        tier, value, excluded, owed = outcome
        if tier < 0 and not owed and excluded < 0:
            self.unaffected += 1
            return
        who = customer.who
        currency = who.currency
        names = self._names(who.segment, who.country, who.locale)
        whole = value
        if excluded >= 0:
            self._count(("excluded", excluded, currency, *names), NONE)
        elif tier >= 0:
            self._count(("tier", tier, currency, *names), value)
        if owed:
            for place in self._of_owed:
                if owed[place]:
                    self._count(("owed", place, currency, *names), owed[place])
                    whole += owed[place]
        self.customers += bool(owed) or excluded < 0
        if whole and whole * self._rates[currency] > self._least:
            self._large(customer, outcome, whole)

    def take(self, other: Bill) -> None:
        """Everything that another one has counted."""
        for key, (many, sum_) in other.cells.items():
            mine = self.cells.setdefault(key, [0, NONE])
            mine[0] += many
            mine[1] += sum_
        self.customers += other.customers
        self.unaffected += other.unaffected
        for large in other._largest:
            self._keep(large)

    def lines(self) -> list[Line]:
        """The bill: what is owed, then tier by tier; each currency by itself."""
        found: dict[tuple[Part, int, str], tuple[int, Decimal]] = {}
        for (part, place, currency, *_), (many, sum_) in self.cells.items():
            if part == "excluded":
                currency = self.policy.currency  # nobody got a sum in it
            before = found.get((part, place, currency), (0, NONE))
            found[part, place, currency] = (before[0] + int(many), before[1] + sum_)
        order = sorted(found, key=lambda key: (_ORDER[key[0]], key[1], self._rank(key[2])))
        return [self._line(key, *found[key]) for key in order]

    def groups(self, by: str) -> list[Group]:
        """The same by segment, country or language, the dearest first."""
        at = 3 + GROUPS.index(by)
        found: dict[str, tuple[int, Decimal]] = {}
        for key, (many, sum_) in self.cells.items():
            if key[0] != "excluded":
                name = str(key[at])
                before = found.get(name, (0, NONE))
                cost = self._cost(key[0], key[1], key[2], Decimal(sum_))
                found[name] = (before[0] + int(many), before[1] + cost)
        groups = [
            Group(name, many, rounded(cost, self.policy.currency))
            for name, (many, cost) in found.items()
        ]
        return sorted(groups, key=lambda group: (-group.expected, -group.customers, group.name))

    def largest(self) -> list[Large]:
        """The customers who get most, the largest first."""
        return sorted(self._largest, reverse=True)

    def _count(self, key: Key, value: Decimal) -> None:
        cell = self.cells.get(key)
        if cell is None:
            self.cells[key] = [1, value]
        else:
            cell[0] += 1
            cell[1] += value

    def _names(self, *names: str) -> tuple[str, str, str]:
        for known, name in zip(self._named, names, strict=True):
            if name not in known:
                if len(known) >= _MANY:
                    return self._fewer(names)
                known.add(name)
        return names  # type: ignore[return-value]

    def _fewer(self, names: Sequence[str]) -> tuple[str, str, str]:
        pairs = zip(self._named, names, strict=True)
        first, second, third = (name if name in known else OTHERS for known, name in pairs)
        return first, second, third

    def _large(self, customer: Customer, outcome: Outcome, whole: Decimal) -> None:
        tiers, owed = self.policy.tiers, self.policy.owed
        what = [each.id for each, sum_ in zip(owed, outcome.owed, strict=False) if sum_]
        what += [tiers[outcome.tier].id] if outcome.value else []
        currency = customer.who.currency
        worth = rounded(whole * self._rates[currency], self.policy.currency)
        sum_ = f"{whole} {currency}"
        self._keep(Large(worth, -customer.line, customer.who.customer, " + ".join(what), sum_))

    def _keep(self, large: Large) -> None:
        if len(self._largest) < LARGEST:
            heappush(self._largest, large)
        elif large > self._largest[0]:
            heapreplace(self._largest, large)
        if len(self._largest) == LARGEST:
            self._least = self._largest[0].worth

    def _line(self, key: tuple[Part, int, str], many: int, sum_: Decimal) -> Line:
        part, place, currency = key
        if part == "excluded":
            out = self.policy.exclude[place]
            return Line(part, out.id, out.because, currency, many, NONE, NONE, "nothing")
        found = self.policy.owed[place] if part == "owed" else self.policy.tiers[place]
        books: Book = "refund" if isinstance(found, Owed) else book(found.offer)
        cost = rounded(self._cost(part, place, currency, sum_), self.policy.currency)
        face = rounded(sum_, currency)
        return Line(part, found.id, found.title or found.id, currency, many, face, cost, books)

    def _cost(self, part: Part, place: int, currency: str, sum_: Decimal) -> Decimal:
        tier = self.policy.tiers[place] if part == "tier" else None
        return _probably(sum_ * self._rates[currency], tier)

    def _rank(self, currency: str) -> tuple[bool, str]:
        return currency != self.policy.currency, currency


_ORDER: dict[Part, int] = {"owed": 0, "tier": 1, "excluded": 2}


def _probably(worth: Decimal, tier: Tier | None) -> Decimal:
    """What a face value will probably cost; what is owed costs all of it."""
    if tier is None:
        return worth
    return worth * tier.redemption * tier.margin_effect / 10_000


def expected_of(policy: Policy, tier: Tier | None, currency: str, face: Decimal) -> Decimal:
    """What some offers of a tier will probably cost, in the currency of the policy."""
    rate = Decimal(1) if currency == policy.currency else Decimal(policy.rates[currency])
    return rounded(_probably(face * rate, tier), policy.currency)
