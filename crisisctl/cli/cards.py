"""What the operator sees of a step: where am I, the clock, the next deadline, the guide."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crisisctl.cli.screen import Draft, Screen, Style
from crisisctl.deadlines.owed import Due, pressing
from crisisctl.incident.fold import Incident
from crisisctl.playbook import values
from crisisctl.playbook.model import STAGES, Option
from crisisctl.text import ago, clock, in_words, moment, zone_of

if TYPE_CHECKING:
    from crisisctl.runner.place import Place


def page(screen: Screen, incident: Incident, place: Place, now: datetime, *, below: int) -> None:
    """A step as it fits over the menu's rows: with less air where the screen is low."""
    for around_header, around_parts in ((True, True), (False, True), (False, False)):
        draft = Draft(screen)
        header(draft, incident, place, now, airy=around_header)
        card(draft, incident, place, airy=around_parts)
        known(draft, incident, place)
        if draft.rows + below <= screen.height:
            break
    screen.stream.write(draft.text)


def header(screen: Screen, incident: Incident, place: Place, now: datetime, *, airy: bool) -> None:
    """Where am I, how long has it been, what is due next."""
    elapsed = clock(now - (incident.declared_at or now))
    drill = "DRILL · " if incident.drill else ""
    severity = (incident.severity or "severity not judged yet").upper()
    if airy:
        screen.line()
    screen.rule()
    screen.ends(f"{drill}{incident.id} · {severity}", f"{elapsed} since declared", "title")
    plan = f"{place.playbook} · " if len(incident.plans) > 1 else ""
    stage = f"{place.stage} (stage {place.stage_number}/{len(STAGES)})"
    where = f"{plan}{stage} · step {place.number}/{place.of}"
    due, zone = pressing(incident, now=now), zone_of(incident.time_zone)
    words = due_in_short(due, now) if due else "nothing is due"
    if due and not airy:
        at = due.due.astimezone(zone)
        today = at.date() == now.astimezone(zone).date()
        words += f", {at:%H:%M}" if today else f", {at:%Y-%m-%d %H:%M}"
    screen.ends(where, words, _urgency(due))
    if due and airy:
        screen.block(f"{due.title}: {moment(due.due, zone)}", "dim")
    if airy:
        screen.rule()


def due_in_short(due: Due, now: datetime) -> str:
    """The next deadline as a countdown."""
    name = due.name or due.kind
    if due.state == "overdue":
        return f"{name} OVERDUE by {in_words(now - due.due)}"
    return f"{name} due in {in_words(due.due - now)}"


def _urgency(due: Due | None) -> Style:
    if due is None:
        return "dim"
    return "bad" if due.state == "overdue" else "warn"


def card(screen: Screen, incident: Incident, place: Place, *, airy: bool) -> None:
    """The step itself: title, who, guide, checklist."""
    step = place.step
    who = incident.roles.get(step.role)
    facts = [f"role: {step.role} ({who or 'nobody yet'})" if step.role else ""]
    facts.append(f"timebox: {step.timebox}" if step.timebox else "")
    shown = " · ".join(fact for fact in facts if fact)
    if airy or not shown:
        screen.block(step.title, "bold")
    else:
        screen.ends(step.title, shown, "bold")
    if airy and shown:
        screen.block(shown, "dim")
    for part in (step.guide.strip(), "\n".join(f"- {item}" for item in step.checklist)):
        if part and airy:
            screen.line()
        if part:
            screen.block(part, indent="  ")
    if airy:
        screen.line()


def known(screen: Screen, incident: Incident, place: Place) -> None:
    """What the record already answers of this step, and what it sent already."""
    zone = zone_of(incident.time_zone)
    for name in place.step.ask:
        found, spec = incident.known(name), incident.spec(name)
        if found is not None and spec is not None:
            words = values.words(spec, values.decode(spec, found.value), zone)
            unsure = " (suspected)" if found.status == "suspected" else ""
            screen.block(f"✓ {spec.ask or name} {words}{unsure}", "good", "  ")
    for sent in incident.sent:
        if place.step.send and sent.event.message == place.step.send.message:
            screen.block(f'✓ "{sent.event.message}" went out {moment(sent.at, zone)}', "good", "  ")


def options(screen: Screen, choices: dict[str, Option]) -> None:
    """What speaks for and against each way to decide."""
    for option in choices.values():
        screen.block(option.title, "bold", "  ")
        for label, words in (("for", option.for_), ("against", option.against)):
            if words:
                screen.block(f"{label}: {words}", indent="    ")
    screen.line()


def happened(screen: Screen, text: str, by: str, at: datetime, now: datetime) -> None:
    """What somebody else recorded meanwhile."""
    screen.block(f"{by}, {ago(now - at)}: {text}", "warn", "  ")
