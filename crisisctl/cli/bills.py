"""A plan as people read it: what is owed, the gestures, who is left out, what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from crisisctl.compensation.bill import GROUPS, Bill, Group, Large, Line
from crisisctl.incident.compensated import PlanLine
from crisisctl.playbook.amounts import money_parts, parse_money
from crisisctl.text import moment, safe

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from crisisctl.cli.screen import Screen
    from crisisctl.incident.remedy import Made
    from crisisctl.playbook.policy import Policy
    from crisisctl.report.data import Json
    from crisisctl.runner.compensation import Standing

_SHOWN = 8
"""Countries, languages or segments on a screen."""
_GROUP = {"segment": "segment", "country": "country", "locale": "language"}
_UNKNOWN = "not said"


def plan_lines(lines: Iterable[Line]) -> tuple[PlanLine, ...]:
    """The lines of a bill as the journal keeps them."""
    return tuple(
        PlanLine(
            line.part,
            line.id,
            line.title,
            line.currency,
            line.customers,
            line.face,
            line.expected,
            line.book,
        )
        for line in lines
    )


def total(lines: Iterable[PlanLine], *parts: str) -> Decimal:
    """What some parts of a bill will probably cost."""
    return sum((line.expected for line in lines if line.part in parts), Decimal(0))


def show(
    screen: Screen, made: Made, policy: Policy, bill: Bill | None, state: Standing, zone: tzinfo
) -> None:
    """The whole plan."""
    event = made.event
    screen.block(f"Plan {event.plan} · {event.file}, {event.rows:,} rows", "bold")
    if event.since or event.until:
        screen.block(window(event.since, event.until, zone), "dim")
    for change in event.changes:
        screen.block(f"changed: {change}", "warn")
    if event.because:
        screen.block(f"because: {event.because}")
    if bill is not None:  # first: what matters most is what stays on a small screen
        for by in GROUPS:
            _groups(screen, by, bill.groups(by), event.currency)
        _largest(screen, bill.largest())
    show_lines(screen, event.lines, event.currency)
    _left_out(screen, made)
    screen.line()
    _sums(screen, made, policy)
    if many := len(event.remarks):
        stands = "the remark above" if many == 1 else f"the {many} remarks above"
        screen.block(f"Mind what was assumed of the export: {stands}", "warn")
    show_standing(screen, made, state, zone)


def window(since: datetime | None, until: datetime | None, zone: tzinfo) -> str:
    """Between which moments rows count."""
    first = moment(since, zone) if since else "the beginning"
    last = moment(until, zone) if until else "now"
    return f"counted from {first} until {last}"


def show_lines(screen: Screen, lines: Sequence[PlanLine], currency: str) -> None:
    """What is owed, then the gestures, with what each will probably cost."""
    for part, title in (("owed", "Owed, paid back first"), ("tier", "Gestures")):
        mine = [line for line in lines if line.part == part]
        if not mine:
            continue
        screen.line()
        screen.block(title, "bold")
        rows = [
            [
                f"{line.customers:,}",
                f"{money(line.face)} {line.currency}",
                money(line.expected),
                line.title,
            ]
            for line in mine
        ]
        heads = ["customers", "if all use it", f"probably {currency}", "for"]
        screen.table(_right(rows, heads, 3), _right([heads], heads, 3, rows)[0])


def _right(
    rows: Sequence[Sequence[str]],
    heads: Sequence[str],
    many: int,
    others: Sequence[Sequence[str]] = (),
) -> list[list[str]]:
    """The first columns, numbers, moved to the right."""
    every = [heads, *rows, *others]
    widths = [max(len(row[place]) for row in every) for place in range(many)]
    return [
        [*(row[place].rjust(widths[place]) for place in range(many)), *row[many:]] for row in rows
    ]


def _left_out(screen: Screen, made: Made) -> None:
    event = made.event
    out = [line for line in event.lines if line.part == "excluded"]
    rows = [[f"{line.customers:,}", line.title] for line in out]
    for many, words in (
        (event.unaffected, "Nothing happened to them that the policy makes good"),
        (event.unreadable, "Rows that a person must look at; nothing is given for them"),
        (event.outside, "Rows before or after the incident"),
        (event.repeated, "Rows that stood there already"),
        (event.merged, "Customers with several rows, counted once"),
    ):
        rows += [[f"{many:,}", words]] if many else []
    if rows:
        screen.line()
        screen.block("Left out, merged, and why", "bold")
        screen.table(_right(rows, ["", ""], 1))


def _groups(screen: Screen, by: str, groups: Sequence[Group], currency: str) -> None:
    if len(groups) < 2 and not any(group.name for group in groups):
        return  # the export does not say
    screen.line()
    rows = [
        [f"{group.customers:,}", money(group.expected), group.name or _UNKNOWN]
        for group in groups[:_SHOWN]
    ]
    rest = groups[_SHOWN:]
    if rest:
        many = sum(group.customers for group in rest)
        cost = sum((group.expected for group in rest), Decimal(0))
        rows.append([f"{many:,}", money(cost), f"{len(rest)} more"])
    heads = ["gestures and refunds", f"probably {currency}", f"by {_GROUP[by]}"]
    screen.table(_right(rows, heads, 2), _right([heads], heads, 2, rows)[0])


def _largest(screen: Screen, largest: Sequence[Large]) -> None:
    if not largest:
        return
    screen.line()
    rows = [[each.sum, each.customer, each.what] for each in largest]
    heads = ["largest", "customer", "for"]
    screen.table(_right(rows, heads, 1), _right([heads], heads, 1, rows)[0])


def _sums(screen: Screen, made: Made, policy: Policy) -> None:
    event = made.event
    currency = event.currency
    owed = total(event.lines, "owed")
    people = "1 customer" if event.customers == 1 else f"{event.customers:,} customers"
    screen.block(
        f"{people} · probably {money(event.expected)} {currency}"
        f" ({money(owed)} owed, {money(event.gestures)} gestures)",
        "bold",
    )
    if policy.budget:
        budget, _ = money_parts(parse_money(policy.budget))
        cost = event.gestures
        if cost > budget:
            over = money(cost - budget)
            screen.block(f"{over} {currency} over the budget of {money(budget)}", "bad")
        else:
            share = f"{cost / budget:.0%}" if budget else "0%"
            screen.block(f"{share} of the budget of {money(budget)} {currency}", "good")


def show_standing(screen: Screen, made: Made, state: Standing, zone: tzinfo) -> None:
    """Who has approved, and what comes next."""
    for each in made.signed:
        void = "" if each.event.bound == made.bound else " (another list: it does not count)"
        own = ", who planned it" if each.by == made.by else ""
        screen.block(f"approved by {each.by}{own}, {moment(each.at, zone)}{void}", "good")
    if made.out is not None:
        screen.block(f"handed out by {made.out.by}, {moment(made.out.at, zone)}", "good")
    elif state.wanted:
        screen.block(f"{state.wanted}: crisisctl compensate approve", "warn")
    else:
        screen.block("Ready: crisisctl compensate issue", "good")
    if made.out is None:
        screen.block("Nothing is handed out by a plan.", "dim")


def again(made: Made) -> str:
    """The command that plans anew what a plan was reckoned from."""
    event = made.event
    if event.warehouse:
        return f"crisisctl compensate plan --warehouse URL --table {safe(event.file)}"
    return f"crisisctl compensate plan {safe(event.file)}"


def money(amount: str | Decimal) -> str:
    """A sum with its thousands."""
    return f"{Decimal(amount):,f}"


def show_what_if(
    screen: Screen,
    before: Sequence[PlanLine],
    after: Sequence[PlanLine],
    currency: str,
    change: str,
) -> None:
    """What a change does, line by line, and in all."""
    screen.line()
    screen.block(f"What if {change}", "bold")
    rows = []
    for key, title, mine, theirs in _pairs(before, after):
        many = (mine.customers if mine else 0, theirs.customers if theirs else 0)
        cost = (mine.expected if mine else Decimal(0), theirs.expected if theirs else Decimal(0))
        if many[0] != many[1] or cost[0] != cost[1]:
            rows.append(
                [
                    f"{many[0]:,} → {many[1]:,}",
                    f"{money(cost[0])} → {money(cost[1])}",
                    f"{title} ({key[2]})",
                ]
            )
    heads = ["customers", f"probably {currency}", "for"]
    if not rows:
        screen.block("It changes nothing.")
        return
    screen.table(_right(rows, heads, 2), _right([heads], heads, 2, rows)[0])
    sums = [total(lines, "owed", "tier") for lines in (before, after)]
    more = sums[1] - sums[0]
    words = f"in all {money(sums[0])} → {money(sums[1])} {currency}"
    screen.block(f"{words} ({'+' if more >= 0 else '-'}{money(abs(more))})", "bold")


def _pairs(
    before: Sequence[PlanLine], after: Sequence[PlanLine]
) -> list[tuple[tuple[str, str, str], str, PlanLine | None, PlanLine | None]]:
    mine = {(line.part, line.id, line.currency): line for line in before}
    theirs = {(line.part, line.id, line.currency): line for line in after}
    found: list[tuple[tuple[str, str, str], str, PlanLine | None, PlanLine | None]] = []
    for key in dict.fromkeys([*mine, *theirs]):
        line = mine.get(key) or theirs[key]
        found.append((key, line.title, mine.get(key), theirs.get(key)))
    return found


def data(made: Made, policy: Policy, bill: Bill | None, state: Standing) -> Json:
    """The plan for `--json`."""
    event = made.event
    found: Json = {
        "plan": event.plan,
        "playbook": event.playbook,
        "file": event.file,
        "warehouse": event.warehouse or None,
        "hashes": {"input": event.input, "policy": event.policy, "result": event.result},
        "since": event.since.isoformat() if event.since else None,
        "until": event.until.isoformat() if event.until else None,
        "changes": list(event.changes),
        "because": event.because or None,
        "currency": event.currency,
        "budget": policy.budget or None,
        "customers": event.customers,
        "expected": str(event.expected),
        "expected_gestures": str(event.gestures),
        "lines": [line_data(line) for line in event.lines],
        "rows": {
            "read": event.rows,
            "unaffected": event.unaffected,
            "outside_window": event.outside,
            "repeated": event.repeated,
            "merged_customers": event.merged,
            "unreadable": event.unreadable,
        },
        "approved_by": list(state.given),
        "approvals_needed": state.needed,
        "missing": state.wanted or None,
        "handed_out": made.out is not None,
        "remarks": list(event.remarks),
    }
    if bill is not None:
        found["by"] = {
            _GROUP[by]: [
                {"name": g.name, "customers": g.customers, "expected": str(g.expected)}
                for g in bill.groups(by)
            ]
            for by in GROUPS
        }
        found["largest"] = [
            {"customer": each.customer, "sum": each.sum, "for": each.what}
            for each in bill.largest()
        ]
    return found


def line_data(line: PlanLine) -> Mapping[str, object]:
    """One line of a bill for `--json`; sums are text, so that no cent is lost."""
    return {
        "part": line.part,
        "id": line.id,
        "title": line.title,
        "currency": line.currency,
        "customers": line.customers,
        "face": str(line.face),
        "expected": str(line.expected),
        "book": line.book,
    }
