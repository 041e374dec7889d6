"""Compare links, e-mail addresses and phone numbers: those that differ by a slip of the finger."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from crisisctl.messages.agreement.findings import Group, contradiction
from crisisctl.messages.agreement.said import Difference, Kind, Place, Said, place
from crisisctl.messages.agreement.stated import Stated

_KINDS: tuple[Kind, ...] = ("link", "email", "phone")
_SLIPS = 2
"""Letters or digits in which a mistyped address differs."""
_SHORTEST = 6
_MOST = 60
"""Different addresses of one pack that are compared; nobody writes more."""
_LONGEST = 200
_LANGUAGE = re.compile(r"(?<![a-z0-9])(?:en|fr|es|tr|ru)(?:-[a-z]{2})?(?![a-z0-9])")


def differences(pack: Sequence[tuple[Said, Stated]]) -> Iterator[Difference]:
    """Addresses that differ in a letter or two, where no text has both."""
    for kind in _KINDS:
        places: dict[str, set[Place]] = {}
        for said, told in pack:
            for one in told.addresses:
                if one.kind == kind:
                    where = place(said, one.start, one.end)
                    places.setdefault(one.value, set()).add(where)
        for first, second in combinations([*places][:_MOST], 2):
            if _is_slip(first, second) and not _together(places[first], places[second]):
                groups = [_group(value, places[value]) for value in (first, second)]
                yield contradiction(kind, groups)


def _group(value: str, places: set[Place]) -> Group:
    ordered = tuple(sorted(places))
    return Group(ordered[0].words if len(value) < _LONGEST else value[:_LONGEST], ordered)


def _together(ours: set[Place], theirs: set[Place]) -> bool:
    cells = [{(one.channel, one.locale) for one in those} for those in (ours, theirs)]
    return bool(cells[0] & cells[1])


def _is_slip(one: str, other: str) -> bool:
    """Whether two addresses are alike, and not only in that each has its language."""
    if min(len(one), len(other)) < _SHORTEST or max(len(one), len(other)) > _LONGEST:
        return False
    first, second = _LANGUAGE.sub("", one), _LANGUAGE.sub("", other)
    return first != second and _edits(first, second) <= _SLIPS


def _edits(one: str, other: str) -> int:
    """How many letters must change; counted no further than needed."""
    if abs(len(one) - len(other)) > _SLIPS:
        return _SLIPS + 1
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row = row, [number]
        for at, there in enumerate(other, 1):
            step = before[at - 1] + (letter != there)
            row.append(min(step, before[at] + 1, row[-1] + 1))
        if min(row) > _SLIPS:
            return _SLIPS + 1
    return row[-1]
