"""What a breach notice must say, and what it must not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path as FilePath

from crisisctl.lint.finding import Hit
from crisisctl.lint.outline import outline
from crisisctl.lint.passages import passages
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.law.readers import language, printed_names
from crisisctl.lint.subject import (
    Book,
    MessageText,
    Sending,
)
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.proof import breach
from crisisctl.messages.proof.breach import Breach, Reader
from crisisctl.messages.proof.readers import AUTHORITY, PUBLIC, STAFF
from crisisctl.messages.proof.reading import written_in
from crisisctl.playbook.model import Send
from crisisctl.workspace import Workspace


@lru_cache(maxsize=32)
def _breach_words(root: FilePath | None, locale: str) -> Breach | None:
    return breach.breach_words(Workspace(root), locale)


@rule("breach-notice-elements", MessageText)
def breach_notice_elements(text: MessageText) -> Iterator[Hit]:
    """A notice about a breach of personal data lacks something that it must say.

    People have a right to read, in plain words, what happened, what it may lead
    to, what you have done, what they can do, and whom to ask (GDPR Art. 34(2)).
    The authority also wants the kinds and approximate numbers of people and
    records (Art. 33(3)); a number may follow, but say so. In Turkish, people
    must also read when it happened and which data it is about (KVKK Board
    2019/271); Roskomnadzor wants the presumed cause (152-FZ Art. 21(3.1)).
    Only words are looked for. Not legal advice.

    Bad:
        {% block body %}Someone copied your address. We are sorry.{% endblock %}
    Good:
        {% block body %}Someone copied your address and may write to you in our name. We have
        closed the gap. Please do not open files in such e-mails. Questions: {{ dpo_email }}
    """
    words = _breach_words(text.book.workspace.root, language(text))
    readers = {reader for sending in text.senders if (reader := _reader(text, sending))}
    if words is None or not readers:
        return
    by_block = {passage.block: passage.text for passage in passages(text.source.text)}
    for block in _bodies(text):
        facts = outline(text.source.text).shown(block)
        for reader in sorted(readers):
            lacking = breach.missing(by_block.get(block, ""), facts, language(text), words, reader)
            for element in lacking:
                what, hint = breach.ELEMENTS[element]
                law = breach.basis(element, reader, language(text))
                whose = "people" if reader == "people" else "the authority"
                yield text.hit(
                    outline(text.source.text).block_at(block),
                    f"the notice to {whose} does not say {what} ({law})",
                    hint,
                )


def _bodies(text: MessageText) -> list[str]:
    """The blocks that carry the whole notice: short forms can only point to it."""
    found = []
    for sending in text.senders:
        for name in sending.send.channels:
            channel = text.book.channel(name)
            if channel is not None and channel.form == "body":
                found.append(channel.block_for(name, text.anatomy.blocks))
    return [block for block in dict.fromkeys(found) if block in text.anatomy.blocks]


def _reader(text: MessageText, sending: Sending) -> Reader | None:
    """Whom the message tells about a breach of personal data; None where it is another message."""
    send = sending.send
    if not _about_a_breach(text.book, send):
        return None
    if AUTHORITY.search(send.to.lower()):
        return "authority"
    return "people" if kind_of(send) == "notice" and send.to not in STAFF else None


def _about_a_breach(book: Book, send: Send) -> bool:
    return _breach_plan(book) or _breach_name(book.workspace.root, send.message)


@lru_cache(maxsize=8)
def _breach_plan(book: Book) -> bool:
    plan = book.plan
    return _breach_name(book.workspace.root, f"{plan.playbook}\n{plan.title}\n{plan.summary}")


@lru_cache(maxsize=256)
def _breach_name(root: FilePath | None, told: str) -> bool:
    spoken = told.replace("-", " ")
    return any(
        breach.about_a_breach(spoken, locale, words)
        for locale in written_in(spoken)
        if (words := _breach_words(root, locale)) is not None
    )


@rule("breach-notice-direct", Book, severity="warning")
def breach_notice_direct(book: Book) -> Iterator[Hit]:
    """A notice about a breach of personal data goes out in public only.

    The people concerned must be told directly, by e-mail, SMS or letter; a
    banner, a post or a press release supports that and does not replace it.
    Public communication alone is for cases where telling each person takes a
    disproportionate effort (GDPR Art. 34(3)(c)). Not legal advice.

    Bad:
        send: {message: breach-notice, kind: notice, channels: [homepage, x]}
    Good:
        send: {message: breach-notice, kind: notice, channels: [email, sms, homepage]}
    """
    for sending in book.sendings:
        send = sending.send
        if kind_of(send) != "notice" or send.to in STAFF or AUTHORITY.search(send.to.lower()):
            continue
        told = set(send.channels)
        if told and told <= PUBLIC and _about_a_breach(book, send):
            yield book.at(
                (*sending.path, "send", "channels"),
                f'"{send.message}" reaches people only if they come and look',
                "add a direct channel: email, sms or a letter",
            )


@rule("breach-marketing", Book)
def breach_marketing(book: Book) -> Iterator[Hit]:
    """A text about a data breach advertises.

    A notice to the people concerned stands alone, not mixed with offers or a
    newsletter (EDPB Guidelines 9/2022). A coupon after a breach reads as
    advertising: help with the harm instead.

    Bad:
        Your address was copied. Here is 10 % off your next order.
    Good:
        Your card number was copied. We pay for the new card.
    """
    for text, words in _breach_texts(book, notices=False):
        yield from _breach_remarks(text, words, "breach-marketing")
        parts = frozenset(outline(text.source.text).parts)
        for at, name in printed_names(text, parts, breach.advertises):
            yield text.hit(
                at,
                f'"{name}" advertises in a message about a data breach',
                "leave it out; help with the harm instead",
            )


@rule("breach-soothing", Book)
def breach_soothing(book: Book) -> Iterator[Hit]:
    """A breach notice comforts before anyone can know.

    "Your data is safe" and "no action is needed" are what people quote when it
    turns out otherwise, and they keep readers from protecting themselves.
    Say what was checked, and what they can do.

    Bad:
        Your data is safe and no action is needed.
    Good:
        We have read this month's log-ins and found no strange one. Please watch your account.
    """
    for text, words in _breach_texts(book, notices=True):
        yield from _breach_remarks(text, words, "breach-soothing")


@rule("breach-credentials", Book)
def breach_credentials(book: Book) -> Iterator[Hit]:
    """A breach notice asks for passwords or cards, or leads to a log-in page.

    After a breach, criminals send the same message with their own link. A true
    notice asks for nothing and has no link to a form; people type the address
    themselves.

    Bad:
        Confirm your password here: https://kestrel.example/login
    Good:
        Type our address yourself and change your password. We never ask you for it.
    """
    for text, words in _breach_texts(book, notices=True):
        yield from _breach_remarks(text, words, "breach-credentials")
        parts = frozenset(outline(text.source.text).parts)
        for at, name in printed_names(text, parts, breach.leads_to_login):
            yield text.hit(
                at,
                f'"{name}" leads from a breach notice to a log-in page',
                "let people type your address themselves",
            )


def _breach_texts(book: Book, *, notices: bool) -> Iterator[tuple[MessageText, Breach]]:
    """The texts for the people concerned: all of a breach playbook, or its notices only."""
    for text in book.every_text:
        words = _breach_words(book.workspace.root, language(text))
        if (
            words is not None
            and text.sound
            and any(
                (_reader(text, sending) == "people" if notices else for_people(book, sending.send))
                for sending in text.senders
            )
        ):
            yield text, words


def for_people(book: Book, send: Send) -> bool:
    """Whether a message tells people outside about a breach of data."""
    outside = send.to not in STAFF and not AUTHORITY.search(send.to.lower())
    return outside and _about_a_breach(book, send)


def _breach_remarks(text: MessageText, words: Breach, rule_: str) -> Iterator[Hit]:
    check = {
        "breach-marketing": breach.marketing,
        "breach-soothing": breach.soothing,
        "breach-credentials": breach.credentials,
    }[rule_]
    told: set[int] = set()
    for passage in passages(text.source.text):
        for remark in check(passage.text, language(text), words):
            at = passage.origin(remark.start)
            if at not in told:
                told.add(at)
                yield text.hit(at, remark.text, remark.hint)
