"""Tell when the verdict changes, hour by hour, and only then.

A verdict that gets worse is told at once. One that gets better must hold for a day, so that a
quiet hour in the middle of a wave does not call it off.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from crisisctl.reviews.counts import Counts
from crisisctl.reviews.wave import Level, Verdict, judge

_WINDOW = timedelta(days=110)
"""How far back a running judgement looks: six weeks of the usual, and a long wave before them."""
_CALM = timedelta(hours=24)
_WORSE: dict[Level, int] = {"too-little": 0, "none": 0, "weak": 1, "wave": 2}


class Change(Struct, frozen=True):
    """From this moment on the verdict is another one."""

    at: datetime
    before: Level
    after: Level
    verdict: Verdict


class Watch:
    """Feed `counts` as reviews come in, and `look` now and then: every hour is enough."""

    def __init__(self, counts: Counts | None = None, told: Level = "none") -> None:
        self.counts = counts if counts is not None else Counts()
        self.told: Level = told
        """The level that was told last."""
        self._better: datetime | None = None

    def look(self, now: datetime) -> Change | None:
        """Judge what is there so far; the change where there is one to tell, else None.

        A wave that ended before counts as none.
        """
        verdict = judge(self.counts.after(now - _WINDOW), now=now)
        level = verdict.level if verdict.running or verdict.wave is None else "none"
        if _WORSE[level] == _WORSE[self.told]:
            self._better = None
            return None
        if _WORSE[level] < _WORSE[self.told]:
            if self._better is None:
                self._better = now
            if now - self._better < _CALM:
                return None
        self._better = None
        before, self.told = self.told, level
        return Change(now, before, level, verdict)
