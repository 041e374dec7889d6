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
from crisisctl.cli.telling import measure_json
from crisisctl.errors import CrisisError
from crisisctl.messages.channels import Channel, load_channels
from crisisctl.messages.limits import Measured, Parts, measured
from crisisctl.messages.measure import in_words
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
_SAID = {"next-update": "next word", "refund": "refund", "report": "report", "other": "something"}


class Order(Struct, frozen=True):
    """What was typed beside the file."""

    channel: str | None = None
    locale: str | None = None
    kind: str | None = None
    strict: bool = False


class _Proof(Struct, frozen=True):
    """Everything found out about one text."""

    file: str
    locale: str
    where: str
    """The channel in words; empty where none was named."""
    measures: tuple[Measured, ...]
    flaws: tuple[Flaw, ...]
    promised: list[Promise]

    def count(self, severity: str) -> int:
        return sum(flaw.severity == severity for flaw in self.flaws)

    @property
    def fits(self) -> bool:
        return not any(each.over for each in self.measures if each.hard)

    def fails(self, *, strict: bool) -> bool:
        errors = self.count("error") + (self.count("warning") if strict else 0)
        return bool(errors) or not self.fits


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
        where=channel.title if channel is not None else "",
        measures=_measures(text.strip(), channel),
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
        plain=channel is not None and channel.sms,
        own=own_of(workspace),
    )


def _measures(said: str, channel: Channel | None) -> tuple[Measured, ...]:
    if channel is None:
        return (Measured("text", len(said), 0, "characters", hard=True),)
    return measured(channel, Parts(said))


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
    for each in found.measures if found.where else ():
        style: Style = "bad" if each.hard and each.over else "warn" if each.over else ""
        at.out.block(_in_words(found.where, each), style)
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


def _in_words(where: str, found: Measured) -> str:
    if not found.limit:
        return f"{where}: {found.length} {in_words(found.unit)}, no limit"
    if found.over:
        return f"{where}: {found}"
    return f"{where}: {found.length} of {found.limit} {in_words(found.unit)}"


def _summary(found: _Proof, *, strict: bool) -> str:
    counts = [_counted(found.count(severity), severity) for severity in ("error", "warning")]
    parts = [" and ".join(filter(None, counts)) or "nothing found"]
    if found.flaws and not found.fails(strict=strict):
        parts.append("warnings fail under --strict only")
    if not found.fits:
        parts.append("too long")
    return "; ".join(parts)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}" if number else ""


def _mood(found: _Proof) -> Style:
    return "warn" if found.flaws else "good"


def _data(found: _Proof, channel: str | None, zone: tzinfo) -> Json:
    view, main = View(zone), found.measures[0]
    return {
        "file": found.file,
        "locale": found.locale,
        "channel": channel,
        "length": main.length,
        "limit": main.limit or None,
        "unit": main.unit,
        "fits": found.fits,
        "measures": [measure_json(each) for each in found.measures],
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
