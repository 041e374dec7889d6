"""Reading back which codes were used: what they cost so far, and what is odd about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli import bills
from crisisctl.cli.desk import desk
from crisisctl.cli.looking_up import handed_out, ledger, policy_out
from crisisctl.cli.mapping import pairs
from crisisctl.cli.printing import print_json
from crisisctl.cli.walk import Walk
from crisisctl.compensation.cells import NONE
from crisisctl.compensation.customers import digest
from crisisctl.compensation.offers import kind
from crisisctl.compensation.receipts import Receipts
from crisisctl.compensation.redemptions import Odd, Redeemed, Use, redeemed
from crisisctl.incident import events as ev
from crisisctl.playbook.offering import sums
from crisisctl.report.data import View
from crisisctl.report.made_good import made_good
from crisisctl.runner import compensation as deciding
from crisisctl.text import moment

if TYPE_CHECKING:
    from datetime import tzinfo

    from crisisctl.cli.screen import Screen
    from crisisctl.incident.fold import Incident
    from crisisctl.report.data import Json

_TOLD = 5
"""Of each oddity so many are named."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be read."""

    file: Path
    said: Sequence[str] = ()


def read_back(order: Order, id: str | None, *, json: bool) -> None:
    """Read the shop's list of used codes; exit code 1 where a person must look at something."""
    import typer

    here = desk()
    journal, incident = here.open(id)
    walk = Walk(here, journal, incident, None)
    policy = policy_out(incident)
    before = incident.redeemed[-1].event if incident.redeemed else None
    with ledger(here, incident) as books:
        said = pairs(order.said)
        currencies = (policy.currency, *policy.rates)
        receipts = Receipts(order.file, currencies=currencies, zone=walk.zone, said=said)
        often = [tier.id for tier in policy.tiers if kind(tier.offer) == "credit"]
        known, worth = partial(books.tier, incident.id), partial(_worth, incident)
        since = books.booked(incident.id, handed_out(incident)[0].event.plan).at
        found = redeemed(receipts, known, often, worth=worth, since=since)
    fewer = _fewer(before, found)
    event = _event(order.file, found)
    walk.record(lambda _: [event])
    if json:
        told = {**_data(walk.incident, found), "fewer_than_before": fewer or None}
        print_json(here, {**View(walk.zone).head(walk.incident), **told})
    else:
        for remark in receipts.remarks:
            here.talk.block(f"! {remark}", "warn")
        _show(here.out, walk.incident, found, walk.zone)
        if fewer:
            here.out.block(_missing(fewer), "warn")
    if fewer or _odd(found):
        raise typer.Exit(1)


def _fewer(before: ev.RedemptionsRead | None, found: Redeemed) -> Json:
    """How many uses the last reading knew, where this one knows fewer: each tells all so far."""
    many = sum(line.used for line in before.lines) if before else 0
    return {"before": many, "now": found.count} if found.count < many else {}


def _missing(fewer: Json) -> str:
    many = fewer["before"]
    uses = f"{many:,} use{'' if many == 1 else 's'}"
    return f"The last reading knew {uses}, this one {fewer['now']:,}: is it the whole list?"


def _worth(incident: Incident, tier: str, currency: str) -> Decimal | None:
    """The most that a code of a tier may take off, by any policy that it was given by."""
    found = []
    for made in handed_out(incident):
        for each in deciding.in_force(incident, made).tiers:
            offer = each.offer
            written = offer.up_to or offer.amount or offer.credit
            most = sums(written).get(currency) if written and each.id == tier else None
            if most is not None:
                found.append(most)
    return max(found, default=None)


def _event(file: Path, found: Redeemed) -> ev.RedemptionsRead:
    lines = [
        ev.RedemptionLine(tier, currency, used.count, used.discount)
        for (tier, currency), used in sorted(found.sums.items())
    ]
    return ev.RedemptionsRead(
        file=file.name,
        digest=digest(file),
        lines=tuple(lines),
        until=found.last,
        unknown=found.unknown.many + found.wrong.many,
        twice=found.twice.many,
        unreadable=found.unreadable.many,
    )


def _odd(found: Redeemed) -> list[tuple[str, Odd]]:
    every = [
        ("Used more than once", found.twice),
        ("Never handed out", found.unknown),
        ("With a wrong letter", found.wrong),
        ("Sum not said, so it is missing in the cost", found.unsaid),
        ("More than the code is worth", found.dear),
        ("Used before the codes were handed out", found.early),
        ("In one order with other codes: all of its discount counts", found.shared),
        ("Rows that could not be read", found.unreadable),
    ]
    return [(words, odd) for words, odd in every if odd.many]


def _show(screen: Screen, incident: Incident, found: Redeemed, zone: tzinfo) -> None:
    report = made_good(incident)
    if report is None:
        return
    rows = [
        [
            f"{part.used:,} of {part.line.customers:,}",
            f"{bills.money(part.given)} {part.line.currency}",
            part.line.title,
        ]
        for part in report.parts
        if part.used is not None
    ]
    screen.table(rows, ["used", "given", "for"])
    if found.last is not None:
        screen.block(f"last use {moment(found.last, zone)}", "dim")
    so_far, plan = bills.money(report.so_far), bills.money(report.expected)
    screen.block(
        f"Cost so far {so_far} {report.currency}, refunds included; planned {plan}", "bold"
    )
    if report.so_far > report.expected:
        over = bills.money(report.so_far - report.expected)
        screen.block(f"over the plan by {over} {report.currency}", "bad")
    for words, odd in _odd(found):
        screen.block(f"{words}: {odd.many:,}", "warn")
        for one in odd.some[:_TOLD]:
            what = f"{one.code} {one.order}" if isinstance(one, Use) else one.reason
            screen.block(f"line {one.line}: {what}", "warn", "  ")


def _data(incident: Incident, found: Redeemed) -> Json:
    report = made_good(incident)
    return {
        "used": [
            {
                "tier": tier,
                "currency": currency,
                "used": used.count,
                "given": str(used.discount),
                "orders": str(used.orders),
            }
            for (tier, currency), used in sorted(found.sums.items())
        ],
        "cost_so_far": str(report.so_far) if report else None,
        "expected": str(report.expected) if report else None,
        "over_the_plan": str(max(report.so_far - report.expected, NONE)) if report else None,
        "currency": report.currency if report else None,
        "last_use": found.last.isoformat() if found.last else None,
        "to_look_at": {
            name: {
                "many": odd.many,
                "rows": [
                    {"line": one.line, "what": one.code if isinstance(one, Use) else one.reason}
                    for one in odd.some
                ],
            }
            for name, odd in (
                ("twice", found.twice),
                ("unknown", found.unknown),
                ("wrong_letter", found.wrong),
                ("sum_not_said", found.unsaid),
                ("more_than_worth", found.dear),
                ("before_handed_out", found.early),
                ("shared", found.shared),
                ("unreadable", found.unreadable),
            )
        },
    }
