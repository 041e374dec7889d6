"""What a code is, and what a customer was given: for whoever is asked on the phone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec.structs import replace

from crisisctl.cli import bills
from crisisctl.cli.desk import desk, zone
from crisisctl.cli.printing import print_json
from crisisctl.cli.reckoning import ledger_of, list_of
from crisisctl.compensation import roll
from crisisctl.compensation.before import barred
from crisisctl.compensation.codes import sound, tidy
from crisisctl.compensation.issuing import ends
from crisisctl.compensation.offers import kind, needs_code
from crisisctl.compensation.shops.voucher import last_day
from crisisctl.errors import CrisisError
from crisisctl.playbook.offering import sums
from crisisctl.report.data import View
from crisisctl.report.policy import words
from crisisctl.runner import compensation as deciding
from crisisctl.text import listed, quoted

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from crisisctl.cli.desk import Desk
    from crisisctl.compensation.ledger import Entry, Ledger
    from crisisctl.compensation.roll import Given
    from crisisctl.incident.fold import Incident
    from crisisctl.incident.remedy import Made
    from crisisctl.playbook.policy import Policy, Tier
    from crisisctl.report.data import Json

_SUMS = ("up_to", "amount", "credit")
_NOTHING = "nothing happened to them that the policy makes good, or they are not in the export"


@dataclass(frozen=True, slots=True)
class Gesture:
    """The offer that somebody got."""

    tier: Tier
    entry: Entry
    gives: str
    ends: datetime | None
    zone: tzinfo

    @property
    def code(self) -> str:
        """The code for it; empty where it needs none."""
        return self.entry.code if needs_code(self.tier.offer) else ""

    @property
    def back(self) -> Decimal:
        """What goes back to them as this offer."""
        return Decimal(self.entry.value) if kind(self.tier.offer) == "refund" else Decimal(0)

    @property
    def until(self) -> str:
        """Its last day, in words."""
        return f"until {last_day(self.ends, self.zone)}" if self.ends else ""

    def model(self) -> Json:
        """The same for machines."""
        return {
            "title": self.tier.title or self.tier.id,
            "gives": self.gives,
            "ends": self.ends.isoformat() if self.ends else None,
        }


@dataclass(slots=True)
class Found:
    """What is known of a customer."""

    number: str
    entry: Entry | None = None
    gesture: Gesture | None = None
    back: list[tuple[str, str, Decimal]] = field(default_factory=list)
    """What goes back to them: its id, what it is for, the sum."""
    why: str = ""
    """Why they got no offer; empty where they did, or nobody knows."""


def tell(code_: str, number: str, id: str | None, *, json: bool) -> None:
    """A code, a customer, or whether the one belongs to the other."""
    if code_.strip() and number.strip():
        _theirs(code_, number, id, json=json)
    elif number.strip():
        customer(number, id, json=json)
    else:
        code(code_, id, json=json)


def code(text: str, id: str | None, *, json: bool) -> None:
    """What a code is: sound, handed out, what it gives. It is read out over the phone."""
    if not text.strip():
        raise CrisisError("give a code, or --customer ID")
    here = desk()
    _, incident = here.open(id)
    bare = tidy(text)
    whole = sound(bare)
    got = None
    if whole:
        ledger = ledger_of(here, incident)
        if ledger is not None:
            with ledger:
                got = _of_code(ledger, incident, bare)
    if json:
        found: Json = {"code": bare, "sound": whole, "tier": got.tier.id if got else None}
        if got is not None:
            found |= got.model() | {"value": got.entry.value, "currency": got.entry.currency}
        print_json(here, {**View(zone(incident)).head(incident), **found})
        return
    got = _sure(text, got, incident)
    here.out.block(f"{bare}: {got.tier.title or got.tier.id} ({got.tier.id})", "good")
    here.out.block(_gives(got))


def customer(id: str, incident_id: str | None, *, json: bool) -> None:
    """What a customer was given: for whoever answers "where is my code?" on the phone."""
    here = desk()
    _, incident = here.open(incident_id)
    policy_out(incident)
    with ledger(here, incident) as books:
        found = _customer(here, incident, books, id.strip())
    if found.entry is None:
        why = found.why or _NOTHING
        raise CrisisError(f"{quoted(id, 40)} was given nothing in {incident.id}: {why}", code=1)
    if json:
        print_json(here, {**View(zone(incident)).head(incident), **_model(found)})
        return
    _show(here, found)


def _theirs(code_: str, number: str, id: str | None, *, json: bool) -> None:
    """Whether a code belongs to a customer; exit code 1 where it does not."""
    import typer

    here = desk()
    _, incident = here.open(id)
    policy_out(incident)
    bare = tidy(code_)
    with ledger(here, incident) as books:
        got = _of_code(books, incident, bare) if sound(bare) else None
        found = _customer(here, incident, books, number.strip())
    theirs = got is not None and found.entry is not None and found.entry.code == bare
    if json:
        said: Json = {"code": bare, "customer": found.number, "theirs": theirs}
        print_json(here, {**View(zone(incident)).head(incident), **said})
    else:
        got = _sure(code_, got, incident)
        whose = "is the code of" if theirs else "is not the code of"
        here.out.block(f"{bare} {whose} {found.number}", "good" if theirs else "bad")
        if theirs:
            here.out.block(f"{got.tier.title or got.tier.id} ({got.tier.id}): {_gives(got)}")
    if not theirs:
        raise typer.Exit(1)


def _sure(text: str, got: Gesture | None, incident: Incident) -> Gesture:
    """The offer of a code. Raises where there is none, with the reason."""
    bare = tidy(text)
    if not sound(bare):
        raise CrisisError(
            f"{quoted(text, 30)} is no code: a letter is wrong, or two changed places",
            hint="15 letters and digits, none of them 0, O, 1 or I; read it out again",
            code=1,
        )
    if got is None:
        raise CrisisError(f"{bare} was never handed out in {incident.id}", code=1)
    return got


def _of_code(books: Ledger, incident: Incident, code_: str) -> Gesture | None:
    if books.tier(incident.id, code_) is None:
        return None
    return _gesture(books, incident, books.entries([code_])[code_])


def _gesture(books: Ledger, incident: Incident, entry: Entry) -> Gesture | None:
    """The offer that an entry of the ledger stands for, as the policy had it on that day."""
    for made in handed_out(incident):
        booked = books.booked(incident.id, made.event.plan)
        if booked.id != entry.outcome.tier_by:
            continue
        tiers = {tier.id: tier for tier in deciding.in_force(incident, made).tiers}
        tier = tiers.get(entry.tier)
        if tier is not None:
            at = zone(incident)
            return Gesture(tier, entry, _words(tier, entry), ends(tier, booked, at), at)
    return None


def _words(tier: Tier, entry: Entry) -> str:
    """What an offer gives in the currency of the customer, without what it is reckoned at."""
    if kind(tier.offer) == "refund":
        return f"{bills.money(entry.value)} {entry.currency} back"
    if kind(tier.offer) == "free_delivery":
        return "the next delivery free"  # what one costs the shop is nothing to tell
    own = {name: _one(getattr(tier.offer, name), entry.currency) for name in _SUMS}
    return words(replace(tier.offer, **own, worth=(), order=()))


def _one(written: str | Sequence[str], currency: str) -> tuple[str, ...]:
    every = (written,) if isinstance(written, str) else written
    return tuple(each for each in every if each and currency in sums(each))


def _gives(got: Gesture) -> str:
    return f"It gives {', '.join(filter(None, (got.gives, got.until)))}."


def _customer(here: Desk, incident: Incident, books: Ledger, key: str) -> Found:
    """All that is known of a customer by their number, or by their address."""
    entry = books.of(incident.id, key)
    made, row = _row(here, incident, key, sure=entry is not None)
    found = Found(row.customer if row else key, entry)
    if entry is None and row is not None:
        entry = found.entry = books.of(incident.id, row.customer)
    if entry is not None and entry.tier:
        found.gesture = _gesture(books, incident, entry)
    if entry is not None:
        found.back = list(_back(incident, entry, found.gesture, made, row))
    if row is not None and made is not None and row.excluded:
        found.why = _because(deciding.in_force(incident, made), row.excluded)
    return found


def _row(
    here: Desk, incident: Incident, key: str, *, sure: bool
) -> tuple[Made | None, Given | None]:
    """The line of a customer in the newest list that has them; `sure`: the ledger knows them."""
    lost: CrisisError | None = None
    for made in reversed(handed_out(incident)):
        try:
            rows = _rows(here, incident, made, key)
        except CrisisError as error:
            lost = error
            continue
        numbers = dict.fromkeys(row.customer for row in rows)
        if len(numbers) > 1:
            what = f"{quoted(key, 40)} is the address of {len(numbers)} customers"
            raise CrisisError(what, hint=f"give the number: {listed([*numbers][:5], 'or')}", code=1)
        if rows:
            return made, rows[-1]
    if lost is not None and not sure:
        raise lost  # nobody can say that they are not on it
    return None, None


def _rows(here: Desk, incident: Incident, made: Made, key: str) -> list[Given]:
    address = key.casefold()
    path = list_of(here, incident, made)
    every = [
        row
        for block in roll.read(path)
        for row in block
        if row.customer == key or ("@" in key and row.email.casefold() == address)
    ]
    return [row for row in every if row.customer == key] or every


def _back(
    incident: Incident, entry: Entry, gesture: Gesture | None, made: Made | None, row: Given | None
) -> Iterator[tuple[str, str, Decimal]]:
    """What goes back to a customer, part by part where the list tells it."""
    owed = Decimal(entry.owed)
    parts: list[tuple[str, str, Decimal]] = []
    if row is not None and made is not None:
        policy = deciding.in_force(incident, made)
        parts = [
            (each.id, each.title or each.id, sum_)
            for each, sum_ in zip(policy.owed, row.owed, strict=False)
            if sum_
        ]
    if owed and sum((each[2] for each in parts), Decimal(0)) == owed:
        yield from parts
    elif owed:
        yield "owed", "what was owed to them", owed
    if gesture is not None and gesture.back:
        yield gesture.tier.id, gesture.tier.title or gesture.tier.id, gesture.back


def _because(policy: Policy, exclusion: str) -> str:
    return next((e.because for e in barred(policy).exclude if e.id == exclusion), exclusion)


def _model(found: Found) -> Json:
    entry, got = found.entry, found.gesture
    if entry is None:
        raise AssertionError(found)
    return {
        "customer": found.number,
        "tier": entry.tier or None,
        "code": (got.code or None) if got else None,
        "value": entry.value if entry.tier else None,
        **(got.model() if got else {"title": None, "gives": None, "ends": None}),
        "owed": entry.owed,
        "refunds": [{"id": id, "for": what, "sum": str(sum_)} for id, what, sum_ in found.back],
        "refunded": str(sum((each[2] for each in found.back), Decimal(0))),
        "currency": entry.currency,
        "no_offer_because": found.why or None,
    }


def _show(here: Desk, found: Found) -> None:
    got, entry = found.gesture, found.entry
    if entry is None:
        raise AssertionError(found)
    if got is not None:
        code_ = f", code {got.code}" if got.code else ""
        here.out.block(f"{got.tier.title or got.tier.id} ({got.tier.id}){code_}", "good")
        if not got.back:
            here.out.block(_gives(got))
    for _, what, sum_ in found.back:
        here.out.block(f"{bills.money(sum_)} {entry.currency} go back to them: {what}", "good")
    if len(found.back) > 1:
        all_ = sum((each[2] for each in found.back), Decimal(0))
        here.out.block(f"{bills.money(all_)} {entry.currency} in all", "bold")
    if found.why and not entry.tier:
        here.out.block(f"No offer: {found.why}")


def handed_out(incident: Incident) -> list[Made]:
    """The plans that were handed out."""
    return [made for made in incident.plans_made if made.out is not None]


def policy_out(incident: Incident) -> Policy:
    """The policy of the newest plan that was handed out. Raises where none was."""
    out = handed_out(incident)
    if not out:
        raise CrisisError(
            f"nothing was handed out in {incident.id} yet",
            hint="`crisisctl compensate show` tells where its plan stands",
        )
    return deciding.in_force(incident, out[-1])


def ledger(here: Desk, incident: Incident) -> Ledger:
    """The ledger of this machine. Raises where it is gone."""
    found = ledger_of(here, incident)
    if found is None:
        raise CrisisError("the ledger of compensation is not there any more", code=1)
    return found
