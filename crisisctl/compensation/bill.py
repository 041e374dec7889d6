"""What a plan comes to: who gets what, what it is worth, what it will probably cost."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from heapq import heappush, heapreplace
from typing import Literal

from msgspec import Struct

from crisisctl.compensation.cells import NONE, rounded
from crisisctl.compensation.deciding import Outcome
from crisisctl.compensation.offers import Book, book
from crisisctl.compensation.reading import Customer
from crisisctl.playbook.policy import Owed, Policy, Tier

Part = Literal["owed", "tier", "excluded"]
GROUPS = ("segment", "country", "locale")
"""What a bill can be sorted by, besides the tiers."""
LARGEST = 10
_MANY = 300
"""Countries, languages or segments that are told apart; the rest together are one more."""
OTHERS = "…"
"""What the rest is called."""

Key = tuple[Part, int, str]
"""Part, its place in the policy, currency."""
Names = tuple[str, str, str]
"""Segment, country, locale."""
Mark = tuple[Key, Decimal]
"""A line of the bill on which a customer stands, and with how much."""
Counted = tuple[Names, list[tuple[tuple[Mark, ...], int]]]
"""How many customers of the same names stand on which lines."""
Sums = dict[Names, list[int | Decimal]]
"""For each, how many customers and how much."""


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


class Largest:
    """The customers who get most, taken in one by one."""

    def __init__(self) -> None:
        self.heap: list[Large] = []
        self.least = NONE
        """What is less is none of them, and what is as much is one only if it came before."""

    def keep(self, large: Large) -> None:
        """One more customer."""
        if len(self.heap) < LARGEST:
            heappush(self.heap, large)
        elif large > self.heap[0]:
            heapreplace(self.heap, large)
        if len(self.heap) == LARGEST:
            self.least = self.heap[0].worth


class Bill:
    """The sums of a plan, taken in customer by customer."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.cells: dict[Key, Sums] = {}
        self.customers = 0
        """Those who get something."""
        self.unaffected = 0
        self.unreachable = 0
        """Customers who get something and have no e-mail address."""
        self.large = Largest()
        self._named: tuple[set[str], ...] = (set(), set(), set())
        self._rates = {policy.currency: Decimal(1)}
        self._rates |= {code: Decimal(rate) for code, rate in policy.rates.items()}

    def add(self, customer: Customer, outcome: Outcome) -> None:
        """One more customer."""
        if not outcome.touched:
            self.unaffected += 1
            return
        who = customer.who
        names = self._names((who.segment, who.country, who.locale))
        for key, value in marks(outcome, who.currency):
            self._count(key, names, 1, value)
        self.customers += outcome.gets
        self.unreachable += outcome.gets and not who.email
        worth = self.worth(outcome, who.currency)
        if worth and worth >= self.large.least:
            self.large.keep(self.told(customer.line, who.customer, who.currency, outcome))

    def take(self, counted: Iterable[Counted], largest: Iterable[Large]) -> None:
        """Customers that were counted elsewhere, and those of them who get most."""
        for large in largest:
            self.large.keep(large)
        for names, ways in counted:
            names = self._names(names)
            for found, many in ways:
                for key, value in found:
                    self._count(key, names, many, value * many)
                self.customers += many * gets(found)

    def merge(self, other: Bill) -> None:
        """Everything that another one has counted."""
        for key, sums in other.cells.items():
            for names, (many, sum_) in sums.items():
                self._count(key, self._names(names), int(many), Decimal(sum_))
        self.customers += other.customers
        self.unaffected += other.unaffected
        self.unreachable += other.unreachable
        for large in other.large.heap:
            self.large.keep(large)

    def worth(self, outcome: Outcome, currency: str) -> Decimal:
        """What one gets, in the currency of the policy."""
        whole = sum(outcome.owed, start=outcome.value)
        return rounded(whole * self._rates[currency], self.policy.currency)

    def told(self, line: int, customer: str, currency: str, outcome: Outcome) -> Large:
        """A customer as one of those who get most."""
        tiers, owed = self.policy.tiers, self.policy.owed
        what = [each.id for each, sum_ in zip(owed, outcome.owed, strict=False) if sum_]
        what += [tiers[outcome.tier].id] if outcome.value else []
        sum_ = f"{sum(outcome.owed, start=outcome.value)} {currency}"
        worth = self.worth(outcome, currency)
        return Large(worth, -line, customer, " + ".join(what), sum_)

    def lines(self) -> list[Line]:
        """The bill: what is owed, then tier by tier; each currency by itself."""
        found: dict[Key, tuple[int, Decimal]] = {}
        for (part, place, currency), sums in self.cells.items():
            # nobody got a sum in the currency of who is left out
            key: Key = (part, place, self.policy.currency if part == "excluded" else currency)
            many, sum_ = found.get(key, (0, NONE))
            for more, value in sums.values():
                many, sum_ = many + int(more), sum_ + value
            found[key] = (many, sum_)
        order = sorted(found, key=lambda key: (_ORDER[key[0]], key[1], self._rank(key[2])))
        return [self._line(key, *found[key]) for key in order]

    def groups(self, by: str) -> list[Group]:
        """The same by segment, country or language, the dearest first."""
        at = GROUPS.index(by)
        found: dict[str, tuple[int, Decimal]] = {}
        for key, sums in self.cells.items():
            if key[0] == "excluded":
                continue
            for names, (many, sum_) in sums.items():
                before = found.get(names[at], (0, NONE))
                cost = self._cost(*key, Decimal(sum_))
                found[names[at]] = (before[0] + int(many), before[1] + cost)
        groups = [
            Group(name, many, rounded(cost, self.policy.currency))
            for name, (many, cost) in found.items()
        ]
        return sorted(groups, key=lambda group: (-group.expected, -group.customers, group.name))

    def largest(self) -> list[Large]:
        """The customers who get most, the largest first."""
        return sorted(self.large.heap, reverse=True)

    def _count(self, key: Key, names: Names, many: int, value: Decimal) -> None:
        sums = self.cells.setdefault(key, {})
        cell = sums.get(names)
        if cell is None:
            sums[names] = [many, value]
        else:
            cell[0] += many
            cell[1] += value

    def _names(self, names: Names) -> Names:
        for known, name in zip(self._named, names, strict=True):
            if name not in known:
                if len(known) >= _MANY:
                    return self._fewer(names)
                known.add(name)
        return names

    def _fewer(self, names: Names) -> Names:
        pairs = zip(self._named, names, strict=True)
        first, second, third = (name if name in known else OTHERS for known, name in pairs)
        return first, second, third

    def _line(self, key: Key, many: int, sum_: Decimal) -> Line:
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


def marks(outcome: Outcome, currency: str) -> tuple[Mark, ...]:
    """The lines of a bill on which one customer stands, and with how much."""
    found: list[Mark] = []
    if outcome.excluded >= 0:
        found.append((("excluded", outcome.excluded, currency), NONE))
    elif outcome.tier >= 0:
        found.append((("tier", outcome.tier, currency), outcome.value))
    for place, sum_ in enumerate(outcome.owed):
        if sum_:
            found.append((("owed", place, currency), sum_))
    return tuple(found)


def gets(found: Iterable[Mark]) -> bool:
    """Whether a customer with these gets something."""
    return any(part != "excluded" for (part, _, _), _ in found)


def _probably(worth: Decimal, tier: Tier | None) -> Decimal:
    """What a face value will probably cost; what is owed costs all of it."""
    if tier is None:
        return worth
    return worth * tier.redemption * tier.margin_effect / 10_000


def expected_of(policy: Policy, tier: Tier | None, currency: str, face: Decimal) -> Decimal:
    """What some offers of a tier will probably cost, in the currency of the policy."""
    rate = Decimal(1) if currency == policy.currency else Decimal(policy.rates[currency])
    return rounded(_probably(face * rate, tier), policy.currency)
