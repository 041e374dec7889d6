"""What the texts of a message promise, by when: each a deadline that outlives the incident."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from crisisctl.incident.events import PromiseMade
from crisisctl.messages.pack import Text
from crisisctl.messages.proof import promises
from crisisctl.messages.proof.promises import Promise
from crisisctl.text import columns
from crisisctl.workspace import Workspace

_LONGEST = 120
_SAID = {"refund": "Refund", "report": "Report", "other": "What was promised"}


def promised(
    workspace: Workspace, texts: Iterable[Text], *, now: datetime, zone: tzinfo
) -> list[Promise]:
    """Every promise with a time, the same one in many channels and languages once."""
    found: dict[tuple[str, datetime], Promise] = {}
    for text in sorted(texts, key=lambda text: text.locale != "en"):
        for each in _of(workspace, text, now, zone):
            if each.due is not None and each.due > now:  # what is past cannot be promised
                found.setdefault((each.kind, _minute(each.due)), each)
    return sorted(found.values(), key=lambda each: (each.due or now, each.kind))


def next_word(found: Iterable[Promise], announced: datetime | None) -> datetime | None:
    """When the texts promise the next word: as announced, or sooner if a person wrote so."""
    told = [each.due for each in found if each.kind == "next-update" and each.due is not None]
    if announced is None:
        return min(told, default=None)
    return min([announced, *(due for due in told if due < _minute(announced))])


def made(found: Iterable[Promise], message: str) -> list[PromiseMade]:
    """The promises as they go on record; the next word has a clock of its own."""
    return [
        PromiseMade(
            promise=f"{each.kind}-{each.due:%Y-%m-%d-%H%M}",
            title=f"{_SAID[each.kind]}: {_short(each.text)}",
            due=each.due,
            kept_by="",
            message=message,
        )
        for each in found
        if each.kind != "next-update" and each.due is not None
    ]


def _of(workspace: Workspace, text: Text, now: datetime, zone: tzinfo) -> Iterator[Promise]:
    lists = promises.lists_of(workspace, text.locale)
    if lists is not None:
        yield from promises.promises(text.words, text.locale, lists, now=now, zone=zone)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _short(text: str) -> str:
    return text if columns(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
