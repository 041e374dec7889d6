"""What a policy may cost: bounded, estimated, and decided by somebody."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.compensation.offers import needs_code
from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book
from crisisctl.playbook.fairness import given, sums
from crisisctl.playbook.policy import Policy
from crisisctl.playbook.reader import Path
from crisisctl.text import listed

_TOP: Path = ("compensation",)
_ESTIMATED = ("percent", "amount")
"""Of which nearly never all are used."""
_SUMS = ("up_to", "order", "amount", "credit", "free_delivery", "worth")


@rule("no-budget", Book, severity="warning")
def no_budget(book: Book) -> Iterator[Hit]:
    """Nobody bounds what making good may cost, or nobody is named who decides it.

    A mistake in a condition gives a hundred thousand people a voucher, and it is
    noticed when they use it. A budget stops the plan, roles say who approves it,
    and `two_over` asks for a second person where the sum is large.

    Bad:
        compensation: {currency: EUR, harm: {...}, tiers: [...]}
    Good:
        compensation:
          currency: EUR
          budget: 20000 EUR
          approval: {roles: [commander, finance], two_over: 5000 EUR}
    """
    policy = book.plan.compensation
    if policy is None:
        return
    where: Path = (*_TOP, "approval")
    signed = where if where in book.file.document.keys else _TOP
    if not policy.budget and policy.tiers:
        what = "nothing says what making good may cost in all"
        yield book.at(_TOP, what, f"add `budget: 20000 {policy.currency}`", key=True)
    if not policy.approval.roles:
        what = "anybody may approve what is handed out"
        yield book.at(signed, what, "add `approval: {roles: [commander]}`", key=True)
    if not policy.approval.two_over:
        what = "one person alone may approve any sum"
        hint = f"add `two_over: 5000 {policy.currency}` to `approval:`"
        yield book.at(signed, what, hint, key=True)


@rule("no-estimate", Book, severity="warning")
def no_estimate(book: Book) -> Iterator[Hit]:
    """Nobody has estimated how many will use an offer.

    Left out, `redemption` is 100: the bill says that everybody uses it, which
    hardly ever happens with something off the next order. A budget that rests
    on it is spent on paper, and others get less. Take the share of an earlier
    campaign of your own. Until you have one, write 100: then it is a decision.

    Bad:
        - {id: waited, when: minutes >= 60, offer: {amount: 5 EUR}, valid: 60d}
    Good:
        - {id: waited, when: minutes >= 60, offer: {amount: 5 EUR}, valid: 60d, redemption: 40}
    """
    policy = book.plan.compensation
    for number, tier in enumerate(policy.tiers if policy else ()):
        names = [name for name in given(tier.offer) if name in _ESTIMATED]
        path: Path = (*_TOP, "tiers", number)
        if names and (*path, "redemption") not in book.file.document.values:
            what = "nobody has said how many will use this: the bill counts everybody"
            hint = "write how many of 100 will, such as `redemption: 40`"
            yield book.at((*path, "offer", names[0]), what, hint, key=True)


@rule("endless-code", Book, severity="warning")
def endless_code(book: Book) -> Iterator[Hit]:
    """An offer has a code, and no last day to use it.

    Codes without an end turn up in coupon forums years later, and store credit
    stays a debt in the books for as long. Give people time, sixty or ninety
    days, and tell them the day.

    Bad:
        - {id: waited, when: minutes >= 60, offer: {amount: 5 EUR}}
    Good:
        - {id: waited, when: minutes >= 60, offer: {amount: 5 EUR}, valid: 60d}
    """
    policy = book.plan.compensation
    for number, tier in enumerate(policy.tiers if policy else ()):
        coded = len(given(tier.offer)) == 1 and needs_code(tier.offer)
        if coded and not (tier.valid or tier.offer.honour_price):
            what = f'the codes of "{tier.id}" never end'
            path: Path = (*_TOP, "tiers", number, "id")
            yield book.at(path, what, "add `valid: 60d` to the tier")


@rule("offer-currency", Book, severity="warning")
def offer_currency(book: Book) -> Iterator[Hit]:
    """An offer has no sum in a currency that the policy knows.

    Customers who paid in that currency are left to a person, one by one, while
    the others have their codes. Sums are never converted: a round sum in euros
    is an odd one in lira, and the rates are for the bill alone.

    Bad:
        rates: {TRY: "0.021"}
        # and in a tier
        offer: {amount: 5 EUR}
    Good:
        rates: {TRY: "0.021"}
        # and in a tier
        offer: {amount: [5 EUR, 200 TRY]}
    """
    policy = book.plan.compensation
    if policy is None or not policy.rates:
        return
    for path, written in _sums(policy):
        try:
            lacking = [
                code for code in (policy.currency, *policy.rates) if code not in sums(written)
            ]
        except CrisisError:  # told of where it is written
            continue
        if lacking:
            what = f"there is no sum in {listed(lacking)}"
            yield book.at(path, what, "write a list with one sum for each currency")


def _sums(policy: Policy) -> Iterator[tuple[Path, str | tuple[str, ...]]]:
    if policy.cap:
        yield (*_TOP, "cap"), policy.cap
    for number, tier in enumerate(policy.tiers):
        for name in _SUMS:
            if written := getattr(tier.offer, name):
                yield (*_TOP, "tiers", number, "offer", name), written


@rule("no-window", Book, severity="warning")
def no_window(book: Book) -> Iterator[Hit]:
    """The policy counts orders, and nothing says of which time.

    An export of orders goes back further than the incident. Without a window,
    an order that failed last spring counts as if it had failed tonight.

    Bad:
        harm:
          failed_orders: {count: status == 'failed'}
    Good:
        window: {from: started_at, until: resolved_at}
        harm:
          failed_orders: {count: status == 'failed'}
    """
    policy = book.plan.compensation
    if policy is None or policy.window.from_ or policy.window.until:
        return
    counted = [name for name, column in policy.harm.items() if column.count or column.sum]
    if counted:
        what = f'"{counted[0]}" is counted over every row of an export, however old'
        hint = "add `window: {from: started_at}` with the fact that says when it began"
        yield book.at((*_TOP, "harm", counted[0]), what, hint, key=True)
