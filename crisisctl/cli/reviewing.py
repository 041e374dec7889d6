"""Reading what is to be sent: text by text, with what was found in it, before it is approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisctl.cli import reading
from crisisctl.cli.keyboard import Option
from crisisctl.errors import CrisisError
from crisisctl.messages.pack import Pack, Text
from crisisctl.text import moment

if TYPE_CHECKING:
    from crisisctl.cli.drafts import Sheet
    from crisisctl.cli.walk import Walk

MANY = 3
"""Texts shown one below the other; of more, the operator chooses."""


def review(walk: Walk, sheet: Sheet, *, sends: bool = True) -> Sheet | None:
    """The texts as the operator approves them; None when they are left for later."""
    screen = walk.desk.talk
    if sheet.draft is not None:
        at = moment(sheet.draft.at, walk.zone)
        screen.block(f"As {sheet.draft.by} drafted it, {at}.", "dim")
    reading.matrix(screen, sheet.pack)
    if sheet.pack.texts:
        reading.to_read(screen, _first(sheet.pack))
    while True:
        fitting = sheet.pack.without(sheet.pack.too_long)
        chosen = walk.asked().choose(
            f'The message "{sheet.pack.message}" to {sheet.pack.to}',
            _options(sheet, fitting, sends),
        )
        if chosen == "approve":
            return sheet.only(fitting.texts)
        if chosen == "later":
            return None
        if chosen == "edit":
            sheet = _edited(walk, sheet)
        else:
            read_pack(walk, sheet.pack)


def _options(sheet: Sheet, fitting: Pack, sends: bool) -> list[Option]:
    words = f"Approve these {len(fitting.texts)} texts{' and send them' * sends}"
    if sheet.pack.too_long:
        words += f" (without the {len(sheet.pack.too_long)} that are too long)"
    return [
        Option("approve", words),
        Option("read", "Read the texts"),
        Option("edit", "Edit a text"),
        Option("later", "Not now"),
    ]


def _edited(walk: Walk, sheet: Sheet) -> Sheet:
    from crisisctl.cli import editing

    text = pick(walk, sheet.pack)
    try:
        words = editing.in_editor(walk.desk, text)
    except CrisisError as error:
        walk.desk.talk.block(f"Nothing was changed: {error.message}", "bad")
        return sheet
    changed = editing.changed(sheet, text, words)
    if changed is None:
        walk.desk.talk.block("Nothing was changed.", "dim")
        return sheet
    reading.to_read(walk.desk.talk, changed)
    return sheet.with_text(changed)


def pick(walk: Walk, pack: Pack) -> Text:
    """The one text that the operator means."""
    texts = pack.texts
    locales = list(dict.fromkeys(text.locale for text in texts))
    if len(locales) > 1:
        chosen = walk.asked().choose("In which language?", [Option(loc, loc) for loc in locales])
        texts = tuple(text for text in texts if text.locale == chosen)
    if len(texts) == 1:
        return texts[0]
    options = [Option(text.channel, text.channel) for text in texts]
    channel = walk.asked().choose("On which channel?", options)
    return next(text for text in texts if text.channel == channel)


def read_messages(walk: Walk) -> None:
    """Let the operator read what was sent, and what would be sent now."""
    from pathlib import Path

    from crisisctl.cli import drafts

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
        found = drafts.sheet(walk.desk, walk.incident, plan.playbook, step.send, now=walk.now())
    except CrisisError as error:
        screen.block(f"It cannot be shown yet: {error.message}", "warn")
        return
    read_pack(walk, found.pack)


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


def _first(pack: Pack) -> Text:
    preferred = [t for t in pack.texts if t.channel in ("status-page", "internal")]
    return (preferred or list(pack.texts))[0]
