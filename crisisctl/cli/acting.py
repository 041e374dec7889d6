"""Doing what a step does: decide, send, run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.cli import cards, reading
from crisisctl.cli.asking import confirm, text
from crisisctl.cli.desk import zone
from crisisctl.cli.keyboard import Back, InputNeeded, Keyboard, Option, Woken
from crisisctl.deadlines import next_update_at
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.knowledge import confirmed
from crisisctl.messages import outbox
from crisisctl.messages.pack import Pack, Setting, Text, render_pack
from crisisctl.messages.templates import MissingFact
from crisisctl.playbook import values
from crisisctl.playbook.model import Send, Step
from crisisctl.runner import commands
from crisisctl.runner.place import Place
from crisisctl.text import moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisctl.cli.desk import Desk
    from crisisctl.cli.walk import Walk
    from crisisctl.incident.fold import Incident

MANY = 3
"""Texts shown one below the other; of more, the operator chooses."""
LOCALES = "locales"
"""The fact that says in which languages messages are written."""


def act(walk: Walk, place: Place) -> None:
    """The step's action, unless it was already done before an interruption."""
    if place.step.decide:
        decide(walk, place)
    elif place.step.send:
        send(walk, place)
    elif place.step.run:
        run(walk, place)


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


def send(walk: Walk, place: Place, *, out_of_turn: bool = False, only: Sequence[str] = ()) -> None:
    """Show the texts, have them approved, write them out, record it."""
    step = place.step
    if step.send is None or (not out_of_turn and sent_since_start(walk, place, step.send)):
        return
    if not out_of_turn and walk.guided and not _once_more(walk, step.send):
        return
    now = walk.now()
    try:
        whole = prepare(walk.desk, walk.incident, place.playbook, step.send, now=now, only=only)
    except MissingFact as error:
        if not walk.guided or not confirm(walk, error.fact):
            raise _told(walk, error) from None
        send(walk, place, out_of_turn=out_of_turn, only=only)
        return
    except CrisisError as error:
        raise _told(walk, error) from None
    pack = _approved(walk, whole)
    if pack is None:
        raise Back  # not sent is not done: the step can be skipped, with a reason
    walk.keep_up([ev.MessageSent(pack.message, pack.to, (), pack.uses)], place)
    written = hand_over(walk.desk, walk.incident, pack)
    event = sent_event(walk.incident, pack, written, now=now)
    approval = ev.MessageApproved(pack.message, pack.to, written)
    walk.record(lambda i: [approval, *commands.sent(i, event, at=walk.now())], place)
    _tell(walk, pack, written)


def _once_more(walk: Walk, send: Send) -> bool:
    """Whether to send what went out already, perhaps before its step came up."""
    before = [sent.at for sent in walk.incident.sent if sent.event.message == send.message]
    if not before:
        return True
    told = f'"{send.message}" went out {moment(before[-1], walk.zone)}. Send it again?'
    return walk.asked().confirm(told, default=False)


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


def prepare(
    desk: Desk,
    incident: Incident,
    playbook: str,
    send: Send,
    *,
    now: datetime,
    only: Sequence[str] = (),
) -> Pack:
    """Every text of a message as it would go out now; `only` narrows the locales down."""
    names: dict[str, object] = {**confirmed(incident, now=now), "sent_at": now}
    promised = next_update_at(incident, now=now, to=send.to)
    if promised is not None:
        names["next_update"] = promised
    setting = Setting(desk.workspace, playbook, zone(incident), incident.drill)
    found = only or locales(desk, incident, playbook, send)
    return render_pack(setting, send, names, found)


def locales(desk: Desk, incident: Incident, playbook: str, send: Send) -> Sequence[str]:
    """The languages of a message: as recorded, as the workspace says, else all it is written in."""
    from crisisctl.workspace import locales_of

    known = incident.known(LOCALES)
    if known is not None and isinstance(known.value, list):
        return known.value
    setting = desk.workspace.get(LOCALES)
    if isinstance(setting, list) and setting:
        return [str(locale) for locale in setting]
    return locales_of(desk.workspace, playbook, send.message)


def hand_over(desk: Desk, incident: Incident, pack: Pack) -> tuple[ev.SentText, ...]:
    """Write the texts to the files that people copy from."""
    number = len(incident.sent) + 1
    folder = desk.folder(drill=incident.drill) / "outbox" / incident.id
    return outbox.write(pack, folder / f"{number:02}-{pack.message}")


def sent_event(
    incident: Incident, pack: Pack, written: tuple[ev.SentText, ...], *, now: datetime
) -> ev.MessageSent:
    """The event of a pack that was handed over."""
    promised = next_update_at(incident, now=now, to=pack.to)
    facts = tuple(name for name in pack.uses if incident.spec(name) is not None)
    return ev.MessageSent(pack.message, pack.to, written, facts, promised)


def read_messages(walk: Walk) -> None:
    """Let the operator read what was sent, and what would be sent now."""
    screen = walk.desk.talk
    for sent in walk.incident.sent:
        folder = Path(sent.event.texts[0].file).parent if sent.event.texts else Path()
        screen.block(f'"{sent.event.message}" to {sent.event.to}: {folder}', indent="  ")
    plan = walk.incident.playbook
    steps = [step for _, step in plan.steps() if step.send]
    options = [Option(step.id, f"{step.send.message}: {step.title}") for step in steps if step.send]
    options.append(Option("", "Go back"))
    chosen = walk.asked().choose("Which message?", options)
    step = plan.step(chosen)
    if step is None or step.send is None:
        return
    try:
        pack = prepare(walk.desk, walk.incident, plan.playbook, step.send, now=walk.now())
    except CrisisError as error:
        screen.block(f"It cannot be shown yet: {error.message}", "warn")
        return
    read_pack(walk, pack)


def read_pack(walk: Walk, pack: Pack) -> None:
    """Show the texts of a pack, one language at a time."""
    found = list(dict.fromkeys(shown.locale for shown in pack.texts))
    chosen = found[0]
    if len(found) > 1:
        chosen = walk.asked().choose("In which language?", [Option(loc, loc) for loc in found])
    texts = [shown for shown in pack.texts if shown.locale == chosen]
    while len(texts) > MANY:  # more than a screen holds: one channel after the other
        options = [Option(shown.channel, shown.channel) for shown in texts]
        options.append(Option("", "Enough read"))
        channel = walk.asked().choose("On which channel?", options)
        if not channel:
            return
        for shown in texts:
            if shown.channel == channel:
                reading.to_read(walk.desk.talk, shown)
    for shown in texts:
        reading.to_read(walk.desk.talk, shown)


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


def _approved(walk: Walk, pack: Pack) -> Pack | None:
    """The pack that may go out, or None when it is left for later."""
    if walk.answers is not None and walk.answers.approve:
        if pack.too_long:
            raise too_long(pack)
        return pack
    if walk.keyboard is None:
        raise InputNeeded(
            f'the message "{pack.message}" needs an approval',
            hint="set `approve: true` in the --answers file, or approve it on a terminal with "
            f"`crisisctl resume {walk.incident.id}`",
        )
    return _reviewed(walk, pack)


def _reviewed(walk: Walk, pack: Pack) -> Pack | None:
    reading.matrix(walk.desk.talk, pack)
    if pack.texts:
        reading.to_read(walk.desk.talk, _first(pack))
    while True:
        fitting = pack.without(pack.too_long)
        words = f"Approve these {len(fitting.texts)} texts and write them out"
        if pack.too_long:
            words += f" (without the {len(pack.too_long)} that are too long)"
        options = [
            Option("approve", words),
            Option("read", "Read the texts"),
            Option("later", "Not now"),
        ]
        chosen = walk.asked().choose(f'The message "{pack.message}" to {pack.to}', options)
        if chosen == "approve":
            return fitting
        if chosen == "later":
            return None
        read_pack(walk, pack)


def _told(walk: Walk, error: CrisisError) -> Exception:
    """A person can mend a text that cannot be rendered, or skip the step: the walk goes on."""
    if not walk.guided:
        return error
    walk.desk.talk.block(f"The message cannot be written yet: {error.message}", "bad")
    if error.hint:
        walk.desk.talk.block(error.hint)
    return Back()


def _first(pack: Pack) -> Text:
    preferred = [t for t in pack.texts if t.channel in ("status-page", "internal")]
    return (preferred or list(pack.texts))[0]


def too_long(pack: Pack) -> CrisisError:
    """The error of texts that their channels would refuse; nothing is ever cut."""
    named = [f"{t.channel}.{t.locale} ({t.overflow})" for t in pack.too_long]
    return CrisisError(
        f'"{pack.message}" is too long for {", ".join(named)}',
        hint="shorten the template, or leave those channels out with --channel",
        code=1,
    )


def _tell(walk: Walk, pack: Pack, written: tuple[ev.SentText, ...]) -> None:
    screen = walk.desk.talk
    folder = Path(written[0].file).parent if written else Path()
    screen.block(f'✓ "{pack.message}": {len(written)} texts, ready to copy from', "good")
    screen.line(f"  {folder}", "good")


def _done_since_start(walk: Walk, place: Place, fact: str) -> bool:
    started, known = walk.incident.steps.get(place.key), walk.incident.facts.get(fact)
    return started is not None and known is not None and known.seq > started.seq


def sent_since_start(walk: Walk, place: Place, send: Send) -> bool:
    """Whether the step's message went out since it came up: then only a crash came between."""
    started = walk.incident.steps.get(place.key)
    since = started.seq if started else 0
    return any(s.event.message == send.message and s.seq > since for s in walk.incident.sent)


def _person(walk: Walk, step: Step) -> Keyboard:
    if walk.keyboard is None:
        raise InputNeeded(
            f'step "{step.id}" runs a command: somebody must confirm it',
            hint=f"set steps: {{{step.id}: {{run: true}}}} in the --answers file, or skip it",
        )
    return walk.asked()
