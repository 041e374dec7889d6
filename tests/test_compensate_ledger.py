"""The ledger: one book for all incidents, closed or as if nothing had been written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from crisisctl.compensation import ledger as books
from crisisctl.compensation.before import Before
from crisisctl.compensation.codes import Minted
from crisisctl.compensation.ledger import Entry, Ledger, Outcome, Taken
from crisisctl.compensation.roll import Given
from crisisctl.errors import CrisisError

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def given(ledger: Ledger, incident: str, *customers: str, at: datetime = NOW) -> list[str]:
    """Give these customers a gesture; their codes."""
    booked = ledger.begin(incident, 1, "bound", at)
    mint = ledger.mint(incident)
    outcome = Outcome(0, "EUR", "lost", "6.00", booked.id)
    entries = [Entry(*mint.code(each), outcome) for each in customers]
    ledger.put(entries)
    ledger.commit()
    return [entry.code for entry in entries]


def test_what_was_not_committed_is_not_there(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        booked = ledger.begin("one", 1, "bound", NOW)
        code, holder = ledger.mint("one").code("c1")
        ledger.put([Entry(code, holder, Outcome(0, "EUR", "lost", "6.00", booked.id))])
        ledger.back()

        assert ledger.entries([code]) == {}


def test_the_secret_stays_the_same_when_it_is_opened_again(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        first = ledger.mint("one").code("c1")
    with Ledger(path, create=True) as ledger:
        assert ledger.mint("one").code("c1") == first


def test_two_machines_have_two_secrets(tmp_path: Path) -> None:
    with (
        Ledger(tmp_path / "a.db", create=True) as one,
        Ledger(tmp_path / "b.db", create=True) as other,
    ):
        assert one.mint("x").code("c1") != other.mint("x").code("c1")


def test_a_plan_begun_again_keeps_its_day(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        given(ledger, "one", "c1")

        again = ledger.begin("one", 1, "bound", NOW + timedelta(days=3))

        assert again.at == NOW


def test_another_list_under_the_number_of_a_plan_is_refused(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        given(ledger, "one", "c1")

        with pytest.raises(CrisisError, match="handed out with another list"):
            ledger.begin("one", 1, "other", NOW)


def test_a_code_is_known_in_its_own_incident_only(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        (code,) = given(ledger, "one", "c1")

        assert ledger.tier("one", code) == "lost"
        assert ledger.tier("two", code) is None


def a_row(customer: str, tier: str = "lost", owed: str = "") -> Given:
    """A line of a plan's list."""
    back = (Decimal(owed),) if owed else ()
    return Given(2, customer, "", "", "en", "", "", "EUR", tier, Decimal(6), "", back)


def test_who_had_a_gesture_in_an_earlier_incident_is_found(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        given(ledger, "one", "c1", "c2")
        rows = [a_row("c2"), a_row("c3"), a_row("c1", "")]

        had = [each.gesture for each in Before(ledger, "two", None).of(rows)]

        assert had == ["one", "", ""]  # who gets no gesture now has no second one
        later = Before(ledger, "two", NOW + timedelta(seconds=1)).of(rows)
        assert [each.gesture for each in later] == ["", "", ""]


def test_the_same_sum_that_another_incident_paid_back_is_found(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        booked, mint = ledger.begin("one", 1, "bound", NOW), ledger.mint("one")
        code, holder = mint.code("c1")
        outcome = Outcome(0, "EUR", owed="12.50", owed_by=booked.id)
        ledger.put([Entry(code, holder, outcome)])
        ledger.commit()
        rows = [a_row("c1", "", "12.50"), a_row("c1", "", "12.51"), a_row("c2", "", "12.50")]

        before = Before(ledger, "two", None)

        assert [before.of([row])[0].paid for row in rows] == ["one", "", ""]


def test_more_codes_than_one_question_takes_are_looked_up(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        codes = given(ledger, "one", *(f"c{number}" for number in range(2_000)))

        assert len(ledger.entries(codes)) == 2_000


def added(ledger: Ledger, incident: str, customers: Sequence[str], outcomes: int = 1) -> Minted:
    """Give these customers something unseen, and keep it."""
    booked = ledger.begin(incident, 1, "bound", NOW)
    minted = ledger.mint(incident).codes(customers)
    got = [Outcome(0, "EUR", "lost", f"{n}.00", booked.id) for n in range(outcomes)]
    ledger.add(minted.heads, got, [n % outcomes for n in range(len(customers))])
    ledger.commit()
    return minted


@pytest.mark.parametrize("held", [1_000_000, 700])
def test_what_was_added_unseen_is_found_whatever_was_there_before(
    held: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "_HELD", held)
    monkeypatch.setattr(books, "_KNOWN", 50)
    customers = [f"c{number}" for number in range(2_000)]
    with Ledger(path, create=True) as ledger:
        given(ledger, "other", *customers)
        minted = added(ledger, "one", customers, 90)
        added(ledger, "two", customers)

    with Ledger(path) as ledger:
        found = ledger.entries(minted.codes)
        assert [found[code].holder for code in minted.codes] == minted.holders
        assert [found[code].value for code in minted.codes] == [
            f"{n % 90}.00" for n in range(2_000)
        ]
        assert ledger.tier("one", minted.codes[7]) == "lost"
        assert ledger.tier("two", minted.codes[7]) is None


def test_a_code_that_is_added_twice_is_taken_and_nothing_is_kept(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        added(ledger, "one", ["c0"])

        with pytest.raises(Taken):
            added(ledger, "two", ["c1", "c2", "c1"])

        assert [each.incident for each in ledger.issues()] == ["one"]
        assert ledger.entries(ledger.mint("two").codes(["c1", "c2"]).codes) == {}


def test_what_is_put_down_again_replaces_what_stood_there_and_nothing_else(path: Path) -> None:
    customers = [f"c{number}" for number in range(3_000)]
    with Ledger(path, create=True) as ledger:
        minted = added(ledger, "one", customers)
        before = ledger.entries(minted.codes)
        more = [before[code]._replace(outcome=Outcome(0, "EUR", "more")) for code in minted.codes]
        ledger.put(more[::3])

        after = ledger.entries(minted.codes)

    assert [after[code] for code in minted.codes[::3]] == more[::3]
    assert all(after[code] == before[code] for code in minted.codes[1::3])
    assert all(after[code] == before[code] for code in minted.codes[2::3])


@pytest.mark.parametrize("code", ["", "ABC", "ABCDE-FGHJK-LMNPR", "00000-00000-00000", "é" * 15])
def test_what_is_no_code_was_given_to_nobody(code: str, path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        given(ledger, "one", "c1")

        assert ledger.tier("one", code) is None


def test_it_holds_no_name_and_no_number_of_a_customer(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        given(ledger, "one", "customer-4711")

    assert b"customer-4711" not in b"".join(each.read_bytes() for each in path.parent.iterdir())


def test_a_damaged_file_is_told_and_not_to_be_deleted(path: Path) -> None:
    path.write_bytes(b"no database at all, but some text" * 40)

    with pytest.raises(CrisisError) as told:
        Ledger(path)

    assert "do not delete it" in told.value.hint


def test_a_newer_form_is_left_alone(path: Path) -> None:
    import sqlite3

    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version=99")
    database.close()

    with pytest.raises(CrisisError, match="does not know"):
        Ledger(path)
