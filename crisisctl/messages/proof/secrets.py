"""Secrets in a text: keys, tokens, passwords.

A finding never repeats a secret: it shows the first characters only.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from crisisctl.messages.proof.remark import Remark
from crisisctl.patterns import later

# The forms of keys as their makers publish them, each with what it cannot be without.
_KEYS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (what, mark, later(form))
    for what, mark, form in (
        ("a private key", "PRIVATE KEY", r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY"),
        ("an AWS access key", "AKIA", r"\bAKIA[0-9A-Z]{16}\b"),
        ("an AWS access key", "ASIA", r"\bASIA[0-9A-Z]{16}\b"),
        *(
            ("a GitHub token", f"gh{kind}_", rf"\bgh{kind}_[A-Za-z0-9]{{30,255}}\b")
            for kind in "pousr"
        ),
        ("a GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{30,255}\b"),
        ("a GitLab token", "glpat-", r"\bglpat-[A-Za-z0-9_-]{20,64}"),
        ("a Stripe key", "k_live_", r"\b[sr]k_live_[A-Za-z0-9]{10,255}\b"),
        ("a Stripe key", "k_test_", r"\b[sr]k_test_[A-Za-z0-9]{10,255}\b"),
        ("a webhook secret", "whsec_", r"\bwhsec_[A-Za-z0-9+/=]{16,255}"),
        ("a Slack token", "xox", r"\bxox[abposr]-[A-Za-z0-9-]{10,255}"),
        ("a Slack webhook", "hooks.slack", r"\bhooks\.slack\.com/services/T[A-Za-z0-9_/]{10,100}"),
        ("a Google key", "AIza", r"\bAIza[0-9A-Za-z_-]{35}"),
        ("a SendGrid key", "SG.", r"\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}"),
        ("a Telegram bot token", ":AA", r"\b\d{8,10}:AA[A-Za-z0-9_-]{32,34}\b"),
        ("a Twilio key", "SK", r"\bSK[0-9a-f]{32}\b"),
        ("a signed token", "eyJ", r"\beyJ[\w-]{10,500}\.eyJ[\w-]{10,2000}\.[\w-]{8,1000}"),
    )
)
_HEADER = later(r"\b(?:bearer|basic) {1,3}([A-Za-z0-9._~+/=-]{12,500})", re.IGNORECASE)
_IN_ADDRESS = later(r"://[^\s/:@\"'<>]{0,100}:([^\s/@\"'<>]{1,200})@")
_NAMED = later(
    r"(?:pass(?:word|wd|phrase)?|pwd|mot de passe|contraseña|clave|parola|şifre|пароль|secret"
    r"|token|api[ _-]?key|access[ _-]?key|private[ _-]?key|credentials?)"
    r"[\"']?[ \t]{0,3}(?:[:=]|\bis\b|\best\b|\bes\b)[ \t]{0,3}"
    r"(?P<quote>[\"'«“]?)(?P<value>[^\s\"'«»“”,;{}()\[\]<>|]{4,200})",
    re.IGNORECASE,
)
_MARKS = (
    *("passw", "passphrase", "pwd", "mot de passe", "contraseña", "clave", "parola", "şifre"),
    *("пароль", "secret", "token", "apikey", "api key", "api_key", "api-key", "access", "private"),
    "credential",
)
_REFERENCE = later(r"\$\{?[A-Za-z_]|^%[A-Z_]+%$|^\*+$|^x{4,}$|^\.{3}|^…", re.IGNORECASE)
_PLAIN = later(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*[.!?…]?")

SECRET_NAMES = later(
    r"(?:^|[_-])(?:pass(?:word|wd|phrase)?|pwd|secret|token|api_?key|access_?key|private_?key"
    r"|credentials?)$",
    re.IGNORECASE,
)
"""Names of settings that hold a secret."""


HINT = (
    "take it out, write ${NAME} and set it in the environment; "
    "and change it: whoever has read this file knows it"
)


class _Kept(NamedTuple):
    start: int
    end: int
    what: str


@lru_cache(maxsize=256)
def secrets(text: str) -> tuple[Remark, ...]:
    """Keys, tokens and passwords in any text."""
    if not any(map(_telling, text.split("\n"))):
        return ()
    plain = text.lower()
    found = [
        _Kept(match.start(), match.end(), what)
        for what, mark, form in _KEYS
        if mark in text
        for match in form.finditer(text)
    ]
    if "bearer" in plain or "basic" in plain:
        found += [
            _Kept(*match.span(1), "a token")
            for match in _HEADER.finditer(text)
            if _random(match[1]) and not _reference(match[1])
        ]
    if "://" in text and "@" in text:
        found += [
            _Kept(*match.span(1), "a password in an address")
            for match in _IN_ADDRESS.finditer(text)
            if not _reference(match[1])
        ]
    if any(map(plain.__contains__, _MARKS)):
        found += [
            _Kept(*match.span("value"), "a password or key")
            for match in _NAMED.finditer(text)
            if is_secret(match["value"])
        ]
    return tuple(_remarks(text, found))


@lru_cache(maxsize=4096)  # teams copy their playbooks from each other, line by line
def _telling(line: str) -> bool:
    """Whether a line has a sign of one."""
    plain = line.lower()
    return (
        "bearer" in plain
        or "basic" in plain
        or ("://" in plain and "@" in plain)
        or any(map(plain.__contains__, _MARKS))
        or any(mark in line for _, mark, _ in _KEYS)
    )


def is_secret(value: str) -> bool:
    """Whether what stands behind `password:` is one, not a word about passwords."""
    plain = value.rstrip(".!?…")
    if _reference(plain) or _PLAIN.fullmatch(plain) or "://" in plain or "@" in plain[:1]:
        return False
    kinds = sum(
        any(kind(char) for char in plain)
        for kind in (str.islower, str.isupper, str.isdigit, lambda char: not char.isalnum())
    )
    return len(plain) >= 6 and kinds >= 2 and any(c.isdigit() or not c.isalnum() for c in plain)


def comes_from_elsewhere(value: str) -> bool:
    """Whether a setting names where the secret is, instead of holding it."""
    return _reference(value) or (value.startswith("<") and value.endswith(">"))


def _reference(value: str) -> bool:
    return bool(_REFERENCE.search(value))


def _random(value: str) -> bool:
    """Whether it looks made by chance: mixed, and not the same few letters again and again."""
    counts = Counter(value)
    entropy = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    return entropy > 3 and any(char.isdigit() for char in value)


def _remarks(text: str, found: list[_Kept]) -> Iterator[Remark]:
    last = -1
    for kept in sorted(found, key=lambda kept: (kept.start, -kept.end)):
        if kept.start < last:
            continue
        last = kept.end
        begin = beginning(text[kept.start : kept.end])
        yield Remark(
            kept.start,
            kept.end,
            "secret",
            f"this looks like {kept.what}: {begin}",
            HINT,
        )


def beginning(secret: str) -> str:
    """As much of a secret as may be repeated."""
    return f"{secret[: min(4, len(secret) // 4)]}…"
