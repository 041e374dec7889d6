"""What codes have cost so far: each use of one that was given out, and all that is odd about them.

Every use is counted, the second of a code as well: the money is gone. What a person must look at
is told beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal

from msgspec import Struct

from crisisctl.compensation.cells import NONE
from crisisctl.compensation.codes import ALPHABET, LETTERS, sound
from crisisctl.compensation.receipts import Receipt, Receipts
from crisisctl.tables.unreadable import Unreadable

LISTED = 100
"""So many of each oddity are named; all are counted."""
_LETTERS = frozenset(ALPHABET)

Known = Callable[[str], str | None]
"""A code -> the tier it was given for; None where it was never handed out."""
Worth = Callable[[str, str], Decimal | None]
"""A tier and a currency -> the most that one of its codes may take off; None where nobody said."""


class Use(Struct, frozen=True, gc=False):
    """One use of a code."""

    line: int
    code: str
    order: str
    at: datetime | None = None


@dataclass(slots=True)
class Odd:
    """Things of one kind that a person must look at."""

    many: int = 0
    some: list[Use | Unreadable] = field(default_factory=list)

    def add(self, what: Use | Unreadable) -> None:
        """One more."""
        self.many += 1
        if len(self.some) < LISTED:
            self.some.append(what)


@dataclass(slots=True)
class Used:
    """What became of the codes of one tier, in one currency."""

    count: int = 0
    """Uses."""
    discount: Decimal = NONE
    """What was given."""
    orders: Decimal = NONE
    """What the orders came to, as far as the file says."""
    first: datetime | None = None
    last: datetime | None = None

    def add(self, receipt: Receipt, *, money: bool) -> None:
        """One more use; without its money where another code of the same order has it."""
        self.count += 1
        if money:
            self.discount += receipt.discount
            self.orders += receipt.total
        if receipt.at is not None:
            self.first = min(self.first or receipt.at, receipt.at)
            self.last = max(self.last or receipt.at, receipt.at)


@dataclass(slots=True)
class Redeemed:
    """What a file of used codes comes to."""

    sums: dict[tuple[str, str], Used] = field(default_factory=dict)
    """By tier and currency."""
    twice: Odd = field(default_factory=Odd)
    """Uses of a code that was used before: in another order, or nobody knows in which."""
    unknown: Odd = field(default_factory=Odd)
    """Codes that are in order, and were never handed out here."""
    wrong: Odd = field(default_factory=Odd)
    """Codes whose check does not hold: mistyped, or made up."""
    unreadable: Odd = field(default_factory=Odd)
    """Rows that cannot be read."""
    shared: Odd = field(default_factory=Odd)
    """Uses with other codes in one order, whose discount cannot be told apart: all of it counts
    for the first of ours."""
    unsaid: Odd = field(default_factory=Odd)
    """Uses whose discount the file does not say: what they cost is missing in the sums."""
    dear: Odd = field(default_factory=Odd)
    """Uses that took off more than the code is worth."""
    early: Odd = field(default_factory=Odd)
    """Uses before the code existed."""
    foreign: int = 0
    """Other codes of the shop."""
    repeated: int = 0
    """Rows that tell of the same code in the same order again, as for its next article."""
    without: int = 0
    """Rows without a code."""

    @property
    def count(self) -> int:
        """Uses in all."""
        return sum(used.count for used in self.sums.values())

    @property
    def first(self) -> datetime | None:
        """The first use of any."""
        return min((used.first for used in self.sums.values() if used.first), default=None)

    @property
    def last(self) -> datetime | None:
        """The last use of any."""
        return max((used.last for used in self.sums.values() if used.last), default=None)


def redeemed(
    receipts: Receipts,
    known: Known,
    often: Collection[str] = (),
    *,
    worth: Worth | None = None,
    since: datetime | None = None,
) -> Redeemed:
    """Reckon up a file. Codes of the tiers in `often`, such as credit, may be used in parts.

    `since` is the moment from which there were codes; it knows its zone.
    """
    found = Redeemed()
    reckon = _Reckoning(found, known, frozenset(often), worth, since)
    for block in receipts.blocks():
        for one in block:
            if isinstance(one, Unreadable):
                found.unreadable.add(one)
            else:
                reckon.take(one)
        found.without = receipts.without
    return found


class _Reckoning:
    def __init__(
        self,
        found: Redeemed,
        known: Known,
        often: frozenset[str],
        worth: Worth | None,
        since: datetime | None,
    ) -> None:
        self.found, self._known, self._often = found, known, often
        self._worth = worth
        # most exports tell no seconds
        self._since = since.replace(second=0, microsecond=0) if since else None
        self._most: dict[tuple[str, str], Decimal | None] = {}
        self._spent: dict[int, Decimal] = {}
        """What was taken so far with each code that may be used in parts."""
        self._codes: set[int] = set()
        self._pairs: set[int] = set()
        """Fingerprints of the codes that were used, and of each with its order: there may be
        millions."""

    def take(self, receipt: Receipt) -> None:
        """One more row."""
        counted = False
        for code in receipt.codes:
            tier = self._tier(code, receipt)
            if tier is None or self._again(code, tier, receipt):
                continue
            if not counted:
                self._look(code, tier, receipt)
            used = self.found.sums.setdefault((tier, receipt.currency), Used())
            used.add(receipt, money=not counted)
            counted = True

    def _look(self, code: str, tier: str, receipt: Receipt) -> None:
        """Note what is odd about a use whose discount counts."""
        if len(receipt.codes) > 1:
            self.found.shared.add(_use(code, receipt))
        elif self._dear(code, tier, receipt):
            self.found.dear.add(_use(code, receipt))
        if not receipt.said:
            self.found.unsaid.add(_use(code, receipt))
        if self._early(receipt.at):
            self.found.early.add(_use(code, receipt))

    def _dear(self, code: str, tier: str, receipt: Receipt) -> bool:
        """Whether more was taken off than a code is worth."""
        if self._worth is None:
            return False
        key = (tier, receipt.currency)
        if key not in self._most:
            self._most[key] = self._worth(*key)
        most = self._most[key]
        if most is None:
            return False
        taken = receipt.discount
        if tier in self._often:
            taken += self._spent.get(hash(code), NONE)
            self._spent[hash(code)] = taken
        return taken > most

    def _early(self, at: datetime | None) -> bool:
        """Whether a code was used before there were any; a day without a time is all of it."""
        if at is None or self._since is None:
            return False
        if at.time() == time():
            return at.date() < self._since.astimezone(at.tzinfo).date()
        return at < self._since

    def _tier(self, code: str, receipt: Receipt) -> str | None:
        """What a code was given for; None where it is not one of ours."""
        tier = self._known(code)
        if tier is not None:
            return tier
        bare = code.replace("-", "")
        if len(bare) != LETTERS + 1 or not _LETTERS.issuperset(bare):
            self.found.foreign += 1
        elif sound(code):
            self.found.unknown.add(_use(code, receipt))
        else:
            self.found.wrong.add(_use(code, receipt))
        return None

    def _again(self, code: str, tier: str, receipt: Receipt) -> bool:
        """Whether a row tells of a use that was counted; a second use is noted."""
        order = receipt.order
        key, pair = hash(code), hash((code, order))
        if order and pair in self._pairs:
            self.found.repeated += 1
            return True
        if key in self._codes and tier not in self._often:
            self.found.twice.add(_use(code, receipt))
        self._codes.add(key)
        self._pairs.add(pair)
        return False


def _use(code: str, receipt: Receipt) -> Use:
    return Use(receipt.line, code, receipt.order, receipt.at)
