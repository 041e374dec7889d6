"""The figures over all incidents as JSON: stable keys, seconds named so, sums as text."""

from __future__ import annotations

from typing import Any

from crisisctl.learning.figures import SPANS, Cost
from crisisctl.learning.spread import Spread
from crisisctl.learning.stats import DEFINITIONS, Group, Stats, Tally, Wanted

Json = dict[str, Any]


def stats(found: Stats, wanted: Wanted, unread: dict[str, str]) -> Json:
    """All of it, with the definition of each figure."""
    return {
        "since": wanted.since.isoformat() if wanted.since else None,
        "until": wanted.until.isoformat() if wanted.until else None,
        "playbook": wanted.playbook or None,
        "by": found.by,
        "first_day": found.first_day or None,
        "last_day": found.last_day or None,
        "total": _group(found.total),
        "groups": [{found.by or "group": one.key, **_group(one)} for one in found.groups],
        "clock_jumps": [{"incident": id, "spans": names} for id, names in found.leaping.items()],
        "unread": [{"incident": id, "because": because} for id, because in unread.items()],
        "definitions": DEFINITIONS,
    }


def _group(one: Group) -> Json:
    return {
        "incidents": one.incidents,
        "restricted": one.restricted,
        "reopened": one.reopened,
        "by_status": one.statuses,
        "by_severity": one.severities,
        "by_playbook": one.playbooks,
        "by_month": one.months,
        **{span.name: _spread(one.spans[span.name]) for span in SPANS},
        "messages": {"sent": one.messages, "texts": one.texts},
        "promises": _tally(one.promises, "kept", "broken"),
        "deadlines": _tally(one.deadlines, "met", "missed"),
        "clocks": _tally(one.clocks, "met", "missed"),
        "actions": {
            "open": one.actions.open,
            "overdue": one.actions.overdue,
            "done": one.actions.done,
            "declined": one.actions.declined,
        },
        "compensation": {
            "incidents": one.compensated,
            "sums": [
                {"currency": c.currency, "expected": str(c.expected), "so_far": str(c.so_far)}
                for c in one.compensation
            ],
        },
        "at_risk": {"incidents": one.at_risk_known, "sums": [_risk(c) for c in one.at_risk]},
        "causes": one.causes,
        "cause_suspected": one.cause_suspected,
        "cause_unknown": one.cause_unknown,
        "customers_first": {"incidents": one.customers_first, "of": one.noticed},
    }


def _spread(spread: Spread) -> Json:
    return {
        "n": spread.n,
        "p50_seconds": _whole(spread.p50),
        "p90_seconds": _whole(spread.p90),
        "missing": spread.missing,
        "negative": spread.negative,
    }


def _whole(seconds: float | None) -> int | None:
    return round(seconds) if seconds is not None else None


def _tally(tally: Tally, good: str, bad: str) -> Json:
    return {good: tally.met, bad: tally.missed, "waived": tally.waived, "open": tally.open}


def _risk(cost: Cost) -> Json:
    return {"currency": cost.currency, "amount": str(cost.expected)}
