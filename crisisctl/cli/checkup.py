"""`doctor`: whether everything needed in a crisis is in place, found out before it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import typer

from crisisctl import __version__
from crisisctl.cli.desk import Desk, desk, local_zone
from crisisctl.cli.printing import print_json
from crisisctl.cli.screen import Style
from crisisctl.errors import CrisisError
from crisisctl.journal import Journal, verify
from crisisctl.messages import preapproval
from crisisctl.messages.channels import load_channels
from crisisctl.messages.templates import find_template
from crisisctl.playbook.load import load
from crisisctl.text import listed, zone_of
from crisisctl.workspace import locales_of, playbook_file, playbook_names, shipped

LITTLE = 50 * 1024 * 1024
"""Bytes of free disk below which a crisis should not begin."""
NEEDED = 256 * 1024
"""Bytes that an incident cannot be recorded without."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    what: str
    state: Literal["ok", "warning", "error"]
    text: str


def doctor(*, json: bool) -> None:
    """Look at everything; exit code 1 when something is broken."""
    at = desk()
    found = list(_examined(at))
    if json:
        rows = [{"what": f.what, "state": f.state, "text": f.text} for f in found]
        print_json(at, {"healthy": not _broken(found), "findings": rows})
    else:
        styles: dict[str, Style] = {"ok": "good", "warning": "warn", "error": "bad"}
        for finding in found:
            words = [[finding.state, f"{finding.what}: {finding.text}"]]
            at.out.table(words, style=styles[finding.state])
    if _broken(found):
        raise typer.Exit(1)


def _broken(found: list[Finding]) -> bool:
    return any(finding.state == "error" for finding in found)


def _examined(at: Desk) -> Iterator[Finding]:
    for what, look in _CHECKS:
        try:
            yield from look(at)
        except CrisisError as error:
            yield Finding(what, "error", error.message)
        except OSError as error:
            yield Finding(what, "error", f"{error.filename}: {error.strerror}".lower())


def _version(_: Desk) -> Iterator[Finding]:
    python = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("version", "ok", f"crisisctl {__version__}, Python {python}")


def _home(at: Desk) -> Iterator[Finding]:
    folder = at.home
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(NEEDED))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        yield Finding("home", "error", f"{at.home} cannot be written: {reason}")
        return
    free = shutil.disk_usage(folder).free
    if free < LITTLE:
        yield Finding("home", "warning", f"{at.home}: only {free // 1024**2} MiB are free")
    else:
        yield Finding("home", "ok", str(at.home))


def _journals(at: Desk) -> Iterator[Finding]:
    for drill, name in ((False, "journal"), (True, "drills")):
        path = at.folder(drill=drill) / "journal.db"
        if not path.exists():
            yield Finding(name, "ok", "nothing recorded yet")
            continue
        damages = verify(path)
        for damage in damages:
            yield Finding(name, "error", str(damage))
        if not damages:
            with Journal.open(path) as journal:
                count = len(journal.heads())
                if journal.read_only:
                    yield Finding(name, "warning", f"read-only: {journal.why_read_only}")
            yield Finding(name, "ok", f"{count} incidents, every event is intact")


def _workspace(at: Desk) -> Iterator[Finding]:
    root = at.workspace.root
    if root is None:
        yield Finding(
            "workspace",
            "warning",
            "no crisisctl.yaml here or above: brand and contacts will be asked in the crisis",
        )
        return
    missing = [
        key for key in ("brand.name", "brand.support_email", "locales") if not at.workspace.get(key)
    ]
    if missing:
        text = f"{root}: {listed(missing)} missing, will be asked in the crisis"
        yield Finding("workspace", "warning", text)
    else:
        yield Finding("workspace", "ok", str(root))


def _zone(at: Desk) -> Iterator[Finding]:
    setting = at.workspace.get("time_zone")
    name = local_zone(at.environment, setting)
    zone_of(name)
    meant = at.environment.get("TZ", "").removeprefix(":")
    if isinstance(setting, str) or meant in ("", name):
        yield Finding("time zone", "ok", name)
    else:
        text = f"TZ={meant} is not the name of a zone: times are shown in {name}"
        yield Finding("time zone", "warning", text)


def _content(at: Desk) -> Iterator[Finding]:
    if not shipped("playbooks").is_dir():
        yield Finding("playbooks", "error", "the shipped playbooks are missing: install again")
        return
    load_channels(at.workspace)
    for name in playbook_names(at.workspace):
        try:
            plan = load(playbook_file(at.workspace, name)).plan
            texts = _templates(at, name, plan.messages())
        except CrisisError as error:
            for line in error.message.split("\n"):
                yield Finding(f"playbook {name}", "error", line)
        else:
            yield Finding(f"playbook {name}", "ok", f"{len(plan.steps())} steps, {texts} texts")


def _templates(at: Desk, playbook: str, messages: list[str]) -> int:
    zone = zone_of("UTC")
    count = 0
    for message in messages:
        written = locales_of(at.workspace, playbook, message)
        if not written:
            raise CrisisError(f'the message "{message}" is written in no language')
        for locale in written:
            find_template(at.workspace, playbook, message, locale, zone)
            count += 1
    return count


def _approvals(at: Desk) -> Iterator[Finding]:
    for one in preapproval.pre_approved(at.workspace):
        playbook, _, message = one.message.partition("/")
        known = preapproval.beforehand(at.workspace, playbook, message)
        what = f"{one.message} may go out at once: approved by {known.who}"
        void = f"{one.message} waits for an approval: {known.void}"
        yield Finding("approvals", "ok" if known.who else "warning", what if known.who else void)


def _terminal(at: Desk) -> Iterator[Finding]:
    if not at.out.unicode:
        yield Finding("terminal", "warning", "not UTF-8: letters of some languages show as escapes")
    else:
        yield Finding("terminal", "ok", f"{at.out.width} columns")


def _operator(at: Desk) -> Iterator[Finding]:
    named = "CRISISCTL_OPERATOR" in os.environ
    hint = "" if named else " (CRISISCTL_OPERATOR sets another name)"
    yield Finding("operator", "ok", f"{at.operator}{hint}")


_CHECKS: tuple[tuple[str, Callable[[Desk], Iterator[Finding]]], ...] = (
    ("version", _version),
    ("home", _home),
    ("journal", _journals),
    ("workspace", _workspace),
    ("time zone", _zone),
    ("playbooks", _content),
    ("approvals", _approvals),
    ("terminal", _terminal),
    ("operator", _operator),
)
