"""How a text sounds: whether it belittles, blames, promises too much, hides or talks shop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import chain

import msgspec
from msgspec import Struct

from crisisctl.messages.proof.folding import Folded, folded, squeezed
from crisisctl.messages.proof.match import could_stand, find, first_words, needed, pattern, spans
from crisisctl.messages.proof.quotations import addresses, inside, quotations
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.vocabulary import words_in
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.form import Model
from crisisctl.text import quoted
from crisisctl.workspace import Workspace

REACH = 240
"""Characters around a phrase in which a negation is looked for."""
NEAR = 3
"""Words before a phrase among which a plain "not" is looked for."""
FAR = 12
"""Words before a phrase among which "nobody can promise that" is looked for."""

_WORDS_KEPT = 20_000
"""Words of a language of which it is remembered what they can begin."""
_LONG_WORD = 40

_CLAUSE_ENDS = r"[.!?…;:()\[\]\"«»“”„\0]|\s-\s|\n\s*\n|\n\s*[-*•]\s"


class Group(Model, frozen=True):
    """Phrases that share a better wording."""

    find: list[str]
    better: str
    but: list[str] = []
    """Phrases around one of them in which it is no fault."""
    even_negated: bool | None = None
    """Whether it is a fault after a negation too; left out, the rule decides."""


class Negations(Model, frozen=True):
    """How a language denies something."""

    words: list[str] = []
    disclaimers: list[str] = []
    """Such as "nobody can promise", which reach further than a plain "not"."""
    after: list[str] = []
    """What denies the words before it."""
    harmless: list[str] = []
    """What only looks like a negation, such as "no doubt"."""
    stops: list[str] = []
    """Words that begin a new thought."""
    conjunctions: list[str] = []
    """Words before which a comma does not begin a new thought."""


class Tone(Model, frozen=True, kw_only=True, eq=False):
    """The phrases of one language."""

    negations: Negations = msgspec.field(default_factory=Negations)
    agents: list[str] = []
    """Such as "by us": beside one of them a passive says who did it."""
    minimise: list[Group]
    blame: list[Group]
    overpromise: list[Group]
    jargon: list[Group]
    evasive: list[Group]
    passive: list[Group]


class _Kind(Struct, frozen=True):
    """What is wrong with the phrases of a rule, and whether denying them makes them right."""

    says: str
    even_negated: bool


_KINDS = {
    "minimise": _Kind("makes it sound small", even_negated=False),
    "blame": _Kind("puts the blame on others", even_negated=False),
    "overpromise": _Kind("promises more than anyone can know", even_negated=False),
    "jargon": _Kind("is a word that customers do not use", even_negated=True),
    "evasive": _Kind("sounds evasive", even_negated=True),
    "passive": _Kind("does not say who did it", even_negated=True),
}


def remarks(text: str, locale: str, workspace: Workspace) -> list[Remark]:
    """Every phrase of the lists that stands in the text, in order.

    What is quoted, denied ("nobody can promise that it will never happen
    again") or part of an address is left alone. A language without a list is
    not judged.
    """
    language = locale.partition("-")[0]
    words = load_words(workspace, "tone", language, Tone)
    return [] if words is None else list(heard(text, language, words))


@lru_cache(maxsize=256)
def heard(text: str, locale: str, words: Tone) -> tuple[Remark, ...]:
    """The same for words that are at hand."""
    lists, plain = _lists(words, locale), folded(text, locale)
    place = _Place(text, locale, plain, lists)
    found: list[Remark] = []
    for listed in lists.in_question(plain.text, squeezed(text, locale), locale):
        for start, end in spans(listed.phrase, text, locale):
            if place.is_speech(start) and not place.excuses(listed, start, end):
                found.append(_remark(place, listed, start, end))
    return tuple(_apart(found))


def _remark(place: _Place, listed: _Listed, start: int, end: int) -> Remark:
    begin, stop = place.plain.place(start), place.plain.place(end)
    shown = quoted(" ".join(place.text[begin:stop].split()))
    text = f"{shown} {_KINDS[listed.rule].says}"
    return Remark(begin, stop, f"tone-{listed.rule}", text, f"better: {listed.group.better}")


def _apart(found: list[Remark]) -> list[Remark]:
    """In order, without those that begin inside another one of the same rule."""
    kept: list[Remark] = []
    ends: dict[str, int] = {}
    for remark in sorted(found, key=lambda one: (one.start, -one.end, one.rule)):
        if remark.start >= ends.get(remark.rule, 0):
            ends[remark.rule] = remark.end
            kept.append(remark)
    return kept


class _Listed(Struct, frozen=True, eq=False):
    """One phrase of the lists, and by which of its words it can be ruled out quickly."""

    phrase: str
    rule: str
    group: Group
    needs: tuple[frozenset[str], ...]
    """Of each set, one word must be in the text."""

    @property
    def even_negated(self) -> bool:
        """Whether denying it leaves it a fault."""
        own = self.group.even_negated
        return _KINDS[self.rule].even_negated if own is None else own


class _Lists:
    """All phrases of a language by the word they begin with, and how it denies things."""

    def __init__(self, words: Tone, locale: str) -> None:
        self._whole: dict[str, list[_Listed]] = {}
        self._stems: dict[str, list[_Listed]] = {}
        for rule in _KINDS:
            for group in getattr(words, rule):
                for phrase in group.find:
                    self._add(_Listed(phrase, rule, group, needed(phrase, locale)), locale)
        self._known: dict[str, list[_Listed]] = {}
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._words = words
        self._locale = locale

    @cached_property
    def clause(self) -> re.Pattern[str]:
        """What ends a thought."""
        return _clause(self._words.negations, self._locale)

    @cached_property
    def negations(self) -> re.Pattern[str]:
        """What denies, a few words before."""
        return pattern(tuple(self._words.negations.words), self._locale)

    @cached_property
    def disclaimers(self) -> re.Pattern[str]:
        """What denies, further away."""
        return pattern(tuple(self._words.negations.disclaimers), self._locale)

    @cached_property
    def after(self) -> re.Pattern[str]:
        """What denies, a few words behind."""
        return pattern(tuple(self._words.negations.after), self._locale)

    @cached_property
    def agents(self) -> re.Pattern[str]:
        """Who did it."""
        return pattern(tuple(self._words.agents), self._locale)

    @cached_property
    def harmless(self) -> re.Pattern[str]:
        """What looks like a negation and is none."""
        return pattern(tuple(self._words.negations.harmless), self._locale)

    def _add(self, listed: _Listed, locale: str) -> None:
        for word, is_stem in first_words(listed.phrase, locale):
            where = self._stems if is_stem else self._whole
            where.setdefault(word, []).append(listed)

    def in_question(self, text: str, plain: str, locale: str) -> Iterator[_Listed]:
        """The phrases whose words are in a folded text."""
        words = words_in(text)
        asked = (listed for word in words for listed in self._beginning(word))
        for listed in dict.fromkeys(asked):
            if any(words.keys().isdisjoint(need) for need in listed.needs):
                continue
            if could_stand(listed.phrase, plain, locale):
                yield listed

    def _beginning(self, word: str) -> list[_Listed]:
        known = self._known.get(word)
        if known is None:
            stems = (self._stems.get(word[:length], ()) for length in self._lengths)
            known = [*chain.from_iterable(stems), *self._whole.get(word, ())]
            known = list(dict.fromkeys(known))
            if len(self._known) < _WORDS_KEPT and len(word) < _LONG_WORD:
                self._known[word] = known
        return known


@lru_cache(maxsize=32)
def _lists(words: Tone, locale: str) -> _Lists:
    return _Lists(words, locale)


def _clause(deny: Negations, locale: str) -> re.Pattern[str]:
    """What ends a thought, so that a negation before it no longer counts."""
    joins = pattern(tuple(deny.conjunctions), locale).pattern
    stops = pattern(tuple(deny.stops), locale).pattern
    return re.compile(rf"{_CLAUSE_ENDS}|,(?!\s*{joins})|{stops}")


class _Place:
    """A text with what excuses a phrase in it, found out when it is first asked."""

    def __init__(self, text: str, locale: str, plain: Folded, lists: _Lists) -> None:
        self.text = text
        self.plain = plain
        self._locale = locale
        self._lists = lists
        self._harmless: dict[int, list[tuple[int, int]]] = {}

    @cached_property
    def _quotations(self) -> list[tuple[int, int]]:
        return quotations(self.text)

    @cached_property
    def _addresses(self) -> list[tuple[int, int]]:
        return addresses(self.text)

    def is_speech(self, start: int) -> bool:
        """Whether these are the sender's own words."""
        place = self.plain.place(start)
        return not inside(place, self._quotations) and not inside(place, self._addresses)

    def excuses(self, listed: _Listed, start: int, end: int) -> bool:
        """Whether the words around it make it harmless, or deny it."""
        spans = self._around(listed.group)
        if inside(start, spans) or inside(end - 1, spans):
            return True
        if listed.rule == "passive" and self._names_agent(start, end):
            return True
        return not listed.even_negated and self._denies(start, end)

    def _around(self, group: Group) -> list[tuple[int, int]]:
        if id(group) not in self._harmless:
            matches = find(group.but, self.plain.text, self._locale, quoted=True)
            self._harmless[id(group)] = [(found.start, found.end) for found in matches]
        return self._harmless[id(group)]

    def _denies(self, start: int, end: int) -> bool:
        lists = self._lists
        before, after = self._thought(start, end)
        said = lists.harmless.sub(" ", before).split()
        return bool(
            lists.negations.search(" ".join(said[-NEAR:]))
            or lists.disclaimers.search(" ".join(said[-FAR:]))
            or lists.after.search(" ".join(after.split()[: NEAR + 1]))
        )

    def _names_agent(self, start: int, end: int) -> bool:
        before, after = self._thought(start, end)
        beside = [*before.split()[-NEAR:], "\0", *after.split()[:NEAR]]
        return self._lists.agents.search(" ".join(beside)) is not None

    def _thought(self, start: int, end: int) -> tuple[str, str]:
        """What stands before and after a phrase in the same thought."""
        text, clause = self.plain.text, self._lists.clause
        before = clause.split(text[max(0, start - REACH) : start])[-1]
        return before, clause.split(text[end : end + REACH], maxsplit=1)[0]
