"""The law's clocks as data: what a file in `playbooks/regulations/` is made of.

A file says who must be told, what starts the clock and how long it runs. It is
support for a person who decides, and no legal advice: each carries the day it
was read, its sources, and how sure we are of it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from crisisctl.playbook.model import Day, Id, Model, Recipient, Start

Confidence = Literal["verified", "partly", "known"]
"""Read at the source; read in part; known from general reading, and not verified."""
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
"""ISO 3166: FR, US-CA."""


class Within(Model, frozen=True, kw_only=True):
    """How long a clock runs: one of these; none of them is "without undue delay"."""

    hours: Annotated[int, Meta(ge=0, le=8760)] | None = None
    """Hours that pass, weekends and all."""
    days: Annotated[int, Meta(ge=1, le=366)] | None = None
    """Calendar days; it ends with the last of them."""
    business_days: Annotated[int, Meta(ge=1, le=250)] | None = None
    """Working days of `holidays`; it ends with the last of them."""
    months: Annotated[int, Meta(ge=1, le=24)] | None = None
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
