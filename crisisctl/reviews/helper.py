"""A second process that takes every other review of a long file."""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from os import cpu_count

from crisisctl.reviews.analysis import Analysis

MANY = 8 * 1024 * 1024
"""Bytes of all files from which on a second process takes less time than it costs."""


def worth_it(size: int) -> bool:
    """Whether a second process helps with so many bytes on this machine."""
    forks = "fork" in multiprocessing.get_all_start_methods()
    return size >= MANY and forks and (cpu_count() or 1) > 1


@contextmanager
def helper(work: Callable[[], Analysis]) -> Iterator[Callable[[], Analysis]]:
    """Do some work in another process; what is yielded waits for it and gives what came of it.

    The process is a fork: fingerprints are keyed in each Python. Where it dies, the work is done
    here after all.
    """
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    gc.freeze()  # pages that nobody touches are shared
    child = fork.Process(target=_child, args=(work, here, there), daemon=True)
    child.start()
    there.close()
    gc.unfreeze()

    def result() -> Analysis:
        try:
            found: Analysis = pickle.loads(here.recv_bytes())
        except (EOFError, OSError):
            return work()
        return found

    try:
        yield result
    finally:
        here.close()
        child.terminate()
        child.join()


def _child(work: Callable[[], Analysis], here: Connection, there: Connection) -> None:
    here.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    with there:
        there.send_bytes(pickle.dumps(work(), protocol=pickle.HIGHEST_PROTOCOL))
