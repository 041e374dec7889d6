"""A long export of orders with traps in it, and what it comes to by hand.

Nothing here is taken from crisisctl: the sums are added up from what the generator knows, with
the standard library's Decimal alone.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

HEAD = (
    "order_id,customer_id,email,name,locale,country,segment,currency,created_at,"
    "double_charge,late_shipping,status,minutes,staff,test_account\n"
)
UNIT = {"EUR": "0.01", "TRY": "0.01", "JPY": "1", "KWD": "0.001"}
RATE = {"EUR": "1", "TRY": "0.02", "JPY": "0.006", "KWD": "3"}
LOST = {"EUR": "6.00", "TRY": "250.00", "JPY": "900", "KWD": "2.000"}
HELD_UP = {"EUR": "5.00", "TRY": "200.00", "JPY": "800", "KWD": "1.500"}
CHARGES = ("0.005", "0.0049", "19.99", "1234.565", "100.5", "7", "0.0005", "3.3350", "12,50")
SHIPPING = ("4.90", "6,90", "3.3350", "0.005", "350")
MINUTES = ("0", "12", "59", "59.99", "60", "61.5", "180", "")
BAD = (("charge", "-1"), ("charge", "NaN"), ("charge", '"1,234"'), ("charge", "1e400"),
       ("shipping", "=1+1"), ("minutes", "100001"), ("minutes", "٣"), ("staff", "maybe"),
       ("currency", "XXX"), ("at", "soon"), ("charge", "x" * 131_073))  # fmt: skip
INSIDE = (
    "2026-11-27T19:00:00Z",
    "2026-11-27T20:15:00Z",
    "2026-11-27 20:59:59",
    "2026-11-27T21:00:00Z",
)
OUTSIDE = ("2026-11-27T18:59:59Z", "2026-11-27T21:00:01Z", "2020-01-01")


@dataclass
class Order:
    """One row as it was meant."""

    number: str
    currency: str
    at: str
    charge: str = "0"
    shipping: str = "0"
    status: str = "paid"
    minutes: str = "0"
    staff: str = ""
    robot: str = ""
    bad: bool = False

    @property
    def inside(self) -> bool:
        """Whether it counts."""
        return self.at not in OUTSIDE


@dataclass
class ByHand:
    """What the file comes to."""

    lines: Counter[tuple[str, str]] = field(default_factory=Counter)
    sums: defaultdict[tuple[str, str], Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )
    bad: int = 0
    """Customers, and rows that are nobody's."""
    rows: int = 0
    repeated: int = 0
    outside: int = 0
    unaffected: int = 0
    listed: int = 0
    largest: list[tuple[Decimal, int, str]] = field(default_factory=list)

    def keep(self, worth: Decimal, customer: str) -> None:
        """Remember a sum, in the policy's currency."""
        self.largest.append((worth, -int(customer.split("-")[1]), customer))
        if len(self.largest) > 1000:
            self.largest = sorted(self.largest, reverse=True)[:10]


def write(path: Path, customers: int, seed: int = 7) -> ByHand:
    """Write the orders of so many customers, and add them up by hand."""
    chance, found = random.Random(seed), ByHand()
    late: list[str] = []
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for start in range(0, customers, 5_000):
            rows: list[str] = []
            for number in range(start, min(start + 5_000, customers)):
                name = f"c-{number}"
                orders = _orders(chance, number)
                _count(found, name, orders)
                written = [_row(chance, name, order) for order in orders]
                if chance.random() < 0.01:
                    late.append(written.pop())
                rows += written
            if chance.random() < 0.5:
                rows.append("only,four,cells,here\n")
                rows.append(_row(chance, "", Order("o", "EUR", INSIDE[0], "5")))
                found.bad += 2
                found.rows += 2
            chance.shuffle(rows)
            file.writelines(rows)
        file.writelines(late)
    found.largest = sorted(found.largest, reverse=True)[:10]
    return found


def _orders(chance: random.Random, customer: int) -> list[Order]:
    currency = chance.choice(("EUR", "EUR", "EUR", "TRY", "JPY", "KWD"))
    many = chance.choice((1, 1, 1, 1, 1, 1, 2, 3, 4))
    orders = [_order(chance, f"o-{customer}-{nth}", currency) for nth in range(many)]
    if chance.random() < 0.03:
        orders.append(orders[0])  # the same order again
    if chance.random() < 0.002:
        other = "TRY" if currency != "TRY" else "EUR"
        orders.append(Order(f"o-{customer}-x", other, INSIDE[0]))
    return orders


def _order(chance: random.Random, number: str, currency: str) -> Order:
    order = Order(number, currency, chance.choice(INSIDE))
    for share, place, choices in (
        (0.05, "at", OUTSIDE),
        (0.1, "charge", CHARGES),
        (0.2, "shipping", SHIPPING),
        (0.2, "status", ("failed", "Cancelled ", "FAILED")),
        (0.4, "minutes", MINUTES),
        (0.02, "staff", ("yes",)),
        (0.01, "robot", ("x",)),
    ):
        if chance.random() < share:
            setattr(order, place, chance.choice(choices))
    if chance.random() < 0.003 and order.inside:
        place, cell = chance.choice(BAD)
        setattr(order, place, cell)
        order.bad = True
    return order


def _row(chance: random.Random, customer: str, order: Order) -> str:
    mail = f"{customer}@mail.example" if customer else ""
    name = chance.choice(("Ana", '"Ng, Jo"', "İrem Şahin", '"O""Neil"', "Иван"))
    cells = [order.number, customer, mail, name, "fr-FR", "FR", "std", order.currency, order.at]
    money = [f'"{cell}"' if "," in cell and '"' not in cell else cell
             for cell in (order.charge, order.shipping)]  # fmt: skip
    cells += [*money, order.status, order.minutes, order.staff, order.robot]
    return ",".join(cells) + "\n"


def _paid(cell: str, currency: str) -> Decimal:
    return Decimal(cell.replace(",", ".")).quantize(Decimal(UNIT[currency]), ROUND_HALF_UP)


def _count(found: ByHand, name: str, orders: list[Order]) -> None:
    once = [order for n, order in enumerate(orders) if all(order is not o for o in orders[:n])]
    inside = [order for order in once if order.inside]
    found.rows += len(orders)
    found.outside += sum(not order.inside for order in orders)
    found.repeated += sum(order.inside for order in orders) - len(inside)
    if any(order.bad for order in inside) or len({order.currency for order in inside}) > 1:
        found.bad += 1
    elif inside:
        _give(found, name, inside)


def _give(found: ByHand, name: str, inside: list[Order]) -> None:
    currency = inside[0].currency
    charge = sum((_paid(order.charge, currency) for order in inside), start=Decimal(0))
    tier, value = _tier(inside, currency)
    if not tier and not charge:
        found.unaffected += 1
        return
    found.listed += 1
    robot, staff = any(o.robot for o in inside), any(o.staff for o in inside)
    worth = Decimal(0)
    if charge and not robot:
        found.lines["double", currency] += 1
        found.sums["double", currency] += charge
        worth += charge
    kept = "test" if robot else "staff" if tier and staff else ""
    if kept or tier:
        found.lines[kept or tier, "EUR" if kept else currency] += 1
    if tier and not kept:
        found.sums[tier, currency] += value
        worth += value
    if worth:
        cost = (worth * Decimal(RATE[currency])).quantize(Decimal("0.01"), ROUND_HALF_UP)
        found.keep(cost, name)


def _tier(inside: list[Order], currency: str) -> tuple[str, Decimal]:
    shipping = sum((_paid(order.shipping, currency) for order in inside), start=Decimal(0))
    failed = sum(order.status.strip().lower() in ("failed", "cancelled") for order in inside)
    if failed:
        return "lost", Decimal(LOST[currency])
    if shipping > 0:
        return "late", shipping
    if max(Decimal(order.minutes or "0") for order in inside) >= 60:
        return "held-up", Decimal(HELD_UP[currency])
    return "", Decimal(0)
