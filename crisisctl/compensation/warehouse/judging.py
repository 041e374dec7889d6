"""The policy over the customers of a table: what `compensation.deciding` is for Python."""

from __future__ import annotations

from collections.abc import Sequence

from crisisctl.compensation.cells import BadCell
from crisisctl.compensation.deciding import NOBODY, Faces, Facts, Who, answered, columns, percents
from crisisctl.compensation.offers import kind
from crisisctl.compensation.roll import LONGEST
from crisisctl.compensation.warehouse.conditions import written
from crisisctl.compensation.warehouse.engine import Engine, Rows, Value
from crisisctl.messages.bulk.recipients import named_languages
from crisisctl.playbook.fairness import KNOWN
from crisisctl.playbook.policy import Policy


def owed_column(id: str) -> str:
    """What the column is called that holds a sum that must go back."""
    return f"owed_{id.replace('-', '_')}"


class Judging:
    """Adds to customers what each of them gets."""

    def __init__(self, engine: Engine, policy: Policy, facts: Facts) -> None:
        """Raises `CrisisError` where the policy asks a fact that nobody has answered."""
        self._engine, self._policy = engine, policy
        self._known, self._unknown = answered(policy, facts)
        self._faces = Faces(policy, percents(policy, facts))
        self._currencies = (policy.currency, *policy.rates)

    def outcomes(self, found: Rows) -> Rows:
        """With `tier`, `value`, `excluded`, `owed_`, `affected`; and the faults of a decision."""
        engine, policy = self._engine, self._policy
        nought = engine.whole(0)
        found = found.mutate(wrong=engine.cases([(found.fault.notnull(), found.wrong)], found.line))
        found = found.mutate(tier_at=self._first(found, [t.when for t in policy.tiers]))
        found = self._excluded(self._owed(self._valued(found)))
        found = found.mutate(
            tier=self._ids(found.tier_at, [each.id for each in policy.tiers]),
            excluded=self._ids(found.excluded_at, [each.id for each in policy.exclude]),
            value=engine.cases([(found.excluded_at >= nought, 0)], found.value),
            **{
                owed_column(each.id): engine.cases([(found.owing, found[f"o{place}"])], 0)
                for place, each in enumerate(policy.owed)
            },
        )
        reached = (found.tier_at >= nought) | (found.excluded_at >= nought)
        found = found.mutate(affected=reached | found.owing)
        return found.mutate(fault=self._faulty(found, [(self._too_long(found), "too long")]))

    def _too_long(self, found: Rows) -> Value:
        """Whether somebody who matters has a name, an address or a number that cannot be one."""
        words = [found.key, found.w_email, found.w_name, self._language(found.w_locale.lower()),
                 found.w_country, found.w_segment]  # fmt: skip
        return found.affected & self._engine.some([word.length() > LONGEST for word in words])

    def _faulty(self, found: Rows, faults: list[tuple[Value, str]]) -> Value:
        """The fault of a customer: the one that is there, or the first of these."""
        if not faults:
            return found.fault
        return self._engine.cases([(found.fault.notnull(), found.fault), *faults], None)

    def _names(self, found: Rows) -> dict[str, object]:
        """What each name of the policy is, of a customer."""
        low: dict[str, object] = {name: found[f"w_{name}"].lower() for name in KNOWN}
        low["customer"] = found.key.lower()
        low["locale"] = self._language(found.w_locale.lower())
        own = {name: found[f"v{place}"] for place, name in enumerate(columns(self._policy))}
        return {**self._known, **low, **own}

    def _language(self, low: Value) -> Value:
        named = [(low == name, self._engine.literal(code)) for name, code in named_languages()]
        return self._engine.cases(named, low.re_extract("^[^-_.@ ]*", 0).fill_null(""))

    def _holds(self, found: Rows, condition: str) -> Value:
        return written(self._engine, condition, self._names(found), self._unknown)

    def _first(self, found: Rows, conditions: Sequence[str]) -> Value:
        """The place of the first condition that holds."""
        whole = self._engine.whole
        pairs = [(self._holds(found, each), whole(at)) for at, each in enumerate(conditions)]
        return self._engine.cases(pairs, whole(NOBODY))

    def _valued(self, found: Rows) -> Rows:
        """With what the offer of the tier is worth; an offer that has no such sum is a fault."""
        engine, pairs = self._engine, []
        faults: list[tuple[Value, str]] = []
        for place, tier in enumerate(self._policy.tiers):
            mine = found.tier_at == engine.whole(place)
            if kind(tier.offer) == "refund":
                amount = written(engine, tier.offer.refund, self._names(found), self._unknown)
                faults.append((mine & (amount == engine.literal(0)), f"no sum {tier.id}"))
                pairs.append((mine, amount))
                continue
            for currency in self._currencies:
                here = mine & (found.w_currency == currency)
                try:
                    pairs.append((here, engine.literal(self._faces[place, currency])))
                except BadCell:
                    faults.append((here, f"no currency {tier.id}"))
        value = engine.amount(engine.cases(pairs, 0))
        return found.mutate(value=value, fault=self._faulty(found, faults))

    def _owed(self, found: Rows) -> Rows:
        """With what must go back, `o0` and so on, and whether something does: `owing`."""
        engine, owed = self._engine, self._policy.owed
        names = self._names(found)
        holds = [self._holds(found, each.when) for each in owed]
        made: dict[str, Value] = {}
        faults: list[tuple[Value, str]] = []
        for place, (each, when) in enumerate(zip(owed, holds, strict=True)):
            amount = written(engine, each.refund, names, self._unknown)
            faults.append((when & (amount == engine.literal(0)), f"no sum {each.id}"))
            made[f"o{place}"] = engine.amount(engine.cases([(when, amount)], 0))
        fault = self._faulty(found, faults)
        return found.mutate(owing=engine.some(holds), fault=fault, **made)

    def _excluded(self, found: Rows) -> Rows:
        """With the exclusion that holds, and what it leaves of what is owed."""
        engine, policy = self._engine, self._policy
        whole = engine.whole
        if not policy.exclude:
            return found.mutate(excluded_at=whole(NOBODY))
        first = self._first(found, [each.when for each in policy.exclude])
        concerned = (found.tier_at >= whole(0)) | found.owing
        found = found.mutate(
            excluded_at=engine.cases([(concerned, first)], whole(NOBODY)), was_owing=found.owing
        )
        strict = [place for place, each in enumerate(policy.exclude) if not each.owed]
        if strict:
            found = found.mutate(owing=found.was_owing & ~found.excluded_at.isin(strict))
        untouched = (found.tier_at < whole(0)) & found.owing  # nothing is kept from them
        return found.mutate(
            excluded_at=engine.cases([(untouched, whole(NOBODY))], found.excluded_at)
        )

    def _ids(self, place: Value, ids: Sequence[str]) -> Value:
        return self._engine.cases(
            [(place == self._engine.whole(at), id) for at, id in enumerate(ids)], ""
        )


assert set(KNOWN) == set(Who._fields)
