"""Small changes to a playbook's text that leave its comments and its form alone.

A change is made to the text at the place of the value, then read again: only one after which
the playbook is exactly the one that was meant is given out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import unified_diff

from msgspec import Struct
from msgspec.structs import replace

from crisisctl.playbook.construct import scalars
from crisisctl.playbook.document import Document, Mark, Path
from crisisctl.playbook.load import loads
from crisisctl.playbook.model import Playbook, Step
from crisisctl.playbook.reader import read_text
from crisisctl.text import safe

_PLAIN = re.compile(r"[A-Za-z][\w ()'/+.-]*[\w).]")
_WORDS = frozenset("true false null yes no on off".split())  # noqa: SIM905 - a list of words


class Timebox(Struct, frozen=True):
    """Give a step this much time."""

    step: str
    length: str


class Tick(Struct, frozen=True):
    """Add a line to tick off."""

    step: str
    line: str


class When(Struct, frozen=True):
    """Walk a step only where this holds."""

    step: str
    condition: str


class DropOption(Struct, frozen=True):
    """Take an option away from a decision."""

    step: str
    option: str


class DropStep(Struct, frozen=True):
    """Take a step away."""

    step: str


Edit = Timebox | Tick | When | DropOption | DropStep


def edited(text: str, edit: Edit) -> str | None:
    """The text with the change; None where it cannot be made without touching more."""
    plan, problems = loads(text)
    if plan is None or problems or plan.step(edit.step) is None:
        return None
    meant = _meant(plan, edit)
    for made in _Page(text, edit.step).changed(edit):
        found, problems = loads(made)
        if found == meant and not problems:
            return made
    return None


def diff(before: str, after: str, file: str) -> str:
    """The change as a unified diff, which `git apply` and `patch -p1` take."""
    rows = unified_diff(
        _lines(before),
        _lines(after),
        fromfile=f"a/{file}",
        tofile=f"b/{file}",
    )
    open_end = "\n\\ No newline at end of file\n"
    return "".join(row if row.endswith("\n") else row + open_end for row in rows)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+$", text)


def _meant(plan: Playbook, edit: Edit) -> Playbook:
    stages = {}
    for stage, steps in plan.stages.items():
        kept = [_step(step, edit) for step in steps]
        stages[stage] = tuple(step for step in kept if step is not None)
    return replace(plan, stages=stages)


def _step(step: Step, edit: Edit) -> Step | None:
    if step.id != edit.step:
        return step
    match edit:
        case Timebox(length=length):
            return replace(step, timebox=length)
        case Tick(line=line):
            return replace(step, checklist=(*step.checklist, line))
        case When(condition=condition):
            return replace(step, when=condition)
        case DropOption(option=option) if step.decide is not None:
            left = {key: value for key, value in step.decide.options.items() if key != option}
            return replace(step, decide=replace(step.decide, options=left))
        case DropStep():
            return None
    return step


class _Page:
    """A text with the places of what stands in one step."""

    def __init__(self, text: str, step: str) -> None:
        self._bom = "\ufeff" if text.startswith("\ufeff") else ""
        self._text = text.removeprefix("\ufeff")
        self._document: Document = read_text(self._text)
        self._ends = dict(scalars(self._text))
        self._starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", self._text))]
        self._break = "\r\n" if "\r\n" in self._text else "\n"
        self._at: Path = next(
            path[:3]
            for path, value in self._document.singles.items()
            if len(path) == 4 and path[0] == "stages" and path[3] == "id" and value == step
        )

    def changed(self, edit: Edit) -> Iterator[str]:
        """Ways to write the change, the most natural first; not each need be right."""
        for made in self._made(edit):
            yield self._bom + made

    def _made(self, edit: Edit) -> Iterator[str]:
        match edit:
            case Timebox(length=length):
                yield from self._put((*self._at, "timebox"), length)
            case Tick(line=line):
                yield from self._tick(_written(line))
            case When(condition=condition):
                yield from self._new("when", _written(condition))
            case DropOption(option=option):
                yield from self._cut((*self._at, "decide", "options", option))
            case DropStep():
                yield from self._cut(self._at)

    def _put(self, path: Path, value: str) -> Iterator[str]:
        place = self._scalar(path)
        if place is not None:
            yield self._text[: place[0]] + value + self._text[place[1] :]

    def _tick(self, line: str) -> Iterator[str]:
        path: Path = (*self._at, "checklist")
        items = [p for p in self._document.singles if p[:-1] == path]
        if not items:
            yield from self._new("checklist", f"[{line}]")
            return
        place = self._scalar(items[-1])
        if place is None:
            return
        column = self._document.values[items[-1]].column
        yield self._after(place[1], f"{' ' * (column - 3)}- {line}")
        yield f"{self._text[: place[1]]}, {line}{self._text[place[1] :]}"

    def _new(self, key: str, value: str) -> Iterator[str]:
        """A key that the step does not have yet, behind its title."""
        place = self._scalar((*self._at, "title"))
        mark = self._document.keys.get((*self._at, "title"))
        if place is None or mark is None:
            return
        yield self._after(place[1], f"{' ' * (mark.column - 1)}{key}: {value}")
        yield f"{self._text[: place[1]]}, {key}: {value}{self._text[place[1] :]}"

    def _cut(self, path: Path) -> Iterator[str]:
        """Whole lines, from where it begins to where its last value ends."""
        mark = self._document.keys.get(path) or self._document.values.get(path)
        inside = [p for p in self._document.singles if p[: len(path)] == path]
        place = self._scalar(inside[-1]) if inside else None
        if mark is None or place is None:
            return
        begin, end = self._starts[mark.line - 1], self._line_end(place[1])
        rest = self._text[end:]
        yield self._text[:begin] + rest
        yield self._text[:begin] + re.sub(r"\A(?:[ \t]*\r?\n)+", "", rest)

    def _scalar(self, path: Path) -> tuple[int, int] | None:
        mark = self._document.values.get(path)
        if mark is None:
            return None
        start = self._index(mark)
        return (start, self._ends[start]) if start in self._ends else None

    def _index(self, mark: Mark) -> int:
        return self._starts[mark.line - 1] + mark.column - 1

    def _after(self, end: int, line: str) -> str:
        at = self._line_end(end)
        before = self._text[:at]
        if before and not before.endswith("\n"):
            return f"{before}{self._break}{line}{self._text[at:]}"
        return f"{before}{line}{self._break}{self._text[at:]}"

    def _line_end(self, end: int) -> int:
        """Where the line after this place begins; a block of text ends there already."""
        if end and self._text[end - 1] == "\n":
            return end
        found = self._text.find("\n", end)
        return found + 1 if found >= 0 else len(self._text)


def _written(words: str) -> str:
    """A text as YAML takes it on one line, in quotes where it needs them."""
    if _PLAIN.fullmatch(words) and words.casefold() not in _WORDS:
        return words
    return json.dumps(safe(words), ensure_ascii=False)
