"""`action`: follow-up work, added, changed, done, declined, and listed over all incidents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from crisisctl.cli import amending, kindly
from crisisctl.cli.desk import Desk, desk, zone
from crisisctl.cli.printing import as_json, deliver
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.report import follow_up
from crisisctl.report.data import SCHEMA, View
from crisisctl.report.follow_up import Item
from crisisctl.runner import actions
from crisisctl.text import listed

FORMATS = ("text", "csv", "json", "ics")


@dataclass(frozen=True, slots=True)
class Said:
    """What an action item is to say; empty where nothing was typed."""

    title: str
    owner: str
    due: str
    kind: str
    link: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which items are listed, and how."""

    owner: str
    format: str
    output: Path | None
    all: bool
    overdue: bool


def add(said: Said, id: str | None, *, declined: str) -> None:
    """Add follow-up work."""

    def make(incident: Incident) -> list[ev.Event]:
        if declined:
            if said.owner or said.due:
                raise CrisisError("what is declined has no owner and no due date")
            return actions.declined(
                incident, said.title, because=declined, kind=said.kind, link=said.link
            )
        return actions.add(
            incident, said.title, owner=said.owner, due=said.due, kind=said.kind, link=said.link
        )

    at, incident = _record(id, make)
    at.talk.line(
        f"✓ action item {max(incident.actions)}{' declined' * bool(declined)} ({incident.id})",
        "good",
    )
    kindly.warn(at, incident, (said.title, declined))


def change(number: int, said: Said, id: str | None, *, because: str) -> None:
    """Give it another owner, day, type, link or words."""
    before = -1

    def make(incident: Incident) -> list[ev.Event]:
        nonlocal before
        before = incident.seq
        return actions.change(
            incident,
            number,
            title=said.title,
            owner=said.owner,
            due=said.due,
            kind=said.kind,
            link=said.link,
            because=because,
        )

    at, incident = _record(id, make)
    if incident.seq == before:
        at.talk.line(f"nothing to change (action item {number})")
        return
    at.talk.line(f"✓ action item {number} changed ({incident.id})", "good")
    kindly.warn(at, incident, (said.title, because))


def done(number: int, outcome: str, id: str | None) -> None:
    """Tick it off."""
    at, incident = _record(id, lambda incident: actions.finish(incident, number, outcome))
    at.talk.line(f"✓ action item {number} done ({incident.id})", "good")
    kindly.warn(at, incident, (outcome,))


def decline(number: int, id: str | None, *, because: str) -> None:
    """Decide not to do it."""
    at, incident = _record(id, lambda incident: actions.decline(incident, number, because=because))
    at.talk.line(f"✓ action item {number} declined ({incident.id})", "good")
    kindly.warn(at, incident, (because,))


def _record(
    id: str | None, make: Callable[[Incident], Sequence[ev.Event]]
) -> tuple[Desk, Incident]:
    """A closed incident too: its work goes on."""
    at = desk()
    journal, incident = at.open(id)
    return at, amending.keep(at, journal, incident, lambda now_is, *_: make(now_is))


def show(id: str | None, asked: Asked) -> None:
    """List it; exit code 1 when what is late was asked for, and there is some."""
    if asked.format not in FORMATS:
        what = f'there is no format "{asked.format}"'
        raise CrisisError(what, hint=f"formats: {listed(FORMATS, 'or')}")
    if id is not None and asked.all:
        raise CrisisError("--all is all incidents: leave the id out")
    at = desk()
    if id is None and (asked.all or asked.overdue):
        found, head = follow_up.in_order(_of_all(at, asked.owner)), None
    else:
        _, incident = at.open(id)
        head = incident
        found = _items(at, incident, asked.owner)
    if asked.overdue:
        found = [item for item in found if item.overdue]
    _deliver(at, found, head, asked)
    if asked.overdue and found:
        raise typer.Exit(1)


def _of_all(at: Desk, owner: str) -> Iterator[Item]:
    for incident, words in at.everything(at.journal()):
        yield from _items(at, incident, owner, words=words)


def _items(at: Desk, incident: Incident, owner: str, *, words: bool = True) -> list[Item]:
    today = at.now().astimezone(zone(incident)).date()
    return follow_up.items(incident, today, words=words, owner=owner)


def _deliver(at: Desk, found: Sequence[Item], incident: Incident | None, asked: Asked) -> None:
    if asked.format == "json":
        deliver(at, _json(at, found, incident), asked.output)
    elif asked.format == "csv":
        deliver(at, follow_up.as_csv(found), asked.output)
    elif asked.format == "ics":
        deliver(at, follow_up.as_calendar(found, now=at.now()).decode(), asked.output)
    elif asked.output is not None:
        raise CrisisError("--output goes with --format csv, json or ics")
    else:
        _table(at, found, of_all=incident is None)


def _json(at: Desk, found: Sequence[Item], incident: Incident | None) -> str:
    if incident is not None:
        head = View(zone(incident)).head(incident)
        return as_json(at, {**head, "actions": [follow_up.as_json(item) for item in found]})
    rows = [{"incident": item.incident, **follow_up.as_json(item)} for item in found]
    return as_json(at, {"schema": SCHEMA, "actions": rows})


def _table(at: Desk, found: Sequence[Item], *, of_all: bool) -> None:
    rows = [
        [
            *([item.incident] if of_all else []),
            str(item.action.number),
            item.action.owner or "nobody",
            f"{item.action.due or '-'}{' OVERDUE' * item.overdue}",
            item.action.kind or "-",
            _words(item),
        ]
        for item in found
    ]
    heads = ["incident"] * of_all + ["no.", "owner", "due", "type", "what"]
    at.out.table(rows, heads)
    if not rows:
        at.out.line("No action item.")


def _words(item: Item) -> str:
    action = item.action
    end = f" ({action.status}: {action.outcome})" if action.status != "open" else ""
    link = f" {action.link}" if action.link else ""
    return f"{action.title}{end}{link}"
