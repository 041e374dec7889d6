"""What the path prover finds: on which walk something is missing, and by which answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from crisisctl.lint.finding import Hit
from crisisctl.lint.prover.formula import Known, Read, both, needs_of, negated, tree_of
from crisisctl.lint.prover.questions import Answer, LeftOut, Open, Says, Suspected, Unasked, Walked
from crisisctl.lint.prover.uses import Use, uses
from crisisctl.lint.prover.walks import Walks
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.logic.conditions import impossible, within
from crisisctl.lint.subject import Book, MessageText, Sending
from crisisctl.playbook.model import HANDED_OUT
from crisisctl.text import listed

NEXT_UPDATE = "next_update"
"""What a deadline announces: without one for this severity, or afterwards, it is not known."""

Lack = Literal["suspected", "open", "unasked"]


@rule("unasked-fact", MessageText)
def unasked_fact(text: MessageText) -> Iterator[Hit]:
    """A message needs a fact that nothing has asked on some way through the playbook.

    On the night the message stops there: it cannot be rendered, and somebody
    must find out which question was never put. Every walk through the steps is
    looked at; the finding names the answers that lead to the gap.

    Bad:
        - id: undo
          when: recent_change
          ask: [undone_at]
        - id: tell          # undone_at is unknown where nothing had changed
          send: {message: update, channels: [email]}
    Good:
        {% if undone_at is defined %}We went back at {{ undone_at | clock }}.{% endif %}
    """
    for use, base, answer in _lacks(text, "unasked"):
        walks = text.book.walks
        what = f"nothing has asked {_named(use, base)} when this message is sent"
        hint = f"ask it in every case before, or write {{% if {use.read.name} is defined %}}"
        yield _at(text, use, f"{what}{_path(walks, answer)}", hint)


@rule("unguarded-optional", MessageText)
def unguarded_optional(text: MessageText) -> Iterator[Hit]:
    """A message needs a fact that may be left open.

    What is optional is skipped with Enter when nobody knows it. A message that
    needs it all the same cannot be rendered in just that hour. `next_update`
    comes from a deadline `from: last-message`, and is unknown without one.

    Bad:
        We expect to be back by {{ eta | clock }}.
    Good:
        {% if eta is defined %}We expect to be back by {{ eta | clock }}.{% else %}No estimate
        yet.{% endif %}
    """
    for use, base, _ in _lacks(text, "open"):
        hint = f"say what holds without it: {{% if {use.read.name} is defined %}} … {{% else %}} …"
        what = f"{_named(use, base)} may be left open"
        if base == NEXT_UPDATE:
            what = f'"{base}" is not known in every case: it comes from a deadline'
        yield _at(text, use, what, hint)


@rule("unguarded-suspected", MessageText)
def unguarded_suspected(text: MessageText) -> Iterator[Hit]:
    """A message needs a fact that may be only suspected.

    Customers read confirmed facts only: a guess that turns out wrong costs more
    trust than an honest "we do not know yet". A suspected fact is undefined in
    a message, so the message must say something without it.

    Bad:
        {% if cause == "attack" %}Someone attacked our systems.{% endif %}
    Good:
        {% if cause is defined and cause == "attack" %}Someone attacked our systems.{% endif %}
    """
    for use, base, _ in _lacks(text, "suspected"):
        what = f"{_named(use, base)} may be only suspected, and messages state confirmed facts only"
        hint = f"say what holds without it: {{% if {use.read.name} is defined %}} … {{% else %}} …"
        yield _at(text, use, what, hint)


class _Gap(NamedTuple):
    """Why a fact behind a use may be missing when a step sends the text."""

    text: MessageText
    use: Use
    base: str
    lack: Lack
    answer: Answer


def _lacks(text: MessageText, wanted: Lack) -> Iterator[tuple[Use, str, Answer]]:
    told: set[tuple[str, str]] = set()
    for gap in _gaps(text.book):
        place = (gap.use.read.name, gap.use.block)
        if gap.text is text and gap.lack == wanted and gap.answer.found and place not in told:
            told.add(place)
            yield gap.use, gap.base, gap.answer


@lru_cache(maxsize=2)
def _gaps(book: Book) -> tuple[_Gap, ...]:
    """For each place that needs a fact the first reason why it may be missing, or is not known."""
    return tuple(
        gap
        for sending in book.sendings
        for text in book.texts.get(sending.send.message, {}).values()
        if text.sound
        for gap in _of_text(text, sending)
    )


def _of_text(text: MessageText, sending: Sending) -> Iterator[_Gap]:
    number = text.book.number(sending.step)
    found = uses(text.source.text)
    for block in text.taken(sending.send):
        for use in found.get(block, ()):
            for base in text.book.walks.inputs(use.read.name):
                for lack, answer in _questions(text.book.walks, base, use, number):
                    if answer.found or answer.bounded:
                        yield _Gap(text, use, base, lack, answer)
                        break


def _questions(walks: Walks, base: str, use: Use, number: int) -> Iterator[tuple[Lack, Answer]]:
    spec = walks.specs.get(base)
    if spec is None:
        if base == NEXT_UPDATE:
            unknown = negated(Known(base))
            guard = both(use.read.guard, unknown)
            yield "open", walks.ask(Walked(number), Says(guard, number, message=True))
        return
    reached = (Walked(number), Says(use.read.guard, number, message=True))
    if spec.certainty == "ask":
        yield "suspected", walks.ask(Suspected(base), *reached)
    if spec.optional:
        yield "open", walks.ask(Open(base), *reached)
    if not walks.always_asked(base, number + 1):
        yield "unasked", walks.ask(Unasked(base, number + 1), *reached)


def _named(use: Use, base: str) -> str:
    if base == use.read.name:
        return f'"{base}"'
    return f'"{base}", from which "{use.read.name}" is computed,'


def _at(text: MessageText, use: Use, what: str, hint: str) -> Hit:
    return text.hit(text.on_line(use.read.line, use.read.name, use.nth), what, hint)


def _path(walks: Walks, answer: Answer) -> str:
    words = walks.words(answer.case)
    return f"; this happens where {words}" if words else ""


@rule("unasked-condition", Book)
def unasked_condition(book: Book) -> Iterator[Hit]:
    """A step depends on a fact that nothing has asked by then.

    An unknown fact counts as no: the step is silently left out, or comes back
    later when nobody expects it.

    Bad:
        - id: warn
          when: cause == 'attack'
        - id: diagnose
          ask: [cause]
    Good:
        - id: diagnose
          ask: [cause]
        - id: warn
          when: cause == 'attack'
    """
    for number, read, base in _condition_reads(book):
        walks = book.walks
        if walks.always_asked(base, number) or _handed_out_before(book, base, number):
            continue
        answer = walks.ask(Unasked(base, number), Says(read.guard, number))
        if answer.found:
            path, _, step = book.steps[number]
            what = f'step "{step.id}" depends on "{base}", which nothing has asked by then'
            later = next((n for n in walks.askers(base) if n >= number), None)
            hint = "" if later is None else f'it is asked in step "{book.steps[later][2].id}"; '
            hint += f"ask it before, or write `{read.name} is defined and …`"
            yield within(book, (*path, "when"), read.name, f"{what}{_path(walks, answer)}", hint)


def _handed_out_before(book: Book, name: str, number: int) -> bool:
    """Whether some step before hands something out; where it is left out, nothing was."""
    return name == HANDED_OUT and any(n < number for n in book.walks.askers(name))


@rule("condition-can-fail", Book)
def condition_can_fail(book: Book) -> Iterator[Hit]:
    """A condition counts with a fact that may be left open.

    With an unknown number or time it cannot be decided whether it is more or
    less, so the step is shown in every case.

    Bad:
        when: orders_per_hour > 100
    Good:
        when: orders_per_hour is defined and orders_per_hour > 100
    """
    for number, read, base in _condition_reads(book):
        spec = book.walks.specs[base]
        if read.ordered and spec.optional:
            if not book.walks.ask(Open(base), Says(read.guard, number)).found:
                continue
            path, _, step = book.steps[number]
            what = f'"{base}" may be left open, and then step "{step.id}" cannot be decided'
            hint = f"write `{read.name} is defined and …`"
            yield within(book, (*path, "when"), read.name, what, hint)


def _condition_reads(book: Book) -> Iterator[tuple[int, Read, str]]:
    """Each fact a condition needs, once: the number of the step, the place, the asked fact."""
    for number, (_, _, step) in enumerate(book.steps):
        told: set[str] = set()
        for read in needs_of(step.when):
            for base in book.walks.inputs(read.name):
                if base in book.walks.specs and base not in told:
                    told.add(base)
                    yield number, read, base


@rule("unreachable-step", Book)
def unreachable_step(book: Book) -> Iterator[Hit]:
    """No way through the playbook comes to this step.

    Its condition contradicts itself, or what it needs is only asked where the
    condition does not hold. What it guards against will not be done.

    Bad:
        when: offer == 'none' and offer == 'gift'
    Good:
        when: offer != 'none'
    """
    for number, (path, _, step) in enumerate(book.steps):
        if step.when and tree_of(step.when) is not None and not any(impossible(book, step)):
            answer = book.walks.ask(Walked(number))
            if not answer.found and not answer.bounded:
                what = f'no way through the playbook comes to step "{step.id}"'
                hint = _asked_later(book, number) or "correct the condition, or remove the step"
                yield book.at((*path, "when"), what, hint)


def _asked_later(book: Book, number: int) -> str:
    """What to do about a step whose condition looks at facts that come after it."""
    for read in needs_of(book.steps[number][2].when):
        for base in book.walks.inputs(read.name):
            asked = book.walks.askers(base)
            if asked and asked[0] >= number:
                later = book.steps[asked[0]][2].id
                return f'"{base}" is asked only in step "{later}": move this step behind it'
    return ""


@rule("always-true", Book)
def always_true(book: Book) -> Iterator[Hit]:
    """A condition holds on every way through the playbook.

    It looks as if the step depended on something, and it does not: either the
    condition is not what was meant, or it can go.

    Bad:
        when: data == 'lost' or data != 'lost'
    Good:
        when: data == 'lost'
    """
    for number, (path, _, step) in enumerate(book.steps):
        if step.when and tree_of(step.when) is not None and not any(impossible(book, step)):
            answer = book.walks.ask(LeftOut(number))
            if not answer.found and not answer.bounded:
                what = f'the condition of step "{step.id}" always holds'
                yield book.at((*path, "when"), what, "correct the condition, or remove it")


@rule("silent-path", Book)
def silent_path(book: Book) -> Iterator[Hit]:
    """On some way through the playbook customers hear nothing at all.

    Every message to customers stands in a step with a condition, and there are
    answers with which none of them is sent.

    Bad:
        - id: tell
          when: checkout == 'none'
          send: {message: holding, channels: [email]}
    Good:
        - id: tell
          send: {message: holding, channels: [email]}
    """
    sent = [s for s in book.sendings if s.send.to == "customers"]
    if sent:
        answer = book.walks.ask(*(LeftOut(book.number(s.step)) for s in sent))
        if answer.found:
            what = f"customers are told nothing{_path(book.walks, answer)}"
            hint = "take the condition off one message to customers"
            yield book.at((*sent[0].path, "when"), what, hint)


@rule("unmet-deadline", Book)
def unmet_deadline(book: Book) -> Iterator[Hit]:
    """On some way through the playbook nothing sends the message that meets a deadline.

    The clock runs, turns red, and no step of the plan can stop it.

    Bad:
        deadlines:
          first-word: {from: declared, within: {sev1: 10m}, met_by: holding}
        # and the only step that sends it has a condition
        - id: tell
          when: checkout == 'none'
          send: {message: holding, channels: [email]}
    Good:
        - id: tell
          send: {message: holding, channels: [email]}
    """
    for name, deadline in book.plan.deadlines.items():
        sent = book.senders(deadline.met_by)
        answer = book.walks.ask(*(LeftOut(book.number(s.step)) for s in sent)) if sent else None
        if answer is not None and answer.found:
            steps = listed([f'"{s.step.id}"' for s in sent], "or")
            what = f'nothing meets the deadline "{name}" where step {steps} is left out'
            hint = "let every way through the playbook send the message"
            path = ("deadlines", name, "met_by")
            yield book.at(path, f"{what}{_path(book.walks, answer)}", hint)


@rule("too-many-paths", Book, severity="warning")
def too_many_paths(book: Book) -> Iterator[Hit]:
    """There are more ways to this step than could be looked at.

    Nothing was found on those that were looked at, which proves nothing about
    the others. Simpler conditions can be proved, and understood at night.

    Bad:
        when: (a == b) != (c == d) and … over dozens of facts
    Good:
        when: a == 'yes'
    """
    for number, (path, _, step) in enumerate(book.steps):
        if step.when:
            answers = (book.walks.ask(Walked(number)), book.walks.ask(LeftOut(number)))
            if any(answer.bounded for answer in answers):
                what = f'there are too many ways to step "{step.id}" to look at each'
                yield book.at((*path, "when"), what, "make the condition simpler")
    bounded = {gap.text.message for gap in _gaps(book) if gap.answer.bounded}
    for sending in book.sendings:
        if sending.send.message in bounded:
            what = f'"{sending.send.message}" asks for more cases than could be looked at'
            hint = "make the conditions simpler, or ask `is defined` in the message"
            yield book.at((*sending.path, "send", "message"), what, hint)
