"""What `similar` does: past incidents like this one, short enough for the night."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from crisisctl.cli.desk import Desk, desk, zone
from crisisctl.cli.overall import gather, tell_unread
from crisisctl.cli.printing import print_json
from crisisctl.cli.screen import Draft
from crisisctl.learning.gather import Gathered
from crisisctl.learning.recalled import Recalled, Said, recalled
from crisisctl.learning.similar import Alike, alike
from crisisctl.learning.traits import Traits, traits
from crisisctl.report.data import View, seconds
from crisisctl.text import in_words

if TYPE_CHECKING:
    from crisisctl.cli.screen import Screen
    from crisisctl.incident.fold import Incident
    from crisisctl.journal import Journal
    from crisisctl.learning.figures import Figures

_MOST = 5
_ROWS = 22
"""What a terminal of 24 rows shows below the command."""


def similar(id: str | None, *, json: bool) -> None:
    """Compare with the real incidents, also from within a drill."""
    at = desk()
    _, incident = at.open(id)
    journal = at.journal()
    found = gather(at, journal, drill=False)
    every, hidden = _comparable(at, journal, found, but=incident.id)
    best = []
    for each in alike(traits(incident), every, most=_MOST):
        past = at.recall(journal, each.incident)
        if past is not None:
            best.append((each, recalled(past)))
    if json:
        rows = [_as_data(each, past) for each, past in best]
        head = View(zone(incident)).head(incident)
        print_json(at, {**head, "compared": len(every), "withheld": hidden, "similar": rows})
    else:
        _show(at.out, incident.id, best, len(every), today=at.now().date())
    if hidden:
        what = "incident is" if hidden == 1 else "incidents are"
        at.talk.line(f"{hidden} restricted {what} not compared: you may not read them.", "dim")
    tell_unread(at, found)


def _comparable(
    at: Desk, journal: Journal, found: Gathered, *, but: str
) -> tuple[list[tuple[Figures, Traits]], int]:
    """What may be compared; restricted incidents only for their circle."""
    every, hidden = [], 0
    for past in found.past:
        figures, known = past.figures, past.recalled()
        if figures.incident == but:
            continue
        if known is None:
            incident = _readable(at, journal, figures)
            if incident is None:
                hidden += 1
                continue
            known = traits(incident)
        every.append((figures, known))
    return every, hidden


def _readable(at: Desk, journal: Journal, figures: Figures) -> Incident | None:
    """A restricted incident for its circle; others do not even wait for it to be read."""
    if figures.circle is not None and at.operator not in figures.circle:
        return None
    return at.recall(journal, figures.incident)


def _show(
    out: Screen, id: str, best: Sequence[tuple[Alike, Recalled]], many: int, *, today: date
) -> None:
    if not best:
        out.line(f"Nothing like {id} among {many:,} past incidents.")
        return
    out.line(f"Most like {id}, of {many:,}:", "title")
    room = min(out.height, _ROWS + 2) - 4 if out.terminal else _ROWS
    left, brief = room, False
    for number, (each, past) in enumerate(best):
        full = _drafted(out, each, past, today, brief=False)
        short = _drafted(out, each, past, today, brief=True)
        rest = 2 * (len(best) - number - 1)  # the others want their two rows each
        brief = brief or (number > 0 and full.rows + rest > left)
        text = short if brief else full
        if text.rows > left and number:
            break
        out.stream.write(text.text)
        left -= text.rows
    out.line(f"All of it: crisisctl report {best[0][0].incident}", "dim")


def _drafted(out: Screen, each: Alike, past: Recalled, today: date, *, brief: bool) -> Draft:
    paper = Draft(out)
    _one(paper, each, past, today, brief=brief)
    return paper


def _one(out: Screen, each: Alike, past: Recalled, today: date, *, brief: bool) -> None:
    incident = past.incident
    took = f"took {in_words(past.took)}" if past.took is not None else incident.status
    words = f"{incident.severity or 'not judged'}, {took}"
    out.ends(f"{each.likeness} %  {each.incident}", words, "bold")
    out.block(_clip(incident.title, out.width - 6), indent="      ")
    if brief:
        return
    for name, text in _lines(each, past, today):
        out.table([[f"  {name:8}", _clip(text, 2 * (out.width - 12))]])


def _lines(each: Alike, past: Recalled, today: date) -> Iterator[tuple[str, str]]:
    yield "shares", ", ".join(each.shares[:7])
    customers = [said for said in past.said if said.to == "customers"]
    for said in customers[:3]:
        yield "said", _told(said)
    if len(customers) > 3:
        yield "", f"and {len(customers) - 3} more messages"
    for decided in past.decided[:2]:
        because = f", because {decided.because}" if decided.because else ""
        yield "decided", f"{decided.what}: {decided.option}{because}"
    for name, words in (("well", "went_well"), ("badly", "went_badly")):
        if past.lessons[words]:
            yield name, past.lessons[words][0]
    if past.actions:
        yield "then", _then(past, today)


def _told(said: Said) -> str:
    when = f"{in_words(said.after)}: " if said.after is not None else ""
    return f"{when}{said.message} ({', '.join(said.locales)}) {said.first_line}".rstrip()


def _then(past: Recalled, today: date) -> str:
    still = [action for action in past.actions if action.status == "open"]
    many = len(past.actions)
    words = f"{many} action item{'' if many == 1 else 's'}, {len(still)} not done"
    if still:
        late = " (overdue)" if still[0].due and still[0].due < today.isoformat() else ""
        words += f": {still[0].title}{late}"
    return words


def _clip(text: str, room: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= room else f"{flat[: max(room - 1, 1)]}…"


def _as_data(each: Alike, past: Recalled) -> dict[str, Any]:
    incident = past.incident
    view = View(zone(incident))
    return {
        "incident": incident.id,
        "title": incident.title,
        "likeness_percent": each.likeness,
        "shares": list(each.shares),
        "status": incident.status,
        "severity": incident.severity,
        "declared_at": view.at(incident.declared_at),
        "took_seconds": seconds(past.took),
        "messages": [
            {
                "message": said.message,
                "to": said.to,
                "at": view.at(said.at),
                "after_seconds": seconds(said.after),
                "locales": list(said.locales),
                "channels": list(said.channels),
                "locale": said.locale or None,
                "first_line": said.first_line,
            }
            for said in past.said
        ],
        "decisions": [
            {"what": d.what, "choose": d.option, "because": d.because or None} for d in past.decided
        ],
        "lessons": {name: list(words) for name, words in past.lessons.items()},
        "actions": [
            {
                "action": a.number,
                "title": a.title,
                "owner": a.owner or None,
                "due": a.due or None,
                "status": a.status,
                "outcome": a.outcome or None,
            }
            for a in past.actions
        ],
    }
