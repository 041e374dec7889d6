"""Mail through a server, one message per recipient over one connection."""

from __future__ import annotations

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import unquote

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.address import mailbox
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.delivery.message import Letter, letter
from crisisctl.messages.delivery.result import Result, State
from crisisctl.messages.delivery.secret import Sealed, fill, one_line, plain
from crisisctl.messages.delivery.surroundings import Surroundings
from crisisctl.messages.delivery.targets import LOOPBACK, Target
from crisisctl.messages.delivery.watch import cut_off

_URL = re.compile(
    r"(?P<scheme>smtps?)://(?:(?P<user>[^:@/]*)(?::(?P<password>.*))?@)?"
    r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:@/\[\]]+)(?::(?P<port>[0-9]{1,5}))?/?"
)

_AS_IN = "write it as smtp://user:${SMTP_PASSWORD}@mail.kestrel.example:587"
_PATIENCE = 6.0
"""Times the usual limit: servers look through a mail before they answer (RFC 5321, 4.5.3.2.6)."""


@dataclass(frozen=True, slots=True, repr=False)
class Server:
    """A mail server and what it wants to hear."""

    host: Sealed
    port: int
    tls: bool
    user: Sealed | None
    password: Sealed | None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be seen of it."""
        known = [part for part in (self.host, self.user, self.password) if part is not None]
        found = tuple(secret for part in known for secret in part.secrets)
        if self.user is None or self.password is None:
            return found
        both = f"\0{self.user.reveal()}\0{self.password.reveal()}"
        return (*found, self.password.reveal(), b64encode(both.encode()).decode())

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"


def server(target: Target, surroundings: Surroundings, channel: str) -> Server:
    """The server that a target's url names. Raises when it cannot be one, without its secrets.

    The url is taken apart first and filled in then: a password may hold any
    character.
    """
    environment, url = surroundings.environment, target.url
    parts = _URL.fullmatch(url)
    whole = None
    if parts is None and url.startswith("${"):
        whole = fill(url, environment, channel)
        parts = _URL.fullmatch(whole.reveal())
    if parts is None or int(parts["port"] or 0) > 65_535:
        what = f"{channel}: the url of the mail server cannot be read"
        raise CrisisError(what, hint=_AS_IN)
    if parts["user"] is not None and not parts["password"]:
        what = f"{channel}: the url of the mail server has a name and no password"
        raise CrisisError(what, hint=_AS_IN)

    def part(name: str) -> Sealed | None:
        text = parts[name]
        if text is None:
            return None
        if whole is not None:
            return Sealed(url, unquote(text), (text, unquote(text), *whole.secrets))
        return fill(text if "${" in text else unquote(text), environment, channel)

    tls = parts["scheme"] == "smtps"
    port = int(parts["port"] or (465 if tls else 587))
    return Server(part("host") or plain(""), port, tls, part("user"), part("password"))


class Session:
    """A connection that is opened when it is first needed, and again when it was lost."""

    def __init__(self, target: Target, surroundings: Surroundings, channel: str) -> None:
        self._target = target
        self._around = surroundings
        self._server = server(target, surroundings, channel)
        self._sender = mailbox(target.from_)
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hang_up(politely=error is None)

    def post(self, envelope: Envelope, recipient: str) -> Result:
        """Mail one envelope to one person."""
        fresh = self._line is None
        result = self._try(envelope, recipient)
        if result.state == "unreached" and self._line is None and not fresh:
            # an idle connection that the server had given up: it has taken nothing
            result = self._try(envelope, recipient)
        return result

    def _try(self, envelope: Envelope, recipient: str) -> Result:
        try:
            line = self._line or self._connect()
        except _Failed as failed:
            self._hang_up(politely=False)
            return self._result(failed.state, failed.words, recipient)
        try:
            mail = self._letter(envelope, recipient, line)
            patience = _PATIENCE * self._target.seconds
            with cut_off(line.sock, patience + self._target.seconds):
                words = _hand_over(line, mail, patience)
        except CrisisError as error:
            return self._result("refused", error.message, recipient)
        except _Failed as failed:
            if failed.lost:
                self._hang_up(politely=False)
            return self._result(failed.state, failed.words, recipient)
        return self._result("delivered", words, recipient, mail.message_id)

    def _letter(self, envelope: Envelope, recipient: str, line: smtplib.SMTP) -> Letter:
        return letter(
            envelope,
            self._sender,
            recipient,
            self._around.clock(),
            unsubscribe=self._target.unsubscribe,
            eight_bit=line.has_extn("8bitmime"),
        )

    def _result(self, state: State, words: str, recipient: str, receipt: str = "") -> Result:
        return Result(state, one_line(words, self._server.secrets), receipt, recipient)

    def _connect(self) -> smtplib.SMTP:
        seconds, server = self._target.seconds, self._server
        hello = self._sender.address.rpartition("@")[2]  # looking up our own name may take long
        trust = ssl.create_default_context()
        with _nothing_sent(server):
            host = server.host.reveal().strip("[]")
            line = self._line = (
                smtplib.SMTP_SSL(host, server.port, hello, timeout=seconds, context=trust)
                if server.tls
                else smtplib.SMTP(host, server.port, hello, timeout=seconds)
            )
            with cut_off(line.sock, seconds):
                line.ehlo_or_helo_if_needed()
                self._secure(line, trust)
                self._log_in(line)
        return line

    def _secure(self, line: smtplib.SMTP, trust: ssl.SSLContext) -> None:
        if self._server.tls:
            return
        if line.has_extn("starttls"):
            line.starttls(context=trust)
            line.ehlo()
        elif self._target.starttls == "required":
            raise _Failed("refused", "the server offers no STARTTLS, and it is required")
        elif self._server.user and self._server.host.reveal() not in LOOPBACK:
            raise _Failed("refused", "the server offers no STARTTLS: the password is not sent")

    def _log_in(self, line: smtplib.SMTP) -> None:
        user, password = self._server.user, self._server.password
        if user is None or password is None:
            return
        if not (user.reveal().isascii() and password.reveal().isascii()):
            raise _Failed("refused", "the name and password for the server must be ASCII")
        line.login(user.reveal(), password.reveal())

    def _hang_up(self, *, politely: bool) -> None:
        line, self._line = self._line, None
        if line is None:
            return
        with suppress(OSError, smtplib.SMTPException):
            if politely and line.sock is not None:
                with cut_off(line.sock, min(self._target.seconds, 5)):
                    line.quit()
        line.close()


class _Failed(Exception):
    """The dialogue ended before it was done; `lost` says that the connection is of no use."""

    def __init__(self, state: State, words: str, *, lost: bool = True) -> None:
        super().__init__(state)
        self.state: State = state
        self.words = words
        self.lost = lost


@contextmanager
def _nothing_sent(server: Server) -> Iterator[None]:
    """Whatever goes wrong in here, no mail was begun."""
    try:
        yield
    except smtplib.SMTPResponseException as error:
        words = _said(error.smtp_code, error.smtp_error)
        raise _Failed(_state_of(error.smtp_code), words) from None
    except smtplib.SMTPNotSupportedError:
        raise _Failed("refused", "the server offers no way to log in that we know") from None
    except smtplib.SMTPException as error:
        raise _Failed("unreached", f"the server hung up: {error}") from None
    except (OSError, ValueError) as error:
        raise _Failed("unreached", f"{server.host}:{server.port}: {_why(error)}") from None


def _hand_over(line: smtplib.SMTP, mail: Letter, patience: float) -> str:
    """The dialogue of one mail. Up to the end of its content the server has taken nothing."""
    try:
        size = [f"size={len(mail.content)}"] if line.has_extn("size") else []
        body = ["body=8bitmime"] if line.has_extn("8bitmime") else []
        _ask(line, lambda: line.mail(mail.sender, [*size, *body]))
        _ask(line, lambda: line.rcpt(mail.recipient))
        _ask(line, lambda: line.docmd("DATA"), wanted=3)
    except (smtplib.SMTPException, OSError) as error:
        raise _Failed("unreached", f"the server hung up: {_why(error)}") from None
    try:
        code, words = _answer_to_content(line, _stuffed(mail.content), patience)
    except (smtplib.SMTPException, OSError) as error:
        raise _Failed("unknown", f"no answer after the mail was sent: {_why(error)}") from None
    if code // 100 == 2:
        return _said(code, words)
    if code // 100 not in (4, 5):
        raise _Failed("unknown", f"not an answer: {_said(code, words)}")
    raise _Failed(_state_of(code), _said(code, words), lost=code == 421)


def _answer_to_content(line: smtplib.SMTP, content: bytes, patience: float) -> tuple[int, bytes]:
    line.send(content)
    if line.sock is not None:
        line.sock.settimeout(patience)
    answer = line.getreply()
    if line.sock is not None:
        line.sock.settimeout(line.timeout)
    return answer


def _ask(line: smtplib.SMTP, command: Callable[[], tuple[int, bytes]], *, wanted: int = 2) -> None:
    code, words = command()
    if code // 100 == wanted:
        return
    lost = code == 421 or code // 100 not in (4, 5)
    if not lost:
        with suppress(smtplib.SMTPException, OSError):
            lost = line.rset()[0] != 250
    raise _Failed(_state_of(code), _said(code, words), lost=lost)


def _stuffed(content: bytes) -> bytes:
    """With every leading dot doubled, and the end of the mail behind it (RFC 5321, 4.5.2)."""
    dotted = re.sub(rb"(?m)^\.", b"..", content)
    return (dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n") + b".\r\n"


def _state_of(code: int) -> State:
    return "refused" if code // 100 == 5 else "unreached"


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}".strip()


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (error.strerror if isinstance(error, OSError) else "") or str(error) or "connection lost"
