"""A signed request to an address of one's own.

The header `Crisisctl-Signature: t=SECONDS,v1=HEX` holds the moment of sending
and the HMAC-SHA256, under the secret, of that number, a dot and the body's
exact bytes. A receiver recomputes it, compares in constant time, and refuses
what is older than five minutes. `Idempotency-Key` is the same for the same
text to the same people, however often it is sent.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime

from crisisctl import __version__
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.delivery.result import Result
from crisisctl.messages.delivery.secret import Sealed, fill, plain
from crisisctl.messages.delivery.surroundings import Surroundings
from crisisctl.messages.delivery.targets import Target
from crisisctl.messages.delivery.web import Request, exchange, judged

SIGNATURE = "Crisisctl-Signature"


def post(envelope: Envelope, target: Target, surroundings: Surroundings) -> Result:
    """Send a text to a webhook once."""
    asked = request(envelope, target, surroundings)
    answer = exchange(asked, envelope.channel, target.seconds)
    if isinstance(answer, Result):
        return answer
    return judged(answer, asked, surroundings.clock())


def request(envelope: Envelope, target: Target, surroundings: Surroundings) -> Request:
    """The request as it goes out, signed."""
    channel, environment = envelope.channel, surroundings.environment
    content = body(envelope)
    secret = fill(target.secret, environment, channel)
    signed = _signature(secret, content, surroundings.clock())
    url = fill(target.url, environment, channel)
    return Request("POST", url, headers(envelope, signed), content)


def headers(envelope: Envelope, signature: Sealed) -> tuple[tuple[str, Sealed], ...]:
    """All headers of ours, in their order."""
    return (
        ("Content-Type", plain("application/json")),
        ("User-Agent", plain(f"crisisctl/{__version__}")),
        ("Idempotency-Key", plain(envelope.key)),
        (SIGNATURE, signature),
    )


def body(envelope: Envelope) -> bytes:
    """The JSON that a receiver gets: the same envelope, the same bytes."""
    said = {
        "schema": 1,
        "id": envelope.key,
        "thread": envelope.thread,
        "channel": envelope.channel,
        "locale": envelope.locale,
        "kind": envelope.kind,
        "format": envelope.format,
        "heading": envelope.heading,
        "body": envelope.body,
        "html": envelope.html,
        "recipients": list(envelope.recipients),
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _signature(secret: Sealed, content: bytes, when: datetime) -> Sealed:
    seconds = int(when.timestamp())
    text = f"{seconds}.".encode() + content
    made = hmac.new(secret.reveal().encode(), text, hashlib.sha256).hexdigest()
    return Sealed(
        f"t={seconds},v1=(signed with {secret.shown})", f"t={seconds},v1={made}", secret.secrets
    )
