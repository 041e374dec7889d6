"""Read YAML into plain values that know their place, and report every problem as data."""

from __future__ import annotations

import pathlib
import re
import stat
from codecs import BOM_UTF16_BE, BOM_UTF16_LE

from crisisctl.errors import CrisisError
from crisisctl.playbook.construct import construct
from crisisctl.playbook.document import Document, Mark, Path, Problem, Value, end_of
from crisisctl.playbook.syntax import TAG

__all__ = ["Document", "Mark", "Path", "Problem", "Value", "read_bytes", "read_file", "read_text"]

MAX_BYTES = 1 << 20

# To libyaml (YAML 1.1) a raw U+2028 or U+2029 is a line break; to YAML 1.2 and to
# editors it is not, so every line number after it would be wrong.
_UNREADABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
# Sixty thousand tag directives keep libyaml busy for seconds before its first event.
_TAG_DIRECTIVE = re.compile(r"%TAG(?<![^\r\n]%TAG)")


class TooLarge(CrisisError):
    """An ordinary file, but larger than a file of ours can be."""


def read_file(path: pathlib.Path) -> Document:
    """Read a file, which must be an ordinary one of at most 1 MiB."""
    return read_bytes(file_bytes(path))


def file_bytes(path: pathlib.Path, largest: int = MAX_BYTES) -> bytes:
    """What an ordinary file of at most 1 MiB, or so many bytes, holds; anything else raises."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise CrisisError(f"{path} is a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise CrisisError(f"{path} is not an ordinary file")
        with path.open("rb") as file:
            data = file.read(min(status.st_size, largest) + 1)
            if len(data) > status.st_size:  # it has grown, or its size is not known beforehand
                data += file.read(largest + 1 - len(data))
    except FileNotFoundError:
        raise CrisisError(f"{path} does not exist") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise CrisisError(f"{path} cannot be read: {reason}") from None
    except ValueError:
        raise CrisisError(f"{str(path)!r} cannot be the name of a file") from None
    if len(data) > largest:
        raise TooLarge(f"{path} is larger than {largest >> 20} MiB")
    return data


def read_bytes(data: bytes) -> Document:
    """Read UTF-8, with or without a byte order mark."""
    if len(data) > MAX_BYTES:
        return _refused(Mark(1, 1), "the text is larger than 1 MiB", rule="yaml-size")
    hint = "save it as UTF-8"
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _refused(Mark(1, 1), "the file is saved as UTF-16", hint, rule="yaml-encoding")
    try:
        return read_text(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        # The codec has taken the byte order mark off before it counts.
        before = error.object[: error.start].decode()
        return _refused(end_of(before), "the file is not UTF-8 here", hint, rule="yaml-encoding")


def read_text(text: str) -> Document:
    """Read YAML 1.2 core without anchors, aliases and tags."""
    text = text.removeprefix("\ufeff")
    if len(text) > MAX_BYTES:
        return _refused(Mark(1, 1), "the text is larger than 1 MiB", rule="yaml-size")
    if bad := _UNREADABLE.search(text):
        what = f"the invisible character U+{ord(bad[0]):04X} cannot be read"
        hint = "remove it; if the whole file is like this, save it as UTF-8"
        return _refused(end_of(text[: bad.start()]), what, hint, rule="yaml-encoding")
    if tag := _TAG_DIRECTIVE.search(text):
        at = end_of(text[: tag.start()])
        return _refused(at, TAG.text, "remove the line", rule=TAG.rule)
    return construct(text)


def _refused(at: Mark, text: str, hint: str = "", *, rule: str) -> Document:
    problem = Problem(line=at.line, column=at.column, text=text, hint=hint, rule=rule)
    return Document(None, {}, {}, (problem,))
