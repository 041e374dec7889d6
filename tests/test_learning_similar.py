"""What was like this before: the most alike first, why, and what we said and did then."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis, Ran
from hostile import TYPEABLE, calm
from makers import a_sent, minute
from pasts import a_past, past_entries, written
from terminal import Terminal

from crisisctl.incident import events as ev
from crisisctl.incident.said import DraftedText
from crisisctl.learning.figures import Figures, figures
from crisisctl.learning.similar import Alike, alike
from crisisctl.learning.traits import Traits, traits, words

INCIDENTS = Path(__file__).parent / "incidents"
NOW = datetime(2027, 6, 1, tzinfo=UTC)
CAUSE = "The certificate of the payment provider had expired"


def known(*happened: Any, **changes: Any) -> tuple[Figures, Traits]:
    incident = a_past(*happened, **changes)
    return figures(incident, now=NOW), traits(incident)


def compared(mine: tuple[Any, ...], *past: tuple[Figures, Traits]) -> list[Alike]:
    return alike(traits(a_past(*mine)), past, most=5)


DEPLOYED = (ev.FactRecorded("cause", "deployment"), ev.FactRecorded("checkout", "none"))
OVERLOADED = (ev.FactRecorded("cause", "overload"), ev.FactRecorded("checkout", "none"))


def test_the_same_cause_makes_more_alike_than_the_same_answer() -> None:
    found = compared(DEPLOYED, known(*OVERLOADED, id="a"), known(*DEPLOYED, id="b"))

    assert [each.incident for each in found] == ["b", "a"]
    assert "cause deployment" in found[0].shares
    assert "cause deployment" not in found[1].shares


def test_of_those_equally_alike_the_newest_comes_first() -> None:
    days = {"a": 1, "b": 3, "c": 2}

    found = compared(DEPLOYED, *(known(*DEPLOYED, id=id, days=n) for id, n in days.items()))

    assert [each.incident for each in found] == ["b", "c", "a"]
    assert {each.likeness for each in found} == {100}


def test_what_few_incidents_share_tells_more_and_is_named_first() -> None:
    mine = (*DEPLOYED, ev.FactRecorded("reach", "few"))
    common = [known(*DEPLOYED, id=str(n)) for n in range(8)]

    shares = compared(mine, *common, known(*mine, id="rare"))[0].shares

    assert shares.index("reach few") < shares.index("checkout none")


def test_words_of_a_cause_are_shared() -> None:
    [found] = compared((ev.CauseFound(CAUSE),), known(ev.CauseFound(CAUSE)))

    assert '"certificate"' in found.shares


def test_what_has_nothing_in_common_is_not_shown() -> None:
    assert compared((), (known()[0], Traits("", (), ()))) == []


def test_a_suspected_cause_finds_what_was_like_it() -> None:
    suspected = (ev.FactRecorded("cause", "deployment", "suspected"),)

    [found] = compared(suspected, known(*DEPLOYED))

    assert "cause deployment" in found.shares


def test_words_are_compared_without_accents_and_common_ones_do_not_count() -> None:
    assert words("The ÉCHÉANCE of the certificat") == ("echeance", "certificat")
    assert words("with this that") == ()


# The command


@pytest.fixture
def past(folder: Path) -> str:
    """An outage of last year, told in two languages, with what came of it."""
    texts = tuple(
        DraftedText("status-page", locale, head, "We are on it.", sha * 64)
        for locale, head, sha in (("fr", "Panne", "f"), ("en", "The shop is down", "e"))
    )
    sent = tuple(ev.SentText(text.channel, text.locale, text.sha256) for text in texts)
    happened: list[Any] = [
        ev.MilestoneReached("started", minute(-20)),
        *DEPLOYED,
        (5, ev.MessageDrafted("holding", "customers", texts)),
        (8, a_sent("holding", texts=sent)),
        (9, ev.DecisionTaken("outage", "workaround", "workaround", "phone", "Two people ready")),
        ev.MilestoneReached("resolved", minute(61)),
        ev.NoteAdded("Nobody knew how to undo it", "went-badly"),
        ev.ActionAdded(1, "Write down how to undo", "jo", "2025-12-24"),
        ev.IncidentClosed(),
    ]
    entries = past_entries(*happened, days=-365, title="Release broke the checkout")
    return written(folder / "home", "outage-2025-11-27", entries)


@pytest.fixture
def running(folder: Path, past: str) -> str:
    return written(folder / "home", "outage-2026-11-27", past_entries(*DEPLOYED))


def test_while_it_runs_one_sees_what_was_said_decided_and_learned_then(
    crisis: Crisis, running: str
) -> None:
    shown = crisis("similar").stdout

    assert len(shown.splitlines()) <= 24
    assert max(map(len, shown.splitlines())) <= 80
    for words_then in (
        "100 %  outage-2025-11-27",
        "took 1 h 21 min",
        "shares    cause deployment",
        "said      28 min: holding (fr, en) The shop is down",
        "decided   Another way to order: By phone, because Two people ready",
        "badly     Nobody knew how to undo it",
        "then      1 action item, 1 not done: Write down how to undo (overdue)",
    ):
        assert words_then in shown


def test_the_same_as_json(crisis: Crisis, running: str) -> None:
    [found] = json.loads(crisis("similar", running, "--json").stdout)["similar"]

    assert (found["incident"], found["took_seconds"]) == ("outage-2025-11-27", 81 * 60)
    [said] = found["messages"]
    assert said["first_line"] == "The shop is down"
    assert (said["after_seconds"], said["locales"]) == (28 * 60, ["fr", "en"])
    assert found["actions"][0]["status"] == "open"
    assert found["lessons"]["went_badly"] == ["Nobody knew how to undo it"]


def test_many_alike_fit_one_screen(crisis: Crisis, folder: Path, past: str) -> None:
    for number in range(9):
        happened = (*DEPLOYED, ev.IncidentClosed())
        written(folder / "home", f"outage-{number}", past_entries(*happened, days=number))
    id = written(folder / "home", "now", past_entries(*DEPLOYED))

    assert len(crisis("similar", id).stdout.splitlines()) <= 24


def test_it_is_read_on_a_terminal_of_24_rows(folder: Path, running: str) -> None:
    with Terminal("similar", home=folder / "home", folder=folder) as terminal:
        terminal.expect_on_screen("The shop is down")
        terminal.expect_on_screen("Most like outage-2026-11-27")

        assert terminal.wait() == 0


def jo(crisis: Crisis, monkeypatch: pytest.MonkeyPatch, *words: str) -> Ran:
    with monkeypatch.context() as at_jo:
        at_jo.setenv("CRISISCTL_OPERATOR", "jo")
        return crisis(*words)


def test_a_restricted_incident_is_recalled_by_its_circle_only(
    crisis: Crisis, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crisis("reopen", "outage-2025-11-27", "--because", "To restrict it")
    crisis("restrict", "--incident", "outage-2025-11-27", "--to", "li", "--because", "Secret")

    mine = crisis("similar", running)
    theirs = jo(crisis, monkeypatch, "similar", running)

    assert "Release broke the checkout" in mine.stdout
    assert theirs.stdout == f"Nothing like {running} among 0 past incidents.\n"
    assert "1 restricted incident is not compared" in theirs.stderr


def test_nobody_outside_the_circle_asks_what_a_restricted_one_is_like(
    crisis: Crisis, running: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crisis("restrict", "--incident", running, "--to", "li", "--because", "Secret")

    ran = jo(crisis, monkeypatch, "similar", running)

    assert (ran.exit, ran.stdout) == (2, "")


@pytest.mark.parametrize("words_typed", TYPEABLE.values(), ids=TYPEABLE)
def test_hostile_words_of_the_past_do_nothing(
    crisis: Crisis, folder: Path, words_typed: str
) -> None:
    text = DraftedText("email", "en", words_typed, words_typed, "0" * 64)
    happened: list[Any] = [
        *DEPLOYED,
        ev.CauseFound(words_typed, words_typed),
        ev.MessageDrafted("holding", "customers", (text,)),
        a_sent("holding"),
        ev.NoteAdded(words_typed, "went-well"),
        ev.ActionAdded(1, words_typed, words_typed, words_typed),
        ev.DecisionTaken("outage", "nope", "nope", words_typed, words_typed),
    ]
    written(folder / "home", "outage-1", past_entries(*happened, title=words_typed))
    written(folder / "home", "outage-2", past_entries(*DEPLOYED))

    for command in (("similar", "outage-2"), ("digest",), ("suggest", "outage"), ("stats",)):
        ran = crisis(*command)

        assert ran.exit in (0, 1)
        assert calm(ran.stdout, ran.stderr)


def test_real_incidents_recall_each_other(crisis: Crisis, folder: Path) -> None:
    for name in ("cloudflare-2025-11-18", "gitlab-2017-01-31"):
        answers = str(INCIDENTS / f"{name}.yaml")
        assert crisis("start", "outage", "--answers", answers, "--no-input").exit == 0

    [found] = json.loads(crisis("similar", "outage-2017-01-31", "--json").stdout)["similar"]
    total = json.loads(crisis("stats", "--json").stdout)["total"]

    assert found["incident"] == "outage-2025-11-18"
    assert found["took_seconds"] == 20_760
    assert "checkout none" in found["shares"]
    assert found["messages"][0]["after_seconds"] == 1680
    assert total["time_to_detect"] == {
        **total["time_to_detect"],
        "n": 2,
        "p50_seconds": (660 + 3600) // 2,
        "p90_seconds": None,
    }
