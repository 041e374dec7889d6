"""Two real breaches replayed from their answers files; the figures were derived by hand there."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import prepared

INCIDENTS = Path(__file__).parent / "incidents"
AIRWAYS = INCIDENTS / "british-airways-2018-09-05.yaml"
SHOP_CLOSED = INCIDENTS / "marks-and-spencer-2025-04-22.yaml"
DATA_TAKEN = INCIDENTS / "marks-and-spencer-2025-05-13.yaml"
WHY = "Customer data was taken in the attack that closed the shop"
"""What the operator gives as the reason for adding the breach playbook."""
FIGURES = (
    "time_to_detect",
    "time_to_declare",
    "time_to_first_message",
    "time_to_mitigate",
    "time_to_resolve",
)
COMFORT = re.compile(
    r"no action|not have to do|need not|nothing to (do|worry)|data is safe|no evidence",
    re.IGNORECASE,
)
"""What the shop of 22 April told people, in many words."""


class Place(NamedTuple):
    """Where crisisctl is typed, and how it is told the time."""

    home: Path
    zone: str = "Europe/London"

    def types(self, *words: str, exits: int = 0) -> str:
        """Run crisisctl there, expecting an exit code; what stood on stdout."""
        around = {"CRISISCTL_HOME": str(self.home), "CRISISCTL_OPERATOR": "scribe"}
        with prepared(self.home, **around, TZ=self.zone) as crisis:
            ran = crisis(*words)
        assert ran.exit == exits, ran.stderr
        return ran.stdout

    def reads(self, *words: str, exits: int = 0) -> Any:
        """What a command says as JSON."""
        return json.loads(self.types(*words, exits=exits))


class Replay(NamedTuple):
    """What one replay left behind, closed at its end."""

    place: Place
    id: str
    report: dict[str, Any]
    markdown: str
    deadlines: dict[str, Any]
    register: dict[str, Any]
    early: dict[str, Any]
    """The deadlines before the breach playbook came in; of a breach alone, nothing."""

    def clock(self, name: str) -> dict[str, Any]:
        """One of the law's clocks."""
        (found,) = (clock for clock in self.deadlines["clocks"] if clock["clock"] == name)
        return dict(found)

    def told(self, kind: str, *pieces: str) -> list[str]:
        """The lines of the timeline of this kind that hold one of the pieces."""
        lines = [row for row in self.report["timeline"] if row["kind"] == kind]
        return [
            f"{row['occurred_at'][5:16]} {row['text']}"
            for row in lines
            if any(piece in row["text"] for piece in pieces)
        ]

    def texts(self, *to: str) -> list[str]:
        """Every text that went out to these."""
        return [
            Path(text["file"]).read_text("utf-8")
            for row in self.report["messages"]
            if row["to"] in to
            for text in row["texts"]
        ]


def left_behind(place: Place, id: str, early: dict[str, Any] | None = None) -> Replay:
    place.types("close", id)
    return Replay(
        place=place,
        id=id,
        report=place.reads("report", id, "--json"),
        markdown=place.types("report", id),
        deadlines=place.reads("deadlines", id, "--json"),
        register=place.reads("register", "--format", "json"),
        early=early or {},
    )


def walk_airways(place: Place) -> str:
    return place.types("start", "breach", "--answers", str(AIRWAYS), "--no-input").strip()


@pytest.fixture(scope="module")
def airways(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    place = Place(tmp_path_factory.mktemp("airways"))
    return left_behind(place, walk_airways(place))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """An outage that waits for its cause; three weeks later it turns out to be a breach as well."""
    place = Place(tmp_path_factory.mktemp("shop"))
    outage = ("start", "outage", "--answers", str(SHOP_CLOSED), "--no-input")
    id = place.types(*outage, exits=2).strip()
    early = place.reads("deadlines", id, "--json", exits=1)
    aware = ("--at", "2025-05-13T08:00+01:00", "--source", "public statement")
    place.types("fact", "data", "exposed", *aware, "--incident", id)
    breach = ("start", "breach", "--into", id, "--because", WHY)
    place.types(*breach, "--answers", str(DATA_TAKEN), "--no-input")
    return left_behind(place, id, early)


@pytest.fixture(params=["airways", "shop"])
def either(request: pytest.FixtureRequest) -> Replay:
    found: Replay = request.getfixturevalue(request.param)
    return found


def figures(replay: Replay) -> dict[str, int]:
    return {name: replay.report["metrics"][name]["seconds"] for name in FIGURES}


# British Airways


def test_airways_had_until_saturday_evening(airways: Replay) -> None:
    # aware Wednesday 09-05 22:00 BST = 21:00Z; + 72 h = Saturday 09-08 21:00Z = 22:00 BST
    clock = airways.clock("uk.authority")

    assert clock["since"] == "2018-09-05T22:00:00+01:00"
    assert clock["due"] == "2018-09-08T22:00:00+01:00"


def test_airways_told_the_ico_on_the_next_day(airways: Replay) -> None:
    clock = airways.clock("uk.authority")

    assert (clock["state"], clock["decided_at"]) == ("notified", "2018-09-06T10:00:00+01:00")
    assert clock["by"] == "data protection officer"


def test_airways_told_the_ico_with_sixty_hours_to_spare(airways: Replay) -> None:
    # 09-08 22:00 - 09-06 10:00 = 2 d 12 h = 60 h = 216000 s
    assert airways.clock("uk.authority")["spare_seconds"] == 216000
    assert "2 d 12 h left" in airways.markdown


def test_airways_cards_count_from_the_suspicion_and_not_from_the_certainty(
    airways: Replay,
) -> None:
    # suspected 09-05 20:15; three days end with 09-08, ten with 09-15, in British time
    since, ends = "2018-09-05T20:15:00+01:00", "T23:59:59+01:00"

    assert {
        name: (clock["since"], clock["due"])
        for name in ("acquirer", "mastercard", "visa", "incident-report", "at-risk-accounts")
        for clock in [airways.clock(f"pci.{name}")]
    } == {
        "acquirer": (since, None),
        "mastercard": (since, None),
        "visa": (since, f"2018-09-08{ends}"),
        "incident-report": (since, f"2018-09-08{ends}"),
        "at-risk-accounts": (since, f"2018-09-15{ends}"),
    }


def test_airways_acquirer_was_told_before_anybody_else(airways: Replay) -> None:
    told = {clock["clock"]: clock["decided_at"] for clock in airways.deadlines["clocks"]}

    assert told["pci.acquirer"] == "2018-09-05T22:10:00+01:00" == min(told.values())


def test_airways_partners_are_written_to_in_the_language_of_the_answers(airways: Replay) -> None:
    """The acquirer's notice is the first message: nobody had asked for the languages before."""
    texts = [text for row in airways.report["messages"] for text in row["texts"]]

    assert {text["locale"] for text in texts} == {"en"}


def test_airways_severity_is_five_by_enisa(airways: Replay) -> None:
    # cards that can be used 4 x by name 1 + (unknown who 0.5 + on purpose 0.5) = 5.0; from 4 on
    # it is very high
    score = airways.report["breach_severity"]

    assert (score["dpc"], score["ei"], score["cb"]) == (4, 1.0, 1.0)
    assert (score["value"], score["level"]) == (5.0, "very high")


def test_airways_figures_are_those_derived_by_hand(airways: Replay) -> None:
    assert figures(airways) == {
        "time_to_detect": 1286220,
        "time_to_declare": 1286520,
        "time_to_first_message": 1366320,
        "time_to_mitigate": 1291620,
        "time_to_resolve": 5562120,
    }


def test_airways_people_were_told_twice(airways: Replay) -> None:
    told = [row["at"] for row in airways.report["messages"] if row["message"] == "people-notice"]

    assert told == ["2018-09-06T18:30:00+01:00", "2018-10-25T09:00:00+01:00"]


def test_airways_what_was_learned_last_is_not_unlearned(airways: Replay) -> None:
    # 380,000 + 185,000 = 565,000; the numbers are asked once more after the second notice
    facts = airways.report["facts"]

    assert facts["people_affected"]["value"] == 565000
    assert facts["records_affected"]["value"] == 565000
    assert facts["records_affected"]["status"] == "suspected"


def test_airways_way_in_was_only_presumed_and_stands_in_no_text_for_the_public(
    airways: Replay,
) -> None:
    texts = airways.texts("customers", "public", "press", "staff", "partners")

    assert airways.report["facts"]["vector_sure"]["value"] is False
    assert texts
    assert not [text for text in texts if "foreign code" in text.lower()]


def test_airways_authority_was_told_the_way_in_as_a_presumption(airways: Replay) -> None:
    texts = airways.texts("authority")

    assert texts
    assert not [text for text in texts if "Presumed cause: foreign code ran" not in text]


def test_airways_first_word_to_people_says_what_to_do_about_the_cards(airways: Replay) -> None:
    first, *_ = airways.texts("customers")

    assert "names, postal addresses, card numbers" in first
    assert "call your bank" in first
    assert "Type its address yourself" in first


def test_a_breach_whose_beginning_nobody_knows_is_told_and_closed(tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    known = AIRWAYS.read_text("utf-8").splitlines(keepends=True)
    answers.write_text("".join(row for row in known if "exposed_at:" not in row), "utf-8")
    place = Place(tmp_path)
    id = place.types("start", "breach", "--answers", str(answers), "--no-input").strip()

    replay = left_behind(place, id)

    assert "started" not in replay.report["milestones"]
    assert "We do not know yet when the breach began." in replay.texts("customers")[0]
    assert "Began: not known yet; it follows" in "".join(replay.texts("authority"))


def test_airways_clocks_are_the_same_instants_in_another_zone(tmp_path: Path) -> None:
    # 09-08 22:00 BST = 21:00Z, wherever the operator sits
    place = Place(tmp_path, "UTC")
    id = walk_airways(place)
    clocks = place.reads("deadlines", id, "--json")["clocks"]
    (clock,) = (clock for clock in clocks if clock["clock"] == "uk.authority")

    assert clock["due"] == "2018-09-08T21:00:00+00:00"
    assert clock["spare_seconds"] == 216000


def test_winter_time_takes_no_hour_from_the_second_notice(tmp_path: Path) -> None:
    # had the 185,000 been a breach of their own: aware Thursday 10-25 09:00 BST = 08:00Z, + 72 h
    # = Sunday 10-28 08:00Z, which is 08:00 GMT: clocks went back at 01:00Z on that morning
    counted = Place(tmp_path).reads(
        *("clocks", "--countries", "GB", "--aware", "2018-10-25T09:00+01:00", "--json")
    )
    due = {clock["id"]: clock["due"] for clock in counted["clocks"]}

    assert due["uk.authority"] == "2018-10-28T08:00:00+00:00"


# Marks & Spencer


def test_shop_had_three_days_from_the_certainty_about_data(shop: Replay) -> None:
    # aware at the latest Tuesday 05-13 08:00 BST; + 72 h = Friday 05-16 08:00 BST. Neither the
    # first failures (04-19) nor the cyber incident (04-22) start this clock.
    clock = shop.clock("uk.authority")

    assert (clock["starts"], clock["since"]) == ("aware", "2025-05-13T08:00:00+01:00")
    assert clock["due"] == "2025-05-16T08:00:00+01:00"


def test_shop_told_the_ico_with_seventy_hours_to_spare(shop: Replay) -> None:
    # 05-16 08:00 - 05-13 10:00 = 2 d 22 h = 70 h = 252000 s
    clock = shop.clock("uk.authority")

    assert (clock["state"], clock["spare_seconds"]) == ("notified", 252000)


def test_shop_severity_is_three_by_enisa(shop: Replay) -> None:
    # orders are behavioural: 2 x by name 1 + (unknown who 0.5 + on purpose 0.5) = 3.0, high
    score = shop.report["breach_severity"]

    assert (score["value"], score["level"]) == (3.0, "high")


def test_shop_without_cards_has_no_clocks_of_card_brands(shop: Replay) -> None:
    assert {clock["clock"] for clock in shop.deadlines["clocks"]} == {
        "uk.authority",
        "uk.people",
        "uk.register",
    }


def test_shop_deadlines_of_before_stand_as_they_were(shop: Replay) -> None:
    known = [due for due in shop.early["deadlines"] if due["state"] != "overdue"]
    after = shop.deadlines["deadlines"]

    assert [f"{d['due'][5:16]} {d['state']} {d['met_at'][5:16]}" for d in known] == [
        "04-22T08:30 missed 04-22T16:00",
        "04-22T16:30 missed 04-25T18:00",
    ]
    assert [due for due in known if due not in after] == []


def test_shop_deadline_that_was_open_keeps_its_time(shop: Replay) -> None:
    # announced on 04-25 18:00 for 18:20; the next word to customers came on 05-13 13:00
    (still,) = (due for due in shop.early["deadlines"] if due["state"] == "overdue")
    (met,) = (due for due in shop.deadlines["deadlines"] if due["due"] == still["due"])

    assert still["due"] == "2025-04-25T18:20:00+01:00"
    assert {**met, "state": "overdue", "met_at": None} == still
    assert met["met_at"] == "2025-05-13T13:00:00+01:00"


def test_shop_staff_have_two_hours_from_the_moment_the_playbook_came_in(shop: Replay) -> None:
    # 05-13 08:00 + 2 h (sev1) = 10:00; briefed 09:30. Not from the declaration of 04-22.
    (due,) = (due for due in shop.deadlines["deadlines"] if due["name"] == "staff-word")

    assert due["due"] == "2025-05-13T10:00:00+01:00"
    assert (due["state"], due["met_at"]) == ("met", "2025-05-13T09:30:00+01:00")


def test_shop_figures_are_those_of_the_outage(shop: Replay) -> None:
    assert figures(shop) == {
        "time_to_detect": 7200,
        "time_to_declare": 255600,
        "time_to_first_message": 284400,
        "time_to_mitigate": 4492800,
        "time_to_resolve": 9860400,
    }


def test_shop_times_of_the_breach_move_none_of_the_outage(shop: Replay) -> None:
    """Its first sign, its closing and its end are other moments, and none is a milestone."""
    facts, milestones = shop.report["facts"], shop.report["milestones"]

    assert facts["first_sign_at"]["value"] == "2025-04-22T07:00:00Z"
    assert milestones["detected"] == "2025-04-19T11:00:00+01:00"
    assert facts["closed_at"]["value"] == "2025-05-20T11:00:00Z"
    assert milestones["mitigated"] == "2025-06-10T09:00:00+01:00"
    assert facts["sure_at"]["value"] == "2025-06-09T11:00:00Z"
    assert milestones["resolved"] == "2025-08-11T12:00:00+01:00"


def test_shop_report_says_why_the_playbook_was_added(shop: Replay) -> None:
    (line,) = shop.told("playbook-added", WHY)

    assert line == f"05-13T08:00 Following the playbook breach, because {WHY}"
    assert f"Following the playbook breach, because {WHY}" in shop.markdown


def test_shop_report_says_when_the_clocks_began_and_why_then(shop: Replay) -> None:
    assert "that personal data is concerned? 2025-05-13 08:00 BST" in shop.markdown
    assert "had been taken" in shop.markdown
    assert "2025-04-19 09:00 BST" in shop.markdown
    clock = next(c for c in shop.report["clocks"] if c["clock"] == "uk.authority")
    assert clock["since"] == "2025-05-13T08:00:00+01:00"


def test_shop_steps_that_were_done_are_not_done_again(shop: Replay) -> None:
    both = Counter(shop.told("step-completed", ""))
    holds = shop.told("step-completed", "Tell customers now")

    assert holds == ["04-22T16:00 Done: Tell customers now, before you know the cause"]
    assert [row["message"] for row in shop.report["messages"]].count("holding") == 1
    assert max(both.values()) == 1 or {k for k, n in both.items() if n > 1} <= {
        "08-20T10:00 Done: Hold a blameless review",  # each playbook has one of these
        "08-20T10:00 Done: Choose what will change",
    }


def test_shop_facts_that_both_playbooks_ask_were_asked_once(shop: Replay) -> None:
    asked = Counter(line.split()[1] for line in shop.told("fact-recorded", " = "))

    assert {name: asked[name] for name in ("shop_name", "locales", "went_well", "went_badly")} == {
        "shop_name": 1,
        "locales": 1,
        "went_well": 1,
        "went_badly": 1,
    }


def test_shop_people_are_promised_no_update_that_their_notice_does_not_name(shop: Replay) -> None:
    """The outage's rhythm goes on, but a notice about data tells of no next update."""
    (notice,) = (row for row in shop.report["messages"] if row["message"] == "people-notice")

    assert notice["next_update"] is None
    assert all(row["next_update"] for row in shop.report["messages"] if row["message"] == "update")


def test_shop_never_said_that_there_is_nothing_to_do(shop: Replay) -> None:
    texts = shop.texts("customers", "public", "press", "staff")

    assert len(texts) > 50
    assert not [text for text in texts if COMFORT.search(text)]


def test_shop_is_held_back_from_calming_people_too_early(shop: Replay) -> None:
    """On 22 April nobody spoke of data yet: an attack is enough to forbid comfort."""
    text = shop.place.home / "first-word.txt"
    text.write_text(
        "We are sorry: we are dealing with a cyber incident. Customers do not have to take any "
        "action.\n"
    )

    proof = ("proof", str(text), "--kind", "notice", "--locale", "en", "--json")
    findings = shop.place.reads(*proof, exits=1)["findings"]

    assert "breach-soothing" in {finding["rule"] for finding in findings}


# Both


def test_every_clock_is_decided(either: Replay) -> None:
    assert either.deadlines["uncovered"] == []
    assert {clock["state"] for clock in either.deadlines["clocks"]} == {"notified"}


def test_every_clock_began_before_it_was_decided(either: Replay) -> None:
    assert all(c["since"] <= c["decided_at"] for c in either.deadlines["clocks"])


def test_the_register_has_the_breach_with_its_clocks_and_its_severity(either: Replay) -> None:
    (entry,) = either.register["breaches"]

    assert entry["incident"] == either.id
    assert entry["clocks"] == either.deadlines["clocks"] == either.report["clocks"]
    assert entry["breach_severity"] == either.report["breach_severity"]
    assert {"aware_because", "data_kinds", "measures"} <= entry["facts"].keys()


def test_the_register_lists_both_when_they_are_of_one_shop(tmp_path: Path) -> None:
    place = Place(tmp_path)
    walk_airways(place)
    place.types("start", "outage", "--answers", str(SHOP_CLOSED), "--no-input", exits=2)
    breach = ("start", "breach", "--into", "outage-2025-04-22", "--because", WHY)
    place.types(*breach, "--answers", str(DATA_TAKEN), "--no-input")

    found = place.reads("register", "--format", "json")["breaches"]

    assert {entry["incident"] for entry in found} == {"breach-2018-09-05", "outage-2025-04-22"}


def test_the_report_blames_nobody(either: Replay) -> None:
    assert not re.search(
        "should have|failed to|careless|human error|fault of", either.markdown, re.IGNORECASE
    )


def test_the_journal_of_a_replay_holds(either: Replay) -> None:
    either.place.types("verify", either.id)
