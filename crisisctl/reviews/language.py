"""The language of a review: what the platform says, else its script, letters and little words.

"" stands for unknown, and is the right answer for "ok", for a row of emoji, and for a language of
which nobody here has a list of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from crisisctl.messages.proof.language import words_of
from crisisctl.reviews.review import Review
from crisisctl.reviews.spelling import alike, plain
from crisisctl.workspace import Workspace

_READ = 300
"""Characters that are looked at."""
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_NOT_RUSSIAN = re.compile("[іїєґўјљњћџђќѓѕәғқңөұүһ]")
_RUSSIAN = re.compile("[ыэё]")
_SIGNS = {
    "tr": re.compile("[ığş]|İ"),
    "es": re.compile("[ñ¿¡]|[íóúá]"),
    "fr": re.compile("[êëîïœùçè]|\\b[cdjlmnst]'|\\bqu'"),
}
"""Letters and elisions that hardly stand in another of our languages."""
_ENDINGS = {
    "tr": re.compile(
        "(?:[iu]yor(?:um|lar|uz|du)?|[ae]cak|[ae]cek|medi[mk]?|madi[mk]?|mis(?:ti[mk]?)?|mus(?:tum)?"
        "|lar(?:i|in|da|dan)?|ler(?:i|in|de|den)?|siz(?:lik)?|lik(?:leri)?|imiz|iniz|digi(?:m|ni)?)$"
    ),
    "es": re.compile(
        "(?:cion(?:es)?|aron|ieron|ando|iendo|isim[oa]s?|aban?|ador(?:es|a)?|idad|eron)$"
    ),
    "fr": re.compile("(?:ement|euse?s?|eaux?|aient|ez|ions|iere?s?|ees?)$"),
    "en": re.compile("(?:ing|ness|ly|ful|ably)$"),
}
"""How longer words end, without accents: half a vote each."""
_STRANGERS = {
    "de": "und der die das ist nicht ich ein eine mit auf wird sehr auch nach bei wurde habe nur",
    "pt": "não uma você muito está são foi meu minha com isso mais ruim eu pela ao tem péssimo",
    "it": "non che per una sono molto della con il gli questo ho mai più anche stato nel è",
    "nl": "het een niet van ik zijn met voor dat maar ook geen naar bij heb wordt meer",
    "pl": "nie jest się na do że to za jak ale nawet przez mnie bardzo już tylko",
    "ro": "și este nu mai sunt pentru din cu foarte ca la fost",
    "az": "çox deyil və amma üçün yaxşı",
    "id": "yang tidak dan bisa sangat saya ini itu aplikasi",
    "sv": "och det att jag är inte som med på för ett har",
}
"""Little words of other languages: enough to tell that a text is in none of ours."""
_KEPT = 100_000
_LEAST = 1.5
_FEW = 1.0
"""Votes that a text must have; fewer for one of hardly any words."""


def language_of(review: Review, workspace: Workspace) -> str:
    """The language as the platform names it, else as its words tell it."""
    return review.language or detect(review.words, workspace)


def detect(text: str, workspace: Workspace) -> str:
    """The language of a text as two letters; "" where that is anybody's guess."""
    start = text[:_READ]
    cyrillic, latin = len(_CYRILLIC.findall(start)), len(_LATIN.findall(start))
    if cyrillic > latin:
        small = start.lower()
        if _NOT_RUSSIAN.search(small):
            return ""
        words = _WORD.findall(small)
        owners = _owners(workspace.root)
        known = any("ru" in owners.get(plain(word), ()) for word in words)
        return "ru" if known or _RUSSIAN.search(small) or len(words) < 6 else ""
    if latin < 3:
        return ""
    return _by_words(start, workspace)


def _by_words(text: str, workspace: Workspace) -> str:
    known, owners = _votes(workspace.root), _owners(workspace.root)
    small = alike(text).lower()
    words = dict.fromkeys(_WORD.findall(small))
    votes: dict[str, float] = {}
    for word in words:
        mine = known.get(word)
        if mine is None:
            if len(known) > _KEPT:
                known.clear()
            mine = known[word] = tuple(_vote(plain(word), owners))
        for name, vote in mine:
            votes[name] = votes.get(name, 0.0) + vote
    for name, letters in _SIGNS.items():
        if letters.search(small):
            votes[name] = votes.get(name, 0.0) + 1
    ordered = sorted(votes.values(), reverse=True)
    least = _FEW if len(words) <= 4 else _LEAST
    if not ordered or ordered[0] < least:
        return ""
    if len(ordered) > 1 and ordered[0] - ordered[1] < max(0.5, 0.15 * ordered[0]):
        return ""
    best = max(votes, key=lambda name: votes[name])
    return best if best not in _STRANGERS else ""


def _vote(word: str, owners: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, float]]:
    """What one word says of the language."""
    theirs = owners.get(word)
    if theirs is not None:
        yield from ((name, 1 / len(theirs)) for name in theirs)
    elif len(word) > 4:
        yield from ((name, 0.5) for name, ends in _ENDINGS.items() if ends.search(word))


@lru_cache(maxsize=4)
def _votes(root: Path | None) -> dict[str, tuple[tuple[str, float], ...]]:  # noqa: ARG001 - a key
    """What was found of words before: reviews repeat them."""
    return {}


@lru_cache(maxsize=4)
def _owners(root: Path | None) -> dict[str, frozenset[str]]:
    """Which languages a word is frequent in."""
    owners: dict[str, set[str]] = {}
    for name, words in words_of(Workspace(root)):
        for word in (*words.common, *words.frequent):
            for piece in _WORD.findall(word.lower()):
                owners.setdefault(plain(piece), set()).add(name)
    for name, listed in _STRANGERS.items():
        for word in listed.split():
            owners.setdefault(plain(word), set()).add(name)
    return {word: frozenset(of) for word, of in owners.items()}
