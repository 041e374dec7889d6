"""A draft for one very review, in its language: cause, apology, remedy, invitation.

The sentences stand in `templates/replies/LOCALE.yaml`, several for each part. Of all ways to put
them together the draft takes one that is least like what was answered last, so that no two people
in a row read the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from hashlib import blake2b
from itertools import islice, product
from pathlib import Path

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.incident.heard import Strategy
from crisisctl.messages.channels import Channel
from crisisctl.messages.limits import Parts, measured
from crisisctl.messages.proof.words import load_data
from crisisctl.messages.templates import Sentence, sentence
from crisisctl.playbook.form import Model
from crisisctl.reviews.shelf import Heard
from crisisctl.text import listed
from crisisctl.workspace import Workspace

NAMES = ("name", "product", "day", "brand", "contact", "signer", "platform")
"""What a sentence may speak of."""
ALWAYS = ("brand", "contact")
"""What is known of every review, once the shop has told it."""
_Variants = tuple[str, ...]


class Greeting(Model, frozen=True, kw_only=True):
    """How an answer begins."""

    named: _Variants = ()
    """To somebody who signs with a name."""
    plain: _Variants


class Topic(Model, frozen=True, kw_only=True):
    """The sentences for one topic. `any` fits every aspect of it."""

    cause: dict[str, _Variants]
    """What went wrong, in our words, by aspect."""
    apology: _Variants
    """That we are sorry, and what for."""
    remedy: dict[str, _Variants]
    """What we do about it, by aspect."""
    invitation: _Variants
    """Where to go on in private."""
    short: dict[str, _Variants]
    """A whole answer for stores that take few characters, by aspect."""


class Replies(Model, frozen=True, kw_only=True):
    """All drafts of one language."""

    greeting: Greeting
    topics: dict[str, Topic]
    """By topic, and `safety` where somebody was hurt."""
    signature: _Variants = ()
    """Who answers."""


class Draft(Struct, frozen=True):
    """A text to read, change and approve."""

    text: str
    locale: str
    topic: str
    """Whose sentences it is made of: a topic, or `safety`."""
    likeness: float = 0.0
    """How like it is to the nearest of the last answers, 0 to 100."""


class Occasion(Struct, frozen=True):
    """What a draft is made for, besides the review itself."""

    locale: str
    channel: Channel
    values: Mapping[str, str]
    """What is known of `NAMES`."""
    strategy: Strategy = "individual"
    recent: tuple[str, ...] = ()
    """The answers in this language so far, newest last."""


MOST_ALIKE = 85.0
"""From here on two answers read as copies (per cent of the letters that agree in order)."""
_LAST = 10
"""Answers that a draft is held against."""
_TRIES = 24
"""Ways to put sentences together that are looked at for one draft."""


def load_replies(workspace: Workspace, locale: str) -> Replies | None:
    """The drafts of a language; None for a language without any."""
    return load_data(workspace, f"replies/{locale}.yaml", Replies)


def draft(replies: Replies, heard: Heard, occasion: Occasion) -> Draft:
    """The draft for a review. Raises where no sentence can be used, or none fits the channel."""
    topic = "safety" if heard.safety and "safety" in replies.topics else heard.topic
    said = replies.topics.get(topic) or replies.topics.get("other")
    if said is None:
        raise CrisisError(f'there are no answers about "{topic}" in {occasion.locale}')
    short = occasion.channel.form != "body" or occasion.strategy == "standard"
    order = (_brief(said, heard, occasion), _whole(replies, said, heard, occasion))
    ways = order if short else reversed(order)
    fitting = ([text for text in way if _fits(text, occasion)] for way in ways)
    texts = next(filter(None, fitting), [])
    if unknown := [name for name in ALWAYS if name not in occasion.values]:
        raise CrisisError(
            f"no draft: the shop's {listed(unknown)} is not known yet",
            hint="write `brand: {name: …, support_email: …}` in crisisctl.yaml, or record the "
            "facts with `crisisctl fact`",
        )
    if not texts:
        raise CrisisError(
            f'no answer about "{topic}" in {occasion.locale} fits {occasion.channel.title}',
            hint="write it yourself, or add shorter sentences to templates/replies",
        )
    texts = [text for text in texts if text not in {*occasion.recent}] or texts
    recent = occasion.recent[-_LAST:]
    best = min(texts, key=lambda text: likeness(text, recent))
    return Draft(best, occasion.locale, topic, likeness(best, recent))


def likeness(text: str, recent: Iterable[str]) -> float:
    """How like a text is to the nearest of others, 0 to 100."""
    from rapidfuzz import fuzz

    plain = " ".join(text.casefold().split())
    return max((fuzz.ratio(plain, " ".join(r.casefold().split())) for r in recent), default=0.0)


def _whole(replies: Replies, said: Topic, heard: Heard, occasion: Occasion) -> list[str]:
    """Full answers, as many as are looked at, in an order of this review's own."""
    named = _ready(replies.greeting.named, occasion) if "name" in occasion.values else []
    greeting = named or _ready(replies.greeting.plain, occasion)
    body = [
        _ready(_of(said.cause, heard.aspect), occasion),
        _ready(said.apology, occasion),
        _ready(_of(said.remedy, heard.aspect), occasion),
        _ready(said.invitation, occasion),
    ]
    parts = [greeting, *body, _ready(replies.signature, occasion) or [""]]
    if not all(parts):
        return []
    own = _own(heard)
    turned = [_turned(part, own >> 7 * n) for n, part in enumerate(parts)]
    return [_joined(row) for row in islice(_mixed(turned), _TRIES)]


def _brief(said: Topic, heard: Heard, occasion: Occasion) -> list[str]:
    """Short answers: those that are written so, and those that a few sentences make."""
    written = _ready(_of(said.short, heard.aspect), occasion)
    if heard.aspect in said.short:
        written += _ready(said.short.get("any", ()), occasion)
    parts = [
        _ready(_of(said.cause, heard.aspect), occasion),
        _ready(said.apology, occasion),
        _ready(said.invitation, occasion),
    ]
    made = islice(_mixed(parts), _TRIES) if all(parts) else ()
    own = _own(heard)
    return [*_turned(written, own), *map(" ".join, made)] if written else list(map(" ".join, made))


def _own(heard: Heard) -> int:
    """A number of this review's own, the same in every run."""
    key = heard.review.key.encode(errors="replace")
    return int.from_bytes(blake2b(key, digest_size=8).digest())


def _mixed(parts: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Ways to choose one of each, those first that differ in every part."""
    most = max(len(part) for part in parts)
    first = [tuple(part[n % len(part)] for part in parts) for n in range(most)]
    yield from first
    yield from (row for row in product(*parts) if row not in first)


def _turned(part: Sequence[str], by: int) -> list[str]:
    at = by % len(part)
    return [*part[at:], *part[:at]]


def _joined(row: Sequence[str]) -> str:
    greeting, cause, apology, remedy, invitation, signature = row
    body = f"{cause} {apology}\n\n{remedy} {invitation}"
    return "\n\n".join(filter(None, (greeting, body, signature)))


def _of(by_aspect: Mapping[str, _Variants], aspect: str) -> _Variants:
    return by_aspect.get(aspect) or by_aspect.get("any", ())


def _fits(text: str, occasion: Occasion) -> bool:
    return not any(each.over for each in measured(occasion.channel, Parts(text)) if each.hard)


def _ready(variants: _Variants, occasion: Occasion) -> list[str]:
    """The sentences whose names are all known, with them filled in."""
    found = []
    for text in variants:
        made = compiled_sentence(text, occasion.locale)
        if made.names <= occasion.values.keys():
            found.append(made.filled(occasion.values))
    return found


@lru_cache(maxsize=4096)
def compiled_sentence(text: str, locale: str) -> Sentence:
    """A sentence ready to be filled in. Raises if it is not harmless, or speaks of other names."""
    made = sentence(text, Path(f"replies/{locale}.yaml"), locale, UTC)
    unknown = sorted(made.names - set(NAMES))
    if unknown:
        raise CrisisError(
            f'replies/{locale}.yaml: a sentence speaks of "{unknown[0]}", which is not known here',
            hint=f"it may use: {', '.join(NAMES)}",
        )
    return made


_GIVEN = re.compile(r"[^\W\d_]{2,20}(?:-[^\W\d_]{2,20})?")
_NOBODY = frozenset(
    {
        *("amazon", "google", "trustpilot", "yelp", "facebook", "steam", "apple", "ebay", "etsy"),
        *("customer", "user", "guest", "anonymous", "nobody", "unknown", "admin", "shop", "store"),
        *("client", "utilisateur", "anonyme", "cliente", "usuario", "anonimo", "kunde", "test"),
        *("müşteri", "kullanıcı", "misafir", "anonim", "гость", "пользователь", "покупатель"),
        *("клиент", "аноним", "mr", "mrs", "ms", "the", "le", "la", "el", "los", "las", "monsieur"),
        *("madame", "señor", "señora", "bay", "bayan", "dr", "new", "happy", "angry", "very"),
    }
)


def given_name(author: str) -> str:
    """How to address somebody who signs so: a first name, or nothing where it looks like none."""
    first = author.split()[0].strip(".,") if author.split() else ""
    parts = first.split("-")
    plausible = _GIVEN.fullmatch(first) and all(p[0].isupper() and p[1:].islower() for p in parts)
    return first if plausible and first.casefold() not in _NOBODY else ""
