"""Who is on the list of a message: an audience of the workspace, or who was given something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.writing import replacing
from crisisctl.text import listed, safe, wrap

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk
    from crisisctl.cli.drafts import Sheet
    from crisisctl.cli.walk import Walk
    from crisisctl.incident.fold import Incident
    from crisisctl.incident.remedy import Made
    from crisisctl.playbook.model import Send


def list_of(desk: Desk, incident: Incident, send: Send) -> Path | None:
    """The file with the people that a message goes to by name; None where there is no such file.

    Raises where it is about compensation, and nobody was given any.
    """
    return given_list(desk, incident, send) if send.tiers else audience(desk, send.to)


def audience(desk: Desk, name: str) -> Path | None:
    """The file with the addresses of an audience, as the workspace names it."""
    found = desk.workspace.get(f"audiences.{name}.recipients")
    if not isinstance(found, str) or not found or desk.workspace.root is None:
        return None
    return desk.workspace.root / found


def given_list(desk: Desk, incident: Incident, send: Send) -> Path:
    """The list of those to whom these parts of the policy were handed out, by any plan.

    It is made anew each time and comes out the same, so an approval that is bound to it holds.
    """
    made = [each for each in incident.plans_made if each.out and _about(each, send.tiers)]
    if not made:
        raise CrisisError(
            f"nobody was given {listed(send.tiers, 'or')} yet: there is nobody to write to",
            hint="`crisisctl compensate plan FILE`, then approve and issue it",
            code=1,
        )
    path = desk.folder(drill=incident.drill) / "outbox" / incident.id / "lists"
    path = path / f"{send.message}.csv"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replacing(path) as file:
        file.writelines(_rows(desk, incident, made, send))
    return path


def show_example(walk: Walk, sheet: Sheet, send: Send) -> None:
    """How a text reads with what one person was given: the approved one leaves that out."""
    from crisisctl.cli.posting import Posting
    from crisisctl.messages.bulk.recipients import Recipient
    from crisisctl.messages.bulk.render import Rendered, rendered

    channel = sheet.pack.texts[0].channel
    texts = [text for text in sheet.pack.texts if text.channel == channel]
    path = given_list(walk.desk, walk.incident, send)
    posting = Posting(walk, sheet, send, texts, path)
    person = next((row for row in posting.people if isinstance(row, Recipient)), None)
    said = rendered(posting.letters, person) if person and posting.letters else None
    if person is None or not isinstance(said, Rendered):
        return
    code = person.values.get("customer_code", "")
    shown = said.body.replace(code, f"{code[:5]}-…") if code else said.body
    screen = walk.desk.talk
    screen.line()
    screen.block(f"As {person.address} will read it ({channel}.{said.locale}):", "bold")
    for row in wrap(safe(shown, lines=True), screen.width, "  │ ").split("\n"):
        screen.line(row)


def _about(made: Made, parts: Sequence[str]) -> bool:
    return made.out is not None and any(line.id in parts for line in made.out.event.lines)


def _rows(desk: Desk, incident: Incident, plans: Sequence[Made], send: Send) -> Iterator[bytes]:
    from crisisctl.cli.desk import zone
    from crisisctl.cli.reckoning import ledger_of
    from crisisctl.cli.reckoning import list_of as kept
    from crisisctl.compensation.issuing import ends, shares
    from crisisctl.compensation.letters import Letters
    from crisisctl.incident.knowledge import confirmed
    from crisisctl.messages.formats import LOCALES
    from crisisctl.runner.compensation import in_force

    ledger = ledger_of(desk, incident)
    if ledger is None:
        raise CrisisError("the ledger of compensation is not there any more", code=1)
    where, first = zone(incident), True
    with ledger:
        for made in plans:
            booked = ledger.booked(incident.id, made.event.plan)
            policy = in_force(incident, made)
            letters = Letters(
                policy,
                send.tiers,
                confirmed(incident, now=desk.now()),
                ends=partial(ends, booked=booked, zone=where),
                locales=LOCALES,
                zone=where,
            )
            pieces = letters.rows(shares(kept(desk, incident, made), ledger, booked))
            head = next(pieces)
            if first:
                yield head
            first = False
            yield from pieces
