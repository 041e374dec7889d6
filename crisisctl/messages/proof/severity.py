"""How bad it is what proofreading finds, for the linter and for finished texts alike."""

from __future__ import annotations

from typing import Literal

Severity = Literal["error", "warning"]

WARNINGS = frozenset(
    {
        *("missing-acknowledgement", "missing-action", "missing-what-you-can-do", "missing-cause"),
        *("tone-passive", "unequal-remedy"),
        *("fr-spacing", "ru-quotes", "three-dots", "double-space", "space-before-stop"),
    }
)
"""What nobody can be sure of, or what is only untidy; all else is an error."""


def severity_of(rule: str) -> Severity:
    """How bad a finding of this rule is."""
    return "warning" if rule in WARNINGS else "error"
