"""Handing out a plan: each customer on its list gets what they have not got yet, once.

The list is not judged again. What stands in the ledger decides: a run that was killed comes to the
same codes, one over a longer export gives to those who are new, and nobody gets a thing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal
from itertools import zip_longest
from operator import attrgetter
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from crisisctl.compensation import roll
from crisisctl.compensation.bill import Line, Part, expected_of
from crisisctl.compensation.cells import NONE
from crisisctl.compensation.codes import Mint
from crisisctl.compensation.ledger import TRIES, Entry, Issue, Ledger, Row
from crisisctl.compensation.offers import book, needs_code
from crisisctl.compensation.roll import Given
from crisisctl.playbook.policy import Policy, Tier
from crisisctl.playbook.times import parse_duration


class Share(Struct, frozen=True, gc=False):
    """What one customer gets of a plan."""

    row: Given
    code: str
    tier: bool = False
    """Whether they get the offer of their tier."""
    owed: bool = False
    """Whether they get back what is owed to them."""
    left: Decimal = NONE
    """What is owed to them beyond what they got from an earlier plan: for a person to look at."""

    @property
    def refunds(self) -> tuple[Decimal, ...]:
        """What goes back to them for each kind of what is owed."""
        return self.row.owed if self.owed else ()


@dataclass(slots=True)
class Issued:
    """What came of handing out a plan."""

    sums: dict[tuple[Part, str, str], tuple[int, Decimal]] = field(default_factory=dict)
    """Customers and sum by part, id and currency."""
    codes: int = 0
    already: int = 0
    by_hand: int = 0
    digest: str = ""
    """SHA-256 over what the ledger holds of it, in the order of the list."""

    def count(self, part: Part, id: str, currency: str, value: Decimal, many: int = 1) -> None:
        """One more, or some together."""
        before, sum_ = self.sums.get((part, id, currency), (0, NONE))
        self.sums[part, id, currency] = (before + many, sum_ + value)

    def merge(self, other: Issued) -> None:
        """What came of another part of the list."""
        for (part, id, currency), (many, value) in other.sums.items():
            self.count(part, id, currency, value, many)
        self.codes += other.codes
        self.already += other.already
        self.by_hand += other.by_hand

    def lines(self, policy: Policy) -> list[Line]:
        """What was handed out, in the order of the policy."""
        titles, tiers = policy.titles, {tier.id: tier for tier in policy.tiers}
        order = list(titles)
        found = []
        for part, id, currency in sorted(self.sums, key=lambda key: (order.index(key[1]), key[2])):
            many, sum_ = self.sums[part, id, currency]
            tier = tiers.get(id) if part == "tier" else None
            cost = expected_of(policy, tier, currency, sum_)
            books = book(tier.offer) if tier else "refund"
            found.append(Line(part, id, titles[id], currency, many, sum_, cost, books))
        return found


@dataclass(slots=True)
class Batch:
    """What some customers of the list get."""

    rows: list[Row]
    """For the ledger."""
    texts: dict[str, bytes]
    """What goes to the end of each file."""
    found: Issued


Write = Callable[[Sequence[Share]], dict[str, bytes]]
"""What stands of some customers in each file."""
ALL = range(1)


def first_time(
    kept: Path,
    policy: Policy,
    mint: Mint,
    booked: Issue,
    write: Write,
    mine: Collection[int] = ALL,
    of: int = 1,
) -> Iterator[Batch | None]:
    """Everything to everybody, where nobody of the incident has got anything yet.

    Of so many blocks only those that are `mine`; None stands for the others.
    """
    coded = _coded(policy)
    for number, piece in enumerate(roll.pieces(kept)):
        if number % of not in mine:
            yield None
            continue
        block = roll.decoded(piece)
        batch, given = Batch([], {}, Issued()), []
        for row in block:
            if not row.tier and not row.owed:
                continue
            code, holder = mint.code(row.customer)
            owed = str(sum(row.owed, start=NONE)) if row.owed else "0"
            by = booked.id
            batch.rows.append(
                (code, holder, 0, row.currency, row.tier, str(row.value) if row.tier else "0",
                 by if row.tier else 0, owed, by if row.owed else 0)
            )  # fmt: skip
            given.append(Share(row, code, bool(row.tier), bool(row.owed)))
        _count(batch.found, given, policy, coded)
        batch.texts = write(given)
        yield batch


def again(
    kept: Path, policy: Policy, ledger: Ledger, booked: Issue, write: Write
) -> Iterator[Batch]:
    """To each customer what the ledger says that they have not got yet, or not but by this plan."""
    mint, coded = ledger.mint(booked.incident), _coded(policy)
    for block in roll.read(kept):
        batch, given = Batch([], {}, Issued()), []
        for row, entry in zip(block, _entries(block, mint, ledger), strict=True):
            share, entry = _share(row, entry, booked)
            if share.tier or share.owed:
                batch.rows.append(entry.row)
            elif row.tier or row.owed:
                batch.found.already += 1
            if share.tier or share.owed or share.left:
                given.append(share)
            batch.found.by_hand += share.left > 0
        _count(batch.found, given, policy, coded)
        ledger.put(batch.rows)  # one after the other: two customers may come to one code
        batch.texts = write(given)
        yield batch


def together(ours: Iterator[Batch | None], theirs: Iterator[Batch | None]) -> Iterator[Batch]:
    """The batches of two processes that shared the blocks out, in the order of the list."""
    for mine, other in zip_longest(ours, theirs):
        if (batch := mine or other) is not None:
            yield batch


def _coded(policy: Policy) -> frozenset[str]:
    return frozenset(tier.id for tier in policy.tiers if needs_code(tier.offer))


def shares(kept: Path, ledger: Ledger, booked: Issue) -> Iterator[list[Share]]:
    """What a plan has handed out, once it has."""
    mint = ledger.mint(booked.incident)
    for block in roll.read(kept):
        found = []
        for row, entry in zip(block, _entries(block, mint, ledger), strict=True):
            tier = bool(row.tier) and entry.tier_by == booked.id
            owed = bool(row.owed) and entry.owed_by == booked.id
            if tier or owed:
                found.append(Share(row, entry.code, tier, owed))
        yield found


def _entries(block: Sequence[Given], mint: Mint, ledger: Ledger) -> list[Entry]:
    """For each row what the ledger holds of that customer; an empty entry where it is nothing."""
    minted = [mint.code(row.customer) for row in block]
    known = ledger.entries([code for code, _ in minted])
    found = []
    for row, (code, holder) in zip(block, minted, strict=True):
        entry = known.get(code)
        if entry is None:
            entry = Entry(code, holder, 0, row.currency)
        elif entry.holder != holder:
            entry = _another(row, mint, ledger)
        found.append(entry)
    return found


def _another(row: Given, mint: Mint, ledger: Ledger) -> Entry:
    """The entry of a customer whose first code belongs to somebody else."""
    for attempt in range(1, TRIES):
        code, holder = mint.code(row.customer, attempt)
        entry = ledger.entries([code]).get(code)
        if entry is None:
            return Entry(code, holder, attempt, row.currency)
        if entry.holder == holder:
            return entry
    raise AssertionError(row.line)


def _share(row: Given, entry: Entry, booked: Issue) -> tuple[Share, Entry]:
    """What a customer gets now, and what the ledger holds afterwards."""
    owed = sum(row.owed, start=NONE)
    tier = bool(row.tier) and (not entry.tier or entry.tier_by == booked.id)
    before = Decimal(entry.owed)
    pays = owed > 0 and (not before or entry.owed_by == booked.id)
    left = owed - before if owed > before > 0 and not pays else NONE
    if tier:
        entry = replace(entry, tier=row.tier, value=str(row.value), tier_by=booked.id)
    if pays:
        entry = replace(entry, owed=str(owed), owed_by=booked.id)
    return Share(row, entry.code, tier, pays, left), entry


def put_down(rows: Iterable[Row]) -> bytes:
    """What the ledger holds of some customers, for its fingerprint."""
    lines = [
        f"{code}\0{currency}\0{tier}\0{value}\0{owed}\n"
        for code, _, _, currency, tier, value, _, owed, _ in rows
    ]
    return "".join(lines).encode()


def _count(found: Issued, given: Sequence[Share], policy: Policy, coded: Collection[str]) -> None:
    gestures = Counter(_GESTURE(each.row) for each in given if each.tier)
    for (tier, currency, value), many in gestures.items():
        found.count("tier", tier, currency, value * many, many)
        found.codes += many if tier in coded else 0
    for share in given:
        if not share.owed:
            continue
        for each, amount in zip(policy.owed, share.refunds, strict=False):
            if amount:
                found.count("owed", each.id, share.row.currency, amount)


_GESTURE = attrgetter("tier", "currency", "value")


def ends(tier: Tier, booked: Issue, zone: tzinfo) -> datetime | None:
    """The moment from which an offer holds no longer: the end of its last day in the shop."""
    length = tier.valid or tier.offer.honour_price or tier.offer.longer_returns
    if not length:
        return None
    day = (booked.at + parse_duration(length)).astimezone(zone).date()
    return datetime.combine(day + timedelta(days=1), time(), zone)
