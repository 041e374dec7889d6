"""The figures over many incidents: how many, how long, what was kept and missed, what it cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from crisisctl.learning.figures import SPANS, Cost, Figures, Kind
from crisisctl.learning.spread import Spread, spread

By = Literal["playbook", "month", "severity"]
BY: tuple[By, ...] = ("playbook", "month", "severity")
UNJUDGED = "not judged"
CUSTOMERS = "customers"

DEFINITIONS = {
    "incidents": "by the day of their declaration, in their own zone; severity as it stands now",
    **{span.name: f"from {span.from_} to {span.to}" for span in SPANS},
    "p50": "the median: half took no longer",
    "p90": "nine of ten took no longer (nearest rank); none below five incidents",
    "missing": "a milestone is not there (yet): counted apart, in no median",
    "negative": "ends before it begins, so a time is wrong: counted apart, in no median",
    "messages": "times a message went out, and the texts in them: one a channel and language",
    "promises": "kept in time; broken: kept late, or not by their time; waived; open: time is left",
    "deadlines": "met in time; missed: met late, or not by their time; waived; open: time is left",
    "clocks": "regulators' clocks with an end: notified in time; missed: late, or not by its end; "
    "waived: decided not to notify; open: time is left",
    "actions": "done, declined, open; overdue: open after their day, and counted as open too",
    "compensation": "expected: of what was handed out; so far: money back and codes used",
    "at_risk": "what an hour usually brings (revenue_per_hour) times the time to mitigate",
    "causes": "classes of cause that the review found, else the confirmed cause; one incident may "
    "have several",
    "customers_first": "incidents in which customers noticed first, of those that say who did",
    "reopened": "incidents that were opened again at least once",
}
"""What each figure counts."""


class Tally(Struct, frozen=True):
    """How obligations of one kind ended."""

    met: int = 0
    missed: int = 0
    waived: int = 0
    open: int = 0


class Actions(Struct, frozen=True):
    """How the follow-up work stands; what is overdue is open, too."""

    open: int
    overdue: int
    done: int
    declined: int


class Group(Struct, frozen=True):
    """The figures of some incidents together."""

    key: str
    incidents: int
    restricted: int
    reopened: int
    statuses: dict[str, int]
    severities: dict[str, int]
    playbooks: dict[str, int]
    months: dict[str, int]
    spans: dict[str, Spread]
    messages: int
    texts: int
    deadlines: Tally
    promises: Tally
    clocks: Tally
    actions: Actions
    compensation: tuple[Cost, ...]
    """A line for each currency: they are never added up."""
    compensated: int
    at_risk: tuple[Cost, ...]
    at_risk_known: int
    causes: dict[str, int]
    cause_suspected: int
    cause_unknown: int
    customers_first: int
    noticed: int
    """Incidents that say who noticed first."""


class Stats(Struct, frozen=True):
    """All of it, and how it was chosen."""

    total: Group
    by: By | None
    groups: list[Group]
    leaping: dict[str, list[str]]
    """Incidents with times that end before they begin, and which."""
    first_day: str
    last_day: str


class Wanted(Struct, frozen=True):
    """Which incidents are meant."""

    since: date | None = None
    until: date | None = None
    playbook: str = ""

    def takes(self, one: Figures) -> bool:
        """Whether an incident is meant; a plan that was added later counts, too."""
        if self.playbook and self.playbook not in one.playbooks:
            return False
        if self.since is not None and one.day < self.since.isoformat():
            return False
        return self.until is None or one.day <= self.until.isoformat()


def stats(every: Iterable[Figures], wanted: Wanted, by: By | None, *, now: datetime) -> Stats:
    """The figures of the incidents that are meant, together and group by group."""
    chosen = [one for one in every if wanted.takes(one)]
    days = sorted(one.day for one in chosen if one.day)
    return Stats(
        total=group("", chosen, now=now),
        by=by,
        groups=[group(key, members, now=now) for key, members in _grouped(chosen, by)],
        leaping={one.incident: leaps for one in chosen if (leaps := one.leaping())},
        first_day=days[0] if days else "",
        last_day=days[-1] if days else "",
    )


def group(key: str, members: Sequence[Figures], *, now: datetime) -> Group:
    """The figures of these incidents together."""
    costs = [one.cost for one in members if one.cost is not None]
    risks = [one.at_risk for one in members if one.at_risk is not None]
    noticed = [one.noticed_by for one in members if one.noticed_by]
    causes = Counter(cause for one in members for cause in one.causes)
    return Group(
        key=key,
        incidents=len(members),
        restricted=sum(one.restricted for one in members),
        reopened=sum(one.reopened > 0 for one in members),
        statuses={s: _count(members, "status", s) for s in ("open", "resolved", "closed")},
        severities=_counted(one.severity or UNJUDGED for one in members),
        playbooks=_counted(one.playbook for one in members),
        months=_counted(one.month for one in members if one.day),
        spans={s.name: spread(one.spans.get(s.name) for one in members) for s in SPANS},
        messages=sum(one.sent for one in members),
        texts=sum(one.texts for one in members),
        deadlines=_tally(members, "deadline", now),
        promises=_tally(members, "promise", now),
        clocks=_tally(members, "notice", now),
        actions=_actions(members, now.date()),
        compensation=_summed(costs),
        compensated=len(costs),
        at_risk=_summed(risks),
        at_risk_known=len(risks),
        causes=dict(causes.most_common()),
        cause_suspected=sum(one.suspected for one in members),
        cause_unknown=sum(not one.causes and not one.suspected for one in members),
        customers_first=noticed.count(CUSTOMERS),
        noticed=len(noticed),
    )


_KEYS: dict[By, Callable[[Figures], str]] = {
    "playbook": lambda one: one.playbook,
    "month": lambda one: one.month,
    "severity": lambda one: one.severity or UNJUDGED,
}


def _grouped(members: Sequence[Figures], by: By | None) -> list[tuple[str, list[Figures]]]:
    if by is None:
        return []
    found: dict[str, list[Figures]] = {}
    for one in members:
        found.setdefault(_KEYS[by](one), []).append(one)
    return sorted(found.items())


def _count(members: Sequence[Figures], field: str, value: str) -> int:
    return sum(getattr(one, field) == value for one in members)


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _tally(members: Sequence[Figures], kind: Kind, now: datetime) -> Tally:
    found = Counter(owed.standing(now) for one in members for owed in one.owed if owed.kind == kind)
    return Tally(found["met"], found["missed"], found["waived"], found["open"])


def _actions(members: Sequence[Figures], today: date) -> Actions:
    items = [item for one in members for item in one.actions]
    found = Counter(item.status for item in items)
    overdue = sum(item.overdue(today) for item in items)
    return Actions(found["open"], overdue, found["done"], found["declined"])


def _summed(costs: Iterable[Cost]) -> tuple[Cost, ...]:
    found: dict[str, Cost] = {}
    for cost in costs:
        before = found.get(cost.currency, Cost(cost.currency, Decimal(0), Decimal(0)))
        found[cost.currency] = Cost(
            cost.currency, before.expected + cost.expected, before.so_far + cost.so_far
        )
    return tuple(found[currency] for currency in sorted(found))
