"""What was said: every text that went out, with when and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from crisisctl.incident.events import DraftedText, SentText
from crisisctl.incident.fold import Incident, Sent


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
    kept = {text.sha256: text for draft in incident.drafts for text in draft.event.texts}
    said = sorted(incident.sent, key=lambda sent: (sent.at, sent.seq))
    return [text for sent in said for text in _of(sent, kept)]


def last_said(incident: Incident, to: str, channel: str, locale: str) -> SaidText | None:
    """The newest text that this audience read on a channel in a language."""
    cell = (to, channel, locale)
    said = (t for t in reversed(history(incident)) if (t.to, t.channel, t.locale) == cell)
    return next(said, None)


def _of(sent: Sent, kept: dict[str, DraftedText]) -> Iterator[SaidText]:
    for text in sent.event.texts:
        words = _words(kept.get(text.sha256), text)
        if words is not None:
            yield SaidText(
                sent.event.message,
                sent.event.to,
                text.channel,
                text.locale,
                *words,
                sent.at,
                sent.seq,
            )


def _words(kept: DraftedText | None, text: SentText) -> tuple[str, str] | None:
    """Heading and body; those of an older journal stand in the files only."""
    if kept is not None:
        return kept.heading, kept.body
    file = Path(text.file)
    title = file.with_name(f"{text.channel}.{text.locale}.title.txt")
    try:
        heading = title.read_text(encoding="utf-8").rstrip("\n") if title.is_file() else ""
        return heading, file.read_text(encoding="utf-8").rstrip("\n") if text.file else ""
    except (OSError, UnicodeDecodeError):
        return None
