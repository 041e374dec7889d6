"""The register of breaches: all of them, with what was decided, and no cell that does anything."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis, Ran
from hypothesis import given
from hypothesis import strategies as st
from makers import BEGAN, an_incident, minute
from regulated import a_breach, a_regulated, fact, kept
from small import answers, small, write

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.report import register
from crisisctl.report.register import COLUMNS, Entry, as_csv, entry, markdown

NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x","y")')
CLOCKS = {"tr.authority", "tr.people", "tr-cyber.authority"}
MARKS = "**bold** | pipe `code` <b>html</b> [link](http://x) # head\n- item"


def of(crisis: Crisis) -> dict[str, dict[str, Any]]:
    """The register as data, by incident."""
    shown = json.loads(crisis("register", "--format", "json").stdout)
    return {each["incident"]: each for each in shown["breaches"]}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def the_entry(*happened: ev.Event, **declared: Any) -> Entry:
    told = (fact("aware_at", "2026-11-27T17:00:00Z"), fact("countries", ["TR"]))
    found = entry(an_incident(kept(), *told, *happened, plan=a_regulated(), **declared), now=BEGAN)
    assert found is not None
    return found


@pytest.fixture
def breach(crisis: Crisis, folder: Path) -> str:
    """A breach in France, decided about in part, with a decision on the risk."""
    id = a_breach(
        *(crisis, folder, "--title", "Supplier leak"),
        **{"exposed_at": "-99h", "first_sign_at": "-81h", "aware_at": "-80h"},
    )
    file = write(folder / "a.yaml", "decisions: {risk: {choose: high, because: Names and cards}}\n")
    crisis("resume", "--answers", str(file))
    late = ("--because", "The supplier was silent", "--reference", "2026-11874")
    crisis("notify", "fr.authority", *late)
    crisis("notify", "fr.people", "--not", "--because", "Nobody can be reached")
    return id


@pytest.fixture
def jo(crisis: Crisis, monkeypatch: pytest.MonkeyPatch) -> Crisis:
    """The command line as somebody outside the circle types at it."""

    def run(*words: str) -> Ran:
        with monkeypatch.context() as at_jo:
            at_jo.setenv("CRISISCTL_OPERATOR", "jo")
            return crisis(*words)

    return run


# What stands in it


def test_a_breach_stands_in_it_with_facts_decisions_and_every_notice(
    crisis: Crisis, breach: str
) -> None:
    shown = crisis("register").stdout

    assert f"## Supplier leak (`{breach}`, open)" in shown
    assert "| Where do they live? | France | confirmed |" in shown
    assert "Judge the risk **High**, because Names and cards (ana, " in shown
    for words in (
        "reference 2026-11874",
        "8 h late",
        "The supplier was silent",
        "not told, because Nobody can be reached",
    ):
        assert words in shown
    assert "fr.register" in shown
    assert "not legal advice" in shown


def test_as_data_it_has_the_same(crisis: Crisis, breach: str) -> None:
    found = of(crisis)[breach]
    clocks = {clock["clock"]: clock for clock in found["clocks"]}

    assert list(found) == [
        *("schema", "incident", "title", "drill", "status", "severity", "playbooks"),
        *("restricted", "declared_at", "breach_severity", "facts", "decisions", "clocks"),
        "uncovered",
    ]
    assert found["facts"]["countries"]["words"] == "France"
    assert [(taken["choose"], taken["because"]) for taken in found["decisions"]] == [
        ("high", "Names and cards")
    ]
    assert (clocks["fr.authority"]["state"], clocks["fr.authority"]["reference"]) == (
        *("late", "2026-11874"),
    )
    assert clocks["fr.people"]["because"] == "Nobody can be reached"


def test_json_is_short_for_its_format(crisis: Crisis, breach: str) -> None:
    assert crisis("register", "--json").stdout == crisis("register", "--format", "json").stdout


def test_as_a_table_each_clock_is_a_row(crisis: Crisis, breach: str) -> None:
    found = rows(crisis("register", "--format", "csv").stdout)

    assert list(found[0]) == list(COLUMNS)
    by_clock = {row["clock"]: row for row in found}
    assert by_clock.keys() == {"fr.authority", "fr.complement", "fr.people", "fr.register"}
    assert by_clock["fr.authority"]["reference"] == "2026-11874"
    assert by_clock["fr.people"]["decision"] == "not-notified"
    assert {row["incident"] for row in found} == {breach}


def test_every_breach_stands_in_it_the_oldest_first_also_grafted_and_closed_ones(
    crisis: Crisis, folder: Path
) -> None:
    closed = a_breach(crisis, folder, "--at", "-5d", aware_at="-130h")
    for kind in ("authority", "people", "register", "authority"):
        crisis("notify", kind, "--not", "--because", "Nothing left the house")
    assert crisis("close").exit == 0
    outage = crisis("start", "outage", "-l", "en", "--no-input").stdout.strip()
    crisis("start", "leak", "--into", outage, "--because", "Files were copied", "--no-input")

    assert list(of(crisis)) == [closed, outage]
    assert of(crisis)[outage]["playbooks"] == ["outage", "leak"]
    assert of(crisis)[closed]["status"] == "closed"


def test_what_is_no_breach_and_what_is_a_drill_do_not_stand_in_it(
    crisis: Crisis, folder: Path
) -> None:
    small(folder)
    crisis("start", "small", "--answers", str(answers(folder)))
    a_breach(crisis, folder, "--drill", aware_at="-2h")

    assert of(crisis) == {}
    assert "No breach is on record." in crisis("register").stdout
    assert rows(crisis("register", "--format", "csv").stdout) == []


def test_a_breach_without_a_clock_stands_in_it_all_the_same(crisis: Crisis, folder: Path) -> None:
    a_breach(crisis, folder, countries="AR", aware_at="-2h")

    assert "AR: no regulation on file; whom to tell was not worked out here" in (
        crisis("register").stdout
    )
    assert len(rows(crisis("register", "--format", "csv").stdout)) == 1


def test_facts_of_another_plan_stay_out_of_it(crisis: Crisis, folder: Path) -> None:
    outage = crisis("start", "outage", "-l", "en", "--no-input").stdout.strip()
    crisis("fact", "site_url", "https://shop.example")
    a_breach(crisis, folder, "--into", outage, "--because", "Files were copied")

    assert list(of(crisis)[outage]["facts"]) == ["countries"]


def test_decisions_of_another_plan_stay_out_of_it(crisis: Crisis, folder: Path) -> None:
    small(folder)
    id = crisis("start", "small", "--answers", str(answers(folder))).stdout.strip()
    a_breach(crisis, folder, "--into", id, "--because", "Files were copied")

    assert of(crisis)[id]["decisions"] == []
    assert "Two people are ready" not in crisis("register").stdout


# Restricted


def test_who_is_outside_the_circle_sees_that_there_is_a_breach_and_no_word_of_it(
    crisis: Crisis, jo: Crisis, breach: str
) -> None:
    crisis("restrict", "--to", "li", "--because", "personal data")

    for form in ("md", "csv", "json"):
        ran = jo("register", "--format", form)
        assert breach in ran.stdout, form
        for word in ("Supplier", "France", "fr.", "CNIL", "silent", "11874", "Judge", "reached"):
            assert word not in ran.stdout, (form, word)
        assert "Supplier" in crisis("register", "--format", form).stdout
    assert "Kept to li and ana: ask one of them." in jo("register").stdout


def test_who_is_in_the_circle_reads_it_even_before_anything_is_known(
    crisis: Crisis, jo: Crisis, folder: Path
) -> None:
    a_breach(crisis, folder, "--restricted", "li", countries="FR")
    crisis("fact", "countries", "--retract", "--because", "wrong")

    assert "Kept to" not in crisis("register").stdout
    assert "No clock ran." in crisis("register").stdout
    assert "Kept to" in jo("register").stdout


# Foreign words


@pytest.mark.parametrize("words", NASTY)
def test_a_cell_that_a_spreadsheet_would_run_is_only_text(words: str) -> None:
    told = ev.NoticeDecided("tr.authority", "notified", because=words, reference=words)

    found = rows(as_csv([the_entry(told, title=words)]))

    row = next(row for row in found if row["clock"] == "tr.authority")
    assert (row["title"], row["because"], row["reference"]) == (f"'{words.strip()}",) * 3


def test_a_break_within_a_cell_begins_no_row() -> None:
    told = ev.NoticeDecided("tr.authority", "notified", because="slept\r=1+1\n@SUM(A1)")

    text = as_csv([the_entry(told)])

    assert "slept =1+1 @SUM(A1)" in text
    assert not any(line.startswith(("=", "@")) for line in text.splitlines())


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_words_run_in_a_spreadsheet_or_move_to_another_cell(words: str) -> None:
    told = ev.NoticeDecided("tr.authority", "notified", because=words)

    found = rows(as_csv([the_entry(told, title=words)]))

    assert all(None not in row and None not in row.values() for row in found)
    assert {row["clock"] for row in found} == CLOCKS
    for row in found:
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_marks_of_markdown_in_foreign_words_are_only_text() -> None:
    told = ev.NoticeDecided("tr.authority", "notified", because=MARKS, reference=MARKS)
    reached = ev.DecisionTaken("leak", "look", "risk", MARKS, MARKS)

    text = markdown([the_entry(told, reached, title=MARKS)], now=minute(1))

    for raw in ("**bold**", "`code`", "<b>", "[link]", "\n- item", "\n# head"):
        assert raw not in text, raw
    tables = [line for line in text.splitlines() if line.startswith("| tr.authority")]
    assert len(tables) == 1
    assert tables[0].replace("\\|", "").count("|") == 6


# The command


def test_it_is_written_to_a_file(crisis: Crisis, folder: Path, breach: str) -> None:
    ran = crisis("register", "-o", "register.csv", "--format", "csv")

    assert (ran.exit, ran.stdout, ran.stderr) == (0, "", "✓ written to register.csv\n")
    assert len(rows((folder / "register.csv").read_text(encoding="utf-8"))) == 4


@pytest.mark.parametrize("form", ["md", "csv", "json"])
def test_a_file_that_cannot_be_written_is_an_error_in_one_line(
    crisis: Crisis, breach: str, form: str
) -> None:
    ran = crisis("register", "-o", "no/such/file", "--format", form)

    assert (ran.exit, ran.stdout) == (1, "")
    assert ran.stderr.startswith("error: no/such/file cannot be written")
    assert ran.stderr.count("\n") == 1


def test_an_unknown_format_is_refused_with_those_that_there_are(crisis: Crisis) -> None:
    ran = crisis("register", "--format", "pdf")

    assert (ran.exit, ran.stderr) == (
        2,
        'error: there is no format "pdf"\nhint:  formats: md, csv or json\n',
    )


def test_an_incident_without_regulators_is_no_entry() -> None:
    assert register.entry(Incident("x"), now=BEGAN) is None
