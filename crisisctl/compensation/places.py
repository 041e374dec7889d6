"""Where a column stands in a header: by its names, or as the operator says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crisisctl.errors import CrisisError
from crisisctl.tables.names import fold
from crisisctl.text import did_you_mean, listed, quoted

_SHOWN = 12
"""Columns that a message names."""


def by_name(
    name: str, called: Sequence[str], folded: Sequence[str], header: Sequence[str]
) -> int | None:
    """The column with the surest of these names. Raises where two have it."""
    for each in called:
        found = [place for place, cell in enumerate(folded) if cell == each and each]
        if len(found) > 1:
            first, second = found[0] + 1, found[1] + 1
            raise CrisisError(
                f"columns {first} and {second} are both called {quoted(header[found[0]], 30)}",
                hint=f"rename one of them, or say which one counts: --map {name}=#{first}",
            )
        if found:
            return found[0]
    return None


def as_said(
    name: str,
    cell: str,
    header: Sequence[str],
    names: Mapping[str, object],
    asks: str = "the policy asks",
) -> int:
    """The column that the operator means, by its name or as #3."""
    if name not in names:
        meant = did_you_mean(name, names)
        hint = f"did you mean {meant}?" if meant else f"there is {listed(sorted(names))}"
        raise CrisisError(f"{asks} nothing called {quoted(name, 30)}", hint=hint)
    if cell.startswith("#") and cell[1:].isdecimal():
        place = int(cell[1:]) - 1
        if 0 <= place < len(header):
            return place
        raise CrisisError(f"there is no column {cell}: the file has {len(header)}")
    exact = [place for place, each in enumerate(header) if each == cell]
    found = exact or [place for place, each in enumerate(header) if fold(each) == fold(cell)]
    if len(found) == 1 and cell.strip():
        return found[0]
    if found:
        hint = f"say which one by its place: --map {name}=#{found[0] + 1}"
        raise CrisisError(f"two columns are called {quoted(cell, 40)}", hint=hint)
    meant = did_you_mean(cell, header)
    hint = f"did you mean {quoted(meant, 40)}?" if meant else f"the columns are {shown(header)}"
    raise CrisisError(f"there is no column {quoted(cell, 40)} for {name}", hint=hint)


def shown(header: Sequence[str]) -> str:
    """The columns of a file, in a message."""
    shown = [quoted(cell, 30) for cell in header[:_SHOWN]]
    more = len(header) - len(shown)
    return listed([*shown, f"{more} more"] if more > 0 else shown)
