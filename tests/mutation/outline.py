"""Where each key and value of a YAML text begins and ends, to cut and paste them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import yaml

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A value in a text, with its key if it has one."""

    start: int
    """Where the key begins; in a list, the value."""
    value: int
    end: int
    key_end: int


class Outline:
    """A YAML text and all its parts by path."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.parts: dict[Path, Part] = {}
        self.children: dict[Path, list[Path]] = {(): []}
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        self._walk(root, ())

    def _walk(self, node: yaml.Node, path: Path) -> int:
        start, end = node.start_mark.index, node.end_mark.index
        rows: list[tuple[Path, int, int, yaml.Node]] = []
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                rows.append(((*path, key.value), key.start_mark.index, key.end_mark.index, value))
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                at = value.start_mark.index
                rows.append(((*path, number), at, at, value))
        self.children[path] = [row[0] for row in rows]
        if rows and not node.flow_style:
            end = 0
        for inner, begin, key_end, value in rows:
            last = self._walk(value, inner)
            self.parts[inner] = Part(begin, value.start_mark.index, last, key_end)
            end = max(end, last)
        return start + len(self.text[start:end].rstrip())

    def value(self, path: Path) -> str:
        """The text of a value."""
        part = self.parts[path]
        return self.text[part.value : part.end]

    def without(self, path: Path) -> tuple[int, int, str]:
        """The cut that takes an entry or item out."""
        row = self.children[path[:-1]]
        at, part = row.index(path), self.parts[path]
        if len(row) == 1:
            begin, end = (part.start, part.end) if len(path) == 1 else self._all_of(path[:-1])
            return begin, end, "{}" if isinstance(path[-1], str) else "[]"
        if at + 1 < len(row):
            return part.start, self.parts[row[at + 1]].start, ""
        return self.parts[row[at - 1]].end, part.end, ""

    def _all_of(self, path: Path) -> tuple[int, int]:
        part = self.parts[path]
        begin = part.value
        if self.text[begin] not in "[{":  # a block: it begins on the line of its key
            begin = part.key_end + 1
            return begin, part.end
        return begin, part.end

    def again(self, path: Path) -> tuple[int, int, str]:
        """The paste that repeats an entry or item right after itself."""
        row = self.children[path[:-1]]
        at, part = row.index(path), self.parts[path]
        if at + 1 < len(row):
            after = self.parts[row[at + 1]].start
            return after, after, self.text[part.start : after]
        if at > 0:
            before = self.parts[row[at - 1]].end
            return part.end, part.end, self.text[before : part.end]
        return part.end, part.end, f", {self.text[part.start : part.end]}"

    def instead(self, path: Path, new: str) -> tuple[int, int, str]:
        """The change of a value."""
        part = self.parts[path]
        if self.text[part.value - 1] == "\n" or "\n" in self.text[part.key_end : part.value]:
            return part.key_end + 1, part.end, f" {new}"
        return part.value, part.end, new

    def called(self, path: Path, new: str) -> tuple[int, int, str]:
        """The change of a key."""
        part = self.parts[path]
        return part.start, part.key_end, new


@cache
def outline(text: str) -> Outline:
    """The outline of a text."""
    return Outline(text)
