"""Any policy over any few rows: a warehouse gives what a local run gives."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import warehouses
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from warehouses import fill_duckdb, locally, policy, there, write

from crisisctl.compensation.customers import Bounds

pytestmark = pytest.mark.warehouse

HEADER = ("customer_id", "email", "order_id", "currency", "country", "at", "status", "total",
          "fee", "late", "days")  # fmt: skip
FACTS = {"cause": "us", "places": ("fr", "DE"), "share": 7, "sure": True}
NUMBERS = st.sampled_from(["days", "failed", "0", "1", "2.5", "-3", "(days - failed)", "(-days)"])
SUMS = st.sampled_from(["paid", "most", "(paid - most)", "(paid + most)"])
SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
WORDS = st.sampled_from(["note", "cause", "'ok'", "' Late '", "'it''s'".replace("''", " ")])
HARM = st.one_of(
    st.builds("{} {} {}".format, NUMBERS, SIGNS, NUMBERS),
    st.builds("{} {} {}".format, SUMS, SIGNS, st.sampled_from(["0", "paid", "most"])),
    st.builds("{} {} {}".format, WORDS, st.sampled_from(["==", "!="]), WORDS),
    st.builds("{} {} ['ok', {}]".format, WORDS, st.sampled_from(["in", "not in"]), WORDS),
    st.builds("{} {} places".format, WORDS, st.sampled_from(["in", "not in"])),
    st.sampled_from(
        ["late", "sure", "late == sure", "1 < days < 5", "unheard is defined",
         "unheard is undefined", "(unheard is defined and unheard > 3)", "true", "false"]
    ),
)  # fmt: skip


def joined(one: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        one,
        lambda part: st.one_of(
            st.builds("({} and {})".format, part, part),
            st.builds("({} or {})".format, part, part),
            st.builds("(not {})".format, part),
        ),
        max_leaves=4,
    )


ROW = joined(
    st.one_of(
        st.builds("status {} {}".format, st.sampled_from(["==", "!="]), WORDS.map(
            lambda word: word if word[0] == "'" else "'failed'"
        )),
        st.sampled_from(["status in ['failed', 'late']", "total > fee", "country == 'fr'",
                         "total - fee > 0", "currency == 'usd'", "email != ''"]),
    )
)  # fmt: skip
ABOUT = joined(
    st.one_of(HARM, st.sampled_from(["country == 'fr'", "locale == ''", "customer in ['1', 'a']",
                                     "email == 'a@x'", "currency != 'eur'", "order > ''"]))
).filter(lambda text: "order >" not in text)  # fmt: skip
OFFERS = st.sampled_from(
    [
        {"apology": True},
        {"percent": "share", "order": ["60 EUR", "70 USD"], "up_to": "4.005 EUR"},
        {"percent": 10, "order": "33.35 EUR"},
        {"amount": ["5 EUR", "6 USD"]},
        {"refund": "paid"},
        {"refund": "most"},
        {"gift": "Tea"},
        {"longer_returns": "14d", "worth": "1.50 EUR"},
    ]
).map(lambda offer: {k: v for k, v in offer.items() if v != "4.005 EUR"})


@st.composite
def policies(draw: st.DrawFn) -> str:
    import msgspec

    ids = iter(range(99))
    made = {
        "currency": "EUR",
        "rates": {"USD": "0.9"},
        "cap": draw(st.sampled_from([[], ["20 EUR"], ["20 EUR", "9 USD"]])),
        "harm": {
            "failed": {"count": draw(ROW)},
            "paid": {
                "type": "money",
                "sum": draw(st.sampled_from(["total", "total - fee", "total + fee"])),
                "when": draw(st.one_of(st.just(""), ROW)),
            },
            "most": {"type": "money", "names": ["fee"], "together": "most"},
            "late": {"type": "flag"},
            "days": {"together": draw(st.sampled_from(["sum", "most"])), "most": 50},
            "note": {"type": "text", "names": ["status"]},
        },
        "about": {
            "status": {"type": "text"},
            "total": {"type": "money", "most": 5000},
            "fee": {"type": "money"},
        },
        "exclude": [
            {"id": f"x{next(ids)}", "when": when, "because": "So.", "owed": owed}
            for when, owed in draw(st.lists(st.tuples(ABOUT, st.booleans()), max_size=2))
        ],
        "owed": [
            {"id": f"o-{next(ids)}", "when": when, "refund": refund}
            for when, refund in draw(st.lists(st.tuples(joined(HARM), SUMS), max_size=2))
        ],
        "tiers": [
            {"id": f"t{next(ids)}", "when": when, "offer": offer}
            for when, offer in draw(
                st.lists(st.tuples(joined(HARM), OFFERS), min_size=1, max_size=3)
            )
        ],
    }
    return msgspec.json.encode(made).decode()


SUM = st.sampled_from(["", "0", "1.005", "12.345", "7", "-1", "x", "5000.01", "n/a", "0.004"])
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", " 1", "", "A"]),
        st.sampled_from(["", "a@x", "A@X "]),
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["", "EUR", "usd", "€", "GBP"]),
        st.sampled_from(["", "fr", "DE"]),
        st.sampled_from(["2025-03-02", "2025-03-01 23:59:59", "2025-03-03T00:00:00Z", "", "x"]),
        st.sampled_from(["failed", "Late ", "ok", ""]),
        SUM,
        SUM,
        st.sampled_from(["", "yes", "0", "maybe"]),
        st.sampled_from(["", "1", "2.5", "4", "51"]),
    ),
    min_size=1,
    max_size=8,
)
BOUNDS = Bounds(since=datetime(2025, 3, 2, tzinfo=UTC), until=datetime(2025, 3, 2, 23, tzinfo=UTC))


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Any]:
    connection = warehouses.needs_ibis().duckdb.connect()
    connection.raw_sql("SET enable_progress_bar = false")
    yield connection
    connection.disconnect()


@pytest.mark.timeout(600)
# each example is a query of its own: to shrink one that fails would take an hour
@settings(
    max_examples=60,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(text=policies(), rows=ROWS, bounds=st.sampled_from([Bounds(), BOUNDS]))
def test_any_policy_over_any_rows_is_the_same_in_a_warehouse(
    duckdb: Any, text: str, rows: list[tuple[str, ...]], bounds: Bounds
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "orders.csv", HEADER, rows)
        fill_duckdb(duckdb, path)

        one = locally(path, policy(text), FACTS, bounds)

        assert there(duckdb, policy(text), FACTS, bounds) == one
