"""What a mutant is: a few edits to the shipped files, in words, and whether they do harm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Files = Mapping[str, str]
"""The texts of a set of files by their path in the workspace."""


@dataclass(frozen=True, slots=True)
class Edit:
    """In this file, the characters from `start` to `end` become `new`."""

    file: str
    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """The shipped files with one thing broken."""

    family: str
    what: str
    """What was done and where, in words; no two mutants share it."""
    edits: tuple[Edit, ...] = ()
    removed: tuple[str, ...] = ()
    """Files that are taken away, after the edits."""
    added: tuple[tuple[str, str], ...] = ()
    """Files that are put there, with their texts."""
    names: tuple[str, ...] = ()
    """What the change is about: a finding on a line that names it is near."""
    around: tuple[str, int, int] | None = None
    """The file and characters of the entry that was changed: the fact, the step."""
    harmless: str = ""
    """Why nobody is hurt; empty: somebody is."""

    def changed(self, files: Files) -> dict[str, str | None]:
        """The files that are different now; None: gone."""
        texts: dict[str, str | None] = {}
        for edit in sorted(self.edits, key=lambda edit: -edit.start):
            text = texts.get(edit.file) or files[edit.file]
            texts[edit.file] = text[: edit.start] + edit.new + text[edit.end :]
        return {**texts, **dict.fromkeys(self.removed), **dict(self.added)}

    def lines(self, files: Files) -> set[tuple[str, int]]:
        """Where the edits stand in the files as they are now, and the entry around them."""
        found: set[tuple[str, int]] = set()
        if self.around is not None:
            file, start, end = self.around
            first, last = (files[file].count("\n", 0, at) + 1 for at in (start, end))
            found |= {(file, line) for line in range(first, last + 1)}
        moved: dict[str, int] = {}
        for edit in sorted(self.edits, key=lambda edit: edit.start):
            text = files[edit.file]
            first = text.count("\n", 0, edit.start) + 1 + moved.get(edit.file, 0)
            found |= {(edit.file, first + n) for n in range(edit.new.count("\n") + 1)}
            gone = text.count("\n", edit.start, edit.end)
            moved[edit.file] = moved.get(edit.file, 0) + edit.new.count("\n") - gone
        return found


def misspelt(word: str) -> str:
    """The word as tired fingers type it: one letter in its middle left out."""
    middle = (len(word) - 1) // 2
    return word[:middle] + word[middle + 1 :] if len(word) > 2 else word + word[-1]


def distinct(mutants: Iterator[Mutant]) -> Iterator[Mutant]:
    """Leave out those that say the same as one before: the same thing twice in a file."""
    told: set[str] = set()
    for mutant in mutants:
        if mutant.what not in told:
            told.add(mutant.what)
            yield mutant
