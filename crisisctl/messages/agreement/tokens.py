"""What is read in a text piece by piece: times, lengths, numbers, sums, addresses."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from msgspec import Struct

from crisisctl.messages.agreement.moments import Moment


class Time(Struct, frozen=True):
    """A moment at text[start:end]; several values where it is given in several zones."""

    start: int
    end: int
    values: tuple[Moment, ...]


class Length(Struct, frozen=True):
    """A length of time."""

    start: int
    end: int
    value: timedelta


class Amount(Struct, frozen=True):
    """A number of something; a sum of money where `currency` is given."""

    start: int
    end: int
    value: Decimal
    unit: str = ""
    """One of the vocabulary's units, "percent", or nothing known."""
    currency: str = ""


class Address(Struct, frozen=True):
    """A link, an e-mail address or a telephone number."""

    start: int
    end: int
    kind: str
    value: str
    """In the one form in which it can be compared."""


Token = Time | Length | Amount | Address
