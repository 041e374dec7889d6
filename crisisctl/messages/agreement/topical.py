"""Compare what texts say is down, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from crisisctl.messages.agreement.findings import Group, contradiction, unlike
from crisisctl.messages.agreement.said import Difference, Said, place
from crisisctl.messages.agreement.stated import Stated
from crisisctl.messages.agreement.topics import EVERYTHING, Topic

Row = tuple[Said, Stated]
Told = tuple[Said, tuple[Topic, ...]]


def differences(pack: Sequence[Row]) -> Iterator[Difference]:
    """Where two texts name different parts, or different causes."""
    yield from _causes([(said, told.causes) for said, told in pack if told.causes])
    yield from _scopes([(said, told.scope) for said, told in pack if told.scope])


def means(topics: Sequence[Topic]) -> frozenset[str]:
    """What the topics are."""
    return frozenset(topic.means for topic in topics)


def _causes(told: Sequence[Told]) -> Iterator[Difference]:
    """One text may name more than another; but something both must name."""
    every = dict.fromkeys(means(topics) for _, topics in told)
    odd = [pair for pair in combinations(every, 2) if pair[0].isdisjoint(pair[1])]
    if odd:
        groups = dict.fromkeys(one for pair in odd for one in pair)
        yield contradiction("cause", [_group(told, one) for one in groups])


def _scopes(told: Sequence[Told]) -> Iterator[Difference]:
    odd: dict[frozenset[str], None] = {}
    less: dict[frozenset[str], None] = {}
    for (one, first), (other, second) in combinations(_distinct(told), 2):
        ours, theirs = means(first), means(second)
        if ours == theirs:
            continue
        if (one.short and within(ours, theirs)) or (other.short and within(theirs, ours)):
            continue
        if _contradict(ours, theirs):
            odd |= dict.fromkeys((ours, theirs))
        else:
            less |= dict.fromkeys((ours, theirs))
    if odd:
        yield contradiction("scope", [_group(told, one) for one in odd])
    elif less:
        yield unlike("scope", [_group(told, one) for one in less])


def _distinct(told: Sequence[Told]) -> list[Told]:
    """One text of each kind and scope: sixty texts rarely say more than three things."""
    return list({(said.short, means(topics)): (said, topics) for said, topics in told}.values())


def within(small: frozenset[str], large: frozenset[str]) -> bool:
    """Whether one scope is part of another."""
    return small <= large or EVERYTHING in large


def _contradict(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    if (EVERYTHING in ours) != (EVERYTHING in theirs):
        return True
    return bool(ours - theirs) and bool(theirs - ours)


def _group(told: Sequence[Told], meant: frozenset[str]) -> Group:
    places = {
        place(said, topic.start, topic.end)
        for said, topics in told
        if means(topics) == meant
        for topic in topics
    }
    return Group(shown(meant), tuple(sorted(places)))


def shown(meant: frozenset[str]) -> str:
    """Parts or causes in words, always in the same order."""
    return ", ".join(sorted(meant))
