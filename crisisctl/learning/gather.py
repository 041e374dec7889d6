"""From the journal to the figures of all incidents: each is folded once and then remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, fold
from crisisctl.journal import Head, Journal, Row
from crisisctl.learning import kept
from crisisctl.learning.figures import Figures, figures
from crisisctl.learning.kept import Kept
from crisisctl.learning.traits import Traits, traits

_BATCH = 500
_EVENT = b'"event":{"type":"'
_PASSED_OVER = frozenset(
    # what no figure and no trait comes from: the greater part of a journal
    (
        *(b"message-drafted", b"message-approved", b"delivery-intended", b"text-delivered"),
        *(b"delivery-failed", b"step-started", b"step-completed", b"step-skipped"),
        *(b"role-assigned", b"role-handed-over", b"command-ran", b"note-added"),
        *(b"reviews-imported", b"strategy-chosen", b"review-answered", b"review-marked"),
        *(b"kpi-measured", b"compensation-approved"),
    )
)
_MOST_PLANS = 200


class Past(msgspec.Struct, frozen=True):
    """What is known of one incident without folding it again."""

    figures: Figures
    traits: bytes
    """Packed: most questions need only a few of them."""

    def recalled(self) -> Traits | None:
        """What it can be recognised by; None where its words are kept from most."""
        return _traits.decode(self.traits) if self.traits else None


class Gathered(msgspec.Struct, frozen=True):
    """All incidents of a journal, the newest first, and those that could not be read."""

    past: list[Past]
    unread: dict[str, str]
    """Why, by incident."""
    folded: int = 0
    """How many had to be reckoned anew."""


class _Envelope(msgspec.Struct, frozen=True):
    seq: int
    occurred_at: datetime
    recorded_at: datetime
    by: str


_envelope = msgspec.json.Decoder(_Envelope)
_packed = msgspec.msgpack.Encoder()
_figures = msgspec.msgpack.Decoder(Figures)
_traits = msgspec.msgpack.Decoder(Traits)


def gathered(
    journal: Journal, memory: Kept, *, now: datetime, told: Callable[[int, int], None] | None = None
) -> Gathered:
    """The figures of every incident; `told` hears how many of how many were folded.

    What is remembered is believed as long as the incident's last event is the same. One
    that is still open is reckoned anew: some of its figures move with the clock.
    """
    heads, remembered = journal.heads(), memory.rows()
    reader = _Reader(journal, now)
    past: list[Past] = []
    unread: dict[str, str] = {}
    fresh: list[kept.Row] = []
    folded = 0
    for head in heads:
        row = remembered.get(head.incident)
        found = _known(head, row) if row is not None else None
        if found is None:
            try:
                found = reader.past(head.incident)
            except CrisisError as error:  # its chain is broken, or a newer version wrote it
                unread[head.incident] = error.message
                continue
            folded += 1
            if told is not None:
                told(folded, len(heads))
            if found.figures.status != "open":
                body = _packed.encode(found.figures)
                fresh.append(kept.Row(head.incident, head.hash, body, found.traits))
            if len(fresh) >= _BATCH:
                memory.keep(fresh)
                fresh = []
        past.append(found)
    memory.keep(fresh)
    return Gathered(past, unread, folded)


def _known(head: Head, row: kept.Row) -> Past | None:
    if row.head != head.hash:
        return None
    try:
        found = Past(_figures.decode(row.body), row.traits)
        if row.traits:
            _traits.decode(row.traits)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    # somebody may have exchanged two rows by hand
    return found if found.figures.incident == head.incident else None


class _Reader:
    """Folds incidents one after the other; plans that they share are decoded once."""

    def __init__(self, journal: Journal, now: datetime) -> None:
        self._journal = journal
        self._now = now
        self._plans: dict[bytes, ev.PlaybookAdded] = {}

    def past(self, id: str) -> Past:
        rows = self._journal.read_verified(id)
        entries = list(self._entries(rows))
        incident = fold(id, entries)
        incident.seq = rows[-1].seq if rows else 0
        reopened = sum(isinstance(entry.event, ev.IncidentReopened) for entry in entries)
        found = figures(incident, now=self._now, reopened=reopened)
        return Past(found, b"" if incident.circle is not None else packed(incident))

    def _entries(self, rows: Sequence[Row]) -> Iterator[ev.Entry]:
        for row in rows:
            # quotes inside a text are escaped: the first that is found is the key itself
            at = row.body.find(_EVENT)
            start = at + len(_EVENT)
            kind = row.body[start : row.body.find(b'"', start)] if at >= 0 else b""
            if kind in _PASSED_OVER:
                continue
            if kind == b"playbook-added":
                yield self._with_plan(row.body, at)
            else:
                yield ev.decode(row.body)

    def _with_plan(self, body: bytes, at: int) -> ev.Entry:
        """A hundred kilobytes, and the same ones in every incident of that playbook."""
        raw = body[at + len(b'"event":') : -1]
        event = self._plans.get(raw)
        if event is None:
            entry = ev.decode(body)
            if isinstance(entry.event, ev.PlaybookAdded):
                if len(self._plans) >= _MOST_PLANS:
                    self._plans.clear()
                self._plans[raw] = entry.event
            return entry
        first = _envelope.decode(body[:at].rstrip(b",") + b"}")
        return ev.Entry(first.seq, first.occurred_at, first.recorded_at, first.by, event)


def packed(incident: Incident) -> bytes:
    """What an incident can be recognised by, as it is remembered."""
    return _packed.encode(traits(incident))
