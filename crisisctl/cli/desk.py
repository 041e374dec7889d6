"""The desk an operator sits at: environment, clock, journal, screens. Built once a run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli.screen import Screen
from crisisctl.errors import CrisisError
from crisisctl.text import listed, zone_of
from crisisctl.workspace import Workspace, find_workspace, home, operator

if TYPE_CHECKING:  # commands that only read files, such as `lint`, need no journal
    from crisisctl.incident.fold import Incident
    from crisisctl.incident.store import Stamp
    from crisisctl.journal import Head, Journal
    from crisisctl.report.post_mortem import PostMortem
    from crisisctl.report.register import Entry
    from crisisctl.report.status import Status
    from crisisctl.report.words import Words

DRILL = "drill-"
"""Ids of drills begin like this: a drill can never be taken for the real thing."""


class Desk:
    """Everything a command needs from the outside world."""

    def __init__(self, environment: Mapping[str, str], out: Screen, talk: Screen) -> None:
        self.environment = environment
        self.out = out
        self.talk = talk

    @cached_property
    def home(self) -> Path:
        """Where the journal, the outbox and the drills are kept."""
        return home(self.environment)

    @cached_property
    def workspace(self) -> Workspace:
        """The team's own folder, if one is near."""
        return find_workspace(_here())

    @cached_property
    def operator(self) -> str:
        """Who is typing."""
        return operator(self.environment)

    def now(self) -> datetime:
        """The only clock there is."""
        return datetime.now(UTC)

    def stamp(self, at: datetime | None = None) -> Stamp:
        """Who records, and when."""
        from crisisctl.incident.store import Stamp

        return Stamp(self.operator, self.now(), at)

    @property
    def interactive(self) -> bool:
        """Whether there is a person to ask."""
        return sys.stdin is not None and sys.stdin.isatty() and self.talk.terminal

    def journal(self, *, drill: bool = False) -> Journal:
        """The journal of real incidents, or the one of drills."""
        from crisisctl.journal import Journal

        if self.environment.get("CRISISCTL_STORE"):
            raise CrisisError(
                "CRISISCTL_STORE is set, but this version keeps journals in files only",
                hint="unset it to use the journal under CRISISCTL_HOME",
            )
        journal = Journal.open(self.folder(drill=drill) / "journal.db")
        if journal.read_only:
            self.talk.block(f"read-only: {journal.why_read_only}", "warn")
        return journal

    def folder(self, *, drill: bool) -> Path:
        """Where real incidents, or drills, keep everything they write."""
        return self.home / "drills" if drill else self.home

    def pick(self, id: str | None) -> tuple[Journal, str]:
        """The journal and id of an incident: the one named, else the only open one."""
        if id is not None:
            from crisisctl.incident.store import unknown_incident

            journal = self.journal(drill=id.startswith(DRILL))
            if journal.head(id) is None:
                raise unknown_incident(journal, id)
            return journal, id
        journal = self.journal()
        still = journal.heads(status=("open", "resolved"))
        if len(still) == 1:
            return journal, still[0].incident
        if not still:
            journal, still = self._drills()
            if len(still) == 1:
                return journal, still[0].incident
        raise _which(still)

    def open(self, id: str | None) -> tuple[Journal, Incident]:
        """The journal and the incident itself, folded, for whoever may read it."""
        from crisisctl.incident.store import load

        journal, found = self.pick(id)
        incident = load(journal, found)
        self.admit(incident)
        return journal, incident

    def then(self, incident: Incident, as_of: str) -> datetime:
        """The moment that `--as-of` names. Raises for one that is still to come."""
        from crisisctl.playbook import values
        from crisisctl.playbook.model import Fact

        now = self.now()
        found = values.parse(Fact(type="time"), as_of, now=now, zone=zone(incident))
        if not isinstance(found, datetime) or found > now:
            raise CrisisError(f"{as_of} is still to come: nobody knows what will be known then")
        return found

    def everything(self, journal: Journal) -> Iterator[tuple[Incident, bool]]:
        """Every incident, and whether its words are for the operator: who shows them must ask."""
        from crisisctl.incident.circle import may_read
        from crisisctl.incident.store import load

        for head in journal.heads():
            incident = load(journal, head.incident)
            yield incident, may_read(incident, self.operator)

    def admit(self, incident: Incident) -> None:
        """Raise for somebody whom a restricted incident is kept from."""
        from crisisctl.incident.circle import may_read, refusal

        if not may_read(incident, self.operator):
            raise refusal(incident)

    def recall(self, journal: Journal, id: str) -> Incident | None:
        """A past incident, for whoever may read its words; None for others."""
        from crisisctl.incident.circle import may_read
        from crisisctl.incident.store import load

        incident = load(journal, id)
        return incident if may_read(incident, self.operator) else None

    def glance(self, journal: Journal, id: str, *, as_of: str | None = None) -> Status:
        """Where an incident stands; without its words where they are kept from the operator."""
        from crisisctl.incident.circle import may_read
        from crisisctl.incident.store import load
        from crisisctl.report.status import status

        incident, now = load(journal, id), self.now()
        if as_of:
            now = self.then(incident, as_of)
            incident = load(journal, id, as_of=now)
        found = status(incident, now=now)
        if may_read(found.incident, self.operator):
            return found
        from crisisctl.report.withheld import outline

        return outline(found)

    def look_back(
        self,
        journal: Journal,
        id: str,
        *,
        restricted: bool,
        as_of: str | None = None,
        words: Words | None = None,
        asked: bool = False,
    ) -> PostMortem:
        """The report. A restricted incident's words are in it only if one of its circle asks."""
        from crisisctl.incident.fold import fold
        from crisisctl.incident.store import as_known, entries
        from crisisctl.report.post_mortem import post_mortem
        from crisisctl.report.withheld import figures

        happened, now = entries(journal, id), self.now()
        incident = fold(id, happened)
        if restricted:
            self.admit(incident)
        if as_of:
            now = self.then(incident, as_of)
            incident, happened = as_known(id, happened, now)
        found = post_mortem(
            incident,
            happened,
            head=journal.read(id, after=incident.seq - 1)[0].hash,
            zone=zone(incident),
            now=now,
            words=words,
            asked=asked,
        )
        return found if restricted or incident.circle is None else figures(found)

    def breach(self, journal: Journal, id: str) -> Entry | None:
        """What the register says of an incident, if it is a breach; words for its circle only."""
        from crisisctl.incident.circle import may_read
        from crisisctl.incident.store import load
        from crisisctl.report.register import entry, withheld

        incident = load(journal, id)
        found = entry(incident, now=self.now())
        return found if found is None or may_read(incident, self.operator) else withheld(found)

    def _drills(self) -> tuple[Journal, list[Head]]:
        journal = self.journal(drill=True)
        return journal, journal.heads(status=("open", "resolved"))


def desk() -> Desk:
    """The desk of this process."""
    environment = os.environ
    return Desk(environment, Screen(sys.stdout, environment), Screen(sys.stderr, environment))


def refuse_closed(incident: Incident) -> None:
    """Nothing more happens to a closed incident until somebody reopens it."""
    if incident.status == "closed":
        raise CrisisError(
            f"{incident.id} is closed",
            hint=f'`crisisctl reopen {incident.id} --because "…"` opens it again',
            code=1,
        )


def zone(incident: Incident) -> tzinfo:
    """The zone that an incident's times are shown in."""
    return zone_of(incident.time_zone)


def local_zone(environment: Mapping[str, str], setting: object) -> str:
    """The zone of a new incident: the workspace's, else this machine's."""
    if isinstance(setting, str):
        zone_of(setting)
        return setting
    named = environment.get("TZ", "").removeprefix(":")
    if named:
        try:
            zone_of(named)
        except CrisisError:
            return "UTC"
        return named
    link = Path("/etc/localtime")
    if link.is_symlink():
        target = str(link.readlink()).partition("zoneinfo/")[2]
        if target:
            return target
    return "UTC"


def _which(still: list[Head]) -> CrisisError:
    if not still:
        return CrisisError(
            "no incident is open",
            hint="declare one with `crisisctl start PLAYBOOK`; a closed one is named by its id: "
            "`crisisctl list --all`",
        )
    names = listed([head.incident for head in still[:10]])
    return CrisisError("several incidents are open: say which one", hint=f"--incident: {names}")


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError:  # the folder was deleted under us: carry on without a workspace
        return Path("/")
