"""Personal data and secrets where they do not belong."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache

from crisisctl.lint.finding import Hit, Source
from crisisctl.lint.outline import outline
from crisisctl.lint.passages import spans
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.law.readers import printed_names
from crisisctl.lint.subject import (
    Book,
    ChannelsFile,
    LayoutFile,
    MessageText,
    SettingsFile,
)
from crisisctl.messages.proof import personal, secrets
from crisisctl.messages.proof.personal import Personal
from crisisctl.messages.proof.readers import PUBLIC


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
    for at, name in printed_names(text, public, personal.names_a_person):
        yield text.hit(at, f'"{name}" would be printed {where}', hint)
    for start, end in _regions(text, public):
        for found in personal.personal(text.anatomy.prose[start:end], text.book.own, public=True):
            yield text.hit(start + found.start, f"this looks like {found.what}, {where}", hint)


def _public_channels(text: MessageText) -> list[str]:
    return [name for sending in text.senders for name in sending.send.channels if name in PUBLIC]


def _public_blocks(text: MessageText) -> frozenset[str]:
    """The blocks that are read on a channel that everyone can read, called blocks too."""
    found: set[str] = set()
    of = outline(text.source.text)
    for sending in text.senders:
        for name in sending.send.channels:
            channel = text.book.channel(name)
            if name in PUBLIC and channel is not None:
                for block in channel.blocks_for(name, text.anatomy.blocks):
                    found |= of.reached(block) if block in of.parts else frozenset()
    return frozenset(found)


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
    list that only those on duty can open. Addresses such as help@… and those
    that `crisisctl.yaml` names may stand anywhere. The example of a fact may be
    an address or a phone number, but never a bank account or a card: at most a
    card number that payment providers publish for tests.

    Bad:
        guide: Call Jo at +33 6 12 34 56 78.
    Good:
        guide: Call the technical lead; the number is in the duty list.
    """
    hint = "name the role or a shared address, and keep private ones in the duty list"
    source = book.file.source
    found_here = personal.personal(source.text, book.own)
    examples = _example_lines(book) if found_here else frozenset()
    for found in found_here:
        line, column = _place(source, found.start)
        if line not in examples or _pays(source.text[found.start : found.end], found):
            yield source.hit(line, column, f"this looks like {found.what}", hint)
    for text in (*book.every_text, *book.strays):
        public = _regions(text, _public_blocks(text)) if text.sound else []
        for found in personal.personal(text.anatomy.prose, book.own):
            if not any(start <= found.start < end for start, end in public):
                yield text.hit(found.start, f"this looks like {found.what}", hint)


def _pays(number: str, found: Personal) -> bool:
    return found.pays and not personal.only_for_tests(number)


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
    for path, value in subject.file.document.singles.items():
        if not (path and isinstance(path[-1], str) and secrets.SECRET_NAMES.search(path[-1])):
            continue
        if not isinstance(value, str):
            continue
        mark = subject.file.document.mark(path)
        if value and not secrets.comes_from_elsewhere(value) and mark.line not in told:
            yield subject.file.at(
                path,
                f'"{path[-1]}" is written out here: {secrets.beginning(value)}',
                secrets.HINT,
            )
