"""Foreign text and tables as Markdown shows them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crisisctl.text import safe

_SPECIAL = re.compile(r"([\\`*\[\]<>|#~&]|(?<![^\W_])_|_(?![^\W_]))")
"""An underscore inside a word means nothing to Markdown."""
_LEADING = re.compile(r"^(?:-(?=[ -])|\+(?= |$)|\d{1,9}[.)](?= |$))")
"""What would begin a list or a rule at the start of a line."""
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
"""Not the no-break spaces: French holds its numbers and marks together with them."""


def plain(text: str) -> str:
    """Foreign text as Markdown shows it literally, on one line."""
    clean = _SPECIAL.sub(r"\\\1", safe(_SPACES.sub(" ", text).strip()))
    return _LEADING.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", clean)


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A Markdown table; the cells are foreign text."""
    names = list(heads)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(plain(cell) for cell in row)} |"
