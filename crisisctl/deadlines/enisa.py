"""How severe a breach of personal data is, by ENISA's method of 2013: SE = DPC x EI + CB.

Recommendations for a methodology of the assessment of severity of personal
data breaches; the sub-scores as knowledge.co-dex.eu and myprivacy.tools give
them. It supports a decision about who must be told and does not take it: it
leaves out, for one, how late or careless we were.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from crisisctl.playbook.model import Scale
from crisisctl.playbook.values import Value

Level = Literal["low", "medium", "high", "very high"]

DATA = {"simple": 1, "behavioural": 2, "financial": 3, "sensitive": 4}
"""DPC, the context of the data: of several kinds the worst counts; log-ins what they open."""
CONTEXT = {"lower": -1, "as-it-is": 0, "higher": 1}
"""Public or outdated data makes it less, many records or people in need of protection more."""
IDENTIFICATION = {
    "negligible": Decimal("0.25"),
    "limited": Decimal("0.5"),
    "significant": Decimal("0.75"),
    "maximum": Decimal(1),
}
"""EI, how easily people are recognised."""
CONFIDENTIALITY = {"none": Decimal(0), "known": Decimal("0.25"), "unknown": Decimal("0.5")}
INTEGRITY = {"none": Decimal(0), "recoverable": Decimal("0.25"), "lost": Decimal("0.5")}
AVAILABILITY = {"none": Decimal(0), "temporary": Decimal("0.25"), "lost": Decimal("0.5")}
MALICE = {"false": Decimal(0), "true": Decimal("0.5")}

_LEVELS: tuple[tuple[int, Level], ...] = ((4, "very high"), (3, "high"), (2, "medium"))


class Score(Struct, frozen=True):
    """The severity with what it is made of."""

    dpc: int
    ei: Decimal
    cb: Decimal

    @property
    def value(self) -> Decimal:
        """SE, from 0.25 to 6."""
        return self.dpc * self.ei + self.cb

    @property
    def level(self) -> Level:
        """The band: low below 2, medium below 3, high below 4."""
        return next((level for least, level in _LEVELS if self.value >= least), "low")

    def __str__(self) -> str:
        sums = f"{self.dpc} x {_plain(self.ei)} + {_plain(self.cb)}"
        return f"{_plain(self.value)}, {self.level} ({sums})"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def scored(scale: Scale, facts: Mapping[str, Value]) -> Score | None:
    """The severity that these answers give; None while one is missing or is not of the method."""
    kinds = facts.get(scale.data)
    try:
        worst = max(DATA[str(kind)] for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))
        dpc = min(max(worst + CONTEXT[str(facts[scale.context])], 1), 4)
        ei = IDENTIFICATION[str(facts[scale.identification])]
        cb = (
            CONFIDENTIALITY[str(facts[scale.confidentiality])]
            + INTEGRITY[str(facts[scale.integrity])]
            + AVAILABILITY[str(facts[scale.availability])]
            + MALICE[str(facts[scale.malice]).lower()]
        )
    except (KeyError, ValueError):
        return None
    return Score(dpc, ei, cb)
