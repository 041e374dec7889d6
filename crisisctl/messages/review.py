"""Finished texts read for mistakes before somebody approves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from crisisctl.messages.channels import load_channels
from crisisctl.messages.drafting import words_of
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.pack import Pack, Text
from crisisctl.messages.proof.own import own_of
from crisisctl.messages.proof.personal import Own
from crisisctl.messages.proof.proofread import Flaw, Setting, proofread
from crisisctl.messages.proof.readers import PUBLIC, STAFF
from crisisctl.playbook.model import MessageKind, Playbook, Send
from crisisctl.workspace import Workspace


class Found(Struct, frozen=True):
    """A flaw in one text of a pack."""

    text: Text
    flaw: Flaw
    in_heading: bool = False

    @property
    def cell(self) -> str:
        """Channel and language."""
        return f"{self.text.channel}.{self.text.locale}"

    @property
    def where(self) -> str:
        """The place as people read it."""
        part = " (headline)" if self.in_heading else ""
        return f"{self.cell}{part}:{self.flaw.line}:{self.flaw.column}"


class Readers(Struct, frozen=True):
    """For whom and for what a pack is written."""

    workspace: Workspace
    kind: MessageKind | None
    to: str
    own: Own

    @classmethod
    def of(
        cls, workspace: Workspace, plan: Playbook | None, send: Send, told: Iterable[object]
    ) -> Readers:
        """Those of a message; `told` is what is known of the shop beside its workspace."""
        return cls(workspace, kind_of(send, plan), send.to, own_of(workspace, told))


def review(pack: Pack, readers: Readers) -> tuple[Found, ...]:
    """Everything wrong with the texts of a pack, text by text."""
    return tuple(found for text in pack.texts for found in _of(text, readers))


def by_rule(found: Iterable[Found]) -> Mapping[str, list[Found]]:
    """The flaws by rule, errors before warnings, in the order they were met."""
    rules: dict[str, list[Found]] = {}
    for each in sorted(found, key=lambda one: one.flaw.severity != "error"):
        rules.setdefault(each.flaw.rule, []).append(each)
    return rules


def _of(text: Text, readers: Readers) -> Iterator[Found]:
    channel = load_channels(readers.workspace).get(text.channel)
    words = words_of(text)
    setting = Setting(
        readers.workspace,
        text.locale,
        kind=readers.kind if channel.form != "headline" else None,
        form="body" if channel.form == "body" else "short",
        public=text.channel in PUBLIC,
        staff=readers.to in STAFF or text.channel in STAFF,
        plain=channel.sms,
        heading=words.heading,
        own=readers.own,
    )
    for flaw in proofread(words.body, setting):
        yield Found(text, flaw)
    if words.heading:
        alone = Setting(
            readers.workspace,
            text.locale,
            form="short",
            public=setting.public,
            staff=setting.staff,
            own=readers.own,
        )
        for flaw in proofread(words.heading, alone):
            yield Found(text, flaw, in_heading=True)
