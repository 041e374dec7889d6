"""A breach of personal data for tests of the regulators' clocks: small, and quick to walk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conftest import Crisis
from makers import a_playbook, a_step
from small import write

from crisisctl.deadlines.notices import Notice, notices
from crisisctl.deadlines.regulations import load_regulations
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident
from crisisctl.playbook.model import Fact, Playbook, Regulators, Scale
from crisisctl.playbook.regulation import Regulation
from crisisctl.workspace import Workspace

# As a playbook in memory

COUNTRIES = ("FR", "ES", "DE", "TR", "RU", "GB", "US-CA", "AR")
SCALE = Scale(
    data="data",
    context="context",
    identification="identification",
    confidentiality="confidentiality",
    integrity="integrity",
    availability="availability",
    malice="malice",
)


def a_regulated(**changes: Any) -> Playbook:
    """A playbook whose facts start clocks, without deadlines of its own."""
    times = {
        name: Fact(type="time", ask=f"{name}?")
        for name in ("aware_at", "first_sign_at", "exposed_at", "suspected_at", "material_at")
    }
    times["exposed_at"] = Fact(type="time", ask="Since when?", milestone="started")
    ours = Regulators(
        countries="countries",
        starts={
            "aware": "aware_at",
            "detected": "first_sign_at",
            "occurred": "exposed_at",
            "suspected": "suspected_at",
            "material": "material_at",
        },
        also={"pci": "cards", "us-sec": "listed", "nis2": "nis2"},
        establishment="eu_base",
        processor="our_part == 'theirs'",
        severity=SCALE,
    )
    fields = {
        "playbook": "leak",
        "title": "Leak",
        "facts": {
            **times,
            "countries": Fact(
                type="choices", ask="Where?", choices={code: code for code in COUNTRIES}
            ),
            "eu_base": Fact(
                type="choice", ask="Office?", choices={"none": "None", "FR": "France", "DE": "D"}
            ),
            "our_part": Fact(
                type="choice", ask="Whose?", choices={"ours": "Ours", "theirs": "Theirs"}
            ),
            **{name: Fact(type="flag", ask=f"{name}?") for name in ("cards", "listed", "nis2")},
        },
        "impact": {},
        "deadlines": {},
        "stages": {"assess": (a_step(id="look"),)},
        "regulators": ours,
        "close_needs": (),
    }
    return a_playbook(**{**fields, **changes})


def the_law() -> tuple[Regulation, ...]:
    """The regulations that are shipped."""
    return load_regulations(Workspace())


def kept(regulations: Sequence[Regulation] | None = None) -> ev.RegulationsKept:
    """The law as it is known when an incident begins to follow it."""
    return ev.RegulationsKept(tuple(regulations if regulations is not None else the_law()))


def fact(name: str, value: ev.Plain, status: ev.Status = "confirmed") -> ev.FactRecorded:
    """A fact as somebody tells it."""
    return ev.FactRecorded(name, value, status, "ana")


def by_id(incident: Incident, now: Any) -> dict[str, Notice]:
    """Its clocks by name."""
    return {notice.id: notice for notice in notices(incident, now=now)}


# As a file, for the command line

PLAYBOOK = """\
playbook: leak
title: Leak
roles: {legal: Owns the clocks}
facts:
  exposed_at: {type: time, ask: Since when?, milestone: started, example: "2025-11-27T10:00+01:00"}
  first_sign_at:
    {type: time, ask: First sign?, milestone: detected, example: "2025-11-27T11:00+01:00"}
  aware_at: {type: time, ask: Certain since?, example: "2025-11-27T12:00+01:00"}
  suspected_cards_at: {type: time, ask: Suspected since?, example: "2025-11-27T12:00+01:00"}
  material_at: {type: time, ask: Material?, optional: true, example: "2025-11-27T12:00+01:00"}
  countries:
    type: choices
    ask: Where do they live?
    choices:
      {FR: France, ES: Spain, TR: Türkiye, RU: Russia, GB: UK, US-CA: California, AR: Argentina}
    example: [FR]
  people_affected: {type: number, ask: How many?, least: 0, optional: true, example: 3}
  shop: {type: text, ask: What is the shop called?, optional: true, example: Kestrel}
deadlines: DEADLINES
regulators:
  countries: countries
  starts:
    aware: aware_at
    detected: first_sign_at
    occurred: exposed_at
    suspected: suspected_cards_at
    material: material_at
close_needs: []
stages:
  assess:
    - {id: find, title: Find out, ask: [exposed_at, first_sign_at, aware_at, countries]}
  communicate:
    - id: risk
      title: Judge the risk
      decide:
        fact: risk
        options:
          some: {title: A risk, for: a, against: b}
          high: {title: High, for: a, against: b}
    - {id: authorities, title: Tell the authorities, notify: [authority]}
    - {id: people, title: Tell people, notify: [people]}
  post-mortem:
    - {id: entry, title: Complete the register, notify: [register, authority, people]}
"""


def leak(folder: Path, *, deadlines: str = "{}", playbook: str = PLAYBOOK) -> Path:
    """A workspace in this folder with the playbook `leak`."""
    write(folder / "crisisctl.yaml", "brand: {name: Kestrel}\n")
    write(folder / "playbooks" / "leak.yaml", playbook.replace("DEADLINES", deadlines))
    return folder


def a_breach(crisis: Crisis, folder: Path, *words: str, **facts: str) -> str:
    """A declared breach with these facts, in France unless they say otherwise; its id."""
    leak(folder)
    facts = {"countries": "FR", **facts}
    given = [word for pair in facts.items() for word in ("--set", "=".join(pair))]
    return crisis("start", "leak", *words, *given, "--no-input").stdout.strip()
