"""Atlassian Statuspage: one incident for each thread, opened once, then updated.

The service knows no idempotency key, so what we said stands in the incident's
metadata: before anything is written we look there. One request a second is
all a token may make.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from crisisctl import __version__
from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.delivery.result import Result
from crisisctl.messages.delivery.secret import Sealed, fill, plain
from crisisctl.messages.delivery.surroundings import Surroundings
from crisisctl.messages.delivery.targets import Target
from crisisctl.messages.delivery.web import Answer, Request, exchange, judged

BASE = "https://api.statuspage.io/v1"
PAUSE = 1.1
_STATUS = {"holding": "investigating", "update": "identified", "resolution": "resolved"}
_LONGEST_NAME = 255
_LONGEST_BODY = 25_000
_LOOKED_THROUGH = 50
"""The newest incidents among which ours is searched."""
_MARK = "crisisctl"
_KEYS_KEPT = 50
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Found:
    """Our incident on the page, and the keys of what it already says."""

    id: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Where the page is, and what opens it."""

    address: Sealed
    key: Sealed

    def headers(self) -> tuple[tuple[str, Sealed], ...]:
        """The headers of every request."""
        return (("Authorization", self.key), ("User-Agent", plain(f"crisisctl/{__version__}")))


def post(envelope: Envelope, target: Target, surroundings: Surroundings) -> Result:
    """Open the thread's incident or add to it, unless it says this already."""
    environment, channel = surroundings.environment, envelope.channel
    page = Page(
        fill(address(target), environment, channel), fill(key(target), environment, channel)
    )
    looked = _look(envelope, target, surroundings, page)
    if isinstance(looked, Result):
        return looked
    if looked is not None and envelope.key in looked.keys:
        return Result("delivered", "it was there already", looked.id)
    asked = request(envelope, target, looked, page)
    surroundings.sleep(PAUSE)
    answer = exchange(asked, channel, target.seconds)
    if isinstance(answer, Result):
        return answer
    result = judged(answer, asked, surroundings.clock())
    if result.state != "delivered":
        return result
    return Result("delivered", result.receipt, looked.id if looked else _id(_json(answer)))


def address(target: Target) -> str:
    """The page's address at the service, as it is written."""
    return f"{(target.url or BASE).rstrip('/')}/pages/{target.page}"


def key(target: Target) -> str:
    """What opens the page, as it is written."""
    return f"OAuth {target.token}"


def known(envelope: Envelope) -> Found | None:
    """The incident that an earlier receipt names."""
    id = envelope.continues
    return Found(id) if _ID.fullmatch(id) else None


def request(envelope: Envelope, target: Target, found: Found | None, page: Page) -> Request:
    """The request that opens an incident, or adds to the one that was found."""
    return Request(
        "PATCH" if found else "POST",
        page.address + (f"/incidents/{found.id}" if found else "/incidents"),
        (*page.headers(), ("Content-Type", plain("application/json"))),
        body(envelope, target, found),
    )


def body(envelope: Envelope, target: Target, found: Found | None) -> bytes:
    """The incident as JSON. Raises when the page would cut or refuse the text."""
    name = envelope.heading or envelope.body.partition("\n")[0]
    for what, text, most in (
        ("headline", name, _LONGEST_NAME),
        ("text", envelope.body, _LONGEST_BODY),
    ):
        if len(text) > most:
            long = f"the {what} has {len(text)} characters, Statuspage takes {most}"
            raise CrisisError(f"{envelope.channel}: {long}", hint="shorten it: nothing is cut")
    keys = (*(found.keys if found else ()), envelope.key)[-_KEYS_KEPT:]
    incident: dict[str, Any] = {
        "name": name,
        "body": envelope.body,
        **_status(envelope, found),
        "deliver_notifications": target.notify,
        "metadata": {_MARK: {"thread": envelope.thread, "keys": list(keys)}},
    }
    if target.components:
        over = envelope.kind == "resolution"
        incident["component_ids"] = list(target.components)
        incident["components"] = {
            id: "operational" if over else condition for id, condition in target.components.items()
        }
    return json.dumps({"incident": incident}, ensure_ascii=False).encode()


def _status(envelope: Envelope, found: Found | None) -> dict[str, str]:
    """What the kind of message says of the incident; others leave it as it is."""
    if envelope.kind in _STATUS:
        return {"status": _STATUS[envelope.kind]}
    return {} if found else {"status": "investigating"}


def _look(
    envelope: Envelope, target: Target, surroundings: Surroundings, page: Page
) -> Found | Result | None:
    """Find the thread's incident. Looking changes nothing, so it may always be tried again."""
    before = known(envelope)
    path = f"/incidents/{before.id}" if before else f"/incidents?limit={_LOOKED_THROUGH}"
    asked = Request("GET", page.address + path, page.headers())
    answer = exchange(asked, envelope.channel, target.seconds)
    if isinstance(answer, Result):
        return Result("unreached", answer.detail)
    result = judged(answer, asked, surroundings.clock())
    if result.state != "delivered":
        return result if result.state == "refused" else replace(result, state="unreached")
    return _ours(answer, envelope)


def _ours(answer: Answer, envelope: Envelope) -> Found | Result | None:
    rows, before = _json(answer), known(envelope)
    if not isinstance(rows, dict if before else list):
        return Result("unreached", "the status page's answer cannot be read")
    for row in [rows] if before else rows:
        if not isinstance(row, dict) or not (id := _id(row)):
            continue
        mark = _mark(row)
        told = _keys(mark)
        same = envelope.thread and mark.get("thread") == envelope.thread
        if before or same or envelope.key in told:
            return Found(before.id if before else id, told)
    return before


def _keys(mark: dict[str, Any]) -> tuple[str, ...]:
    keys = mark.get("keys")
    return tuple(key for key in keys if isinstance(key, str)) if isinstance(keys, list) else ()


def _mark(row: dict[str, Any]) -> dict[str, Any]:
    metadata = row.get("metadata")
    mark = metadata.get(_MARK) if isinstance(metadata, dict) else None
    return mark if isinstance(mark, dict) else {}


def _id(row: Any) -> str:
    id = row.get("id") if isinstance(row, dict) else None
    return id if isinstance(id, str) and _ID.fullmatch(id) else ""


def _json(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
