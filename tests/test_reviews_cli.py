"""The `reviews` commands: read, judge, answer, mark, export."""

from __future__ import annotations

import csv
import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from receivers import Website, website
from reviewed import WORKSPACE, a_row, a_wave, an_export, declared, imported

from crisisctl.tables.helper import Work

NOW = datetime.now(UTC)
ANSWER = (
    "Hello Marie,\n\nYour parcel is far too late, and nobody told you why. We are sorry.\n\n"
    "We trace it today and call you by noon tomorrow. Please write to us with your order number: "
    "help@kestrel.example\n\nKestrel\n"
)


def shown(crisis: Crisis, *words: str) -> dict[str, Any]:
    ran = crisis("reviews", *words, "--json")
    assert ran.exit == 0, ran.stderr
    return json.loads(ran.stdout)


def reviews(crisis: Crisis, *words: str) -> dict[str, str]:
    return {row["key"]: row["status"] for row in shown(crisis, "list", *words)["reviews"]}


def one(key: str = "r1", **changes: object) -> dict[str, str]:
    return a_row(key, NOW - timedelta(minutes=30), **changes)


def exported(folder: Path) -> list[dict[str, str]]:
    with (folder / "out" / "google-play.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Analyse, without an incident


def test_a_wave_is_told_with_its_numbers_and_nothing_is_recorded(
    crisis: Crisis, folder: Path
) -> None:
    found = shown(crisis, "analyse", str(a_wave(folder / "r.csv")))

    assert found["wave"]["verdict"] == "wave"
    assert found["wave"]["usual_per_day"] == pytest.approx(2, abs=0.5)
    assert found["wave"]["complaints_per_day"] > 25
    assert found["problems"]["rows"][0]["topic"] == "delivery"
    assert not (folder / "home").exists()


def test_the_table_counts_each_problem_of_the_complaints_and_of_all_reviews(
    crisis: Crisis, folder: Path
) -> None:
    rows = [one(f"a{n}", content="Parcel late again, still waiting for it") for n in range(3)]
    rows += [one(f"b{n}", content="Customer service never answers my mails") for n in range(1)]
    rows += [one(f"c{n}", score=5, content="Lovely") for n in range(4)]
    an_export(folder / "r.csv", rows)

    table = shown(crisis, "analyse", "r.csv")["problems"]

    assert [(r["topic"], r["mentions"]) for r in table["rows"]] == [("delivery", 3), ("support", 1)]
    assert table["rows"][0]["percent_of_complaints"] == 75
    assert table["rows"][0]["percent_of_reviews"] == 37.5


def test_what_was_understood_of_each_review_goes_to_a_file(crisis: Crisis, folder: Path) -> None:
    an_export(folder / "r.csv", [one(), one("r2", score=5, content="Fine")])

    crisis("reviews", "analyse", "r.csv", "--each", "each.jsonl")

    rows = [json.loads(line) for line in (folder / "each.jsonl").read_text().splitlines()]
    assert [(row["key"], row["topic"], row["mood"]) for row in rows] == [
        ("r1", "delivery", "negative"),
        ("r2", "other", "positive"),
    ]


def test_a_row_that_cannot_be_read_is_told_with_its_line(crisis: Crisis, folder: Path) -> None:
    an_export(folder / "r.csv", [one(), one("r2", score="1.234.567"), one("r3")])

    ran = crisis("reviews", "analyse", "r.csv", "--json")

    read = json.loads(ran.stdout)["read"]
    assert (read["reviews"], read["unreadable"]) == (2, 1)
    assert read["unreadable_rows"][0]["line"] == 3


def test_every_row_that_cannot_be_read_is_listed_in_a_file(crisis: Crisis, folder: Path) -> None:
    wrong = [one(f"w{n}", score="1.234.567") for n in range(30)]
    an_export(folder / "r.csv", [one(), *wrong])

    told = crisis("reviews", "analyse", "r.csv", "--unreadable", "lost.csv").stderr

    assert "… and 10 more" in told
    with (folder / "lost.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["line"]) for row in rows] == list(range(3, 33))
    assert all(row["file"] == "r.csv" and row["reason"] for row in rows)


def test_a_file_that_is_no_list_of_reviews_is_refused_in_one_line(
    crisis: Crisis, folder: Path
) -> None:
    (folder / "stock.csv").write_text("sku,stock\n1,2\n")

    ran = crisis("reviews", "analyse", "stock.csv")

    assert ran.exit == 2
    assert ran.stdout == ""
    assert "stock.csv" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_other_columns_are_named_by_hand(crisis: Crisis, folder: Path) -> None:
    (folder / "mine.csv").write_text("Was,Wie,Wann\nParcel late,1,2026-11-01\nFine,5,2026-11-02\n")

    found = shown(
        crisis, "analyse", "mine.csv", "--map", "text=Was", "--map", "rating=Wie", "--map",
        "date=Wann",
    )  # fmt: skip

    assert found["moods"]["negative"] == 1


# Import


def test_an_import_is_on_record_and_status_tells_it(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder)

    status = json.loads(crisis("status", "--json").stdout)["reviews"]

    assert status["verdict"] == "wave"
    assert status["complaints"] == status["waiting"] > 90


def test_the_same_file_again_counts_nothing_twice(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one(), one("r2"))

    again = crisis("reviews", "import", "reviews.csv")

    assert "0 new here" in " ".join(again.stderr.split())
    assert set(reviews(crisis)) == {"r1", "r2"}


def test_a_review_that_was_written_anew_is_read_anew(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one(), one("r2"))
    an_export(folder / "reviews.csv", [one(score=5, content="They put it right")])

    again = crisis("reviews", "import", "reviews.csv")

    assert "1 written anew" in again.stderr
    assert set(reviews(crisis)) == {"r2"}


def test_a_file_that_cannot_be_read_leaves_the_others_out_too(crisis: Crisis, folder: Path) -> None:
    declared(crisis, folder)
    an_export(folder / "r.csv", [one()])

    ran = crisis("reviews", "import", "r.csv", "nothing.csv")

    assert ran.exit == 2
    assert crisis("reviews", "list").exit == 2  # nothing was imported


def test_before_an_import_the_commands_say_what_to_do(crisis: Crisis, folder: Path) -> None:
    declared(crisis, folder)

    for command in ("list", "table", "next", "strategy"):
        ran = crisis("reviews", command)
        assert ran.exit == 2
        assert "reviews import FILE" in ran.stderr


# The queue


def test_the_next_review_comes_with_a_draft_that_can_be_used(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one(), one("r2", content="Caught fire in my kitchen, I was burned"))

    found = shown(crisis, "next")

    assert found["waiting"] == 2
    assert found["review"]["key"] == "r2"
    assert found["review"]["safety"] is True
    assert found["draft"]["channel"] == "google-play"
    assert found["draft"]["fits"] is True
    assert found["draft"]["findings"] == []
    assert "help@kestrel.example" in found["draft"]["text"]


def test_the_answer_is_due_an_hour_after_the_review(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one())

    review = shown(crisis, "next")["review"]

    wrote, due = (datetime.fromisoformat(review[name]) for name in ("at", "answer_due"))
    assert due - wrote == timedelta(hours=1)


def test_a_shop_s_own_target_moves_the_deadline(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one())
    crisis("reviews", "kpi", "--target", "reply_minutes=240")

    review = shown(crisis, "next")["review"]

    wrote, due = (datetime.fromisoformat(review[name]) for name in ("at", "answer_due"))
    assert due - wrote == timedelta(hours=4)


def test_a_text_of_one_s_own_answers_a_review(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, a_row("r1", NOW - timedelta(hours=2)), one("r2"))
    (folder / "answer.txt").write_text(ANSWER[:250].rpartition("\n")[0])

    ran = crisis("reviews", "answer", "r1", "--from", "answer.txt")

    assert ran.exit == 0, ran.stderr
    assert reviews(crisis) == {"r1": "answered", "r2": "new"}


def test_an_answer_that_ties_money_to_a_review_is_refused(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one())
    words = (
        "We are sorry. Change your review to five stars and you get 10 EUR: help@kestrel.example"
    )
    (folder / "answer.txt").write_text(words)

    ran = crisis("reviews", "answer", "r1", "--from", "answer.txt")

    assert ran.exit == 1
    assert "[review-reward]" in ran.stderr
    assert reviews(crisis) == {"r1": "new"}


def test_an_answer_longer_than_its_store_takes_is_refused_and_not_cut(
    crisis: Crisis, folder: Path
) -> None:
    imported(crisis, folder, one())
    (folder / "answer.txt").write_text(ANSWER * 3)

    ran = crisis("reviews", "answer", "r1", "--from", "answer.txt")

    assert ran.exit == 1
    assert "too long for google-play" in ran.stderr


def test_the_same_answer_twice_in_a_row_is_refused(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one(), one("r2"))
    (folder / "answer.txt").write_text(ANSWER[:250].rpartition("\n")[0])
    crisis("reviews", "answer", "r1", "--from", "answer.txt")

    ran = crisis("reviews", "answer", "r2", "--from", "answer.txt")

    assert ran.exit == 1
    assert "[reply-copied]" in ran.stderr


def test_what_proofreading_finds_may_stand_with_a_reason_that_is_kept(
    crisis: Crisis, folder: Path
) -> None:
    imported(crisis, folder, one(), one("r2"))
    (folder / "answer.txt").write_text(ANSWER[:250].rpartition("\n")[0])
    crisis("reviews", "answer", "r1", "--from", "answer.txt")

    ran = crisis(
        "reviews", "answer", "r2", "--from", "answer.txt", "--overrule", "reply-copied=Same person"
    )

    assert ran.exit == 0, ran.stderr


def test_drafts_of_many_answers_in_a_row_are_never_copies(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, *(one(f"r{n}", content=f"Parcel late, waiting {n}") for n in range(6)))

    for number in range(6):
        ran = crisis("reviews", "answer", f"r{number}", "--draft")
        assert ran.exit == 0, ran.stderr

    assert set(reviews(crisis).values()) == {"answered"}


@pytest.mark.parametrize("status", ["ignored", "flagged"])
def test_leaving_or_reporting_a_review_needs_a_reason(
    crisis: Crisis, folder: Path, status: str
) -> None:
    imported(crisis, folder, one())

    assert crisis("reviews", "mark", "r1", status).exit == 2
    assert crisis("reviews", "mark", "r1", status, "--because", "Not our shop").exit == 0
    assert reviews(crisis) == {"r1": status}


def test_the_report_lists_what_was_not_answered_and_why(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one(), one("r2"))
    crisis("reviews", "mark", "r1", "ignored", "--because", "Meant for another shop")

    report = crisis("report").stdout

    assert "Meant for another shop" in report
    assert "1 ignored" in report


def test_a_key_need_not_be_typed_whole(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one("abcdef-1"), one("xyz"))

    assert crisis("reviews", "mark", "abc", "resolved", "--because", "Called her").exit == 0
    assert reviews(crisis, "--status", "resolved") == {"abcdef-1": "resolved"}


def test_an_unknown_key_is_told(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one())

    ran = crisis("reviews", "mark", "nope", "resolved")

    assert ran.exit == 2
    assert 'there is no review "nope"' in ran.stderr


# Strategies and figures


def test_a_strategy_is_proposed_and_decided_with_a_reason(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, *(one(f"r{n}") for n in range(5)))

    ran = crisis("reviews", "strategy", "delivery", "ignore")
    assert ran.exit == 2
    assert "needs a reason" in ran.stderr

    crisis("reviews", "strategy", "delivery", "apology-offer", "--because", "It is our fault")
    found = shown(crisis, "strategy", "delivery")["strategies"][0]
    assert (found["proposed"], found["chosen"]) == ("individual", "apology-offer")


def test_figures_are_taken_from_a_file(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one())
    (folder / "figures.csv").write_text(
        "kpi;value;date\nnps;41;2026-11-01 12:00\nnps;38,5;2026-11-20 12:00\n"
    )

    ran = crisis("reviews", "kpi", "--from", "figures.csv")
    row = next(r for r in shown(crisis, "kpi")["kpis"] if r["kpi"] == "nps")

    assert ran.exit == 0, ran.stderr
    assert (row["before"], row["now"], row["trend"], row["met"]) == (41, 38.5, "worse", False)


def test_a_bad_figure_in_a_file_is_told_with_its_line(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one())
    (folder / "figures.csv").write_text("kpi,value\nnps,41\nnps,lots\n")

    ran = crisis("reviews", "kpi", "--from", "figures.csv")

    assert ran.exit == 2
    assert "figures.csv:3" in ran.stderr


# Export


def test_answers_go_to_one_file_for_each_platform(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one(content="=HYPERLINK(1) parcel late", userName="=cmd"))
    crisis("reviews", "answer", "r1", "--draft")

    ran = crisis("reviews", "export", "-o", "out")

    assert ran.exit == 0, ran.stderr
    rows = exported(folder)
    assert [row["review"] for row in rows] == ["r1"]
    assert "help@kestrel.example" in rows[0]["answer"]


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one("=1+1"))
    crisis("reviews", "answer", "=1+1", "--draft")

    crisis("reviews", "export", "-o", "out")

    rows = exported(folder)
    assert rows[0]["review"] == "'=1+1"


def test_as_json_an_answer_is_exact(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one())
    crisis("reviews", "answer", "r1", "--draft")
    answer = shown(crisis, "show", "r1")["review"]["answer"]

    crisis("reviews", "export", "-o", "out", "--format", "json")

    written = json.loads((folder / "out" / "google-play.json").read_text())
    assert written["answers"][0]["answer"] == answer


def test_with_nothing_answered_there_is_nothing_to_export(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one())

    ran = crisis("reviews", "export", "-o", "out")

    assert ran.exit == 1
    assert not (folder / "out").exists()


def test_without_a_brand_there_is_no_draft_and_it_says_what_to_do(
    crisis: Crisis, folder: Path
) -> None:
    crisis("start", "review-wave", "--no-input")
    an_export(folder / "r.csv", [one()])
    crisis("reviews", "import", "r.csv")

    ran = crisis("reviews", "answer", "r1", "--draft")

    assert ran.exit == 2
    assert "the shop's brand and contact is not known yet" in ran.stderr


# Delivery


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as server:
        yield server


def deliver(folder: Path, url: str) -> None:
    hook = f'{{via: webhook, url: "{url}", secret: "${{HOOK}}", timeout: 2s}}'
    (folder / "crisisctl.yaml").write_text(f"{WORKSPACE}delivery: {{google-play: {hook}}}\n")


def test_an_answer_is_handed_to_its_platform_once(
    crisis: Crisis, folder: Path, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "hq8-Zk3-wMn2")
    imported(crisis, folder, one())
    crisis("reviews", "answer", "r1", "--draft")
    deliver(folder, f"{site.url}/ok")

    first, again = (crisis("reviews", "export", "--deliver") for _ in range(2))

    assert first.exit == again.exit == 0, first.stderr
    [got] = site.asked
    assert (got.json["thread"], got.json["channel"]) == ("r1", "google-play")
    assert "help@kestrel.example" in got.json["body"]
    assert "1 answers delivered" not in first.stderr
    assert "✓ 1 answer delivered" in first.stderr


def test_an_answer_that_is_refused_is_told_and_tried_again(
    crisis: Crisis, folder: Path, site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOK", "hq8-Zk3-wMn2")
    imported(crisis, folder, one())
    crisis("reviews", "answer", "r1", "--draft")
    deliver(folder, f"{site.url}/403")

    refused = crisis("reviews", "export", "--deliver")
    deliver(folder, f"{site.url}/ok")
    gone = crisis("reviews", "export", "--deliver")

    assert refused.exit == 1
    assert "r1" in refused.stderr
    assert gone.exit == 0, gone.stderr


def test_a_platform_without_a_target_is_named(crisis: Crisis, folder: Path) -> None:
    imported(crisis, folder, one())
    crisis("reviews", "answer", "r1", "--draft")

    ran = crisis("reviews", "export", "--deliver")

    assert "no delivery is set for google-play" in " ".join(ran.stderr.split())


def test_a_long_first_import_judges_the_same_on_two_processes(
    crisis: Crisis, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(a_wave(folder / "r.csv", now=NOW))
    alone = shown(crisis, "analyse", path)
    declared(crisis, folder)
    monkeypatch.setattr("crisisctl.tables.helper.MANY", 1)

    together = shown(crisis, "analyse", path)
    kept = shown(crisis, "import", path)

    told = ("wave", "problems", "moods", "days", "answers", "languages", "changes")
    assert {name: together[name] for name in told} == {name: alone[name] for name in told}
    assert {name: kept[name] for name in told} == {name: alone[name] for name in told}


@pytest.mark.parametrize("parts", [0, 1], ids=["at once", "after a part"])
def test_what_a_helper_leaves_when_it_dies_is_done_all_the_same(
    crisis: Crisis, folder: Path, monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    def dies(work: Work[object], here: Connection, there: Connection) -> None:
        for part in islice(work(), parts):
            there.send((part,))
        os.kill(os.getpid(), signal.SIGKILL)

    path = str(a_wave(folder / "r.csv", now=NOW))
    alone = shown(crisis, "analyse", path)
    declared(crisis, folder)
    monkeypatch.setattr("crisisctl.tables.helper.MANY", 1)
    monkeypatch.setattr("crisisctl.tables.helper._child", dies)

    together = shown(crisis, "analyse", path)
    kept = shown(crisis, "import", path)

    told = ("read", "wave", "problems", "moods", "days", "answers", "languages", "changes")
    assert {name: together[name] for name in told} == {name: alone[name] for name in told}
    assert {name: kept[name] for name in told} == {name: alone[name] for name in told}


def test_reviews_that_were_lost_and_are_read_again_keep_their_answers(
    crisis: Crisis, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(crisis, folder, a_row("r1", NOW - timedelta(hours=2)), one("r2"))
    (folder / "answer.txt").write_text(ANSWER[:250].rpartition("\n")[0])
    assert crisis("reviews", "answer", "r1", "--from", "answer.txt").exit == 0
    before = shown(crisis, "import", str(folder / "reviews.csv"))["answers"]
    for path in (folder / "home" / "reviews").iterdir():
        path.unlink()
    monkeypatch.setattr("crisisctl.tables.helper.MANY", 1)

    again = shown(crisis, "import", str(folder / "reviews.csv"))

    assert again["answers"] == before
    assert before["within"]["1 to 4 h"] == 1
    assert reviews(crisis) == {"r1": "answered", "r2": "new"}
