"""A second process that takes a part of the work on a long file."""

from __future__ import annotations

import fcntl
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.connection import Connection
from typing import TypeVar

MANY = 8 * 1024 * 1024
"""Bytes of all files from which on a second process takes less time than it costs."""

_ROOM = 1024 * 1024
"""Bytes of a pipe: as many as Linux lets everybody ask for."""

Part = TypeVar("Part")
Work = Callable[[], Iterator[Part]]


def worth_it(size: int) -> bool:
    """Whether a second process helps with so many bytes on this machine."""
    forks = "fork" in multiprocessing.get_all_start_methods()
    return size >= MANY and forks and _processors() > 1


def _processors() -> int:
    """Those that this process may use, which can be fewer than there are."""
    ours = getattr(os, "sched_getaffinity", None)  # Linux
    return len(ours(0)) if ours else os.cpu_count() or 1


@contextmanager
def helper(work: Work[Part]) -> Iterator[Iterator[Part]]:
    """Do some work in another process; what is yielded gives its parts as they come.

    The process is a fork: fingerprints are keyed in each Python. Where it dies, the rest of the
    work is done here after all, so `work` gives the same parts whenever it is called.
    """
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    _widen(there)
    gc.freeze()  # pages that nobody touches are shared
    child = fork.Process(target=_child, args=(work, here, there), daemon=True)
    child.start()
    there.close()
    gc.unfreeze()
    try:
        yield _parts(work, here)
    finally:
        here.close()
        child.terminate()
        child.join()


def _widen(end: Connection) -> None:
    """Let a pipe hold several parts, so that the helper need not wait until each is fetched."""
    with suppress(OSError, AttributeError):  # Linux only; elsewhere it holds less
        fcntl.fcntl(end.fileno(), fcntl.F_SETPIPE_SZ, _ROOM)


def _parts(work: Work[Part], here: Connection) -> Iterator[Part]:
    came = 0
    while True:
        try:
            message: tuple[Part, ...] = here.recv()
        except (EOFError, OSError):
            yield from islice(work(), came, None)
            return
        if not message:
            return
        yield from message
        came += 1


def _child(work: Work[Part], here: Connection, there: Connection) -> None:
    here.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    with there, suppress(Exception):  # the parent meets the same fault, and tells it
        for part in work():
            there.send((part,))
        there.send(())
