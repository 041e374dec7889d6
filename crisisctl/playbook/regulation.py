"""The law's clocks as data: what a file in `playbooks/regulations/` is made of.

A file says who must be told, what starts the clock and how long it runs. It is
support for a person who decides, and no legal advice: each carries the day it
was read, its sources, and how sure we are of it.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from msgspec import Meta

from crisisctl.playbook.form import Day, Id, Model
from crisisctl.playbook.model import Recipient, Start

Confidence = Literal["verified", "partly", "known"]
"""Read at the source; read in part; known from general reading, and not verified."""
COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
Country = Annotated[str, Meta(extra_json_schema={"pattern": f"^{COUNTRY.pattern}$"})]
"""ISO 3166: FR, US-CA."""
LENGTHS = {"hours": (0, 8760), "days": (1, 366), "business_days": (1, 250), "months": (1, 24)}
"""How long a clock may run; what is longer is a slip."""


def _number(of: str) -> Meta:
    least, most = LENGTHS[of]
    return Meta(extra_json_schema={"minimum": least, "maximum": most})


class Within(Model, frozen=True, kw_only=True):
    """How long a clock runs: one of these; none of them is "without undue delay"."""

    hours: Annotated[int, _number("hours")] | None = None
    """Hours that pass, weekends and all."""
    days: Annotated[int, _number("days")] | None = None
    """Calendar days; it ends with the last of them."""
    business_days: Annotated[int, _number("business_days")] | None = None
    """Working days of `holidays`; it ends with the last of them."""
    months: Annotated[int, _number("months")] | None = None
    """Calendar months."""
    holidays: Country | None = None
    """The country, or part of one, whose public holidays are no working days."""


class Clock(Model, frozen=True, kw_only=True):
    """One notice that is due."""

    to: Recipient
    """Whom the notice is for."""
    who: str
    """Who gets it, in words: "CNIL, by its online service"."""
    starts: Start = "aware"
    """What starts it."""
    after: Id = ""
    """The clock whose notice starts this one instead."""
    within: Within = Within()
    """How long it runs; left out: without undue delay."""
    when: str = ""
    """When it is owed at all, in words: "a high risk for people"."""
    content: tuple[str, ...] = ()
    """What the notice must say."""
    phased: bool = False
    """Whether what is not known yet may follow."""
    late: str = ""
    """What a late notice must carry."""


class Regulation(Model, frozen=True, kw_only=True):
    """One law, or set of rules, about breaches of personal data."""

    regulation: Id
    """Its name: that of its file."""
    title: str
    """What it is called."""
    countries: tuple[Country, ...] = ()
    """Where it holds for people who live there; empty: wherever its condition holds."""
    applies: str = ""
    """To whom it applies, where not to every shop."""
    authority: str
    """The authority."""
    basis: str
    """The provisions."""
    starts_when: str
    """What starts the clock, in the law's own sense."""
    clocks: dict[Id, Clock]
    """The notices that are due."""
    exempt: str = ""
    """What makes a notice unnecessary."""
    delay: str = ""
    """What allows it to be late."""
    one_stop_shop: bool = False
    """Whether the authority of the main establishment may stand for the others (GDPR Art. 56)."""
    note: str = ""
    """What else to know, such as a change that is proposed."""
    as_of: Day
    """The day on which it was read."""
    source: tuple[str, ...]
    """Where."""
    confidence: Confidence
    """How sure we are of it."""
