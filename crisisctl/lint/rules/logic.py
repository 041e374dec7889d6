"""Whether the plan makes sense: its stages, decisions, deadlines and steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from jinja2 import nodes

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book
from crisisctl.messages.kinds import kind_of
from crisisctl.playbook import conditions, values
from crisisctl.playbook.conditions import BadExpression
from crisisctl.playbook.model import SEVERITIES, STAGES, Deadline, Severity
from crisisctl.playbook.reader import Path
from crisisctl.text import listed

MANY_QUESTIONS = 12
"""Questions before customers hear a word; each costs the operator a quarter of a minute."""


@rule("missing-stage", Book)
def missing_stage(book: Book) -> Iterator[Hit]:
    """A stage of the crisis has no steps.

    Assess, communicate, resolve, compensate, post-mortem: what a stage has no
    steps for is forgotten on the night, and so are the people who wait for it.

    Bad:
        stages:
          assess: [...]
          resolve: [...]
    Good:
        stages:
          assess: [...]
          communicate: [...]
          resolve: [...]
          compensate: [...]
          post-mortem: [...]
    """
    missing = [stage for stage in STAGES if not book.plan.stages.get(stage)]
    if missing and book.steps:
        what = f"there are no steps for {listed(missing)}"
        hint = "add the stage with at least one step; it may be short"
        yield book.at(("stages",), what, hint, key=True)


@rule("silent-crisis", Book)
def silent_crisis(book: Book) -> Iterator[Hit]:
    """No step tells customers anything.

    They notice the crisis all the same, and hear of it from others.

    Bad:
        - id: brief
          send: {message: internal-brief, to: staff, channels: [internal]}
    Good:
        - id: tell
          send: {message: holding, to: customers, channels: [status-page, email]}
    """
    if book.steps and not any(s.send.to == "customers" for s in book.sendings):
        hint = "add a step that sends a message `to: customers`"
        yield book.at(("stages",), "customers are never told anything", hint, key=True)


@rule("no-resolution", Book)
def no_resolution(book: Book) -> Iterator[Hit]:
    """Nobody tells customers that it is over.

    Whoever read the bad news must read the good news, on the same channels.

    Bad:
        resolve:
          - id: watch
            ask: [resolved_at]
    Good:
        resolve:
          - id: watch
            ask: [resolved_at]
          - id: announce
            send: {message: resolved, channels: [status-page, email]}
    """
    told = [s for s in book.sendings if s.send.to == "customers"]
    over = _resolved(book)
    last = [s for s in told if kind_of(s.send) == "resolution"]
    if over is not None:
        last += [s for s in told if s.stage == "resolve" and book.number(s.step) >= over]
    if told and not last:
        path: Path = ("stages", "resolve")
        known = path in book.file.document.keys
        hint = "add a step that says so, after the one in which it is resolved"
        what = "customers are never told that it is over"
        yield book.at(path if known else ("stages",), what, hint, key=True)


def _resolved(book: Book) -> int | None:
    """The number of the step in which the incident is resolved."""
    named = {name for name, fact in book.plan.facts.items() if fact.milestone == "resolved"}
    for number, (_, _, step) in enumerate(book.steps):
        if step.milestone == "resolved" or named & set(step.ask):
            return number
    return None


@rule("no-lesson", Book)
def no_lesson(book: Book) -> Iterator[Hit]:
    """The post-mortem asks, decides and publishes nothing.

    Then nothing is written down of what was learned, and it happens again.

    Bad:
        post-mortem:
          - {id: think, title: Think about it}
    Good:
        post-mortem:
          - {id: prevent, title: Choose what will change, ask: [prevention]}
    """
    steps = book.plan.stages.get("post-mortem", ())
    if steps and not any(step.ask or step.decide or step.send for step in steps):
        hint = "ask what was learned and what will change, or publish a report"
        what = "the post-mortem asks, decides and publishes nothing"
        yield book.at(("stages", "post-mortem"), what, hint, key=True)


@rule("no-impact", Book)
def no_impact(book: Book) -> Iterator[Hit]:
    """No question says how bad it is.

    The severity follows from the answers about harm. Without them somebody
    picks it by feeling, at three in the morning.

    Bad:
        impact: {}
    Good:
        impact:
          checkout:
            ask: Can customers pay?
            answers: {all: {title: "Yes", severity: sev4}, none: {title: "No", severity: sev1}}
    """
    if book.steps and not book.plan.impact:
        path: Path = ("impact",) if ("impact",) in book.file.document.keys else ("playbook",)
        what = "no impact question says how bad it is"
        yield book.at(path, what, "add `impact:` with at least one question", key=True)


@rule("flat-impact", Book)
def flat_impact(book: Book) -> Iterator[Hit]:
    """Every answer to an impact question leads to the same severity.

    The question costs time and changes nothing.

    Bad:
        answers: {yes: {title: "Yes", severity: sev2}, no: {title: "No", severity: sev2}}
    Good:
        answers: {yes: {title: "Yes", severity: sev4}, no: {title: "No", severity: sev1}}
    """
    for name, impact in book.plan.impact.items():
        if len(impact.answers) > 1 and len({a.severity for a in impact.answers.values()}) == 1:
            what = f'every answer to "{name}" leads to the same severity'
            hint = "give the worse answers a worse severity, or remove the question"
            yield book.at(("impact", name, "answers"), what, hint, key=True)
        elif len(impact.answers) == 1:
            what = f'"{name}" can only be answered in one way'
            yield book.at(("impact", name, "answers"), what, "add the other answers", key=True)


@rule("one-option", Book)
def one_option(book: Book) -> Iterator[Hit]:
    """A decision with a single option decides nothing.

    The commander is asked to choose, and there is nothing to choose from. A real
    choice has its alternatives written down, "do nothing" included.

    Bad:
        options: {phone: {title: Take orders by phone}}
    Good:
        options: {phone: {title: Take orders by phone}, none: {title: Say that there is no way}}
    """
    for path, _, step in book.steps:
        if step.decide and len(step.decide.options) == 1:
            what = f'the decision in "{step.id}" has one option only'
            hint = "add what else could be done, or make it an ordinary step"
            yield book.at((*path, "decide", "options"), what, hint, key=True)


@rule("idle-decision", Book)
def idle_decision(book: Book) -> Iterator[Hit]:
    """Nothing acts on a decision.

    Whatever is chosen, the same steps are walked and the same words are sent.

    Bad:
        - id: rollback
          decide: {fact: rollback, options: {back: {title: Go back}, forward: {title: Repair}}}
    Good:
        - id: rollback
          decide: {fact: rollback, options: {back: {title: Go back}, forward: {title: Repair}}}
        - id: undo
          when: rollback == 'back'
    """
    used = _used(book)
    for path, _, step in book.steps:
        if step.decide and step.decide.fact not in used:
            what = f'nothing depends on what is decided in "{step.id}"'
            hint = f'use "{step.decide.fact}" in the `when` of a later step, or in a message'
            yield book.at((*path, "decide", "fact"), what, hint)


def _used(book: Book) -> set[str]:
    """The names that conditions, computed facts and messages speak of."""
    found: set[str] = set()
    expressions = [step.when for _, _, step in book.steps]
    for expression in [*expressions, *(fact.compute for fact in book.plan.facts.values())]:
        if expression:
            try:
                found |= conditions.names_in(expression)
            except BadExpression:
                continue
    for text in book.every_text:
        if text.anatomy.tree is not None:
            found |= {node.name for node in text.anatomy.tree.find_all(nodes.Name)}
    return found


@rule("loose-cadence", Book)
def loose_cadence(book: Book) -> Iterator[Hit]:
    """A worse crisis has more time than a milder one.

    The worse it is, the sooner people must hear: a deadline tightens with the
    severity, and is not the same for all.

    Bad:
        within: {sev1: 30m, sev2: 20m, sev3: 2h}
    Good:
        within: {sev1: 20m, sev2: 30m, sev3: 2h}
    """
    for name, deadline in book.plan.deadlines.items():
        given = _within(deadline)
        for (worse, short), (milder, long) in pairwise(given):
            if short > long:
                what = f'the deadline "{name}" gives {worse} more time than {milder}'
                hint = "the worse it is, the sooner people must hear"
                yield book.at(("deadlines", name, "within", worse), what, hint)
        if len(given) > 1 and len({time for _, time in given}) == 1:
            what = f'the deadline "{name}" is the same for every severity'
            hint = "the worse it is, the sooner people must hear"
            yield book.at(("deadlines", name, "within"), what, hint, key=True)


def _within(deadline: Deadline) -> list[tuple[Severity, timedelta]]:
    found = []
    for severity in SEVERITIES:
        if severity in deadline.within:
            try:
                found.append((severity, values.parse_duration(deadline.within[severity])))
            except CrisisError:
                continue
    return found


@rule("cadence-gap", Book)
def cadence_gap(book: Book) -> Iterator[Hit]:
    """A deadline holds for a milder crisis and not for a worse one.

    A severity that is left out has no such deadline: the worst night would be
    the one without a clock.

    Bad:
        within: {sev2: 30m, sev3: 2h}
    Good:
        within: {sev1: 10m, sev2: 30m, sev3: 2h}
    """
    for name, deadline in book.plan.deadlines.items():
        listed_ones = [number for number, s in enumerate(SEVERITIES) if s in deadline.within]
        if not deadline.within:
            what = f'the deadline "{name}" holds for no severity'
            yield book.at(("deadlines", name, "within"), what, "write `{sev1: 10m}`", key=True)
            continue
        gaps = [s for s in SEVERITIES[: listed_ones[-1]] if s not in deadline.within]
        if gaps:
            what = f'the deadline "{name}" leaves out {listed(gaps)}'
            hint = "give every worse severity its time too"
            yield book.at(("deadlines", name, "within"), what, hint, key=True)


@rule("endless-deadline", Book)
def endless_deadline(book: Book) -> Iterator[Hit]:
    """A deadline starts anew at every message and never ends.

    The clock would still ask for updates when the crisis is long over.

    Bad:
        next-update: {from: last-message, within: {sev1: 20m}, met_by: update}
    Good:
        next-update: {from: last-message, within: {sev1: 20m}, until: resolved, met_by: update}
    """
    for name, deadline in book.plan.deadlines.items():
        if deadline.from_ == "last-message" and deadline.until is None:
            what = f'the deadline "{name}" never ends'
            yield book.at(("deadlines", name), what, "add `until: resolved`", key=True)


@rule("no-deadline", Book)
def no_deadline(book: Book) -> Iterator[Hit]:
    """No deadline says when customers must hear a first word, or the next one.

    Without a clock the first message waits for certainty, and the next one is
    forgotten.

    Bad:
        deadlines: {}
    Good:
        deadlines:
          first-word: {from: declared, within: {sev1: 10m}, met_by: holding}
          next-update: {from: last-message, within: {sev1: 20m}, until: resolved, met_by: update}
    """
    told = any(sending.send.to == "customers" for sending in book.sendings)
    if told and not book.plan.deadlines:
        path: Path = ("deadlines",) if ("deadlines",) in book.file.document.keys else ("playbook",)
        hint = "add `deadlines:` for the first word and for the next update"
        yield book.at(path, "no deadline says when customers must hear something", hint, key=True)


@rule("duplicate-milestone", Book)
def duplicate_milestone(book: Book) -> Iterator[Hit]:
    """Two facts or steps carry the same milestone.

    The metrics and the deadlines would take whichever comes last.

    Bad:
        mitigated_at: {type: time, milestone: resolved}
        resolved_at: {type: time, milestone: resolved}
    Good:
        mitigated_at: {type: time, milestone: mitigated}
        resolved_at: {type: time, milestone: resolved}
    """
    carriers: list[tuple[str, Path]] = [
        (fact.milestone, ("facts", name, "milestone"))
        for name, fact in book.plan.facts.items()
        if fact.milestone
    ]
    carriers += [(s.milestone, (*path, "milestone")) for path, _, s in book.steps if s.milestone]
    count = Counter(milestone for milestone, _ in carriers)
    first: set[str] = set()
    for milestone, path in carriers:
        if count[milestone] > 1 and milestone in first:
            what = f'the milestone "{milestone}" is carried twice'
            yield book.at(path, what, "let one fact or one step carry it")
        first.add(milestone)


@rule("empty-step", Book)
def empty_step(book: Book) -> Iterator[Hit]:
    """A step does not say what to do.

    It has no guide, no checklist, no question and no action: at night a title
    alone helps nobody.

    Bad:
        - {id: fix, title: Repair, role: technical-lead}
    Good:
        - id: fix
          title: Repair
          guide: Say aloud what you will do, and how to undo it.
    """
    for path, _, step in book.steps:
        acts = step.send or step.decide or step.run or step.ask or step.assign
        if not (acts or step.guide.strip() or step.checklist):
            what = f'step "{step.id}" does not say what to do'
            yield book.at((*path, "id"), what, "add `guide:` or `checklist:`")


@rule("no-role", Book)
def no_role(book: Book) -> Iterator[Hit]:
    """A step belongs to nobody.

    What everybody could do, nobody does. The role is the first thing that the
    operator reads out.

    Bad:
        - id: fix
          title: Repair
    Good:
        - id: fix
          title: Repair
          role: technical-lead
    """
    known = listed(sorted(book.plan.roles), "or")
    for path, _, step in book.steps:
        if not step.role.strip():
            hint = f"add `role:` with {known}" if known else "define `roles:` and add `role:`"
            yield book.at((*path, "id"), f'step "{step.id}" has no role', hint)


@rule("blind-run", Book)
def blind_run(book: Book) -> Iterator[Hit]:
    """A step runs a command that nobody can judge before confirming it.

    A person confirms every command. Without a guide that says what it changes
    and how to undo it, the confirmation is a formality.

    Bad:
        - id: flush
          title: Flush the cache
          run: {command: ./flush.sh --all}
    Good:
        - id: flush
          title: Flush the cache
          guide: |
            Empties the page cache; the shop is slow for five minutes.
            It cannot be undone, and needs no undoing.
          run: {command: ./flush.sh --all}
    """
    for path, _, step in book.steps:
        if step.run and not step.guide.strip():
            what = f'step "{step.id}" runs a command, and no guide says what it does'
            hint = "add `guide:` with what it changes and how to undo it"
            yield book.at((*path, "run", "command"), what, hint)
        if step.run and not step.run.command.strip():
            what = f'step "{step.id}" runs an empty command'
            yield book.at((*path, "run", "command"), what, "write the command, or remove `run:`")


@rule("late-first-word", Book, severity="warning")
def late_first_word(book: Book) -> Iterator[Hit]:
    """So much is asked before the first message that it will come late.

    Customers hear of it within minutes, or from others. What the first message
    does not need can be asked after it.

    Bad:
        - id: gauge
          ask: [one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, more]
        - id: tell
          send: {message: holding, channels: [email]}
    Good:
        - id: gauge
          ask: [one, two, three]
        - id: tell
          send: {message: holding, channels: [email]}
        - id: details
          ask: [four, five, six]
    """
    asked = 0
    for path, _, step in book.steps:
        asked += sum(_must_answer(book, name) for name in step.ask)
        if step.send and step.send.to == "customers":
            if asked > MANY_QUESTIONS:
                what = f"{asked} questions come before the first word to customers"
                hint = f"ask what it does not need after it; {MANY_QUESTIONS} are many already"
                yield book.at((*path, "send", "message"), what, hint)
            return


def _must_answer(book: Book, name: str) -> bool:
    spec = book.walks.specs.get(name)
    return spec is not None and not (spec.optional or spec.workspace or spec.compute)
