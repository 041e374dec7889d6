"""The guard of what is published: nothing of the inside gets out in a finished text.

It knows which words of a text came from which fact. The words of templates
that came with crisisctl are known to be harmless, and dates and numbers are
made by us; so what a person typed is looked at closely, and nothing is taken
for a secret only because the shipped words happen to hold it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from crisisctl.messages.proof.personal import Own
from crisisctl.report.addresses import Hit, addresses
from crisisctl.report.inside import TEAM_ONLY, Held, Kept
from crisisctl.text import quoted

PartName = Literal["heading", "text", "preheader"]
_SHORTEST = 2
"""Letters of the shortest name that is looked for."""
_ORDINARY = frozenset(
    [
        "support",
        "legal",
        "communications",
        "communication",
        "operations",
        "operator",
        "liaison",
        "press",
        "security",
        "marketing",
        "finance",
        "management",
        "logistics",
        "warehouse",
        "sales",
        "service",
        "help",
        "info",
        "shop",
        "store",
        "team",
        "staff",
        "admin",
        "user",
        "guest",
        "root",
        "commander",
    ]  # in French the last means "to order"
)
"""Names of roles and of accounts that customers read every day, and mean something else by."""


class Passage(msgspec.Struct, frozen=True):
    """Words of a text, and where they came from."""

    words: str
    fact: str = ""
    """The fact whose value they are; empty where the template says them."""
    own: bool = False
    """Whether the fact tells what the shop itself is called or is reached by."""
    link: bool = False
    """Whether the fact is an address to be opened."""
    shipped: bool = False
    """Whether the template came with crisisctl."""


class Part(msgspec.Struct, frozen=True):
    """The headline or the text, passage by passage."""

    name: PartName
    passages: tuple[Passage, ...]

    @property
    def words(self) -> str:
        """The part as people read it."""
        return "".join(passage.words for passage in self.passages)


class Watch(msgspec.Struct, frozen=True):
    """What is looked for in a text of one language, and what may stand there all the same."""

    kept: Sequence[Kept]
    held: Sequence[tuple[Held, Sequence[str]]]
    """Values that nobody confirmed, each as this language writes it."""
    own: Own
    ours: Sequence[str] = ()
    """The shop's own words: what `brand:` says may be said."""
    dates: Sequence[str] = ()
    """Confirmed moments as this language writes them: May is a month before it is a name."""


class Leak(msgspec.Struct, frozen=True):
    """Something of the inside at a place of a text; line and column from 1, in characters."""

    part: PartName
    start: int
    line: int
    column: int
    what: str
    fact: str
    """The fact to correct; empty where the template says it."""


def leaks(part: Part, watch: Watch) -> list[Leak]:
    """Everything in a part that nobody outside may read, in its order, each place once."""
    text = part.words
    allowed = [span for words in watch.ours for span in _places(text, words)]
    found: list[tuple[Hit, Passage]] = []
    for hit in sorted(_hits(part, watch), key=lambda hit: (hit.start, -hit.end)):
        if any(start <= hit.start and hit.end <= end for start, end in allowed):
            continue
        passage = _behind(hit, part)
        if passage is None or (found and hit.start < found[-1][0].end):
            continue
        found.append((hit, passage))
    return [_leak(part.name, text, hit, passage) for hit, passage in found]


def _leak(name: PartName, text: str, hit: Hit, passage: Passage) -> Leak:
    line = text.count("\n", 0, hit.start) + 1
    column = hit.start - (text.rfind("\n", 0, hit.start) + 1) + 1
    return Leak(name, hit.start, line, column, hit.what, passage.fact)


def _hits(part: Part, watch: Watch) -> Iterator[Hit]:
    text = part.words
    yield from _team_only(part)
    yield from _held(text, watch)
    yield from addresses(text, watch.own)
    plain = _plain(text)
    months = [span for date in watch.dates for span in _places(text, date)]
    for kept in watch.kept:
        if _plain(kept.words) in plain:  # quick: a long record holds thousands of words
            yield from (hit for hit in _told(text, kept) if not _within(hit, months))


def _within(hit: Hit, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= hit.start and hit.end <= end for start, end in spans)


def _told(text: str, kept: Kept) -> Iterator[Hit]:
    if kept.sort != "words" and (
        len(kept.words) < _SHORTEST or kept.words.lower() in _ORDINARY or kept.words.isdigit()
    ):
        return
    forms = {kept.words, kept.words.capitalize(), kept.words.title(), kept.words.upper()}
    for start, end in _places(text, kept.words):
        said = quoted(text[start:end])
        what = {
            "person": f"it names {said}, who has a part in it ({kept.source})",
            "role": f"it names the role {said}",
            "words": f"it repeats what is for those inside: {said} ({kept.source})",
        }[kept.sort]
        exact = kept.sort != "person" or text[start:end] in forms
        yield Hit(start, end, what, kept.sort, exact=exact)


def _held(text: str, watch: Watch) -> Iterator[Hit]:
    for held, shown in watch.held:
        for words in shown:
            for start, end in _places(text, words):
                what = f'it says {quoted(words)}, which is {held.status} (fact "{held.fact}")'
                yield Hit(start, end, what, "held")


def _team_only(part: Part) -> Iterator[Hit]:
    start = 0
    for passage in part.passages:
        end = start + len(passage.words)
        if passage.fact in TEAM_ONLY:
            what = f'it says the fact "{passage.fact}", which is for the team'
            yield Hit(start, end, what, "words")
        start = end


def _behind(hit: Hit, part: Part) -> Passage | None:
    """The passage that is to blame for a hit; None where it is no mistake."""
    start = 0
    for passage in part.passages:
        end = start + len(passage.words)
        if start < hit.end and hit.start < end and _matters(hit, passage):
            return passage
        start = end
    return None


def _matters(hit: Hit, passage: Passage) -> bool:
    if hit.sort == "held":
        return True
    if not passage.fact:
        return not passage.shipped and hit.exact
    if passage.own:
        return hit.sort in ("machine", "secret")
    return not (passage.link and hit.sort == "other-host")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _places(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Where words stand as words, however they are spaced and capitalised."""
    pieces = words.split()
    if not pieces:
        return
    form = r"\s+".join(map(re.escape, pieces))
    before = r"(?<!\w)" if pieces[0][0].isalnum() else ""
    after = r"(?!\w)" if pieces[-1][-1].isalnum() else ""
    for found in re.finditer(f"{before}{form}{after}", text, re.IGNORECASE):
        yield found.span()
