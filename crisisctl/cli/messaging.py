"""What an operator does with a message at any time: edit, approve, send it, compare it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from crisisctl.cli import asking, delivering, drafts, editing, reading, reviewing, sending
from crisisctl.cli.desk import Desk, desk, refuse_closed, zone
from crisisctl.cli.drafts import Sheet
from crisisctl.cli.keyboard import Back
from crisisctl.cli.sending import Wish
from crisisctl.cli.telling import find_message, narrowed
from crisisctl.cli.walk import Moved, Walk
from crisisctl.cli.walking import keyboard, record_facts
from crisisctl.errors import CrisisError
from crisisctl.incident.fold import Incident
from crisisctl.incident.outgoing import Delivery
from crisisctl.incident.store import record
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact
from crisisctl.runner.answers import Answers, settings
from crisisctl.runner.place import Place, asked_anew
from crisisctl.text import listed, quoted, safe


@dataclass(frozen=True, slots=True)
class Order:
    """What was typed after `crisisctl message` and its verb."""

    message: str
    incident: str | None
    channels: Sequence[str] = ()
    locales: Sequence[str] = ()
    pairs: Sequence[str] = ()
    at: str | None = None
    yes: bool = False
    """Approved without another look."""
    ask: bool = True
    """Whether a person may be asked."""
    anew: bool = False
    break_glass: str = ""
    overrule: Sequence[str] = ()
    """RULE=WHY."""


def send(order: Order) -> None:
    """Approve a message and hand its texts over."""
    walk, place = _begin(order)
    try:
        if walk.keyboard is not None:
            asking.facts(walk, place, anew=asked_anew(walk.incident, order.message))
        sending.send(walk, place, _wish(order))
    except Back:
        raise CrisisError("left; nothing was sent", code=130) from None
    except Moved:
        what = f'nothing was sent: somebody else has just sent "{order.message}" or answered for it'
        raise CrisisError(what, hint="see `crisisctl timeline`", code=1) from None


def dry_run(order: Order) -> None:
    """What would go over the wire, exactly, with every secret masked; nothing is recorded."""
    at = desk()
    _, incident = at.open(order.incident)
    playbook, step = find_message(incident, order.message)
    send = narrowed(step, order.channels)
    found = drafts.sheet(
        at, incident, playbook, send, now=at.now(), only=order.locales, anew=order.anew
    )
    for part in delivering.dry_run(at, incident, found, send):
        at.out.stream.write(safe(part, lines=True) + "\n")


def settle(key: str, id: str | None, to: str, *, arrived: bool) -> None:
    """Put on record what a person found out about a delivery that nobody knew the end of."""
    at = desk()
    journal, incident = at.open(id)
    found = incident.deliveries.get(key)
    if found is None or found.state != "intended":
        waiting = [one.event.key for one in incident.deliveries.values() if one.state == "intended"]
        hint = f"waiting: {listed(waiting)}" if waiting else "nothing waits for it"
        raise CrisisError(f"there is no delivery {quoted(key)} of unknown end", hint=hint)
    event = found.event
    if key.endswith(delivering.LIST):
        _settle_people(at, incident, found, to, arrived=arrived)
        return
    if to:
        hint = "--to names one person of a mailing"
        raise CrisisError(f"{quoted(key)} was handed over once, for everybody", hint=hint)
    record(journal, incident, [delivering.settled_event(key, arrived=arrived)], at.stamp())
    what = "arrived" if arrived else "did not arrive"
    at.talk.block(f'✓ "{event.message}" on {event.channel}.{event.locale} {what}', "good")
    at.talk.block(f"Then: crisisctl message send {event.message}", indent="  ")


def _settle_people(
    at: Desk, incident: Incident, found: Delivery, to: str, *, arrived: bool
) -> None:
    from crisisctl.cli import posting

    outbox, now = at.folder(drill=incident.drill) / "outbox" / incident.id, at.now().isoformat()
    people = posting.settle(outbox, found, to, arrived=arrived, by=at.operator, at=now)
    what = "arrived" if arrived else "did not arrive"
    who = people[0] if len(people) == 1 else f"{len(people)} people"
    at.talk.block(f'✓ "{found.event.message}" to {who} {what}', "good")
    at.talk.block(f"Then: crisisctl message send {found.event.message}", indent="  ")


def approve(order: Order) -> None:
    """Put this operator's approval of the exact texts on record; nothing is sent."""
    walk, place = _begin(order)
    found = _sheet(walk, place, order)
    if walk.keyboard is not None:
        read = reviewing.review(walk, found, sends=False)
        if read is None:
            raise CrisisError("left; nothing was approved", code=130)
        found = read
    elif not order.yes:
        hint = "read it with `crisisctl message show`, then approve it with --yes"
        raise CrisisError(f'"{order.message}" must be read before it is approved', hint=hint)
    else:
        found = reviewing.overruled(found, _reasons(order))
    if found.pack.too_long:
        raise sending.too_long(found.pack)
    walk.record(lambda _: sending.own_approval(walk, found))
    stands = drafts.standing(walk.desk, walk.incident, found, now=walk.now())
    screen = walk.desk.talk
    screen.block(f'✓ {len(found.pack.texts)} texts of "{order.message}" approved', "good")
    if stands.complete:
        screen.block(f"They may go out: crisisctl message send {order.message}", indent="  ")
    else:
        screen.block(f"{stands.wanted}.", "warn", "  ")


def edit(order: Order, file: Path | None) -> None:
    """Change one text by hand; it goes on record as a draft, and needs its own approval."""
    walk, place = _begin(order)
    whole = _sheet(walk, place, replace(order, channels=(), locales=()))
    wanted = [
        text
        for text in whole.pack.texts
        if (not order.channels or text.channel in order.channels)
        and (not order.locales or text.locale in order.locales)
    ]
    if walk.keyboard is not None and len(wanted) > 1 and file is None:
        text = reviewing.pick(walk, whole.only(wanted).pack)
    else:
        text = drafts.the_one(whole.only(wanted))
    words = editing.from_file(file, text) if file else editing.in_editor(walk.desk, text)
    changed = editing.changed(whole, text, words)
    screen = walk.desk.talk
    if changed is None:
        screen.block("Nothing was changed.", "dim")
        return
    edited = whole.with_text(changed)
    walk.record(lambda _: [edited.drafted()])
    reading.to_read(screen, changed)
    cell = f"{changed.channel}.{changed.locale}"
    screen.block(f'✓ {cell} of "{order.message}" is drafted; it differs from its template', "good")
    screen.block(f"Then: crisisctl message approve {order.message}", indent="  ")


def _begin(order: Order) -> tuple[Walk, Place]:
    """The incident and the step that sends the message, with a person if there is one."""
    at = desk()
    journal, incident = at.open(order.incident)
    refuse_closed(incident)
    playbook, step = find_message(incident, order.message)
    when = _moment(at, incident, order.at)
    now, where = at.now(), zone(incident)
    facts = settings(list(order.pairs), incident.plans[playbook], now=now, zone=where)
    incident = record_facts(at, journal, incident, facts, when)
    person = keyboard(at) if order.ask and not order.yes else None
    answers = Answers(approve=True) if order.yes else None
    walk = Walk(at, journal, incident, person, answers, at=when)
    step = msgspec.structs.replace(step, send=narrowed(step, order.channels))
    return walk, Place(playbook, "communicate", step, 1, 1)


def _moment(at: Desk, incident: Incident, typed: str | None) -> datetime | None:
    if not typed:
        return None
    found = values.parse(Fact(type="time"), typed, now=at.now(), zone=zone(incident))
    return found if isinstance(found, datetime) else None


def _wish(order: Order) -> Wish:
    return Wish(
        out_of_turn=True,
        locales=order.locales,
        overrule=_reasons(order),
        anew=order.anew,
        break_glass=order.break_glass,
    )


def _reasons(order: Order) -> dict[str, str]:
    found = {}
    for typed in order.overrule:
        rule, _, because = typed.partition("=")
        if not because.strip():
            hint = 'such as --overrule tone-blame="legal asked for this wording"'
            raise CrisisError(f"{quoted(typed)}: write it as RULE=WHY", hint=hint)
        found[rule.strip()] = because.strip()
    return found


def _sheet(walk: Walk, place: Place, order: Order) -> Sheet:
    found = place.step.send
    if found is None:
        raise CrisisError(f'step "{place.step.id}" sends nothing')
    return drafts.sheet(
        walk.desk,
        walk.incident,
        place.playbook,
        narrowed(place.step, order.channels) if order.channels else found,
        now=walk.now(),
        only=order.locales,
        anew=order.anew,
    )
