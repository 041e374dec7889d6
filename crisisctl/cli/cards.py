"""What the operator sees of a step: where am I, the clock, the next deadline, the guide."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from crisisctl.cli.screen import Screen, Style
from crisisctl.deadlines import Due, pressing
from crisisctl.incident.fold import Incident
from crisisctl.playbook import values
from crisisctl.playbook.model import STAGES, Option
from crisisctl.text import ago, clock, in_words, moment

if TYPE_CHECKING:
    from crisisctl.messages.pack import Pack, Text
    from crisisctl.runner.place import Place


def header(screen: Screen, incident: Incident, place: Place, zone: tzinfo, now: datetime) -> None:
    """Where am I, how long has it been, what is due next."""
    elapsed = clock(now - (incident.declared_at or now))
    drill = "DRILL · " if incident.drill else ""
    severity = (incident.severity or "severity not judged yet").upper()
    screen.line()
    screen.rule()
    screen.ends(f"{drill}{incident.id} · {severity}", f"{elapsed} since declared", "title")
    where = (
        f"{place.stage} (stage {place.stage_number}/{len(STAGES)}) · step {place.number}/{place.of}"
    )
    due = pressing(incident, now=now)
    screen.ends(where, due_in_short(due, now) if due else "nothing is due", _urgency(due))
    if due:
        screen.line(f"{due.title}: {moment(due.due, zone)}", "dim")
    screen.rule()


def due_in_short(due: Due, now: datetime) -> str:
    """The next deadline as a countdown."""
    if due.state == "overdue":
        return f"{due.name} OVERDUE by {in_words(now - due.due)}"
    return f"{due.name} due in {in_words(due.due - now)}"


def _urgency(due: Due | None) -> Style:
    if due is None:
        return "dim"
    return "bad" if due.state == "overdue" else "warn"


def card(screen: Screen, incident: Incident, place: Place) -> None:
    """The step itself: title, who, guide, checklist."""
    step = place.step
    screen.block(step.title, "bold")
    who = incident.roles.get(step.role)
    facts = [f"role: {step.role} ({who or 'nobody yet'})" if step.role else ""]
    facts.append(f"timebox: {step.timebox}" if step.timebox else "")
    shown = " · ".join(fact for fact in facts if fact)
    if shown:
        screen.line(shown, "dim")
    if step.guide:
        screen.line()
        screen.block(step.guide.strip(), indent="  ")
    if step.checklist:
        screen.line()
        for item in step.checklist:
            screen.block(f"- {item}", indent="  ")
    screen.line()


def known(screen: Screen, incident: Incident, place: Place, zone: tzinfo) -> None:
    """What the record already answers of this step."""
    for name in place.step.ask:
        found, spec = incident.known(name), incident.spec(name)
        if found is not None and spec is not None:
            words = values.words(spec, values.decode(spec, found.value), zone)
            unsure = " (suspected)" if found.status == "suspected" else ""
            screen.block(f"✓ {spec.ask or name} {words}{unsure}", "good", "  ")


def options(screen: Screen, choices: dict[str, Option]) -> None:
    """What speaks for and against each way to decide."""
    for option in choices.values():
        screen.block(option.title, "bold", "  ")
        for label, words in (("for", option.for_), ("against", option.against)):
            if words:
                screen.block(f"{label}: {words}", indent="    ")
    screen.line()


def matrix(screen: Screen, pack: Pack) -> None:
    """Channel by locale: how long each text is, and whether it fits."""
    locales = list(dict.fromkeys(text.locale for text in pack.texts))
    channels = list(dict.fromkeys(text.channel for text in pack.texts))
    cells = {(text.channel, text.locale): _cell(text) for text in pack.texts}
    rows = [[channel, *(cells.get((channel, loc), "") for loc in locales)] for channel in channels]
    screen.table(rows, ["channel", *locales])
    for text in pack.too_long:
        screen.block(f"{text.channel}.{text.locale} is too long: {text.overflow}", "bad")
    screen.line()


def _cell(text: Text) -> str:
    limit = f"/{text.limit}" if text.limit and text.limit < 5000 else ""
    return f"{text.length}{limit}{'' if text.fits else ' TOO LONG'}"


def text(screen: Screen, shown: Text) -> None:
    """One exact text, without borders, to be copied."""
    screen.line(f"{shown.channel} · {shown.locale}", "title")
    if shown.heading:
        screen.block(shown.heading, "bold")
        screen.line()
    screen.block(shown.body)
    screen.line()


def happened(screen: Screen, text: str, by: str, at: datetime, now: datetime) -> None:
    """What somebody else recorded meanwhile."""
    screen.block(f"{by}, {ago(now - at)}: {text}", "warn", "  ")
