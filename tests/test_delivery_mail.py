"""Mail: what is on the wire, what a real server takes, and what a hostile word cannot do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from receivers import NOW, Around, Mailroom, certificate, line_server, mail_server

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.address import Mailbox, address, mailbox
from crisisctl.messages.delivery.door import deliver, opened
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.delivery.message import letter
from crisisctl.messages.delivery.result import Result
from crisisctl.messages.delivery.targets import Target

KESTREL = Mailbox("Kestrel", "help@kestrel.example")
HOSTILE_SUBJECTS = {
    "CRLF": "Sorry\r\nBcc: evil@x.example",
    "LF": "Sorry\nBcc: evil@x.example",
    "CR": "Sorry\rBcc: evil@x.example",
    "NEL": "Sorry\u0085Bcc: evil@x.example",
    "LS": "Sorry\u2028Bcc: evil@x.example",
    "PS": "Sorry\u2029Bcc: evil@x.example",
    "NUL": "Sorry\0",
    "vertical tab": "Sorry\x0bBcc: evil@x.example",
    "escape": "Sorry\x1b[2J",
    "lone surrogate": "Sorry\ud800",
}
ODD_SUBJECTS = {
    "an encoded line break": "=?utf-8?q?a=0D=0ABcc=3A_evil=40x.example?=",
    "an encoded line break in base64": "=?utf-8?b?YQ0KQmNjOiBldmlsQHguZXhhbXBsZQ==?=",
    "2000 letters without a space": "x" * 2000,
    "2000 letters of Cyrillic": "ж" * 2000,
    "quotes and commas": '"a", <b@c.example>; d',
    "an emoji": "🛒 Извините",
    "a leading colon": ": Bcc: x",
    "nothing": "",
}
BAD_ADDRESSES = (
    "",
    "a",
    "a@",
    "@b.example",
    "a@b@c.example",
    "a b@c.example",
    "a@c.example, d@e.example",
    "a@c.example,d@e.example",
    "<a@c.example>",
    "A <a@c.example>",
    "a@c.example\nRCPT TO:<d@e.example>",
    "a@c.example\r\nDATA",
    "a@c.example> RCPT TO:<d@e.example",
    "-rf@c.example",
    "a@-c.example",
    "a@c..example",
    '"a b"@c.example',
    "é@c.example",
    "a@straße.example",
    "a@c.example\u2028",
    f"{'a' * 65}@c.example",
    f"a@{'c' * 64}.example",
)


def envelope(
    *to: str, heading: str = "Sorry", body: str = "We are sorry.\n", **more: str
) -> Envelope:
    return Envelope(
        channel="email", locale="en", key="k1", heading=heading, body=body, recipients=to, **more
    )


@pytest.fixture
def server() -> Iterator[tuple[Mailroom, int]]:
    with mail_server() as running:
        yield running


def target(port: int, **more: str) -> Target:
    url = more.pop("url", f"smtp://127.0.0.1:{port}")
    return Target(via="smtp", url=url, from_="Kestrel <help@kestrel.example>", **more)


def states(results: tuple[Result, ...]) -> dict[str, str]:
    return {result.recipient: result.state for result in results}


@pytest.mark.parametrize("subject", HOSTILE_SUBJECTS.values(), ids=HOSTILE_SUBJECTS)
def test_a_subject_that_could_begin_another_header_is_refused(subject: str) -> None:
    with pytest.raises(CrisisError, match="the subject holds the character"):
        letter(envelope("a@b.example", heading=subject), KESTREL, "a@b.example", NOW)


@pytest.mark.parametrize("subject", ODD_SUBJECTS.values(), ids=ODD_SUBJECTS)
def test_an_odd_subject_stays_a_subject(subject: str) -> None:
    made = letter(envelope("a@b.example", heading=subject), KESTREL, "a@b.example", NOW)
    read = message_from_bytes(made.content, policy=policy.default)

    assert read["Bcc"] is None
    assert "".join(str(read["Subject"]).split()) == re.sub(r"\s", "", subject.replace("=?", "= ?"))
    assert max(map(len, made.content.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("name", [*HOSTILE_SUBJECTS.values()], ids=HOSTILE_SUBJECTS)
def test_a_senders_name_that_could_begin_another_header_is_refused(name: str) -> None:
    with pytest.raises(CrisisError, match="the sender's name holds"):
        mailbox(f"{name} <help@kestrel.example>")


@pytest.mark.parametrize(
    "name",
    ["Kestrel, Inc.", "Кафе «Пустельга»", 'a "b" c', "Şahin; x@y.example", "=?utf-8?q?a=0Ab?="],
)
def test_an_odd_name_of_the_sender_stays_a_name(name: str) -> None:
    sender = mailbox(f"{name} <help@kestrel.example>")
    made = letter(envelope("a@b.example"), sender, "a@b.example", NOW)
    read = message_from_bytes(made.content, policy=policy.default)

    assert [a.addr_spec for a in read["From"].addresses] == ["help@kestrel.example"]
    assert read["From"].addresses[0].display_name == sender.name


def test_a_senders_name_that_nobody_reads_to_its_end_is_refused() -> None:
    with pytest.raises(CrisisError, match="the sender's name has 65 characters"):
        mailbox(f"{'x' * 65} <help@kestrel.example>")


@pytest.mark.parametrize("name", [":" + "x" * 500 + "\\\\'\"", ";" + "a" * 90 + "="])
def test_a_name_that_python_folds_wrongly_does_not_leave(name: str) -> None:
    sender = Mailbox(name, "help@kestrel.example")
    content = b""
    with suppress(CrisisError):
        content = letter(envelope("a@b.example"), sender, "a@b.example", NOW).content

    read = message_from_bytes(content, policy=policy.default)["From"]
    assert read is None or [a.addr_spec for a in read.addresses] == ["help@kestrel.example"]


@given(st.text(max_size=200), st.text(max_size=60))
def test_whatever_subject_and_name_there_are_no_header_is_added(subject: str, name: str) -> None:
    try:
        sender = mailbox(f"{name} <help@kestrel.example>")
        made = letter(envelope("a@b.example", heading=subject), sender, "a@b.example", NOW)
    except CrisisError:
        return
    head = made.content.partition(b"\r\n\r\n")[0]
    names = re.findall(rb"(?m)^([A-Za-z-]+):", head)

    assert [name.decode() for name in names] == [
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version", "Content-Language"),
    ]


@pytest.mark.parametrize("text", BAD_ADDRESSES)
def test_an_address_that_is_not_one_plain_mailbox_is_refused(text: str) -> None:
    with pytest.raises(CrisisError, match="is not a mail address"):
        address(text)


def test_a_domain_of_other_letters_is_written_in_ascii() -> None:
    assert address("a@пример.example") == "a@xn--e1afmkfd.example"


def test_a_long_row_of_near_addresses_comes_to_an_end() -> None:
    for piece in ("a.", "a@", "-", "a@b.", "<", "é"):
        with pytest.raises(CrisisError):
            address(piece * (100_000 // len(piece)) + "!@")


def test_a_mail_is_marked_as_made_by_a_machine_and_named_by_its_key() -> None:
    one = letter(envelope("a@b.example"), KESTREL, "a@b.example", NOW)
    later = letter(envelope("a@b.example"), KESTREL, "A@b.example", NOW + timedelta(hours=1))
    other = letter(envelope("a@b.example"), KESTREL, "c@b.example", NOW)
    read = message_from_bytes(one.content, policy=policy.default)

    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Content-Language"] == "en"
    assert read["Date"] == "Fri, 27 Nov 2026 19:04:00 +0000"
    assert read["List-Unsubscribe"] is None
    assert one.message_id == later.message_id == read["Message-ID"] != other.message_id


def test_only_an_offer_from_a_target_that_says_so_can_be_unsubscribed_from() -> None:
    where = "https://kestrel.example/news/stop"
    offer = envelope("a@b.example", kind="apology")
    made = letter(offer, KESTREL, "a@b.example", NOW, unsubscribe=where)
    news = letter(
        envelope("a@b.example", kind="update"), KESTREL, "a@b.example", NOW, unsubscribe=where
    )

    assert f"\r\nList-Unsubscribe: <{where}>\r\n".encode() in made.content
    assert b"List-Unsubscribe" not in news.content
    with pytest.raises(CrisisError, match="the address to unsubscribe holds"):
        letter(offer, KESTREL, "a@b.example", NOW, unsubscribe=f"{where}\nBcc: x")


@pytest.mark.parametrize("eight_bit", [True, False])
def test_text_and_page_arrive_as_they_were_written(eight_bit: bool) -> None:
    body = "Извините.\r\n.\r\n.точка\n" + "x" * 3000 + "\nFrom here\n"
    page = f"<p>{'ы' * 2000}</p>"
    made = letter(
        envelope("a@b.example", body=body, html=page),
        KESTREL,
        "a@b.example",
        NOW,
        eight_bit=eight_bit,
    )
    read = message_from_bytes(made.content, policy=policy.default)
    text, html = (read.get_body((kind,)) for kind in ("plain", "html"))

    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == body.replace("\r\n", "\n")
    assert html.get_content().rstrip() == page
    assert max(map(len, made.content.split(b"\r\n"))) <= 998
    assert eight_bit or made.content.isascii()


def test_everybody_gets_their_own_mail_over_one_connection(
    server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    room, port = server
    sent = envelope("a@x.example", "b@x.example", "a@x.example", heading="Извините", body=".\n.a\n")

    results = deliver(sent, target(port), Around(tmp_path).surroundings)

    assert states(results) == {"a@x.example": "delivered", "b@x.example": "delivered"}
    assert room.connections == 1
    assert [mail["To"] for mail in room.mails] == ["a@x.example", "b@x.example"]
    assert {mail["Subject"] for mail in room.mails} == {"Извините"}
    assert room.mails[0].get_content() == ".\r\n.a\r\n"
    assert [result.receipt for result in results] == [mail["Message-ID"] for mail in room.mails]


def test_a_refusal_hides_nobody_who_was_reached(
    server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    room, port = server
    people = ("a", "nobody", "later", "spam", "busy", "lost", "closing", "z")
    sent = envelope(*(f"{name}@x.example" for name in people))

    results = deliver(sent, target(port), Around(tmp_path).surroundings)

    assert states(results) == {
        "a@x.example": "delivered",
        "nobody@x.example": "refused",
        "later@x.example": "unreached",
        "spam@x.example": "refused",
        "busy@x.example": "unreached",
        "lost@x.example": "unknown",
        "closing@x.example": "unreached",
        "z@x.example": "delivered",
    }
    assert results[1].detail == "550 5.1.1 there is nobody of that name"
    assert room.accepted == ["a@x.example", "lost@x.example", "z@x.example"]


def test_an_address_that_is_none_is_refused_and_the_others_go(
    server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    sent = envelope("a@x.example\nRCPT TO:<b@x.example>", "c@x.example")

    results = deliver(sent, target(server[1]), Around(tmp_path).surroundings)

    assert [result.state for result in results] == ["refused", "delivered"]
    assert server[0].accepted == ["c@x.example"]


def test_nobody_to_write_to_is_refused(server: tuple[Mailroom, int], tmp_path: Path) -> None:
    (result,) = deliver(envelope(), target(server[1]), Around(tmp_path).surroundings)

    assert (result.state, result.detail[:32]) == ("refused", "email: there is nobody to write ")


def test_a_server_that_is_not_there_is_unreached(tmp_path: Path) -> None:
    (result,) = deliver(envelope("a@x.example"), target(1), Around(tmp_path).surroundings)

    assert result.state == "unreached"
    assert result.detail == "127.0.0.1:1: Connection refused"


GREETED = (b"220 hello\r\n", b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n")


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ((b"421 not now\r\n",), "unreached"),
        ((b"554 not you\r\n",), "refused"),
        ((b"what?\r\n",), "unreached"),
        (GREETED[:1], "unreached"),
        (GREETED[:2], "unreached"),
        (GREETED[:4], "unreached"),
        (GREETED, "unknown"),
        ((*GREETED[:4], b"451 no\r\n", b"250 reset\r\n"), "unreached"),
    ],
)
def test_only_what_came_after_the_content_is_unknown(
    answers: tuple[bytes, ...], state: str, tmp_path: Path
) -> None:
    with line_server(*answers) as port:
        (result,) = deliver(envelope("a@x.example"), target(port), Around(tmp_path).surroundings)

    assert result.state == state


def test_a_server_that_never_answers_the_content_leaves_it_unknown(tmp_path: Path) -> None:
    quick = target(1, timeout="0.1s")
    with line_server(*GREETED, silent_after=len(GREETED)) as port:
        slow = replace(quick, url=f"smtp://127.0.0.1:{port}")
        (result,) = deliver(envelope("a@x.example"), slow, Around(tmp_path).surroundings)

    assert (result.state, "no answer after the mail was sent" in result.detail) == ("unknown", True)


def test_a_mail_whose_head_reads_otherwise_than_it_was_meant_does_not_leave() -> None:
    forged = Mailbox("=?utf-8?q?a=0D=0ABcc=3A_evil=40x.example?=", "help@kestrel.example")
    content = b""
    with suppress(CrisisError):  # a Python in which that is mended writes it as it was meant
        content = letter(envelope("a@b.example"), forged, "a@b.example", NOW).content

    assert b"\nBcc:" not in content


def test_a_connection_that_the_server_gave_up_is_opened_again(tmp_path: Path) -> None:
    with line_server(*GREETED, b"250 taken\r\n") as port:
        results = deliver(
            envelope("a@x.example", "b@x.example"), target(port), Around(tmp_path).surroundings
        )

    assert [result.state for result in results] == ["delivered", "delivered"]


def test_after_a_server_closes_the_next_mail_calls_again(
    server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    room, port = server
    with opened(target(port), Around(tmp_path).surroundings, "email") as post:
        first = post(envelope("a@x.example"))
        closed = post(envelope("closing@x.example"))
        after = post(envelope("b@x.example"))

    assert [r.state for r in (first, closed, after)] == ["delivered", "unreached", "delivered"]
    assert room.accepted == ["a@x.example", "b@x.example"]


def test_a_mail_goes_encrypted_where_the_server_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ssl

    chain, key = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    around = Around(tmp_path, {"SMTP_PASSWORD": "p@ss:/wörd"[:6]})
    with mail_server(tls_context=context, auth_required=True, authenticator=_any) as (room, port):
        url = f"smtp://shop:${{SMTP_PASSWORD}}@127.0.0.1:{port}"
        (distrusted,) = deliver(envelope("a@x.example"), target(port, url=url), around.surroundings)
        monkeypatch.setenv("SSL_CERT_FILE", str(chain))
        (trusted,) = deliver(
            envelope("b@x.example"), target(port, url=url, starttls="required"), around.surroundings
        )

    assert distrusted.state == "unreached"
    assert "its certificate is not trusted" in distrusted.detail
    assert trusted.state == "delivered", trusted
    assert (room.accepted, room.encrypted) == (["b@x.example"], [True])


def _any(*words: object) -> object:
    from aiosmtpd.smtp import AuthResult

    return AuthResult(success=True)


def test_nothing_is_sent_where_encryption_is_required_and_missing(
    server: tuple[Mailroom, int], tmp_path: Path
) -> None:
    (result,) = deliver(
        envelope("a@x.example"),
        target(server[1], starttls="required"),
        Around(tmp_path).surroundings,
    )

    assert result.state == "refused"
    assert "offers no STARTTLS" in result.detail
    assert server[0].accepted == []


def test_a_wrong_password_is_refused_and_not_shown(tmp_path: Path) -> None:
    def no(*words: object) -> object:
        from aiosmtpd.smtp import AuthResult

        return AuthResult(success=False, handled=False)

    around = Around(tmp_path, {"SMTP_PASSWORD": "hunter2-hunter2"})
    options = {"auth_require_tls": False, "authenticator": no}
    with mail_server(**options) as (_, port):
        url = f"smtp://shop:${{SMTP_PASSWORD}}@127.0.0.1:{port}"
        (result,) = deliver(envelope("a@x.example"), target(port, url=url), around.surroundings)

    assert result.state == "refused"
    assert result.detail.startswith("535")
    assert "hunter2" not in repr(result)


def test_a_missing_variable_is_one_line_that_names_channel_and_variable(tmp_path: Path) -> None:
    broken = target(1, url="smtp://shop:${SMTP_PASSWORD}@127.0.0.1")

    (result,) = deliver(envelope("a@x.example"), broken, Around(tmp_path).surroundings)

    assert result.state == "refused"
    assert result.detail.startswith("email: SMTP_PASSWORD is not set in the environment")


def test_a_drill_has_no_way_out(server: tuple[Mailroom, int], tmp_path: Path) -> None:
    drill = Envelope(
        channel="email", locale="en", key="k", body="x", recipients=("a@x.example",), drill=True
    )
    with pytest.raises(CrisisError, match="this is a drill"):
        deliver(drill, target(server[1]), Around(tmp_path).surroundings)
    with (
        opened(target(server[1]), Around(tmp_path).surroundings, "email") as post,
        pytest.raises(CrisisError, match="this is a drill"),
    ):
        post(drill)

    assert server[0].connections == 0
