"""Names of columns, compared: what people vary in them does not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WRAPPERS = ("attributes.", "review.", "reviews.", "node.", "fields.", "_source.")
"""Objects that only wrap the fields of a record in JSON."""


def fold(cell: str) -> str:
    """A name without what varies: case, accents, spaces, dots, remarks in brackets."""
    return _fold(cell[:200])


@lru_cache(maxsize=4096)
def _fold(cell: str) -> str:
    cell = cell.casefold()
    for wrapper in _WRAPPERS:
        cell = cell.removeprefix(wrapper)
    if "(" in cell:
        cell = re.sub(r"\([^)]*\)", "", cell) or cell
    text = unicodedata.normalize("NFKD", cell.replace("ı", "i"))
    return re.sub(r"[\W_]+", "", re.sub("[\u0300-\u036f]", "", text))


def folded(names: str) -> tuple[str, ...]:
    """Several names, folded."""
    return tuple(fold(name) for name in names.split())
