"""Which incidents were most like one, and what they share with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

from msgspec import Struct

from crisisctl.learning.figures import Figures
from crisisctl.learning.traits import Traits

_WEIGHTS = {"cause": 4.0, "playbook": 3.0, "severity": 1.0}
_ANSWERS, _WORDS = 4.0, 4.0
"""Together, however many there are: a long text must not drown the rest."""
_LEAST = 20
"""Percent: what is less alike helps nobody at three in the morning."""


class Alike(Struct, frozen=True):
    """An incident that was like it, and what both have in common, the most telling first."""

    incident: str
    likeness: int
    """In percent of what the one that is asked about can be recognised by."""
    shares: tuple[str, ...]


def alike(mine: Traits, past: Sequence[tuple[Figures, Traits]], *, most: int) -> list[Alike]:
    """The most alike first; of those that are equally alike the newest.

    What few incidents have tells more than what most have, so it weighs more.
    """
    every = [traits for _, traits in past]
    weights = _Weights(mine, every)
    found = []
    for figures, traits in past:
        shared = weights.tokens & {*traits.shared, *map(_word, traits.words)}
        likeness = round(100 * sum(weights.of(token) for token in shared))
        if likeness >= _LEAST:
            order = sorted(shared, key=lambda token: (-weights.of(token), token))
            found.append((figures.day, Alike(figures.incident, likeness, tuple(map(told, order)))))
    found.sort(key=lambda pair: (pair[1].likeness, pair[0], pair[1].incident), reverse=True)
    return [each for _, each in found[:most]]


def told(token: str) -> str:
    """What is shared, in words: `cause deployment`, `functions down cart`, `"certificate"`."""
    kind, _, value = token.partition(":")
    return f'"{value}"' if not kind else f"{kind.replace('_', ' ')} {value}"


def _word(word: str) -> str:
    return f":{word}"


class _Weights:
    """The share of each thing in all that one can be recognised by; rare things tell more."""

    def __init__(self, mine: Traits, every: Sequence[Traits]) -> None:
        self.tokens = {*mine.shared, *map(_word, mine.words)}
        seen = Counter(self.tokens)
        for traits in every:
            seen.update(self.tokens.intersection(traits.shared))
            seen.update(self.tokens.intersection(map(_word, traits.words)))
        rare = {token: 1 + log((len(every) + 1) / seen[token]) for token in self.tokens}
        groups: dict[str, float] = {}
        for token, how in rare.items():
            groups[_group(token)] = groups.get(_group(token), 0.0) + how
        whole = sum(map(_weight, groups)) or 1.0
        self._of = {
            token: _weight(_group(token)) * how / groups[_group(token)] / whole
            for token, how in rare.items()
        }

    def of(self, token: str) -> float:
        """Its share of the whole, 0 to 1."""
        return self._of[token]


def _group(token: str) -> str:
    kind = token.partition(":")[0]
    return kind if kind in _WEIGHTS or not kind else "answers"


def _weight(group: str) -> float:
    return _WEIGHTS.get(group, _ANSWERS if group else _WORDS)
