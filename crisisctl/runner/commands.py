"""What an operator does, decided: a command over an incident gives new events.

Nothing here reads a clock, asks or prints; what may not be done raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from crisisctl.deadlines.looking_back import worst
from crisisctl.deadlines.notices import notices, regulators
from crisisctl.deadlines.owed import deadlines
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.playbook import values
from crisisctl.playbook.model import SEVERITIES, Fact, Milestone, Playbook, Severity, Start
from crisisctl.playbook.regulation import Regulation, Within
from crisisctl.playbook.values import Value
from crisisctl.runner.place import Place
from crisisctl.text import did_you_mean, listed

A_MOMENT = timedelta(minutes=2)
"""How far two clocks may differ before a time counts as still to come."""
REVIEW_NEEDED: tuple[Severity, ...] = ("sev1", "sev2")
"""Of these an incident is closed without a review only with a reason."""
_ORDER: tuple[tuple[Milestone, Milestone], ...] = (
    ("started", "detected"),
    ("started", "mitigated"),
    ("mitigated", "resolved"),
)
_STARTS_IN_ORDER: tuple[tuple[Start, Start], ...] = (
    ("occurred", "detected"),
    ("occurred", "suspected"),
    ("occurred", "aware"),
    ("detected", "aware"),
)
"""Nobody sees what has not happened, or is certain before there is a sign of it."""


def declare(
    plan: Playbook,
    source: str,
    *,
    title: str,
    time_zone: str,
    drill: bool,
    regulations: Sequence[Regulation] = (),
    review_within: Mapping[str, Within] | None = None,
) -> list[ev.Event]:
    """Open an incident that follows this plan."""
    return [
        ev.IncidentDeclared(title or plan.title, time_zone, drill, dict(review_within or {})),
        *_following(plan, source, regulations),
    ]


def graft(
    incident: Incident,
    plan: Playbook,
    source: str,
    *,
    because: str,
    at: datetime,
    regulations: Sequence[Regulation] = (),
) -> list[ev.Event]:
    """Let a running incident follow one more plan: an outage that turns out to be a breach."""
    if incident.declared_at is not None and at < incident.declared_at:
        hint = "the times of what happened before are facts: --set, or `crisisctl fact`"
        what = "a playbook cannot come in before the incident was declared"
        raise CrisisError(what, hint=hint)
    if plan.playbook in incident.plans:
        hint = f"go on with `crisisctl resume {incident.id}`"
        raise CrisisError(f"{incident.id} follows the playbook {plan.playbook} already", hint=hint)
    return _following(plan, source, regulations, _reason(because, "one more playbook"))


def _following(
    plan: Playbook, source: str, regulations: Sequence[Regulation], because: str = ""
) -> list[ev.Event]:
    found: list[ev.Event] = [ev.PlaybookAdded(plan.playbook, source, plan, because)]
    if plan.regulators is not None and regulations:
        found.append(ev.RegulationsKept(tuple(regulations)))
    return found


def known_fact(incident: Incident, name: str) -> Fact:
    """How a fact is asked. Raises for a name that no plan knows, with the nearest one."""
    spec = incident.spec(name)
    if spec is not None:
        return spec
    known = [n for plan in incident.plans.values() for n in plan.names()]
    guess = did_you_mean(name, known)
    hint = f'did you mean "{guess}"?' if guess else f"facts: {listed(sorted(known))}"
    raise CrisisError(f'there is no fact "{name}"', hint=hint)


def answer(
    incident: Incident, name: str, value: Value, *, status: ev.Status = "confirmed", source: str
) -> list[ev.Event]:
    """Record a fact, with the milestone it dates and the severity it sets."""
    spec = known_fact(incident, name)
    if spec.compute:
        raise CrisisError(
            f'"{name}" is computed, it cannot be set', hint=f"it follows from: {spec.compute}"
        )
    plain = values.encode(value)
    found: list[ev.Event] = [ev.FactRecorded(name, plain, status, source)]
    dates = incident.dates(name) if status == "confirmed" else None
    reached = incident.milestones.get(dates) if dates else None
    if reached and name not in incident.playbook.facts and _time(incident, name) != reached:
        dates = None  # what was added later does not move the times of what it was added to
    if dates and isinstance(value, datetime) and incident.milestones.get(dates) != value:
        found.append(ev.MilestoneReached(dates, value))
    return found + _severity_from(incident, name, str(plain))


def implausible(incident: Incident, name: str, value: Value, *, now: datetime) -> str:
    """Why a time cannot be right at `now`, in words; empty when it can.

    Only what a person types is held against the clock: a replay and an example
    tell another day's story.
    """
    spec = incident.spec(name)
    if spec is None or not isinstance(value, datetime):
        return ""
    if spec.ahead and value <= now:
        return "that moment is past: give one that is still to come, such as +30m"
    happened = spec.milestone is not None or name in _starts(incident).values()
    if happened and value > now + A_MOMENT:
        return "that moment is still to come: give the time when it happened"
    return ""


def out_of_order(incident: Incident) -> list[str]:
    """Milestones, and moments that start clocks, before what must have come first."""
    times = incident.milestones
    found: list[tuple[str, str]] = [
        (later, earlier)
        for earlier, later in _ORDER
        if earlier in times and later in times and times[later] < times[earlier]
    ]
    facts = _starts(incident)
    for earlier, later in _STARTS_IN_ORDER:
        one, other = facts.get(later, ""), facts.get(earlier, "")
        after, before = _time(incident, one), _time(incident, other)
        if after and before and after < before and not _milestones(incident, one, other):
            found.append((one, other))
    return [f"{later} is before {earlier}: correct one of them" for later, earlier in found]


def _starts(incident: Incident) -> dict[Start, str]:
    ours = regulators(incident)
    return ours.starts if ours is not None else {}


def _time(incident: Incident, name: str) -> datetime | None:
    spec, known = incident.spec(name), incident.known(name)
    value = values.decode(spec, known.value) if spec and known else None
    return value if isinstance(value, datetime) else None


def _milestones(incident: Incident, *names: str) -> bool:
    """Whether all these facts date milestones, whose order is looked at already."""
    return all(incident.dates(name) for name in names)


def retract(incident: Incident, name: str, *, because: str) -> list[ev.Event]:
    """Take a fact back; the reason is part of the record."""
    known_fact(incident, name)
    if incident.known(name) is None:
        raise CrisisError(f'"{name}" is not recorded, so there is nothing to retract')
    return [ev.FactRetracted(name, because)]


def messages_using(incident: Incident, fact: str) -> list[str]:
    """The messages already sent that state this fact, or what follows from it.

    They may need a correction.
    """
    stated = {fact, *_computed_from(incident, fact)}
    return [s.event.message for s in incident.sent if not stated.isdisjoint(s.event.uses)]


def _computed_from(incident: Incident, fact: str) -> Iterator[str]:
    for plan in incident.plans.values():
        for name, spec in plan.facts.items():
            if re.search(rf"\b{re.escape(fact)}\b", spec.compute):
                yield name


def set_severity(incident: Incident, severity: str, *, because: str) -> list[ev.Event]:
    """Raise the severity freely; lower it only with a reason."""
    if severity not in SEVERITIES:
        raise CrisisError(
            f'there is no severity "{severity}"', hint=f"it is one of {listed(SEVERITIES, 'or')}"
        )
    now = incident.severity
    if severity == now:
        return []
    if (
        now is not None
        and SEVERITIES.index(severity) > SEVERITIES.index(now)
        and not because.strip()
    ):
        raise CrisisError(
            f"lowering the severity from {now} to {severity} needs a reason",
            hint='add --because "…"; raising it never does',
        )
    return [ev.SeverityChanged(severity, because or "raised by the operator")]


def judged(incident: Incident, answers: dict[str, str]) -> tuple[Severity, str] | None:
    """The severity that these impact answers amount to, and the worst of them."""
    found = [
        (SEVERITIES.index(chosen.severity), f"{impact.ask} {chosen.title}")
        for plan in incident.plans.values()
        for name, impact in plan.impact.items()
        if (chosen := impact.answers.get(answers.get(name, ""))) is not None
    ]
    if not found:
        return None
    rank, why = min(found)
    return SEVERITIES[rank], why


def _severity_from(incident: Incident, name: str, plain: str) -> list[ev.Event]:
    if not any(name in plan.impact for plan in incident.plans.values()):
        return []
    answers = {n: str(k.value) for n, k in incident.facts.items() if k.status != "retracted"}
    verdict = judged(incident, {**answers, name: plain})
    if verdict is None:
        return []
    severity, why = verdict
    now = incident.severity
    if now is None or SEVERITIES.index(severity) < SEVERITIES.index(now):
        return [ev.SeverityChanged(severity, why)]
    return []


def assign(incident: Incident, role: str, person: str) -> list[ev.Event]:
    """Give a role to a person, or hand it over from whoever holds it."""
    known = {name for plan in incident.plans.values() for name in plan.roles}
    if role not in known:
        guess = did_you_mean(role, known)
        hint = f'did you mean "{guess}"?' if guess else f"roles: {listed(sorted(known))}"
        raise CrisisError(f'there is no role "{role}"', hint=hint)
    previous = incident.roles.get(role)
    if previous == person:
        return []
    if previous is None:
        return [ev.RoleAssigned(role, person)]
    return [ev.RoleHandedOver(role, person, previous)]


def decide(place: Place, option: str, *, because: str) -> list[ev.Event]:
    """Take the decision of a step. Raises for an option it does not have."""
    decision = place.step.decide
    if decision is None:
        raise CrisisError(f'step "{place.step.id}" has nothing to decide')
    if option not in decision.options:
        guess = did_you_mean(option, decision.options)
        hint = f'did you mean "{guess}"? ' if guess else ""
        raise CrisisError(
            f'"{option}" is not an option of "{place.step.id}"',
            hint=f"{hint}options: {listed(list(decision.options))}",
        )
    return [ev.DecisionTaken(place.playbook, place.step.id, decision.fact, option, because)]


def complete(
    incident: Incident, place: Place, *, open_items: Sequence[str] = (), at: datetime
) -> list[ev.Event]:
    """Tick a step off, and reach its milestone unless a fact has dated it already."""
    found: list[ev.Event] = [
        ev.StepCompleted(place.playbook, place.step.id, tuple(open_items)),
    ]
    milestone = place.step.milestone
    if milestone and milestone not in incident.milestones:
        found.append(ev.MilestoneReached(milestone, at))
    return found


def skip(place: Place, *, because: str) -> list[ev.Event]:
    """Pass a step over, with a reason."""
    because = _reason(because, f'skipping "{place.step.id}"')
    return [ev.StepSkipped(place.playbook, place.step.id, because)]


def _reason(because: str, what: str) -> str:
    if not because.strip():
        raise CrisisError(f"{what} needs a reason", hint='add --because "…"')
    return because.strip()


def sent(
    incident: Incident,
    message: ev.MessageSent,
    *,
    at: datetime,
    stated: Sequence[ev.PromiseMade] = (),
) -> list[ev.Event]:
    """Record a message that went out, and the promises that its facts and its texts make."""
    found: list[ev.Event] = [message]
    first = incident.milestones.get("first-message")
    if message.to == "customers" and (first is None or at < first):
        found.append(ev.MilestoneReached("first-message", at))
    by_fact = _promises(incident, message)
    due = [p.due for p in by_fact if isinstance(p, ev.PromiseMade)]
    due += [promise.event.due for promise in incident.promises]
    return [*found, *by_fact, *(p for p in stated if not any(_same_time(p.due, d) for d in due))]


def _same_time(one: datetime, other: datetime) -> bool:
    """Whether they are the same to the minute: texts tell no seconds."""
    return abs(one - other) < timedelta(minutes=1)


def _promises(incident: Incident, message: ev.MessageSent) -> list[ev.Event]:
    found: list[ev.Event] = []
    made = {(p.event.promise, p.event.due) for p in incident.promises}
    for name in message.uses:
        spec, known = incident.spec(name), incident.known(name)
        if spec is None or known is None or spec.promise is None:
            continue
        due = values.decode(spec, known.value)
        kept = message.message == spec.promise.kept_by
        if isinstance(due, datetime) and (name, due) not in made and not kept:
            promise = spec.promise
            found.append(ev.PromiseMade(name, promise.title, due, promise.kept_by, message.message))
    return found


def waive(incident: Incident, name: str, *, because: str, now: datetime) -> list[ev.Event]:
    """Record that an open deadline or promise will not be met, and why."""
    because = _reason(because, f'waiving "{name}"')
    if any(notice.id == name for notice in notices(incident, now=now)):
        hint = f'crisisctl notify {name} --not --because "…"'
        raise CrisisError(f"{name} is a regulator's clock: decide about it", hint=hint)
    still = [due for due in deadlines(incident, now=now) if due.open]
    for due in still:
        if due.name == name:
            return [ev.DeadlineWaived(name, due.due, because)]
    names = [due.name for due in still]
    guess = did_you_mean(name, names)
    hint = f'did you mean "{guess}"?' if guess else f"open: {listed(names) or 'none'}"
    raise CrisisError(f'there is no open deadline "{name}"', hint=hint)


def keep(incident: Incident, name: str, *, how: str, now: datetime) -> list[ev.Event]:
    """Record that an open promise was kept; one that a message keeps is kept by sending it."""
    still = [d for d in deadlines(incident, now=now) if d.open and d.kind == "promise"]
    for due in still:
        if due.name == name:
            return [ev.PromiseKept(name, due.due, how.strip())]
    names = [due.name for due in still]
    guess = did_you_mean(name, names)
    hint = f'did you mean "{guess}"?' if guess else f"open promises: {listed(names) or 'none'}"
    raise CrisisError(f'there is no open promise "{name}"', hint=hint)


def missing_to_close(incident: Incident, *, now: datetime) -> list[str]:
    """What stands in the way of closing: milestones without a time, open promises."""
    needed = dict.fromkeys(m for plan in incident.plans.values() for m in plan.close_needs)
    found = [f'milestone "{m}" has no time' for m in needed if m not in incident.milestones]
    for due in deadlines(incident, now=now):
        if due.open and due.kind not in ("notice", "review"):  # each has a word of its own
            found.append(f'{due.kind} "{due.name}" is open ({due.title})')
    for notice in notices(incident, now=now):
        if notice.open:
            found.append(f'the clock "{notice.id}" has no decision: crisisctl notify {notice.id}')
    found += [f"{frozen} is still frozen: do the step that lifts it" for frozen in incident.frozen]
    return found


def _needs_review(incident: Incident) -> bool:
    return worst(incident) in REVIEW_NEEDED


def unreviewed(incident: Incident, *, now: datetime) -> bool:
    """Whether the post-mortem should have been reviewed, and nobody has, or has said why not."""
    return any(due.open and due.kind == "review" for due in deadlines(incident, now=now))


def close(incident: Incident, *, now: datetime, because: str = "") -> list[ev.Event]:
    """Close the incident. Raises, naming all that is still missing."""
    if incident.status == "closed":
        raise CrisisError(f"{incident.id} is closed already", code=1)
    missing = missing_to_close(incident, now=now)
    if missing:
        raise CrisisError(
            f"{incident.id} cannot be closed yet: {'; '.join(missing)}",
            hint="set a time with `crisisctl fact`, send what was promised, or "
            '`crisisctl waive NAME --because "…"`',
            code=1,
        )
    if not because.strip() and _needs_review(incident) and unreviewed(incident, now=now):
        raise CrisisError(
            f"the post-mortem of {incident.id} was not reviewed, and it was a {worst(incident)}",
            hint=f"`crisisctl review {incident.id}`, or say why not: --because",
            code=1,
        )
    return [ev.IncidentClosed(because)]


def reopen(incident: Incident, *, because: str) -> list[ev.Event]:
    """Open a resolved or closed incident again."""
    if incident.status == "open":
        raise CrisisError(f"{incident.id} is open", code=1)
    return [ev.IncidentReopened(_reason(because, "opening it again"))]
