"""A table of a warehouse, planned over as a file is: the same list, bill, counts, hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import astuple
from typing import Any

import msgspec

from crisisctl.compensation import roll
from crisisctl.compensation.bill import Bill
from crisisctl.compensation.cells import BadCell
from crisisctl.compensation.reading import Counts
from crisisctl.compensation.reckoning import Part
from crisisctl.compensation.warehouse.running import Judged, Plan
from crisisctl.playbook.policy import Policy
from crisisctl.tables.unreadable import Unreadable


class Asked:
    """What a warehouse says of a policy over one of its tables."""

    def __init__(self, plan: Plan, policy: Policy, table: str) -> None:
        self.policy, self.name = policy, table
        self.warehouse, self.remarks = plan.kind, list(plan.remarks)
        self.counts = Counts()
        self.digest = ""
        """SHA-256 over what it said: the lines of the list as the policy alone has them, those left
        to a person, and the counts. What it does not say cannot change what anybody gets.

        Empty until it was asked."""
        self._plan = plan

    def parts(self, bill: Bill) -> Iterator[Part]:
        """Everybody whom the policy concerns; `bill` takes them in. Raises `CrisisError`.

        It is asked once: then the connection is closed.
        """
        with closing(self._plan):
            yield from self._parts(bill)

    def _parts(self, bill: Bill) -> Iterator[Part]:
        said = hashlib.sha256()
        for block in self._plan.blocks():
            part = self._part(block, bill)
            said.update(part.roll)
            said.update(_plain([[row.line, row.reason] for row in part.people]))
            yield part
        self.counts, others = self._plan.counted()
        bill.unaffected += others
        said.update(_plain([*astuple(self.counts), others]))
        self.digest = said.hexdigest()

    def _part(self, block: list[Judged], bill: Bill) -> Part:
        lines, people = [], []
        for each in block:
            if isinstance(each, Unreadable):
                people.append(each)
                continue
            customer, outcome = each
            try:
                line = roll.given(self.policy, customer, outcome)
            except BadCell as error:
                people.append(Unreadable(customer.line, error.message))
                continue
            bill.add(customer, outcome)
            if line is not None:
                lines.append(line)
        return Part(roll.lines(lines), people)


def _plain(value: Any) -> bytes:
    return msgspec.json.encode(value) + b"\n"
