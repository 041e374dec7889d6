"""Whether a message of a crisis advertises."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.passages import passages
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.law.breach import for_people
from crisisctl.lint.rules.law.readers import language
from crisisctl.lint.subject import MessageText
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.proof.marketing import Marketing, advertising, marketing_words
from crisisctl.messages.proof.phrases import possible
from crisisctl.messages.proof.readers import AUTHORITY, STAFF
from crisisctl.messages.proof.reading import shown

_AMENDS = ("apology", "reply")
"""Messages that are there to make up for something."""


@rule("crisis-marketing", MessageText)
def crisis_marketing(text: MessageText) -> Iterator[Hit]:
    """A message about a crisis advertises.

    Who could not order tonight reads "discover our new collection" as mockery,
    and a notice with advertising in it is advertising, which people must have
    agreed to (ePrivacy Directive Art. 13). What makes up for the harm is no
    advertising: a discount in an apology, or beside the words that say what it
    is for. Texts about a data breach have a stricter rule of their own.

    Bad:
        We are repairing our shop. By the way, 20 % off our autumn collection!
    Good:
        We are sorry that you had to wait. You get 10 % off your next order.
    """
    words = _words(text)
    if words is None or not text.sound or not _for_customers(text):
        return
    if not possible((*words.lures, *words.gifts), text.anatomy.prose, language(text)):
        return
    kinds = {kind_of(sending.send, text.book.plan) for sending in text.senders}
    told: set[int] = set()
    for passage in passages(text.source.text):
        amends = not kinds.isdisjoint(_AMENDS)
        for match in advertising(passage.text, language(text), words, amends=amends):
            at = passage.origin(match.start)
            if at not in told:
                told.add(at)
                said = shown(passage.text, match.start, match.end)
                what = f'"{said}" advertises in a message about a crisis'
                yield text.hit(at, what, "leave it out, or say what it makes up for")


def _words(text: MessageText) -> Marketing | None:
    try:
        return marketing_words(text.book.workspace, language(text))
    except CrisisError:  # a list of the workspace's own that cannot be read
        return None


def _for_customers(text: MessageText) -> bool:
    """Whether people outside read it, and no stricter rule speaks of it."""
    sends = [sending.send for sending in text.senders]
    outside = [s for s in sends if s.to not in STAFF and not AUTHORITY.search(s.to.lower())]
    return bool(outside) and not any(for_people(text.book, send) for send in outside)
