"""After the crisis: action items, close, reopen."""

from __future__ import annotations

from crisisctl.cli.desk import desk
from crisisctl.incident.store import record
from crisisctl.runner import commands
from crisisctl.runner.place import open_steps
from crisisctl.text import listed


def close(id: str | None, *, because: str) -> None:
    """Close, unless milestones or promises are open."""
    at = desk()
    journal, incident = at.open(id)
    stamp = at.stamp()
    events = commands.close(incident, now=stamp.now, because=because)
    unreviewed = commands.unreviewed(incident, now=stamp.now)
    left = [f"{len(open_steps(incident, now=stamp.now))} steps"]
    left.append(f"{sum(a.status == 'open' for a in incident.actions.values())} action items")
    left.append(f"{incident.waiting} complaints without an answer")
    record(journal, incident, events, stamp)
    at.talk.line(f"✓ closed {incident.id}", "good")
    still = [words for words in left if not words.startswith("0 ")]
    if unreviewed:
        at.talk.block("Its post-mortem was not reviewed, as the report says.", "warn")
    if still:
        at.talk.block(f"Left open, as the report says: {listed(still)}.", "warn")


def reopen(id: str, *, because: str) -> None:
    """Open it again."""
    at = desk()
    journal, incident = at.open(id)
    record(journal, incident, commands.reopen(incident, because=because), at.stamp())
    at.talk.line(f"✓ reopened {incident.id}: go on with `crisisctl resume {incident.id}`", "good")
