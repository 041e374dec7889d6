"""A list of words as it stands in its file: what may stand in it, read and checked.

In a phrase the words follow each other, with at most one other word between two of them; `#` is
any number, `(a|b)` one of several, `(a)?` may be missing, and `*` at the end of a word says that
it only begins like this.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.playbook.form import Model
from crisisctl.reviews.spelling import alike, plain
from crisisctl.text import did_you_mean, quoted

LANGUAGES = ("en", "fr", "es", "tr", "ru")
"""The languages that there are lists for."""

TOPICS: dict[str, tuple[str, ...]] = {
    "product": ("broken", "quality", "different", "size", "incomplete"),
    "delivery": ("late", "lost", "damaged", "wrong", "courier"),
    "support": ("silent", "rude", "unhelpful", "refund", "account"),
    "price": ("expensive", "charged", "raised", "offer"),
    "website": ("crash", "slow", "login", "payment", "update", "clumsy"),
}
"""What complaints are about, and the finer problems of each; all else is `OTHER`."""
OTHER = "other"
"""A list may name what belongs here too: politics, and phrases that only look like a topic."""
ANY = "any"
"""Words that tell a topic and none of its finer problems."""

SAFETY, NEGATIVE, POSITIVE, NEGATION = "safety", "negative", "positive", "negation"

_WEIGHTS = (1.0, 2.0, 2.6, 3.0)
"""What a word, and a phrase of two, three and more words count."""
_VAGUE = 0.6
"""What words count, compared with those that name a finer problem: they stand in praise too."""
_STRONG = 3.0
_LONGEST = 8
"""Words of a phrase; nobody writes longer ones twice."""
_VARIANTS = 200
"""Ways to read one phrase with alternatives."""

_CHOICE = re.compile(r"\(([^()]*)\)(\?)?")
_STRAY = re.compile(r"[()|?]|(?<!\w)\*|\*(?=\w)")
NUMBER = "#"


class List(Model, frozen=True, kw_only=True):
    """A list as it stands in its file."""

    topics: dict[str, dict[str, tuple[str, ...]]]
    strong: tuple[str, ...] = ()
    safety: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    negation: tuple[str, ...] = ()
    filler: tuple[str, ...] = ()
    """Words that say nothing here; they are left out of phrases and texts alike."""
    labels: dict[str, str] = {}
    """How people are told: `delivery: Delivery`, `delivery.late: late`."""


class Term(Struct, frozen=True, gc=False):
    """A word or phrase of a list, and what it tells."""

    kind: str
    """A topic, or `safety`, `negative`, `positive`, `negation`."""
    aspect: str
    weight: float
    said: str
    """As the list has it."""


Pieces = Callable[[str], list[str]]
"""From a phrase to its words, as the texts of the language are parted."""
Choice = tuple[str, ...]
"""The words of which one stands at a place of a phrase."""


def terms(
    words: List, where: str, pieces: Pieces, filler: frozenset[str]
) -> Iterator[tuple[list[Choice], Term]]:
    """Every way to read every phrase of a list; raises where one cannot be read."""
    strong = set(words.strong)
    used: set[str] = set()
    for topic, aspects in words.topics.items():
        _known(topic, (*TOPICS, OTHER), "topics", where)
        for aspect, phrases in aspects.items():
            _known(aspect, (*TOPICS.get(topic, ()), ANY), f"topics.{topic}", where)
            for said in phrases:
                factor = _VAGUE if aspect == ANY and topic != OTHER else 1.0
                weight = _STRONG if said in strong else 0.0
                kind = Term(topic, "" if aspect == ANY else aspect, weight, said)
                yield from _read_phrase(kind, factor, where, pieces, filler)
                used.add(said)
    lost = next((said for said in words.strong if said not in used), None)
    if lost is not None:
        text = f"{where}: strong: {quoted(lost)} stands in no topic"
        raise CrisisError(text, hint="write it into the list of its topic as well")
    for kind_name in (SAFETY, NEGATIVE, POSITIVE, NEGATION):
        for said in getattr(words, kind_name):
            yield from _read_phrase(Term(kind_name, "", 1.0, said), 1.0, where, pieces, filler)


def _read_phrase(
    term: Term, factor: float, where: str, pieces: Pieces, filler: frozenset[str]
) -> Iterator[tuple[list[Choice], Term]]:
    variants = list(itertools.islice(_variants(term, where, pieces, filler), _VARIANTS + 1))
    if len(variants) > _VARIANTS:
        raise bad(where, term, f"{quoted(term.said)} has too many alternatives", "write several")
    if not any(variants):
        raise bad(where, term, f"{quoted(term.said)} has no word that counts", "remove it")
    for phrase in filter(None, variants):
        if len(phrase) > _LONGEST:
            raise bad(where, term, f"{quoted(term.said)} is too long", "keep what tells most")
        yield phrase, _weighed(term, len(phrase), factor)


def _variants(
    term: Term, where: str, pieces: Pieces, filler: frozenset[str]
) -> Iterator[list[Choice]]:
    """Every way to read a phrase; single words of one choice stay together."""
    places: list[list[list[Choice]]] = []
    end = 0
    for found in _CHOICE.finditer(term.said):
        places.append([_said(term.said[end : found.start()], term, where, pieces, filler)])
        words = [_said(one, term, where, pieces, filler) for one in found[1].split("|")]
        single = tuple(dict.fromkeys(one[0][0] for one in words if len(one) == 1))
        choices = [one for one in words if len(one) > 1]
        missing = bool(found[2]) or not any(words)
        places.append([*([[single]] if single else ()), *choices, *([[]] if missing else ())])
        end = found.end()
    places.append([_said(term.said[end:], term, where, pieces, filler)])
    return ([word for part in parts for word in part] for parts in itertools.product(*places))


def _said(
    text: str, term: Term, where: str, pieces: Pieces, filler: frozenset[str]
) -> list[Choice]:
    if _STRAY.search(text):
        hint = "( | ) stand for one of several, * for the rest of a word, # for a number"
        raise bad(where, term, f"{quoted(term.said)} cannot be read", hint)
    return [(word,) for word in pieces(alike(text)) if plain(word.lower()) not in filler]


def _weighed(term: Term, length: int, factor: float) -> Term:
    weight = term.weight or _WEIGHTS[min(length, len(_WEIGHTS)) - 1] * factor
    return Term(term.kind, term.aspect, weight, term.said)


def _known(name: str, names: Iterable[str], key: str, where: str) -> None:
    if name not in names:
        near = did_you_mean(name, names)
        hint = f"did you mean {near}?" if near else f"there are {', '.join(names)}"
        raise CrisisError(f"{where}: {key}: {quoted(name)} is not known", hint=hint)


def bad(where: str, term: Term, text: str, hint: str) -> CrisisError:
    """What is wrong with a phrase, with the file and the place in it."""
    aspect = f".{term.aspect or ANY}"
    key = f"topics.{term.kind}{aspect}" if term.kind in (*TOPICS, OTHER) else term.kind
    return CrisisError(f"{where}: {key}: {text}", hint=hint)
