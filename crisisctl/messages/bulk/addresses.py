"""E-mail addresses: what is surely one, and why something is not.

Narrower than RFC 5321 on purpose: quoted local parts, comments and letters
beyond ASCII are refused, because a mail server on the way may not take them,
and because they are how one address is made to look like another.
"""

from __future__ import annotations

import re

LONGEST = 254
"""Characters of an address (RFC 5321, a path of 256 with its brackets)."""
_LONGEST_LOCAL = 64

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"(?!-){_ATOM}(?:\.{_ATOM})*"
    rf"@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|[Xx][Nn]--[A-Za-z0-9-]{{1,58}}[A-Za-z0-9])"
)


def is_address(text: str) -> bool:
    """Whether mail can be sent there, by its form."""
    short = len(text) <= LONGEST and text.find("@") <= _LONGEST_LOCAL
    return short and _ADDRESS.fullmatch(text) is not None


def why_not(text: str) -> str:
    """What is wrong with something that is no address, in words."""
    if not text:
        return "there is no address"
    if len(text) > LONGEST:
        return f"the address is longer than {LONGEST} characters"
    if "<" in text or ">" in text:
        return "write the address alone, without a name or < >"
    if any(mark in text for mark in ",; \t\n"):
        return "one address only, without spaces"
    if text.count("@") != 1:
        return "an address has one @"
    if not text.isascii():
        return "the address has letters beyond a to z; write such a domain as xn--…"
    return "it is not the form of an e-mail address"
