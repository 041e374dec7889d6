"""A past incident in brief: what was said, decided, done and learned, and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from crisisctl.incident.fold import Incident, Sent
from crisisctl.incident.lessons import Action
from crisisctl.incident.said import SentText
from crisisctl.report.post_mortem import LESSONS

_LINE = 120


class Said(Struct, frozen=True):
    """A message that went out, by its first line."""

    message: str
    to: str
    at: datetime
    after: timedelta | None
    """Since it started, or else since it was declared."""
    locales: tuple[str, ...]
    channels: tuple[str, ...]
    locale: str
    first_line: str


class Decided(Struct, frozen=True):
    """A choice in words, and why."""

    what: str
    option: str
    because: str


class Recalled(Struct, frozen=True):
    """What is worth knowing of it the next time."""

    incident: Incident
    took: timedelta | None
    """From its start until it was resolved."""
    said: tuple[Said, ...]
    decided: tuple[Decided, ...]
    lessons: dict[str, tuple[str, ...]]
    actions: tuple[Action, ...]


def recalled(incident: Incident) -> Recalled:
    """Gather it from the record."""
    times = incident.milestones
    start, over = times.get("started", incident.declared_at), times.get("resolved")
    took = over - start if start is not None and over is not None else None
    return Recalled(
        incident=incident,
        took=took if took is not None and took >= timedelta() else None,
        said=_said(incident, start),
        decided=tuple(_decided(incident)),
        lessons={name: _lesson(incident, name) for name in LESSONS},
        actions=tuple(incident.actions.values()),
    )


def _said(incident: Incident, start: datetime | None) -> tuple[Said, ...]:
    texts = {text.sha256: text for draft in incident.drafts for text in draft.event.texts}
    found = []
    for sent in sorted(incident.sent, key=lambda sent: sent.at):
        shown = _in_english(sent)
        text = texts.get(shown.sha256) if shown is not None else None
        line = _first_line(text.heading or text.title or text.body) if text is not None else ""
        found.append(
            Said(
                message=sent.event.message,
                to=sent.event.to,
                at=sent.at,
                after=sent.at - start if start is not None else None,
                locales=tuple(dict.fromkeys(text.locale for text in sent.event.texts)),
                channels=tuple(dict.fromkeys(text.channel for text in sent.event.texts)),
                locale=shown.locale if shown is not None else "",
                first_line=line,
            )
        )
    return tuple(found)


def _in_english(sent: Sent) -> SentText | None:
    texts = sent.event.texts
    return next((text for text in texts if text.locale == "en"), texts[0] if texts else None)


def _first_line(text: str) -> str:
    line = next((row.strip() for row in text.splitlines() if row.strip()), "")
    return line if len(line) <= _LINE else f"{line[: _LINE - 1]}…"


def _decided(incident: Incident) -> Sequence[Decided]:
    found = []
    for decision in incident.decisions:
        plan = incident.plans.get(decision.playbook)
        step = plan.step(decision.step) if plan else None
        option = step.decide.options.get(decision.option) if step and step.decide else None
        found.append(
            Decided(
                step.title if step else decision.fact,
                option.title if option else decision.option,
                decision.because,
            )
        )
    return found


def _lesson(incident: Incident, name: str) -> tuple[str, ...]:
    known = incident.known(name)
    answered = [str(known.value)] if known is not None else []
    noted = [note.text for note in incident.notes if note.topic.replace("-", "_") == name]
    return tuple(dict.fromkeys(answered + noted))
