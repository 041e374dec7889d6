"""Channels: which form a channel takes, how it is measured, how it is wrapped."""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from crisisctl.errors import CrisisError
from crisisctl.messages.measure import UNITS
from crisisctl.playbook.model import Id, Model
from crisisctl.text import did_you_mean, listed
from crisisctl.workspace import Workspace

FILE = "channels.yaml"
_Limit = Annotated[int, Meta(extra_json_schema={"minimum": 0})]


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
    """The most characters that the headline may have; 0 means no limit worth naming."""
    limit: _Limit = 0
    """The most it takes, in `unit`; 0 means no limit worth naming."""
    unit: Annotated[str, Meta(extra_json_schema={"enum": list(UNITS)})] = "characters"
    """What the limit counts."""
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

    def blocks_for(self, name: str, blocks: Container[str]) -> list[str]:
        """All blocks that must be rendered for this channel; a layout shows a headline too."""
        heading = [self.heading_for(blocks)] if self.heading else []
        page = ["headline"] if self.layout and not heading else []
        return [self.block_for(name, blocks), *heading, *page]


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
