"""What a review is about, and whether it is praise or a complaint where no stars say so."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from crisisctl.reviews.lexicon import Match, Tables
from crisisctl.reviews.review import TOPICS, Mood

_FEELINGS = frozenset({"safety", "negative", "positive", "negation"})
_BEFORE = 3
"""Words before praise in which a negation turns it around."""
_EARLY = 12
"""What is said among the first words weighs a little more."""
_BONUS = 1.2


class Finding(Struct, frozen=True, gc=False):
    """What a text is about."""

    topic: str = "other"
    aspect: str = ""
    topics: tuple[tuple[str, float], ...] = ()
    """Every topic that it speaks of, with its weight, the main one first."""
    safety: bool = False
    evidence: tuple[str, ...] = ()
    """The entries of the lists that told."""


NOTHING = Finding()


def classify(text: str, tables: Tables) -> Finding:
    """The main topic and aspect of a text; `other` where no word tells."""
    matches = tables.matches(text)
    if not matches:
        return NOTHING
    weights: dict[str, float] = {}
    aspects: dict[tuple[str, str], float] = {}
    first: dict[str, int] = {}
    seen: set[str] = set()
    safety, evidence = False, []
    for match in matches:
        told = match.told
        if told.kind in _FEELINGS:
            safety = safety or told.kind == "safety"
            continue
        if told.words in seen:
            continue
        seen.add(told.words)
        weight = told.weight * (_BONUS if match.at < _EARLY else 1.0)
        weights[told.kind] = weights.get(told.kind, 0.0) + weight
        first.setdefault(told.kind, match.at)
        evidence.append(told.words)
        if told.aspect:
            pair = (told.kind, told.aspect)
            aspects[pair] = aspects.get(pair, 0.0) + weight
    ordered = sorted(
        (pair for pair in weights.items() if pair[0] in TOPICS),
        key=lambda pair: (-pair[1], first[pair[0]]),
    )
    if not ordered:
        return Finding(safety=safety)
    topic = ordered[0][0]
    mine = {aspect: weight for (of, aspect), weight in aspects.items() if of == topic}
    aspect = max(mine, key=lambda name: mine[name]) if mine else ""
    return Finding(topic, aspect, tuple(ordered), safety, tuple(evidence))


def feeling(text: str, tables: Tables) -> Mood:
    """Praise or complaint, by its words alone; `unknown` where they do not tell."""
    score = 0
    turned: list[int] = []
    matches = tables.matches(text)
    for match in matches:
        if match.told.kind == "negation":
            turned.append(match.at)
    for match in matches:
        kind = match.told.kind
        if kind == "negative":
            score -= 1
        elif kind == "positive":
            score += -1 if _near(turned, match) else 1
    if score == 0:
        return "unknown"
    return "positive" if score > 0 else "negative"


def _near(turned: Sequence[int], match: Match) -> bool:
    return any(0 < match.at - at <= _BEFORE for at in turned)
