"""What an incident knows at a moment, as values: for conditions and for messages."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from crisisctl.incident.fold import Incident
from crisisctl.playbook import conditions, values
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.values import Value

Names = dict[str, Value]
_VALUES = (str, int, Decimal, datetime, timedelta, tuple)


def confirmed(incident: Incident, *, now: datetime) -> Names:
    """Confirmed facts only: all that a message may say."""
    return _computed(incident, _recorded(incident, ("confirmed",)), now)


def believed(incident: Incident, *, now: datetime) -> Names:
    """Confirmed and suspected facts: what people act on, and conditions speak of."""
    return _computed(incident, _recorded(incident, ("confirmed", "suspected")), now)


def holds(condition: str, incident: Incident, *, now: datetime) -> bool:
    """Whether a condition holds; one that cannot be decided does.

    In a crisis a step shown once too often costs less than one never shown.
    """
    names: dict[str, object] = {**believed(incident, now=now), "now": now}
    names["severity"] = incident.severity or "sev1"
    try:
        return bool(conditions.evaluate(condition, names))
    except BadExpression:
        return True


def _recorded(incident: Incident, statuses: tuple[str, ...]) -> Names:
    found: Names = {}
    for name, known in incident.facts.items():
        spec = incident.spec(name)
        if spec is not None and known.status in statuses:
            found[name] = values.decode(spec, known.value)
    return found


def _computed(incident: Incident, names: Names, now: datetime) -> Names:
    for plan in incident.plans.values():
        for name, fact in plan.facts.items():
            if fact.compute and name not in names:
                value = _evaluated(fact.compute, names, now)
                if value is not None:
                    names[name] = value
    return names


def _evaluated(expression: str, names: Names, now: datetime) -> Value | None:
    try:
        value = conditions.evaluate(expression, {**names, "now": now})
    except BadExpression:
        return None
    return value if isinstance(value, _VALUES) else None
