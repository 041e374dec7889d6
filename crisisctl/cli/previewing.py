"""`preview`: a message with example facts, before any incident."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from crisisctl.cli.desk import Desk, desk, local_zone
from crisisctl.cli.printing import print_json
from crisisctl.cli.telling import pack_json, print_pack
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, fold
from crisisctl.incident.knowledge import confirmed
from crisisctl.messages.pack import Setting, render_pack
from crisisctl.playbook.load import load
from crisisctl.playbook.model import Playbook, Send
from crisisctl.runner import commands
from crisisctl.runner.answers import Answers, examples, read_answers, settings
from crisisctl.text import did_you_mean, listed, zone_of
from crisisctl.workspace import locales_of, playbook_file

CADENCE = timedelta(minutes=30)
"""How far ahead a preview promises the next update."""


def preview(
    message: str,
    *,
    channels: Sequence[str],
    locales: Sequence[str],
    answers: Path | None,
    pairs: list[str],
    json: bool,
) -> None:
    """A message with example facts, or those of an answers file."""
    at = desk()
    playbook, slash, name = message.partition("/")
    if not slash:
        raise CrisisError(f'"{message}": write it as PLAYBOOK/MESSAGE', hint="outage/holding")
    plan = load(playbook_file(at.workspace, playbook)).plan
    if name not in plan.messages():
        guess = did_you_mean(name, plan.messages())
        hint = f'did you mean "{guess}"? ' if guess else ""
        known = listed(plan.messages())
        raise CrisisError(f'{playbook} has no message "{name}"', hint=f"{hint}messages: {known}")
    where = zone_of(local_zone(at.environment, at.workspace.get("time_zone")))
    given = _answers(at, plan, answers, pairs, where)
    now = given.at or at.now()
    names: dict[str, object] = {
        **confirmed(_imagined(plan, given, now), now=now),
        "sent_at": now,
        "next_update": now + CADENCE,
    }
    send = Send(message=name, channels=tuple(channels or _channels(plan, name)), to="customers")
    found = locales or locales_of(at.workspace, playbook, name)
    pack = render_pack(Setting(at.workspace, playbook, where), send, names, found)
    if json:
        print_json(at, {"playbook": playbook, **pack_json(pack)})
        return
    print_pack(at, pack, narrowed_down=bool(channels or locales))


def _channels(plan: Playbook, message: str) -> list[str]:
    """Where the playbook sends a message."""
    sends = [step.send for _, step in plan.steps() if step.send and step.send.message == message]
    return list(dict.fromkeys(name for send in sends for name in send.channels))


def _answers(
    at: Desk, plan: Playbook, file: Path | None, pairs: list[str], where: tzinfo
) -> Answers:
    now = at.now()
    more = settings(pairs, plan, now=now, zone=where)
    if file is None:
        return examples(plan, now=now, zone=where).with_facts(more)
    return read_answers(file, plan, now=now, zone=where).with_facts(more)


def _imagined(plan: Playbook, answers: Answers, now: datetime) -> Incident:
    """An incident nobody declared, that knows exactly these answers."""
    incident = Incident("preview", plans={plan.playbook: plan})
    found: list[ev.Event] = []
    for id, choice in answers.decisions.items():
        step = plan.step(id)
        if step is not None and step.decide is not None:
            found.append(ev.FactRecorded(step.decide.fact, choice.choose))
    # what --set says of a decision counts more than the example's choice
    for name, answer in answers.facts.items():
        found += commands.answer(
            incident, name, answer.value, status=answer.status, source=answer.source
        )
    declared = commands.declare(plan, "", title="", time_zone="UTC", drill=False)
    everything = [*declared, *found]
    return fold(
        "preview",
        [ev.Entry(number, now, now, "preview", e) for number, e in enumerate(everything, 1)],
    )
