"""What law and fairness forbid."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path as FilePath
from typing import NamedTuple

from jinja2 import nodes

from crisisctl.lint.finding import Hit, Source
from crisisctl.lint.outline import outline
from crisisctl.lint.passages import hit_in, passages, plan_texts, spans
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import (
    Book,
    ChannelsFile,
    LayoutFile,
    MessageText,
    Sending,
    SettingsFile,
)
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.proof import breach, fairness, personal, secrets
from crisisctl.messages.proof.breach import Breach, Reader
from crisisctl.messages.proof.fairness import LOCALES, Fairness
from crisisctl.messages.proof.personal import Own
from crisisctl.messages.proof.phrases import met
from crisisctl.messages.proof.remark import Remark
from crisisctl.playbook.document import Value
from crisisctl.playbook.model import Send
from crisisctl.playbook.reader import Path
from crisisctl.workspace import Workspace

_STAFF = frozenset(
    {"staff", "team", "internal", "colleagues", "employees", "management", "press", "partners"}
)
_AUTHORITY = re.compile(
    r"authorit|regulator|supervis|(?:^|-)(?:dpa|cnil|aepd|ico|kvkk|edpb|roskomnadzor|rkn)(?:-|$)"
)
_PUBLIC = frozenset(
    {"homepage", "error-page", "status-page", "blog", "website", "banner", "forum", "press"}
    | {"x", "twitter", "instagram", "facebook", "telegram", "linkedin", "tiktok", "youtube"}
    | {"threads", "mastodon", "bluesky", "vk", "pinterest", "reddit", "trustpilot", "google"}
    | {"google-reviews", "reviews", "app-store"}
)
"""Channels that everyone can read."""


class _Told(NamedTuple):
    """A remark, at its place in the file."""

    source: Source
    remark: Remark
    hit: Hit


@rule("review-reward", Book)
def review_reward(book: Book) -> Iterator[Hit]:
    """A text ties money, a gift or a discount to a review.

    A reward for writing, changing or removing a review is bought praise: US law
    forbids it where it depends on what the review says (16 CFR 465.4), EU law
    forbids false reviews (UCPD Annex I, 23c), and Google, Amazon, Trustpilot and
    Apple forbid it outright. It is also what people photograph and post. Offer
    and review in two sentences that stand side by side count as tied.
    Not legal advice.

    Bad:
        Change your review and you get a voucher of 10 €.
    Good:
        You get a voucher of 10 €. It does not depend on what you write about us.
    """
    yield from _told(book, "review-reward")


@rule("review-request", Book)
def review_request(book: Book) -> Iterator[Hit]:
    """A text asks for a review to be changed or removed.

    Amazon and Trustpilot forbid asking for it even after the problem is solved
    and with nothing offered. Say what you have put right; many people change
    their review by themselves.

    Bad:
        We have sent a new parcel. Please update your review.
    Good:
        We have sent a new parcel. It arrives on Friday.
    """
    yield from _told(book, "review-request")


@rule("review-gating", Book)
def review_gating(book: Book) -> Iterator[Hit]:
    """A text sends only the happy customers to the reviews.

    Google forbids selecting whom you ask, Amazon forbids diverting unhappy
    buyers, and Trustpilot wants neutral invitations to all. The US rule on
    suppressed reviews (16 CFR 465.7) is not far.

    Bad:
        If you are happy, leave us a review; if not, write to us.
    Good:
        Tell us how it was: {{ feedback_url }}
    """
    yield from _told(book, "review-gating")


@rule("legal-threat", Book)
def legal_threat(book: Book) -> Iterator[Hit]:
    """A text threatens somebody with lawyers, a court or the police for what they wrote.

    Unfounded legal threats to stop or remove a review are unlawful in the US
    (16 CFR 465.7(a)), and everywhere they make the story bigger than the review
    was. Where a review breaks the platform's rules, report it there with evidence.
    Not legal advice.

    Bad:
        Remove your review, or you will hear from our lawyers.
    Good:
        We see it differently, and here is what we know: …
    """
    yield from _told(book, "legal-threat")


@rule("waiver", Book)
def waiver(book: Book) -> Iterator[Hit]:
    """A remedy asks customers to give up rights or to keep silent.

    A gesture never replaces legal rights: refunds and claims (after a breach
    GDPR Art. 82) stay open. Silence bought from customers does not hold, and
    the US Consumer Review Fairness Act voids it. Not legal advice.

    Bad:
        By accepting this voucher you waive all claims against us.
    Good:
        Your legal rights stay as they are.
    """
    yield from _told(book, "waiver")


@rule("unequal-remedy", Book, severity="warning")
def unequal_remedy(book: Book) -> Iterator[Hit]:
    """A remedy goes to those who complained, not to all who were harmed.

    Same harm, same remedy, whether people posted or said nothing: else you
    teach customers that shouting pays, and the quiet ones learn of it.

    Bad:
        Send a voucher to everyone who complained.
    Good:
        Send a voucher to everyone on the list of failed orders.
    """
    yield from _told(book, "unequal-remedy")


@rule("public-accusation", Book)
def public_accusation(book: Book) -> Iterator[Hit]:
    """A text for customers calls reviews fake or their authors liars.

    A false accusation to stop a review is unlawful in the US (16 CFR 465.7(a)),
    and one real customer among the accused is enough to lose the argument.
    Report to the platform, with evidence; in public, say what you know.

    Bad:
        These are fake reviews, written by competitors.
    Good:
        We cannot find an order under this name. Please write to {{ support_email }}.
    """
    yield from _told(book, "public-accusation")


def _told(book: Book, rule_: str) -> Iterator[Hit]:
    for found in _fairness_of(book):
        if found.remark.rule == rule_:
            yield found.hit


@lru_cache(maxsize=4)
def _fairness_of(book: Book) -> tuple[_Told, ...]:
    """All remarks about the fairness of a playbook and its texts."""
    return (*_of_the_plan(book), *_of_the_texts(book))


def _of_the_plan(book: Book) -> Iterator[_Told]:
    source, root = book.file.source, book.workspace.root
    for locale in LOCALES:
        words = _fairness_words(root, locale)
        needed = () if words is None else fairness.telling(source.text, locale, words)
        if words is None or not needed:
            continue
        for path, value in plan_texts(book):
            if value and met(needed, value, locale):
                for remark in _fair(value, locale, words, guide=True):
                    hit = hit_in(book, path, value, remark.start, remark.text, remark.hint)
                    yield _Told(source, remark, hit)


def _of_the_texts(book: Book) -> Iterator[_Told]:
    for text in book.every_text:
        if text.sound:
            staff = all(sending.send.to in _STAFF for sending in text.senders)
            told = _fair_template(text.source.text, _base(text), book.workspace.root, staff)
            for remark in told:
                hit = text.hit(remark.start, remark.text, remark.hint)
                yield _Told(text.source, remark, hit)


def _base(text: MessageText) -> str:
    return text.locale.partition("-")[0]


@lru_cache(maxsize=32)
def _fairness_words(root: FilePath | None, locale: str) -> Fairness | None:
    return fairness.fairness_words(Workspace(root), locale)


@lru_cache(maxsize=32)
def _breach_words(root: FilePath | None, locale: str) -> Breach | None:
    return breach.breach_words(Workspace(root), locale)


def _fair(text: str, locale: str, words: Fairness, *, guide: bool) -> list[Remark]:
    found = [
        *fairness.review_reward(text, locale, words, guide=guide),
        *fairness.review_request(text, locale, words, guide=guide),
        *fairness.legal_threat(text, locale, words, guide=guide),
        *fairness.waiver(text, locale, words, guide=guide),
        *fairness.unequal_remedy(text, locale, words, guide=guide),
        *fairness.review_gating(text, locale, words),
    ]
    return found if guide else [*found, *fairness.public_accusation(text, locale, words)]


@lru_cache(maxsize=512)
def _fair_template(
    text: str, locale: str, root: FilePath | None, staff: bool
) -> tuple[Remark, ...]:
    """The remarks about a template, at their places in its file, each once."""
    words = _fairness_words(root, locale)
    if words is None or not fairness.telling(text, locale, words):
        return ()
    found = {
        (at, remark.rule): Remark(at, at, remark.rule, remark.text, remark.hint)
        for passage in passages(text)
        for remark in _fair(passage.text, locale, words, guide=staff)
        for at in (passage.origin(remark.start),)
    }
    return tuple(found.values())


@rule("public-personal-data", MessageText)
def public_personal_data(text: MessageText) -> Iterator[Hit]:
    """A text that everyone can read shows who a customer is or what they ordered.

    Names, addresses, numbers of orders or parcels in public tell strangers who
    buys what, and let them ask for the rest in the customer's name. It is a
    breach of personal data of its own (GDPR Art. 4(12)). Answer in public
    without them, and go on in a direct message.

    Bad:
        {% block x %}Dear {{ customer_name }}, order {{ order_number }} is on its way.{% endblock %}
    Good:
        {% block x %}It is on its way. We have written to you with the details.{% endblock %}
    """
    public = _public_blocks(text)
    if not public:
        return
    where = f"where everyone can read it ({', '.join(_public_channels(text))})"
    hint = "leave it out here; give such details in a direct message only"
    for at, name in _printed_names(text, public):
        if personal.names_a_person(name):
            yield text.hit(at, f'"{name}" would be printed {where}', hint)
    for start, end in _regions(text, public):
        for found in personal.personal(text.anatomy.prose[start:end], _own(text.book), public=True):
            yield text.hit(start + found.start, f"this looks like {found.what}, {where}", hint)


def _public_channels(text: MessageText) -> list[str]:
    return [name for sending in text.senders for name in sending.send.channels if name in _PUBLIC]


def _public_blocks(text: MessageText) -> frozenset[str]:
    """The blocks that are read on a channel that everyone can read, called blocks too."""
    found: set[str] = set()
    of = outline(text.source.text)
    for sending in text.senders:
        for name in sending.send.channels:
            channel = text.book.channel(name)
            if name in _PUBLIC and channel is not None:
                for block in channel.blocks_for(name, text.anatomy.blocks):
                    found |= of.reached(block) if block in of.parts else frozenset()
    return frozenset(found)


def _printed_names(text: MessageText, blocks: frozenset[str]) -> Iterator[tuple[int, str]]:
    """The facts that these blocks print, each where it stands."""
    of = outline(text.source.text)
    for printed in of.printed:
        if printed.block in blocks:
            own = [printed.node] if isinstance(printed.node, nodes.Name) else []
            for node in (*own, *printed.node.find_all(nodes.Name)):
                known = printed.local.get(node.name)
                yield of.at(node), node.name if known is None else known.fact


def _regions(text: MessageText, blocks: frozenset[str]) -> list[tuple[int, int]]:
    """Where these blocks stand in the file, none inside another."""
    known = spans(text.source.text)
    found: list[tuple[int, int]] = []
    for start, end in sorted(known[block] for block in blocks if block in known):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


@rule("personal-data", Book)
def personal_data(book: Book) -> Iterator[Hit]:
    """A playbook or a text holds somebody's private address, number, card or account.

    Playbooks are copied, printed and kept in version control for years, and
    people leave. Name roles and shared addresses; private numbers belong in a
    list that only those on duty can open. Examples of facts are left alone,
    and so are addresses such as help@… and those that `crisisctl.yaml` names.

    Bad:
        guide: Call Jo at +33 6 12 34 56 78.
    Good:
        guide: Call the technical lead; the number is in the duty list.
    """
    own = _own(book)
    hint = "name the role or a shared address, and keep private ones in the duty list"
    source = book.file.source
    found_here = personal.personal(source.text, own)
    examples = _example_lines(book) if found_here else frozenset()
    for found in found_here:
        line, column = _place(source, found.start)
        if line not in examples:
            yield source.hit(line, column, f"this looks like {found.what}", hint)
    for text in (*book.every_text, *book.strays):
        public = _regions(text, _public_blocks(text)) if text.sound else []
        for found in personal.personal(text.anatomy.prose, own):
            if not any(start <= found.start < end for start, end in public):
                yield text.hit(found.start, f"this looks like {found.what}", hint)


def _example_lines(book: Book) -> frozenset[int]:
    facts = book.plan.facts
    return frozenset(book.file.document.mark(("facts", name, "example")).line for name in facts)


def _place(source: Source, offset: int) -> tuple[int, int]:
    starts = _starts(source)
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


@lru_cache(maxsize=64)
def _starts(source: Source) -> list[int]:
    """Where the lines of a file begin."""
    return [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", source.text))]


@lru_cache(maxsize=4)
def _own(book: Book) -> Own:
    """What the workspace file says about the shop itself."""
    brand = book.workspace.get("brand")
    told = (
        [each for each in brand.values() if isinstance(each, str)]
        if isinstance(brand, Mapping)
        else []
    )
    addresses = {each.lower() for each in told if "@" in each}
    hosts = {each.partition("@")[2] for each in addresses}
    hosts |= {host[1].lower() for each in told if (host := _HOST.match(each))}
    name = book.workspace.get("brand.name")
    return Own(
        addresses=frozenset(addresses),
        hosts=frozenset(host.removeprefix("www.") for host in hosts),
        numbers=frozenset(personal.digits(each) for each in told if personal.digits(each)),
        name=re.sub(r"\W", "", name).lower() if isinstance(name, str) else "",
    )


_HOST = re.compile(r"https?://([\w.-]+)")


@rule("secret", Book, broken=True, also=(ChannelsFile, SettingsFile, LayoutFile))
def secret(subject: Book | ChannelsFile | SettingsFile | LayoutFile) -> Iterator[Hit]:
    """A file holds a password, a key or a token.

    Playbooks, texts and settings are shared and kept; a secret in them is no
    secret any more. Write `${NAME}` and set NAME in the environment. A finding
    shows only how the secret begins. Whoever finds one should also change it:
    old versions of the file still hold it.

    Bad:
        url: smtp://shop:Tr0ub4dor@mail.kestrel.example:587
    Good:
        url: smtp://shop:${SMTP_PASSWORD}@mail.kestrel.example:587
    """
    told: set[tuple[int, int]] = set()
    if isinstance(subject, LayoutFile):
        yield from _secrets_in(subject.source)
        return
    for hit in _secrets_in(subject.file.source):
        told.add((hit.line, hit.column))
        yield hit
    if isinstance(subject, Book):
        for text in (*subject.every_text, *subject.strays):
            yield from _secrets_in(text.source)
    else:
        yield from _plain_settings(subject, {line for line, _ in told})


def _secrets_in(source: Source) -> Iterator[Hit]:
    for remark in secrets.secrets(source.text):
        line, column = _place(source, remark.start)
        yield source.hit(line, column, remark.text, remark.hint)


def _plain_settings(subject: ChannelsFile | SettingsFile, told: set[int]) -> Iterator[Hit]:
    """What stands under `token:` or `password:` and does not come from the environment."""
    for path, value in _values(subject.file.document.value):
        if not (path and isinstance(path[-1], str) and secrets.SECRET_NAMES.search(path[-1])):
            continue
        mark = subject.file.document.mark(path)
        if value and not secrets.comes_from_elsewhere(value) and mark.line not in told:
            yield subject.file.at(
                path,
                f'"{path[-1]}" is written out here: {secrets.beginning(value)}',
                secrets.HINT,
            )


def _values(value: Value) -> Iterator[tuple[Path, str]]:
    left: list[tuple[Path, Value]] = [((), value)]
    while left:
        path, inner = left.pop()
        match inner:
            case dict():
                left += [((*path, key), each) for key, each in inner.items()]
            case list():
                left += [((*path, number), each) for number, each in enumerate(inner)]
            case str():
                yield path, inner


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
    words = _breach_words(text.book.workspace.root, _base(text))
    readers = {reader for sending in text.senders if (reader := _reader(text, sending))}
    if words is None or not readers:
        return
    by_block = {passage.block: passage.text for passage in passages(text.source.text)}
    for block in _bodies(text):
        facts = outline(text.source.text).shown(block)
        for reader in sorted(readers):
            lacking = breach.missing(by_block.get(block, ""), facts, _base(text), words, reader)
            for element in lacking:
                what, hint = breach.ELEMENTS[element]
                law = breach.basis(element, reader, _base(text))
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
    if _AUTHORITY.search(send.to.lower()):
        return "authority"
    return "people" if kind_of(send) == "notice" and send.to not in _STAFF else None


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
        for locale in LOCALES
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
        if kind_of(send) != "notice" or send.to in _STAFF or _AUTHORITY.search(send.to.lower()):
            continue
        told = set(send.channels)
        if told and told <= _PUBLIC and _about_a_breach(book, send):
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
        for at, name in _printed_names(text, frozenset(outline(text.source.text).parts)):
            if breach.advertises(name):
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
        for at, name in _printed_names(text, frozenset(outline(text.source.text).parts)):
            if breach.leads_to_login(name):
                yield text.hit(
                    at,
                    f'"{name}" leads from a breach notice to a log-in page',
                    "let people type your address themselves",
                )


def _breach_texts(book: Book, *, notices: bool) -> Iterator[tuple[MessageText, Breach]]:
    """The texts for the people concerned: all of a breach playbook, or its notices only."""
    for text in book.every_text:
        words = _breach_words(book.workspace.root, _base(text))
        if (
            words is not None
            and text.sound
            and any(
                (_reader(text, sending) == "people" if notices else _for_people(book, sending.send))
                for sending in text.senders
            )
        ):
            yield text, words


def _for_people(book: Book, send: Send) -> bool:
    outside = send.to not in _STAFF and not _AUTHORITY.search(send.to.lower())
    return outside and _about_a_breach(book, send)


def _breach_remarks(text: MessageText, words: Breach, rule_: str) -> Iterator[Hit]:
    check = {
        "breach-marketing": breach.marketing,
        "breach-soothing": breach.soothing,
        "breach-credentials": breach.credentials,
    }[rule_]
    told: set[int] = set()
    for passage in passages(text.source.text):
        for remark in check(passage.text, _base(text), words):
            at = passage.origin(remark.start)
            if at not in told:
                told.add(at)
                yield text.hit(at, remark.text, remark.hint)
