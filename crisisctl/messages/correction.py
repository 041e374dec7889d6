"""Putting right what was said: which messages stated a fact that was taken back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.incident.fold import Incident, Retraction, Sent
from crisisctl.incident.said import MessageSent
from crisisctl.messages.channels import load_channels
from crisisctl.messages.drafting import words_of
from crisisctl.messages.formats import filters
from crisisctl.messages.measure.sms import plain_spaces
from crisisctl.messages.pack import ONE_LINE, Setting, Text, Words, finished
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.form import Model

Cell = tuple[str, str]
"""A channel and a language."""


class Wrong(msgspec.Struct, frozen=True):
    """A message that went out, and what it stated that did not hold."""

    sent: Sent
    retractions: tuple[Retraction, ...]
    cells: tuple[Cell, ...]
    """The channels and languages of it that no correction has reached yet."""

    @property
    def facts(self) -> list[str]:
        """The facts that were taken back, each once."""
        return list(dict.fromkeys(each.fact for each in self.retractions))


class CorrectionWords(Model, frozen=True, kw_only=True):
    """How a language begins a correction.

    `{clock}` and `{moment}` are when the wrong message went out, `{text}` is what holds now.
    """

    heading: str
    """Around a headline."""
    short: str
    """Around a text of a line or two."""
    body: str
    """Around a whole text."""


def to_correct(incident: Incident) -> list[Wrong]:
    """The messages that stated what was retracted since, where no correction has followed.

    Who states a fact that is computed from another has stated that one too.
    """
    found = []
    for sent in sorted(incident.sent, key=lambda each: each.seq):
        stated = _behind(incident, sent.event.uses)
        later = {
            each: left
            for each in incident.retractions
            if each.seq > sent.seq
            and each.fact in stated
            and (left := _left(incident, sent, each)) is not None
        }
        if later:
            cells = dict.fromkeys(cell for left in later.values() for cell in left)
            found.append(Wrong(sent, tuple(later), tuple(cells)))
    return found


def _behind(incident: Incident, uses: Collection[str]) -> set[str]:
    """The facts that were stated, with those that the computed ones are made of."""
    found = {*uses}
    for plan in incident.plans.values():
        for name, fact in plan.facts.items():
            if name in found and fact.compute:
                found |= set(re.findall(r"\w+", fact.compute)) & plan.facts.keys()
    return found


def _left(incident: Incident, sent: Sent, retraction: Retraction) -> list[Cell] | None:
    """Where a message went out and no correction has since; None where nothing is left."""
    since = [
        other.event
        for other in incident.sent
        if other.seq > retraction.seq
        and other.event.to == sent.event.to
        and other.event.corrects == sent.event.message
    ]
    reached = {cell for event in since for cell in cells_of(event)}
    left = [cell for cell in cells_of(sent.event) if cell not in reached]
    return left if left or not since else None


def cells_of(event: MessageSent) -> list[Cell]:
    """Where a message went out."""
    return [(text.channel, text.locale) for text in event.texts]


def corrected(setting: Setting, text: Text, at: datetime, *, shop_name: str) -> Text:
    """A text that says first that the one of that moment was wrong, and then what holds."""
    words = load_words(setting.workspace, "correction", text.locale, CorrectionWords)
    if words is None:
        raise CrisisError(
            f'there are no words for a correction in "{text.locale}"',
            hint=f"add templates/words/correction.{text.locale}.yaml",
        )
    written = filters(text.locale, setting.zone)
    moments = {"{clock}": written["clock"](at), "{moment}": written["moment"](at)}
    before = words_of(text)
    channel = load_channels(setting.workspace).get(text.channel)
    short = channel.form == "short" or text.channel.replace("-", "_") in ONE_LINE
    body = _around(words.short if short else words.body, moments, before.body)
    new = Words(
        heading=_around(words.heading, moments, before.heading),
        body=plain_spaces(body) if channel.sms else body,
        preheader=before.preheader,
        title=_around(words.heading, moments, before.title),
    )
    cell = (text.channel, text.locale)
    found = finished(setting, text.message, cell, new, shop_name=shop_name)
    return replace(found, edited=text.edited)


_HOLE = re.compile(r"(\{clock\}|\{moment\}|\{text\})")


def _around(frame: str, moments: Mapping[str, str], text: str) -> str:
    """The frame with its holes filled; what is filled in is never read as a frame."""
    if not text:
        return ""
    filled = {**moments, "{text}": text}
    return "".join(filled.get(part, part) for part in _HOLE.split(frame))
