"""Tables as Markdown shows them; the cells are foreign text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crisisctl.text import unmarked as plain


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A Markdown table; the cells are foreign text."""
    names = list(heads)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(plain(cell) for cell in row)} |"
