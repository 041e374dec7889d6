"""Whether every message can be rendered, in every language, and fits."""

from crisisctl.lint.rules.messages import (
    choices,
    clock,
    counts,
    overflow,
    parity,
    sentences,
    templates,
    undefined,
    values,
    wording,
    written,
)

__all__ = [
    "choices",
    "clock",
    "counts",
    "overflow",
    "parity",
    "sentences",
    "templates",
    "undefined",
    "values",
    "wording",
    "written",
]
