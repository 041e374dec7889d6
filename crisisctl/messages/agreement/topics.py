"""What a text says is down, and what it says is the cause."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from crisisctl.messages.agreement.cues import Cue
from crisisctl.messages.agreement.thoughts import Thought

EVERYTHING = "whole-site"
"""The part that holds all others."""
_NEAR = 40
"""Characters before a cause within which a "not" denies it."""
_JUST_BEHIND = 24
_CLAUSE = re.compile(r"[.;:,()\n]")


class Topic(Struct, frozen=True):
    """A part that is down or a cause, said at plain[start:end]."""

    start: int
    end: int
    means: str


def down(plain: str, cut: Sequence[Thought], cues: Sequence[Cue]) -> list[Topic]:
    """The parts of the shop that a text says are down now, or were."""
    found: list[Topic] = []
    scope = [cue for cue in cues if cue.topic == "scope"]
    carried = ""
    for thought in cut:
        inside = _within(scope, thought.start, thought.end)
        if thought.first and not thought.item:
            carried = ""
        for clause in _clauses(plain, thought, inside):
            found += _down_in(clause, carried if thought.item else "")
        if thought.label:
            carried = _state(inside)
    everything = [topic for topic in found if topic.means == EVERYTHING]
    return everything or found


def _clauses(plain: str, thought: Thought, cues: Sequence[Cue]) -> list[list[Cue]]:
    turns = {cue.start for cue in cues if cue.role == "turn"}
    semicolons = re.finditer(";", plain[thought.start : thought.end])
    turns |= {thought.start + found.start() for found in semicolons}
    borders = [thought.start, *sorted(turns), thought.end]
    return [_within(cues, begin, end) for begin, end in pairwise(borders)]


def _within(cues: Sequence[Cue], begin: int, end: int) -> list[Cue]:
    first = bisect_left(cues, begin, key=lambda cue: cue.start)
    last = bisect_left(cues, end, key=lambda cue: cue.start)
    return list(cues[first:last])


def _state(cues: Sequence[Cue]) -> str:
    roles = {cue.role for cue in cues}
    if "down" in roles:
        return "" if "up" in roles else "down"
    return "up" if "up" in roles else ""


def _down_in(cues: Sequence[Cue], carried: str) -> list[Topic]:
    roles = {cue.role for cue in cues}
    if "if" in roles:
        return []
    state = _state(cues) if roles & {"down", "up"} else carried
    meant = {"down": ("say", "names"), "": ("say",)}.get(state, ())
    return [Topic(cue.start, cue.end, cue.means) for cue in cues if cue.role in meant]


def causes(plain: str, cut: Sequence[Thought], cues: Sequence[Cue]) -> list[Topic]:
    """The causes that a text names; "unknown" where it says that none is known yet."""
    found: list[Topic] = []
    told = [cue for cue in cues if cue.topic == "cause"]
    explained = False
    for thought in cut:
        inside = _within(told, thought.start, thought.end)
        because = explained or any(cue.role == "because" for cue in inside)
        named = [cue for cue in inside if cue.role == "say" or (because and cue.role == "names")]
        found += [
            Topic(cue.start, cue.end, cue.means)
            for cue in named
            if cue.means == "unknown" or not _denied(plain, cue, inside)
        ]
        explained = thought.label and because and not named
    known = [topic for topic in found if topic.means != "unknown"]
    return known or found


def _denied(plain: str, cue: Cue, inside: Sequence[Cue]) -> bool:
    for other in _within(inside, cue.start - 2 * _NEAR, cue.end + _JUST_BEHIND + 1):
        if other.role == "no" and 0 <= cue.start - other.end <= _NEAR:
            begin, end = other.end, cue.start
        elif other.role == "nothing" and 0 <= other.start - cue.end <= _JUST_BEHIND:
            begin, end = cue.end, other.start
        else:
            continue
        if not _CLAUSE.search(plain, begin, end):
            return True
    return False
