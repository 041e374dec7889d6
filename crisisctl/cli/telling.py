"""Messages of a running incident: what they say now, and sending one at any time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from crisisctl.cli import acting, asking, reading
from crisisctl.cli.desk import Desk, desk, refuse_closed, zone
from crisisctl.cli.keyboard import Back
from crisisctl.cli.printing import print_json
from crisisctl.cli.walk import Moved, Walk
from crisisctl.errors import CrisisError
from crisisctl.incident.fold import Incident
from crisisctl.messages.limits import Measured
from crisisctl.messages.pack import Pack, Text
from crisisctl.messages.price import price
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact, Send, Step
from crisisctl.report.data import Json, View
from crisisctl.runner.answers import Answers, settings
from crisisctl.runner.place import Place, asked_anew
from crisisctl.text import did_you_mean, listed


@dataclass(frozen=True, slots=True)
class Order:
    """What was typed after `crisisctl message send NAME`."""

    channels: Sequence[str]
    locales: Sequence[str]
    pairs: list[str]
    at: str | None


def show(
    message: str, id: str | None, *, channels: Sequence[str], locales: Sequence[str], json: bool
) -> None:
    """The exact texts as they would go out now."""
    at = desk()
    _, incident = at.open(id)
    playbook, step = find_message(incident, message)
    send = narrowed(step, channels)
    pack = acting.prepare(at, incident, playbook, send, now=at.now(), only=locales)
    if json:
        view = View(zone(incident))
        print_json(at, {**view.head(incident), **pack_json(pack)})
        return
    print_pack(at, pack, narrowed_down=bool(channels or locales))


def print_pack(at: Desk, pack: Pack, *, narrowed_down: bool) -> None:
    """The texts that were asked for; without a choice, how long each of them is."""
    if not narrowed_down:
        reading.matrix(at.out, pack)
        at.out.block("Read the texts with --locale or --channel.", "dim")
        return
    for shown in pack.texts:
        reading.text(at.out, shown)


def send(message: str, id: str | None, order: Order, *, approved: bool, ask: bool) -> None:
    """Approve a message and write out the exact texts to copy from."""
    from crisisctl.cli.walking import keyboard, record_facts

    at = desk()
    journal, incident = at.open(id)
    refuse_closed(incident)
    playbook, step = find_message(incident, message)
    where, now = zone(incident), at.now()
    moment = values.parse(Fact(type="time"), order.at, now=now, zone=where) if order.at else None
    when = moment if isinstance(moment, datetime) else None
    facts = settings(order.pairs, incident.plans[playbook], now=now, zone=where)
    anew = asked_anew(incident, message)
    incident = record_facts(at, journal, incident, facts, when)
    person = keyboard(at) if ask and not approved else None
    answers = Answers(approve=True) if approved else None
    walk = Walk(at, journal, incident, person, answers, at=when)
    step = replace(step, send=narrowed(step, order.channels))
    place = Place(playbook, "communicate", step, 1, 1)
    try:
        if person is not None:
            asking.facts(walk, place, anew=anew)
        acting.send(walk, place, out_of_turn=True, only=order.locales)
    except Back:
        raise CrisisError("left; nothing was sent", code=130) from None
    except Moved:
        text = f'nothing was sent: somebody else has just sent "{message}" or answered for it'
        raise CrisisError(text, hint="see `crisisctl timeline`", code=1) from None


def find_message(incident: Incident, message: str) -> tuple[str, Step]:
    """The playbook and step that send a message. Raises, saying what there is."""
    for plan in incident.plans.values():
        step = plan.sends(message)
        if step is not None:
            return plan.playbook, step
    plans = incident.plans.values()
    known = [s.send.message for plan in plans for _, s in plan.steps() if s.send]
    guess = did_you_mean(message, known)
    hint = f'did you mean "{guess}"? ' if guess else ""
    raise CrisisError(
        f'there is no message "{message}"', hint=f"{hint}messages: {listed(dict.fromkeys(known))}"
    )


def narrowed(step: Step, channels: Sequence[str]) -> Send:
    """The step's message on some of its channels, or on others the operator names."""
    if step.send is None:
        raise CrisisError(f'step "{step.id}" sends nothing')
    return replace(step.send, channels=tuple(channels)) if channels else step.send


def pack_json(pack: Pack) -> Json:
    """A pack with everything that is known of its texts."""
    return {
        "message": pack.message,
        "to": pack.to,
        "uses": list(pack.uses),
        "texts": [text_json(text) for text in pack.texts],
    }


def text_json(text: Text) -> Json:
    """One text, its measures and whether it fits."""
    return {
        "channel": text.channel,
        "locale": text.locale,
        "heading": text.heading or None,
        "text": text.body,
        "html": text.html or None,
        "length": text.main.length,
        "limit": text.main.limit or None,
        "unit": text.main.unit,
        "fits": text.fits,
        "sha256": text.sha256,
        "preheader": text.preheader or None,
        "measures": [_measure_json(each) for each in text.measures],
        "sms": _sms_json(text),
    }


def _measure_json(found: Measured) -> Json:
    return {
        "of": found.of,
        "length": found.length,
        "limit": found.limit or None,
        "unit": found.unit,
        "hard": found.hard,
        "fits": not found.over,
    }


def _sms_json(text: Text) -> Json | None:
    sms = price(text)
    if sms is None:
        return None
    offer = sms.offer
    return {
        "encoding": sms.counted.encoding,
        "units": sms.counted.units,
        "segments": sms.counted.segments,
        "forced_by": list(sms.counted.culprits),
        "segments_without": sms.counted.without_culprits or None,
        "respelt": {"text": offer.text, "segments": sms.respelt} if offer else None,
    }
