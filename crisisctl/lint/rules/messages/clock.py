"""Times and dates that nobody prints from a fact."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import MessageText
from crisisctl.messages.proof.clocks import fixed_times
from crisisctl.messages.proof.dates import fixed_dates
from crisisctl.text import quoted

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
    prose = text.anatomy.prose
    try:
        found = list(fixed_times(prose, text.locale, text.book.workspace))
    except CrisisError:  # a list of the workspace's own that cannot be read
        return
    for start, end in found:
        what = f"{quoted(' '.join(prose[start:end].split()))} is a fixed time of day"
        yield text.hit(start, what, _HINT)


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
    prose = text.anatomy.prose
    try:
        found = list(fixed_dates(prose, text.locale, text.book.workspace))
    except CrisisError:  # a list of the workspace's own that cannot be read
        return
    for start, end in found:
        what = f"{quoted(' '.join(prose[start:end].split()))} is a fixed date"
        yield text.hit(start, what, "print a fact, such as {{ report_by | day }}")
