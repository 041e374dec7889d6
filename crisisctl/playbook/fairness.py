"""What is wrong with a compensation policy, before it meets a single customer."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from crisisctl.playbook import conditions
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.document import Path, Problem
from crisisctl.playbook.kinds import OF_FACTS, Kind, bare_sums, kind_of
from crisisctl.playbook.model import HANDED_OUT, Playbook
from crisisctl.playbook.offering import GIFTS, Told, Written, given, offered, sums
from crisisctl.playbook.policy import Column, Policy
from crisisctl.tables.names import fold
from crisisctl.text import did_you_mean, listed

__all__ = ["GIFTS", "KNOWN", "given", "kinds", "problems", "sums"]

KNOWN: dict[str, Kind] = {
    "customer": "text", "email": "text", "name": "text", "locale": "text", "country": "text",
    "segment": "text", "currency": "text", "order": "text",
}  # fmt: skip
"""What every export can say of a customer, whatever the policy; `at` is the time of a row."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
_FEW = 12
"""As many names as a hint can list and still be read."""


def kinds(policy: Policy, plan: Playbook) -> tuple[dict[str, Kind], dict[str, Kind]]:
    """The names that a tier may ask, and those that an exclusion may ask as well."""
    specs = plan.specs().items()
    # what was handed out is known only afterwards
    facts = {name: OF_FACTS.get(spec.type, "other") for name, spec in specs if name != HANDED_OUT}
    harm: dict[str, Kind] = {name: column.type for name, column in policy.harm.items()}
    about: dict[str, Kind] = {name: column.type for name, column in policy.about.items()}
    return {**facts, **harm}, {**facts, **KNOWN, **about, **harm}


def problems(plan: Playbook, told: Told) -> Iterator[Problem]:
    """Everything that is wrong with the policy of a playbook."""
    if plan.compensation is not None:
        yield from _Check(plan, plan.compensation, told).all()


class _Check:
    def __init__(self, plan: Playbook, policy: Policy, told: Told) -> None:
        self.plan, self.policy, self.told = plan, policy, told
        self.harm, self.every = kinds(policy, plan)
        self.written = Written(told, {policy.currency, *policy.rates})
        self.row: Mapping[str, Kind] = {
            **KNOWN,
            **{name: column.type for name, column in policy.about.items()},
        }

    def all(self) -> Iterator[Problem]:
        yield from self.money()
        yield from self.columns()
        yield from self.ids()
        yield from self.window()
        yield from self.exclusions()
        for number, owed in enumerate(self.policy.owed):
            where: Path = ("compensation", "owed", number)
            yield from self.condition((*where, "when"), owed.when, self.harm)
            yield from self.refund((*where, "refund"), owed.refund)
        for number, tier in enumerate(self.policy.tiers):
            where = ("compensation", "tiers", number)
            yield from self.condition((*where, "when"), tier.when, self.harm)
            yield from offered(self.plan, where, tier, self.written)
            if tier.offer.refund:
                yield from self.refund((*where, "offer", "refund"), tier.offer.refund)
        yield from self.sends()

    def money(self) -> Iterator[Problem]:
        policy, top = self.policy, ("compensation",)
        yield from self.currencies()
        for path, sum_ in [
            ((*top, "budget"), policy.budget),
            ((*top, "approval", "two_over"), policy.approval.two_over),
        ]:
            if sum_:
                yield from self.written.sums(path, sum_, only=policy.currency, nought=True)
        if policy.cap:
            yield from self.written.sums((*top, "cap"), policy.cap)
        yield from self.written.length((*top, "once_in"), policy.once_in)
        for number, role in enumerate(policy.approval.roles):
            if role not in self.plan.roles:
                at: Path = (*top, "approval", "roles", number)
                guess = did_you_mean(role, self.plan.roles)
                hint = f'did you mean "{guess}"?' if guess else "define it under `roles:`"
                yield self.told(at, "unknown-role", f'there is no role "{role}"', hint)

    def currencies(self) -> Iterator[Problem]:
        policy, top = self.policy, ("compensation",)
        codes: list[tuple[Path, str]] = [((*top, "currency"), policy.currency)]
        codes += [((*top, "rates", code), code) for code in policy.rates]
        for path, code in codes:
            if not _CURRENCY.fullmatch(code):
                text = f'"{code}" is not a currency: three capital letters, EUR'
                yield self.told(path, "bad-money", text, key="rates" in path)
        for code, rate in policy.rates.items():
            at: Path = (*top, "rates", code)
            if code == policy.currency:
                text = f"{code} is the policy's own currency: one is worth one"
                yield self.told(at, "bad-money", text, "take it out", key=True)
            elif not _is_rate(rate):
                text = f'"{rate}" is not what one {code} is worth: a number above 0 in quotes'
                hint = f'such as "0.85", if one {code} is worth 0.85 {policy.currency}'
                yield self.told(at, "bad-money", text, hint)

    def columns(self) -> Iterator[Problem]:
        taken = {*KNOWN, "at", "now", "severity", *self.plan.names()}
        called: dict[str, str] = {}
        if not self.policy.harm:
            text = "the policy says not what can have happened to a customer"
            yield self.told(("compensation", "harm"), "no-harm", text, "add a column", key=True)
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
                yield from self.called(where, column, called)
                yield from self.column(where, section, column)

    def called(self, where: Path, column: Column, called: dict[str, str]) -> Iterator[Problem]:
        """Two columns that exports call the same: nobody could tell which is meant."""
        name = str(where[-1])
        for number, each in enumerate(column.names):
            other = called.setdefault(fold(each), name)
            if other != name:
                text = f'exports cannot call both "{other}" and "{name}" so'
                yield self.told((*where, "names", number), "bad-column", text)

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
        yield from self.largest(where, column)
        if section == "harm" and column.optional:
            text = "`optional` goes with `about`: harm that no column tells is none anyway"
            yield self.told((*where, "optional"), "bad-column", text, "leave it out", key=True)
        for key in ("count", "when"):
            if getattr(column, key):
                yield from self.condition((*where, key), getattr(column, key), self.row)
        if column.sum:
            found = yield from self.kind((*where, "sum"), column.sum, self.row)
            if found and found != column.type:
                text = f"this sum is {found}, and the column is {column.type}"
                yield self.told((*where, "sum"), "bad-column", text, f"write `type: {found}`")

    def largest(self, where: Path, column: Column) -> Iterator[Problem]:
        """A bound, or a way of joining rows, that no value of this kind can have."""
        counts = column.type in ("number", "money")
        if column.most is not None and not counts:
            text = f"a {column.type} is not more or less: `most` goes with a number or money"
            yield self.told((*where, "most"), "bad-column", text, key=True)
        elif column.most is not None and column.most < 1:
            text = f"`most: {column.most}` leaves every customer with this harm to a person"
            yield self.told((*where, "most"), "bad-column", text, "write the largest that can be")
        if column.together != "sum" and not counts:
            text = "`together` goes with a number or money"
            yield self.told((*where, "together"), "bad-column", text, key=True)

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
        window, where = self.policy.window, ("compensation", "window")
        for key, name in (("from", window.from_), ("until", window.until)):
            spec = self.plan.spec(name) if name else None
            if name and spec is None:
                guess = did_you_mean(name, self.plan.names())
                hint = f'did you mean "{guess}"?' if guess else ""
                yield self.told((*where, key), "unknown-fact", f'there is no fact "{name}"', hint)
            elif spec is not None and spec.type != "time":
                text = f'"{name}" is of type {spec.type}, not time'
                yield self.told((*where, key), "wrong-fact", text, "name a fact of that type here")
        if window.until and not window.from_:
            text = "the window has an end and no beginning: every row before it would count"
            yield self.told((*where, "until"), "bad-window", text, "add `from:`", key=True)
        elif window.until and window.until == window.from_:
            text = "the window ends when it begins: no row would count"
            yield self.told((*where, "until"), "bad-window", text, "name the fact with its end")

    def exclusions(self) -> Iterator[Problem]:
        for number, exclusion in enumerate(self.policy.exclude):
            where: Path = ("compensation", "exclude", number)
            yield from self.condition((*where, "when"), exclusion.when, self.every)
            if not exclusion.because.strip():
                text = f'nobody could tell those whom "{exclusion.id}" leaves out why'
                hint = "write the reason in words that may be said to them"
                yield self.told((*where, "because"), "no-reason", text, hint)

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
        if unknown := sorted(conditions.names_in(text) - names.keys()):
            for name in unknown:
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
            what = "says who the customer is" if name in KNOWN else "stands in `about`"
            text = f'"{name}" {what}, and only what happened counts: same harm, same remedy'
            hint = "ask only columns of `harm` and facts here; exclusions may ask more"
            return self.told(path, "unequal-tier", text, hint)
        if name in self.harm and names is self.row:
            text = f'"{name}" is no column of a row: rows are counted by what they say'
            hint = f"there is {listed(sorted(names)[:_FEW])}"
            return self.told(path, "unknown-column", text, hint)
        guess = did_you_mean(name, names)
        hint = f'did you mean "{guess}"?' if guess else f"there is {listed(sorted(names)[:_FEW])}"
        return self.told(path, "unknown-column", f'nothing is called "{name}"', hint)

    def refund(self, path: Path, text: str) -> Iterator[Problem]:
        found = yield from self.kind(path, text, self.harm)
        if found and found != "money":
            what = f"{text!r} is no sum of money: name a column of type money"
            hint = "money that goes back stands in a row, or is summed up over rows"
            yield self.told(path, "bad-offer", what, hint)

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
