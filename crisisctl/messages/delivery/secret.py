"""Values from the environment: used at the moment of sending, never shown."""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NoReturn
from urllib.parse import quote

from crisisctl.errors import CrisisError
from crisisctl.text import quoted, safe

MASK = "•••"
LONGEST = 240
"""As much of a foreign server's words as one line of ours repeats."""
_REFERENCE = re.compile(r"\$\{([^{}]{0,100})\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_JOINTS = re.compile(r"[/?&=#]")
"""Where an address, or a token of several parts, falls apart in somebody's error message."""
_TELLING = 6
"""Shorter pieces than this are words like `api`, not secrets."""


class Sealed:
    """A setting with its references filled in; whoever prints it sees `${NAME}` only."""

    __slots__ = ("_value", "secrets", "shown")

    def __init__(self, shown: str, value: str, secrets: tuple[str, ...] = ()) -> None:
        self.shown = shown
        self._value = value
        self.secrets = _Hidden(secrets)

    def reveal(self) -> str:
        """The value itself: for the wire, and for nothing else."""
        return self._value

    def __add__(self, text: str) -> Sealed:
        return Sealed(self.shown + text, self._value + text, self.secrets)

    def __repr__(self) -> str:
        return f"<{self.shown}>"

    def __str__(self) -> str:
        return self.shown

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not kept anywhere")


class _Hidden(tuple[str, ...]):
    """Several secrets; a traceback or a log that shows them shows how many there are."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} secrets>"

    __str__ = __repr__


def names_in(text: str) -> list[str]:
    """The variables that a setting refers to as `${NAME}`."""
    return list(dict.fromkeys(_REFERENCE.findall(text)))


def plain(text: str) -> Sealed:
    """What is no secret, where a sealed value is wanted."""
    return Sealed(text, text)


def fill(text: str, environment: Mapping[str, str], channel: str) -> Sealed:
    """Fill in each `${NAME}`. Raises when one is not set, naming the channel and the variable."""
    secrets = tuple(_value(name, environment, channel) for name in _REFERENCE.findall(text))
    return Sealed(text, _REFERENCE.sub(lambda m: environment[m[1]], text), secrets)


def _value(name: str, environment: Mapping[str, str], channel: str) -> str:
    if not _NAME.fullmatch(name):
        hint = "write it as ${SMTP_PASSWORD}"
        raise CrisisError(f"{channel}: {quoted(name)} is not the name of a variable", hint=hint)
    value = environment.get(name, "")
    if not value:
        what = f"{channel}: {name} is not set in the environment"
        raise CrisisError(what, hint=f"set it in the shell that runs crisisctl: export {name}=…")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in value):
        what = f"{channel}: {name} holds a line break or another control character"
        raise CrisisError(what, hint="set it again without one")
    return value


def masked(text: str, secrets: Iterable[str]) -> str:
    """A text without the secrets, in whichever of the usual spellings they stand in it."""
    spellings = {spelling for secret in secrets for spelling in _spellings(secret)}
    for spelling in sorted(spellings, key=lambda word: (-len(word), word)):
        text = text.replace(spelling, MASK)
    return text


def _spellings(secret: str) -> set[str]:
    if not secret:
        return set()
    raw = secret.encode(errors="replace")
    pieces = [piece for piece in _JOINTS.split(secret) if len(piece) >= _TELLING]
    return {
        *pieces,
        secret,
        quote(secret, safe=""),
        quote(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
    }


def one_line(text: str, secrets: Iterable[str]) -> str:
    """Foreign words as one clean line: masked first, then shortened."""
    line = " ".join(safe(masked(text, secrets)).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
