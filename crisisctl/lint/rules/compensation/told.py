"""Whether a policy can be planned when its step comes, and whether customers hear of it."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.compensation.offers import needs_code
from crisisctl.lint.finding import Hit
from crisisctl.lint.outline import outline
from crisisctl.lint.policy import expressions, facts_read
from crisisctl.lint.prover.formula import Known, leaves
from crisisctl.lint.prover.questions import Open, Unasked, Walked
from crisisctl.lint.prover.uses import Use, uses
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book, MessageText, Sending
from crisisctl.playbook.fairness import given
from crisisctl.playbook.model import Step
from crisisctl.playbook.policy import Policy
from crisisctl.playbook.reader import Path
from crisisctl.text import did_you_mean

CODE = "customer_code"
"""What a text says to show the code of whoever reads it."""
_TOLD_ELSEWHERE = ("apology", "refund")
"""What a message to everybody can say as well."""


@rule("compensation-order", Book)
def compensation_order(book: Book) -> Iterator[Hit]:
    """Something is handed out before it was planned, or told before it was handed out.

    Only a plan that somebody has seen and approved is handed out, and only then
    it is known who gets which message. A step that comes too early stops the
    walk, in front of customers who wait.

    Bad:
        - {id: hand-out, title: Hand out the vouchers, compensate: issue}
        - {id: reckon, title: Reckon who gets what, compensate: plan}
    Good:
        - {id: reckon, title: Reckon who gets what, compensate: plan}
        - {id: hand-out, title: Hand out the vouchers, compensate: issue}
    """
    before: set[str] = set()
    for path, _, step in book.steps:
        if step.compensate == "issue" and "plan" not in before:
            what = f'step "{step.id}" hands out what no step before has planned'
            yield book.at((*path, "compensate"), what, "put a step with `compensate: plan` before")
        if step.send and step.send.tiers and "issue" not in before:
            what = f'nothing was handed out yet when step "{step.id}" tells who got what'
            hint = "put a step with `compensate: issue` before"
            yield book.at((*path, "send", "tiers"), what, hint, key=True)
        before.add(step.compensate or "")


@rule("unasked-policy", Book)
def unasked_policy(book: Book) -> Iterator[Hit]:
    """The policy needs a fact that may not be known when it is planned.

    Who gets what depends on it, so planning stops there until somebody records
    it. Ask it in a step before, in every case.

    Bad:
        compensation: {window: {from: started_at}, ...}
        # and no step before `compensate: plan` has ask: [started_at]
    Good:
        - {id: confirm, title: Confirm the outage, ask: [started_at]}
        - {id: reckon, title: Reckon who gets what, compensate: plan}
    """
    policy = book.plan.compensation
    first = next((step for _, _, step in book.steps if step.compensate == "plan"), None)
    if policy is None or first is None:
        return
    told: set[str] = set()
    for path, name in _needed(policy):
        lack = _lack(book, first, name) if name not in told else ""
        if lack:
            told.add(name)
            what = f'"{name}" {lack} when step "{first.id}" plans with it'
            yield book.at(path, what, "ask it before, in every case, and not as optional")


def _needed(policy: Policy) -> Iterator[tuple[Path, str]]:
    """The names that must be known; the end of the window may be open."""
    for path, name in facts_read(policy):
        if path[-1] != "until":
            yield path, name
    for each in expressions(policy):
        if "defined" not in each.text:
            yield from ((each.path, name) for name in sorted(each.names))


def _lack(book: Book, plan: Step, name: str) -> str:
    """Why a fact may not be known when the step comes; nothing where it is, or is no fact."""
    walks, number = book.walks, book.number(plan)
    for base in walks.inputs(name) if name in walks.specs else ():
        if base not in walks.specs:
            continue
        unasked = walks.ask(Unasked(base, number + 1), Walked(number))
        if unasked.found and not walks.always_asked(base, number + 1):
            return "may not have been asked"
        if walks.specs[base].optional and walks.ask(Open(base), Walked(number)).found:
            return "may have been left open"
    return ""


@rule("untold-tier", Book, severity="warning")
def untold_tier(book: Book) -> Iterator[Hit]:
    """No message tells customers what a tier gives them.

    A code that nobody sends stays unused, and a new card that nobody speaks of
    is not asked for. An apology, or a refund, can stand in a message to
    everybody; all else goes to those who got it, with `tiers` in a `send`.

    Bad:
        tiers:
          - {id: waited, when: minutes >= 60, offer: {amount: 5 EUR}, valid: 60d}
        # and no step with send: {tiers: [waited], …}
    Good:
        - id: tell-waited
          title: Tell those who waited
          send: {message: waited-apology, channels: [email], tiers: [waited]}
    """
    policy = book.plan.compensation
    told = {tier for sending in book.sendings for tier in sending.send.tiers}
    known = policy.titles if policy else {}
    told |= {guess for tier in told - known.keys() if (guess := did_you_mean(tier, known))}
    for number, tier in enumerate(policy.tiers if policy else ()):
        elsewhere = set(given(tier.offer)) & set(_TOLD_ELSEWHERE)
        if tier.id not in told and not elsewhere:
            path: Path = ("compensation", "tiers", number, "id")
            what = f'no message tells those of "{tier.id}" what they get'
            yield book.at(path, what, f"add a step with `send: {{…, tiers: [{tier.id}]}}`")


@rule("unsaid-code", MessageText, severity="warning")
def unsaid_code(text: MessageText) -> Iterator[Hit]:
    """A message tells of an offer with a code, and never says the code.

    People read that they get something and cannot use it, so they write or call.
    The code of whoever reads the text is `customer_code`.

    Bad:
        You get 5 EUR off your next order.
    Good:
        You get 5 EUR off your next order. Your code: {{ customer_code }}
    """
    if not text.sound:
        return
    for sending in text.senders:
        coded = [id for id, has in _gives_codes(text, sending).items() if has]
        blocks = text.taken(sending.send)
        if coded and blocks and not any(_codes_in(text, block) for block in blocks):
            what = f'"{coded[0]}" gives a code, and this text never says it'
            at = outline(text.source.text).block_at(blocks[0])
            yield text.hit(at, what, f"say it: {{{{ {CODE} }}}}")
            return


@rule("code-without-offer", MessageText)
def code_without_offer(text: MessageText) -> Iterator[Hit]:
    """A message says a code to people who get none.

    A refund, help or an apology has no code, so for these people the text cannot
    be rendered. Where one text is for several tiers, ask whether there is one.

    Bad:
        We pay 12.40 EUR back to your card. Your code: {{ customer_code }}
    Good:
        {% if customer_code is defined %}Your code: {{ customer_code }}{% endif %}
    """
    told: set[int] = set()
    for sending in text.senders if text.sound else ():
        without = [id for id, has in _gives_codes(text, sending).items() if not has]
        for block in text.taken(sending.send) if without else ():
            for use in _codes_in(text, block):
                at = text.on_line(use.read.line, CODE, use.nth)
                if Known(CODE) not in leaves(use.read.guard) and at not in told:
                    told.add(at)
                    what = f'"{without[0]}" gives no code, and this text says one'
                    hint = f"write {{% if {CODE} is defined %}} around it, or take it out"
                    yield text.hit(at, what, hint)


def _codes_in(text: MessageText, block: str) -> list[Use]:
    """Where a block, with all that it calls, needs the code."""
    return [use for use in uses(text.source.text).get(block, ()) if use.read.name == CODE]


def _gives_codes(text: MessageText, sending: Sending) -> dict[str, bool]:
    """The parts of the policy that a step sends a text for, and whether each gives a code."""
    policy = text.book.plan.compensation
    if policy is None:
        return {}
    known = dict.fromkeys((each.id for each in policy.owed), False)
    for tier in policy.tiers:
        known[tier.id] = len(given(tier.offer)) == 1 and needs_code(tier.offer)
    return {id: known[id] for id in sending.send.tiers if id in known}
