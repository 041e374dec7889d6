"""Whom a message about compensation goes to: a list of people, each value in their own language."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from crisisctl.compensation.cells import NONE, rounded
from crisisctl.compensation.deciding import percents
from crisisctl.compensation.issuing import Share
from crisisctl.compensation.offers import kind, needs_code
from crisisctl.messages.formats import filters
from crisisctl.playbook.fairness import sums
from crisisctl.playbook.policy import Policy, Tier

COLUMNS = ("email", "locale", "name", "code", "amount", "percent", "up_to", "refund", "until")
"""What the list says of each; a text calls them customer_code and so on."""
_STARTERS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"
_SECOND = timedelta(microseconds=1)

Ends = Callable[[Tier], datetime | None]
Print = Callable[[object], str]


class Letters:
    """Makes the list for one message."""

    def __init__(
        self,
        policy: Policy,
        parts: Collection[str],
        facts: Mapping[str, object],
        *,
        ends: Ends,
        locales: Sequence[str],
        zone: tzinfo,
    ) -> None:
        """`parts` are the tiers, and what is owed, that the message is about."""
        self._policy, self._parts = policy, frozenset(parts)
        self._tiers = {tier.id: tier for tier in policy.tiers}
        shares = percents(policy, facts)
        self._percents = {tier.id: share for tier, share in zip(policy.tiers, shares, strict=True)}
        self._ends = {tier.id: ends(tier) for tier in policy.tiers}
        self._prints = {locale: filters(locale, zone) for locale in locales}
        self._default = locales[0]
        self._known: dict[tuple[str, str, object], str] = {}
        self.people = 0
        self.without = 0
        """Those who have no address."""

    def rows(self, blocks: Iterable[Sequence[Share]]) -> Iterator[bytes]:
        """The list as CSV, piece by piece: its first line, then each block."""
        yield self._written([COLUMNS])
        for block in blocks:
            yield self._written(self._block(block))

    def _block(self, block: Sequence[Share]) -> Iterator[Sequence[str]]:
        for share in block:
            told = self._told(share)
            if told is None:
                continue
            row = share.row
            if not row.email:
                self.without += 1
                continue
            self.people += 1
            name = "" if row.name[:1] in _STARTERS else " ".join(row.name.split())
            yield (row.email, row.locale, name, *told)

    def _told(self, share: Share) -> Sequence[str] | None:
        """What stands behind the name; None where the message is not about them."""
        row, refund = share.row, NONE
        tier = self._tiers.get(row.tier) if share.tier and row.tier in self._parts else None
        for each, amount in zip(self._policy.owed, share.refunds, strict=False):
            if each.id in self._parts:
                refund += amount
        if tier is None and not refund:
            return None
        locale = row.locale if row.locale in self._prints else self._default
        code = amount_ = percent = up_to = until = ""
        if tier is not None:
            gives = kind(tier.offer)
            code = share.code if needs_code(tier.offer) else ""
            if gives == "refund":
                refund += row.value
            elif gives == "percent":
                percent = self._print(locale, "percent", self._percents[tier.id])
                up_to = self._most(tier, row.currency, locale)
            elif gives in ("amount", "credit"):
                amount_ = self._money(locale, row.value, row.currency)
            if (end := self._ends[tier.id]) is not None:
                until = self._print(locale, "day", end - _SECOND)
        back = self._money(locale, refund, row.currency) if refund else ""
        return code, amount_, percent, up_to, back, until

    def _most(self, tier: Tier, currency: str, locale: str) -> str:
        """What a percentage gives at most; empty where nothing bounds it."""
        if not tier.offer.up_to:
            return ""
        return self._money(locale, sums(tier.offer.up_to)[currency], currency)

    def _money(self, locale: str, amount: Decimal, currency: str) -> str:
        return self._print(locale, "money", f"{rounded(amount, currency)} {currency}")

    def _print(self, locale: str, way: str, value: object) -> str:
        key = (locale, way, value)
        found = self._known.get(key)
        if found is None:
            found = self._prints[locale][way](value)
            if len(self._known) < 50_000:
                self._known[key] = found
        return found

    def _written(self, rows: Iterable[Sequence[str]]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().encode("utf-8", "replace")
