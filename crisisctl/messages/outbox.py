"""The outbox of files: the exact texts to copy from, when nothing delivers them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from crisisctl.errors import CrisisError
from crisisctl.incident.events import SentText
from crisisctl.messages.pack import Pack, Text, fingerprint

LARGEST = 256 * 1024
"""Bytes of a written text that are read back: no rendered one is as long."""
ENDINGS = {"text": "txt", "markdown": "md", "html": "html"}


def write(pack: Pack, folder: Path) -> tuple[SentText, ...]:
    """Write every text of a pack, each whole or not at all.

    Doing it again after a crash gives the same files. Raises `CrisisError`
    when a file cannot be written; then nothing counts as sent.
    """
    try:
        make_folder(folder)
        return tuple(_written(text, folder) for text in pack.texts)
    except OSError as error:
        raise CrisisError(
            f"the texts could not be written to {folder}: {error.strerror}",
            hint="`crisisctl message show NAME` prints them; copy from there",
            code=1,
        ) from error


def _written(text: Text, folder: Path) -> SentText:
    first = ""
    for name, content in files(text):
        write_private(folder / name, content)
        first = first or name
    return SentText(text.channel, text.locale, text.sha256, str(folder / first))


def files(text: Text) -> Iterator[tuple[str, str]]:
    """The file names and contents of one text; the text itself comes first."""
    stem = f"{text.channel}.{text.locale}"
    if text.format == "html":
        yield f"{stem}.html", text.html
        return
    yield f"{stem}.{ENDINGS[text.format]}", text.body + "\n"
    if text.heading:
        yield f"{stem}.title.txt", text.heading + "\n"
    if text.html:
        yield f"{stem}.html", text.html


class Altered(CrisisError):
    """A written text that cannot be read back as it was approved."""


def read_back(sent: SentText) -> tuple[str, str]:
    """Heading and body of a text that was written before. Raises `Altered` with the reason."""
    file = Path(sent.file)
    stem = file.with_suffix("")
    try:
        body = _content(file)
        heading, page = (
            _content(other) if other.is_file() else ""
            for other in (stem.with_name(f"{stem.name}.title.txt"), file.with_suffix(".html"))
        )
    except OSError as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise Altered(f"{file} {reason}", code=1) from error
    except UnicodeDecodeError as error:
        raise Altered(f"{file} is not UTF-8 text", code=1) from error
    if fingerprint(sent.channel, sent.locale, heading, body, page) != sent.sha256:
        raise Altered(f"{file} was changed since it was approved", code=1)
    return heading, body


def _content(file: Path) -> str:
    with file.open("rb") as stream:
        data = stream.read(LARGEST + 1) if file.is_file() else b""
    text = data[:LARGEST].decode("utf-8")
    return text if file.suffix == ".html" else text.removesuffix("\n")


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner looks into, and those above it."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)  # whatever the umask: the texts are not public yet


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner reads, whole or not at all. Raises `OSError`."""
    partial = path.with_name(f".{path.name}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
