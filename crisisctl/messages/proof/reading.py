"""A text read for fairness: its sentences, who offers what, and who is asked to do what."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from crisisctl.messages.proof.folding import fold
from crisisctl.messages.proof.match import Match
from crisisctl.messages.proof.phrases import Cut, cut, needs, places
from crisisctl.messages.proof.vocabulary import Needs
from crisisctl.messages.proof.words import load_words
from crisisctl.patterns import later
from crisisctl.playbook.form import Model
from crisisctl.workspace import Workspace

LOCALES = ("en", "fr", "es", "tr", "ru")
_CYRILLIC = later("[а-яё]", re.IGNORECASE)
OFFER = "\ue000"
"""Stands in a text where a fact such as a voucher's value will be printed."""

Phrases = tuple[str, ...]

_AMOUNT = later(
    r"\d[\d.,]{0,9}\s?(?:%|€|\$|£|₺|₽|(?:eur|usd|gbp|tl|percent|pour cent|por ciento)\b|руб)"
    r"|[€$£₺₽]\s?\d|%\s?\d|\byüzde \d|" + OFFER
)


class Fairness(Model, frozen=True, kw_only=True):
    """The words of one language; what each list is for stands in the English file."""

    verb_last: bool = False
    """Negations stand at the end of a sentence."""
    rewards: Phrases
    ratings: Phrases
    posts: Phrases
    yours: Phrases
    change: Phrases
    changed: Phrases
    write: Phrases
    written: Phrases
    stars: Phrases
    exchange: Phrases
    exchanged: Phrases
    price: Phrases
    priced: Phrases
    thanks: Phrases
    trade: Phrases
    asks: Phrases
    persuade: Phrases
    ours: Phrases
    honest: Phrases
    negations: Phrases
    lacking: Phrases
    endings: Phrases
    feigned: Phrases
    conditions: Phrases
    unless: Phrases
    unless_endings: Phrases
    but: Phrases
    joins: Phrases
    threats: Phrases
    law: Phrases
    about: Phrases
    rights: Phrases
    waivers: Phrases
    complained: Phrases
    fakes: Phrases
    happy: Phrases
    gates: Phrases
    voices: Phrases = ()


def written_in(text: str) -> Iterator[str]:
    """The languages whose letters a text has: without Cyrillic none of it is Russian."""
    for locale in LOCALES:
        if locale != "ru" or (not text.isascii() and _CYRILLIC.search(text)):
            yield locale


def fairness_words(workspace: Workspace, locale: str) -> Fairness | None:
    """The words of a language; None where there are none."""
    return load_words(workspace, "fairness", locale, Fairness)


def telling(text: str, locale: str, words: Fairness) -> Needs:
    """The words in a text without which nothing below can be found; none: there is nothing."""
    return needs(_anchors(locale, words), text, locale)


_known_anchors: dict[tuple[str, Phrases, Phrases], Phrases] = {}


def _anchors(locale: str, words: Fairness) -> Phrases:
    """The phrases without one of which nothing below can be found."""
    key = (locale, words.ratings, words.threats)
    if key not in _known_anchors:
        reviews = (*words.ratings, *words.posts, *words.stars, *words.asks, *words.gates)
        others = (*words.threats, *words.law, *words.waivers, *words.fakes, *words.complained)
        _known_anchors[key] = tuple(dict.fromkeys((*reviews, *others)))
    return _known_anchors[key]


class Action(Struct, frozen=True):
    """Something done to a review, at text[start:end]."""

    start: int
    end: int
    kind: str


class Clause(Struct, frozen=True):
    """A clause, and what in it denies or forbids what it speaks of."""

    start: int
    end: int
    honest: bool
    """It says outright that nothing depends on it."""
    undone: bool
    """A word such as "unless" turns a denial into a condition."""
    negations: tuple[Match, ...]
    lacking: tuple[Match, ...]
    conditions: tuple[Match, ...]

    def denies(self, start: int, end: int, *, anywhere: bool) -> bool:
        """Whether what stands here is denied; outside of customers' texts also from behind."""
        return self.honest or (not self.undone and self._negated(start, end, anywhere))

    def lacks(self, start: int, end: int, *, anywhere: bool) -> bool:
        """The same, where "without" denies as well."""
        before = any(0 <= start - match.end <= 40 for match in self.lacking)
        return before or self._negated(start, end, anywhere)

    def _negated(self, start: int, end: int, anywhere: bool) -> bool:
        found = self.negations
        if not found:
            return False
        first = found[0]
        last = found[bisect_left(found, start, key=lambda match: match.start) - 1]
        if first.end > start:
            return anywhere and found[-1].start >= end
        if anywhere:
            last = found[-1]
        return not any(
            condition.start < first.start or first.start < condition.start < last.start
            for condition in self.conditions
        )


@dataclass(frozen=True)
class Reading:
    """A text with its sentences and the words of its language."""

    text: str
    locale: str
    words: Fairness
    guide: bool
    """Whether it tells colleagues what to do, instead of speaking to customers."""
    cut: Cut
    _known: dict[Phrases, list[Match]] = field(default_factory=dict)
    _clauses: dict[int, list[Clause]] = field(default_factory=dict)

    def find(self, phrases: Phrases) -> list[Match]:
        """Every place of these phrases, looked up once."""
        if phrases not in self._known:
            self._known[phrases] = places(phrases, self.text, self.locale)
        return self._known[phrases]

    def rewards(self) -> list[Match]:
        """What is given; "no discount" gives nothing."""
        amounts = [Match(*found.span()) for found in _AMOUNT.finditer(self.cut.folded)]
        found = sorted([*self.find(self.words.rewards), *amounts], key=lambda match: match.start)
        return [match for match in found if not self._withheld(match)]

    def _withheld(self, reward: Match) -> bool:
        clause = self.clause(reward.start)
        if clause.undone or clause.conditions:
            return False
        number = bisect_left(clause.negations, reward.end, key=lambda match: match.start) - 1
        return number >= 0 and reward.start - clause.negations[number].end <= 1

    def within(self, phrases: Phrases, offset: int) -> bool:
        """Whether one of the phrases stands in the sentence at this place."""
        start, end = self.cut.span(self.cut.at(offset))
        return bool(between(self.find(phrases), start, end))

    def honest(self, start: int, end: int) -> bool:
        """Whether what stands here is denied or forbidden: "never in return for a review"."""
        anywhere = self.guide or self.words.verb_last
        return self.clause(start).denies(start, end, anywhere=anywhere)

    def lacks(self, start: int, end: int) -> bool:
        """The same, where "without" denies as well."""
        anywhere = self.guide or self.words.verb_last
        return self.clause(start).lacks(start, end, anywhere=anywhere)

    def clause(self, offset: int) -> Clause:
        """What is said in one breath at this place."""
        number = self.cut.at(offset)
        if number not in self._clauses:
            self._clauses[number] = list(self._split(number))
        clauses = self._clauses[number]
        return clauses[bisect_right(clauses, offset, key=lambda clause: clause.start) - 1]

    def _split(self, number: int) -> Iterator[Clause]:
        start, end = self.cut.span(number)
        folded = self.cut.folded
        turns = {match.start for match in between(self.find(self.words.but), start, end)}
        for match in between(self.find(self.words.joins), start, end):
            if folded[max(match.start - 3, start) : match.start].rstrip().endswith((",", ";")):
                turns.add(match.start)
        turns |= {start + found.end() for found in re.finditer(";", folded[start:end])}
        borders = [start, *sorted(turns - {start}), end]
        for begin, stop in pairwise(borders):
            yield self._clause(begin, stop)

    def _clause(self, start: int, end: int) -> Clause:
        words = self.words
        honest = between(self.find(words.honest), start, end)
        feigned = between(self.find(words.feigned), start, end)
        unless = [
            match
            for match in between(self.find(words.unless), start, end)
            if not inside(match, honest)
        ]
        negations = between(self.find(words.negations), start, end)
        negations += self._ended(words.endings, start, end)
        kept = sorted(
            (match for match in negations if not inside(match, feigned)),
            key=lambda match: match.start,
        )
        undone = bool(unless) or bool(self._ended(words.unless_endings, start, end))
        return Clause(
            start=start,
            end=end,
            honest=bool(honest) and not undone,
            undone=undone,
            negations=tuple(kept),
            lacking=tuple(between(self.find(words.lacking), start, end)),
            conditions=tuple(between(self.find(words.conditions), start, end)),
        )

    def _ended(self, endings: Phrases, start: int, end: int) -> list[Match]:
        if not endings:
            return []
        return [
            Match(*found.span())
            for found in endings_in(endings, self.locale).finditer(self.cut.folded, start, end)
        ]


def between(matches: list[Match], start: int, end: int) -> list[Match]:
    """Those that begin there; the matches stand in the order of the text."""
    first = bisect_left(matches, start, key=lambda match: match.start)
    last = bisect_left(matches, end, key=lambda match: match.start)
    return matches[first:last]


def inside(match: Match, others: list[Match]) -> bool:
    """Whether it overlaps one of the others, which stand in order and apart."""
    number = bisect_left(others, match.end, key=lambda other: other.start)
    return number > 0 and others[number - 1].end > match.start


@lru_cache(maxsize=32)
def endings_in(endings: Phrases, locale: str) -> re.Pattern[str]:
    """What finds a word that ends so in a folded text."""
    ends = "|".join(re.escape(fold(ending, locale)) for ending in endings)
    return re.compile(rf"\w(?:{ends})(?!\w)")


@lru_cache(maxsize=16)
def reading_of(text: str, locale: str, words: Fairness, guide: bool) -> Reading:
    """The reading of a text, kept for the rules that share it."""
    return Reading(text, locale, words, guide, cut(text, locale))


def shown(text: str, start: int, end: int) -> str:
    """The words at a place, fit for a message; what a template prints there is left out."""
    told = re.sub(r"[\0\ue000]+", " … ", text[start:end])
    return " ".join(told.split())[:80]
