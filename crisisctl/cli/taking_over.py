"""`handover`: one screen for whoever takes over at four in the morning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crisisctl.cli.cards import due_in_short
from crisisctl.cli.desk import Desk, desk, zone
from crisisctl.cli.printing import print_json
from crisisctl.cli.screen import Draft, Screen
from crisisctl.incident.fold import Incident
from crisisctl.incident.lessons import Action
from crisisctl.messages import approval, preapproval
from crisisctl.report.handover import STEPS, Handover, Step
from crisisctl.report.handover import handover as gathered
from crisisctl.report.post_mortem import FactLine
from crisisctl.runner.place import open_steps
from crisisctl.text import clock, listed, moment

_LONG = 140
_TIGHT = 4
_ROOM = (99, 8, 6, 5, 4, 3, 2, 1)
"""How many lines a part may take, tried until all of it fits the screen."""


def handover(id: str | None, *, json: bool) -> None:
    """Gather it for whoever may read it, and show it so that it fits."""
    at = desk()
    found = _found(at, id)
    if json:
        print_json(at, found.json())
        return
    for room in _ROOM:
        draft = Draft(at.out)
        _show(draft, found, room)
        if draft.rows < at.out.height:  # the prompt has a row of its own
            break
    at.out.stream.write(draft.text)


def _found(at: Desk, id: str | None) -> Handover:
    status, now = at.glance(*at.pick(id)), at.now()
    incident = status.incident
    ahead = [
        Step(
            place.playbook,
            place.step.id,
            place.step.title,
            place.step.role,
            decides=place.step.decide is not None,
            sends=place.step.send.message if place.step.send else "",
        )
        for place in (open_steps(incident, now=now) if incident.status != "closed" else ())
    ]
    return gathered(
        status, steps=ahead, wanted=dict(_wanted(at, incident)), zone=zone(incident), now=now
    )


def _wanted(at: Desk, incident: Incident) -> Iterator[tuple[str, str]]:
    """The drafts that have not gone out, each with the approvals that it lacks."""
    messages = dict.fromkeys(draft.event.message for draft in incident.drafts)
    drafts = [d for m in messages if (d := approval.current_draft(incident, m)) is not None]
    if not drafts:
        return
    own, named = preapproval.own_rules(at.workspace), preapproval.holders(at.workspace)
    who = approval.holders(incident, named)
    for draft in drafts:
        event = draft.event
        plan = next((p for p in incident.plans.values() if p.sends(event.message)), None)
        if plan is None:
            continue
        rule = approval.rule_for(plan, event.to, own)
        yield event.message, approval.standing(draft, incident.approvals, rule, who).wanted


def _show(screen: Screen, found: Handover, room: int) -> None:
    incident, where, now = found.incident, found.zone, found.now
    drill = "DRILL · " if incident.drill else ""
    severity = (incident.severity or "severity not judged").upper()
    screen.block(
        f"{drill}{incident.id} · {incident.title} · {severity} · {incident.status}", "title"
    )
    if incident.circle is not None:
        screen.block(f"restricted to {', '.join(incident.circle)}", "warn")
    lasted = "ago" if incident.status == "open" else "until resolved"
    declared = moment(incident.declared_at or now, where)
    screen.block(f"declared {declared}, {clock(found.status.elapsed)} {lasted}")
    known = [*map(_fact, found.suspected), *map(_fact, found.known)]
    _part(screen, "Known", known, room, "crisisctl status")
    due = [
        f"{due_in_short(each, now)}: {each.title}, {moment(each.due, where)}" for each in found.due
    ]
    due += [f"without undue delay: {title}" for title in found.owed]
    _part(screen, "Due", due or ["nothing"], min(room, 5), "crisisctl deadlines")
    roles = ", ".join(f"{role}: {person or 'NOBODY'}" for role, person in found.roles)
    _part(screen, "Roles", [roles or "nobody holds one"], 1, "")
    actions = [_action(action) for action in found.actions]
    _part(screen, "To do", actions, min(room, 3), "crisisctl action list")
    _part(screen, "Said", _said(found, room), 2, "")
    waiting = [f'"{each.message}": {each.what}' for each in found.waiting]
    _part(screen, "Waits", waiting, min(room, 4), "crisisctl message list")
    _part(screen, "Also", found.status.also, min(room, 3), "crisisctl status")
    steps = [_step(step) for step in found.steps]
    _part(screen, "Next", steps or ["no step is left"], STEPS, "")
    screen.line(f"go on  {found.status.next_command or 'ask one of them'}", "bold")


def _part(screen: Screen, name: str, lines: Sequence[str], room: int, more: str) -> None:
    """A part of the screen: its name at the left, then a line for each thing; the rest counted."""
    shown = lines if len(lines) <= room else lines[: max(room - 1, 1)]
    for number, text in enumerate(shown):
        screen.table([[f"{'' if number else name:<5}", text]])
    if len(lines) > len(shown):
        screen.line(f"{'':<7}and {len(lines) - len(shown)} more: {more}", "dim")


def _fact(line: FactLine) -> str:
    sure = "" if line.known.status == "confirmed" else "SUSPECTED: "
    return f"{sure}{line.name}: {_short(line.words)}"


def _action(action: Action) -> str:
    due = f", by {action.due}" if action.due else ""
    return f"{action.number}. {action.title} ({action.owner or 'NOBODY'}{due})"


def _said(found: Handover, room: int) -> list[str]:
    said = found.said
    if said is None:
        return ["nothing to customers yet"]
    event, where = said.sent.event, found.zone
    channels = listed(dict.fromkeys(text.channel for text in event.texts))
    told = f'"{event.message}" to customers, {moment(said.sent.at, where)}'
    if event.next_update:
        told += f"; next word promised by {moment(event.next_update, where)}"
    if not said.words:
        return [f"{told} on {channels}"]
    words = _short(" ".join(said.words.split()), 80 if room < _TIGHT else _LONG)
    return [told, f"{said.channel}.{said.locale}: {words}"]


def _step(step: Step) -> str:
    what = "decide: " if step.decides else ""
    sends = f', sends "{step.sends}"' if step.sends else ""
    role = f" ({step.role})" if step.role else ""
    return f"{what}{step.title}{role}{sends}"


def _short(text: str, limit: int = _LONG) -> str:
    """The beginning, where it is long: the record has the rest."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
