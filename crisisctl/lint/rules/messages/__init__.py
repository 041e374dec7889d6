"""Whether every message can be rendered, in every language, and fits."""

from crisisctl.lint.rules.messages import (
    choices,
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
