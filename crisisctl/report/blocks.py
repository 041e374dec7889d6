"""What a report is made of before it is Markdown or HTML: sections of plain blocks.

Blocks hold text as people wrote it; each template escapes it in its own way. They are flat,
so that a template needs no macros, and hold words only: no template can reach an incident.
"""

from __future__ import annotations

from msgspec import Struct


class Text(Struct, frozen=True):
    """A paragraph."""

    text: str
    tone: str = ""
    """lead, quiet or warn."""
    kind: str = "text"


class Heading(Struct, frozen=True):
    """A heading within a section."""

    text: str
    kind: str = "heading"


class Entry(Struct, frozen=True):
    """One line of a list: a name in front, if it has one, and its words."""

    text: str
    label: str = ""


class Items(Struct, frozen=True):
    """A list."""

    entries: tuple[Entry, ...]
    kind: str = "items"


class Table(Struct, frozen=True):
    """Rows with as many cells as there are heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str = "table"


class Happened(Struct, frozen=True, gc=False):
    """One line of the timeline."""

    iso: str
    when: str
    text: str
    source: str
    """Who wrote it down, and where it is kept."""
    before: str = ""
    """What stood there until it was corrected."""
    tone: str = ""
    """milestone, said, decided, corrected, withdrawn."""


class Log(Struct, frozen=True):
    """A stretch of the timeline; a folded one is opened by who wants to read it."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[Happened, ...]
    folded: bool = False
    aside: bool = False
    """Whether a reader on paper does without it."""
    kind: str = "log"


class Exact(Struct, frozen=True):
    """The words that went out, to the last character, and where they were read."""

    title: str
    text: str
    locale: str
    note: str = ""
    kind: str = "exact"


class Picture(Struct, frozen=True):
    """A drawing that is part of the page, and the same in words."""

    svg: str
    text: str
    alone: bool = False
    """Whether it brings its own colours, so that it is an image of its own."""
    kind: str = "picture"


Block = Text | Heading | Items | Table | Log | Exact | Picture


class Section(Struct, frozen=True):
    """A part of the report; `id` is its name in every language."""

    id: str
    title: str
    blocks: tuple[Block, ...]


class Page(Struct, frozen=True):
    """A whole report in one language."""

    locale: str
    title: str
    facts: tuple[Entry, ...]
    """What stands at its head: the incident, its state, when it was written."""
    sections: tuple[Section, ...]
    footer: str
    colon: str
    """What stands after a name, before its words."""
    contents: str
    """What the list of sections is called."""
    drill_stamp: str = ""
    """That it was a drill."""
    notice: str = ""
    """That it is restricted, and to whom."""
