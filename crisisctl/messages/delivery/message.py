"""The bytes of one mail, built for one recipient, and read again before they leave."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.address import Mailbox, address, header_text
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.kinds import is_offer

LONGEST_LINE = 998
"""Octets, RFC 5322 section 2.1.1."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as the wire takes it."""

    sender: str
    recipient: str
    message_id: str
    content: bytes


def letter(
    envelope: Envelope,
    sender: Mailbox,
    recipient: str,
    when: datetime,
    *,
    unsubscribe: str = "",
    eight_bit: bool = True,
) -> Letter:
    """Build the mail to one person. Raises when a header could be taken for another.

    The same envelope to the same person always gives the same Message-ID.
    """
    to = address(recipient)
    name = hashlib.sha256(f"{envelope.key}\0{to.lower()}".encode()).hexdigest()[:40]
    message_id = f"<{name}@{sender.address.rpartition('@')[2]}>"
    headers = {
        "From": Address(sender.name, addr_spec=sender.address),
        "To": Address(addr_spec=to),
        "Subject": header_text(envelope.heading, "the subject"),
        "Date": format_datetime(when),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
    }
    if unsubscribe and is_offer(envelope.kind):
        headers["List-Unsubscribe"] = _unsubscribing(unsubscribe)
    rules = policy.SMTP.clone(cte_type="8bit" if eight_bit else "7bit")
    message = EmailMessage(policy=rules)
    for header, value in headers.items():
        message[header] = value
    _fill(message, envelope, name, eight_bit)
    message["Content-Language"] = envelope.locale  # last: filling it drops such headers
    try:
        content = message.as_bytes()
        _read_again(content, message, sender, to)
    except (IndexError, ValueError):  # CPython folds some heads so that it cannot read them
        raise _unsafe("head") from None
    return Letter(sender.address, to, message_id, content)


def _unsubscribing(address: str) -> str:
    return f"<{header_text(address, 'the address to unsubscribe')}>"


def _fill(message: EmailMessage, envelope: Envelope, name: str, eight_bit: bool) -> None:
    message.set_content(envelope.body, cte=_encoding(envelope.body, eight_bit))
    if envelope.html:
        encoding = _encoding(envelope.html, eight_bit)
        message.add_alternative(envelope.html, subtype="html", cte=encoding)
        message.set_boundary(f"=_{name}")  # a random one would differ from the dry run's


def _encoding(text: str, eight_bit: bool) -> str:
    lines = text.encode().splitlines()
    if max(map(len, lines), default=0) > LONGEST_LINE or "\r" in text.replace("\r\n", ""):
        return "quoted-printable"
    if text.isascii():
        return "7bit"
    return "8bit" if eight_bit else "quoted-printable"


def _read_again(content: bytes, meant: EmailMessage, sender: Mailbox, to: str) -> None:
    """Hold what will be sent against what was meant: header by header."""
    wrong = next(_differences(content, meant, sender, to), "")
    if wrong:
        raise _unsafe(wrong)


def _unsafe(part: str) -> CrisisError:
    hint = "change its words: as they stand they could be read as something else"
    return CrisisError(f"the mail's {part} cannot be written safely", hint=hint)


def _differences(content: bytes, meant: EmailMessage, sender: Mailbox, to: str) -> Iterator[str]:
    read = message_from_bytes(content, policy=policy.default)
    if [name.lower() for name, _ in read.items()] != [name.lower() for name, _ in meant.items()]:
        yield "head"
        return
    if _squeezed(str(read["Subject"])) != _squeezed(str(meant["Subject"])):
        yield "subject"
    if [a.addr_spec for a in read["From"].addresses] != [sender.address]:
        yield "sender"
    if [a.addr_spec for a in read["To"].addresses] != [to]:
        yield "recipient"
    lines = content.split(b"\r\n")
    if any(len(line) > LONGEST_LINE or b"\r" in line or b"\n" in line for line in lines):
        yield "lines"


def _squeezed(words: str) -> str:
    return re.sub(r"\s", "", words)
