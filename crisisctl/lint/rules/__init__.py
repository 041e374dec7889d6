"""The rules by family; importing this package fills the register in `crisisctl.lint.rule`."""

from crisisctl.lint.rules import (
    compensation,
    elements,
    form,
    language,
    law,
    logic,
    messages,
    paths,
    references,
    setup,
    tone,
    upkeep,
)

__all__ = [
    "compensation",
    "elements",
    "form",
    "language",
    "law",
    "logic",
    "messages",
    "paths",
    "references",
    "setup",
    "tone",
    "upkeep",
]
