"""The clock and the keyboard, faked: everything else in a test of the walk is real."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crisisctl.cli.desk import Desk
from crisisctl.cli.keyboard import Check, Option, Woken
from crisisctl.cli.screen import Screen
from crisisctl.cli.walk import Walk
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import entries, load, record
from crisisctl.journal import Journal
from crisisctl.playbook.load import load as load_playbook
from crisisctl.runner import commands
from crisisctl.runner.answers import Answers
from crisisctl.workspace import Workspace, find_workspace, playbook_file

START = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)
ENTER = object()
"""Enter alone: what stands there is taken."""


@dataclass
class Clock:
    """A clock that moves only when it is told to."""

    now: datetime = START

    def tick(self, **much: float) -> None:
        self.now += timedelta(**much)


@dataclass(frozen=True)
class Waits:
    """At this prompt time passes, with something typed already, until a deadline cuts in."""

    typed: str = ""
    minutes: float = 0


class Unasked(AssertionError):
    """Something was asked that the script does not answer, or the other way round."""


@dataclass
class FakeOperator:
    """A person who answers by a script of (part of the question, answer).

    An answer is what a prompt returns, `ENTER`, `Waits`, or an exception to
    raise. `seen` keeps every question with what was offered. It fails on a
    question that is not the next one; call `done` for answers left over.
    """

    script: list[tuple[str, Any]]
    clock: Clock = field(default_factory=Clock)
    wake: datetime | None = None
    seen: list[tuple[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def done(self) -> None:
        if self.script:
            raise Unasked(f"never asked: {[question for question, _ in self.script]}")

    def text(
        self,
        question: str,
        *,
        default: str = "",
        typed: str = "",
        check: Check | None = None,
        warn: Check | None = None,
    ) -> str:
        while True:
            answer = self._next(question, typed or default)
            words = (typed or default) if answer is ENTER else str(answer)
            wrong = check(words) if check else None
            if wrong is None:
                return words
            self.refused.append(wrong)

    def choose(self, question: str, options: Sequence[Option], *, default: str = "") -> str:
        answer = self._next(question, default)
        keys = [option.key for option in options]
        chosen = (default if default in keys else keys[0]) if answer is ENTER else str(answer)
        if chosen not in keys:
            raise Unasked(f"{question}: {chosen} is not among {keys}")
        return chosen

    def tick(
        self, question: str, options: Sequence[Option], *, ticked: Sequence[str] = ()
    ) -> list[str]:
        answer = self._next(question, list(ticked))
        return list(ticked) if answer is ENTER else [str(key) for key in answer]

    def confirm(self, question: str, *, default: bool = True) -> bool:
        answer = self._next(question, default)
        return default if answer is ENTER else bool(answer)

    def _next(self, question: str, offered: Any) -> Any:
        self.seen.append((question, offered))
        self._wake("")
        if not self.script:
            raise Unasked(f"nothing answers: {question}")
        expected, answer = self.script.pop(0)
        if expected not in question:
            raise Unasked(f"asked: {question}; expected: {expected}")
        if isinstance(answer, Waits):
            self.clock.tick(minutes=answer.minutes)
            self._wake(answer.typed)
            raise Unasked(f"no deadline cut in at: {question}")
        if isinstance(answer, BaseException) or (
            isinstance(answer, type) and issubclass(answer, BaseException)
        ):
            raise answer
        return answer

    def _wake(self, typed: str) -> None:
        if self.wake is not None and self.clock.now >= self.wake:
            raise Woken(typed)


class FakeDesk(Desk):
    """A desk in a folder, with a clock that stands still and paper for a screen."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        environment = {
            "CRISISCTL_HOME": str(folder / "home"),
            "CRISISCTL_OPERATOR": "ana",
            "TZ": "Europe/Paris",
            "COLUMNS": "80",
        }
        self.paper = io.StringIO()
        super().__init__(
            environment, Screen(io.StringIO(), environment), Screen(self.paper, environment)
        )
        self.talk.unicode = True
        self.clock = clock
        self.__dict__["workspace"] = find_workspace(folder) if folder.is_dir() else Workspace()

    def now(self) -> datetime:
        return self.clock.now


@dataclass
class World:
    """A folder with a small crisis in it, walked without a terminal."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    id: str = ""
    said: str = ""
    """What the last walk showed."""

    def declare(self, playbook: str = "small") -> str:
        """Open an incident, as `start` does."""
        desk = FakeDesk(self.folder, self.clock)
        loaded = load_playbook(playbook_file(desk.workspace, playbook))
        with desk.journal() as journal:
            self.id = journal.next_id(f"{playbook}-2026-11-27")
            opening = commands.declare(
                loaded.plan, loaded.source, title="", time_zone="Europe/Paris", drill=False
            )
            record(journal, Incident(self.id), opening, desk.stamp())
        return self.id

    def walk(self, operator: FakeOperator | None, answers: Answers | None = None) -> Incident:
        """Walk as a new process would: from what the journal holds, as far as it goes."""
        desk = FakeDesk(self.folder, self.clock)
        if operator is not None:
            operator.clock = self.clock
        with desk.journal() as journal:
            try:
                walk = Walk(desk, journal, load(journal, self.id), operator, answers)
                walk.run()
            finally:
                self.said = desk.paper.getvalue()
        return walk.incident

    def journal(self) -> Journal:
        """The journal as another process opens it."""
        return FakeDesk(self.folder, self.clock).journal()

    def incident(self) -> Incident:
        """What the journal says now."""
        with self.journal() as journal:
            return load(journal, self.id)

    def kinds(self) -> list[str]:
        """The recorded events, by their names."""
        from crisisctl.incident.events import kind

        with self.journal() as journal:
            return [kind(entry.event) for entry in entries(journal, self.id)]
