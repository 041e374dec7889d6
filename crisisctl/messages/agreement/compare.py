"""Compare the texts of one pack: where channels or languages say different things."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from msgspec import structs

from crisisctl.messages.agreement import addressed, topical
from crisisctl.messages.agreement.findings import (
    Group,
    contradiction,
    in_order,
    left_out,
    twice,
    wrong_weekday,
)
from crisisctl.messages.agreement.moments import misdated, shown
from crisisctl.messages.agreement.said import Difference, Kind, Said, place
from crisisctl.messages.agreement.stated import Stated, stated
from crisisctl.messages.agreement.statements import (
    TIMED,
    Statement,
    conflict,
    same,
    statements,
    unmatched,
)
from crisisctl.messages.agreement.tokens import Time
from crisisctl.workspace import Workspace

_PROMISED: tuple[Kind, ...] = ("eta", "next-update")
"""What no language of a channel may lack when the others have it."""
_LOOSE: tuple[Kind, ...] = ("time", "duration", "number")
"""Kinds of which the languages of one channel are compared even where nothing tells their use."""


@dataclass(frozen=True)
class Read:
    """A text of the pack, read."""

    said: Said
    stated: Stated
    statements: tuple[Statement, ...]


def differences(texts: Sequence[Said], workspace: Workspace) -> list[Difference]:
    """Where the texts of one pack contradict each other, what matters most first.

    To say less is no contradiction, except for the next update and the expected
    end in one language of a channel when the others have them. Times are
    compared in UTC where both give a zone. Texts in languages without a word
    list are left out. Raises `CrisisError` for a word list that cannot be used.
    """
    pack = _widened([read(said, workspace) for said in texts])
    return in_order(_found(pack))


def read(said: Said, workspace: Workspace) -> Read:
    """A text with what it states."""
    told = stated(said, workspace)
    return Read(said, told, tuple(statements(told)))


def _widened(pack: Sequence[Read]) -> list[Read]:
    """The pack where "21:00" and "20:00 UTC" are one, as soon as a text says that they are."""
    twofold = {
        s.value for one in pack for s in one.statements if s.kind in TIMED and _is_twofold(s)
    }
    if not twofold:
        return list(pack)
    return [
        replace(one, statements=tuple(_wide(s, twofold) for s in one.statements)) for one in pack
    ]


def _is_twofold(statement: Statement) -> bool:
    return isinstance(statement.value, tuple) and len(statement.value) > 1


def _wide(statement: Statement, twofold: set[Hashable]) -> Statement:
    if statement.kind not in TIMED or not isinstance(statement.value, tuple):
        return statement
    more = [value for value in twofold if same(value, statement.value)]
    every = {
        *statement.value,
        *(one for value in more if isinstance(value, tuple) for one in value),
    }
    return structs.replace(statement, value=tuple(sorted(every, key=repr)))


def _found(pack: Sequence[Read]) -> Iterator[Difference]:
    yield from _contradictions(pack)
    yield from _loose(pack)
    yield from _lacking(pack)
    for one in pack:
        yield from _in_itself(one)
    told = [(one.said, one.stated) for one in pack]
    yield from topical.differences(told)
    yield from addressed.differences(told)


def _contradictions(pack: Sequence[Read]) -> Iterator[Difference]:
    """The same thing said differently, whatever the channel or language."""
    told = [(one, statement) for one in pack for statement in one.statements if statement.key]
    for kind, key in dict.fromkeys((s.kind, s.key) for _, s in told):
        rows = [(one, s) for one, s in told if (s.kind, s.key) == (kind, key)]
        groups = _groups(rows)
        if len(groups) > 1:
            yield contradiction(kind, groups)


def _groups(rows: Sequence[tuple[Read, Statement]]) -> list[Group]:
    """The values that contradict each other, each with its places."""
    values: dict[Said, dict[Hashable, None]] = {}
    for one, statement in rows:
        values.setdefault(one.said, {})[statement.value] = None
    odd: set[Hashable] = set()
    for first, second in combinations({tuple(row) for row in values.values()}, 2):
        if conflict(first, second):
            odd |= {*unmatched(first, second), *unmatched(second, first)}
    return _by_value([(one, s) for one, s in rows if s.value in odd])


def _by_value(rows: Sequence[tuple[Read, Statement]]) -> list[Group]:
    """The places of each value; what two texts write differently and mean alike is one value."""
    gathered: list[tuple[Statement, list[tuple[Read, Statement]]]] = []
    for one, statement in rows:
        for known, those in gathered:
            if not unmatched([statement.value], [known.value]):
                those.append((one, statement))
                break
        else:
            gathered.append((statement, [(one, statement)]))
    return [
        Group(known.shown, tuple(sorted({place(o.said, s.start, s.end) for o, s in those})))
        for known, those in gathered
    ]


def _loose(pack: Sequence[Read]) -> Iterator[Difference]:
    """What the languages of one channel give differently, though nothing tells what it is for."""
    for channel in dict.fromkeys(one.said.channel for one in pack):
        those = [one for one in pack if one.said.channel == channel]
        for first, second in combinations(those, 2):
            for kind in _LOOSE:
                yield from _loose_between(first, second, kind)


def _loose_between(first: Read, second: Read, kind: Kind) -> Iterator[Difference]:
    if first.said.locale == second.said.locale:
        return
    ours, theirs = _odd(first, second, kind), _odd(second, first, kind)
    if ours and len(ours) == len(theirs):
        rows = [*((first, one) for one in ours), *((second, one) for one in theirs)]
        if any(not statement.key for _, statement in rows):
            yield contradiction(kind, _by_value(rows))


def _odd(one: Read, other: Read, kind: Kind) -> list[Statement]:
    """What of this kind a text says and the other does not, each value once."""
    kinds = {kind, *TIMED} if kind == "time" else {kind}
    theirs = [s.value for s in other.statements if s.kind in kinds]
    compared = {(s.kind, s.key) for s in other.statements if s.key}
    loose = [s for s in one.statements if s.kind in kinds and (s.kind, s.key) not in compared]
    ours = {s.value: s for s in reversed(loose)}
    odd = {*unmatched(ours, theirs)}
    return [statement for value, statement in reversed(ours.items()) if value in odd]


def _lacking(pack: Sequence[Read]) -> Iterator[Difference]:
    for channel in dict.fromkeys(one.said.channel for one in pack):
        those = [one for one in pack if one.said.channel == channel and one.stated.is_read]
        for kind in _PROMISED:
            having = [one for one in those if _gives(one, kind)]
            given = [s for one in having for s in one.statements if s.kind == kind]
            lacking = [one for one in those if one not in having and not _mentions(one, given)]
            if given and lacking and (len(lacking) < len(having) or len(lacking) == 1):
                rows = [(one, s) for one in having for s in one.statements if s.kind == kind]
                yield left_out(kind, [one.said for one in lacking], _by_value(rows)[0])


def _gives(one: Read, kind: Kind) -> bool:
    length = kind.replace("-", "_")
    return any(s.kind == kind or (s.kind == "duration" and s.key == length) for s in one.statements)


def _mentions(one: Read, given: Sequence[Statement]) -> bool:
    """Whether a text has the time, though not the words that tell what it is for."""
    times = [s.value for s in one.statements if s.kind == "time" or s.kind in TIMED]
    return len(unmatched([s.value for s in given], times)) < len(given)


def _is_hour(statement: Statement) -> bool:
    moments = statement.value if isinstance(statement.value, tuple) else ()
    return all(moment.minute is not None for moment in moments)


def _in_itself(one: Read) -> Iterator[Difference]:
    for kind in _PROMISED:
        told = [s for s in one.statements if s.kind == kind and _is_hour(s) and not s.ranged]
        odd = [s for s in told if unmatched([s.value], [told[0].value])]
        if odd and not one.stated.admits:
            both = [told[0], odd[0]]
            places = [place(one.said, s.start, s.end) for s in both]
            yield twice(kind, places, [s.shown for s in both])
    for row in one.stated.times:
        if isinstance(row.token, Time) and any(map(misdated, row.token.values)):
            where = place(one.said, row.token.start, row.token.end)
            yield wrong_weekday(where, shown(row.token.values[0]))
