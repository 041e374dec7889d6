"""What the fold keeps of looking back: corrections, causes, action items, the review's state."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from crisisctl.incident import learned as ev

if TYPE_CHECKING:
    from crisisctl.incident.events import Entry
    from crisisctl.incident.fold import Incident


class Note(msgspec.Struct, frozen=True):
    """Words for the timeline."""

    text: str
    topic: str
    at: datetime
    by: str
    seq: int = 0


class Cause(msgspec.Struct, frozen=True):
    """One of the things that came together."""

    event: ev.CauseFound
    at: datetime
    seq: int
    by: str


class Correction(msgspec.Struct, frozen=True):
    """How an event really was, in the words of whoever put it right."""

    event: ev.EventCorrected
    at: datetime
    seq: int
    by: str


class Moved(msgspec.Struct, frozen=True):
    """A state of the post-mortem, since when and by whom."""

    status: ev.PostMortemStatus
    at: datetime
    by: str
    because: str = ""


class Action(msgspec.Struct, frozen=True):
    """Follow-up work; `outcome` is empty while it is open."""

    number: int
    title: str
    owner: str
    due: str
    outcome: str = ""
    """What came of it; of a declined one, why it is not done."""
    kind: ev.ActionKind = ""
    link: str = ""
    status: Literal["open", "done", "declined"] = "open"
    added_at: datetime | None = None
    ended_at: datetime | None = None


def noted(incident: Incident, entry: Entry, event: ev.NoteAdded) -> None:
    """Words for the timeline, or for a part of the post-mortem."""
    note = Note(event.text, event.topic, entry.occurred_at, entry.by, entry.seq)
    incident.notes.append(note)


def read_over(incident: Incident, entry: Entry, event: ev.TimelineRead) -> None:
    """The people who were there have read these events."""
    incident.confirmed.update(dict.fromkeys(event.events, entry.occurred_at))


def corrected(incident: Incident, entry: Entry, event: ev.EventCorrected) -> None:
    """An earlier event was otherwise; notes and causes change with it.

    What was withdrawn comes back when that turns out to be wrong as well.
    """
    incident.corrections[event.seq] = Correction(event, entry.occurred_at, entry.seq, entry.by)
    for kept in (*incident.notes, *incident.causes, *incident.withdrawn.values()):
        if kept.seq == event.seq:
            _put_right(incident, kept, event)
            break


def _put_right(incident: Incident, kept: Note | Cause, event: ev.EventCorrected) -> None:
    incident.notes = [note for note in incident.notes if note is not kept]
    incident.causes = [each for each in incident.causes if each is not kept]
    incident.withdrawn.pop(kept.seq, None)
    if event.withdrawn:
        incident.withdrawn[kept.seq] = kept
    elif isinstance(kept, Note):
        note = replace(kept, text=event.text or kept.text, at=event.at or kept.at)
        incident.notes = sorted([*incident.notes, note], key=lambda note: note.seq)
    else:
        found = replace(kept.event, text=event.text or kept.event.text)
        right = replace(kept, event=found, at=event.at or kept.at)
        incident.causes = sorted([*incident.causes, right], key=lambda each: each.seq)


def cause(incident: Incident, entry: Entry, event: ev.CauseFound) -> None:
    """One more thing that came together."""
    incident.causes.append(Cause(event, entry.occurred_at, entry.seq, entry.by))


def moved(incident: Incident, entry: Entry, event: ev.PostMortemMoved) -> None:
    """The post-mortem is further, or goes back."""
    incident.reviewed.append(Moved(event.status, entry.occurred_at, entry.by, event.because))


def added(incident: Incident, entry: Entry, event: ev.ActionAdded) -> None:
    """One more action item."""
    incident.actions[event.action] = Action(
        event.action,
        event.title,
        event.owner,
        event.due,
        kind=event.kind,
        link=event.link,
        added_at=entry.occurred_at,
    )


def changed(incident: Incident, entry: Entry, event: ev.ActionChanged) -> None:
    """An action item reads otherwise, or somebody else has it."""
    before = incident.actions.get(event.action)
    if before is not None:
        said = {
            name: value
            for name in ("title", "owner", "due", "kind", "link")
            if (value := getattr(event, name))
        }
        incident.actions[event.action] = replace(before, **said)


def done(incident: Incident, entry: Entry, event: ev.ActionDone) -> None:
    """An action item was done."""
    _ended(incident, entry, event.action, "done", event.outcome)


def declined(incident: Incident, entry: Entry, event: ev.ActionDeclined) -> None:
    """An action item will not be done, on purpose."""
    _ended(incident, entry, event.action, "declined", event.because)


def _ended(
    incident: Incident, entry: Entry, action: int, status: Literal["done", "declined"], words: str
) -> None:
    before = incident.actions.get(action)
    if before is not None:
        incident.actions[action] = replace(
            before, status=status, outcome=words, ended_at=entry.occurred_at
        )
