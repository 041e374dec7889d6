"""A compensation policy as a finance person reads it: who gets what, why, and at what cost."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from crisisctl.playbook.fairness import given
from crisisctl.playbook.policy import Column, Offer, Policy, Tier
from crisisctl.report.data import Json
from crisisctl.report.told import Wording
from crisisctl.text import listed

Sums = str | tuple[str, ...]


class Part(Struct, frozen=True):
    """One part of it: a table for paper, and the same as lines for a screen."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first cell names the row."""


def bounds(policy: Policy) -> Iterator[str]:
    """What it may cost, who decides it, and what counts: a sentence each."""
    budget = f"{policy.budget} at most" if policy.budget else "no limit"
    yield (
        "Budget, what the gestures of one incident may probably cost, refunds that are owed left "
        f"aside: {budget}."
    )
    if policy.cap:
        yield f"One customer gets {sums(policy.cap)} at most; money back is paid whole besides."
    if policy.once_in:
        yield f"No customer gets a second offer within {policy.once_in}, whatever the incident."
    yield f"Approved by: {listed(policy.approval.roles, 'or') or 'anybody'}."
    if over := policy.approval.two_over:
        yield (
            f"Where a plan will probably cost more than {over}, refunds included, two people must "
            "approve it."
        )
    rates = listed(f"1 {code} counts as {rate}" for code, rate in policy.rates.items())
    yield f"Counted in {policy.currency}{f': {rates}' if rates else ''}."
    window = policy.window
    if window.from_:
        until = f" until {window.until}" if window.until else ""
        yield f"Rows of an export count from {window.from_}{until}."


def parts(policy: Policy) -> Iterator[Part]:
    """Harm, exclusions, what is owed and the ladder, in the order in which they count."""
    wording = Wording(policy)
    rows = tuple((name, *_column(name, column, wording)) for name, column in policy.harm.items())
    yield Part("What can have happened", ("column", "harm", "how it is told"), rows)
    if policy.exclude:
        left = tuple(
            (each.id, each.because, wording.condition(each.when), "yes" if each.owed else "no")
            for each in policy.exclude
        )
        heads = ("left out", "because", "when", "still gets what is owed")
        yield Part("Who gets no offer", heads, left)
    if policy.owed:
        owed = tuple(
            (each.id, each.title, wording.condition(each.when), wording.sum(each.refund))
            for each in policy.owed
        )
        heads = ("owed", "for", "when", "paid back")
        yield Part("What goes back first, to everybody it is owed to", heads, owed)
    if policy.tiers:
        ladder = tuple(_rung(tier, wording) for tier in policy.tiers)
        yield Part("What is offered: the first tier that matches counts", _RUNG, ladder)
    if lists := tuple(wording.lists()):
        yield Part("Lists of words, in whatever case", ("list", "words"), lists)


def lines(part: Part) -> Iterator[tuple[str, str]]:
    """A part for a screen: of each row what names it, then each cell under its head."""
    for name, *cells in part.rows:
        yield name, ""
        for head, cell in zip(part.heads[1:], cells, strict=True):
            if cell:
                yield f"{head}: {cell}", "    "


_TYPES = {"flag": "yes or no", "number": "a number", "money": "a sum", "text": "words"}
_RUNG = ("tier", "harm", "when", "offer", "valid", "expected use", "costs the shop")


def _column(name: str, column: Column, wording: Wording) -> tuple[str, str]:
    how = f"{_TYPES.get(column.type, column.type)}, as the export says"
    if column.count:
        how = f"number of rows where {wording.condition(column.count)}"
    elif column.sum:
        only = f", of rows where {wording.condition(column.when)}" if column.when else ""
        how = f"{wording.sum(column.sum)}, added up{only}"
    if column.together == "most":
        how += "; of several rows the largest counts"
    if column.most is not None:
        how += f"; above {column.most} a person looks at it"
    return column.title or name, how


def _rung(tier: Tier, wording: Wording) -> tuple[str, ...]:
    lasts = tier.valid or tier.offer.honour_price or tier.offer.longer_returns
    gives = words(tier.offer)
    if tier.offer.refund:
        gives = f"money back: {wording.sum(tier.offer.refund)}"
    return (
        tier.id, tier.title, wording.condition(tier.when), gives, lasts, *_cost(tier)
    )  # fmt: skip


def _cost(tier: Tier) -> tuple[str, str]:
    """How many are expected to use an offer, and what a use costs; an apology costs nothing."""
    gives = given(tier.offer)
    if "apology" in gives:
        return "", ""
    if "refund" in gives:
        return "everybody", "all of it"
    everybody = tier.redemption == 100
    use = "everybody (the most it can cost)" if everybody else f"{tier.redemption} of 100"
    share = "all" if tier.margin_effect == 100 else f"{tier.margin_effect} %"
    return use, f"{share} of its face value"


def words(offer: Offer) -> str:
    """What an offer gives, in words."""
    name = given(offer)[0] if given(offer) else "nothing"
    match name:
        case "percent":
            how = (
                f"{offer.percent} %" if isinstance(offer.percent, int) else f"{offer.percent} in %"
            )
            most = f", {sums(offer.up_to)} at most" if offer.up_to else ""
            usual = f" (an order is usually {sums(offer.order)})" if offer.order else ""
            return f"{how} off the next order{most}{usual}"
        case "amount":
            return f"{sums(offer.amount)} off the next order"
        case "credit":
            return f"{sums(offer.credit)} of store credit"
        case "free_delivery":
            costs = f" (reckoned at {sums(offer.free_delivery)} each)"
            return f"the next delivery free{costs}"
        case "refund":
            return f"money back: {offer.refund}"
    worth = f" (reckoned at {sums(offer.worth)} each)" if offer.worth else ""
    return f"{_thing(name, offer)}{worth}"


def _thing(name: str, offer: Offer) -> str:
    match name:
        case "gift":
            return f"a gift: {offer.gift}"
        case "longer_returns":
            return f"{offer.longer_returns} more time to return goods"
        case "honour_price":
            return f"the price of that day is kept for {offer.honour_price}"
        case "help":
            return "help: a new card" if offer.help == "card-replacement" else "help: monitoring"
        case "apology":
            return "an apology"
    return name


def sums(written: Sums) -> str:
    """Sums in words: "5 EUR or 200 TRY"."""
    return written if isinstance(written, str) else listed(written, "or")


def model(policy: Policy | None) -> Json | None:
    """The policy for machines, every key of the file in its place."""
    if policy is None:
        return None
    return {
        "currency": policy.currency,
        "rates": dict(policy.rates),
        "budget": policy.budget or None,
        "cap": _several(policy.cap),
        "approval": {
            "roles": list(policy.approval.roles),
            "two_over": policy.approval.two_over or None,
        },
        "once_in": policy.once_in or None,
        "window": {"from": policy.window.from_ or None, "until": policy.window.until or None},
        "harm": {name: _column_model(column) for name, column in policy.harm.items()},
        "about": {name: _column_model(column) for name, column in policy.about.items()},
        "exclude": [
            {"id": each.id, "when": each.when, "because": each.because, "owed": each.owed}
            for each in policy.exclude
        ],
        "owed": [
            {"id": each.id, "title": each.title, "when": each.when, "refund": each.refund}
            for each in policy.owed
        ],
        "tiers": [_tier_model(tier) for tier in policy.tiers],
    }


def _column_model(column: Column) -> Json:
    return {
        "type": column.type,
        "title": column.title,
        "names": list(column.names),
        "count": column.count or None,
        "sum": column.sum or None,
        "when": column.when or None,
        "together": column.together,
        "most": column.most,
        "optional": column.optional,
    }


def _tier_model(tier: Tier) -> Json:
    offer = tier.offer
    gives = given(offer)
    return {
        "id": tier.id,
        "title": tier.title,
        "when": tier.when,
        "gives": gives[0] if gives else None,
        "words": words(offer),
        "offer": {
            "percent": offer.percent,
            **{name: _several(getattr(offer, name)) for name in _SUMS},
            **{name: getattr(offer, name) or None for name in _WORDS},
            "apology": offer.apology,
        },
        "valid": tier.valid or None,
        "redemption": tier.redemption,
        "margin_effect": tier.margin_effect,
    }


_SUMS = ("up_to", "order", "amount", "credit", "free_delivery", "worth")
_WORDS = ("gift", "longer_returns", "honour_price", "refund", "help")


def _several(written: Sums) -> list[str]:
    """Sums as a list, whether the file has one or several."""
    return [written] if isinstance(written, str) and written else list(written)
