"""`--json`: one object on stdout with stable keys, whatever the terminal; nothing in an error."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis, prepared
from small import answers, small, write

HEAD = ["schema", "incident", "title", "drill", "status", "severity", "playbooks", "restricted"]
STATUS = [
    *HEAD,
    *("declared_at", "elapsed_seconds", "stage", "stage_number", "stages", "step", "step_title"),
    *("step_number", "steps", "step_done", "next_deadline", "open_deadlines", "milestones"),
    *("roles", "facts", "reviews", "frozen", "next_command"),
]
REPORT = [
    *HEAD,
    *("written_at", "events", "head", "post_mortem", "reviewed", "milestones", "metrics"),
    *("longest_silence", "impact", "stakes", "severities", "severity_seconds", "roles"),
    *("roles_held", "timeline", "decisions", "messages", "deadlines", "clocks"),
    *("uncovered", "breach_severity", "reviews", "compensation", "open_promises"),
    *("causes", "contributing_factors", "lessons", "actions", "playbook_notes", "skipped"),
    *("not_ticked", "facts", "facts_before"),
]
TEXT = [
    *("channel", "locale", "heading", "text", "sections", "html", "length", "limit", "unit"),
    *("fits", "sha256", "preheader", "measures", "sms"),
]
DUE = ["name", "title", "kind", "state", "since", "due", "met_at", "met_by", "because"]
READING = {
    "bare": ((), ["schema", "incidents"]),
    "status": (("status",), STATUS),
    "deadlines": (("deadlines",), [*HEAD, "deadlines", "clocks", "uncovered"]),
    "timeline": (("timeline",), [*HEAD, "timeline"]),
    "list": (("list",), ["schema", "incidents"]),
    "list --all": (("list", "--all"), ["schema", "incidents"]),
    "list --drill": (("list", "--drill"), ["schema", "incidents"]),
    "fact": (("fact", "shop"), [*HEAD, "name", "fact"]),
    "message list": (("message", "list"), [*HEAD, "messages"]),
    "message show": (
        ("message", "show", "hello"),
        [
            *(*HEAD, "message", "to", "uses", "texts", "draft", "approvers", "wanted"),
            "break_glass",
        ],
    ),
    "message diff": (("message", "diff", "hello"), [*HEAD, "texts"]),
    "message correct": (("message", "correct"), [*HEAD, "wrong"]),
    "report": (("report",), REPORT),
    "register": (("register",), ["schema", "advice", "breaches"]),
    "stats": (
        ("stats",),
        [
            *("schema", "since", "until", "playbook", "by", "first_day", "last_day", "total"),
            *("groups", "clock_jumps", "unread", "definitions"),
        ],
    ),
    "similar": (("similar",), [*HEAD, "compared", "withheld", "similar"]),
    "suggest": (("suggest", "small"), ["schema", "least", "drill", "playbooks"]),
    "action list": (("action", "list"), [*HEAD, "actions"]),
    "action list --all": (("action", "list", "--all"), ["schema", "actions"]),
    "review": (
        ("review",),
        [
            *(*HEAD, "post_mortem", "states", "due", "timeline", "causes", "lessons", "actions"),
            "missing",
        ],
    ),
    "verify": (("verify",), ["schema", "intact", "damages"]),
    "handover": (
        ("handover",),
        [
            *(*HEAD, "at", "declared_at", "elapsed_seconds", "known", "suspected", "due", "owed"),
            *("roles", "actions", "said_last", "next_steps", "waiting", "also", "next_command"),
        ],
    ),
    "timeline --as-of": (("timeline", "--as-of", "-0s"), [*HEAD, "timeline", "as_of"]),
    "status --as-of": (("status", "--as-of", "-0s"), [*STATUS, "as_of"]),
    "playbooks": (("playbooks",), ["schema", "playbooks", "broken"]),
    "show": (
        ("show", "small"),
        [
            *("schema", "playbook", "title", "summary", "owner", "reviewed", "roles", "facts"),
            *("impact", "deadlines", "approvals", "regulators", "compensation", "close_needs"),
            "public",
            *("stages", "messages"),
        ],
    ),
    "preview": (
        ("preview", "small/hello"),
        ["schema", "playbook", "message", "to", "uses", "texts"],
    ),
    "doctor": (("doctor",), ["schema", "healthy", "findings"]),
}
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
MOMENTS = ("at", "since", "due", "next_update")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An incident that has gone through everything, with a promise and an action item."""
    folder = tmp_path_factory.mktemp("ended")
    small(folder, deadlines="{first: {from: declared, within: {sev1: 10m}, met_by: hello}}")
    with prepared(folder) as crisis:
        id = crisis("start", "small", "--answers", str(answers(folder))).stdout.strip()
        crisis("note", "A quiet night", "--topic", "went-well")
        crisis("action", "add", "Alert on payment errors", "--owner", "jo", "--due", "2027-01-31")
    return folder, id


@pytest.fixture
def walked(ended: tuple[Path, str], folder: Path) -> str:
    """The same, in a folder of the test's own."""
    before, id = ended
    shutil.copytree(before, folder, dirs_exist_ok=True)
    return id


def moments(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Everything that by its key is a time, wherever it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            is_time = name.endswith("_at") or name in MOMENTS or key == "milestones"
            if is_time and isinstance(inner, str):
                yield name, inner
            yield from moments(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from moments(inner, key)


@pytest.mark.parametrize(("words", "keys"), READING.values(), ids=READING)
def test_a_reading_command_gives_one_object_with_these_keys(
    crisis: Crisis, walked: str, words: tuple[str, ...], keys: list[str]
) -> None:
    ran = crisis(*words, "--json")

    found = json.loads(ran.stdout)
    assert (ran.exit, ran.stderr) == (0, "")
    assert list(found) == keys
    assert found["schema"] == 1


@pytest.mark.parametrize("words", [w for w, _ in READING.values()], ids=READING)
def test_every_moment_is_iso_with_an_offset(
    crisis: Crisis, walked: str, words: tuple[str, ...]
) -> None:
    found = json.loads(crisis(*words, "--json").stdout)
    for action in found.get("actions", ()):
        assert action.pop("due") == "2027-01-31"  # a day, not a moment

    shown = dict(moments(found))

    assert all(ISO.fullmatch(when) for when in shown.values()), shown
    if words in ((), ("status",), ("timeline",), ("report",), ("deadlines",), ("list",)):
        assert shown


@pytest.mark.parametrize("words", [w for w, _ in READING.values()], ids=READING)
def test_the_object_does_not_depend_on_the_terminal(
    crisis: Crisis, walked: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = json.loads(crisis(*words, "--json").stdout)
    monkeypatch.setenv("COLUMNS", "20")
    narrow = json.loads(crisis(*words, "--json").stdout)

    changing = ("elapsed_seconds", "written_at", "findings", "texts", "incidents", "as_of", "at")
    assert {k: v for k, v in wide.items() if k not in changing} == {
        k: v for k, v in narrow.items() if k not in changing
    }


ERRORS = [
    ("status", "nope"),
    ("deadlines", "nope"),
    ("timeline", "nope"),
    ("report", "nope"),
    ("fact", "nope"),
    ("message", "list", "nope"),
    ("message", "show", "nope"),
    ("message", "show", "hello", "-c", "nope"),
    ("action", "list", "nope"),
    ("review", "nope"),
    ("verify", "nope"),
    ("verify", "nope.zip"),
    ("handover", "nope"),
    ("timeline", "--as-of", "never"),
    ("timeline", "--as-of", "+1h"),
    ("status", "--as-of", "-1d"),
    ("show", "nope"),
    ("preview", "nope/hello"),
    ("preview", "small/nope"),
    ("preview", "small"),
    ("preview", "small/hello", "--set", "nope=1"),
    ("preview", "small/hello", "--answers", "nope.yaml"),
]


@pytest.mark.parametrize("words", ERRORS, ids=" ".join)
def test_an_error_leaves_stdout_empty_and_says_it_on_stderr(
    crisis: Crisis, walked: str, words: tuple[str, ...]
) -> None:
    ran = crisis(*words, "--json")

    assert (ran.exit, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: ")


@pytest.mark.parametrize("words", [("status", "--nope"), ("lst",), ("note",)], ids=" ".join)
def test_wrong_usage_leaves_stdout_empty(crisis: Crisis, words: tuple[str, ...]) -> None:
    ran = crisis(*words, "--json")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "Usage: crisisctl" in ran.stderr


def test_the_bare_object_holds_the_status_of_every_open_incident(
    crisis: Crisis, walked: str
) -> None:
    [row] = json.loads(crisis("--json").stdout)["incidents"]
    status = json.loads(crisis("status", "--json").stdout)

    row["elapsed_seconds"] = status["elapsed_seconds"] = 0
    assert row == status
    assert list(row) == STATUS


def test_a_deadline_has_these_keys(crisis: Crisis, walked: str) -> None:
    [row] = json.loads(crisis("deadlines", "--json").stdout)["deadlines"]

    assert list(row) == DUE
    assert (row["name"], row["kind"], row["state"]) == ("first", "deadline", "met")
    assert (row["met_by"], row["because"]) == ("hello", None)


def test_a_line_of_the_timeline_has_these_keys(crisis: Crisis, walked: str) -> None:
    rows = json.loads(crisis("timeline", "--json").stdout)["timeline"]

    assert {tuple(row) for row in rows} == {
        ("seq", "occurred_at", "recorded_at", "by", "kind", "text", "corrected")
    }
    assert sorted(row["seq"] for row in rows) == list(range(1, len(rows) + 1))
    order = [row["occurred_at"] for row in rows]
    assert order == sorted(order)


def test_a_row_of_the_list_has_these_keys(crisis: Crisis, walked: str) -> None:
    [row] = json.loads(crisis("list", "--json").stdout)["incidents"]

    assert list(row) == [
        *("incident", "title", "playbook", "severity", "status", "stage"),
        *("declared_at", "updated_at", "events", "restricted"),
    ]
    assert (row["incident"], row["severity"], row["stage"]) == (walked, "sev1", "post-mortem")
    assert row["events"] == len(json.loads(crisis("timeline", "--json").stdout)["timeline"])


def test_a_sent_message_has_these_keys(crisis: Crisis, walked: str) -> None:
    found = json.loads(crisis("message", "list", "--json").stdout)["messages"]

    assert [row["message"] for row in found] == ["hello", "update"]
    assert list(found[0]) == ["playbook", "message", "to", "channels", "sent"]
    [sent] = found[0]["sent"]
    assert list(sent) == ["message", "to", "at", "by", "next_update", "uses", "texts"]
    assert {tuple(t) for t in sent["texts"]} == {("channel", "locale", "sha256", "file")}
    pairs = [(t["channel"], t["locale"]) for t in sent["texts"]]
    assert pairs == [("status-page", "en"), ("x", "en"), ("status-page", "fr"), ("x", "fr")]


@pytest.mark.parametrize("words", [("message", "show", "hello"), ("preview", "small/hello")])
def test_a_text_has_these_keys(crisis: Crisis, walked: str, words: tuple[str, ...]) -> None:
    found = json.loads(crisis(*words, "-c", "x", "--json").stdout)

    more = ["edited", "approved", "findings", "sent"] if words[0] == "message" else []
    assert [list(text) for text in found["texts"]] == [[*TEXT, *more]] * 2
    assert {text["limit"] for text in found["texts"]} == {280}
    assert found["message"] == "hello"


def test_metrics_are_whole_seconds_between_two_named_milestones(
    crisis: Crisis, walked: str
) -> None:
    crisis("fact", "since", "2025-01-31T20:00+01:00")

    metrics = json.loads(crisis("report", "--json").stdout)["metrics"]

    assert list(metrics) == [
        *("time_to_detect", "time_to_acknowledge", "time_to_declare", "time_to_first_message"),
        *("time_to_mitigate", "time_to_resolve"),
    ]
    assert metrics["time_to_detect"] == {"seconds": None, "from": "started", "to": "detected"}
    declare = metrics["time_to_declare"]
    assert (declare["from"], declare["to"]) == ("started", "declared")
    assert type(declare["seconds"]) is int


def test_the_report_is_the_same_object_by_format_and_by_json(crisis: Crisis, walked: str) -> None:
    first, second = (
        json.loads(crisis("report", *words).stdout) for words in (("--json",), ("-f", "json"))
    )

    assert {**first, "written_at": ""} == {**second, "written_at": ""}


def test_the_model_holds_every_question_option_and_message(crisis: Crisis, folder: Path) -> None:
    model = json.loads(crisis("show", "outage", "-f", "json").stdout)

    assert {"type", "choices", "example", "optional", "certainty"} <= set(model["facts"]["cause"])
    assert model["facts"]["cause"]["certainty"] == "ask"
    assert model["facts"]["eta"]["optional"] is True
    assert model["facts"]["shop_name"]["workspace"] == "brand.name"
    assert model["impact"]["checkout"]["answers"]["none"]["severity"] == "sev1"
    assert list(model["stages"]) == [
        *("assess", "communicate", "resolve", "compensate", "post-mortem")
    ]
    steps = {step["id"]: step for stage in model["stages"].values() for step in stage}
    assert list(steps["workaround"]["decide"]["options"]) == ["phone", "light", "none"]
    assert model["messages"]["holding"]["locales"] == ["en", "es", "fr", "ru", "tr"]
    assert "sms" in model["messages"]["holding"]["channels"]


def test_every_fact_that_a_walk_asks_is_in_the_model(crisis: Crisis, folder: Path) -> None:
    model = json.loads(crisis("show", "outage", "--json").stdout)
    askable = {*model["facts"], *model["impact"]}

    asked = {name for stage in model["stages"].values() for step in stage for name in step["ask"]}

    assert asked <= askable


def test_values_arrive_exactly_though_a_terminal_would_obey_them(
    crisis: Crisis, declared: str
) -> None:
    words = "\x1b[2J \x9b31m \u202e \u200b \U000e0041 naïve — 😀 [red]"
    crisis("note", words)

    ran = crisis("timeline", "--json")

    assert json.loads(ran.stdout)["timeline"][-1]["text"] == words
    assert all(char.isprintable() or char == "\n" for char in ran.stdout)
    assert "naïve — 😀 [red]" in ran.stdout


def test_an_ascii_stream_still_gets_valid_json(console: Crisis, crisis: Crisis) -> None:
    crisis("start", "outage", "--title", "Panne à l'été — Ñ 😀", "--no-input")

    ran = console("status", "--json", PYTHONIOENCODING="ascii")

    assert json.loads(ran.stdout)["title"] == "Panne à l'été — Ñ 😀"
    assert ran.stdout.isascii()


def test_a_report_written_to_a_file_leaves_stdout_empty(
    crisis: Crisis, walked: str, folder: Path
) -> None:
    ran = crisis("report", "--json", "-o", "report.json")

    assert (ran.exit, ran.stdout, ran.stderr) == (0, "", "✓ written to report.json\n")
    assert json.loads((folder / "report.json").read_text("utf-8"))["incident"] == walked
    assert not [file for file in folder.iterdir() if file.name.endswith(".part")]


def test_broken_playbooks_are_listed_beside_the_good_ones(crisis: Crisis, folder: Path) -> None:
    small(folder)
    write(folder / "playbooks" / "bad.yaml", "playbook: bad\ntitel: Oops\n")

    found = json.loads(crisis("playbooks", "--json").stdout)

    assert [row["playbook"] for row in found["playbooks"]] == [
        "breach",
        "outage",
        "review-wave",
        "small",
    ]
    assert "bad.yaml:2:1: error[unknown-key]" in found["broken"][0]
