"""Findings as annotations of a GitHub workflow, and as the summary of its step."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisisctl.lint.finding import Finding
from crisisctl.lint.outcome import Outcome
from crisisctl.lint.output.text import summary
from crisisctl.text import safe

SHOWN = 10
"""As many annotations of a kind as GitHub shows for a step."""
SUMMARY_BYTES = 1 << 20
"""A longer summary of a step is refused whole."""

# Every sign that Markdown could take for more than itself, or GitHub for a name or a link.
_MARKUP = re.compile(r"[\\`*_\[\]<>|&@:~#$!{}()^=+]")
_HEAD = "| Where | Rule | What is wrong | What to do |\n| --- | --- | --- | --- |\n"


def commands(outcome: Outcome) -> str:
    """One workflow command a finding, then the summary line."""
    lines = [_command(finding) for finding in outcome.findings]
    lines += [
        f"::error file={_property(one.file)},title=not linted::{_data(one.text)}"
        for one in outcome.unread
    ]
    return "\n".join([*lines, _last(outcome)]) + "\n"


def step_summary(outcome: Outcome, room: int = SUMMARY_BYTES) -> str:
    """The findings as a Markdown table of fewer than `room` bytes, or nothing."""
    heading = f"### crisisctl lint\n\n{summary(outcome)}\n\n"
    more = "\n… and {} more: see the log of this step.\n\n"
    left = room - len((heading + _HEAD + more).encode()) - 20
    if left < 0:
        return ""
    rows: list[str] = []
    for row in _rows(outcome):
        left -= len(row.encode())
        if left <= 0:
            break
        rows.append(row)
    missing = len(outcome.unread) + len(outcome.findings) - len(rows)
    table = _HEAD + "".join(rows) if rows or missing else ""
    return heading + table + (more.format(missing) if missing else "\n")


def _command(finding: Finding) -> str:
    text = f"{finding.text}\nhint: {finding.hint}" if finding.hint else finding.text
    place = f"file={_property(finding.file)},line={finding.line},col={finding.column}"
    return f"::{finding.severity} {place},title={_property(finding.rule)}::{_data(text)}"


def _data(text: str) -> str:
    clean = safe(text, lines=True)
    return clean.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _last(outcome: Outcome) -> str:
    errors = outcome.count("error") + len(outcome.unread)
    if max(errors, outcome.count("warning")) > SHOWN:
        return f"{summary(outcome)} (GitHub annotates the first {SHOWN} of each kind)"
    return summary(outcome)


def _rows(outcome: Outcome) -> Iterator[str]:
    for one in outcome.unread:
        yield f"| {_cell(one.file)} | | {_cell(one.text)} | |\n"
    for f in outcome.findings:
        where = f"{_cell(f.file)} line {f.line}, column {f.column}"
        yield f"| {where} | {f.severity}: {f.rule} | {_cell(f.text)} | {_cell(f.hint)} |\n"


def _cell(text: str) -> str:
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", safe(text))
