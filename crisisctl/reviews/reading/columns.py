"""Which column of a file holds what: by the export, by its name and by what stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.reviews.reading.exports import Kind, recognised
from crisisctl.reviews.reading.headers import FIELDS, NAMES
from crisisctl.reviews.reading.stars import Stars, scale
from crisisctl.tables.dates import Dates
from crisisctl.tables.names import fold
from crisisctl.text import did_you_mean, listed, quoted

_SEVERAL = frozenset(("rating", "date", "key", "product", "author", "replied", "invited"))
"""Fields whose second column stands in where the first is empty."""
_SHOWN = 12
"""Columns that a message names."""


class Columns(Struct, frozen=True):
    """Where in a row stands what; the places of a field in the order in which they count."""

    header: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]
    kind: Kind | None
    twice: tuple[str, ...] = ()
    """Names that two columns have, of which the first counts."""

    def first(self, field: str) -> int:
        """The column of a field; -1 where there is none."""
        found = self.places.get(field)
        return found[0] if found else -1

    @property
    def used(self) -> list[int]:
        """All columns that hold something of a review."""
        return sorted({at for places in self.places.values() for at in places})

    @property
    def named(self) -> dict[str, str]:
        """For each field the name of its column."""
        return {
            field: self.header[self.places[field][0]] for field in FIELDS if field in self.places
        }


def columns_of(
    header: Sequence[str], rows: Sequence[Sequence[str]], said: Mapping[str, str]
) -> Columns:
    """Understand a header with the help of some rows. `said` is what the operator says of it.

    Raises `CrisisError` where that is wrong, or where these are no reviews.
    """
    chosen = {field: _said(field, cell, header) for field, cell in said.items()}
    folded = [fold(cell) for cell in header]
    kind = recognised(header)
    places: dict[str, tuple[int, ...]] = {field: (at,) for field, at in chosen.items()}
    used = set(chosen.values())
    for field, names in NAMES.items():
        if field in chosen:
            continue
        own = kind.columns.get(field, ()) if kind else ()
        found = [at for name in own for at in _at(name, folded)]  # a link may be the key as well
        if not found and not (kind and field in kind.without):
            found = [at for name in names for at in _at(name, folded) if at not in used]
            found = [*_sensible(field, found, rows)]
        if found:
            places[field] = tuple(found) if field in _SEVERAL else (found[0],)
            used.update(places[field] if field in ("rating", "date") else found[:1])
    if "date" not in places and "reply" not in places and "replied" not in said:
        places.update({"date": places.pop("replied")} if "replied" in places else {})
    if "rating" not in places and "text" not in places:
        raise _no_reviews(header)
    taken = {folded[at] for at in used if folded[at]}
    twice = [header[folded.index(name)] for name in sorted(taken) if folded.count(name) > 1]
    return Columns(tuple(header), places, kind, tuple(twice))


def _at(name: str, folded: Sequence[str]) -> Iterator[int]:
    for at, each in enumerate(folded):
        if each == name:
            yield at
            return


def _sensible(field: str, found: Sequence[int], rows: Sequence[Sequence[str]]) -> Iterator[int]:
    """Of the columns that may be meant, those whose cells look like it."""
    for at in found:
        cells = [cell for row in rows[:500] if at < len(row) and (cell := row[at].strip())]
        if field == "key":  # an "id" may be that of the product
            different = {tuple(row) for row in rows[:500] if at < len(row) and row[at].strip()}
            fits = 2 * len(set(cells)) >= len(different)
        elif field == "rating":
            fits = not cells or 2 * sum(map(Stars(scale(cells, "")).makes_sense, cells)) >= len(
                cells
            )
        elif field == "date":
            dates = Dates(UTC)
            fits = not cells or sum(map(dates.makes_sense, cells)) > 0
        elif field == "text":
            numbers = sum(map(Stars(100).makes_sense, cells))
            fits = len(found) == 1 or not cells or numbers < 0.9 * len(cells)
        else:
            fits = True
        if fits:
            yield at


def _said(field: str, cell: str, header: Sequence[str]) -> int:
    """The column that the operator means."""
    if field not in FIELDS:
        meant = did_you_mean(field, FIELDS)
        hint = f"did you mean {meant}?" if meant else f"the fields are {listed(FIELDS)}"
        raise CrisisError(f"{quoted(field, 30)} is no field of a review", hint=hint)
    wanted = fold(cell)
    exact = [at for at, each in enumerate(header) if each == cell]
    found = exact or [at for at, each in enumerate(header) if wanted and fold(each) == wanted]
    if found:
        return found[0]
    meant = did_you_mean(cell, header)
    hint = f"did you mean {quoted(meant, 40)}?" if meant else f"the columns are {_names(header)}"
    raise CrisisError(f"there is no column {quoted(cell, 40)} for {field}", hint=hint)


def _no_reviews(header: Sequence[str]) -> CrisisError:
    named = _names(header)
    return CrisisError(
        f"no column holds a rating or a text; the columns are {named}",
        hint="say which ones do: --map rating=COLUMN --map text=COLUMN",
    )


def _names(header: Sequence[str]) -> str:
    shown = [quoted(cell, 30) for cell in header[:_SHOWN]]
    more = len(header) - len(shown)
    return listed([*shown, f"{more} more"] if more > 0 else shown)
