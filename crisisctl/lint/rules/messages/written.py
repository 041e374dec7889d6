"""Whether every message is written, in every language and form, and says something."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from crisisctl.errors import CrisisError
from crisisctl.lint.bound import surely_speaks
from crisisctl.lint.finding import Hit
from crisisctl.lint.outline import outline
from crisisctl.lint.prover.formula import Opaque, leaves
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.messages.values import unprintable, wrongly_filtered
from crisisctl.lint.samples import compiled_text
from crisisctl.lint.subject import Book, MessageText
from crisisctl.lint.trials import Reading, is_spoken, possible, usual, varied
from crisisctl.messages.formats import LOCALES
from crisisctl.text import did_you_mean, listed, quoted

FORMS = ("headline", "short", "body")


@rule("message-unwritten", Book)
def message_unwritten(book: Book) -> Iterator[Hit]:
    """A step sends a message that nobody has written.

    On the night the step stops with an error, and somebody writes the first
    word to customers from nothing.

    Bad:
        send: {message: holding, to: customers, channels: [email]}
        # and no file templates/outage/holding.en.j2
    Good:
        send: {message: holding, to: customers, channels: [email]}
        # with templates/outage/holding.en.j2 and one file for each other language
    """
    told: set[str] = set()
    for sending in book.sendings:
        message = sending.send.message
        if book.texts.get(message) or message in told or not _lacking(book, message):
            continue
        told.add(message)
        folder = f"templates/{book.plan.playbook}/"
        hint = f"write {folder}{message}.{book.locales[0]}.j2 and the other languages"
        if guess := _meant(book, message):
            hint = f'did you mean "{guess}"? else {hint}'
        yield book.at((*sending.path, "send", "message"), f'"{message}" has no text', hint)


def _meant(book: Book, message: str) -> str | None:
    """The message that a step seems to mean: one without a step first."""
    if message in book.misnamed:
        return book.misnamed[message][0].message
    return did_you_mean(message, book.written)


@rule("missing-locale", Book)
def missing_locale(book: Book) -> Iterator[Hit]:
    """A message is not written in one of the languages that customers read.

    A missing language is never replaced by another one: the message cannot be
    sent to those customers at all.

    Bad:
        locales: [en, fr]
        # templates/outage/holding.en.j2 alone
    Good:
        locales: [en, fr]
        # templates/outage/holding.en.j2 and holding.fr.j2
    """
    told: set[str] = set()
    for sending in book.sendings:
        message = sending.send.message
        missing = _lacking(book, message)
        if message in told or not book.texts.get(message) or not missing:
            continue
        told.add(message)
        others = [name for name in book.texts[message] if name not in book.locales]
        folder = f"templates/{book.plan.playbook}/"
        hint = f"write {listed(f'{folder}{message}.{locale}.j2' for locale in missing)}"
        if others:
            hint += f"; there is a text in {listed(others)}, which is not a language here"
        what = f'"{message}" has no text in {listed(missing)}'
        yield book.at((*sending.path, "send", "message"), what, hint)


def _lacking(book: Book, message: str) -> list[str]:
    """The languages without a file; one that cannot be read is told of elsewhere."""
    have, name = book.texts.get(message, {}), f"{book.plan.playbook}/{message}"
    return [
        locale
        for locale in book.locales
        if locale not in have and book.workspace.find("templates", f"{name}.{locale}.j2") is None
    ]


@rule("missing-form", MessageText)
def missing_form(text: MessageText) -> Iterator[Hit]:
    """A text lacks a form that one of its channels takes.

    A channel takes the block of its own name, or its form: `headline`, `short`
    or `body`. Without either, the message cannot be rendered there.

    Bad:
        send: {message: holding, channels: [email]}
        # and the text has a body, but no headline
    Good:
        {% block headline %}Our shop is down{% endblock %}
        {% block body %}…{% endblock %}
    """
    blocks = text.anatomy.blocks
    wanted: dict[str, list[str]] = {}
    for sending in text.senders:
        for name in sending.send.channels:
            channel = text.book.channel(name)
            for block in channel.blocks_for(name, blocks) if channel is not None else ():
                if block not in blocks and name not in wanted.setdefault(block, []):
                    wanted[block].append(name)
    found = outline(text.source.text)
    called = {name for part in found.parts.values() for name in part.calls}
    for block, channels in wanted.items():
        what = f"there is no block {quoted(block)}, which {_few(channels)} must have"
        guess = did_you_mean(block, set(blocks) - set(FORMS) - called)
        hint = f"add {{% block {block} %}} … {{% endblock %}}"
        if guess:
            hint = f'did you mean {quoted(block)} where "{guess}" stands?'
        yield text.hit(found.block_at(guess) if guess else 0, what, hint)


def _few(names: list[str]) -> str:
    shown = [f'"{name}"' for name in names[:3]]
    more = f" and {len(names) - 3} more channels" if len(names) > 3 else ""
    return f"{', '.join(shown)}{more}" if more else listed(shown)


@rule("missing-override", Book, severity="warning")
def missing_override(book: Book) -> Iterator[Hit]:
    """One language has a block of its own for a channel, and another one has not.

    A channel that has no block of its own takes the general form. What one
    language had to shorten for an SMS is mostly too long in the others too, or
    they say something else there.

    Bad:
        holding.en.j2: {% block sms %}…{% endblock %}
        holding.fr.j2: only {% block short %}
    Good:
        {% block sms %} in both, or in neither
    """
    for message, texts in book.texts.items():
        present = {locale: text for locale, text in texts.items() if text.sound}
        for block, channels in _overrides(book, message).items():
            have = [locale for locale, text in present.items() if block in text.anatomy.blocks]
            lack = [locale for locale in present if locale not in have]
            if not have or not lack:
                continue
            used = listed(f'"{name}"' for name in channels)
            for locale in lack if len(have) >= len(lack) else have:
                text = present[locale]
                if locale in lack:
                    what = f"there is no block {quoted(block)} for {used}, as in {listed(have)}"
                    yield text.hit(0, what, f"add {{% block {block} %}} … {{% endblock %}}")
                else:
                    at = outline(text.source.text).block_at(block)
                    what = f"only {listed(have)} has a block {quoted(block)} for {used}"
                    hint = f"add it in {listed(lack)}, or take it out here"
                    yield text.hit(at, what, hint)


def _overrides(book: Book, message: str) -> dict[str, list[str]]:
    """The blocks that stand for a form on one channel of this message, with the channels."""
    found: dict[str, list[str]] = {}
    for sending in book.senders(message):
        for name in sending.send.channels:
            channel = book.channel(name)
            if channel is None:
                continue
            for block in channel.own_blocks(name):
                if block not in FORMS and name not in found.setdefault(block, []):
                    found[block].append(name)
    return found


@rule("unused-block", MessageText)
def unused_block(text: MessageText) -> Iterator[Hit]:
    """A block that no channel takes and no other block calls.

    Somebody wrote words that no customer will read: the call was forgotten, or
    its name was changed in one place only.

    Bad:
        {% block cause_sentence %}We changed something.{% endblock %}
        {% block body %}Our shop is down.{% endblock %}
    Good:
        {% block body %}Our shop is down. {{ self.cause_sentence() }}{% endblock %}
    """
    found = outline(text.source.text)
    taken = set(FORMS)
    for name, channel in text.book.channels.channels.items():
        taken.update(channel.own_blocks(name))
    called = set(chain.from_iterable(part.calls for part in found.parts.values()))
    for block in found.parts:
        if block not in taken and block not in called:
            guess = did_you_mean(block, (taken - found.parts.keys()) - {""})
            hint = f"call it as {{{{ self.{block}() }}}}, or remove it"
            if guess:
                hint = f'did you mean "{guess}"? else {hint}'
            what = f"no channel takes the block {quoted(block)}, and no other block calls it"
            yield text.hit(found.block_at(block), what, hint)


@rule("says-nothing", MessageText)
def says_nothing(text: MessageText) -> Iterator[Hit]:
    """A form that comes out empty.

    An empty message cannot be sent. Each answer to a question is tried, as far
    as a walk through the playbook can give it when the message goes out.

    Bad:
        {% block headline %}{% if cause == "attack" %}We were attacked{% endif %}{% endblock %}
    Good:
        {% block headline %}{% if cause == "attack" %}We were attacked{% else %}Our shop is
        down{% endif %}{% endblock %}
    """
    for block in _taken(text):
        for reading in _readings(text, block, every=not surely_speaks(text.source.text, block)):
            empty = not reading.text and not reading.problem
            if empty and (not reading.changes or possible(text)(reading.changes)):
                when = f" with {listed(map(str, reading.changes))}" if reading.changes else ""
                what = f"the block {quoted(block)} says nothing{when}"
                hint = "say what holds then, with {% else %}"
                at = outline(text.source.text).block_at(block)
                yield text.hit(at, what, hint if when else "write what customers read there")
                break


@rule("render-fails", MessageText)
def render_fails(text: MessageText) -> Iterator[Hit]:
    """A text cannot be rendered with the playbook's own examples.

    What fails in the preview fails on the night.

    Bad:
        {% if orders > "many" %}…{% endif %}
    Good:
        {% if orders > 100 %}…{% endif %}
    """
    if text.locale not in LOCALES:
        return  # `stray-template` says so
    try:
        compiled_text(text.source.text, text.locale)
    except CrisisError as error:
        yield text.hit(0, error.message, error.hint)
        return
    failed = [
        (block, reading)
        for block in _taken(text)
        for reading in _readings(text, block, every=_may_fail(text, block))
        if reading.problem
    ]
    told = (
        {hit.line for hit in chain(unprintable(text), wrongly_filtered(text))} if failed else set()
    )
    for block, reading in failed:
        if reading.line not in told:
            told.add(reading.line)
            at = outline(text.source.text).block_at(block)
            if reading.line:
                at = _first_tag(text, reading.line)
            when = f" with {listed(map(str, reading.changes))}" if reading.changes else ""
            what = f"the block {quoted(block)} cannot be rendered{when}: {reading.problem}"
            yield text.hit(at, what, "`crisisctl preview` shows it with other facts")


def _readings(text: MessageText, block: str, *, every: bool) -> Iterator[Reading]:
    """The block as it is usually read, or with each choice."""
    if is_spoken(text):
        yield from usual(text, block)
        yield from varied(text, block) if every else ()


def _may_fail(text: MessageText, block: str) -> bool:
    """Whether a block asks something that cannot be judged by looking at it."""
    found = outline(text.source.text)
    asked = (asked for each in found.reached(block) for asked in found.parts[each].asked)
    said = (leaf for each in asked for leaf in leaves(each.said))
    return any(isinstance(leaf, Opaque) and leaf.names - {"loop"} for leaf in said)


def _taken(text: MessageText) -> list[str]:
    """The blocks that the channels of the message take, as far as there are such blocks."""
    found = chain.from_iterable(text.taken(sending.send) for sending in text.senders)
    return [block for block in dict.fromkeys(found) if block in text.anatomy.blocks]


def _first_tag(text: MessageText, line: int) -> int:
    """Where the first tag of a line begins."""
    starts = (*text.anatomy.starts, len(text.anatomy.code))
    begin = starts[min(line, len(starts) - 1) - 1]
    code = text.anatomy.code[begin : starts[min(line, len(starts) - 1)]]
    return begin + len(code) - len(code.lstrip())
