"""What a journal holds: the events of each incident, and one line about it."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class Row(NamedTuple):
    """One event as it is kept: its number, its JSON text and the hash that chains it.

    A named tuple, not a dataclass: 100,000 of them are made in one read.
    """

    seq: int
    body: bytes
    hash: str


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of incidents shows, so that it need not fold them.

    Handed in with every append by the room that folds; the journal only keeps
    it. Times are ISO 8601 in UTC, so that they sort as text.
    """

    playbook: str
    title: str
    severity: str
    status: str
    """open, resolved or closed."""
    stage: str
    declared_at: str
    updated_at: str


class Head(msgspec.Struct, frozen=True):
    """Where an incident stands: its last event, and its summary."""

    incident: str
    seq: int
    hash: str
    playbook: str
    title: str
    severity: str
    status: str
    stage: str
    declared_at: str
    updated_at: str
