"""The list of a plan: every customer who gets something, or would and does not.

It is what people approve, and what is handed out: nothing is decided again in between. It stands
under the state folder, readable for its owner only; its words go with it when it is deleted.

Each line of the file is JSON that tells of some hundreds or thousands of customers, column by
column: where they live and what they get is told once, as most get the same as others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import compress
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from crisisctl.compensation.cells import BadCell
from crisisctl.compensation.deciding import NOBODY, Outcome, Who
from crisisctl.compensation.reading import Customer
from crisisctl.errors import CrisisError
from crisisctl.playbook.policy import Policy

_BLOCK = 2000
"""Customers of whom one line tells."""
LONGEST = 300
"""Characters of a name, an address or a number of a customer."""


class Given(Struct, frozen=True, gc=False):
    """What one customer gets."""

    line: int
    customer: str
    email: str
    name: str
    locale: str
    country: str
    segment: str
    currency: str
    tier: str
    """The tier whose offer they get; empty where none."""
    value: Decimal
    excluded: str
    """The exclusion that keeps an offer from them."""
    owed: tuple[Decimal, ...] = ()
    """What must go back to them, for each kind of it."""
    order: str = ""
    """The order, or the first of several, in which it happened; empty where nobody says."""


class End(Struct, frozen=True, gc=False, array_like=True):
    """What customers get; each field is that of a `Given`."""

    currency: str
    tier: str
    value: Decimal
    excluded: str
    owed: tuple[Decimal, ...]


class Block(Struct, frozen=True, array_like=True):
    """Some customers, column by column."""

    lines: Sequence[int]
    customers: Sequence[str]
    emails: Sequence[str]
    names: Sequence[str]
    places: Sequence[tuple[str, str, str]]
    """Languages, countries and segments."""
    place: Sequence[int]
    """For each customer which of `places`."""
    ends: Sequence[End]
    end: Sequence[int]
    """For each customer which of `ends`."""
    orders: Sequence[str]
    """Empty where nobody has one."""

    def rows(self) -> list[Given]:
        """The same one by one."""
        places, ends = self.places, self.ends
        tails = [(each.currency, each.tier, each.value, each.excluded, each.owed) for each in ends]
        orders = self.orders or [""] * len(self.lines)
        who = zip(self.lines, self.customers, self.emails, self.names, orders, strict=True)
        return [
            Given(line, customer, email, name, *(*places[place], *tails[end]), order)
            for (line, customer, email, name, order), place, end in zip(
                who, self.place, self.end, strict=True
            )
        ]

    def only(self, wanted: Sequence[object]) -> Block:
        """Those customers whose ends are wanted: for each of `ends` something true, or not."""
        if all(wanted):
            return self
        mine = [wanted[each] for each in self.end]
        return Block(
            _some(self.lines, mine), _some(self.customers, mine), _some(self.emails, mine),
            _some(self.names, mine), self.places, _some(self.place, mine), self.ends,
            _some(self.end, mine), _some(self.orders, mine),
        )  # fmt: skip


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Block)
T = TypeVar("T")


def _some(column: Sequence[T], mine: Sequence[object]) -> Sequence[T]:
    return list(compress(column, mine))


def given(policy: Policy, customer: Customer, outcome: Outcome) -> Given | None:
    """The line of a customer; None where they have nothing to do with it.

    Raises `BadCell` where a person must look at who it is.
    """
    if not outcome.touched:
        return None
    who = customer.who
    measured(who[:6])
    return Given(
        customer.line,
        who.customer,
        who.email,
        who.name,
        who.locale,
        who.country,
        who.segment,
        who.currency,
        *handed(policy, outcome),
        customer.orders[:LONGEST],
    )


def measured(told: Iterable[str]) -> None:
    """Raise where what is told of a customer cannot be a name, an address or a number."""
    if max(map(len, told)) > LONGEST:
        raise BadCell(f"a name, an address or a number has more than {LONGEST} characters")


def handed(policy: Policy, outcome: Outcome) -> tuple[str, Decimal, str, tuple[Decimal, ...]]:
    """The end of a line: the tier, what it is worth, the exclusion, what is owed."""
    tier, value, excluded, owed = outcome
    return (
        policy.tiers[tier].id if tier >= 0 and excluded < 0 else "",
        value,
        policy.exclude[excluded].id if excluded >= 0 else "",
        owed,
    )


Line = tuple[int, str, str, str, bytes, bytes, str]
"""A customer for `written`: line, number, address, name, `place`, `end`, order."""


def place(locale: str, country: str, segment: str) -> bytes:
    """Where customers live, as it stands in the file."""
    return _encoder.encode((locale, country, segment))


def end(
    currency: str, tier: str, value: Decimal, excluded: str, owed: tuple[Decimal, ...]
) -> bytes:
    """What customers get, as it stands in the file."""
    return _encoder.encode((currency, tier, value, excluded, owed))


def lines(rows: Iterable[Given]) -> bytes:
    """Some customers as they stand in the file."""
    return written(_told(rows))


def _told(rows: Iterable[Given]) -> list[Line]:
    return [
        (
            row.line, row.customer, row.email, row.name,
            place(row.locale, row.country, row.segment),
            end(row.currency, row.tier, row.value, row.excluded, row.owed), row.order,
        )
        for row in rows
    ]  # fmt: skip


def written(rows: Sequence[Line]) -> bytes:
    """Some customers as they stand in the file."""
    return b"".join(_written(rows[start : start + _BLOCK]) for start in range(0, len(rows), _BLOCK))


def _written(rows: Sequence[Line]) -> bytes:
    numbers, customers, emails, names, places, ends, orders = zip(*rows, strict=True)
    told = (
        numbers, customers, emails, names, *_shared(places), *_shared(ends),
        orders if any(orders) else (),
    )  # fmt: skip
    return _encoder.encode(told) + b"\n"


def _shared(column: Sequence[bytes]) -> tuple[list[msgspec.Raw], list[int]]:
    """What stands in a column, each once; and for each customer which of it."""
    places = {each: place for place, each in enumerate(dict.fromkeys(column))}
    return list(map(msgspec.Raw, places)), list(map(places.__getitem__, column))


def block(text: bytes) -> Block:
    """A line of the file. Raises `CrisisError` where it is damaged."""
    try:
        return _decoder.decode(text)
    except msgspec.DecodeError as error:
        raise _damaged("", error) from error


def gathered(rows: Sequence[Given]) -> Block:
    """Some customers as one block."""
    return block(_written(_told(rows))) if rows else Block([], [], [], [], [], [], [], [], [])


def decoded(text: bytes) -> list[Given]:
    """The customers of some lines. Raises `CrisisError` where one is damaged."""
    return [row for line in text.splitlines() for row in block(line).rows()]


def read(path: Path) -> Iterator[list[Given]]:
    """All customers, in blocks. Raises `CrisisError` where the file is damaged."""
    for piece in pieces(path):
        yield block(piece).rows()


def pieces(path: Path) -> Iterator[bytes]:
    """The lines of the file."""
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        raise _damaged(path, error) from error


def _damaged(what: object, error: Exception) -> CrisisError:
    return CrisisError(
        f"the list of the plan{what and f' in {what}'} cannot be read: {error}",
        hint="plan again from the export",
        code=1,
    )


def back(policy: Policy, row: Given) -> tuple[Customer, Outcome]:
    """A line of the list as it was decided, for a bill over it."""
    tiers = {each.id: place for place, each in enumerate(policy.tiers)}
    out = {each.id: place for place, each in enumerate(policy.exclude)}
    who = Who(
        row.customer, row.email, row.name, row.locale, row.country, row.segment, row.currency, ""
    )
    outcome = Outcome(
        tiers.get(row.tier, NOBODY), row.value, out.get(row.excluded, NOBODY), row.owed
    )
    return Customer(row.line, who, (), row.order), outcome
