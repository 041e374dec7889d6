"""What customers of a plan were given before: by an earlier plan, or in another incident.

Whoever signs a plan signs what it newly gives. So what somebody has already stands apart, and the
same sum that another incident paid back is left to a person: it may be the same money.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from crisisctl.compensation.cells import NONE
from crisisctl.compensation.codes import Mint
from crisisctl.compensation.ledger import Entry, Ledger
from crisisctl.compensation.roll import Given
from crisisctl.playbook.policy import Exclusion, Policy

ONCE, HAS, MORE, PAID = "had-one", "has-it", "more-owed", "paid-before"
"""The exclusions that no condition decides but the ledger."""
_BECAUSE = {
    HAS: "Got it from an earlier plan of this incident",
    MORE: "More is owed than an earlier plan paid back: a person looks",
    PAID: "The same sum was paid back in another incident: a person looks",
}


def barred(policy: Policy) -> Policy:
    """The policy with the exclusions that the ledger decides."""
    because = {ONCE: f"Had a gesture within {policy.once_in}"} if policy.once_in else {}
    more = [Exclusion(id=id, when="", because=why) for id, why in (because | _BECAUSE).items()]
    return replace(policy, exclude=(*policy.exclude, *more))


class Had(NamedTuple):
    """What one customer was given before."""

    own: Entry | None
    """In this incident."""
    gesture: str
    """The other incident, within the period of the policy, in which they got a gesture."""
    paid: str
    """The other incident in which the same sum was paid back to them."""


class Before:
    """What the ledger knows of customers."""

    def __init__(self, ledger: Ledger, incident: str, since: datetime | None) -> None:
        """`since`: from when on an earlier gesture counts."""
        self._ledger = ledger
        issues = ledger.issues()
        self._own = ledger.mint(incident) if any(i.incident == incident for i in issues) else None
        others = {each.incident for each in issues} - {incident}
        recent = {each.incident for each in issues if since is None or each.at >= since}
        self._others = {name: (ledger.mint(name), name in recent) for name in sorted(others)}

    @property
    def any(self) -> bool:
        """Whether anything at all was handed out before."""
        return self._own is not None or bool(self._others)

    def of(self, rows: Sequence[Given]) -> list[Had]:
        """What each of these customers was given before."""
        own = self._entries(self._own, rows) if self._own is not None else {}
        gestures, paid = dict[str, str](), dict[str, str]()
        sums = {row.customer: (sum(row.owed, start=NONE), row.currency) for row in rows}
        for incident, (mint, recent) in self._others.items():
            for customer, entry in self._entries(mint, rows).items():
                if entry.tier and recent:
                    gestures[customer] = incident
                if sums[customer][0] and (Decimal(entry.owed), entry.currency) == sums[customer]:
                    paid[customer] = incident
        return [
            Had(
                own.get(row.customer),
                gestures.get(row.customer, "") if row.tier else "",
                paid.get(row.customer, ""),
            )
            for row in rows
        ]

    def _entries(self, mint: Mint, rows: Sequence[Given]) -> dict[str, Entry]:
        """By customer what they were given in one incident."""
        minted = mint.codes([row.customer for row in rows])
        known = self._ledger.entries(minted.codes)
        found = {}
        for row, code, holder in zip(rows, minted.codes, minted.holders, strict=True):
            entry = known.get(code)
            if entry is not None and entry.holder == holder:
                found[row.customer] = entry
        return found


def without(row: Given, had: Had, *, once: bool) -> tuple[Given, Given]:
    """A line of the list less what its customer has, for the list and for the bill.

    Where more is owed than was paid, the list keeps the sum: handing out tells a person of it.
    """
    own, why = had.own, ""
    if row.tier and had.gesture and once:
        row, why = replace(row, tier="", value=NONE), ONCE
    if own is not None and row.tier and own.tier:
        row, why = replace(row, tier="", value=NONE), HAS
    owed = sum(row.owed, start=NONE)
    before = Decimal(own.owed) if own is not None else NONE
    listed = replace(row, excluded=why or row.excluded)
    if had.paid and not before:
        listed = replace(row, owed=(), excluded=PAID)
    elif owed and before >= owed:
        nothing = HAS if not row.tier else ""
        listed = replace(row, owed=(), excluded=why or row.excluded or nothing)
    elif owed and before:
        return listed, replace(row, owed=(), excluded=MORE)
    return listed, listed
