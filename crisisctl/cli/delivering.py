"""Handing approved texts over: intent on record, delivery, result on record; never twice."""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli.keyboard import Option
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.messages.delivery.climb import climb
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.delivery.result import Result
from crisisctl.messages.delivery.surroundings import Surroundings
from crisisctl.messages.delivery.targets import Ladder, Target, ladders
from crisisctl.messages.delivery.wire import wire
from crisisctl.messages.drafting import words_of
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.pack import Text
from crisisctl.text import listed

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk
    from crisisctl.cli.drafts import Sheet
    from crisisctl.cli.walk import Walk
    from crisisctl.incident.fold import Incident
    from crisisctl.incident.outgoing import Delivery
    from crisisctl.playbook.model import Send


LIST = "-list"
"""How the keys of mailings end."""


@dataclass(slots=True)
class Outcome:
    """How the texts of a message fared."""

    sent: list[Text] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """What did not go out, each with its reason."""
    unknown: list[str] = field(default_factory=list)
    """What may have gone out; only a person can find out."""
    doubtful: str = ""
    """The key of a mailing that left some people in doubt."""

    @property
    def well(self) -> bool:
        """Whether everything went out for sure."""
        return not (self.failed or self.unknown)


def ways(desk: Desk, incident: Incident) -> Mapping[str, Ladder]:
    """How each channel is delivered; a drill reaches nobody."""
    return {} if incident.drill else ladders(desk.workspace)


def carried(found: Mapping[str, Ladder], text: Text) -> bool:
    """Whether something other than a person carries this text."""
    return any(rung.takes(text.locale) for rung in found.get(text.channel, ()))


def deliver(walk: Walk, sheet: Sheet, send: Send, texts: Sequence[Text], folder: Path) -> Outcome:
    """Hand texts over, one after the other. The draft and its approval are on record already."""
    found, outcome = ways(walk.desk, walk.incident), Outcome()
    for channel, path, target in _lists(walk, send, texts, found):
        mine = [text for text in texts if text.channel == channel]
        texts = [text for text in texts if text.channel != channel]
        if all(_is_out(walk.incident, sheet, text) for text in mine):
            outcome.sent.extend(mine)
            continue
        from crisisctl.cli import posting

        posted = posting.post(walk, sheet, send, mine, target, folder, path)
        outcome.sent.extend(posted.sent)
        outcome.failed.extend(posted.failed)
        outcome.unknown.extend(posted.unknown)
        outcome.doubtful = outcome.doubtful or posted.doubtful
    for text in texts:
        cell = f"{text.channel}.{text.locale}"
        if _is_out(walk.incident, sheet, text):
            outcome.sent.append(text)  # before a crash
            continue
        ended = _climb(walk, sheet, send, text, found[text.channel], folder)
        if ended.state == "delivered":
            outcome.sent.append(text)
            walk.desk.talk.block(f"✓ {cell}: {ended.detail or 'delivered'}", "good", "  ")
        elif ended.state == "unknown":
            outcome.unknown.append(f"{cell} ({ended.detail})")
        else:
            outcome.failed.append(f"{cell} ({ended.detail})")
    return outcome


def _lists(
    walk: Walk, send: Send, texts: Sequence[Text], found: Mapping[str, Ladder]
) -> Iterator[tuple[str, Path, Target]]:
    """The channels that write to each person on a list."""
    from crisisctl.cli import lists, posting

    path = lists.list_of(walk.desk, walk.incident, send)
    for channel in dict.fromkeys(text.channel for text in texts):
        target = posting.by_name(found[channel])
        if target is not None and path is not None:
            yield channel, path, target


def _is_out(incident: Incident, sheet: Sheet, text: Text) -> bool:
    return any(found.state == "delivered" for found in _tried(incident, sheet, text))


def _climb(
    walk: Walk, sheet: Sheet, send: Send, text: Text, ladder: Ladder, folder: Path
) -> Result:
    envelope = envelope_of(walk.incident, sheet, send, text)
    number = len(_tried(walk.incident, sheet, text))
    current = ""

    def intended(_rung: int, target: Target, _: Envelope) -> None:
        nonlocal current, number
        number += 1
        current = f"{envelope.key}-{number}"
        intent = ev.DeliveryIntended(
            current, text.message, sheet.pack.to, text.channel, text.locale, text.sha256, target.via
        )
        walk.record(lambda _: [intent])

    def resulted(_rung: int, _target: Target, _: Envelope, result: Result) -> None:
        if result.state == "delivered":
            walk.record(lambda _: [ev.TextDelivered(current, result.receipt)])
        elif result.state != "unknown":  # an intent without a result is what nobody knows
            walk.record(lambda _: [ev.DeliveryFailed(current, result.detail)])

    surroundings = around(walk.desk, folder)
    tried, _ = climb(envelope, ladder, surroundings, intended=intended, resulted=resulted)
    return tried[-1].result if tried else Result("refused", "no delivery takes this language")


def around(desk: Desk, folder: Path) -> Surroundings:
    """What a transport may use of the world."""
    return Surroundings(desk.environment, desk.now, time.sleep, random.random, folder)


def envelope_of(incident: Incident, sheet: Sheet, send: Send, text: Text) -> Envelope:
    """A text as it is handed over. The same draft, channel and language give the same key."""
    seq = sheet.draft.seq if sheet.draft else incident.seq
    parts = (incident.id, str(seq), text.message, text.channel, text.locale, text.sha256)
    words = words_of(text)
    before = [d for d in incident.deliveries.values() if _same_thread(d, sheet, text)]
    return Envelope(
        channel=text.channel,
        locale=text.locale,
        key=hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32],
        heading=words.heading,
        body=words.body,
        html=text.html,
        format=text.format,
        kind=kind_of(send, incident.plans.get(sheet.setting.playbook)) or "",
        thread=f"{incident.id}/{sheet.pack.to}/{text.channel}/{text.locale}",
        continues=before[-1].detail if before else "",
        drill=incident.drill,
    )


def dry_run(desk: Desk, incident: Incident, sheet: Sheet, send: Send) -> Iterator[str]:
    """What would be handed over, exactly, with every secret masked."""
    found = ways(desk, incident)
    for text in sheet.pack.texts:
        cell = f"{text.channel}.{text.locale}"
        if not carried(found, text):
            yield f"== {cell}: written to a file, for a person to copy\n"
            continue
        for rung in found[text.channel]:
            if rung.takes(text.locale):
                yield f"== {cell}: {rung.via}\n"
                yield wire(envelope_of(incident, sheet, send, text), rung, desk.now())


def unsettled(incident: Incident, message: str) -> list[Delivery]:
    """The deliveries of a message of which nobody knows how they ended."""
    return [
        found
        for found in incident.deliveries.values()
        if found.event.message == message
        and found.state == "intended"
        and not found.event.key.endswith(LIST)  # its ledger knows how far it came
    ]


def settle(walk: Walk, message: str) -> None:
    """Before anything more goes out: have a person say what became of what nobody knows."""
    for found in unsettled(walk.incident, message):
        event = found.event
        cell = f"{event.channel}.{event.locale}"
        if not walk.guided:
            raise CrisisError(
                f'nobody knows whether "{message}" went out on {cell} through {event.via}: '
                "the program ended, or the line was lost, while it was being handed over",
                hint=f"look there, then: crisisctl message settle {event.key} --arrived "
                "(or --lost, to send it again)",
                code=1,
            )
        words = f'Did "{message}" arrive on {cell} ({event.via})? Look there before you answer.'
        options = [
            Option("arrived", "It arrived"),
            Option("lost", "It did not: send it again"),
        ]
        chosen = walk.asked().choose(words, options)
        walk.record(partial(_settled, event.key, chosen == "arrived"))


def _settled(key: str, arrived: bool, _: Incident) -> list[ev.Event]:
    return [settled_event(key, arrived=arrived)]


def settled_event(key: str, *, arrived: bool) -> ev.Event:
    """What a person found out about a delivery."""
    if arrived:
        return ev.TextDelivered(key, by_hand=True)
    return ev.DeliveryFailed(key, "it did not arrive", by_hand=True)


def failure(message: str, outcome: Outcome) -> CrisisError:
    """What did not go out for sure, and what to do about it."""
    told = []
    if outcome.failed:
        told.append(f"not delivered: {listed(outcome.failed)}")
    if outcome.unknown:
        told.append(f"nobody knows whether it arrived: {listed(outcome.unknown)}")
    hint = f"`crisisctl message send {message}` goes on with what is left"
    if outcome.doubtful:
        hint = (
            f"look in the mail server's log, then: crisisctl message settle {outcome.doubtful} "
            f"--arrived (or --lost; one person: --to ADDRESS); then {hint}"
        )
    return CrisisError(f'"{message}" is not out everywhere; {"; ".join(told)}', hint=hint, code=1)


def _tried(incident: Incident, sheet: Sheet, text: Text) -> list[Delivery]:
    since = sheet.draft.seq if sheet.draft else incident.seq
    return [
        found
        for found in incident.deliveries.values()
        if found.seq > since
        and found.event.message == text.message
        and (found.event.channel, found.event.locale) == (text.channel, text.locale)
        and found.event.sha256 == text.sha256
    ]


def _same_thread(found: Delivery, sheet: Sheet, text: Text) -> bool:
    event = found.event
    return found.state == "delivered" and (event.to, event.channel, event.locale) == (
        sheet.pack.to,
        text.channel,
        text.locale,
    )
