"""The languages of a message side by side, and the one that differs from all others."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence

from crisisctl.lint.subject import Book, MessageText
from crisisctl.text import listed

FORMS = ("headline", "short", "body")


def named(locales: Iterable[str]) -> str:
    """Languages in a sentence."""
    return listed([f'"{locale}"' for locale in locales])


def general(book: Book) -> frozenset[str]:
    """The forms and helper blocks: all but those of single channels."""
    own = {
        block
        for name, channel in book.channels.channels.items()
        for block in channel.own_blocks(name)
    } - set(FORMS)
    blocks = {block for text in book.every_text for block in text.anatomy.blocks}
    return frozenset(blocks - own)


def side_by_side(book: Book) -> Iterator[tuple[str, list[MessageText]]]:
    """Each block of each message with the languages that have it, the first language first."""
    for texts in book.texts.values():
        present = [text for text in texts.values() if text.sound]
        present.sort(key=lambda text: _rank(book, text.locale))
        for block in dict.fromkeys(block for text in present for block in text.anatomy.blocks):
            sharing = [text for text in present if block in text.anatomy.blocks]
            if len(sharing) > 1:
                yield block, sharing


def _rank(book: Book, locale: str) -> tuple[int, str]:
    known = locale in book.locales
    return (book.locales.index(locale) if known else len(book.locales)), locale


def lone(points: Sequence[Hashable]) -> int | None:
    """Which one differs where all others agree; of two, the first is right."""
    if len(points) == 2:
        return 1 if points[0] != points[1] else None
    for number, point in enumerate(points):
        rest = {other for place, other in enumerate(points) if place != number}
        if len(rest) == 1 and point not in rest:
            return number
    return None


def others(sharing: list[MessageText], but: int) -> str:
    """All languages but one, in a sentence."""
    return named(text.locale for place, text in enumerate(sharing) if place != but)
