"""Checking an archive with nothing but itself: each damage is one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.evidence import layout
from crisisctl.evidence.layout import About, Proof
from crisisctl.evidence.texts import holds
from crisisctl.evidence.unpacking import Archive, Damaged
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, fold
from crisisctl.journal import Damage, Row
from crisisctl.journal.chain import intact
from crisisctl.journal.damage import damages
from crisisctl.journal.entries import Head
from crisisctl.text import quoted, zone_of

T = TypeVar("T")

_CHECKSUM = re.compile(r"([0-9a-f]{64})  (\S+)")
_HASH = re.compile(r"[1-9][0-9]* [0-9a-f]{64}")
_DRILL = "drill-"
_MOST_NOTED = 50
"""Damages that are listed of one kind: a wholly wrong archive has thousands."""


class Checked(msgspec.Struct):
    """What an archive holds, as far as it could be read, and what is wrong with it."""

    about: About
    bodies: list[bytes] = []
    hashes: list[str] = []
    incident: Incident | None = None
    """None: the events cannot be read."""
    proofs: list[Proof] = []
    damages: list[Damage] = []

    def blame(self, text: str, seq: int | None = None) -> None:
        """One more thing that is not as it should be."""
        self.damages.append(Damage(self.about.incident, seq, text))


def check(archive: Archive) -> Checked:
    """Check everything. Raises `Damaged` where nothing can be said of it at all.

    Of a newer format nothing is checked: that would name damages where there are none.
    """
    found = Checked(_about(archive))
    for look in (_checksums, _events, _known_files, _playbooks, _texts, _report):
        try:
            look(archive, found)
        except Damaged as error:  # a file that cannot be unpacked is named once
            if error.message not in {damage.text for damage in found.damages}:
                found.blame(error.message)
    return found


def _about(archive: Archive) -> About:
    if layout.ABOUT not in archive.names:
        raise Damaged("it is a zip archive, but not one that crisisctl wrote")
    data = archive.read(layout.ABOUT)
    newer = _decoded(data, dict[str, msgspec.Raw])
    number = _decoded(bytes(newer.get("format", b"")), int) if newer else None
    if number is not None and number > layout.FORMAT:
        raise CrisisError(
            f"the archive was written by a newer crisisctl (format {number}, known is "
            f"{layout.FORMAT})",
            hint="check it with that one",
        )
    about = _decoded(data, About)
    if about is None or about.format != layout.FORMAT:
        raise Damaged(f"{layout.ABOUT} cannot be read")
    if not layout.INCIDENT.fullmatch(about.incident):
        raise Damaged(f"{quoted(about.incident)} is not the id of an incident")
    return about


def _checksums(archive: Archive, found: Checked) -> None:
    """Every file is named with its SHA-256, and no other."""
    noted = _noted(archive, found)
    wanted = dict.fromkeys([*layout.NEEDED, *noted])
    for name in [name for name in wanted if name not in archive.names][:_MOST_NOTED]:
        found.blame(f"{name} is missing")
    for name in archive.names:
        if name == layout.CHECKSUMS:
            continue
        digest = sha256()
        try:
            for piece in archive.pieces(name):
                digest.update(piece)
        except Damaged as error:
            found.blame(error.message)
            continue
        if name not in noted:
            found.blame(f"{name} is not listed in {layout.CHECKSUMS}")
        elif digest.hexdigest() != noted[name]:
            found.blame(f"{name} does not match its checksum: it was changed")


def _noted(archive: Archive, found: Checked) -> dict[str, str]:
    """The checksum of each file, as they were written down."""
    noted: dict[str, str] = {}
    if layout.CHECKSUMS not in archive.names:
        return noted
    for line in _lines(archive, layout.CHECKSUMS):
        row = _CHECKSUM.fullmatch(line)
        if row is None or row[2] in noted:
            found.blame(f"{layout.CHECKSUMS} cannot be read: {quoted(line)}")
            break
        noted[row[2]] = row[1]
    return noted


def _events(archive: Archive, found: Checked) -> None:
    """The chain from the first event to the head; then what the events say."""
    about, id = found.about, found.about.incident
    if not {layout.EVENTS, layout.HASHES} <= set(archive.names):
        return
    found.bodies = list(archive.lines(layout.EVENTS))
    lines = _lines(archive, layout.HASHES)
    if bad := next((line for line in lines if not _HASH.fullmatch(line)), None):
        found.blame(f"{layout.HASHES} cannot be read: {quoted(bad)}")
        return
    pairs = [line.split(" ") for line in lines]
    if len(pairs) != len(found.bodies):
        found.blame(f"{len(found.bodies)} events, but {len(pairs)} hashes")
    numbered = zip(pairs, found.bodies, strict=False)
    rows = [Row(int(seq), body, hash_) for (seq, hash_), body in numbered]
    head = Head(id, about.events, about.head, *[""] * 7)
    if not intact(id, rows, head):
        found.damages += damages(id, rows, head)[:_MOST_NOTED]
        return
    found.hashes = [row.hash for row in rows]
    _what_they_say(found, rows)


def _what_they_say(found: Checked, rows: list[Row]) -> None:
    entries = []
    for row in rows:
        entry = _entry(row)
        if isinstance(entry, str):
            found.blame(f"event {row.seq} {entry}", row.seq)
            return
        entries.append(entry)
    first = entries[0].event
    if not isinstance(first, ev.IncidentDeclared):
        found.blame("the first event does not declare the incident", 1)
        return
    if first.drill != found.about.incident.startswith(_DRILL):
        found.blame("by its id it is a drill and by its events not, or the other way round", 1)
        return
    try:
        zone_of(first.time_zone)
    except CrisisError as error:
        found.blame(f"event 1: {error.message}", 1)
        return
    found.incident = fold(found.about.incident, entries)
    said = (found.about.drill, found.about.restricted)
    if said != (found.incident.drill, found.incident.circle is not None):
        found.blame(f"{layout.ABOUT} does not say what the events say")


def _entry(row: Row) -> ev.Entry | str:
    """The event in a row, or what is wrong with it."""
    try:
        entry = ev.decode(row.body)
    except CrisisError:
        return "is written in a form that this version does not know: a newer crisisctl wrote it"
    except (msgspec.MsgspecError, LookupError, RecursionError, ValueError):
        return "cannot be read"
    if entry.seq != row.seq:
        return f"says that it is event {entry.seq}"
    inner = (getattr(entry.event, name) for name in entry.event.__struct_fields__)
    inside = [value for value in inner if isinstance(value, datetime)]
    for moment in (entry.occurred_at, entry.recorded_at, *inside):
        # a day from the ends of the calendar no zone can show it
        if moment.tzinfo is None or not 1900 <= moment.year <= 9000:
            return "has a time that cannot be"
    return entry


def _known_files(archive: Archive, found: Checked) -> None:
    """Nothing is in it that is no part of such an archive."""
    single = {layout.README, *layout.NEEDED}
    for name in archive.names:
        folder, inside, _ = name.partition("/")
        report = re.fullmatch(rf"{layout.REPORT}\.[a-z]+", name)
        if name not in single and not report and not (inside and folder in _FOLDERS):
            found.blame(f"{name} is no part of such an archive")


_FOLDERS = (layout.PLAYBOOKS, layout.SENT)


def _playbooks(archive: Archive, found: Checked) -> None:
    """The playbooks are those that the events hold."""
    if found.incident is None:
        return
    wanted = layout.playbooks(found.incident.sources)
    there = {name for name in archive.names if name.startswith(f"{layout.PLAYBOOKS}/")}
    for name in sorted(wanted.keys() | there)[:_MOST_NOTED]:
        if name not in wanted:
            found.blame(f"{name}: no event speaks of it")
        elif name not in there:
            found.blame(f"{name} is missing")
        elif archive.size(name) != len(wanted[name]) or archive.read(name) != wanted[name]:
            found.blame(f"{name} is not the playbook that was followed")


def _texts(archive: Archive, found: Checked) -> None:
    """Every text that was sent is accounted for, and is what its event says it was."""
    if found.incident is None or layout.TEXTS not in archive.names:
        return
    proofs = _decoded(archive.read(layout.TEXTS), list[Proof])
    if proofs is None:
        found.blame(f"{layout.TEXTS} cannot be read")
        return
    found.proofs = proofs
    sent = [
        (one.seq, one.event.message, one.event.to, text.channel, text.locale, text.sha256)
        for one in found.incident.sent
        for text in one.event.texts
    ]
    told = [(p.seq, p.message, p.to, p.channel, p.locale, p.sha256) for p in proofs]
    if sent != told:
        found.blame(f"{layout.TEXTS} does not list the texts that were sent")
    words = {
        text.sha256: (text.heading, text.body)
        for draft in found.incident.drafts
        for text in draft.event.texts
    }
    for text in _untrue(archive, proofs, words):
        found.blame(text)
    named = {file for proof in proofs for file in (proof.heading, proof.body, proof.page)}
    for name in archive.names:
        if name.startswith(f"{layout.SENT}/") and name not in named:
            found.blame(f"{name}: no event speaks of it")


def _untrue(
    archive: Archive, proofs: list[Proof], words: dict[str, tuple[str, str]]
) -> Iterator[str]:
    for proof in proofs:
        cell = f'"{proof.message}" on {proof.channel}.{proof.locale} (event {proof.seq})'
        files = [name for name in (proof.heading, proof.body, proof.page) if name]
        lost = [name for name in files if name not in archive.names]
        if lost or not all(name.startswith(f"{layout.SENT}/") for name in files):
            yield f"{cell}: {lost[0] if lost else files[0]} is missing"
            continue
        heading, body, page = (
            _text(archive, name) if name else "" for name in (proof.heading, proof.body, proof.page)
        )
        if proof.proof == "exact" and not holds(proof, (heading, body, page), proof.recipients):
            yield f"{cell} is not the text that was sent"
        elif proof.proof == "words" and (heading, body) != words.get(proof.sha256):
            yield f"{cell} does not have the words of its draft"
        elif proof.proof not in ("exact", "words", "none") or (files and proof.proof == "none"):
            yield f"{cell}: {layout.TEXTS} contradicts itself"


class _Told(msgspec.Struct):
    incident: str
    events: int
    head: str


def _report(archive: Archive, found: Checked) -> None:
    """The report is about this record, as it stands at its head."""
    name = f"{layout.REPORT}.json"
    if name not in archive.names:
        return
    told = _decoded(archive.read(name), _Told)
    about = found.about
    if told is None or (told.incident, told.events, told.head) != (
        about.incident,
        about.events,
        about.head,
    ):
        found.blame(f"{name} is not the report on this record")


def _lines(archive: Archive, name: str) -> list[str]:
    return [line.decode("ascii", "backslashreplace") for line in archive.lines(name)]


def _text(archive: Archive, name: str) -> str:
    try:
        return archive.read(name).decode()
    except UnicodeDecodeError:
        raise Damaged(f"{name} is not UTF-8 text") from None


def _decoded(data: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None
