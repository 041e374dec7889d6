"""Findings as text for people and editors, and in the formats of CI systems."""

from __future__ import annotations

from crisisctl.lint.run import Result
from crisisctl.text import safe

FORMATS = ("text", "json", "github", "sarif", "junit")


def written(result: Result, format: str) -> str:
    """All findings in one of the formats."""
    return _text(result)


def _text(result: Result) -> str:
    lines = []
    for f in result.findings:
        lines.append(safe(f"{f.file}:{f.line}:{f.column}: {f.severity}[{f.rule}]: {f.text}"))
        if f.hint:
            lines.append(safe(f"    hint: {f.hint}"))
    return "\n".join([*lines, summary(result)]) + "\n"


def summary(result: Result) -> str:
    """What was found, in one line."""
    errors = sum(f.severity == "error" for f in result.findings)
    warnings = len(result.findings) - errors
    files = f"{result.files} file{'s' if result.files != 1 else ''}"
    counted = [_counted(errors, "error"), _counted(warnings, "warning")]
    found = " and ".join(filter(None, counted)) or "nothing found"
    return f"{found} in {files}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}" if number else ""
