"""The command line as a process of its own that kills itself around a call.

Arguments: the place that is called, `before` or `after` the call, at which call of it to be
killed (0: never), and the words of the command.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any

CHILD = __file__
PLACES = {
    "append": ("crisisctl.journal:Journal", "append"),
    "pack": ("crisisctl.messages.outbox", "write"),
    "text": ("crisisctl.messages.outbox", "write_private"),
    "begin": ("crisisctl.compensation.ledger:Ledger", "begin"),
    "add": ("crisisctl.compensation.ledger:Ledger", "add"),
    "commit": ("crisisctl.compensation.ledger:Ledger", "commit"),
    "file": ("crisisctl.compensation.papers:Folder", "put"),
    "done": ("crisisctl.compensation.papers:Folder", "done"),
    "placed": ("crisisctl.compensation.papers", "_placed"),
}


def deadly(plain: Callable[..., Any], moment: str, number: int) -> Callable[..., Any]:
    calls = 0

    def called(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if moment == "before" and calls == number:
            os.kill(os.getpid(), signal.SIGKILL)
        done = plain(*arguments, **named)
        if moment == "after" and calls == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return called


def main(place: str, moment: str, number: str, *words: str) -> None:
    module, name = PLACES[place]
    owner = resolve_name(module)
    setattr(owner, name, deadly(getattr(owner, name), moment, int(number)))
    if words[0] == "compensate":
        from crisisctl.compensation import roll

        roll._BLOCK = 3  # several blocks of a short list
    from crisisctl.cli.app import app

    sys.argv = ["crisisctl", *words]
    app(prog_name="crisisctl")


if __name__ == "__main__":
    main(*sys.argv[1:])
