"""Where the tags of a template stand: blocks, conditions with their branches, prints, sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TAG = re.compile(r"\{%-?\s*(\w+)\s*(.*?)\s*-?%\}|\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?…\n]*[^\s.!?…][^.!?…\n]*(?:[.!?…]+[”»\"’]?|(?=\n|$))")


@dataclass(slots=True)
class Branch:
    """One way through a condition."""

    start: int
    """Where its tag begins; its body begins at `body`."""
    body: int
    test: str
    end: int = 0


@dataclass(slots=True)
class Choice:
    """A condition with all its branches, or a loop."""

    kind: str
    branches: list[Branch] = field(default_factory=list)
    end: int = 0
    """Right after its last tag."""

    @property
    def start(self) -> int:
        return self.branches[0].start

    @property
    def otherwise(self) -> Branch | None:
        return next((branch for branch in self.branches if not branch.test), None)


@dataclass(slots=True)
class Block:
    """A block from the first to the last character of its tags."""

    name: str
    start: int
    body: int
    body_end: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Print:
    """`{{ words }}`."""

    start: int
    end: int
    words: str

    @property
    def name(self) -> str:
        return self.words.partition("|")[0].strip()

    @property
    def filter(self) -> str:
        return self.words.partition("|")[2].strip()


@dataclass(frozen=True, slots=True)
class Tag:
    """Any tag, from its first to its last character."""

    start: int
    end: int
    word: str


class Markup:
    """A template's text taken apart."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.choices: list[Choice] = []
        self.prints: list[Print] = []
        self.tags: list[Tag] = []
        open_: list[Choice] = []
        for found in _TAG.finditer(text):
            start, end, word = found.start(), found.end(), found[1] or ""
            self.tags.append(Tag(start, end, word))
            if not word:
                self.prints.append(Print(start, end, found[3]))
            elif word == "block":
                self.blocks.append(Block(found[2], start, end))
            elif word == "endblock":
                self.blocks[-1].body_end, self.blocks[-1].end = start, end
            elif word in ("if", "for"):
                open_.append(Choice(word, [Branch(start, end, found[2])]))
                self.choices.append(open_[-1])
            elif word in ("elif", "else"):
                open_[-1].branches[-1].end = start
                open_[-1].branches.append(Branch(start, end, found[2]))
            elif word in ("endif", "endfor"):
                open_[-1].branches[-1].end = start
                open_.pop().end = end

    def block(self, name: str) -> Block | None:
        return next((block for block in self.blocks if block.name == name), None)

    def holder(self, at: int) -> str:
        """The name of the block in which a character stands."""
        return next((b.name for b in self.blocks if b.start <= at < b.end), "")

    def sentences(self) -> Iterator[tuple[int, int, str]]:
        """Every sentence of the prose, prints included, from start to end."""
        edges = [0]
        for tag in self.tags:
            if tag.word:
                edges += [tag.start, tag.end]
        edges.append(len(self.text))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            for found in _SENTENCE.finditer(_veiled(self.text[start:end])):
                words = self.text[start + found.start() : start + found.end()]
                if sum(char.isalpha() for char in re.sub(r"\{\{.*?\}\}", "", words)) > 6:
                    lead = len(words) - len(words.lstrip(" "))
                    yield start + found.start() + lead, start + found.end(), words.strip()


def _veiled(text: str) -> str:
    """The same length, with nothing in prints that could end a sentence."""
    return re.sub(r"\{\{.*?\}\}", lambda found: "x" * len(found[0]), text)
