"""One request over HTTP, and whether it may have been understood before the line was lost."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.result import Result, State
from crisisctl.messages.delivery.secret import Sealed, one_line
from crisisctl.messages.delivery.targets import LOOPBACK
from crisisctl.messages.delivery.watch import cut_off

LARGEST_ANSWER = 8 << 20
"""Statuspage lists incidents with all their updates; nothing we ask for is larger."""
_NOTHING_TAKEN = (408, 420, 425, 429, 503)
"""Answers that say: not now, and nothing was taken; 420 is Statuspage's own."""
_BEHIND = (502, 504)
"""Answers of something in front of the receiver, which may have understood all the same."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the wire takes it; what is secret in it shows as `${NAME}`."""

    method: str
    url: Sealed
    headers: tuple[tuple[str, Sealed], ...]
    body: bytes = b""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be seen of it."""
        sealed = (self.url, *(value for _, value in self.headers))
        return tuple(secret for each in sealed for secret in each.secrets)

    def lines(self) -> Iterator[str]:
        """The request line and the headers, secrets as `${NAME}`."""
        url = urlsplit(self.url.shown)
        yield f"{self.method} {_path(url)} HTTP/1.1"
        if url.netloc:
            yield f"Host: {url.netloc}"
        yield "Accept-Encoding: identity"
        if self.body:
            yield f"Content-Length: {len(self.body)}"
        for name, value in self.headers:
            yield f"{name}: {value}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as far as it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(request: Request, channel: str, seconds: float) -> Answer | Result:
    """Send a request and wait for its answer; a result says why there is none.

    No proxy, no redirect. Once the first byte has left, a lost connection
    means: nobody knows.
    """
    url = _checked(request, channel)
    line = _line(url, seconds)
    try:
        line.connect()
    except (OSError, ValueError) as error:
        line.close()
        words = f"{_shown_host(request)}: {_why(error)}"
        return Result("unreached", one_line(words, request.secrets))
    try:
        return _conversation(line, request, _path(url), seconds)
    except (OSError, http.client.HTTPException, ValueError) as error:
        words = f"no answer after the request was sent: {_why(error)}"
        return Result("unknown", one_line(words, request.secrets))
    finally:
        line.close()


def judged(answer: Answer, request: Request, now: datetime) -> Result:
    """What an answer means for what was asked."""
    words = _words(answer)
    if 300 <= answer.status < 400:
        words = f"HTTP {answer.status}: it points elsewhere, and redirects are not followed"
    detail = one_line(words, request.secrets)
    return Result(
        state_of(answer.status),
        detail,
        f"HTTP {answer.status}",
        retry_after=retry_after(answer.headers.get("retry-after", ""), now),
    )


def retry_after(header: str, now: datetime) -> float | None:
    """The seconds to wait that a header asks for, in seconds or as a date; None: none."""
    words = header.strip()
    if words.isascii() and words.isdigit():
        return float(words[:9])
    try:
        when = parsedate_to_datetime(words)
    except (ValueError, IndexError, OverflowError):
        return None
    return max((when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds(), 0.0)


def _checked(request: Request, channel: str) -> SplitResult:
    try:
        url = urlsplit(request.url.reveal())
        host, _ = url.hostname or "", url.port
    except ValueError:
        url, host = urlsplit(""), ""
    written = request.url.reveal()
    sound = written.isascii() and written.isprintable() and " " not in written
    if not sound or not host or "@" in url.netloc or url.scheme not in ("http", "https"):
        hint = "write it as https://hooks.kestrel.example/path, without a name or password"
        raise CrisisError(f"{channel}: the url is no web address", hint=hint)
    if url.scheme == "http" and host not in LOOPBACK:
        what = f"{channel}: http would show the text to anyone on the way"
        raise CrisisError(what, hint="write https://")
    for name, value in request.headers:
        if not (value.reveal().isascii() and value.reveal().isprintable()):
            raise CrisisError(f"{channel}: {name} would hold letters that no header can")
    return url


def _line(url: SplitResult, seconds: float) -> http.client.HTTPConnection:
    host = url.hostname or ""
    if url.scheme == "http":
        return http.client.HTTPConnection(host, url.port, timeout=seconds)
    trust = ssl.create_default_context()
    return http.client.HTTPSConnection(host, url.port, timeout=seconds, context=trust)


def _conversation(
    line: http.client.HTTPConnection, request: Request, path: str, seconds: float
) -> Answer:
    headers = {name: value.reveal() for name, value in request.headers}
    with cut_off(line.sock, seconds):
        line.request(request.method, path, request.body or None, headers)
        answer = line.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        try:
            body = answer.read(LARGEST_ANSWER)
        except (OSError, http.client.HTTPException):
            body = b""  # the status has come, and it is what counts
    return Answer(answer.status, told, body)


def _path(url: SplitResult) -> str:
    return (url.path or "/") + (f"?{url.query}" if url.query else "")


def _shown_host(request: Request) -> str:
    return urlsplit(request.url.shown).netloc or request.url.shown


def state_of(status: int) -> State:
    """What an HTTP status says about the fate of what was sent."""
    if 200 <= status < 300:
        return "delivered"
    if status in _NOTHING_TAKEN:
        return "unreached"
    return "unknown" if status in _BEHIND else "refused"


def _words(answer: Answer) -> str:
    said = answer.body[:600].decode("utf-8", "replace").strip()
    return f"HTTP {answer.status}{': ' if said else ''}{said}"


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    words = error.strerror if isinstance(error, OSError) else ""
    return words or str(error) or "connection lost"
