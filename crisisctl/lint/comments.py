"""`# crisisctl: ignore[rule-id]` on a line: findings that somebody has looked at.

In message texts the comment is Jinja's, `{# crisisctl: ignore[rule-id] #}`: a
bare `#` there is a word that customers would read. A comment on a line of its
own speaks of the next line that is more than a comment.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

from crisisctl.lint.finding import Hit, Source
from crisisctl.lint.rule import RULES
from crisisctl.playbook.construct import scalars
from crisisctl.text import did_you_mean, quoted

_WORD = "crisisctl:"
_IN_YAML = re.compile(r"(?<![^\s])#[ \t]*crisisctl:[ \t]*(ignore\b[^\n\r#]*)", re.IGNORECASE)
_TAG = re.compile(r"\{#.*?(?:#\}|\Z)|\{%.*?(?:%\}|\Z)|\{\{.*?(?:\}\}|\Z)", re.DOTALL)
_IN_TEXT = re.compile(r"\{#[-+]?\s*crisisctl:\s*(ignore\b[^\n\r#]*)", re.IGNORECASE)
_LINE_COMMENT = re.compile(r"\{#.*?(?:#\}|\Z)")
_RULES = re.compile(r"ignore[ \t]*\[([^\]]*)\]", re.IGNORECASE)
_ID = re.compile(r"[^\s,]+")
_EXAMPLE = "name it in brackets: crisisctl: ignore[rule-id]"
_GUESSES = 20
"""As many misspelt rules get a suggestion: a hostile file may hold thousands."""


class _Ignore(Struct, frozen=True):
    """One rule that a comment names, or what is wrong with the comment."""

    source: Source
    line: int
    column: int
    rule: str
    target: int
    """The line it speaks of."""
    mistake: str = ""


class Ignored:
    """The ignore comments of some files, and which of them were needed."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._all: list[_Ignore] = []
        self._needed: set[_Place] = set()
        for source in sources:
            if _WORD in source.text.casefold():
                self._all += _ignores(source)
        self._at = {_place(one) for one in self._all if one.rule}

    def covers(self, rule: str, hit: Hit) -> bool:
        """Whether somebody wrote that this finding may stand."""
        place = (hit.source.shown, hit.line, rule)
        if place in self._at:
            self._needed.add(place)
        return place in self._at

    def mistakes(self, chosen: frozenset[str], unjudged: frozenset[str]) -> Iterator[_Found]:
        """Comments that name no rule, or a rule that found nothing there.

        In files that are `unjudged`, not every rule could have found something.
        """
        guesses = iter(range(_GUESSES))
        for one in self._all:
            if one.mistake:
                hit = one.source.hit(one.line, one.column, one.mistake, _EXAMPLE)
                yield "unknown-rule", hit
            elif one.rule not in RULES:
                known = RULES if next(guesses, None) is not None else ()
                guess = did_you_mean(one.rule, known)
                hint = f'did you mean "{guess}"?' if guess else "see `crisisctl lint --rules`"
                what = f"there is no rule {quoted(one.rule)}"
                yield "unknown-rule", one.source.hit(one.line, one.column, what, hint)
            elif self._unneeded(one) and one.rule in chosen and one.source.shown not in unjudged:
                what = f'nothing on line {one.target} breaks the rule "{one.rule}"'
                if one.target == one.line:
                    what = f'nothing here breaks the rule "{one.rule}"'
                hint = "remove the comment, or this rule from it"
                yield "unneeded-ignore", one.source.hit(one.line, one.column, what, hint)

    def _unneeded(self, one: _Ignore) -> bool:
        return _place(one) not in self._needed


_Place = tuple[str, int, str]
_Found = tuple[str, Hit]


def _place(one: _Ignore) -> _Place:
    return one.source.shown, one.target, one.rule


def _ignores(source: Source) -> Iterator[_Ignore]:
    starts = _starts(source.lines)
    is_text = source.shown.endswith(".j2")
    comments = list(_in_text(source.text) if is_text else _in_yaml(source))
    following = _following(source.lines, is_text=is_text)
    for comment in comments:
        first, last = (bisect_right(starts, at) for at in (comment.begin, comment.end - 1))
        before = source.lines[first - 1][: comment.begin - starts[first - 1]]
        after = source.lines[last - 1][comment.end - starts[last - 1] :]
        alone = not (_bare(before) or _bare(after)) if is_text else not before.strip()
        target = following[last] if alone else first
        line = bisect_right(starts, comment.at)
        column = comment.at - starts[line - 1] + 1
        rules = _RULES.match(comment.words)
        ids = list(_ID.finditer(rules[1])) if rules else []
        if not ids:
            yield _Ignore(source, line, column, "", target, "this comment names no rule")
        for id in ids:
            place = column + id.start() + (rules.start(1) if rules else 0)
            yield _Ignore(source, line, place, id[0], target)


class _Comment(Struct, frozen=True):
    """An ignore comment: where it begins and ends, where its words begin, and the words."""

    begin: int
    end: int
    at: int
    words: str


def _in_yaml(source: Source) -> Iterator[_Comment]:
    text = "\n".join(source.lines)
    found = list(_IN_YAML.finditer(text))
    taken: list[tuple[int, int]] = []
    for begin, end in scalars(text) if found else ():
        if begin > found[-1].start():
            break
        taken.append((begin, end))
    begins = [begin for begin, _ in taken]
    for comment in found:
        before = bisect_right(begins, comment.start()) - 1
        if before < 0 or taken[before][1] <= comment.start():
            yield _Comment(comment.start(), comment.end(), comment.start(1), comment[1])


def _in_text(text: str) -> Iterator[_Comment]:
    for tag in _TAG.finditer(text):
        if comment := _IN_TEXT.match(tag[0]):
            at = tag.start() + comment.start(1)
            yield _Comment(tag.start(), tag.end(), at, comment[1])


def _starts(lines: Iterable[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return starts[:-1]


def _following(lines: tuple[str, ...], *, is_text: bool) -> list[int]:
    """For each line, which one after it is the next that is more than comments."""
    following = [len(lines)] * (len(lines) + 1)
    for number in range(len(lines) - 1, 0, -1):
        row = lines[number]
        comment = not _bare(row) if is_text else not row.strip() or row.lstrip()[0] == "#"
        following[number] = following[number + 1] if comment else number + 1
    return following


def _bare(row: str) -> str:
    """What a line holds beside comments of a message text."""
    return _LINE_COMMENT.sub("", row).strip()
