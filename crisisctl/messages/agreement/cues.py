"""The words of a text that tell what a time is for, what is down and why: all found at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from crisisctl.messages.agreement.words import Purpose, Subject, Vocabulary
from crisisctl.messages.proof.folding import folded, squeezed
from crisisctl.messages.proof.match import could_stand, first_words, spans
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


class Cue(Struct, frozen=True, order=True):
    """Words at plain[start:end] and what they tell."""

    start: int
    end: int
    topic: str
    """time, scope, cause or text."""
    means: str
    role: str
    """say, beside, names, or the list itself."""


class _Listed(Struct, frozen=True):
    phrase: str
    topic: str
    means: str
    role: str


class _Index:
    """The phrases of a language by the words they begin with."""

    def __init__(self, words: Vocabulary, locale: str) -> None:
        self._whole: dict[str, list[_Listed]] = {}
        self._stems: dict[str, list[_Listed]] = {}
        for listed in dict.fromkeys(_phrases(words)):
            for word, is_stem in first_words(listed.phrase, locale):
                where = self._stems if is_stem else self._whole
                where.setdefault(word, []).append(listed)
        self._lengths = sorted({len(stem) for stem in self._stems})

    def in_question(self, text: str, locale: str) -> Iterator[_Listed]:
        """The phrases that can stand in a text."""
        plain = squeezed(text, locale)
        begun = (one for word in words_in(folded(text, locale).text) for one in self._of(word))
        for listed in dict.fromkeys(begun):
            if could_stand(listed.phrase, plain, locale):
                yield listed

    def _of(self, word: str) -> Iterator[_Listed]:
        yield from self._whole.get(word, ())
        for length in self._lengths:
            if length > len(word):
                return
            yield from self._stems.get(word[:length], ())


def _phrases(words: Vocabulary) -> Iterator[_Listed]:
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


def _subjects(topic: str, subjects: dict[str, Subject]) -> Iterator[_Listed]:
    for name, one in subjects.items():
        yield from _of(topic, name, say=one.say, names=one.names, but=one.but)


def _of(topic: str, means: str, **lists: tuple[str, ...]) -> Iterator[_Listed]:
    for role, phrases in lists.items():
        for phrase in phrases:
            yield _Listed(phrase, topic, means, role.rstrip("_"))


@lru_cache(maxsize=32)
def _index(words: Vocabulary, locale: str) -> _Index:
    return _Index(words, locale)


def cues(text: str, locale: str, words: Vocabulary) -> list[Cue]:
    """Every cue in a text, in order, at its place in the folded text; no two of a topic overlap.

    The longest wins; what a `but` holds counts for nothing.
    """
    found = [
        Cue(start, end, one.topic, one.means, one.role)
        for one in _index(words, locale).in_question(text, locale)
        for start, end in spans(one.phrase, text, locale)
    ]
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
