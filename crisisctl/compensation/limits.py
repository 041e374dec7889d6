"""What can be right at most, of one customer in all: more than that is left to a person."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, cast

from crisisctl.compensation.cells import BadCell, rounded
from crisisctl.compensation.deciding import columns
from crisisctl.compensation.layout import Layout, Values
from crisisctl.playbook.policy import Column, Policy


class Limit(NamedTuple):
    """The most that one value of a customer can be."""

    place: int
    """Of the value, among `columns` of the policy."""
    name: str
    most: int
    column: Column


def limits(policy: Policy) -> list[Limit]:
    """Each limit of a policy on what is told of a customer."""
    own = {**policy.harm, **policy.about}
    return [
        Limit(place, name, own[name].most or 0, own[name])
        for place, name in enumerate(columns(policy))
        if own[name].most is not None and own[name].type in ("number", "money")
    ]


def made(policy: Policy, found: Layout) -> list[Limit]:
    """Those on values that no cell holds, so that no cell can be held against them."""
    return [each for each in limits(policy) if found.at(each.name) < 0]


def check(held: Sequence[Limit], values: Values, currency: str) -> None:
    """Raise `BadCell` where a value is more than can be right."""
    for place, name, most, column in held:
        value = cast("Decimal", values[place])
        if value > most:
            raise BadCell(beyond(name, column, value, currency))


def beyond(name: str, column: Column, value: Decimal | int, currency: str) -> str:
    """What is said of a value that is more than can be right."""
    number = Decimal(value)
    if column.type == "money":
        shown = f"{rounded(number, currency)} {currency}"
    else:
        shown = f"{number.normalize():f}"
    return f"{column.title or name}: {shown} is more than {column.most}: a person must look"
