"""Fact values: read from a keyboard or a file, kept in the journal, shown on screen.

Anything doubtful is refused with the way to write it: a guess here would end
up in a message to customers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from crisisctl.playbook.amounts import checked, parse_money, parse_number
from crisisctl.playbook.model import Fact, FactType
from crisisctl.playbook.times import (
    BadValue,
    iso_duration,
    iso_time,
    parse_duration,
    parse_time,
    read_iso_duration,
)
from crisisctl.text import did_you_mean, escaped, in_words, listed, moment, quoted, safe

__all__ = ["BadValue", "Encoded", "Value", "decode", "encode", "parse", "parse_duration", "words"]

Value = str | int | Decimal | bool | datetime | timedelta | tuple[str, ...]

Encoded = str | int | bool | list[str]
"""What JSON can hold of a value."""


class _Asked(NamedTuple):
    """What a value is read against."""

    spec: Fact
    now: datetime
    zone: tzinfo


def parse(spec: Fact, raw: object, *, now: datetime, zone: tzinfo) -> Value:
    """Read a value as a person typed it or a YAML file holds it.

    Raises `BadValue`, whose message says what is wrong and what is accepted.
    """
    return _READERS[spec.type](raw, _Asked(spec, now, zone))


_LONGEST = 4000


def _typed(raw: object, kind: str, accepted: str = "write it as text, in quotes") -> str:
    """Take text only: a YAML number has already lost its zeros, a list has no one value."""
    if not isinstance(raw, str):
        raise BadValue(f"{quoted(raw)} is not {kind}: {accepted}")
    if len(raw) > _LONGEST:
        raise BadValue(f"{len(raw)} characters are too many for {kind}: {_LONGEST} at most")
    if not raw.strip():
        raise BadValue(f"an empty answer is not {kind}: write it out")
    return raw.strip()


def _text(raw: object, _: _Asked) -> str:
    bare = unicodedata.normalize("NFC", _typed(raw, "a text").replace("\r\n", "\n")).strip()
    for char in set(bare) - {"\n"}:
        if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp"):
            raise BadValue(
                f"{quoted(bare)} holds the control character {escaped(char)}: only line breaks may"
            )
    return bare


# Never part of a valid address (RFC 3986), and what breaks out of a link.
_NOT_IN_URL = r'[\s\x00-\x20\x7f-\xa0"<>\\^`{|}]'
_HOST = r"(?:\w(?:[\w-]*\w)?\.)*\w(?:[\w-]*\w)?\.?|[0-9a-f:.]*:[0-9a-f:.]*"


def _url(raw: object, _: _Asked) -> str:
    from urllib.parse import urlsplit

    bare = _typed(raw, "an address")
    accepted = "write https://shop.example/checkout"
    if re.search(_NOT_IN_URL, bare) or len(bare) > 2000:
        raise BadValue(f"{quoted(bare)} is not a web address: {accepted}, without spaces")
    try:
        parts = urlsplit(bare)
        host, user, _port = parts.hostname or "", parts.username, parts.port
    except ValueError:
        raise BadValue(f"{quoted(bare)} is not a web address: {accepted}") from None
    if parts.scheme not in ("http", "https") or not re.fullmatch(_HOST, host):
        raise BadValue(f"{quoted(bare)} is not a web address: {accepted}")
    if user is not None:
        raise BadValue("the address holds a user name or password: write it without")
    if parts.netloc.endswith(":"):
        raise BadValue(f"{quoted(bare)} is not a web address: nothing follows the colon")
    return bare


_EMAIL = (
    r"(?ai)[\w!#$%&'*+/=?^`{|}~][\w!#$%&'*+/=?^`{|}~-]*(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)


def _email(raw: object, _: _Asked) -> str:
    bare = _typed(raw, "an e-mail address")
    if len(bare) > 254 or not re.fullmatch(_EMAIL, bare):
        raise BadValue(f"{quoted(bare)} is not an e-mail address: write one, help@shop.example")
    return bare


_NO_BREAK_SPACES = str.maketrans("\u00a0\u202f\u2009", "   ")
_PHONE = r"(?:\+|\(|[0-9])[0-9 ().-]+"


def _phone(raw: object, _: _Asked) -> str:
    bare = _typed(raw, "a phone number").translate(_NO_BREAK_SPACES)
    digits = sum(char.isdigit() for char in bare)
    if not re.fullmatch(_PHONE, bare) or not 5 <= digits <= 20:
        raise BadValue(
            f"{quoted(bare)} is not a phone number: write +33 1 23 45 67 89, 5 to 20 digits"
        )
    return bare


def _time(raw: object, asked: _Asked) -> datetime:
    typed = _typed(raw, "a time")
    return parse_time(typed, now=asked.now, zone=asked.zone, ahead=asked.spec.ahead)


def _duration(raw: object, _: _Asked) -> timedelta:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = str(raw)
    return parse_duration(_typed(raw, "a duration", "write 90m, 1h30m or 3d"))


def _number(raw: object, asked: _Asked) -> int | Decimal:
    number, least = _any_number(raw), asked.spec.least
    if least is not None and number < least:
        raise BadValue(f"{number} cannot be: write {least} or more")
    return number


def _any_number(raw: object) -> int | Decimal:
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        return checked(raw)
    if isinstance(raw, float):
        return checked(Decimal(repr(raw)))
    return parse_number(_typed(raw, "a number", "write 1234 or 1234.5"))


def _money(raw: object, _: _Asked) -> str:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raw = str(raw)
    return parse_money(_typed(raw, "a sum of money", "write 12.50 EUR"))


def _choice(raw: object, asked: _Asked) -> str:
    bare = _typed(raw, "a choice")
    choices = asked.spec.choices
    if bare in choices:
        return bare
    folded = bare.casefold()
    keys = [key for key in choices if key.casefold() == folded]
    found = keys or [key for key, shown in choices.items() if shown.strip().casefold() == folded]
    if len(found) == 1:
        return found[0]
    known = listed(choices, "or")
    if found:
        raise BadValue(f"{quoted(bare)} can mean {listed(found, 'or')}: write which")
    meant = did_you_mean(bare, [*choices, *choices.values()])
    asks = f"; did you mean {safe(meant)}?" if meant else ""
    raise BadValue(f"{quoted(bare)} is not a choice: write {safe(known)}{asks}")


def _choices(raw: object, asked: _Asked) -> tuple[str, ...]:
    if isinstance(raw, list | tuple):
        chosen = {_choice(item, asked) for item in raw}
    else:
        chosen = _typed_choices(_typed(raw, "a choice"), asked)
    if not chosen:
        raise BadValue(
            f"nothing is chosen: write one or more of {listed(asked.spec.choices, 'or')}"
        )
    return tuple(key for key in asked.spec.choices if key in chosen)


def _typed_choices(bare: str, asked: _Asked) -> set[str]:
    try:  # the words of one choice may hold a comma
        return {_choice(bare, asked)}
    except BadValue:
        if "," not in bare:
            raise
    return {_choice(item, asked) for item in bare.split(",") if item.strip()}


def _flag(raw: object, _: _Asked) -> bool:
    if isinstance(raw, bool):
        return raw
    bare = _typed(raw, "a yes or no", "write yes or no").casefold()
    if bare in ("true", "yes", "y"):
        return True
    if bare in ("false", "no", "n"):
        return False
    raise BadValue(f"{quoted(raw)} is neither yes nor no: write yes or no")


_READERS: dict[FactType, Callable[[object, _Asked], Value]] = {
    "text": _text,
    "url": _url,
    "email": _email,
    "phone": _phone,
    "time": _time,
    "duration": _duration,
    "number": _number,
    "money": _money,
    "choice": _choice,
    "choices": _choices,
    "flag": _flag,
}


def encode(value: Value) -> Encoded:
    """Write a value in its one form for the journal, `--json` and approvals."""
    match value:
        case bool() | int() | str():
            return value
        case Decimal():
            return f"{value:f}"
        case datetime():
            return iso_time(value)
        case timedelta():
            return iso_duration(value)
        case _:
            return list(value)


def decode(spec: Fact, raw: object) -> Value:
    """Read back what `encode` wrote."""
    match spec.type, raw:
        case "flag", bool():
            return raw
        case "number", int() if not isinstance(raw, bool):
            return raw
        case "choices", list() if all(isinstance(item, str) for item in raw):
            return tuple(raw)
        case "number" | "time" | "duration", str():
            return _decoded(spec.type, raw)
        case "text" | "url" | "email" | "phone" | "money" | "choice", str():
            return raw
    raise BadValue(f"{quoted(raw)} was recorded, which is not a {spec.type}")


def _decoded(kind: FactType, raw: str) -> Value:
    try:
        match kind:
            case "number":
                return Decimal(raw)
            case "time":
                return datetime.fromisoformat(raw).astimezone(UTC)
            case _:
                return read_iso_duration(raw)
    except (ValueError, InvalidOperation):
        raise BadValue(f"{quoted(raw)} was recorded, which is not a {kind}") from None


def words(spec: Fact, value: Value, zone: tzinfo) -> str:
    """Show a value to the operator, clean for a terminal."""
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return moment(value, zone)
        case timedelta():
            return in_words(value)
        case tuple():
            return listed(safe(spec.choices.get(key, key)) for key in value)
        case str():
            return safe(spec.choices.get(value, value), lines=True)
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)
