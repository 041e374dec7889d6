"""Finding the law's clocks: the files in `playbooks/regulations/`, read and checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from crisisctl.playbook.document import Document, Problem
from crisisctl.playbook.document import Path as Place
from crisisctl.playbook.regulation import COUNTRY, LENGTHS, Clock, Regulation, Within
from crisisctl.text import did_you_mean, listed, quoted
from crisisctl.workspace import Workspace, stays_inside

FOLDER = "regulations"


def load_regulations(workspace: Workspace) -> tuple[Regulation, ...]:
    """Every regulation, by name; a workspace's own file goes before the shipped one."""
    found: dict[str, Path] = {}
    for folder in reversed(workspace.folders("playbooks")):
        for path in sorted((folder / FOLDER).glob("*.yaml")):
            if stays_inside(path, folder):
                found[path.stem] = path
    return tuple(_read(path, path.stat().st_mtime_ns) for _, path in sorted(found.items()))


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int) -> Regulation:
    from crisisctl.playbook.load import BadFile
    from crisisctl.playbook.reader import read_file

    found, problems = examine(read_file(path), path.name)
    if found is None or problems:
        raise BadFile(str(path), problems)
    return found


def examine(document: Document, file: str) -> tuple[Regulation | None, tuple[Problem, ...]]:
    """Validate a read document: its shape first, then whether its clocks can be counted."""
    from crisisctl.playbook.load import in_order, validated

    if document.value is None or document.problems:
        return None, document.problems
    found, problems = validated(Regulation, document.value, document)
    if found is not None:
        problems = in_order(_Check(found, document).problems(file))
    return found, problems


_ID = re.compile(r"[a-z][a-z0-9-]{0,59}")
_FEW = 12
"""As many names as a hint can list and still be read."""


class _Check:
    """Everything for which a file is refused: what it would count could not be trusted."""

    def __init__(self, regulation: Regulation, document: Document) -> None:
        self.regulation = regulation
        self.document = document

    def problem(
        self, path: Place, rule: str, text: str, hint: str = "", *, key: bool = False
    ) -> Problem:
        mark = self.document.mark(path, key=key)
        return Problem(
            line=mark.line, column=mark.column, text=text, hint=hint, rule=rule, path=path
        )

    def problems(self, file: str) -> Iterator[Problem]:
        yield from self.name(file)
        as_of = self.regulation.as_of
        if not _is_date(as_of):
            what = f"{quoted(as_of)} is not a date"
            yield self.problem(("as_of",), "bad-date", what, "write it as 2026-11-21")
        for number, country in enumerate(self.regulation.countries):
            if not COUNTRY.fullmatch(country):
                what = f"{quoted(country)} is not the code of a country"
                hint = "as in ISO 3166: FR, or US-CA for a part of one"
                yield self.problem(("countries", number), "bad-country", what, hint)
        for name, clock in self.regulation.clocks.items():
            yield from self.bad_id(("clocks", name), name, key=True)
            yield from self.length(name, clock.within)
            yield from self.start(name, clock)
        for circle in _circles(self.regulation.clocks):
            first, *others = circle
            way = f" by way of {listed(others)}" if others else ""
            what = f"the clock {quoted(first)} waits for its own notice{way}"
            hint = "one of them must begin by itself"
            yield self.problem(("clocks", first, "after"), "clock-loop", what, hint)

    def name(self, file: str) -> Iterator[Problem]:
        name = self.regulation.regulation
        yield from self.bad_id(("regulation",), name, key=False)
        if f"{name}.yaml" != file:
            what = f"the regulation is called {quoted(name)}, and its file {quoted(file)}"
            hint = f"rename the file to {name}.yaml, or change its `regulation:`"
            yield self.problem(("regulation",), "name-mismatch", what, hint)

    def bad_id(self, path: Place, name: str, *, key: bool) -> Iterator[Problem]:
        if not _ID.fullmatch(name):
            hint = 'small letters, digits and "-", beginning with a letter'
            what = f"{quoted(name)} is not a usable name"
            yield self.problem(path, "bad-id", what, hint, key=key)

    def length(self, name: str, within: Within) -> Iterator[Problem]:
        at: Place = ("clocks", name, "within")
        given = [length for length in LENGTHS if getattr(within, length) is not None]
        for length in given:
            least, most = LENGTHS[length]
            if not least <= getattr(within, length) <= most:
                what = f"{getattr(within, length)} {length} cannot be"
                yield self.problem((*at, length), "clock-length", what, f"write {least} to {most}")
        if len(given) > 1:
            what = f"the clock {quoted(name)} runs for {listed(given)}: which of them?"
            yield self.problem(at, "clock-length", what, "keep one of them", key=True)
        elif within.business_days is not None and not within.holidays:
            what = f"the clock {quoted(name)} counts working days, and nothing says where"
            hint = "add `holidays:` with the country, such as US, or a part of it, such as US-CA"
            yield self.problem((*at, "business_days"), "clock-length", what, hint)
        elif within.business_days is None and within.holidays:
            what = f"`holidays` changes nothing for the clock {quoted(name)}"
            hint = "only `business_days` leave them out: write those, or remove `holidays`"
            yield self.problem((*at, "holidays"), "clock-length", what, hint, key=True)

    def start(self, name: str, clock: Clock) -> Iterator[Problem]:
        clocks, at = self.regulation.clocks, ("clocks", name, "after")
        if not clock.after:
            return
        if clock.after not in clocks:
            guess = did_you_mean(clock.after, clocks)
            few = f"there is {listed(list(clocks))}" if len(clocks) <= _FEW else ""
            hint = f'did you mean "{guess}"?' if guess else few
            what = f"there is no clock {quoted(clock.after)}"
            yield self.problem(at, "unknown-clock", what, hint)
        if ("clocks", name, "starts") in self.document.keys:
            what = f"the clock {quoted(name)} starts twice: by `starts`, and after another notice"
            hint = "remove `starts`, or `after`"
            yield self.problem(("clocks", name, "starts"), "two-starts", what, hint, key=True)


def _circles(clocks: Mapping[str, Clock]) -> Iterator[list[str]]:
    """Clocks that wait for each other's notices, each circle once."""
    seen: set[str] = set()
    for name in clocks:
        way: list[str] = []
        here = name
        while here and here in clocks and here not in seen:
            seen.add(here)
            way.append(here)
            here = clocks[here].after
        if here in way:
            yield way[way.index(here) :]


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
