"""The rows of an export, one by one: who it is, when it was, what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from crisisctl.compensation.cells import BadCell, Memory
from crisisctl.compensation.deciding import Who
from crisisctl.compensation.layout import Layout, Values, reader
from crisisctl.compensation.limits import check, limits, made
from crisisctl.compensation.twice import Twice
from crisisctl.messages.bulk.recipients import language
from crisisctl.playbook.amounts import SIGNS
from crisisctl.playbook.policy import Policy
from crisisctl.tables.dates import Dates
from crisisctl.tables.unreadable import Unreadable
from crisisctl.text import quoted


class Customer(NamedTuple):
    """One customer with all that happened to them."""

    line: int
    """Where they stand first."""
    who: Who
    values: Values
    """What the policy asks of them, in the order of `columns`."""
    orders: str = ""
    """The orders that were counted."""


Found = Customer | Unreadable


@dataclass(slots=True)
class Counts:
    """What became of the rows."""

    rows: int = 0
    outside: int = 0
    """Rows before or after the window."""
    repeated: int = 0
    """Rows that came a second time: the same order, or the same customer where there are none."""
    merged: int = 0
    """Customers who had several rows."""
    countries: int = 0
    """Of them, those who are in two countries: the first counts."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The moments between which rows count; None: no bound."""

    since: datetime | None = None
    until: datetime | None = None


class Reader:
    """Reads single rows of a file. What it raises is a `BadCell`: a person must look."""

    def __init__(self, policy: Policy, found: Layout, bounds: Bounds, dates: Dates) -> None:
        at = found.at
        self._policy = policy
        self.values = reader(policy, found)
        """The cells of a row and its currency -> what the policy asks."""
        self._made, self._limits = made(policy, found), limits(policy)
        self._key, self._mail, self._order = at("customer"), at("email"), at("order")
        self._places = [at(name) for name in Who._fields]
        self._currency = at("currency")
        self._codes = Memory(self._code)
        self.twice = Twice(policy, found, self._read_code)
        self._locales = Memory(language)
        self._countries, self._segments = Memory(str.upper), Memory(str)
        """Each once, however many customers are held."""
        self._bounds, self._dates = bounds, dates
        self._at = at("at") if bounds.since or bounds.until else -1
        self.outside = self._window() if self._at >= 0 else None
        """Whether a row is outside the window; None where each is inside."""

    def key(self, cells: Sequence[str]) -> str:
        """Who it is; empty where nobody can tell."""
        key = cells[self._key].strip() if self._key >= 0 else ""
        return key or (cells[self._mail].strip().lower() if self._mail >= 0 else "")

    def order(self, cells: Sequence[str]) -> str:
        """The number of the order."""
        return cells[self._order].strip() if self._order >= 0 else ""

    def locale(self, wish: str) -> str:
        """The language that is meant."""
        return str(self._locales[wish.strip()])

    def customer(self, line: int, cells: Sequence[str]) -> Found | None:
        """The customer of a row; None where it is outside the window."""
        try:
            if self.outside and self.outside(cells):
                return None
            who, values = self.row(cells)
            self.check(values, who.currency)
            return Customer(line, who, values, who.order)
        except BadCell as error:
            return Unreadable(line, error.message)

    def check(self, values: Values, currency: str, *, together: bool = False) -> None:
        """Raise where one row, or several together, tell more than can be right."""
        check(self._limits if together else self._made, values, currency)

    def row(self, cells: Sequence[str]) -> tuple[Who, Values]:
        """Who a row is of, and what the policy asks of it."""
        told = [cells[place].strip() if place >= 0 else "" for place in self._places]
        key, mail, name, wish, country, segment, _, number = told
        if not (key or mail):
            raise nobody()
        currency, locale = self.currency(cells), str(self._locales[wish])
        values = self.values(cells, currency)
        key = key or mail.lower()
        country, segment = str(self._countries[country]), str(self._segments[segment])
        who = Who(key, mail, name, locale, country, segment, currency, number)
        return who, values

    def country(self, cells: Sequence[str]) -> str:
        """The country of a row."""
        place = self._places[Who._fields.index("country")]
        return str(self._countries[cells[place].strip()]) if place >= 0 else ""

    def currency(self, cells: Sequence[str]) -> str:
        """The currency of a row."""
        if self._currency < 0:
            return self._policy.currency
        return self._read_code(cells[self._currency])

    def _read_code(self, cell: str) -> str:
        return str(self._codes[cell])

    def _code(self, cell: str) -> str:
        cell = cell.strip().upper()
        code = SIGNS.get(cell, cell) or self._policy.currency
        if code != self._policy.currency and code not in self._policy.rates:
            raise unknown_currency(cell)
        return code

    def _window(self) -> Callable[[Sequence[str]], bool]:
        since, until = self._bounds.since, self._bounds.until
        first = since.timestamp() if since else float("-inf")
        last = until.timestamp() if until else float("inf")
        at, read = self._at, self._dates.read

        def outside(cells: Sequence[str]) -> bool:
            try:
                when = read(cells[at])
            except (ValueError, OverflowError):
                raise BadCell(f"{quoted(cells[at], 40)} is not a time") from None
            if when is None:
                raise BadCell("nothing says when it happened")
            return not first <= when <= last

        return outside


def unknown_currency(code: str) -> BadCell:
    """A row in a currency of which the policy says nothing."""
    return BadCell(f"the policy does not know the currency {quoted(code, 20)}")


def nobody() -> BadCell:
    """A row without a number and without an address."""
    return BadCell("nobody can tell which customer it is")
