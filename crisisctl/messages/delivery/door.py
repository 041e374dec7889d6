"""The door: every text that leaves goes through here, by the transport its target names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.envelope import Envelope, check
from crisisctl.messages.delivery.result import Result
from crisisctl.messages.delivery.surroundings import Surroundings
from crisisctl.messages.delivery.targets import Target

Post = Callable[[Envelope], Result]
"""Hands over an envelope for at most one recipient."""


def deliver(envelope: Envelope, target: Target, surroundings: Surroundings) -> tuple[Result, ...]:
    """Hand a text over, once: one result for each recipient, or one where there are none.

    A drill raises. Everything else that goes wrong is a result.
    """
    check(envelope)
    with opened(target, surroundings, envelope.channel) as post:
        return tuple(post(one) for one in each(envelope, target))


def each(envelope: Envelope, target: Target) -> tuple[Envelope, ...]:
    """The envelopes to hand over one by one: no recipient hides what became of another."""
    if not by_recipient(target):
        return (envelope,)
    people = tuple(envelope.to(one) for one in dict.fromkeys(envelope.recipients))
    return people or (envelope,)


def by_recipient(target: Target) -> bool:
    """Whether each recipient gets something of their own."""
    return target.via == "smtp" or (target.via == "apprise" and "{to}" in target.url)


@contextmanager
def opened(target: Target, surroundings: Surroundings, channel: str) -> Iterator[Post]:
    """A way to hand over many envelopes; a mail server is called once for all of them."""
    if target.via != "smtp":
        yield partial(_guarded, partial(_transport(target), surroundings))
        return
    from crisisctl.messages.delivery import smtp

    try:
        session = smtp.Session(target, surroundings, channel)
    except CrisisError as error:
        yield partial(_refused, error)
        return
    with session:
        yield partial(_guarded, lambda envelope: session.post(envelope, _only(envelope)))


def _only(envelope: Envelope) -> str:
    if len(envelope.recipients) == 1:
        return envelope.recipients[0]
    what = "several people in one mail" if envelope.recipients else "there is nobody to write to"
    raise CrisisError(f"{envelope.channel}: {what}", hint="a mail goes to one person")


def _transport(target: Target) -> Callable[[Surroundings, Envelope], Result]:
    from crisisctl.messages.delivery import chat, papers, statuspage, webhook

    post = {
        "webhook": webhook.post,
        "statuspage": statuspage.post,
        "apprise": chat.post,
        "files": papers.post,
        "phone": papers.post,
    }[target.via]
    return lambda surroundings, envelope: post(envelope, target, surroundings)


def _guarded(post: Post, envelope: Envelope) -> Result:
    """Hand over what may go; what cannot even be tried is refused, in one line."""
    check(envelope)
    try:
        return replace(post(envelope), recipient=_whom(envelope))
    except CrisisError as error:
        return _refused(error, envelope)


def _whom(envelope: Envelope) -> str:
    return envelope.recipients[0] if len(envelope.recipients) == 1 else ""


def _refused(error: CrisisError, envelope: Envelope) -> Result:
    check(envelope)
    to = _whom(envelope)
    hint = f" ({error.hint})" if error.hint else ""
    return Result("refused", f"{error.message}{hint}", recipient=to)
