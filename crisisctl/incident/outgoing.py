"""Where each message stands: drafted, approved, on its way."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from crisisctl.incident import said

if TYPE_CHECKING:
    from crisisctl.incident.events import Entry
    from crisisctl.incident.fold import Incident


class Draft(msgspec.Struct, frozen=True):
    """The texts of a message, with who wrote them down."""

    event: said.MessageDrafted
    at: datetime
    seq: int
    by: str


class Approval(msgspec.Struct, frozen=True):
    """An approval, with who gave it."""

    event: said.MessageApproved
    at: datetime
    seq: int
    by: str


class Delivery(msgspec.Struct, frozen=True):
    """One text on its way; `intended` means that nobody knows how it ended."""

    event: said.DeliveryIntended
    state: Literal["intended", "delivered", "failed"]
    at: datetime
    seq: int
    detail: str = ""


class Kept(msgspec.Struct, frozen=True):
    """A promise that a person says was kept."""

    event: said.PromiseKept
    at: datetime


def drafted(incident: Incident, entry: Entry, event: said.MessageDrafted) -> None:
    """A new draft of a message takes the place of the one before."""
    draft = Draft(event, entry.occurred_at, entry.seq, entry.by)
    incident.drafts.append(draft)


def approved(incident: Incident, entry: Entry, event: said.MessageApproved) -> None:
    """Approvals are never lost: a later draft needs its own."""
    incident.approvals.append(Approval(event, entry.occurred_at, entry.seq, entry.by))


def intended(incident: Incident, entry: Entry, event: said.DeliveryIntended) -> None:
    """From here on it may have gone out."""
    incident.deliveries[event.key] = Delivery(event, "intended", entry.occurred_at, entry.seq)


def delivered(incident: Incident, entry: Entry, event: said.TextDelivered) -> None:
    """It went out."""
    _ended(incident, entry, event.key, "delivered", event.receipt)


def failed(incident: Incident, entry: Entry, event: said.DeliveryFailed) -> None:
    """It did not go out, and may be tried again."""
    _ended(incident, entry, event.key, "failed", event.reason)


def kept(incident: Incident, entry: Entry, event: said.PromiseKept) -> None:
    """Somebody did what was promised."""
    incident.kept.append(Kept(event, entry.occurred_at))


def _ended(
    incident: Incident,
    entry: Entry,
    key: str,
    state: Literal["delivered", "failed"],
    detail: str,
) -> None:
    before = incident.deliveries.get(key)
    if before is not None:
        ended = Delivery(before.event, state, entry.occurred_at, entry.seq, detail)
        incident.deliveries[key] = ended
