"""Links, e-mail addresses and telephone numbers, each in one form that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisisctl.messages.agreement.tokens import Address

_LINK = re.compile(
    r"(?:https?://|www\.)[^\s\0<>\"«»“”]{1,2000}"
    r"|(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,4}"
    r"(?:com|net|org|info|shop|store|example|eu|fr|es|tr|ru|uk|io|co|app|dev)\b"
    r"(?![\w@-]|\.\w)(?:/[^\s\0<>\"«»“”]{0,2000})?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(
    r"(?<![\w.:,/-])(?!\d{1,4}[./-]\d{1,2}[./-]\d)"
    r"(?:\+\(?\d(?:[ ().-]{0,2}\d){6,16}|\(?[01489](?:[ ().-]{0,2}\d){8,13}|444 \d \d{3})"
    r"(?![\w:]|[.,]\d)"
)
_GROUPED = re.compile(r"\d{1,3}(?:[ .]\d{3})+")
_TAIL = ".,;:!?)]'"
_LOCAL = 9
"""Digits of a number that are the same with and without the country's."""


def addresses(plain: str) -> Iterator[Address]:
    """Every address in a folded text, in no order."""
    if "." in plain:
        yield from _links(plain)
    if "@" in plain:
        for found in _MAIL.finditer(plain):
            yield Address(*found.span(), "email", found[0].rstrip("."))
    for found in _PHONE.finditer(plain):
        if not _GROUPED.fullmatch(found[0]):
            digits = re.sub(r"\D", "", found[0])
            yield Address(*found.span(), "phone", digits[-_LOCAL:])


def _links(plain: str) -> Iterator[Address]:
    for found in _LINK.finditer(plain):
        shown = found[0].rstrip(_TAIL)
        bare = shown.partition("//")[2] or shown
        value = re.split(r"[?#]", bare, maxsplit=1)[0].removeprefix("www.").rstrip("/")
        yield Address(found.start(), found.start() + len(shown), "link", value)
