"""A long list: nobody twice, nobody lost, whenever the process dies."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from receivers import Around, Mailroom, mail_server

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery import envelope as envelopes
from crisisctl.messages.delivery.envelope import Recipient
from crisisctl.messages.delivery.ledger import Ledger, Standing, glance
from crisisctl.messages.delivery.mailing import Ended, Progress, send_all
from crisisctl.messages.delivery.result import Result
from crisisctl.messages.delivery.targets import Target

CHILD = Path(__file__).with_name("mailing_child.py")
AT = "2026-11-27T19:04:00+00:00"
THREE = ("a@x.example", "b@x.example", "c@x.example")
LOOKS = 3
"""At the clock, for each mail: for its intent, for its Date, for its result."""


@pytest.fixture
def server() -> Iterator[tuple[Mailroom, int]]:
    with mail_server() as running:
        yield running


def child(book: Path, port: int, die_at: int, *addresses: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(CHILD), str(book), str(port), str(die_at), *addresses]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def ran(book: Path, port: int, die_at: int, *addresses: str) -> int:
    process = child(book, port, die_at, *addresses)
    process.communicate(timeout=60)
    return process.returncode


def compose(person: Recipient) -> envelopes.Envelope:
    if person.name == "broken":
        raise CrisisError("the column order is empty")
    return envelopes.Envelope(channel="email", locale="en", key=person.address, body="Sorry.\n")


def mailed(
    book: Path, port: int, tmp_path: Path, *people: str | Recipient, about: str = "1"
) -> tuple[Ended, list[Progress]]:
    target = Target(via="smtp", url=f"smtp://127.0.0.1:{port}", from_="help@kestrel.example")
    told: list[Progress] = []
    rows = (Recipient(one, "en") if isinstance(one, str) else one for one in people)
    with Ledger(book, about) as ledger:
        around = Around(tmp_path).surroundings
        ended = send_all(ledger, rows, compose, target, around, told.append)
    return ended, told


def states(book: Path, about: str = "holding 1") -> dict[str, str]:
    with Ledger(book, about) as ledger:
        return {entry.recipient.address: entry.result.state for entry in ledger.entries()}


@pytest.mark.parametrize("look", range(1, LOOKS * len(THREE) + 1))
def test_killed_at_any_point_nobody_is_mailed_twice_or_lost(
    look: int, server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    room, port = server
    book = tmp_path / "outbox" / "holding.ledger"

    assert ran(book, port, look, *THREE) == -signal.SIGKILL
    assert ran(book, port, 0, *THREE) == 0

    counted = Counter(room.accepted)
    found = states(book)
    assert list(found) == list(THREE)
    assert max(counted.values()) == 1
    assert {address for address, state in found.items() if state == "delivered"} <= set(counted)
    hit, moment = divmod(look - 1, LOOKS)
    unknown = [address for address, state in found.items() if state == "unknown"]
    assert unknown == ([] if moment == 0 else [THREE[hit]])


def test_killed_while_the_server_takes_the_mail_it_is_asked_about_and_not_sent_again(
    tmp_path: Path,
) -> None:
    book = tmp_path / "holding.ledger"

    class Killing(Mailroom):
        victim = 0

        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            answer = await super().handle_DATA(server, session, envelope)
            if envelope.rcpt_tos == ["b@x.example"]:
                os.kill(self.victim, signal.SIGKILL)
            return answer

    with mail_server(Killing()) as (room, port):
        process = child(book, port, 0, *THREE)
        room.victim = process.pid
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        assert ran(book, port, 0, *THREE) == 0

    assert room.accepted == list(THREE)
    assert states(book) == {**dict.fromkeys(THREE, "delivered"), "b@x.example": "unknown"}


def test_on_a_full_disk_it_stops_and_nobody_is_mailed_twice_or_lost(
    server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    room, port = server
    book = tmp_path / "holding.ledger"
    people = [f"p{n:02}@x.example" for n in range(40)]
    command = [sys.executable, str(CHILD), str(book), str(port), "0", *people]

    limited = ["bash", "-c", 'ulimit -f 100; exec "$@"', "limited", *command]
    full = subprocess.run(limited, capture_output=True, text=True, timeout=60, check=False)
    stopped_at = len(room.accepted)
    assert ran(book, port, 0, *people) == 0

    assert "nothing more is sent" in full.stderr
    assert 0 < stopped_at < len(people)
    found = states(book)
    assert list(found) == people
    assert max(Counter(room.accepted).values()) == 1
    assert {address for address in people if address not in room.accepted} <= {
        address for address, state in found.items() if state == "unknown"
    }
    assert list(found.values()).count("unknown") <= 1


def test_it_goes_on_at_the_exact_next_recipient(
    server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    room, port = server
    book = tmp_path / "ledger"
    mailed(book, port, tmp_path, *THREE[:2])

    ended, told = mailed(book, port, tmp_path, *THREE)

    assert [step.recipient.address for step in told] == ["c@x.example"]
    assert ended == Ended(Standing(delivered=3), passed_over=2)
    assert room.accepted == list(THREE)


def test_one_connection_is_enough_for_everybody(
    server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    people = [f"p{n}@x.example" for n in range(50)]

    ended, _ = mailed(tmp_path / "ledger", server[1], tmp_path, *people)

    assert ended.standing == Standing(delivered=50)
    assert server[0].connections == 1


def test_somebody_who_stands_on_the_list_twice_gets_one_mail(
    server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    ended, _ = mailed(tmp_path / "ledger", server[1], tmp_path, "a@x.example", " A@X.example ")

    assert (ended.passed_over, server[0].accepted) == (1, ["a@x.example"])


def test_each_failure_is_listed_and_only_who_was_never_reached_is_tried_again(
    server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    room, port = server
    book = tmp_path / "ledger"
    people: list[str | Recipient] = [
        *("a@x.example", "nobody@x.example", "later@x.example", "lost@x.example", "not one"),
        Recipient("b@x.example", "en", "broken"),
    ]
    ended, _ = mailed(book, port, tmp_path, *people)
    again, told = mailed(book, port, tmp_path, *people[:-1], "b@x.example")

    assert ended.standing == Standing(delivered=1, refused=2, unknown=1, unreached=2)
    assert [step.recipient.address for step in told] == ["later@x.example", "b@x.example"]
    assert again.standing == Standing(delivered=2, refused=2, unknown=1, unreached=1)
    assert room.accepted == ["a@x.example", "lost@x.example", "b@x.example"]
    with Ledger(book, "1") as ledger:
        refused = {e.recipient.address: e.result.detail for e in ledger.entries("refused")}
    assert refused["nobody@x.example"].startswith("550")
    assert "not a mail address" in refused["not one"]


def test_it_stops_when_nobody_can_be_reached_any_more(tmp_path: Path) -> None:
    people = [f"p{n}@x.example" for n in range(20)]

    ended, told = mailed(tmp_path / "ledger", 1, tmp_path, *people)

    assert len(told) == 5
    assert ended.stopped == "the last 5 got nothing: 127.0.0.1:1: Connection refused"


def test_a_person_settles_what_nobody_knew(server: tuple[Mailroom, int], tmp_path: Path) -> None:
    room, port = server
    book = tmp_path / "ledger"
    mailed(book, port, tmp_path, "lost@x.example")
    with Ledger(book, "1") as ledger:
        killed = Recipient("killed@x.example", "en")
        ledger.intend(killed, AT)
        ledger.settle("killed@x.example", arrived=False, by="ana", at=AT)
        ledger.settle("lost@x.example", arrived=True, by="ana", at=AT)
        with pytest.raises(CrisisError, match="not among those"):
            ledger.settle("lost@x.example", arrived=False, by="ana", at=AT)

    ended, told = mailed(book, port, tmp_path, "lost@x.example", "killed@x.example")

    assert [step.recipient.address for step in told] == ["killed@x.example"]
    assert ended.standing == Standing(delivered=2)
    assert room.accepted == ["lost@x.example", "killed@x.example"]


def test_a_person_may_say_that_an_unknown_mail_goes_out_again(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger", "1") as ledger:
        person = Recipient("a@x.example", "en")
        first = ledger.intend(person, AT)
        assert first is not None
        ledger.record(first, Result("unknown", "no answer"), AT)
        assert ledger.intend(person, AT) is None
        ledger.settle("a@x.example", arrived=False, by="ana", at=AT)

        assert ledger.intend(person, AT) is not None


def test_two_processes_cannot_send_to_one_list_at_once(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger", "1") as ledger:
        ledger.intend(Recipient("a@x.example", "en"), AT)
        with pytest.raises(CrisisError, match="somebody else is sending"):
            Ledger(tmp_path / "ledger", "1")
        assert glance(tmp_path / "ledger") == Standing(unknown=1)

    Ledger(tmp_path / "ledger", "1").__exit__(None, None, None)


def test_a_ledger_is_about_one_text(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger", "1"):
        pass

    with pytest.raises(CrisisError, match="is about another text"):
        Ledger(tmp_path / "ledger", "2")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE intent SET address = 'x'",
        "UPDATE result SET state = 'unreached'",
        "DELETE FROM intent",
        "DELETE FROM result",
        "INSERT INTO intent SELECT 9, mailbox, attempt, address, locale, name, at FROM intent",
        "INSERT INTO result SELECT * FROM result",
    ],
)
def test_what_is_written_in_a_ledger_stays(change: str, tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger", "1") as ledger:
        intent = ledger.intend(Recipient("a@x.example", "en"), AT)
        assert intent is not None
        ledger.record(intent, Result("delivered"), AT)
    rows = sqlite3.connect(tmp_path / "ledger")

    with pytest.raises(sqlite3.IntegrityError):
        rows.execute(change)
    rows.close()


def test_a_ledger_is_private_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with Ledger(tmp_path / "outbox" / "ledger", "1"):
            modes = {p.name: p.stat().st_mode & 0o777 for p in (tmp_path / "outbox").iterdir()}
    finally:
        os.umask(before)

    assert set(modes.values()) == {0o600}
    assert (tmp_path / "outbox").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("content", [b"no database" * 100, b"SQLite format 3\0" + b"\xff" * 2000])
def test_a_damaged_ledger_is_one_clear_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "ledger").write_bytes(content)

    with pytest.raises(CrisisError, match="nothing more is sent"):
        Ledger(tmp_path / "ledger", "1")


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CrisisError, match="cannot be written"):
        Ledger(tmp_path / "file" / "ledger", "1")
