"""Words of a column that no condition of the policy names: nothing happens for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

from crisisctl.compensation.layout import Layout, parts
from crisisctl.playbook.conditions import compared
from crisisctl.playbook.policy import Policy
from crisisctl.text import quoted

SHOWN = 5
"""Words of a column that are told, those with most rows."""
_MOST = 500
"""Different words of a column; where there are more, it is none of states."""

Words = Mapping[int, Counter[str]]
"""For each place in a row the cells that were seen there, and in how many rows."""


class Unheard:
    """Counts what stands in the columns whose words the policy names in conditions."""

    def __init__(self, policy: Policy, found: Layout) -> None:
        self._names = {
            found.at(name): (name, words)
            for name, words in _named(policy).items()
            if found.at(name) >= 0
        }
        self._seen = {place: Counter[str]() for place in self._names}
        self._width = found.width

    def block(self, rows: Sequence[Sequence[str]]) -> Words:
        """What stands in some rows."""
        return {place: Counter(map(itemgetter(place), rows)) for place in self._seen}

    def take(self, words: Words) -> None:
        """What stood in some rows."""
        for place, counted in words.items():
            if place in self._seen and len(self._seen[place]) <= _MOST:
                self._seen[place].update(counted)

    def remarks(self) -> Iterator[str]:
        """For each column the words that nothing is said of, those with most rows first."""
        for place, seen in self._seen.items():
            name, named = self._names[place]
            words = Counter[str]()
            for cell, many in seen.items():
                words[cell.strip().lower()] += many
            rest = {word: many for word, many in words.items() if word and word not in named}
            if not rest or len(seen) > _MOST:
                continue
            first = sorted(rest.items(), key=lambda each: (-each[1], each[0]))
            told = ", ".join(f"{quoted(w, 30)} {_rows(many)}" for w, many in first[:SHOWN])
            more = f" and {len(first) - SHOWN:,} more" if len(first) > SHOWN else ""
            are = "is" if len(first) == 1 else "are"
            yield (
                f"{name}: {told}{more} {are} named by no condition of the policy; "
                "check that nothing is to happen for them"
            )


def _rows(many: int) -> str:
    return "1 row" if many == 1 else f"{many:,} rows"


def _named(policy: Policy) -> dict[str, set[str]]:
    """For each column of words that rows are counted by the words that conditions name."""
    own = {**policy.harm, **policy.about}
    asked = set[str]().union(*(parts(column) for column in own.values()))
    found: dict[str, set[str]] = {
        name: set() for name in own if name in asked and own[name].type == "text"
    }
    open_ends = set[str]()
    for text in _conditions(policy):
        for name, words in compared(text):
            if words is None:
                open_ends.add(name)
            elif name in found:
                found[name] |= words
    return {name: words for name, words in found.items() if words and name not in open_ends}


def _conditions(policy: Policy) -> Iterator[str]:
    for column in (*policy.harm.values(), *policy.about.values()):
        yield from (text for text in (column.count, column.when) if text)
    yield from (each.when for each in policy.exclude)
    yield from (each.when for each in policy.owed)
    yield from (each.when for each in policy.tiers)
