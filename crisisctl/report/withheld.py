"""The views of a restricted incident without its words: times and states, for everybody."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from crisisctl.deadlines.owed import Due
from crisisctl.incident.circle import RESTRICTED, without_words
from crisisctl.report.impact import Stakes
from crisisctl.report.post_mortem import PostMortem
from crisisctl.report.status import Status


def outline(status: Status) -> Status:
    """Where it stands and what is due when, so that nobody falls over a running crisis."""
    where = status.where
    return Status(
        incident=without_words(status.incident),
        elapsed=status.elapsed,
        where=msgspec.structs.replace(where, playbook="", step="", title=RESTRICTED)
        if where
        else None,
        next_deadline=_due(status.next_deadline) if status.next_deadline else None,
        open_deadlines=_dues(status.open_deadlines),
        deadlines=_dues(status.deadlines),
        next_command="",
    )


def figures(report: PostMortem) -> PostMortem:
    """The times and metrics of a report that is passed on."""
    return PostMortem(
        incident=without_words(report.incident),
        zone=report.zone,
        written_at=report.written_at,
        head=report.head,
        metrics=report.metrics,
        impact=[],
        facts=[],
        stakes=Stakes(),
        spells=[msgspec.structs.replace(spell, because="") for spell in report.spells],
        held=[],
        versions={},
        causes=[],
        decisions=[],
        sent=[],
        longest_silence=report.longest_silence,
        deadlines=list(_dues(report.deadlines)),
        lessons={name: [] for name in report.lessons},
        notes=[],
        actions=[],
        skipped=[],
        open_items=[],
        timeline=[],
        clocks=[],
        uncovered=[],
        breach_severity=None,
        made_good=None,
        heard=None,
        withheld=True,
    )


def _dues(found: Iterable[Due]) -> tuple[Due, ...]:
    return tuple(_due(due) for due in found)


def _due(due: Due) -> Due:
    return Due(
        name="",
        title=RESTRICTED,
        kind=due.kind,
        since=due.since,
        due=due.due,
        state=due.state,
        message="",
        met_at=due.met_at,
    )
