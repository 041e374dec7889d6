"""Policies and exports for the tests of compensation, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from decimal import Decimal
from itertools import chain
from pathlib import Path

import msgspec
import yaml

from crisisctl.compensation import roll
from crisisctl.compensation.bill import Bill
from crisisctl.compensation.cells import BadCell
from crisisctl.compensation.customers import Bounds, Export
from crisisctl.compensation.deciding import compiled
from crisisctl.compensation.reckoning import reckon
from crisisctl.playbook.policy import Policy
from crisisctl.tables.unreadable import Unreadable

POLICY = """
currency: EUR
rates: {TRY: "0.02", JPY: "0.006", KWD: "3"}
harm:
  double_charge: {type: money, title: Charged twice, most: 100000}
  failed_orders: {title: Orders that failed, count: "status in ['failed', 'cancelled']"}
  late_shipping: {type: money, title: Shipping of a late order}
  minutes: {title: Minutes held up, together: most, most: 100000}
about:
  status: {type: text}
  staff: {type: flag}
  test_account: {type: flag}
exclude:
  - {id: test, when: test_account, because: A test account, owed: false}
  - {id: staff, when: staff, because: Employees are no customers}
owed:
  - {id: double, when: double_charge > 0, refund: double_charge}
tiers:
  - {id: lost, when: failed_orders > 0, redemption: 40, margin_effect: 60,
     offer: {percent: 10, order: [60 EUR, 2500 TRY, 9000 JPY, 20 KWD]}}
  - {id: late, when: late_shipping > 0, offer: {refund: late_shipping}}
  - {id: held-up, when: minutes >= 60, redemption: 25,
     offer: {amount: [5 EUR, 200 TRY, 800 JPY, 1.5 KWD]}}
"""


def policy(text: str = POLICY) -> Policy:
    """A policy as it stands in a playbook."""
    return msgspec.convert(yaml.safe_load(text), Policy)


@dataclass
class Plan:
    """What an export comes to."""

    export: Export
    bill: Bill
    roll: bytes = b""
    bad: list[tuple[int, str]] = field(default_factory=list)

    @property
    def given(self) -> list[roll.Given]:
        """The list of the plan."""
        return roll.decoded(self.roll)

    @property
    def gets(self) -> dict[str, tuple[str, Decimal]]:
        """For each customer of the list the tier and what it is worth."""
        return {each.customer: (each.tier, each.value) for each in self.given}

    @property
    def owed(self) -> dict[str, Decimal]:
        """What is owed to each customer in all."""
        return {each.customer: sum(each.owed, Decimal(0)) for each in self.given if each.owed}

    @property
    def sums(self) -> dict[tuple[str, str], tuple[int, Decimal]]:
        """For each line of the bill and currency: how many, and what it is worth."""
        return {(e.id, e.currency): (e.customers, e.face) for e in self.bill.lines()}


def plan(
    path: Path,
    of: Policy | None = None,
    *,
    facts: Mapping[str, object] | None = None,
    said: Mapping[str, str] | None = None,
    bounds: Bounds | None = None,
    zone: tzinfo = UTC,
    processes: int = 1,
) -> Plan:
    """Decide about every customer of a file."""
    of = of or policy()
    export = Export(path, of, said=said or {}, bounds=bounds or Bounds(), time_zone=zone)
    found = Plan(export, Bill(of))
    pieces = []
    for part in reckon(export, facts or {}, found.bill, processes=processes):
        pieces.append(part.roll)
        found.bad += [(each.line, each.reason) for each in part.people]
    found.roll = b"".join(pieces)
    return found


def slowly(export: Export, facts: Mapping[str, object] | None = None) -> Plan:
    """The same, customer by customer and with nothing remembered in between."""
    of = export.policy
    found = Plan(export, Bill(of))
    decide = compiled(of, facts or {})
    for each in chain.from_iterable(export.customers()):
        if isinstance(each, Unreadable):
            found.bad.append((each.line, each.reason))
            continue
        try:
            outcome = decide(each.values, each.who)
            line = roll.given(of, each, outcome)
        except BadCell as error:
            found.bad.append((each.line, error.message))
            continue
        found.bill.add(each, outcome)
        found.roll += roll.lines([line] if line else [])
    return found


def export(folder: Path, text: str | bytes, name: str = "export.csv") -> Path:
    """An export with this text."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
