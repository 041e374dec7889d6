"""What an answers file brings along for the record: notes, causes, action items, the review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from crisisctl.incident import events as ev
from crisisctl.incident.store import Stamp, entries, record
from crisisctl.report.timeline import Line
from crisisctl.runner import actions, lessons
from crisisctl.runner.answers import ReviewAnswer

if TYPE_CHECKING:
    from crisisctl.cli.walk import Walk

SAID = "said so in an answers file"
"""Why a post-mortem counts as reviewed that was never walked through here."""


def bring_along(walk: Walk) -> None:
    """Record each of them once, however often the file is walked."""
    answers = walk.answers
    if answers is None:
        return
    noted = {(note.text, note.topic) for note in walk.incident.notes}
    for note in answers.notes:
        if (note.text, note.topic) not in noted:
            _record(walk, [ev.NoteAdded(note.text, note.topic)], note.at)
    found = {cause.event.text for cause in walk.incident.causes}
    for cause in answers.causes:
        line = cause.line
        if line.text.strip() not in found:
            told = lessons.find_cause(walk.incident, line.text, cause=line.class_, whys=line.whys)
            _record(walk, told, cause.at)
    known = {action.title for action in walk.incident.actions.values()}
    for item in answers.actions:
        if item.title.strip() not in known:
            added = actions.add(
                walk.incident,
                item.title,
                owner=item.owner,
                due=item.due,
                kind=item.type or "",
                link=item.link,
            )
            _record(walk, added, None)
            if item.declined:
                number = max(walk.incident.actions)
                _record(walk, [ev.ActionDeclined(number, item.declined)], None)
    if answers.review is not None and answers.review.line.to != lessons.status(walk.incident):
        _review(walk, answers.review)


def _review(walk: Walk, said: ReviewAnswer) -> None:
    """Hand it in, and let whoever read it say so."""
    line, by = said.line, walk.desk.operator
    if line.to == "reviewed":
        lines = _lines(walk)
        _record(walk, lessons.read_over(lessons.to_read(lines, walk.incident)), said.at)
        if lessons.status(walk.incident) == "draft":
            _record(walk, [ev.PostMortemMoved("in-review")], said.at)
        by = line.by or by
    lines = _lines(walk)
    lacking = line.to != "in-review" and lessons.missing(walk.incident, lines, by=by)
    because = line.because or (SAID if lacking else "")
    moved = lessons.move(walk.incident, line.to, lines, by=by, because=because)
    stamp = Stamp(by, walk.desk.now(), said.at or walk.at)
    walk.incident = record(walk.journal, walk.incident, moved, stamp)


def _lines(walk: Walk) -> list[Line]:
    known = entries(walk.journal, walk.incident.id)
    return lessons.lines_of(walk.incident, known, walk.zone)


def _record(walk: Walk, events: Sequence[ev.Event], at: datetime | None) -> None:
    stamp = walk.desk.stamp(at or walk.at)
    walk.incident = record(walk.journal, walk.incident, events, stamp)
