"""One text down its ladder: intent, attempt, result, until it is there or a person must say."""

from __future__ import annotations

from collections.abc import Callable

from crisisctl.messages.delivery.door import opened
from crisisctl.messages.delivery.envelope import Envelope, check
from crisisctl.messages.delivery.ladder import Next, Tried, decide
from crisisctl.messages.delivery.result import Result
from crisisctl.messages.delivery.surroundings import Surroundings
from crisisctl.messages.delivery.targets import Ladder, Target

Intended = Callable[[int, Target, Envelope], None]
"""Called before each attempt, with its rung: what it does must be on the disk when it returns."""
Resulted = Callable[[int, Target, Envelope, Result], None]
"""Called after each attempt."""


def climb(
    envelope: Envelope,
    ladder: Ladder,
    surroundings: Surroundings,
    *,
    intended: Intended,
    resulted: Resulted,
    tried: tuple[Tried, ...] = (),
) -> tuple[tuple[Tried, ...], Next]:
    """Try the rungs in order for one recipient. Gives all attempts, and how it ended.

    `tried` is what came of it before, so that it goes on where it stopped. The
    rungs that do not take the envelope's language are passed over.
    """
    check(envelope)
    rungs = tuple(rung for rung in ladder if rung.takes(envelope.locale))
    known = list(tried)
    while (step := decide(len(rungs), known, surroundings.chance())).action == "send":
        if step.wait:
            surroundings.sleep(step.wait)
        target = rungs[step.rung]
        intended(step.rung, target, envelope)
        with opened(target, surroundings, envelope.channel) as post:
            result = post(envelope)
        resulted(step.rung, target, envelope, result)
        known.append(Tried(step.rung, result))
    return tuple(known), step
