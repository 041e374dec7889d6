"""What an emoji is made of, as pieces of patterns."""

from __future__ import annotations

from crisisctl.text import EMOJI

FLAG = "[\U0001f1e6-\U0001f1ff]"
"""One half of a flag."""
_PICTURE = f"{EMOJI}[\U0001f3fb-\U0001f3ff]?\ufe0f?"
SEQUENCE = (
    f"{FLAG}{{2}}|[0-9#*]\ufe0f?\u20e3"
    f"|\U0001f3f4[\U000e0061-\U000e007a]+\U000e007f"
    f"|{_PICTURE}(?:\u200d{_PICTURE})*"
)
"""One emoji, whatever it is composed of."""
