"""What a plan left to a person is settled, told, opened again, and never paid twice unseen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from refunded import SOME, a_customer, an_export, declared, flat, issued, planned, read

BAD = (a_customer("c8", double_charge="-3"), a_customer("c9", double_charge="1.234"))


@pytest.fixture
def shop(crisis: Crisis, folder: Path) -> Path:
    """Two plans are handed out: c2 is owed 10.00 more than the first paid back, c4 1.75."""
    declared(crisis, folder)
    handed_out(crisis, folder, *SOME)
    handed_out(crisis, folder, *more("22.50", "9.00"))
    return folder


def more(second: str, fourth: str) -> tuple[dict[str, str], ...]:
    return (
        a_customer("c2", double_charge=second, locale="fr"),
        a_customer("c4", failed_orders=2, double_charge=fourth),
        *BAD,
    )


def handed_out(crisis: Crisis, folder: Path, *rows: dict[str, str]) -> None:
    an_export(folder / "c.csv", rows)
    planned(crisis)
    issued(crisis)


def look_at(folder: Path, plan: int) -> Path:
    (found,) = folder.glob(f"home/outbox/*/compensation-{plan}/look-at.csv")
    return found


def left(crisis: Crisis, of: str, *words: str) -> dict[str, Any]:
    told = json.loads(crisis("compensate", "show", *words, "--json").stdout)
    found: dict[str, Any] = next(each for each in told["left_to_a_person"] if each["of"] == of)
    return found


def report(crisis: Crisis) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(crisis("report", "--format", "json").stdout)
    return found


def test_whoever_is_owed_more_is_listed_until_it_is_settled(crisis: Crisis, shop: Path) -> None:
    before = flat(crisis("compensate", "show").stdout)

    words = ("--paid", "10", "--because", "Paid by bank transfer")
    ran = crisis("compensate", "settle", "c2", *words)

    assert "owed more than was paid before: 2 of 2 open line 2: customer c2: 10.00 EUR" in before
    said = "✓ plan 2, customer c2: 10.00 EUR paid, Paid by bank transfer"
    assert (ran.exit, flat(ran.stderr).strip()) == (0, said)
    told = flat(ran.stdout)
    assert "owed more than was paid before: 1 of 2 open line 3: customer c4: 1.75 EUR" in told
    assert "line 2, customer c2: 10.00 EUR paid (ana, " in told
    assert flat(crisis("compensate", "show").stdout).endswith(told)
    assert max(map(len, ran.stdout.splitlines())) <= 80


def test_the_report_counts_what_was_paid_by_hand_and_what_is_open(
    crisis: Crisis, shop: Path
) -> None:
    before = report(crisis)["compensation"]
    crisis("compensate", "settle", "c2@MAIL.example", "--paid", "9.50 EUR", "--because", "By bank")
    after = report(crisis)["compensation"]
    paper = flat(crisis("report").stdout)

    assert (before["so_far"], after["so_far"]) == ("19.75", "29.25")
    assert after["left_to_a_person"] == [
        {"plan": 2, "of": "look-at", "many": 2, "settled": 1, "open": 1, "paid": {"EUR": "9.50"}},
        {"plan": 2, "of": "rows", "many": 2, "settled": 0, "open": 2, "paid": {}},
    ]
    assert "Still open: 1 customer is owed more than an earlier plan paid back" in paper
    assert "Settled by hand: 1 customer of plan 2, 9.50 EUR paid." in paper
    assert "Still open: 2 rows of the export of plan 2 that nobody could judge." in paper
    assert "Cost so far: 29.25 EUR of" in paper


def test_said_again_the_last_word_counts_and_open_takes_it_back(crisis: Crisis, shop: Path) -> None:
    crisis("compensate", "settle", "c2", "--because", "The same charge, seen twice")
    assert left(crisis, "look-at")["settled"][0]["paid"] == "0"
    crisis("compensate", "settle", "c2", "--paid", "10 €", "--because", "It was not")
    (said,) = left(crisis, "look-at")["settled"]

    assert (said["line"], said["paid"], said["owed"]) == (2, "10.00", "10.00")
    assert (said["because"], said["by"]) == ("It was not", "ana")
    assert crisis("compensate", "settle", "c2", "--open", "--because", "It came back").exit == 0
    assert left(crisis, "look-at")["settled"] == []
    assert report(crisis)["compensation"]["so_far"] == "19.75"
    again = crisis("compensate", "settle", "c2", "--open", "--because", "It came back")
    assert (again.exit, "it is open" in again.stderr) == (1, True)
    told = flat(crisis("timeline").stdout)
    assert "Settled by hand: line 2 of look-at.csv, plan 2, 10.00 of 10.00 EUR paid, bec" in told
    assert "Open again: line 2 of look-at.csv, plan 2, because It came back" in told
    assert crisis("verify").exit == 0


def test_a_row_that_nobody_could_judge_is_settled_by_its_line(crisis: Crisis, shop: Path) -> None:
    paid = ("--paid", "1.23", "--because", "The bank says 1.23")
    ran = crisis("compensate", "settle", "--line", "5", *paid)

    assert "plan 2, line 5 of c.csv: 1.23 EUR paid" in flat(ran.stderr)
    assert "rows that nobody could judge: 1 of 2 open" in flat(ran.stdout)
    assert 'line 4: Charged twice: "-3" is less than nothing' in flat(ran.stdout)
    assert report(crisis)["compensation"]["so_far"] == "20.98"
    crisis("compensate", "settle", "--line", "4", "--because", "A slip in the export")
    assert [each["line"] for each in left(crisis, "rows")["settled"]] == [4, 5]
    assert "rows that nobody could judge: all settled" in flat(crisis("compensate", "show").stdout)


def test_the_next_list_tells_what_was_paid_by_hand_and_settles_with_the_earlier_one(
    crisis: Crisis, shop: Path
) -> None:
    crisis("compensate", "settle", "c2", "--paid", "10", "--because", "Paid by bank transfer")
    handed_out(crisis, shop, *more("25.00", "9.00"))

    second, fourth = read(look_at(shop, 3))
    assert second["sum"] == "12.50"  # all that is owed beyond what the first plan paid
    assert second["why"].endswith("look before you pay; 10.00 EUR of it was paid by hand already")
    assert fourth["why"].endswith("look before you pay")
    twice = crisis("compensate", "settle", "c2", "--paid", "12.50", "--because", "By bank")
    assert (twice.exit, "12.50 EUR, of which 10.00 is paid by hand" in flat(twice.stderr)) == (1, 1)

    assert crisis("compensate", "settle", "c2", "--paid", "2.50", "--because", "Rest").exit == 0
    assert crisis("compensate", "settle", "c4", "--paid", "1.75", "--because", "By bank").exit == 0

    told = report(crisis)["compensation"]["left_to_a_person"]
    assert [(each["plan"], each["open"]) for each in told if each["of"] == "look-at"] == [
        (2, 0),
        (3, 0),
    ]
    assert left(crisis, "look-at", "2")["settled"][1]["because"] == "with plan 3"
    assert report(crisis)["compensation"]["so_far"] == "34.00"  # 19.75 + 10 + 2.50 + 1.75


def test_handing_out_again_writes_the_same_list_whatever_was_settled_since(
    crisis: Crisis, shop: Path
) -> None:
    handed_out(crisis, shop, *more("25.00", "9.00"))
    crisis("compensate", "settle", "c2", "--plan", "2", "--paid", "10", "--because", "By bank")
    before = look_at(shop, 3).read_bytes()

    assert crisis("compensate", "issue", "--plan", "3").exit == 0

    assert look_at(shop, 3).read_bytes() == before
    assert crisis("compensate", "settle", "c2", "--paid", "2.50", "--because", "Rest").exit == 0


@pytest.mark.parametrize(
    ("words", "exit_", "told"),
    [
        (("c2",), 2, 'settling needs a reason hint: say how or why: --because "Paid by'),
        (("c2", "--paid", "10.01", "--because", "x"), 1, "10.01 EUR is more than is open: 10.00"),
        (("c2", "--paid", "5 USD", "--because", "x"), 2, "owed EUR, and USD was paid"),
        (("c2", "--paid", "much", "--because", "x"), 2, "is not a sum of money"),
        (("c2", "--paid", "-1", "--because", "x"), 2, "less than nothing"),
        (("c77", "--because", "x"), 2, '"c77" is in no list of what is left to a person'),
        (("c2", "--plan", "1", "--because", "x"), 2, "plan 1 has left nothing of that kind"),
        (("c2", "--line", "4", "--because", "x"), 2, "a customer, or --line N"),
        (("--because", "x"), 2, "a customer, or --line N"),
        (("--line", "99", "--because", "x"), 2, "plan 2 has left no line 99 of c.csv"),
        (("c2", "--open", "--paid", "1", "--because", "x"), 2, "leave out --paid"),
    ],
)
def test_what_cannot_be_settled_so_is_refused_and_nothing_is_recorded(
    crisis: Crisis, shop: Path, words: tuple[str, ...], exit_: int, told: str
) -> None:
    ran = crisis("compensate", "settle", *words)

    assert (ran.exit, ran.stdout) == (exit_, "")
    assert told in flat(ran.stderr)
    assert left(crisis, "look-at")["settled"] == []


def test_a_list_that_was_changed_is_written_anew_before_it_counts(
    crisis: Crisis, shop: Path
) -> None:
    path = look_at(shop, 2)
    path.write_text(path.read_text().replace("10.00", "99.00"))
    refused = crisis("compensate", "settle", "c2", "--paid", "99", "--because", "x")

    assert (refused.exit, "was changed since" in flat(refused.stderr)) == (1, True)
    assert "was changed since" in flat(crisis("compensate", "show").stdout)
    assert crisis("compensate", "issue", "--plan", "2").exit == 0
    assert crisis("compensate", "settle", "c2", "--paid", "10", "--because", "x").exit == 0


def test_the_journal_holds_no_name_of_whoever_was_settled(crisis: Crisis, shop: Path) -> None:
    crisis("compensate", "settle", "c2", "--paid", "10", "--because", "By bank")

    told = b"".join(path.read_bytes() for path in (shop / "home").glob("journal.db*"))

    assert b"compensation-settled" in told
    assert b"c2@mail.example" not in told
    assert b'"c2"' not in told


def test_nothing_is_settled_where_nothing_was_left(crisis: Crisis, folder: Path) -> None:
    declared(crisis, folder)
    handed_out(crisis, folder, SOME[1])

    refused = crisis("compensate", "settle", "c2", "--because", "x")

    assert refused.exit == 2
    assert "no plan left a customer to a person" in flat(refused.stderr)
    assert "Left to a person" not in crisis("compensate", "show").stdout
