"""Changing one text by hand, in the operator's own editor or from a file."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from crisisctl.errors import CrisisError
from crisisctl.messages.drafting import rewritten, words_of
from crisisctl.messages.pack import Text, Words

if TYPE_CHECKING:
    from crisisctl.cli.desk import Desk
    from crisisctl.cli.drafts import Sheet

_NOTE = "# crisisctl: "
_LARGEST = 256 * 1024
_HEADS = {"Headline": "heading", "Preheader": "preheader"}
_HEAD = re.compile(r"(Headline|Preheader):[ \t]*(.*)")
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def changed(sheet: Sheet, text: Text, words: Words) -> Text | None:
    """The text with a person's words; None where they are the ones that stood there."""
    new = rewritten(sheet.setting, text, words, shop_name=sheet.shop_name)
    return None if new == text else new


def in_editor(desk: Desk, text: Text) -> Words:
    """The words of a text as they come back from the operator's editor."""
    name = f"{text.message}.{text.channel}.{text.locale}.txt"
    return read_words(edited(desk, to_edit(text), name), text, name)


def edited(desk: Desk, text: str, name: str) -> bytes:
    """What the operator's editor makes of a text, in a file of that name."""
    command = _editor(desk)
    with tempfile.TemporaryDirectory(prefix="crisisctl-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)  # not public yet
        try:
            done = subprocess.run([*command, str(path)], check=False)  # the words are the user's
        except OSError as error:
            reason = (error.strerror or "it cannot be started").lower()
            hint = "set EDITOR to a program that edits text, such as nano"
            raise CrisisError(f"the editor {command[0]}: {reason}", hint=hint) from None
        if done.returncode:
            raise CrisisError(f"the editor {command[0]} ended with code {done.returncode}", code=1)
        return path.read_bytes()


def from_file(path: Path, text: Text) -> Words:
    """The words of a text from a file, or from stdin with `-`."""
    from crisisctl.playbook.reader import file_bytes

    if str(path) == "-":
        return read_words(sys.stdin.buffer.read(_LARGEST + 1), text, "stdin")
    return read_words(file_bytes(path, _LARGEST), text, str(path))


def to_edit(text: Text) -> str:
    """What is put before the operator: a note, the headlines, the text."""
    words = words_of(text)
    rows = [f"{_NOTE}{text.message} on {text.channel} in {text.locale}. Lines like this are left"]
    rows.append(f"{_NOTE}out. Save and leave the editor; an unchanged text stays as it is.")
    if words.heading:
        rows.append(f"Headline: {words.heading}")
    if words.preheader:
        rows.append(f"Preheader: {words.preheader}")
    return "\n".join([*rows, "", words.body, ""])


def read_words(data: bytes, text: Text, name: str) -> Words:
    """The words in what was typed. Raises, with the line, for what cannot be sent."""
    rows = typed_rows(data, name)
    before = words_of(text)
    heads = {"heading": before.heading, "preheader": before.preheader}
    while rows and (not rows[0].strip() or _HEAD.fullmatch(rows[0])):
        found = _HEAD.fullmatch(rows.pop(0))
        if found and heads[_HEADS[found[1]]]:
            heads[_HEADS[found[1]]] = found[2].strip()
    body = "\n".join(rows).strip()
    if not body or (before.heading and not heads["heading"]):
        raise CrisisError(f"{name}: the text is empty", hint="leave the channel out with --channel")
    return Words(heads["heading"], body, heads["preheader"], before.title)


def typed_rows(data: bytes, name: str) -> list[str]:
    """The lines of a typed text, without our notes. Raises for what cannot be sent."""
    if len(data) > _LARGEST:
        raise CrisisError(f"{name} is larger than {_LARGEST // 1024} KiB")
    try:
        typed = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CrisisError(f"{name}:{line}: not UTF-8", hint="save it as UTF-8") from None
    for number, row in enumerate(typed.split("\n"), 1):
        if hidden := _CONTROL.search(row):
            what = f"the invisible character U+{ord(hidden[0]):04X} cannot be sent"
            raise CrisisError(f"{name}:{number}:{hidden.start() + 1}: {what}", hint="remove it")
    return [row.rstrip() for row in typed.split("\n") if not row.startswith(_NOTE.rstrip())]


def _editor(desk: Desk) -> list[str]:
    named = desk.environment.get("VISUAL") or desk.environment.get("EDITOR") or "vi"
    try:
        command = shlex.split(named)
    except ValueError:
        command = []
    if not command or not os.isatty(0):
        what = "there is no terminal to edit on" if command else f"EDITOR is unusable: {named}"
        raise CrisisError(what, hint="give the text as a file: --from FILE")
    return command
