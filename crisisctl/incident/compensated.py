"""The events about making good: a plan reckoned, approved, handed out, what came back used."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from crisisctl.playbook.policy import Policy

NOUGHT = Decimal(0)


class PlanLine(msgspec.Struct, frozen=True):
    """One line of a plan's bill."""

    part: Literal["owed", "tier", "excluded"]
    id: str
    title: str
    currency: str
    customers: int
    face: Decimal = NOUGHT
    """What it is worth if everybody uses it, in its own currency."""
    expected: Decimal = NOUGHT
    """What it will probably cost, in the currency of the policy."""
    book: str = "nothing"


class CompensationPlanned(msgspec.Struct, frozen=True, tag="compensation-planned"):
    """Who would get what was reckoned from an export; nothing was handed out.

    The three hashes are what approvals are bound to. The list itself stands beside the journal.
    """

    plan: int
    """1-based, within the incident."""
    playbook: str
    file: str
    """The name of the export; where a warehouse was asked, of the table."""
    input: str
    """SHA-256 of the export; where a warehouse was asked, of all that it said."""
    policy: str
    """SHA-256 of the policy and of the facts that it asked."""
    result: str
    """SHA-256 of the list of who gets what."""
    currency: str
    customers: int
    """Those who get something."""
    expected: Decimal
    """What gestures and refunds will probably cost together."""
    gestures: Decimal
    """The gestures alone: what the budget is for."""
    lines: tuple[PlanLine, ...] = ()
    rows: int = 0
    unaffected: int = 0
    outside: int = 0
    """Rows outside the window."""
    repeated: int = 0
    merged: int = 0
    unreadable: int = 0
    """Rows and customers that are left to a person."""
    since: datetime | None = None
    until: datetime | None = None
    map: dict[str, str] = {}
    """What the operator said of the columns."""
    changes: tuple[str, ...] = ()
    """How the policy was changed, such as `tiers.held-up.offer.amount=10 EUR`."""
    because: str = ""
    """Why it was."""
    changed: Policy | None = None
    """The policy in force, where it is not the playbook's own."""
    warehouse: str = ""
    """The kind of warehouse in which `file` is a table, such as duckdb; empty for a file."""
    remarks: tuple[str, ...] = ()
    """What was assumed of the export, in words: whoever approves must know it."""


class CompensationApproved(msgspec.Struct, frozen=True, tag="compensation-approved"):
    """A person approved exactly this plan: this policy, this export, this list."""

    plan: int
    bound: str
    """SHA-256 over the three hashes of the plan."""
    role: str = ""
    """The role in which they did."""
    because: str = ""


class CompensationIssued(msgspec.Struct, frozen=True, tag="compensation-issued"):
    """A plan was handed out: codes are made, the files for shop, payments and messages written."""

    plan: int
    bound: str
    currency: str
    lines: tuple[PlanLine, ...]
    """What was handed out this time: nobody gets a thing twice."""
    codes: int = 0
    already: int = 0
    """Customers of the plan who had all of it from an earlier one."""
    by_hand: int = 0
    """Customers to whom more is owed than was paid before: a person must look."""
    ledger: str = ""
    """SHA-256 over what the ledger holds of it."""
    files: dict[str, str] = {}
    """The SHA-256 of each file that was written, by its name."""


LeftTo = Literal["look-at", "rows"]
"""What a plan leaves to a person: who is owed more than was paid, or rows nobody could judge."""


class CompensationSettled(msgspec.Struct, frozen=True, tag="compensation-settled"):
    """A person settled what a plan had left to them; said again, the last word counts.

    Who it is stands in the list alone, whose words go with it when it is deleted.
    """

    plan: int
    of: LeftTo
    line: int
    """The line in `look-at.csv`, or in the export."""
    currency: str
    owed: Decimal = NOUGHT
    """What the list says is owed; nought where nobody could tell."""
    paid: Decimal = NOUGHT
    """What was paid by hand."""
    because: str = ""
    open: bool = False
    """It is open again: what was said before does not hold."""


class RedemptionLine(msgspec.Struct, frozen=True):
    """How much of a tier was used, in one currency."""

    tier: str
    currency: str
    used: int
    given: Decimal
    """What the shop took off for it."""


class RedemptionsRead(msgspec.Struct, frozen=True, tag="redemptions-read"):
    """The shop's list of used codes was read: all of them so far, not only the new ones."""

    file: str
    digest: str
    lines: tuple[RedemptionLine, ...]
    until: datetime | None = None
    """When the last of them was used."""
    unknown: int = 0
    """Codes that were never handed out."""
    twice: int = 0
    """Codes that were used more than once."""
    unreadable: int = 0
