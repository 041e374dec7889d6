"""The events after the crisis: what was put right in the record, found out, learned, taken up."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

PostMortemStatus = Literal["draft", "in-review", "reviewed"]
"""How far the post-mortem is; closing the incident accepts it."""
ActionKind = Literal["", "prevent", "detect", "respond", "communicate"]
"""What an action item is good for: that it happens less, is seen, ended or told sooner."""


class EventCorrected(msgspec.Struct, frozen=True, tag="event-corrected"):
    """An earlier event did not happen like that: the record keeps both.

    Empty fields stay as they were. A later correction of the same event replaces this one.
    """

    seq: int
    """The event that is corrected."""
    because: str
    at: datetime | None = None
    """When it really happened."""
    text: str = ""
    """What really happened."""
    withdrawn: bool = False
    """It did not happen at all."""


class TimelineRead(msgspec.Struct, frozen=True, tag="timeline-read"):
    """These events were read by the people who were there, and they stand as they are."""

    events: tuple[int, ...]


class NoteAdded(msgspec.Struct, frozen=True, tag="note-added"):
    """Free words for the timeline. `topic` sorts notes for the post-mortem."""

    text: str
    topic: str = ""


class CauseFound(msgspec.Struct, frozen=True, tag="cause-found"):
    """One of the things that came together, and what let it be so."""

    text: str
    cause: str = ""
    """Its class: a choice of the fact `cause`, such as deployment; empty where none fits."""
    whys: tuple[str, ...] = ()
    """What made it possible, and what made that possible: each the answer to the one before."""


class PostMortemMoved(msgspec.Struct, frozen=True, tag="post-mortem-moved"):
    """The post-mortem went to its next state, or back."""

    status: PostMortemStatus
    because: str = ""


class ActionAdded(msgspec.Struct, frozen=True, tag="action-added"):
    """Follow-up work for after the incident."""

    action: int
    title: str
    owner: str
    due: str = ""
    kind: ActionKind = ""
    link: str = ""
    """Where it is tracked."""


class ActionChanged(msgspec.Struct, frozen=True, tag="action-changed"):
    """Somebody else took it, or it is due on another day; empty fields stay as they were."""

    action: int
    title: str = ""
    owner: str = ""
    due: str = ""
    kind: ActionKind = ""
    link: str = ""
    because: str = ""


class ActionDone(msgspec.Struct, frozen=True, tag="action-done"):
    """The follow-up work was done, with what came of it."""

    action: int
    outcome: str


class ActionDeclined(msgspec.Struct, frozen=True, tag="action-declined"):
    """It was decided not to do it, and why."""

    action: int
    because: str
