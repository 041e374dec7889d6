"""Reading what is to be sent: text by text, with what was found in it, before it is approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crisisctl.cli import asking, reading
from crisisctl.cli.keyboard import Back, Option
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.messages import review as messages_review
from crisisctl.messages.pack import Pack, Text
from crisisctl.text import listed, moment, quoted

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
    found = messages_review.review(sheet.pack, sheet.readers)
    reading.matrix(screen, sheet.pack, flaws=found)
    if sheet.pack.texts:
        reading.to_read(screen, _first(sheet.pack))
    reading.flaws(screen, found)
    while True:
        fitting = sheet.pack.without(sheet.pack.too_long)
        asked = f'The message "{sheet.pack.message}" to {sheet.pack.to}'
        chosen = walk.asked().choose(asked, _options(sheet, fitting, sends))
        if chosen == "approve":
            approved = _let_stand(walk, sheet.only(fitting.texts))
            if approved is not None:
                return approved
        elif chosen == "later":
            return None
        elif chosen == "edit":
            sheet = _edited(walk, sheet)
            reading.flaws(screen, messages_review.review(sheet.pack, sheet.readers))
        else:
            read_pack(walk, sheet.pack)


def overruled(sheet: Sheet, given: Mapping[str, str], *, otherwise: str = "") -> Sheet:
    """The sheet with a reason for every error that proofreading finds. Raises where one lacks.

    `otherwise` is the reason where none is given for a rule.
    """
    found = messages_review.by_rule(messages_review.review(sheet.pack, sheet.readers))
    for rule in given.keys() - found.keys():
        hint = f"it finds: {listed(found) or 'nothing'}"
        raise CrisisError(f"nothing of {quoted(rule)} is to be overruled", hint=hint)
    missing, reasons = [], []
    for rule, rows in found.items():
        wrong = rows[0].flaw.severity == "error"
        because = given.get(rule, otherwise if wrong else "")
        if because.strip():
            reasons.append(ev.Overruled(rule, because.strip(), _words(rows)))
        elif wrong:
            missing.append(rows)
    if not missing:
        return replace(sheet, overruled=tuple(reasons))
    first = missing[0][0]
    more = sum(map(len, missing)) - 1
    others = f" (and {more} more)" if more else ""
    rule = first.flaw.rule
    raise CrisisError(
        f"{first.where}: {first.flaw.text} [{rule}]{others}",
        hint=f"mend it with `crisisctl message edit {sheet.pack.message}`, "
        f'or let it stand: --overrule {rule}="why"',
        code=1,
    )


def _let_stand(walk: Walk, sheet: Sheet) -> Sheet | None:
    """Ask why the errors may stand; None when they may not."""
    found = messages_review.review(sheet.pack, sheet.readers)
    wrong = [each for each in found if each.flaw.severity == "error"]
    if not wrong:
        return overruled(sheet, {})
    reading.flaws(walk.desk.talk, wrong)
    asked = "Why may this stand? (for the report; Esc goes back)"
    try:
        because = asking.text(walk, asked, check=_some_words)
    except Back:
        return None
    return overruled(sheet, dict.fromkeys((each.flaw.rule for each in wrong), because))


def _words(rows: Sequence[messages_review.Found]) -> str:
    cells = listed(list(dict.fromkeys(row.cell for row in rows))[:6])
    return f"{rows[0].flaw.text} ({cells})"


def _some_words(typed: str) -> str | None:
    return None if typed.strip() else "the report will show this reason"


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
