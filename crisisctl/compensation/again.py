"""Which fingerprints came more than once: eight bytes for each, however long the file."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

_PARTS = 64
"""So many parts, by the last bits: each is small enough to be looked at as a set."""


class Again:
    """The fingerprints of a long list."""

    def __init__(self) -> None:
        self.parts = [array("q") for _ in range(_PARTS)]
        self._adds = [part.append for part in self.parts]

    def take(self, fingerprints: Iterable[int]) -> None:
        """Some more of them."""
        adds, last = self._adds, _PARTS - 1
        for each in fingerprints:
            adds[each & last](each)

    def join(self, parts: Sequence[array[int]]) -> None:
        """All that another list has."""
        for mine, others in zip(self.parts, parts, strict=True):
            mine.extend(others)

    def found(self) -> set[int]:
        """Those that came more than once."""
        again: set[int] = set()
        for part in self.parts:
            if len(set(part)) < len(part):
                before: set[int] = set()
                for each in part:
                    (again if each in before else before).add(each)
        return again
