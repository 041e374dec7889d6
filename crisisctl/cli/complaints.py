"""Reviews from the shell: the next one, answer, mark, list, show."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from crisisctl.cli import editing
from crisisctl.cli.answering import Bench, shelf_of, since_of, status_of
from crisisctl.cli.desk import desk, refuse_closed, zone
from crisisctl.cli.keyboard import InputNeeded, Paused
from crisisctl.cli.printing import print_json
from crisisctl.cli.replying import about, drafted, stars, work_through
from crisisctl.cli.walk import Walk
from crisisctl.cli.walking import keyboard
from crisisctl.errors import CrisisError
from crisisctl.incident.incoming import ReviewStatus
from crisisctl.playbook.reader import file_bytes
from crisisctl.playbook.times import parse_time
from crisisctl.report.data import Json, View
from crisisctl.reviews.review import TOPICS
from crisisctl.reviews.shelf import Heard
from crisisctl.runner.reviews import Answer, moment_of
from crisisctl.text import listed, moment, quoted

if TYPE_CHECKING:
    from crisisctl.cli.screen import Screen

STATUSES: tuple[ReviewStatus, ...] = get_args(ReviewStatus)
_MOST = 50
"""Rows of a list on a screen."""
_SHORT = 120
"""Characters of a review in a list."""
_LARGEST = 64 * 1024


def next_(id: str | None, *, ask: bool, json: bool) -> None:
    """The queue on a terminal; with `json`, the first review with its draft."""
    with bench(id, ask=ask and not json) as at:
        if json:
            print_json(at.walk.desk, _next_data(at))
            return
        if at.next() is None:
            at.walk.desk.talk.block("No complaint waits for an answer.", "good")
            return
        if at.walk.keyboard is None:
            raise InputNeeded(
                "the queue is answered on a terminal",
                hint="without one, `crisisctl reviews next --json` shows the next review with its "
                "draft, and `crisisctl reviews answer KEY` answers it",
            )
        try:
            work_through(at)
        except (Paused, KeyboardInterrupt) as left:
            again = f"saved; go on with `crisisctl reviews next {at.walk.incident.id}`"
            raise CrisisError(again, code=0 if isinstance(left, Paused) else 130) from None


def answer(
    key: str,
    id: str | None,
    *,
    file: Path | None,
    draft: bool,
    at: str | None,
    overrule: Sequence[str],
) -> None:
    """Answer one review with a text of one's own, or with its draft."""
    if draft == (file is not None):
        raise CrisisError("give the answer with --from FILE, or take the draft with --draft")
    with bench(id, ask=False, at=at) as here:
        heard = find(here, key)
        if file is not None:
            words = _typed(file)
        else:
            if heard.mood == "positive" and not heard.safety:
                raise CrisisError(
                    f"{heard.review.key} is no complaint: its draft would apologise for nothing",
                    hint="write the answer yourself: --from FILE",
                )
            words = here.draft(heard).text
        reasons = tuple(_reasons(overrule))
        given = Answer(
            words,
            here.channel(heard)[0],
            here.locale(heard),
            heard.topic,
            not draft,
            overruled=reasons,
        )
        here.answer(heard, given)
        here.walk.desk.talk.block(f"✓ {heard.review.key} answered", "good")


def mark(key: str, status: str, id: str | None, *, because: str) -> None:
    """Give a review another status."""
    with bench(id, ask=False) as here:
        heard = find(here, key)
        here.mark(heard, status, because=because)
        here.walk.desk.talk.block(f"✓ {heard.review.key}: {status}", "good")


def list_(id: str | None, *, status: str, topic: str, json: bool) -> None:
    """The complaints and where each stands."""
    if status and status not in STATUSES:
        hint = f"statuses: {listed(STATUSES, 'or')}"
        raise CrisisError(f'there is no status "{status}"', hint=hint)
    if topic and topic not in TOPICS:
        hint = f"topics: {listed(TOPICS, 'or')}"
        raise CrisisError(f'there is no topic "{topic}"', hint=hint)
    with bench(id, ask=False, closed=True) as here:
        rows = _rows(here, status, topic)
        desk, now = here.walk.desk, here.walk.now()
        if json:
            view = View(here.walk.zone)
            found = [_data(here, heard) for heard in rows]
            print_json(desk, {**view.head(here.walk.incident), "reviews": found})
            return
        first = list(islice(rows, _MOST + 1))
        table = [_line(here, heard, now) for heard in first[:_MOST]]
        desk.out.table(table, ["key", "status", "answer", "about", "words"])
        if not table:
            desk.out.line("No such review.")
        elif len(first) > _MOST:
            desk.out.line(f"… the first {_MOST}; --json shows all", "dim")


def show_one(key: str, id: str | None, *, json: bool) -> None:
    """One review, with its answer."""
    with bench(id, ask=False, closed=True) as here:
        heard, desk = find(here, key), here.walk.desk
        if json:
            view = View(here.walk.zone)
            print_json(desk, {**view.head(here.walk.incident), "review": _data(here, heard)})
            return
        state = here.walk.incident.answered.get(heard.review.key)
        _told(desk.out, here, heard)
        desk.out.block(heard.review.words, indent="  │ ")
        desk.out.line(f"status: {status_of(heard, here.walk.incident.answered)}", "bold")
        if state is not None and state.because:
            desk.out.block(f"because: {state.because}")
        said = state.answer.text if state and state.answer else heard.review.reply
        if not said and (said := drafted(here, heard, [])):
            desk.out.line("a draft:", "bold")
        if said:
            desk.out.block(said, indent="  ")


@contextmanager
def bench(
    id: str | None, *, ask: bool, at: str | None = None, closed: bool = False
) -> Iterator[Bench]:
    """Where the reviews of an incident are answered; closed again at the end."""
    here = desk()
    journal, incident = here.open(id)
    if not closed:
        refuse_closed(incident)
    when = parse_time(at, now=here.now(), zone=zone(incident)) if at is not None else None
    person = keyboard(here) if ask else None
    with shelf_of(here, incident) as shelf:
        yield Bench(Walk(here, journal, incident, person, at=when), shelf)


def find(here: Bench, key: str) -> Heard:
    """The review of a key, or of the only one that begins so. Raises where there is none."""
    heard = here.shelf.get(key)
    if heard is not None:
        return heard
    keys = here.shelf.keys(key) if key else []
    if len(keys) == 1 and (heard := here.shelf.get(keys[0])) is not None:
        return heard
    if keys:
        raise CrisisError(f"several reviews begin with {quoted(key)}", hint=f"such as {keys[0]}")
    hint = "`crisisctl reviews list` shows the keys"
    raise CrisisError(f"there is no review {quoted(key)}", hint=hint)


def _rows(here: Bench, status: str, topic: str) -> Iterator[Heard]:
    answered = here.walk.incident.answered
    for heard in here.shelf.complaints(since_of(here.walk.incident) or 0):
        if topic and heard.topic != topic:
            continue
        if status and status_of(heard, answered) != status:
            continue
        yield heard


def _line(here: Bench, heard: Heard, now: datetime) -> list[str]:
    status = status_of(heard, here.walk.incident.answered)
    due = _due(here.due(heard), now) if status == "new" else ""
    words = " ".join(heard.review.words.split())
    what = f"! {about(heard)}" if heard.safety else about(heard)
    return [heard.review.key, status, due, what, words[:_SHORT]]


def _due(due: datetime | None, now: datetime) -> str:
    if due is None:
        return "no date"
    days, seconds = divmod(int(abs((due - now).total_seconds())), 86_400)
    left = f"{days} d" if days else f"{seconds // 3600}:{seconds % 3600 // 60:02} h"
    return f"in {left}" if due >= now else f"{left} over"


def _told(screen: Screen, here: Bench, heard: Heard) -> None:
    review = heard.review
    at = moment_of(review.at)
    when = moment(at, here.walk.zone) if at is not None else "no date"
    screen.line(f"{review.key} · {stars(review.rating)} · {about(heard)}", "bold")
    parts = [when, review.source, review.product, review.author]
    screen.block(" · ".join(filter(None, parts)), "dim")
    for why in heard.suspected:
        screen.block(f"suspected: {why}", "warn")


def _next_data(here: Bench) -> Json:
    waiting = here.next()
    view = View(here.walk.zone)
    if waiting is None:
        return {**view.head(here.walk.incident), "waiting": 0, "review": None, "draft": None}
    heard = waiting.heard
    words = drafted(here, heard, [])
    found = here.check(heard, words, here.locale(heard)) if words else None
    return {
        **view.head(here.walk.incident),
        "waiting": waiting.of,
        "review": _data(here, heard),
        "same_topic": waiting.same,
        "draft": None
        if found is None
        else {
            "text": words,
            "locale": here.locale(heard),
            "channel": here.channel(heard)[0],
            "length": found.measures[0].length,
            "limit": found.measures[0].limit or None,
            "unit": found.measures[0].unit,
            "fits": not found.too_long,
            "findings": [
                {"rule": f.rule, "severity": f.severity, "text": f.text, "hint": f.hint or None}
                for f in found.flaws
            ],
        },
    }


def _data(here: Bench, heard: Heard) -> Json:
    review, view = heard.review, View(here.walk.zone)
    state = here.walk.incident.answered.get(review.key)
    answer = state.answer if state else None
    at, due = moment_of(review.at), here.due(heard)
    return {
        "key": review.key,
        "status": status_of(heard, here.walk.incident.answered),
        "because": (state.because or None) if state else None,
        "at": view.at(at) if at else None,
        "answer_due": view.at(due) if due else None,
        "rating": review.rating,
        "title": review.title or None,
        "text": review.text,
        "language": heard.language or None,
        "topic": heard.topic,
        "aspect": heard.aspect or None,
        "safety": heard.safety,
        "suspected": list(heard.suspected),
        "source": review.source or None,
        "product": review.product or None,
        "author": review.author or None,
        "reach": review.reach,
        "answer": answer.text if answer else review.reply or None,
        "answered_at": view.at(state.answered_at) if state and state.answered_at else None,
    }


def _typed(file: Path) -> str:
    data = sys.stdin.buffer.read(_LARGEST + 1) if str(file) == "-" else file_bytes(file, _LARGEST)
    return "\n".join(editing.typed_rows(data, str(file))).strip()


def _reasons(pairs: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        rule, equals, why = pair.partition("=")
        if not equals or not why.strip():
            raise CrisisError(f"--overrule {quoted(pair)}: write it as RULE=WHY")
        yield rule.strip(), why.strip()
