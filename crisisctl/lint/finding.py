"""What the linter has to say, as data."""

from __future__ import annotations

from msgspec import Struct

from crisisctl.messages.proof.severity import Severity

__all__ = ["Finding", "Hit", "Severity", "Source"]


class Finding(Struct, frozen=True, order=True):
    """One thing that is wrong, and where: line and column from 1, the column in characters."""

    file: str
    line: int
    column: int
    rule: str
    severity: Severity
    text: str
    hint: str = ""
    fingerprint: str = ""
    """The same finding keeps it when lines move; two findings never share it in one file."""


class Hit(Struct, frozen=True):
    """What a rule found: the rule itself does not repeat its name and severity."""

    source: Source
    line: int
    column: int
    text: str
    hint: str = ""


class Source(Struct, frozen=True, eq=False):
    """A file as it was read."""

    shown: str
    """Its name as people and CI read it."""
    text: str
    lines: tuple[str, ...]
    """The text split where YAML and editors split it."""

    def hit(self, line: int, column: int, text: str, hint: str = "") -> Hit:
        """A finding at this place."""
        return Hit(self, line, column, text, hint)


def and_more(places: int) -> str:
    """What a finding adds that is told at the first of several places of one cause."""
    more = places - 1
    return f" (and in {more} more place{'s' if more > 1 else ''} of this text)" if more else ""
