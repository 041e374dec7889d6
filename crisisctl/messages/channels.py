"""Channels: which form a channel takes, how it is measured, how it is wrapped.

A channel has limits of two kinds. What it refuses, or cuts by itself, is a limit:
a longer text is an error, and is never sent. What its readers see before they
open, unfold or scroll is only what is shown: a longer text arrives whole, so it is
a warning, and nothing is held back for it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from crisisctl.errors import CrisisError
from crisisctl.messages.measure import UNITS
from crisisctl.messages.measure.sms import UNITS as SMS_UNITS
from crisisctl.playbook.form import Id, Model
from crisisctl.text import did_you_mean, listed
from crisisctl.workspace import Workspace

FILE = "channels.yaml"
_Limit = Annotated[int, Meta(extra_json_schema={"minimum": 0})]
_Unit = Annotated[str, Meta(extra_json_schema={"enum": list(UNITS)})]
Part = Literal["text", "heading", "preheader", "payload"]
"""What of a message is measured."""


class Also(Model, frozen=True, kw_only=True):
    """One more limit of a channel: it takes what keeps all of them."""

    limit: Annotated[int, Meta(extra_json_schema={"minimum": 1})]
    """The most it takes, in `unit`."""
    unit: _Unit = "characters"
    """What the limit counts."""
    of: Part = "text"
    """What is measured."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of a part of a message a channel takes, or shows."""

    of: Part
    limit: int
    unit: str
    hard: bool
    """Whether more is refused; else it is only not seen at once."""


class Channel(Model, frozen=True, kw_only=True):
    """One way to reach people."""

    title: str
    """Its name in words."""
    form: Literal["headline", "short", "body"]
    """The form it takes unless the template has a block named like the channel."""
    block: str = ""
    """The overriding block's name, where it cannot be the channel's own."""
    heading: bool = False
    """Whether a headline goes with the text, as a subject or title."""
    heading_block: str = ""
    """The block that overrides the headline here."""
    heading_limit: _Limit = 0
    """The most that the headline may have, in `heading_unit`; 0 means no limit worth naming."""
    heading_unit: _Unit = "characters"
    """What the limit of the headline counts."""
    heading_shown: _Limit = 0
    """How many characters of the headline readers see; 0 means that it does not matter."""
    preheader_block: str = ""
    """The block that inboxes show after the subject, where a template has it."""
    preheader_shown: _Limit = 0
    """How many characters of that block readers see; 0 means that it does not matter."""
    limit: _Limit = 0
    """The most it takes, in `unit`; 0 means no limit worth naming."""
    unit: _Unit = "characters"
    """What the limit counts."""
    also: tuple[Also, ...] = ()
    """More limits: a text must keep all of them."""
    shown: _Limit = 0
    """How many characters of the text readers see at once; 0 means that it does not matter."""
    format: Literal["text", "markdown", "html"] = "text"
    """What is published."""
    layout: str = ""
    """The file in `layouts/` that wraps it in HTML, such as `email.html.j2`.

    With `format: html` it is what is published, else it goes along with the text.
    """

    def block_for(self, name: str, blocks: Container[str]) -> str:
        """The block of a template that this channel of that name takes."""
        own = (self.block, name, name.replace("-", "_"))
        return next((block for block in own if block and block in blocks), self.form)

    def heading_for(self, blocks: Container[str]) -> str:
        """The block of a template that is its headline here."""
        return self.heading_block if self.heading_block in blocks else "headline"

    def preheader_for(self, blocks: Container[str]) -> str:
        """The block of a template that inboxes show after the subject; none where it has none."""
        return self.preheader_block if self.preheader_block in blocks else ""

    def blocks_for(self, name: str, blocks: Container[str]) -> list[str]:
        """All blocks that must be rendered for this channel; a layout shows a headline too."""
        heading = [self.heading_for(blocks)] if self.heading else []
        page = ["headline"] if self.layout and not heading else []
        preheader = [block] if (block := self.preheader_for(blocks)) else []
        return [self.block_for(name, blocks), *heading, *preheader, *page]

    def own_blocks(self, name: str) -> tuple[str, ...]:
        """The blocks that are only for this channel of that name."""
        own = (self.block, name.replace("-", "_"), self.heading_block, self.preheader_block)
        return tuple(dict.fromkeys(filter(None, own)))

    @property
    def sms(self) -> bool:
        """Whether it counts the parts of an SMS."""
        return self.unit in SMS_UNITS

    @property
    def limits(self) -> tuple[Limit, ...]:
        """All limits that mean something, the main one of the text first."""
        return tuple(limit for limit in self._limits() if limit.limit > 0)

    def _limits(self) -> Iterator[Limit]:
        yield Limit("text", self.limit, self.unit, hard=True)
        yield Limit("text", self.shown, "characters", hard=False)
        for also in self.also:
            if self.heading or also.of != "heading":
                yield Limit(also.of, also.limit, also.unit, hard=True)
        if self.heading:
            yield Limit("heading", self.heading_limit, self.heading_unit, hard=True)
            yield Limit("heading", self.heading_shown, "characters", hard=False)
        yield Limit("preheader", self.preheader_shown, "characters", hard=False)


class Channels(Model, frozen=True, kw_only=True):
    """All channels, and the words that stamp a drill in each locale."""

    channels: dict[Id, Channel]
    """The channels by name: steps name them under `channels`."""
    drill: dict[str, str]
    """The words that stamp each text of a drill, by locale."""

    def get(self, name: str) -> Channel:
        """The channel of that name. Raises, saying what there is."""
        if name in self.channels:
            return self.channels[name]
        guess = did_you_mean(name, self.channels)
        hint = f'did you mean "{guess}"? ' if guess else ""
        known = listed(list(self.channels))
        raise CrisisError(f'there is no channel "{name}"', hint=f"{hint}channels: {known}")

    def stamp(self, locale: str) -> str:
        """The words that mark a drill's text in this locale."""
        if locale in self.drill:
            return self.drill[locale]
        raise CrisisError(
            f'{FILE} has no drill stamp for the locale "{locale}"', hint="add it under `drill:`"
        )


def load_channels(workspace: Workspace) -> Channels:
    """The channels of the workspace, or the shipped ones."""
    path = workspace.find("templates", FILE)
    if path is None:
        raise CrisisError(f"templates/{FILE} is missing", hint="run `crisisctl doctor`")
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, _changed: int) -> Channels:
    from crisisctl.playbook.load import BadFile, validated
    from crisisctl.playbook.reader import read_file

    document = read_file(path)
    found, problems = validated(Channels, document.value, document)
    if found is None or document.problems:
        raise BadFile(str(path), document.problems or problems)
    return found
