"""Compare a text with what was said before to the same people: what changed, and is it admitted."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import cast

from msgspec import Struct

from crisisctl.messages.agreement.compare import Read, read
from crisisctl.messages.agreement.findings import NAMES, cells, in_order
from crisisctl.messages.agreement.moments import Moment
from crisisctl.messages.agreement.said import Difference, Kind, Place, Said, place
from crisisctl.messages.agreement.statements import Statement, conflict, of_kind, unmatched
from crisisctl.messages.agreement.topical import means, shown, within
from crisisctl.messages.agreement.topics import EVERYTHING, Topic
from crisisctl.text import safe
from crisisctl.workspace import Workspace

_TIMES: tuple[Kind, ...] = ("eta", "since", "restored", "report")
"""Times that stay as they are unless something happened; the next update always moves."""
_FIGURES: tuple[Kind, ...] = ("number", "percent", "money")


def against_earlier(
    now_said: Said, earlier: Sequence[Said], workspace: Workspace
) -> list[Difference]:
    """What changed since it was last said to the same audience, what matters most first.

    Each thing is held against the last text that said it; of several sent at
    once, the one on the same channel and in the same language. A change is a
    warning until the text itself admits it; then it is a note. That a cause is
    found, or that it works again, is no change but news.
    """
    now = read(now_said, workspace)
    before = [read(said, workspace) for said in _nearest_first(now_said, earlier)]
    return in_order(_changes(now, before))


def _nearest_first(now: Said, earlier: Sequence[Said]) -> list[Said]:
    """What was said to the same people: the last first, then what is most like this text."""
    told = [said for said in earlier if said.audience == now.audience and said.at is not None]
    if now.at is not None:
        told = [said for said in told if said.at is not None and said.at <= now.at]
    return sorted(
        told,
        key=lambda said: (
            -(said.at.timestamp() if said.at else 0),
            said.locale != now.locale,
            said.channel != now.channel,
            said.short,
            said.channel,
            said.locale,
        ),
    )


def _changes(now: Read, before: Sequence[Read]) -> Iterator[Difference]:
    if not now.stated.works_again:
        before = list(_of_this_outage(before))
        yield from _scope(now, before)
    for kind in _TIMES:
        if kind != "eta" or not now.stated.works_again:
            yield from _figures(now, before, kind, kind)
    units = dict.fromkeys((s.kind, s.key) for s in now.statements if s.kind in _FIGURES and s.key)
    for kind, key in units:
        yield from _figures(now, before, kind, key)
    yield from _cause(now, before)


def _of_this_outage(before: Sequence[Read]) -> Iterator[Read]:
    """Back to the last text that said that all is well."""
    for one in before:
        if one.stated.works_again:
            return
        yield one


def _figures(now: Read, before: Sequence[Read], kind: Kind, key: str) -> Iterator[Difference]:
    ours = list(of_kind(now.statements, kind, key))
    last = next((one for one in before if any(of_kind(one.statements, kind, key))), None)
    if not ours or last is None:
        return
    theirs = list(of_kind(last.statements, kind, key))
    new, old = [s.value for s in ours], [s.value for s in theirs]
    if conflict(new, old):
        changed = _those(ours, unmatched(new, old))
        was = _those(theirs, unmatched(old, new))
        yield _changed(now, last, kind, changed, was, said=_admitted(now, was))


def _those(rows: Sequence[Statement], values: Sequence[Hashable]) -> list[Statement]:
    return [row for row in rows if row.value in values]


def _admitted(now: Read, was: Sequence[Statement]) -> bool:
    """Whether the text speaks of a change, or gives what was said before as well."""
    if now.stated.admits:
        return True
    moments = [one.token for one in now.stated.times if one.purpose == "earlier"]
    given = [cast(tuple[Moment, ...], getattr(token, "values", ())) for token in moments]
    return any(not unmatched([row.value], given) for row in was)


def _changed(
    now: Read,
    last: Read,
    kind: Kind,
    new: Sequence[Statement],
    old: Sequence[Statement],
    *,
    said: bool,
) -> Difference:
    values = [", ".join(dict.fromkeys(row.shown for row in rows)) for rows in (old, new)]
    spans = [[(row.start, row.end) for row in rows] for rows in (old, new)]
    return _change(kind, _Side(last, values[0], spans[0]), _Side(now, values[1], spans[1]), said)


class _Side(Struct, frozen=True):
    """What one of the two texts said."""

    read: Read
    value: str
    spans: Sequence[tuple[int, int]]

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(dict.fromkeys(place(self.read.said, *span) for span in self.spans))


def _change(
    kind: Kind, old: _Side, new: _Side, admitted: bool, name: str = "", hint: str = ""
) -> Difference:
    at = old.read.said.at
    when = f"at {at:%H:%M} " if at else ""
    text = (
        f"{name or NAMES[kind]} changed from what was said {when}on {cells(old.places)}:"
        f" {safe(old.value)} -> {safe(new.value)}"
    )
    places = (*new.places, *old.places)
    if admitted:
        return Difference(kind, "note", places, f"{text}; the text says so")
    return Difference(kind, "warning", places, f"{text}; say so", hint or _HINT)


_HINT = "name what was said before and what holds now"


def _topics(now: Read, last: Read, ours: Sequence[Topic], theirs: Sequence[Topic]) -> list[_Side]:
    return [
        _Side(read, shown(means(topics)), [(topic.start, topic.end) for topic in topics])
        for read, topics in ((last, theirs), (now, ours))
    ]


def _scope(now: Read, before: Sequence[Read]) -> Iterator[Difference]:
    """What is down grew, shrank or is another part; a short text may name less."""
    last = next((one for one in before if one.stated.scope), None)
    if last is None or not now.stated.scope:
        return
    ours, theirs = means(now.stated.scope), means(last.stated.scope)
    less = now.said.short and within(ours, theirs)
    more = last.said.short and within(theirs, ours)
    if ours == theirs or less or more:
        return
    old, new = _topics(now, last, now.stated.scope, last.stated.scope)
    yield _change("scope", old, new, now.stated.admits, name=_growth(ours, theirs))


def _growth(ours: frozenset[str], theirs: frozenset[str]) -> str:
    if EVERYTHING in ours - theirs or theirs < ours:
        return "what is down grew and"
    if EVERYTHING in theirs - ours or ours < theirs:
        return "what is down shrank and"
    return NAMES["scope"]


def _cause(now: Read, before: Sequence[Read]) -> Iterator[Difference]:
    """Another cause, or a cause taken back; that one is found at last is news."""
    last = next((one for one in before if one.stated.causes), None)
    if last is None or not now.stated.causes:
        return
    ours, theirs = means(now.stated.causes), means(last.stated.causes)
    if ours & theirs or theirs == {"unknown"}:
        return
    old, new = _topics(now, last, now.stated.causes, last.stated.causes)
    yield _change("cause", old, new, now.stated.admits)
