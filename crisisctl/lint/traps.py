"""Words that YAML readers understand differently: what we read as text, others do not.

We read YAML 1.2 and keep codes as text. Many editors, formatters and scripts
still read YAML 1.1, and make something else of the same word when they save
the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisisctl.lint.finding import Hit
from crisisctl.lint.subject import DataFile
from crisisctl.playbook.construct import scalars
from crisisctl.playbook.reader import Mark, Path

_LONGEST = 40

# YAML 1.1: https://yaml.org/type/bool.html, int.html and float.html
_BOOL = re.compile("y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF")
_NUMBERS = (
    (re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"), "a number in base 60"),
    (re.compile(r"[-+]?0[0-9_]+"), "a number, and lose its zero"),
    (re.compile(r"[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+"), "a number"),
    (re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?|[-+]?\.[0-9][0-9_]*"), "a number"),
)
_FIRST = frozenset("0123456789+-.yYnNoO")

_NOT_PLAIN = ("", "'", '"', "|", ">", "?")
_GLUED = re.compile(r"[ \t]#(\w{1,20})")
"""A `#` that sticks to the word behind it; comments have a space there."""
_TO_TOOLS = re.compile(r"(?<=#)(?:crisisctl|noqa|nosec|yamllint|cspell|prettier)\b", re.IGNORECASE)
_WORDED = frozenset(
    {"title", "summary", "ask", "hint", "guide", "for", "against", "command", "example", "owner"}
)
"""Keys that hold what people read."""
_OF_WORDS = frozenset({"choices", "roles", "checklist", "drill", "brand"})
"""Keys of mappings and lists whose values people read."""


def traps(file: DataFile) -> Iterator[tuple[str, Hit]]:
    """The rule and the place of each word that other readers take for something else."""
    if file.document.value is None:
        return
    for path, word, key in _plain_words(file):
        if other := _taken_for(word):
            what = f'other tools read {"the key " if key else ""}"{word}" as {other}'
            yield "yaml-trap", file.at(path, what, "put it in quotes", key=key)
    if _GLUED.search(file.source.text):
        yield from _cut_off(file)


def _taken_for(word: str) -> str:
    """What a reader of YAML 1.1 takes a plain word for, where we read text; else nothing."""
    if _BOOL.fullmatch(word):
        return "yes or no"
    return next((kind for pattern, kind in _NUMBERS if pattern.fullmatch(word)), "")


def _plain_words(file: DataFile) -> Iterator[tuple[Path, str, bool]]:
    """The short texts without quotes: where they stand, and whether they are keys."""
    for path, mark in file.document.keys.items():
        name = path[-1]
        if isinstance(name, str) and name[:1] in _FIRST and _is_plain(file, name, mark):
            yield path, name, True
    marks = file.document.values
    for path, word in file.document.singles.items():
        if isinstance(word, str) and word[:1] in _FIRST and _is_plain(file, word, marks[path]):
            yield path, word, False


def _is_plain(file: DataFile, word: str, mark: Mark) -> bool:
    """Whether the key or value that begins there is short, and written without quotes."""
    lines = file.source.lines
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    return len(word) <= _LONGEST and line[mark.column - 1 : mark.column] not in _NOT_PLAIN


def _cut_off(file: DataFile) -> Iterator[tuple[str, Hit]]:
    """Texts that end where a comment begins that was hardly meant as one."""
    text = "\n".join(file.source.lines)
    starts = [0]
    for line in file.source.lines:
        starts.append(starts[-1] + len(line) + 1)
    ends = {begin: end for begin, end in scalars(text) if text[begin] not in _NOT_PLAIN}
    for path, value in file.document.singles.items():
        if (value is None or isinstance(value, str)) and _is_worded(path):
            mark = file.document.values[path]
            begin = starts[mark.line - 1] + mark.column - 1
            end = begin if value is None else ends.get(begin)
            found = _GLUED.match(text, end) if end is not None else None
            if found and not _TO_TOOLS.match(text, found.start(1)):
                word = f"#{found[1]}"
                what = f'the text ends before "{word}": what follows is a comment'
                hint = "put the whole text in quotes; a comment has a space after its #"
                yield "yaml-hash", file.at(path, what, hint)


def _is_worded(path: Path) -> bool:
    names = [part for part in path if isinstance(part, str)]
    return bool(names) and (names[-1] in _WORDED or not _OF_WORDS.isdisjoint(names))
