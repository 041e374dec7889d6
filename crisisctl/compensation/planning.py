"""Reckoning a plan: an export goes through a policy, and comes out as a bill and a list."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from crisisctl.compensation import roll
from crisisctl.compensation.bill import Bill
from crisisctl.compensation.cells import NONE, BadCell
from crisisctl.compensation.customers import Customer, Export, Found
from crisisctl.compensation.deciding import Decide, Facts, Outcome, compiled
from crisisctl.compensation.ledger import Earlier
from crisisctl.playbook.policy import Exclusion, Policy
from crisisctl.tables.unreadable import Unreadable

TOLD = 20
"""Rows left to a person that are named; the others are counted."""
ONCE = "had-one"
"""The exclusion of those who got a gesture in an earlier incident."""

Lost = Callable[[Unreadable], None]
Judged = tuple[Customer, Outcome]


@dataclass(slots=True)
class Reckoned:
    """What came of a plan."""

    policy: Policy
    """With the exclusion of those who had a gesture before, where it applies."""
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


def reckon(
    export: Export,
    policy: Policy,
    facts: Facts,
    *,
    sink: BinaryIO | None = None,
    earlier: Earlier | None = None,
    lost: Lost | None = None,
    told: Callable[[int], None] | None = None,
) -> Reckoned:
    """Judge every customer of an export; the list goes to `sink`.

    `earlier` knows who had a gesture before: with `once_in` they get no other. `told` hears how
    many customers were judged. Raises `CrisisError`.
    """
    decide = compiled(policy, facts)
    barred = with_once(policy) if earlier is not None and policy.once_in else policy
    found = Reckoned(barred, Bill(barred))
    made, done = hashlib.sha256(), 0
    for block in export.customers():
        judged = list(_judged(block, decide, found, lost))
        if earlier is not None and earlier.any:
            judged = list(_once(judged, found, earlier))
        rows = []
        for customer, outcome in judged:
            found.bill.add(customer, outcome)
            if (row := roll.given(barred, customer, outcome)) is not None:
                rows.append(row)
        text = roll.lines(rows)
        made.update(text)
        if sink is not None:
            sink.write(text)
        done += len(block)
        if told is not None:
            told(done)
    found.result = made.hexdigest()
    return found


def _judged(
    block: Sequence[Found], decide: Decide, found: Reckoned, lost: Lost | None
) -> Iterator[Judged]:
    for one in block:
        row: Unreadable
        if isinstance(one, Customer):
            try:
                yield one, decide(one.values, one.who)
                continue
            except BadCell as error:
                row = Unreadable(one.line, error.message)
        else:
            row = one
        found.lose(row)
        if lost is not None:
            lost(row)


def with_once(policy: Policy) -> Policy:
    """The policy with one more exclusion, which no condition but the ledger decides."""
    because = f"Had a gesture within {policy.once_in}"
    return replace(policy, exclude=(*policy.exclude, Exclusion(id=ONCE, when="", because=because)))


def _once(judged: Sequence[Judged], found: Reckoned, earlier: Earlier) -> Iterator[Judged]:
    """The same, but that nobody gets a second gesture within the period of the policy."""
    asked = [c.who.customer for c, o in judged if o.tier >= 0 and o.excluded < 0]
    had = earlier.of(asked)
    for customer, outcome in judged:
        incident = had.get(customer.who.customer) if outcome.tier >= 0 else None
        if incident is None:
            yield customer, outcome
            continue
        found.earlier[incident] = found.earlier.get(incident, 0) + 1
        if found.policy.exclude and found.policy.exclude[-1].id == ONCE:
            place = len(found.policy.exclude) - 1
            yield customer, outcome._replace(excluded=place, value=NONE)
        else:
            yield customer, outcome


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
