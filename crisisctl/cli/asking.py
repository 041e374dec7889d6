"""Getting a step's answers: from the answers given beforehand, else from the person."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from crisisctl.cli.keyboard import Back, Check, InputNeeded, Option, Woken
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact
from crisisctl.playbook.values import Value
from crisisctl.runner import commands
from crisisctl.runner.place import Place, questions
from crisisctl.text import listed

if TYPE_CHECKING:
    from crisisctl.cli.walk import Walk

OPEN = "?"
"""Stands for "not known yet" among the options of an optional question."""
SHORT_LIST = ("choice", "flag")


def roles(walk: Walk, place: Place) -> None:
    """Fill the roles of a step: the answers' person, the workspace's, or the operator."""
    for role in to_name(walk, place):
        person = _person(walk, role)
        walk.record(partial(commands.assign, role=role, person=person), place)


def to_name(walk: Walk, place: Place) -> list[str]:
    """The roles that nobody holds yet; when the operator came back, all of the step's."""
    known = () if _came_back(walk, place) else walk.incident.roles
    return [role for role in place.step.assign if role not in known]


def facts(walk: Walk, place: Place, *, anew: int | None = None) -> None:
    """Ask what the step asks; each answer is recorded before the next question."""
    for name in questions(walk.incident, place, anew=anew):
        answered = _beforehand(walk, name)
        if answered is not None:
            value, status, source = answered
        elif walk.answers is not None and commands.known_fact(walk.incident, name).optional:
            continue
        else:
            found = ask(walk, name)
            if found is None:
                continue
            (value, status), source = found, walk.desk.operator
        record_fact(walk, name, value, status, source, place)


def ask(walk: Walk, name: str) -> tuple[Value, ev.Status] | None:
    """Put one question to the person; None means it stays open."""
    spec = commands.known_fact(walk.incident, name)
    if walk.keyboard is None:
        raise InputNeeded(
            f'the fact "{name}" is needed: {spec.ask or name}',
            hint=f"give it with --set {name}={_sample(spec)}, in an --answers file, "
            f"or by `crisisctl fact {name} VALUE`; then "
            f"`crisisctl resume {walk.incident.id}`",
        )
    raw = _raw(walk, name, spec)
    if raw is None:
        return None
    value = values.parse(spec, raw, now=walk.now(), zone=walk.zone)
    try:
        return value, _certainty(walk, spec)
    except (Back, Woken):
        walk.typed[_shown(spec, name)] = str(raw)  # it was answered, but not recorded yet
        raise


def confirm(walk: Walk, name: str) -> bool:
    """Ask for a fact that a text cannot do without; whether it is confirmed now."""
    found = ask(walk, name) if walk.incident.spec(name) is not None else None
    if found is None:
        return False
    value, status = found
    record_fact(walk, name, value, status, walk.desk.operator)
    return status == "confirmed"


def checklist(walk: Walk, place: Place) -> list[str]:
    """Which lines of the step's checklist were left open."""
    items = list(place.step.checklist)
    script = walk.answers.steps.get(place.step.id) if walk.answers else None
    if script is not None:
        return [item for item in items if item in script.open_items]
    if not items or not walk.guided:
        return []
    options = [Option(str(number), item) for number, item in enumerate(items)]
    before = [str(n) for n, item in enumerate(items) if _was_ticked(walk, place, item)]
    ticked = walk.asked().tick("What is done?", options, ticked=before)
    left = [item for number, item in enumerate(items) if str(number) not in ticked]
    if left:
        walk.desk.talk.line(
            f"{len(left)} of {len(items)} stay open, as the report will say", "warn"
        )
    return left


def text(walk: Walk, question: str, *, default: str = "", check: Check | None = None) -> str:
    """Ask for words; what was typed when a deadline cut in is offered again."""
    typed = walk.typed.pop(question, "")
    try:
        return walk.asked().text(question, default=default, typed=typed, check=check)
    except Woken as woken:
        if woken.partial:
            walk.typed[question] = woken.partial
        raise


def record_fact(
    walk: Walk,
    name: str,
    value: Value,
    status: ev.Status,
    source: str,
    place: Place | None = None,
) -> None:
    """Record an answer, unless it is what the record says already; show what follows from it."""
    known = walk.incident.known(name)
    if known is not None and (known.value, known.status) == (values.encode(value), status):
        return
    if isinstance(value, datetime) and commands.known_fact(walk.incident, name).milestone:
        walk.keep_rhythm(value)
    seen = len(walk.incident.severities)
    asked = commands.answer(walk.incident, name, value, status=status, source=source)
    walk.record(lambda i: commands.answer(i, name, value, status=status, source=source), place)
    raises = any(isinstance(event, ev.SeverityChanged) for event in asked)
    if raises and len(walk.incident.severities) > seen:
        because = walk.incident.severities[-1][2]
        walk.desk.talk.block(f"✓ severity {walk.incident.severity}: {because}", "warn")
    elif walk.guided:
        walk.desk.talk.line(f"✓ saved{_as_read(walk, name, value)}", "good")
    if isinstance(value, datetime) and walk.guided:
        for wrong in commands.out_of_order(walk.incident):
            walk.desk.talk.block(f"Look again: {wrong}.", "warn")
    if any(name in plan.impact for plan in walk.incident.plans.values()):
        _perhaps_lower(walk)


def _as_read(walk: Walk, name: str, value: Value) -> str:
    """How a time was understood: "-15m" or "20:04" can be meant for another day."""
    spec = walk.incident.spec(name)
    if spec is None or not isinstance(value, datetime | timedelta):
        return ""
    return f": {values.words(spec, value, walk.zone)}"


def _perhaps_lower(walk: Walk) -> None:
    """Answers that became milder do not lower the severity by themselves."""
    answers = {n: str(k.value) for n, k in walk.incident.facts.items() if k.status != "retracted"}
    verdict = commands.judged(walk.incident, answers)
    now = walk.incident.severity
    if verdict is not None and now is not None and walk.guided and verdict[0] > now:
        walk.desk.talk.block(
            f"The answers now say {verdict[0]}; it stays {now} until somebody lowers it: "
            f'crisisctl severity {verdict[0]} --because "…"',
            "dim",
        )


def _came_back(walk: Walk, place: Place) -> bool:
    state = walk.incident.steps.get(place.key)
    return state is not None and state.again


def _was_ticked(walk: Walk, place: Place, item: str) -> bool:
    state = walk.incident.steps.get(place.key)
    return state is not None and state.again and item not in state.open_items


def _beforehand(walk: Walk, name: str) -> tuple[Value, ev.Status, str] | None:
    """The file's answer; in a replay, what its last message so far has learned instead.

    Unless the message only suspects what the file confirms: that is known later.
    """
    if walk.answers is None:
        return None
    answer, now = walk.answers.facts.get(name), walk.now()
    learned = [m for m in walk.answers.messages if name in m.facts and m.at <= now]
    if learned:
        last = max(learned, key=lambda message: message.at).facts[name]
        if answer is None or answer.status == "suspected" or last.status == "confirmed":
            answer = last
    return (answer.value, answer.status, answer.source) if answer else None


def _person(walk: Walk, role: str) -> str:
    if walk.answers is not None and role in walk.answers.roles:
        return walk.answers.roles[role]
    staff = walk.desk.workspace.get(f"roles.{role}")
    names = [str(name) for name in staff] if isinstance(staff, list) else []
    default = walk.incident.roles.get(role) or (names[0] if names else walk.desk.operator)
    if not walk.guided:
        return default
    known = f" ({listed(names, 'or')})" if names else ""
    return text(walk, f"Who is {role}?{known}", default=default)


def _raw(walk: Walk, name: str, spec: Fact) -> object:
    """What the person answers, as `values.parse` reads it; None leaves it open."""
    question = _shown(spec, name)
    before = walk.incident.known(name)
    if spec.hint:
        walk.desk.talk.block(spec.hint, "dim", "  ")
    value = before.value if before is not None else _suggested(walk, spec)
    if spec.type == "choices":
        return _several(walk, question, spec, value)
    if spec.type in SHORT_LIST:
        return _one(walk, question, spec, "" if value is None else str(value))
    return _typed(walk, question, name, spec, value)


def _suggested(walk: Walk, spec: Fact) -> ev.Plain | None:
    """What imported reviews suggest; Enter alone confirms it."""
    if spec.reviews is None or not walk.incident.imports:
        return None
    from crisisctl.report.timeline import value_in_words
    from crisisctl.runner.reviews import suggested

    found = suggested(walk.incident, spec.reviews)
    if found is not None:
        shown = value_in_words(spec, found, walk.zone)
        walk.desk.talk.block(f"The reviews suggest: {shown}", "good", "  ")
    return found


def _one(walk: Walk, question: str, spec: Fact, before: str) -> str | None:
    choices = spec.choices or {"true": "Yes", "false": "No"}
    options = [Option(key, title) for key, title in choices.items()]
    if spec.optional:
        options.append(Option(OPEN, "Not known yet"))
    before = walk.typed.pop(question, before)
    default = before.lower() if spec.type == "flag" else before
    chosen = walk.asked().choose(question, options, default=default)
    return None if chosen == OPEN else chosen


def _several(walk: Walk, question: str, spec: Fact, before: object) -> list[str] | None:
    options = [Option(key, title) for key, title in spec.choices.items()]
    ticked = before if isinstance(before, list) else []
    while True:
        chosen = walk.asked().tick(question, options, ticked=ticked)
        if chosen or spec.optional:
            return chosen or None
        walk.desk.talk.block("Tick at least one.", "bad")


def _typed(walk: Walk, shown: str, name: str, spec: Fact, before: object) -> str | None:
    default = "" if before is None else _as_typed(walk, spec, before)
    typed = text(walk, shown, default=default, check=_checked(walk, name, spec))
    return typed or None


def _checked(walk: Walk, name: str, spec: Fact) -> Check:
    def check(typed: str) -> str | None:
        if not typed.strip() and spec.optional:
            return None
        try:
            value = values.parse(spec, typed, now=walk.now(), zone=walk.zone)
        except CrisisError as error:
            return error.message
        return commands.implausible(walk.incident, name, value, now=walk.now()) or None

    return check


def _as_typed(walk: Walk, spec: Fact, plain: object) -> str:
    value = values.decode(spec, plain)
    if isinstance(value, datetime):
        return value.astimezone(walk.zone).isoformat(timespec="minutes")
    return str(plain)


def _shown(spec: Fact, name: str) -> str:
    question = spec.ask or name
    hint = "" if spec.type in (*SHORT_LIST, "choices") else _how(spec)
    return f"{question} ({hint})" if hint else question


def _how(spec: Fact) -> str:
    """How such a value is typed, and that Enter leaves it open."""
    moment = "06:30 or +30m" if spec.ahead else "20:04, -15m or now"
    ways = {"time": moment, "duration": "such as 45m", "money": "such as 12.50 EUR"}
    parts = [ways.get(spec.type, ""), "Enter: not known yet" if spec.optional else ""]
    return "; ".join(part for part in parts if part)


def _certainty(walk: Walk, spec: Fact) -> ev.Status:
    if spec.certainty != "ask":
        return "confirmed"
    options = [
        Option("suspected", "Only suspected: no message will say it"),
        Option("confirmed", "Confirmed: messages may say it"),
    ]
    chosen = walk.asked().choose("How sure is that?", options, default="suspected")
    return "confirmed" if chosen == "confirmed" else "suspected"


def _sample(spec: Fact) -> str:
    if spec.choices:
        return "|".join(spec.choices)
    return str(spec.example) if spec.example is not None else "VALUE"
