"""The shipped files as a workspace of their own, and the linter over a mutant of it."""

from __future__ import annotations

import shutil
import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from crisisctl.lint import choose, gather, run
from crisisctl.lint.finding import Finding
from mutation.files import originals
from mutation.mutant import Mutant

TODAY = date(2026, 11, 28)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the linter said about a mutant that it does not say about the original."""

    mutant: Mutant
    findings: tuple[Finding, ...]
    near: bool
    """Whether the first finding stands where the change is, or where the change is named."""
    crash: str = ""
    """The error that the linter itself ran into, and where."""

    @property
    def caught(self) -> bool:
        return bool(self.findings)


class World:
    """A folder with the shipped files, in which mutants live for a moment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = originals()
        self._rules = choose.chosen([], [])
        for name, text in self.files.items():
            self._put(name, text)
        self._known: dict[str, Counter[tuple[str, str, str]]] = {}

    def known(self, where: str = "") -> Counter[tuple[str, str, str]]:
        """What the linter says about the originals: about one playbook, or about all."""
        if where not in self._known:
            self._known[where] = Counter(map(_same, self._lint(where)))
        return self._known[where]

    def outcome(self, mutant: Mutant) -> Outcome:
        """Lint a mutant and put everything back."""
        changed = mutant.changed(self.files)
        where = self._where(changed)
        known = self.known(where)
        for name, text in changed.items():
            self._put(name, text)
        try:
            findings = self._lint(where)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            crash = f"{error!r} at {Path(last.filename).name}:{last.lineno}"
            return Outcome(mutant, (), False, crash)
        finally:
            for name in changed:
                self._put(name, self.files.get(name))
        told: Counter[tuple[str, str, str]] = Counter()
        new = []
        for finding in findings:
            told[_same(finding)] += 1
            if told[_same(finding)] > known[_same(finding)]:
                new.append(finding)
        return Outcome(mutant, tuple(new), self._near(mutant, changed, new))

    def _where(self, changed: Mapping[str, str | None]) -> str:
        """The playbook to lint, where one alone can tell."""
        if any(name.endswith("channels.yaml") or "/layouts/" in name for name in changed):
            return ""
        stems = {
            Path(name).stem if name.startswith("playbooks/") else Path(name).parent.name
            for name in changed
        }
        names = {f"playbooks/{stem}.yaml" for stem in stems}
        return names.pop() if len(names) == 1 and names <= self.files.keys() else ""

    def _lint(self, where: str) -> list[Finding]:
        choice = run.Choice(self._rules, TODAY)
        jobs = gather.gathered([self.folder / where], self.folder)[0]
        found = run.lint(jobs, choice, processes=1).findings
        start = f"{self.folder}/"
        return [_moved(finding, finding.file.removeprefix(start)) for finding in found]

    def _put(self, name: str, text: str | None) -> None:
        path = self.folder / name
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def _near(self, mutant: Mutant, changed: Mapping[str, str | None], new: list[Finding]) -> bool:
        if not new:
            return False
        first, lines = new[0], mutant.lines(self.files)
        if any(first.file == file and abs(first.line - line) <= 1 for file, line in lines):
            return True
        text = changed.get(first.file, self.files.get(first.file)) or ""
        row = text.split("\n")[first.line - 1 : first.line]
        said = f"{first.text} {first.hint} {''.join(row)}"
        return any(name in said for name in mutant.names)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder)


def _moved(finding: Finding, file: str) -> Finding:
    return Finding(
        file,
        finding.line,
        finding.column,
        finding.rule,
        finding.severity,
        finding.text,
        finding.hint,
        finding.fingerprint,
    )


def _same(finding: Finding) -> tuple[str, str, str]:
    return finding.file, finding.rule, finding.text
