"""The rules by family; importing this package fills the register in `crisisctl.lint.rule`."""

from crisisctl.lint.rules import form, references, upkeep

__all__ = ["form", "references", "upkeep"]
