"""After the crisis: action items, close, reopen."""

from __future__ import annotations

from datetime import date

from crisisctl.cli.desk import desk, zone
from crisisctl.cli.printing import print_json
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.store import record
from crisisctl.report.data import View
from crisisctl.runner import commands
from crisisctl.runner.place import open_steps
from crisisctl.text import listed


def action_add(title: str, id: str | None, *, owner: str, due: str) -> None:
    """Add follow-up work."""
    if due:
        try:
            date.fromisoformat(due)
        except ValueError:
            raise CrisisError(f'"{due}" is not a date', hint="write it as 2026-12-11") from None
    at = desk()
    journal, incident = at.open(id)
    number = max(incident.actions, default=0) + 1
    record(journal, incident, [ev.ActionAdded(number, title, owner, due)], at.stamp())
    at.talk.line(f"✓ action item {number} ({incident.id})", "good")


def action_list(id: str | None, *, json: bool) -> None:
    """The follow-up work of an incident."""
    at = desk()
    _, incident = at.open(id)
    if json:
        view = View(zone(incident))
        rows = [
            {
                "action": action.number,
                "title": action.title,
                "owner": action.owner or None,
                "due": action.due or None,
                "outcome": action.outcome or None,
            }
            for action in incident.actions.values()
        ]
        print_json(at, {**view.head(incident), "actions": rows})
        return
    table = [
        [str(a.number), a.owner or "nobody", a.due or "-", a.outcome or "open", a.title]
        for a in incident.actions.values()
    ]
    at.out.table(table, ["no.", "owner", "due", "outcome", "what"])
    if not table:
        at.out.line("No action item.")


def action_done(number: int, outcome: str, id: str | None) -> None:
    """Tick off follow-up work."""
    at = desk()
    journal, incident = at.open(id)
    if number not in incident.actions:
        known = listed([str(n) for n in incident.actions]) or "none"
        raise CrisisError(f"there is no action item {number}", hint=f"action items: {known}")
    if not outcome.strip():
        raise CrisisError("an action item needs a word on its outcome")
    record(journal, incident, [ev.ActionDone(number, outcome.strip())], at.stamp())
    at.talk.line(f"✓ action item {number} done ({incident.id})", "good")


def close(id: str | None, *, because: str) -> None:
    """Close, unless milestones or promises are open."""
    at = desk()
    journal, incident = at.open(id)
    stamp = at.stamp()
    events = commands.close(incident, now=stamp.now, because=because)
    left = [f"{len(open_steps(incident, now=stamp.now))} steps"]
    left.append(f"{sum(not a.outcome for a in incident.actions.values())} action items")
    left.append(f"{incident.waiting} complaints without an answer")
    record(journal, incident, events, stamp)
    at.talk.line(f"✓ closed {incident.id}", "good")
    still = [words for words in left if not words.startswith("0 ")]
    if still:
        at.talk.block(f"Left open, as the report says: {listed(still)}.", "warn")


def reopen(id: str, *, because: str) -> None:
    """Open it again."""
    at = desk()
    journal, incident = at.open(id)
    record(journal, incident, commands.reopen(incident, because=because), at.stamp())
    at.talk.line(f"✓ reopened {incident.id}: go on with `crisisctl resume {incident.id}`", "good")
