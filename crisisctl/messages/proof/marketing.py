"""Advertising in a message of a crisis; what makes up for the harm is none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from crisisctl.messages.proof.match import Match
from crisisctl.messages.proof.phrases import Cut, cut, places
from crisisctl.messages.proof.quotations import inside, quotations
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.form import Model
from crisisctl.workspace import Workspace

NEAR = 40
"""Characters before and behind such words in which their sentence may take them back."""


class Marketing(Model, frozen=True, kw_only=True):
    """The words of one language; what each list is for stands in the English file."""

    lures: tuple[str, ...]
    gifts: tuple[str, ...]
    amends: tuple[str, ...]
    denials: tuple[str, ...]


def marketing_words(workspace: Workspace, locale: str) -> Marketing | None:
    """The words of a language; None where there are none."""
    return load_words(workspace, "marketing", locale, Marketing)


@lru_cache(maxsize=256)
def advertising(text: str, locale: str, words: Marketing, *, amends: bool) -> tuple[Match, ...]:
    """Where sentences advertise; `amends`: the text is there to make up for what happened."""
    found = places(words.lures, text, locale)
    gifts = [] if amends else places(words.gifts, text, locale)
    if not found and not gifts:
        return ()
    parts, quoted = cut(text, locale), quotations(text)
    found += _without_amends(gifts, parts, locale, words)
    kept = [m for m in found if not inside(m.start, quoted)]
    by_sentence: dict[int, Match] = {}
    for match in sorted(kept, key=lambda match: match.start):
        number = parts.at(match.start)
        if number not in by_sentence and not _denied(match, parts, locale, words):
            by_sentence[number] = match
    return tuple(by_sentence.values())


def _without_amends(
    gifts: list[Match], parts: Cut, locale: str, words: Marketing
) -> Iterator[Match]:
    """What is given for no reason that the sentence or the one before it names."""
    known: dict[int, bool] = {}
    for gift in gifts:
        number = parts.at(gift.start)
        for near in (number - 1, number):
            if near >= 0 and near not in known:
                start, end = parts.span(near)
                known[near] = bool(places(words.amends, parts.folded[start:end], locale))
        if not known[number] and not known.get(number - 1):
            yield gift


def _denied(match: Match, parts: Cut, locale: str, words: Marketing) -> bool:
    start, end = parts.span(parts.at(match.start))
    before = parts.folded[max(start, match.start - NEAR) : match.start]
    after = parts.folded[match.end : min(end, match.end + NEAR)]
    return any(places(words.denials, said, locale) for said in (before, after))
