"""What a plan leaves to a person: who is owed more than was paid, and rows nobody could judge."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from crisisctl.compensation.cells import NONE
from crisisctl.errors import CrisisError
from crisisctl.text import cell, quoted

ROWS_HEADER = ("line", "reason")


class Left(Struct, frozen=True):
    """One line of such a list."""

    line: int
    """The line in `look-at.csv`, or in the export."""
    customer: str = ""
    email: str = ""
    currency: str = ""
    """Empty where nobody could tell."""
    sum: Decimal = NONE
    reason: str = ""


def look_at(path: Path) -> Iterator[Left]:
    """Who is owed more than an earlier plan paid back, of `look-at.csv`."""
    for line, row in enumerate(_read(path), 2):
        sum_ = Decimal(row["sum"])
        yield Left(line, row["customer"], row["email"], row["currency"], sum_, row["why"])


def rows(path: Path) -> Iterator[Left]:
    """The rows of an export that nobody could judge."""
    for row in _read(path):
        yield Left(int(row["line"]), reason=row["reason"])


def of_customer(path: Path, who: str) -> Left | None:
    """The line of a customer, by their number or their address; None where they have none.

    Raises where two customers share the address.
    """
    found = []
    for left in look_at(path):
        if left.customer in (who, cell(who)):
            return left
        if left.email and left.email.casefold() == who.casefold():
            found.append(left)
    if len(found) > 1:
        numbers = " and ".join(quoted(left.customer, 30) for left in found[:2])
        raise CrisisError(f"{numbers} have this address", hint="give the number of the customer")
    return found[0] if found else None


def _read(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{path} cannot be read: {reason}", code=1) from error
