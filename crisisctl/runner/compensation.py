"""What may be done about making good: plan, approve, hand out, in this order and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from crisisctl.compensation.before import MORE
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.knowledge import confirmed
from crisisctl.incident.remedy import Made
from crisisctl.messages.approval import Holders
from crisisctl.playbook.amounts import money_parts, parse_money
from crisisctl.playbook.model import HANDED_OUT, Playbook
from crisisctl.playbook.policy import Policy
from crisisctl.text import listed

_PLAN = "`crisisctl compensate plan FILE` reckons one"


class Window(Struct, frozen=True):
    """Between which moments rows count; None: no bound."""

    since: datetime | None
    until: datetime | None


class Standing(Struct, frozen=True):
    """How far a plan has come on its way to be handed out."""

    given: tuple[str, ...]
    """Who has approved it."""
    needed: int
    why_two: str = ""
    """Why two people must; empty where one is enough."""
    wanted: str = ""
    """What is still missing, in words; empty when it may be handed out."""


def policy_of(incident: Incident, playbook: str = "") -> tuple[Playbook, Policy]:
    """The plan of the incident that has a policy, and the policy."""
    for plan in incident.plans.values():
        if plan.compensation is not None and playbook in ("", plan.playbook):
            return plan, plan.compensation
    names = listed(incident.plans)
    raise CrisisError(
        f"no policy says how to make good: {playbook or names} has no `compensation:`",
        hint="add one to the playbook; `crisisctl show outage` shows an example",
    )


def window(incident: Incident, policy: Policy, *, now: datetime) -> Window:
    """The moments of the facts that the policy names. Raises where the first is not known."""
    known = confirmed(incident, now=now)
    since, until = (known.get(name) for name in (policy.window.from_, policy.window.until))
    if policy.window.from_ and not isinstance(since, datetime):
        raise CrisisError(
            f"rows count from {policy.window.from_} on, and nobody has answered that for sure",
            hint=f"crisisctl fact {policy.window.from_} TIME, or --change window.from=TIME",
        )
    return Window(
        since if isinstance(since, datetime) else None,
        until if isinstance(until, datetime) else None,
    )


def last(incident: Incident, number: int | None = None) -> Made:
    """A plan by its number, or the newest. Raises where there is none."""
    if not incident.plans_made:
        raise CrisisError("nothing is planned yet", hint=_PLAN)
    if number is None:
        return incident.plans_made[-1]
    for made in incident.plans_made:
        if made.event.plan == number:
            return made
    known = listed(str(made.event.plan) for made in incident.plans_made)
    raise CrisisError(f"there is no plan {number}", hint=f"there is {known}")


def in_force(incident: Incident, made: Made) -> Policy:
    """The policy that a plan was reckoned with."""
    if made.event.changed is not None:
        return made.event.changed
    return policy_of(incident, made.event.playbook)[1]


def standing(incident: Incident, made: Made, holders: Holders) -> Standing:
    """Whether a plan may be handed out, by the approvals that were given to exactly it."""
    policy = in_force(incident, made)
    why = why_two(policy, made.event.expected, changed=made.event.changed is not None)
    needed = 2 if why else 1
    given = tuple(
        dict.fromkeys(
            each.by
            for each in made.signed
            if each.event.bound == made.bound and _may(each.by, policy, holders)
        )
    )
    missing = needed - len(given)
    if missing <= 0:
        return Standing(given, needed, why)
    people = "1 person" if missing == 1 else f"{missing} people"
    who = f"{people} ({listed(policy.approval.roles, 'or')})" if policy.approval.roles else people
    also = f", for {why}" if why else ""
    more = " more" if given else ""
    wanted = f"{who.replace(' ', f'{more} ', 1)} must approve plan {made.event.plan}{also}"
    return Standing(given, needed, why, wanted)


def approve(
    incident: Incident, number: int | None, *, operator: str, holders: Holders, because: str
) -> list[ev.Event]:
    """Approve a plan as it stands. Raises where this person may not, or it is too late."""
    made = last(incident, number)
    policy = in_force(incident, made)
    plan = made.event.plan
    if made.out is not None:
        raise CrisisError(f"plan {plan} is handed out already", code=1)
    newest = incident.plans_made[-1].event.plan
    if plan != newest:
        hint = f"approve that one: crisisctl compensate approve {newest}"
        raise CrisisError(f"plan {plan} was replaced by plan {newest}", hint=hint, code=1)
    refuse_dear(made, policy)
    refuse_empty(made)
    if not _may(operator, policy, holders):
        roles = listed(policy.approval.roles, "or")
        raise CrisisError(
            f"{operator} may not approve this plan: that is for {roles}",
            hint=f"`crisisctl role {policy.approval.roles[0]} NAME` names who holds it",
            code=1,
        )
    if any(each.by == operator and each.event.bound == made.bound for each in made.signed):
        raise CrisisError(
            f"{operator} has approved plan {plan} already", hint="somebody else must", code=1
        )
    role = next((r for r in policy.approval.roles if operator in holders.get(r, ())), "")
    return [ev.CompensationApproved(plan, made.bound, role, because.strip())]


def over_budget(policy: Policy, gestures: Decimal) -> Decimal:
    """By how much gestures that will probably cost so much exceed the budget; 0 where not."""
    if not policy.budget:
        return Decimal(0)
    return max(gestures - money_parts(parse_money(policy.budget))[0], Decimal(0))


def why_two(policy: Policy, expected: Decimal, *, changed: bool) -> str:
    """Why two people must approve a plan that will probably cost so much; empty where one may."""
    if changed:
        return "the policy was changed for it"
    if policy.approval.two_over:
        most, currency = money_parts(parse_money(policy.approval.two_over))
        if expected > most:
            return f"it will probably cost more than {most:,} {currency}"
    return ""


def refuse_dear(made: Made, policy: Policy) -> None:
    """Raise where a plan would cost more than the budget allows."""
    cost, currency = made.event.gestures, policy.currency
    if over_budget(policy, cost):
        budget = money_parts(parse_money(policy.budget))[0]
        raise CrisisError(
            f"the gestures of plan {made.event.plan} will probably cost {cost:,} {currency}, "
            f"and the budget is {budget:,} {currency}",
            hint="change the policy or its budget, and say why: "
            'crisisctl compensate plan FILE --change "budget=…" --because "…"',
            code=1,
        )


def refuse_empty(made: Made) -> None:
    """Raise where a plan gives nothing to anybody, and leaves nothing to a person."""
    event = made.event
    if not event.customers and not any(line.id == MORE for line in event.lines):
        raise CrisisError(
            f"plan {event.plan} gives nothing to anybody",
            hint="is it the right export? `crisisctl compensate show` tells who was left out",
            code=1,
        )


def refuse_unsigned(incident: Incident, made: Made, holders: Holders) -> None:
    """Raise where a plan may not be handed out."""
    policy = in_force(incident, made)
    plan, newest = made.event.plan, incident.plans_made[-1].event.plan
    if plan != newest and made.out is None:
        raise CrisisError(f"plan {plan} was replaced by plan {newest}", code=1)
    refuse_dear(made, policy)
    found = standing(incident, made, holders)
    if found.wanted:
        hint = f"`crisisctl compensate show` shows it; then crisisctl compensate approve {plan}"
        raise CrisisError(found.wanted, hint=hint, code=1)


def handed_out(incident: Incident, event: ev.CompensationIssued) -> list[ev.Event]:
    """Record that a plan was handed out, and which parts of the policy anybody has got so far."""
    known = incident.known(HANDED_OUT)
    before: Iterable[str] = known.value if known and isinstance(known.value, list) else ()
    ids = [*before, *(line.id for line in event.lines if line.part != "excluded")]
    events: list[ev.Event] = [event]
    if ids and list(dict.fromkeys(ids)) != list(before):
        events.append(ev.FactRecorded(HANDED_OUT, list(dict.fromkeys(ids)), source="the ledger"))
    return events


def _may(person: str, policy: Policy, holders: Holders) -> bool:
    roles = policy.approval.roles
    return not roles or any(person in holders.get(role, ()) for role in roles)
