"""The dry run: exactly what would go over the wire, secrets as `${NAME}`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import datetime

from crisisctl.messages.delivery import statuspage, webhook
from crisisctl.messages.delivery.address import mailbox
from crisisctl.messages.delivery.door import each
from crisisctl.messages.delivery.envelope import Envelope, check
from crisisctl.messages.delivery.message import letter
from crisisctl.messages.delivery.papers import pages
from crisisctl.messages.delivery.secret import plain
from crisisctl.messages.delivery.targets import Target
from crisisctl.messages.delivery.web import Request


def wire(envelope: Envelope, target: Target, when: datetime) -> str:
    """What a target would be given, without a connection and without the environment.

    For HTTP also as a command to copy: in a shell that has the variables it
    makes the same request. `when` is the moment that the bytes are to carry.
    """
    check(envelope)
    return "\n\n".join(_shown(envelope, target, when))


def _shown(envelope: Envelope, target: Target, when: datetime) -> Iterator[str]:
    match target.via:
        case "smtp":
            return _mail(envelope, target, when)
        case "webhook":
            return _webhook(envelope, target, when)
        case "statuspage":
            return _statuspage(envelope, target)
        case "apprise":
            return _chat(envelope, target)
    return _files(envelope, target)


def _mail(envelope: Envelope, target: Target, when: datetime) -> Iterator[str]:
    sender = mailbox(target.from_)
    yield f"# to {target.url}" + (", only with STARTTLS" if target.starttls == "required" else "")
    for one in each(envelope, target):
        for recipient in one.recipients:
            mail = letter(one, sender, recipient, when, unsubscribe=target.unsubscribe)
            dialogue = f"MAIL FROM:<{mail.sender}>\nRCPT TO:<{mail.recipient}>\nDATA"
            text = mail.content.decode("utf-8").replace("\r\n", "\n")
            yield f"{dialogue}\n{text}."


def _webhook(envelope: Envelope, target: Target, when: datetime) -> Iterator[str]:
    seconds = int(when.timestamp())
    signed = plain(f"t={seconds},v1=(HMAC-SHA256 with {target.secret})")
    headers = webhook.headers(envelope, signed)
    asked = Request("POST", plain(target.url), headers, webhook.body(envelope))
    yield _http(asked)
    yield _signed_by_hand(asked, target)


def _statuspage(envelope: Envelope, target: Target) -> Iterator[str]:
    page = statuspage.Page(plain(statuspage.address(target)), plain(statuspage.key(target)))
    asked = statuspage.request(envelope, target, statuspage.known(envelope), page)
    yield "# before it, a GET looks whether the page says this already"
    yield _http(asked)
    yield _curl(asked)


def _chat(envelope: Envelope, target: Target) -> Iterator[str]:
    for one in each(envelope, target):
        to = f"to {one.recipients[0]} " if one.recipients else ""
        title = f"{one.heading}\n\n" if one.heading else ""
        yield f"# {to}through {target.url}, as {one.format}\n{title}{one.body}"


def _files(envelope: Envelope, target: Target) -> Iterator[str]:
    for name, content in pages(envelope, target):
        yield f"# into the file {name}\n{content}"


def _http(asked: Request) -> str:
    return "\n".join([*asked.lines(), "", asked.body.decode("utf-8")])


def _curl(asked: Request) -> str:
    headers = [f"  -H {_in_shell(f'{name}: {value}')} \\" for name, value in asked.headers]
    url = f"  {_in_shell(asked.url.shown)}"
    data = f"  --data-binary {shlex.quote(asked.body.decode('utf-8'))} \\"
    return "\n".join([f"curl -sS -X {asked.method} \\", *headers, data, url])


def _signed_by_hand(asked: Request, target: Target) -> str:
    """The signature depends on the moment, so the command makes it anew."""
    headers = [
        f"  -H {_in_shell(f'{name}: {value}')} \\"
        for name, value in asked.headers
        if name != webhook.SIGNATURE
    ]
    signature = f'  -H "{webhook.SIGNATURE}: t=$when,v1=$signed" \\'
    hmac = f'openssl dgst -sha256 -hmac {_in_shell(target.secret)} -r | cut -d" " -f1'
    return "\n".join(
        [
            f"body={shlex.quote(asked.body.decode('utf-8'))}",
            "when=$(date +%s)",
            f'signed=$(printf \'%s.%s\' "$when" "$body" | {hmac})',
            f"curl -sS -X {asked.method} \\",
            *headers,
            signature,
            '  --data-binary "$body" \\',
            f"  {_in_shell(asked.url.shown)}",
        ]
    )


def _in_shell(text: str) -> str:
    """A word for the shell in which only `${NAME}` is filled in."""
    pieces = re.split(r"(\$\{[A-Za-z_][A-Za-z0-9_]*\})", text)
    return "".join(
        f'"{piece}"' if piece.startswith("${") else shlex.quote(piece) for piece in pieces if piece
    )
