"""`message diff`: what changes against the last text that was sent on the same channel."""

from __future__ import annotations

from collections.abc import Sequence

from crisisctl.cli import drafts
from crisisctl.cli.desk import Desk, desk, zone
from crisisctl.cli.printing import print_json
from crisisctl.cli.screen import Style
from crisisctl.cli.telling import find_message, narrowed
from crisisctl.messages.changes import Change, Row, changes
from crisisctl.messages.drafting import words_of
from crisisctl.messages.history import SaidText, last_said
from crisisctl.messages.pack import Text
from crisisctl.report.data import Json, View
from crisisctl.text import moment

_STYLES: dict[Change, Style] = {"kept": "", "removed": "bad", "added": "good"}
_MARKS: dict[Change, tuple[str, str]] = {
    "kept": ("", ""),
    "removed": ("[-", "-]"),
    "added": ("{+", "+}"),
}


def diff(
    message: str, id: str | None, *, channels: Sequence[str], locales: Sequence[str], json: bool
) -> None:
    """Each text beside the last one that its readers got there."""
    at = desk()
    _, incident = at.open(id)
    playbook, step = find_message(incident, message)
    send, where = narrowed(step, channels), zone(incident)
    found = drafts.sheet(at, incident, playbook, send, now=at.now(), only=locales)
    pairs = [
        (text, last_said(incident, found.pack.to, text.channel, text.locale))
        for text in found.pack.texts
    ]
    if json:
        view = View(where)
        print_json(at, {**view.head(incident), "texts": [_row(view, *pair) for pair in pairs]})
        return
    for text, before in pairs:
        at.out.line(f"{text.channel} · {text.locale}", "title")
        if before is None:
            at.out.line("nothing was sent there yet", "dim")
        else:
            at.out.line(f'against "{before.message}", {moment(before.at, where)}', "dim")
            _print(at, _changes(text, before))
        at.out.line()


def _changes(text: Text, before: SaidText) -> tuple[Row, ...]:
    return changes(_whole(before.heading, before.body), _whole(*_words(text)))


def _words(text: Text) -> tuple[str, str]:
    words = words_of(text)
    return words.heading, words.body


def _whole(heading: str, body: str) -> str:
    return f"{heading}\n\n{body}" if heading else body


def _print(at: Desk, rows: Sequence[Row]) -> None:
    if all(row.is_kept for row in rows):
        at.out.line("the same text")
        return
    for row in rows:
        whole = {piece.change for piece in row.pieces}
        mark = {frozenset({"removed"}): "- ", frozenset({"added"}): "+ "}.get(
            frozenset(whole), "  "
        )
        words = "".join(
            _painted(at, piece.text, piece.change, len(whole) > 1) for piece in row.pieces
        )
        at.out.stream.write(f"{mark}{words}\n")


def _painted(at: Desk, text: str, change: Change, among_others: bool) -> str:
    first, last = _MARKS[change] if among_others else ("", "")
    return at.out.paint(f"{first}{text}{last}", _STYLES[change])


def _row(view: View, text: Text, before: SaidText | None) -> Json:
    return {
        "channel": text.channel,
        "locale": text.locale,
        "against": {"message": before.message, "at": view.at(before.at)} if before else None,
        "lines": [
            {
                "before": row.before or None,
                "after": row.after or None,
                "pieces": [{"change": p.change, "text": p.text} for p in row.pieces],
            }
            for row in (_changes(text, before) if before else ())
        ],
    }
