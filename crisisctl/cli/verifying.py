"""Checking the record: a journal of this machine, or an archive from anywhere."""

from __future__ import annotations

from pathlib import Path

import typer

from crisisctl.cli.desk import DRILL, Desk, desk
from crisisctl.cli.printing import print_json
from crisisctl.incident.store import unknown_incident
from crisisctl.journal import Damage
from crisisctl.journal import verify as verified


def verify(what: str | None, *, json: bool) -> None:
    """Check the journal and the drills' journal, or one incident, or an archive."""
    at = desk()
    if what is not None and (what.endswith(".zip") or Path(what).is_file()):
        damages, well, head = _archive(Path(what))
    else:
        damages, head = _journal(at, what), ""
        well = "The journal is intact: no event was changed, removed or reordered."
    if json:
        print_json(at, {"intact": not damages, "damages": [_damage(d) for d in damages]})
    elif damages:
        for damage in damages:
            at.out.line(str(damage), "bad")
    else:
        at.out.block(well)
        if head:
            at.out.line(f"Head: {head}")
    if damages:
        raise typer.Exit(1)


def _archive(path: Path) -> tuple[list[Damage], str, str]:
    from crisisctl.evidence.checking import check
    from crisisctl.evidence.unpacking import Damaged, unpacked

    try:
        with unpacked(path) as archive:
            found = check(archive)
    except Damaged as error:
        return [Damage(None, None, f"{path.name}: {error.message}")], "", ""
    lost = sum(proof.proof != "exact" for proof in found.proofs)
    without = f" Of {lost} texts something was missing already when it was written." if lost else ""
    about = found.about
    well = (
        f"The archive is intact: {about.events} events of {about.incident}, none changed, removed "
        f"or reordered.{without}"
    )
    return found.damages, well, about.head


def _journal(at: Desk, id: str | None) -> list[Damage]:
    if id is not None:
        journal = at.journal(drill=id.startswith(DRILL))
        if journal.head(id) is None and not journal.read(id):  # a lost head is what we look for
            raise unknown_incident(journal, id)
        return verified(journal, id)
    paths = [at.folder(drill=drill) / "journal.db" for drill in (False, True)]
    return [damage for path in paths if path.exists() for damage in verified(path)]


def _damage(damage: Damage) -> dict[str, object]:
    return {"incident": damage.incident or None, "seq": damage.seq, "text": damage.text}
