"""Reading back which codes were used, and telling what one code is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli import bills
from crisisctl.cli.desk import desk
from crisisctl.cli.printing import print_json
from crisisctl.cli.reckoning import ledger_of, pairs
from crisisctl.cli.walk import Walk
from crisisctl.compensation.codes import sound, tidy
from crisisctl.compensation.customers import digest
from crisisctl.compensation.offers import kind, needs_code
from crisisctl.compensation.receipts import Receipts
from crisisctl.compensation.redemptions import Odd, Redeemed, Use, redeemed
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.report.data import View
from crisisctl.report.made_good import made_good
from crisisctl.runner import compensation as deciding
from crisisctl.text import moment, quoted

if TYPE_CHECKING:
    from datetime import tzinfo

    from crisisctl.cli.desk import Desk
    from crisisctl.cli.screen import Screen
    from crisisctl.compensation.ledger import Ledger
    from crisisctl.incident.fold import Incident
    from crisisctl.playbook.policy import Policy
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
    policy = _policy(incident)
    with _ledger(here, incident) as ledger:
        said = pairs(order.said)
        currencies = (policy.currency, *policy.rates)
        receipts = Receipts(order.file, currencies=currencies, zone=walk.zone, said=said)
        often = [tier.id for tier in policy.tiers if kind(tier.offer) == "credit"]
        found = redeemed(receipts, partial(ledger.tier, incident.id), often)
    event = _event(order.file, found)
    walk.record(lambda _: [event])
    if json:
        print_json(here, {**View(walk.zone).head(walk.incident), **_data(walk.incident, found)})
    else:
        for remark in receipts.remarks:
            here.talk.block(f"! {remark}", "warn")
        _show(here.out, walk.incident, found, walk.zone)
    if _odd(found):
        raise typer.Exit(1)


def code(text: str, id: str | None, *, json: bool) -> None:
    """What a code is: sound, handed out, for which tier. It is read out over the phone."""
    here = desk()
    _, incident = here.open(id)
    bare = tidy(text)
    whole = sound(bare)
    tier = None
    if whole:
        ledger = ledger_of(here, incident)
        if ledger is not None:
            with ledger:
                tier = ledger.tier(incident.id, bare)
    if json:
        found = {"code": bare, "sound": whole, "tier": tier}
        print_json(here, {**View(incident_zone(incident)).head(incident), **found})
        return
    if not whole:
        raise CrisisError(
            f"{quoted(text, 30)} is no code: a letter is wrong, or two changed places",
            hint="15 letters and digits, none of them 0, O, 1 or I; read it out again",
            code=1,
        )
    if tier is None:
        raise CrisisError(f"{bare} was never handed out in {incident.id}", code=1)
    here.out.block(f"{bare}: {_policy(incident).titles.get(tier, tier)} ({tier})", "good")


def customer(id: str, incident_id: str | None, *, json: bool) -> None:
    """What a customer was given: for whoever answers "where is my code?" on the phone."""
    here = desk()
    _, incident = here.open(incident_id)
    policy = _policy(incident)
    with _ledger(here, incident) as ledger:
        entry = ledger.of(incident.id, id.strip())
    if entry is None:
        raise CrisisError(
            f"{quoted(id, 40)} was given nothing in {incident.id}",
            hint="write the number of the customer as it stands in the export",
            code=1,
        )
    coded = entry.tier in {tier.id for tier in policy.tiers if needs_code(tier.offer)}
    if json:
        found: Json = {
            "customer": id.strip(),
            "tier": entry.tier or None,
            "code": entry.code if coded else None,
            "value": entry.value if entry.tier else None,
            "owed": entry.owed,
            "currency": entry.currency,
        }
        print_json(here, {**View(incident_zone(incident)).head(incident), **found})
        return
    if entry.tier:
        code_ = f", code {entry.code}" if coded else ""
        title = policy.titles.get(entry.tier, entry.tier)
        here.out.block(f"{title} ({entry.tier}){code_}", "good")
    if Decimal(entry.owed):
        here.out.block(f"{bills.money(entry.owed)} {entry.currency} go back to them", "good")


def incident_zone(incident: Incident) -> tzinfo:
    """The zone of an incident."""
    from crisisctl.cli.desk import zone

    return zone(incident)


def _policy(incident: Incident) -> Policy:
    out = [made for made in incident.plans_made if made.out is not None]
    if not out:
        raise CrisisError(
            f"nothing was handed out in {incident.id} yet",
            hint="`crisisctl compensate show` tells where its plan stands",
        )
    return deciding.in_force(incident, out[-1])


def _ledger(here: Desk, incident: Incident) -> Ledger:
    found = ledger_of(here, incident)
    if found is None:
        raise CrisisError("the ledger of compensation is not there any more", code=1)
    return found


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
                ("shared", found.shared),
                ("unreadable", found.unreadable),
            )
        },
    }
