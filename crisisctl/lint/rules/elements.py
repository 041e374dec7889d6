"""Whether each message says what a message of its kind must say.

Sorry, thanks, a time and an address can be told surely. What happened, what is
done, what helps and why can be said in more ways than a list holds: warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from crisisctl.errors import CrisisError
from crisisctl.lint import samples
from crisisctl.lint.aloud import Aloud
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book, MessageText
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.pack import tidied
from crisisctl.messages.proof import elements
from crisisctl.messages.proof.elements import Form, Words
from crisisctl.playbook.model import MessageKind


@dataclass(frozen=True, slots=True)
class _Spoken:
    """What people read on some channels, with the example facts."""

    kind: MessageKind
    form: Form
    block: str
    text: str


@rule("missing-acknowledgement", MessageText, severity="warning")
def missing_acknowledgement(text: MessageText) -> Iterator[Hit]:
    """A message does not say that you know, and what does not work.

    Until people read that you know, they go on asking, and others answer for
    you. The text is read as it is sent, with the example facts; a short text
    must say it too.

    Bad:
        {% block body %}We are sorry. Next update by {{ next_update | clock }}.{% endblock %}
    Good:
        {% block body %}You cannot order from us since {{ started_at | clock }}. We know about it …
    """
    yield from _missing(text, "missing-acknowledgement")


@rule("missing-apology", MessageText)
def missing_apology(text: MessageText) -> Iterator[Hit]:
    """A message does not say sorry.

    Saying sorry for what people lost admits no guilt, and its absence is what
    they quote. A short text may say what comes next instead.

    Bad:
        {% block body %}Our shop is down. We are repairing it.{% endblock %}
    Good:
        {% block body %}Our shop is down. We are sorry and are repairing it.{% endblock %}
    """
    yield from _missing(text, "missing-apology")


@rule("missing-action", MessageText, severity="warning")
def missing_action(text: MessageText) -> Iterator[Hit]:
    """A message does not say what you are doing about it.

    People forgive a fault sooner than silence about the repair. Say who does
    what: "we" and a verb.

    Bad:
        {% block body %}Our shop is down. We are sorry.{% endblock %}
    Good:
        {% block body %}Our shop is down. We are sorry, and we are repairing it.{% endblock %}
    """
    yield from _missing(text, "missing-action")


@rule("missing-next-update", MessageText)
def missing_next_update(text: MessageText) -> Iterator[Hit]:
    """A holding statement or an update does not say when people hear from you next.

    With a time, people wait for it; without one, they ask again and again.

    Bad:
        {% block body %}We are repairing our shop. Thank you for your patience.{% endblock %}
    Good:
        {% block body %}… Next update by {{ next_update | clock }}, even if nothing is new.
    """
    yield from _missing(text, "missing-next-update")


@rule("missing-what-you-can-do", MessageText, severity="warning")
def missing_what_you_can_do(text: MessageText) -> Iterator[Hit]:
    """A message does not say what its readers can do now.

    What to do comes before how sorry you are: people who wait for help need
    to know how to help themselves, or that there is nothing to do.

    Bad:
        {% block body %}Our shop is down. We are repairing it.{% endblock %}
    Good:
        {% block body %}… Please do not pay a second time. You can order by phone: …
    """
    yield from _missing(text, "missing-what-you-can-do")


@rule("missing-contact", MessageText)
def missing_contact(text: MessageText) -> Iterator[Hit]:
    """A message does not say how to reach you.

    "Write to us" is not enough where the reader has no address: give an
    e-mail address, a number, a link, or say "reply to this message".

    Bad:
        {% block body %}… Contact our support with your questions.{% endblock %}
    Good:
        {% block body %}… Questions? Write to {{ support_email }}.{% endblock %}
    """
    yield from _missing(text, "missing-contact")


@rule("missing-thanks", MessageText)
def missing_thanks(text: MessageText) -> Iterator[Hit]:
    """A message does not say thank you.

    Your customers' patience is theirs to give.

    Bad:
        {% block body %}Our shop works again. We are sorry for the trouble.{% endblock %}
    Good:
        {% block body %}Our shop works again. … Thank you for your patience.{% endblock %}
    """
    yield from _missing(text, "missing-thanks")


@rule("missing-cause", MessageText, severity="warning")
def missing_cause(text: MessageText) -> Iterator[Hit]:
    """The message that ends it, or the report, does not say why it happened.

    Silence about the cause is filled by rumours. Plain words are enough, and
    so is "we do not know the cause yet".

    Bad:
        {% block body %}Our shop works again. Thank you for your patience.{% endblock %}
    Good:
        {% block body %}Our shop works again. Why it failed: a change of ours broke the payment. …
    """
    yield from _missing(text, "missing-cause")


@rule("untimed-next-update", MessageText)
def untimed_next_update(text: MessageText) -> Iterator[Hit]:
    """A message promises news, but not by when.

    "We will keep you informed" is a promise that nobody can hold you to, so
    nobody believes it.

    Bad:
        {% block body %}… We will write again soon.{% endblock %}
    Good:
        {% block body %}… We will write again by {{ next_update | clock }}.{% endblock %}
    """
    words = _words(text.book, text.locale)
    if words is None:
        return
    for spoken in _spoken(text):
        wanted = ("next-update",) in elements.demands(spoken.kind, spoken.form)
        for remark in elements.untimed(spoken.text, text.locale, words)[:1] if wanted else ():
            said = spoken.text[remark.start : remark.end]
            place = text.anatomy.prose.find(said)
            yield text.hit(
                place if place >= 0 else _tag(text, spoken.block), remark.text, remark.hint
            )


@rule("conditional-apology", MessageText)
def conditional_apology(text: MessageText) -> Iterator[Hit]:
    """An apology hangs on an "if".

    "We are sorry if you were affected" says that perhaps nothing happened, to
    people whom it happened to.

    Bad:
        We are sorry if this caused you any trouble.
    Good:
        We are sorry for the trouble that we caused you.
    """
    words = _words(text.book, text.locale)
    if words is not None:
        for remark in elements.conditional_apologies(text.anatomy.prose, text.locale, words):
            yield text.hit(remark.start, remark.text.replace("\0", ""), remark.hint)


def _missing(text: MessageText, wanted: str) -> Iterator[Hit]:
    words = _words(text.book, text.locale)
    if words is None:
        return
    for spoken in _spoken(text):
        for remark in elements.missing(
            spoken.text, text.locale, words, kind=spoken.kind, form=spoken.form
        ):
            if remark.rule == wanted:
                yield text.hit(_tag(text, spoken.block), remark.text, remark.hint)


@lru_cache(maxsize=4)
def _spoken(text: MessageText) -> tuple[_Spoken, ...]:
    """What its channels say with the example facts; what cannot be rendered is another rule's."""
    found: dict[tuple[MessageKind, Form, str], _Spoken] = {}
    try:
        aloud = samples.compiled_text(text.source.text, text.locale)
    except CrisisError:
        return ()
    names = samples.story(text.book)
    for sending in text.senders:
        kind = kind_of(sending.send)
        for name in sending.send.channels:
            channel = text.book.channel(name)
            if kind is None or channel is None or channel.form == "headline":
                continue
            block, form = channel.block_for(name, aloud.blocks), channel.form
            # Where little room is, the title above the text says part of it.
            title = channel.heading_for(aloud.blocks) if channel.heading else ""
            blocks = [title, block] if form == "short" and title else [block]
            if (kind, form, block) not in found:
                said = _read_aloud(aloud, blocks, names)
                if said:
                    found[kind, form, block] = _Spoken(kind, form, block, said)
    return tuple(found.values())


def _read_aloud(aloud: Aloud, blocks: list[str], names: Mapping[str, object]) -> str:
    if any(block not in aloud.blocks for block in blocks):
        return ""
    try:
        return "\n\n".join(tidied(block, aloud.render(block, names)) for block in blocks)
    except CrisisError:
        return ""


@lru_cache(maxsize=16)
def _words(book: Book, locale: str) -> Words | None:
    try:
        return elements.words_of(book.workspace, locale)
    except CrisisError:  # a list of the workspace's own that cannot be read
        return None


def _tag(text: MessageText, block: str) -> int:
    found = re.search(rf"{{%[-+]?\s*block\s+{re.escape(block)}(?!\w)", text.anatomy.code)
    return found.start() if found else 0
