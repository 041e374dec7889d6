"""Doing what a step does: decide, send, run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisctl.cli import cards, sending
from crisisctl.cli.asking import text
from crisisctl.cli.keyboard import Back, InputNeeded, Keyboard, Option, Woken
from crisisctl.incident import events as ev
from crisisctl.playbook import values
from crisisctl.playbook.model import Step
from crisisctl.runner import commands
from crisisctl.runner.place import Place

if TYPE_CHECKING:
    from crisisctl.cli.walk import Walk


def act(walk: Walk, place: Place) -> None:
    """The step's action, unless it was already done before an interruption."""
    if place.step.decide:
        decide(walk, place)
    elif place.step.send:
        sending.send(walk, place)
    elif place.step.run:
        run(walk, place)
    elif place.step.notify:
        from crisisctl.cli.notifying import decide_all

        decide_all(walk, place)
    elif place.step.triage:
        from crisisctl.cli.triage import triage

        triage(walk, place)
    elif place.step.compensate:
        from crisisctl.cli.making import make_good

        make_good(walk, place)


def decide(walk: Walk, place: Place) -> None:
    """Choose an option with a reason."""
    decision = place.step.decide
    if decision is None or _done_since_start(walk, place, decision.fact):
        return
    beforehand = walk.answers.decisions.get(place.step.id) if walk.answers else None
    if beforehand is not None:
        option, because = beforehand.choose, beforehand.because
    else:
        option, because = _chosen(walk, place)
    walk.record(lambda _: commands.decide(place, option, because=because), place)


def run(walk: Walk, place: Place) -> None:
    """Run a shell command: shown, confirmed, captured, bounded."""
    from crisisctl.cli.shell import run_bounded

    command = place.step.run
    if command is None:
        return
    script = walk.answers.steps.get(place.step.id) if walk.answers else None
    walk.desk.talk.block(f"$ {command.command}", "bold", "  ")
    if walk.incident.drill:
        walk.desk.talk.block("A drill runs no command.", "dim", "  ")
        return
    if script is not None and not script.run:
        return
    if script is None and not _person(walk, place.step).confirm("Run it now?", default=False):
        return
    limit = values.parse_duration(command.timeout).total_seconds()
    exit_code, output = run_bounded(command.command, limit)
    walk.desk.talk.block(output, indent="  ")
    ran = ev.CommandRan(place.playbook, place.step.id, command.command, exit_code, output)
    walk.record(lambda _: [ran])


def _chosen(walk: Walk, place: Place) -> tuple[str, str]:
    decision, step = place.step.decide, place.step
    if decision is None or walk.keyboard is None:
        keys = "|".join(decision.options) if decision else ""
        raise InputNeeded(
            f'the decision "{step.id}" is needed: {step.title}',
            hint=f"give it in an --answers file: decisions: {{{step.id}: {{choose: {keys}, "
            f"because: …}}}}; then `crisisctl resume {walk.incident.id}`",
        )
    cards.options(walk.desk.talk, decision.options)
    options = [Option(key, option.title) for key, option in decision.options.items()]
    known = walk.incident.known(decision.fact)
    before = walk.typed.pop(step.title, str(known.value) if known else "")
    option = walk.asked().choose(step.title, options, default=before)
    try:
        return option, text(walk, "Because? (for the record)", check=_some_words)
    except (Back, Woken):
        walk.typed[step.title] = option
        raise


def _some_words(typed: str) -> str | None:
    return None if typed.strip() else "the reason is what the post-mortem needs most"


def _done_since_start(walk: Walk, place: Place, fact: str) -> bool:
    started, known = walk.incident.steps.get(place.key), walk.incident.facts.get(fact)
    return started is not None and known is not None and known.seq > started.seq


def _person(walk: Walk, step: Step) -> Keyboard:
    if walk.keyboard is None:
        raise InputNeeded(
            f'step "{step.id}" runs a command: somebody must confirm it',
            hint=f"set steps: {{{step.id}: {{run: true}}}} in the --answers file, or skip it",
        )
    return walk.asked()
