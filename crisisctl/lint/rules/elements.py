"""Whether each message says what a message of its kind must say.

Sorry, thanks, a time and an address can be told surely. What happened, what is
done, what helps and why can be said in more ways than a list holds: warnings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.lint import trials
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book, MessageText
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.proof import elements
from crisisctl.messages.proof.apologies import conditional_apologies
from crisisctl.messages.proof.cues import Element, Words, words_of
from crisisctl.messages.proof.elements import Form
from crisisctl.messages.proof.remark import Remark
from crisisctl.playbook.model import MessageKind
from crisisctl.text import listed, quoted


class _Spoken(Struct, frozen=True):
    """What people read on some channels, with the example facts."""

    kind: MessageKind
    form: Form
    block: str
    text: str


@rule("missing-acknowledgement", MessageText)
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


@rule("missing-action", MessageText)
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


@rule("missing-what-you-can-do", MessageText)
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


@rule("missing-cause", MessageText)
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


ENOUGH = 3
"""Languages that must share a message: two that differ do not tell which is right."""
_SHARED: dict[Element, str] = {
    "apology": "that you are sorry",
    "thanks": "thank you",
    "ownership": "that it is yours to answer for",
}
"""What can be told so surely that languages can be compared, and names and links do not show."""


@rule("elements-differ", Book, severity="warning")
def elements_differ(book: Book) -> Iterator[Hit]:
    """A language does not say what all the others say on the same channel.

    Sorry, thanks and "that is our mistake" are lost easily when a text is cut
    to fit. Where every other language found room for it, this one has it too.
    The texts are read as they are sent, with the example facts.

    Bad:
        en: {% block sms %}It works again. We are sorry. Thank you.{% endblock %}
        tr: {% block sms %}Yeniden çalışıyor. Teşekkürler.{% endblock %}
    Good:
        tr: {% block sms %}Yeniden çalışıyor. Özür dileriz. Teşekkürler.{% endblock %}
    """
    for written in book.texts.values():
        texts = {locale: text for locale, text in written.items() if text.sound}
        if len(texts) < ENOUGH:
            continue
        told: set[tuple[str, str, Element]] = set()
        spoken = {locale: _by_channel(text) for locale, text in texts.items()}
        for key in dict.fromkeys(key for by_channel in spoken.values() for key in by_channel):
            said = {locale: row[key] for locale, row in spoken.items() if key in row}
            for locale, element in _odd_ones(book, said):
                block = said[locale].block
                if (locale, block, element) not in told:
                    told.add((locale, block, element))
                    others = listed([quoted(other) for other in said if other != locale])
                    what = f"the block {quoted(block)} does not say {_SHARED[element]}, as it does"
                    hint = "say it here too"
                    place = _tag(texts[locale], block)
                    yield texts[locale].hit(place, f"{what} in {others}", hint)


def _odd_ones(book: Book, said: Mapping[str, _Spoken]) -> Iterator[tuple[str, Element]]:
    """The languages that lack what all others have; what each must say is another rule's."""
    if len(said) < ENOUGH or len({spoken.text for spoken in said.values()}) == 1:
        return
    stated: dict[str, frozenset[Element]] = {}
    for locale, spoken in said.items():
        words = _words(book, locale)
        if words is None:
            return
        stated[locale] = elements.stated(spoken.text, locale, words)
    for element in _SHARED:
        lacking = [locale for locale, have in stated.items() if element not in have]
        if len(lacking) == 1:
            spoken = said[lacking[0]]
            if (element,) not in elements.demands(spoken.kind, spoken.form):
                yield lacking[0], element


_CASE = re.compile(r"\{%[-+]?\s*+(if|elif|else|endif)\b[^%{}]*+%\}")


@rule("silent-branch", MessageText, severity="warning")
def silent_branch(text: MessageText) -> Iterator[Hit]:
    """A case is told apart, and nothing is said for it.

    Who writes `elif` or `else` has something to say there; mostly the words were
    lost when the text was changed. An empty `if` before them may be meant: it
    takes a case out of those that follow. Where nothing is to be said, leave the case
    out, or write a comment such as `{# nothing to add #}` into it.

    Bad:
        {% if progress == "fixing" %}We are repairing it.{% else %}{% endif %}
    Good:
        {% if progress == "fixing" %}We are repairing it.{% else %}We test it.{% endif %}
    """
    cases = list(_CASE.finditer(text.anatomy.code))
    for case, after in pairwise(cases):
        if case[1] not in ("elif", "else") or after[1] == "if":
            continue
        if not text.source.text[case.end() : after.start()].strip():
            what = "no words are said in this case"
            yield text.hit(case.start(), what, "write what holds then, or leave the case out")


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
        for remark in conditional_apologies(text.anatomy.prose, text.locale, words):
            yield text.hit(remark.start, remark.text.replace("\0", ""), remark.hint)


def _missing(text: MessageText, wanted: str) -> Iterator[Hit]:
    for spoken, remark in _all_missing(text):
        if remark.rule == wanted:
            yield text.hit(_tag(text, spoken.block), remark.text, remark.hint)


@lru_cache(maxsize=64)
def _all_missing(text: MessageText) -> tuple[tuple[_Spoken, Remark], ...]:
    words = _words(text.book, text.locale)
    if words is None:
        return ()
    return tuple(
        (spoken, remark)
        for spoken in _spoken(text)
        for remark in elements.missing(
            spoken.text, text.locale, words, kind=spoken.kind, form=spoken.form
        )
    )


def _spoken(text: MessageText) -> tuple[_Spoken, ...]:
    """What its channels say with the example facts, each once."""
    return tuple(dict.fromkeys(_by_channel(text).values()))


@lru_cache(maxsize=64)
def _by_channel(text: MessageText) -> dict[tuple[MessageKind, str], _Spoken]:
    """The same by kind and channel; what cannot be rendered is another rule's."""
    found: dict[tuple[MessageKind, str], _Spoken] = {}
    known: dict[tuple[MessageKind, Form, str], _Spoken | None] = {}
    if not trials.is_spoken(text):
        return {}
    written = text.anatomy.blocks
    for sending in text.senders:
        kind = kind_of(sending.send, text.book.plan)
        for name in sending.send.channels:
            channel = text.book.channel(name)
            if kind is None or channel is None or channel.form == "headline":
                continue
            block, form = channel.block_for(name, written), channel.form
            # Where little room is, the title above the text says part of it.
            title = channel.heading_for(written) if channel.heading else ""
            blocks = [title, block] if form == "short" and title else [block]
            if (kind, form, block) not in known:
                said = _read_aloud(text, blocks)
                known[kind, form, block] = _Spoken(kind, form, block, said) if said else None
            spoken = known[kind, form, block]
            if spoken is not None:
                found[kind, name] = spoken
    return found


def _read_aloud(text: MessageText, blocks: list[str]) -> str:
    if any(block not in text.anatomy.blocks for block in blocks):
        return ""
    said = [trials.with_examples(text, block) for block in blocks]
    return "\n\n".join(one.text for one in said if one) if all(said) else ""


@lru_cache(maxsize=16)
def _words(book: Book, locale: str) -> Words | None:
    try:
        return words_of(book.workspace, locale)
    except CrisisError:  # a list of the workspace's own that cannot be read
        return None


def _tag(text: MessageText, block: str) -> int:
    found = re.search(rf"{{%[-+]?\s*block\s+{re.escape(block)}(?!\w)", text.anatomy.code)
    return found.start() if found else 0
