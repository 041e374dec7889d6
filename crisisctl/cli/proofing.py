"""`proof`: what is wrong with any finished text, and whether its channel takes it."""

from __future__ import annotations

import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from datetime import tzinfo
from pathlib import Path
from typing import get_args

import typer
from msgspec import Struct

from crisisctl.cli.desk import Desk, desk, local_zone
from crisisctl.cli.printing import print_json
from crisisctl.cli.screen import Style
from crisisctl.errors import CrisisError
from crisisctl.messages.channels import Channel, load_channels
from crisisctl.messages.measure import measure
from crisisctl.messages.proof import language, promises
from crisisctl.messages.proof.checks import looks_like_html
from crisisctl.messages.proof.own import own_of
from crisisctl.messages.proof.promises import Promise
from crisisctl.messages.proof.proofread import Flaw, Setting, proofread
from crisisctl.messages.proof.readers import PUBLIC, STAFF
from crisisctl.playbook.model import MessageKind
from crisisctl.playbook.reader import MAX_BYTES, file_bytes
from crisisctl.report.data import Json, View
from crisisctl.text import columns, did_you_mean, listed, moment, quoted, safe, zone_of
from crisisctl.workspace import Workspace

STDIN = "-"
KINDS: tuple[MessageKind, ...] = get_args(MessageKind)
_UNITS = {"x": "characters as X counts", "utf16": "UTF-16 units", "segments": "parts"}
_SAID = {"next-update": "next word", "refund": "refund", "report": "report", "other": "something"}


class Order(Struct, frozen=True):
    """What was typed beside the file."""

    channel: str | None = None
    locale: str | None = None
    kind: str | None = None
    strict: bool = False


class _Length(Struct, frozen=True):
    """How long a text is where it will stand; a limit of 0 is none."""

    where: str
    length: int
    limit: int
    unit: str

    @property
    def fits(self) -> bool:
        return not self.limit or self.length <= self.limit


class _Proof(Struct, frozen=True):
    """Everything found out about one text."""

    file: str
    locale: str
    length: _Length
    flaws: tuple[Flaw, ...]
    promised: list[Promise]

    def count(self, severity: str) -> int:
        return sum(flaw.severity == severity for flaw in self.flaws)

    def fails(self, *, strict: bool) -> bool:
        errors = self.count("error") + (self.count("warning") if strict else 0)
        return bool(errors) or not self.length.fits


def proof(file: str, order: Order, *, json: bool) -> None:
    """Proofread a file, or stdin; exit code 1 when an error was found or it is too long."""
    at = desk()
    kind = _kind(order.kind)
    channel = load_channels(at.workspace).get(order.channel) if order.channel else None
    if order.locale is not None:
        _known(order.locale, at.workspace)
    text = _read(at, file)
    locale = order.locale or _guessed(at, text)
    setting = _setting(at.workspace, locale, kind, order.channel, channel)
    if looks_like_html(text):
        at.talk.line("this is HTML: it is read as it stands, tags and all, not rendered", "warn")
    zone = zone_of(local_zone(at.environment, at.workspace.get("time_zone")))
    lists = promises.lists_of(at.workspace, setting.locale)
    found = _Proof(
        file=file,
        locale=locale,
        length=_length(text, channel),
        flaws=proofread(text, setting),
        promised=promises.promises(text, setting.locale, lists, now=at.now(), zone=zone)
        if lists is not None
        else [],
    )
    if json:
        print_json(at, _data(found, order.channel, zone))
    else:
        _show(at, found, zone, strict=order.strict)
    if found.fails(strict=order.strict):
        raise typer.Exit(1)


def _kind(typed: str | None) -> MessageKind | None:
    found = next((kind for kind in KINDS if kind == typed), None)
    if typed is not None and found is None:
        guess = did_you_mean(typed, KINDS)
        hint = f'did you mean "{guess}"? ' if guess else ""
        raise CrisisError(
            f"there is no kind {quoted(typed)}", hint=f"{hint}kinds: {listed(KINDS, 'or')}"
        )
    return found


def _setting(
    workspace: Workspace,
    locale: str,
    kind: MessageKind | None,
    name: str | None,
    channel: Channel | None,
) -> Setting:
    return Setting(
        workspace,
        locale.partition("-")[0],
        kind=kind,
        form="body" if channel is None or channel.form == "body" else "short",
        public=name in PUBLIC,
        staff=name in STAFF,
        plain=channel is not None and "segments" in channel.unit,
        own=own_of(workspace),
    )


def _length(text: str, channel: Channel | None) -> _Length:
    said = text.strip()
    if channel is None:
        return _Length("", len(said), 0, "characters")
    return _Length(channel.title, measure(said, channel.unit), channel.limit, channel.unit)


# The text


def _read(at: Desk, file: str) -> str:
    """The text with plain line ends. Raises, saying what is wrong with the file."""
    what = "what came in on stdin" if file == STDIN else file
    data = _stdin(at) if file == STDIN else file_bytes(Path(file))
    if len(data) > MAX_BYTES:
        raise CrisisError(f"{what} is larger than 1 MiB")
    text = _decoded(data, what).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise CrisisError(f"{what} is empty", hint="give it a text to read")
    return text


def _stdin(at: Desk) -> bytes:
    if sys.stdin is None:
        return b""
    if at.interactive:
        at.talk.line("paste the text, then press Ctrl-D on a line of its own", "dim")
    return sys.stdin.buffer.read(MAX_BYTES + 1)


def _decoded(data: bytes, what: str) -> str:
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise CrisisError(f"{what} is saved as UTF-16", hint="save it as UTF-8")
    if b"\0" in data:
        raise CrisisError(f"{what} is no text: it holds zero bytes", hint="name a text file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        hint = "save it as UTF-8; a Word or PDF file must be saved as plain text first"
        raise CrisisError(f"{what} is not UTF-8 in line {line}", hint=hint) from None


def _known(locale: str, workspace: Workspace) -> None:
    name = locale.partition("-")[0]
    if name.isalpha() and workspace.find("templates", f"words/tone.{name}.yaml"):
        return
    raise CrisisError(
        f"there are no words to read {quoted(locale)} by",
        hint=f"languages: {listed(language.NAMES, 'or')}",
    )


def _guessed(at: Desk, text: str) -> str:
    found = language.guessed(text, language.words_of(at.workspace))
    if found is None:
        hint = f"say it: --locale {listed(language.NAMES, 'or')}"
        raise CrisisError("it is not clear which language this is", hint=hint)
    at.talk.line(f"read as {language.NAMES[found]}; else say --locale", "dim")
    return found


# What is shown


def _show(at: Desk, found: _Proof, zone: tzinfo, *, strict: bool) -> None:
    for flaw in found.flaws:
        _show_flaw(at, _named(found.file), flaw)
    if found.flaws:
        at.out.line()
    for promise in found.promised:
        if promise.due is not None:
            due = moment(promise.due, zone)
            at.out.block(f"promised: {_SAID[promise.kind]} by {due}")
    length = found.length
    if length.where:
        at.out.block(_measured(length), "" if length.fits else "bad")
    failed = found.fails(strict=strict)
    at.out.block(_summary(found, strict=strict), "bad" if failed else _mood(found))
    if found.flaws and at.talk.terminal:
        rule = found.flaws[0].rule
        at.talk.line(f"why it matters, how to fix it: crisisctl lint --explain {rule}", "dim")


def _show_flaw(at: Desk, file: str, flaw: Flaw) -> None:
    style: Style = "bad" if flaw.severity == "error" else "warn"
    place, label = f"{file}:{flaw.line}:{flaw.column}:", f"{flaw.severity}[{flaw.rule}]:"
    head = f"{at.out.paint(place, 'bold')} {at.out.paint(label, style)}"
    if at.out.terminal and columns(safe(f"{place} {label} {flaw.text}")) > at.out.width:
        at.out.stream.write(f"{head}\n")
        at.out.block(flaw.text, indent="    ")
    else:
        at.out.stream.write(f"{head} {at.out.paint(flaw.text, '')}\n")
    if flaw.hint and at.out.terminal:
        at.out.block(f"hint: {flaw.hint}", indent="    ")
    elif flaw.hint:
        at.out.line(f"    hint: {flaw.hint}")


def _named(file: str) -> str:
    """A file's name at the start of a line; in CI logs `::` there would be a command."""
    return f"./{file}" if file.startswith((":", "#", " ")) else file


def _measured(length: _Length) -> str:
    unit = _UNITS.get(length.unit, length.unit)
    if not length.limit:
        return f"{length.where}: {length.length} {unit}, no limit"
    over = f": {length.length - length.limit} too many" if not length.fits else ""
    return f"{length.where}: {length.length} of {length.limit} {unit}{over}"


def _summary(found: _Proof, *, strict: bool) -> str:
    counts = [_counted(found.count(severity), severity) for severity in ("error", "warning")]
    parts = [" and ".join(filter(None, counts)) or "nothing found"]
    if found.flaws and not found.fails(strict=strict):
        parts.append("warnings fail under --strict only")
    if not found.length.fits:
        parts.append("too long")
    return "; ".join(parts)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}" if number else ""


def _mood(found: _Proof) -> Style:
    return "warn" if found.flaws else "good"


def _data(found: _Proof, channel: str | None, zone: tzinfo) -> Json:
    view, length = View(zone), found.length
    return {
        "file": found.file,
        "locale": found.locale,
        "channel": channel,
        "length": length.length,
        "limit": length.limit or None,
        "unit": length.unit,
        "fits": length.fits,
        "findings": [
            {
                "line": flaw.line,
                "column": flaw.column,
                "rule": flaw.rule,
                "severity": flaw.severity,
                "text": flaw.text,
                "hint": flaw.hint,
            }
            for flaw in found.flaws
        ],
        "promises": [
            {"text": safe(promise.text), "kind": promise.kind, "due": view.at(promise.due)}
            for promise in found.promised
        ],
    }
