"""The one door to Ibis, which writes expressions as SQL of any kind: the extra `[warehouse]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

from crisisctl.errors import CrisisError
from crisisctl.text import quoted, safe

Value = Any
"""A column or constant of Ibis, which has no types of its own that could be checked."""
Rows = Any
"""A table of Ibis."""

DIGITS, PLACES = 13, 9
"""What a number can have before and after its point."""
_SPARK = {"spark": "databricks", "pyspark": "databricks"}
"""Dialects that are written as another one: Ibis cannot write Spark's own without Spark."""
_CLIENTS = ("duckdb", "psycopg", "snowflake.connector", "databricks.sql")
"""What talks to a warehouse; each of them has its own `Error`."""
_SHOWN = 300


class Engine:
    """Makes expressions in the dialect of one warehouse."""

    def __init__(self, dialect: str) -> None:
        """Raises `CrisisError` where the extra is not installed, or nobody knows the dialect."""
        self._ibis = _library()
        self.dialect = _SPARK.get(dialect, dialect)
        if not hasattr(self._ibis.backends.sql.compilers, self.dialect):
            hint = "such as bigquery, databricks, duckdb, postgres, snowflake or spark"
            raise CrisisError(f"{quoted(dialect, 30)} is no SQL that we can write", hint=hint)
        wide = self.dialect == "bigquery"  # it has one size of numbers
        self.number = f"decimal({38 if wide else DIGITS + PLACES}, {PLACES})"

    def literal(self, value: object) -> Value:
        """A constant."""
        match value:
            case bool():
                return self._ibis.literal(value, "boolean")
            case int() | float() | Decimal() if _held(value) % 1:
                return self._ibis.literal(_held(value), self.number)
            case int() | float() | Decimal():
                return self.whole(int(value))  # it fits beside every kind of number
        return self._ibis.literal(value)

    def whole(self, value: int) -> Value:
        """A whole number that is no amount."""
        return self._ibis.literal(value, "int64")

    def stamp(self, value: datetime) -> Value:
        """A moment, or the time on a clock where it has no zone."""
        return self._ibis.literal(value, "timestamp('UTC')" if value.tzinfo else "timestamp")

    def amount(self, value: Value) -> Value:
        """A number as the policy reckons with it: with a fixed point."""
        return value.cast(self.number)

    def nought(self, like: Value) -> Value:
        """Nought, of the kind of another value."""
        return self._ibis.literal(0, like.type())

    def cases(self, pairs: Sequence[tuple[Value, object]], otherwise: object) -> Value:
        """The value of the first condition that holds."""
        last = otherwise if _is_value(otherwise) else self._constant(otherwise)
        made = [
            (when, value if _is_value(value) else self._constant(value)) for when, value in pairs
        ]
        return self._ibis.cases(*made, else_=last) if made else last

    def _constant(self, value: object) -> Value:
        return self._ibis.null("string") if value is None else self.literal(value)

    def one(self, condition: Value) -> Value:
        """A condition that can be added up: 1 where it holds."""
        return self.cases([(condition, self.whole(1))], self.whole(0))

    def every(self, conditions: Sequence[Value]) -> Value:
        """Whether all of them hold."""
        found = self.literal(True)
        for place, each in enumerate(conditions):
            found = found & each if place else each
        return found

    def some(self, conditions: Sequence[Value]) -> Value:
        """Whether one of them holds."""
        found = self.literal(False)
        for place, each in enumerate(conditions):
            found = found | each if place else each
        return found

    def within(self, columns: Sequence[str]) -> Any:
        """All rows that have the same in these columns."""
        return self._ibis.window(group_by=list(columns))

    def numbered(self, columns: Sequence[str], order: Sequence[str]) -> Value:
        """The place of a row among those that have the same in these columns."""
        window = self._ibis.window(group_by=list(columns), order_by=list(order))
        return self._ibis.row_number().over(window)

    def smaller(self, one: Value, other: Value) -> Value:
        """The smaller one of two."""
        return self._ibis.least(one, other)

    def table(self, connection: Any, name: str) -> Rows:
        """A table of a warehouse, by its name or as schema.name. Raises `CrisisError`."""
        *place, table = name.split(".")
        where = tuple(place) if len(place) > 1 else "".join(place) or None
        try:
            with self.asking():
                return connection.table(table, database=where)
        except self._ibis.common.exceptions.TableNotFound as error:
            hint = "write it as the warehouse does, or as SCHEMA.TABLE"
            raise CrisisError(f"there is no table {quoted(name)}", hint=hint) from error

    def described(self, name: str, columns: Mapping[str, str]) -> Rows:
        """A table that is only known by its columns and their types."""
        types = {column: self._type(kind) for column, kind in columns.items()}
        *place, table = name.split(".")
        schema = place[-1] if place else None
        catalog = place[-2] if len(place) > 1 else None
        return self._ibis.table(types, name=table, database=schema, catalog=catalog)

    def _type(self, name: str) -> Any:
        try:
            return self._ibis.dtype(name)
        except (RuntimeError, TypeError, ValueError) as error:
            raise CrisisError(
                f"{quoted(name, 40)} is no type of a column",
                hint="such as string, int64, float64, decimal(12,2), boolean, date or timestamp",
            ) from error

    def sql(self, rows: Rows) -> str:
        """The text of a query."""
        return str(self._ibis.to_sql(rows, dialect=self.dialect, pretty=True))

    def asked(self, connection: Any, rows: Rows, most: int) -> Iterator[list[dict[str, Any]]]:
        """What a query gives, so many rows at a time; they are never held together.

        Raises `CrisisError`.
        """
        with self.asking():
            if self.dialect == "duckdb":  # it streams by itself, with no library in between
                names = rows.columns
                cursor = connection.raw_sql(self.sql(rows))
                while block := cursor.fetchmany(most):
                    yield [dict(zip(names, row, strict=True)) for row in block]
            else:
                for batch in connection.to_pyarrow_batches(rows, chunk_size=most):
                    yield batch.to_pylist()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Tell what a warehouse says no to, in one line."""
        try:
            yield
        except self._faults() as error:
            what = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise CrisisError(
                f"the warehouse says: {safe(what)[:_SHOWN]}",
                hint="see that it can be reached, and that the table may be read",
                code=1,
            ) from error

    def _faults(self) -> tuple[type[Exception], ...]:
        """What a warehouse raises: the errors of Ibis, and of those clients that are loaded."""
        found: list[type[Exception]] = [self._ibis.common.exceptions.IbisError]
        loaded = (sys.modules.get(name) for name in _CLIENTS)
        return (*found, *(client.Error for client in loaded if client is not None))


def connected(url: str) -> Any:
    """A connection to a warehouse. Raises `CrisisError` where there is none.

    What is wrong is told without the address, which may hold a password.
    """
    engine = Engine("duckdb")
    kind = url.partition("://")[0]
    try:
        with engine.asking():
            if kind != "duckdb":
                return engine._ibis.connect(url)
            connection = engine._ibis.connect(url, read_only=True)
            connection.raw_sql("SET enable_progress_bar = false")
            return connection
    except (ImportError, AttributeError, ValueError, TypeError, OSError) as error:
        raise CrisisError(
            f"there is no way to a warehouse of the kind {quoted(kind, 30)}",
            hint="give an address such as duckdb://shop.duckdb or postgres://HOST/DATABASE",
        ) from error


def _held(value: float | Decimal) -> Decimal:
    number = Decimal(str(value))
    finest = -int(number.normalize().as_tuple().exponent)
    if abs(number) >= 10**DIGITS or finest > PLACES:
        what = f"{DIGITS} digits before the point and {PLACES} behind it at most"
        raise CrisisError(f"{number} cannot be asked of a warehouse: {what}")
    return number


def _is_value(value: object) -> bool:
    return hasattr(value, "op")


def _library() -> Any:
    try:
        import ibis
        import ibis.backends.sql.compilers
    except ImportError as error:
        raise CrisisError(
            "a warehouse needs Ibis, which is not installed",
            hint="install it: pip install 'crisisctl[warehouse]'",
        ) from error
    return ibis
