"""An incident into one archive, and back: what `export` and `import` do."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl import __version__
from crisisctl.cli.desk import DRILL, Desk, desk, zone
from crisisctl.errors import CrisisError
from crisisctl.evidence.checking import Checked, check
from crisisctl.evidence.contents import contents
from crisisctl.evidence.packing import pack
from crisisctl.evidence.texts import gather, restore
from crisisctl.evidence.unpacking import unpacked
from crisisctl.incident.events import decode
from crisisctl.incident.store import summary
from crisisctl.messages.bulk.writing import replacing
from crisisctl.report.post_mortem import PostMortem, post_mortem
from crisisctl.report.words import words
from crisisctl.text import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crisisctl.incident.fold import Incident
    from crisisctl.journal import Journal, Row

_SHOWN = 20
"""Damages that are listed before it says how many more there are."""


def export(id: str, *, output: Path | None, restricted: bool) -> None:
    """Bring everything together, write the archive whole or not at all, say what is missing."""
    at = desk()
    journal, incident = at.open(id)
    if incident.circle is not None and not restricted:
        raise CrisisError(
            f"{id} is restricted to {listed(incident.circle)}: an archive holds all its words",
            hint="--restricted writes it all the same; give it to nobody else",
        )
    rows = journal.read_verified(id)[: incident.seq]  # what others record meanwhile is not in it
    texts = gather(incident, _outbox(at, incident), at.workspace)
    report = partial(_report, incident, rows)
    files = contents(incident, rows, texts, report, version=__version__)
    target = output or Path(f"{id}.zip")
    _write(at, files, target)
    for note in texts.notes:
        at.talk.block(note, "warn")
    told = f"{len(rows)} events, {len(texts.proofs)} texts"
    at.talk.block(f"✓ {id}: {told}, written to {target}", "good")
    at.talk.line(f"  head {rows[-1].hash}")
    at.talk.block("Keep a copy of the head elsewhere: that one nobody can change.", "dim", "  ")
    if incident.circle is not None:
        at.talk.block(f"Restricted: only for {listed(incident.circle)}.", "warn")
    if str(target) != "-":
        at.out.line(str(target))


def _report(incident: Incident, rows: Sequence[Row], format: str) -> PostMortem:
    """The post-mortem as of the last event, not of today: the same record gives the same one."""
    return post_mortem(
        incident,
        [decode(row.body) for row in rows],
        head=rows[-1].hash,
        zone=zone(incident),
        now=decode(rows[-1].body).recorded_at,
        words=words("en"),
        asked=format != "json",
    )


def bring_in(path: Path) -> None:
    """Verify everything, then record what is not here yet."""
    at = desk()
    with unpacked(path) as archive:
        found = check(archive)
        incident = found.incident
        if found.damages or incident is None:
            raise _refused(at, path, found)
        journal = at.journal(drill=incident.id.startswith(DRILL))
        here = _here(journal, found)
        restore(archive, incident, found.proofs, _outbox(at, incident))
    if here < len(found.bodies):
        journal.append(incident.id, found.bodies[here:], expected=here, summary=summary(incident))
    at.talk.block(_told(incident, found, here), "good")
    at.talk.line(f"  head {found.about.head}")
    at.out.line(incident.id)


def _here(journal: Journal, found: Checked) -> int:
    """How many events of the archive are in the journal. Raises where the two disagree."""
    id, hashes = found.about.incident, found.hashes
    rows = journal.read_verified(id)
    for row, hash_ in zip(rows, hashes, strict=False):
        if row.hash != hash_:
            raise CrisisError(
                f"{id} is here already, and is another one from event {row.seq} on: nothing was "
                "imported",
                hint="to look at it beside yours, import it into a CRISISCTL_HOME of its own",
                code=1,
            )
    if len(rows) > len(hashes):
        raise CrisisError(
            f"{id} is here already, with {len(rows)} events; the archive is older and ends with "
            f"event {len(hashes)}: nothing was imported",
            code=1,
        )
    return len(rows)


def _told(incident: Incident, found: Checked, here: int) -> str:
    more = len(found.bodies) - here
    if not more:
        return f"{incident.id} is here already, with the same head: nothing to do"
    if here:
        return f"✓ {incident.id} goes on: {more} more events, {len(found.bodies)} in all"
    return f"✓ {incident.id}: {more} events imported"


def _refused(at: Desk, path: Path, found: Checked) -> CrisisError:
    for damage in found.damages[:_SHOWN]:
        at.talk.line(str(damage), "bad")
    left = len(found.damages) - _SHOWN
    more = f" ({left} more: crisisctl verify {path})" if left > 0 else ""
    return CrisisError(f"{path.name} is damaged: nothing was imported{more}", code=1)


def _outbox(at: Desk, incident: Incident) -> Path:
    return at.folder(drill=incident.drill) / "outbox" / incident.id


def _write(at: Desk, files: Mapping[str, bytes], target: Path) -> None:
    if str(target) == "-" or (target.exists() and not target.is_file()):
        packed = io.BytesIO()  # a zip archive is written back and forth, which a pipe is not
        pack(files, packed)
        if str(target) == "-":
            at.out.stream.flush()
            at.out.stream.buffer.write(packed.getvalue())
            at.out.stream.buffer.flush()
            return
        try:
            target.write_bytes(packed.getvalue())
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CrisisError(f"{target} cannot be written: {reason}", code=1) from error
        return
    with replacing(target.resolve()) as file:
        pack(files, file)
