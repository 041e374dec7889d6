"""How customers were compensated: planned, handed out, used so far, against the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from crisisctl.incident.compensated import PlanLine, RedemptionsRead
from crisisctl.incident.fold import Incident
from crisisctl.incident.remedy import Made
from crisisctl.playbook.amounts import decimals

_NOUGHT = Decimal(0)


class Part(Struct, frozen=True):
    """One part of the policy in one currency: what was handed out, what came of it."""

    line: PlanLine
    used: int | None = None
    """Codes that were used; None where nothing of the kind can be, or nobody has looked."""
    given: Decimal = _NOUGHT
    """What the shop took off for them, in the currency of the line."""


class MadeGood(Struct, frozen=True):
    """The compensation of an incident, from its record alone."""

    currency: str
    plans: tuple[Made, ...]
    parts: tuple[Part, ...]
    """What was handed out by all plans together."""
    expected: Decimal
    """What that will probably cost."""
    so_far: Decimal
    """What it has cost: money back, and what used codes took off."""
    read: RedemptionsRead | None = None
    read_at: datetime | None = None


def made_good(incident: Incident) -> MadeGood | None:
    """What the report says of compensation; None where nothing was planned."""
    if not incident.plans_made:
        return None
    last = incident.plans_made[-1].event
    read = incident.redeemed[-1] if incident.redeemed else None
    uses = {(u.tier, u.currency): u for u in read.event.lines} if read else {}
    lines = list(_together(incident))
    parts = []
    for line in lines:
        use = uses.get((line.id, line.currency))
        looked = read is not None and line.book in ("discount", "liability")
        parts.append(
            Part(
                line,
                (use.used if use else 0) if looked else None,
                use.given if use else _NOUGHT,
            )
        )
    rates = _rates(incident, last.playbook)
    return MadeGood(
        currency=last.currency,
        plans=tuple(incident.plans_made),
        parts=tuple(parts),
        expected=sum((line.expected for line in lines), _NOUGHT),
        so_far=sum((_cost(part, rates, last.currency) for part in parts), _NOUGHT),
        read=read.event if read else None,
        read_at=read.at if read else None,
    )


def _together(incident: Incident) -> Iterator[PlanLine]:
    """What all plans handed out, each part in each currency once."""
    found: dict[tuple[str, str], PlanLine] = {}
    for made in incident.plans_made:
        for line in made.out.event.lines if made.out else ():
            key = (line.id, line.currency)
            before = found.get(key)
            found[key] = line if before is None else _sum(before, line)
    yield from found.values()


def _sum(one: PlanLine, other: PlanLine) -> PlanLine:
    return PlanLine(
        one.part,
        one.id,
        one.title,
        one.currency,
        one.customers + other.customers,
        one.face + other.face,
        one.expected + other.expected,
        one.book,
    )


def _rates(incident: Incident, playbook: str) -> Mapping[str, Decimal]:
    changed = incident.plans_made[-1].event.changed
    plan = incident.plans.get(playbook)
    policy = changed or (plan.compensation if plan else None)
    return {code: Decimal(rate) for code, rate in (policy.rates if policy else {}).items()}


def _cost(part: Part, rates: Mapping[str, Decimal], currency: str) -> Decimal:
    """What one part has cost so far, in the currency of the policy."""
    if part.line.book in ("refund", "cost"):
        return part.line.expected
    worth = part.given * rates.get(part.line.currency, Decimal(1))
    return worth.quantize(Decimal(1).scaleb(-decimals(currency)), ROUND_HALF_UP)
