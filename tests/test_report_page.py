"""The post-mortem as a page: what is in it, and that nothing people wrote becomes part of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hostile import HOSTILE as TERMINAL
from hostile import calm
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import ID, Happened, a_sent, minute, the_entries
from strategies import any_event

from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.report import rendering
from crisisctl.report.blocks import Page, Section, Text
from crisisctl.report.post_mortem import PostMortem, post_mortem
from crisisctl.report.sections import page
from crisisctl.report.words import LOCALES, words
from crisisctl.workspace import Workspace

PARIS = ZoneInfo("Europe/Paris")
HTML = {
    "script": "<script>alert(1)</script>",
    "out of an attribute": '"><img src=x onerror=alert(1)>',
    "single quote": "' onmouseover='alert(1)",
    "javascript": "javascript:alert(1)",
    "odd javascript": "JaVa\tScRiPt:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "end of title": "</title><script>alert(1)</script>",
    "end of style": "</style><script>alert(1)</script>",
    "end of script": "</script><b>x",
    "comment": "<!-- ",
    "template": "{{ 7 * 7 }} {% if x %}",
    "link": "[a](https://evil.example)",
    "beacon": "<img src=https://evil.example/b.png>",
    "svg": "<svg onload=alert(1)>",
    "line separator": "a\u2028b",
    "entity": "&#x3C;b>",
    "base": "<base href=https://evil.example>",
    "refresh": "<meta http-equiv=refresh content=0;url=https://evil.example>",
}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "h1", "dl", "dt", "dd", "nav"),
    *("details", "summary", "ul", "li", "a", "main", "section", "h2", "h3", "p", "span", "table"),
    *("thead", "tbody", "tr", "th", "td", "time", "pre", "figure", "img", "footer", "svg", "desc"),
    *("rect", "text", "path", "circle"),
}


class Seen(HTMLParser):
    """The elements of a page with their attributes, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def a_report(*happened: Happened, now: float = 2000) -> PostMortem:
    entries = the_entries(*happened)
    return post_mortem(
        fold(ID, entries), entries, head="f" * 64, zone=PARIS, now=minute(now), asked=True
    )


def html(report: PostMortem, locale: str = "en") -> str:
    return rendering.html(page(report, words(locale)), Workspace())


def story_about(said: str) -> list[Happened]:
    """Every free word that a person can type, filled with these."""
    text = ev.DraftedText("email", "en", said, said, "a" * 64)
    sent = ev.SentText("email", "en", "a" * 64)
    return [
        ev.SeverityChanged("sev1", said),
        ev.RoleAssigned("commander", said),
        ev.RoleHandedOver(said, said, said),
        ev.FactRecorded("needs", said, "confirmed", said),
        ev.FactRecorded("needs", f"{said}.", "suspected", said),
        ev.DecisionTaken("outage", "workaround", "workaround", "phone", said),
        ev.StepSkipped("outage", "brief", said),
        ev.StepCompleted("outage", "fix", (said,)),
        (1, ev.MilestoneReached("started", minute(-20))),
        (2, ev.MilestoneReached("mitigated", minute(50))),
        ev.MessageDrafted("holding", said, (text,)),
        ev.MessageApproved("holding", said, (sent,), said, (ev.Overruled(said, said, said),)),
        ev.MessageApproved("holding", said, (sent,), said, break_glass=True),
        (5, a_sent(to=said, texts=(sent,))),
        ev.NoteAdded(said, "went-well"),
        ev.NoteAdded(said, "contributing"),
        ev.NoteAdded(said, "playbook"),
        ev.NoteAdded(said, "alert"),
        ev.NoteAdded(said),
        ev.CauseFound(said, said, (said, said)),
        ev.CommandRan("outage", "fix", said, 0, said),
        ev.ActionAdded(1, said, said, said, "prevent", said),
        ev.ActionDone(1, said),
        ev.PromiseMade("report_by", said, minute(900), "report", "update"),
        ev.DeadlineWaived("first-word", minute(10), said),
        ev.PostMortemMoved("reviewed", said),
        ev.FactRetracted("needs", said),
        ev.AccessRestricted((said,), said),
    ]


@pytest.mark.parametrize("said", [*HTML.values(), *TERMINAL.values()], ids=[*HTML, *TERMINAL])
def test_hostile_words_change_nothing_but_the_words_of_a_page(said: str) -> None:
    plain, told = html(a_report(*story_about("calm words"))), html(a_report(*story_about(said)))

    seen = Seen(told)
    assert seen.tags == Seen(plain).tags
    assert set(seen.tags) <= TAGS
    assert seen.attributes == Seen(plain).attributes
    assert not {name for name in seen.attributes if name.startswith("on")}
    assert calm(told.replace("\t", ""))  # an exact text keeps its tabs


@pytest.mark.parametrize("said", HTML.values(), ids=HTML)
def test_what_people_wrote_is_read_as_they_wrote_it(said: str) -> None:
    told = Seen(html(a_report(ev.NoteAdded(said, "went-well")))).text

    if said.isprintable():
        assert " ".join(said.split()) in told


@pytest.mark.parametrize("locale", LOCALES)
def test_a_page_asks_for_nothing_and_runs_nothing(locale: str) -> None:
    text = html(a_report(*story_about("https://evil.example/x.png")), locale)

    assert f'<html lang="{locale}">' in text
    assert "default-src 'none'" in text
    seen = Seen(text)
    assert not set(seen.tags) & {"script", "iframe", "link", "object", "form", "base"}
    assert "href" not in seen.attributes or 'href="http' not in text
    assert 'src="http' not in text


@settings(max_examples=40)
@given(st.lists(any_event(), max_size=10), st.sampled_from(LOCALES))
def test_any_story_at_all_makes_a_page_in_any_language(
    happened: list[Happened], locale: str
) -> None:
    assert set(Seen(html(a_report(*happened), locale)).tags) <= TAGS


def test_an_incident_of_one_event_makes_a_page() -> None:
    entries = the_entries()[:1]
    report = post_mortem(fold(ID, entries), entries, head="", zone=PARIS, now=minute(5))

    text = Seen(html(report)).text

    assert "No message was sent." in text
    assert "Severity: never judged" in text


def test_a_long_timeline_is_folded_day_by_day_and_a_short_one_is_not() -> None:
    short = html(a_report(*(ev.NoteAdded(f"note {n}") for n in range(20))))
    long = html(a_report(*((n * 30, ev.NoteAdded(f"note {n}")) for n in range(100))))

    assert "<summary>2026-11-27" not in short
    assert "<summary>2026-11-28: 48 events</summary>" in long
    assert long.count("note ") == 100


def test_clock_jumps_are_said_and_not_averaged_away() -> None:
    text = Seen(
        html(
            a_report(
                (1, ev.MilestoneReached("started", minute(30))),
                (2, ev.MilestoneReached("detected", minute(10))),
                (3, ev.MilestoneReached("mitigated", minute(60))),
            )
        )
    ).text

    assert "-20 min" in text
    assert "the times on record contradict each other" in text
    assert "It was noticed after -" not in text


def test_a_hundred_thousand_events_make_a_page_in_which_each_is_found() -> None:
    notes = [(n, ev.NoteAdded(f"note {n}.")) for n in range(100_000)]

    text = html(a_report(*notes, now=200_000))

    assert all(f"note {n}." in text for n in range(0, 100_000, 9_999))
    assert text.count("<tr><td><time") > 100_000


def test_a_workspace_can_put_its_own_layout_in_place(tmp_path: Path) -> None:
    layout = tmp_path / "templates" / "layouts" / "post-mortem.md.j2"
    layout.parent.mkdir(parents=True)
    layout.write_text('Ours: {{ title }}\n{% for each in sections %}{{ each["id"] }} {% endfor %}')
    (tmp_path / "crisisctl.yaml").write_text("brand: {name: Kestrel}\n")

    text = rendering.markdown(page(a_report(), words()), Workspace(tmp_path, {}))

    assert text.startswith("Ours: Post-mortem: Site outage\nsummary impact ")


def test_a_layout_sees_words_and_no_objects() -> None:
    own = Page("en", "t", (), (Section("a", "A", (Text("x"),)),), "f", ":", "c")

    names = rendering._names(own)

    (section,) = names["sections"]
    assert section["blocks"][0] == {"text": "x", "tone": "", "kind": "text"}


def test_exact_texts_stand_once_for_all_channels_that_share_them() -> None:
    texts = tuple(
        ev.DraftedText(
            channel, "en", "Sorry", f"We are down.\n{'x' * (channel == 'sms')}", sha * 64
        )
        for channel, sha in (("email", "a"), ("blog", "b"), ("sms", "c"))
    )
    sent = tuple(ev.SentText(text.channel, "en", text.sha256) for text in texts)

    told = html(a_report(ev.MessageDrafted("holding", "customers", texts), (5, a_sent(texts=sent))))

    assert "<summary>email and blog, en</summary>" in told
    assert "<summary>sms, en</summary>" in told
    assert '<pre lang="en">Sorry\n\nWe are down.\n</pre>' in told


def test_what_was_believed_before_stands_beside_what_is_known() -> None:
    told = html(
        a_report(
            (3, ev.FactRecorded("cause", "overload", "suspected", "a guess")),
            (9, ev.FactRecorded("cause", "deployment", "confirmed", "the logs")),
        )
    )

    text = Seen(told).text
    assert "What was recorded before" in text
    assert text.index("a guess (ana)") < text.index("the logs (ana)", text.index("a guess (ana)"))


def test_who_held_a_role_when_is_told_from_hand_to_hand() -> None:
    report = a_report(
        (1, ev.RoleAssigned("scribe", "jo")),
        (30, ev.RoleHandedOver("scribe", "li", "jo")),
        (31, ev.RoleAssigned("scribe", "li")),
    )

    held = [(each.person, each.since, each.until) for each in report.held]
    assert held == [("jo", minute(1), minute(30)), ("li", minute(30), None)]


def test_minutes_are_counted_by_severity_until_it_was_resolved() -> None:
    report = a_report(
        (10, ev.SeverityChanged("sev1", "nobody can pay")),
        (40, ev.SeverityChanged("sev3", "most can")),
        (100, ev.MilestoneReached("resolved", minute(90))),
    )

    assert [(s.severity, s.until - s.since) for s in report.spells] == [
        ("sev1", timedelta(minutes=30)),
        ("sev3", timedelta(minutes=50)),
    ]
    assert "sev1 30 min; sev3 50 min" in Seen(html(report)).text
