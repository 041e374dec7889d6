"""Whether every language says as much as the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from statistics import median, median_high

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
SHORT = 0.73
"""A line with fewer sentences than any other language is suspected below this share of their
length. Measured on the shipped texts: none falls below, and of their sentences left out one by
one two in three do."""
LONG = 400
"""Letters from which on a text tells how long its language is."""
FAR_SHORTER = 0.6
"""Below this share a line of some length lost something, however its sentences are counted."""
SOME_LENGTH = 50
LONGER = 1.2
"""Above this share, with a sentence more than in any other language, a line says more."""
MORE = 15
"""Letters that a sentence more has at least. Measured too: no line says more, and of sentences
added to one language six in seven do."""
FAR_LONGER = 2
"""Above this share a line of some length says more, however its sentences are counted."""
_SENTENCE = re.compile(r"[.!?…]+(?=[\s\0»”\"]|$)")
_WORD = re.compile(r"[^\W\d_]")
_TAGGED = re.compile(r"\w+")
_TINY = 1e-9
_COUNTED = 0.2
"""What another number of sentences weighs beside another length, which is 1 at most."""


class Line(Struct, frozen=True):
    """A line of a block: its own words, without what it prints."""

    start: int
    sentences: int
    letters: int
    tags: tuple[str, ...]
    """The names in its tags."""


@rule("sentences-differ", Book, severity="warning")
def sentences_differ(book: Book) -> Iterator[Hit]:
    """A language seems to leave out a sentence that all the others say, or to say one more.

    Lines are compared one by one: a line with fewer sentences than in any other
    language, and much shorter, mostly lost one when the text was changed. One
    with more sentences, and longer, got one that the others still lack, or was
    forgotten when the others lost it. A block for one channel alone may say more.

    Bad:
        en: We are sorry. Please do not pay a second time.
        fr: Nous sommes désolés.
    Good:
        fr: Nous sommes désolés. Merci de ne pas payer une seconde fois.
    """
    wide = general(book)
    for texts in book.texts.values():
        present = [text for text in texts.values() if text.sound]
        if len(present) < max(ENOUGH, len(texts)):
            continue  # beside a broken text the others would seem to differ
        share = _shares(present)
        for block in dict.fromkeys(block for text in present for block in text.anatomy.blocks):
            sharing = [text for text in present if block in text.anatomy.blocks]
            if len(sharing) >= ENOUGH:
                yield from _compared(block, sharing, share, tight=block not in wide)


def _shares(present: list[MessageText]) -> dict[str, float]:
    """How long each language is by the others: Spanish takes more letters than Turkish.

    The middle one of all lines counts: what grew or shrank tells nothing of its language.
    """
    ratios: dict[str, list[tuple[float, float]]] = {text.locale: [] for text in present}
    for block in dict.fromkeys(block for text in present for block in text.anatomy.blocks):
        for row in _rows(block, present):
            usual = median(row.values())
            for locale, letters in row.items() if usual else ():
                ratios[locale].append((letters / usual, usual))
    if sum(weight for row in ratios.values() for _, weight in row) < LONG * len(ratios):
        return dict.fromkeys(ratios, 1)
    return {locale: _middle(row) or 1 for locale, row in ratios.items()}


def _rows(block: str, present: list[MessageText]) -> list[dict[str, int]]:
    """The letters of each line in each language, where the lines match."""
    lines = {text.locale: _lines(text.source.text).get(block, ()) for text in present}
    if len({len(rows) for rows in lines.values()}) > 1:
        return []
    count = len(lines[present[0].locale])
    return [{locale: rows[n].letters for locale, rows in lines.items()} for n in range(count)]


def _middle(weighted: list[tuple[float, float]]) -> float:
    """The ratio with half of all letters below it."""
    left = sum(weight for _, weight in weighted) / 2
    for ratio, weight in sorted(weighted):
        left -= weight
        if left <= 0:
            return ratio
    return 1


def _compared(
    block: str, sharing: list[MessageText], share: dict[str, float], *, tight: bool
) -> Iterator[Hit]:
    """A block line by line; `tight`: it is for one channel, where a language may say less."""
    lines = {text.locale: _lines(text.source.text).get(block, ()) for text in sharing}
    for text in sharing:
        mine = lines[text.locale]
        others = {locale: rows for locale, rows in lines.items() if locale != text.locale}
        counts = {len(rows) for rows in others.values()}
        if len(mine) < min(counts):
            what = f"the block {quoted(block)} has fewer lines than in"
            at = _gap(mine, others, share[text.locale], share)
            at = outline(text.source.text).block_at(block) if at is None else at
            hint = "compare them line by line: something is not said here"
            yield text.hit(at, f"{what} {named(others)}", hint)
        elif len(mine) > max(counts) and not tight:
            what = f"the block {quoted(block)} has more lines than in"
            hint = "compare them line by line: something is said here only"
            yield text.hit(
                _extra(mine, others, share[text.locale], share), f"{what} {named(others)}", hint
            )
        elif {len(mine)} == counts:
            yield from _by_line(text, mine, others, share, tight=tight)


def _by_line(
    text: MessageText,
    mine: tuple[Line, ...],
    others: dict[str, tuple[Line, ...]],
    share: dict[str, float],
    *,
    tight: bool,
) -> Iterator[Hit]:
    for number, line in enumerate(mine):
        same = {locale: rows[number] for locale, rows in others.items()}
        if _is_short(line, share[text.locale], same, share, tight=tight):
            what = f"this line says less than in {named(others)}"
            yield text.hit(line.start, what, "a sentence is missing here; compare the languages")
        elif not tight and _is_long(line, share[text.locale], same, share):
            what = f"this line says more than in {named(others)}"
            yield text.hit(line.start, what, "a sentence is only here; compare the languages")


def _gap(
    mine: tuple[Line, ...],
    others: dict[str, tuple[Line, ...]],
    share: float,
    shares: dict[str, float],
) -> int | None:
    """The line before which the missing ones most likely stood, or the last one."""
    if not mine:
        return None
    fewest = min(map(len, others.values()))
    pairs = [(mine, rows, shares[o] / share) for o, rows in others.items() if len(rows) == fewest]
    return mine[min(_parting(pairs), len(mine) - 1)].start


def _extra(
    mine: tuple[Line, ...],
    others: dict[str, tuple[Line, ...]],
    share: float,
    shares: dict[str, float],
) -> int:
    """The first line that most likely stands here only."""
    most = max(map(len, others.values()))
    pairs = [(rows, mine, share / shares[o]) for o, rows in others.items() if len(rows) == most]
    return mine[_parting(pairs)].start


def _parting(pairs: list[tuple[tuple[Line, ...], tuple[Line, ...], float]]) -> int:
    """After how many lines the longer of each pair says what the shorter does not."""
    missing, count = len(pairs[0][1]) - len(pairs[0][0]), len(pairs[0][0])

    def cost(number: int, skipped: int) -> float:
        return sum(_unlike(few[number], many[number + skipped], s) for few, many, s in pairs)

    now = sum(cost(number, missing) for number in range(count))
    best, gap = now, 0
    for number in range(count):
        now += cost(number, 0) - cost(number, missing)
        if now < best - _TINY:
            best, gap = now, number + 1
    return gap


def _unlike(one: Line, two: Line, share: float) -> float:
    """How little one line looks like the translation of another."""
    first, second = one.letters * share + 1, two.letters + 1
    counted = _COUNTED if one.sentences != two.sentences else 0
    return abs(first - second) / max(first, second) + (one.tags != two.tags) + counted


def _is_short(
    line: Line, share: float, others: dict[str, Line], shares: dict[str, float], *, tight: bool
) -> bool:
    lengths = [other.letters / shares[locale] for locale, other in others.items()]
    usual = _usual(lengths) if len(lengths) >= ENOUGH else min(lengths)
    if not tight and usual >= SOME_LENGTH and line.letters / share < FAR_SHORTER * usual:
        return True
    fewer = line.sentences < min(other.sentences for other in others.values())
    return fewer and line.letters / share < SHORT * usual


def _usual(lengths: list[float]) -> float:
    """The middle one, without the longest where that says more than the others."""
    *rest, longest = sorted(lengths)
    return median(rest if longest > LONGER * rest[-1] else lengths)


def _is_long(line: Line, share: float, others: dict[str, Line], shares: dict[str, float]) -> bool:
    lengths = [other.letters / shares[locale] for locale, other in others.items()]
    usual = median_high(lengths) if len(lengths) >= ENOUGH else max(lengths)
    letters = line.letters / share
    if usual >= SOME_LENGTH and letters > FAR_LONGER * usual:
        return True
    more = line.sentences > max(other.sentences for other in others.values())
    return more and letters > LONGER * usual and letters - usual >= MORE


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
