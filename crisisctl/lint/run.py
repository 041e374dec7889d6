"""Run the rules over what is to be linted; on two processes where there is much of it."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial

from crisisctl.errors import CrisisError
from crisisctl.lint import read
from crisisctl.lint.comments import Ignored
from crisisctl.lint.finding import Finding, Hit, Source
from crisisctl.lint.gather import Job
from crisisctl.lint.rule import RULES, Rule
from crisisctl.lint.subject import Book, ChannelsFile, LayoutFile, MessageText, SettingsFile, Stray

MANY = 40
"""Playbooks from which on a second process takes less time than it costs."""

Subject = Book | MessageText | ChannelsFile | SettingsFile | LayoutFile | Stray
Found = tuple[str, Hit]


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, in how many files, and what could not be read."""

    findings: tuple[Finding, ...] = ()
    files: int = 0
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rules apply."""

    rules: frozenset[str] = field(default_factory=frozenset)
    today: date = date(2026, 1, 1)


def lint(jobs: Sequence[Job], choice: Choice, *, processes: int = 2) -> Result:
    """All findings, in the order of files, lines and columns."""
    work = partial(lint_one, choice=choice)
    if len(jobs) < MANY or processes < 2:
        return _joined(map(work, jobs))
    return _joined(_in_parallel(work, jobs, processes))


def lint_one(job: Job, choice: Choice) -> Result:
    """The findings about one thing and all that belongs to it."""
    try:
        subjects, found = _subjects(job, choice.today)
    except CrisisError as error:
        return Result(unread=(error.message,))
    sources = list(_sources(subjects))
    for subject in subjects:
        found += _judged(subject, choice.rules)
    wanted = None if job.only is None else {job.shown(path) for path in job.only}
    hits = [(r, h) for r, h in found if wanted is None or h.source.shown in wanted]
    ignored = Ignored(sources if wanted is None else [s for s in sources if s.shown in wanted])
    kept = [(rule, hit) for rule, hit in hits if not ignored.covers(rule, hit)]
    kept += ignored.mistakes(choice.rules)
    files = len(sources) if wanted is None else len(wanted)
    findings = _findings((rule, hit) for rule, hit in kept if rule in choice.rules)
    return Result(tuple(findings), files)


def _subjects(job: Job, today: date) -> tuple[list[Subject], list[Found]]:
    match job.kind:
        case "playbook":
            book, found = read.book(job, today)
            return [book, *book.every_text, *book.strays], found
        case "channels":
            channels, found = read.channels_file(job)
            return [channels], found
        case "settings":
            settings, found = read.settings_file(job)
            return [settings], found
        case "layout":
            layout, found = read.layout_file(job)
            return [layout], found
        case "stray":
            stray, found = read.stray_file(job)
            return [stray], found


def _sources(subjects: Iterable[Subject]) -> Iterator[Source]:
    for subject in subjects:
        yield subject.file.source if hasattr(subject, "file") else subject.source


def _judged(subject: Subject, chosen: frozenset[str]) -> Iterator[Found]:
    whole = subject.sound if isinstance(subject, MessageText) else getattr(subject, "whole", True)
    stray = isinstance(subject, MessageText) and subject in subject.book.strays
    for rule in _rules_over(type(subject).__name__):
        if rule.id in chosen and (whole or rule.broken) and not stray and rule.check is not None:
            for hit in rule.check(subject):
                yield rule.id, hit


@cache
def _rules_over(subject: str) -> tuple[Rule, ...]:
    import crisisctl.lint.rules  # noqa: F401 - fills the register

    return tuple(
        rule
        for rule in RULES.values()
        if rule.subject is not None and rule.subject.__name__ == subject
    )


def _findings(hits: Iterable[Found]) -> Iterator[Finding]:
    told: Counter[tuple[str, str, str]] = Counter()
    for rule, hit in sorted(hits, key=_order):
        lines = hit.source.lines
        line = lines[hit.line - 1].strip() if hit.line <= len(lines) else ""
        told[hit.source.shown, rule, line] += 1
        print_ = f"{rule}\0{line}\0{told[hit.source.shown, rule, line]}"
        yield Finding(
            file=hit.source.shown,
            line=hit.line,
            column=hit.column,
            rule=rule,
            severity=RULES[rule].severity,
            text=hit.text,
            hint=hit.hint,
            fingerprint=hashlib.sha256(print_.encode()).hexdigest()[:16],
        )


def _order(found: Found) -> tuple[str, int, int, str, str]:
    rule, hit = found
    return hit.source.shown, hit.line, hit.column, rule, hit.text


def _joined(results: Iterable[Result]) -> Result:
    findings: set[Finding] = set()
    files = 0
    unread: list[str] = []
    for result in results:
        findings |= set(result.findings)
        files += result.files
        unread += result.unread
    return Result(tuple(sorted(findings)), files, tuple(unread))


def _in_parallel(
    work: Callable[[Job], Result], jobs: Sequence[Job], processes: int
) -> Iterator[Result]:
    from multiprocessing import get_context

    with get_context().Pool(processes) as pool:
        yield from pool.imap(work, jobs, chunksize=8)
