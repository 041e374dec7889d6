"""Findings as SARIF 2.1.0, which code scanning services and editors read."""

from __future__ import annotations

import os
from pathlib import PurePath
from urllib.parse import quote

from crisisctl import __version__
from crisisctl.lint.finding import Finding
from crisisctl.lint.outcome import Outcome
from crisisctl.lint.rule import RULES, Rule
from crisisctl.report.data import Json
from crisisctl.text import safe

BASE = "%SRCROOT%"
"""The folder that file names are relative to: where the linter ran."""


def log(outcome: Outcome) -> Json:
    """A SARIF log of one run."""
    rules = sorted(outcome.rules)
    places = {id: index for index, id in enumerate(rules)}
    driver = {
        "name": "crisisctl lint",
        "version": __version__,
        "rules": [_rule(RULES[id]) for id in rules],
    }
    run: Json = {
        "tool": {"driver": driver},
        "invocations": [_invocation(outcome)],
        "originalUriBaseIds": {BASE: {"description": {"text": "where the linter ran"}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, places[finding.rule]) for finding in outcome.findings],
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }


def _rule(rule: Rule) -> Json:
    text = "\n\n".join(
        part
        for part in (
            rule.title,
            rule.why,
            f"Bad:\n\n{_indented(rule.bad)}" if rule.bad else "",
            f"Good:\n\n{_indented(rule.good)}" if rule.good else "",
        )
        if part
    )
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why or rule.title},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": [rule.family]},
    }


def _indented(example: str) -> str:
    """Four spaces before each line, which Markdown shows as it is."""
    return "\n".join(f"    {line}" for line in example.split("\n"))


def _invocation(outcome: Outcome) -> Json:
    found: Json = {"executionSuccessful": not outcome.unread}
    if outcome.unread:
        found["toolExecutionNotifications"] = [
            {"level": "error", "message": {"text": safe(one.text)}} for one in outcome.unread
        ]
    return found


def _result(finding: Finding, place: int) -> Json:
    text = f"{finding.text}\n{finding.hint}" if finding.hint else finding.text
    return {
        "ruleId": finding.rule,
        "ruleIndex": place,
        "level": finding.severity,
        "message": {"text": safe(text, lines=True)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(finding.file),
                    "region": {"startLine": finding.line, "startColumn": finding.column},
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{finding.fingerprint}:1"},
    }


def _artifact(file: str) -> Json:
    path = PurePath(file)
    if path.is_absolute():
        return {"uri": f"file://{quote(os.fsencode(path.as_posix()))}"}
    return {"uri": quote(os.fsencode(path.as_posix())), "uriBaseId": BASE}
