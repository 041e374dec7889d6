"""Findings as JUnit XML: one test case a file, failed where something in it fails.

All findings of a file stand in one `failure`, because most CI systems show
only the first of several.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from crisisctl.lint.finding import Finding
from crisisctl.lint.outcome import Outcome
from crisisctl.lint.output.text import HINT, counted
from crisisctl.text import safe

_NAME = "crisisctl lint"


def document(outcome: Outcome) -> str:
    """The XML document, in ASCII: what it cannot hold is written as `&#233;`."""
    by_file: dict[str, list[Finding]] = {file: [] for file in outcome.files}
    for finding in outcome.findings:
        by_file.setdefault(finding.file, []).append(finding)
    suite = Element("testsuite", name=_NAME)
    for file, findings in sorted(by_file.items()):
        _add_case(suite, file, findings, outcome)
    for one in outcome.unread:
        case = _case(suite, one.file)
        SubElement(case, "error", type="not linted", message=safe(one.text)).text = safe(one.text)
    counts = {
        "tests": str(len(suite)),
        "failures": str(len(suite.findall("*/failure"))),
        "errors": str(len(suite.findall("*/error"))),
        "skipped": "0",
        "time": "0",
    }
    suite.attrib.update(counts)
    top = Element("testsuites", {"name": _NAME, **counts})
    top.append(suite)
    indent(top)
    body = tostring(top, encoding="us-ascii").decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _add_case(suite: Element, file: str, findings: list[Finding], outcome: Outcome) -> None:
    case = _case(suite, file)
    failing = [finding for finding in findings if outcome.fails(finding)]
    passing = [finding for finding in findings if not outcome.fails(finding)]
    if failing:
        counts = [
            counted(sum(f.severity == severity for f in failing), severity)
            for severity in ("error", "warning")
        ]
        message = f"{' and '.join(filter(None, counts))}: {failing[0].text}"
        failure = SubElement(case, "failure", type=failing[0].rule, message=safe(message))
        failure.text = _lines(failing)
    if passing:
        SubElement(case, "system-out").text = _lines(passing)


def _case(suite: Element, file: str) -> Element:
    return SubElement(
        suite, "testcase", name=safe(file), classname=_NAME, file=safe(file), time="0"
    )


def _lines(findings: Iterable[Finding]) -> str:
    lines = []
    for f in findings:
        lines.append(safe(f"{f.file}:{f.line}:{f.column}: {f.severity}[{f.rule}]: {f.text}"))
        if f.hint:
            lines.append(safe(f"{HINT}{f.hint}"))
    return "\n" + "\n".join(lines) + "\n"
