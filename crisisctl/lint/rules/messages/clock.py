"""Times and dates that nobody prints from a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import MessageText
from crisisctl.messages.proof.clocks import fixed_times
from crisisctl.messages.proof.dates import fixed_dates
from crisisctl.text import quoted
from crisisctl.workspace import Workspace

_Finder = Callable[[str, str, Workspace], Iterator[tuple[int, int]]]
_HINT = "print a fact, such as {{ next_update | clock }}; hours of every day may stand"


@rule("fixed-time", MessageText)
def fixed_time(text: MessageText) -> Iterator[Hit]:
    """A time of day is written into a text.

    A text is written long before the night, and the next incident has other
    times: sent as it is, it promises an hour that has passed. A fact prints the
    right one in each language's own way. Hours that are the same every day may
    stand: "every day", "open from 9:00 to 18:00".

    Bad:
        Next update by 15:30.
    Good:
        Next update by {{ next_update | clock }}.
    """
    yield from _fixed(text, fixed_times, "a fixed time of day", _HINT)


@rule("fixed-date", MessageText, severity="warning")
def fixed_date(text: MessageText) -> Iterator[Hit]:
    """A date is written into a text.

    A text is written long before the night. A date in it was right once, for
    the incident it was written for; sent again it promises a day that has
    passed, or tells of another outage.

    Bad:
        You have the money by 4 December 2026.
    Good:
        You have the money by {{ refund_by | day }}.
    """
    hint = "print a fact, such as {{ report_by | day }}"
    yield from _fixed(text, fixed_dates, "a fixed date", hint)


def _fixed(text: MessageText, finder: _Finder, what: str, hint: str) -> Iterator[Hit]:
    prose = text.anatomy.prose
    try:
        found = list(finder(prose, text.locale, text.book.workspace))
    except CrisisError:  # a list of the workspace's own that cannot be read
        return
    for start, end in found:
        words = quoted(" ".join(prose[start:end].split()))
        yield text.hit(start, f"{words} is {what}", hint)
