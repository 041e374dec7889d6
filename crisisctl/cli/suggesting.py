"""What `suggest` does: the record's advice on playbooks, and a diff that nobody has applied yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from crisisctl.cli.desk import Desk, desk
from crisisctl.cli.overall import gather, tell_unread
from crisisctl.cli.printing import deliver, print_json
from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.learning.edits import diff, edited
from crisisctl.learning.habits import Walk, walk
from crisisctl.learning.suggest import Kind, Suggestion, suggestions
from crisisctl.playbook.load import BadFile, loads
from crisisctl.playbook.reader import file_bytes
from crisisctl.workspace import playbook_file, playbook_names

if TYPE_CHECKING:
    from crisisctl.cli.screen import Screen
    from crisisctl.journal import Journal
    from crisisctl.learning.gather import Gathered

_NEWEST = 200
"""Older incidents followed older plans."""
_IDS = 4
_HEADS: dict[Kind, str] = {
    "always-skipped": "Steps that are skipped",
    "skipped-when": "Steps that are skipped under one condition",
    "always-late": "Steps that take longer than their timebox",
    "added-by-hand": "Added by hand again and again",
    "never-answered": "Questions that nobody answers",
    "never-chosen": "Options that nobody takes",
    "same-reason": "Decisions that are always the same",
    "deadline-missed": "Deadlines that are nearly always missed",
}


class Advice(Struct, frozen=True):
    """What the record says about one playbook, and the change that follows from it."""

    playbook: str
    walked: int
    """Incidents that followed it."""
    read: int
    """The newest of them, which were read."""
    found: list[Suggestion]
    changes: list[Suggestion]
    """Those that are in the diff."""
    diff: str


def suggest(name: str | None, *, least: int, drill: bool, output: Path | None, json: bool) -> None:
    """Say what was seen; nothing is changed."""
    at = desk()
    names = [name] if name else playbook_names(at.workspace)
    files = {each: playbook_file(at.workspace, each) for each in names}
    journal = at.journal(drill=drill)
    found = gather(at, journal, drill=drill)
    every = []
    for each, file in files.items():
        try:
            every.append(_advice(at, journal, found, each, file, least))
        except BadFile as error:
            if name:
                raise
            at.talk.line(error.message, "bad")
    change = "".join(advice.diff for advice in every)
    if output is not None and change:
        deliver(at, change, output)
    if json:
        print_json(at, {"least": least, "drill": drill, "playbooks": list(map(_as_data, every))})
    elif output is None or str(output) != "-":
        _show(at.out, every, least, named=bool(name), written=output is not None)
    if output is not None and not change:
        at.talk.line(f"No change to propose: {output} is not written.")
    tell_unread(at, found)


def _advice(
    at: Desk, journal: Journal, found: Gathered, name: str, file: Path, least: int
) -> Advice:
    text = file_bytes(file).decode("utf-8", "replace")
    plan, problems = loads(text)
    if plan is None or problems:
        raise BadFile(str(file), problems)
    ids = [past.figures.incident for past in found.past if name in past.figures.playbooks]
    walks = [_walk(journal, id, name, at) for id in ids[:_NEWEST]]
    if len(walks) < least:
        return Advice(name, len(ids), len(walks), [], [], "")
    texts = [text, *_templates(at, name)]
    seen = suggestions(plan, walks, least=least, mentioned=_mentioned_in(texts))
    changed, changes = text, []
    for each in seen:
        after = edited(changed, each.edit) if each.edit is not None else None
        if after is not None:
            changed = after
            changes.append(each)
    shown = diff(text, changed, _place(at, file))
    return Advice(name, len(ids), len(walks), seen, changes, shown)


def _walk(journal: Journal, id: str, name: str, at: Desk) -> Walk:
    entries = [ev.decode(row.body) for row in journal.read_verified(id)]
    return walk(fold(id, entries), entries, name, now=at.now())


def _templates(at: Desk, name: str) -> list[str]:
    folders = [folder / name for folder in at.workspace.folders("templates")]
    files = [file for folder in folders for file in sorted(folder.glob("*.j2"))]
    found = []
    for file in files:
        try:
            found.append(file_bytes(file).decode("utf-8", "replace"))
        except CrisisError:  # `lint` says what is wrong with it
            continue
    return found


def _mentioned_in(texts: Sequence[str]) -> Callable[[str], bool]:
    """Whether a condition or a text names an option: as a word in quotes."""

    def mentioned(option: str) -> bool:
        named = re.compile(rf"""['"]{re.escape(option)}['"]""")
        return any(named.search(text) for text in texts)

    return mentioned


def _place(at: Desk, file: Path) -> str:
    """The file as the diff names it: from the workspace, where the diff is applied."""
    root = at.workspace.root
    if root is not None and file.is_relative_to(root):
        return file.relative_to(root).as_posix()
    return f"playbooks/{file.name}"


def _show(out: Screen, every: Sequence[Advice], least: int, *, named: bool, written: bool) -> None:
    told = [advice for advice in every if advice.found or named]
    if not told:
        out.line("Nothing to suggest.")
        return
    for advice in told:
        of = (
            f"the newest {advice.read} of {advice.walked:,}"
            if advice.read < advice.walked
            else (f"{advice.walked}")
        )
        out.line(f"{advice.playbook}, from {of} incidents", "title")
        if advice.walked < least:
            out.block(f"Too few to suggest anything: {least} are needed (--least).")
        elif not advice.found:
            out.line("Nothing to suggest.")
        for kind, head in _HEADS.items():
            _kind(out, head, [each for each in advice.found if each.kind == kind], advice)
        out.line()
    changes = "".join(advice.diff for advice in every)
    if changes and not written:
        out.line("The change, as a diff (`-o FILE` writes it for `git apply`):", "bold")
        out.line()
        for row in changes.rstrip("\n").split("\n"):
            out.line(row.rstrip("\r"), _colour(row))


def _kind(out: Screen, head: str, found: Sequence[Suggestion], advice: Advice) -> None:
    if not found:
        return
    out.line()
    out.line(head, "bold")
    for number, each in enumerate(found):
        more = " In the diff." if each in advice.changes else ""
        out.table([["-", f"{each.words}: {each.seen} of {each.of}.{more}"]])
        if [*found, None][number + 1] is None or found[number + 1].incidents != each.incidents:
            rest = len(each.incidents) - _IDS
            out.block(
                f"{', '.join(each.incidents[:_IDS])}{f' and {rest} more' * (rest > 0)}",
                "dim",
                "   ",
            )
    for advised in dict.fromkeys(e.advice for e in found if e.advice and e not in advice.changes):
        out.block(f"{advised[0].upper()}{advised[1:]}.", "dim", "   ")


def _colour(row: str) -> Any:
    if row.startswith(("---", "+++", "@@")):
        return "bold"
    return {"+": "good", "-": "bad"}.get(row[:1], "")


def _as_data(advice: Advice) -> dict[str, Any]:
    return {
        "playbook": advice.playbook,
        "incidents": advice.walked,
        "read": advice.read,
        "suggestions": [
            {
                "kind": each.kind,
                "about": each.about,
                "text": each.words,
                "seen": each.seen,
                "of": each.of,
                "incidents": list(each.incidents),
                "advice": each.advice or None,
                "in_diff": each in advice.changes,
            }
            for each in advice.found
        ],
        "diff": advice.diff or None,
    }
