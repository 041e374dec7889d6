"""Which addresses came before: sixteen bytes for each, however long the list."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

_FIRST = 1 << 16
"""Places of an empty table; a power of two."""


class Seen:
    """A set of 64-bit fingerprints, as Python's own set would keep in six times the memory."""

    def __init__(self) -> None:
        self._table = array("q", bytes(8 * _FIRST))
        self._mask = _FIRST - 1
        self._left = _FIRST // 2

    def add(self, fingerprint: int) -> bool:
        """Take a fingerprint in; False when it was there before."""
        fingerprint = fingerprint or 1  # nought marks a free place
        table, mask = self._table, self._mask
        place = fingerprint & mask
        while found := table[place]:
            if found == fingerprint:
                return False
            place = (place + 1) & mask
        table[place] = fingerprint
        self._left -= 1
        if not self._left:
            self._grow()
        return True

    def again(self, fingerprints: Sequence[int]) -> frozenset[int]:
        """Take several in; the places of those that were there before."""
        return frozenset([n for n, each in enumerate(fingerprints) if not self.add(each)])

    def _grow(self) -> None:
        full, size = self._table, 2 * len(self._table)
        self._table, self._mask = array("q", bytes(8)) * size, size - 1
        self._left = size // 2 + 1
        for fingerprint in full:
            if fingerprint:
                self.add(fingerprint)


def fingerprint(address: str) -> int:
    """The same for addresses that reach the same person; keyed anew in every run of Python.

    Mail servers do not tell capital letters apart. Two addresses of a million share a
    fingerprint once in forty million runs, and nobody can make them do so.
    """
    return hash(address.lower())
