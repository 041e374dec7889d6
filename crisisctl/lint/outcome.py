"""What a run of the linter comes to: by the wishes of who runs it, the settings, a baseline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.lint import baseline, choose
from crisisctl.lint.baseline import Known
from crisisctl.lint.finding import Finding
from crisisctl.lint.gather import Job, Unread, settings_document, workspace_at
from crisisctl.lint.run import Choice
from crisisctl.lint.run import lint as run
from crisisctl.lint.settings import LintSettings
from crisisctl.playbook.reader import file_bytes, read_bytes
from crisisctl.text import quoted
from crisisctl.workspace import FILE


class Wishes(Struct, frozen=True, kw_only=True):
    """What the command line asks for; it goes before what a workspace says."""

    select: tuple[str, ...] = ()
    """Rules or families: only these, whatever the workspace selects or ignores."""
    ignore: tuple[str, ...] = ()
    """Rules or families that are left out, beside those the workspace leaves out."""
    strict: bool = False
    baseline: Path | None = None
    whole: bool = False
    """Whether everything is wanted, whatever a baseline knows."""


class Outcome(Struct, frozen=True, kw_only=True):
    """What was found, and what it means."""

    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    """All files that were looked at."""
    unread: tuple[Unread, ...] = ()
    """What could not be looked at."""
    unchecked: tuple[str, ...] = ()
    """The playbooks whose messages were not looked at, because of mistakes that are told."""
    rules: frozenset[str] = frozenset()
    """The rules that applied."""
    strict: frozenset[str] = frozenset()
    """The files whose warnings fail too."""
    known: int = 0
    """How many findings were left out because a baseline knows them."""
    gone: tuple[Known, ...] = ()
    """What a baseline lists and is not found any more."""

    def fails(self, finding: Finding) -> bool:
        """Whether this finding makes the run fail."""
        return finding.severity == "error" or finding.file in self.strict

    @property
    def failed(self) -> bool:
        """Whether anything makes the run fail."""
        return any(map(self.fails, self.findings))

    def count(self, severity: str) -> int:
        """How many findings there are of this severity."""
        return sum(finding.severity == severity for finding in self.findings)


class Around(Struct, frozen=True):
    """Where and when the linter runs."""

    cwd: Path
    today: date
    processes: int = 1


def lint(jobs: Sequence[Job], unread: Iterable[Unread], wishes: Wishes, around: Around) -> Outcome:
    """Lint what was gathered, each workspace by its own settings."""
    by_root: dict[Path | None, list[Job]] = {}
    for job in jobs:
        by_root.setdefault(job.root, []).append(job)
    parts = [_part(root, mine, wishes, around) for root, mine in by_root.items()]
    together = [*unread, *(one for part in parts for one in part.unread)]
    return Outcome(
        findings=tuple(sorted({finding for part in parts for finding in part.findings})),
        files=tuple(sorted({file for part in parts for file in part.files})),
        unread=tuple(dict.fromkeys(together)),
        unchecked=tuple(sorted({file for part in parts for file in part.unchecked})),
        rules=frozenset().union(*(part.rules for part in parts)),
        strict=frozenset().union(*(part.strict for part in parts)),
        known=sum(part.known for part in parts),
        gone=tuple(sorted({known for part in parts for known in part.gone})),
    )


def _part(root: Path | None, jobs: list[Job], wishes: Wishes, around: Around) -> Outcome:
    settings = _settings(root, jobs)
    rules = _rules(root, wishes, settings)
    path = _baseline(root, wishes, settings)
    known = baseline.read(path) if path is not None else frozenset()
    result = run(jobs, Choice(rules, around.today), processes=around.processes)
    judged = baseline.Judged(result.findings, 0, ())
    if path is not None:
        judged = baseline.judged(result, known, path, cwd=around.cwd, rules=rules)
    return Outcome(
        findings=judged.new,
        files=result.files,
        unread=result.unread,
        unchecked=result.unchecked,
        rules=rules,
        strict=frozenset(result.files if wishes.strict or settings.strict else ()),
        known=judged.known,
        gone=judged.gone,
    )


def _settings(root: Path | None, jobs: Iterable[Job]) -> LintSettings:
    """What the workspace says; a mistake there is a finding where its file is linted too."""
    found = workspace_at(root).get("lint")
    try:
        if any(job.kind == "settings" for job in jobs):
            return _understood(found)
        _refuse_broken(root, found)
        return msgspec.convert(found or {}, LintSettings)
    except msgspec.ValidationError as error:
        raise CrisisError(f"{FILE}: `lint:` cannot be understood: {error}", hint=_WHERE) from None


_WHERE = f"`crisisctl lint {FILE}` says where"


def _understood(found: object) -> LintSettings:
    try:
        made = msgspec.convert(found or {}, LintSettings)
    except msgspec.ValidationError:
        return LintSettings()
    try:
        choose.chosen(made.select, made.ignore)
    except CrisisError:
        return msgspec.structs.replace(made, select=(), ignore=())
    return made


def _refuse_broken(root: Path | None, found: object) -> None:
    if root is None or not (root / FILE).is_file():
        return
    document = settings_document(root) or read_bytes(file_bytes(root / FILE))
    for problem in document.problems:
        if problem.rule != "yaml-empty":
            where = f"{FILE}:{problem.line}:{problem.column}"
            raise CrisisError(f"{where}: {problem.text}", hint=problem.hint)
    for key in found if isinstance(found, dict) else ():
        if key not in LintSettings.__struct_fields__:
            raise CrisisError(f"{FILE}: {quoted(key)} is not a key of `lint:`", hint=_WHERE)


def _rules(root: Path | None, wishes: Wishes, settings: LintSettings) -> frozenset[str]:
    if any(word.strip(" ,") for word in wishes.select):
        return choose.chosen(wishes.select, wishes.ignore)
    try:
        choose.chosen(settings.select, settings.ignore)
    except CrisisError as error:
        where = f"{root / FILE}: lint: " if root is not None else ""
        raise CrisisError(f"{where}{error.message}", hint=error.hint) from None
    return choose.chosen(settings.select, (*settings.ignore, *wishes.ignore))


def _baseline(root: Path | None, wishes: Wishes, settings: LintSettings) -> Path | None:
    if wishes.whole:
        return None
    if wishes.baseline is not None or root is None or not settings.baseline:
        return wishes.baseline
    return root / settings.baseline
