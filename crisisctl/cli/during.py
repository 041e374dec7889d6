"""What is typed in the heat: status, note, fact, deadlines, list.

These commands import nothing slow: no pydantic, YAML, Jinja or prompts. What
they need of the playbook was kept in the journal when the incident was declared.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import typer

from crisisctl.cli.cards import due_in_short
from crisisctl.cli.desk import Desk, desk, refuse_closed, zone
from crisisctl.cli.printing import deliver, print_json
from crisisctl.cli.screen import Style
from crisisctl.deadlines.notices import notices, regulators, uncovered
from crisisctl.deadlines.owed import Due
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.circle import RESTRICTED
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import record
from crisisctl.journal import Conflict, Head
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact
from crisisctl.report import clocks
from crisisctl.report.data import Json, View
from crisisctl.runner import commands
from crisisctl.text import ago, clock, in_words, listed, moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisctl.report.status import Status

TRIES = 5
NEWEST = 20
"""Incidents that `list` shows unless all are asked for."""
_TIME = Fact(type="time")


class FactEntry(msgspec.Struct, frozen=True):
    """What was typed after `crisisctl fact`."""

    name: str
    value: str | None
    suspected: bool
    retract: bool
    source: str
    because: str


def overview(*, json: bool) -> None:
    """The open incidents, and the one next command."""
    at = desk()
    journal = at.journal()
    heads = journal.heads(status=("open", "resolved"))
    if json:
        found = [at.glance(journal, head.incident) for head in heads]
        rows = [View(zone(status.incident)).status(status) for status in found]
        print_json(at, {"incidents": rows})
        return
    if not heads:
        at.out.line("No incident is open.")
        at.out.line("Declare one:  crisisctl start PLAYBOOK   (crisisctl playbooks lists them)")
        return
    for head in heads[:NEWEST]:
        _brief(at, at.glance(journal, head.incident), at.now())


def status(id: str | None, *, json: bool, as_of: str | None = None) -> None:
    """Where one incident stands, or stood."""
    at = desk()
    found = at.glance(*at.pick(id), as_of=as_of)
    incident, now = found.incident, at.now()
    if as_of:
        now = at.then(incident, as_of)
    if json:
        view = View(zone(incident))
        print_json(at, {**view.status(found), **({"as_of": view.at(now)} if as_of else {})})
        return
    _facts(at, incident)
    _milestones(at, incident, now)
    if as_of:
        at.out.block(f"As it was known at {moment(now, zone(incident))}:", "bold")
    _brief(at, found, now)  # last: what scrolls away on a small screen matters least


def note(text: str, id: str | None, *, at: str | None, topic: str) -> None:
    """Write a line into the timeline."""
    if not text.strip():
        raise CrisisError("the note is empty")
    incident = _apply(id, lambda _, __: [ev.NoteAdded(text.strip(), topic)], at=at, said="noted")
    if topic:  # a lesson; at night nobody's words are weighed
        from crisisctl.cli import kindly

        kindly.warn(desk(), incident, (text,))


def fact(entry: FactEntry, id: str | None, *, at: str | None, json: bool) -> None:
    """Record, correct, retract or show a fact."""
    if entry.value is None and not entry.retract:
        if entry.suspected or entry.source or entry.because or at:
            raise CrisisError(f"nothing was recorded: which value does {entry.name} have?")
        _show_fact(entry.name, id, json=json)
        return
    if entry.value is not None and entry.retract:
        raise CrisisError("a fact is either set or retracted: leave VALUE or --retract out")
    said = f"{entry.name} {'retracted' if entry.retract else 'recorded'}"
    incident = _apply(id, lambda i, now: _fact_events(i, entry, now), at=at, said=said)
    if not entry.retract:
        _say_as_read(incident, entry.name)
    _say_what_said_it(incident, entry.name)


def severity(level: str, id: str | None, *, because: str, at: str | None) -> None:
    """Raise or lower the severity."""
    _apply(
        id,
        lambda i, _: commands.set_severity(i, level.lower(), because=because),
        at=at,
        said=f"severity {level.lower()}",
    )


def role(name: str, person: str, id: str | None, *, at: str | None) -> None:
    """Give a role, or hand it over."""
    _apply(id, lambda i, _: commands.assign(i, name, person), at=at, said=f"{person} is {name}")


def waive(name: str, id: str | None, *, because: str) -> None:
    """Record that a deadline will not be met."""
    _apply(
        id,
        lambda i, now: commands.waive(i, name, because=because, now=now),
        at=None,
        said=f"{name} waived",
    )


def keep(name: str, id: str | None, *, how: str, at: str | None) -> None:
    """Record that a promise was kept."""
    _apply(
        id, lambda i, now: commands.keep(i, name, how=how, now=now), at=at, said=f"{name} is kept"
    )


def deadlines(id: str | None, *, json: bool, ics: Path | None) -> None:
    """What is due by when; exit code 1 when something is overdue."""
    if json and ics is not None:
        raise CrisisError("--ics or --json: one of them")
    at = desk()
    status = at.glance(*at.pick(id))
    incident, found = status.incident, status.deadlines
    now, where = at.now(), zone(incident)
    running, lacking = notices(incident, now=now), uncovered(incident)
    if ics is not None:
        from crisisctl.report.calendar import calendar

        deliver(at, calendar(incident, found, now=now).decode(), ics)
    elif json:
        view = View(where)
        data = {
            "deadlines": [view.due(due) for due in found],
            "clocks": [clocks.notice(view, notice) for notice in running],
            "uncovered": lacking,
        }
        print_json(at, {**view.head(incident), **data})
    else:
        ours = [due for due in found if due.kind != "notice" or not running]
        rows = [[moment(d.due, where), _how_it_stands(d, now), d.title] for d in ours]
        at.out.table(rows, ["due", "state", "what"])
        if not rows:
            at.out.line("Nothing is due.")
        if running or lacking or regulators(incident):
            from crisisctl.cli.notifying import show

            at.out.line()
            show(at.out, incident, now, where)
    if any(due.state == "overdue" for due in found):
        raise typer.Exit(1)


def list_incidents(*, all_: bool, drill: bool, json: bool) -> None:
    """The incidents, newest first."""
    at = desk()
    heads = at.journal(drill=drill).heads(status=None if all_ else ("open", "resolved"))
    if json:
        print_json(at, {"incidents": [_row(head) for head in heads]})
        return
    shown = heads if all_ else heads[:NEWEST]
    rows = [[h.incident, h.severity or "-", h.status, h.stage or "-", h.title] for h in shown]
    at.out.table(rows, ["incident", "severity", "status", "stage", "title"])
    if len(heads) > len(shown):
        at.out.line(f"{len(heads) - len(shown)} more: crisisctl list --all", "dim")
    if not rows:
        at.out.line("No drill." if drill else "No incident.")


def message_list(id: str | None, *, json: bool) -> None:
    """Which messages there are, and what was sent when."""
    at = desk()
    _, incident = at.open(id)
    where, view = zone(incident), View(zone(incident))
    if json:
        found = [_message_row(view, incident, *row) for row in _messages(incident)]
        print_json(at, {**view.head(incident), "messages": found})
        return
    rows = []
    for _, message, to, channels in _messages(incident):
        sent = [moment(s.at, where) for s in incident.sent if s.event.message == message]
        when = f"sent {listed(sent)}" if sent else "not sent"
        rows.append([message, to, f"{len(channels)} channels", when])
    at.out.table(rows, ["message", "to", "channels", "when"])


def _apply(
    id: str | None,
    make: Callable[[Incident, datetime], Sequence[ev.Event]],
    *,
    at: str | None,
    said: str,
) -> Incident:
    """Load, decide, record, show; again when somebody else recorded first."""
    at_desk = desk()
    journal, incident = at_desk.open(id)
    refuse_closed(incident)
    for _ in range(TRIES):
        stamp = at_desk.stamp(_moment(at, at_desk.now(), zone(incident)))
        events = make(incident, stamp.now)
        try:
            before, incident = incident, record(journal, incident, events, stamp)
        except Conflict:
            journal, incident = at_desk.open(incident.id)
            continue
        told = f"✓ {said} ({incident.id})" if events else f"nothing to change ({said})"
        if at is not None and events:
            told += f", for {moment(stamp.occurred_at, zone(incident))}"
        at_desk.talk.block(told)
        if incident.severity != before.severity and incident.severities:
            at_desk.talk.block(
                f"severity {incident.severity}: {incident.severities[-1][2]}", "warn"
            )
        return incident
    raise CrisisError("others keep recording at the same moment: nothing was saved", code=1)


def _moment(text: str | None, now: datetime, where: tzinfo) -> datetime | None:
    if text is None:
        return None
    found = values.parse(_TIME, text, now=now, zone=where)
    return found if isinstance(found, datetime) else None


def _fact_events(incident: Incident, entry: FactEntry, now: datetime) -> list[ev.Event]:
    spec = commands.known_fact(incident, entry.name)
    if entry.retract:
        return commands.retract(incident, entry.name, because=entry.because)
    value = values.parse(spec, entry.value, now=now, zone=zone(incident))
    wrong = commands.implausible(incident, entry.name, value, now=now)
    if wrong:
        where = moment(value, zone(incident)) if isinstance(value, datetime) else ""
        raise CrisisError(f"{entry.name} = {where}: {wrong}")
    status: ev.Status = "suspected" if entry.suspected else "confirmed"
    return commands.answer(incident, entry.name, value, status=status, source=entry.source)


def _say_as_read(incident: Incident, name: str) -> None:
    """How the value was understood, and what it contradicts."""
    at, spec, known = desk(), incident.spec(name), incident.known(name)
    if spec is None or known is None:
        return
    value = values.decode(spec, known.value)
    at.talk.block(f"{name} = {values.words(spec, value, zone(incident))}", indent="  ")
    if isinstance(value, datetime):
        for wrong in commands.out_of_order(incident):
            at.talk.block(f"Look again: {wrong}.", "warn")


def _say_what_said_it(incident: Incident, name: str) -> None:
    said = commands.messages_using(incident, name)
    if not said:
        return
    known = incident.facts.get(name)
    how = "Correct it in the open: `crisisctl message correct`."
    if known is None or known.status != "retracted":
        how = (
            "If it has changed since, send an update. If it was wrong, take it back first "
            f"(`crisisctl fact {name} --retract`), then `crisisctl message correct`."
        )
    desk().talk.block(f"{name} was already said in: {listed(dict.fromkeys(said))}. {how}", "warn")


def _show_fact(name: str, id: str | None, *, json: bool) -> None:
    at = desk()
    _, incident = at.open(id)
    spec = commands.known_fact(incident, name)
    known = incident.facts.get(name)
    if json:
        view = View(zone(incident))
        shown = view.fact(known) if known else None
        print_json(at, {**view.head(incident), "name": name, "fact": shown})
    elif known is None:
        at.out.line(f"{name}: not recorded")
    else:
        words = values.words(spec, values.decode(spec, known.value), zone(incident))
        told = f"{known.status}, {known.by}, {moment(known.at, zone(incident))}"
        at.out.block(f"{name}: {words} ({told})")


def _brief(at: Desk, found: Status, now: datetime) -> None:
    """One incident in a few lines: what, where, since when, what is due, what to type."""
    incident, where = found.incident, zone(found.incident)
    drill = "DRILL · " if incident.drill else ""
    severity = (incident.severity or "severity not judged").upper()
    at.out.block(
        f"{drill}{incident.id} · {incident.title} · {severity} · {incident.status}", "title"
    )
    if incident.circle is not None:
        at.out.block(f"restricted to {', '.join(incident.circle)}", "warn", "  ")
    declared = moment(incident.declared_at or now, where)
    lasted = "ago" if incident.status == "open" else "until resolved"
    at.out.line(f"  declared  {declared}, {clock(found.elapsed)} {lasted}")
    place = found.where
    if place is not None:
        ended = ", done" if place.done else ""
        at.out.block(
            f"{place.stage} (stage {place.stage_number}/{place.stages}), "
            f"step {place.number}/{place.of}: {place.title}{ended}",
            indent="  ",
        )
    for due in found.open_deadlines:
        at.out.block(
            f"{due_in_short(due, now)}: {due.title}, {moment(due.due, where)}", _urgency(due), "  "
        )
    owed = sum(notice.state == "owed" for notice in notices(incident, now=now))
    if owed:
        words = f"{owed} more owed without undue delay: crisisctl deadlines"
        at.out.block(words, "warn", "  ")
    for words in found.also:
        at.out.block(words, indent="  ")
    at.out.line(f"  next      {found.next_command or 'ask one of them'}", "bold")
    at.out.line()


def _milestones(at: Desk, incident: Incident, now: datetime) -> None:
    where = zone(incident)
    rows = [
        [f"  {name}", f"{moment(when, where)}, {ago(now - when)}"]
        for name, when in sorted(incident.milestones.items(), key=lambda row: row[1])
    ]
    at.out.table(rows)
    rows = [[f"  {role}", person] for role, person in incident.roles.items()]
    at.out.table(rows)
    at.out.line()


def _facts(at: Desk, incident: Incident) -> None:
    rows = []
    for name, known in incident.facts.items():
        spec = incident.spec(name)
        if spec is None:
            continue
        words = values.words(spec, values.decode(spec, known.value), zone(incident))
        sure = "" if known.status == "confirmed" else f" ({known.status})"
        rows.append([f"  {name}", f"{words}{sure}"])
    at.out.table(rows)
    at.out.line()


def _how_it_stands(due: Due, now: datetime) -> str:
    if due.state == "due":
        return f"due in {in_words(due.due - now)}"
    if due.state == "overdue":
        return f"OVERDUE by {in_words(now - due.due)}"
    if due.state == "missed" and due.met_at is not None:
        return f"missed by {in_words(due.met_at - due.due)}"
    return due.state


def _urgency(due: Due) -> Style:
    return "bad" if due.state == "overdue" else "warn"


def _messages(incident: Incident) -> list[tuple[str, str, str, tuple[str, ...]]]:
    found: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
    for plan in incident.plans.values():
        for _, step in plan.steps():
            if step.send:
                key = (plan.playbook, step.send.message)
                found.setdefault(key, (step.send.to, step.send.channels))
    return [(playbook, message, *rest) for (playbook, message), rest in found.items()]


def _message_row(
    view: View, incident: Incident, playbook: str, message: str, to: str, channels: tuple[str, ...]
) -> Json:
    sent = [view.sent(s) for s in incident.sent if s.event.message == message]
    return {
        "playbook": playbook,
        "message": message,
        "to": to,
        "channels": list(channels),
        "sent": sent,
    }


def _row(head: Head) -> Json:
    return {
        "incident": head.incident,
        "title": head.title,
        "playbook": head.playbook,
        "severity": head.severity or None,
        "status": head.status,
        "stage": head.stage or None,
        "declared_at": head.declared_at,
        "updated_at": head.updated_at,
        "events": head.seq,
        "restricted": head.title == RESTRICTED,
    }
