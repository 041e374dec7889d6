"""Handing out a plan that was approved: codes, files, the ledger, the record; never twice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli import bills
from crisisctl.cli.desk import desk, refuse_closed
from crisisctl.cli.printing import print_json
from crisisctl.cli.progress import Progress
from crisisctl.cli.reckoning import holders, ledger_of, list_of
from crisisctl.cli.walk import Walk
from crisisctl.compensation import changes, papers
from crisisctl.compensation.customers import digest
from crisisctl.compensation.issuing import (
    Batch,
    Issued,
    again,
    first_time,
    together,
)
from crisisctl.compensation.ledger import Issue, Ledger, Taken
from crisisctl.compensation.papers import Folder, Papers, new_folder, shop_remarks
from crisisctl.compensation.vouchers import FORMATS
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.knowledge import confirmed
from crisisctl.report.data import View
from crisisctl.runner import compensation as deciding
from crisisctl.tables.helper import helper, worth_it
from crisisctl.text import did_you_mean, listed, quoted, safe

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk
    from crisisctl.cli.screen import Screen
    from crisisctl.incident.fold import Incident
    from crisisctl.incident.remedy import Made
    from crisisctl.playbook.policy import Policy

PLAIN = "plain"


def issue_plan(
    file: Path | None, number: int | None, id: str | None, *, shops: Sequence[str], json: bool
) -> None:
    """Hand out a plan and say where its files are."""
    here = desk()
    journal, incident = here.open(id)
    refuse_closed(incident)
    walk = Walk(here, journal, incident, None)
    made, folder = hand_out(walk, file, number, shops)
    policy = deciding.in_force(walk.incident, made)
    out = made.out.event if made.out else None
    if json and out is not None:
        data = {
            "plan": out.plan,
            "folder": str(folder),
            "files": out.files,
            "codes": out.codes,
            "already": out.already,
            "by_hand": out.by_hand,
            "lines": [bills.line_data(line) for line in out.lines],
            "remarks": list(shop_remarks(policy, _shops(here, shops), _ids(out))),
        }
        print_json(here, {**View(walk.zone).head(walk.incident), **data})
        return
    tell(walk, made, folder, shops, here.out)


def hand_out(
    walk: Walk, file: Path | None, number: int | None, shops: Sequence[str]
) -> tuple[Made, Path]:
    """Hand out a plan; one that was handed out already comes to the same files."""
    here, incident = walk.desk, walk.incident
    made = deciding.last(incident, number)
    deciding.refuse_unsigned(incident, made, holders(here, incident))
    forms = _shops(here, shops)
    kept = list_of(here, incident, made)
    _refuse_changed(walk, made, file)
    folder = folder_of(here, incident, made)
    ledger = ledger_of(here, incident, create=True)
    if ledger is None:
        raise AssertionError(incident.id)
    with ledger:
        event = _booked(walk, made, kept, ledger, forms, folder)
    if made.out is None:
        walk.record(lambda now: deciding.handed_out(now, event))
        made = deciding.last(walk.incident, made.event.plan)
    return made, folder


def folder_of(at: Desk, incident: Incident, made: Made) -> Path:
    """Where the files of a plan go that is handed out."""
    outbox = at.folder(drill=incident.drill) / "outbox" / incident.id
    return outbox / f"compensation-{made.event.plan}"


def _booked(
    walk: Walk, made: Made, kept: Path, ledger: Ledger, shops: Sequence[str], folder: Path
) -> ev.CompensationIssued:
    """Open the books, write everything, close them; only then are the files in their place."""
    incident = walk.incident
    first = ledger.first(incident.id)
    try:
        return _written(walk, made, kept, ledger, shops, folder, first=first)
    except Taken:  # a code belongs to somebody else: look at each
        return _written(walk, made, kept, ledger, shops, folder, first=False)


def _written(
    walk: Walk,
    made: Made,
    kept: Path,
    ledger: Ledger,
    shops: Sequence[str],
    folder: Path,
    *,
    first: bool,
) -> ev.CompensationIssued:
    incident, policy = walk.incident, deciding.in_force(walk.incident, made)
    facts = confirmed(incident, now=walk.now())
    booked = ledger.begin(incident.id, made.event.plan, made.bound, walk.now())
    try:
        with new_folder(folder) as (beside, put_in_place):
            texts = Papers(policy, facts, booked, shops=shops, zone=walk.zone)
            files, found, put = Folder(beside), Issued(), hashlib.sha256()
            with _batches(kept, policy, ledger, booked, texts, first=first) as batches:
                for batch in _watched(walk, made, batches):
                    ledger.add(batch.heads, batch.outcomes, batch.which)
                    put.update(batch.put)
                    files.put(batch.texts)
                    found.merge(batch.found)
            event = _event(found, policy, texts, files, booked, put.hexdigest())
            ledger.commit()
            put_in_place()
    except BaseException:
        ledger.back()
        raise
    return event


@contextmanager
def _batches(
    kept: Path, policy: Policy, ledger: Ledger, booked: Issue, papers: Papers, *, first: bool
) -> Iterator[Iterator[Batch]]:
    """What the customers of the list get; for many, two processes work it out."""
    if not first:
        yield again(kept, policy, ledger, booked, papers.texts, papers.look)
        return
    mint = ledger.mint(booked.incident)
    part = partial(first_time, kept, policy, mint, booked, papers.texts)
    if not worth_it(kept.stat().st_size):
        yield filter(None, part())
        return
    # the helper has nothing to do with the ledger and the files, so it has time for more
    with helper(partial(part, range(1, 6), 6)) as theirs:
        yield together(part((0,), 6), theirs)


def _watched(walk: Walk, made: Made, batches: Iterator[Batch]) -> Iterator[Batch]:
    bar, done = Progress(walk.desk.talk, "handing out"), 0
    for batch in batches:
        done += batch.customers
        bar.at(done / max(made.event.customers, 1), done)
        yield batch
    bar.done()


def _event(
    found: Issued, policy: Policy, texts: Papers, files: Folder, booked: Issue, put: str
) -> ev.CompensationIssued:
    lines = found.lines(policy)
    if lines:
        files.put(texts.books(lines))
    return ev.CompensationIssued(
        plan=booked.plan,
        bound=booked.bound,
        currency=policy.currency,
        lines=bills.plan_lines(lines),
        codes=found.codes,
        already=found.already,
        by_hand=found.by_hand,
        ledger=put,
        files=files.done(),
    )


def _refuse_changed(walk: Walk, made: Made, file: Path | None) -> None:
    """Raise where the export or the facts are not those that the plan was reckoned from."""
    event = made.event
    if file is not None and event.warehouse:
        raise CrisisError(
            f"plan {event.plan} was reckoned in a warehouse, from its table {safe(event.file)}: "
            "no file can be compared with that",
            hint="hand it out as it was approved: crisisctl compensate issue",
        )
    if file is not None and digest(file) != event.input:
        raise CrisisError(
            f"{safe(str(file))} is not the file that plan {event.plan} was reckoned from: "
            "it was changed since, or is another one",
            hint=f"plan it, then approve that plan: crisisctl compensate plan {safe(str(file))}",
            code=1,
        )
    policy = deciding.in_force(walk.incident, made)
    facts = confirmed(walk.incident, now=walk.now())
    if changes.fingerprint(policy, facts) != event.policy:
        raise CrisisError(
            f"facts that the policy asks were changed since plan {event.plan}",
            hint=f"plan again: {bills.again(made)}",
            code=1,
        )


def _ids(event: ev.CompensationIssued) -> set[str]:
    return {line.id for line in event.lines}


def _shops(at: Desk, wanted: Sequence[str]) -> list[str]:
    """The forms that codes are written in: as said, as the workspace says, and always plain."""
    own = at.workspace.get("shop")
    asked = [*wanted] or ([own] if isinstance(own, str) else [])
    for form in asked:
        if form not in FORMATS:
            guess = did_you_mean(form, FORMATS)
            hint = f'did you mean "{guess}"?' if guess else f"forms: {listed(FORMATS, 'or')}"
            raise CrisisError(f"codes cannot be written for {quoted(form, 30)}", hint=hint)
    return list(dict.fromkeys([*asked, PLAIN]))


def tell(walk: Walk, made: Made, folder: Path, shops: Sequence[str], screen: Screen) -> None:
    """What was handed out, where its files are, and what comes next."""
    out = made.out
    if out is None:
        return
    event = out.event
    screen.block(f"Plan {event.plan} is handed out", "good")
    bills.show_lines(screen, event.lines, event.currency)
    screen.line()
    if event.already:
        screen.block(f"{event.already:,} customers had it already: they got nothing twice")
    if event.by_hand:
        words = f"{event.by_hand:,} are owed more than an earlier plan paid back: {papers.LOOK}"
        screen.block(words, "warn")
    if event.codes:
        words = f"{event.codes:,} codes. Whoever has these files can use them: keep them safe."
        screen.block(words)
    screen.line(f"  {folder}", "good")
    for name in event.files:
        screen.line(f"    {name}")
    policy = deciding.in_force(walk.incident, made)
    for remark in shop_remarks(policy, _shops(walk.desk, shops), _ids(event)):
        screen.block(f"! {remark}", "warn")
    steps = [
        step.send.message
        for plan in walk.incident.plans.values()
        for _, step in plan.steps()
        if step.send and set(step.send.tiers) & {line.id for line in event.lines}
    ]
    if steps:
        words = f"Now tell them: {listed(dict.fromkeys(steps))}; crisisctl resume walks you there"
        screen.block(words)
