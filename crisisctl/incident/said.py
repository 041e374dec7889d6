"""What is said to people, as events: drafted, approved, on its way, sent, promised.

A draft keeps the exact texts. Approvals, deliveries and the final event name
them by their fingerprints, so that it can always be shown who let which words
out, and what was said when.
"""

from __future__ import annotations

from datetime import datetime

import msgspec


class DraftedText(msgspec.Struct, frozen=True):
    """What would be read on one channel in one language, to the last character."""

    channel: str
    locale: str
    heading: str
    body: str
    sha256: str
    """The fingerprint of channel, locale, recipients and every character."""
    preheader: str = ""
    title: str = ""
    """The headline of its page, where the channel itself has none."""
    edited: bool = False
    """Whether a person changed it after its template was rendered."""
    recipients: str = ""
    """Whom it goes to by name, as the fingerprint of their list that is part of `sha256`."""


class SentText(msgspec.Struct, frozen=True):
    """One exact text of a message: its channel, locale, hash and file."""

    channel: str
    locale: str
    sha256: str
    file: str = ""


class Overruled(msgspec.Struct, frozen=True):
    """A finding that a person let stand, and why."""

    rule: str
    because: str
    words: str = ""
    """What it was about."""


class MessageDrafted(msgspec.Struct, frozen=True, tag="message-drafted"):
    """The texts of a message as they are to go out."""

    message: str
    to: str
    texts: tuple[DraftedText, ...]
    uses: tuple[str, ...] = ()
    """Facts that the texts state: when one changes, the draft no longer holds."""
    next_update: datetime | None = None
    """When the texts promise the next word."""
    corrects: str = ""
    """The message that this one puts right."""


class MessageApproved(msgspec.Struct, frozen=True, tag="message-approved"):
    """A person approved exactly these texts."""

    message: str
    to: str
    texts: tuple[SentText, ...]
    because: str = ""
    overruled: tuple[Overruled, ...] = ()
    break_glass: bool = False
    """Let out without the approvals that the rules ask for."""
    beforehand: str = ""
    """Who approved the template before the crisis, where that is why it may go out."""


class DeliveryIntended(msgspec.Struct, frozen=True, tag="delivery-intended"):
    """A text is about to be handed to what delivers it.

    Without a result that follows nobody knows whether it went out.
    """

    key: str
    """Given along, so that a receiver can tell a second attempt from a second message."""
    message: str
    to: str
    channel: str
    locale: str
    sha256: str
    via: str
    """What delivers it, such as smtp."""


class TextDelivered(msgspec.Struct, frozen=True, tag="text-delivered"):
    """It was accepted, or a person saw that it arrived."""

    key: str
    receipt: str = ""
    by_hand: bool = False


class DeliveryFailed(msgspec.Struct, frozen=True, tag="delivery-failed"):
    """It surely did not go out."""

    key: str
    reason: str
    by_hand: bool = False


class MessageSent(msgspec.Struct, frozen=True, tag="message-sent"):
    """The texts were handed over: written to files to copy from, or delivered."""

    message: str
    to: str
    texts: tuple[SentText, ...]
    uses: tuple[str, ...] = ()
    """Facts that the texts state, so that a retraction can name the messages."""
    next_update: datetime | None = None
    """When the texts promise the next word."""
    corrects: str = ""
    """The message that this one puts right."""


class PromiseMade(msgspec.Struct, frozen=True, tag="promise-made"):
    """A sent text states an obligation with a time."""

    promise: str
    title: str
    due: datetime
    kept_by: str
    """The message that keeps it; empty where a person says when it is kept."""
    message: str


class PromiseKept(msgspec.Struct, frozen=True, tag="promise-kept"):
    """A person says that a promise was kept, and how."""

    promise: str
    due: datetime
    how: str = ""
