"""From a file to what rules look at; what reading it found goes along as findings."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace

from crisisctl.deadlines.regulations import FOLDER as REGULATIONS
from crisisctl.deadlines.regulations import examine
from crisisctl.errors import CrisisError
from crisisctl.lint.asked import asked_settings
from crisisctl.lint.cascade import understood
from crisisctl.lint.finding import Hit, Source
from crisisctl.lint.gather import CHANNELS, Job, workspace_at
from crisisctl.lint.subject import (
    LOCALES,
    Book,
    ChannelsFile,
    DataFile,
    LayoutFile,
    MessageText,
    RegulationFile,
    RepliesFile,
    SettingsFile,
    Stray,
    anatomy,
)
from crisisctl.lint.traps import traps
from crisisctl.messages.channels import Channels
from crisisctl.messages.layouts import PUBLIC_REPORT, REPORTS, SITE, examined_layout
from crisisctl.messages.templates import LARGEST
from crisisctl.playbook import values
from crisisctl.playbook.document import lines_of
from crisisctl.playbook.form import Model
from crisisctl.playbook.load import validated
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.reader import (
    MAX_BYTES,
    Problem,
    TooLarge,
    file_bytes,
    read_bytes,
)
from crisisctl.reviews.replies import Replies
from crisisctl.reviews.wordings import wrong
from crisisctl.workspace import Workspace, playbook_names, shipped, stays_inside

_USABLE = re.compile("[a-z][a-z0-9-]{0,59}")
REVIEW_EVERY = timedelta(days=180)
"""The age at which a playbook or a law must be read again, where the workspace does not say."""

M = TypeVar("M", bound=Model)
Found = tuple[str, Hit]
"""A rule's id and what it found, by reading alone."""


def data_file(job: Job, path: Path) -> DataFile:
    """A YAML file with its places."""
    try:
        data = file_bytes(path)
    except TooLarge:
        data = bytes(MAX_BYTES + 1)  # the reader says so, at its place
    document = read_bytes(data)
    data = b"" if len(data) > MAX_BYTES else data
    text = data.decode("utf-8-sig", errors="replace")
    source = Source(job.shown(path), text, tuple(lines_of(text)))
    return DataFile(source, document, document.problems)


def book(job: Job, today: date) -> tuple[Book, list[Found]]:
    """A playbook with its texts."""
    file = data_file(job, job.path)
    document, workspace = file.document, workspace_at(job.root)
    seen = understood(document, file.source.text)
    plan, whole = seen.plan, seen.whole
    file = replace(file, document=seen.document)
    found = [*_told(file, file.problems), *_told(file, seen.problems), *traps(file)]
    made = Book(
        file=file,
        plan=plan,
        whole=whole,
        lost=seen.lost,
        place=job.path,
        workspace=workspace,
        channels=channels_of(workspace),
        locales=_locales(workspace, plan),
        today=today,
        review_every=_review_every(workspace),
    )
    if whole and _USABLE.fullmatch(plan.playbook):  # else its folder could be anywhere
        _add_texts(job, made, found)
    return made, found


def _told(file: DataFile, problems: tuple[Problem, ...] | Iterator[Problem]) -> Iterator[Found]:
    for p in problems:
        yield p.rule, file.source.hit(p.line, p.column, p.text, p.hint)


def _add_texts(job: Job, book: Book, found: list[Found]) -> None:
    sent = book.plan.messages()
    book.texts = {message: {} for message in sent}
    own = book.workspace.root is not None and job.path.is_relative_to(book.workspace.root)
    home = book.workspace.folders("templates")[0] if own else shipped("templates")
    for folder in reversed(book.workspace.folders("templates")):
        for name in _names_in(folder / book.plan.playbook):
            path = folder / book.plan.playbook / name
            if name.startswith(".") or not stays_inside(path, folder):
                continue
            message, _, rest = name.partition(".")
            locale = rest.removesuffix(".j2") if path.suffix == ".j2" else ""
            usual = locale.replace("-", "").isalnum() and path.suffix == ".j2"
            if message in sent and usual:
                text = _text(job, book, path, message, locale, found)
                if text is not None:
                    own = folder == home
                    book.texts[message][locale] = text if own else replace(text, borrowed=True)
            elif folder == home:
                text = _text(job, book, path, message, locale, found)
                if text is not None:
                    book.strays.append(text)


def _names_in(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - for thousands of folders
    except OSError:
        return []


def _text(
    job: Job, book: Book, path: Path, message: str, locale: str, found: list[Found]
) -> MessageText | None:
    name = job.shown(path)
    try:
        data = file_bytes(path)
        text = data.decode("utf-8")
    except CrisisError as error:
        found.append(("template-file", Source(name, "", ("",)).hit(1, 1, error.message)))
        return None
    except UnicodeDecodeError as error:
        before = lines_of(data[: error.start].decode("utf-8"))
        hit = Source(name, "", ("",)).hit(
            len(before), len(before[-1]) + 1, "the file is not UTF-8 here", "save it as UTF-8"
        )
        found.append(("template-file", hit))
        return None
    source = Source(name, text, tuple(text.split("\n")))
    if len(data) > LARGEST:
        what = f"the text is larger than {LARGEST // 1024} KiB"
        found.append(("template-file", source.hit(1, 1, what)))
        return None
    return MessageText(source, book, message, locale, anatomy(text))


def channels_of(workspace: Workspace) -> Channels:
    """The workspace's channels; the shipped ones where those cannot be understood."""
    for path in _channels_files(workspace.root):
        try:
            changed = os.stat(path).st_mtime_ns  # noqa: PTH116 - for thousands of playbooks
        except OSError:
            continue
        if (made := _channels(path, changed)) is not None:
            return made
    return Channels(channels={}, drill={})


@lru_cache(maxsize=256)
def _channels_files(root: Path | None) -> tuple[str, ...]:
    return tuple(str(folder / CHANNELS) for folder in Workspace(root).folders("templates"))


@lru_cache(maxsize=256)
def _channels(path: str, changed: int) -> Channels | None:  # noqa: ARG001 - a new key
    try:
        document = read_bytes(file_bytes(Path(path)))
    except CrisisError:
        return None
    return validated(Channels, document.value, document)[0]


def _locales(workspace: Workspace, plan: Playbook) -> tuple[str, ...]:
    setting = workspace.get("locales")
    if isinstance(setting, list) and setting and all(isinstance(w, str) for w in setting):
        return tuple(word for word in dict.fromkeys(setting) if word in LOCALES) or LOCALES
    for fact in plan.facts.values():
        if fact.workspace == "locales" and fact.choices:
            return tuple(fact.choices)
    return LOCALES


def _review_every(workspace: Workspace) -> timedelta:
    setting = workspace.get("lint.review_every")
    try:
        return values.parse_duration(setting) if isinstance(setting, str) else REVIEW_EVERY
    except CrisisError:
        return REVIEW_EVERY


def regulation_file(job: Job, today: date) -> tuple[RegulationFile, list[Found]]:
    """A law's clocks with what reading them found."""
    file = data_file(job, job.path)
    regulation, problems = examine(file.document, job.path.name)
    found = [*_told(file, problems), *traps(file)]
    theirs = job.path.parent == shipped("playbooks") / REGULATIONS
    every = _review_every(workspace_at(job.root))
    return RegulationFile(file, regulation, theirs, today, every), found


def replies_file(job: Job) -> tuple[RepliesFile, list[Found]]:
    """The drafts of a language with what reading them found."""
    file, found, value = _modelled(job, Replies)
    if value is not None:
        locale, workspace = job.path.stem, workspace_at(job.root)
        found += _told(file, wrong(value, file.document, workspace, locale))
    return RepliesFile(file, value), found


def channels_file(job: Job) -> tuple[ChannelsFile, list[Found]]:
    """`channels.yaml` with what reading it found."""
    file, found, value = _modelled(job, Channels)
    workspace = workspace_at(job.root)
    locales = _locales(workspace, Playbook(playbook="none", title="none", stages={}))
    return ChannelsFile(file, value, workspace, locales), found


def settings_file(job: Job) -> tuple[SettingsFile, list[Found]]:
    """`crisisctl.yaml` with what reading it found."""
    from crisisctl.lint.settings import WorkspaceFile

    file = data_file(job, job.path)
    problems = [p for p in file.problems if p.rule != "yaml-empty"]
    found = [*_told(file, tuple(problems)), *traps(file)]
    value = file.document.value if not file.problems else None
    workspace = workspace_at(job.root)
    if value is not None:
        found += _told(file, validated(WorkspaceFile, value, file.document)[1])
    settings = value if isinstance(value, dict) else {}
    channels = channels_of(workspace)
    made = SettingsFile(file, dict(settings), asked_settings(workspace), channels, workspace)
    return made, found


def _modelled(job: Job, shape: type[M]) -> tuple[DataFile, list[Found], M | None]:
    file = data_file(job, job.path)
    found = [*_told(file, file.problems), *traps(file)]
    if file.document.value is None or file.problems:
        return file, found, None
    value, problems = validated(shape, file.document.value, file.document)
    return file, [*found, *_told(file, problems)], value


def layout_file(job: Job) -> tuple[LayoutFile, list[Found]]:
    """A layout, parsed and never run."""
    data = file_bytes(job.path)
    text = data.decode("utf-8", errors="replace")
    source = Source(job.shown(job.path), text, tuple(text.split("\n")))
    name = job.path.name
    _, refusals = examined_layout(text, name)
    wrapped = channels_of(workspace_at(job.root)).channels.values()
    used = name in (SITE, PUBLIC_REPORT, *REPORTS) or any(
        channel.layout == name for channel in wrapped
    )
    return LayoutFile(source, name, refusals, used), []


def stray_file(job: Job) -> tuple[Stray, list[Found]]:
    """A template in a folder that no playbook has the name of."""
    text = file_bytes(job.path).decode("utf-8", errors="replace")
    source = Source(job.shown(job.path), text, tuple(text.split("\n")))
    known = tuple(playbook_names(workspace_at(job.root)))
    return Stray(source, job.path.parent.name, known), []
