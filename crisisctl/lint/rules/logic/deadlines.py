"""Clocks that tighten with the severity, and that end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book
from crisisctl.messages.kinds import kind_of
from crisisctl.playbook import values
from crisisctl.playbook.model import SEVERITIES, Deadline, Severity
from crisisctl.playbook.reader import Path
from crisisctl.text import listed


@rule("loose-cadence", Book)
def loose_cadence(book: Book) -> Iterator[Hit]:
    """A worse crisis has more time than a milder one.

    The worse it is, the sooner people must hear: a deadline tightens with the
    severity, and is not the same for all.

    Bad:
        within: {sev1: 30m, sev2: 20m, sev3: 2h}
    Good:
        within: {sev1: 20m, sev2: 30m, sev3: 2h}
    """
    for name, deadline in book.plan.deadlines.items():
        given = _within(deadline)
        for (worse, short), (milder, long) in pairwise(given):
            if short > long:
                what = f'the deadline "{name}" gives {worse} more time than {milder}'
                hint = "the worse it is, the sooner people must hear"
                yield book.at(("deadlines", name, "within", worse), what, hint)
        if len(given) > 1 and len({time for _, time in given}) == 1:
            what = f'the deadline "{name}" is the same for every severity'
            hint = "the worse it is, the sooner people must hear"
            yield book.at(("deadlines", name, "within"), what, hint, key=True)


def _within(deadline: Deadline) -> list[tuple[Severity, timedelta]]:
    found = []
    for severity in SEVERITIES:
        if severity in deadline.within:
            try:
                found.append((severity, values.parse_duration(deadline.within[severity])))
            except CrisisError:
                continue
    return found


@rule("cadence-gap", Book)
def cadence_gap(book: Book) -> Iterator[Hit]:
    """A deadline holds for a milder crisis and not for a worse one.

    A severity that is left out has no such deadline: the worst night would be
    the one without a clock.

    Bad:
        within: {sev2: 30m, sev3: 2h}
    Good:
        within: {sev1: 10m, sev2: 30m, sev3: 2h}
    """
    for name, deadline in book.plan.deadlines.items():
        listed_ones = [number for number, s in enumerate(SEVERITIES) if s in deadline.within]
        if not deadline.within:
            what = f'the deadline "{name}" holds for no severity'
            yield book.at(("deadlines", name, "within"), what, "write `{sev1: 10m}`", key=True)
            continue
        gaps = [s for s in SEVERITIES[: listed_ones[-1]] if s not in deadline.within]
        if gaps:
            what = f'the deadline "{name}" leaves out {listed(gaps)}'
            hint = "give every worse severity its time too"
            yield book.at(("deadlines", name, "within"), what, hint, key=True)


@rule("endless-deadline", Book)
def endless_deadline(book: Book) -> Iterator[Hit]:
    """A deadline starts anew at every message and never ends.

    The clock would still ask for updates when the crisis is long over.

    Bad:
        next-update: {from: last-message, within: {sev1: 20m}, met_by: update}
    Good:
        next-update: {from: last-message, within: {sev1: 20m}, until: resolved, met_by: update}
    """
    for name, deadline in book.plan.deadlines.items():
        if deadline.from_ == "last-message" and deadline.until is None:
            what = f'the deadline "{name}" never ends'
            yield book.at(("deadlines", name), what, "add `until: resolved`", key=True)


@rule("repeated-holding", Book)
def repeated_holding(book: Book) -> Iterator[Hit]:
    """A deadline that comes again and again is met by a message that is said once.

    A holding statement is the first word, said before anything is known. After
    it, people wait for an update: what has changed since, even if nothing has.

    Bad:
        next-update: {from: last-message, within: {sev1: 20m}, until: resolved, met_by: holding}
    Good:
        next-update: {from: last-message, within: {sev1: 20m}, until: resolved, met_by: update}
    """
    for name, deadline in book.plan.deadlines.items():
        senders = book.senders(deadline.met_by)
        if deadline.from_ != "last-message" or not senders:
            continue
        if all(kind_of(sending.send) == "holding" for sending in senders):
            what = f'the deadline "{name}" comes after every message, and a first word meets it'
            hint = "name a message that says what has changed, of the kind update"
            yield book.at(("deadlines", name, "met_by"), what, hint)


@rule("no-deadline", Book)
def no_deadline(book: Book) -> Iterator[Hit]:
    """No deadline says when customers must hear a first word, or the next one.

    Without a clock the first message waits for certainty, and the next one is
    forgotten.

    Bad:
        deadlines: {}
    Good:
        deadlines:
          first-word: {from: declared, within: {sev1: 10m}, met_by: holding}
          next-update: {from: last-message, within: {sev1: 20m}, until: resolved, met_by: update}
    """
    told = any(sending.send.to == "customers" for sending in book.sendings)
    if told and not book.plan.deadlines:
        path: Path = ("deadlines",) if ("deadlines",) in book.file.document.keys else ("playbook",)
        hint = "add `deadlines:` for the first word and for the next update"
        yield book.at(path, "no deadline says when customers must hear something", hint, key=True)
