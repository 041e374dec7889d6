"""The timeline in a review: page by page, each line confirmed, or put right with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crisisctl.cli.amending import moment_of
from crisisctl.cli.desk import zone
from crisisctl.cli.keyboard import Back, Option
from crisisctl.cli.screen import Draft, Screen
from crisisctl.cli.sitting import Sitting, some_words
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.store import entries
from crisisctl.playbook import values
from crisisctl.report.timeline import Line
from crisisctl.runner import commands, lessons
from crisisctl.text import moment, wrap

MENU_ROWS = 8
"""Rows that the question below a page takes."""
FEWEST = 3
MOST = 12


def read(here: Sitting) -> None:
    """Page by page, until every line was read over."""
    while unread := here.unread():
        page = _page(here, unread)
        _show(here, page, left=len(unread))
        options = [
            Option("stand", "These stand" if len(page) < len(unread) else "These stand: the last"),
            Option("correct", "One of them was otherwise"),
            Option("menu", "Later"),
        ]
        chosen = here.asked.choose("Was it like that?", options)
        if chosen == "menu":
            return
        if chosen == "stand":
            here.record(lambda *_, page=page: lessons.read_over(page))
        else:
            _one_of(here, page)
    here.at.talk.line("✓ every line of the timeline was read over", "good")
    _again(here)


def _page(here: Sitting, unread: Sequence[Line]) -> list[Line]:
    """As many lines as the screen holds above the question."""
    page: list[Line] = []
    draft = Draft(here.at.talk)
    for line in unread[:MOST]:
        _line(draft, here, line)
        if len(page) >= FEWEST and draft.rows + MENU_ROWS > here.at.talk.height:
            break
        page.append(line)
    return page


def _show(here: Sitting, page: Sequence[Line], *, left: int) -> None:
    screen = here.at.talk
    screen.line()
    screen.line(f"{len(page)} of {left} lines", "dim")
    for line in page:
        _line(screen, here, line)
    screen.line()


def _line(screen: Screen, here: Sitting, line: Line) -> None:
    told = f"no. {line.seq}  {moment(line.occurred_at, zone(here.incident))}  {line.text}"
    rows = wrap(f"{told} ({line.by})", here.at.talk.width - 2).split("\n")
    for number, row in enumerate(rows):
        screen.line(f"{'  ' * bool(number)}{row}")


def _again(here: Sitting) -> None:
    """A line that was read over, or put right, may turn out to be wrong later."""
    while True:
        typed = here.plain("Number of a line that was otherwise (Enter: none)", check=_number)
        if not typed:
            return
        found = [line for line in here.lines() if line.seq == int(typed)]
        if not found:
            here.at.talk.block(f"There is no line {typed}.", "bad")
            continue
        _put_right(here, found[0])


def _number(typed: str) -> str | None:
    return None if not typed or typed.isdecimal() else "a number such as 12"


def _one_of(here: Sitting, page: Sequence[Line]) -> None:
    options = [Option(str(line.seq), _short(line)) for line in page]
    try:
        chosen = here.asked.choose("Which one?", options)
    except Back:
        return
    _put_right(here, next(line for line in page if str(line.seq) == chosen))


def _short(line: Line) -> str:
    words = f"no. {line.seq}  {line.text}"
    return words if len(words) <= 70 else f"{words[:69]}…"


def _put_right(here: Sitting, line: Line) -> None:
    """Ask what was different, and why that is known."""
    try:
        entry = next(e for e in entries(here.journal, here.incident.id) if e.seq == line.seq)
        if isinstance(entry.event, ev.FactRecorded | ev.MilestoneReached):
            _anew(here, entry.event)
        elif not lessons.correctable(entry.event):
            lessons.correct(here.incident, [entry], line.seq, because="-", now=here.at.now())
        else:
            _corrected(here, line, withdrawable=lessons.withdrawable(entry.event))
    except Back:
        return
    except CrisisError as error:
        here.at.talk.block(f"{error.message}. {error.hint}", "warn")


def _corrected(here: Sitting, line: Line, *, withdrawable: bool) -> None:
    options = [
        Option("at", "It happened at another time"),
        Option("text", "Other words are right"),
    ]
    options += [Option("withdrawn", "It did not happen")] * withdrawable
    what = here.asked.choose("What was different?", options)
    at: datetime | None = None
    text = ""
    if what == "at":
        typed = here.plain("When was it?", check=lambda t: _time(here, t))
        at = moment_of(typed, here.at.now(), here.incident)
    elif what == "text":
        text = here.words("What happened?", needed=True, typed=line.text)
    because = here.words("How do you know?", needed=True)
    here.record(
        lambda i, known, stamp: lessons.correct(
            i,
            known,
            line.seq,
            because=because,
            now=stamp.now,
            at=at,
            text=text,
            withdrawn=what == "withdrawn",
        )
    )
    here.at.talk.line(f"✓ no. {line.seq} corrected", "good")


def _time(here: Sitting, typed: str) -> str | None:
    try:
        moment_of(typed, here.at.now(), here.incident)
    except CrisisError as error:
        return f"{error.message}: {error.hint}" if error.hint else error.message
    return some_words(typed)


def _anew(here: Sitting, event: ev.FactRecorded | ev.MilestoneReached) -> None:
    """A fact, or the fact that dates a milestone, is set anew: all that follows from it moves."""
    name = event.fact if isinstance(event, ev.FactRecorded) else _dating(here, event)
    spec = commands.known_fact(here.incident, name)
    where = zone(here.incident)

    def wrong(typed: str) -> str | None:
        try:
            value = values.parse(spec, typed, now=here.at.now(), zone=where)
        except CrisisError as error:
            return f"{error.message}: {error.hint}" if error.hint else error.message
        return commands.implausible(here.incident, name, value, now=here.at.now()) or None

    typed = here.plain(spec.ask or name, check=wrong)
    because = here.words("How do you know?", needed=True)
    value = values.parse(spec, typed, now=here.at.now(), zone=where)
    source = f"corrected in the review: {because}"
    here.record(lambda i, *_: commands.answer(i, name, value, source=source))
    here.at.talk.line(f"✓ {name} = {values.words(spec, value, where)}", "good")


def _dating(here: Sitting, event: ev.MilestoneReached) -> str:
    for name in here.incident.facts:
        if here.incident.dates(name) == event.milestone:
            return name
    what = f"no fact dates the milestone {event.milestone}"
    raise CrisisError(what, hint="it was reached when its step was done, or its message sent")
