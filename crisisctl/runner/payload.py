"""JSON from outside: parsed strictly, its texts and moments cleaned.

What could be read two ways is refused. A value of a kind nobody expected is
taken as missing: what a person will check anyway must not stop a declaration.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from crisisctl.errors import CrisisError
from crisisctl.text import quoted, safe

MAX_BYTES = 1 << 20

Box = Mapping[str, object]

_YEARS = range(2000, 3000)
_NOT_YET = (1, 1970)
"""The years that tools write for "not yet": Go's zero time, and second 0 of Unix."""
_PLACEHOLDER = r"\*\w+\*"
"""How UptimeRobot leaves a variable that does not apply."""
_URL = r"https?://[^\s/?#@\"<>\\]+(?:[/?#][^\s\"<>\\…]*)?"
"""Without a user and password: the address is kept in the journal."""


def parsed(data: bytes) -> Box:
    """One JSON object; empty when it is JSON, but no object."""
    if len(data) > MAX_BYTES:
        raise CrisisError("is larger than 1 MiB")
    try:
        text = data.decode("utf-8-sig")
        box = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_without_twins)
    except UnicodeDecodeError:
        raise CrisisError("is not UTF-8", hint="save it as UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise CrisisError(f"is not JSON: {error.msg.lower()} ({where})") from None
    except RecursionError:
        raise CrisisError("is nested too deeply to be an alert") from None
    except ValueError:  # Python refuses whole numbers of thousands of digits
        raise CrisisError("holds a number too long to be read") from None
    return box if isinstance(box, dict) else {}


def _no_constant(word: str) -> object:
    raise CrisisError(f"is not JSON: {word} is no number there")


def _without_twins(pairs: list[tuple[str, object]]) -> Box:
    box: dict[str, object] = {}
    for key, value in pairs:
        if key in box:
            raise CrisisError(f"says {quoted(key)} twice: which one is right?")
        box[key] = value
    return box


def inner(box: Box, key: str) -> Box:
    """The object under a key; empty when there is none."""
    value = box.get(key)
    return value if isinstance(value, dict) else {}


def clean(said: object, limit: int) -> str:
    """A text on one line, without what a terminal would obey, cut to a sensible length."""
    if isinstance(said, int) and not isinstance(said, bool):
        said = str(said)
    text = safe(" ".join(said.split())[: limit + 1]) if isinstance(said, str) else ""
    if re.fullmatch(_PLACEHOLDER, text):
        return ""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def first(*said: object, limit: int = 500) -> str:
    """The first that says anything, cleaned."""
    return next((text for one in said if (text := clean(one, limit))), "")


def link(*said: object) -> str:
    """The first that is a whole web address."""
    texts = (clean(one, 1000) for one in said)
    return next((text for text in texts if re.fullmatch(_URL, text)), "")


def moment(box: Box, field: str) -> datetime | None:
    """A time in UTC, to the second; None where there is none, or only a "not yet"."""
    text = clean(box.get(field), 60)
    if not text:
        return None
    try:
        when = _unix(text) if re.fullmatch(r"(?a)\d{1,12}", text) else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        when = None
    if when is not None and when.year in _NOT_YET:
        return None
    if when is None or when.tzinfo is None or when.year not in _YEARS:
        raise CrisisError(f"has no moment with its offset under {field}: {quoted(text)}")
    return when.astimezone(UTC).replace(microsecond=0)


def _unix(text: str) -> datetime:
    return datetime.fromtimestamp(int(text), UTC)
