"""What the reviews of an incident amount to: problems, figures, strategies."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli.answering import shelf_of, since_of, targets
from crisisctl.cli.desk import desk, refuse_closed, zone
from crisisctl.cli.printing import print_json
from crisisctl.cli.walk import Walk
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.playbook.times import parse_time
from crisisctl.report.data import Json, View
from crisisctl.reviews import kpi as figures
from crisisctl.reviews.analysis import Analysis
from crisisctl.reviews.problems import GROUPS
from crisisctl.reviews.review import TOPICS
from crisisctl.reviews.strategy import LEVELS, PRIVATE, WAYS, Proposal, Situation, propose
from crisisctl.reviews.tally import Tally
from crisisctl.runner import reviews as deciding
from crisisctl.text import did_you_mean, listed, quoted

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk
    from crisisctl.cli.screen import Screen
    from crisisctl.incident.fold import Incident


def tally_of(at: Desk, incident: Incident) -> Tally:
    """Everything that is counted of the reviews of an incident."""
    found = Tally()
    with shelf_of(at, incident) as shelf:
        for heard in shelf.all():
            found.add(heard, incident.answered)
    return found


# Problems


def table(id: str | None, *, by: str, json: bool) -> None:
    """The table of problems, overall or by group."""
    from crisisctl.cli import judging

    if by and by not in GROUPS:
        guess = did_you_mean(by, GROUPS)
        hint = f'did you mean "{guess}"?' if guess else f"by: {listed(GROUPS, 'or')}"
        raise CrisisError(f"there is no table by {quoted(by)}", hint=hint)
    here = desk()
    _, incident = here.open(id)
    found = Analysis()
    with shelf_of(here, incident) as shelf:
        for heard in shelf.all():
            found.add(heard, incident.answered)
    result = found.result(now=None)
    view = View(zone(incident))
    if json:
        data = judging.data(result, zone(incident))
        kept = ("problems", "problems_by", "changes", "quotes", "complaints")
        print_json(here, {**view.head(incident), **{name: data[name] for name in kept}})
        return
    if not by:
        judging.show_problems(here.out, result)
        return
    for each in result.problems.by(by)[:_MOST]:
        name = judging.named(by, each.name)
        here.out.block(f"{name}: {each.complaints:,} complaints of {each.reviews:,}", "bold")
        judging.show_table(here.out, each, heading="problem")
        here.out.line()


_MOST = 20
"""Groups on a screen."""

# Figures


def kpi(
    id: str | None,
    *,
    pairs: Sequence[str],
    goals: Sequence[str],
    file: Path | None,
    at: str | None,
    json: bool,
) -> None:
    """The table of figures; with values, record them first."""
    here = desk()
    journal, incident = here.open(id)
    walk = Walk(here, journal, incident, None)
    when = parse_time(at, now=here.now(), zone=walk.zone) if at is not None else None
    given = [partial(deciding.measure, *_pair(pair), of=when) for pair in pairs]
    given += [partial(deciding.measure, *_pair(pair), target=True) for pair in goals]
    given += [*_from_file(file, walk)] if file is not None else []
    if given:
        refuse_closed(incident)
        events = [event for make in given for event in make()]
        walk.record(lambda _: events)
        here.talk.block(f"✓ {len(events)} figures recorded", "good")
    rows = rows_of(here, walk.incident)
    if json:
        view = View(walk.zone)
        print_json(here, {**view.head(walk.incident), "kpis": view.kpis(rows)})
        return
    show_kpis(here.out, rows)


def rows_of(at: Desk, incident: Incident) -> tuple[figures.Row, ...]:
    """The table of figures of an incident, with or without reviews."""
    known = figures.Figures()
    if incident.imports:
        known = tally_of(at, incident).figures(since_of(incident))
    return figures.table(known, incident.measured, targets(at, incident))


def show_kpis(screen: Screen, rows: Sequence[figures.Row]) -> None:
    """Target, before, now, trend; below, what to do where the target is missed."""
    table = [
        [
            row.kpi.title,
            _goal(row),
            figures.in_words(row.kpi, row.before),
            figures.in_words(row.kpi, row.now),
            row.trend or "-",
            _MET[row.met],
        ]
        for row in rows
    ]
    screen.table(table, ["figure", "target", "before", "now", "trend", ""])
    for row in rows:
        if row.met is False or row.trend == "worse":
            screen.block(f"{row.kpi.title}: {row.kpi.worse}", "warn", "  ")
    missing = [row.kpi.name for row in rows if row.now is None]
    if missing:
        hint = f"not known yet: {listed(missing)} (--set {missing[0]}=VALUE, or --from FILE.csv)"
        screen.block(hint, "dim")


_MET = {True: "met", False: "missed", None: ""}


def _goal(row: figures.Row) -> str:
    if row.target is None:
        return "your own"
    sign = "≤" if row.kpi.better == "lower" else "≥"
    return f"{sign} {figures.in_words(row.kpi, row.target)}"


def _pair(pair: str) -> tuple[str, float]:
    name, equals, raw = pair.partition("=")
    if not equals:
        raise CrisisError(f"{quoted(pair)}: write it as NAME=VALUE", hint="such as nps=42")
    return name.strip(), _number(raw, name.strip())


def _number(raw: str, name: str) -> float:
    plain = raw.strip().removesuffix("%").strip().replace("\u00a0", "").replace("\u202f", "")
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".") if len(plain.partition(",")[2]) != 3 else plain
    try:
        found = float(plain.replace(",", "").replace(" ", ""))
    except ValueError:
        found = float("nan")
    if not abs(found) < float("inf"):
        raise CrisisError(f"{name}: {quoted(raw)} is not a number", hint=f"{name}=42.5")
    return found


def _from_file(path: Path, walk: Walk) -> Iterator[partial[list[ev.Event]]]:
    """Figures of a CSV file, each on its day."""
    from crisisctl.messages.bulk.rows import open_text

    with open_text(path) as file:
        sample = file.read(64 * 1024)
        file.seek(0)
        mark = max(",;\t", key=sample.partition("\n")[0].count)
        try:
            rows = list(csv.DictReader(file, delimiter=mark))
        except csv.Error as error:
            raise CrisisError(f"{path}: {error}") from None
    for number, row in enumerate(rows, 2):
        fields = {(name or "").strip().lower(): value for name, value in row.items()}
        if not {"kpi", "value"} <= fields.keys():
            found = listed([quoted(name) for name in row if name]) or "nothing"
            raise CrisisError(
                f"{path}: it has no columns kpi and value", hint=f"its first line names {found}"
            )
        try:
            day = str(fields.get("date") or "").strip()
            when = _day(day, walk) if day else None
            value = _number(str(fields["value"] or ""), str(fields["kpi"]))
            name = str(fields["kpi"] or "").strip()
            deciding.measure(name, value)
            yield partial(deciding.measure, name, value, of=when, source=path.name)
        except CrisisError as error:
            raise CrisisError(f"{path}:{number}: {error.message}", hint=error.hint) from None


def _day(typed: str, walk: Walk) -> datetime:
    """A moment, or noon of a day: figures come by the day."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", typed):
        typed += " 12:00"
    return parse_time(typed, now=walk.now(), zone=walk.zone)


# Strategies


def strategy(topic: str, chosen: str, id: str | None, *, because: str, json: bool) -> None:
    """Show what is proposed and decided, or decide about one topic."""
    here = desk()
    journal, incident = here.open(id)
    if topic and topic not in TOPICS:
        guess = did_you_mean(topic, TOPICS)
        hint = f'did you mean "{guess}"?' if guess else f"topics: {listed(TOPICS, 'or')}"
        raise CrisisError(f"there is no topic {quoted(topic)}", hint=hint)
    found = proposals(here, incident, every=bool(topic))
    if chosen:
        refuse_closed(incident)
        walk = Walk(here, journal, incident, None)
        proposal = found[topic]
        refuse_ignored_harm(here, incident, topic, chosen)
        walk.record(
            lambda _: deciding.choose(topic, chosen, because=because, proposed=proposal.strategy)
        )
        here.talk.block(f"✓ reviews about {topic}: {chosen}", "good")
        return
    shown = {name: found[name] for name in ([topic] if topic else found)}
    if json:
        rows = [_strategy_data(name, each, incident) for name, each in shown.items()]
        print_json(here, {**View(zone(incident)).head(incident), "strategies": rows})
        return
    for name, each in shown.items():
        show_proposal(here.out, name, each)
        decided = incident.strategies.get(name)
        if decided is not None:
            why = f", because {decided.event.because}" if decided.event.because else ""
            here.out.block(f"decided by {decided.by}: {decided.event.strategy}{why}", "good", "  ")
    if not shown:
        here.out.line("No complaint yet, so nothing to decide.")


def refuse_ignored_harm(at: Desk, incident: Incident, topic: str, chosen: str) -> None:
    """Raise where a topic is to be left without answers in which somebody was hurt."""
    if chosen == "ignore" and tally_of(at, incident).harm[topic]:
        raise CrisisError(
            f"in reviews about {topic} somebody was hurt, or could be: they must be answered",
            hint="leave single ones out with `crisisctl reviews mark KEY ignored`, for a reason",
        )


def proposals(at: Desk, incident: Incident, *, every: bool = False) -> dict[str, Proposal]:
    """What is proposed for each topic that people complain about, the largest first."""
    known = tally_of(at, incident)
    complaints = sum(known.complaints.values())
    by_topic = dict.fromkeys(TOPICS, 0)
    for (topic, _), many in known.complaints.items():
        by_topic[topic] = by_topic.get(topic, 0) + many
    order = sorted(by_topic, key=lambda topic: -by_topic[topic])
    return {
        topic: propose(_situation(topic, by_topic[topic], complaints, known, incident))
        for topic in order
        if by_topic[topic] or every
    }


RESPONSIBILITY, HISTORY, REPUTATION = "responsible", "history", "reputation"
"""The facts of a playbook that the theory asks for."""


def _situation(
    topic: str, mentions: int, complaints: int, known: Tally, incident: Incident
) -> Situation:
    private = sum(known.complaints[pair] for pair in PRIVATE if pair[0] == topic)
    level = incident.known(RESPONSIBILITY)
    return Situation(
        topic=topic,
        mentions=mentions,
        share=mentions / complaints if complaints else 0.0,
        safety=bool(known.harm[topic]),
        responsibility=next((e for e in LEVELS if level is not None and e == level.value), None),
        history=_yes(incident, HISTORY),
        reputation=_yes(incident, REPUTATION),
        private=2 * private > mentions,
    )


def _yes(incident: Incident, fact: str) -> bool:
    known = incident.known(fact)
    return known is not None and known.value in (True, "yes")


def show_proposal(screen: Screen, topic: str, proposal: Proposal) -> None:
    """What is proposed, why, and what speaks for and against."""
    way = WAYS[proposal.strategy]
    screen.block(f"{topic}: {way.title.lower()} ({proposal.strategy})", "bold")
    screen.block(f"because {'; '.join(proposal.because)}", "", "  ")
    screen.block(f"what the answers do: {proposal.response}", "", "  ")
    screen.block(f"for: {way.for_}; against: {way.against}", "dim", "  ")


def _strategy_data(topic: str, proposal: Proposal, incident: Incident) -> Json:
    decided = incident.strategies.get(topic)
    return {
        "topic": topic,
        "proposed": proposal.strategy,
        "because": list(proposal.because),
        "response": proposal.response,
        "chosen": decided.event.strategy if decided else None,
        "chosen_because": (decided.event.because or None) if decided else None,
        "options": [
            {"strategy": key, "title": w.title, "for": w.for_, "against": w.against, "use": w.use}
            for key, w in WAYS.items()
        ],
    }
