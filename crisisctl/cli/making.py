"""What a step does about making good: reckon a plan with the operator, or hand one out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli import bills, handout, reckoning
from crisisctl.cli.asking import text
from crisisctl.cli.keyboard import Back
from crisisctl.errors import CrisisError
from crisisctl.runner import compensation as deciding

if TYPE_CHECKING:
    from crisisctl.cli.reckoning import Order
    from crisisctl.cli.walk import Walk
    from crisisctl.incident.remedy import Made
    from crisisctl.runner.place import Place

NONE = "nothing is planned: `crisisctl compensate plan FILE` does it at any time"


def make_good(walk: Walk, place: Place) -> None:
    """Do what the step says; what nobody gives stays open, and is said."""
    if place.step.compensate == "plan":
        _plan(walk)
    else:
        _issue(walk)


def _plan(walk: Walk) -> None:
    if walk.answers is not None:
        given = walk.answers.compensation
        if given is not None and given.file is not None:
            pairs = [f"{name}={column}" for name, column in given.line.map.items()]
            _reckon(walk, reckoning.Order(given.file, pairs))
            if walk.answers.approve:
                _sign(walk)
    elif walk.guided:
        _ask_file(walk)
    if not walk.incident.plans_made:
        walk.desk.talk.block(NONE, "warn")


def _ask_file(walk: Walk) -> None:
    """Exports one after the other, until Enter alone: a better one makes a new plan."""
    while True:
        asked = "Which export of customers or orders? (Enter: none)"
        if walk.incident.plans_made:
            asked = "Another export, for a new plan? (Enter: no, go on)"
        typed = text(walk, asked)
        if not typed.strip():
            break
        try:
            path = Path(typed.strip().strip("'\"")).expanduser()
            _reckon(walk, reckoning.Order(path))
        except CrisisError as error:
            walk.desk.talk.block(error.message, "bad")
            if error.hint:
                walk.desk.talk.block(error.hint)
            continue
        if _wanted(walk) and walk.asked().confirm("Approve this plan?", default=False):
            _sign(walk)


def _reckon(walk: Walk, order: Order) -> None:
    made, found, export = reckoning.make(walk, order)
    state = deciding.standing(walk.incident, made, reckoning.holders(walk.desk, walk.incident))
    reckoning.tell(walk.desk, export, found)
    policy = deciding.in_force(walk.incident, made)
    bills.show(walk.desk.talk, made, policy, found.bill, state, walk.zone)


def _wanted(walk: Walk) -> str:
    """What is still missing before the newest plan may be handed out."""
    if not walk.incident.plans_made:
        return ""
    made = deciding.last(walk.incident)
    who = reckoning.holders(walk.desk, walk.incident)
    return deciding.standing(walk.incident, made, who).wanted


def _sign(walk: Walk) -> None:
    who, operator = reckoning.holders(walk.desk, walk.incident), walk.desk.operator
    made = deciding.last(walk.incident)
    try:
        walk.record(
            lambda now: deciding.approve(
                now, made.event.plan, operator=operator, holders=who, because=""
            )
        )
    except CrisisError as error:
        walk.desk.talk.block(error.message, "warn")
        return
    walk.desk.talk.block(f"✓ plan {made.event.plan} approved by {operator}", "good")
    if wanted := _wanted(walk):
        walk.desk.talk.block(f"{wanted}: crisisctl compensate approve", "warn")


def _issue(walk: Walk) -> None:
    if not walk.incident.plans_made:
        walk.desk.talk.block(NONE, "warn")
        return
    made = deciding.last(walk.incident)
    wanted = _wanted(walk)
    if wanted:
        words = f"{wanted}; then `crisisctl compensate issue` hands it out, at any time"
        walk.desk.talk.block(words, "warn")
        _stay(walk)
        return
    if made.out is None and not _may(walk, made):
        _stay(walk)
        return
    given = walk.answers.compensation if walk.answers is not None else None
    shops = given.line.shop if given is not None else ()
    made, folder = handout.hand_out(walk, None, made.event.plan, shops)
    handout.tell(walk, made, folder, shops, walk.desk.talk)


def _stay(walk: Walk) -> None:
    """A step whose plan is not handed out is not done: a person skips it, or waits."""
    if walk.guided:
        raise Back


def _may(walk: Walk, made: Made) -> bool:
    """Whether it is handed out now: an answers file that approves says so, else a person."""
    if walk.answers is not None:
        return walk.answers.approve
    if not walk.guided:
        return False
    number, many = made.event.plan, made.event.customers
    words = f"Hand out plan {number} to {many:,} customers now? It cannot be taken back."
    return walk.asked().confirm(words, default=False)
