"""What next, after what came of it so far: again, another way, a person, or the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crisisctl.messages.delivery.result import Result

ATTEMPTS = 3
"""On one rung: the first and two more."""
LONGEST_WAIT = 60.0
"""Whoever asks us to wait longer is passed over: the next rung is quicker."""
_FIRST_WAIT = 2.0


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt: on which rung of the ladder, and what came of it."""

    rung: int
    result: Result


@dataclass(frozen=True, slots=True)
class Next:
    """What to do now.

    send: hand it over on `rung`, after `wait` seconds.
    ask: nobody knows whether it arrived; a person looks and says.
    done: it was delivered. give-up: every rung failed.
    """

    action: Literal["send", "ask", "done", "give-up"]
    rung: int = 0
    wait: float = 0.0
    because: str = ""


def decide(rungs: int, tried: Sequence[Tried], chance: float = 0.5) -> Next:
    """Say what comes next for one text to one recipient.

    `chance`, from 0 up to 1, spreads the waiting times. An unknown result
    always goes to a person. Who then says "send it again" adds an attempt that
    was `unreached`; who says "it arrived", one that was `delivered`.
    """
    if not tried:
        return Next("send") if rungs else Next("give-up", because="no delivery is set up")
    last = tried[-1]
    if last.result.state == "delivered":
        return Next("done", last.rung, because=last.result.detail)
    if last.result.state == "unknown":
        return Next("ask", last.rung, because=last.result.detail)
    if last.result.state == "unreached":
        attempts = sum(1 for one in tried if one.rung == last.rung)
        wait = _wait(attempts, last.result.retry_after, chance)
        if attempts < ATTEMPTS and wait <= LONGEST_WAIT:
            return Next("send", last.rung, wait, last.result.detail)
    if last.rung + 1 < rungs:
        return Next("send", last.rung + 1, because=last.result.detail)
    return Next("give-up", last.rung, because=last.result.detail)


def _wait(attempts: int, asked: float | None, chance: float) -> float:
    longer = _FIRST_WAIT * 2.0 ** (attempts - 1) * (0.5 + chance)
    return max(longer, asked or 0.0)
