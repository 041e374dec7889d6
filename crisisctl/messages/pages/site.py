"""What the status site is made of: plain values, in the words that customers were sent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from crisisctl.errors import CrisisError
from crisisctl.playbook.model import MessageKind, Severity
from crisisctl.text import quoted

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_UNFIT = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What neither HTML nor XML can hold."""


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose site it is, and how to reach them."""

    name: str
    url: str
    """Where the site is served."""
    email: str = ""
    phone: str = ""

    @property
    def base(self) -> str:
        """The address that the files of the site stand below. Raises if it is none."""
        return _address(self.url)[0]

    @property
    def host(self) -> str:
        """The machine's name in the address."""
        return _address(self.url)[1]


@lru_cache(maxsize=8)
def _address(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # a UnicodeError is one, too
        raise _no_address(url) from None
    if parts.scheme not in ("https", "http") or not _HOST.fullmatch(host):
        raise _no_address(url)
    path = re.sub(r"[^A-Za-z0-9/._~%-]", "", parts.path).rstrip("/")
    return f"{parts.scheme}://{host}{port}{path}/", host


def _no_address(url: str) -> CrisisError:
    return CrisisError(
        f"{quoted(url)} is no address of a status page",
        hint="write it as https://status.shop.example",
    )


@dataclass(frozen=True, slots=True)
class Wording:
    """One message in one language."""

    heading: str
    body: str


@dataclass(frozen=True, slots=True)
class Update:
    """One message that customers were sent."""

    id: str
    """What tells it from the others of its incident; it never changes."""
    at: datetime
    message: str
    kind: MessageKind | None
    texts: Mapping[str, Wording]
    """By locale."""
    cause_told: bool = False
    """Whether it says what the cause is."""


@dataclass(frozen=True, slots=True)
class Told:
    """An incident, as far as customers were told of it."""

    id: str
    """Ours; only its hash is published."""
    time_zone: str
    severity: Severity
    updates: tuple[Update, ...]
    open: bool = True
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None

    @property
    def in_order(self) -> tuple[Update, ...]:
        """The messages, oldest first."""
        return tuple(sorted(self.updates, key=lambda update: update.at))

    @property
    def over(self) -> datetime:
        """When it ended, if it has."""
        return self.resolved_at or self.in_order[-1].at


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the shop, and whether it works, in the words of Statuspage."""

    name: str
    status: str


@dataclass(frozen=True, slots=True)
class Site:
    """All that the status site says at one moment."""

    brand: Brand
    locales: tuple[str, ...]
    """The first one's pages stand at the top, the others' in folders of their own."""
    time_zone: str
    incidents: tuple[Told, ...]
    now: datetime
    components: tuple[Component, ...] = ()
    drill_stamps: Mapping[str, str] | None = None
    """For a drill: what stamps each page, by locale."""

    @property
    def default(self) -> str:
        """The locale whose pages stand at the top."""
        return self.locales[0]

    def folder(self, locale: str) -> str:
        """The folder of a locale: empty, or with a slash at its end."""
        return "" if locale == self.default else f"{locale}/"

    def stamp(self, locale: str) -> str:
        """What says in this language that all of it is a drill; empty if it is none."""
        return (self.drill_stamps or {}).get(locale, "")

    def name(self, locale: str) -> str:
        """The brand's name, with the stamp of a drill, for what has no other place for it."""
        stamp = self.stamp(locale)
        return f"[{stamp}] {self.brand.name}" if stamp else self.brand.name

    def public_id(self, *parts: str) -> str:
        """An id that says nothing: our own names what kind of crisis it is."""
        told = "\0".join((self.brand.base, *parts))
        return hashlib.sha256(told.encode(errors="replace")).hexdigest()[:12]

    def newest_first(self) -> list[Told]:
        """The incidents that customers heard of, the one with the latest message first."""
        told = [incident for incident in self.incidents if incident.updates]
        return sorted(told, key=lambda each: (each.in_order[-1].at, each.id), reverse=True)


def wording(update: Update, locale: str, default: str) -> tuple[str, Wording]:
    """A message in this language, else in one that it was sent in; and which that is."""
    wanted = (locale, default, *sorted(update.texts))
    found = next(each for each in wanted if each in update.texts)
    return found, update.texts[found]


def fit(text: str) -> str:
    """Text that any page or feed can hold: what is not a character of XML is replaced."""
    return _UNFIT.sub("\ufffd", text)


def instant(at: datetime) -> str:
    """A moment as RFC 3339 has it, in UTC."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
