"""What of an incident is for those inside: people, roles, words, and what nobody confirmed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact
from crisisctl.playbook.values import Value
from crisisctl.report.post_mortem import CAUSES, LESSONS
from crisisctl.workspace import Workspace

Sort = Literal["person", "role", "words"]
TEAM_ONLY = frozenset({*LESSONS, CAUSES})
"""Facts that a team answers for its own report, whatever a template would say of them."""
WORDY = ("text", "url", "email", "phone")
"""The types of facts whose value stands in a text just as it was typed."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PEOPLE = frozenset({"person", "previous", "owner", "circle"})
"""Fields of events that name people."""
_IDS = frozenset(
    {"playbook", "step", "stage", "fact", "option", "message", "to", "channel", "locale", "via"}
    | {"key", "clock", "decision", "severity", "milestone", "status", "topic", "rule", "kpi"}
    | {"cause", "kind", "promise", "kept_by", "verdict", "currency", "lines", "changed", "role"}
    | {"strategy", "proposed", "time_zone", "as_of", "deadline", "map"}
)
"""Fields that hold the playbook's own words, or those of crisisctl."""
_OF_THE_PLAN = (
    *(ev.PlaybookAdded, ev.RegulationsKept, ev.StepStarted, ev.StepCompleted, ev.PromiseMade),
    *(ev.FactRecorded, ev.MilestoneReached, ev.MessageDrafted, ev.MessageSent),
)
"""Events whose words are the playbook's, a message's, or a fact's, which are looked at apart."""


class Kept(msgspec.Struct, frozen=True):
    """Words that stay inside, and where they stand in the record."""

    words: str
    sort: Sort
    source: str
    """Such as `note 12`: the event that holds them."""


class Held(msgspec.Struct, frozen=True):
    """A value that was only suspected, or was taken back."""

    fact: str
    spec: Fact
    value: Value
    status: Literal["suspected", "retracted"]


def kept_inside(
    incident: Incident,
    entries: Iterable[ev.Entry],
    workspace: Workspace,
    *,
    spoken: Collection[str],
) -> list[Kept]:
    """All words of an incident that nobody outside may read, each once.

    Nearly everything that people type is for those inside. So all words of all
    events are taken, except those known to be a playbook's: what an incident
    learns to hold later is kept inside until somebody says otherwise.
    """
    titles = {plan.title for plan in incident.plans.values()}
    found = [*_people(entries), *_staff(workspace), *_roles(incident, workspace)]
    found += (kept for kept in _words(entries) if kept.words not in titles)
    found += _facts(incident, spoken)
    return list({(kept.sort, kept.words): kept for kept in reversed(found)}.values())


def held_back(incident: Incident, entries: Iterable[ev.Entry]) -> list[Held]:
    """Every value that was suspected or retracted and is not what stands confirmed now."""
    last: dict[str, ev.Plain] = {}
    seen: dict[tuple[str, str], tuple[str, ev.Plain, Literal["suspected", "retracted"]]] = {}

    def hold(name: str, value: ev.Plain, status: Literal["suspected", "retracted"]) -> None:
        seen[name, repr(value)] = (name, value, status)

    for entry in entries:
        if isinstance(entry.event, ev.FactRecorded):
            last[entry.event.fact] = entry.event.value
            if entry.event.status == "suspected":
                hold(entry.event.fact, entry.event.value, "suspected")
        elif isinstance(entry.event, ev.FactRetracted) and entry.event.fact in last:
            hold(entry.event.fact, last[entry.event.fact], "retracted")
    for name, known in incident.facts.items():
        if known.status == "retracted":  # reopened: no event of its own says so
            hold(name, known.value, "retracted")
    return [
        Held(name, spec, values.decode(spec, value), status)
        for name, value, status in seen.values()
        if (spec := incident.spec(name)) is not None and not _stands(incident, name, value)
    ]


def _stands(incident: Incident, name: str, value: ev.Plain) -> bool:
    known = incident.facts.get(name)
    return known is not None and known.status == "confirmed" and known.value == value


def _people(entries: Iterable[ev.Entry]) -> Iterator[Kept]:
    for entry in entries:
        source = f"event {entry.seq}"
        yield Kept(entry.by, "person", source)
        for name in _PEOPLE & set(entry.event.__struct_fields__):
            told = getattr(entry.event, name)
            yield from (Kept(one, "person", source) for one in _strings(told) if one)


def _staff(workspace: Workspace) -> Iterator[Kept]:
    roles = workspace.get("roles")
    for role, people in roles.items() if isinstance(roles, Mapping) else ():
        for person in people if isinstance(people, list) else [people]:
            if isinstance(person, str):
                yield Kept(person, "person", f"{role} in crisisctl.yaml")


def _roles(incident: Incident, workspace: Workspace) -> Iterator[Kept]:
    own = workspace.get("roles")
    named = [role for plan in incident.plans.values() for role in plan.roles]
    named += [*incident.roles, *(own if isinstance(own, Mapping) else ())]
    for role in dict.fromkeys(map(str, named)):
        yield Kept(role.replace("-", " "), "role", "roles of the playbook")
        if "-" in role:
            yield Kept(role, "role", "roles of the playbook")


def _words(entries: Iterable[ev.Entry]) -> Iterator[Kept]:
    for entry in entries:
        if not isinstance(entry.event, _OF_THE_PLAN):
            source = f"event {entry.seq} ({ev.kind(entry.event)})"
            for words in _strings(entry.event):
                if telling(words):
                    yield Kept(words, "words", source)


def _facts(incident: Incident, spoken: Collection[str]) -> Iterator[Kept]:
    """What was typed as a fact that this text has no reason to say."""
    for name, known in incident.facts.items():
        spec = incident.spec(name)
        if spec is None or spec.workspace or spec.type not in WORDY or name in spoken:
            continue
        if known.status == "confirmed" and isinstance(known.value, str) and telling(known.value):
            yield Kept(known.value, "words", f'fact "{name}"')
    for name, known in incident.facts.items():
        if telling(known.source):
            yield Kept(known.source, "words", f'source of the fact "{name}"')


def telling(words: str) -> bool:
    """Whether words are found again only where they were copied, not by chance."""
    if _DATE.fullmatch(words):
        return False
    count = len(words.split())
    return count > 2 or (len(words) > 5 and not words.replace(" ", "").isalpha())


def _strings(value: object) -> Iterator[str]:
    """Every text in a value, but for the names that a playbook gave things."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _strings(inner)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name not in _IDS | _PEOPLE:
                yield from _strings(getattr(value, name))
