"""Who reads a message, and in which language its rules are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crisisctl.lint.outline import outline
from crisisctl.lint.subject import MessageText


def language(text: MessageText) -> str:
    """The language of a text, without its country."""
    return text.locale.partition("-")[0]


def printed_names(
    text: MessageText, blocks: frozenset[str], wanted: Callable[[str], bool]
) -> Iterator[tuple[int, str]]:
    """The facts with a wanted name that these blocks print, each where it stands."""
    of = outline(text.source.text)
    for printed, node, fact in of.printed_names:
        if printed.block in blocks and wanted(fact):
            yield of.at(node), fact
