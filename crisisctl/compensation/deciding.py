"""The policy as one function: what happened to a customer -> what they get, and why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from crisisctl.compensation.cells import NONE, BadCell, paid
from crisisctl.compensation.expression import source, unknown
from crisisctl.compensation.offers import face, kind
from crisisctl.errors import CrisisError
from crisisctl.playbook.conditions import names_in
from crisisctl.playbook.fairness import KNOWN, sums
from crisisctl.playbook.policy import Policy

NOBODY = -1
"""The number of no tier, and of no exclusion."""

Facts = Mapping[str, object]


class Outcome(NamedTuple):
    """What one customer gets."""

    tier: int
    """The first tier that matches, by its place; -1 where none does."""
    value: Decimal
    """What its offer is worth."""
    excluded: int
    """The exclusion that keeps its offer from them, by its place; -1 where none does."""
    owed: tuple[Decimal, ...]
    """What must go back to them, for each kind of it; empty where nothing must."""

    @property
    def touched(self) -> bool:
        """Whether they get something, or would and do not."""
        return self.tier >= 0 or bool(self.owed) or self.excluded >= 0

    @property
    def gets(self) -> bool:
        """Whether they get something."""
        return bool(self.owed) or (self.tier >= 0 and self.excluded < 0)


class Who(NamedTuple):
    """What an export says of a customer, whatever the policy."""

    customer: str
    email: str
    name: str
    locale: str
    country: str
    segment: str
    currency: str
    order: str


Decide = Callable[[Sequence[object], Who], Outcome]


def columns(policy: Policy) -> list[str]:
    """The columns that a policy reads of a customer: harm, then what exclusions ask besides."""
    asked = set[str]().union(*(names_in(each.when) for each in policy.exclude))
    return [*policy.harm, *(name for name in policy.about if name in asked)]


def needed(policy: Policy) -> set[str]:
    """The facts that a policy asks."""
    written = [each.when for each in policy.exclude]
    written += [each.when for each in policy.owed]
    written += [each.when for each in policy.tiers]
    found = set[str]().union(*map(names_in, written))
    found |= {t.offer.percent for t in policy.tiers if isinstance(t.offer.percent, str)}
    return found - {*policy.harm, *policy.about, *KNOWN}


def compiled(policy: Policy, facts: Facts) -> Decide:
    """The policy as a function over `columns(policy)` and who it is.

    Raises `CrisisError` where the policy asks a fact that nobody has answered. What it returns
    raises `BadCell` for a customer that a person must look at.
    """
    return _Compiler(policy, facts).function()


def answered(policy: Policy, facts: Facts) -> tuple[dict[str, object], frozenset[str]]:
    """The facts that a policy asks, as its conditions see them; and those nobody answered."""
    asked = needed(policy)
    known = {name: _plain(value) for name, value in facts.items() if name in asked}
    return known, frozenset(asked - known.keys())


def percents(policy: Policy, facts: Facts) -> list[Decimal | None]:
    """What share each tier's offer takes off. Raises where a fact says it that nobody answered."""
    return [_percent(each.offer.percent, facts) for each in policy.tiers]


def _percent(said: int | str | None, facts: Facts) -> Decimal | None:
    if not isinstance(said, str):
        return None if said is None else Decimal(said)
    if said not in facts:
        hint = f"record it first: crisisctl fact {said} VALUE"
        raise CrisisError(f"the policy needs to know {said}", hint=hint)
    share = Decimal(str(facts[said]))
    if not 0 <= share <= 100:
        hint = f"correct it: crisisctl fact {said} VALUE"
        raise CrisisError(f"{said} is {share}, and a share is 0 to 100", hint=hint)
    return share


class _Compiler:
    def __init__(self, policy: Policy, facts: Facts) -> None:
        self.policy = policy
        known, self.unknown = answered(policy, facts)
        self.constants: dict[str, object] = {
            f"f{place}": value for place, value in enumerate(known.values())
        }
        self.names = {name: f"v{place}" for place, name in enumerate(columns(policy))}
        self.variables = {
            **{name: f"f{place}" for place, name in enumerate(known)},
            **{name: f"who.{name}.lower()" for name in KNOWN},
            **self.names,
        }
        self.percents = percents(policy, facts)

    def function(self) -> Decide:
        rows = list(self._lines())
        text = "\n".join(["def decide(values, who):", *(f"    {row}" for row in rows)])
        room: dict[str, object] = {
            **self.constants,
            "Decimal": Decimal,
            "Outcome": Outcome,
            "NONE": NONE,
            "faces": Faces(self.policy, self.percents),
            "missing": missing,
            "unknown": unknown,
        }
        exec(compile(text, "<compensation policy>", "exec"), room)
        found: Decide = room["decide"]  # type: ignore[assignment]
        return found

    def _lines(self) -> Iterable[str]:
        policy = self.policy
        yield f"{''.join(f'{name}, ' for name in self.names.values())} = values"
        yield "tier, value, excluded, owed = -1, NONE, -1, ()"
        for place, tier in enumerate(policy.tiers):
            yield f"{'elif' if place else 'if'} {self._written(tier.when)}:"
            yield f"    tier, value = {place}, {self._value(place)}"
        if policy.owed:
            yield f"if {' or '.join(self._written(each.when) for each in policy.owed)}:"
            sums = [
                f"(({self._written(each.refund)} or missing({each.id!r}))"
                f" if {self._written(each.when)} else NONE)"
                for each in policy.owed
            ]
            yield f"    owed = ({', '.join(sums)},)"
        yield from self._exclusions()
        yield "return Outcome(tier, value, excluded, owed)"

    def _exclusions(self) -> Iterable[str]:
        policy = self.policy
        if not policy.exclude:
            return
        yield "if tier >= 0 or owed:"
        for place, each in enumerate(policy.exclude):
            yield f"    {'elif' if place else 'if'} {self._written(each.when)}:"
            yield f"        excluded = {place}"
            if not each.owed:
                yield "        owed = ()"
        yield "    if tier < 0 and owed: excluded = -1"  # nothing is kept from them
        yield "    if excluded >= 0: value = NONE"

    def _value(self, place: int) -> str:
        tier = self.policy.tiers[place]
        if kind(tier.offer) == "refund":
            return f"({self._written(tier.offer.refund)} or missing({tier.id!r}))"
        return f"faces[{place}, who.currency]"

    def _written(self, expression: str) -> str:
        return source(expression, self.variables, self.unknown)


class Faces(dict[tuple[int, str], Decimal]):
    """What each tier's offer is worth in each currency, within the cap, reckoned once.

    Money back is not among them: it is paid whole, as its letter says, whatever the cap is.
    """

    def __init__(self, policy: Policy, percents: Sequence[Decimal | None]) -> None:
        self._policy, self._percents = policy, percents

    def __missing__(self, key: tuple[int, str]) -> Decimal:
        place, currency = key
        found = face(self._policy.tiers[place].offer, currency, self._percents[place])
        if found and self._policy.cap:
            found = min(found, paid(sums(self._policy.cap), currency))
        self[key] = found
        return found


def missing(id: str) -> Decimal:
    """Refuse a customer to whom something is owed, and nobody knows how much."""
    raise BadCell(f'"{id}" holds, and there is no sum to pay back')


def _plain(value: object) -> object:
    """A fact as conditions see it: words without case, as the cells are."""
    match value:
        case str():
            return value.strip().lower()
        case tuple() | list():
            return tuple(str(each).strip().lower() for each in value)
        case datetime() | timedelta():
            return str(value)
    return value
