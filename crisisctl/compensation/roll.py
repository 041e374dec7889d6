"""The list of a plan: every customer who gets something, or would and does not, one in a line.

It is what people approve, and what is handed out: nothing is decided again in between. It stands
under the state folder, readable for its owner only; its words go with it when it is deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import msgspec
from msgspec import Struct

from crisisctl.compensation.cells import BadCell
from crisisctl.compensation.deciding import NOBODY, Outcome, Who
from crisisctl.compensation.reading import Customer
from crisisctl.errors import CrisisError
from crisisctl.playbook.policy import Policy

_PIECE = 128 * 1024
"""Bytes that are read at a time; what becomes of them fits several times into a pipe."""
LONGEST = 300
"""Characters of a name, an address or a number of a customer."""


class Given(Struct, frozen=True, gc=False, array_like=True):
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


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Given)


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


def lines(block: Sequence[Given | tuple[object, ...]]) -> bytes:
    """Some of them as they stand in the file; a tuple has the fields of a `Given`."""
    return _encoder.encode_lines(block)


def decoded(text: bytes) -> list[Given]:
    """The lines of a part of the file. Raises `CrisisError` where it is damaged."""
    try:
        return _decoder.decode_lines(text)
    except msgspec.DecodeError as error:
        raise _damaged("", error) from error


def read(path: Path) -> Iterator[list[Given]]:
    """All of them, in blocks. Raises `CrisisError` where the file is damaged."""
    for piece in pieces(path):
        yield decoded(piece)


def pieces(path: Path) -> Iterator[bytes]:
    """Blocks of whole lines, as they stand in the file."""
    try:
        with path.open("rb") as file:
            left = b""
            while piece := file.read(_PIECE):
                left += piece
                whole, _, left = left.rpartition(b"\n")
                if whole:
                    yield whole
            if left.strip():
                yield left
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
