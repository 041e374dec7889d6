"""The compensation policy: who was hurt and how, what is fair, what it may cost.

Money that is owed by law comes first and is no gift: `owed` is paid to everybody it is owed to,
whatever else holds. Then the first tier that matches gives its offer. Tiers may ask only what
happened to a customer (`harm`) and what the incident knows, never who the customer is: the same
harm, the same remedy.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from crisisctl.playbook.form import FactName, Id, Length, Model, Sum

ColumnType = Literal["number", "money", "flag", "text"]
"""What stands in a column of an export."""

Help = Literal["card-replacement", "monitoring"]
"""What is done for people whose card or identity is at risk: no shop coupon."""

Percent = Annotated[int, Meta(extra_json_schema={"minimum": 0, "maximum": 100})]


class Column(Model, frozen=True, kw_only=True):
    """One thing that the rows of an export say of a customer."""

    type: ColumnType = "number"
    """What kind of value it is."""
    title: str = ""
    """What it is, in the words of the plan."""
    names: tuple[str, ...] = ()
    """What exports call it, besides its own name; case, accents and spaces do not count."""
    count: str = ""
    """For an export of orders: how many rows of a customer this condition holds for."""
    sum: str = ""
    """For an export of orders: what is added up over the rows, such as `paid - total`."""
    when: str = ""
    """With `sum`: only the rows for which this condition holds."""
    together: Literal["sum", "most"] = "sum"
    """How several rows of one customer become one: added up, or the largest counts."""
    most: int | None = None
    """The largest that can be right; a row with more is left to a person."""
    optional: bool = False
    """For `about`: harm is summed up without it where an export has no such column."""


class Window(Model, frozen=True, kw_only=True):
    """From when until when rows count, where an export says when each happened."""

    from_: FactName = ""
    """The fact with the beginning."""
    until: FactName = ""
    """The fact with the end; left out, everything since then counts."""


class Exclusion(Model, frozen=True, kw_only=True):
    """Who gets no gesture, and why."""

    id: Id
    """Its name in the plan."""
    when: str
    """A condition over the columns of a customer, such as `staff`."""
    because: str
    """The reason, in words that may be said to the customer."""
    owed: bool = True
    """Whether they still get what is owed to them; `false` for test accounts, which are nobody."""


class Owed(Model, frozen=True, kw_only=True):
    """Money that must go back: no gesture, no condition, no voucher in its place."""

    id: Id
    """Its name in the plan."""
    title: str = ""
    """What it is for, in the words of the plan."""
    when: str
    """A condition over `harm` and facts."""
    refund: str
    """The sum: the name of a column with money, or some of them added up."""


class Offer(Model, frozen=True, kw_only=True):
    """What a tier gives: one of these."""

    percent: Percent | FactName | None = None
    """So much off the next order; or the fact that says how much."""
    up_to: Sum | tuple[Sum, ...] = ()
    """With `percent`: what it gives at most."""
    order: Sum | tuple[Sum, ...] = ()
    """With `percent`: what an order usually comes to, for the bill."""
    amount: Sum | tuple[Sum, ...] = ()
    """A sum off the next order; one for each currency."""
    credit: Sum | tuple[Sum, ...] = ()
    """Store credit, which stays a debt of the shop until it is used or ends."""
    free_delivery: Sum | tuple[Sum, ...] = ()
    """The next delivery is free; the sum is what one costs."""
    gift: str = ""
    """A gift with the next order, in words."""
    longer_returns: Length = ""
    """So much more time to return goods."""
    honour_price: Length = ""
    """The price of that day is kept for so long."""
    refund: str = ""
    """Money back that is not owed, such as the shipping of a late order: a column with money."""
    help: Help | None = None
    """Help with a new card, or watching over accounts, after a breach."""
    apology: bool = False
    """An apology alone: no offer, but a word."""
    worth: Sum | tuple[Sum, ...] = ()
    """With `gift`, `longer_returns`, `honour_price`, `help`: what one costs the shop."""


class Tier(Model, frozen=True, kw_only=True):
    """One step of the ladder: harm of one kind, and its remedy."""

    id: Id
    """Its name in the plan."""
    title: str = ""
    """The harm, in the words of the plan."""
    when: str
    """A condition over `harm` and facts; the first tier whose condition holds counts."""
    offer: Offer
    """What it gives."""
    valid: Length = ""
    """How long the offer can be used, such as 60d."""
    redemption: Percent = 100
    """How many of 100 are expected to use it."""
    margin_effect: Percent = 100
    """What 100 of its face value take from the margin when it is used."""


class Sign(Model, frozen=True, kw_only=True):
    """Who approves a plan before anything is handed out."""

    roles: tuple[str, ...] = ()
    """Roles whose holders may approve; none means anybody."""
    two_over: Sum = ""
    """The expected cost above which two people must approve, such as 5000 EUR."""


class Policy(Model, frozen=True, kw_only=True):
    """What a shop gives to make good, decided before anybody is angry."""

    currency: Annotated[str, Meta(extra_json_schema={"pattern": "^[A-Z]{3}$"})]
    """The currency of the budget, and of rows that name none."""
    rates: dict[str, str] = {}
    """What one unit of another currency is worth, for the bill only, such as `{TRY: "0.021"}`."""
    budget: Sum = ""
    """What it may cost in all, refunds that are owed left aside; above it nothing is handed out."""
    cap: Sum | tuple[Sum, ...] = ()
    """What one customer gets at most; money back is left aside, it is paid whole."""
    approval: Sign = Sign()
    """Who approves a plan."""
    once_in: Length = ""
    """No second gesture for one customer within this time, whatever the incident."""
    window: Window = Window()
    """From when until when rows count."""
    harm: dict[FactName, Column]
    """What can have happened to a customer: all that a tier may ask."""
    about: dict[FactName, Column] = {}
    """What else a row says: for exclusions, and to count and sum up orders."""
    exclude: tuple[Exclusion, ...] = ()
    """Who gets no gesture, and why."""
    owed: tuple[Owed, ...] = ()
    """What must go back before any gesture."""
    tiers: tuple[Tier, ...] = ()
    """The ladder; the first that matches counts."""

    @property
    def titles(self) -> dict[str, str]:
        """What can be handed out, by id: what is owed, then the tiers."""
        found = {each.id: each.title or each.id for each in self.owed}
        return found | {each.id: each.title or each.id for each in self.tiers}
