"""Why a customer of a table is left to a person, in the words of a local run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal

from crisisctl.compensation import cells
from crisisctl.compensation.cells import BadCell
from crisisctl.compensation.deciding import Faces, Facts, missing, percents
from crisisctl.compensation.limits import beyond
from crisisctl.compensation.reading import nobody, unknown_currency
from crisisctl.compensation.roll import LONGEST
from crisisctl.compensation.twice import disagree
from crisisctl.playbook.policy import Policy
from crisisctl.tables.dates import Dates
from crisisctl.text import quoted

_OF_ROWS = frozenset(("no time", "cell", "time", "currency", "two", "order", "most"))
"""Faults of a row that makes its whole customer a matter for a person."""


def of_rows(fault: str) -> bool:
    """Whether it is one of a row, or of several together: not one of what was decided."""
    return fault in _OF_ROWS or fault.partition(" ")[0] in _OF_ROWS


class Faults:
    """Turns the name of a fault and the cell that is at fault into a sentence."""

    def __init__(self, policy: Policy, facts: Facts, *, numbered: bool = True) -> None:
        self._numbered = numbered
        self._policy = policy
        self._own = {**policy.harm, **policy.about}
        self._faces = Faces(policy, percents(policy, facts))
        self._tiers = {tier.id: place for place, tier in enumerate(policy.tiers)}
        self._plain = {
            "no time": "nothing says when it happened",
            "nobody": nobody().message,
            "too long": f"a name, an address or a number has more than {LONGEST} characters",
        }

    def reason(self, fault: str, cell: str, currency: str) -> str:
        """The sentence. `cell` is empty where no cell is at fault."""
        kind, _, name = fault.partition(" ")
        if fault in self._plain:
            return self._plain[fault]
        if kind == "cell":
            return self._cell(name, cell, currency)
        return {
            "time": lambda: _no_time(cell),
            "currency": lambda: unknown_currency(cell.upper()).message,
            "order": lambda: self._twice(cell),
            "two": lambda: f"this customer has rows in {cell}",
            "most": lambda: beyond(name, self._own[name], Decimal(cell), currency),
            "no": lambda: self._lacking(name, currency),
        }[kind]()

    def _twice(self, cell: str) -> str:
        order, first, second = cell.rsplit(" ", 2)
        return disagree(order, (int(first), int(second)) if self._numbered else ())

    def _cell(self, name: str, cell: str, currency: str) -> str:
        """What a local run says of the cell; or that a warehouse reads plain numbers alone."""
        column = self._own[name]
        title = column.title or name
        read: Callable[[str], object] = {
            "money": lambda text: cells.money(title, column.most, currency)[text],
            "number": lambda text: cells.numbers(title, column.most)[text],
            "text": lambda text: cells.words(title)[text],
        }.get(column.type, lambda text: cells.flags(title)[text])
        return _said(lambda: read(cell)) or (
            f"{title}: {quoted(cell, 30)} is not written as 1234.50, as a warehouse needs it"
        )

    def _lacking(self, what: str, currency: str) -> str:
        which, _, id = what.partition(" ")
        if which == "sum":
            return _said(lambda: missing(id))
        place = self._tiers[id]
        return _said(lambda: self._faces[place, currency])


def _no_time(cell: str) -> str:
    """It is none; or one that a local run could read, and a warehouse cannot."""
    try:
        read = Dates(UTC, day_first=True).read(cell)
    except (ValueError, OverflowError):
        read = None
    if read is None:
        return f"{quoted(cell, 40)} is not a time"
    return f"{quoted(cell, 40)} is not written as 2025-03-02 10:15:00, as a warehouse needs it"


def _said(refused: Callable[[], object]) -> str:
    try:
        refused()
    except BadCell as error:
        return error.message
    return ""
