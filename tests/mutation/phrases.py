"""What no message may say, in five languages: sentences to put into the shipped texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

LOCALES = ("en", "fr", "es", "tr", "ru")
_SAID: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
)
Sentences = dict[str, list[str]]
"""Several sentences by locale."""
TONE: dict[str, Sentences] = _SAID["tone"]
FAIRNESS: dict[str, Sentences] = _SAID["fairness"]
FAMILIAR: Sentences = _SAID["familiar"]
PLACEHOLDERS: list[str] = _SAID["placeholders"]
SECRETS: list[str] = _SAID["secrets"]
PERSONAL: dict[str, str] = _SAID["personal"]
FILLER: dict[str, str] = _SAID["filler"]
