"""The files of a plan that is handed out: for the shop, for payments, for people, for the books."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import BinaryIO

from crisisctl.compensation import accounting, paying, vouchers
from crisisctl.compensation.bill import Line
from crisisctl.compensation.cells import paid
from crisisctl.compensation.deciding import Facts, percents
from crisisctl.compensation.issuing import Share, ends
from crisisctl.compensation.ledger import Issue
from crisisctl.compensation.offers import kind, needs_code
from crisisctl.compensation.planning import sweep
from crisisctl.compensation.roll import Block, End
from crisisctl.compensation.vouchers import Terms
from crisisctl.errors import CrisisError
from crisisctl.playbook.fairness import sums
from crisisctl.playbook.policy import Policy

REFUNDS = "refunds.csv"
BY_HAND = "by-hand.csv"
BOOKS = "accounting.csv"
LOOK = "look-at.csv"
"""To whom more is owed than an earlier plan paid back."""


class Papers:
    """Makes the texts of the files of one plan, block by block."""

    def __init__(
        self, policy: Policy, facts: Facts, booked: Issue, *, shops: Sequence[str], zone: tzinfo
    ) -> None:
        self._policy, self._booked, self._zone = policy, booked, zone
        self._shops = shops
        credited = any(vouchers.takes(shop, "credit") for shop in shops if shop != "plain")
        self._by_hand = paying.BY_HAND - {"credit"} if credited else paying.BY_HAND
        shares = percents(policy, facts)
        self._percents = {tier.id: each for tier, each in zip(policy.tiers, shares, strict=True)}
        self._ends = {tier.id: ends(tier, booked, zone) for tier in policy.tiers}
        kinds = {tier.id: kind(tier.offer) for tier in policy.tiers}
        self._coded = {tier.id: tier for tier in policy.tiers if needs_code(tier.offer)}
        self._tasks = {id for id, gives in kinds.items() if gives in self._by_hand}
        self._terms: dict[tuple[str, str], Terms] = {}

    def texts(self, block: Block, codes: Sequence[str]) -> dict[str, bytes]:
        """What stands of some customers in each file, in their order; each has one of `codes`."""
        found: dict[str, bytes] = {}
        found_terms = {at: self._terms_of(end) for at, end in enumerate(block.ends)}
        terms = {at: each for at, each in found_terms.items() if each is not None}
        columns = (codes, block.customers, block.emails, block.end)
        coded = [
            (code, customer, email, terms[end])
            for code, customer, email, end in zip(*columns, strict=True)
            if end in terms
        ]
        for shop in self._shops:
            for part, some in vouchers.parts(shop, coded).items():
                form = "plain" if part == vouchers.BY_HAND else shop
                name = "-".join(word for word in ("codes", shop, part.lower()) if word)
                found[f"{name}.csv"] = vouchers.rows(form, some, self._zone)
        if back := paying.refunds(self._policy, block, self._booked.incident):
            found[REFUNDS] = back
        if tasks := block.only([end.tier in self._tasks for end in block.ends]).rows():
            made = paying.tasks(self._policy, tasks, self._ends, self._by_hand)
            found[BY_HAND] = paying.tasks_rows(made, self._zone)
        return found

    def look(self, shares: Iterable[Share]) -> dict[str, bytes]:
        """What stands of those to whom more is owed than an earlier plan paid back."""
        rows = paying.rows(map(self._left, shares))
        return {LOOK: rows} if rows else {}

    def books(self, lines: Sequence[Line]) -> dict[str, bytes]:
        """The summary for the books."""
        return {BOOKS: accounting.rows(accounting.summary(self._policy, lines))}

    def _terms_of(self, end: End) -> Terms | None:
        """What an offer is in a currency, the same for everybody; None where it needs no code."""
        tier = self._coded.get(end.tier)
        if tier is None:
            return None
        terms = self._terms.get((tier.id, end.currency))
        if terms is None:
            most = tier.offer.up_to
            terms = self._terms[tier.id, end.currency] = Terms(
                tier.id,
                tier.title or tier.id,
                kind(tier.offer),
                self._percents[tier.id],
                end.value,
                paid(sums(most), end.currency) if most else None,
                end.currency,
                self._booked.at,
                self._ends[tier.id],
            )
        return terms

    def _left(self, share: Share) -> paying.Refund:
        row = share.row
        why = "more is owed than an earlier plan paid back: look before you pay"
        return paying.Refund(
            f"{self._booked.incident}/more/{row.customer}",
            row.customer,
            row.email,
            row.currency,
            share.left,
            "more",
            why,
        )


HEADS: dict[str, Callable[[], bytes]] = {
    REFUNDS: paying.header,
    LOOK: paying.header,
    BY_HAND: paying.tasks_header,
    BOOKS: accounting.header,
}


class Folder:
    """The files of one plan, each with its first line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files: dict[str, BinaryIO] = {}
        self._hashes: dict[str, hashlib._Hash] = {}

    def put(self, texts: Mapping[str, bytes]) -> None:
        """Put these at the end of their files."""
        for name, text in texts.items():
            file = self._files.get(name)
            if file is None:
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
                descriptor = os.open(self._path / name, flags, 0o600)
                file = self._files[name] = os.fdopen(descriptor, "wb", buffering=1024 * 1024)
                self._hashes[name] = hashlib.sha256()
                text = _head(name) + text
            file.write(text)
            self._hashes[name].update(text)

    def done(self) -> dict[str, str]:
        """Put all of it on the disk; the fingerprint of each file by its name."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        return {name: made.hexdigest() for name, made in sorted(self._hashes.items())}


def _head(name: str) -> bytes:
    if name in HEADS:
        return HEADS[name]()
    _, shop, *part = name.removesuffix(".csv").split("-", 2)
    return vouchers.header("plain" if part == [vouchers.BY_HAND] else shop)


def shop_remarks(
    policy: Policy, shops: Sequence[str], handed_out: Collection[str]
) -> Iterator[str]:
    """What the imports of these shops cannot say, or a person must do, of what is handed out."""
    coded = [t for t in policy.tiers if needs_code(t.offer) and t.id in handed_out]
    for shop in shops:
        for remark in vouchers.remarks(shop, coded):
            yield f"{shop}: {remark}"


@contextmanager
def new_folder(folder: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A folder to write in, and what puts it in its place when all of it is there."""
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        sweep(folder.parent)
        beside.mkdir(mode=0o700)
        yield beside, lambda: _placed(beside, folder)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{folder} cannot be written: {reason}", code=1) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _placed(beside: Path, folder: Path) -> None:
    """In place of what an earlier run left; files that it wrote for another shop stay."""
    if folder.is_dir():
        for old in folder.iterdir():
            if not (beside / old.name).exists():
                old.rename(beside / old.name)
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    descriptor = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
