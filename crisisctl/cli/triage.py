"""What a step does with customers' reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisctl.runner.place import Place

if TYPE_CHECKING:
    from crisisctl.cli.walk import Walk


def triage(walk: Walk, place: Place) -> None:
    """Read exports, choose strategies or answer reviews, as the step says."""
