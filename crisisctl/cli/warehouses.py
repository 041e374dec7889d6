"""A warehouse as the place where a plan is reckoned: its address, its table, its SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from crisisctl.cli import reckoning
from crisisctl.cli.desk import desk
from crisisctl.cli.mapping import pairs
from crisisctl.cli.printing import print_json
from crisisctl.cli.walk import Walk
from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.secret import Sealed, fill, masked, names_in
from crisisctl.messages.proof.secrets import secrets
from crisisctl.report.data import View
from crisisctl.text import quoted

if TYPE_CHECKING:
    from datetime import tzinfo

    from crisisctl.compensation.deciding import Facts
    from crisisctl.compensation.reading import Bounds
    from crisisctl.compensation.warehouse import Asked
    from crisisctl.playbook.policy import Policy

_SUCH = "such as duckdb:///data/shop.db or 'postgres://crisis:${SHOP_PASSWORD}@HOST/DATABASE'"
_WHOLE = re.compile(r"\$\{[^{}]*\}")
_ADDRESS = re.compile(r"[a-z][a-z0-9]*://.+", re.DOTALL)
_FILES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Place:
    """A table of a warehouse."""

    url: Sealed
    table: str
    line: str = ""
    """The column that numbers its rows."""

    def asked(
        self, policy: Policy, facts: Facts, said: Mapping[str, str], bounds: Bounds, zone: tzinfo
    ) -> Asked:
        """A policy over the table, to be asked. Raises `CrisisError`."""
        from crisisctl.compensation.warehouse import Asked
        from crisisctl.compensation.warehouse import plan as planned

        made = planned(
            self.url.reveal(), self.table, policy, facts,
            said=said, bounds=bounds, time_zone=zone, line=self.line,
        )  # fmt: skip
        return Asked(made, policy, self.table)


def place(
    file: Path | None, url: str, table: str, line: str, environment: Mapping[str, str]
) -> Place | None:
    """The table that is meant; None where a file is. Raises where it is neither, or both."""
    if file is not None and (url or table or line):
        raise CrisisError(
            "a plan is reckoned from a file or from a warehouse, not from both",
            hint="leave out the file, or --warehouse, --table and --line",
        )
    if file is not None:
        return None
    if not url and not table:
        raise CrisisError(
            "what is the plan to be reckoned from?",
            hint="crisisctl compensate plan customers.csv, or --warehouse URL --table NAME",
        )
    if not (url and table):
        lacks = "--table NAME" if url else "--warehouse URL"
        raise CrisisError(f"a warehouse is asked for one of its tables: {lacks} is missing")
    return Place(address(url, environment), table, line)


def address(url: str, environment: Mapping[str, str]) -> Sealed:
    """The address of a warehouse with its references filled in. Raises `CrisisError`.

    It may be one reference as a whole; within it, what is filled in cannot be taken for the
    address around it.
    """
    before, at, _ = url.rpartition("@")
    written = at and ":" in before.partition("://")[2] and "${" not in before
    if written or secrets(url):
        raise CrisisError(
            "--warehouse: a password is written out, where others can see it",
            hint="write '${NAME}' in its place, in single quotes, and set NAME in the environment",
        )
    if _WHOLE.fullmatch(url):
        filled = fill(url, environment, "--warehouse")
        found = urlsplit(filled.reveal())
        filled = Sealed(url, filled.reveal(), (*filled.secrets, found.password or ""))
    else:
        known = {name: environment.get(name, "") for name in names_in(url)}
        fill(url, known, "--warehouse")
        inside = {name: quote(value, safe="") for name, value in known.items()}
        filled = fill(url, inside, "--warehouse")
        filled = Sealed(url, filled.reveal(), (*filled.secrets, *known.values()))
    if not _ADDRESS.fullmatch(filled.reveal()):
        raise CrisisError("--warehouse: this is no address of a warehouse", hint=f"{_SUCH}")
    return filled


def plan(order: reckoning.Order, id: str | None, *, json: bool) -> None:
    """Reckon a plan; nothing that a warehouse says shows what was secret in its address."""
    with _sealed(order.place):
        reckoning.plan(order, id, json=json)


@contextmanager
def _sealed(place: Place | None) -> Iterator[None]:
    try:
        yield
    except CrisisError as error:
        if place is None or masked(error.message, place.url.secrets) == error.message:
            raise
        what = masked(error.message, place.url.secrets)
        raise CrisisError(what, hint=error.hint, code=error.code) from None


@dataclass(frozen=True, slots=True)
class Query:
    """A query that people run themselves."""

    dialect: str
    columns: Sequence[str]
    table: str
    line: str = ""
    pairs: Sequence[str] = ()
    changes: Sequence[str] = ()
    playbook: str = ""


def print_sql(query: Query, id: str | None, *, json: bool) -> None:
    """The query of a plan, over a table that is only described. Nothing is recorded."""
    from crisisctl.compensation.warehouse import sql

    here = desk()
    journal, incident = here.open(id)
    walk = Walk(here, journal, incident, None)
    basis = reckoning.Basis.of(walk, query.playbook, query.changes)
    text = sql(
        basis.policy, basis.facts, described(query.columns), query.dialect, table=query.table,
        said=pairs(query.pairs), bounds=basis.bounds, time_zone=walk.zone,
        line=query.line,
    )  # fmt: skip
    if json:
        data = {"dialect": query.dialect, "table": query.table, "query": text}
        print_json(here, {**View(walk.zone).head(walk.incident), **data})
    else:
        here.out.stream.write(f"{text}\n")


def described(said: Sequence[str]) -> dict[str, str]:
    """The columns of a table and their types, as NAME=TYPE or from a file of them."""
    found: dict[str, str] = {}
    for each in said:
        if each.endswith(_FILES):
            found |= _read(Path(each))
            continue
        name, equals, kind = each.partition("=")
        if not equals or not name.strip() or not kind.strip():
            raise CrisisError(
                f"--columns {quoted(each)}: write it as NAME=TYPE, or give a file.yaml",
                hint='such as "total=decimal(12,2)" or "created_at=timestamp"',
            )
        found[name.strip()] = kind.strip()
    return found


def _read(path: Path) -> dict[str, str]:
    from crisisctl.playbook.load import BadFile
    from crisisctl.playbook.reader import read_file

    document = read_file(path)
    if document.problems:
        raise BadFile(str(path), document.problems)
    if not isinstance(document.value, dict):
        raise CrisisError(f"{path} names no columns", hint="write each as NAME: TYPE")
    return {str(name): str(kind) for name, kind in document.value.items()}
