"""What is wrong with a compensation policy, before it meets a single customer."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Protocol

from crisisctl.errors import CrisisError
from crisisctl.playbook import conditions, values
from crisisctl.playbook.amounts import money_parts, parse_money
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.document import Path, Problem
from crisisctl.playbook.kinds import OF_FACTS, Kind, bare_sums, kind_of
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.policy import Column, Offer, Policy
from crisisctl.text import did_you_mean, listed

KNOWN: dict[str, Kind] = {
    "customer": "text", "email": "text", "name": "text", "locale": "text", "country": "text",
    "segment": "text", "currency": "text", "order": "text",
}  # fmt: skip
"""What every export can say of a customer, whatever the policy; `at` is the time of a row."""

GIFTS = (
    *("percent", "amount", "credit", "free_delivery", "gift", "longer_returns", "honour_price"),
    *("refund", "help", "apology"),
)
"""What an offer can give: one of these."""
_BESIDE = {"up_to": ("percent",), "order": ("percent",),
           "worth": ("gift", "longer_returns", "honour_price", "help")}  # fmt: skip
_SUMS = ("up_to", "order", "amount", "credit", "free_delivery", "worth")
_LENGTHS = ("longer_returns", "honour_price")
_CURRENCY = re.compile(r"[A-Z]{3}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")


class Told(Protocol):
    """How a problem is told at its place."""

    def __call__(
        self, path: Path, rule: str, text: str, hint: str = "", *, key: bool = False
    ) -> Problem:
        """Make a problem of it."""


def kinds(policy: Policy, plan: Playbook) -> tuple[dict[str, Kind], dict[str, Kind]]:
    """The names that a tier may ask, and those that an exclusion may ask as well."""
    facts = {name: OF_FACTS.get(spec.type, "other") for name, spec in plan.specs().items()}
    harm: dict[str, Kind] = {name: column.type for name, column in policy.harm.items()}
    about: dict[str, Kind] = {name: column.type for name, column in policy.about.items()}
    return {**facts, **harm}, {**facts, **KNOWN, **about, **harm}


def sums(written: str | tuple[str, ...]) -> dict[str, Decimal]:
    """Sums by currency. Raises `BadValue` where one is no sum."""
    every = (written,) if isinstance(written, str) else written
    found: dict[str, Decimal] = {}
    for each in every:
        amount, currency = money_parts(parse_money(each))
        found[currency] = amount
    return found


def given(offer: Offer) -> list[str]:
    """What an offer names of all that one can give."""
    return [name for name in GIFTS if getattr(offer, name) not in (None, "", (), False)]


def problems(plan: Playbook, told: Told) -> Iterator[Problem]:
    """Everything that is wrong with the policy of a playbook."""
    if plan.compensation is not None:
        yield from _Check(plan, plan.compensation, told).all()


class _Check:
    def __init__(self, plan: Playbook, policy: Policy, told: Told) -> None:
        self.plan, self.policy, self.told = plan, policy, told
        self.harm, self.every = kinds(policy, plan)
        self.currencies = {policy.currency, *policy.rates}
        self.row: Mapping[str, Kind] = {
            **KNOWN,
            **{name: column.type for name, column in policy.about.items()},
        }

    def all(self) -> Iterator[Problem]:
        yield from self.money()
        yield from self.columns()
        yield from self.ids()
        yield from self.window()
        for number, exclusion in enumerate(self.policy.exclude):
            path: Path = ("compensation", "exclude", number, "when")
            yield from self.condition(path, exclusion.when, self.every)
        for number, owed in enumerate(self.policy.owed):
            where: Path = ("compensation", "owed", number)
            yield from self.condition((*where, "when"), owed.when, self.harm)
            yield from self.refund((*where, "refund"), owed.refund)
        for number, tier in enumerate(self.policy.tiers):
            where = ("compensation", "tiers", number)
            yield from self.condition((*where, "when"), tier.when, self.harm)
            yield from self.offer((*where, "offer"), tier.offer)
            yield from self.length((*where, "valid"), tier.valid)
            for name in ("redemption", "margin_effect"):
                yield from self.share((*where, name), getattr(tier, name))
        yield from self.sends()

    def money(self) -> Iterator[Problem]:
        policy, top = self.policy, ("compensation",)
        codes: list[tuple[Path, str]] = [((*top, "currency"), policy.currency)]
        codes += [((*top, "rates", code), code) for code in policy.rates]
        for path, code in codes:
            if not _CURRENCY.fullmatch(code):
                text = f'"{code}" is not a currency: three capital letters, EUR'
                yield self.told(path, "bad-money", text, key="rates" in path)
        for code, rate in policy.rates.items():
            if not _is_rate(rate):
                text = f'"{rate}" is not what one {code} is worth: a number above 0 in quotes'
                yield self.told((*top, "rates", code), "bad-money", text)
        for path, written in [
            ((*top, "budget"), policy.budget),
            ((*top, "approval", "two_over"), policy.approval.two_over),
        ]:
            if written:
                yield from self.sums(path, written, only=policy.currency)
        yield from self.sums((*top, "cap"), policy.cap)
        yield from self.length((*top, "once_in"), policy.once_in)
        for number, role in enumerate(policy.approval.roles):
            if role not in self.plan.roles:
                path = (*top, "approval", "roles", number)
                yield self.told(path, "unknown-role", f'there is no role "{role}"')

    def columns(self) -> Iterator[Problem]:
        taken = {*KNOWN, "at", "now", "severity", *self.plan.names()}
        for section, columns in (("harm", self.policy.harm), ("about", self.policy.about)):
            for name, column in columns.items():
                where: Path = ("compensation", section, name)
                if not _NAME.fullmatch(name):
                    hint = 'small letters, digits and "_", beginning with a letter'
                    text = f'"{name}" is not a usable name'
                    yield self.told(where, "bad-id", text, hint, key=True)
                if name in taken:
                    text = f'"{name}" is something else already'
                    hint = "facts, and what every export can say, have these names"
                    yield self.told(where, "duplicate-name", text, hint, key=True)
                taken.add(name)
                yield from self.column(where, section, column)

    def column(self, where: Path, section: str, column: Column) -> Iterator[Problem]:
        counted = [key for key in ("count", "sum", "when") if getattr(column, key)]
        if section == "about" and counted:
            text = "only harm is counted or summed up"
            yield self.told((*where, counted[0]), "bad-column", text, key=True)
            return
        if column.count and (column.sum or column.type != "number"):
            text = "what is counted is a number, and is not summed up as well"
            yield self.told((*where, "count"), "bad-column", text, key=True)
        if column.when and not column.sum:
            text = "`when` says which rows are summed up, and there is no `sum`"
            yield self.told((*where, "when"), "bad-column", text, key=True)
        for key in ("count", "when"):
            if getattr(column, key):
                yield from self.condition((*where, key), getattr(column, key), self.row)
        if column.sum:
            found = yield from self.kind((*where, "sum"), column.sum, self.row)
            if found and found != column.type:
                text = f"this sum is {found}, and the column is {column.type}"
                yield self.told((*where, "sum"), "bad-column", text)

    def ids(self) -> Iterator[Problem]:
        policy, seen = self.policy, set[str]()
        for section in ("exclude", "owed", "tiers"):
            for number, each in enumerate(getattr(policy, section)):
                path: Path = ("compensation", section, number, "id")
                if not _ID.fullmatch(each.id):
                    text = f'"{each.id}" is not a usable name'
                    yield self.told(path, "bad-id", text, 'small letters, digits and "-"')
                if each.id in seen:
                    text = f'"{each.id}" is there twice in the policy'
                    yield self.told(path, "duplicate-name", text, "give one another id")
                seen.add(each.id)
        if not policy.tiers and not policy.owed:
            text = "the policy gives nothing: it has neither `owed` nor `tiers`"
            yield self.told(("compensation",), "no-tiers", text, key=True)

    def window(self) -> Iterator[Problem]:
        for key in ("from_", "until"):
            name = getattr(self.policy.window, key)
            spec = self.plan.spec(name) if name else None
            path: Path = ("compensation", "window", key.rstrip("_"))
            if name and spec is None:
                guess = did_you_mean(name, self.plan.names())
                hint = f'did you mean "{guess}"?' if guess else ""
                yield self.told(path, "unknown-fact", f'there is no fact "{name}"', hint)
            elif spec is not None and spec.type != "time":
                yield self.told(path, "wrong-fact", f'"{name}" is of type {spec.type}, not time')

    def condition(self, path: Path, text: str, names: Mapping[str, Kind]) -> Iterator[Problem]:
        found = yield from self.kind(path, text, names)
        if found and found != "flag":
            yield self.told(path, "bad-condition", f"{text!r} is no condition: compare it")

    def kind(
        self, path: Path, text: str, names: Mapping[str, Kind]
    ) -> Generator[Problem, None, Kind | None]:
        if wrong := conditions.check(text):
            yield self.told(path, "bad-condition", wrong)
            return None
        for name in sorted(conditions.names_in(text) - names.keys()):
            yield self.unknown(path, name, names)
            return None
        try:
            found = kind_of(text, names)
        except BadExpression as error:
            yield self.told(path, "bad-condition", error.message)
            return None
        if self.policy.rates and bare_sums(text, names):
            what = "money of several currencies is compared with a bare number"
            yield self.told(path, "mixed-money", what, "compare with 0, or with another column")
        return found

    def unknown(self, path: Path, name: str, names: Mapping[str, Kind]) -> Problem:
        if name in self.every and names is self.harm:
            text = f'"{name}" says who the customer is, not what happened: same harm, same remedy'
            hint = "ask only columns of `harm` and facts here; exclusions may ask more"
            return self.told(path, "unequal-remedy", text, hint)
        guess = did_you_mean(name, names)
        hint = f'did you mean "{guess}"?' if guess else f"there is {listed(sorted(names)[:12])}"
        return self.told(path, "unknown-column", f'nothing is called "{name}"', hint)

    def refund(self, path: Path, text: str) -> Iterator[Problem]:
        found = yield from self.kind(path, text, self.harm)
        if found and found != "money":
            what = f"{text!r} is no sum of money: name a column of type money"
            yield self.told(path, "bad-offer", what)

    def offer(self, where: Path, offer: Offer) -> Iterator[Problem]:
        gives = given(offer)
        if len(gives) != 1:
            text = f"an offer gives one thing, this one {listed(gives) or 'nothing'}"
            yield self.told(where, "bad-offer", text, f"one of {listed(GIFTS, 'or')}", key=True)
        for name, of in _BESIDE.items():
            if getattr(offer, name) and not set(of) & set(gives):
                text = f"`{name}` goes with {listed(of, 'or')}"
                yield self.told((*where, name), "bad-offer", text, key=True)
        for name in _SUMS:
            yield from self.sums((*where, name), getattr(offer, name))
        for name in _LENGTHS:
            yield from self.length((*where, name), getattr(offer, name))
        if offer.refund:
            yield from self.refund((*where, "refund"), offer.refund)
        if isinstance(offer.percent, str):
            yield from self.percent((*where, "percent"), offer.percent)
        elif offer.percent is not None:
            yield from self.share((*where, "percent"), offer.percent)
        if offer.percent is not None and not (offer.order or offer.up_to):
            text = "nobody can tell what it costs: say what an order usually comes to"
            yield self.told(where, "bad-offer", text, "add `order: 60 EUR` or `up_to:`", key=True)

    def percent(self, path: Path, name: str) -> Iterator[Problem]:
        spec = self.plan.spec(name)
        if spec is None:
            yield self.told(path, "unknown-fact", f'there is no fact "{name}"')
        elif spec.type != "number":
            yield self.told(path, "wrong-fact", f'"{name}" is of type {spec.type}, not number')

    def sums(
        self, path: Path, written: str | tuple[str, ...], *, only: str = ""
    ) -> Iterator[Problem]:
        if not written:
            return
        try:
            found = sums(written)
        except CrisisError as error:
            yield self.told(path, "bad-money", error.message, error.hint)
            return
        if isinstance(written, tuple) and len(found) < len(written):
            yield self.told(path, "bad-money", "two sums in one currency")
        for code in found.keys() - ({only} if only else self.currencies):
            text = f"{code} is not {only}" if only else f"the policy does not know {code}"
            hint = "" if only else "add what one is worth to `rates:`"
            yield self.told(path, "bad-money", text, hint)

    def length(self, path: Path, text: str) -> Iterator[Problem]:
        if text:
            try:
                values.parse_duration(text)
            except CrisisError as error:
                yield self.told(path, "bad-duration", error.message, error.hint)

    def share(self, path: Path, number: object) -> Iterator[Problem]:
        if isinstance(number, int) and not 0 <= number <= 100:
            yield self.told(path, "bad-offer", f"{number} % cannot be: 0 to 100")

    def sends(self) -> Iterator[Problem]:
        known = self.policy.titles
        for stage, steps in self.plan.stages.items():
            for number, step in enumerate(steps):
                for place, tier in enumerate(step.send.tiers if step.send else ()):
                    if tier not in known:
                        path: Path = ("stages", stage, number, "send", "tiers", place)
                        guess = did_you_mean(tier, known)
                        hint = f'did you mean "{guess}"?' if guess else ""
                        yield self.told(path, "unknown-tier", f'there is no tier "{tier}"', hint)


def _is_rate(text: str) -> bool:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        return False
    return rate.is_finite() and 0 < rate < 10**9
