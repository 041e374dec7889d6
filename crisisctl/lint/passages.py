"""The words of templates and playbooks as people read them, and where each of them stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from crisisctl.lint.finding import Hit
from crisisctl.lint.subject import Anatomy, Book, anatomy
from crisisctl.messages.proof.reading import OFFER
from crisisctl.playbook.model import Step
from crisisctl.playbook.policy import Policy
from crisisctl.playbook.reader import Path

_TAG = re.compile(r"\{%[-+]?\s*+(block|endblock)\b\s*+(\w*+)[^%{}]{0,60}%\}|\{\{[^{}]{0,2000}\}\}")
_CALL = re.compile(r"\bself\.(\w+)\(")
_GIVEN = re.compile(
    r"\b\w*(?:voucher|coupon|discount|refund|cashback|gift|bonus|reward)\w*"
    r"|\boffer_(?:percent|amount|value)|\|\s*(?:money|percent)"
)
_QUOTED = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_MOST = 400_000
"""Characters of all passages of one text: called blocks are read in again."""


class Passage(Struct, frozen=True):
    """What a block prints, called blocks read in; NUL characters stand for the tags."""

    block: str
    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, offset: int) -> int:
        """The place in the template's file."""
        piece = bisect_right(self.starts, offset) - 1
        return self.origins[piece] + offset - self.starts[piece]


class _Span(Struct, frozen=True):
    start: int
    end: int


@lru_cache(maxsize=128)
def passages(text: str) -> tuple[Passage, ...]:
    """Every block of a template that is not only read in by another."""
    return tuple(_Reader(anatomy(text)).passages())


@lru_cache(maxsize=128)
def spans(text: str) -> dict[str, tuple[int, int]]:
    """Where each block of a template begins and ends, its tags left out."""
    return {n: (span.start, span.end) for n, span in _Reader(anatomy(text)).blocks.items()}


class _Reader:
    """Reads the blocks of one template, each called block once in a passage."""

    def __init__(self, of: Anatomy) -> None:
        self.blocks: dict[str, _Span] = {}
        self.calls: list[tuple[int, str]] = []
        prose = list(of.prose)
        opened: list[tuple[str, int]] = []
        for tag in _TAG.finditer(of.code):
            if tag[1] == "block":
                opened.append((tag[2], tag.end()))
            elif tag[1] == "endblock":
                if opened:
                    name, start = opened.pop()
                    self.blocks.setdefault(name, _Span(start, tag.start()))
            elif call := _CALL.search(tag[0]):
                self.calls.append((tag.end(), call[1]))
            elif _GIVEN.search(_QUOTED.sub("", tag[0])):
                prose[tag.start()] = OFFER
        self.prose = "".join(prose)
        self.ends = [end for end, _ in self.calls]

    def passages(self) -> Iterator[Passage]:
        """Those that nothing calls, and the forms; as long as it does not grow without end."""
        called = {name for _, name in self.calls}
        left = _MOST
        for name in self.blocks:
            if (name not in called or name in ("headline", "short", "body")) and left > 0:
                passage = self._read(name)
                left -= len(passage.text)
                yield passage

    def _read(self, name: str) -> Passage:
        pieces: list[str] = []
        starts: list[int] = []
        origins: list[int] = []
        length = 0
        seen = {name}
        left = [self.blocks[name]]
        while left:
            span = left.pop()
            number = bisect_right(self.ends, span.start)
            while number < len(self.calls) and self.ends[number] <= span.end:
                end, called = self.calls[number]
                if called in self.blocks and called not in seen:
                    seen.add(called)
                    left += [_Span(end, span.end), self.blocks[called]]
                    span = _Span(span.start, end)
                    break
                number += 1
            if span.end > span.start:
                starts.append(length)
                origins.append(span.start)
                pieces.append(self.prose[span.start : span.end])
                length += span.end - span.start
        return Passage(name, "".join(pieces), tuple(starts or (0,)), tuple(origins or (0,)))


def plan_texts(book: Book) -> Iterator[tuple[Path, str]]:
    """What colleagues read in a playbook: titles, guides, checklists, options, questions."""
    plan = book.plan
    yield ("title",), plan.title
    yield ("summary",), plan.summary
    for role, duty in plan.roles.items():
        yield ("roles", role), duty
    for name, fact in plan.facts.items():
        yield ("facts", name, "ask"), fact.ask
        yield ("facts", name, "hint"), fact.hint
        for key, title in fact.choices.items():
            yield ("facts", name, "choices", key), title
    for name, impact in plan.impact.items():
        yield ("impact", name, "ask"), impact.ask
        yield ("impact", name, "hint"), impact.hint
        for key, answer in impact.answers.items():
            yield ("impact", name, "answers", key, "title"), answer.title
    for path, _, step in book.steps:
        yield from _step_texts(path, step)
    if plan.compensation is not None:
        yield from _policy_texts(plan.compensation)


def _step_texts(path: Path, step: Step) -> Iterator[tuple[Path, str]]:
    """What a step says to whoever does it."""
    yield (*path, "title"), step.title
    yield (*path, "guide"), step.guide
    for number, item in enumerate(step.checklist):
        yield (*path, "checklist", number), item
    if step.decide is not None:
        for key, option in step.decide.options.items():
            at = (*path, "decide", "options", key)
            yield (*at, "title"), option.title
            yield (*at, "for"), option.for_
            yield (*at, "against"), option.against


def _policy_texts(policy: Policy) -> Iterator[tuple[Path, str]]:
    """What a policy says in words: harm, reasons, what is given."""
    for section, columns in (("harm", policy.harm), ("about", policy.about)):
        for name, column in columns.items():
            yield ("compensation", section, name, "title"), column.title
    for number, exclusion in enumerate(policy.exclude):
        yield ("compensation", "exclude", number, "because"), exclusion.because
    for number, owed in enumerate(policy.owed):
        yield ("compensation", "owed", number, "title"), owed.title
    for number, tier in enumerate(policy.tiers):
        yield ("compensation", "tiers", number, "title"), tier.title
        yield ("compensation", "tiers", number, "offer", "gift"), tier.offer.gift


def hit_in(book: Book, path: Path, value: str, offset: int, text: str, hint: str = "") -> Hit:
    """A finding at a character of a playbook's value, however that is written in the file."""
    mark = book.file.document.mark(path)
    source = book.file.source
    row = value.count("\n", 0, offset)
    begin = value.rfind("\n", 0, offset) + 1
    end = value.find("\n", begin)
    written = value[begin : end if end >= 0 else len(value)]
    if "\n" in value and mark.line + row < len(source.lines):  # a block: line by line
        at = source.lines[mark.line + row].find(written)
        if at >= 0:
            return source.hit(mark.line + row + 1, at + offset - begin + 1, text, hint)
    word = re.match(r"\S{1,30}", value[offset : offset + 30])
    if word is None:
        return source.hit(mark.line, mark.column, text, hint)
    skip = value.count(word[0], 0, offset)
    column = mark.column - 1
    last = min(mark.line + value.count("\n") + len(value) // 20 + 3, len(source.lines))
    for number in range(mark.line, last + 1):
        line = source.lines[number - 1]
        while (column := line.find(word[0], column)) >= 0:
            if skip == 0:
                return source.hit(number, column + 1, text, hint)
            skip -= 1
            column += len(word[0])
        column = 0
    return source.hit(mark.line, mark.column, text, hint)
