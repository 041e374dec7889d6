"""Need to know: an incident that is kept to a small circle shows others times, and no words."""

from __future__ import annotations

import ast
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis, Ran, prepared
from fakes import START, FakeOperator, World
from hypothesis import given
from hypothesis import strategies as st
from makers import a_playbook, an_incident
from small import answers, small
from strategies import any_event

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.circle import may_read, without_words
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import Stamp, record
from crisisctl.report.status import status
from crisisctl.report.withheld import outline
from crisisctl.runner import circle

CLI = Path(__file__).resolve().parents[1] / "crisisctl" / "cli"
WORDS = (
    *("leak", "Kestrel", "Too many", "A change we made", "phone", "Two people", "Tell"),
    *("First word", "hello", "commander", "Repair", "bucket", "Alert", "Small crisis"),
    *("personal data", "way"),
)
"""What the restricted incident is about; none of it may reach somebody outside."""
DEADLINES = "{first: {title: First word, from: declared, within: {sev1: 10m}, met_by: hello}}"


@pytest.fixture(scope="module")
def restricted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A crisis walked to its end, then restricted by Ana to herself and Li."""
    folder = tmp_path_factory.mktemp("restricted")
    small(folder, deadlines=DEADLINES)
    with prepared(folder) as crisis:
        id = crisis(
            *("start", "small", "--title", "The leak", "--answers", str(answers(folder)))
        ).stdout.strip()
        crisis("note", "The bucket was open", "--topic", "went-badly")
        crisis("action", "add", "Alert on open buckets", "--owner", "jo")
        crisis("restrict", "--to", "li", "--because", "It is about personal data")
    return folder, id


@pytest.fixture
def breach(restricted: tuple[Path, str], folder: Path) -> str:
    """The same, in a folder of the test's own."""
    before, id = restricted
    shutil.copytree(before, folder, dirs_exist_ok=True)
    return id


@pytest.fixture
def jo(crisis: Crisis, monkeypatch: pytest.MonkeyPatch) -> Crisis:
    """The command line as somebody outside the circle types at it."""

    def run(*words: str) -> Ran:
        with monkeypatch.context() as at_jo:
            at_jo.setenv("CRISISCTL_OPERATOR", "jo")
            return crisis(*words)

    return run


def words_in(ran: Ran) -> list[str]:
    said = f"{ran.stdout}{ran.stderr}".lower()
    return [word for word in WORDS if word.lower() in said]


# Who is in


def test_whoever_restricts_an_incident_is_in_its_circle() -> None:
    events = circle.restrict(an_incident(), "li, li,jo", operator="ana", because="secret")

    assert events == [ev.AccessRestricted(("li", "jo", "ana"), "secret")]


def test_everybody_may_read_an_incident_until_it_is_restricted_and_after_it_is_lifted() -> None:
    closed = ev.AccessRestricted(("ana", "li"), "secret")
    lifted = ev.RestrictionLifted("public")

    assert may_read(an_incident(), "jo")
    assert not may_read(an_incident(closed), "jo")
    assert may_read(an_incident(closed), "li")
    assert may_read(an_incident(closed, lifted), "jo")


def test_the_last_circle_counts() -> None:
    incident = an_incident(ev.AccessRestricted(("li",), "a"), ev.AccessRestricted(("jo",), "b"))

    assert (may_read(incident, "li"), may_read(incident, "jo")) == (False, True)


@pytest.mark.parametrize(("names", "because"), [("", "why"), (" , ", "why"), ("li", " ")])
def test_a_restriction_names_people_and_a_reason(names: str, because: str) -> None:
    with pytest.raises(CrisisError):
        circle.restrict(an_incident(), names, operator="ana", because=because)


def test_the_same_circle_again_is_no_event() -> None:
    incident = an_incident(ev.AccessRestricted(("ana", "li"), "secret"))

    assert circle.restrict(incident, "li", operator="ana", because="again") == []


def test_what_is_not_restricted_cannot_be_lifted() -> None:
    with pytest.raises(CrisisError, match="is not restricted"):
        circle.lift(an_incident(), because="public")


# What is left for others


@given(st.lists(any_event(), max_size=12))
def test_whatever_happened_no_word_of_it_is_left_for_others(happened: list[ev.Event]) -> None:
    """Every text of the incident is searched for one that says what others may not see."""
    marked = [*happened, ev.NoteAdded("SECRET"), ev.AccessRestricted(("ana",), "SECRET")]
    incident = an_incident(*marked, plan=a_playbook(title="SECRET"), title="SECRET")
    seen = {"id", "seq", "time_zone", "drill", "status", "severity", "circle"}
    seen |= {"declared_at", "updated_at", "milestones"}

    left = without_words(incident)

    empty = Incident(incident.id)
    for field in Incident.__struct_fields__:
        if field in seen:
            assert getattr(left, field) == getattr(incident, field)
        elif field not in ("title", "severities"):
            assert getattr(left, field) == getattr(empty, field), field
    assert left.title == "Restricted"
    assert all(because == "" for _, _, because in left.severities)


def test_the_outline_keeps_times_and_drops_names() -> None:
    begun = ev.StepStarted("outage", "hold", "communicate", 1, 4)
    found = status(an_incident(begun, ev.AccessRestricted(("ana",), "secret")), now=START)

    left = outline(found)

    assert [d.due for d in left.open_deadlines] == [d.due for d in found.open_deadlines]
    assert left.open_deadlines
    assert {(d.name, d.title, d.message) for d in left.deadlines} == {("", "Restricted", "")}
    assert left.where is not None
    assert (left.where.stage, left.where.number, left.where.of) == ("communicate", 1, 4)
    assert (left.where.step, left.where.title, left.next_command) == ("", "Restricted", "")


SHOWN = {
    "bare": (),
    "status": ("status",),
    "list": ("list",),
    "list --all": ("list", "--all"),
    "deadlines": ("deadlines",),
    "report": ("report",),
    "handover": ("handover",),
    "status --as-of": ("status", "--as-of", "-0s"),
    "report --as-of": ("report", "--as-of", "-0s"),
    "verify": ("verify",),
    "doctor": ("doctor",),
}


@pytest.mark.parametrize("json", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("words", SHOWN.values(), ids=SHOWN)
def test_what_shows_others_an_incident_shows_no_words_of_it(
    jo: Crisis, breach: str, words: tuple[str, ...], json: tuple[str, ...]
) -> None:
    ran = jo(*words, *json)

    assert ran.exit in (0, 1)
    assert "doctor" in words or words_in(ran) == []
    if words not in (("verify",), ("doctor",)):
        assert breach in ran.stdout or words == ("deadlines",)
        assert "Restricted" in ran.stdout


def test_others_still_see_how_bad_it_is_how_far_and_what_is_due_when(
    crisis: Crisis, jo: Crisis, folder: Path
) -> None:
    small(folder, deadlines=DEADLINES)
    id = crisis("start", "small", "--restricted", "li", "--set", "pay=none", "--no-input").stdout

    shown = jo().stdout

    assert f"{id.strip()} · Restricted · SEV1 · open" in shown
    assert "restricted to li, ana" in shown
    assert "assess (stage 1/5), step 1/2: Restricted" in shown
    assert "deadline due in 9 min: Restricted, " in shown
    assert "next      ask one of them" in shown


READING = {
    "timeline": ("timeline",),
    "fact": ("fact", "shop"),
    "message list": ("message", "list"),
    "message show": ("message", "show", "hello"),
    "message diff": ("message", "diff", "hello"),
    "message correct": ("message", "correct"),
    "action list": ("action", "list"),
    "report --restricted": ("report", "--restricted"),
    "timeline --as-of": ("timeline", "--as-of", "-0s"),
}
WRITING = {
    "resume": ("resume", "--no-input"),
    "note": ("note", "Hello"),
    "fact": ("fact", "shop", "Other"),
    "retract": ("fact", "shop", "--retract"),
    "severity": ("severity", "sev2", "--because", "less"),
    "role": ("role", "commander", "jo"),
    "waive": ("waive", "first", "--because", "why"),
    "keep": ("keep", "first"),
    "message edit": ("message", "edit", "hello", "--from", "-"),
    "message approve": ("message", "approve", "hello", "--yes"),
    "message send": ("message", "send", "update", "--yes"),
    "dry run": ("message", "send", "update", "--dry-run"),
    "message settle": ("message", "settle", "key", "--lost"),
    "message render": ("message", "render", "update", "--recipients", "people.csv"),
    "action add": ("action", "add", "Test it"),
    "action done": ("action", "done", "1", "Done"),
    "export": ("export", "ID", "--restricted"),
    "close": ("close",),
    "reopen": ("reopen", "ID", "--because", "why"),
    "restrict": ("restrict", "--to", "jo", "--because", "I want to read it"),
    "lift": ("restrict", "--lift", "--because", "I want to read it"),
}


@pytest.mark.parametrize("json", [(), ("--json",)], ids=["text", "json"])
@pytest.mark.parametrize("words", READING.values(), ids=READING)
def test_what_would_read_words_to_others_is_refused_with_whom_to_ask(
    jo: Crisis, breach: str, words: tuple[str, ...], json: tuple[str, ...]
) -> None:
    ran = jo(*words, *json)

    assert ran == (2, "", f"error: {breach} is restricted to li, ana: ask one of them\n")


@pytest.mark.parametrize("words", WRITING.values(), ids=WRITING)
def test_others_cannot_write_into_it(
    crisis: Crisis, jo: Crisis, breach: str, words: tuple[str, ...]
) -> None:
    before = json.loads(crisis("timeline", "--json").stdout)["timeline"]
    Path("people.csv").write_text("email\na@shop.example\n", encoding="utf-8")

    ran = jo(*(breach if word == "ID" else word for word in words))

    assert ran == (2, "", f"error: {breach} is restricted to li, ana: ask one of them\n")
    assert json.loads(crisis("timeline", "--json").stdout)["timeline"] == before


def test_one_person_alone_is_named_to_be_asked(crisis: Crisis, jo: Crisis, breach: str) -> None:
    crisis("restrict", "--to", "ana", "--because", "smaller")

    assert jo("timeline").stderr == f"error: {breach} is restricted to ana: ask ana\n"


def test_only_the_desk_brings_an_incident_back_from_the_journal() -> None:
    """It asks who is reading; `paging` publishes what customers were told, which is no secret."""
    found = set()
    for path in CLI.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "crisisctl.incident.store":
                found |= {path.stem for name in node.names if name.name == "load"}

    assert found == {"desk", "paging"}


def test_the_status_page_goes_on_saying_what_customers_were_told(
    crisis: Crisis, jo: Crisis, folder: Path
) -> None:
    brand = "brand: {name: Kestrel, status_url: 'https://status.kestrel.example'}"
    small(folder, settings=f"locales: [en, fr]\n{brand}")
    words = ("--title", "The leak", "--answers", str(answers(folder)), "--restricted", "li")
    crisis("start", "small", *words)

    assert jo("page", "-o", "www").exit == 0
    page = Path("www/index.html").read_text(encoding="utf-8")
    page += Path("www/history.html").read_text(encoding="utf-8")
    assert "we are sorry, since" in page
    assert "The leak" not in page


# The circle itself


def test_the_circle_reads_on_as_before(crisis: Crisis, breach: str) -> None:
    assert "The leak" in crisis().stdout
    assert "Kestrel" in crisis("status").stdout
    assert "The bucket was open" in crisis("timeline").stdout
    assert "Restricted to li, ana, because It is about personal data" in " ".join(
        crisis("timeline").stdout.split()
    )
    found = json.loads(crisis("status", "--json").stdout)
    assert (found["restricted"], found["title"]) == (True, "The leak")


def test_a_list_holds_no_title_for_anybody(crisis: Crisis, folder: Path, breach: str) -> None:
    (row,) = json.loads(crisis("list", "--json").stdout)["incidents"]
    with closing(sqlite3.connect(folder / "home" / "journal.db")) as connection:
        (noted,) = connection.execute("SELECT title FROM heads").fetchall()

    assert (row["title"], row["restricted"]) == ("Restricted", True)
    assert noted == ("Restricted",)


def test_restricted_from_the_start_its_title_was_never_listed(
    crisis: Crisis, jo: Crisis, folder: Path
) -> None:
    small(folder)
    words = ("--title", "The leak", "--restricted", "li", "--no-input")
    id = crisis("start", "small", *words).stdout.strip()

    assert "The leak" not in jo("list").stdout
    assert jo("note", "Hello").exit == 2
    lines = json.loads(crisis("timeline", id, "--json").stdout)["timeline"]
    assert [line["kind"] for line in lines[:3]] == [
        *("incident-declared", "playbook-added", "access-restricted"),
    ]
    assert len({line["recorded_at"] for line in lines[:3]}) == 1


def test_lifted_everybody_reads_it_and_the_list_has_its_title_again(
    crisis: Crisis, jo: Crisis, breach: str
) -> None:
    ran = crisis("restrict", "--lift", "--because", "Customers were told")

    assert ran == (0, "", f"✓ no longer restricted ({breach})\n")
    assert "The leak" in jo("list").stdout
    assert "The bucket was open" in jo("timeline").stdout
    assert "Kestrel" in jo("report").stdout


def test_a_closed_incident_can_be_restricted_and_lifted(
    crisis: Crisis, jo: Crisis, breach: str
) -> None:
    crisis("waive", "first", "--because", "too late")
    crisis("restrict", "--lift", "--because", "for now")
    assert crisis("close").exit == 0

    assert crisis("restrict", breach, "--to", "li", "--because", "it is a breach").exit == 0
    assert jo("timeline", breach).exit == 2


def test_the_time_of_a_restriction_can_be_given(crisis: Crisis, breach: str) -> None:
    crisis("restrict", "--to", "jo", "--because", "later told", "--at", "-1h")

    lines = json.loads(crisis("timeline", "--json").stdout)["timeline"]
    (line,) = [line for line in lines if "later told" in line["text"]]
    assert line["occurred_at"] < line["recorded_at"]


@pytest.mark.parametrize(
    "words",
    [
        ("--because", "why"),
        ("--to", "li", "--lift", "--because", "why"),
        ("--to", "li"),
        ("--lift",),
        ("--to", ",", "--because", "why"),
    ],
    ids=["neither", "both", "no reason", "lift without reason", "nobody"],
)
def test_half_a_restriction_is_refused_and_changes_nothing(
    crisis: Crisis, jo: Crisis, breach: str, words: tuple[str, ...]
) -> None:
    before = crisis("timeline").stdout

    ran = crisis("restrict", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert crisis("timeline").stdout == before


# Reports


def test_a_report_leaves_the_words_out_for_the_circle_too_and_says_so(
    crisis: Crisis, breach: str
) -> None:
    ran = crisis("report")

    assert words_in(Ran(0, ran.stdout, "")) == []
    assert ran.stdout.startswith("# Post-mortem: Restricted\n")
    assert "**RESTRICTED to li, ana: the words are left out.**" in ran.stdout
    assert "No decision was recorded" not in ran.stdout
    assert "- Severity: sev1" in ran.stdout
    assert "--restricted" in ran.stderr


def test_one_of_the_circle_gets_the_whole_report_with_a_warning_in_it(
    crisis: Crisis, breach: str
) -> None:
    ran = crisis("report", "--restricted")

    assert ran.stderr == ""
    assert ran.stdout.startswith("# Post-mortem: The leak\n")
    assert "**RESTRICTED to li, ana: do not pass this on.**" in ran.stdout
    assert "Two people are ready" in ran.stdout


def test_a_report_without_words_keeps_its_keys_and_its_figures(crisis: Crisis, breach: str) -> None:
    bare = json.loads(crisis("report", "--json").stdout)
    whole = json.loads(crisis("report", "--json", "--restricted").stdout)

    assert list(bare) == list(whole)
    assert bare["restricted"] is True
    for key in ("severity", "milestones", "metrics", "events", "head", "longest_silence"):
        assert bare[key] == whole[key]
    assert [due["due"] for due in bare["deadlines"]] == [due["due"] for due in whole["deadlines"]]
    for key in ("impact", "timeline", "decisions", "messages", "causes", "actions", "skipped"):
        assert bare[key] == []
        assert whole[key] or key in ("causes", "skipped")


def test_an_open_incident_is_reported_as_ever(crisis: Crisis, folder: Path) -> None:
    small(folder)
    crisis("start", "small", "--answers", str(answers(folder)))

    ran = crisis("report")

    assert ran.stderr == ""
    assert "Two people are ready" in ran.stdout
    assert "estricted" not in ran.stdout.replace("restricted=", "")


# Restricted while somebody is at it


def test_a_walk_stops_before_it_shows_what_the_circle_recorded(tmp_path: Path) -> None:
    world = World(small(tmp_path / "shop"))
    world.declare()

    class Meanwhile(FakeOperator):
        """Li restricts the incident and writes a line while Ana sits at a prompt."""

        def choose(self, *words: Any, **more: Any) -> str:
            with world.journal() as journal:
                events = [ev.AccessRestricted(("li",), "secret"), ev.NoteAdded("The bucket")]
                record(journal, world.incident(), events, Stamp("li", world.clock.now))
            return super().choose(*words, **more)

    with pytest.raises(CrisisError, match="is restricted to li: ask li"):
        world.walk(Meanwhile([("What now?", "go"), ("commander", "ana")]))

    assert "The bucket" not in world.said
