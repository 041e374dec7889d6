"""The words by which a language states times, numbers, what is down and why."""

from __future__ import annotations

from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.form import Model
from crisisctl.workspace import Workspace

Words = tuple[str, ...]


class Clock(Model, frozen=True, kw_only=True):
    """How a time of day is written."""

    hours: Words = ()
    """What stands for the colon: "h" in "15 h 30"."""
    hours_alone: bool = False
    """Whether "15 h" is a time of day unless something says that it is a length."""
    before: Words = ()
    """Before a time of day: "15.30" and "15 h" are one after these."""
    bare: Words = ()
    """Words after which a number alone is an hour."""
    lengths: Words = ()
    """Before a length: "2 h 30" is one after these."""
    unclear: Words = ()
    """Before either: "depuis 2 h"."""
    of: Words = ()
    """After a length: "2 h 30 de panne"."""
    morning: Words = ()
    afternoon: Words = ()
    noon: Words = ()
    midnight: Words = ()


class Calendar(Model, frozen=True, kw_only=True):
    """How days are named."""

    months: tuple[Words, ...]
    month_first: bool = False
    weekdays: tuple[Words, ...]
    """Monday first."""
    yesterday: Words = ()
    today: Words = ()
    tomorrow: Words = ()
    joins: Words = ()
    """What may stand between the parts of one moment: "27 November at 15:30"."""
    ranges: Words = ()
    """What may stand between two ends: "from 15:00 to 16:00"."""


class Lengths(Model, frozen=True, kw_only=True):
    """The units of time."""

    seconds: Words
    minutes: Words
    hours: Words
    days: Words
    weeks: Words
    joins: Words = ()


class Purpose(Model, frozen=True, kw_only=True):
    """By which words a time is known to be for something."""

    say: Words = ()
    beside: Words = ()
    """Words that count only right beside the time."""
    but: Words = ()


class Times(Model, frozen=True, kw_only=True):
    """What times are for."""

    last: bool = False
    """Whether such words mostly follow the time."""
    next_update: Purpose
    eta: Purpose
    since: Purpose
    restored: Purpose
    report: Purpose
    until: Purpose
    lasted: Purpose
    earlier: Purpose
    """A time that was said before and no longer holds."""
    other: Purpose


class Subject(Model, frozen=True, kw_only=True):
    """A part of the shop, or a cause."""

    say: Words = ()
    """Words that say it all: "cannot pay"."""
    names: Words = ()
    """Words that say it where the sentence says the rest: "payment"."""
    but: Words = ()


class Scope(Model, frozen=True, kw_only=True):
    """What is down."""

    down: Words
    up: Words
    but: Words = ()
    """What looks like `down` or `up` and is neither."""
    turns: Words = ()
    """What begins a new thought within a sentence."""
    if_: Words = ()
    parts: dict[str, Subject]


class Cause(Model, frozen=True, kw_only=True):
    """Why it happened."""

    because: Words
    unknown: Words
    causes: dict[str, Subject]
    negations: Words = ()
    negations_after: Words = ()


class Vocabulary(Model, frozen=True, kw_only=True, eq=False):
    """All of one language."""

    clock: Clock
    calendar: Calendar
    zones: dict[str, Words]
    """For each zone, as `Europe/Paris` or `+01:00`, its names."""
    lengths: Lengths
    percent: Words
    thousands: Words = ()
    millions: Words = ()
    currencies: dict[str, Words]
    units: dict[str, Words]
    """Things that are counted; names of one thing stand together, however a language varies."""
    times: Times
    changed: Words = ()
    """What admits that something was said differently before."""
    scope: Scope
    cause: Cause


def vocabulary(workspace: Workspace, language: str) -> Vocabulary | None:
    """The words of a language; None for one that has no list."""
    return load_words(workspace, "agreement", language, Vocabulary)
