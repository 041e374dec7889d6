"""A limit on a whole conversation: someone who drips one byte a minute is cut off too."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


@contextmanager
def cut_off(line: socket.socket | None, seconds: float) -> Iterator[None]:
    """Shut a connection down after so many seconds, unless what stands inside ends earlier."""
    if line is None:
        yield
        return
    timer = Timer(seconds, _shut, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _shut(line: socket.socket) -> None:
    with suppress(OSError):
        # the plain one: a TLS socket's own would go on in the clear
        socket.socket.shutdown(line, socket.SHUT_RDWR)
