"""What `digest` does: the week's letter about what came after the crises."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

import typer

from crisisctl.cli.desk import Desk, desk, local_zone, zone
from crisisctl.cli.overall import gather, tell_unread
from crisisctl.cli.printing import print_json
from crisisctl.deadlines.owed import Due, deadlines
from crisisctl.incident.circle import RESTRICTED
from crisisctl.learning.digest import Digest, Unrehearsed
from crisisctl.learning.digest import digest as gathered
from crisisctl.report.data import View
from crisisctl.text import moment, zone_of
from crisisctl.workspace import playbook_names

if TYPE_CHECKING:
    from crisisctl.cli.screen import Screen
    from crisisctl.incident.fold import Incident
    from crisisctl.incident.lessons import Action
    from crisisctl.journal import Journal


def digest(*, json: bool) -> None:
    """Gather and show it; exit code 1 when something is overdue."""
    at = desk()
    journal, now = at.journal(), at.now()
    today = now.astimezone(_zone(at)).date()
    found = gather(at, journal, drill=False)
    week = gathered((past.figures for past in found.past), _drilled(at), now=now, today=today)
    book = _Book(at, journal, now, today)
    if json:
        print_json(at, _as_data(book, week))
    else:
        _show(at.out, book, week)
    tell_unread(at, found)
    if week.overdue:
        raise typer.Exit(1)


def _zone(at: Desk) -> tzinfo:
    return zone_of(local_zone(at.environment, at.workspace.get("time_zone")))


def _drilled(at: Desk) -> dict[str, date | None]:
    """Each playbook with the day of its last drill."""
    last: dict[str, date | None] = dict.fromkeys(playbook_names(at.workspace))
    if not (at.folder(drill=True) / "journal.db").exists():
        return last
    for head in at.journal(drill=True).heads():  # the newest first
        if head.playbook in last and last[head.playbook] is None and head.declared_at:
            last[head.playbook] = datetime.fromisoformat(head.declared_at).date()
    return last


class _Book:
    """Looks up the words of the incidents that are spoken of, each once."""

    def __init__(self, at: Desk, journal: Journal, now: datetime, today: date) -> None:
        self._at = at
        self._journal = journal
        self._now = now
        self.today = today
        self._read: dict[str, Incident | None] = {}

    def incident(self, id: str) -> Incident | None:
        """It, for whoever may read it."""
        if id not in self._read:
            self._read[id] = self._at.recall(self._journal, id)
        return self._read[id]

    def open(self, id: str) -> bool:
        return self.incident(id) is not None

    def title(self, id: str) -> str:
        found = self.incident(id)
        return found.title if found is not None else RESTRICTED

    def actions(self, id: str, *, late: bool) -> list[Action]:
        """Its action items that are shown: none of what the operator may not read."""
        found = self.incident(id)
        every = list(found.actions.values()) if found is not None else []
        return [a for a in every if not late or self.late(a)]

    def late(self, action: Action) -> bool:
        return action.status == "open" and bool(action.due) and action.due < self.today.isoformat()

    def promises(self, id: str) -> list[tuple[Due, tzinfo]]:
        """What is still owed, with the zone that its time is told in."""
        found = self.incident(id)
        if found is None:
            return []
        due = deadlines(found, now=self._now)
        return [(each, zone(found)) for each in due if each.kind == "promise" and each.open]


def _show(out: Screen, book: _Book, week: Digest) -> None:
    if week.empty:
        out.line("Nothing to look at this week: nothing is overdue.")
    sections = {
        "Overdue action items": _late_actions(book, week),
        "Post-mortems not reviewed": _late_reviews(book, week),
        "Promises still open": _promises(book, week),
        "This week": _anniversaries(book, week),
        "Not rehearsed for half a year": (("-", _drill(each)) for each in week.unrehearsed),
    }
    for head, rows in sections.items():
        for number, row in enumerate(rows):
            if not number:
                out.line(head, "title")
            out.table([row])


def _late_actions(book: _Book, week: Digest) -> Iterator[tuple[str, str]]:
    for id in week.late_actions:
        for action in book.actions(id, late=True):
            who = action.owner or "nobody"
            yield "-", f"{action.title} ({who}, due {action.due}; {id}, no. {action.number})"
        if not book.open(id):
            yield "-", f"{RESTRICTED} ({id})"


def _late_reviews(book: _Book, week: Digest) -> Iterator[tuple[str, str]]:
    for late in week.late_reviews:
        yield "-", f"{book.title(late.incident)} ({late.incident}), due {late.due.isoformat()}"


def _promises(book: _Book, week: Digest) -> Iterator[tuple[str, str]]:
    for promise in week.promises:
        id = promise.incident
        for due, where in book.promises(id):
            yield "-", f"{due.title} ({id}): {due.state}, {moment(due.due, where)}"
        if not book.open(id):
            yield "-", f"{RESTRICTED} ({id}){': overdue' * promise.overdue}"


def _anniversaries(book: _Book, week: Digest) -> Iterator[tuple[str, str]]:
    for each in week.anniversaries:
        yield "-", f"{each.ago}: {book.title(each.incident)} ({each.incident})"
        for action in book.actions(each.incident, late=False):
            yield "  -", f"{action.title}: {_stands(book, action)}"


def _stands(book: _Book, action: Action) -> str:
    if action.status != "open":
        return f"{action.status}{f', {action.outcome}' * bool(action.outcome)}"
    return f"NOT DONE, was due {action.due}" if book.late(action) else "open"


def _drill(each: Unrehearsed) -> str:
    when = f"last on {each.last.isoformat()}" if each.last else "never"
    return f"{each.playbook}: {when}; `crisisctl start {each.playbook} --drill`"


def _as_data(book: _Book, week: Digest) -> dict[str, Any]:
    return {
        "today": book.today.isoformat(),
        "overdue": week.overdue,
        "late_actions": [
            {
                "incident": id,
                "title": book.title(id),
                "actions": [_action(book, action) for action in book.actions(id, late=True)],
            }
            for id in week.late_actions
        ],
        "late_reviews": [
            {
                "incident": late.incident,
                "title": book.title(late.incident),
                "due_day": late.due.isoformat(),
            }
            for late in week.late_reviews
        ],
        "promises": [
            {
                "incident": promise.incident,
                "title": book.title(promise.incident),
                "overdue": promise.overdue,
                "promises": [
                    View(where).due(due) for due, where in book.promises(promise.incident)
                ],
            }
            for promise in week.promises
        ],
        "anniversaries": [
            {
                "incident": each.incident,
                "ago": each.ago,
                "title": book.title(each.incident),
                "actions": [_action(book, a) for a in book.actions(each.incident, late=False)],
            }
            for each in week.anniversaries
        ],
        "unrehearsed": [
            {
                "playbook": each.playbook,
                "last_drill_day": each.last.isoformat() if each.last else None,
            }
            for each in week.unrehearsed
        ],
    }


def _action(book: _Book, action: Action) -> dict[str, Any]:
    return {
        "action": action.number,
        "title": action.title,
        "owner": action.owner or None,
        "due_day": action.due or None,
        "status": action.status,
        "overdue": book.late(action),
        "outcome": action.outcome or None,
    }
