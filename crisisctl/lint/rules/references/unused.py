"""What is defined and never comes to anything: facts, roles, milestones, promises."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from crisisctl.lint.finding import Hit
from crisisctl.lint.policy import policy_names
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.references.beyond import names_of
from crisisctl.lint.subject import Book
from crisisctl.playbook import conditions
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.model import MILESTONES, Milestone
from crisisctl.playbook.reader import Path
from crisisctl.text import did_you_mean, listed


@rule("never-asked", Book)
def never_asked(book: Book) -> Iterator[Hit]:
    """A fact that no step asks.

    So it is never known, and every message that needs it stops. What
    crisisctl.yaml answers needs a step too: where there is no such file, the
    step asks it.

    Bad:
        facts:
          eta: {type: time, ask: When will it work again?, optional: true}
        # and no step with ask: [eta]
    Good:
        - {id: update, title: Tell customers how far you are, ask: [eta]}
    """
    asked, meant = _asked(book), _meant(book)
    for name, fact in book.plan.facts.items():
        if fact.ask and not fact.compute and name not in asked and name not in meant:
            what = f'no step asks "{name}"'
            hint = f"add it to the `ask` of a step: `ask: [{name}]`; or remove the fact"
            yield book.at(("facts", name), what, hint, key=True)


@rule("unused-impact", Book)
def unused_impact(book: Book) -> Iterator[Hit]:
    """An impact question that no step asks.

    The severity is the worst of the answers. What is not asked cannot raise it.

    Bad:
        impact:
          checkout: {ask: Can customers pay?, answers: {...}}
        # and no step with ask: [checkout]
    Good:
        - {id: gauge, title: Gauge how bad it is, ask: [checkout]}
    """
    asked, meant = _asked(book), _meant(book)
    for name in book.plan.impact:
        if name not in asked and name not in meant:
            what = f'no step asks "{name}", so it never counts for the severity'
            yield book.at(("impact", name), what, f"add `ask: [{name}]` to a step", key=True)


def _asked(book: Book) -> set[str]:
    return {name for _, _, step in book.steps for name in step.ask}


def _meant(book: Book) -> set[str]:
    """The names that steps have misspelt: those are told of where they are misspelt."""
    known = set(book.plan.names())
    wrong = {name for _, _, step in book.steps for name in step.ask} - known
    return {guess for name in wrong if (guess := did_you_mean(name, known))}


@rule("unused-fact", Book)
def unused_fact(book: Book) -> Iterator[Hit]:
    """A fact is computed, and nothing uses it.

    What is asked is kept for the post-mortem. What is computed is there for
    messages and conditions only, so this one was forgotten somewhere, or is
    left over.

    Bad:
        downtime: {type: duration, compute: mitigated_at - started_at}
        # and no message or condition speaks of downtime
    Good:
        {{ downtime | duration }}
    """
    computed = [name for name, fact in book.plan.facts.items() if fact.compute]
    used = _used(book) if computed else set()
    left = [name for name in computed if name not in used]
    meant = _guessed(book, used) if left else set()
    for name in left:
        if name not in meant:
            what = f'"{name}" is computed, and no message or condition uses it'
            yield book.at(("facts", name), what, "use it in a message, or remove it", key=True)


def _used(book: Book) -> set[str]:
    """The names that messages, conditions and other computed facts speak of."""
    found: set[str] = set()
    expressions = [("", step.when) for _, _, step in book.steps]
    expressions += [(name, fact.compute) for name, fact in book.plan.facts.items()]
    found |= policy_names(book.plan)
    for own, expression in expressions:
        try:
            found |= conditions.names_in(expression) - {own} if expression else set()
        except BadExpression:
            return set(book.plan.facts)  # nobody knows what it was meant to say
    for text in (*book.every_text, *chain.from_iterable(book.misnamed.values())):
        if text.anatomy.tree is None:
            return set(book.plan.facts)
        found |= {name for name, _, _ in names_of(text.source.text)}
    return found


def _guessed(book: Book, used: set[str]) -> set[str]:
    """The names that were misspelt where they are used."""
    known = set(book.plan.names())
    return {guess for name in used - known if (guess := did_you_mean(name, known))}


@rule("unused-role", Book)
def unused_role(book: Book) -> Iterator[Hit]:
    """A role that no step has or fills.

    Nobody is ever asked to take it, so whatever it was meant for stays undone.

    Bad:
        roles:
          scribe: Writes down what happened
        # and no step with role: scribe or assign: [scribe]
    Good:
        - {id: open, title: Fill the roles, assign: [commander, scribe]}
    """
    used = {step.role for _, _, step in book.steps}
    used |= {role for _, _, step in book.steps for role in step.assign}
    wrong = used - book.plan.roles.keys()
    used |= {guess for role in wrong if role and (guess := did_you_mean(role, book.plan.roles))}
    for role in book.plan.roles:
        if role not in used:
            what = f'no step has or fills the role "{role}"'
            hint = f"add `assign: [{role}]` to a step, or remove the role"
            yield book.at(("roles", role), what, hint, key=True)


_BY_ITSELF: tuple[Milestone, ...] = ("declared", "first-message")
"""Reached by declaring the incident, and by the first message to customers."""


@rule("unreached-milestone", Book)
def unreached_milestone(book: Book) -> Iterator[Hit]:
    """Something waits for a milestone that nothing can reach.

    A milestone is reached by the fact that states its time, or by the step that
    carries it. Without one, a clock never starts or never stops, and an incident
    that needs it can never be closed. All six are needed for closing unless
    `close_needs` says otherwise.

    Bad:
        next-update: {from: last-message, within: {sev1: 20m}, until: resolved, met_by: update}
        # and no fact or step with milestone: resolved
    Good:
        resolved_at: {type: time, ask: When were you sure that it holds?, milestone: resolved}
    """
    reached = {*_BY_ITSELF, *(fact.milestone for fact in book.plan.facts.values())}
    reached |= {step.milestone for _, _, step in book.steps}
    for name, deadline in book.plan.deadlines.items():
        for key, milestone in (("from", deadline.from_), ("until", deadline.until)):
            if milestone not in (None, "last-message") and milestone not in reached:
                what = f'nothing reaches "{milestone}", so the deadline "{name}" never '
                what += "starts" if key == "from" else "stops"
                hint = f"add `milestone: {milestone}` to the fact or the step that tells it"
                yield book.at(("deadlines", name, key), what, hint)
    needed = [milestone for milestone in book.plan.close_needs if milestone not in reached]
    written: Path = ("close_needs",)
    if written in book.file.document.keys:
        for number, milestone in enumerate(book.plan.close_needs):
            if milestone in needed:
                what = f'nothing reaches "{milestone}", so an incident could never be closed'
                hint = f"add `milestone: {milestone}` to the fact or the step that tells it"
                yield book.at((*written, number), what, hint)
    elif needed and book.steps:
        named = listed(f'"{milestone}"' for milestone in needed)
        what = f"nothing reaches {named}, so an incident could never be closed"
        kept = [milestone for milestone in MILESTONES if milestone not in needed]
        hint = f"add `milestone:` to the facts that tell it, or `close_needs: [{', '.join(kept)}]`"
        yield book.at(("playbook",), what, hint)


@rule("unasked-promise", Book)
def unasked_promise(book: Book) -> Iterator[Hit]:
    """A promise that the plan itself does not keep.

    It is made when a message states the time. The message that keeps it must
    come after the step that asks for that time, else the promise stays open, and
    the incident with it.

    Bad:
        - {id: report, title: Publish a report, send: {message: report, channels: [blog]}}
        - {id: announce, title: Announce a report, ask: [report_by]}
    Good:
        - {id: announce, title: Announce a report, ask: [report_by]}
        - {id: report, title: Publish a report, send: {message: report, channels: [blog]}}
    """
    for name, fact in book.plan.facts.items():
        asked = [number for number, (_, _, step) in enumerate(book.steps) if name in step.ask]
        if fact.promise is None or not asked or fact.compute:
            continue
        kept_by = fact.promise.kept_by
        kept = [book.number(sending.step) for sending in book.senders(kept_by)]
        if kept and max(kept) < min(asked):
            path: Path = ("facts", name, "promise", "kept_by")
            what = f'"{kept_by}" is sent before "{name}" is asked, so it cannot keep the promise'
            hint = f'send it after step "{book.steps[min(asked)][2].id}", or ask earlier'
            yield book.at(path, what, hint)


@rule("unmade-promise", Book)
def unmade_promise(book: Book) -> Iterator[Hit]:
    """A promise that no message makes.

    Stating the time in a message makes the promise. Where no message but the one
    that keeps it speaks of the time, nobody is promised anything, and no clock
    runs.

    Bad:
        report_by: {type: time, promise: {title: Publish a report, kept_by: report}}
        # and no message but "report" says report_by
    Good:
        We will publish a report by {{ report_by | day }}.
    """
    for name, fact in book.plan.facts.items():
        if fact.promise is None or fact.type != "time" or fact.compute or not book.every_text:
            continue
        keeps = fact.promise.kept_by
        others = [text for text in book.every_text if text.message != keeps]
        others += [t for sent, texts in book.misnamed.items() if sent != keeps for t in texts]
        unread = any(text.anatomy.tree is None for text in others) or not others
        if not unread and not any(_states(text.source.text, name) for text in others):
            what = f'no message states "{name}", so nothing is ever promised'
            hint = "say it in the message that makes the promise, or take out `promise:`"
            yield book.at(("facts", name, "promise"), what, hint, key=True)


def _states(text: str, fact: str) -> bool:
    return any(name == fact for name, _, _ in names_of(text))
