"""What goes into an archive: the events to the byte, what they rest on, and how to check it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.evidence import layout
from crisisctl.evidence.layout import About
from crisisctl.evidence.texts import Gathered
from crisisctl.incident.fold import Incident
from crisisctl.journal import Row
from crisisctl.report.formats import FORMATS, written
from crisisctl.report.post_mortem import PostMortem
from crisisctl.report.words import words
from crisisctl.workspace import Workspace


def contents(
    incident: Incident,
    rows: Sequence[Row],
    texts: Gathered,
    report: Callable[[str], PostMortem],
    *,
    version: str,
) -> dict[str, bytes]:
    """Every file of the archive, in its order; the checksums of all others are the last.

    `report` gives the post-mortem for a format.
    """
    about = About(
        what="The record of one incident: README.txt says how it is checked.",
        format=layout.FORMAT,
        crisisctl=version,
        incident=incident.id,
        drill=incident.drill,
        restricted=incident.circle is not None,
        events=len(rows),
        head=rows[-1].hash,
    )
    found = {
        layout.README: layout.readme(about).encode(),
        layout.ABOUT: _in_lines(about),
        layout.EVENTS: b"".join(map(_line, rows)),
        layout.HASHES: "".join(f"{row.seq} {row.hash}\n" for row in rows).encode(),
        **layout.playbooks(incident.sources),
        layout.TEXTS: _in_lines(texts.proofs),
        **texts.files,
        **{f"{layout.REPORT}.{end}": _written(report(end), end) for end in FORMATS},
    }
    return {**found, layout.CHECKSUMS: checksums(found)}


def checksums(files: Mapping[str, bytes]) -> bytes:
    """The SHA-256 of each file, as `sha256sum -c` reads it."""
    return "".join(f"{sha256(files[n]).hexdigest()}  {n}\n" for n in sorted(files)).encode()


def _written(report: PostMortem, format: str) -> bytes:
    # by the layouts that came with crisisctl: a broken one of a team must not stand in the way
    return written(report, format, words("en"), Workspace()).encode()


def _line(row: Row) -> bytes:
    if b"\n" in row.body:
        raise CrisisError(f"event {row.seq} has a line break that crisisctl never writes", code=1)
    return row.body + b"\n"


def _in_lines(what: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(what), indent=2) + b"\n"
