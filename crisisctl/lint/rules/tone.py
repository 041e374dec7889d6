"""How a text sounds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book, MessageText
from crisisctl.messages.proof import promises, tone
from crisisctl.messages.proof.accusations import accusations
from crisisctl.messages.proof.quotations import inside
from crisisctl.messages.proof.remark import Remark

STAFF = "staff"
"""The audience that knows our own words for things."""


@rule("tone-minimise", MessageText)
def minimise(text: MessageText) -> Iterator[Hit]:
    """A text makes the trouble sound small.

    Whoever could not pay, or lost an order, decides how bad that was. A "minor
    issue" tells them that we have not understood. Say what does not work, since
    when, and for how many. What is quoted, or denied ("this is not a minor
    issue"), may stand.

    Bad:
        A minor issue affects a small number of customers.
    Good:
        You have not been able to pay since 20:04. We are still measuring how
        many of you this affects.
    """
    yield from _heard(text, "tone-minimise")


@rule("tone-blame", MessageText)
def blame(text: MessageText) -> Iterator[Hit]:
    """A text puts the blame on customers, suppliers or colleagues.

    To customers it is our shop, wherever it runs and whoever erred. Blame reads
    as an excuse, makes an enemy of someone you need tonight, and may be wrong. A
    plain cause may stand ("a supplier's network failed"): what blames is to say
    that somebody is guilty or let you down, to give a supplier itself as the
    reason, or to name one in it ("because Acme failed"). Texts that go to staff
    alone may name whose network it was.

    Bad:
        Our provider is to blame. You should have saved your cart.
    Good:
        The computers that our shop runs on stopped working. Keeping our shop
        open is our job, wherever it runs.
    """
    yield from _heard(text, "tone-blame")
    if all(sending.send.to == STAFF for sending in text.senders):
        return
    prose, where = text.anatomy.prose, text.book.workspace
    said = accusations(prose, text.locale, where, _own_names(text.book))
    heard = _remarks(text) if said else ()
    told = [(r.start, r.end) for r in heard if r.rule == "tone-blame"]
    for remark in said:
        if not any(start < remark.end and remark.start < end for start, end in told):
            yield text.hit(remark.start, remark.text.replace("\0", ""), remark.hint)


@lru_cache(maxsize=8)
def _own_names(book: Book) -> frozenset[str]:
    """The words of what the shop is called."""
    named = [f.example for f in book.plan.facts.values() if f.workspace == "brand.name"]
    told = [book.workspace.get("brand.name"), *named]
    return frozenset(word for name in told if isinstance(name, str) for word in name.split())


@rule("tone-overpromise", MessageText)
def overpromise(text: MessageText) -> Iterator[Hit]:
    """A text promises more than anyone can know.

    A broken promise is the second crisis. "Never again" cannot be kept, "as soon
    as possible" cannot be checked. Name a time that you can keep, and what you
    do; a sentence that denies the promise ("nobody can promise that it will
    never happen again") may stand.

    Bad:
        Everything will be back to normal as soon as possible.
    Good:
        We have found the fault and are repairing it. Next update: by 21:30.
    """
    told = [(soon.start, soon.end) for soon in _untimed(text)]
    for remark in _remarks(text):
        if remark.rule == "tone-overpromise" and not inside(remark.start, told):
            yield text.hit(remark.start, remark.text, remark.hint)


@rule("promise-without-time", MessageText)
def promise_without_time(text: MessageText) -> Iterator[Hit]:
    """A text promises something for "soon".

    Nobody can tell when such a promise is broken, so nobody believes it, and nobody
    on your side is reminded of it. Give a day or an hour that you can keep; then it
    can become a deadline. A sentence that prints a fact, which may be the time, may stand.

    Bad:
        We will refund you shortly.
    Good:
        We will refund you by {{ refund_by | day }}.
    """
    for remark in _untimed(text):
        yield text.hit(remark.start, remark.text, remark.hint)


def _untimed(text: MessageText) -> tuple[Remark, ...]:
    locale = text.locale.partition("-")[0]
    lists = _promise_lists(text.book, locale)
    return () if lists is None else promises.without_time(text.anatomy.prose, locale, lists)


@lru_cache(maxsize=16)
def _promise_lists(book: Book, locale: str) -> promises.Lists | None:
    try:
        return promises.lists_of(book.workspace, locale)
    except CrisisError:  # a list of the workspace's own that cannot be read
        return None


@rule("tone-jargon", MessageText)
def jargon(text: MessageText) -> Iterator[Hit]:
    """A text for customers uses a word of our trade.

    People read this on a telephone, worried. A word that they have to look up
    sounds like something to hide behind. Texts that go to staff alone may use
    such words.

    Bad:
        Failover of the API cluster is under way.
    Good:
        We are switching to our second system. You can order again by 21:30.
    """
    if any(sending.send.to != STAFF for sending in text.senders):
        yield from _heard(text, "tone-jargon")


@rule("tone-evasive", MessageText)
def evasive(text: MessageText) -> Iterator[Hit]:
    """A text uses words that hide what happened.

    Everyone has read "we take your privacy seriously" after a leak. Such words
    say nothing and sound like a lawyer. Say what you checked, for which days,
    and what you did.

    Bad:
        Unfortunately, certain information may have been accessed. We take your
        privacy seriously.
    Good:
        Someone may have read your name and your address. We closed that access
        at 20:40.
    """
    yield from _heard(text, "tone-evasive")


@rule("tone-passive", MessageText)
def passive(text: MessageText) -> Iterator[Hit]:
    """A text does not say who did it.

    "Mistakes were made" leaves out the one thing that people want to hear: by
    us. Say "we" and a verb. A warning, because now and then nobody did it.

    Bad:
        An error was made. Steps have been taken.
    Good:
        We made a mistake. We have closed that access.
    """
    yield from _heard(text, "tone-passive")


def _heard(text: MessageText, rule_id: str) -> Iterator[Hit]:
    for remark in _remarks(text):
        if remark.rule == rule_id:
            yield text.hit(remark.start, remark.text, remark.hint)


@lru_cache(maxsize=8)
def _remarks(text: MessageText) -> tuple[Remark, ...]:
    """What the lists of tone say of a text; each rule tells its own part."""
    return tuple(tone.remarks(text.anatomy.prose, text.locale, text.book.workspace))
