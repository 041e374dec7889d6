"""How far a long reading has come, on a terminal only."""

from __future__ import annotations

from crisisctl.cli.screen import Screen

_STEP = 0.01
_BAR = 30


class Progress:
    """One line that is written over; nothing at all where nobody watches."""

    def __init__(self, screen: Screen, what: str, *, quiet: bool = False) -> None:
        self._screen = screen
        self._what = what
        self._told = -1.0
        self._shown = screen.terminal and not screen.dumb and not quiet

    def at(self, share: float, count: int) -> None:
        """Tell that this share is done, 0 to 1, and how many that were."""
        if not self._shown or share < self._told + _STEP:
            return
        self._told = share
        full = int(_BAR * min(share, 1.0))
        bar = "#" * full + "." * (_BAR - full)
        text = f"{self._what} [{bar}] {share:4.0%} {count:,}"
        self._screen.stream.write("\r" + self._screen.glyphs(text)[: self._screen.width - 1])
        self._screen.stream.flush()

    def done(self) -> None:
        """Take the line away."""
        if self._shown and self._told >= 0:
            self._screen.stream.write("\r\x1b[K")
            self._screen.stream.flush()
