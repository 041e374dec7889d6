"""One small incident in every format and language, as files that a person can read through.

`python tests/test_report_golden.py` writes them anew; read what changed before it is committed.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from makers import ID, Happened, a_sent, minute, the_entries

from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.report.formats import written
from crisisctl.report.post_mortem import post_mortem
from crisisctl.report.words import LOCALES, words
from crisisctl.workspace import Workspace

GOLDEN = Path(__file__).with_name("golden")
NAMES = [f"post-mortem.{locale}.{format}" for locale in LOCALES for format in ("md", "html")]
NAMES.append("post-mortem.en.json")  # the same in every language, but for the timeline's words
TEXT = ev.DraftedText(
    "email", "en", "You cannot pay at the moment", "We are sorry. Your cart is kept.", "a" * 64
)
SENT = ev.SentText("email", "en", "a" * 64)
STORY: list[Happened] = [
    ev.RoleAssigned("commander", "ana"),
    (1, ev.FactRecorded("checkout", "none")),
    (1, ev.SeverityChanged("sev1", "Can customers pay? Nobody can")),
    (2, ev.FactRecorded("cause", "overload", "suspected", "the load looks odd")),
    (3, ev.MilestoneReached("started", minute(-12))),
    (3, ev.MilestoneReached("detected", minute(-4))),
    (5, ev.DecisionTaken("outage", "workaround", "workaround", "phone", "Support is here")),
    (6, ev.MessageDrafted("holding", "customers", (TEXT,))),
    (7, ev.MessageApproved("holding", "customers", (SENT,))),
    (8, a_sent(texts=(SENT,), next_update=minute(28))),
    (8, ev.MilestoneReached("first-message", minute(8))),
    (9, ev.StepSkipped("outage", "brief", "all are here")),
    (20, 32, ev.NoteAdded("The import is stopped")),
    (30, ev.FactRecorded("cause", "deployment", "confirmed", "the release log")),
    (35, a_sent("update", texts=(SENT,))),
    (40, ev.PromiseMade("report_by", "Publish the report", minute(3000), "report", "update")),
    (50, ev.RoleHandedOver("commander", "jo", "ana")),
    (61, ev.MilestoneReached("mitigated", minute(48))),
    (70, ev.MilestoneReached("resolved", minute(60))),
    (80, ev.EventCorrected(15, "the call's log", minute(18), "The import is stopped by hand")),
    (90, ev.CauseFound("The tests used an empty cart", "deployment", ("Nobody owned them",))),
    (91, ev.NoteAdded("The first message was out in twenty minutes", "went-well")),
    (92, ev.NoteAdded("Undoing the release took half an hour", "went-badly")),
    (93, ev.NoteAdded("Print the phone number", "playbook")),
    (95, ev.ActionAdded(1, "Test with a full cart", "jo", "2026-12-15", "detect")),
    (96, ev.ActionAdded(2, "Freeze releases in November", "ana", "2026-12-01", "prevent")),
    (97, ev.ActionDeclined(2, "small ones are safer")),
    (99, ev.PostMortemMoved("in-review")),
    (120, ev.PostMortemMoved("reviewed")),
]


def made(name: str) -> str:
    """The report of the story, without its style sheet, which is no text."""
    _, locale, format = name.split(".")
    entries = the_entries(*STORY)
    say = words(locale)
    report = post_mortem(
        fold(ID, entries),
        entries,
        head="f" * 64,
        zone=ZoneInfo("Europe/Paris"),
        now=minute(0) + timedelta(days=1),
        words=say,
        asked=format != "json",
    )
    text = written(report, format, say, Workspace())
    if format == "json":
        return json.dumps(json.loads(text), ensure_ascii=False, indent=1) + "\n"
    return re.sub(r"<style>.*?</style>", "<style></style>", text, flags=re.DOTALL)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_reads_as_it_was_read_last(name: str) -> None:
    assert made(name) == (GOLDEN / name).read_text(encoding="utf-8")


def test_nothing_else_lies_with_the_golden_files() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == set(NAMES)


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name in NAMES:
        (GOLDEN / name).write_text(made(name), encoding="utf-8")
