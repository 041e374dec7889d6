"""What can be asked about the walks through a playbook, and what the answer is made of."""

from __future__ import annotations

from msgspec import Struct, field

from crisisctl.lint.prover.formula import Formula

OPEN = "\0open"


class Value(Struct, frozen=True):
    """What a fact is, or `OPEN`."""

    name: str


class Sure(Struct, frozen=True):
    """Whether a fact was confirmed when it was asked; else it was only suspected."""

    name: str


class Statement(Struct, frozen=True):
    """Something that is true or false by itself."""

    text: str


Unknown = Value | Sure | Statement
Tri = bool | Unknown
"""True, false, or what must be known to tell."""
Case = dict[Unknown, object]


class Walked(Struct, frozen=True):
    """The step is walked."""

    step: int


class LeftOut(Struct, frozen=True):
    """The step is not walked."""

    step: int


class Says(Struct, frozen=True):
    """A formula is true when this step comes; in a message only confirmed facts count."""

    formula: Formula
    step: int
    message: bool = False


class Unasked(Struct, frozen=True):
    """No walked step before this one has asked the fact."""

    name: str
    before: int


class Open(Struct, frozen=True):
    """The fact was left open."""

    name: str


class Suspected(Struct, frozen=True):
    """The fact is only suspected."""

    name: str


Clause = Walked | LeftOut | Says | Unasked | Open | Suspected


class Answer(Struct, frozen=True):
    """Whether there is such a walk, and by which answers it comes about."""

    found: bool
    bounded: bool = False
    """There were more cases than were looked at."""
    case: Case = field(default_factory=dict)
