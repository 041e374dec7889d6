"""What the operator may do with a step: go on, skip, note, back, messages, pause."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from crisisctl.cli.asking import text, to_name
from crisisctl.cli.keyboard import Back, Option, Paused
from crisisctl.incident import events as ev
from crisisctl.runner import actions, commands
from crisisctl.runner.notices import to_decide
from crisisctl.runner.place import Place, place_before, questions

if TYPE_CHECKING:
    from crisisctl.cli.walk import Walk


def menu(walk: Walk, place: Place) -> bool:
    """Ask what now until the step goes on (True) or is left (False)."""
    while True:
        chosen = walk.asked().choose("What now?", options(walk, place), default="go")
        if chosen == "go":
            return True
        if chosen == "skip":
            return _skip(walk, place)
        if chosen == "back":
            return _back(walk, place)
        if chosen == "pause":
            raise Paused
        _ACTIONS[chosen](walk)
        if chosen in ("messages", "write"):  # what they showed has pushed the card away
            walk.show(place)


def options(walk: Walk, place: Place) -> list[Option]:
    """What can be done with the step now, the likeliest first."""
    found = [Option("go", _go(walk, place))]
    due = walk.next_message()
    if due is not None and walk.message_step(due) not in (None, place.step):
        found.append(Option("write", f"Write now: {due.message} ({due.title})"))
    found.append(Option("skip", "Skip, with a reason"))
    found.append(Option("note", "Note something for the timeline"))
    if place_before(walk.incident, place, now=walk.now()) is not None:
        found.append(Option("back", "Back to the step before"))
    if place.stage == "post-mortem":
        found.append(Option("action", "Add an action item"))
    found.append(Option("messages", "Show messages"))
    found.append(Option("pause", "Pause (everything is saved)"))
    return found


def _go(walk: Walk, place: Place) -> str:
    step = place.step
    asked = len(questions(walk.incident, place))
    parts = ["name the roles"] if to_name(walk, place) else []
    parts += [f"answer {asked} question{'s' if asked > 1 else ''}"] if asked else []
    parts += ["tick the checklist"] if step.checklist else []
    parts += [f'send "{step.send.message}"'] if step.send else []
    parts += ["decide"] if step.decide else []
    parts += ["run the command"] if step.run else []
    clocks = len(to_decide(walk.incident, step.notify, now=walk.now())) if step.notify else 0
    parts += [f"decide about {clocks} clock{'s' if clocks > 1 else ''}"] if clocks else []
    parts += [TRIAGE[step.triage]] if step.triage else []
    parts += [COMPENSATE[step.compensate]] if step.compensate else []
    words = ", then ".join(parts) or "done"
    return words[0].upper() + words[1:]


def _skip(walk: Walk, place: Place) -> bool:
    reason = text(walk, "Why is it skipped?", check=_some_words)
    walk.record(lambda _: commands.skip(place, because=reason), place)
    return False


def _back(walk: Walk, place: Place) -> bool:
    before = place_before(walk.incident, place, now=walk.now())
    if before is not None:
        walk.record(lambda _: [before.started()], place)
    return False


def _note(walk: Walk) -> None:
    try:
        words = text(walk, "Note:", check=_some_words)
    except Back:
        return
    walk.record(lambda _: [ev.NoteAdded(words)])
    walk.desk.talk.line("✓ noted", "good")


def _action(walk: Walk) -> None:
    try:
        title = text(walk, "What is to be done?", check=_some_words)
        owner = text(walk, "Who does it?")
        due = text(walk, "By when? (2026-12-11, or Enter)", check=_date)
    except Back:
        return
    walk.record(lambda i: actions.add(i, title, owner=owner, due=due))
    walk.desk.talk.line(f"✓ action item {max(walk.incident.actions)}", "good")


def _messages(walk: Walk) -> None:
    from crisisctl.cli import reviewing

    reviewing.read_messages(walk)


def _write(walk: Walk) -> None:
    due = walk.next_message()
    step = walk.message_step(due) if due else None
    if due is not None and step is not None:
        walk.write(due.playbook, step)


TRIAGE = {
    "import": "read exports of reviews",
    "strategy": "choose how each topic is answered",
    "answer": "answer the reviews",
}
COMPENSATE = {
    "plan": "reckon who gets what",
    "issue": "hand out the approved plan",
}
_ACTIONS = {"note": _note, "action": _action, "messages": _messages, "write": _write}


def _some_words(typed: str) -> str | None:
    return None if typed.strip() else "a few words, please"


def _date(typed: str) -> str | None:
    try:
        if typed:
            date.fromisoformat(typed)
    except ValueError:
        return "a date such as 2026-12-11"
    return None
