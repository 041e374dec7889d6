"""The desk of a team that looks back: the incident as it stands, whom to ask, how to save."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisctl.cli import amending, kindly
from crisisctl.cli.amending import Make
from crisisctl.cli.desk import Desk, zone
from crisisctl.cli.keyboard import Check, InputNeeded, Keyboard, Paused
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import entries
from crisisctl.journal import Journal
from crisisctl.report.timeline import Line
from crisisctl.runner import lessons

LEAVE = ("q", "Q")


@dataclass
class Sitting:
    """One sitting; everything is recorded at once, so nothing is kept here."""

    at: Desk
    journal: Journal
    incident: Incident
    person: Keyboard | None
    _seq: int = -1
    _lines: list[Line] = field(default_factory=list)

    @property
    def asked(self) -> Keyboard:
        """The person at the terminal."""
        if self.person is None:
            raise InputNeeded("nobody is at a terminal", hint="`crisisctl review --help`")
        return self.person

    def record(self, make: Make) -> None:
        """Decide from what the journal says now, and save it."""
        self.incident = amending.keep(self.at, self.journal, self.incident, make)

    def lines(self) -> list[Line]:
        """The timeline as it stands; read once while nothing is added, for it may be long."""
        if self._seq != self.incident.seq:
            known = entries(self.journal, self.incident.id)
            self._lines = lessons.lines_of(self.incident, known, zone(self.incident))
            self._seq = self.incident.seq
        return self._lines

    def unread(self) -> list[Line]:
        """The lines that nobody has read over yet."""
        return lessons.to_read(self.lines(), self.incident)

    def words(self, question: str, *, needed: bool = False, typed: str = "") -> str:
        """Free words without blame; `q` leaves the sitting."""
        check = some_words if needed else None
        said = kindly.ask(self.asked, question, self.at, self.incident, typed=typed, check=check)
        return _or_leave(said)

    def plain(self, question: str, *, default: str = "", check: Check | None = None) -> str:
        """A name, a day or a link, which cannot blame."""
        said = self.asked.text(question, default=default, check=_unless_leaving(check))
        return _or_leave(said.strip())


def some_words(typed: str) -> str | None:
    """What is wrong with an answer that must not be empty."""
    return None if typed.strip() else "a few words, please"


def _unless_leaving(check: Check | None) -> Check | None:
    if check is None:
        return None
    return lambda typed: None if typed.strip() in LEAVE else check(typed)


def _or_leave(said: str) -> str:
    if said in LEAVE:
        raise Paused
    return said
