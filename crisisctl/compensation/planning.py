"""Reckoning a plan: an export goes through a policy, and comes out as a bill and a list."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from crisisctl.compensation import reckoning, roll
from crisisctl.compensation.before import PAID, Before, barred, without
from crisisctl.compensation.bill import Bill
from crisisctl.compensation.customers import Export
from crisisctl.compensation.deciding import Facts
from crisisctl.compensation.reading import Counts
from crisisctl.compensation.reckoning import Part
from crisisctl.playbook.policy import Policy
from crisisctl.tables.helper import worth_it
from crisisctl.tables.unreadable import Unreadable

TOLD = 20
"""Rows left to a person that are named; the others are counted."""

Lost = Callable[[Unreadable], None]


@dataclass(slots=True)
class Reckoned:
    """What came of a plan."""

    policy: Policy
    """With the exclusions that the ledger decides, where anything was handed out before."""
    bill: Bill
    unreadable: int = 0
    first: list[Unreadable] = field(default_factory=list)
    result: str = ""
    """SHA-256 of the list."""
    earlier: dict[str, int] = field(default_factory=dict)
    """Customers of this plan who got a gesture in an earlier incident, by incident."""

    def lose(self, row: Unreadable) -> None:
        """One more row that is left to a person."""
        self.unreadable += 1
        if len(self.first) < TOLD:
            self.first.append(row)


class Source(Protocol):
    """Customers who are not in a file: judged elsewhere, in the words of a local run."""

    policy: Policy
    counts: Counts

    def parts(self, bill: Bill) -> Iterator[Part]:
        """Everybody, judged; `bill` takes in what it comes to."""


def reckon(
    export: Export | Source,
    facts: Facts,
    *,
    sink: BinaryIO | None = None,
    before: Before | None = None,
    lost: Lost | None = None,
    told: Callable[[int], None] | None = None,
) -> Reckoned:
    """Judge every customer of an export; the list goes to `sink`.

    `before` knows what customers were given before: that they do not get again. `told` hears
    how many rows were read. Raises `CrisisError`.
    """
    policy = export.policy
    bill = Bill(policy)
    asked = before if before is not None and before.any else None
    found = Reckoned(policy, bill)
    if asked is not None:
        found.policy = barred(policy)
        found.bill = Bill(found.policy)
    made = hashlib.sha256()
    for part in _parts(export, facts, bill):
        text = part.roll if asked is None else _less(part.roll, found, asked, lost)
        made.update(text)
        if sink is not None:
            sink.write(text)
        for row in part.people:
            found.lose(row)
            if lost is not None:
                lost(row)
        if told is not None:
            told(export.counts.rows)
    found.bill.unaffected = bill.unaffected
    found.result = made.hexdigest()
    return found


def _parts(export: Export | Source, facts: Facts, bill: Bill) -> Iterator[Part]:
    if not isinstance(export, Export):
        return export.parts(bill)
    processes = 2 if export.divisible and worth_it(export.size) else 1
    return reckoning.reckon(export, facts, bill, processes=processes)


def _less(text: bytes, found: Reckoned, before: Before, lost: Lost | None) -> bytes:
    """The same lines less what their customers have already; the bill is reckoned from them."""
    rows = roll.decoded(text)
    once, kept = bool(found.policy.once_in), []
    for row, had in zip(rows, before.of(rows), strict=True):
        listed, billed = without(row, had, once=once)
        if had.gesture:
            found.earlier[had.gesture] = found.earlier.get(had.gesture, 0) + 1
        if billed.excluded == PAID and row.owed:
            sum_ = f"{sum(row.owed)} {row.currency}"
            why = f"customer {row.customer}: {sum_} was paid back in {had.paid}: the same money?"
            found.lose(looked := Unreadable(row.line, why))
            if lost is not None:
                lost(looked)
        found.bill.add(*roll.back(found.policy, billed))
        kept.append(listed)
    return roll.lines(kept)


def write(folder: Path, make: Callable[[BinaryIO], Reckoned]) -> Reckoned:
    """Reckon into a file of `folder`: there whole or not at all, readable for its owner only.

    It is named after what is in it, so two who plan at the same time do not disturb each other.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(folder)
    partial = folder / f".plan.{os.getpid()}.part"
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb", buffering=1024 * 1024) as file:
            found = make(file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / name(found.result))
    finally:
        partial.unlink(missing_ok=True)
    return found


def name(result: str) -> str:
    """What the list of that fingerprint is called."""
    return f"plan-{result[:16]}.jsonl"


def sweep(folder: Path) -> None:
    """Take away what killed runs left half done: it holds names and codes."""
    for path in folder.glob(".*.part"):
        pid = path.name.rsplit(".", 2)[1]
        if pid.isdecimal() and not _runs(int(pid)):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
