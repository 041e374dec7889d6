"""What is handed over: one text in one language, for whom, under which key."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crisisctl.errors import CrisisError
from crisisctl.text import escaped, quoted

_UNSENDABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
"""Names of channels and languages become names of files."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person on a list."""

    address: str
    locale: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A text as it will be read, ready to go. The same key means: the same delivery."""

    channel: str
    locale: str
    key: str
    """Stable over restarts: receivers, and our own searches, know a repetition by it."""
    body: str
    heading: str = ""
    html: str = ""
    format: str = "text"
    recipients: tuple[str, ...] = ()
    """Addresses; empty where the channel itself knows its readers."""
    kind: str = ""
    """What the message is for: holding, update, resolution, …"""
    thread: str = ""
    """Shared by all that is said about one incident on this channel in this language."""
    continues: str = ""
    """The receipt of what was said before in the thread, where it is known."""
    drill: bool = False

    def to(self, *addresses: str) -> Envelope:
        """The same text for these people only."""
        return replace(self, recipients=addresses)


def check(envelope: Envelope) -> None:
    """Refuse what must not or cannot leave the house. Raises, saying why."""
    if envelope.drill:
        raise CrisisError("this is a drill: nothing of it is delivered to anyone")
    if not _PLAIN.fullmatch(envelope.channel) or not _PLAIN.fullmatch(envelope.locale):
        raise CrisisError(
            f"{quoted(envelope.channel)} in {quoted(envelope.locale)}: no such channel"
        )
    if not envelope.key or not envelope.key.isascii() or not envelope.key.isprintable():
        raise CrisisError(f"{envelope.channel}: a text needs a key of plain letters")
    for text in (envelope.heading, envelope.body, envelope.html):
        if found := _UNSENDABLE.search(text):
            what = f"{envelope.channel}: the text holds the invisible {escaped(found[0])}"
            raise CrisisError(what, hint="edit it: that character cannot be sent")
    if not envelope.body.strip():
        raise CrisisError(f"{envelope.channel}: the text is empty")
