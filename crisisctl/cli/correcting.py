"""`message correct`: which messages said what turned out wrong, and a correction of each."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from crisisctl.cli import drafts, reading
from crisisctl.cli.desk import Desk, desk, refuse_closed, zone
from crisisctl.cli.drafts import Sheet
from crisisctl.cli.printing import print_json
from crisisctl.cli.telling import find_message
from crisisctl.errors import CrisisError
from crisisctl.incident.fold import Incident
from crisisctl.incident.store import record
from crisisctl.messages.correction import Wrong, corrected, to_correct
from crisisctl.report.data import Json, View
from crisisctl.text import listed, moment


def correct(message: str | None, id: str | None, *, listing: bool, json: bool) -> None:
    """Draft a correction of each message that said what was retracted, or of one of them."""
    at = desk()
    journal, incident = at.open(id)
    wrong = to_correct(incident)
    if message is not None:
        find_message(incident, message)
        wrong = [each for each in wrong if each.sent.event.message == message]
    if json:
        view = View(zone(incident))
        print_json(at, {**view.head(incident), "wrong": [_row(view, each) for each in wrong]})
        return
    if not wrong:
        what = f'"{message}" said nothing' if message else "No message said anything"
        at.out.line(f"{what} that was retracted since.")
        return
    _tell(at, incident, wrong)
    if listing:
        return
    refuse_closed(incident)
    for each in _newest(wrong):
        found = _drafted(at, incident, each)
        incident = record(journal, incident, [found.drafted()], at.stamp())
        name = each.sent.event.message
        reading.matrix(at.talk, found.pack)
        at.talk.block(
            f'✓ a correction of "{name}" is drafted; read it, change it, send it:', "good"
        )
        at.talk.line(f"  crisisctl message show {name} -l {found.pack.texts[0].locale}")
        at.talk.line(f"  crisisctl message send {name}")


def _tell(at: Desk, incident: Incident, wrong: list[Wrong]) -> None:
    where = zone(incident)
    for each in wrong:
        event = each.sent.event
        channels = listed(dict.fromkeys(channel for channel, _ in each.cells))
        locales = ", ".join(dict.fromkeys(locale for _, locale in each.cells))
        at.out.block(
            f'"{event.message}" to {event.to}, {moment(each.sent.at, where)}: '
            f"said {listed(each.facts)}",
            "warn",
        )
        at.out.block(f"on {channels} ({locales})", "dim", "  ")
        for retraction in each.retractions:
            because = f", because {retraction.because}" if retraction.because else ""
            when = moment(retraction.at, where)
            at.out.block(f"{retraction.fact} was retracted {when}{because}", indent="  ")


def _newest(wrong: list[Wrong]) -> list[Wrong]:
    """Of each message the last time it went out: that is what people still have in mind.

    It goes wherever the message ever went.
    """
    found: dict[str, Wrong] = {}
    for each in wrong:
        name = each.sent.event.message
        before = found[name].cells if name in found else ()
        cells = tuple(dict.fromkeys((*before, *each.cells)))
        found[name] = msgspec.structs.replace(each, cells=cells)
    return list(found.values())


def _drafted(at: Desk, incident: Incident, wrong: Wrong) -> Sheet:
    """The message as it must read now, behind a word on what was wrong before."""
    event, now = wrong.sent.event, at.now()
    playbook, step = find_message(incident, event.message)
    if step.send is None:
        raise CrisisError(f'step "{step.id}" sends nothing')
    channels = tuple(dict.fromkeys(channel for channel, _ in wrong.cells))
    locales = tuple(dict.fromkeys(locale for _, locale in wrong.cells))

    send = msgspec.structs.replace(step.send, channels=channels, to=event.to)
    found = drafts.sheet(at, incident, playbook, send, now=now, only=locales, anew=True)
    texts = tuple(
        corrected(found.setting, text, wrong.sent.at, shop_name=found.shop_name)
        for text in found.pack.texts
        if (text.channel, text.locale) in wrong.cells
    )
    return replace(found, pack=replace(found.pack, texts=texts), corrects=event.message)


def _row(view: View, wrong: Wrong) -> Json:
    event = wrong.sent.event
    return {
        "message": event.message,
        "to": event.to,
        "sent_at": view.at(wrong.sent.at),
        "channels": list(dict.fromkeys(channel for channel, _ in wrong.cells)),
        "locales": list(dict.fromkeys(locale for _, locale in wrong.cells)),
        "facts": [
            {"fact": each.fact, "retracted_at": view.at(each.at), "because": each.because or None}
            for each in wrong.retractions
        ],
    }
