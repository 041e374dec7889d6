"""A mailing as a process of its own, which can be told when to die.

Arguments: the ledger, the port of the mail server, at which look at the clock
to be killed (0: never), and the addresses.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from crisisctl.messages.delivery.envelope import Envelope, Recipient
from crisisctl.messages.delivery.ledger import Ledger
from crisisctl.messages.delivery.mailing import Progress, send_all
from crisisctl.messages.delivery.surroundings import Surroundings
from crisisctl.messages.delivery.targets import Target

LOOKS = count(1)
NOW = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)


def clock(die_at: int) -> datetime:
    if next(LOOKS) == die_at:
        os.kill(os.getpid(), signal.SIGKILL)
    return NOW


def compose(person: Recipient) -> Envelope:
    key = f"inc:holding:email:{person.locale}:{person.address}"
    body = f"Dear {person.name}, we are sorry.\n"
    return Envelope(channel="email", locale=person.locale, key=key, heading="Sorry", body=body)


def told(progress: Progress) -> None:
    sys.stdout.write(f"{progress.done} {progress.recipient.address} {progress.result.state}\n")


def main(ledger: str, port: str, die_at: str, *addresses: str) -> None:
    target = Target(via="smtp", url=f"smtp://127.0.0.1:{port}", from_="help@kestrel.example")
    around = Surroundings({}, lambda: clock(int(die_at)), lambda _: None, lambda: 0.5, Path())
    people = (Recipient(address, "en", address[0].upper()) for address in addresses)
    with Ledger(Path(ledger), "holding 1") as book:
        send_all(book, people, compose, target, around, told)


if __name__ == "__main__":
    main(*sys.argv[1:])
