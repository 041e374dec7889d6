"""The files of a plan that is handed out: for the shop, for payments, for people, for the books."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from crisisctl.compensation import accounting, paying, vouchers
from crisisctl.compensation.bill import Line
from crisisctl.compensation.cells import paid
from crisisctl.compensation.deciding import Facts, percents
from crisisctl.compensation.issuing import Share, ends
from crisisctl.compensation.ledger import Issue
from crisisctl.compensation.offers import kind, needs_code
from crisisctl.compensation.planning import sweep
from crisisctl.compensation.vouchers import Voucher
from crisisctl.errors import CrisisError
from crisisctl.playbook.fairness import sums
from crisisctl.playbook.policy import Policy, Tier

REFUNDS = "refunds.csv"
BY_HAND = "by-hand.csv"
BOOKS = "accounting.csv"
LOOK = "look-at.csv"
"""To whom more is owed than an earlier plan paid back."""


class Papers:
    """Writes the files of one plan, block by block, in the order of its list."""

    def __init__(
        self,
        folder: Path,
        policy: Policy,
        facts: Facts,
        booked: Issue,
        *,
        shops: Sequence[str],
        zone: tzinfo,
    ) -> None:
        self.folder = folder
        self._policy, self._booked, self._zone = policy, booked, zone
        self._shops = shops
        credited = any(vouchers.takes(shop, "credit") for shop in shops if shop != "plain")
        self._by_hand = paying.BY_HAND - {"credit"} if credited else paying.BY_HAND
        self._tiers = {tier.id: tier for tier in policy.tiers}
        shares = percents(policy, facts)
        self._percents = dict(zip(self._tiers, shares, strict=True))
        self._ends = {tier.id: ends(tier, booked, zone) for tier in policy.tiers}
        self._coded = {tier.id for tier in policy.tiers if needs_code(tier.offer)}
        self._most: dict[tuple[str, str], Decimal | None] = {}
        self._files: dict[str, BinaryIO] = {}
        self._hashes: dict[str, hashlib._Hash] = {}

    def take(self, block: Sequence[Share]) -> None:
        """Some customers who get something."""
        coded = [self._voucher(share) for share in block if share.tier and self._is_coded(share)]
        for shop in self._shops:
            for part, mine in vouchers.parts(shop, coded).items():
                form = "plain" if part == vouchers.BY_HAND else shop
                name = "-".join(word for word in ("codes", shop, part.lower()) if word)
                self._put(
                    f"{name}.csv", vouchers.header(form), vouchers.rows(form, mine, self._zone)
                )
        rows = [
            replace(
                share.row,
                tier=share.row.tier if share.tier else "",
                owed=share.row.owed if share.owed else (),
            )
            for share in block
        ]
        back = list(paying.refunds(self._policy, rows, self._booked.incident))
        if back:
            self._put(REFUNDS, paying.header(), paying.rows(back))
        tasks = list(paying.tasks(self._policy, rows, self._ends, self._by_hand))
        if tasks:
            self._put(BY_HAND, paying.tasks_header(), paying.tasks_rows(tasks, self._zone))
        if left := [share for share in block if share.left]:
            found = [self._left(share) for share in left]
            self._put(LOOK, paying.header(), paying.rows(found))

    def account(self, lines: Sequence[Line]) -> None:
        """The summary for the books."""
        found = accounting.summary(self._policy, lines)
        self._put(BOOKS, accounting.header(), accounting.rows(found))

    def done(self) -> dict[str, str]:
        """Put all of it on the disk; the fingerprint of each file by its name."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        return {name: made.hexdigest() for name, made in sorted(self._hashes.items())}

    def _put(self, name: str, head: bytes, text: bytes) -> None:
        file = self._files.get(name)
        if file is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            descriptor = os.open(self.folder / name, flags, 0o600)
            file = self._files[name] = os.fdopen(descriptor, "wb", buffering=1024 * 1024)
            self._hashes[name] = hashlib.sha256()
            text = head + text
        file.write(text)
        self._hashes[name].update(text)

    def _is_coded(self, share: Share) -> bool:
        return share.row.tier in self._coded

    def _voucher(self, share: Share) -> Voucher:
        row = share.row
        tier = self._tiers[row.tier]
        return Voucher(
            share.code,
            row.customer,
            row.email,
            tier.id,
            tier.title or tier.id,
            kind(tier.offer),
            self._percents[tier.id],
            row.value,
            self._up_to(tier, row.currency),
            row.currency,
            self._booked.at,
            self._ends[tier.id],
        )

    def _up_to(self, tier: Tier, currency: str) -> Decimal | None:
        key = (tier.id, currency)
        if key not in self._most:
            most = tier.offer.up_to
            self._most[key] = paid(sums(most), currency) if most else None
        return self._most[key]

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


def shop_remarks(policy: Policy, shops: Sequence[str]) -> Iterator[str]:
    """What the imports of these shops cannot say, or a person must do."""
    coded = [tier for tier in policy.tiers if needs_code(tier.offer)]
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
    """In place of what an earlier run left, which was the same."""
    shutil.rmtree(folder, ignore_errors=True)
    beside.rename(folder)
    descriptor = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
