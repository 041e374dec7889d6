"""Chat, SMS and push through Apprise, the optional extra `[send]`."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.delivery.result import Result, State
from crisisctl.messages.delivery.secret import Sealed, fill, one_line
from crisisctl.messages.delivery.surroundings import Surroundings
from crisisctl.messages.delivery.targets import Target
from crisisctl.messages.delivery.web import state_of

if TYPE_CHECKING:
    import apprise

TO = "{to}"
"""Where the recipient stands in the address of a service that needs one."""
_STATUS = re.compile(r"error=([0-9]{3})\b")
_NEVER_CONNECTED = re.compile(
    r"Socket Exception: .*(?:NewConnectionError|NameResolutionError|ConnectTimeoutError"
    r"|Connection refused|Name or service not known)"
)


def post(envelope: Envelope, target: Target, surroundings: Surroundings) -> Result:
    """Hand a text to one address of Apprise's, once.

    One address at a time: with two in one call, the failure of one would hide
    that the other was reached.
    """
    where = url(envelope, target, surroundings)
    with _listening() as heard:
        service = _service(where, heard, envelope.channel)
        sent = service.notify(envelope.body, envelope.heading, body_format=envelope.format)
    if sent:
        return Result("delivered", f"taken by {where.shown.partition('://')[0]}")
    words = heard.told[-1] if heard.told else "it was not taken, and no reason was given"
    return Result(_state(heard), one_line(words, where.secrets))


def url(envelope: Envelope, target: Target, surroundings: Surroundings) -> Sealed:
    """The service's address for this envelope."""
    to = quote("".join(envelope.recipients[:1]), safe="")
    return fill(target.url.replace(TO, to), surroundings.environment, envelope.channel)


class _Heard(logging.Handler):
    """What Apprise says while it sends; nothing of it goes anywhere else."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.told: list[str] = []
        self.never_connected = False
        self.something_went = False

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        if record.levelno >= logging.WARNING:
            self.told.append(words)
        elif record.levelno >= logging.INFO:
            self.something_went = True
        elif _NEVER_CONNECTED.match(words):
            self.never_connected = True


@contextmanager
def _listening() -> Iterator[_Heard]:
    """Logs name addresses, which hold tokens, and payloads: none may reach a screen or file."""
    heard = _Heard()
    with (
        _only("apprise", heard),
        _only("urllib3", logging.NullHandler()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # of its own plugins, about Python's next versions
        yield heard


@contextmanager
def _only(name: str, handler: logging.Handler) -> Iterator[None]:
    log = logging.getLogger(name)
    before = (log.level, log.propagate, log.handlers[:])
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        log.setLevel(before[0])
        log.propagate, log.handlers = before[1:]


def _service(where: Sealed, heard: _Heard, channel: str) -> apprise.Apprise:
    try:
        import apprise
    except ImportError:
        hint = "install it: pip install 'crisisctl[send]'"
        raise CrisisError(f"{channel}: via apprise needs the extra [send]", hint=hint) from None
    quiet = apprise.AppriseAsset(
        async_mode=False,
        secure_logging=True,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    service = apprise.Apprise(asset=quiet)
    if not service.add(where.reveal()):
        why = one_line(heard.told[-1] if heard.told else "", (where.reveal(), *where.secrets))
        raise CrisisError(f"{channel}: Apprise does not understand the url", hint=why)
    services = list(service)
    if len(services) != 1:
        hint = "write them below each other, as a list"
        raise CrisisError(f"{channel}: the url holds several addresses", hint=hint)
    services[0].retry = 0  # `?retry=3` would say it three times where an answer was lost
    services[0].optional = False  # `?optional=yes` would call a failure a success
    return service


def _state(heard: _Heard) -> State:
    """Only a status, or a connection that was never there, says that nothing was taken."""
    if heard.something_went:
        return "unknown"
    if heard.never_connected:
        return "unreached"
    statuses = [int(found[1]) for words in heard.told if (found := _STATUS.search(words))]
    return state_of(statuses[-1]) if statuses else "unknown"
