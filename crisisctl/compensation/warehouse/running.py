"""A plan that is worked out where the data is, and comes back customer by customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from decimal import Decimal
from itertools import chain
from typing import Any

from crisisctl.compensation.cells import NONE, rounded
from crisisctl.compensation.customers import remarks
from crisisctl.compensation.deciding import NOBODY, Faces, Facts, Outcome, Who, percents
from crisisctl.compensation.layout import Layout, layout
from crisisctl.compensation.limits import limits
from crisisctl.compensation.offers import kind
from crisisctl.compensation.reading import Bounds, Counts, Customer
from crisisctl.compensation.several import joined
from crisisctl.compensation.twice import ORDERS, SHOWN, together, together_orders
from crisisctl.compensation.warehouse.engine import Engine, Rows, connected
from crisisctl.compensation.warehouse.faults import Faults, of_rows
from crisisctl.compensation.warehouse.judging import Judging, owed_column
from crisisctl.compensation.warehouse.merging import COUNTS, customers
from crisisctl.compensation.warehouse.reading import Reading
from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.recipients import language
from crisisctl.playbook.policy import Policy
from crisisctl.tables.unreadable import Unreadable
from crisisctl.text import did_you_mean, listed, quoted

BLOCK = 5_000
"""Customers that come at a time."""

Judged = tuple[Customer, Outcome] | Unreadable
"""A customer with what they get, or one whom a person must look at."""


class Plan:
    """A policy over a table of a warehouse: nothing is asked until blocks or counts are."""

    def __init__(
        self,
        connection: Any,
        table: str,
        policy: Policy,
        facts: Facts,
        *,
        said: Mapping[str, str],
        bounds: Bounds,
        time_zone: tzinfo,
        line: str,
    ) -> None:
        """Raises `CrisisError` where it cannot be asked this."""
        self._engine = Engine(connection.name)
        self.kind = str(connection.name)
        """What warehouse it is, in a word."""
        self._connection, self._policy = connection, policy
        rows = self._engine.table(connection, table)
        columns = rows.columns
        self.layout = _understood(columns, policy, said, table, line)
        self.remarks = list(remarks(policy, self.layout, bounds))
        query = _Query(self._engine, policy, facts, self.layout, bounds, time_zone, line)
        self._query, self._judged = query, query.judged(rows)
        self._receiving = _Receiving(policy, facts, numbered=bool(line))
        self._line = line

    def blocks(self) -> Iterator[list[Judged]]:
        """Every customer who gets something, or would and does not, and whoever cannot be judged.

        In the order of the lines, or of the customers' names where no column numbers the lines.
        """
        self._receiving.begin()
        wanted = self._query.wanted(self._judged)
        for block in self._engine.asked(self._connection, wanted, BLOCK):
            yield [self._receiving.judged(row) for row in block]

    def counted(self) -> tuple[Counts, int]:
        """What became of the rows, and how many customers have nothing to do with it.

        Raises `CrisisError` where two rows have the same number.
        """
        wanted = self._query.counts(self._judged)
        (told,) = chain.from_iterable(self._engine.asked(self._connection, wanted, 1))
        if self._line and told["lines"] != told["rows"]:
            raise CrisisError(
                f"{quoted(self._line, 40)} does not number the rows: some have the same number",
                hint="name a column in which every row has another one, or none",
            )
        return Counts(**{name: int(told[name] or 0) for name in COUNTS}), int(told["others"] or 0)

    def close(self) -> None:
        """Ask nothing more."""
        self._connection.disconnect()

    def sql(self) -> str:
        """The query behind `blocks`, in the words of this warehouse."""
        return self._engine.sql(self._query.wanted(self._judged))


class _Query:
    """The steps from the rows of a table to what comes back."""

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        facts: Facts,
        understood: Layout,
        bounds: Bounds,
        zone: tzinfo,
        line: str,
    ) -> None:
        self._policy, self._line, self._engine = policy, line, engine
        self._reading = Reading(engine, policy, understood, bounds, zone)
        self._judging = Judging(engine, policy, facts)
        self._ways, self._limits = joined(policy, understood), limits(policy)

    def judged(self, rows: Rows) -> Rows:
        """Every customer, with what they get."""
        told = self._reading.rows(rows, self._line)
        merged = customers(self._engine, told, self._ways, self._limits)
        return self._judging.outcomes(merged)

    def wanted(self, judged: Rows) -> Rows:
        """Those who matter, as they come back."""
        whole = self._engine.whole
        wrong = judged["fault"].notnull()
        some = judged.filter((judged["kept"] > whole(0)) & (wrong | judged["affected"]))
        shown = {
            "line": some["line"], "wrong_line": some["wrong"], "customer": some["key"],
            **{name: some[f"w_{name}"] for name in Who._fields if name != "customer"},
            "tier": some["tier"], "value": some["value"], "excluded": some["excluded"],
            **{owed_column(each.id): some[owed_column(each.id)] for each in self._policy.owed},
            "fault": some["fault"], "cell": some["cell"],
            **{f"n{place}": some[f"n{place}"] for place in range(ORDERS + 1)},
            "kept": some["kept"], "rows": some["rows"],
            **{f"l{place}": some[f"l{place}"] for place in range(SHOWN)},
        }  # fmt: skip
        order = ["wrong_line", "customer"] if self._line else ["customer", "wrong_line"]
        return some.select(**shown).order_by(order)

    def counts(self, judged: Rows) -> Rows:
        """One row with what became of all rows."""
        nothing = judged["fault"].isnull() & ~judged["affected"]
        others = self._engine.one(nothing & (judged["kept"] > self._engine.whole(0))).sum()
        found = {name: judged[name].sum() for name in COUNTS}
        return judged.aggregate(**found, others=others, lines=judged["lines"].sum())


class _Receiving:
    """Turns what comes back into what a local run has."""

    def __init__(self, policy: Policy, facts: Facts, *, numbered: bool) -> None:
        self._policy, self._numbered = policy, numbered
        self._faults = Faults(policy, facts, numbered=numbered)
        self._faces = Faces(policy, percents(policy, facts))
        self._tiers = {tier.id: place for place, tier in enumerate(policy.tiers)}
        self._excluded = {each.id: place for place, each in enumerate(policy.exclude)}
        self._owed = [owed_column(each.id) for each in policy.owed]
        self._came = 0

    def begin(self) -> None:
        """From the first one again."""
        self._came = 0

    def judged(self, row: Mapping[str, Any]) -> Judged:
        """One customer."""
        self._came += 1
        if row["fault"] is not None:
            line = row["wrong_line"] if self._numbered else self._came
            cell, currency = row["cell"] or "", row["currency"] or ""
            reason = self._faults.reason(row["fault"], cell, currency)
            if row["rows"] > 1 and of_rows(row["fault"]):
                lines = [row[f"l{place}"] for place in range(SHOWN)] if self._numbered else []
                told = [each for each in lines if each is not None]
                reason = together(row["customer"], told, row["kept"], reason)
            return Unreadable(line, reason)
        who = Who(
            row["customer"], row["email"], row["name"], language(row["locale"]),
            row["country"].upper(), row["segment"], row["currency"], row["order"],
        )  # fmt: skip
        line = row["line"] if self._numbered else self._came
        orders = [row[f"n{place}"] for place in range(ORDERS + 1)]
        shown = together_orders([each for each in orders if each]) if row["kept"] > 1 else who.order
        return Customer(line, who, (), shown), self._outcome(row)

    def _outcome(self, row: Mapping[str, Any]) -> Outcome:
        currency = row["currency"]
        tier = self._tiers.get(row["tier"], NOBODY)
        excluded = self._excluded.get(row["excluded"], NOBODY)
        owed = tuple(_sum(row[name], currency) for name in self._owed)
        nothing = self._nothing(tier, currency) if excluded < 0 else NONE
        value = _sum(row["value"], currency) or nothing
        return Outcome(tier, value, excluded, owed if any(owed) else ())

    def _nothing(self, tier: int, currency: str) -> Decimal:
        """Nought, with as many digits behind the point as a local run gives it."""
        if tier < 0 or kind(self._policy.tiers[tier].offer) == "refund":
            return NONE
        return self._faces[tier, currency]


def plan(
    warehouse: Any,
    table: str,
    policy: Policy,
    facts: Facts,
    *,
    said: Mapping[str, str] | None = None,
    bounds: Bounds | None = None,
    time_zone: tzinfo = UTC,
    line: str = "",
) -> Plan:
    """A policy over a table; `warehouse` is an address such as postgres://HOST/DATABASE.

    `line` is a column that gives every row a number of its own: with it "the first row" is the
    one with the smallest number, as in a file. Raises `CrisisError`.
    """
    connection = connected(warehouse) if isinstance(warehouse, str) else warehouse
    try:
        return Plan(
            connection, table, policy, facts, said=said or {}, bounds=bounds or Bounds(),
            time_zone=time_zone, line=line,
        )  # fmt: skip
    except CrisisError:
        if isinstance(warehouse, str):
            connection.disconnect()
        raise


def sql(
    policy: Policy,
    facts: Facts,
    columns: Mapping[str, str],
    dialect: str,
    *,
    table: str = "orders",
    said: Mapping[str, str] | None = None,
    bounds: Bounds | None = None,
    time_zone: tzinfo = UTC,
    line: str = "",
) -> str:
    """The query of a plan in the SQL of `dialect`, for those who run it themselves.

    `columns` says the type of each column: string, int64, float64, decimal(12,2), timestamp…
    """
    engine = Engine(dialect)
    rows = engine.described(table, columns)
    understood = _understood(tuple(columns), policy, said or {}, table, line)
    query = _Query(engine, policy, facts, understood, bounds or Bounds(), time_zone, line)
    return engine.sql(query.wanted(query.judged(rows)))


def _understood(
    columns: Sequence[str], policy: Policy, said: Mapping[str, str], table: str, line: str
) -> Layout:
    if line and line not in columns:
        meant = did_you_mean(line, columns)
        hint = f"did you mean {quoted(meant, 40)}?" if meant else f"there is {listed(columns[:12])}"
        raise CrisisError(f"{quoted(table)} has no column {quoted(line, 40)}", hint=hint)
    try:
        return layout(columns, policy, said)
    except CrisisError as error:
        raise CrisisError(f"{quoted(table)}: {error.message}", hint=error.hint) from error


def _sum(value: Decimal, currency: str) -> Decimal:
    return rounded(value, currency) if value else NONE
