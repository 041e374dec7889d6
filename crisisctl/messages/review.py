"""Finished texts read for mistakes before somebody approves them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from crisisctl.incident.fold import Incident
from crisisctl.messages.agreement.compare import differences
from crisisctl.messages.agreement.earlier import against_earlier
from crisisctl.messages.agreement.said import Difference, Said
from crisisctl.messages.channels import load_channels
from crisisctl.messages.drafting import words_of
from crisisctl.messages.history import history
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.pack import Pack, Text
from crisisctl.messages.proof.own import own_of
from crisisctl.messages.proof.personal import Own
from crisisctl.messages.proof.proofread import Flaw, Setting, proofread
from crisisctl.messages.proof.readers import AUTHORITY, PUBLIC, STAFF
from crisisctl.playbook.model import MessageKind, Send
from crisisctl.text import zone_of
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
    before: tuple[Said, ...] = ()
    """What they were told last."""
    breach: bool = False
    """Whether the playbook is about data, with regulators to be told."""


def readers_of(workspace: Workspace, incident: Incident, playbook: str, send: Send) -> Readers:
    """Those of a message of an incident, with what they were told before."""
    plan = incident.plans.get(playbook)
    ours = [name for name, fact in plan.facts.items() if fact.workspace] if plan else []
    known = [found.value for name in ours if (found := incident.known(name)) is not None]
    return Readers(
        workspace=workspace,
        kind=kind_of(send, plan),
        to=send.to,
        own=own_of(workspace, known),
        before=tuple(_told(workspace, incident, send.to)),
        breach=plan is not None and plan.regulators is not None,
    )


def _told(workspace: Workspace, incident: Incident, to: str) -> Iterator[Said]:
    """What an audience read last, channel by channel."""
    channels, zone = load_channels(workspace).channels, zone_of(incident.time_zone)
    last = {(t.channel, t.locale): t for t in history(incident) if t.to == to}
    for text in last.values():
        short = text.channel in channels and channels[text.channel].form != "body"
        at = text.at.astimezone(zone)
        yield Said(text.channel, text.locale, text.body, text.heading, short, at, to)


def review(pack: Pack, readers: Readers) -> tuple[Found, ...]:
    """Everything wrong with the texts of a pack: in each, between them, and since the last one."""
    alone = [found for text in pack.texts for found in _of(text, readers)]
    return (*alone, *_unlike(pack, readers))


def _unlike(pack: Pack, readers: Readers) -> Iterator[Found]:
    """Where the texts contradict each other, or what was said before without a word on it."""
    texts = {(text.channel, text.locale): text for text in pack.texts}
    said = [_said(text, readers) for text in pack.texts]
    for found in differences(said, readers.workspace):
        yield from _as_found(found, texts, "texts-differ")
    told: set[tuple[str, str]] = set()
    for one in said if readers.before else ():
        same = [before for before in readers.before if before.locale == one.locale]
        for found in against_earlier(one, same, readers.workspace):
            if (found.kind, one.locale) not in told:
                told.add((found.kind, one.locale))
                yield from _as_found(found, texts, "said-otherwise")


def _as_found(
    found: Difference, texts: Mapping[tuple[str, str], Text], rule: str
) -> Iterator[Found]:
    if found.severity == "note":
        return
    for place in found.places:
        text = texts.get((place.channel, place.locale))
        if text is not None:
            words = words_of(text)
            within = words.heading if place.in_heading else words.body
            line = within.count("\n", 0, place.start) + 1
            column = place.start - (within.rfind("\n", 0, place.start) + 1) + 1
            flaw = Flaw(
                place.start, place.end, rule, found.severity, found.text, found.hint, line, column
            )
            yield Found(text, flaw, in_heading=place.in_heading)
            return


def _said(text: Text, readers: Readers) -> Said:
    channel, words = load_channels(readers.workspace).get(text.channel), words_of(text)
    short = channel.form != "body"
    return Said(text.channel, text.locale, words.body, words.heading, short, audience=readers.to)


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
        authority=readers.breach and AUTHORITY.search(readers.to.lower()) is not None,
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
