"""What a person may say of what a plan left to them: it is settled so, or open again."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from crisisctl.compensation.left import Left
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.compensated import LeftTo
from crisisctl.incident.fold import Incident
from crisisctl.incident.remedy import Made
from crisisctl.playbook.amounts import money_parts, parse_money
from crisisctl.runner.compensation import last

_WHY = 'say how or why: --because "Paid by bank transfer"'


class Found(Struct, frozen=True):
    """A line of a list of what is left to a person."""

    made: Made
    of: LeftTo
    left: Left


def sum_paid(text: str, currency: str) -> tuple[Decimal, str]:
    """What was paid, as typed; nought where nothing was. Raises `BadValue`."""
    if not text.strip():
        return Decimal(0), currency
    bare = not any(char.isalpha() or char in "€£$₺₽¥" for char in text)
    return money_parts(parse_money(f"{text} {currency}" if bare else text))


def settled(
    now: Incident, found: list[Found], paid: Decimal, currency: str, because: str
) -> list[ev.Event]:
    """Record it in the newest list, and that earlier lists with the same customer are done.

    What is owed beyond what was paid grows from plan to plan, so the newest list tells all of it.
    """
    because = because.strip()
    if not because:
        raise CrisisError("settling needs a reason", hint=_WHY)
    *earlier, newest = found
    left, plan = newest.left, newest.made.event.plan
    if left.currency and currency != left.currency:
        what = f"this customer is owed {left.currency}, and {currency} was paid"
        raise CrisisError(what, hint=f"write the sum in {left.currency}")
    done = [_said(now, each) for each in earlier]
    before = sum((each.paid for each in done if each), Decimal(0))
    if left.sum and paid + before > left.sum:
        also = f", of which {before} is paid by hand already" if before else ""
        raise CrisisError(
            f"{paid} {currency} is more than is open: {left.sum} {currency}{also}",
            hint="did you mean another sum, or another customer?",
            code=1,
        )
    events: list[ev.Event] = [
        ev.CompensationSettled(
            each.made.event.plan, each.of, each.left.line, each.left.currency, each.left.sum,
            because=f"with plan {plan}",
        )
        for each, said in zip(earlier, done, strict=True)
        if said is None
    ]  # fmt: skip
    return [
        *events,
        ev.CompensationSettled(
            plan, newest.of, left.line, currency, left.sum, paid=paid, because=because
        ),
    ]


def reopened(now: Incident, found: Found, because: str) -> ev.Event:
    """Record that it is open again. Raises where it is."""
    said = _said(now, found)
    if said is None:
        raise CrisisError("it is open: nobody has settled it", code=1)
    if not because.strip():
        raise CrisisError("opening it again needs a reason", hint='add --because "…"')
    return ev.CompensationSettled(
        said.plan, said.of, said.line, said.currency, said.owed, because=because.strip(), open=True
    )


def _said(now: Incident, found: Found) -> ev.CompensationSettled | None:
    """What stands of a line so far; None where it is open."""
    said = last(now, found.made.event.plan).settled(found.of).get(found.left.line)
    return said.event if said else None
