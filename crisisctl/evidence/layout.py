"""What an archive holds, how its files are called, and how big it may be."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

import msgspec

FORMAT = 1
"""A reader refuses archives of a higher one."""
ABOUT = "incident.json"
EVENTS = "events.jsonl"
HASHES = "hashes.txt"
TEXTS = "texts.json"
README = "README.txt"
CHECKSUMS = "checksums.txt"
REPORT = "report"
PLAYBOOKS = "playbooks"
SENT = "texts"
NEEDED = (ABOUT, EVENTS, HASHES, TEXTS, CHECKSUMS, f"{REPORT}.json")

MOST_FILES = 50_000
LARGEST_FILE = 256 * 1024 * 1024
LARGEST = 512 * 1024 * 1024
"""All files together, unpacked."""
DENSEST = 250
"""So many times its packed size a file may have, beyond a small one; real records stay below 50."""
SMALL = 1024 * 1024

INCIDENT = re.compile(r"[a-z][a-z0-9-]{0,119}")
"""Ids name folders: nothing else is taken from a stranger."""
_PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,119}"
NAME = re.compile(rf"{_PART}(/{_PART}){{0,2}}")


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive says of itself."""

    what: str
    format: int
    crisisctl: str
    """The version that wrote it."""
    incident: str
    drill: bool
    restricted: bool
    events: int
    head: str
    """The hash of the last event."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """One text that was sent: where it stands in the archive, and how surely it is that text."""

    seq: int
    """The event that says it was sent."""
    message: str
    to: str
    channel: str
    locale: str
    sha256: str
    """As the event has it."""
    proof: str
    """`exact`: the files give this hash; `words`: its words, as drafted; `none`: it is lost."""
    heading: str = ""
    body: str = ""
    page: str = ""
    """The files of its three parts; empty where it has none."""
    recipients: str = ""
    note: str = ""
    """What is missing, or was changed, in the outbox."""


def plain(name: str) -> str:
    """A name as a part of a file's name on any machine."""
    return re.sub(r"[^a-z0-9_-]", "-", name.lower())[:60].strip("-") or "unnamed"


def free(name: str, taken: Container[str]) -> str:
    """The name, or else the name with -2, -3 and so on before its ending."""
    stem, dot, ending = name.partition(".")
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}{dot}{ending}"
    return candidate


def playbooks(sources: Mapping[str, str]) -> dict[str, bytes]:
    """The files of the playbooks that an incident follows."""
    found: dict[str, bytes] = {}
    for name, source in sources.items():
        found[free(f"{PLAYBOOKS}/{plain(name)}.yaml", found)] = source.encode()
    return found


def readme(about: About) -> str:
    """How the archive is checked by hand."""
    warning = (
        "\nRESTRICTED: these words are for a small circle. Do not pass this archive on.\n"
        if about.restricted
        else ""
    )
    return _README.format(about=about, warning=warning, genesis="0" * 64)


_README = """\
The record of the incident {about.incident}: {about.events} events.
Written by crisisctl {about.crisisctl}.
{warning}
With crisisctl, on any machine and with nothing else:

    crisisctl verify ARCHIVE.zip

Without it, in the folder where this archive was unpacked:

1. No file was changed since the archive was written:

    sha256sum -c checksums.txt

2. No event was changed, removed, added or reordered. Each line of events.jsonl is one event.
   Its hash is the SHA-256 of four things with a line feed between them: the hash of the event
   before it (64 zeros for the first), the incident's id, the event's number, and the event's
   exact bytes, without the line feed at the end of its line. In bash:

    before={genesis} n=0
    while IFS= read -r event; do
      n=$((n + 1))
      before=$(printf '%s\\n%s\\n%s\\n%s' "$before" {about.incident} "$n" "$event" | sha256sum)
      before=${{before%% *}}
      echo "$n $before"
    done < events.jsonl | diff - hashes.txt

3. The last hash in hashes.txt is the head: {about.head}
   Compare it with a copy that was kept elsewhere, such as a report that was sent by mail. Who can
   write all these files anew can write all these hashes anew; they cannot change that copy.

4. texts.json lists every text that was sent. Where it says "exact", the files give the hash that
   the event holds: the SHA-256 of channel, locale, heading, body and page (and the recipients, if
   any), with a NUL byte between them; a part without a file is empty. Where it says "words", the
   words are those of the draft on record, but something around them is missing: the note says what.

The playbooks are as they were followed; the reports tell the state after the last event.
"""
