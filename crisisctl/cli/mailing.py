"""What `message render` does: one text for each person on a list, written to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import typer

from crisisctl.cli import drafts, lists
from crisisctl.cli.desk import Desk, desk, zone
from crisisctl.cli.printing import print_json
from crisisctl.cli.telling import find_message, narrowed
from crisisctl.deadlines.owed import next_update_at
from crisisctl.errors import CrisisError
from crisisctl.incident.fold import Incident
from crisisctl.incident.knowledge import confirmed
from crisisctl.messages.bulk.recipients import Counts, Recipients
from crisisctl.messages.bulk.render import Letters, letters, unknown_names
from crisisctl.messages.bulk.writing import Outcome, pour, write
from crisisctl.messages.pack import Setting
from crisisctl.messages.proof.readers import PUBLIC
from crisisctl.messages.templates import find_template
from crisisctl.playbook.model import Send
from crisisctl.report.data import Json, View
from crisisctl.text import listed

TICK = timedelta(milliseconds=200)
"""How often the progress is shown anew."""
PROCESSES = 2
STDOUT = Path("-")


@dataclass(frozen=True, slots=True)
class Order:
    """What was typed after `crisisctl message render NAME`."""

    recipients: Path | None
    """The list; None: those to whom was given what the message is about."""
    channel: str
    default: str
    output: Path | None


def render(message: str, id: str | None, order: Order, *, json: bool) -> None:
    """Write the text for each person on a list; exit code 1 when rows were rejected."""
    if json and order.output == STDOUT:
        raise CrisisError("--json tells about a file of texts", hint="name the file with -o FILE")
    if order.channel in PUBLIC:
        raise CrisisError(
            f'everyone reads "{order.channel}": there is no text for one person there',
            hint="take a channel that reaches one person at a time, such as email, sms or push",
        )
    at = desk()
    _, incident = at.open(id)
    playbook, step = find_message(incident, message)
    send = narrowed(step, [order.channel])
    people = _people(at, incident, playbook, send, order)
    ready = _letters(at, incident, playbook, send, people)
    output = order.output or _outbox(at, incident, send)
    outcome = _written(at, ready, people, output)
    if json:
        view = View(zone(incident))
        print_json(at, {**view.head(incident), **_as_json(send, people, output, outcome)})
    else:
        _tell(at, send, people, output, outcome)
    if outcome.counts.rejected:
        raise typer.Exit(1)


def _written(at: Desk, ready: Letters, people: Recipients, output: Path) -> Outcome:
    progress = Progress(at)
    try:
        if output != STDOUT:
            return write(ready, people, output, told=progress.show, processes=PROCESSES)
        at.out.stream.flush()
        lines = at.out.stream.buffer
        found = pour(ready, people, lines, told=progress.show, processes=PROCESSES)
        lines.flush()
        return found
    finally:
        progress.end()


class Progress:
    """How far it is, on one line of a terminal; nothing elsewhere."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lively = desk.talk.terminal and not desk.talk.dumb
        self._began = self._last = desk.now()

    def show(self, counts: Counts) -> None:
        """The count, the rate and what was rejected, a few times a second."""
        now = self._desk.now()
        if not self._lively or now - self._last < TICK:
            return
        self._last = now
        rate = counts.people / max((now - self._began).total_seconds(), 0.001)
        words = f"{counts.people:,} written · {rate:,.0f} a second"
        if counts.rejected:
            words += f" · {counts.rejected:,} rejected"
        self._line(words)

    def end(self) -> None:
        """Clear the line."""
        if self._lively:
            self._line("")

    def _line(self, words: str) -> None:
        stream = self._desk.talk.stream
        stream.write(f"\r{self._desk.talk.glyphs(words)}\x1b[K")
        stream.flush()


def _people(at: Desk, incident: Incident, playbook: str, send: Send, order: Order) -> Recipients:
    found = list(drafts.locales(at, incident, playbook, send))
    if order.default and order.default not in found:
        raise CrisisError(
            f'the message "{send.message}" has no text in "{order.default}"',
            hint=f"it is written in {listed(found)}",
        )
    if not found:
        raise CrisisError(f'the message "{send.message}" has no text in any language')
    path = order.recipients or lists.list_of(at, incident, send)
    if path is None:
        hint = "name the file with their addresses: --recipients FILE.csv"
        raise CrisisError("nobody says whom to write to", hint=hint)
    return Recipients(path, locales=found, default=order.default or found[0])


def _letters(
    at: Desk, incident: Incident, playbook: str, send: Send, people: Recipients
) -> Letters:
    now, setting = at.now(), Setting(at.workspace, playbook, zone(incident), incident.drill)
    names = _names(incident, send, now)
    personal = people.columns.personal
    templates = [
        find_template(setting.workspace, playbook, send.message, locale, setting.zone)
        for locale in people.locales
    ]
    for name in unknown_names(templates, names, personal):
        at.talk.block(f'the text speaks of "{name}", and the list has no such column', "warn")
    return letters(setting, send.message, send.channels[0], names, people.locales, personal)


def _names(incident: Incident, send: Send, now: datetime) -> dict[str, object]:
    names: dict[str, object] = {**confirmed(incident, now=now), "sent_at": now}
    promised = next_update_at(incident, now=now, to=send.to)
    if promised is not None:
        names["next_update"] = promised
    return names


def _outbox(at: Desk, incident: Incident, send: Send) -> Path:
    """Where it is written unless said otherwise: nobody else may look in there."""
    folder = at.folder(drill=incident.drill) / "outbox" / incident.id / "personal"
    for each in (*reversed(folder.parents), folder):
        if not each.is_dir():
            each.mkdir(exist_ok=True)
            each.chmod(0o700)
    return folder / f"{send.message}.{send.channels[0]}.jsonl"


def _tell(at: Desk, send: Send, people: Recipients, output: Path, outcome: Outcome) -> None:
    counts = outcome.counts
    for row in outcome.first:
        at.talk.block(f"line {row.line}: {row.reason}", "warn")
    more = counts.rejected + counts.repeated - len(outcome.first)
    if more > 0:
        at.talk.block(f"… and {more:,} more", "warn")
    screen = at.talk if output == STDOUT else at.out
    screen.block(f'✓ "{send.message}" on {send.channels[0]}: {_texts(counts.people)}', "good")
    for line in _notes(counts, people.default):
        screen.block(line, indent="  ")
    if output != STDOUT:
        screen.line(f"  {output}", "good")
    if outcome.rejected is not None:
        screen.line(f"  {outcome.rejected}: every row that was left out, and why")


def _texts(number: int) -> str:
    return "1 text" if number == 1 else f"{number:,} texts"


def _notes(counts: Counts, default: str) -> Sequence[str]:
    """What an operator must know before the texts go out; nothing where all is well."""
    found = {
        "rejected, nobody there gets a message": counts.rejected,
        "left out, because the address came before": counts.repeated,
        f"without a language get {default}": counts.without_locale,
        f"in a language that this message lacks get {default}": counts.unknown_locale,
    }
    return [f"{number:,} {words}" for words, number in found.items() if number]


def _as_json(send: Send, people: Recipients, output: Path, outcome: Outcome) -> Json:
    counts = outcome.counts
    return {
        "message": send.message,
        "channel": send.channels[0],
        "output": str(output),
        "people": counts.people,
        "rejected": counts.rejected,
        "repeated": counts.repeated,
        "without_locale": counts.without_locale,
        "unknown_locale": counts.unknown_locale,
        "default_locale": people.default,
        "rejected_file": None if outcome.rejected is None else str(outcome.rejected),
        "first_rejected": [{"line": row.line, "reason": row.reason} for row in outcome.first],
    }
