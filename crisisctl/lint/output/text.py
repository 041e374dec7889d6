"""Findings for people and editors: `file:line:col: error[rule-id]: text`, a summary last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from crisisctl.lint.finding import Finding
from crisisctl.lint.outcome import Outcome

Style = Literal["", "bold", "dim", "good", "bad", "warn"]
HINT = "    hint: "


class Row(Struct, frozen=True):
    """One line, in pieces of one style each."""

    pieces: tuple[tuple[str, Style], ...]
    wraps: bool = False
    """Whether a terminal may break it: not where editors read the place from it."""

    @property
    def text(self) -> str:
        """The line without its styles."""
        return "".join(text for text, _ in self.pieces)


def rows(outcome: Outcome) -> Iterator[Row]:
    """The lines to show, in order."""
    for finding in outcome.findings:
        yield _head(finding)
        if finding.hint:
            yield Row(((f"{HINT}{finding.hint}", ""),), wraps=True)
    if outcome.findings:
        yield Row(())
    for file in outcome.unchecked:
        what = f"the messages of {named(file)} were not checked: mend it, and lint again"
        yield Row(((what, "warn"),), wraps=True)
    yield Row(((summary(outcome), _mood(outcome)),), wraps=True)


def summary(outcome: Outcome) -> str:
    """What was found, in one line."""
    counts = [counted(outcome.count(severity), severity) for severity in ("error", "warning")]
    found = " and ".join(filter(None, counts)) or "nothing found"
    files = counted(len(outcome.files), "file") or "no file"
    parts = [f"{found} in {files}"]
    if outcome.findings and not outcome.failed:
        parts.append("warnings fail under --strict only")
    if outcome.known:
        parts.append(f"{outcome.known} known from the baseline left out")
    if outcome.gone:
        what = (
            "1 that it lists is" if len(outcome.gone) == 1 else f"{len(outcome.gone)} it lists are"
        )
        parts.append(f"{what} gone: --write-baseline brings it up to date")
    if outcome.unread:
        parts.append(f"{len(outcome.unread)} could not be read")
    return "; ".join(parts)


def counted(number: int, what: str) -> str:
    """So many of a thing: "1 error", "2 errors"; nothing where there is none."""
    return f"{number} {what}{'s' if number != 1 else ''}" if number else ""


def named(file: str) -> str:
    """A file's name at the start of a line; in CI logs `::` there would be a command."""
    return f"./{file}" if file.startswith((":", "#", " ")) else file


def _head(finding: Finding) -> Row:
    place = f"{named(finding.file)}:{finding.line}:{finding.column}:"
    style: Style = "bad" if finding.severity == "error" else "warn"
    label = f"{finding.severity}[{finding.rule}]:"
    return Row(((place, "bold"), (" ", ""), (label, style), (f" {finding.text}", "")))


def _mood(outcome: Outcome) -> Style:
    if outcome.failed or outcome.unread:
        return "bad"
    return "warn" if outcome.findings else "good"
