"""What words tell in each language: word lists of `templates/words/topics.*.yaml`, made quick.

A word counts by its stem, a phrase by neighbouring stems, `abc*` by how a word begins. Accents,
capitals and the Turkish i's do not matter: people leave them out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from msgspec import Struct

from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.model import Model
from crisisctl.workspace import Workspace

Topics = dict[str, dict[str, tuple[str, ...]]]


class Lexicon(Model, frozen=True, kw_only=True):
    """The words of one language, as people edit them."""

    topics: Topics
    """By topic and aspect; `any` tells the topic alone."""
    strong: tuple[str, ...] = ()
    """Phrases of the topics that decide nearly alone."""
    safety: tuple[str, ...] = ()
    """Somebody was hurt, or could be."""
    negative: tuple[str, ...] = ()
    positive: tuple[str, ...] = ()
    negation: tuple[str, ...] = ()
    """Turns praise around when it stands shortly before it."""
    labels: dict[str, str] = {}
    """Topics, and `topic.aspect`, as people of that language say them."""


class Told(Struct, frozen=True, gc=False):
    """What an entry of the lists tells."""

    kind: str
    """A topic, or `safety`, `negative`, `positive`, `negation`."""
    aspect: str
    weight: float
    words: str
    """The entry as it is written."""


class _Rest(Struct, frozen=True, gc=False):
    """The words of a phrase after its first one."""

    parts: tuple[str, ...]
    told: tuple[Told, ...]


class _Token(Struct, frozen=True, gc=False):
    """Everything that may begin at one word."""

    stem: str
    told: tuple[Told, ...]
    phrases: tuple[_Rest, ...]


class Match(Struct, frozen=True, gc=False):
    """An entry that was met, at which word."""

    told: Told
    at: int


SNOWBALL = {"en": "english", "fr": "french", "es": "spanish", "tr": "turkish", "ru": "russian"}
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 6
"""Words of a phrase."""
_MOST = 4000
"""Words of a text that are read: what it is about shows much earlier."""
_STRONG = 3.0
_ANY = 0.8
_MORE = 0.75
"""What each further word of a phrase adds to the weight of the first."""


class Tables:
    """A lexicon ready to be asked."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        self.language = language
        self.labels = lexicon.labels
        self._stem = _stemmer(language)
        self._first: dict[str, list[_Rest]] = {}
        self._prefixes: dict[str, list[_Rest]] = {}
        self._known: dict[str, _Token] = {}
        for entry, told in _entries(lexicon):
            self._add(entry, told)
        self._lengths = sorted({len(prefix) for prefix in self._prefixes}, reverse=True)

    def words(self, text: str) -> list[str]:
        """The words of a text, plain."""
        return _WORD.findall(plain(text, self.language))[:_MOST]

    def matches(self, text: str) -> list[Match]:
        """Everything that is told, in the order of the text; of what overlaps, the longest."""
        words = self.words(text)
        known, found, at, end = self._known, [], 0, len(words)
        while at < end:
            word = words[at]
            token = known.get(word) or self._learn(word)
            if token.phrases and at + 1 < end:
                best = self._longest(token, words, at)
                if best is not None:
                    found += [Match(told, at) for told in best.told]
                    at += len(best.parts) + 1
                    continue
            if token.told:
                found += [Match(told, at) for told in token.told]
            at += 1
        return found

    def _longest(self, token: _Token, words: list[str], at: int) -> _Rest | None:
        for rest in token.phrases:  # the longest come first
            parts = rest.parts
            if at + len(parts) < len(words) and all(
                self._fits(part, words[at + nth]) for nth, part in enumerate(parts, 1)
            ):
                return rest
        return None

    def _fits(self, part: str, word: str) -> bool:
        if part[-1] == "*":
            return word.startswith(part[:-1])
        token = self._known.get(word) or self._learn(word)
        return token.stem == part

    def _learn(self, word: str) -> _Token:
        stem = self._stem(word)
        rests = list(self._first.get(stem, ()))
        for length in self._lengths:
            rests += self._prefixes.get(word[:length], ()) if len(word) >= length else ()
        alone = tuple(told for rest in rests if not rest.parts for told in rest.told)
        longer = sorted((r for r in rests if r.parts), key=lambda r: -len(r.parts))
        token = _Token(stem, alone, tuple(longer))
        if len(self._known) > 200_000:  # a stream of a million reviews has more misspellings
            self._known.clear()
        self._known[word] = token
        return token

    def _add(self, entry: str, told: Told) -> None:
        parts = list(_parts(entry, self.language, self._stem))[:_LONGEST]
        if not parts:
            return
        first, *rest = parts
        table = self._prefixes if first[-1] == "*" else self._first
        rows = table.setdefault(first.rstrip("*"), [])
        rows.append(_Rest(tuple(rest), (told,)))


def _parts(entry: str, language: str, stem: Callable[[str], str]) -> Iterator[str]:
    for word in entry.split():
        pieces = _WORD.findall(plain(word.rstrip("*"), language))
        for nth, piece in enumerate(pieces, 1):
            last = nth == len(pieces)
            yield f"{piece}*" if last and word.endswith("*") else stem(piece)


def _entries(lexicon: Lexicon) -> Iterator[tuple[str, Told]]:
    strong = {entry.casefold() for entry in lexicon.strong}
    for topic, aspects in lexicon.topics.items():
        for aspect, entries in aspects.items():
            for entry in entries:
                weight = _ANY if aspect == "any" else 1.0
                weight += _MORE * (len(entry.split()) - 1)
                if entry.casefold() in strong:
                    weight = max(weight, _STRONG)
                yield entry, Told(topic, "" if aspect == "any" else aspect, weight, entry)
    for kind in ("safety", "negative", "positive", "negation"):
        for entry in getattr(lexicon, kind):
            yield entry, Told(kind, "", 1.0, entry)


def _accents() -> dict[int, str]:
    found = {ord("ı"): "i", ord("ё"): "е", ord("ß"): "ss", ord("œ"): "oe", ord("æ"): "ae"}
    for code in range(0xC0, 0x250):
        parts = unicodedata.normalize("NFD", chr(code))
        if len(parts) > 1 and "a" <= parts[0].lower() <= "z":
            found[code] = parts[0].lower()
    for code in range(0x300, 0x370):
        found[code] = ""
    return found


_PLAIN = {**_accents(), 0x2019: "'", 0x2018: "'", 0x00B4: "'", 0x0060: "'", 0x02BC: "'"}
_APART = re.compile(r"(?<=\w)'(?=\w)")


def plain(text: str, language: str) -> str:
    """Small letters without accents; an English apostrophe joins a word, another parts it."""
    small = text.lower()
    if not small.isascii():
        small = small.translate(_PLAIN)
    if "'" in small:
        small = _APART.sub("" if language == "en" else " ", small)
    return small


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    import snowballstemmer

    name = SNOWBALL.get(language)
    if name is None:
        return lambda word: word
    return lru_cache(maxsize=100_000)(snowballstemmer.stemmer(name).stemWord)


_MADE: dict[tuple[int, str], tuple[Lexicon, Tables]] = {}


def tables(workspace: Workspace, language: str) -> Tables | None:
    """The tables of a language; None for one that has no list."""
    lexicon = load_words(workspace, "topics", language, Lexicon)
    if lexicon is None:
        return None
    kept = _MADE.get((id(lexicon), language))
    if kept is None or kept[0] is not lexicon:
        kept = _MADE[id(lexicon), language] = (lexicon, Tables(lexicon, language))
    return kept[1]
