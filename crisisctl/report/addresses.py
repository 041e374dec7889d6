"""What leads inside, or to a person: machines, files, addresses, numbers and secrets."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from crisisctl.messages.proof.personal import Own, digits, personal
from crisisctl.messages.proof.secrets import beginning, secrets
from crisisctl.text import quoted

Found = Literal["person", "role", "words", "held", "machine", "other-host", "contact", "secret"]

_LINK = re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://[^\s<>\"'()\[\]{}]+", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,24}(?![\w-])")
_HOST = re.compile(r"(?<![\w@./-])(?:[a-z0-9_-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,23}(?![\w@-])", re.I)
_MACHINE = re.compile(
    r"(?<![\w.@/-])(?:"
    r"(?:db|mysql|redis|postgres|k8s|ec2|srv)[-_]?(?:[a-z]{1,12}[-_])?\d{1,4}"
    r"|(?:web|app|api|cache|node|worker|queue|proxy|server|host|prod|staging|vm|lb|pg)"
    r"(?:[-_](?:[a-z]{1,12}[-_])?\d{1,4}|\d\d{1,3})|ip-\d{1,3}-\d{1,3}"
    r")(?:[-_][a-z0-9]{1,12})*(?![\w-])",
    re.IGNORECASE,
)
_V4 = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)")
_V6 = re.compile(r"(?<![\w:.])[0-9a-f:]{1,39}(?::[0-9a-f]{1,4}|::)(?![\w:])", re.IGNORECASE)
_PATH = re.compile(
    r"(?<![\w:/.])/(?:var|etc|home|srv|opt|usr|tmp|mnt|root|data|app|proc|users|private)/[\w./@-]+"
    r"|(?<!\w)[a-z]:\\[^\s\"<>|]+|\\\\[\w.-]+\\[^\s\"<>|]+|(?<!\w)~/[\w./-]+"
    r"|(?<![\w/.@-])[\w-]+\.(?:log|csv|sql|ya?ml|json|env|conf|cfg|ini|bak|dump|pem|key|py|php|sh)\b",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w+])\+\d[\d ().\u00a0\u202f/-]{6,20}\d"
    r"|(?<![\d.,:+-])0\d(?:[ .\u00a0\u202f-]?\d\d){4}(?!\d)"
)
_INSIDE = frozenset(
    [
        "internal",
        "local",
        "lan",
        "corp",
        "intranet",
        "private",
        "home",
        "localdomain",
        "localhost",
        "priv",
        "cluster",
        "svc",
        "consul",
    ]
)
"""Last names of hosts that nobody outside can reach."""
_WORKROOMS = frozenset(
    [
        "admin",
        "intranet",
        "internal",
        "staging",
        "stage",
        "dev",
        "test",
        "qa",
        "uat",
        "vpn",
        "bastion",
        "jump",
        "jira",
        "confluence",
        "wiki",
        "grafana",
        "kibana",
        "prometheus",
        "sentry",
        "jenkins",
        "gitlab",
        "ci",
        "git",
        "db",
        "mysql",
        "redis",
        "backup",
        "backoffice",
        "erp",
        "crm",
        "ldap",
        "sso",
    ]
)
"""First names of hosts where people work, not shop."""
_OPEN = frozenset(
    ["www", "shop", "store", "help", "support", "status", "blog", "news", "m", "mobile", "app"]
)
"""First names of hosts that are made for customers."""


class Hit(Struct, frozen=True):
    """Something at text[start:end] that does not belong outside."""

    start: int
    end: int
    what: str
    sort: Found
    exact: bool = True
    """Whether it is written as it was recorded: in a template only that counts."""


def addresses(text: str, own: Own) -> Iterator[Hit]:
    """Every address, machine, file, number and secret that is not the shop's own to tell."""
    yield from _secrets(text)
    yield from _links(text, own)
    yield from _machines(text, own)
    yield from _hosts(text, own)
    yield from _contacts(text, own)
    for one in personal(text, own, public=True):
        yield Hit(one.start, one.end, f"it holds {one.what}", "contact")


def _secrets(text: str) -> Iterator[Hit]:
    for found in secrets(text):
        word = beginning(text[found.start : found.end])
        yield Hit(found.start, found.end, f"it holds a key or password ({word})", "secret")


def _links(text: str, own: Own) -> Iterator[Hit]:
    for found in _LINK.finditer(text):
        address = found[0].rstrip(".,;:!?")
        _, _, rest = address.partition("://")
        place = re.split(r"[/?#]", rest, maxsplit=1)[0]
        host, _, port = place.rpartition("@")[2].partition(":")
        end = found.start() + len(address)
        if "@" in place or port or leads_inside(host, own) or _is_ip(host.strip("[]")):
            what = f"it holds {quoted(address)}, an address inside your network"
            yield Hit(found.start(), end, what, "machine")
        elif _strange_cousin(host, own):
            yield Hit(found.start(), end, _cousin(host), "other-host")


def _hosts(text: str, own: Own) -> Iterator[Hit]:
    for found in _HOST.finditer(text):
        if leads_inside(found[0], own):
            what = f"it names {quoted(found[0])}, a machine inside your network"
            yield Hit(*found.span(), what, "machine")
        elif _strange_cousin(found[0], own):
            yield Hit(*found.span(), _cousin(found[0]), "other-host")


def _machines(text: str, own: Own) -> Iterator[Hit]:
    for found in _MACHINE.finditer(text):
        yield Hit(*found.span(), f"it names {quoted(found[0])}, a machine", "machine")
    for form in (_V4, _V6):
        for found in form.finditer(text):
            if _is_ip(found[0]):
                yield Hit(*found.span(), f"it holds the IP address {found[0]}", "machine")
    for found in _PATH.finditer(text):
        if found[0].lower() not in own.hosts:  # a shop may have its name in .sh
            yield Hit(*found.span(), f"it names the file {quoted(found[0])}", "machine")


def _contacts(text: str, own: Own) -> Iterator[Hit]:
    for found in _MAIL.finditer(text):
        if found[0].lower() not in own.addresses:
            yield Hit(*found.span(), f"it holds {quoted(found[0])}, not the shop's own", "contact")
    for found in _PHONE.finditer(text):
        if digits(found[0]) not in own.numbers:
            what = f"it holds the number {quoted(found[0])}, not the shop's own"
            yield Hit(*found.span(), what, "contact")


def leads_inside(host: str, own: Own) -> bool:
    """Whether a host can be reached from inside only, or is where people work."""
    name = host.lower().strip(".")
    if name.removeprefix("www.") in own.hosts:
        return False
    labels = name.split(".")
    return labels[-1] in _INSIDE or labels[0] in _WORKROOMS or len(labels) == 1


def _strange_cousin(host: str, own: Own) -> bool:
    """Whether a host is a part of the shop's own name that nobody said is for customers."""
    name = host.lower().removeprefix("www.")
    if name in own.hosts or name.partition(".")[0] in _OPEN:
        return False
    return any(name.endswith(f".{known}") for known in own.hosts)


def _cousin(host: str) -> str:
    return f"it names {quoted(host)}, which nobody said is for customers"


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
