"""Settling what a plan left to a person: what was paid by hand, or why nothing was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli import bills
from crisisctl.cli.desk import desk
from crisisctl.cli.handout import look_at
from crisisctl.cli.reckoning import folder
from crisisctl.cli.unjudged import rows_of
from crisisctl.cli.walk import Walk
from crisisctl.compensation import left as lists
from crisisctl.errors import CrisisError
from crisisctl.report.data import View
from crisisctl.runner import compensation as deciding
from crisisctl.runner.settling import Found, reopened, settled, sum_paid
from crisisctl.text import moment, quoted, safe

if TYPE_CHECKING:
    from datetime import tzinfo

    from crisisctl.cli.desk import Desk
    from crisisctl.cli.screen import Screen
    from crisisctl.incident.compensated import LeftTo
    from crisisctl.incident.fold import Incident
    from crisisctl.incident.remedy import Made
    from crisisctl.report.data import Json

_SHOWN = 8
"""Of each list so many lines that are open are named."""
_WORDS: dict[LeftTo, str] = {
    "look-at": "Left to a person, owed more than was paid before",
    "rows": "Left to a person, rows that nobody could judge",
}
_SEE = "`crisisctl compensate show` lists what is open"


@dataclass(frozen=True, slots=True)
class Order:
    """What is settled, and how."""

    customer: str = ""
    line: int | None = None
    """A row of the export, in place of a customer."""
    paid: str = ""
    because: str = ""
    plan: int | None = None
    open: bool = False


def settle(order: Order, id: str | None) -> None:
    """Record what became of it; said again, the last word counts."""
    if bool(order.customer.strip()) == (order.line is not None):
        raise CrisisError("say who or what is settled: a customer, or --line N of the export")
    if order.open and order.paid:
        raise CrisisError("--open says that nothing is settled: leave out --paid")
    here = desk()
    journal, incident = here.open(id)
    walk = Walk(here, journal, incident, None)
    find = _row if order.line is not None else _customer
    found = find(here, incident, order)
    newest = found[-1]
    if order.open:
        walk.record(lambda now: [reopened(now, newest, order.because)])
        here.talk.block(f"✓ {_where(newest)}: open again", "good")
    else:
        home = deciding.in_force(incident, newest.made).currency
        paid, currency = sum_paid(order.paid, newest.left.currency or home)
        walk.record(lambda now: settled(now, found, paid, currency, order.because))
        words = f"{bills.money(paid)} {currency} paid" if paid else "nothing paid"
        here.talk.block(f"✓ {_where(newest)}: {words}, {safe(order.because.strip())}", "good")
    made = deciding.last(walk.incident, newest.made.event.plan)
    show(here.out, here, walk.incident, made, walk.zone)


def show(screen: Screen, at: Desk, incident: Incident, made: Made, zone: tzinfo) -> None:
    """What a plan left to a person: what is open of it, and what was settled how."""
    for of, many in _left(made):
        done = made.settled(of)
        open_ = max(many - len(done), 0)
        screen.line()
        words = f"{_WORDS[of]}: {f'{open_:,} of {many:,} open' if open_ else 'all settled'}"
        screen.block(words, "warn" if open_ else "good")
        who = _open(screen, at, incident, made, of, open_)
        for line, each in done.items():
            event = each.event
            paid = f"{bills.money(event.paid)} {event.currency} paid" if event.paid else "not paid"
            name = f"line {line}, customer {who[line]}" if who.get(line) else f"line {line}"
            words = f"{name}: {paid} ({each.by}, {moment(each.at, zone)}): {event.because}"
            screen.block(safe(words), "dim", "  ")


def _open(
    screen: Screen, at: Desk, incident: Incident, made: Made, of: LeftTo, many: int
) -> dict[int, str]:
    """Show the first lines of a list that are open; of those that are not, whose each is."""
    done, who, shown = made.settled(of), dict[int, str](), 0
    try:
        path = look_at(at, incident, made) if of == "look-at" else _rows(at, incident, made)
        for each in lists.look_at(path) if of == "look-at" else lists.rows(path):
            if each.line in done:
                who[each.line] = each.customer
            elif shown < _SHOWN:
                shown += 1
                owes = f"customer {each.customer}: {bills.money(each.sum)} {each.currency}"
                words = owes if each.customer else each.reason
                screen.block(safe(f"line {each.line}: {words}"), "warn", "  ")
    except CrisisError as error:
        screen.block(error.message, "warn", "  ")
        return who
    if many > _SHOWN:
        screen.block(f"and {many - _SHOWN:,} more", "warn", "  ")
    return who


def data(made: Made, zone: tzinfo) -> Json:
    """The same for `--json`, from the record alone."""
    return {
        "left_to_a_person": [
            {
                "of": of,
                "many": many,
                "settled": [
                    {
                        "line": line,
                        "currency": each.event.currency,
                        "owed": str(each.event.owed) if each.event.owed else None,
                        "paid": str(each.event.paid),
                        "because": each.event.because,
                        "by": each.by,
                        "at": View(zone).at(each.at),
                    }
                    for line, each in made.settled(of).items()
                ],
            }
            for of, many in _left(made)
        ]
    }


def _left(made: Made) -> Iterator[tuple[LeftTo, int]]:
    """How much of each list a plan left to a person, once it was handed out."""
    if made.out is not None and made.out.event.by_hand:
        yield "look-at", made.out.event.by_hand
    if made.event.unreadable and (made.out is not None or made.settled("rows")):
        yield "rows", made.event.unreadable


def _customer(at: Desk, incident: Incident, order: Order) -> list[Found]:
    """In which lists a customer stands, the newest last."""
    who, found, asked = order.customer.strip(), [], 0
    for made in incident.plans_made:
        if made.out is None or not made.out.event.by_hand:
            continue
        if order.plan in (None, made.event.plan):
            asked += 1
            left = lists.of_customer(look_at(at, incident, made), who)
            found += [Found(made, "look-at", left)] if left else []
    if not asked:
        of = f"plan {order.plan}" if order.plan is not None else "no plan"
        what = f"{of} has left nothing of that kind" if order.plan else f"{of} left a customer"
        raise CrisisError(f"{what} to a person", hint="a row of the export: --line N")
    if not found:
        raise CrisisError(f"{quoted(who, 40)} is in no list of what is left to a person", hint=_SEE)
    return found


def _row(at: Desk, incident: Incident, order: Order) -> list[Found]:
    """A row of the export that nobody could judge."""
    made = deciding.last(incident, order.plan)
    for left in lists.rows(_rows(at, incident, made)):
        if left.line == order.line:
            return [Found(made, "rows", left)]
    what = f"plan {made.event.plan} has left no line {order.line} of {safe(made.event.file)}"
    raise CrisisError(f"{what} to a person", hint=_SEE)


def _rows(at: Desk, incident: Incident, made: Made) -> Path:
    path = rows_of(folder(at, incident), made.event.plan)
    if not path.is_file():
        what = f"the rows that plan {made.event.plan} left to a person are not there any more"
        raise CrisisError(f"{what}: {path}", code=1)
    return path


def _where(found: Found) -> str:
    plan = found.made.event.plan
    if found.of == "rows":
        return f"plan {plan}, line {found.left.line} of {safe(found.made.event.file)}"
    return f"plan {plan}, customer {safe(found.left.customer)}"
