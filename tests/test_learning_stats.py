"""The figures over all incidents: counted as they say, and nothing averaged in silently."""

from __future__ import annotations

import json
import sqlite3
import stat
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from hostile import TYPEABLE, calm
from hypothesis import given
from hypothesis import strategies as st
from makers import BEGAN, a_playbook, a_sent, minute
from pasts import a_past, past_entries, written

from crisisctl.incident import events as ev
from crisisctl.incident.compensated import PlanLine
from crisisctl.incident.fold import fold
from crisisctl.journal import Journal
from crisisctl.learning.chart import brief, chart
from crisisctl.learning.figures import Cost, Figures, figures
from crisisctl.learning.gather import gathered
from crisisctl.learning.kept import NAME, Kept
from crisisctl.learning.spread import spread
from crisisctl.learning.stats import Stats, Wanted, stats
from crisisctl.playbook.model import Fact

NOW = datetime(2027, 6, 1, tzinfo=UTC)


def reached(name: Any, at: float) -> ev.MilestoneReached:
    return ev.MilestoneReached(name, minute(at))


def an_outage(started: float = -20, over: float = 60, **changes: Any) -> Figures:
    found = (reached("started", started), reached("detected", -5), reached("resolved", over))
    return figures(a_past(*found, **changes), now=NOW)


def over_all(*every: Figures, by: Any = None, **wanted: Any) -> Stats:
    return stats(every, Wanted(**wanted), by, now=NOW)


# Times


def test_half_took_no_longer_than_p50_and_nine_of_ten_no_longer_than_p90() -> None:
    found = spread([*range(1, 11)])

    assert (found.n, found.p50, found.p90) == (10, 5.5, 9)


def test_below_five_incidents_there_is_no_p90() -> None:
    assert spread([1, 2, 3, 4]).p90 is None
    assert spread([1, 2, 3, 4, 5]).p90 == 5


@given(st.lists(st.one_of(st.none(), st.floats(-1e9, 1e9))))
def test_every_time_is_counted_once_and_p90_is_one_of_them(spans: list[float | None]) -> None:
    found = spread(spans)

    assert found.n + found.missing + found.negative == len(spans)
    if found.p90 is not None:
        good = [span for span in spans if span is not None and span >= 0]
        assert found.p90 in good
        assert sum(span <= found.p90 for span in good) >= 0.9 * len(good)


def test_a_clock_that_jumped_is_counted_apart_and_named() -> None:
    found = over_all(an_outage(), an_outage(over=-300, id="outage-2"))

    assert found.total.spans["time_to_resolve"].p50 == 80 * 60
    assert found.total.spans["time_to_resolve"].negative == 1
    assert found.leaping == {"outage-2": ["time_to_resolve"]}


def test_an_incident_of_one_event_misses_every_time_and_counts() -> None:
    alone = fold("outage-1", past_entries()[:1])

    found = over_all(figures(alone, now=NOW))

    assert found.total.incidents == 1
    assert found.total.playbooks == {"": 1}
    assert {s.missing for s in found.total.spans.values()} == {1}


def test_a_reopened_incident_has_no_time_to_resolve_until_it_is_over_again() -> None:
    incident = a_past(
        reached("started", -20), reached("resolved", 60), ev.IncidentReopened("It broke again")
    )

    found = over_all(figures(incident, now=NOW, reopened=1))

    assert found.total.spans["time_to_resolve"].missing == 1
    assert found.total.reopened == 1


# What was kept, missed, spent


def test_a_deadline_that_nobody_met_is_open_first_and_missed_later() -> None:
    [owed] = figures(a_past(ev.SeverityChanged("sev1", "x")), now=BEGAN).owed

    assert owed.standing(minute(9)) == "open"
    assert owed.standing(minute(11)) == "missed"


def test_promises_count_as_kept_broken_or_open() -> None:
    def promise(due: float) -> ev.PromiseMade:
        return ev.PromiseMade("report", "Publish the report", minute(due), "report", "holding")

    kept = a_past((1, promise(90)), (60, a_sent("report")))
    broken = a_past((1, promise(30)), (60, a_sent("report")))
    still = a_past((1, ev.PromiseMade("x", "y", NOW + timedelta(days=1), "", "holding")))

    tally = over_all(*(figures(each, now=NOW) for each in (kept, broken, still))).total.promises

    assert (tally.met, tally.missed, tally.open) == (1, 1, 1)


def test_an_action_item_is_overdue_after_its_day_while_it_is_open() -> None:
    incident = a_past(
        ev.ActionAdded(1, "Test restores", "jo", "2027-05-31"),
        ev.ActionAdded(2, "Alert", "jo", "2027-06-01"),
        ev.ActionAdded(3, "Train", "jo", "2027-01-01"),
        ev.ActionDone(3, "Everybody did"),
        ev.ActionAdded(4, "Rewrite", "jo"),
        ev.ActionDeclined(4, "Not worth it"),
    )

    found = over_all(figures(incident, now=NOW)).total.actions

    assert (found.open, found.overdue, found.done, found.declined) == (2, 1, 1, 1)


def handed_out(currency: str, expected: str) -> tuple[ev.Event, ev.Event]:
    line = PlanLine(
        "owed", "refund", "Refunds", currency, 3, Decimal(expected), Decimal(expected), "refund"
    )
    planned = ev.CompensationPlanned(
        1, "outage", "f.csv", "a", "b", "c", currency, 3, Decimal(expected), Decimal(0), (line,)
    )
    return planned, ev.CompensationIssued(1, "bound", currency, (line,))


def test_two_currencies_are_never_added_up() -> None:
    every = [
        figures(a_past(*handed_out(currency, amount)), now=NOW)
        for currency, amount in (("EUR", "10.50"), ("TRY", "900.00"), ("EUR", "1.25"))
    ]

    assert over_all(*every).total.compensation == (
        Cost("EUR", Decimal("11.75"), Decimal("11.75")),
        Cost("TRY", Decimal("900.00"), Decimal("900.00")),
    )


def test_revenue_at_risk_is_an_hours_revenue_times_the_time_to_mitigate() -> None:
    plan = a_playbook(facts={**a_playbook().facts, "revenue_per_hour": Fact(type="money")})
    revenue = ev.FactRecorded("revenue_per_hour", "1000.00 EUR")

    found = figures(
        a_past(revenue, reached("started", -30), reached("mitigated", 60), plan=plan), now=NOW
    )

    assert found.at_risk == Cost("EUR", Decimal("1500.00"), Decimal(0))


@pytest.mark.parametrize(
    ("events", "causes", "suspected"),
    [
        ((), (), False),
        ((ev.FactRecorded("cause", "overload", "suspected"),), (), True),
        ((ev.FactRecorded("cause", "overload"),), ("overload",), False),
        (
            (ev.FactRecorded("cause", "overload"), ev.CauseFound("No limit", "deployment")),
            ("deployment",),
            False,
        ),
    ],
    ids=["unknown", "suspected", "confirmed", "reviewed"],
)
def test_the_cause_is_what_the_review_found_else_what_was_confirmed(
    events: tuple[ev.Event, ...], causes: tuple[str, ...], suspected: bool
) -> None:
    found = figures(a_past(*events), now=NOW)

    assert (found.causes, found.suspected) == (causes, suspected)


def test_customers_first_counts_only_incidents_that_say_who_noticed() -> None:
    every = [
        figures(a_past(*(ev.FactRecorded("detected_by", who) for who in said)), now=NOW)
        for said in (["customers"], ["monitor"], [])
    ]

    found = over_all(*every).total

    assert (found.customers_first, found.noticed) == (1, 2)


@pytest.mark.parametrize("fact", ["detected_by", "noticed_by", "first_seen_by"])
def test_each_playbook_says_in_its_own_fact_who_noticed_first(fact: str) -> None:
    found = over_all(figures(a_past(ev.FactRecorded(fact, "customers")), now=NOW)).total

    assert (found.customers_first, found.noticed) == (1, 1)


def test_revenue_at_risk_has_the_digits_of_its_currency() -> None:
    plan = a_playbook(facts={**a_playbook().facts, "revenue_per_hour": Fact(type="money")})
    revenue = ev.FactRecorded("revenue_per_hour", "1000 JPY")

    found = figures(
        a_past(revenue, reached("started", 0), reached("mitigated", 20), plan=plan), now=NOW
    )

    assert found.at_risk == Cost("JPY", Decimal(333), Decimal(0))


# Which incidents


def test_since_and_until_are_days_in_the_incidents_own_zone() -> None:
    night = figures(a_past(days=0.2), now=NOW)  # 00:48 in Paris, 23:48 in UTC

    assert night.day == "2026-11-28"
    assert over_all(night, since=date(2026, 11, 28)).total.incidents == 1
    assert over_all(night, until=date(2026, 11, 27)).total.incidents == 0


def test_groups_stand_in_order_and_hold_all_incidents_once() -> None:
    every = [an_outage(id=str(n), days=31 * n) for n in range(3)]

    found = over_all(*every, by="month")

    assert [(one.key, one.incidents) for one in found.groups] == [
        ("2026-11", 1),
        ("2026-12", 1),
        ("2027-01", 1),
    ]


# The file beside the journal


@pytest.fixture
def home(folder: Path) -> Path:
    return folder / "home"


def many(home: Path, count: int = 6) -> None:
    for number in range(count):
        happened = [reached("started", -20), reached("resolved", 60 + number)]
        happened += [ev.IncidentClosed()] if number else []
        written(home, f"outage-{number}", past_entries(*happened, days=number))


def folded(home: Path) -> int:
    with Journal.open(home / "journal.db") as journal, Kept(home / NAME) as memory:
        return gathered(journal, memory, now=NOW).folded


def test_an_incident_is_folded_once_and_an_open_one_each_time(home: Path) -> None:
    many(home)
    written(home, "open", past_entries())

    assert [folded(home), folded(home)] == [7, 1]


def test_an_incident_that_went_on_is_reckoned_anew(home: Path, crisis: Crisis) -> None:
    many(home)
    folded(home)

    crisis("reopen", "outage-3", "--because", "It broke again")

    assert json.loads(crisis("stats", "--json").stdout)["total"]["reopened"] == 1


def test_the_second_answer_is_the_first(home: Path, crisis: Crisis) -> None:
    many(home)
    first = crisis("stats", "--json", "--by", "month")

    assert crisis("stats", "--json", "--by", "month") == first
    assert json.loads(first.stdout)["total"]["time_to_resolve"] == {
        "n": 6,
        "p50_seconds": 82 * 60 + 30,
        "p90_seconds": 85 * 60,
        "missing": 0,
        "negative": 0,
    }


@pytest.mark.parametrize("damage", ["text", "zeros", "rows", "folder", "other version"])
def test_a_damaged_file_of_figures_changes_no_answer(
    home: Path, crisis: Crisis, damage: str
) -> None:
    many(home)
    right = crisis("stats", "--json")
    path = home / NAME
    if damage == "text":
        path.write_text("no database at all " * 500)
    elif damage == "zeros":
        path.write_bytes(path.read_bytes()[:600] + bytes(8000))
    elif damage == "folder":
        path.unlink()
        path.mkdir()
    else:
        with sqlite3.connect(path) as db:
            db.execute("UPDATE figures SET body = x'c1'")
            if damage == "other version":
                db.execute("PRAGMA user_version = 99")
        db.close()

    assert crisis("stats", "--json") == right
    assert crisis("stats", "--json") == right


def test_figures_that_were_exchanged_by_hand_are_not_believed(home: Path, crisis: Crisis) -> None:
    many(home)
    right = crisis("stats", "--json")
    with sqlite3.connect(home / NAME) as db:
        [body] = db.execute("SELECT body FROM figures WHERE incident = 'outage-1'").fetchone()
        db.execute("UPDATE figures SET body = ?", (body,))
    db.close()

    assert crisis("stats", "--json") == right


def test_the_file_of_figures_is_private_and_holds_no_words_of_restricted_incidents(
    home: Path, crisis: Crisis
) -> None:
    words = (ev.CauseFound("Bucket without a lock"), ev.AccessRestricted(("li",), "x"))
    closed = [*words, ev.IncidentClosed()]
    written(home, "breach-1", past_entries(*closed, title="The secret leak"))

    crisis("stats")

    assert stat.S_IMODE((home / NAME).stat().st_mode) == 0o600
    kept = (home / NAME).read_bytes()
    assert b"breach-1" in kept
    assert b"secret" not in kept
    assert b"bucket" not in kept.lower()


def test_an_incident_whose_chain_is_broken_is_left_out_and_named(
    home: Path, crisis: Crisis
) -> None:
    many(home)
    with sqlite3.connect(home / "journal.db") as db:
        db.execute("UPDATE events SET body = x'7b7d' WHERE incident = 'outage-2' AND seq = 3")
    db.close()

    ran = crisis("stats", "--json")

    assert ran.exit == 1
    assert json.loads(ran.stdout)["total"]["incidents"] == 5
    assert "left out: outage-2" in ran.stderr


# The command


def test_stats_of_nothing_is_one_line(crisis: Crisis) -> None:
    assert crisis("stats") == (0, "No incident.\n", "")


@pytest.mark.parametrize(
    "words",
    [("--since", "soon"), ("--by", "weather"), ("--playbook", "nope"), ("--until", "2026-13-01")],
    ids=" ".join,
)
def test_bad_wishes_are_one_clear_line(home: Path, crisis: Crisis, words: tuple[str, ...]) -> None:
    many(home)
    ran = crisis("stats", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: ")


def test_a_since_after_its_until_is_refused(home: Path, crisis: Crisis) -> None:
    assert crisis("stats", "--since", "2027-01-02", "--until", "2027-01-01").exit == 2


def test_every_row_fits_eighty_columns(home: Path, crisis: Crisis) -> None:
    many(home, 8)
    for words in ((), ("--by", "month"), ("--by", "severity"), ("--by", "playbook")):
        shown = crisis("stats", *words).stdout

        assert max(map(len, shown.splitlines())) <= 80
        assert "Time to resolve" in shown


def test_hostile_titles_reach_neither_figures_nor_terminal(home: Path, crisis: Crisis) -> None:
    for number, title in enumerate(TYPEABLE.values()):
        happened = (ev.FactRecorded("cause", title), reached("started", -20))
        written(home, f"outage-{number}", past_entries(*happened, title=title))

    ran = crisis("stats", "--by", "month")

    assert ran.exit == 0
    assert calm(ran.stdout, ran.stderr)


# The picture


def test_the_picture_is_one_file_without_script_that_tells_its_figures_in_words(
    home: Path, crisis: Crisis, folder: Path
) -> None:
    many(home)

    ran = crisis("stats", "--svg", "months.svg")

    text = (folder / "months.svg").read_text()
    assert ran.exit == 0
    root = ET.fromstring(text)
    svg = "{http://www.w3.org/2000/svg}"
    assert root.find(f"{svg}title") is not None
    desc = root.find(f"{svg}desc")
    assert desc is not None
    assert "2026-11: 4 (4 not judged)" in (desc.text or "")
    assert not [e for e in root.iter() if e.tag.endswith(("script", "image", "foreignObject"))]
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_quiet_months_stand_in_the_picture_and_old_ones_are_left_out_with_a_word() -> None:
    every = [an_outage(id="a"), an_outage(id="b", days=1000)]

    text = chart(stats(every, Wanted(), "month", now=NOW).groups)

    assert "the newest 24 of 34 months" in text
    assert "2029-07: none" in text


def test_a_picture_of_nothing_is_still_a_picture() -> None:
    assert "No incident." in chart([])


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(45, "45 s"), (720, "12 m"), (20_760, "5.8 h"), (86_400 * 31, "31 d")],
)
def test_times_beside_points_are_short(seconds: float, words: str) -> None:
    assert brief(seconds) == words
