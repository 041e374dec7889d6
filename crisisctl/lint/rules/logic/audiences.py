"""Whether everybody who was told is told the rest, and nobody what is meant for others."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book, Sending
from crisisctl.messages.kinds import kind_of
from crisisctl.text import listed, quoted


@rule("forgotten-channel", Book)
def forgotten_channel(book: Book) -> Iterator[Hit]:
    """People who read that something is wrong never read there that it is over.

    Every channel that carried a holding statement or an update must carry the
    resolution too, to the same audience. Somebody who got the bad news by SMS
    looks for the good news there; until then the old message still stands.
    Only a page that is shown instead of the shop, such as `error-page`, is left
    out: it is gone when the shop is back. In channels.yaml such a channel has
    `format: html` and `form: body`: a whole page, and not a banner on one.

    Bad:
        - {id: hold, send: {message: holding, channels: [email, sms, error-page]}}
        - {id: announce, send: {message: resolved, channels: [email]}}
    Good:
        - {id: hold, send: {message: holding, channels: [email, sms, error-page]}}
        - {id: announce, send: {message: resolved, channels: [email, sms]}}
    """
    over: dict[str, list[Sending]] = {}
    for sending in book.sendings:
        if kind_of(sending.send, book.plan) == "resolution":
            over.setdefault(sending.send.to, []).append(sending)
    for audience, last in over.items():
        reached = {name for sending in last for name in sending.send.channels}
        before = [s for s in book.sendings if s.send.to == audience and _is_bad_news(book, s)]
        forgotten: dict[str, str] = {}
        for sending in before:
            for name in sending.send.channels:
                if name not in reached and not _instead_of_the_shop(book, name):
                    forgotten.setdefault(name, sending.send.message)
        if forgotten:
            told = listed(list(dict.fromkeys(map(quoted, forgotten.values()))))
            where = listed(list(map(quoted, forgotten)))
            what = f"{told} went out on {where}; nobody reads there that it is over"
            path = (*last[0].path, "send", "channels")
            yield book.at(path, what, "send the resolution there too")


def _is_bad_news(book: Book, sending: Sending) -> bool:
    return kind_of(sending.send, book.plan) in ("holding", "update")


def _instead_of_the_shop(book: Book, name: str) -> bool:
    """Whether it is a page shown only as long as the shop is down; an unknown one may be."""
    channel = book.channel(name)
    return channel is None or (channel.format == "html" and channel.form == "body")


@rule("brief-to-customers", Book)
def brief_to_customers(book: Book) -> Iterator[Hit]:
    """A briefing that is meant for colleagues goes to customers.

    A brief says what staff may say, who decides and what is not certain yet.
    Where `to:` is left out, a message goes to customers.

    Bad:
        send: {message: internal-brief, channels: [email]}
    Good:
        send: {message: internal-brief, to: staff, channels: [email]}
    """
    for sending in book.sendings:
        if sending.send.to == "customers" and kind_of(sending.send) == "brief":
            path = (*sending.path, "send")
            written = (*path, "to") in book.file.document.values
            what = f"{quoted(sending.send.message)} is a briefing, and goes to customers"
            hint = "write `to: staff`; if customers are to read it, say `kind:` what it is for them"
            yield book.at((*path, "to" if written else "message"), what, hint)
