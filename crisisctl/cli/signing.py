"""Approving a compensation plan, and looking at what stands."""

from __future__ import annotations

from crisisctl.cli import bills, settling
from crisisctl.cli.desk import desk, refuse_closed
from crisisctl.cli.printing import print_json
from crisisctl.cli.reckoning import holders, list_of, read_bill
from crisisctl.cli.walk import Walk
from crisisctl.compensation.before import barred
from crisisctl.errors import CrisisError
from crisisctl.report.data import View
from crisisctl.runner import compensation as deciding


def approve(number: int | None, id: str | None, *, because: str) -> None:
    """Approve exactly this plan: its policy, its export, its list."""
    here = desk()
    journal, incident = here.open(id)
    refuse_closed(incident)
    walk = Walk(here, journal, incident, None)
    who = holders(here, incident)
    made = deciding.last(incident, number)
    list_of(here, incident, made)  # what is approved must be there, unchanged
    walk.record(
        lambda now: deciding.approve(
            now, made.event.plan, operator=here.operator, holders=who, because=because
        )
    )
    made = deciding.last(walk.incident, made.event.plan)
    state = deciding.standing(walk.incident, made, who)
    event = made.event
    here.talk.block(
        f"✓ plan {event.plan} approved by {here.operator}: {event.file}, {event.customers:,} "
        f"customers, probably {bills.money(event.expected)} {event.currency}",
        "good",
    )
    bills.show_standing(here.out, made, state, walk.zone)


def show(number: int | None, id: str | None, *, json: bool) -> None:
    """The plan that stands, with who approved it and what was handed out."""
    here = desk()
    journal, incident = here.open(id)
    walk = Walk(here, journal, incident, None)
    made = deciding.last(incident, number)
    policy = deciding.in_force(incident, made)
    state = deciding.standing(incident, made, holders(here, incident))
    try:
        bill = read_bill(list_of(here, incident, made), barred(policy))
    except CrisisError as error:
        bill = None
        here.talk.block(error.message, "warn")
    if json:
        shown = {**bills.data(made, policy, bill, state), **settling.data(made, walk.zone)}
        print_json(here, {**View(walk.zone).head(incident), **shown})
        return
    for remark in made.event.remarks:
        here.talk.block(f"! {remark}", "warn")
    bills.show(here.out, made, policy, bill, state, walk.zone)
    settling.show(here.out, here, incident, made, walk.zone)
