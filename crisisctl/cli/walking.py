"""Declaring an incident and walking it: `start` and `resume`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

from crisisctl.cli.desk import DRILL, Desk, desk, local_zone, refuse_closed, zone
from crisisctl.cli.keyboard import Keyboard, Paused, PlainKeyboard
from crisisctl.cli.walk import Walk
from crisisctl.deadlines.looking_back import review_within
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import Stamp, record
from crisisctl.journal import Conflict, Journal
from crisisctl.playbook import values
from crisisctl.playbook.load import Loaded, load
from crisisctl.playbook.model import Fact, Playbook, together
from crisisctl.playbook.regulation import Regulation
from crisisctl.runner import circle, commands
from crisisctl.runner.answers import (
    Answers,
    FactAnswer,
    examples,
    read_answers,
    settings,
)
from crisisctl.text import did_you_mean, listed, zone_of
from crisisctl.workspace import Workspace, playbook_file

LOCALES = "locales"
_TIME = Fact(type="time")


@dataclass(frozen=True, slots=True)
class Declaration:
    """What was typed after `crisisctl start PLAYBOOK`."""

    title: str
    pairs: list[str]
    answers: Path | None
    locales: list[str]
    at: str | None
    drill: bool
    example: bool
    alert: str | None = None
    """The file of `--from`, or "-"."""
    into: str = ""
    """The running incident that follows this playbook too; none: a new one."""
    because: str = ""
    """Why it does."""
    restricted: str | None = None
    """Who may read it; None: everybody."""


def start(playbook: str, said: Declaration, *, no_input: bool) -> None:
    """Declare, then walk as far as the answers and the operator go."""
    at_desk = desk()
    loaded = load(playbook_file(at_desk.workspace, playbook))
    if said.into:
        _graft(at_desk, loaded, said, no_input=no_input)
        return
    zone_name = local_zone(at_desk.environment, at_desk.workspace.get("time_zone"))
    known = _beforehand(at_desk, loaded.plan, said, zone_of(zone_name))
    law = _regulations(at_desk, loaded.plan)
    refuse_unknown(known.answers, law)
    if said.alert is not None:
        known = _with_alert(known, said.alert, loaded.plan)
    journal = at_desk.journal(drill=said.drill)
    incident = _declare(at_desk, journal, loaded, said, known, law, zone_name)
    with _saved(incident.id):
        at_desk.talk.block(f"✓ declared {incident.id}", "good")
        at_desk.out.line(incident.id)
        at_desk.out.stream.flush()  # whoever reads it in a pipe should not wait for the end
        _say_suspected(at_desk, incident)
        incident = record_facts(at_desk, journal, incident, known.facts, known.declared_at)
        person = None if no_input or said.example else keyboard(at_desk)
        go(Walk(at_desk, journal, incident, person, known.answers))


def _graft(at_desk: Desk, loaded: Loaded, said: Declaration, *, no_input: bool) -> None:
    """Add a playbook to a running incident, and go on with both."""
    if said.title or said.drill or said.alert is not None:
        hint = "those belong to the incident, which has them already"
        raise CrisisError("--into goes without --title, --drill, --example and --from", hint=hint)
    journal, incident = at_desk.open(said.into)
    refuse_closed(incident)
    plans = together((*incident.plans.values(), loaded.plan))  # the answers may go on with both
    known = _beforehand(at_desk, plans, said, zone(incident))
    typed = settings(said.pairs, plans, now=at_desk.now(), zone=zone(incident))
    law = _regulations(at_desk, loaded.plan)
    refuse_unknown(known.answers, [*incident.regulations.values(), *law])
    stamp = at_desk.stamp(known.declared_at)
    while True:
        events = commands.graft(
            incident,
            loaded.plan,
            loaded.source,
            because=said.because,
            at=stamp.occurred_at,
            regulations=law,
        )
        if said.restricted is not None:
            who, why = said.restricted, said.because
            events += circle.restrict(incident, who, operator=at_desk.operator, because=why)
        try:
            incident = record(journal, incident, events, stamp)
        except Conflict:  # somebody recorded something in this very moment: look again
            journal, incident = at_desk.open(incident.id)
            refuse_closed(incident)
        else:
            break
    with _saved(incident.id):
        at_desk.talk.block(f"✓ {incident.id} follows {loaded.plan.playbook} too", "good")
        at_desk.out.line(incident.id)
        at_desk.out.stream.flush()
        new = {name: fact for name, fact in known.facts.items() if name not in incident.facts}
        new |= typed
        incident = record_facts(at_desk, journal, incident, new, known.declared_at)
        person = None if no_input else keyboard(at_desk)
        go(Walk(at_desk, journal, incident, person, known.answers))


def _regulations(at_desk: Desk, plan: Playbook) -> tuple[Regulation, ...]:
    """The law's clocks as they are known today, for a plan that has them."""
    if plan.regulators is None:
        return ()
    from crisisctl.deadlines.regulations import load_regulations

    return load_regulations(at_desk.workspace)


def refuse_unknown(answers: Answers | None, law: Iterable[Regulation]) -> None:
    """Raise for a decision about a clock that no regulation has: it would be lost in silence."""
    known = [f"{each.regulation}.{clock}" for each in law for clock in each.clocks]
    for name in answers.notices if answers else ():
        if name not in known:
            guess = did_you_mean(name, known)
            hint = f'did you mean "{guess}"?' if guess else "`crisisctl clocks --json` names them"
            raise CrisisError(f'notices: there is no clock "{name}"', hint=hint)


def resume(id: str | None, *, answers: Path | None, pairs: list[str], no_input: bool) -> None:
    """Go on where it stopped."""
    at_desk = desk()
    journal, incident = at_desk.open(id)
    refuse_closed(incident)
    plan, where, now = together(incident.plans.values()), zone(incident), at_desk.now()
    given = read_answers(answers, plan, now=now, zone=where) if answers else None
    more = settings(pairs, plan, now=now, zone=where)
    refuse_unknown(given, incident.regulations.values())
    own = _from_workspace(at_desk.workspace, plan, now, where)  # it may have been cut short
    with _saved(incident.id):
        if given is not None:
            given = given.with_facts(more)
            own = {name: fact for name, fact in own.items() if name not in given.facts}
        else:
            own |= more
        new = {n: fact for n, fact in own.items() if n not in incident.facts or n in more}
        incident = record_facts(at_desk, journal, incident, new, given.at if given else None)
        go(Walk(at_desk, journal, incident, None if no_input else keyboard(at_desk), given))


def go(walk: Walk) -> None:
    """Walk to the end, and say what is still missing."""
    walk.run()
    _finished(walk)


def keyboard(at_desk: Desk) -> Keyboard | None:
    """The person at this terminal, if there is one."""
    if not at_desk.interactive:
        return None
    # in ASCII the marks of a list cannot be told apart
    if at_desk.talk.dumb or not at_desk.talk.unicode or not at_desk.out.terminal:
        return PlainKeyboard(at_desk.talk, at_desk.now)
    from crisisctl.cli.prompts import TerminalKeyboard

    return TerminalKeyboard(at_desk.now, at_desk.talk)


@contextmanager
def _saved(id: str) -> Iterator[None]:
    """However it is left, say what is saved and how to go on."""
    try:
        yield
    except Paused:
        raise CrisisError(f"saved; go on with `crisisctl resume {id}`", code=0) from None
    except (KeyboardInterrupt, EOFError):
        raise CrisisError(f"saved; go on with `crisisctl resume {id}`", code=130) from None


def _finished(walk: Walk) -> None:
    screen, incident = walk.desk.talk, walk.incident
    screen.line()
    screen.block("✓ Every step is done or skipped.", "good")
    missing = commands.missing_to_close(incident, now=walk.now())
    for what in missing:
        screen.block(f"- {what}", "warn", "  ")
    screen.block(f"The post-mortem: crisisctl report {incident.id}", indent="  ")
    if commands.unreviewed(incident, now=walk.now()):
        screen.block(f"Look back together: crisisctl review {incident.id}", indent="  ")
    elif not missing and incident.status != "closed":
        screen.block(f"When it is accepted: crisisctl close {incident.id}", indent="  ")


@dataclass(frozen=True, slots=True)
class _Known:
    """What is answered before the first question."""

    answers: Answers | None
    """What waits for its step; None when a person is walked through."""
    facts: Mapping[str, FactAnswer]
    """What is recorded at once: the workspace's facts and those of `--set`."""
    declared_at: datetime | None
    title: str = ""
    """What an alert calls it."""
    drafted: Sequence[ev.Event] = ()
    """What an alert adds to the declaration."""


def _beforehand(at_desk: Desk, plan: Playbook, said: Declaration, where: tzinfo) -> _Known:
    now = at_desk.now()
    answers = None
    if said.answers is not None:
        answers = read_answers(said.answers, plan, now=now, zone=where)
    elif said.example:
        answers = examples(plan, now=now, zone=where)
    more = settings(said.pairs, plan, now=now, zone=where)
    if said.locales:
        more |= settings([f"{LOCALES}={','.join(said.locales)}"], plan, now=now, zone=where)
    at = values.parse(_TIME, said.at, now=now, zone=where) if said.at else None
    own = {} if said.example else _from_workspace(at_desk.workspace, plan, now, where)
    if answers is None:
        return _Known(None, {**own, **more}, at if isinstance(at, datetime) else None)
    answers = answers.with_facts(more)
    own = {name: fact for name, fact in own.items() if name not in answers.facts}
    return _Known(answers, own, at if isinstance(at, datetime) else answers.at)


def _with_alert(known: _Known, file: str, plan: Playbook) -> _Known:
    """What was answered wins over what the alert suggests."""
    from crisisctl.runner.intake import alert_from, drafted

    alert = alert_from(file, sys.stdin.buffer if sys.stdin else None)
    answered = {*known.facts, *(known.answers.facts if known.answers else ())}
    return replace(known, title=alert.title, drafted=drafted(alert, plan, answered))


def _say_suspected(at_desk: Desk, incident: Incident) -> None:
    names = [name for name, fact in incident.facts.items() if fact.status == "suspected"]
    if names:
        at_desk.talk.block(f"Only suspected until you confirm it: {listed(names)} (from the alert)")


def _from_workspace(
    workspace: Workspace, plan: Playbook, now: datetime, where: tzinfo
) -> dict[str, FactAnswer]:
    """The facts that `crisisctl.yaml` answers, so that nobody is asked for them at night."""
    found = {}
    for name, fact in plan.facts.items():
        setting = workspace.get(fact.workspace) if fact.workspace else None
        if setting is None:
            continue
        try:
            value = values.parse(fact, setting, now=now, zone=where)
        except CrisisError as error:
            raise CrisisError(
                f"crisisctl.yaml, {fact.workspace}: {error.message}", hint=error.hint
            ) from None
        found[name] = FactAnswer(value, "confirmed", "crisisctl.yaml")
    return found


def _declare(
    at_desk: Desk,
    journal: Journal,
    loaded: Loaded,
    said: Declaration,
    known: _Known,
    law: Sequence[Regulation],
    zone_name: str,
) -> Incident:
    title = said.title or known.title
    events = commands.declare(
        loaded.plan,
        loaded.source,
        title=title,
        time_zone=zone_name,
        drill=said.drill,
        regulations=law,
        review_within=review_within(at_desk.workspace.get("post_mortem")),
    )
    events += known.drafted
    if said.restricted is not None:
        events.append(circle.first(said.restricted, operator=at_desk.operator))
    stamp = at_desk.stamp(known.declared_at)
    day = stamp.occurred_at.astimezone(zone_of(zone_name)).date().isoformat()
    stem = f"{DRILL if said.drill else ''}{loaded.plan.playbook}-{day}"
    while True:
        incident = Incident(journal.next_id(stem))
        try:
            return record(journal, incident, events, stamp)
        except Conflict:  # somebody declared one in this very moment: take the next number
            continue


def record_facts(
    at_desk: Desk,
    journal: Journal,
    incident: Incident,
    facts: Mapping[str, FactAnswer],
    at: datetime | None,
) -> Incident:
    """Record facts that are given without a question."""
    stamp: Stamp = at_desk.stamp(at)
    for name, answer in facts.items():
        events = commands.answer(
            incident, name, answer.value, status=answer.status, source=answer.source
        )
        incident = record(journal, incident, events, stamp)
    return incident
