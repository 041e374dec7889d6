"""Views of an incident: metrics, timeline, status, post-mortem; as data, Markdown and JSON."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import (
    BEGAN,
    ID,
    Happened,
    a_plan,
    a_playbook,
    a_sent,
    a_step,
    an_incident,
    minute,
    the_entries,
)
from markdown_it import MarkdownIt
from markdown_it.token import Token
from strategies import any_event

from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.playbook.model import Fact, Playbook
from crisisctl.report import rendering
from crisisctl.report.data import View, seconds
from crisisctl.report.looked_back import looked_back
from crisisctl.report.metrics import metrics
from crisisctl.report.plan import markdown as plan_on_paper
from crisisctl.report.plan import model, outline
from crisisctl.report.post_mortem import PostMortem, post_mortem
from crisisctl.report.sections import page
from crisisctl.report.status import status
from crisisctl.report.timeline import Line, timeline
from crisisctl.report.words import words
from crisisctl.text import safe
from crisisctl.text import unmarked as plain
from crisisctl.workspace import Workspace

PARIS = ZoneInfo("Europe/Paris")
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def a_report(*happened: Happened, now: float = 2000, plan: Playbook | None = None) -> PostMortem:
    entries = the_entries(*happened, plan=plan)
    return post_mortem(fold(ID, entries), entries, head="f" * 64, zone=PARIS, now=minute(now))


def the_lines(*happened: Happened, plan: Playbook | None = None) -> list[Line]:
    """The timeline after the declaration."""
    entries = the_entries(*happened, plan=plan)
    return [line for line in timeline(fold(ID, entries), entries, PARIS) if line.seq > 2]


def markdown(report: PostMortem) -> str:
    return rendering.markdown(page(report, words()), Workspace())


def section(report: PostMortem, title: str) -> list[str]:
    """The lines of one section of the Markdown, without empty ones."""
    _, _, rest = markdown(report).partition(f"\n## {title}\n")
    body, _, _ = rest.partition("\n## ")
    return [line for line in body.splitlines() if line]


# Metrics


def reached(milestone: str, at: float) -> ev.MilestoneReached:
    return ev.MilestoneReached(milestone, minute(at))  # type: ignore[arg-type]


def test_each_metric_is_the_time_between_two_milestones() -> None:
    incident = an_incident(
        reached("started", -20),
        reached("detected", -9),
        reached("first-message", 8),
        reached("mitigated", 170),
        reached("resolved", 326),
    )

    assert [(m.name, m.from_, m.to, m.span) for m in metrics(incident)] == [
        ("time_to_detect", "started", "detected", timedelta(minutes=11)),
        ("time_to_acknowledge", "detected", "declared", timedelta(minutes=9)),
        ("time_to_declare", "started", "declared", timedelta(minutes=20)),
        ("time_to_first_message", "started", "first-message", timedelta(minutes=28)),
        ("time_to_mitigate", "started", "mitigated", timedelta(minutes=190)),
        ("time_to_resolve", "started", "resolved", timedelta(minutes=346)),
    ]


def test_a_metric_is_unknown_while_one_of_its_milestones_is() -> None:
    by_name = {m.name: m.span for m in metrics(an_incident(reached("mitigated", 3)))}
    started = {m.name: m.span for m in metrics(an_incident(reached("started", -5)))}

    assert set(by_name.values()) == {None}
    assert started["time_to_declare"] == timedelta(minutes=5)
    assert started["time_to_resolve"] is None


# The longest silence


@pytest.mark.parametrize(
    ("happened", "minutes"),
    [
        pytest.param([], None, id="no message"),
        pytest.param([(8, a_sent())], None, id="one message"),
        pytest.param([(8, a_sent()), (20, a_sent()), (50, a_sent())], 30, id="between messages"),
        pytest.param(
            [(8, a_sent()), (20, a_sent()), (60, reached("resolved", 60))], 40, id="to the end"
        ),
        pytest.param(
            [(8, a_sent()), (20, a_sent()), (60, reached("resolved", 30)), (500, a_sent())],
            12,
            id="not after the end",
        ),
        pytest.param(
            [(8, a_sent()), (20, a_sent(to="staff")), (50, a_sent())],
            42,
            id="staff heard something",
        ),
        pytest.param([(8, a_sent()), (50, a_sent()), (20, 55, a_sent())], 30, id="told late"),
        pytest.param([(60, reached("resolved", 5)), (70, a_sent())], None, id="all too late"),
    ],
)
def test_the_longest_silence_is_what_customers_waited_between_two_messages(
    happened: list[Happened], minutes: float | None
) -> None:
    expected = timedelta(minutes=minutes) if minutes is not None else None

    assert a_report(*happened).longest_silence == expected


# The timeline


def test_the_timeline_goes_by_when_things_happened_and_keeps_when_they_were_written() -> None:
    lines = the_lines(
        (10, ev.NoteAdded("second")), (4, 25, ev.NoteAdded("first")), (10, ev.NoteAdded("third"))
    )

    assert [(line.text, line.occurred_at, line.recorded_at) for line in lines] == [
        ("first", minute(4), minute(25)),
        ("second", minute(10), minute(10)),
        ("third", minute(10), minute(10)),
    ]


def test_a_milestone_stands_where_it_was_reached() -> None:
    lines = the_lines((30, ev.NoteAdded("later")), (40, reached("started", -12)))

    assert [(line.text, line.occurred_at) for line in lines] == [
        ("Milestone: started", minute(-12)),
        ("later", minute(30)),
    ]
    assert lines[0].recorded_at == minute(40)


STEP = ("outage", "hold")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (ev.SeverityChanged("sev1", "nobody can pay"), "Severity sev1: nobody can pay"),
        (ev.RoleAssigned("technical-lead", "ana"), "ana is technical lead"),
        (ev.RoleHandedOver("scribe", "jo", "ana"), "ana handed scribe over to jo"),
        (ev.StepStarted(*STEP, "communicate", 1, 3), "Began: Tell customers"),
        (ev.StepCompleted(*STEP), "Done: Tell customers"),
        (ev.StepCompleted(*STEP, ("a", "b")), "Done: Tell customers (left open: a and b)"),
        (ev.StepSkipped(*STEP, "no need"), "Skipped: Tell customers, because no need"),
        (ev.StepCompleted("gone", "step"), "Done: step"),
        (
            ev.DecisionTaken("outage", "workaround", "workaround", "phone", "quick"),
            "Decided: By phone (because: quick), at: Another way to order",
        ),
        (
            ev.FactRecorded("cause", "overload", "suspected", "the logs"),
            "cause = Too many visitors (suspected) (source: the logs)",
        ),
        (
            ev.FactRecorded("eta", "2026-11-27T20:30:00+00:00"),
            "eta = 2026-11-27 21:30 CET (UTC+1)",
        ),
        (ev.FactRecorded("unheard", ["a", "b"]), "unheard = a and b"),
        (ev.FactRecorded("eta", "not a time"), "eta = not a time"),
        (ev.FactRetracted("eta", "it failed"), "Retracted eta, because it failed"),
        (ev.MessageApproved("holding", "customers", ()), 'Approved 0 texts of "holding"'),
        (a_sent(), 'Sent "holding" to customers on email (en)'),
        (
            a_sent(next_update=minute(20)),
            'Sent "holding" to customers on email (en);'
            " next update promised by 2026-11-27 20:20 CET (UTC+1)",
        ),
        (
            ev.PromiseMade("report_by", "Publish the report", minute(0), "report", "update"),
            "Promised: Publish the report by 2026-11-27 20:00 CET (UTC+1)",
        ),
        (
            ev.DeadlineWaived("next-update", minute(0), "no news"),
            "Waived: next-update, due 2026-11-27 20:00 CET (UTC+1), because no news",
        ),
        (ev.CommandRan("outage", "fix", "uptime", 3, "x"), "Ran `uptime`: exit code 3"),
        (ev.ActionAdded(2, "Practise", "jo"), "Action item 2: Practise"),
        (ev.ActionDone(2, "practised"), "Action item 2 done: practised"),
        (ev.IncidentClosed(), "Closed"),
        (ev.IncidentClosed("accepted"), "Closed: accepted"),
        (ev.IncidentReopened("it broke"), "Reopened, because it broke"),
        (ev.Unknown("hugged"), "(hugged, recorded by a newer crisisctl)"),
    ],
)
def test_every_event_is_told_in_words(event: ev.Event, words: str) -> None:
    (line,) = the_lines(event)

    assert line.text == words
    assert line.kind == ev.kind(event)
    assert line.by == "ana"


def test_the_declaration_is_told_first() -> None:
    entries = the_entries(title="No payments", drill=True)
    lines = timeline(fold(ID, entries), entries, PARIS)

    assert [line.text for line in lines] == [
        "Declared as a drill: No payments",
        "Following the playbook outage",
    ]


def test_of_many_channels_a_line_only_says_how_many() -> None:
    texts = tuple(
        ev.SentText(c, loc, "") for c in ("x", "sms", "email", "push") for loc in ("en", "fr")
    )

    (line,) = the_lines(a_sent(texts=texts))

    assert line.text == 'Sent "holding" to customers on 4 channels (en, fr)'


# Where it stands


def test_a_status_says_where_the_walk_is_and_what_is_due() -> None:
    incident = an_incident((3, ev.StepStarted("outage", "hold", "communicate", 1, 3)))

    now = status(incident, now=minute(4))

    assert now.elapsed == timedelta(minutes=4)
    assert now.where is not None
    assert (now.where.stage, now.where.stage_number, now.where.stages) == ("communicate", 2, 5)
    assert (now.where.step, now.where.title) == ("hold", "Tell customers")
    assert (now.where.number, now.where.of, now.where.done) == (1, 3, False)
    assert now.next_deadline is not None
    assert now.next_deadline.name == "first-word"
    assert now.next_command == f"crisisctl resume {ID}"


def test_a_status_before_the_first_step_has_no_place() -> None:
    assert status(an_incident(), now=BEGAN).where is None


def test_a_step_that_is_done_is_shown_as_done() -> None:
    story = (ev.StepStarted("outage", "hold", "communicate", 1, 3), ev.StepCompleted(*STEP))

    where = status(an_incident(*story), now=BEGAN).where

    assert where is not None
    assert where.done


def test_the_clock_stops_when_it_is_resolved() -> None:
    over = an_incident((70, reached("resolved", 60)))
    closed = an_incident((70, reached("resolved", 60)), ev.IncidentClosed())

    assert status(over, now=minute(500)).elapsed == timedelta(minutes=60)
    assert status(closed, now=minute(500)).elapsed == timedelta(minutes=60)
    assert status(closed, now=minute(500)).next_command == f"crisisctl report {ID}"


# The post-mortem


def test_a_post_mortem_tells_what_the_record_knows() -> None:
    report = a_report(
        ev.FactRecorded("checkout", "none"),
        ev.SeverityChanged("sev1", "Can customers pay? Nobody can"),
        ev.RoleAssigned("commander", "ana"),
        (2, ev.FactRecorded("cause", "deployment")),
        (5, ev.DecisionTaken("outage", "workaround", "workaround", "phone", "Support is here")),
        (8, a_sent("holding")),
        (9, ev.StepSkipped("outage", "brief", "all are here")),
        (9, ev.StepCompleted("outage", "fix", ("Way back known",))),
        (40, ev.NoteAdded("The tests used an empty cart", "contributing")),
        (41, ev.NoteAdded("The way back was quick", "went-well")),
        (42, ev.ActionAdded(1, "Test with a full cart", "jo", "2026-12-15")),
        (43, ev.ActionAdded(2, "Practise", "")),
        (44, ev.ActionDone(2, "practised")),
        (60, ev.PromiseMade("report_by", "Publish the report", minute(900), "report", "update")),
        (70, reached("resolved", 60)),
        now=100,
    )

    assert markdown(report).startswith(
        f"# Post-mortem: Site outage\n\n- Incident: {ID}\n- Status: resolved\n"
    )
    assert "\n- Written: 2026-11-27 21:40 CET (UTC+1)\n" in markdown(report)
    assert section(report, "Impact")[0] == "- Can customers pay? Nobody can"
    assert (
        section(report, "Roles")[2]
        == "| commander | ana | 2026-11-27 20:00 CET (UTC+1) | the end |"
    )
    assert section(report, "Decisions") == [
        "### Another way to order",
        "- Chosen: By phone",
        "- Because: Support is here",
        "- By: ana, 2026-11-27 20:05 CET (UTC+1)",
        "- Not chosen: None (against: Loss)",
    ]
    assert section(report, "Messages sent")[2:] == [
        "| 2026-11-27 20:08 CET (UTC+1) | holding | customers | email | en | - | the first |"
    ]
    assert section(report, "Deadlines")[0] == "1 of 3 met."
    assert section(report, "Contributing factors") == [
        "- A change (confirmed)",
        "- The tests used an empty cart",
    ]
    assert "- The way back was quick" in section(report, "Lessons")
    assert section(report, "Action items")[2:] == [
        "| 1 | Test with a full cart | - | jo | 2026-12-15 | open |",
        "| 2 | Practise | - | nobody | - | done: practised |",
    ]
    assert section(report, "Promises")[3:] == [
        "| 2026-11-28 11:00 CET (UTC+1) | Publish the report | due |"
    ]
    assert section(report, "Notes on the playbook") == [
        "- Skipped: Brief staff, because all are here",
        "- Not ticked: Way back known",
    ]
    assert f"Written from {report.incident.seq} events." in markdown(report)
    assert "f" * 64 in markdown(report)


def test_an_empty_record_makes_a_report_that_says_so() -> None:
    report = a_report(plan=a_plan(a_step()))

    text = markdown(report)

    for said in (
        "No impact was recorded.",
        "No decision was recorded.",
        "No message was sent.",
        "None came up.",
        "Not recorded yet.",
        "- Severity: never judged",
    ):
        assert said in text
    assert "## Notes on the playbook" not in text


def test_deadlines_say_how_they_ended() -> None:
    report = a_report(
        (8, a_sent("holding")),
        (35, a_sent("update")),
        (40, ev.PromiseMade("report_by", "Publish the report", minute(50), "report", "update")),
        (41, ev.DeadlineWaived("report_by", minute(50), "there is nothing to say")),
        now=120,
    )

    assert section(report, "Promises")[3:] == [
        "| 2026-11-27 20:50 CET (UTC+1) | Publish the report | waived: there is nothing to say |"
    ]
    assert section(report, "Deadlines")[3:] == [
        "| 2026-11-27 20:10 CET (UTC+1) | First word | met, 2 min to spare |",
        "| 2026-11-27 20:28 CET (UTC+1) | Next update | missed by 7 min |",
        "| 2026-11-27 20:55 CET (UTC+1) | Next update | overdue |",
    ]


def test_a_report_of_a_drill_says_so_at_the_top() -> None:
    entries = the_entries(drill=True)
    report = post_mortem(fold(ID, entries), entries, head="", zone=PARIS, now=BEGAN)

    assert markdown(report).splitlines()[2] == (
        "**DRILL: nothing in this report happened to customers.**"
    )


def test_what_was_taken_back_is_marked_and_is_no_lesson() -> None:
    report = a_report(
        ev.FactRecorded("checkout", "none"),
        ev.FactRetracted("checkout", "a test"),
        ev.FactRecorded("went_well", "all of it"),
        ev.FactRetracted("went_well", "not really"),
        plan=a_playbook(facts={**a_playbook().facts, "went_well": Fact(ask="What went well?")}),
    )

    assert section(report, "Impact")[0] == "- Can customers pay? Nobody can (retracted)"
    assert report.lessons["went_well"] == []


# Hostile words

HOSTILE = [
    "a | b | c",
    "a\\| b",
    "`code` and ``more``",
    "<script>alert(1)</script>",
    "<!-- hidden",
    "&lt;script&gt; R&D &#x3C;b>",
    "**bold** _thin_ __init__ ~~gone~~",
    "# heading",
    "## heading",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "12) item",
    "2.",
    "---",
    "===",
    "> quote",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/b.png)",
    "[a]: https://evil.example",
    "<https://evil.example>",
    "first\n\n# second\n- third\n| fourth |",
    "    four spaces",
    "\ttab",
    "\\",
    "ends with a backslash \\",
    "\x1b[2J\x07",
    "\u202eright to left",
    "a\u2028b\x85c",
    "| --- |",
    ":--",
]


def shape(text: str) -> list[str]:
    """The kinds of all pieces of a Markdown text, without its words."""
    return [kind for token in MARKDOWN.parse(text) for kind in _kinds(token)]


def _kinds(token: Token) -> list[str]:
    inside = [child.type for child in token.children or [] if child.type != "text"]
    return [f"{token.type} {token.tag}", *inside]


def read_back(text: str) -> str:
    """The words that a reader of the Markdown sees."""
    tokens = [child for token in MARKDOWN.parse(text) for child in token.children or []]
    return "".join(child.content for child in tokens)


def story_about(words: str) -> list[Happened]:
    """Every free word that a person can type, filled with these."""
    return [
        ev.SeverityChanged("sev1", words),
        ev.RoleAssigned("commander", words),
        ev.FactRecorded("needs", words, "confirmed", words),
        ev.DecisionTaken("outage", "workaround", "workaround", "phone", words),
        ev.StepSkipped("outage", "brief", words),
        ev.StepCompleted("outage", "fix", (words,)),
        ev.NoteAdded(words, "went-well"),
        ev.NoteAdded(words, "contributing"),
        ev.NoteAdded(words),
        ev.CommandRan("outage", "fix", words, 0, words),
        ev.ActionAdded(1, words, words, words),
        ev.PromiseMade("report_by", words, minute(900), "report", "update"),
        ev.DeadlineWaived("first-word", minute(10), words),
        ev.FactRetracted("needs", words),
        ev.IncidentReopened(words),
    ]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_change_nothing_but_the_words_of_a_report(words: str) -> None:
    calm = markdown(a_report(*story_about("calm words")))
    text = markdown(a_report(*story_about(words)))

    assert shape(text) == shape(calm)
    shown = safe(" ".join(words.split()))
    if words.isprintable():
        assert read_back(text).count(shown) >= read_back(calm).count("calm words") > 15
    assert not any(
        char not in "\n" and not char.isprintable() for char in text.replace("\u2028", "")
    )


@given(st.text(max_size=30) | st.text("ab |\\`*_[]()<>&#~-+.1!:\n", max_size=30))
def test_any_word_reads_in_markdown_as_it_was_typed(words: str) -> None:
    shown = plain(words)
    once = re.sub(r"[^\S\u00a0\u202f]+", " ", words).strip()  # no-break spaces stay
    if not once or once == "-":
        return

    assert shape(f"- {shown}") == shape("- calm")
    if once.isprintable() and "\\x" not in shown and "\\u" not in shown and "\\U" not in shown:
        assert read_back(f"- {shown}") == once


@settings(max_examples=60)
@given(st.lists(any_event(), max_size=10))
def test_any_story_at_all_can_be_reported(happened: list[Happened]) -> None:
    report = a_report(*happened)

    assert markdown(report).startswith("# Post-mortem: ")
    assert json.loads(json.dumps(looked_back(View(PARIS), report)))["schema"] == 1
    assert status(report.incident, now=BEGAN).incident is report.incident


# JSON


def test_the_report_as_json_has_stable_keys_times_with_offsets_and_seconds() -> None:
    report = a_report(
        reached("started", -20),
        reached("detected", -9),
        (8, a_sent("holding", next_update=minute(25), uses=("started_at",))),
        (20, a_sent("update")),
        now=30,
    )

    data = json.loads(json.dumps(looked_back(View(PARIS), report)))

    assert set(data) == {
        *("schema", "incident", "title", "drill", "status", "severity", "playbooks"),
        *("restricted", "post_mortem", "reviewed", "stakes", "severity_seconds", "roles_held"),
        *("contributing_factors", "playbook_notes", "facts_before"),
        *("written_at", "events", "head", "milestones", "metrics", "longest_silence", "impact"),
        *("severities", "roles", "timeline", "decisions", "messages", "deadlines"),
        *(
            "clocks",
            "uncovered",
            "breach_severity",
            "reviews",
            "compensation",
            "open_promises",
            "causes",
            "lessons",
            "actions",
            "skipped",
            "not_ticked",
            "facts",
        ),
    }
    assert (data["schema"], data["incident"], data["severity"]) == (1, ID, None)
    assert data["written_at"] == "2026-11-27T20:30:00+01:00"
    assert data["milestones"]["started"] == "2026-11-27T19:40:00+01:00"
    assert data["metrics"]["time_to_detect"] == {
        "seconds": 660,
        "from": "started",
        "to": "detected",
    }
    assert data["metrics"]["time_to_resolve"]["seconds"] is None
    assert data["longest_silence"]["seconds"] == 720
    assert data["messages"][0] == {
        "message": "holding",
        "to": "customers",
        "at": "2026-11-27T20:08:00+01:00",
        "by": "ana",
        "next_update": "2026-11-27T20:25:00+01:00",
        "uses": ["started_at"],
        "texts": [
            {
                "channel": "email",
                "locale": "en",
                "sha256": "0" * 64,
                "file": "/outbox/holding/email.en.txt",
                "heading": None,
                "body": None,
            }
        ],
        "since_previous_seconds": None,
        "approved_by": [],
        "approved_beforehand_by": [],
        "broken_glass": [],
        "overruled": [],
        "edited": 0,
        "corrects": None,
    }
    assert [due["state"] for due in data["deadlines"]] == ["met", "met", "due"]
    assert data["deadlines"][0] == {
        "name": "first-word",
        "title": "First word",
        "kind": "deadline",
        "state": "met",
        "since": "2026-11-27T20:00:00+01:00",
        "due": "2026-11-27T20:10:00+01:00",
        "met_at": "2026-11-27T20:08:00+01:00",
        "met_by": "holding",
        "because": None,
    }


def test_the_status_as_json_has_stable_keys() -> None:
    incident = an_incident(
        (3, ev.StepStarted("outage", "hold", "communicate", 1, 3)),
        (4, ev.FactRecorded("cause", "overload", "suspected", "a hunch")),
    )

    data = json.loads(json.dumps(View(PARIS).status(status(incident, now=minute(5)))))

    assert data["elapsed_seconds"] == 300
    assert (data["stage"], data["stage_number"], data["stages"]) == ("communicate", 2, 5)
    assert (data["step"], data["step_number"], data["steps"]) == ("hold", 1, 3)
    assert data["step_done"] is False
    assert data["next_deadline"]["name"] == "first-word"
    assert data["facts"]["cause"] == {
        "value": "overload",
        "status": "suspected",
        "source": "a hunch",
        "at": "2026-11-27T20:04:00+01:00",
        "by": "ana",
    }
    assert data["next_command"] == f"crisisctl resume {ID}"


def test_a_line_of_the_timeline_as_json_has_both_times() -> None:
    (line,) = the_lines((4, 25, ev.NoteAdded("first")))

    assert View(PARIS).line(line) == {
        "seq": 3,
        "occurred_at": "2026-11-27T20:04:00+01:00",
        "recorded_at": "2026-11-27T20:25:00+01:00",
        "by": "ana",
        "kind": "note-added",
        "text": "first",
        "corrected": None,
    }


def test_spans_are_whole_seconds() -> None:
    assert seconds(None) is None
    assert seconds(timedelta(seconds=90.6)) == 91
    assert seconds(timedelta(minutes=-5)) == -300


# A playbook to read


def test_a_playbook_on_paper_has_a_box_for_every_step_item_and_option() -> None:
    plan = a_playbook(
        stages={
            "assess": (
                a_step(checklist=("From outside",), ask=("cause", "downtime"), role="scribe"),
            ),
            "communicate": a_playbook().stages["communicate"],
        }
    )

    text = plan_on_paper(plan)

    assert "### ☐ 1.1 Look (scribe)" in text
    assert "- [ ] From outside" in text
    assert "- Why? (Too many visitors / A change) ____________" in text
    assert "- [ ] By phone: for: ; against:" in text
    assert "Only when `workaround == 'phone'`." in text
    assert "- [ ] Send **holding** to customers: email." in text
    assert text.count("### ☐") == 5


def test_the_outline_names_every_step_and_question() -> None:
    shown = [line.text for line in outline(a_playbook())]

    for said in (
        "Site outage (outage)",
        "2. communicate",
        "2.3 Open the phones",
        "when: workaround == 'phone'",
        "asks cause: Why?",
        'sends "holding" to customers on email',
    ):
        assert said in shown


def test_the_model_of_a_playbook_holds_all_that_a_walk_may_ask_decide_or_send() -> None:
    plan = a_playbook()

    data = json.loads(json.dumps(model(plan, {"holding": ["en", "fr"]})))

    assert data["facts"].keys() == plan.facts.keys()
    assert data["facts"]["cause"] == {
        "type": "choice",
        "ask": "Why?",
        "hint": None,
        "choices": {"overload": "Too many visitors", "deployment": "A change"},
        "example": "deployment",
        "optional": False,
        "certainty": "ask",
        "compute": None,
        "workspace": None,
        "milestone": None,
        "reviews": None,
        "promise": None,
    }
    assert data["impact"]["checkout"]["answers"]["none"] == {
        "title": "Nobody can",
        "severity": "sev1",
    }
    steps = {step["id"]: step for stage in data["stages"].values() for step in stage}
    assert list(data["stages"]) == ["assess", "communicate", "resolve", "compensate", "post-mortem"]
    assert set(steps) == {step.id for _, step in plan.steps()}
    assert steps["workaround"]["decide"]["options"]["none"]["against"] == "Loss"
    assert steps["hold"]["send"] == {
        "message": "holding",
        "to": "customers",
        "channels": ["email"],
        "tiers": [],
    }
    assert data["messages"]["holding"] == {"channels": ["email"], "locales": ["en", "fr"]}
    assert data["messages"]["update"]["locales"] == []
    assert data["deadlines"]["first-word"]["from"] == "declared"
