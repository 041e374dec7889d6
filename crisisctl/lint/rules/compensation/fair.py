"""Same harm, same remedy, and money back before any gesture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path as FilePath

from jinja2 import nodes

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.passages import hit_in
from crisisctl.lint.policy import comparisons, expressions, follows
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book
from crisisctl.messages.proof.phrases import places
from crisisctl.messages.proof.reading import fairness_words, shown, written_in
from crisisctl.playbook.fairness import given
from crisisctl.playbook.policy import Policy
from crisisctl.playbook.reader import Path
from crisisctl.text import listed
from crisisctl.workspace import Workspace

_COUPONS = ("percent", "amount", "credit", "free_delivery", "gift")
"""What brings people back to the shop."""


@rule("coupon-after-breach", Book)
def coupon_after_breach(book: Book) -> Iterator[Hit]:
    """A shop coupon is offered after a breach of personal data.

    To people whose data was copied, a coupon reads as advertising, and the shop
    seems to buy its way out. It helps with nothing that happened to them. Pay
    for new cards, let accounts be watched over, pay their losses back. A
    playbook with `regulators:` is taken as one for a breach.

    Bad:
        - {id: card-out, when: card_exposed, offer: {percent: 20, order: 60 EUR}, valid: 60d}
    Good:
        - {id: card-out, when: card_exposed, offer: {help: card-replacement, worth: 12 EUR}}
    """
    policy = book.plan.compensation
    if policy is None or book.plan.regulators is None:
        return
    for number, tier in enumerate(policy.tiers):
        for name in given(tier.offer):
            if name in _COUPONS:
                path = ("compensation", "tiers", number, "offer", name)
                what = f'"{tier.id}" answers a breach of data with a coupon for the shop'
                hint = "help with the harm: `help: card-replacement`, or `help: monitoring`"
                yield book.at(path, what, hint, key=True)


@rule("voucher-for-refund", Book)
def voucher_for_refund(book: Book) -> Iterator[Hit]:
    """A voucher stands in place of money that must go back.

    What was taken too much is owed by law: it goes back in money, to the same
    card or account, before any gesture. A tier that asks whether money was
    taken, and gives something to buy with, needs an entry in `owed` that pays
    the same column back. Not legal advice.

    Bad:
        tiers:
          - {id: charged-twice, when: charged_twice > 0, offer: {amount: 10 EUR}, valid: 60d}
    Good:
        owed:
          - {id: double-charge, when: charged_twice > 0, refund: charged_twice}
    """
    policy = book.plan.compensation
    if policy is None:
        return
    back = {
        name for each in expressions(policy) if each.path[-1] == "refund" for name in each.names
    }
    for number, tier in enumerate(policy.tiers):
        left = sorted(_taken(policy, tier.when) - back)
        if left and set(_COUPONS) & set(given(tier.offer)):
            path: Path = ("compensation", "tiers", number, "offer")
            what = f'"{tier.id}" gives a voucher where money was taken ({left[0]})'
            hint = f"pay it back first: add to `owed:` what refunds {listed(left)}"
            yield book.at(path, what, hint, key=True)


def _taken(policy: Policy, condition: str) -> set[str]:
    """The columns with money of which a condition asks whether there is any, or too much."""
    money = {name for name, column in policy.harm.items() if column.type == "money"}
    found: set[str] = set()
    for each in comparisons(condition):
        sides = [each.expr, *(operand.expr for operand in each.ops)]
        names = {side.name for side in sides if isinstance(side, nodes.Name)} & money
        others = [side for side in sides if not isinstance(side, nodes.Name)]
        if all(isinstance(side, nodes.Const) and side.value == 0 for side in others):
            found |= names
    return found


@rule("exclusion-by-voice", Book)
def exclusion_by_voice(book: Book) -> Iterator[Hit]:
    """An exclusion asks who speaks, and how loudly.

    Whoever wrote a bad review, complained or has many followers was harmed as
    much as those who said nothing. Who is left out for that will say so in
    public, with a picture of the list; and who is kept in only because nobody
    listens to them learns of it too. Exclude by what people are to the shop:
    employees, test accounts, orders that were paid back already. Only words are
    looked for, in five languages.

    Bad:
        exclude: [{id: critics, when: wrote_review, because: They posted about it already}]
    Good:
        exclude: [{id: staff, when: staff, because: Employees are not customers}]
    """
    policy = book.plan.compensation
    if policy is None:
        return
    for number, each in enumerate(policy.exclude):
        for key, text in (("id", each.id), ("when", each.when), ("because", each.because)):
            found = _voice(book.workspace.root, text)
            if found is not None:
                said = shown(text, *found)
                what = f'"{each.id}" leaves people out for speaking: "{said}"'
                hint = "same harm, same remedy, whatever people wrote; take this exclusion out"
                yield hit_in(
                    book, ("compensation", "exclude", number, key), text, found[0], what, hint
                )
                break


@lru_cache(maxsize=512)
def _voice(root: FilePath | None, text: str) -> tuple[int, int] | None:
    """Where a text speaks of who speaks; names and quotes are read as words."""
    plain = re.sub(r"[_'\"()-]", " ", text)
    for locale in written_in(plain):
        try:
            words = fairness_words(Workspace(root), locale)
        except CrisisError:  # a list of the workspace's own that cannot be read
            continue
        if words is not None and (found := places(words.voices, plain, locale)):
            first = min(found, key=lambda match: match.start)
            return first.start, first.end
    return None


@rule("unreachable-tier", Book)
def unreachable_tier(book: Book) -> Iterator[Hit]:
    """A tier can never match, because an earlier one always matches first.

    The first tier that matches counts. Behind `minutes > 60`, a tier for those
    who waited more than 180 minutes gives nobody anything: whoever was hurt
    most gets what the others get. Put the greater harm first.

    Bad:
        - {id: waited, when: minutes >= 60, offer: {amount: 5 EUR}, valid: 60d}
        - {id: waited-long, when: minutes >= 180, offer: {amount: 15 EUR}, valid: 60d}
    Good:
        - {id: waited-long, when: minutes >= 180, offer: {amount: 15 EUR}, valid: 60d}
        - {id: waited, when: minutes >= 60, offer: {amount: 5 EUR}, valid: 60d}
    """
    policy = book.plan.compensation
    for number, tier in enumerate(policy.tiers if policy else ()):
        earlier = policy.tiers[:number] if policy else ()
        first = next((one for one in earlier if follows(tier.when, one.when)), None)
        if first is not None:
            path: Path = ("compensation", "tiers", number, "when")
            what = f'nobody comes to "{tier.id}": "{first.id}" matches everybody before'
            yield book.at(path, what, f'move "{tier.id}" above "{first.id}"')
