"""What rules look at: a playbook with all that belongs to it, a message text, the other files."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path as FilePath

from jinja2 import nodes
from msgspec import Struct

from crisisctl.lint.finding import Hit, Source
from crisisctl.lint.prover.walks import Walks
from crisisctl.messages.channels import Channel, Channels
from crisisctl.messages.proof.own import own_of
from crisisctl.messages.proof.personal import Own
from crisisctl.messages.sandbox import Refusal
from crisisctl.messages.templates import examined_text
from crisisctl.playbook.document import Document, Path, Problem
from crisisctl.playbook.model import STAGES, Playbook, Send, StageName, Step
from crisisctl.playbook.regulation import Regulation
from crisisctl.reviews.replies import Replies
from crisisctl.text import did_you_mean
from crisisctl.workspace import Workspace

LOCALES = ("en", "fr", "es", "tr", "ru")
"""The languages a message is written in where nobody says otherwise."""


class DataFile(Struct, frozen=True, eq=False):
    """A YAML file: where each of its values stands, and what reading it found."""

    source: Source
    document: Document
    problems: tuple[Problem, ...]

    def at(self, path: Path, text: str, hint: str = "", *, key: bool = False) -> Hit:
        """A finding at a value, or at its key."""
        mark = self.document.mark(path, key=key)
        return self.source.hit(mark.line, mark.column, text, hint)

    def plain(self, path: Path) -> bool:
        """Whether the value at this path is written without quotes, on one line."""
        mark = self.document.values[path]
        line = self.source.lines[mark.line - 1] if mark.line <= len(self.source.lines) else ""
        return line[mark.column - 1 : mark.column] not in ("", "'", '"', "|", ">", "[", "{")


class Sending(Struct, frozen=True):
    """A step that sends a message, and where it stands in the file."""

    stage: StageName
    path: Path
    step: Step
    send: Send


@dataclass(eq=False)
class Book:
    """A playbook file, its plan, and the message texts that belong to it."""

    file: DataFile
    plan: Playbook
    """Where the file is broken: what could be saved of it."""
    whole: bool
    """Whether the file says what a playbook must say; else only single values can be judged."""
    workspace: Workspace
    channels: Channels
    locales: tuple[str, ...]
    """The languages that every message must be written in."""
    today: date
    review_every: timedelta
    """The age at which a playbook should have been read whole again."""
    place: FilePath = FilePath()
    """Where the file is."""
    lost: frozenset[Path] = frozenset()
    """Where something was taken out of a broken plan, or filled in."""
    texts: dict[str, dict[str, MessageText]] = field(default_factory=dict)
    """By message and locale; every message that a step sends is a key."""
    strays: list[MessageText] = field(default_factory=list)
    """Texts in the playbook's folder that no step sends."""

    def at(self, path: Path, text: str, hint: str = "", *, key: bool = False) -> Hit:
        """A finding at a value of the playbook file, or at its key."""
        return self.file.at(path, text, hint, key=key)

    def lost_in(self, path: Path) -> bool:
        """Whether something of what stands at this place was lost."""
        return any(lost[: len(path)] == path[: len(lost)] for lost in self.lost)

    @cached_property
    def steps(self) -> tuple[tuple[Path, StageName, Step], ...]:
        """Every step in the order they are walked, with its path in the file."""
        return tuple(
            (("stages", stage, number), stage, step)
            for stage in STAGES
            for number, step in enumerate(self.plan.stages.get(stage, ()))
        )

    @cached_property
    def sendings(self) -> tuple[Sending, ...]:
        """Every step that sends, in the order of the walk."""
        return tuple(
            Sending(stage, path, step, step.send)
            for path, stage, step in self.steps
            if step.send is not None
        )

    def senders(self, message: str) -> list[Sending]:
        """The steps that send this message."""
        return self._by_message.get(message, [])

    @cached_property
    def _by_message(self) -> dict[str, list[Sending]]:
        found: dict[str, list[Sending]] = {}
        for sending in self.sendings:
            found.setdefault(sending.send.message, []).append(sending)
        return found

    @cached_property
    def own(self) -> Own:
        """What belongs to the shop itself."""
        return own_of(self.workspace)

    @cached_property
    def walks(self) -> Walks:
        """Every walk through it."""
        return Walks(self.plan)

    def number(self, step: Step) -> int:
        """Which step of all it is, from 0: how the prover speaks of it."""
        return self._numbers[id(step)]

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {id(step): number for number, (_, _, step) in enumerate(self.steps)}

    @cached_property
    def written(self) -> tuple[str, ...]:
        """The messages that have a text."""
        return tuple(message for message, texts in self.texts.items() if texts)

    @cached_property
    def takers(self) -> dict[str, list[str]]:
        """The channels that take a block of their own instead of their form, by its name."""
        found: dict[str, list[str]] = {}
        for name, channel in self.channels.channels.items():
            for block in {channel.block, name, name.replace("-", "_")}:
                found.setdefault(block, []).append(name)
        return found

    def channel(self, name: str) -> Channel | None:
        """The channel of that name."""
        return self.channels.channels.get(name)

    def close(self) -> None:
        """Let go of the texts: they speak of this book, so only a search for cycles would."""
        self.texts.clear()
        self.strays.clear()

    @cached_property
    def misnamed(self) -> dict[str, list[MessageText]]:
        """Texts that a step seems to mean by a name it has misspelt, by that name."""
        by_name: dict[str, list[MessageText]] = {}
        for stray in self.strays:
            by_name.setdefault(stray.message, []).append(stray)
        unwritten = [message for message, texts in self.texts.items() if not texts]
        guesses = {message: did_you_mean(message, by_name) for message in unwritten}
        return {message: by_name[guess] for message, guess in guesses.items() if guess}

    @property
    def every_text(self) -> list[MessageText]:
        """All texts of messages that a step sends."""
        return [text for by_locale in self.texts.values() for text in by_locale.values()]


class Anatomy(Struct, frozen=True):
    """What a template's text is made of; the same for the same text, so it is kept."""

    tree: nodes.Template | None
    refusals: tuple[Refusal, ...]
    prose: str
    """The words of the template at their places: all else is blanked with NUL characters."""
    code: str
    """The tags of the template at their places: all else is blanked with spaces."""
    starts: tuple[int, ...]
    """Where each line begins."""

    blocks: dict[str, nodes.Block]
    """The blocks by name."""
    every: tuple[nodes.Node, ...]
    """All nodes of the tree, in order."""


class MessageText(Struct, frozen=True, eq=False):
    """One message in one locale: a template file."""

    source: Source
    book: Book
    message: str
    locale: str
    anatomy: Anatomy
    borrowed: bool = False
    """Whether it is the shipped text, because the workspace has none of its own."""

    @property
    def sound(self) -> bool:
        """Whether it can be read as a template, and nothing in it is refused."""
        return self.anatomy.tree is not None and not self.anatomy.refusals

    def hit(self, offset: int, text: str, hint: str = "") -> Hit:
        """A finding at a character of the template."""
        line, column = self.place(offset)
        return self.source.hit(line, column, text, hint)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both from 1."""
        line = bisect_right(self.anatomy.starts, offset)
        return line, offset - self.anatomy.starts[line - 1] + 1

    def on_line(self, line: int, word: str, nth: int = 0) -> int:
        """The offset of the nth (from 0) such word in the tags of a line.

        Jinja's tree knows lines only. Where the word is not on the line, the
        line's first character answers.
        """
        starts = (*self.anatomy.starts, len(self.anatomy.code))
        line = min(max(line, 1), len(starts) - 1)
        begin, end = starts[line - 1], starts[line]
        found = _words_of(self.anatomy.code[begin:end]).get(word, ())
        return begin + (found[min(nth, len(found) - 1)] if found else 0)

    @property
    def senders(self) -> list[Sending]:
        """The steps that send it."""
        return self.book.senders(self.message)

    def taken(self, send: Send) -> list[str]:
        """The blocks that are rendered for the channels of a step, each once."""
        blocks = self.anatomy.blocks
        found = [
            block
            for name in send.channels
            if (channel := self.book.channel(name)) is not None
            for block in channel.blocks_for(name, blocks)
        ]
        return list(dict.fromkeys(found))


_TAG = re.compile(r"\{#.*?(?:#\}|\Z)|\{%.*?(?:%\}|\Z)|\{\{.*?(?:\}\}|\Z)", re.DOTALL)
_LITERAL = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")


_WORD = re.compile(r"(?<![\w.])\w+")


@lru_cache(maxsize=16)
def _words_of(code: str) -> dict[str, list[int]]:
    """Where each word of a line's tags stands; inside quotes only where nowhere else."""
    found: dict[str, list[int]] = {}
    names = _LITERAL.sub(lambda literal: " " * len(literal[0]), code)
    for word in _WORD.finditer(names):
        found.setdefault(word[0], []).append(word.start())
    inside: dict[str, list[int]] = {}
    for word in _WORD.finditer(code):
        if word[0] not in found:
            inside.setdefault(word[0], []).append(word.start())
    return found | inside


@lru_cache(maxsize=128)
def anatomy(text: str) -> Anatomy:
    """Take a template apart without running it."""
    tree, refusals = examined_text(text)
    prose, code = list(text), [char if char == "\n" else " " for char in text]
    for tag in _TAG.finditer(text):
        if not tag[0].startswith("{#"):
            code[tag.start() : tag.end()] = tag[0]
        blank = ["\0"] * len(tag[0])
        if tag[0].startswith("{{"):  # words inside quotes are printed too
            for literal in _LITERAL.finditer(tag[0]):
                blank[literal.start() + 1 : literal.end() - 1] = literal[0][1:-1]
        prose[tag.start() : tag.end()] = blank
    starts = (0, *(found.end() for found in re.finditer(r"\n", text)))
    every = tuple(_all_nodes(tree)) if tree else ()
    blocks = {block.name: block for block in every if isinstance(block, nodes.Block)}
    return Anatomy(tree, refusals, "".join(prose), "".join(code), starts, blocks, every)


def _all_nodes(tree: nodes.Template) -> Iterator[nodes.Node]:
    """What `find_all` gives, in its order, at a third of its price."""
    left = list(tree.iter_child_nodes())[::-1]
    while left:
        node = left.pop()
        yield node
        left += list(node.iter_child_nodes())[::-1]


class ChannelsFile(Struct, frozen=True, eq=False):
    """`channels.yaml`: where messages go."""

    file: DataFile
    channels: Channels | None
    """None where the file cannot be understood."""
    workspace: Workspace
    locales: tuple[str, ...]


class RepliesFile(Struct, frozen=True, eq=False):
    """A file in `templates/replies/`: drafts of answers to reviews in one language."""

    file: DataFile
    replies: Replies | None
    """None where the file cannot be understood."""

    @property
    def whole(self) -> bool:
        """Whether the file says what drafts are made of."""
        return self.replies is not None


class RegulationFile(Struct, frozen=True, eq=False):
    """A file in `playbooks/regulations/`: what a law asks for, and by when."""

    file: DataFile
    regulation: Regulation | None
    """None where the file cannot be understood."""
    shipped: bool
    """Whether it came with crisisctl: then no team answers for it."""
    today: date
    review_every: timedelta
    """The age at which the law should have been read again."""

    @property
    def whole(self) -> bool:
        """Whether the file says what a regulation must say."""
        return self.regulation is not None


class SettingsFile(Struct, frozen=True, eq=False):
    """`crisisctl.yaml`: the workspace."""

    file: DataFile
    settings: dict[str, object]
    asked: frozenset[str]
    """The settings that facts of its playbooks read, such as `brand.name`."""
    channels: Channels | None
    workspace: Workspace


class LayoutFile(Struct, frozen=True, eq=False):
    """A file in `templates/layouts/`."""

    source: Source
    name: str
    refusals: tuple[Refusal, ...]
    used: bool
    """Whether a channel is wrapped in it, or the status site."""


class Stray(Struct, frozen=True, eq=False):
    """A file in `templates/` that belongs to no playbook."""

    source: Source
    playbook: str
    known: tuple[str, ...]
    """The playbooks there are."""
