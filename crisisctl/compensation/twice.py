"""An order that stands in a file twice: the same row again, or two that do not agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crisisctl.compensation import cells
from crisisctl.compensation.cells import BadCell
from crisisctl.compensation.deciding import columns
from crisisctl.compensation.layout import Layout, parts
from crisisctl.playbook.policy import Column, Policy
from crisisctl.text import quoted

SHOWN = 5
"""Lines of a customer that are told."""

ORDERS = 3
"""Orders of a customer that the list names."""


def compared(policy: Policy, found: Layout) -> list[str]:
    """The columns of which two rows of one order must say the same."""
    own = {**policy.harm, **policy.about}
    names = {"currency"}
    for name in columns(policy):
        names |= {name} if found.at(name) >= 0 else parts(own[name])
    return sorted(name for name in names if found.at(name) >= 0)


def disagree(order: str, lines: Sequence[int]) -> str:
    """What is said of an order with two rows that do not agree."""
    where = f"lines {lines[0]} and {lines[1]}" if lines else "two rows"
    return f"order {quoted(order, 40)} stands in {where} with different sums or words"


def together(customer: str, lines: Sequence[int], many: int, reason: str) -> str:
    """The reason why a customer with several rows is left to a person."""
    shown = ", ".join(map(str, lines[:SHOWN])) + (", …" if many > SHOWN else "")
    where = f" (lines {shown})" if lines and many > 1 else ""
    return f"customer {quoted(customer, 40)}{where}: {reason}"


def together_orders(found: Sequence[str]) -> str:
    """The orders of a customer with several rows, as they stand in the list."""
    more = ["…"] if len(found) > ORDERS else []
    return " ".join([*found[:ORDERS], *more])


class Twice:
    """Holds two rows of one order against each other."""

    def __init__(self, policy: Policy, found: Layout, currency: Callable[[str], str]) -> None:
        """`currency` reads a cell with a currency; it raises `BadCell`."""
        own = {**policy.harm, **policy.about}
        names = compared(policy, found)
        self._places = [found.at(name) for name in names]
        self._at = names.index("currency") if "currency" in names else -1
        self._currency, self._home = currency, policy.currency
        codes = (policy.currency, *policy.rates)
        self._ways = {code: [self._way(own.get(name), code) for name in names] for code in codes}

    def told(self, row: Sequence[str]) -> tuple[str, ...]:
        """What is kept of a row."""
        return tuple([row[place] for place in self._places])

    def differ(self, first: Sequence[str], other: Sequence[str]) -> bool:
        """Whether they do not agree; a cell that is empty the second time says nothing."""
        if first == other:
            return False
        try:
            code = self._currency(first[self._at]) if self._at >= 0 else self._home
            ways = zip(self._ways[code], first, other, strict=True)
            return any(new.strip() and read(old) != read(new) for read, old, new in ways)
        except BadCell:
            return True

    def _way(self, column: Column | None, code: str) -> Callable[[str], object]:
        if column is None:
            return self._word
        match column.type:
            case "money":
                return cells.money("", column.most, code).__getitem__
            case "number":
                return cells.numbers("", column.most).__getitem__
            case "flag":
                return cells.flags("").__getitem__
        return cells.words("").__getitem__

    def _word(self, cell: str) -> str:
        return cell.strip().lower()
