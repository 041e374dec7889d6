"""After the crisis: report, action items, close, reopen, verify."""

from __future__ import annotations

from pathlib import Path

import typer

from crisisctl.cli.desk import DRILL, Desk, desk
from crisisctl.cli.printing import as_json, deliver, print_json
from crisisctl.errors import CrisisError
from crisisctl.incident.store import record, unknown_incident
from crisisctl.journal import Damage, verify
from crisisctl.report.data import SCHEMA, View
from crisisctl.report.markdown import markdown
from crisisctl.report.post_mortem import PostMortem
from crisisctl.runner import commands
from crisisctl.runner.place import open_steps
from crisisctl.text import listed

FORMATS = ("md", "json")


def report(id: str | None, *, format: str, output: Path | None, restricted: bool) -> None:
    """The post-mortem in Markdown or JSON."""
    if format not in FORMATS:
        raise CrisisError(
            f'there is no format "{format}"', hint=f"formats: {listed(FORMATS, 'or')}"
        )
    at = desk()
    found = at.look_back(*at.pick(id), restricted=restricted)
    deliver(at, _json(at, found) if format == "json" else markdown(found), output)
    if found.withheld:
        circle = ", ".join(found.incident.circle or ())
        at.talk.block(
            f"{found.incident.id} is restricted to {circle}: the words are left out. "
            "One of them gets them with --restricted.",
            "warn",
        )


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


def verify_journal(id: str | None, *, json: bool) -> None:
    """Check every event of the journal, and of the drills' journal."""
    at = desk()
    if id is not None:
        journal = at.journal(drill=id.startswith(DRILL))
        if journal.head(id) is None and not journal.read(id):  # a lost head is what we look for
            raise unknown_incident(journal, id)
        damages = verify(journal, id)
    else:
        paths = [at.folder(drill=drill) / "journal.db" for drill in (False, True)]
        damages = [damage for path in paths if path.exists() for damage in verify(path)]
    if json:
        print_json(at, {"intact": not damages, "damages": [_damage(d) for d in damages]})
    elif damages:
        for damage in damages:
            at.out.line(str(damage), "bad")
    else:
        at.out.line("The journal is intact: no event was changed, removed or reordered.")
    if damages:
        raise typer.Exit(1)


def _damage(damage: Damage) -> dict[str, object]:
    return {"incident": damage.incident or None, "seq": damage.seq, "text": damage.text}


def _json(at: Desk, found: PostMortem) -> str:
    return as_json(at, {**View(found.zone).report(found), "schema": SCHEMA})
