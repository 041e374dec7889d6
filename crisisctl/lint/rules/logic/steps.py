"""Steps that say what to do, and who does it."""

from __future__ import annotations

from collections.abc import Iterator

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book
from crisisctl.text import listed

MANY_QUESTIONS = 12
"""Questions before customers hear a word; each costs the operator a quarter of a minute."""


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
        acts = (step.send, step.decide, step.run, step.notify, step.triage, step.compensate)
        if not (any(acts) or step.ask or step.assign or step.guide.strip() or step.checklist):
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
