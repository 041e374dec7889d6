"""Findings as data, for `--format json`."""

from __future__ import annotations

from crisisctl.lint.finding import Finding
from crisisctl.lint.outcome import Outcome
from crisisctl.lint.rule import Rule
from crisisctl.report.data import Json


def outcome_data(outcome: Outcome) -> Json:
    """Everything a run came to."""
    return {
        "findings": [_finding(finding) for finding in outcome.findings],
        "unread": [{"file": one.file, "text": one.text} for one in outcome.unread],
        "unchecked": list(outcome.unchecked),
        "gone": [
            {"file": one.file, "rule": one.rule, "fingerprint": one.fingerprint}
            for one in outcome.gone
        ],
        "summary": {
            "files": len(outcome.files),
            "errors": outcome.count("error"),
            "warnings": outcome.count("warning"),
            "known": outcome.known,
            "gone": len(outcome.gone),
            "unread": len(outcome.unread),
            "failed": outcome.failed,
        },
    }


def rule_data(rule: Rule) -> Json:
    """A rule's manual page."""
    return {
        "rule": rule.id,
        "severity": rule.severity,
        "family": rule.family,
        "title": rule.title,
        "why": rule.why,
        "bad": rule.bad,
        "good": rule.good,
    }


def _finding(finding: Finding) -> Json:
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "rule": finding.rule,
        "severity": finding.severity,
        "text": finding.text,
        "hint": finding.hint,
        "fingerprint": finding.fingerprint,
    }
