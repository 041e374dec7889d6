"""Handing out a plan: each customer on its list gets what they have not got yet, once.

The list is not judged again. What stands in the ledger decides: a run that was killed comes to the
same codes, one over a longer export gives to those who are new, and nobody gets a thing twice.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from crisisctl.compensation import roll
from crisisctl.compensation.bill import Line, Part, expected_of
from crisisctl.compensation.cells import NONE
from crisisctl.compensation.codes import Mint
from crisisctl.compensation.ledger import TRIES, Entry, Issue, Ledger, Outcome
from crisisctl.compensation.offers import book, needs_code
from crisisctl.compensation.roll import Block, End, Given
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
    def given(self) -> Given:
        """The line of the list without what was given before."""
        row = self.row
        whole = self.tier == bool(row.tier) and self.owed == bool(row.owed)
        return (
            row
            if whole
            else replace(
                row, tier=row.tier if self.tier else "", owed=row.owed if self.owed else ()
            )
        )

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

    customers: int
    heads: str
    """Those of `Minted`, for the ledger."""
    outcomes: Sequence[Outcome]
    which: Sequence[int]
    """For each customer which of the outcomes."""
    put: bytes
    """The fingerprint of what the ledger holds of them."""
    texts: dict[str, bytes]
    """What goes to the end of each file."""
    found: Issued


Write = Callable[[Block, Sequence[str]], dict[str, bytes]]
"""What stands of some customers in each file; the words are their codes."""
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
        block = roll.block(piece)
        block = block.only([end.tier or end.owed for end in block.ends])
        codes, heads = mint.codes(block.customers)
        outcomes = [_first(end, booked) for end in block.ends]
        yield Batch(
            len(codes), heads, outcomes, block.end,
            put_down(codes, outcomes, block.end),
            write(block, codes), _counted(block, policy, coded),
        )  # fmt: skip


def again(
    kept: Path,
    policy: Policy,
    ledger: Ledger,
    booked: Issue,
    write: Write,
    look: Callable[[Sequence[Share]], dict[str, bytes]],
) -> Iterator[Batch]:
    """To each customer what the ledger says that they have not got yet, or not but by this plan.

    `look` writes of those to whom more is owed than was paid.
    """
    mint, coded = ledger.mint(booked.incident), _coded(policy)
    for block in roll.read(kept):
        shares, entries, new = list[Share](), list[Entry](), list[Entry]()
        already = by_hand = 0
        for row, before in zip(block, _entries(block, mint, ledger), strict=True):
            share, entry = _share(row, before, booked)
            if share.tier or share.owed:
                entries.append(entry)
            elif row.tier or row.owed:
                already += 1
            if share.tier or share.owed or share.left:
                shares.append(share)
            if entry != before:
                new.append(entry)
            by_hand += share.left > 0
        ledger.put(new)  # one after the other: two customers may come to one code
        given = [share for share in shares if share.tier or share.owed]
        told = roll.gathered([share.given for share in given])
        found = _counted(told, policy, coded)
        found.already, found.by_hand = already, by_hand
        codes, outcomes = [each.code for each in entries], [each.outcome for each in entries]
        put = put_down(codes, outcomes, range(len(entries)))
        texts = write(told, codes)
        texts |= look([share for share in shares if share.left])
        yield Batch(len(entries), "", (), (), put, texts, found)


def together(ours: Iterator[Batch | None], theirs: Iterator[Batch | None]) -> Iterator[Batch]:
    """The batches of two processes that shared the blocks out, in the order of the list."""
    for mine, other in zip_longest(ours, theirs):
        if (batch := mine or other) is not None:
            yield batch


def _coded(policy: Policy) -> frozenset[str]:
    return frozenset(tier.id for tier in policy.tiers if needs_code(tier.offer))


def _first(end: End, booked: Issue) -> Outcome:
    """What the ledger holds of customers who get this, and had nothing before."""
    outcome = Outcome(0, end.currency)
    if end.tier:
        outcome = outcome._replace(tier=end.tier, value=str(end.value), tier_by=booked.id)
    if end.owed:
        owed = str(sum(end.owed, start=NONE))
        outcome = outcome._replace(owed=owed, owed_by=booked.id)
    return outcome


def shares(kept: Path, ledger: Ledger, booked: Issue) -> Iterator[list[Share]]:
    """What a plan has handed out, once it has."""
    mint = ledger.mint(booked.incident)
    for block in roll.read(kept):
        found = []
        for row, entry in zip(block, _entries(block, mint, ledger), strict=True):
            tier = bool(row.tier) and entry.outcome.tier_by == booked.id
            owed = bool(row.owed) and entry.outcome.owed_by == booked.id
            if tier or owed:
                found.append(Share(row, entry.code, tier, owed))
        yield found


def _entries(block: Sequence[Given], mint: Mint, ledger: Ledger) -> list[Entry]:
    """For each row what the ledger holds of that customer; an empty entry where it is nothing."""
    minted = mint.codes([row.customer for row in block])
    known = ledger.entries(minted.codes)
    found = []
    for row, code, holder in zip(block, minted.codes, minted.holders, strict=True):
        entry = known.get(code)
        if entry is None:
            entry = Entry(code, holder, Outcome(0, row.currency))
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
            return Entry(code, holder, Outcome(attempt, row.currency))
        if entry.holder == holder:
            return entry
    raise AssertionError(row.line)


def _share(row: Given, entry: Entry, booked: Issue) -> tuple[Share, Entry]:
    """What a customer gets now, and what the ledger holds afterwards."""
    owed, had = sum(row.owed, start=NONE), entry.outcome
    tier = bool(row.tier) and (not had.tier or had.tier_by == booked.id)
    before = Decimal(had.owed)
    pays = owed > 0 and (not before or had.owed_by == booked.id)
    left = owed - before if owed > before > 0 and not pays else NONE
    if tier:
        had = had._replace(tier=row.tier, value=str(row.value), tier_by=booked.id)
    if pays:
        had = had._replace(owed=str(owed), owed_by=booked.id)
    return Share(row, entry.code, tier, pays, left), entry._replace(outcome=had)


def put_down(codes: Sequence[str], outcomes: Sequence[Outcome], which: Iterable[int]) -> bytes:
    """The fingerprint of what the ledger holds of some customers."""
    tails = [f"\0{o.currency}\0{o.tier}\0{o.value}\0{o.owed}\n" for o in outcomes]
    lines = [code + tails[each] for code, each in zip(codes, which, strict=True)]
    return hashlib.sha256("".join(lines).encode()).digest()


def _counted(block: Block, policy: Policy, coded: Collection[str]) -> Issued:
    """What some customers get in all."""
    found = Issued()
    for at, many in Counter(block.end).items():
        end = block.ends[at]
        if end.tier:
            found.count("tier", end.tier, end.currency, end.value * many, many)
            found.codes += many if end.tier in coded else 0
        for each, amount in zip(policy.owed, end.owed, strict=False):
            if amount:
                found.count("owed", each.id, end.currency, amount * many, many)
    return found


def ends(tier: Tier, booked: Issue, zone: tzinfo) -> datetime | None:
    """The moment from which an offer holds no longer: the end of its last day in the shop."""
    length = tier.valid or tier.offer.honour_price or tier.offer.longer_returns
    if not length:
        return None
    day = (booked.at + parse_duration(length)).astimezone(zone).date()
    return datetime.combine(day + timedelta(days=1), time(), zone)
