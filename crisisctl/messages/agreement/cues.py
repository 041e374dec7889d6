"""The words of a text that tell what a time is for, what is down and why: all found at once."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from crisisctl.messages.agreement.words import Purpose, Subject, Vocabulary
from crisisctl.messages.proof.folding import folded, letters, squeezed
from crisisctl.messages.proof.match import could_stand, first_words, needed, spans
from crisisctl.messages.proof.vocabulary import words_in

PURPOSES = (
    "earlier",
    "next_update",
    "report",
    "eta",
    "restored",
    "since",
    "lasted",
    "until",
    "other",
)
"""What times are for; the first wins where two are equally near."""


_CHOICE = re.compile(r"\(([^()]*)\)")


class Cue(Struct, frozen=True, order=True):
    """Words at plain[start:end] and what they tell."""

    start: int
    end: int
    topic: str
    """time, scope, cause or text."""
    means: str
    role: str
    """say, beside, names, or the list itself."""


class _Meaning(Struct, frozen=True):
    topic: str
    means: str
    role: str


class _Index:
    """The phrases of a language: single words by themselves, others by the word they begin with."""

    def __init__(self, words: Vocabulary, locale: str) -> None:
        self._meanings: dict[str, dict[_Meaning, None]] = {}
        self._single: dict[str, str] = {}
        self._needs: dict[str, tuple[frozenset[str], ...]] = {}
        self._whole: dict[str, list[str]] = {}
        self._stems: dict[str, list[str]] = {}
        for phrase, meaning in _phrases(words):
            for one in _alternatives(phrase):
                self._meanings.setdefault(one, {})[meaning] = None
        for phrase in self._meanings:
            self._add(phrase, locale)
        self._lengths = sorted({len(stem) for stem in self._stems})

    def _add(self, phrase: str, locale: str) -> None:
        plain = letters(phrase, locale)
        if plain.isalnum() and plain not in self._single:
            self._single[plain] = phrase
            return
        self._needs[phrase] = needed(phrase, locale)
        for word, is_stem in first_words(phrase, locale):
            where = self._stems if is_stem else self._whole
            where.setdefault(word, []).append(phrase)

    def found(self, text: str, locale: str) -> Iterator[Cue]:
        """Every phrase in a text at each of its places."""
        for phrase, places in self._places(text, locale):
            for meaning in self._meanings[phrase]:
                for start, end in places:
                    yield Cue(start, end, meaning.topic, meaning.means, meaning.role)

    def _places(self, text: str, locale: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
        words = words_in(folded(text, locale).text)
        for word, starts in words.items():
            if word in self._single:
                yield self._single[word], [(at, at + len(word)) for at in starts]
        plain = squeezed(text, locale)
        for phrase in dict.fromkeys(one for word in words for one in self._begun(word)):
            if any(words.keys().isdisjoint(needs) for needs in self._needs[phrase]):
                continue
            if could_stand(phrase, plain, locale):
                yield phrase, spans(phrase, text, locale)

    def _begun(self, word: str) -> Iterator[str]:
        yield from self._whole.get(word, ())
        for length in self._lengths:
            if length > len(word):
                return
            yield from self._stems.get(word[:length], ())


def _alternatives(phrase: str) -> list[str]:
    """A phrase that is nothing but one of several, as several phrases."""
    choice = _CHOICE.fullmatch(phrase)
    return [one.strip() for one in choice[1].split("|")] if choice else [phrase]


_Phrases = Iterator[tuple[str, _Meaning]]


def _phrases(words: Vocabulary) -> _Phrases:
    for name in PURPOSES:
        purpose: Purpose = getattr(words.times, name)
        yield from _of("time", name, say=purpose.say, beside=purpose.beside, but=purpose.but)
    scope, cause = words.scope, words.cause
    yield from _of("scope", "", down=scope.down, up=scope.up, turn=scope.turns, if_=scope.if_)
    yield from _of("scope", "", but=scope.but)
    yield from _subjects("scope", scope.parts)
    yield from _of("cause", "", because=cause.because, no=cause.negations)
    yield from _of("cause", "", nothing=cause.negations_after)
    yield from _of("cause", "unknown", say=cause.unknown)
    yield from _subjects("cause", cause.causes)
    yield from _of("text", "", changed=words.changed)


def _subjects(topic: str, subjects: dict[str, Subject]) -> _Phrases:
    for name, one in subjects.items():
        yield from _of(topic, name, say=one.say, names=one.names, but=one.but)


def _of(topic: str, means: str, **lists: tuple[str, ...]) -> _Phrases:
    for role, phrases in lists.items():
        for phrase in phrases:
            yield phrase, _Meaning(topic, means, role.rstrip("_"))


@lru_cache(maxsize=32)
def _index(words: Vocabulary, locale: str) -> _Index:
    return _Index(words, locale)


def cues(text: str, locale: str, words: Vocabulary) -> list[Cue]:
    """Every cue in a text, in order, at its place in the folded text; no two of a topic overlap.

    The longest wins; what a `but` holds counts for nothing.
    """
    found = list(_index(words, locale).found(text, locale))
    kept: list[Cue] = []
    ends: dict[str, int] = {}
    for cue in sorted(_meant(found), key=_longest_first):
        if cue.start >= ends.get(_layer(cue), 0):
            ends[_layer(cue)] = cue.end
            kept.append(cue)
    return kept


def _meant(found: list[Cue]) -> list[Cue]:
    """Those that do not stand inside a phrase which holds such words and says something else."""
    passed: dict[tuple[str, str], list[Cue]] = {}
    for cue in sorted(found):
        if cue.role == "but":
            known = passed.setdefault((cue.topic, cue.means), [])
            if not known or cue.end > known[-1].end:
                known.append(cue)
    return [
        cue
        for cue in found
        if cue.role != "but" and not _overlaps(cue, passed.get((cue.topic, cue.means), []))
    ]


def _overlaps(cue: Cue, others: list[Cue]) -> bool:
    """Whether one of these stands where it stands; they rise at both ends."""
    number = bisect_left(others, cue.end, key=lambda other: other.start)
    return number > 0 and others[number - 1].end > cue.start


def _layer(cue: Cue) -> str:
    """Cues that compete for the same words: a part of the shop may stand inside "cannot pay"."""
    if cue.topic == "time":
        return "time"
    return f"{cue.topic} {'subject' if cue.means else cue.role}"


def _longest_first(cue: Cue) -> tuple[int, int, int, str, str]:
    order = PURPOSES.index(cue.means) if cue.topic == "time" else 0
    return cue.start, -cue.end, order, cue.means, cue.role
