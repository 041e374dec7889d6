"""Reading an archive that a stranger sent: every byte accounted for, nothing trusted.

The zip format lets an archive say two things at once: names and sizes stand in it twice,
anything may lie before, between or behind the files. Here both copies must agree and
the files must lie end to end, so that every program sees the same archive.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import Struct
from typing import BinaryIO

import msgspec

from crisisctl.errors import CrisisError
from crisisctl.evidence.layout import (
    DENSEST,
    LARGEST,
    LARGEST_FILE,
    MOST_FILES,
    NAME,
    SMALL,
)
from crisisctl.text import quoted

_CHUNK = 256 * 1024
_STORED, _DEFLATED = 0, 8
_UTF8 = 0x800
"""The only flag that changes nothing; others tell of encryption, patches, sizes that come later."""
_FOLDER = 0x10
_END = Struct("<4s4H2LH")
_CENTRAL = Struct("<4s6H3L5H2L")
_LOCAL = Struct("<4s5H3L2H")


class Damaged(CrisisError):
    """The archive cannot be read as one of ours."""

    def __init__(self, text: str) -> None:
        super().__init__(text, hint="ask for it again, from whoever wrote it", code=1)


class Member(msgspec.Struct, frozen=True):
    """Where a file lies in the archive."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    start: int


class Archive:
    """The files of an open archive, each read in pieces and only as long as it says it is."""

    def __init__(self, stream: BinaryIO, members: dict[str, Member]) -> None:
        self._stream = stream
        self._members = members

    @property
    def names(self) -> list[str]:
        """Every file, in the order they lie there."""
        return list(self._members)

    def size(self, name: str) -> int:
        """How long a file is, unpacked."""
        return self._members[name].size

    def read(self, name: str) -> bytes:
        """A whole file. Raises `Damaged` where it is not what it says it is."""
        return b"".join(self.pieces(name))

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file without their ends; the last must have one, too."""
        begun: list[bytes] = []
        for piece in self.pieces(name):
            first, *more = piece.split(b"\n")
            begun.append(first)
            if more:
                yield b"".join(begun)
                yield from more[:-1]
                begun = more[-1:]
        if any(begun):
            raise Damaged(f"{name} ends in the middle of a line")

    def pieces(self, name: str) -> Iterator[bytes]:
        """A file in pieces. Raises `Damaged` where it is not what it says it is."""
        member = self._members[name]
        found, crc = 0, 0
        for piece in self._unpacked(member):
            found += len(piece)
            if found > member.size:
                raise Damaged(f"{name} is longer than it says")
            crc = zlib.crc32(piece, crc)
            yield piece
        if (found, crc) != (member.size, member.crc):
            raise Damaged(f"{name} cannot be unpacked: it is damaged")

    def _unpacked(self, member: Member) -> Iterator[bytes]:
        if member.method == _STORED:
            yield from self._packed(member)
            return
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            for piece in self._packed(member):
                yield unpacker.decompress(piece, _CHUNK)
                while unpacker.unconsumed_tail:
                    yield unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)
            while not unpacker.eof and (piece := unpacker.decompress(b"", _CHUNK)):
                yield piece  # what was held back although all was read
        except zlib.error:
            raise Damaged(f"{member.name} cannot be unpacked: it is damaged") from None
        if not unpacker.eof or unpacker.unused_data:
            raise Damaged(f"{member.name} cannot be unpacked: it is damaged")

    def _packed(self, member: Member) -> Iterator[bytes]:
        left, at = member.packed, member.start
        while left:
            self._stream.seek(at)
            piece = self._stream.read(min(left, _CHUNK))
            if not piece:
                raise Damaged(f"{member.name} is cut off")
            yield piece
            left, at = left - len(piece), at + len(piece)


@contextmanager
def unpacked(path: Path) -> Iterator[Archive]:
    """Open an archive. Raises `Damaged` unless its structure is sound and harmless."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise CrisisError(f"{path} is not a file")
        stream = path.open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CrisisError(f"{path} cannot be read: {reason.lower()}") from None
    with stream:
        yield Archive(stream, _members(stream))


def _members(stream: BinaryIO) -> dict[str, Member]:
    size = stream.seek(0, os.SEEK_END)
    if size > LARGEST:
        raise Damaged(f"the archive is too big: {size:,} bytes")
    count, start, length = _end(stream, size)
    stream.seek(start)
    directory = stream.read(length)
    found: dict[str, Member] = {}
    folded: set[str] = set()
    at = offset = 0
    for _ in range(count):
        member, taken = _member(stream, directory, at, offset)
        if member.name.casefold() in folded:
            raise Damaged(f"{quoted(member.name)} is there twice")
        folded.add(member.name.casefold())
        found[member.name] = member
        at, offset = at + taken, member.start + member.packed
    if at != length or offset != start:
        raise Damaged("there is something in the archive that belongs to no file")
    if sum(member.size for member in found.values()) > LARGEST:
        raise Damaged("unpacked it would be too big")
    return found


def _end(stream: BinaryIO, size: int) -> tuple[int, int, int]:
    """How many files there are, where their directory begins, how long it is."""
    if size < _END.size:
        raise Damaged("it is not a zip archive")
    stream.seek(size - _END.size)
    mark, disk, first, here, count, length, start, comment = _END.unpack(stream.read(_END.size))
    if mark != b"PK\5\6" or disk or first or here != count or comment:
        stream.seek(0)
        if stream.read(4) != b"PK\3\4":
            raise Damaged("it is not a zip archive")
        raise Damaged("the archive does not end where it should: it is cut off, or longer")
    if start + length + _END.size != size:
        raise Damaged("there is something in the archive that belongs to no file")
    if not 0 < count <= MOST_FILES:
        raise Damaged(f"the archive holds {count:,} files")
    return count, start, length


def _member(stream: BinaryIO, directory: bytes, at: int, offset: int) -> tuple[Member, int]:
    """The file at this place of the directory, which must lie at this offset; bytes it took."""
    entry = directory[at : at + _CENTRAL.size]
    if len(entry) < _CENTRAL.size or not entry.startswith(b"PK\1\2"):
        raise Damaged("the directory of the archive is damaged")
    (_, _, _, flags, method, _, _, crc, packed, size, named, extra, comment, disk, _, kind,
     start) = _CENTRAL.unpack(entry)  # fmt: skip
    raw = directory[at + _CENTRAL.size : at + _CENTRAL.size + named]
    name = raw.decode("ascii", "backslashreplace")
    if not NAME.fullmatch(name) or ".." in name:
        raise Damaged(f"{quoted(name)} is not the name of a file of such an archive")
    if flags & 1:
        raise Damaged(f"{quoted(name)} is encrypted")
    if stat.S_IFMT(kind >> 16) not in (0, stat.S_IFREG) or kind & _FOLDER:
        raise Damaged(f"{quoted(name)} is a link, or something else that is no file")
    if flags & ~_UTF8 or method not in (_STORED, _DEFLATED) or extra or comment or disk:
        raise Damaged(f"{quoted(name)} is packed in a way that is not taken")
    if size > LARGEST_FILE or (size > SMALL and size > packed * DENSEST):
        raise Damaged(f"{quoted(name)} would be too big: {size:,} bytes out of {packed:,}")
    stream.seek(start)
    head = stream.read(_LOCAL.size)
    twin = stream.read(named)
    if start != offset or len(head) < _LOCAL.size or twin != raw:
        raise Damaged(f"{quoted(name)} is not where the archive says")
    mark, _, flags_there, method_there, _, _, *sizes, named_there, extra_there = _LOCAL.unpack(head)
    same = (mark, flags_there, method_there, *sizes, named_there, extra_there)
    if same != (b"PK\3\4", flags, method, crc, packed, size, named, 0):
        raise Damaged(f"the archive says two different things about {quoted(name)}")
    if method == _STORED and packed != size:
        raise Damaged(f"the archive says two different things about {quoted(name)}")
    body = start + _LOCAL.size + named
    return Member(name, method, crc, packed, size, body), _CENTRAL.size + named
