"""Writing out the texts for everybody: lines of JSON, the whole file or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.batches import Batch, batches
from crisisctl.messages.bulk.recipients import Counts, Recipients, repeated
from crisisctl.messages.bulk.render import Letters
from crisisctl.messages.bulk.rows import Rejected
from crisisctl.messages.bulk.seen import Seen

BUFFER = 1024 * 1024
FIRST = 10
"""Rejected rows that are told at once; the file holds them all."""

Told = Callable[[Counts], None]


class Outcome(Struct, frozen=True):
    """What became of a list."""

    counts: Counts
    first: tuple[Rejected, ...]
    """The first rows that were rejected."""
    rejected: Path | None = None
    """The file that lists every rejected row; None where there is none."""


def write(
    letters: Letters,
    people: Recipients,
    output: Path,
    *,
    told: Told | None = None,
    processes: int = 2,
) -> Outcome:
    """Write the text for each person to a file, one JSON object in a line.

    The same list gives the same bytes, on any number of processes; a file that is there
    stays as it was until the new one is whole, so after a crash it is simply done again.
    `told` hears of the counts after each batch. Raises `CrisisError`.
    """
    try:
        if output.exists() and output.samefile(people.path):
            raise CrisisError(f"{output} is the list itself", hint="write to another file")
        if output.exists() and not output.is_file():
            return _straight(letters, people, output, told, processes)
        if output.is_symlink():
            output = output.resolve()  # the link itself stays
    except OSError as error:
        raise _unwritable(output, error) from error
    beside = rejected_file(output)
    with replacing(output) as lines, replacing(beside) as rejected:
        found = pour(letters, people, lines, rejected, told=told, processes=processes)
    if not found.first:
        beside.unlink(missing_ok=True)
    return replace(found, rejected=beside if found.first else None)


def _straight(
    letters: Letters, people: Recipients, device: Path, told: Told | None, processes: int
) -> Outcome:
    """Into a device or a pipe, which takes it as it comes and must never be replaced."""
    with device.open("wb", buffering=BUFFER) as lines:
        return pour(letters, people, lines, told=told, processes=processes)


def pour(
    letters: Letters,
    people: Recipients,
    lines: BinaryIO,
    rejected: BinaryIO | None = None,
    *,
    told: Told | None = None,
    processes: int = 2,
) -> Outcome:
    """The same into a stream that is open already."""
    taken = _Taken(lines, rejected)
    with batches(letters, people, processes) as found:
        for batch in found:
            taken.take(batch)
            if told is not None:
                told(taken.counts)
    return Outcome(taken.counts, tuple(taken.first))


def rejected_file(output: Path) -> Path:
    """Where the rejected rows of an output are listed: beside it."""
    return output.with_name(f"{output.name.removesuffix('.jsonl')}.rejected.txt")


class _Taken:
    """What was written so far."""

    def __init__(self, lines: BinaryIO, rejected: BinaryIO | None) -> None:
        self.counts = Counts()
        self.first: list[Rejected] = []
        self._lines = lines
        self._rejected = rejected
        self._seen = Seen()

    def take(self, batch: Batch) -> None:
        """Write a batch out, less those whose address came before."""
        again = self._seen.again(batch.keys)
        self._lines.write(_less(batch, again) if again else batch.text)
        if not again and not batch.asked and not batch.without and not batch.unread:
            self.counts.people += len(batch.keys)
            return
        for nth in range(len(batch.keys)):
            if nth not in again and nth not in batch.without:
                self.counts.greet(batch.asked.get(nth))
        self._list(batch, again)

    def _list(self, batch: Batch, again: frozenset[int]) -> None:
        found = [row for nth, row in batch.without.items() if nth not in again]
        found += [*batch.unread, *(repeated(batch.numbers[nth]) for nth in again)]
        for row in sorted(found, key=lambda row: row.line):
            self.counts.refuse(row)
            if len(self.first) < FIRST:
                self.first.append(row)
            if self._rejected is not None:
                self._rejected.write(f"line {row.line}: {row.reason}\n".encode())


def _less(batch: Batch, again: frozenset[int]) -> bytes:
    """The texts without those for addresses that came before."""
    lines = iter(batch.text.split(b"\n"))
    kept = []
    for nth in range(len(batch.keys)):
        line = b"" if nth in batch.without else next(lines) + b"\n"
        if nth not in again:
            kept.append(line)
    return b"".join(kept)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the old one's place when all of it is on the disk."""
    partial = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb", buffering=BUFFER) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _settle(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        partial.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> CrisisError:
    reason = (error.strerror or str(error)).lower()
    return CrisisError(f"{path} cannot be written: {reason}", code=2)


def _settle(folder: Path) -> None:
    """Make sure that a new name is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
