"""What each time in a thought is for, by the words around it."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from collections.abc import Sequence

from crisisctl.messages.agreement.cues import PURPOSES, Cue
from crisisctl.messages.agreement.lexicon import Lexicon
from crisisctl.messages.agreement.tokens import Length, Time

Timed = Time | Length

_FAR = 160
"""Characters beyond which words tell nothing about a time any more."""
_CUES = 12
"""Cues on either side of a time that are looked at."""
_BESIDE = 14
"""Characters that may stand between a time and its preposition: "since about 19:04"."""
_BEHIND = 15
"""How much nearer words behind a time must be than those before it, in a language that puts
them before."""
_COMMA, _SEMICOLON = 15, 45
_PREPOSITION = {"since": 40, "until": 60}
"""How far a preposition counts as, so that "working again since" is not read as "since"."""
_RANGE = 12
_ABSORBED = {
    ("eta", "restored"): "eta",  # "we expect it to work again by"
    ("restored", "eta"): "eta",  # Turkish: "yeniden çalışmasını bekliyoruz"
    ("eta", "next_update"): "next_update",  # "we expect to write again by"
    ("eta", "report"): "report",
    ("eta", "until"): "eta",  # "we expect the outage to last until"
}
_OF_LENGTHS = frozenset({"eta", "next_update", "lasted", "earlier", "other"})
_OF_TIMES = frozenset(PURPOSES) - {"lasted"}
_STOP = re.compile(r"[.;:()\n]")
_STOP_OR_COMMA = re.compile(r"[.,;:]")
_WORDS = re.compile(r"[^\W_]+|-")


def purposes(
    plain: str, tokens: Sequence[Timed], cues: Sequence[Cue], lexicon: Lexicon, *, last: bool
) -> list[str]:
    """For each time of one thought what it is for; empty where nothing tells."""
    firm = [one for one in tokens if _is_firm(one)]
    told = _together(plain, [cue for cue in cues if cue.topic == "time"], firm)
    told = sorted([*told, *(cue for cue in cues if cue.role == "down")])
    found = [_purpose(plain, one, _around(one, firm), told, last=last) for one in tokens]
    return _shared(plain, tokens, found, lexicon)


def _is_firm(token: Timed) -> bool:
    """Whether it parts what stands before it from what stands behind it."""
    if isinstance(token, Length):
        return True
    return any(value.minute is not None or value.has_date for value in token.values)


def _together(plain: str, cues: Sequence[Cue], tokens: Sequence[Timed]) -> list[Cue]:
    """The cues, those made one that say one thing together."""
    made: list[Cue] = []
    for cue in cues:
        before = made[-1] if made else None
        if before is not None and "beside" not in (cue.role, before.role):
            whole = _ABSORBED.get((before.means, cue.means))
            if whole and _in_one_breath(plain, before, cue, tokens):
                made[-1] = Cue(before.start, cue.end, "time", whole, "say")
                continue
        made.append(cue)
    return made


def _in_one_breath(plain: str, one: Cue, other: Cue, tokens: Sequence[Timed]) -> bool:
    number = bisect_left(tokens, one.end, key=_start)
    if number < len(tokens) and tokens[number].start < other.start:
        return False
    return other.start - one.end <= _FAR and not _STOP.search(plain, one.end, other.start)


def _start(one: Timed | Cue) -> int:
    return one.start


def _around(token: Timed, firm: Sequence[Timed]) -> tuple[int, int]:
    """Where the time before it ends, and where the next one begins."""
    before = bisect_left(firm, token.start, key=_start) - 1
    behind = bisect_left(firm, token.end, key=_start)
    return (
        firm[before].end if before >= 0 else -1,
        firm[behind].start if behind < len(firm) else sys.maxsize,
    )


def _purpose(
    plain: str, token: Timed, around: tuple[int, int], cues: Sequence[Cue], *, last: bool
) -> str:
    near = _near(token, cues)
    found = [
        (far, PURPOSES.index(cue.means), cue.means)
        for cue in near
        if cue.means in (_OF_TIMES if isinstance(token, Time) else _OF_LENGTHS)
        and not (cue.means == "restored" and _is_down_since(token, cue, near))
        and (far := _distance(plain, token, cue, around, last=last)) is not None
    ]
    return min(found)[2] if found else ""


def _is_down_since(token: Timed, again: Cue, cues: Sequence[Cue]) -> bool:
    """Whether the time is that of something else: "search is back, payment down since"."""
    return any(cue.role == "down" and again.end <= cue.start < token.start for cue in cues)


def _near(token: Timed, cues: Sequence[Cue]) -> Sequence[Cue]:
    """The few cues before it, within it and behind it."""
    number = bisect_left(cues, token.start, key=_start)
    return cues[max(0, number - _CUES) : number + _CUES]


def _distance(
    plain: str, token: Timed, cue: Cue, around: tuple[int, int], *, last: bool
) -> int | None:
    """How far a cue is from a time; None where it cannot speak of it."""
    if cue.end <= token.start:
        if cue.start < around[0]:
            return None
        begin, end, more = cue.end, token.start, 0
    elif cue.start >= token.end:
        if cue.end > around[1]:
            return None
        begin, end, more = token.end, cue.start, 0 if last else _BEHIND
    else:
        return None
    far = end - begin
    if far > _FAR:
        return None
    gap = plain[begin:end]
    if cue.role == "beside":
        if far > _BESIDE or _STOP_OR_COMMA.search(gap) or (more and not last):
            return None
        return _PREPOSITION.get(cue.means, 0) + far
    return far + more + _COMMA * gap.count(",") + _SEMICOLON * gap.count(";")


def _shared(plain: str, tokens: Sequence[Timed], found: list[str], lexicon: Lexicon) -> list[str]:
    """Both ends of a range are for the same."""
    shared = list(found)
    for number in range(1, len(tokens)):
        if not isinstance(tokens[number], type(tokens[number - 1])):
            continue
        if in_range(plain, tokens[number - 1], tokens[number], lexicon):
            shared[number] = shared[number] or shared[number - 1]
            shared[number - 1] = shared[number - 1] or shared[number]
    return shared


def in_range(plain: str, one: Timed, other: Timed, lexicon: Lexicon) -> bool:
    """Whether two times are the ends of a range, or stand in one list."""
    gap = plain[one.end : other.start]
    words = _WORDS.findall(gap)
    if len(gap) > _RANGE or any(mark in gap for mark in ".;:\n"):
        return False
    return bool(words) and all(word in lexicon.ranges for word in words)
