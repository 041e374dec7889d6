"""An export of customers or of orders -> customers, each once, with what happened to them.

The file is read twice. The first time only tells which customers come again, so that the second
can hand on all others as they come: a million customers are never held at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from crisisctl.compensation.cells import BadCell
from crisisctl.compensation.deciding import Who, columns
from crisisctl.compensation.headings import knows
from crisisctl.compensation.layout import Layout, Values, layout, reader
from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.recipients import language
from crisisctl.messages.bulk.seen import Seen
from crisisctl.playbook.policy import Policy
from crisisctl.tables.dates import Dates, order
from crisisctl.tables.decoding import Text, shown
from crisisctl.tables.names import fold
from crisisctl.tables.rows import Table
from crisisctl.tables.unreadable import Row, Unreadable
from crisisctl.text import quoted

BLOCK = 1000
"""Rows that are read at a time."""
_HELD = 50_000
"""Customers with several rows that are held at a time; where there are more, the file is read
once for each so many."""
_PEEK = 2_000
"""Rows that tell whether the day or the month comes first."""
_LONGEST = 300
"""Characters of a name, an address or a number of a customer."""
_SIGNS = {"€": "EUR", "£": "GBP", "₺": "TRY", "TL": "TRY", "₽": "RUB"}


class Customer(NamedTuple):
    """One customer with all that happened to them."""

    line: int
    """Where they stand first."""
    who: Who
    values: Values
    """What the policy asks of them, in the order of `columns`."""


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


class Export:
    """A file that was understood, to be read from its beginning as often as needed."""

    def __init__(
        self,
        path: Path,
        policy: Policy,
        *,
        said: Mapping[str, str],
        bounds: Bounds,
        time_zone: tzinfo,
    ) -> None:
        """Raises `CrisisError` where it is no such file."""
        self.path, self.policy = path, policy
        self.digest = digest(path)
        self._bounds, self._zone = bounds, time_zone
        self.counts = Counts()
        self.position = 0
        """Bytes that were read in this pass, for telling how far it is."""
        with Text(path) as text:
            self.size = text.size
            table = Table(text, partial(_knows, policy))
            first = table.take(_PEEK) or []
            try:
                self.layout = layout(table.header, policy, said)
            except CrisisError as error:
                raise CrisisError(f"{shown(path)}: {error.message}", hint=error.hint) from error
            self._day_first = self._order(first)
            self.remarks = [*text.remarks, *self._remarks()]
        self._read = reader(policy, self.layout)
        self._joined = _joined(policy, self.layout)

    def customers(self) -> Iterator[list[Found]]:
        """Every customer once, in blocks; and each row or customer that cannot be judged.

        Raises `CrisisError` where the file was changed meanwhile.
        """
        self.counts = Counts()
        again = self._again()
        parts = 1 + len(again) // _HELD
        for part in range(parts):
            yield from self._pass(again, part, parts)
        if digest(self.path) != self.digest:
            raise CrisisError(
                f"{shown(self.path)} was changed while it was read", hint="run it again", code=1
            )

    def _pass(self, again: frozenset[int], part: int, parts: int) -> Iterator[list[Found]]:
        held: dict[str, _Held] = {}
        read = _Rows(self)
        for rows in self._blocks():
            found: list[Found] = []
            if part == 0:
                self.counts.rows += len(rows)
            for row in rows:
                if isinstance(row, Unreadable):
                    if part == 0:
                        found.append(row)
                    continue
                line, cells = row
                key = read.key(cells)
                if hash(key) not in again:
                    if part == 0 and (one := read.customer(line, cells)) is not None:
                        found.append(one)
                elif parts == 1 or crc32(key.encode()) % parts == part:
                    if (state := held.get(key)) is None:
                        state = held[key] = _Held(line)
                    state.take(read, line, cells, self._joined)
            yield found
        yield [one for state in held.values() if (one := state.customer(self.counts)) is not None]

    def _again(self) -> frozenset[int]:
        """The fingerprints of the customers who have several rows."""
        seen, again, read = Seen(), set[int](), _Rows(self)
        key = read.key
        for rows in self._blocks():
            prints = [hash(key(row[1])) for row in rows if not isinstance(row, Unreadable)]
            again.update(prints[place] for place in seen.again(prints))
        again.discard(hash(""))  # nobody: each such row is told
        return frozenset(again)

    def _blocks(self) -> Iterator[list[Row | Unreadable]]:
        with Text(self.path) as text:
            table = Table(text, partial(_knows, self.policy))
            while (rows := table.take(BLOCK)) is not None:
                self.position = text.position
                yield rows

    def _order(self, rows: Sequence[Row | Unreadable]) -> bool:
        """Whether the day stands before the month in the times of this file."""
        at = self.layout.at("at")
        if at < 0:
            return True
        told, _ = order(row[1][at] for row in rows if not isinstance(row, Unreadable))
        return True if told is None else told

    def _remarks(self) -> Iterator[str]:
        own = {**self.policy.harm, **self.policy.about}
        for name in self.layout.missing:
            what = quoted(own[name].title or name, 60)
            yield f"no column tells {what} ({name}): it is taken as none"
        if "currency" not in self.layout.places and self.policy.rates:
            yield f"no column names a currency: every sum is taken as {self.policy.currency}"
        bounded = self._bounds.since or self._bounds.until
        if bounded and "at" not in self.layout.places:
            yield "no column tells when a row happened: each counts, whatever the window"


class _Rows:
    """Reads single rows of a file."""

    def __init__(self, export: Export) -> None:
        found = export.layout
        at = found.at
        self.counts = export.counts
        self.policy, self.orders = export.policy, found.orders
        self._read = export._read
        self._key, self._mail = at("customer"), at("email")
        self._order = at("order")
        self._places = [at(name) for name in Who._fields]
        self._currency = at("currency")
        self._codes: dict[str, str] = {}
        self._locales: dict[str, str] = {}
        self._at = at("at")
        bounds = export._bounds
        self._since = bounds.since.timestamp() if bounds.since else None
        self._until = bounds.until.timestamp() if bounds.until else None
        if self._at >= 0 and self._since is None and self._until is None:
            self._at = -1
        self._dates = Dates(export._zone, day_first=export._day_first)

    def key(self, cells: Sequence[str]) -> str:
        """Who it is; empty where nobody can tell."""
        key = cells[self._key].strip() if self._key >= 0 else ""
        return key or (cells[self._mail].strip().lower() if self._mail >= 0 else "")

    def order(self, cells: Sequence[str]) -> str:
        """The number of the order."""
        return cells[self._order].strip() if self._order >= 0 else ""

    def customer(self, line: int, cells: Sequence[str]) -> Found | None:
        """The customer of a row; None where it is outside the window."""
        try:
            if self._at >= 0 and self._outside(cells[self._at]):
                self.counts.outside += 1
                return None
            who = self._who(cells)
            return Customer(line, who, self._read(cells, who.currency))
        except BadCell as error:
            return Unreadable(line, error.message)

    def _who(self, cells: Sequence[str]) -> Who:
        told = [cells[place].strip() if place >= 0 else "" for place in self._places]
        key, mail, name, wish, country, segment, code, number = told
        currency = self._codes.get(code) or self._code(code)
        if not (key or mail):
            raise BadCell("nobody can tell which customer it is")
        if max(map(len, told)) > _LONGEST:
            raise BadCell(f"a name, an address or a number has more than {_LONGEST} characters")
        locale = self._locales.get(wish)
        if locale is None:
            locale = self._locales[wish] = language(wish)
        return Who(
            key or mail.lower(), mail, name, locale, country.upper(), segment, currency, number
        )

    def _code(self, cell: str) -> str:
        code = _SIGNS.get(cell.upper(), cell.upper()) or self.policy.currency
        if code != self.policy.currency and code not in self.policy.rates:
            raise BadCell(f"the policy does not know the currency {quoted(cell, 20)}")
        self._codes[cell] = code
        return code

    def _outside(self, cell: str) -> bool:
        try:
            when = self._dates.read(cell)
        except (ValueError, OverflowError):
            raise BadCell(f"{quoted(cell, 40)} is not a time") from None
        if when is None:
            raise BadCell("nothing says when it happened")
        early = self._since is not None and when < self._since
        return early or (self._until is not None and when > self._until)


@dataclass(slots=True)
class _Held:
    """A customer of whom several rows become one."""

    line: int
    first: Customer | None = None
    values: list[object] = field(default_factory=list)
    orders: set[str] = field(default_factory=set)
    rows: int = 0
    countries: bool = False
    bad: Unreadable | None = None

    def take(self, read: _Rows, line: int, cells: Sequence[str], joined: Sequence[_Join]) -> None:
        """One more row of this customer."""
        number = read.order(cells)
        if number and number in self.orders:
            read.counts.repeated += 1
            return
        found = read.customer(line, cells)
        if found is None:
            return
        if number:
            self.orders.add(number)
        self.rows += 1
        if isinstance(found, Unreadable):
            self.bad = self.bad or found
        elif self.first is None:
            self.first, self.values = found, list(found.values)
        else:
            self._join(found, joined)
            read.counts.repeated += not number

    def _join(self, found: Customer, joined: Sequence[_Join]) -> None:
        who = self.first.who if self.first else found.who
        if found.who.currency != who.currency:
            both = f"{who.currency} and {found.who.currency}"
            self.bad = self.bad or Unreadable(found.line, f"this customer has rows in {both}")
        if found.who.country and who.country and found.who.country != who.country:
            self.countries = True
        pairs = zip(joined, self.values, found.values, strict=True)
        self.values = [_together(how, one, other) for how, one, other in pairs]

    def customer(self, counts: Counts) -> Found | None:
        """The customer with all rows; None where all of them are outside the window."""
        counts.merged += self.rows > 1
        counts.countries += self.countries
        if self.bad is not None:
            return self.bad
        if self.first is None:
            return None
        return self.first._replace(line=self.line, values=tuple(self.values))


_Join = str


def _joined(policy: Policy, found: Layout) -> list[_Join]:
    """How each value of several rows becomes one: `sum`, `most`, `any` or `first`."""
    own = {**policy.harm, **policy.about}
    return [_way(own[name].type, own[name].together, found.orders) for name in columns(policy)]


def _way(kind: str, together: str, orders: bool) -> _Join:
    if kind == "flag":
        return "any"
    if kind == "text":
        return "first"
    return together if orders else "most"  # twice the same customer is not twice the harm


def _together(how: _Join, one: object, other: object) -> object:
    if how == "first":
        return one or other
    if how == "any":
        return bool(one or other)
    if not isinstance(one, int | Decimal) or not isinstance(other, int | Decimal):
        raise TypeError(how)
    return one + other if how == "sum" else max(one, other)


def _knows(policy: Policy, header: Sequence[str]) -> int:
    """How many of these cells are names that the policy, or every export, has for a column."""
    own = {**policy.harm, **policy.about}
    names = {fold(each) for name, column in own.items() for each in (name, *column.names)}
    return knows(header) + sum(fold(cell) in names for cell in header)


def digest(path: Path) -> str:
    """The SHA-256 of a file. Raises `CrisisError` where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{shown(path)} cannot be read: {reason}") from error
