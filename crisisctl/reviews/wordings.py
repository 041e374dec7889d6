"""Whether the drafts of a language can be used: every sentence, and the answers made of them."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.errors import CrisisError
from crisisctl.messages.proof.proofread import Setting, proofread
from crisisctl.playbook.reader import Document, Path, Problem
from crisisctl.reviews.replies import ALWAYS, NAMES, Replies, Topic, compiled_sentence
from crisisctl.reviews.review import TOPICS
from crisisctl.workspace import Workspace

LONGEST = 340
"""Characters of a short answer: Google Play takes 350, and names differ in length."""
_EXAMPLES = {
    "name": "Marie",
    "product": "Kestrel 2",
    "day": "27",
    "brand": "Kestrel",
    "contact": "help@kestrel.example",
    "signer": "Jo",
    "platform": "Trustpilot",
}
SAFETY = "safety"


def wrong(
    replies: Replies, document: Document, workspace: Workspace, locale: str
) -> Iterator[Problem]:
    """Everything because of which a draft could not be made, or should not be."""
    seen = _Check(document, workspace, locale)
    yield from seen.topics(replies)
    greeting = replies.greeting
    yield from seen.part(("greeting", "plain"), greeting.plain)
    yield from seen.sentences(("greeting", "named"), greeting.named)
    yield from seen.part(("signature",), replies.signature)


class _Check:
    def __init__(self, document: Document, workspace: Workspace, locale: str) -> None:
        self.document, self.workspace, self.locale = document, workspace, locale
        self.setting = Setting(workspace, locale, form="short", public=True)

    def problem(
        self, path: Path, rule: str, text: str, hint: str = "", *, key: bool = False
    ) -> Problem:
        mark = self.document.mark(path, key=key)
        return Problem(
            line=mark.line, column=mark.column, text=text, hint=hint, rule=rule, path=path
        )

    def topics(self, replies: Replies) -> Iterator[Problem]:
        for topic in (*TOPICS, SAFETY):
            if topic not in replies.topics:
                what = f'there are no answers about "{topic}"'
                yield self.problem(("topics",), "reply-few", what, f"add `{topic}:`", key=True)
        for topic, said in replies.topics.items():
            path: Path = ("topics", topic)
            if topic not in (*TOPICS, SAFETY):
                what = f'there is no topic "{topic}"'
                hint = f"topics: {', '.join((*TOPICS, SAFETY))}"
                yield self.problem(path, "reply-few", what, hint, key=True)
            yield from self.topic(path, said)

    def topic(self, path: Path, said: Topic) -> Iterator[Problem]:
        for name, by_aspect in (
            ("cause", said.cause),
            ("remedy", said.remedy),
            ("short", said.short),
        ):
            if "any" not in by_aspect:
                what = f"`{name}` has no sentences for any aspect"
                yield self.problem((*path, name), "reply-few", what, "add `any:`", key=True)
            for aspect, variants in by_aspect.items():
                yield from self.part((*path, name, aspect), variants)
        yield from self.part((*path, "apology"), said.apology)
        yield from self.part((*path, "invitation"), said.invitation)
        for aspect, variants in said.short.items():
            for number, text in enumerate(variants):
                yield from self.short((*path, "short", aspect, number), text)

    def part(self, path: Path, variants: tuple[str, ...]) -> Iterator[Problem]:
        """A list of variants: each can be used, and one of them for every review."""
        yield from self.sentences(path, variants)
        usable = [text for text in variants if self.names(text) <= {*ALWAYS}]
        if not usable:
            what = "no sentence here can be used for every review"
            hint = (
                "add one without name, product, day, signer and platform: they are not always known"
            )
            yield self.problem(path, "reply-few", what, hint, key=True)

    def sentences(self, path: Path, variants: tuple[str, ...]) -> Iterator[Problem]:
        filled: list[tuple[int, str]] = []
        for number, text in enumerate(variants):
            try:
                filled.append((number, self.filled(text)))
            except CrisisError as error:
                yield self.problem((*path, number), "reply-sentence", _said(error), error.hint)
        # all at once, each in a paragraph of its own: reading a text has its price
        whole = "\n\n".join(words for _, words in filled)
        for flaw in proofread(whole, self.setting):
            number = filled[(flaw.line - 1) // 2][0]
            yield self.problem((*path, number), flaw.rule, flaw.text, flaw.hint)

    def short(self, path: Path, text: str) -> Iterator[Problem]:
        try:
            length = len(self.filled(text))
        except CrisisError:
            return  # told already
        if length > LONGEST:
            what = f"a short answer of {length} characters: some stores take no more than {LONGEST}"
            yield self.problem(path, "reply-long", what, "shorten it; nothing is ever cut")

    def names(self, text: str) -> frozenset[str]:
        try:
            return compiled_sentence(text, self.locale).names
        except CrisisError:
            return frozenset(NAMES)

    def filled(self, text: str) -> str:
        return compiled_sentence(text, self.locale).filled(_EXAMPLES)


def _said(error: CrisisError) -> str:
    return error.message.rpartition("yaml: ")[2] or error.message
