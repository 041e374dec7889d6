"""The exact texts that were sent: brought together from the outbox and the record, and proved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.evidence.layout import SENT, Proof, free, plain
from crisisctl.evidence.unpacking import Archive
from crisisctl.incident.events import DraftedText, SentText
from crisisctl.incident.fold import Incident, Sent
from crisisctl.messages.channels import load_channels
from crisisctl.messages.history import kept_words
from crisisctl.messages.outbox import LARGEST, make_folder, write_private
from crisisctl.messages.pack import fingerprint
from crisisctl.workspace import Workspace

_FILE = re.compile(r"[a-z0-9_-]{1,60}\.[a-z0-9_-]{1,20}\.(txt|md|html)", re.IGNORECASE)
"""How the outbox calls a text: a name from a stranger leads nowhere else."""
Part = tuple[str, str, str]
"""Heading, body and page of a text."""


class Gathered(msgspec.Struct, frozen=True):
    """The texts of an incident, and the files that hold them."""

    proofs: list[Proof]
    files: dict[str, bytes]

    @property
    def notes(self) -> list[str]:
        """What is missing, or was changed."""
        return [proof.note for proof in self.proofs if proof.note]


class OnDisk(msgspec.Struct, frozen=True):
    """What the outbox holds of one text; None: there is no such file, or it cannot be read."""

    name: str
    heading: str | None = None
    body: str | None = None
    page: str | None = None


def gather(incident: Incident, outbox: Path, workspace: Workspace) -> Gathered:
    """Every text that was sent. `outbox` is the incident's folder on this machine."""
    words, found = kept_words(incident), Gathered([], {})
    stamp = _stamps(workspace, incident)
    for number, sent in enumerate(incident.sent, 1):
        folder = folder_of(number, sent)
        for text in sent.event.texts:
            kept = words.get(text.sha256)
            there = on_disk(text, outbox / folder.partition("/")[2])
            parts, proof, note = _proved(text, kept, there, stamp(text.locale))
            names = _put(found.files, folder, text, parts)
            found.proofs.append(
                Proof(
                    seq=sent.seq,
                    message=sent.event.message,
                    to=sent.event.to,
                    channel=text.channel,
                    locale=text.locale,
                    sha256=text.sha256,
                    proof=proof,
                    heading=names[0],
                    body=names[1],
                    page=names[2],
                    recipients=kept.recipients if kept and proof == "exact" else "",
                    note=note,
                )
            )
    return found


def folder_of(number: int, sent: Sent) -> str:
    """Where the texts of the nth message stand in an archive, named as in the outbox."""
    return f"{SENT}/{number:02}-{plain(sent.event.message)}"


def on_disk(text: SentText, folder: Path) -> OnDisk:
    """A text as it was written to be sent: where the record says, else in this folder."""
    if not text.file:
        return OnDisk("")  # never written to a file
    recorded = Path(text.file)
    named = _FILE.fullmatch(recorded.name)
    places = [recorded, *([folder / recorded.name] if named else [])]
    name = f"{recorded.parent.name}/{recorded.name}"
    for file in places:
        body = _content(file)
        if body is None:
            continue
        if file.suffix == ".html":
            return OnDisk(name, page=body)
        stem = file.with_suffix("")
        heading = _content(stem.with_name(f"{stem.name}.title.txt"))
        page = _content(file.with_suffix(".html"))
        return OnDisk(name, _line(heading), _line(body), page)
    pages = (_content(file.with_suffix(".html")) for file in places)
    return OnDisk(name, page=next((page for page in pages if page is not None), None))


def restore(archive: Archive, checked: Incident, proofs: Sequence[Proof], outbox: Path) -> None:
    """Put the texts of an archive into the outbox, where they are looked for; never over others."""
    by_event = {(proof.seq, proof.sha256): proof for proof in proofs if proof.proof == "exact"}
    for number, sent in enumerate(checked.sent, 1):
        folder = outbox / folder_of(number, sent).partition("/")[2]
        for text in sent.event.texts:
            proof, name = by_event.get((sent.seq, text.sha256)), Path(text.file).name
            if proof is None or not _FILE.fullmatch(name):
                continue
            stem, _, ending = name.rpartition(".")
            parts = {f"{stem}.html": (proof.page, "")}
            if ending != "html":
                parts[f"{stem}.title.txt"] = (proof.heading, "\n")
                parts[name] = (proof.body, "\n")
            for file, (member, end) in parts.items():
                if member and not (folder / file).exists():
                    make_folder(folder)
                    write_private(folder / file, archive.read(member).decode() + end)


def holds(text: SentText | Proof, parts: Part, recipients: str) -> bool:
    """Whether these words are what the fingerprint was made of."""
    return fingerprint(text.channel, text.locale, *parts, recipients) == text.sha256


def _proved(
    text: SentText, kept: DraftedText | None, there: OnDisk, stamp: str
) -> tuple[Part, str, str]:
    """The words of a text, how surely they are the ones that were sent, and what is amiss."""
    recipients = kept.recipients if kept else ""
    words = list(_stamped(kept, stamp)) if kept else []
    if there.body is not None:
        parts = (there.heading or "", there.body, there.page or "")
        if holds(text, parts, recipients):
            return parts, "exact", ""
    what = _amiss(there, words)
    for heading, body in words:
        for page in dict.fromkeys((there.page or "", "")):
            if holds(text, (heading, body, page), recipients):
                return (heading, body, page), "exact", f"{what}: kept by the record" * bool(what)
    what = what or f"{there.name or f'{text.channel}.{text.locale}'} is not as it was sent"
    if kept is None:
        return ("", "", ""), "none", what
    return (kept.heading, kept.body, ""), "words", what


def _amiss(there: OnDisk, words: Sequence[tuple[str, str]]) -> str:
    """What of the outbox's files is missing, or was changed; nothing where only a page counts."""
    if not there.name:
        return ""
    folder, _, file = there.name.rpartition("/")
    stem = f"{folder}/{file.rpartition('.')[0]}"
    if there.body is None:
        published = there.name.endswith(".html")
        return "" if published and there.page is not None else f"{there.name} is missing"
    if any(body == there.body for _, body in words):
        if not any(heading == (there.heading or "") for heading, _ in words):
            return f"{stem}.title.txt is missing or was changed"
        return f"{stem}.html {'is missing' if there.page is None else 'was changed'}"
    return f"{there.name} was changed"


def _stamped(kept: DraftedText, stamp: str) -> Iterator[tuple[str, str]]:
    """The words of a draft as they went out: in a drill they were stamped."""
    if stamp:
        heading = f"[{stamp}] {kept.heading}" if kept.heading else ""
        yield heading, f"[{stamp}] {kept.body}"
        yield heading, f"[{stamp}]\n\n{kept.body}"
    yield kept.heading, kept.body


def _stamps(workspace: Workspace, incident: Incident) -> Callable[[str], str]:
    """What marks a drill's texts in a language; nothing where nobody knows it."""

    def stamp(locale: str) -> str:
        try:
            return load_channels(workspace).stamp(locale) if incident.drill else ""
        except CrisisError:  # a language, or a file, that this machine does not have
            return ""

    return stamp


def _put(files: dict[str, bytes], folder: str, text: SentText, parts: Part) -> Sequence[str]:
    """Add the parts of a text to the files; their names, empty for a part that is empty."""
    ending = "md" if text.file.endswith(".md") else "txt"
    stem = f"{folder}/{plain(text.channel)}.{plain(text.locale)}"
    names = []
    for part, words in zip(("title.txt", ending, "html"), parts, strict=True):
        name = free(f"{stem}.{part}", files) if words else ""
        if name:
            files[name] = words.encode()
        names.append(name)
    return names


def _content(file: Path) -> str | None:
    """A text file as it stands; None where there is none that a text could be."""
    try:
        if not file.is_file():
            return None
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
        return None if len(data) > LARGEST else data.decode()
    except (OSError, ValueError):
        return None


def _line(text: str | None) -> str | None:
    return None if text is None else text.removesuffix("\n")
