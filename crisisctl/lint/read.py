"""From a file to what rules look at; what reading it found goes along as findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit, Source
from crisisctl.lint.gather import CHANNELS, Job, workspace_at
from crisisctl.lint.salvage import salvage
from crisisctl.lint.subject import (
    LOCALES,
    Book,
    ChannelsFile,
    DataFile,
    LayoutFile,
    MessageText,
    SettingsFile,
    Stray,
    anatomy,
)
from crisisctl.messages.channels import Channels
from crisisctl.messages.layouts import examined_layout
from crisisctl.messages.templates import LARGEST
from crisisctl.playbook import values
from crisisctl.playbook.check import references
from crisisctl.playbook.document import lines_of
from crisisctl.playbook.load import in_order, validated
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.reader import (
    MAX_BYTES,
    Document,
    Problem,
    TooLarge,
    file_bytes,
    read_bytes,
)
from crisisctl.workspace import Workspace, playbook_names, shipped

REVIEW_EVERY = timedelta(days=180)
"""The age at which a playbook must be read again, where the workspace does not say."""

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
    found = list(_told(file, file.problems))
    plan, shape = _plan(document)
    found += _told(file, shape)
    whole = not shape and not _lost(document)
    if document.value is not None and not _lost(document):
        found += _told(file, _references(plan, document, whole=whole))
    made = Book(
        file=file,
        plan=plan,
        whole=whole,
        workspace=workspace,
        channels=channels_of(workspace),
        locales=_locales(workspace, plan),
        today=today,
        review_every=_review_every(workspace),
    )
    if whole:
        _add_texts(job, made, found)
    return made, found


def _plan(document: Document) -> tuple[Playbook, tuple[Problem, ...]]:
    if document.value is None:
        return salvage(document)[0], ()
    return salvage(document)


def _lost(document: Document) -> bool:
    """Whether reading stopped before the end, or left something out."""
    return any(problem.rule not in _HARMLESS for problem in document.problems)


_HARMLESS = {"yaml-number", "yaml-control"}
"""Problems after which the document still says all that was written."""


def _references(plan: Playbook, document: Document, *, whole: bool) -> Iterator[Problem]:
    """What refers to what; in a broken file a name may be defined in the part that was lost."""
    written = {str(path[-1]) for path in document.keys if path}
    for problem in in_order(references(plan, document)):
        named = problem.text.rpartition(' "')[2].rstrip('"')
        lost = not whole and (problem.rule not in _SINGLE and named in written)
        if not (lost or (not whole and problem.rule in _OF_THE_WHOLE)):
            yield problem


_SINGLE = {"bad-id", "bad-date", "bad-duration", "bad-example", "duplicate-step"}
"""Rules about one value alone."""
_OF_THE_WHOLE = {"no-steps", "unknown-message", "no-question", "no-choices"}


def _told(file: DataFile, problems: tuple[Problem, ...] | Iterator[Problem]) -> Iterator[Found]:
    for p in problems:
        yield p.rule, file.source.hit(p.line, p.column, p.text, p.hint)


def _add_texts(job: Job, book: Book, found: list[Found]) -> None:
    sent = book.plan.messages()
    book.texts = {message: {} for message in sent}
    own = book.workspace.root is not None and job.path.is_relative_to(book.workspace.root)
    home = book.workspace.folders("templates")[0] if own else shipped("templates")
    for folder in reversed(book.workspace.folders("templates")):
        for path in sorted((folder / book.plan.playbook).glob("*")):
            if path.name.startswith(".") or not path.resolve().is_relative_to(folder.resolve()):
                continue
            message, _, rest = path.name.partition(".")
            locale = rest.removesuffix(".j2") if path.suffix == ".j2" else ""
            usual = locale.replace("-", "").isalnum() and path.suffix == ".j2"
            if message in sent and usual:
                text = _text(job, book, path, message, locale, found)
                if text is not None:
                    book.texts[message][locale] = text
            elif folder == home:
                text = _text(job, book, path, message, locale, found)
                if text is not None:
                    book.strays.append(text)


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
    for folder in workspace.folders("templates"):
        path = folder / CHANNELS
        if path.is_file():
            made = _channels(path, path.stat().st_mtime_ns)
            if made is not None:
                return made
    return Channels(channels={}, drill={})


_known_channels: dict[tuple[Path, int], Channels | None] = {}


def _channels(path: Path, changed: int) -> Channels | None:
    if (path, changed) not in _known_channels:
        try:
            document = read_bytes(file_bytes(path))
            made = validated(Channels, document.value, document)[0]
        except CrisisError:
            made = None
        _known_channels[path, changed] = made
    return _known_channels[path, changed]


def _locales(workspace: Workspace, plan: Playbook) -> tuple[str, ...]:
    setting = workspace.get("locales")
    if isinstance(setting, list) and setting and all(isinstance(w, str) for w in setting):
        return tuple(dict.fromkeys(setting))
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
    found = list(_told(file, tuple(problems)))
    value = file.document.value if not file.problems else None
    workspace = workspace_at(job.root)
    if value is not None:
        found += _told(file, validated(WorkspaceFile, value, file.document)[1])
    settings = value if isinstance(value, dict) else {}
    made = SettingsFile(file, dict(settings), _asked(workspace), channels_of(workspace))
    return made, found


def _asked(workspace: Workspace) -> frozenset[str]:
    from crisisctl.playbook.load import load
    from crisisctl.workspace import playbook_file

    found: set[str] = set()
    for name in playbook_names(workspace):
        try:
            plan = load(playbook_file(workspace, name)).plan
        except CrisisError:
            continue
        found |= {fact.workspace for fact in plan.facts.values() if fact.workspace}
    return frozenset(found)


def _modelled(job: Job, shape: type[Channels]) -> tuple[DataFile, list[Found], Channels | None]:
    file = data_file(job, job.path)
    found = list(_told(file, file.problems))
    if file.document.value is None or file.problems:
        return file, found, None
    value, problems = validated(shape, file.document.value, file.document)
    return file, [*found, *_told(file, problems)], value


def layout_file(job: Job) -> tuple[LayoutFile, list[Found]]:
    """A layout, parsed and never run."""
    data = file_bytes(job.path)
    text = data.decode("utf-8", errors="replace")
    source = Source(job.shown(job.path), text, tuple(text.split("\n")))
    _, refusals = examined_layout(text)
    used = channels_of(workspace_at(job.root)).channels.values()
    name = job.path.name
    return LayoutFile(source, name, refusals, any(c.layout == name for c in used)), []


def stray_file(job: Job) -> tuple[Stray, list[Found]]:
    """A template in a folder that no playbook has the name of."""
    text = file_bytes(job.path).decode("utf-8", errors="replace")
    source = Source(job.shown(job.path), text, tuple(text.split("\n")))
    known = tuple(playbook_names(workspace_at(job.root)))
    return Stray(source, job.path.parent.name, known), []
