"""What a finished text states: times and what they are for, numbers, addresses, scope, cause."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from crisisctl.messages.agreement.cues import Cue, cues
from crisisctl.messages.agreement.lexicon import Lexicon, lexicon
from crisisctl.messages.agreement.moments import resolved
from crisisctl.messages.agreement.purposes import Timed, in_range, purposes
from crisisctl.messages.agreement.said import Said
from crisisctl.messages.agreement.scan import scan
from crisisctl.messages.agreement.thoughts import Thought, thoughts
from crisisctl.messages.agreement.tokens import Address, Amount, Length, Time
from crisisctl.messages.agreement.topics import Topic, causes, down
from crisisctl.messages.agreement.words import Vocabulary, vocabulary
from crisisctl.messages.proof.folding import Folded, folded
from crisisctl.workspace import Workspace


class Purposed(Struct, frozen=True):
    """A time or a length, and what it is for."""

    token: Timed
    purpose: str
    ranged: bool = False
    """Whether it is one end of a range or one of several."""


class Stated(Struct, frozen=True):
    """Everything that one text states; all places are those of `Said.whole`."""

    times: tuple[Purposed, ...] = ()
    lengths: tuple[Purposed, ...] = ()
    amounts: tuple[Amount, ...] = ()
    addresses: tuple[Address, ...] = ()
    scope: tuple[Topic, ...] = ()
    causes: tuple[Topic, ...] = ()
    works_again: bool = False
    """Whether all is well again: something works, and nothing is said to be down."""
    is_read: bool = False
    """Whether its language has a word list."""
    admits: bool = False
    """Whether it says that something was announced differently before."""


def stated(said: Said, workspace: Workspace) -> Stated:
    """Read a finished text; one in a language without a word list states nothing.

    Raises `BadFile` or `CrisisError` when the workspace shadows a word list with
    one that cannot be read.
    """
    words = vocabulary(workspace, said.language)
    return Stated() if words is None else _stated(said.whole, said.language, words, said.at)


@lru_cache(maxsize=512)
def _stated(text: str, locale: str, words: Vocabulary, at: datetime | None) -> Stated:
    known, plain = lexicon(words, locale), folded(text, locale)
    written = _written(text, plain)
    tokens = scan(plain.text, written, known)
    found = cues(text, locale, words)
    cut = thoughts(written, [(one.start, one.end) for one in tokens])
    timed = [one for one in tokens if isinstance(one, Time | Length)]
    below = down(plain.text, cut, found)
    told = [
        _placed(one, plain, at)
        for one in _purposed(plain.text, cut, timed, found, known, last=words.times.last)
    ]
    return Stated(
        times=tuple(one for one in told if isinstance(one.token, Time)),
        lengths=tuple(one for one in told if isinstance(one.token, Length)),
        amounts=tuple(_moved(one, plain) for one in tokens if isinstance(one, Amount)),
        addresses=tuple(_moved(one, plain) for one in tokens if isinstance(one, Address)),
        scope=tuple(_moved(one, plain) for one in below),
        causes=tuple(_moved(one, plain) for one in causes(plain.text, cut, found)),
        is_read=True,
        works_again=not below and _works_again(cut, found),
        admits=any(c.role == "changed" or c.means == "earlier" for c in found),
    )


def _written(text: str, plain: Folded) -> str:
    """The text with capitals as they were written, each where it stands in the folded text."""
    if plain.places is None:
        return text
    return "".join(text[place] for place in plain.places[: len(plain.text)])


def _purposed(
    plain: str,
    cut: Sequence[Thought],
    timed: Sequence[Timed],
    found: Sequence[Cue],
    known: Lexicon,
    *,
    last: bool,
) -> Iterator[Purposed]:
    telling = [cue for cue in found if cue.topic == "time" or cue.role == "down"]
    label: list[Cue] = []
    for thought in cut:
        inside = _within(timed, thought)
        said = _within(telling, thought)
        heard = said if any(cue.topic == "time" for cue in said) else label
        names = purposes(plain, inside, heard, known, last=last)
        ranged = _ranged(plain, inside, known)
        for token, purpose, many in zip(inside, names, ranged, strict=True):
            yield Purposed(token, purpose, many)
        label = said if thought.label and not inside else []


def _works_again(cut: Sequence[Thought], found: Sequence[Cue]) -> bool:
    """Whether a thought says so, and does not only expect it."""
    for thought in cut:
        inside = _within(found, thought)
        told = {cue.means for cue in inside if cue.topic == "time" and cue.role == "say"}
        if "restored" in told and "eta" not in told and not any(c.role == "if" for c in inside):
            return True
    return False


T = TypeVar("T", Time, Length, Amount, Address, Topic)
P = TypeVar("P", bound=Timed | Cue)


def _within(those: Sequence[P], thought: Thought) -> list[P]:
    first = bisect_left(those, thought.start, key=lambda one: one.start)
    last = bisect_left(those, thought.end, key=lambda one: one.start)
    return list(those[first:last])


def _ranged(plain: str, tokens: Sequence[Timed], known: Lexicon) -> list[bool]:
    found = [False] * len(tokens)
    for number in range(1, len(tokens)):
        if in_range(plain, tokens[number - 1], tokens[number], known):
            found[number - 1] = found[number] = True
    return found


def _placed(one: Purposed, plain: Folded, at: datetime | None) -> Purposed:
    token = one.token
    if isinstance(token, Time):
        values = tuple(resolved(value, at) for value in token.values)
        return replace(one, token=_moved(replace(token, values=values), plain))
    return replace(one, token=_moved(token, plain))


def _moved(one: T, plain: Folded) -> T:
    """The same at its place in the text as written."""
    if plain.places is None:
        return one
    return replace(one, start=plain.place(one.start), end=plain.place(one.end - 1) + 1)
