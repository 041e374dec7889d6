"""Mail addresses that cannot smuggle anything: one plain mailbox, nothing else."""

from __future__ import annotations

import re
from typing import NamedTuple

from crisisctl.errors import CrisisError
from crisisctl.text import escaped, quoted

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_BREAKS = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONGEST_NAME = 64
"""Nobody reads more, and CPython folds longer ones wrongly."""
_NAMED = re.compile(r"([^<>]*)<([^<>]*)>")


class Mailbox(NamedTuple):
    """An address, with a name before it or none."""

    name: str
    address: str


def header_text(words: str, what: str) -> str:
    """A text that may stand in a header. Raises on anything that could begin another one.

    CPython unfolds encoded words that we did not write, line breaks included
    (CVE-2024-6923), so their beginning is broken up.
    """
    if found := _BREAKS.search(words):
        hint = "a line break here could add headers of its own: remove it"
        raise CrisisError(f"{what} holds the character {escaped(found[0])}", hint=hint)
    return words.replace("=?", "= ?").strip()


def address(text: str) -> str:
    """One mail address as the wire takes it, its domain in ASCII. Raises when it is none."""
    local, at, domain = text.strip(" ").rpartition("@")
    host = _ascii(domain)
    good = at and len(local) <= 64 and len(host) <= 253 and not local.startswith("-")
    labels = host.split(".")
    if good and _LOCAL.fullmatch(local) and all(map(_LABEL.fullmatch, labels)):
        return f"{local}@{host}"
    hint = "write it as help@kestrel.example, in plain letters before the @"
    raise CrisisError(f"{quoted(text)} is not a mail address that can be written to", hint=hint)


def mailbox(text: str) -> Mailbox:
    """`Kestrel <help@kestrel.example>`, or the address alone. Raises when it is neither."""
    named = _NAMED.fullmatch(text.strip(" "))
    if named is None:
        return Mailbox("", address(text))
    name = header_text(named[1].strip().strip('"'), "the sender's name")
    if len(name) > _LONGEST_NAME:
        hint = f"{_LONGEST_NAME} characters are enough"
        raise CrisisError(f"the sender's name has {len(name)} characters", hint=hint)
    return Mailbox(name, address(named[2]))


def _ascii(domain: str) -> str:
    """The domain in ASCII, but only where that way leads back: "straße" is not "strasse"."""
    if domain.isascii():
        return domain
    try:
        host = domain.encode("idna").decode("ascii")
        return host if host.encode().decode("idna") == domain.lower() else ""
    except UnicodeError:
        return ""
