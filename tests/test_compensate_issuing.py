"""Handing out a list: what the ledger holds decides what each customer still gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import Crisis
from refunded import PLAYBOOK, SOME, an_export, declared, issued, planned

from crisisctl.compensation import roll
from crisisctl.compensation.issuing import Issued, again, ends, first_time
from crisisctl.compensation.ledger import Entry, Issue, Ledger, Outcome, Taken
from crisisctl.compensation.roll import Block, Given
from crisisctl.playbook.load import loads

NOW = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)
_FOUND, _ = loads(PLAYBOOK)
assert _FOUND is not None
assert _FOUND.compensation is not None
POLICY = _FOUND.compensation


def a_row(customer: str, tier: str = "lost", owed: str = "0") -> Given:
    """A line of the list."""
    back = (Decimal(owed),) if Decimal(owed) else ()
    return Given(
        2, customer, "", "", "en", "FR", "", "EUR", tier, Decimal("6.00" if tier else 0), "", back
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db", create=True) as books:
        yield books


def handed(
    ledger: Ledger, folder: Path, rows: Sequence[Given], plan: int = 1
) -> tuple[Issued, list[Given]]:
    """A list that is handed out."""
    path = folder / f"plan-{plan}.jsonl"
    path.write_bytes(roll.lines(rows))
    took: list[Given] = []

    def write(block: Block, codes: Sequence[str]) -> dict[str, bytes]:
        assert len(codes) == len(block.customers)
        took.extend(block.rows())
        return {}

    first = ledger.first("one")
    booked = ledger.begin("one", plan, str(plan), NOW)
    found = Issued()
    if first:
        for batch in first_time(path, POLICY, ledger.mint("one"), booked, write):
            assert batch is not None
            ledger.add(batch.heads, batch.outcomes, batch.which)
            found.merge(batch.found)
    else:
        for each in again(path, POLICY, ledger, booked, write, lambda _: {}):
            found.merge(each.found)
    ledger.commit()
    return found, took


def test_a_gesture_and_a_refund_are_each_given_once(ledger: Ledger, tmp_path: Path) -> None:
    handed(ledger, tmp_path, [a_row("c1"), a_row("c2", "", "5.00")])

    found, took = handed(
        ledger, tmp_path, [a_row("c1", owed="3.00"), a_row("c2", "lost", "5.00")], 2
    )

    given = {row.customer: (bool(row.tier), bool(row.owed)) for row in took}
    assert given == {"c1": (False, True), "c2": (True, False)}
    assert found.sums == {
        ("owed", "double", "EUR"): (1, Decimal("3.00")),
        ("tier", "lost", "EUR"): (1, Decimal("6.00")),
    }


def test_another_tier_in_a_later_plan_gives_nothing_more(ledger: Ledger, tmp_path: Path) -> None:
    handed(ledger, tmp_path, [a_row("c1", "held-up")])

    found, took = handed(ledger, tmp_path, [a_row("c1", "lost")], 2)

    assert (found.already, took) == (1, [])


def test_the_same_plan_again_gives_the_same(ledger: Ledger, tmp_path: Path) -> None:
    rows = [a_row("c1"), a_row("c2", "", "5.00")]
    first = handed(ledger, tmp_path, rows)

    assert handed(ledger, tmp_path, rows) == first


def test_less_owed_than_was_paid_asks_for_nothing_back(ledger: Ledger, tmp_path: Path) -> None:
    handed(ledger, tmp_path, [a_row("c1", "", "5.00")])

    found, took = handed(ledger, tmp_path, [a_row("c1", "", "4.00")], 2)

    assert (found.by_hand, took) == (0, [])


def another(holder: str) -> str:
    """The letters of somebody else."""
    return holder[::-1] if holder != holder[::-1] else "2222"


def taken(ledger: Ledger) -> str:
    """The first code of c1, which belongs to somebody of another incident."""
    code, holder = ledger.mint("one").code("c1")
    booked = ledger.begin("other", 1, "x", NOW)
    ledger.put([Entry(code, another(holder), Outcome(0, "EUR", "lost", "6.00", booked.id))])
    ledger.commit()
    return code


def test_a_code_that_belongs_to_somebody_else_is_noticed_and_nothing_kept(
    ledger: Ledger, tmp_path: Path
) -> None:
    code = taken(ledger)

    with pytest.raises(Taken):
        handed(ledger, tmp_path, [a_row("c1"), a_row("c2")])

    assert ledger.first("one")
    assert len(ledger.entries([code, ledger.mint("one").code("c2")[0]])) == 1


def test_a_code_that_belongs_to_somebody_else_is_left_to_them(crisis: Crisis, folder: Path) -> None:
    declared(crisis, folder)
    an_export(folder / "c.csv", SOME)
    id = planned(crisis)["incident"]
    with Ledger(folder / "home" / "compensation" / "ledger.db", create=True) as ledger:
        code, holder = ledger.mint(id).code("c1")
        booked = ledger.begin("other", 1, "x", NOW)
        ledger.put([Entry(code, another(holder), Outcome(0, "EUR", "lost", "6.00", booked.id))])
        ledger.commit()

    issued(crisis)

    with Ledger(folder / "home" / "compensation" / "ledger.db") as ledger:
        entry = ledger.of(id, "c1")
        assert entry is not None
        assert (entry.outcome.attempt, entry.code) == (1, ledger.mint(id).code("c1", 1)[0])
        assert ledger.entries([code])[code].holder == another(holder)
    told = crisis("compensate", "code", "--customer", "c1").stdout
    assert entry.code in told


@pytest.mark.parametrize(
    ("at", "last"),
    [
        ("2026-01-10T12:00:00+00:00", "2026-03-12T00:00:00+01:00"),
        ("2026-01-29T12:00:00+00:00", "2026-03-31T00:00:00+02:00"),  # summer time begins on the way
        ("2026-01-10T23:30:00+00:00", "2026-03-13T00:00:00+01:00"),  # it is the 11th in Paris
    ],
)
def test_an_offer_holds_to_the_end_of_its_last_day_in_the_shop(at: str, last: str) -> None:
    tier = POLICY.tiers[0]
    booked = Issue(1, "one", 1, "x", datetime.fromisoformat(at))

    found = ends(tier, booked, ZoneInfo("Europe/Paris"))

    assert found is not None
    assert found.isoformat() == last
