"""What is wrong with an incident's chain, and where, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from crisisctl.journal.chain import GENESIS, chained
from crisisctl.journal.entries import Head, Row


class Damage(msgspec.Struct, frozen=True):
    """One thing that is not as it was recorded, and where."""

    incident: str | None
    """None: the file as a whole."""
    seq: int | None
    """The number of the (first) event concerned, if it is about events."""
    text: str

    def __str__(self) -> str:
        """Say where and what, in one line."""
        return f"{self.incident}: {self.text}" if self.incident else self.text


def damages(incident: str, rows: Sequence[Row], head: Head | None) -> list[Damage]:
    """List what is wrong with an incident, the earliest event first."""
    if not rows:
        return [] if head is None else [_nothing_left(incident, head)]
    numbered = [row for row in rows if isinstance(row.seq, int) and row.seq > 0]
    changed, rehashed, last = _changes(incident, numbered, head)
    found = [
        *(Damage(incident, *gap) for gap in _gaps(numbered)),
        *(Damage(incident, *change) for change in _grouped(changed)),
        *(Damage(incident, seq, f"the hash of event {seq} was changed") for seq in rehashed),
    ]
    found.sort(key=lambda damage: damage.seq or 0)
    if strays := len(rows) - len(numbered):
        found.append(Damage(incident, None, f"{strays} rows have no proper event number"))
    if numbered and (ending := _ending(numbered[-1].seq, last, head)):
        found.append(Damage(incident, *ending))
    return found


def _nothing_left(incident: str, head: Head) -> Damage:
    return Damage(incident, 1, f"{_span(1, head.seq)} missing: nothing is left of the incident")


def _gaps(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    expected = 1
    for row in rows:
        if row.seq > expected:
            text = f"{_span(expected, row.seq - 1)} missing, so event {row.seq} cannot be checked"
            yield expected, text
        elif row.seq < expected:
            yield row.seq, f"event {row.seq} is there more than once"
        expected = row.seq + 1


def _changes(
    incident: str, rows: Sequence[Row], head: Head | None
) -> tuple[list[int], list[int], str]:
    """Walk the chain: events that do not fit, events whose hash alone is wrong, the last hash.

    When the next event (or the head) follows from the hash that we compute, it
    is the stored hash that was changed. Otherwise go on from the stored one,
    so that one damage is not reported again at every later event.
    """
    changed, rehashed = [], []
    last, trusted = 0, GENESIS
    for place, row in enumerate(rows):
        computed = chained(trusted, incident, row.seq, row.body)
        trusted = row.hash
        if row.seq == last + 1 and computed != row.hash:
            following = rows[place + 1] if place + 1 < len(rows) else head
            if _goes_on(computed, incident, following):
                rehashed.append(row.seq)
                trusted = computed
            else:
                changed.append(row.seq)
        last = row.seq
    return changed, rehashed, trusted


def _goes_on(computed: str, incident: str, following: Row | Head | None) -> bool:
    if isinstance(following, Row):
        return chained(computed, incident, following.seq, following.body) == following.hash
    return following is not None and following.hash == computed


def _grouped(seqs: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Say a run of events that do not fit as one thing: three swapped, or all renamed."""
    runs: list[list[int]] = []
    for seq in seqs:
        if runs and seq == runs[-1][-1] + 1:
            runs[-1].append(seq)
        else:
            runs.append([seq])
    for run in runs:
        yield run[0], _misfit(run[0], run[-1])


def _misfit(first: int, last: int) -> str:
    if first != last:
        return f"events {first} to {last} do not match their hashes: changed, moved or put in later"
    before = f", or event {first - 1} before it," if first > 1 else ""
    return f"event {first} does not match its hash: its text{before} was changed"


def _ending(last: int, trusted: str, head: Head | None) -> tuple[int, str] | None:
    if head is None or not isinstance(head.seq, int):
        return last, f"the journal no longer notes that event {last} is the last one"
    if head.seq > last:
        return last + 1, f"{_span(last + 1, head.seq)} missing at the end"
    if head.seq < last:
        return head.seq + 1, f"event {head.seq} is noted as the last one, but event {last} is there"
    if head.hash != trusted:
        return last, f"event {last} is not the one that the journal notes as the last one"
    return None


def _span(first: int, last: int) -> str:
    return f"event {first} is" if first == last else f"events {first} to {last} are"
