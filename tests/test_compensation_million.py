"""A long export with traps comes out to the cent, and twice the same."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import trapped
from compensated import Plan, export, plan, policy, slowly
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisctl.compensation import customers, reckoning
from crisisctl.compensation.bill import GROUPS
from crisisctl.compensation.customers import Bounds, Export

SINCE = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)
WINDOW = Bounds(since=SINCE, until=SINCE + timedelta(hours=2))
SHARE = {"lost": 40 * 60, "late": 100 * 100, "held-up": 25 * 100}
MANY = pytest.param(600_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])
"""Customers: of a million rows, and of a tenth of a quick one."""


def compared(found: Plan, by_hand: trapped.ByHand) -> None:
    counts, bill = found.export.counts, found.bill
    told = {(e.id, e.currency): (e.customers, e.face) for e in bill.lines()}
    wanted = {key: (many, by_hand.sums[key]) for key, many in by_hand.lines.items()}
    costs = {(e.id, e.currency): e.expected for e in bill.lines() if e.part == "tier"}

    assert told == wanted
    assert costs == {
        (id, code): (face * Decimal(trapped.RATE[code]) * SHARE[id] / 10_000).quantize(
            Decimal("0.01"), ROUND_HALF_UP
        )
        for (id, code), face in by_hand.sums.items()
        if id in SHARE
    }
    assert (counts.rows, counts.outside, counts.repeated) == (
        by_hand.rows, by_hand.outside, by_hand.repeated,
    )  # fmt: skip
    assert (len(found.bad), len(found.given)) == (by_hand.bad, by_hand.listed)
    assert bill.unaffected == by_hand.unaffected
    largest = [(each.worth, each.customer) for each in bill.largest()]
    assert [worth for worth, _ in largest] == [worth for worth, *_ in by_hand.largest]
    assert len({each.customer for each in found.given}) == len(found.given)


@pytest.mark.parametrize("customers", [12_000, MANY])
def test_an_export_with_traps_comes_out_to_the_cent_and_twice_the_same(
    customers: int, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    by_hand = trapped.write(path, customers)

    first, second = plan(path, bounds=WINDOW), plan(path, bounds=WINDOW)

    compared(first, by_hand)
    assert first.roll == second.roll
    assert first.bad == second.bad


def same(found: Plan, other: Plan) -> None:
    assert found.given == other.given
    assert sorted(found.bad) == sorted(other.bad)
    assert found.export.counts == other.export.counts
    assert found.bill.lines() == other.bill.lines()
    assert found.bill.largest() == other.bill.largest()
    assert [found.bill.groups(by) for by in GROUPS] == [other.bill.groups(by) for by in GROUPS]
    assert (found.bill.customers, found.bill.unaffected) == (
        other.bill.customers, other.bill.unaffected,
    )  # fmt: skip


def to_the_byte(found: Plan, other: Plan) -> None:
    assert found.roll == other.roll
    same(found, other)


@pytest.mark.parametrize("bounds", [WINDOW, Bounds()], ids=["window", "always"])
def test_the_quick_way_gives_what_deciding_customer_by_customer_does(
    bounds: Bounds, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    trapped.write(path, 4_000, seed=3)

    found = plan(path, bounds=bounds)

    same(found, slowly(found.export))


@pytest.mark.parametrize("block", [1, 7, 500])
def test_two_processes_give_the_same_as_one_to_the_byte(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "BLOCK", block)
    monkeypatch.setattr(reckoning, "STRETCH", 3)
    path = tmp_path / "orders.csv"
    trapped.write(path, 2_500, seed=5)

    found = plan(path, bounds=WINDOW, processes=2)

    one = plan(path, bounds=WINDOW)
    to_the_byte(found, one)
    assert found.bad == one.bad


def test_more_names_than_are_told_apart_are_the_same_for_two_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "BLOCK", 20)
    monkeypatch.setattr(reckoning, "STRETCH", 2)
    rows = [f"c-{n},,C{n % 1000},s{n % 7},{n},0\n" for n in range(3_000)]
    path = export(tmp_path, HEAD + "".join(rows))

    to_the_byte(plan(path, policy(PERSONAL), processes=2), plan(path, policy(PERSONAL)))


@pytest.mark.parametrize("part", [0, 2])
def test_a_helper_that_is_killed_changes_nothing(
    part: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "BLOCK", 20)
    monkeypatch.setattr(reckoning, "STRETCH", 2)
    path = tmp_path / "orders.csv"
    trapped.write(path, 2_000, seed=6)
    here = os.getpid()
    take = reckoning._Rows._take
    taken = iter(range(10**9))

    def dying(*args: object) -> None:
        if os.getpid() != here and next(taken) == part * 2:
            os.kill(os.getpid(), signal.SIGKILL)
        take(*args)

    monkeypatch.setattr(reckoning._Rows, "_take", dying)
    found = plan(path, bounds=WINDOW, processes=2)

    to_the_byte(found, plan(path, bounds=WINDOW))


def test_a_helper_that_is_killed_while_it_looks_who_comes_again_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.csv"
    trapped.write(path, 2_000, seed=6)
    here, theirs = os.getpid(), Export._theirs

    def dying(export: Export) -> object:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return theirs(export)

    monkeypatch.setattr(Export, "_theirs", dying)
    found = plan(path, bounds=WINDOW, processes=2)

    to_the_byte(found, plan(path, bounds=WINDOW))


PERSONAL = """
currency: EUR
rates: {TRY: "0.02", JPY: "0.006", KWD: "3"}
harm: {double_charge: {type: money}, minutes: {together: most}}
exclude:
  - {id: ours, when: "email in ['c-7@mail.example', 'C-8@mail.example']", because: Ours}
  - {id: abroad, when: "country == 'FR' and segment != 'std'", because: Abroad, owed: false}
owed: [{id: double, when: double_charge > 0, refund: double_charge}]
tiers: [{id: held-up, when: minutes > 10, offer: {apology: true}}]
"""


def test_the_quick_way_tells_apart_whom_an_exclusion_tells_apart(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    trapped.write(path, 2_000, seed=4)

    found = plan(path, policy(PERSONAL))

    same(found, slowly(found.export))
    assert {e.customer for e in found.given if e.excluded} <= {"c-7", "c-8"}


HEAD = "customer_id,email,country,segment,double_charge,minutes\n"
cell = st.sampled_from(["", "0", "5", "90", " 90", "-1", "x" * 301, "NaN"])
row = st.tuples(
    st.sampled_from(["c-1", "c-2", " c-1 ", "", "y" * 301, "c-3", "c-4"]),
    st.sampled_from(["", "Ana@mail.example", "ana@mail.example "]),
    st.sampled_from(["FR", "fr", "", "DE", "z" * 301]),
    st.sampled_from(["std", "gold"]),
    cell,
    cell,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(row, max_size=12))
def test_the_quick_way_is_right_about_any_row(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    path = export(tmp_path, HEAD + "".join(f"{','.join(cells)}\n" for cells in rows))

    found = plan(path, policy(PERSONAL))

    same(found, slowly(found.export))
