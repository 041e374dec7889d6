"""The report for customers: which message it is, rendered, guarded and proofread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.incident.knowledge import confirmed, holds
from crisisctl.messages.pack import Pack, Setting, Text, render_pack
from crisisctl.messages.proof.readers import AUTHORITY, STAFF
from crisisctl.messages.review import Found, readers_of, review
from crisisctl.messages.templates import MissingFact
from crisisctl.playbook import conditions, values
from crisisctl.playbook.model import Fact, Send
from crisisctl.playbook.values import Value
from crisisctl.report.guard import Leak
from crisisctl.report.watch import Guard, marked
from crisisctl.text import listed, zone_of
from crisisctl.workspace import Workspace

Form = Literal["blog", "email"]
FORMS: tuple[Form, ...] = ("blog", "email")
"""Each is the channel of that name: which blocks of the template are its headline and text."""


class Asked(msgspec.Struct, frozen=True):
    """Whose report is to be written, and how."""

    workspace: Workspace
    incident: Incident
    entries: Sequence[ev.Entry]
    now: datetime
    form: Form = "blog"


class Written(msgspec.Struct, frozen=True):
    """The report of one playbook in one language, with all that is wrong with it."""

    playbook: str
    text: Text
    leaks: tuple[Leak, ...]
    flaws: tuple[Found, ...]

    @property
    def cell(self) -> str:
        """Form and language, as findings name the place."""
        return f"{self.text.channel}.{self.text.locale}"


def reports(incident: Incident, *, now: datetime) -> tuple[dict[str, Send], list[str]]:
    """The messages that are the public report, by playbook; and why others are none.

    A playbook decides when its report is published: the condition of the step
    that sends it holds here, too.
    """
    found: dict[str, Send] = {}
    kept: list[str] = []
    for plan in incident.plans.values():
        send = plan.public_report()
        if send is None:
            kept.append(f'the playbook "{plan.playbook}" has no public report')
            continue
        step = plan.sends(send.message)
        if send.to in STAFF or AUTHORITY.search(send.to.lower()) or send.kind == "brief":
            kept.append(f'"{plan.playbook}/{send.message}" is for {send.to}, not for customers')
        elif step is not None and step.when and not holds(step.when, incident, now=now):
            kept.append(
                f'the report of "{plan.playbook}" is not published here: '
                f'its step "{step.id}" is for {step.when}'
            )
        else:
            found[plan.playbook] = send
    return found, kept


def written(asked: Asked, playbook: str, send: Send, locales: Sequence[str]) -> list[Written]:
    """The report in these languages. Raises, naming all of them, where facts are missing."""
    incident, workspace = asked.incident, asked.workspace
    setting = Setting(workspace, playbook, zone_of(incident.time_zone), incident.drill)
    known = confirmed(incident, now=asked.now)
    names: dict[str, object] = {**known, "sent_at": asked.now}
    send = msgspec.structs.replace(send, channels=(asked.form,))
    pack = _rendered(asked, setting, send, names, locales)
    twins = render_pack(setting, send, marked(incident, names), locales)
    readers = readers_of(workspace, incident, playbook, send)
    # told before or not: whether a report repeats an earlier message is no fault of it
    flaws = review(pack, msgspec.structs.replace(readers, before=()))
    guard = Guard(asked.workspace, incident, asked.entries, known, pack.uses)
    return [
        Written(
            playbook,
            text,
            tuple(guard.leaks(text, twin, playbook)),
            tuple(flaw for flaw in flaws if flaw.text is text),
        )
        for text, twin in zip(pack.texts, twins.texts, strict=True)
    ]


def _rendered(
    asked: Asked,
    setting: Setting,
    send: Send,
    names: Mapping[str, object],
    locales: Sequence[str],
) -> Pack:
    """The texts; or one error with every fact that they lack, so that nothing comes out half."""
    filled, lacking = dict(names), list[str]()
    while True:
        try:
            pack = render_pack(setting, send, filled, locales)
        except MissingFact as missing:
            stand_in = _stand_in(asked, missing.fact)
            if missing.fact in filled or stand_in is None:
                raise
            lacking.append(missing.fact)
            filled[missing.fact] = stand_in
        else:
            break
    if lacking:
        raise _missing(asked.incident, list(_sources(asked.incident, lacking)))
    return pack


def _stand_in(asked: Asked, name: str) -> Value | None:
    """A value that only lets the rendering go on to what else is missing."""
    spec = asked.incident.spec(name)
    if spec is None:
        return None
    if spec.compute and spec.example is None:
        spec = Fact(type=spec.type, example="1h" if spec.type == "duration" else "1")
    zone = zone_of(asked.incident.time_zone)
    try:
        return values.parse(
            msgspec.structs.replace(spec, ahead=False), spec.example, now=asked.now, zone=zone
        )
    except CrisisError:
        return None


def _sources(incident: Incident, names: Sequence[str]) -> Iterator[str]:
    """What a person can record: a computed fact stands for those it is computed from."""
    for name in names:
        spec = incident.spec(name)
        inputs = conditions.names_in(spec.compute) if spec is not None and spec.compute else ()
        asked = [each for each in sorted(inputs) if incident.spec(each) is not None]
        yield from (each for each in asked if not _is_confirmed(incident, each))
        if not asked:
            yield name


def _is_confirmed(incident: Incident, name: str) -> bool:
    known = incident.known(name)
    return known is not None and known.status == "confirmed"


def _missing(incident: Incident, names: Sequence[str]) -> CrisisError:
    unique = list(dict.fromkeys(names))
    told = [
        f"{name} (only suspected)" if incident.known(name) is not None else name for name in unique
    ]
    return CrisisError(
        f"the public report needs what is not confirmed yet: {listed(told)}",
        hint=f"record each with `crisisctl fact {unique[0]} VALUE --incident {incident.id}`",
    )
