"""Whether every language says as much as the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from statistics import median

from msgspec import Struct

from crisisctl.lint.finding import Hit
from crisisctl.lint.outline import outline
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.messages.agreed import general, named
from crisisctl.lint.rules.messages.wording import spans
from crisisctl.lint.subject import Book, MessageText, anatomy
from crisisctl.text import quoted

ENOUGH = 3
"""Languages that must share a block: two that differ do not tell which is right."""
SHORT = 0.75
"""A line with fewer sentences than any other language is suspected below this share of their
length. Measured on the shipped texts: none falls below, and of their sentences left out one by
one more than four in five do."""
LONG = 400
"""Letters from which on a text tells how long its language is."""
FAR_SHORTER = 0.6
"""Below this share a line of some length lost something, however its sentences are counted."""
SOME_LENGTH = 50
_FAR_LONGER = 1.6
"""How many times as long a block is that grew by more than translation."""
_SENTENCE = re.compile(r"[.!?…]+(?=[\s\0»”\"]|$)")
_WORD = re.compile(r"[^\W\d_]")
_TAGGED = re.compile(r"\w+")
_TINY = 1e-9


class Line(Struct, frozen=True):
    """A line of a block: its own words, without what it prints."""

    start: int
    sentences: int
    letters: int
    tags: tuple[str, ...]
    """The names in its tags."""


@rule("sentences-differ", Book, severity="warning")
def sentences_differ(book: Book) -> Iterator[Hit]:
    """A language seems to leave out a sentence that all the others say.

    Lines are compared one by one: a line with fewer sentences than in any other
    language, and much shorter, mostly lost one when the text was changed.

    Bad:
        en: We are sorry. Please do not pay a second time.
        fr: Nous sommes désolés.
    Good:
        fr: Nous sommes désolés. Merci de ne pas payer une seconde fois.
    """
    wide = general(book)
    for texts in book.texts.values():
        present = [text for text in texts.values() if text.sound]
        if len(present) < ENOUGH:
            continue
        share = _shares(present)
        for block in dict.fromkeys(block for text in present for block in text.anatomy.blocks):
            sharing = [text for text in present if block in text.anatomy.blocks]
            if len(sharing) >= ENOUGH:
                yield from _compared(block, sharing, share, tight=block not in wide)


def _shares(present: list[MessageText]) -> dict[str, float]:
    """How long each language is by the others: Spanish takes more letters than Turkish.

    One block that grew or shrank far beyond the others tells nothing of its language.
    """
    letters = dict.fromkeys((text.locale for text in present), 0.0)
    for block in dict.fromkeys(block for text in present for block in text.anatomy.blocks):
        counted = {text.locale: _letters(text.source.text, block) for text in present}
        usual = median(counted.values())
        for locale, count in counted.items():
            letters[locale] += min(max(count, usual / _FAR_LONGER), usual * _FAR_LONGER)
    usual = median(letters.values())
    if usual < LONG:
        return dict.fromkeys(letters, 1)
    return {locale: (count / usual) or 1 for locale, count in letters.items()}


def _compared(
    block: str, sharing: list[MessageText], share: dict[str, float], *, tight: bool
) -> Iterator[Hit]:
    """A block line by line; `tight`: it is for one channel, where a language may say less."""
    lines = {text.locale: _lines(text.source.text).get(block, ()) for text in sharing}
    for text in sharing:
        mine = lines[text.locale]
        others = {locale: rows for locale, rows in lines.items() if locale != text.locale}
        if len(mine) < min(map(len, others.values())):
            what = f"the block {quoted(block)} has fewer lines than in"
            at = _gap(mine, others, share[text.locale], share)
            at = outline(text.source.text).block_at(block) if at is None else at
            hint = "compare them line by line: something is not said here"
            yield text.hit(at, f"{what} {named(others)}", hint)
        elif {len(mine)} == {len(rows) for rows in others.values()}:
            for number, line in enumerate(mine):
                same = {locale: rows[number] for locale, rows in others.items()}
                if _is_short(line, share[text.locale], same, share, tight=tight):
                    what = f"this line says less than in {named(others)}"
                    hint = "a sentence is missing here; compare the languages"
                    yield text.hit(line.start, what, hint)


def _gap(
    mine: tuple[Line, ...],
    others: dict[str, tuple[Line, ...]],
    share: float,
    shares: dict[str, float],
) -> int | None:
    """The line before which the missing ones most likely stood, or the last one."""
    locale, theirs = min(others.items(), key=lambda item: len(item[1]))
    if not mine:
        return None
    missing = len(theirs) - len(mine)
    letters = shares[locale] / share
    cost = sum(_unlike(a, b, letters) for a, b in zip(mine, theirs[missing:], strict=True))
    best, gap = cost, 0
    for place, line in enumerate(mine):
        cost += _unlike(line, theirs[place], letters)
        cost -= _unlike(line, theirs[place + missing], letters)
        if cost < best - _TINY:
            best, gap = cost, place + 1
    return mine[min(gap, len(mine) - 1)].start


def _unlike(one: Line, two: Line, share: float) -> float:
    """How little one line looks like the translation of another."""
    first, second = one.letters * share + 1, two.letters + 1
    return abs(first - second) / max(first, second) + (one.tags != two.tags)


def _is_short(
    line: Line, share: float, others: dict[str, Line], shares: dict[str, float], *, tight: bool
) -> bool:
    lengths = [other.letters / shares[locale] for locale, other in others.items()]
    usual = median(lengths) if len(lengths) >= ENOUGH else min(lengths)
    if not tight and usual >= SOME_LENGTH and line.letters / share < FAR_SHORTER * usual:
        return True
    fewer = line.sentences < min(other.sentences for other in others.values())
    return fewer and line.letters / share < SHORT * usual


def _letters(text: str, block: str) -> int:
    return sum(line.letters for line in _lines(text).get(block, ()))


@lru_cache(maxsize=256)
def _lines(text: str) -> dict[str, tuple[Line, ...]]:
    """The lines of each block that say or print something."""
    prose, code = anatomy(text).prose, anatomy(text).code
    found: dict[str, list[Line]] = {}
    for block, parts in spans(text).items():
        rows = found.setdefault(block, [])
        for start, end in parts:
            for each in re.compile(r"[^\n]+").finditer(prose, start, end):
                line = each[0]
                letters = len(_WORD.findall(line))
                if letters or "\0" in line:
                    begin = each.start() + len(line) - len(line.lstrip())
                    tags = tuple(sorted(_TAGGED.findall(code, each.start(), each.end())))
                    rows.append(Line(begin, len(_SENTENCE.findall(line)), letters, tags))
    return {block: tuple(rows) for block, rows in found.items()}
