"""Planning compensation: an export is read, judged by the policy, and shown; nothing is given."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace

from crisisctl.cli import bills
from crisisctl.cli.desk import desk, refuse_closed
from crisisctl.cli.mapping import pairs
from crisisctl.cli.printing import print_json
from crisisctl.cli.progress import Progress
from crisisctl.cli.unjudged import keeping
from crisisctl.cli.walk import Walk
from crisisctl.compensation import changes, planning, roll
from crisisctl.compensation.before import Before
from crisisctl.compensation.bill import Bill
from crisisctl.compensation.customers import Bounds, Export, digest
from crisisctl.compensation.ledger import Ledger
from crisisctl.compensation.planning import Reckoned
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.knowledge import confirmed
from crisisctl.incident.remedy import Made
from crisisctl.messages import approval, preapproval
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.policy import Policy
from crisisctl.playbook.times import parse_duration, parse_time
from crisisctl.report.data import View
from crisisctl.runner import compensation as deciding
from crisisctl.text import cell, listed, moment

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk
    from crisisctl.cli.screen import Screen
    from crisisctl.cli.warehouses import Place
    from crisisctl.compensation.warehouse import Asked
    from crisisctl.incident.compensated import PlanLine
    from crisisctl.incident.fold import Incident


_START = 64 * 1024
_CLOCK = re.compile(r"(?a)([01]?\d|2[0-3]):([0-5]\d)")
_EVENING = timedelta(hours=12)
"""A time of day so much before the beginning is still of the same day, and an earlier beginning."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be planned."""

    file: Path | None
    pairs: Sequence[str] = ()
    changes: Sequence[str] = ()
    what_if: Sequence[str] = ()
    because: str = ""
    rejects: Path | None = None
    """Where every row is listed that a person must look at."""
    people: Path | None = None
    """Where the list of who gets what is written, to be read in a spreadsheet."""
    playbook: str = ""
    place: Place | None = None
    """A table to be asked instead of a file."""


def folder(at: Desk, incident: Incident) -> Path:
    """Where the lists of an incident's plans stand."""
    return at.folder(drill=incident.drill) / "compensation" / incident.id


def ledger_of(at: Desk, incident: Incident, *, create: bool = False) -> Ledger | None:
    """The ledger of this machine; None where nothing was handed out yet."""
    path = at.folder(drill=incident.drill) / "compensation" / "ledger.db"
    if not create and not path.is_file():
        return None
    return Ledger(path, create=create)


def list_of(at: Desk, incident: Incident, made: Made) -> Path:
    """The list of a plan. Raises where it is gone or was changed since."""
    path = folder(at, incident) / planning.name(made.event.result)
    if not path.is_file() or digest(path) != made.event.result:
        what = "was changed since" if path.is_file() else "is not there any more"
        raise CrisisError(
            f"the list of plan {made.event.plan} {what}: {path}",
            hint=f"plan again: {bills.again(made)}",
            code=1,
        )
    return path


def holders(at: Desk, incident: Incident) -> approval.Holders:
    """Who holds each role."""
    return approval.holders(incident, preapproval.holders(at.workspace))


def plan(order: Order, id: str | None, *, json: bool) -> None:
    """Reckon a plan and record it, or show what a change would do."""
    here = desk()
    journal, incident = here.open(id)
    refuse_closed(incident)
    walk = Walk(here, journal, incident, None)
    if order.what_if:
        _what_if(walk, order, json=json)
        return
    replaced = incident.plans_made[-1] if incident.plans_made else None
    made, found, export = make(walk, order)
    if replaced is not None and replaced.signed and replaced.out is None:
        who = listed(dict.fromkeys(each.by for each in replaced.signed))
        words = f"it replaces plan {replaced.event.plan}, which {who} had approved"
        here.talk.block(f"! {words}", "warn")
    policy = deciding.in_force(walk.incident, made)
    state = deciding.standing(walk.incident, made, holders(here, walk.incident))
    if json:
        rows = [{"line": row.line, "reason": row.reason} for row in found.first]
        shown = {**bills.data(made, policy, found.bill, state), "unreadable_rows": rows}
        print_json(here, {**View(walk.zone).head(walk.incident), **shown})
        return
    tell(here, export, found)
    bills.show(here.out, made, policy, found.bill, state, walk.zone)


def make(walk: Walk, order: Order) -> tuple[Made, Reckoned, Export | Asked]:
    """Reckon a plan, keep its list, record it."""
    at, incident = walk.desk, walk.incident
    task = _Task.of(walk, order, order.changes)
    if order.changes and not order.because.strip():
        raise CrisisError("changing the policy needs a reason", hint='add --because "…"')
    number = len(incident.plans_made) + 1
    where = folder(at, incident)
    with keeping(where, number, order.rejects) as lost:
        found = planning.write(where, partial(task.reckon, lost=lost))
    if order.people is not None:
        _spreadsheet(order.people, where / planning.name(found.result), found.policy)
    event = _event(task, order, number, found)
    walk.record(lambda now: [_numbered(event, now)])
    return deciding.last(walk.incident), found, task.export


def _numbered(event: ev.CompensationPlanned, incident: Incident) -> ev.Event:
    if len(incident.plans_made) + 1 != event.plan:
        raise CrisisError(
            "somebody else planned at the same moment", hint="look at theirs, then plan again"
        )
    return event


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan is reckoned by, whatever it is reckoned from."""

    playbook: Playbook
    policy: Policy
    facts: Mapping[str, object]
    bounds: Bounds

    @classmethod
    def of(cls, walk: Walk, playbook: str, said: Sequence[str]) -> Basis:
        """The policy of an incident with these changes, its facts, its window."""
        incident, now = walk.incident, walk.now()
        found, own = deciding.policy_of(incident, playbook)
        policy = changes.changed(found, own, said) if said else own
        window = [change for change in said if changes.split(change)[0] in changes.WINDOW]
        plain = policy if not window else replace(policy, window=type(policy.window)())
        first = deciding.window(incident, plain if len(window) == 2 else policy, now=now)
        read = partial(_moment, since=first.since, now=now, zone=walk.zone)
        bounds = Bounds(*changes.moments(said, first.since, first.until, read))
        _refuse_backwards(bounds, walk.zone)
        return cls(found, policy, confirmed(incident, now=now), bounds)


def _moment(text: str, *, since: datetime | None, now: datetime, zone: tzinfo) -> datetime:
    """A moment as typed; a time of day alone is of the night of the incident, not of today."""
    found = _CLOCK.fullmatch(text.strip())
    if since is None or found is None:
        return parse_time(text, now=now, zone=zone)
    day = since.astimezone(zone)
    then = day.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    before = day.replace(second=0, microsecond=0)
    return then if then >= before - _EVENING else then + timedelta(days=1)


def _refuse_backwards(bounds: Bounds, where: tzinfo) -> None:
    if bounds.since and bounds.until and bounds.until <= bounds.since:
        since, until = moment(bounds.since, where), moment(bounds.until, where)
        raise CrisisError(
            f"the window ends before it begins: from {since} until {until}",
            hint="correct the fact, or write the day as well: window.until=2026-11-27T21:30",
        )


@dataclass(frozen=True, slots=True)
class _Task:
    """A plan that is to be reckoned."""

    walk: Walk
    basis: Basis
    export: Export | Asked

    @classmethod
    def of(cls, walk: Walk, order: Order, said: Sequence[str]) -> _Task:
        basis, named = Basis.of(walk, order.playbook, said), pairs(order.pairs)
        policy, bounds = basis.policy, basis.bounds
        if order.place is not None:
            asked = order.place.asked(policy, basis.facts, named, bounds, walk.zone)
            return cls(walk, basis, asked)
        if order.file is None:
            raise AssertionError(order)
        export = Export(order.file, policy, said=named, bounds=bounds, time_zone=walk.zone)
        return cls(walk, basis, export)

    def reckon(
        self, sink: BinaryIO | None = None, *, lost: planning.Lost | None = None
    ) -> Reckoned:
        """Judge everybody; the list goes to `sink`."""
        at, incident = self.walk.desk, self.walk.incident
        bar, rows = Progress(at.talk, self.export.name), _about(self.export)

        def told(done: int) -> None:
            bar.at(min(done / rows, 1.0), done)

        now, length = self.walk.now(), self.basis.policy.once_in
        since = now - parse_duration(length) if length else None
        ledger = ledger_of(at, incident)
        if ledger is None:
            found = planning.reckon(self.export, self.basis.facts, sink=sink, lost=lost, told=told)
        else:
            with ledger:
                before = Before(ledger, incident.id, since)
                found = planning.reckon(
                    self.export, self.basis.facts, sink=sink, before=before, lost=lost, told=told
                )
        bar.done()
        return found


def _about(export: Export | Asked) -> int:
    """How many rows a file will probably have, for telling how far it is."""
    if not isinstance(export, Export):
        return 1
    with export.path.open("rb") as file:
        start = file.read(_START)
    return max(export.size * start.count(b"\n") // max(len(start), 1), 1)


def _event(task: _Task, order: Order, number: int, found: Reckoned) -> ev.CompensationPlanned:
    lines = bills.plan_lines(found.bill.lines())
    counts, export = found_counts(task.export), task.export
    return ev.CompensationPlanned(
        plan=number,
        playbook=task.basis.playbook.playbook,
        file=export.name,
        input=export.digest,
        policy=changes.fingerprint(task.basis.policy, task.basis.facts),
        result=found.result,
        currency=task.basis.policy.currency,
        customers=found.bill.customers,
        expected=bills.total(lines, "owed", "tier"),
        gestures=bills.total(lines, "tier"),
        lines=lines,
        unaffected=found.bill.unaffected,
        unreadable=found.unreadable,
        since=task.basis.bounds.since,
        until=task.basis.bounds.until,
        map=pairs(order.pairs),
        changes=tuple(order.changes),
        because=order.because.strip(),
        changed=task.basis.policy if order.changes else None,
        warehouse=export.warehouse,
        remarks=tuple(_remarks(export, found)),
        **counts,
    )


def found_counts(export: Export | Asked) -> dict[str, int]:
    """What became of the rows of an export."""
    counts = export.counts
    return {
        "rows": counts.rows,
        "outside": counts.outside,
        "repeated": counts.repeated,
        "merged": counts.merged,
    }


def _what_if(walk: Walk, order: Order, *, json: bool) -> None:
    """The plan as it is beside the plan with each change; nothing is recorded."""
    at = walk.desk
    base = _Task.of(walk, order, order.changes)
    before = bills.plan_lines(base.reckon().bill.lines())
    currency = base.basis.policy.currency
    rows = []
    for change in order.what_if:
        task = _Task.of(walk, order, [*order.changes, change])
        after = bills.plan_lines(task.reckon().bill.lines())
        if not json:
            bills.show_what_if(at.out, before, after, currency, change)
            _outlook(at.out, base, before, task, after)
        rows.append(
            {
                "change": change,
                "expected": str(bills.total(after, "owed", "tier")),
                "lines": [bills.line_data(line) for line in after],
            }
        )
    if json:
        own = [bills.line_data(line) for line in before]
        cost = str(bills.total(before, "owed", "tier"))
        data = {"currency": currency, "expected": cost, "lines": own, "what_if": rows}
        print_json(at, {**View(walk.zone).head(walk.incident), **data})
    else:
        at.out.block("Nothing was recorded. --change keeps a change, with --because.", "dim")


def _outlook(
    screen: Screen,
    base: _Task,
    before: Sequence[PlanLine],
    task: _Task,
    after: Sequence[PlanLine],
) -> None:
    """What a change does to the window, the budget and the signatures."""
    zone, bounds = task.walk.zone, task.basis.bounds
    if bounds != base.basis.bounds:
        screen.block(bills.window(bounds.since, bounds.until, zone), "dim")
    for policy, lines, words in (
        (base.basis.policy, before, "As it is"),
        (task.basis.policy, after, "With it"),
    ):
        over = deciding.over_budget(policy, bills.total(lines, "tier"))
        if over:
            told = f"{words}: {bills.money(over)} {policy.currency} over the budget"
            screen.block(f"{told}, nobody could approve it", "bad")
    costs = [bills.total(lines, "owed", "tier") for lines in (before, after)]
    two = [
        bool(deciding.why_two(each.basis.policy, cost, changed=False))
        for each, cost in zip((base, task), costs, strict=True)
    ]
    if two[0] != two[1]:
        screen.block("two people must approve it" if two[1] else "one person may approve it")


def read_bill(path: Path, policy: Policy) -> Bill:
    """The bill of a list that was kept."""
    found = Bill(policy)
    for block in roll.read(path):
        for row in block:
            found.add(*roll.back(policy, row))
    return found


def tell(at: Desk, export: Export | Asked, found: Reckoned) -> None:
    """What was assumed of an export, and the first rows that a person must look at."""
    screen = at.talk
    for remark in _remarks(export, found):
        screen.block(f"! {remark}", "warn")
    for row in found.first:
        screen.block(f"line {row.line}: {row.reason}", "warn", "  ")
    if found.unreadable > len(found.first):
        more = found.unreadable - len(found.first)
        screen.block(f"and {more:,} more; all of them with --unreadable FILE", "warn", "  ")


def _remarks(export: Export | Asked, found: Reckoned) -> list[str]:
    said = list(export.remarks)
    if isinstance(export, Export):
        said += export.unheard.remarks()
    if export.counts.countries:
        said.append(f"{export.counts.countries:,} customers are in two countries: the first counts")
    once = bool(found.policy.once_in)
    if found.bill.unreachable:
        many = found.bill.unreachable
        who = "customer who gets" if many == 1 else "customers who get"
        said.append(f"{many:,} {who} something: no e-mail address is known, nobody can tell them")
    for incident, many in found.earlier.items():
        what = "get no second one" if once else "get another one"
        said.append(f"{many:,} customers had a gesture in {incident} and {what}")
    return said


def _spreadsheet(path: Path, kept: Path, policy: Policy) -> None:
    """The list as CSV for a person, each cell guarded against being a formula."""
    ids = [each.id for each in policy.owed]
    heads = ["line", "customer", "email", "country", "currency", "tier", "value", "excluded"]
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([*heads, *ids])
            for block in roll.read(kept):
                writer.writerows(
                    [
                        row.line, cell(row.customer), cell(row.email), cell(row.country),
                        row.currency, row.tier, row.value, row.excluded,
                        *(row.owed or [""] * len(ids)),
                    ]
                    for row in block
                )  # fmt: skip
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{path} cannot be written: {reason}", code=1) from error
