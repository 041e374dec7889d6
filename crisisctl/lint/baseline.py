"""A baseline: the findings an old set had on the day it took the linter in.

A finding is known by its file, its rule and its fingerprint, so it may move to
another line; an edited line shows again. File names are kept relative to the
baseline itself, and each finding has a line of its own, for version control.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePath

import msgspec
from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Finding
from crisisctl.lint.rule import RULES
from crisisctl.lint.run import Result
from crisisctl.playbook.reader import file_bytes

SCHEMA = 1
LARGEST = 16 << 20


class Known(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """One finding that is known already."""

    file: str
    rule: str
    fingerprint: str


class _File(msgspec.Struct, frozen=True):
    schema: int
    findings: list[Known]


class Judged(Struct, frozen=True):
    """Findings held against a baseline."""

    new: tuple[Finding, ...]
    known: int
    """How many were left out."""
    gone: tuple[Known, ...]
    """What the baseline lists and is not found any more."""


def read(path: Path) -> frozenset[Known]:
    """What a baseline file lists. Raises when it cannot be read or understood."""
    hint = "write it again with --write-baseline"
    try:
        data = file_bytes(path, LARGEST)
    except CrisisError as error:
        raise CrisisError(error.message, hint="--write-baseline writes one") from None
    try:
        made = msgspec.json.decode(data, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else str(error)
        text = f"{path} is not a baseline of the linter: {reason}"
        raise CrisisError(text, hint=hint) from None
    if made.schema != SCHEMA:
        raise CrisisError(f"{path} was written by another version of the linter", hint=hint)
    return frozenset(made.findings)


def written(findings: Iterable[Finding], path: Path, cwd: Path) -> str:
    """The baseline file that lists these findings; the same for the same findings."""
    rows = sorted(_known(finding, _folder(path), cwd) for finding in findings)
    listed = [f"    {json.dumps(msgspec.structs.asdict(row))}" for row in rows]
    inside = "[\n" + ",\n".join(listed) + "\n  ]" if listed else "[]"
    return f'{{\n  "schema": {SCHEMA},\n  "findings": {inside}\n}}\n'


def judged(
    result: Result, known: Collection[Known], path: Path, *, cwd: Path, rules: Collection[str]
) -> Judged:
    """Leave out what is known.

    What a baseline lists is gone when its rule looked at its file and found
    nothing, or when the file or the rule is no more.
    """
    folder = _folder(path)
    found: Mapping[Finding, Known] = {f: _known(f, folder, cwd) for f in result.findings}
    looked_at = {
        _relative(file, folder, cwd) for file in set(result.files).difference(result.unjudged)
    }
    gone = [
        one
        for one in set(known).difference(found.values())
        if (one.rule in rules or one.rule not in RULES)
        and (one.file in looked_at or not (folder / one.file).exists())
    ]
    new = tuple(finding for finding, one in found.items() if one not in known)
    return Judged(new, len(found) - len(new), tuple(sorted(gone)))


def _folder(path: Path) -> Path:
    return Path(os.path.realpath(path.parent))


def _known(finding: Finding, folder: Path, cwd: Path) -> Known:
    return Known(_relative(finding.file, folder, cwd), finding.rule, finding.fingerprint)


def _relative(file: str, folder: Path, cwd: Path) -> str:
    return PurePath(os.path.relpath(os.path.realpath(cwd / file), folder)).as_posix()
