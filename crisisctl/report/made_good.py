"""How customers were compensated: planned, handed out, used so far, against the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from crisisctl.incident import compensated as events
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


class LeftTo(Struct, frozen=True):
    """What a plan left to a person, and how much of it is settled."""

    plan: int
    of: events.LeftTo
    many: int
    settled: int
    paid: dict[str, Decimal]
    """What was paid by hand, by currency."""

    @property
    def open(self) -> int:
        """How many are open."""
        return max(self.many - self.settled, 0)


class MadeGood(Struct, frozen=True):
    """The compensation of an incident, from its record alone."""

    currency: str
    plans: tuple[Made, ...]
    parts: tuple[Part, ...]
    """What was handed out by all plans together."""
    expected: Decimal
    """What that will probably cost."""
    so_far: Decimal
    """What it has cost: money back, also by hand, and what used codes took off."""
    left: tuple[LeftTo, ...] = ()
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
    left = tuple(_left(incident))
    by_hand = [_worth(sum_, code, rates, last.currency) for each in left
               for code, sum_ in each.paid.items()]  # fmt: skip
    return MadeGood(
        currency=last.currency,
        plans=tuple(incident.plans_made),
        parts=tuple(parts),
        expected=sum((line.expected for line in lines), _NOUGHT),
        so_far=sum([*by_hand, *(_cost(part, rates, last.currency) for part in parts)], _NOUGHT),
        left=left,
        read=read.event if read else None,
        read_at=read.at if read else None,
    )


def _left(incident: Incident) -> Iterator[LeftTo]:
    """What plans that were handed out left to a person; of rows, what the newest of them did."""
    out = [made for made in incident.plans_made if made.out or made.said]
    for made in out:
        of_all: list[tuple[events.LeftTo, int]] = [
            ("look-at", made.out.event.by_hand if made.out else 0),
            ("rows", made.event.unreadable),
        ]
        for of, many in of_all:
            done = made.settled(of)
            paid: dict[str, Decimal] = {}
            for each in done.values():
                code = each.event.currency
                paid[code] = paid.get(code, _NOUGHT) + each.event.paid
            if done or (many and (of == "look-at" or made is out[-1])):
                sums = {code: sum_ for code, sum_ in paid.items() if sum_}
                many = many if made is out[-1] or of == "look-at" else len(done)
                yield LeftTo(made.event.plan, of, many, len(done), sums)


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
    return _worth(part.given, part.line.currency, rates, currency)


def _worth(sum_: Decimal, code: str, rates: Mapping[str, Decimal], currency: str) -> Decimal:
    """A sum in the currency of the policy."""
    worth = sum_ * rates.get(code, Decimal(1))
    return worth.quantize(Decimal(1).scaleb(-decimals(currency)), ROUND_HALF_UP)
