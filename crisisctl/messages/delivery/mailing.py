"""One text to a long list: each person once, resumed at the next one after a kill."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.door import Post, opened
from crisisctl.messages.delivery.envelope import Envelope, Recipient, check
from crisisctl.messages.delivery.ladder import Tried, decide
from crisisctl.messages.delivery.ledger import Ledger, Standing
from crisisctl.messages.delivery.result import Result
from crisisctl.messages.delivery.surroundings import Surroundings
from crisisctl.messages.delivery.targets import Target

MOST_UNREACHED = 5
"""So many in a row that could not be reached, and the trouble is not theirs."""

Compose = Callable[[Recipient], Envelope]
"""Makes one person's text; raises `CrisisError` where that cannot be done."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a mailing is: whose turn it was, what came of it, how many so far in this run."""

    recipient: Recipient
    result: Result
    done: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: where everybody stands, and why it stopped before the end, if it did."""

    standing: Standing
    passed_over: int
    """Those who had their turn in an earlier run, or stand on the list twice."""
    stopped: str = ""


def send_all(
    ledger: Ledger,
    recipients: Iterable[Recipient],
    compose: Compose,
    target: Target,
    surroundings: Surroundings,
    progress: Callable[[Progress], None],
) -> Ended:
    """Write to everybody on the list who has not been written to.

    The list is read as a stream. Each turn is on the disk before the mail goes
    out, and its result after. It stops when several in a row cannot be
    reached; doing it again goes on with them. `progress` is called between two
    people: it may raise to stop there, and nobody is left in doubt.
    """
    done = passed_over = in_a_row = 0
    stopped = ""
    with opened(target, surroundings, "mailing") as post:
        for recipient in recipients:
            intent = ledger.intend(recipient, _now(surroundings))
            if intent is None:
                passed_over += 1
                continue
            result = _turn(recipient, compose, post, surroundings)
            ledger.record(intent, result, _now(surroundings))
            done += 1
            progress(Progress(recipient, result, done))
            in_a_row = in_a_row + 1 if result.state == "unreached" else 0
            if in_a_row >= MOST_UNREACHED:
                stopped = f"the last {in_a_row} got nothing: {result.detail}"
                break
    return Ended(ledger.standing(), passed_over, stopped)


def _turn(recipient: Recipient, compose: Compose, post: Post, surroundings: Surroundings) -> Result:
    try:
        envelope = compose(recipient).to(recipient.address)
        check(envelope)
    except CrisisError as error:  # nothing was sent: once the text is mended they may have it
        return Result("unreached", error.message, recipient=recipient.address)
    tried: list[Tried] = []
    while True:
        tried.append(Tried(0, post(envelope)))
        step = decide(1, tried, surroundings.chance())
        if step.action != "send":
            return tried[-1].result
        surroundings.sleep(step.wait)


def _now(surroundings: Surroundings) -> str:
    return surroundings.clock().isoformat()
