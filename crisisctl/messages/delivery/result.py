"""What came of handing a text over, and what that allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["delivered", "refused", "unknown", "unreached"]
"""delivered: the other side has taken it.

refused: it said no, for good; another way may be tried.
unknown: it may have taken it; only a person decides whether to send again.
unreached: it has taken nothing for certain; trying again cannot duplicate.
"""


@dataclass(frozen=True, slots=True)
class Result:
    """What one transport says of one text, for one recipient where there are any."""

    state: State
    detail: str = ""
    """One line, without secrets."""
    receipt: str = ""
    """What proves it: a message id, a status page's incident id, a file, an HTTP status."""
    recipient: str = ""
    """Whom it is about; empty where the channel has no recipients."""
    retry_after: float | None = None
    """The seconds that the other side asked us to wait."""
