"""The register of breaches (GDPR Art. 33(5)): facts, effects, what was done, over all incidents.

Every breach stands in it, whether anyone was told or not, with the reason.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from msgspec import Struct

from crisisctl.deadlines.enisa import Score
from crisisctl.deadlines.notices import Notice, notices, regulators, severity, uncovered
from crisisctl.incident.circle import without_words
from crisisctl.incident.fold import Decision, Incident
from crisisctl.report import clocks
from crisisctl.report.data import Json, View
from crisisctl.report.marks import table
from crisisctl.report.post_mortem import FactLine, facts_in_words
from crisisctl.text import cell, listed, moment, zone_of
from crisisctl.text import unmarked as plain

COLUMNS = (
    "incident", "title", "status", "clock", "regulation", "to", "who", "since", "due", "state",
    "decision", "decided_at", "by", "reference", "because", "breach_severity", "as_of",
)  # fmt: skip


class Entry(Struct, frozen=True):
    """One breach."""

    incident: Incident
    zone: tzinfo
    facts: list[FactLine]
    decisions: list[Decision]
    clocks: list[Notice]
    uncovered: list[str]
    severity: Score | None
    withheld: bool = False
    """Its words are kept from whoever asks."""


def entry(incident: Incident, *, now: datetime) -> Entry | None:
    """What the register says of an incident; None where it is no breach."""
    if regulators(incident) is None:
        return None
    zone = zone_of(incident.time_zone)
    plan = next(plan for plan in incident.plans.values() if plan.regulators is not None)
    ours = {*plan.names()}
    return Entry(
        incident=incident,
        zone=zone,
        facts=[line for line in facts_in_words(incident, zone) if line.name in ours],
        decisions=[taken for taken in incident.decisions if taken.playbook == plan.playbook],
        clocks=notices(incident, now=now),
        uncovered=uncovered(incident),
        severity=severity(incident, now=now),
    )


def withheld(entry: Entry) -> Entry:
    """The entry without its words, for those whom the incident is kept from."""
    bare = without_words(entry.incident)
    return Entry(bare, entry.zone, [], [], [], [], None, withheld=True)


def as_json(entries: Iterable[Entry]) -> Json:
    """The register for machines."""
    return {"advice": clocks.ADVICE, "breaches": [_json(each) for each in entries]}


def _json(each: Entry) -> Json:
    view = View(each.zone)
    return {
        **view.head(each.incident),
        "declared_at": view.at(each.incident.declared_at),
        "breach_severity": clocks.severity(each.severity),
        "facts": {
            line.name: {**view.fact(line.known), "question": line.question, "words": line.words}
            for line in each.facts
        },
        "decisions": [
            {
                "step": taken.step,
                "choose": taken.option,
                "because": taken.because,
                "at": view.at(taken.at),
                "by": taken.by,
            }
            for taken in each.decisions
        ],
        "clocks": [clocks.notice(view, notice) for notice in each.clocks],
        "uncovered": each.uncovered,
    }


def as_csv(entries: Iterable[Entry]) -> str:
    """A row for each clock, for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in entries:
        view = View(each.zone)
        head = {**view.head(each.incident), "breach_severity": each.severity or ""}
        for row in [clocks.notice(view, notice) for notice in each.clocks] or [{}]:
            writer.writerow([_cell({**head, **row}.get(name)) for name in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    return "" if value is None else cell(str(value))


def markdown(entries: Sequence[Entry], *, now: datetime) -> str:
    """The register to read and to hand over."""
    return "\n".join(_markdown(entries, now)).rstrip() + "\n"


def _markdown(entries: Sequence[Entry], now: datetime) -> Iterator[str]:
    yield "# Register of personal data breaches"
    yield ""
    yield f"GDPR Art. 33(5). {clocks.ADVICE}"
    yield ""
    if not entries:
        yield "No breach is on record."
    for each in entries:
        yield from _entry(each, now)


def _entry(each: Entry, now: datetime) -> Iterator[str]:
    incident, zone = each.incident, each.zone
    yield f"## {plain(incident.title)} (`{incident.id}`, {incident.status})"
    yield ""
    if each.withheld:
        yield f"Kept to {plain(listed(incident.circle or ()))}: ask one of them."
        yield ""
        return
    if each.severity is not None:
        yield f"Severity by ENISA's method: {each.severity}"
        yield ""
    yield "### Facts, effects, what was done"
    yield ""
    rows = [
        (line.question, line.words, line.known.status, moment(line.known.at, zone))
        for line in each.facts
    ]
    yield from table(("Question", "Answer", "Status", "As of"), rows)
    yield ""
    yield "### Decisions"
    yield ""
    for taken in each.decisions:
        plan = incident.plans[taken.playbook]
        step = plan.step(taken.step)
        option = step.decide.options.get(taken.option) if step and step.decide else None
        chosen = option.title if option else taken.option
        why = plain(taken.because) or "no reason was given"
        yield (
            f"- {plain(step.title if step else taken.step)} **{plain(chosen)}**, because {why} "
            f"({plain(taken.by)}, {moment(taken.at, zone)})"
        )
    if not each.decisions:
        yield "None was recorded."
    yield ""
    yield "### Notices"
    yield ""
    yield from _notices(each.clocks, zone, now)
    for country in each.uncovered:
        yield f"- {plain(country)}: no regulation on file; whom to tell was not worked out here"
    yield ""


def _notices(every: Sequence[Notice], zone: tzinfo, now: datetime) -> Iterator[str]:
    """The clocks with what came of each."""
    if not every:
        yield "No clock ran."
        yield ""
        return
    rows = [
        (
            notice.id,
            notice.running.clock.who,
            moment(notice.running.since, zone) if notice.running.since else "-",
            moment(notice.running.due, zone) if notice.running.due else "-",
            clocks.outcome(notice, zone, now),
        )
        for notice in every
    ]
    yield from table(("Clock", "Who", "Since", "Due", "Outcome"), rows)
    yield ""
    unsure = {n.running.regulation.regulation: n.running.regulation.confidence for n in every}
    for name, confidence in unsure.items():
        if confidence in clocks.UNVERIFIED:
            yield f"- {plain(name)}: {clocks.UNVERIFIED[confidence]}; have it checked"
    if any(confidence in clocks.UNVERIFIED for confidence in unsure.values()):
        yield ""
