"""The screen: what is shown to a person, cleaned, wrapped and, on a terminal, coloured.

Plain strings and a handful of escape codes, because the commands typed in the
heat cannot afford a library for it.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Literal, TextIO

from crisisctl.text import columns, safe, wrap

Style = Literal["", "bold", "dim", "good", "bad", "warn", "title"]

_CODES: Mapping[Style, str] = {
    "bold": "1",
    "dim": "2",
    "good": "32",
    "bad": "1;31",
    "warn": "33",
    "title": "1;36",
}
_ASCII = str.maketrans({"·": "-", "─": "-", "—": "-", "–": "-", "…": ".", "✓": "+", "→": ">"})


class Screen:
    """One output stream, as wide and as colourful as it can be."""

    def __init__(self, stream: TextIO, environment: Mapping[str, str]) -> None:
        self.stream = stream
        self.terminal = stream.isatty()
        self.dumb = environment.get("TERM", "") == "dumb"
        self.colour = self.terminal and not self.dumb and not environment.get("NO_COLOR")
        self.width = _width(stream, environment)
        self.height = _height(stream)
        self.unicode = "utf" in (getattr(stream, "encoding", "") or "").lower()

    def paint(self, text: str, style: Style) -> str:
        """Foreign text made safe, in a style."""
        clean = self.glyphs(safe(text))
        return f"\x1b[{_CODES[style]}m{clean}\x1b[0m" if self.colour and style else clean

    def glyphs(self, text: str) -> str:
        """Our own marks in ASCII where the stream has nothing better."""
        return text if self.unicode else text.translate(_ASCII)

    def line(self, text: str = "", style: Style = "") -> None:
        """One line as it is, however long."""
        self.stream.write(self.paint(text, style) + "\n")

    def block(self, text: str, style: Style = "", indent: str = "") -> None:
        """Text wrapped to the screen's width, paragraph by paragraph."""
        for row in wrap(safe(text, lines=True), self.width, indent).split("\n"):
            self.line(row, style)

    def bell(self) -> None:
        """Call the operator back to the screen."""
        self.stream.write("\a\n" if self.terminal and not self.dumb else "\n")

    def rule(self) -> None:
        """A line across the screen."""
        self.line("─" * self.width, "dim")

    def ends(self, left: str, right: str, style: Style = "") -> None:
        """Two texts at both ends of one line; two lines where they do not fit."""
        room = self.width - columns(safe(left)) - columns(safe(right))
        if room >= 1:
            self.line(f"{left}{' ' * room}{right}", style)
        else:
            self.block(left, style)
            self.block(right, style)

    def table(
        self, rows: Iterable[Iterable[str]], heads: Iterable[str] = (), style: Style = ""
    ) -> None:
        """Columns as wide as they must be; the last one takes what is left and wraps."""
        grid = [[safe(cell) for cell in row] for row in rows]
        names = list(heads)
        if not grid:
            return
        every = [names, *grid] if names else grid
        *widths, last = (max(columns(row[n]) for row in every) for n in range(len(every[0])))
        if names:
            self._row(names, widths, last, "dim")
        for row in grid:
            self._row(row, widths, last, style)

    def _row(self, row: list[str], widths: list[int], last: int, style: Style) -> None:
        cells = [
            cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=False)
        ]
        left = "  ".join(cells) + ("  " if cells else "")
        room = self.width - columns(left)
        if room < min(last, 20):  # a narrow screen: the last column goes underneath
            self.line(left.rstrip(), style)
            self.block(row[-1], style, "    ")
            return
        first, *more = wrap(row[-1], room).split("\n")
        self.line(f"{left}{first}".rstrip(), style)
        for rest in more:
            self.line(" " * columns(left) + rest, style)


class Draft(Screen):
    """The same screen on paper: to see how long something is before it is shown."""

    def __init__(self, screen: Screen) -> None:
        self.__dict__.update(screen.__dict__)
        self.paper = io.StringIO()
        self.stream = self.paper

    @property
    def text(self) -> str:
        """All of it."""
        return self.paper.getvalue()

    @property
    def rows(self) -> int:
        """How many rows it takes."""
        return self.text.count("\n")


def _height(stream: TextIO) -> int:
    """How many rows there are; no end where it is not a terminal."""
    try:
        return os.get_terminal_size(stream.fileno()).lines or 24
    except (OSError, ValueError):
        return sys.maxsize


def _width(stream: TextIO, environment: Mapping[str, str]) -> int:
    given = environment.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return max(20, min(int(given), 100))
    if not stream.isatty():
        return 80
    try:
        found = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        found = shutil.get_terminal_size().columns
    return max(20, min(found or 80, 100))


def harden() -> None:
    """A character that the terminal cannot show is escaped instead of stopping the run.

    A stream that was closed from the start leads nowhere instead.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def abandon(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere."""
    with suppress(OSError, ValueError):  # a stream of a test has no file behind it
        descriptor = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
