"""Batches of finished texts, made here or on several processes, in the order of the list."""

from __future__ import annotations

import multiprocessing
import signal
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

import msgspec
from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.recipients import Recipient, Recipients
from crisisctl.messages.bulk.render import Letters, Rendered, rendered
from crisisctl.messages.bulk.rows import Rejected
from crisisctl.messages.bulk.seen import fingerprint

MANY = 8 * 1024 * 1024
"""Bytes of a list from which on a second process takes less time than it costs."""

Listed = Recipient | Rejected
_Failure = tuple[str, str, int]


class Batch(Struct, frozen=True, gc=False):
    """The texts for some rows that follow each other."""

    text: bytes
    """One JSON object in a line for each person."""
    keys: array[int]
    """The fingerprint of each address, whether there is a text for it or not."""
    numbers: array[int]
    """In which line of the list it stands."""
    asked: dict[int, str]
    """What those asked for who get the default locale, by their place among the addresses."""
    without: dict[int, Rejected]
    """Those who have an address and no text, by their place among the addresses."""
    unread: tuple[Rejected, ...]
    """The rows without an address."""


def batch_of(letters: Letters, rows: Sequence[Listed]) -> Batch:
    """The texts for some rows."""
    people = [row for row in rows if isinstance(row, Recipient)]
    found = [rendered(letters, person) for person in people]
    texts = [text for text in found if isinstance(text, Rendered)]
    without: dict[int, Rejected] = {}
    if len(texts) < len(found):
        without = {nth: text for nth, text in enumerate(found) if isinstance(text, Rejected)}
    return Batch(
        msgspec.json.Encoder().encode_lines(texts),
        array("q", [fingerprint(person.address) for person in people]),
        array("l", [person.line for person in people]),
        {nth: who.asked for nth, who in enumerate(people) if who.asked is not None},
        without,
        tuple([row for row in rows if isinstance(row, Rejected)]),
    )


@contextmanager
def batches(letters: Letters, people: Recipients, processes: int) -> Iterator[Iterator[Batch]]:
    """All batches of a list, in its order; helping processes end with the block."""
    few = people.path.stat().st_size < MANY
    if few or processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield (batch_of(letters, rows) for rows in people.blocks())
        return
    helpers = _Helpers(letters, people, processes)
    try:
        yield helpers.batches()
    finally:
        helpers.end()


class _Helpers:
    """Processes that each take every so-maniest block of the list.

    They are forks: letters are compiled code, and fingerprints are keyed in each Python.
    A pipe holds less than a batch, so none of them runs ahead.
    """

    def __init__(self, letters: Letters, people: Recipients, processes: int) -> None:
        fork = multiprocessing.get_context("fork")
        self._ends: list[Connection] = []
        self._running: list[multiprocessing.process.BaseProcess] = []
        for nth in range(processes):
            ours, theirs = fork.Pipe(duplex=False)
            self._ends.append(ours)
            work = (letters, people.shared(nth, processes), theirs, tuple(self._ends))
            process = fork.Process(target=_help, args=work, daemon=True)
            process.start()
            theirs.close()
            self._running.append(process)

    def batches(self) -> Iterator[Batch]:
        """One batch of each helper in turn."""
        while True:
            for end in self._ends:
                try:
                    found = end.recv()
                except EOFError:
                    raise CrisisError(
                        "a helping process was ended from outside; nothing was written",
                        hint="run it again",
                        code=1,
                    ) from None
                if isinstance(found, tuple):
                    message, hint, code = found
                    raise CrisisError(message, hint=hint, code=code)
                if found is None:
                    return
                yield found

    def end(self) -> None:
        """Let go of the helpers, whatever they still do."""
        for end in self._ends:
            end.close()
        for process in self._running:
            process.terminate()
            process.join()


def _help(
    letters: Letters, people: Recipients, end: Connection, others: Sequence[Connection]
) -> None:
    """In a helping process: Ctrl-C is the parent's to answer, and the parent's end is ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_DFL)
    for other in others:
        other.close()  # else nobody would notice that the parent is gone
    try:
        _told(end.send, letters, people)
    except BrokenPipeError:
        return


def _told(
    send: Callable[[Batch | _Failure | None], None], letters: Letters, people: Recipients
) -> None:
    try:
        for rows in people.blocks():
            send(batch_of(letters, rows))
    except CrisisError as error:
        send((error.message, error.hint, error.code))
    else:
        send(None)
