"""How a playbook was walked each time: steps, notes beside them, choices, times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from crisisctl.deadlines.owed import deadlines
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.playbook.model import Playbook


class Stepped(Struct, frozen=True):
    """How one step went, the first time that it came up."""

    status: Literal["done", "skipped"]
    because: str = ""
    took: timedelta | None = None
    """From its start to its end; None where a clock jumped."""


class Walk(Struct, frozen=True):
    """One incident's way through one playbook."""

    incident: str
    speaks: bool
    """Whether its words may go into a playbook, for everybody to read. Of a restricted one only
    times and states are here, and nobody's answers."""
    steps: dict[str, Stepped]
    notes: tuple[tuple[str, str], ...]
    """Notes without a topic, each with the step during which it was written."""
    answered: frozenset[str]
    values: dict[str, str]
    """The answers with one choice, as they stand at the end."""
    chosen: tuple[tuple[str, str, str], ...]
    """Decisions: step, option, reason."""
    due: tuple[tuple[str, bool], ...]
    """The playbook's deadlines that are over: name, and whether it was met."""


def walk(incident: Incident, entries: Iterable[ev.Entry], name: str, *, now: datetime) -> Walk:
    """What the record of one incident tells about the playbook of that name."""
    steps, notes = _walked(incident, entries, name)
    speaks = incident.circle is None
    return Walk(
        incident=incident.id,
        speaks=speaks,
        steps=steps,
        notes=notes if speaks else (),
        answered=frozenset(_answered(incident)),
        values=_choices(incident) if speaks else {},
        chosen=tuple(
            (taken.step, taken.option, taken.because)
            for taken in incident.decisions
            if taken.playbook == name and speaks
        ),
        due=tuple(
            (due.name, due.state == "met")
            for due in deadlines(incident, now=now)
            if due.playbook == name and due.state in ("met", "missed", "overdue")
        ),
    )


def _answered(incident: Incident) -> Iterator[str]:
    yield from (fact for fact in incident.facts if incident.known(fact) is not None)
    # a note on a topic answers the question of that name
    yield from (note.topic.replace("-", "_") for note in incident.notes if note.topic)


def _choices(incident: Incident) -> dict[str, str]:
    return {
        fact: known.value
        for fact, known in incident.facts.items()
        if known.status != "retracted" and isinstance(known.value, str)
    }


def _walked(
    incident: Incident, entries: Iterable[ev.Entry], name: str
) -> tuple[dict[str, Stepped], tuple[tuple[str, str], ...]]:
    began: dict[str, datetime] = {}
    steps: dict[str, Stepped] = {}
    notes: list[tuple[str, str]] = []
    now_at = ""
    for entry in entries:
        match entry.event:
            case ev.StepStarted(playbook=playbook, step=step):
                now_at = step if playbook == name else ""
                if playbook == name:
                    began.setdefault(step, entry.occurred_at)
            case ev.StepCompleted(playbook=playbook, step=step) if playbook == name:
                took = entry.occurred_at - began[step] if step in began else None
                good = took if took is not None and took >= timedelta() else None
                steps.setdefault(step, Stepped("done", took=good))
            case ev.StepSkipped(playbook=playbook, step=step, because=why) if playbook == name:
                steps.setdefault(step, Stepped("skipped", why))
            case ev.NoteAdded(text=text, topic="") if now_at and not _taken_back(incident, entry):
                notes.append((now_at, text))
    return steps, tuple(notes)


def _taken_back(incident: Incident, entry: ev.Entry) -> bool:
    found = incident.corrections.get(entry.seq)
    return found is not None and found.event.withdrawn


def first_asked(plan: Playbook) -> dict[str, int]:
    """The place of the first step that surely asks each fact, by fact."""
    found: dict[str, int] = {}
    for place, (_, step) in enumerate(plan.steps()):
        if step.when:
            continue
        decided: Sequence[str] = (step.decide.fact,) if step.decide else ()
        for fact in (*step.ask, *decided):
            found.setdefault(fact, place)
    return found
