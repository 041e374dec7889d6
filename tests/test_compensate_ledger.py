"""The ledger: one book for all incidents, closed or as if nothing had been written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from crisisctl.compensation.before import Before
from crisisctl.compensation.ledger import Entry, Ledger
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
    entries = [Entry(*mint.code(each), 0, "EUR", "lost", "6.00", booked.id) for each in customers]
    ledger.put([entry.row for entry in entries])
    ledger.commit()
    return [entry.code for entry in entries]


def test_what_was_not_committed_is_not_there(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        booked = ledger.begin("one", 1, "bound", NOW)
        code, holder = ledger.mint("one").code("c1")
        ledger.put([Entry(code, holder, 0, "EUR", "lost", "6.00", booked.id).row])
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
        ledger.put([Entry(code, holder, 0, "EUR", owed="12.50", owed_by=booked.id).row])
        ledger.commit()
        rows = [a_row("c1", "", "12.50"), a_row("c1", "", "12.51"), a_row("c2", "", "12.50")]

        before = Before(ledger, "two", None)

        assert [before.of([row])[0].paid for row in rows] == ["one", "", ""]


def test_more_codes_than_one_question_takes_are_looked_up(path: Path) -> None:
    with Ledger(path, create=True) as ledger:
        codes = given(ledger, "one", *(f"c{number}" for number in range(2_000)))

        assert len(ledger.entries(codes)) == 2_000


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
