"""Whether every message can be rendered, in every language, and fits."""

from crisisctl.lint.rules.messages import (
    choices,
    overflow,
    parity,
    sentences,
    templates,
    values,
    wording,
    written,
)

__all__ = [
    "choices",
    "overflow",
    "parity",
    "sentences",
    "templates",
    "values",
    "wording",
    "written",
]
