"""Texts on paper: files to copy from, and a page to read aloud on the phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.delivery.result import Result
from crisisctl.messages.delivery.surroundings import Surroundings
from crisisctl.messages.delivery.targets import Target
from crisisctl.messages.outbox import ENDINGS, write_private
from crisisctl.text import wrap

_WIDTH = 64
"""Short lines: nobody loses the place while reading aloud."""
_SENTENCE = re.compile(r"(?<=[.!?…]) +(?=[^a-zа-яё\s])")


def post(envelope: Envelope, target: Target, surroundings: Surroundings) -> Result:
    """Write a text where a person can take it from. Doing it again gives the same files."""
    try:
        made = [_write(surroundings.folder / n, c) for n, c in pages(envelope, target)]
    except OSError as error:
        words = f"it could not be written to {surroundings.folder}: {error.strerror}"
        return Result("unreached", words)
    return Result("delivered", "written to a file", str(made[0]))


def pages(envelope: Envelope, target: Target) -> Iterator[tuple[str, str]]:
    """The names and contents of the files, the one that matters first."""
    stem = f"{envelope.channel}.{envelope.locale}"
    if target.via == "phone":
        yield f"{stem}.phone.txt", aloud(envelope, target.call)
        return
    if envelope.format == "html" and envelope.html:
        yield f"{stem}.html", envelope.html
        return
    yield f"{stem}.{ENDINGS.get(envelope.format, 'txt')}", f"{envelope.body}\n"
    if envelope.heading:
        yield f"{stem}.title.txt", f"{envelope.heading}\n"
    if envelope.html:
        yield f"{stem}.html", envelope.html


def aloud(envelope: Envelope, call: tuple[str, ...] = ()) -> str:
    """A page to read from on the phone: whom to call, then the text, a sentence a line."""
    lines = []
    if call:
        lines += ["Call, and tick off who has heard it:", ""]
        lines += [f"[ ] {number}. {whom}" for number, whom in enumerate(call, 1)]
        lines += [""]
    lines += ["Read this aloud, word for word, and pause at each empty line:", ""]
    said = [envelope.heading] if envelope.heading else []
    said += [s for p in envelope.body.split("\n") for s in _SENTENCE.split(p.strip()) if s]
    for sentence in said:
        lines += [wrap(sentence, _WIDTH, "    "), ""]
    return "\n".join(lines)


def _write(path: Path, content: str) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, content)
    return path
