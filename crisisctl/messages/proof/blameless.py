"""Whether the words of a post-mortem look for what happened, or for who is to blame."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from crisisctl.messages.formats import LOCALES
from crisisctl.messages.proof.language import votes, words_of
from crisisctl.messages.proof.match import Match, find
from crisisctl.messages.proof.phrases import places, possible
from crisisctl.messages.proof.quotations import addresses, inside, quotations
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.form import Model
from crisisctl.text import quoted
from crisisctl.workspace import Workspace

Kind = Literal["hindsight", "failing", "judging", "blame", "cause", "why"]
Phrases = tuple[str, ...]

SAYS: dict[Kind, str] = {
    "hindsight": "says what should have been, which is only clear afterwards",
    "failing": "judges what somebody did or left undone",
    "judging": "judges a person",
    "blame": "looks for somebody to blame",
    "cause": "makes a person the cause",
    "why": "asks why or who, which people answer by defending themselves",
}
_NAMES = "names a person: a post-mortem names roles"
_CLAUSE = re.compile(r"[.,;:!?…()\n]")
_DENIED_BY = 3
"""Words in front of a fault that may take it back."""
_LONGEST = 5000
"""Characters that are read: what a person types is shorter."""
_CAPITAL = re.compile(r"[\w,;:] +[A-ZÀ-ÞА-ЯЁĞİŞ]\Z")
_FEWEST = 2
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_SOFT = "аяйьеёио"
_CASE = r"(?:[а-яё]{0,3})"


class Fault(Model, frozen=True, kw_only=True):
    """One way to blame, and the question that asks for the same without blame."""

    is_: Kind
    of: Literal["anybody", "person", "not-thing"]
    words: Phrases
    ask: str


class Blameless(Model, frozen=True, kw_only=True):
    """The words of one language; what each list is for stands in the English file."""

    people: Phrases
    things: Phrases
    stops: Phrases
    denied: Phrases
    but: Phrases
    no_names: frozenset[str]
    findings: tuple[Fault, ...]
    name: str


class Blame(Struct, frozen=True, order=True):
    """Words at text[start:end] that blame, and a better question in their language."""

    start: int
    end: int
    words: str
    what: str
    ask: str
    locale: str

    @property
    def told(self) -> str:
        """Both in one line."""
        return f"{quoted(self.words)} {self.what}. Better: {self.ask}"


def blames(
    text: str, workspace: Workspace, *, people: Iterable[str] = (), locale: str = ""
) -> list[Blame]:
    """Every place that blames, in any of the languages unless one is named.

    `people` are those of the incident: they are not named either.
    """
    text, named = text[:_LONGEST], list(dict.fromkeys(people))
    lists = {
        each: words
        for each in ((locale,) if locale else LOCALES)
        if (words := load_words(workspace, "blameless", each, Blameless)) is not None
    }
    found: list[Blame] = []
    for each, words in lists.items():
        found += _Reader(text, each, words, named).all()
    names = list(_names(text, lists, named)) if lists else []
    if names:
        spoken = locale or _language(text, workspace)
        ask = lists[spoken].name if spoken in lists else ""
        found += [replace(name, ask=ask, locale=spoken) for name in names]
    kept: list[Blame] = []
    for blame in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or blame.start >= kept[-1].end:
            kept.append(blame)
    return kept


class _Reader:
    """One text, read with the words of one language."""

    def __init__(self, text: str, locale: str, words: Blameless, people: Collection[str]) -> None:
        self.text, self.locale, self.words, self.people = text, locale, words, people
        self.skipped = addresses(text)

    def all(self) -> Iterator[Blame]:
        for fault in self.words.findings:
            if possible(fault.words, self.text, self.locale):
                yield from self._of(fault)

    def _of(self, fault: Fault) -> Iterator[Blame]:
        harmless = places(self.words.but, self.text, self.locale)
        for match in find(fault.words, self.text, self.locale):
            kept = any(other.start <= match.start < other.end for other in harmless)
            if inside(match.start, self.skipped) or kept:
                continue
            if fault.of != "anybody" and not self._meant(fault.of, match):
                continue
            if fault.is_ not in ("hindsight", "failing") and self._denied(match):
                continue
            yield self._blame(match.start, match.end, SAYS[fault.is_], fault.ask)

    def _blame(self, start: int, end: int, what: str, ask: str) -> Blame:
        words = " ".join(self.text[start:end].split())
        return Blame(start, end, words, what, ask, self.locale)

    def _meant(self, of: str, match: Match) -> bool:
        """Whether a person is the one of whom it is said: who stands nearest in front."""
        begin = self._clause(match.start)
        before = self.text[begin : match.start]
        person = max((m.end for m in self._people(before)), default=-1)
        thing = max((m.end for m in places(self.words.things, before, self.locale)), default=-1)
        if of == "person":
            return person > thing
        return person >= thing

    def _people(self, before: str) -> Iterator[Match]:
        yield from places(self.words.people, before, self.locale)
        for name in self.people:
            yield from (Match(m.start(), m.end()) for m in _pattern(name).finditer(before))

    def _clause(self, at: int) -> int:
        """Where the thought begins in which something stands."""
        begin = max((m.end() for m in _CLAUSE.finditer(self.text, 0, at)), default=0)
        stops = places(self.words.stops, self.text[begin:at], self.locale)
        return begin + max((stop.end for stop in stops), default=0)

    def _denied(self, match: Match) -> bool:
        begin = self._clause(match.start)
        before = " ".join(self.text[begin : match.start].split()[-_DENIED_BY:])
        first = self.text[match.start : match.end].split()[0]
        return bool(places(self.words.denied, f"{before} {first}", self.locale))


def _names(text: str, lists: Mapping[str, Blameless], people: Collection[str]) -> Iterator[Blame]:
    """The people of the incident: a name, or a part of one, with any ending."""
    skipped = sorted([*quotations(text), *addresses(text)])
    common = {word for words in lists.values() for word in words.no_names}
    for name in people:
        for part in dict.fromkeys((name, *name.split())):
            if len(part) < _FEWEST:
                continue
            for found in _pattern(part).finditer(text):
                if inside(found.start(), skipped):
                    continue
                # a word of the language is a name only where it has a capital for nothing else
                if part.lower() in common and not _CAPITAL.search(text[: found.start() + 1]):
                    continue
                yield Blame(found.start(), found.end(), found[0], _NAMES, "", "")


def _language(text: str, workspace: Workspace) -> str:
    """The language that a text is most likely in."""
    if _CYRILLIC.search(text):
        return "ru"
    counted = votes(text, words_of(workspace))
    return max(counted, key=lambda locale: counted[locale], default=LOCALES[0])


def _pattern(name: str) -> re.Pattern[str]:
    """The name as a word of its own, as it is written or with a capital; cases in Cyrillic."""
    stem, ending = name, ""
    if len(name) > _FEWEST and _CYRILLIC.search(name):
        stem, ending = name.rstrip(_SOFT) or name, _CASE
    written = {stem, stem[:1].upper() + stem[1:], stem.upper()}
    return re.compile(rf"(?<![\w@])(?:{'|'.join(map(re.escape, sorted(written)))}){ending}(?!\w)")
