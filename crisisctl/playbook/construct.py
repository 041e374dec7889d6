"""Build plain values from the parser's events, and stop before a hostile text can hurt."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NoReturn, Protocol, cast

import yaml
from msgspec.structs import replace
from yaml.events import (
    CollectionStartEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from crisisctl.playbook.document import Document, Mark, Path, Problem, Value, end_of, lines_of
from crisisctl.playbook.scalars import Scalar, resolve
from crisisctl.playbook.syntax import ANCHOR, TAG, Words, explain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_DEPTH = 40
MAX_NODES = 50_000
_MAX_TOKENS = 6 * MAX_NODES

_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BRACKET = re.compile(r"[\[\]{}]")
# libyaml since 0.2.6 stops by itself, and may do so while it looks ahead, before we can.
_TOO_DEEP = "exceeded maximum nesting depth"
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_EMPTY = Words("the file is empty", rule="yaml-empty")


def construct(text: str) -> Document:
    """Build one document from a text without raw control characters."""
    return _Builder(text).read()


def scalars(text: str) -> Iterator[tuple[int, int]]:
    """Where each scalar begins and ends, as far as the text can be read; no comment is inside."""
    loader = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
    try:
        for token in islice(yaml.scan(text, Loader=loader), _MAX_TOKENS):
            if isinstance(token, yaml.ScalarToken):
                yield token.start_mark.index, token.end_mark.index
    except (yaml.YAMLError, ValueError, OverflowError):
        return


class _StoppedError(Exception):
    """Nothing more can be read; the problem is noted."""


class _Node(Protocol):
    """What the parser hands out, as far as it is read here; its stubs know less."""

    start_mark: yaml.Mark | yaml._yaml.Mark | None
    anchor: str | None
    tag: str | None
    value: str
    style: str | None


class _Builder:
    """The state of one reading."""

    def __init__(self, text: str) -> None:
        # libyaml refuses "\ud83d\ude00", which is how JSON writes an emoji.
        pure = not yaml.__with_libyaml__ or _SURROGATE_ESCAPE.search(text)
        parser = yaml.BaseLoader(text) if pure else yaml.CBaseLoader(text)
        self._take = cast("Callable[[], _Node]", parser.get_event)
        self._text = text
        self._nodes = 0
        self.keys: dict[Path, Mark] = {}
        self.values: dict[Path, Mark] = {}
        self.singles: dict[Path, Scalar] = {}
        self.problems: list[Problem] = []

    def read(self) -> Document:
        value: Value = None
        try:
            value = self._document()
        except _StoppedError:
            pass
        except yaml.MarkedYAMLError as error:
            self._explain(error)
        except (yaml.YAMLError, ValueError, OverflowError):
            # In the pure parser chr() fails on "\U00110000" and no place comes with it.
            words = Words("a code after this place is not a character", rule="yaml-control")
            self._say(next(reversed(self.values.values()), Mark(1, 1)), words)
        singles = {} if value is None else self.singles
        return Document(value, self.keys, self.values, tuple(self.problems), singles)

    def _document(self) -> Value:
        self._take()
        if isinstance(self._take(), StreamEndEvent):
            self._say(Mark(1, 1), _EMPTY)
            return None
        value = self._node(self._take(), ())
        if value is None:
            self._say(Mark(1, 1), _EMPTY)
        self._take()
        if isinstance(more := self._take(), DocumentStartEvent):
            hint = "keep one document in a file: remove this line and what follows it"
            words = Words("a second document begins here", hint, "yaml-documents")
            self._say(_mark(more.start_mark), words)
        return value

    def _node(self, event: _Node, path: Path) -> Value:
        at = self.values[path] = self._guard(event)
        if isinstance(event, ScalarEvent):
            word = event.value
            value = self._quoted(word, at) if event.style else self._plain(word, at)
            self.singles[path] = value
            return value
        if len(path) >= MAX_DEPTH:
            self._stop(at, Words(f"nested deeper than {MAX_DEPTH} levels", rule="yaml-depth"))
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        return self._list(path)

    def _guard(self, event: _Node) -> Mark:
        """Give the place of a node, unless it is one that ends the reading."""
        at = _mark(event.start_mark)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(at, Words(f"the text has more than {MAX_NODES} values", rule="yaml-size"))
        if event.anchor is not None or event.tag is not None:
            self._stop(at, TAG if event.anchor is None else ANCHOR)
        return at

    def _plain(self, word: str, at: Mark) -> Scalar:
        value, complaint = resolve(word)
        if complaint:
            hint = "if it is a code and not a quantity, put it in quotes"
            self._say(at, Words(complaint, hint, "yaml-number"))
        return value

    def _quoted(self, text: str, at: Mark) -> str:
        if text.isprintable() or not _CONTROL.search(text):
            return text
        # The pure parser leaves the two halves of an emoji apart.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        if bad := _CONTROL.search(text):
            what = f"the invisible character U+{ord(bad[0]):04X} is not allowed in a text"
            self._say(at, Words(what, "remove its code", "yaml-control"))
        return _CONTROL.sub("\ufffd", text)

    def _list(self, path: Path) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := self._take(), SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Value]:
        pairs: dict[str, Value] = {}
        while not isinstance(event := self._take(), MappingEndEvent):
            at, key = self._key(event, path)
            if key in pairs:
                text = f"the key {_short(key)} is already on line {self.keys[*path, key].line}"
                self._say(at, Words(text, "remove or rename one of them", "yaml-duplicate-key"))
                key = None
            if key is None:
                self._skip(self._take(), path)
            else:
                here = (*path, key)
                self.keys[here] = at
                pairs[key] = self._node(self._take(), here)
        return pairs

    def _key(self, event: _Node, path: Path) -> tuple[Mark, str | None]:
        """Read a key; None where its value must be left out."""
        if isinstance(event, CollectionStartEvent):
            at = _mark(event.start_mark)
            hint = "if a text begins with { or [, put it in quotes"
            self._say(at, Words("a key must be text", hint, "yaml-key"))
            self._skip(event, path)
            return at, None
        at = self._guard(event)
        if event.style:
            return at, self._quoted(event.value, at)
        if event.value == "<<":
            hint = "write the values out where they are needed"
            self._say(at, Words("YAML merge keys (<<) are not supported", hint, "yaml-merge"))
            return at, None
        if not _is_text(event.value):
            text = f"the key {_short(event.value)} is not text"
            self._say(at, Words(text, "put it in quotes", "yaml-key"))
        return at, event.value

    def _skip(self, event: _Node, path: Path) -> None:
        """Read a value for its problems only."""
        kept = self.keys, self.values, self.singles
        self.keys, self.values, self.singles = {}, {}, {}
        try:
            self._node(event, (*path, ""))
        finally:
            self.keys, self.values, self.singles = kept

    def _say(self, at: Mark, words: Words) -> None:
        self.problems.append(
            Problem(
                line=at.line, column=at.column, text=words.text, hint=words.hint, rule=words.rule
            )
        )

    def _stop(self, at: Mark, words: Words) -> NoReturn:
        self._say(at, words)
        raise _StoppedError

    def _explain(self, error: yaml.MarkedYAMLError) -> None:
        if error.problem == _TOO_DEEP:
            words = Words(f"nested deeper than {MAX_DEPTH} levels", rule="yaml-depth")
            self._say(self._too_deep(), words)
            return
        at, end = _mark(error.problem_mark), end_of(self._text.rstrip(" \r\n"))
        if (at.line, at.column) >= (end.line, end.column):
            at, before, after, place = end, "", "", "the end"
        else:
            line = lines_of(self._text)[at.line - 1]
            before, after = line[: at.column - 1], line[at.column - 1 :]
            place = f"line {at.line}, column {at.column}"
        start = _mark(error.context_mark or error.problem_mark)
        context, message = error.context or "", error.problem or ""
        words = explain(message, context, before, after, opened=start.line, place=place)
        opened = "".join(lines_of(self._text)[start.line - 1 : start.line])
        words = _from_word_processor(words, f"{before}{after}", opened)
        self._say(start if words.at_start else at, words)

    def _too_deep(self) -> Mark:
        """Where the brackets open one level more than are read."""
        depth = 0
        for found in _BRACKET.finditer(self._text):
            depth += 1 if found[0] in "[{" else -1
            if depth > MAX_DEPTH:
                return end_of(self._text[: found.start()])
        return Mark(1, 1)


def _from_word_processor(words: Words, *lines: str) -> Words:
    """What word processors put in looks right, and is not: say so."""
    for line in lines:
        if re.search(r"^[ \t-]*[\w-]+:?\u00a0|[:-]\u00a0", line):
            hint = "replace it by a plain space; it comes from a word processor"
            return replace(words, text="an invisible no-break space stands here", hint=hint)
        if re.search(r"[:\[{,-] ?[“”„‘’«]", line):
            return replace(words, hint="curly quotes are not quotes to YAML: type \" or '")
    return words


@lru_cache(maxsize=1024)  # all playbooks have the same keys
def _is_text(word: str) -> bool:
    value, complaint = resolve(word)
    return isinstance(value, str) and not complaint


def _mark(mark: yaml.Mark | yaml._yaml.Mark | None) -> Mark:
    return Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
