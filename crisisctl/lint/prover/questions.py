"""What can be asked about the walks through a playbook, and what the answer is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from crisisctl.lint.prover.formula import Formula

OPEN = "\0open"


@dataclass(frozen=True, slots=True)
class Value:
    """What a fact is, or `OPEN`."""

    name: str


@dataclass(frozen=True, slots=True)
class Sure:
    """Whether a fact was confirmed when it was asked; else it was only suspected."""

    name: str


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that is true or false by itself."""

    text: str


Unknown = Value | Sure | Statement
Tri = bool | Unknown
"""True, false, or what must be known to tell."""
Case = dict[Unknown, object]


@dataclass(frozen=True, slots=True)
class Walked:
    """The step is walked."""

    step: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The step is not walked."""

    step: int


@dataclass(frozen=True, slots=True)
class Says:
    """A formula is true when this step comes; in a message only confirmed facts count."""

    formula: Formula
    step: int
    message: bool = False


@dataclass(frozen=True, slots=True)
class Unasked:
    """No walked step before this one has asked the fact."""

    name: str
    before: int


@dataclass(frozen=True, slots=True)
class Open:
    """The fact was left open."""

    name: str


@dataclass(frozen=True, slots=True)
class Suspected:
    """The fact is only suspected."""

    name: str


Clause = Walked | LeftOut | Says | Unasked | Open | Suspected


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether there is such a walk, and by which answers it comes about."""

    found: bool
    bounded: bool = False
    """There were more cases than were looked at."""
    case: Case = field(default_factory=dict)
