"""Run the rules over what is to be linted; on two processes where there is much of it."""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, partial
from typing import Any, TypeGuard

from msgspec import Struct, field
from msgspec.structs import replace

from crisisctl.errors import CrisisError
from crisisctl.lint import read
from crisisctl.lint.comments import Ignored
from crisisctl.lint.finding import Finding, Hit, Source
from crisisctl.lint.gather import Job, Unread
from crisisctl.lint.rule import RULES, Check
from crisisctl.lint.subject import (
    Book,
    ChannelsFile,
    LayoutFile,
    MessageText,
    RegulationFile,
    RepliesFile,
    SettingsFile,
    Stray,
)

MANY = 40
"""Playbooks from which on a second process takes less time than it costs."""

_PART = 8
"""Jobs that a helping process is given at a time."""

MOST = 1_000
"""Findings of one rule in one file that are told one by one."""
LONGEST = 1_000
"""Characters of a finding's text, and of its hint."""

Subject = (
    Book
    | MessageText
    | RegulationFile
    | RepliesFile
    | ChannelsFile
    | SettingsFile
    | LayoutFile
    | Stray
)
Found = tuple[str, Hit]


class Result(Struct, frozen=True):
    """What was found, in which files, and what could not be read."""

    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    unjudged: tuple[str, ...] = ()
    """The files that not every rule could look at, because something there is broken."""
    unchecked: tuple[str, ...] = ()
    """The playbooks whose messages were not looked at, because of mistakes that are told."""


class Choice(Struct, frozen=True):
    """Which rules apply."""

    rules: frozenset[str] = field(default_factory=frozenset)
    today: date = date(2026, 1, 1)


def lint(jobs: Sequence[Job], choice: Choice, *, processes: int = 2) -> Result:
    """All findings, in the order of files, lines and columns."""
    work = partial(lint_one, choice=choice)
    if len(jobs) < MANY or processes < 2:
        found = _joined(map(work, jobs))
    else:
        with _imports_kept():
            found = _joined(_in_parallel(work, jobs, processes))
    return replace(found, findings=tuple(_told_apart(found.findings)))


@contextmanager
def _imports_kept() -> Iterator[None]:
    """What is imported by now lives to the end: no search for cycles goes through it again."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def lint_one(job: Job, choice: Choice) -> Result:
    """The findings about one thing and all that belongs to it."""
    subjects: list[Subject] = []
    try:
        subjects, found = _subjects(job, choice.today)
        for subject in subjects:  # a broken word list shows only when a rule asks for it
            found += _judged(subject, choice.rules)
        return _result(job, choice, subjects, found)
    except CrisisError as error:
        name = job.shown(job.path)
        text = error.message.replace(str(job.path), name, 1)
        return Result(unread=(Unread(name, text, error.hint),))
    finally:
        for subject in subjects:
            if isinstance(subject, Book):
                subject.close()


def _result(
    job: Job, choice: Choice, subjects: Sequence[Subject], found: Sequence[Found]
) -> Result:
    sources = list(_sources(subjects))
    wanted = None if job.only is None else {job.shown(path) for path in job.only}
    hits = [(r, h) for r, h in found if wanted is None or h.source.shown in wanted]
    ignored = Ignored(sources if wanted is None else [s for s in sources if s.shown in wanted])
    kept = [(rule, hit) for rule, hit in hits if not ignored.covers(rule, hit)]
    unjudged = _unjudged(subjects)
    kept += ignored.mistakes(choice.rules, unjudged)
    looked_at = {s.shown for s in sources} | {hit.source.shown for _, hit in found}
    findings = tuple(_findings((rule, hit) for rule, hit in kept if rule in choice.rules))
    files = tuple(looked_at if wanted is None else wanted)
    made = Result(findings, files, unjudged=tuple(unjudged))
    book = subjects[0]
    if not isinstance(book, Book) or book.whole:
        return made
    file = book.file.source.shown
    if any(each.file == file and each.severity == "error" for each in findings):
        return replace(made, unchecked=(file,))
    if all(RULES[rule].broken for rule in choice.rules):
        return made
    return replace(made, unread=(_unchecked(file),))


def _unchecked(file: str) -> Unread:
    """What is said of a broken playbook whose own mistakes were not asked for."""
    text = f"the messages of {file} were not checked: the playbook itself has mistakes"
    return Unread(file, text, f"first mend what `crisisctl lint {file}` finds")


def _subjects(job: Job, today: date) -> tuple[list[Subject], list[Found]]:
    match job.kind:
        case "playbook":
            book, found = read.book(job, today)
            return [book, *book.every_text, *book.strays], found
        case "regulation":
            regulation, found = read.regulation_file(job, today)
            return [regulation], found
        case "replies":
            replies, found = read.replies_file(job)
            return [replies], found
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


def _unjudged(subjects: Sequence[Subject]) -> frozenset[str]:
    """The files that not every rule has looked at: what is unneeded there cannot be known.

    Where one subject is broken that holds for all of them, since a rule over
    one may speak of another.
    """
    if not all(map(_is_whole, subjects)):
        return frozenset(source.shown for source in _sources(subjects))
    return frozenset(text.source.shown for text in subjects if _is_stray(text))


def _is_whole(subject: Subject) -> bool:
    if isinstance(subject, ChannelsFile):
        return subject.channels is not None
    return subject.sound if isinstance(subject, MessageText) else getattr(subject, "whole", True)


def _is_stray(subject: Subject) -> TypeGuard[MessageText]:
    """Whether it is the text of a message that no step sends."""
    if not isinstance(subject, MessageText):
        return False
    return subject.book.texts.get(subject.message, {}).get(subject.locale) is not subject


def _judged(subject: Subject, chosen: frozenset[str]) -> Iterator[Found]:
    if _is_stray(subject):
        return
    for rule, check in _checks(type(subject).__name__, chosen, _is_whole(subject)):
        for hit in check(subject):
            yield rule, hit


_Checks = tuple[tuple[str, Check[Any]], ...]


@cache
def _checks(subject: str, chosen: frozenset[str], whole: bool) -> _Checks:
    """The chosen rules over a kind of subject, each with its generator."""
    import crisisctl.lint.rules  # noqa: F401 - fills the register

    return tuple(
        (rule.id, rule.check)
        for rule in RULES.values()
        if rule.subject is not None
        and rule.check is not None
        and rule.id in chosen
        and (whole or rule.broken)
        and subject in {each.__name__ for each in (rule.subject, *rule.also)}
    )


def _findings(hits: Iterable[Found]) -> Iterator[Finding]:
    prints: dict[tuple[str, int], str] = {}
    for rule, hit in _told(sorted(hits, key=_order)):
        place = hit.source.shown, hit.line
        if place not in prints:  # a hostile line can be long, and hold a hundred thousand findings
            lines = hit.source.lines
            prints[place] = _print(lines[hit.line - 1].strip() if hit.line <= len(lines) else "")
        yield Finding(
            file=hit.source.shown,
            line=hit.line,
            column=hit.column,
            rule=rule,
            severity=RULES[rule].severity,
            text=_bounded(hit.text),
            hint=_bounded(hit.hint),
            fingerprint=_print(rule, prints[place]),
        )


def _told(hits: list[Found]) -> Iterator[Found]:
    """The first of many, and in the last of those how many more there are."""
    every = Counter((rule, hit.source.shown) for rule, hit in hits)
    told: Counter[tuple[str, str]] = Counter()
    for rule, hit in hits:
        told[rule, hit.source.shown] += 1
        more = every[rule, hit.source.shown] - MOST
        if told[rule, hit.source.shown] < MOST or more <= 0:
            yield rule, hit
        elif told[rule, hit.source.shown] == MOST:
            yield rule, replace(hit, text=f"{hit.text} (and {more} more of this rule in this file)")


def _bounded(words: str) -> str:
    """Words that quote a file go on no longer than anyone reads."""
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def _told_apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings of one rule on equal lines of a file get fingerprints of their own."""
    told: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        told[finding.file, finding.fingerprint] += 1
        number = told[finding.file, finding.fingerprint]
        yield replace(finding, fingerprint=_print(finding.fingerprint, str(number)))


def _print(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()[:16]


def _order(found: Found) -> tuple[str, int, int, str, str]:
    rule, hit = found
    return hit.source.shown, hit.line, hit.column, rule, hit.text


def _joined(results: Iterable[Result]) -> Result:
    findings: set[Finding] = set()
    files: set[str] = set()
    unread: set[Unread] = set()
    unjudged: set[str] = set()
    unchecked: set[str] = set()
    for result in results:
        findings.update(result.findings)
        files.update(result.files)
        unread.update(result.unread)
        unjudged.update(result.unjudged)
        unchecked.update(result.unchecked)
    return Result(
        tuple(sorted(findings)),
        tuple(sorted(files)),
        tuple(sorted(unread)),
        tuple(sorted(unjudged)),
        tuple(sorted(unchecked)),
    )


def _in_parallel(
    work: Callable[[Job], Result], jobs: Sequence[Job], processes: int
) -> Iterator[Result]:
    from multiprocessing import get_context

    pool = get_context().Pool(processes, _let_the_parent_end_it)
    parts = [jobs[n : n + _PART] for n in range(0, len(jobs), _PART)]
    try:
        yield from pool.imap_unordered(partial(_part, work), parts)
        pool.close()
    except BaseException:
        pool.terminate()
        raise
    finally:
        pool.join()


def _part(work: Callable[[Job], Result], jobs: Sequence[Job]) -> Result:
    return _joined(map(work, jobs))


def _let_the_parent_end_it() -> None:
    """In a helping process: Ctrl-C is the parent's to answer, and its own end is quiet."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_DFL)
