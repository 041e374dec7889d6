"""Messages of a running incident: what they say now, and how far each text has come."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from crisisctl.cli import drafts, reading
from crisisctl.cli.desk import Desk, desk, zone
from crisisctl.cli.drafts import Sheet
from crisisctl.cli.printing import print_json
from crisisctl.errors import CrisisError
from crisisctl.incident.fold import Incident
from crisisctl.messages.approval import Standing
from crisisctl.messages.limits import Measured
from crisisctl.messages.pack import Pack, Text
from crisisctl.messages.price import price
from crisisctl.messages.review import Found, review
from crisisctl.playbook.model import Send, Step
from crisisctl.report.data import Json, View
from crisisctl.text import did_you_mean, listed, moment


def show(
    message: str, id: str | None, *, channels: Sequence[str], locales: Sequence[str], json: bool
) -> None:
    """The exact texts as they would go out now, and how far each has come."""
    at = desk()
    _, incident = at.open(id)
    playbook, step = find_message(incident, message)
    send = narrowed(step, channels)
    now = at.now()
    found = drafts.sheet(at, incident, playbook, send, now=now, only=locales)
    stands = drafts.standing(at, incident, found, now=now)
    if json:
        view = View(zone(incident))
        print_json(at, {**view.head(incident), **sheet_json(view, incident, found, stands)})
        return
    gone = {text.sha256 for sent in incident.sent for text in sent.event.texts}
    narrow = bool(channels or locales)
    flaws = review(found.pack, found.readers)
    if narrow:
        for text in found.pack.texts:
            reading.text(at.out, text)
            reading.flaws(at.out, [each for each in flaws if each.text is text])
    else:
        reading.matrix(at.out, found.pack, stands.covered, gone, flaws)
        reading.flaws(at.out, flaws)
        at.out.block("Read the texts with --locale or --channel.", "dim")
    _print_standing(at, incident, found, stands)


def _print_standing(at: Desk, incident: Incident, found: Sheet, stands: Standing) -> None:
    where = zone(incident)
    if found.draft is None:
        at.out.block("Rendered just now; nothing of it is on record yet.", "dim")
    else:
        at.out.block(f"Drafted by {found.draft.by}, {moment(found.draft.at, where)}.", "dim")
    if stands.given:
        at.out.block(f"Approved by {listed(stands.given)}.", "good")
    if found.draft is not None and not stands.complete:
        at.out.block(f"{stands.wanted}.", "warn")
    edited = [f"{t.channel}.{t.locale}" for t in found.pack.texts if t.edited]
    if edited:
        at.out.block(f"Edited by hand, not as the template says: {listed(edited)}", "warn")
    for sent in incident.sent:
        if sent.event.message == found.pack.message:
            at.out.block(f"Sent {moment(sent.at, where)} by {sent.by}.", "dim")


def print_pack(at: Desk, pack: Pack, *, narrowed_down: bool) -> None:
    """The texts that were asked for; without a choice, how long each of them is."""
    if not narrowed_down:
        reading.matrix(at.out, pack)
        at.out.block("Read the texts with --locale or --channel.", "dim")
        return
    for shown in pack.texts:
        reading.text(at.out, shown)


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


def sheet_json(view: View, incident: Incident, found: Sheet, stands: Standing) -> Json:
    """A sheet with everything that is known of its texts: who wrote, approved and sent them."""
    draft = found.draft
    flaws = review(found.pack, found.readers)
    texts = [
        {
            **text_json(text),
            "edited": text.edited,
            "approved": text.sha256 in stands.covered,
            "findings": [finding_json(each) for each in flaws if each.text is text],
            "sent": [view.at(at) for at in _sent_at(incident, text)],
        }
        for text in found.pack.texts
    ]
    return {
        **pack_json(found.pack),
        "draft": {"by": draft.by, "at": view.at(draft.at)} if draft else None,
        "approvers": list(stands.given),
        "wanted": stands.wanted or None,
        "break_glass": stands.break_glass,
        "texts": texts,
    }


def finding_json(found: Found) -> Json:
    """A flaw, at its place in the headline or the text."""
    flaw = found.flaw
    return {
        "of": "heading" if found.in_heading else "text",
        "line": flaw.line,
        "column": flaw.column,
        "rule": flaw.rule,
        "severity": flaw.severity,
        "text": flaw.text,
        "hint": flaw.hint or None,
    }


def _sent_at(incident: Incident, text: Text) -> list[datetime]:
    return [
        sent.at
        for sent in incident.sent
        if any(gone.sha256 == text.sha256 for gone in sent.event.texts)
    ]


def text_json(text: Text) -> Json:
    """One text, its measures and whether it fits."""
    return {
        "channel": text.channel,
        "locale": text.locale,
        "heading": text.heading or None,
        "text": text.body,
        "sections": sections(text.body) or None,
        "html": text.html or None,
        "length": text.main.length,
        "limit": text.main.limit or None,
        "unit": text.main.unit,
        "fits": text.fits,
        "sha256": text.sha256,
        "preheader": text.preheader or None,
        "measures": [measure_json(each) for each in text.measures],
        "sms": _sms_json(text),
    }


def sections(body: str) -> list[Json]:
    """The parts of a text with Markdown headings, to copy into the fields of a form."""
    parts = re.split(r"(?m)^## +(.+)$", body)[1:]
    return [
        {"heading": heading.strip(), "text": words.strip()}
        for heading, words in zip(parts[::2], parts[1::2], strict=True)
    ]


def measure_json(found: Measured) -> Json:
    """One measure, and the limit it is held against."""
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
