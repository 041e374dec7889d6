"""`lint --format …`: what people, editors and CI systems read, whatever the files hold."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from conftest import Crisis
from msgspec.structs import replace
from small import write

from crisisctl.lint.finding import Finding
from crisisctl.lint.gather import Unread
from crisisctl.lint.outcome import Outcome
from crisisctl.lint.output import FORMATS, github, junit, sarif, text
from crisisctl.lint.rule import RULES

OWNERLESS = "playbook: shop\ntitle: Something happened\nstages: {}\n"
SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0.json").read_bytes())
"""The schema of SARIF 2.1.0 as its own tools ship it."""
LINE = re.compile(r"(.+?):(\d+):(\d+): (error|warning)\[([a-z0-9-]+)\]: (.+)")
HOSTILE = "\x1b[31m, a%0Ab: ü\n::error::x <b>|`*_\r\0\u202e\ud83d\uffff ##[error]"
"""What a file may try to say to a terminal, a log, a page and a parser."""


@pytest.fixture
def shop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose playbook breaks two rules; one of them only warns."""
    monkeypatch.setitem(RULES, "no-steps", replace(RULES["no-steps"], severity="warning"))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    write(folder / "crisisctl.yaml", "lint: {select: [no-owner, no-steps]}\n")
    write(folder / "playbooks" / "clean.yaml", WHOLE)
    return write(folder / "playbooks" / "shop.yaml", OWNERLESS)


WHOLE = """\
playbook: clean
title: Something else happened
owner: ana
stages: {assess: [{id: look, title: Look}]}
"""


def a_finding(**changes: Any) -> Finding:
    plain = Finding("playbooks/shop.yaml", 1, 11, "no-owner", "error", "no owner", "add one", "f1")
    return replace(plain, **changes)


def an_outcome(*findings: Finding, **changes: Any) -> Outcome:
    files = tuple(sorted({finding.file for finding in findings}))
    return Outcome(**{"findings": findings, "files": files, "rules": frozenset(RULES), **changes})


def plain(outcome: Outcome) -> list[str]:
    return [row.text for row in text.rows(outcome)]


# Text


def test_text_is_a_line_for_each_finding_its_hint_and_a_summary(crisis: Crisis, shop: Path) -> None:
    ran = crisis("lint", "playbooks")

    first, hint, second, *rest = ran.stdout.splitlines()
    assert LINE.fullmatch(first).groups()[:5] == (
        *("playbooks/shop.yaml", "1", "11", "error", "no-owner"),
    )
    assert hint.startswith("    hint: ")
    assert LINE.fullmatch(second).groups()[:5] == (
        *("playbooks/shop.yaml", "3", "1", "warning", "no-steps"),
    )
    assert rest[-1] == "1 error and 1 warning in 2 files"
    assert (ran.exit, ran.stderr) == (1, "")


def test_a_clean_set_is_one_line(crisis: Crisis, shop: Path) -> None:
    ran = crisis("lint", "playbooks/clean.yaml")

    assert (ran.exit, ran.stdout) == (0, "nothing found in 1 file\n")


def test_the_summary_says_why_warnings_alone_pass(crisis: Crisis, shop: Path) -> None:
    ran = crisis("lint", "playbooks", "--ignore", "no-owner")

    assert ran.exit == 0
    assert ran.stdout.splitlines()[-1] == (
        "1 warning in 2 files; warnings fail under --strict only"
    )


def test_text_never_obeys_what_a_file_says() -> None:
    bad = a_finding(text=HOSTILE, hint=HOSTILE, file=f"a{HOSTILE}.yaml")

    rows = plain(an_outcome(bad))

    assert (
        len(rows) == 4
    )  # the finding, its hint, a blank line, the summary: the screen cleans them
    assert not rows[0].startswith("::")
    assert plain(an_outcome(a_finding(file="::error::x.yaml")))[0].startswith("./::error")


def test_a_hostile_file_does_not_reach_the_terminal(crisis: Crisis, shop: Path) -> None:
    name = 'a\x1b[31m"b\\u202e'
    write(shop, json.dumps({"playbook": "shop", "title": "T", "stages": {}, name: 1}))

    for format in FORMATS:
        shown = crisis("lint", "playbooks", "--select", "unknown-key", "-f", format).stdout
        assert "\x1b" not in shown
        assert "\u202e" not in shown


# JSON


def test_json_is_one_object_with_every_finding_and_the_counts(crisis: Crisis, shop: Path) -> None:
    ran = crisis("lint", "playbooks", "--format", "json")
    data = json.loads(ran.stdout)

    assert (ran.exit, ran.stderr) == (1, "")
    assert list(data) == ["schema", "findings", "unread", "unchecked", "gone", "summary"]
    assert data["schema"] == 1
    first, second = data["findings"]
    assert list(first) == [
        *("file", "line", "column", "rule", "severity", "text", "hint", "fingerprint"),
    ]
    assert (first["file"], first["line"], first["column"]) == ("playbooks/shop.yaml", 1, 11)
    assert (second["rule"], second["severity"]) == ("no-steps", "warning")
    assert data["summary"] == {
        **{"files": 2, "errors": 1, "warnings": 1, "known": 0, "gone": 0, "unread": 0},
        "failed": True,
    }


def test_json_has_a_short_name(crisis: Crisis, shop: Path) -> None:
    assert crisis("lint", "--json") == crisis("lint", "--format", "json")


# GitHub


def test_github_gets_a_command_for_each_finding(crisis: Crisis, shop: Path) -> None:
    lines = crisis("lint", "playbooks", "--format", "github").stdout.splitlines()

    assert lines[0].startswith(
        "::error file=playbooks/shop.yaml,line=1,col=11,title=no-owner::the playbook has no owner"
    )
    assert lines[1].startswith("::warning file=playbooks/shop.yaml,line=3,col=1,title=no-steps::")
    assert lines[2] == "1 error and 1 warning in 2 files"


def test_github_reads_back_what_was_escaped() -> None:
    bad = a_finding(file="a,b:c%.yaml", text="50% of: x,\ny", hint="100%")

    line, _ = github.commands(an_outcome(bad)).splitlines()

    assert line == (
        "::error file=a%2Cb%3Ac%25.yaml,line=1,col=11,title=no-owner"
        "::50%25 of: x,%0Ay%0Ahint: 100%25"
    )


def test_github_obeys_nothing_that_a_file_says() -> None:
    bad = a_finding(text=HOSTILE, hint=HOSTILE, file=HOSTILE)
    unread = Unread(HOSTILE, HOSTILE)

    lines = github.commands(an_outcome(bad, unread=(unread,))).split("\n")

    assert [line.startswith("::error file=") for line in lines] == [True, True, False, False]
    assert all(line.isprintable() for line in lines)


def test_github_is_told_how_many_there_are_when_it_shows_only_some() -> None:
    few = [a_finding(line=n) for n in range(1, 11)]
    many = [*few, a_finding(line=11)]

    assert github.commands(an_outcome(*few)).endswith("10 errors in 1 file\n")
    assert "11 errors in 1 file (GitHub annotates the first 10" in github.commands(
        an_outcome(*many)
    )


def test_the_step_summary_is_a_table_after_what_stands_there(
    crisis: Crisis, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = write(Path("page.md"), "before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))

    crisis("lint", "playbooks", "--format", "github")
    crisis("lint", "playbooks", "--format", "text")

    shown = page.read_text(encoding="utf-8")
    assert shown.startswith("before\n### crisisctl lint\n")
    assert shown.count("### crisisctl lint") == 1
    assert "| playbooks/shop.yaml line 1, column 11 | error: no-owner | the playbook" in shown


def test_the_step_summary_says_when_all_is_well() -> None:
    assert github.step_summary(an_outcome(files=("a.yaml",))) == (
        "### crisisctl lint\n\nnothing found in 1 file\n\n\n"
    )


def test_the_step_summary_shows_markup_as_it_is() -> None:
    page = github.step_summary(an_outcome(a_finding(text=HOSTILE, file="a|b`.yaml")))

    rows = [line for line in page.splitlines() if "no-owner" in line]
    assert len(rows) == 1
    assert rows[0].count("|") == 5
    assert not re.search(r"[<>`*\[\]@\x1b]", rows[0])


def test_the_step_summary_stays_below_its_limit_and_says_what_is_missing() -> None:
    many = [a_finding(line=n, text="ü|" * 100) for n in range(1, 5_000)]

    page = github.step_summary(an_outcome(*many))
    shown = page.count("no-owner")

    assert 500_000 < len(page.encode()) < github.SUMMARY_BYTES
    assert f"… and {len(many) - shown} more" in page
    assert github.step_summary(an_outcome(*many), room=100) == ""


@pytest.mark.parametrize("where", ["pipe", "folder", "missing/page.md"])
def test_a_step_summary_that_cannot_be_written_stops_nobody(
    crisis: Crisis, shop: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    os.mkfifo("pipe")
    Path("folder").mkdir()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", where)

    ran = crisis("lint", "playbooks/clean.yaml", "--format", "github")

    assert (ran.exit, ran.stdout) == (0, "nothing found in 1 file\n")
    assert "the step summary cannot be written" in ran.stderr


# SARIF


def valid(log: dict[str, Any]) -> dict[str, Any]:
    """A log that its schema allows; its one run."""
    checker = jsonschema.FormatChecker()
    jsonschema.Draft4Validator(SCHEMA, format_checker=checker).validate(log)
    (run,) = log["runs"]
    assert len({json.dumps(result) for result in run["results"]}) == len(run["results"])
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
    return dict(run)


def test_sarif_is_valid_and_says_where_and_which_rule(crisis: Crisis, shop: Path) -> None:
    run = valid(json.loads(crisis("lint", "playbooks", "--format", "sarif").stdout))

    first, second = run["results"]
    assert (first["ruleId"], first["level"]) == ("no-owner", "error")
    assert (second["ruleId"], second["level"]) == ("no-steps", "warning")
    (place,) = (one["physicalLocation"] for one in first["locations"])
    assert place["region"] == {"startLine": 1, "startColumn": 11}
    assert place["artifactLocation"] == {"uri": "playbooks/shop.yaml", "uriBaseId": "%SRCROOT%"}
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"] == [{"executionSuccessful": True}]


def test_sarif_brings_the_pages_of_the_rules_that_applied(crisis: Crisis, shop: Path) -> None:
    run = valid(json.loads(crisis("lint", "playbooks", "--format", "sarif").stdout))

    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    page = RULES["no-owner"]
    assert list(rules) == ["no-owner", "no-steps"]
    assert rules["no-owner"]["shortDescription"]["text"] == page.title
    assert page.why in rules["no-owner"]["help"]["text"]
    assert page.bad.split("\n")[0] in rules["no-owner"]["help"]["markdown"]


def test_every_rule_has_a_page_that_sarif_allows() -> None:
    run = valid(sarif.log(an_outcome(*(a_finding(rule=rule) for rule in RULES))))

    assert len(run["results"]) == len(RULES)


def test_sarif_fingerprints_stay_when_lines_move(crisis: Crisis, shop: Path) -> None:
    def prints() -> list[str]:
        run = json.loads(crisis("lint", "playbooks", "-f", "sarif").stdout)["runs"][0]
        return [r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]]

    before = prints()
    write(shop, f"# a new line\n{OWNERLESS}")

    assert prints() == before
    assert len(set(before)) == 2


@pytest.mark.parametrize(
    "file", ["a b%.yaml", "a:b.yaml", "été/#1?.yaml", "a\udcff\n.yaml", "../up.yaml"]
)
def test_sarif_names_any_file(file: str) -> None:
    run = valid(sarif.log(an_outcome(a_finding(file=file, text=HOSTILE, hint=HOSTILE))))

    (place,) = (one["physicalLocation"] for one in run["results"][0]["locations"])
    uri = place["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", uri)
    assert unquote(uri, errors="surrogateescape") == file


def test_sarif_names_a_file_outside_by_its_whole_path() -> None:
    run = valid(sarif.log(an_outcome(a_finding(file="/tmp/a b.yaml"))))

    (place,) = (one["physicalLocation"] for one in run["results"][0]["locations"])
    assert place["artifactLocation"] == {"uri": "file:///tmp/a%20b.yaml"}


def test_sarif_says_what_could_not_be_read() -> None:
    run = valid(sarif.log(an_outcome(unread=(Unread("a.yaml", "a.yaml does not exist"),))))

    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (told,) = invocation["toolExecutionNotifications"]
    assert told["message"]["text"] == "a.yaml does not exist"


# JUnit


def cases(document: str) -> Iterator[tuple[str, list[str]]]:
    """Each test case with the tags inside it; the counts of the suite must agree."""
    top = ET.fromstring(document)
    (suite,) = top.findall("testsuite")
    for counted in (top, suite):
        assert int(counted.attrib["tests"]) == len(suite.findall("testcase"))
        assert int(counted.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(counted.attrib["errors"]) == len(suite.findall("testcase/error"))
    for case in suite:
        yield case.attrib["name"], [inside.tag for inside in case]


def test_junit_has_a_case_for_each_file_and_a_clean_one_passes(crisis: Crisis, shop: Path) -> None:
    document = crisis("lint", "playbooks", "--format", "junit").stdout

    assert document.startswith('<?xml version="1.0" encoding="UTF-8"?>\n')
    assert list(cases(document)) == [
        ("playbooks/clean.yaml", []),
        ("playbooks/shop.yaml", ["failure", "system-out"]),
    ]


def test_junit_tells_all_findings_of_a_file_in_one_failure(crisis: Crisis, shop: Path) -> None:
    document = crisis("lint", "playbooks", "--format", "junit", "--strict").stdout

    (failure,) = ET.fromstring(document).iter("failure")
    assert failure.attrib["message"].startswith("1 error and 1 warning: the playbook has no owner")
    lines = [line for line in (failure.text or "").splitlines() if LINE.fullmatch(line)]
    assert [LINE.fullmatch(line)[5] for line in lines] == ["no-owner", "no-steps"]


def test_a_warning_alone_does_not_fail_its_case_unless_strict(crisis: Crisis, shop: Path) -> None:
    only = ("lint", "playbooks/shop.yaml", "--format", "junit", "--select", "no-steps")

    assert [tags for _, tags in cases(crisis(*only).stdout)] == [["system-out"]]
    assert [tags for _, tags in cases(crisis(*only, "--strict").stdout)] == [["failure"]]


def test_junit_is_xml_whatever_the_files_hold() -> None:
    every = "".join(map(chr, [*range(0x20), 0x7F, 0x85, 0xFFFE, 0xFFFF, 0xD800])) + "<&>\"']]>é"
    bad = a_finding(text=every, hint=every, file=f"{every}.yaml")

    document = junit.document(an_outcome(bad, unread=(Unread(every, every),)))

    assert document.isascii()
    assert [tags for _, tags in cases(document)] == [["failure"], ["error"]]
    assert "é" in (next(ET.fromstring(document).iter("failure")).text or "")


# All of them


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_files_give_the_same_bytes(crisis: Crisis, shop: Path, format: str) -> None:
    words = ("lint", "playbooks", "--format", format)

    assert crisis(*words) == crisis(*words)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_has_the_same_exit_code(crisis: Crisis, shop: Path, format: str) -> None:
    assert crisis("lint", "playbooks", "-f", format).exit == 1
    assert crisis("lint", "playbooks/clean.yaml", "-f", format).exit == 0
    assert crisis("lint", "playbooks", "missing.yaml", "-f", format).exit == 2


@pytest.mark.parametrize("format", ["json", "sarif", "junit"])
def test_ascii_terminals_get_the_same_data(console: Crisis, shop: Path, format: str) -> None:
    write(shop, OWNERLESS + "ключ: 1\n")
    words = ("lint", "playbooks", "--select", "unknown-key", "--format", format)

    plain = console(*words, PYTHONIOENCODING="ascii").stdout
    wide = console(*words, PYTHONIOENCODING="utf-8").stdout

    assert plain.isascii()
    if format == "junit":
        texts = [[e.text for e in ET.fromstring(x).iter("failure")] for x in (plain, wide)]
        assert "ключ" in str(texts[0])
        assert texts[0] == texts[1]
    else:
        assert json.loads(plain) == json.loads(wide)
        assert "ключ" in wide
