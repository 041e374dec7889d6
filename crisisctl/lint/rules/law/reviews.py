"""What law and platforms forbid around reviews and remedies."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path as FilePath
from typing import NamedTuple

from crisisctl.lint.finding import Hit, Source
from crisisctl.lint.passages import hit_in, passages, plan_texts
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.law.readers import language
from crisisctl.lint.subject import (
    Book,
)
from crisisctl.messages.proof import fairness
from crisisctl.messages.proof.phrases import met
from crisisctl.messages.proof.readers import STAFF
from crisisctl.messages.proof.reading import Fairness, fairness_words, telling, written_in
from crisisctl.messages.proof.remark import Remark
from crisisctl.workspace import Workspace


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


@rule("unequal-remedy", Book)
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
    clean = _clean(root)
    texts = [(path, value) for path, value in plan_texts(book) if value and value not in clean]
    together = "\n\n".join(value for _, value in texts)
    suspect: set[str] = set()
    for locale in written_in(together):
        words = _fairness_words(root, locale)
        needed = () if words is None else telling(together, locale, words)
        if words is None or not needed:
            continue
        for path, value in texts:
            if met(needed, value, locale):
                for remark in _fair(value, locale, words, guide=True):
                    suspect.add(value)
                    hit = hit_in(book, path, value, remark.start, remark.text, remark.hint)
                    yield _Told(source, remark, hit)
    if len(clean) < _MOST_CLEAN:
        clean.update(value for _, value in texts if value not in suspect)


_MOST_CLEAN = 4_000


@lru_cache(maxsize=4)
def _clean(_root: FilePath | None) -> set[str]:
    """Texts of playbooks in which nothing can be found; teams copy playbooks from each other."""
    return set()


def _of_the_texts(book: Book) -> Iterator[_Told]:
    for text in book.every_text:
        if text.sound:
            staff = all(sending.send.to in STAFF for sending in text.senders)
            told = _fair_template(text.source.text, language(text), book.workspace.root, staff)
            for remark in told:
                hit = text.hit(remark.start, remark.text, remark.hint)
                yield _Told(text.source, remark, hit)


@lru_cache(maxsize=32)
def _fairness_words(root: FilePath | None, locale: str) -> Fairness | None:
    return fairness_words(Workspace(root), locale)


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
    if words is None or not telling(text, locale, words):
        return ()
    found = {
        (at, remark.rule): Remark(at, at, remark.rule, remark.text, remark.hint)
        for passage in passages(text)
        for remark in _fair(passage.text, locale, words, guide=staff)
        for at in (passage.origin(remark.start),)
    }
    return tuple(found.values())
