"""Customers of whom several rows become one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from crisisctl.compensation.cells import BadCell
from crisisctl.compensation.deciding import Who, columns
from crisisctl.compensation.layout import Layout, Values
from crisisctl.compensation.reading import Counts, Customer, Found, Reader
from crisisctl.compensation.twice import ORDERS, SHOWN, disagree, together, together_orders
from crisisctl.playbook.policy import Policy
from crisisctl.tables.unreadable import Row, Unreadable

Join = str
"""How two values become one: `sum`, `most`, `any` or `first`."""


class Several:
    """The customers who have several rows, held until the file has been read."""

    def __init__(self, read: Reader, joined: Sequence[Join], counts: Counts) -> None:
        self._read, self._joined, self._counts = read, joined, counts
        self._held: dict[str, _Held] = {}

    def take(self, rows: Iterable[Row]) -> None:
        """Some more of their rows."""
        held, key, counts = self._held, self._read.key, self._counts
        for row in rows:
            name = key(row[1])
            if (state := held.get(name)) is None:
                state = held[name] = _Held(name, row[0])
            match state.take(self._read, row, name, self._joined):
                case "repeated":
                    counts.repeated += 1
                case "outside":
                    counts.outside += 1

    def customers(self) -> Iterator[Found]:
        """Each of them, in the order of their first rows; they are forgotten as they are told."""
        held = self._held
        for name in list(held):
            found = held.pop(name).customer(self._read, self._counts)
            if found is not None:
                yield found


@dataclass(slots=True)
class _Held:
    """A customer with the rows that were read so far: as little as can be, there are many."""

    name: str
    line: int
    who: Who | None = None
    values: Values = ()
    orders: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    """For each order its line, and what it says."""
    touched: tuple[str, ...] = ()
    """The first orders in which something happened."""
    lines: tuple[int, ...] = ()
    """The first of those that count."""
    rows: int = 0
    countries: bool = False
    bad: Unreadable | None = None

    def take(self, read: Reader, row: Row, name: str, joined: Sequence[Join]) -> str:
        """One more row of this customer; what became of it, in a word."""
        line, cells = row
        number = read.order(cells)
        if number and (before := self.orders.get(number)) is not None:
            if read.twice.differ(before[1], read.twice.told(cells)):
                reason = disagree(number, (before[0], line))
                self.bad = self.bad or Unreadable(line, reason)
            return "repeated"
        try:
            if read.outside and read.outside(cells):
                return "outside"
            repeated = self._read(read, cells, name, line, joined) and not number
        except BadCell as error:
            self.bad = self.bad or Unreadable(line, error.message)
            repeated = False
        if number:
            self.orders[number] = (line, read.twice.told(cells))
        self.rows += 1
        if self.rows <= SHOWN:
            self.lines += (line,)
        return "repeated" if repeated else "rows"

    def _read(
        self, read: Reader, cells: Sequence[str], name: str, line: int, joined: Sequence[Join]
    ) -> bool:
        """Whether there was a row before that could be read."""
        if self.who is None:
            who, self.values = read.row(cells)
            self._touch(read, cells, self.values)
            self.who = who._replace(customer=name)  # the same letters, held once
            return False
        currency, country = read.currency(cells), read.country(cells)
        values = read.values(cells, currency)
        self._touch(read, cells, values)
        if currency != self.who.currency:
            both = f"{self.who.currency} and {currency}"
            self.bad = self.bad or Unreadable(line, f"this customer has rows in {both}")
        if country and self.who.country and country != self.who.country:
            self.countries = True
        if values != self.values or "sum" in joined:
            pairs = zip(joined, self.values, values, strict=True)
            self.values = tuple([_together(how, one, other) for how, one, other in pairs])
        return True

    def _touch(self, read: Reader, cells: Sequence[str], values: Values) -> None:
        if len(self.touched) <= ORDERS and any(values) and (number := read.order(cells)):
            self.touched += (number,)

    def customer(self, read: Reader, counts: Counts) -> Found | None:
        """The customer with all rows; None where all of them are outside the window."""
        counts.merged += self.rows > 1
        counts.countries += self.countries
        if self.bad is not None or self.who is None:
            return self._told(self.bad)
        try:
            read.check(self.values, self.who.currency, together=True)
        except BadCell as error:
            return self._told(Unreadable(self.line, error.message))
        orders = together_orders(self.touched) if self.rows > 1 else self.who.order
        return Customer(self.line, self.who, self.values, orders)

    def _told(self, bad: Unreadable | None) -> Unreadable | None:
        """With who it is, and where their rows are."""
        if bad is None:
            return None
        return Unreadable(bad.line, together(self.name, self.lines, self.rows, bad.reason))


def joined(policy: Policy, found: Layout) -> list[Join]:
    """How each value of several rows becomes one."""
    own = {**policy.harm, **policy.about}
    return [_way(own[name].type, own[name].together, found.orders) for name in columns(policy)]


def _way(kind: str, together: str, orders: bool) -> Join:
    if kind == "flag":
        return "any"
    if kind == "text":
        return "first"
    return together if orders else "most"  # twice the same customer is not twice the harm


def _together(how: Join, one: object, other: object) -> object:
    if how == "first":
        return one or other
    if how == "any":
        return bool(one or other)
    mine, more = cast("Decimal", one), cast("Decimal", other)
    return mine + more if how == "sum" else max(mine, more)
