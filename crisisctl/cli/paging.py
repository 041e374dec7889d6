"""`page`: the status site, written from what customers were sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crisisctl.cli.desk import DRILL, Desk, desk, local_zone
from crisisctl.cli.printing import print_json
from crisisctl.errors import CrisisError
from crisisctl.incident.fold import Incident, Sent
from crisisctl.incident.store import load, unknown_incident
from crisisctl.messages.channels import load_channels
from crisisctl.messages.formats import LOCALES
from crisisctl.messages.history import kept_words, words_of_sent
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.outbox import Altered
from crisisctl.messages.pages.build import build
from crisisctl.messages.pages.site import Brand, Site, Told, Update, Wording
from crisisctl.messages.pages.standing import indicator
from crisisctl.messages.pages.writing import write_site
from crisisctl.playbook.model import SEVERITIES, MessageKind, Send

AUDIENCE = "customers"
"""What was written to anybody else is not published."""
CHANNEL = "status-page"
"""The channel whose texts the site shows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed after `crisisctl page`."""

    folder: Path
    incidents: Sequence[str]
    days: int
    drill: bool


def page(asked: Asked, *, json: bool) -> None:
    """Fold the incidents, collect what customers were told, write the site."""
    at = desk()
    if str(asked.folder) == "-":
        raise CrisisError("a status page is many files", hint="name a folder: --output DIR")
    incidents, now = _incidents(at, asked), at.now()
    told: list[Told] = []
    missing: list[str] = []
    for incident in incidents:
        updates, lost = public_texts(incident)
        missing += lost
        told.append(_told(incident, updates))
    site = _site(at, incidents, [each for each in told if _shown(each, asked, now)], asked, now)
    files = build(at.workspace, site)
    write_site(files, asked.folder)
    for words in missing:
        at.talk.block(f"left out: {words}", "warn")
    if json:
        print_json(at, _json(asked, site, list(files), missing))
        return
    at.talk.line(f"✓ {len(files)} files of the status page written to {asked.folder}", "good")


def public_texts(incident: Incident) -> tuple[tuple[Update, ...], list[str]]:
    """The messages that customers were sent on the status page, and what is missing of them."""
    kept = kept_words(incident)
    updates: list[Update] = []
    missing: list[str] = []
    for sent in incident.sent:
        texts: dict[str, Wording] = {}
        for text in sent.event.texts:
            if sent.event.to != AUDIENCE or text.channel != CHANNEL:
                continue
            try:
                heading, body = words_of_sent(kept, text)
                texts[text.locale] = Wording(heading or body.partition("\n")[0], body)
            except Altered as error:
                missing.append(error.message)
        if texts:
            updates.append(_update(incident, sent, texts))
    return tuple(updates), missing


def _update(incident: Incident, sent: Sent, texts: dict[str, Wording]) -> Update:
    return Update(
        id=str(sent.seq),
        at=sent.at,
        message=sent.event.message,
        kind=_kind(incident, sent.event.message),
        texts=texts,
        cause_told="cause" in sent.event.uses,
    )


def _kind(incident: Incident, message: str) -> MessageKind | None:
    for plan in incident.plans.values():
        step = plan.sends(message)
        if step is not None and step.send is not None:
            return kind_of(step.send, plan)
    return kind_of(Send(message=message, channels=()))


def _incidents(at: Desk, asked: Asked) -> list[Incident]:
    """The incidents that were named, else all of the journal, newest first."""
    journal = at.journal(drill=asked.drill)
    for id in asked.incidents:
        if id.startswith(DRILL) and not asked.drill:
            raise CrisisError(
                f"{id} is a drill: customers must not take it for the real thing",
                hint="`--drill` writes it with a stamp on every page, to look at",
            )
        if journal.head(id) is None:
            raise unknown_incident(journal, id)
    named = list(dict.fromkeys(asked.incidents)) or [head.incident for head in journal.heads()]
    found = [load(journal, id) for id in named]
    return [incident for incident in found if incident.drill == asked.drill]


def _told(incident: Incident, updates: tuple[Update, ...]) -> Told:
    return Told(
        id=incident.id,
        time_zone=incident.time_zone,
        severity=incident.severity or SEVERITIES[0],
        updates=updates,
        open=incident.status == "open",
        mitigated_at=incident.milestones.get("mitigated"),
        resolved_at=incident.milestones.get("resolved"),
    )


def _shown(told: Told, asked: Asked, now: datetime) -> bool:
    if not told.updates:
        return False
    return told.open or told.in_order[-1].at >= now - timedelta(days=asked.days)


def _site(
    at: Desk, incidents: list[Incident], told: list[Told], asked: Asked, now: datetime
) -> Site:
    locales = _locales(at, told)
    channels = load_channels(at.workspace) if asked.drill else None
    return Site(
        brand=Brand(
            name=_needed(at, incidents, "brand.name"),
            url=_needed(at, incidents, "brand.status_url"),
            email=_setting(at, incidents, "brand.support_email"),
            phone=_setting(at, incidents, "brand.phone"),
        ),
        locales=locales,
        time_zone=local_zone(at.environment, at.workspace.get("time_zone")),
        incidents=tuple(told),
        now=now,
        drill_stamps={each: channels.stamp(each) for each in locales} if channels else None,
    )


def _locales(at: Desk, told: list[Told]) -> tuple[str, ...]:
    """The languages of the workspace, else those that customers were written to in."""
    chosen = at.workspace.get("locales")
    if isinstance(chosen, list | tuple) and chosen:
        return tuple(dict.fromkeys(str(locale) for locale in chosen))
    written = {locale for each in told for update in each.updates for locale in update.texts}
    return tuple(locale for locale in LOCALES if locale in written) or LOCALES[:1]


def _needed(at: Desk, incidents: list[Incident], path: str) -> str:
    found = _setting(at, incidents, path)
    if found:
        return found
    raise CrisisError(
        f"the status page needs {path}",
        hint=f"write it into crisisctl.yaml: brand: {{{path.removeprefix('brand.')}: …}}",
    )


def _setting(at: Desk, incidents: list[Incident], path: str) -> str:
    """What the workspace says, else what an incident was told in its place."""
    setting = at.workspace.get(path)
    if isinstance(setting, str) and setting.strip():
        return setting.strip()
    for incident in incidents:
        for plan in incident.plans.values():
            for name, spec in plan.facts.items():
                known = incident.known(name) if spec.workspace == path else None
                if known is not None and known.status == "confirmed":
                    return str(known.value)
    return ""


def _json(asked: Asked, site: Site, files: list[str], missing: list[str]) -> dict[str, object]:
    told = site.newest_first()
    return {
        "folder": str(asked.folder),
        "drill": asked.drill,
        "indicator": indicator(told),
        "incidents": [incident.id for incident in told],
        "locales": list(site.locales),
        "files": files,
        "missing": missing,
    }
