"""What an incident did to customers and to the shop, as far as somebody wrote it down."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from crisisctl.incident.fold import Incident
from crisisctl.playbook import values
from crisisctl.playbook.amounts import decimals, money_parts
from crisisctl.playbook.values import BadValue, Value

CUSTOMERS = ("customers_affected", "people_affected")
"""Facts that say how many people it hit."""
SUPPORT = "support_contacts"
NOTICED = ("detected_by", "noticed_by", "first_seen_by")
"""Facts that say who saw it first."""
THEY = "customers"
"""The choice of such a fact that says: they knew before us."""


class Stakes(Struct, frozen=True):
    """The figures; None where nobody recorded what they are made of."""

    customers: int | None = None
    support: int | None = None
    """Calls, letters and chats about it."""
    orders_at_risk: int | None = None
    """Orders that usually come in for as long as customers were affected."""
    at_risk: Decimal | None = None
    """What usually comes in for as long as customers were affected."""
    currency: str = ""
    noticed_by: str = ""
    """The fact that says who noticed it first."""
    customers_first: bool | None = None
    """Whether customers knew before us; None where nobody said."""


def stakes(incident: Incident) -> Stakes:
    """The figures of an incident, from facts that stand, confirmed or suspected."""
    start, end = incident.milestones.get("started"), incident.milestones.get("mitigated")
    hours = Decimal((end - start) // timedelta(seconds=1)) / 3600 if start and end else None
    rate, orders = _value(incident, "revenue_per_hour"), _value(incident, "orders_per_hour")
    amount, currency = _money(rate)
    at_risk = None
    if amount is not None and hours is not None and hours >= 0:
        at_risk = (amount * hours).quantize(Decimal(1).scaleb(-decimals(currency)), ROUND_HALF_UP)
    noticed = next((name for name in NOTICED if incident.known(name)), "")
    who = incident.known(noticed) if noticed else None
    return Stakes(
        customers=next(
            (n for name in CUSTOMERS if (n := _count(incident, name)) is not None), None
        ),
        support=_count(incident, SUPPORT),
        orders_at_risk=int((Decimal(orders) * hours).to_integral_value(ROUND_HALF_UP))
        if isinstance(orders, int | Decimal) and hours is not None and hours >= 0
        else None,
        at_risk=at_risk,
        currency=currency if at_risk is not None else "",
        noticed_by=noticed,
        customers_first=who.value == THEY if who else None,
    )


def _count(incident: Incident, name: str) -> int | None:
    value = _value(incident, name)
    return int(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _money(value: Value | None) -> tuple[Decimal | None, str]:
    if not isinstance(value, str):
        return None, ""
    try:
        return money_parts(value)
    except BadValue:
        return None, ""


def _value(incident: Incident, name: str) -> Value | None:
    known, spec = incident.known(name), incident.spec(name)
    if known is None or spec is None:
        return None
    try:
        return values.decode(spec, known.value)
    except BadValue:  # a second playbook means something else by that name
        return None
