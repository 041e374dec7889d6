"""The hash chain that ties each event to the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

from crisisctl.journal.entries import Head, Row

GENESIS = "0" * 64
"""Stands where the hash before the first event would stand."""


def chained(previous: str, incident: str, seq: int, body: bytes) -> str:
    """Hash an event together with its place and the hash of the event before it."""
    return sha256(f"{previous}\n{incident}\n{seq}\n".encode() + body).hexdigest()


def linked(
    incident: str, bodies: Sequence[bytes], *, after: int, previous: str
) -> list[tuple[str, int, bytes, str]]:
    """Chain new events to the last one: (incident, seq, body, hash) of each."""
    links = []
    for seq, body in enumerate(bodies, after + 1):
        previous = chained(previous, incident, seq, body)
        links.append((incident, seq, body, previous))
    return links


def sealed(head: Iterable[str | int]) -> str:
    """Hash the fields of a head: its summary is covered by no event."""
    return sha256("\0".join(map(str, head)).encode()).hexdigest()


def intact(incident: str, rows: Sequence[Row], head: Head | None) -> bool:
    """Say quickly whether the rows are the whole, unchanged chain up to the head."""
    previous = GENESIS
    for expected, (seq, body, stored) in enumerate(rows, 1):
        if seq != expected or chained(previous, incident, seq, body) != stored:
            return False
        previous = stored
    if head is None:
        return not rows
    return bool(rows) and (head.seq, head.hash) == (len(rows), previous)
