"""Whatever an operator does and wherever it crashes, the walk comes to the same end."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fakes import Clock, FakeDesk, World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small import PLAYBOOK, small

from crisisctl.cli.keyboard import Check, Option
from crisisctl.cli.walk import Walk
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, fold
from crisisctl.incident.store import entries, load, summary
from crisisctl.journal import Journal, verify
from crisisctl.runner.place import next_place

STEPS = ("look", "gauge", "tell", "way", "phones", "again", "fix", "learn")
WORDS = {
    "Who is commander?": ("ana", "jo"),
    "What is the shop called?": ("Kestrel", "Merlin"),
    "Since when?": ("2026-11-27T19:00+01:00", "2026-11-27T19:10+01:00"),
    "When will it work?": ("", "2026-11-27T23:00+01:00"),
    "Because?": ("It is quick", "It is quick"),
    "Why is it skipped?": ("Not tonight", "Not tonight"),
    "Note:": ("Something happened", "Something happened"),
}
"""What is typed when nothing stands there yet, and when the first answer does."""


class Crash(BaseException):
    """The power goes."""


@dataclass(frozen=True)
class Plan:
    """What an operator means to do. Everything follows from it and from what is recorded."""

    skips: frozenset[str] = frozenset()
    notes: frozenset[str] = frozenset()
    back_from: frozenset[str] = frozenset()
    unsent: frozenset[str] = frozenset()
    option: str = "phone"
    pay: tuple[str, str] = ("none", "all")
    cause: tuple[str, str] = ("load", "change")
    sure: str = "suspected"
    ticks: tuple[str, ...] = ()


plans = st.builds(
    Plan,
    skips=st.frozensets(st.sampled_from(STEPS[3:]), max_size=3),
    notes=st.frozensets(st.sampled_from(STEPS), max_size=2),
    back_from=st.frozensets(st.sampled_from(STEPS[1:]), max_size=2),
    unsent=st.frozensets(st.sampled_from(("hello", "update"))),
    option=st.sampled_from(("phone", "none")),
    pay=st.permutations(("none", "all")).map(tuple),
    cause=st.permutations(("load", "change")).map(tuple),
    sure=st.sampled_from(("suspected", "confirmed")),
    ticks=st.sampled_from(((), ("0",), ("1",), ("0", "1"))),
)


@dataclass
class Planner:
    """An operator who decides by the plan and the record alone, and crashes where told."""

    plan: Plan
    crashes: set[int] = field(default_factory=set)
    wake: datetime | None = None
    asked: int = 0
    walk: Walk | None = None
    later: set[str] = field(default_factory=set)

    def text(
        self, question: str, *, default: str = "", typed: str = "", check: Check | None = None
    ) -> str:
        self._count()
        [(first, second)] = [pair for part, pair in WORDS.items() if part in question]
        words = {"": first, first: second}.get(default, default)
        if "Since" in question or "work?" in question:
            words = second if default else first
        assert check is None or check(words) is None
        return words

    def choose(self, question: str, options: Sequence[Option], *, default: str = "") -> str:
        self._count()
        if question == "What now?":
            return self._menu([option.key for option in options])
        if question.startswith("The message"):
            message = question.split('"')[1]
            if message in self.plan.unsent:
                self.later.add(message)
                return "later"
            return "approve"
        if question.startswith("How sure"):
            return self.plan.sure
        if question.startswith("Another way"):
            return self.plan.option
        first, second = self.plan.pay if "pay" in question else self.plan.cause
        return second if default == first else default or first

    def tick(
        self, question: str, options: Sequence[Option], *, ticked: Sequence[str] = ()
    ) -> list[str]:
        self._count()
        keys = [option.key for option in options]
        if "What is done?" in question:
            return [key for key in self.plan.ticks if key in keys]
        return keys if ticked else keys[:1]

    def confirm(self, question: str, *, default: bool = True) -> bool:
        self._count()
        assert "Send it again?" in question
        return False

    def _menu(self, offered: list[str]) -> str:
        assert self.walk is not None
        incident = self.walk.incident
        assert incident.current is not None
        step = incident.current.step
        noted = sum(note.text == WORDS["Note:"][0] for note in incident.notes)
        to_note = [s for s in STEPS if s in self.plan.notes][noted:]
        if to_note and to_note[0] == step:
            return "note"
        if step in self.plan.back_from and "back" in offered and self._came_once(step):
            return "back"
        left = {"hello": "tell", "update": "again"}
        if step in self.plan.skips or step in {left[message] for message in self.later}:
            return "skip"
        return "go"

    def _came_once(self, step: str) -> bool:
        assert self.walk is not None
        recorded = entries(self.walk.journal, self.walk.incident.id)
        came = [e.event.step for e in recorded if isinstance(e.event, ev.StepStarted)]
        return came.count(step) == 1

    def _count(self) -> None:
        self.asked += 1
        if self.asked in self.crashes:
            raise Crash


class FragileJournal(Journal):
    """A journal around whose writes the power goes."""

    crashes: dict[int, str]
    written = 0

    def append(self, *given: Any, **named: Any) -> int:
        self.written += 1
        moment = self.crashes.pop(self.written, "")
        if moment == "before":
            raise Crash
        last = super().append(*given, **named)
        if moment == "after":
            raise Crash
        return last


@contextmanager
def a_world() -> Iterator[World]:
    """A declared crisis in a folder of its own."""
    folder = Path(tempfile.mkdtemp())
    try:
        world = World(small(folder, playbook=PLAYBOOK), Clock())
        world.declare()
        yield world
    finally:
        shutil.rmtree(folder)


def walked(world: World, plan: Plan, prompts: set[int], writes: dict[int, str]) -> Incident:
    """Walk to the end, beginning anew from the file after each crash."""
    planner = Planner(plan, set(prompts))
    left, count = dict(writes), 0
    for _ in range(len(prompts) + len(writes) + 1):
        desk = FakeDesk(world.folder, world.clock)
        with FragileJournal.open(desk.home / "journal.db") as journal:
            journal.crashes, journal.written = left, count
            planner.walk = Walk(desk, journal, load(journal, world.id), planner)
            try:
                planner.walk.run()
            except Crash:
                count = journal.written
                continue
            return world.incident()
    raise AssertionError("it crashed more often than it should")


def outcome(found: Incident) -> dict[str, Any]:
    """What an incident came to: with a clock that stands still, the times as well."""
    return {
        "severity": found.severity,
        "facts": {name: (known.value, known.status) for name, known in found.facts.items()},
        "steps": {k: (s.status, s.because, s.open_items) for k, s in found.steps.items()},
        "decisions": [(d.step, d.option, d.because) for d in found.decisions],
        "milestones": found.milestones,
        "sent": [(s.event.message, s.event.uses) for s in found.sent],
        "roles": found.roles,
        "notes": len(found.notes),
        "events": found.seq,
    }


bounded = settings(
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
    report_multiple_bugs=False,
)


@bounded
@given(
    plan=plans,
    prompts=st.sets(st.integers(1, 45), max_size=4),
    writes=st.dictionaries(st.integers(1, 40), st.sampled_from(("before", "after")), max_size=4),
)
def test_walk_with_crashes_ends_as_the_walk_without(
    plan: Plan, prompts: set[int], writes: dict[int, str]
) -> None:
    with a_world() as smooth, a_world() as bumpy:
        expected = walked(smooth, plan, set(), {})
        found = walked(bumpy, plan, prompts, writes)

        assert outcome(found) == outcome(expected)
        assert next_place(found, now=bumpy.clock.now) is None
        assert not list(verify(bumpy.folder / "home" / "journal.db"))


RICH = Plan(
    skips=frozenset({"phones"}),
    notes=frozenset({"gauge", "fix"}),
    back_from=frozenset({"gauge", "again"}),
    ticks=("1",),
)


@pytest.mark.slow
@pytest.mark.parametrize("around", ["before", "after", "prompt"])
def test_walk_with_a_crash_at_any_one_place_ends_as_the_walk_without(around: str) -> None:
    with a_world() as smooth:
        expected = outcome(walked(smooth, RICH, set(), {}))

    for number in range(1, 60):
        with a_world() as bumpy:
            prompts = {number} if around == "prompt" else set()
            writes = {} if around == "prompt" else {number: around}
            assert outcome(walked(bumpy, RICH, prompts, writes)) == expected, number


@settings(bounded, max_examples=10)
@given(plan=plans, length=st.integers(2, 60))
def test_any_prefix_of_a_journal_loads_to_what_its_events_amount_to(
    plan: Plan, length: int
) -> None:
    with a_world() as world:
        whole = walked(world, plan, set(), {})
        with world.journal() as journal:
            recorded = entries(journal, world.id)
        assert fold(world.id, [ev.decode(ev.encode(entry)) for entry in recorded]) == whole

        part = fold(world.id, recorded[:length])
        bodies = [ev.encode(entry) for entry in recorded[:length]]
        with Journal.open(world.folder / "torn.db") as journal:
            journal.append(world.id, bodies, expected=0, summary=summary(part))
            assert load(journal, world.id) == part
        assert next_place(part, now=world.clock.now) is not None or length >= len(recorded)
