"""What was said: every text that went out, with when and to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

import msgspec

from crisisctl.incident.events import DraftedText, SentText
from crisisctl.incident.fold import Incident, Sent
from crisisctl.messages.outbox import Altered, read_back


class SaidText(msgspec.Struct, frozen=True):
    """One text that went out."""

    message: str
    to: str
    channel: str
    locale: str
    heading: str
    body: str
    at: datetime
    seq: int


def history(incident: Incident) -> list[SaidText]:
    """Every text that went out, in the order it did, as far as its words were kept."""
    kept = kept_words(incident)
    said = sorted(incident.sent, key=lambda sent: (sent.at, sent.seq))
    return [text for sent in said for text in _of(sent, kept)]


def last_said(incident: Incident, to: str, channel: str, locale: str) -> SaidText | None:
    """The newest text that this audience read on a channel in a language."""
    cell = (to, channel, locale)
    said = (t for t in reversed(history(incident)) if (t.to, t.channel, t.locale) == cell)
    return next(said, None)


def kept_words(incident: Incident) -> Mapping[str, DraftedText]:
    """The words that the journal keeps, by fingerprint."""
    return {text.sha256: text for draft in incident.drafts for text in draft.event.texts}


def words_of_sent(kept: Mapping[str, DraftedText], text: SentText) -> tuple[str, str]:
    """Heading and body of a text that went out.

    What an older version sent stands in its files only. Raises `Altered` where
    those are gone, or do not hold what was approved.
    """
    words = kept.get(text.sha256)
    return (words.heading, words.body) if words is not None else read_back(text)


def _of(sent: Sent, kept: Mapping[str, DraftedText]) -> Iterator[SaidText]:
    event = sent.event
    for text in event.texts:
        with suppress(Altered):
            heading, body = words_of_sent(kept, text)
            cell = (text.channel, text.locale)
            yield SaidText(event.message, event.to, *cell, heading, body, sent.at, sent.seq)
