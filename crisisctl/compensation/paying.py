"""Two files for people: who gets how much money back and for what, and what is done by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal

from msgspec import Struct

from crisisctl.compensation import sheets
from crisisctl.compensation.offers import kind
from crisisctl.compensation.roll import Block, Given
from crisisctl.compensation.sheets import moment, same_words, sum_of, words
from crisisctl.playbook.policy import Help, Offer, Policy, Tier
from crisisctl.playbook.times import parse_duration

BY_HAND = frozenset(("longer_returns", "help", "credit"))
"""The kinds of offers that a person gives; pass others as well where the shop cannot."""
_COLUMNS = ("reference", "customer", "email", "order", "currency", "sum", "what", "why")
_TASKS = ("customer", "email", "name", "locale", "tier", "what", "currency", "sum", "until")
_HELPS: dict[Help, str] = {
    "card-replacement": "help with a new card",
    "monitoring": "watching over their accounts",
}


class Refund(Struct, frozen=True, gc=False):
    """Money that goes back to one customer, for one thing."""

    reference: str
    """The same for the same money in every file: paid once, it is never paid again."""
    customer: str
    email: str
    currency: str
    sum: Decimal
    what: str
    """The id of what is owed, or of the tier."""
    why: str
    order: str = ""
    """The number of the order, where the money belongs to one."""


class Task(Struct, frozen=True, gc=False):
    """What a person does for one customer."""

    customer: str
    email: str
    name: str
    locale: str
    tier: str
    what: str
    currency: str
    sum: Decimal
    """What it is worth; nought where it has no price."""
    until: datetime | None = None
    """Until when the customer can have it."""


def refunds(policy: Policy, block: Block, incident: str) -> bytes:
    """Rows for what goes back to customers: what is owed to them, then refunds as a gesture."""
    titles = policy.titles
    money = {tier.id for tier in policy.tiers if kind(tier.offer) == "refund"}
    back: list[list[tuple[str, str]]] = []  # for each end how its rows begin, and how they end
    for end in block.ends:
        pairs = [(each.id, sum_) for each, sum_ in zip(policy.owed, end.owed, strict=False)]
        if end.tier in money:
            pairs.append((end.tier, end.value))
        back.append(
            [
                (f"{incident}/{what}/", _tail(end.currency, sum_, what, titles[what]))
                for what, sum_ in pairs
                if sum_ > 0
            ]
        )
    block = block.only(back)
    rows = [(at, *each) for at, end in enumerate(block.end) for each in back[end]]
    customers, orders = block.customers, block.orders or [""] * len(block.customers)
    references = sheets.all_words([start + customers[at] for at, start, _ in rows])
    customers, emails = sheets.all_words(customers), sheets.all_words(block.emails)
    orders = sheets.all_words(orders)
    lines = [
        f"{reference},{customers[at]},{emails[at]},{orders[at]},{tail}"
        for reference, (at, _, tail) in zip(references, rows, strict=True)
    ]
    return "".join(lines).encode()


def header() -> bytes:
    """The first line of the file of refunds."""
    return sheets.header(_COLUMNS)


def rows(found: Iterable[Refund]) -> bytes:
    """Rows of the file of refunds."""
    lines = [
        f"{words(one.reference)},{words(one.customer)},{words(one.email)},{words(one.order)},"
        f"{_tail(one.currency, one.sum, one.what, one.why)}"
        for one in found
    ]
    return "".join(lines).encode()


def _tail(currency: str, amount: Decimal, what: str, why: str) -> str:
    return f"{currency},{sum_of(amount, currency)},{same_words(what)},{same_words(why)}\n"


def tasks(
    policy: Policy,
    block: Iterable[Given],
    ends: Mapping[str, datetime | None],
    kinds: Collection[str] = BY_HAND,
) -> Iterator[Task]:
    """What a person does for these customers; `ends` tells until when each tier holds."""
    texts = {tier.id: _what(tier) for tier in policy.tiers if kind(tier.offer) in kinds}
    for one in block:
        what = texts.get(one.tier)
        if what is not None:
            yield Task(
                one.customer, one.email, one.name, one.locale, one.tier, what, one.currency,
                one.value, ends.get(one.tier),
            )  # fmt: skip


def tasks_header() -> bytes:
    """The first line of the file of what is done by hand."""
    return sheets.header(_TASKS)


def tasks_rows(found: Iterable[Task], zone: tzinfo) -> bytes:
    """Rows of the file of what is done by hand."""
    lines: Sequence[str] = [
        sheets.line(
            (
                *map(words, (one.customer, one.email, one.name, one.locale, one.tier, one.what)),
                one.currency,
                sum_of(one.sum, one.currency) if one.sum else "",
                moment(one.until, zone),
            )
        )
        for one in found
    ]
    return "".join(lines).encode()


def _what(tier: Tier) -> str:
    """What a person does, in words."""
    offer: Offer = tier.offer
    match kind(offer):
        case "longer_returns":
            return f"{_days(offer.longer_returns)} more to return goods"
        case "honour_price":
            return f"the price of that day, for {_days(offer.honour_price)}"
        case "help":
            return _HELPS[offer.help] if offer.help else ""
        case "gift":
            return f"a gift with the next order: {offer.gift}"
        case "credit":
            return "store credit on their account"
    return kind(offer).replace("_", " ")


def _days(length: str) -> str:
    """A length of time in whole days or hours."""
    hours, rest = divmod(parse_duration(length), timedelta(hours=1))
    if rest or hours % 24:
        return length
    return "1 day" if hours == 24 else f"{hours // 24} days"
