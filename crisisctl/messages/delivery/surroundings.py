"""What a transport may use of the world around it, handed in by whoever has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The environment, the clock, a way to wait, chance, and a folder for files."""

    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    chance: Callable[[], float]
    """Anything from 0 up to 1: waiting times differ by it."""
    folder: Path
    """Where texts are written that a person carries on by hand."""

    def __repr__(self) -> str:
        return f"Surroundings({self.folder})"
