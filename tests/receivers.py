"""Receivers on the loopback address: a real mail server and a real web server that count."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection, create_server, socket
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from crisisctl.messages.delivery.surroundings import Surroundings

NOW = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)


@dataclass
class Around:
    """Surroundings that remember how long somebody wanted to wait, and wait not at all."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    slept: list[float] = field(default_factory=list)

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(
            self.environment, lambda: NOW, self.slept.append, lambda: 0.5, self.folder
        )


# ruff: noqa: N802, N815 - names that aiosmtpd and http.server call


class Mailroom:
    """Takes mail for everybody but a few: what stands before the @ says what happens."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.accepted: list[str] = []
        self.connections = 0
        self.logins: list[tuple[bytes, bytes]] = []
        self.encrypted: list[bool] = []

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = name
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        answers = {
            "nobody": "550 5.1.1 there is nobody of that name",
            "later": "451 4.7.1 please come back later",
            "closing": "421 4.3.2 closing",
        }
        answer = answers.get(to.partition("@")[0])
        if answer is None:
            envelope.rcpt_tos.append(to)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        (to,) = envelope.rcpt_tos
        local = to.partition("@")[0]
        content = envelope.original_content or b""
        if local == "spam":
            return "554 5.7.1 this looks like spam"
        if local == "busy":
            return "452 4.3.1 no room"
        self.raw.append(content)
        self.mails.append(message_from_bytes(content, policy=policy.default))
        self.accepted.append(to)
        self.encrypted.append(session.ssl is not None)
        if local == "lost":
            assert server.transport is not None
            server.transport.abort()
        return "250 2.0.0 taken"

    def authenticator(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password != b"wrong", handled=False)


@contextmanager
def mail_server(room: Any = None, **options: Any) -> Iterator[tuple[Any, int]]:
    """A mail server on the loopback address, with its port."""
    room = room or Mailroom()
    with create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(room, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield room, port
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody trusts who is not told to."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=here"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(chain)]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    return chain, key


@contextmanager
def line_server(*answers: bytes, silent_after: int = 0) -> Iterator[int]:
    """A server that greets, answers each line it reads with the next of these, and hangs up.

    After a 354 it reads to the end of the mail. Or it stays on the line without
    a word, where `silent_after` says so.
    """
    listener = create_server(("127.0.0.1", 0))

    def talk(line: socket) -> None:
        with suppress(OSError), line, line.makefile("rb") as heard:
            for answer in answers:
                line.sendall(answer)
                while heard.readline() not in (b"", b".\r\n") and answer.startswith(b"354"):
                    pass
            if silent_after:
                heard.read()

    def serve() -> None:
        while not over.is_set():
            line, _ = listener.accept()
            talk(line)

    over = threading.Event()
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        create_connection(listener.getsockname()).close()  # wakes it up
        thread.join()
        listener.close()


@dataclass
class Asked:
    """A request as the web server got it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Website(ThreadingHTTPServer):
    """Answers as its path says, and keeps the incidents of one status page."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[Asked] = []
        self.incidents: dict[str, dict[str, Any]] = {}
        self.trouble: list[str] = []
        self.release = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the tests."""


@contextmanager
def website() -> Iterator[Website]:
    server = Website()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Website

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append(Asked(self.command, self.path, headers, body))
        trouble = self.server.trouble.pop(0) if self.server.trouble else ""
        where = trouble or self.path.strip("/").partition("?")[0]
        if where == "cut":
            self._raw(b"HTTP/1.1 2")
        elif where == "half":
            self._raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        elif where == "silent":
            self.server.release.wait(20)
        elif where == "drip":
            self._drip()
        elif where.isdigit():
            self._answer(int(where), {"error": f"no, {self.headers.get('Authorization')}"})
        elif where.startswith("echo/"):
            self._answer(404, f"there is no {self.path}")
        elif where.startswith("pages/"):
            self._page(body)
        else:
            self._answer(200, {"ok": True})

    do_GET = do_PATCH = do_POST

    def _page(self, body: bytes) -> None:
        rows = self.server.incidents
        id = self.path.partition("/incidents")[2].strip("/").partition("?")[0]
        if self.command == "GET":
            found: Any = rows.get(id) if id else list(rows.values())
            self._answer(200 if found is not None else 404, found)
            return
        given = json.loads(body)["incident"]
        if self.command == "POST":
            id = f"inc{len(rows) + 1}"
            rows[id] = {"id": id, "updates": 0}
        rows[id] = {**rows[id], **given, "updates": rows[id]["updates"] + 1}
        if "lost" in self.server.trouble:
            self.server.trouble.remove("lost")
            self._raw(b"")
        else:
            self._answer(201, rows[id])

    def _answer(self, status: int, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        if status in (429, 503):
            self.send_header("Retry-After", "7")
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _raw(self, content: bytes) -> None:
        self.wfile.write(content)
        self.wfile.flush()
        self.close_connection = True

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1")
        with suppress(OSError):  # until the other side has had enough
            while not self.server.release.wait(0.05):
                self.wfile.write(b" ")

    def log_message(self, *words: Any) -> None:
        pass
