"""Bytes to text, piece by piece: whatever an export was saved as, no letter takes its row along.

Spreadsheets on Windows still save in the old code page of their country, and people paste such
rows into files that are UTF-8 otherwise. So what is not UTF-8 is read as the old page that fits.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from types import TracebackType

from crisisctl.errors import CrisisError
from crisisctl.text import safe

_PIECE = 256 * 1024
_START = 1024 * 1024
"""Bytes from which the encoding is told."""
_UNLIKE_TEXT = (
    (b"PK\3\4", "a ZIP file or an Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BINARY = bytes({*range(9), 11, *range(14, 27), *range(28, 32)})
_TURKISH = re.compile(rb"[\xd0\xdd\xde\xf0\xfd\xfe]")
"""Where the Turkish page differs from the Western one, which has Icelandic letters there."""
_RUN = re.compile(rb"[\x80-\xff]+")
_CYRILLIC_WORD = re.compile(rb"[\xa8\xb8\xc0-\xff]{3,}")
"""Three letters with the high bit in a row: hardly a word in Latin letters has them."""
_PAGES = {"cp1251": "Windows-1251", "cp1252": "Windows-1252", "cp1254": "Windows-1254"}


class Text:
    """A file whose text comes in pieces of some hundred thousand letters."""

    def __init__(self, path: Path) -> None:
        """Raises `CrisisError` where it is no text."""
        self.path = path
        try:
            if not path.is_file():
                what = "is not a file" if path.exists() else "is not there"
                raise CrisisError(f"{shown(path)} {what}", hint="give the path of an export")
            self._file = path.open("rb")
            self._start = self._file.read(_START)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CrisisError(f"{shown(path)} cannot be read: {reason}") from error
        self.size = path.stat().st_size
        self.position = 0
        """Bytes that were turned into text."""
        self.repaired = 0
        """Pieces in which something was not UTF-8."""
        self.nothings = 0
        """NUL characters that were taken out."""
        self.title = ""
        """What stands above the names of the columns, in words."""
        try:
            self.encoding = self._told()
        except CrisisError:
            self._file.close()
            raise
        decoder = codecs.getincrementaldecoder(self.encoding)
        self._decoder = decoder(self._strictness)
        self.start = decoder("replace").decode(self._start[:4096])
        """Some of its first letters."""

    def __enter__(self) -> Text:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def read(self) -> str:
        """The next piece of text; empty at the end."""
        while True:
            piece = self._start[:_PIECE] or self._bytes()
            self._start = self._start[_PIECE:]
            self.position += len(piece)
            text = self._text(piece)
            if self.position == len(piece):
                text = text.lstrip("\ufeff")  # a mark that stands before another one
            if "\0" in text:
                self.nothings += text.count("\0")
                text = text.replace("\0", "")
            if text or not piece:
                return text

    @property
    def remarks(self) -> list[str]:
        """What was done to the letters, and what was left out, in words."""
        said = [self.title] if self.title else []
        if self.encoding in _PAGES:
            said.append(f"the file is not UTF-8: it was read as {_PAGES[self.encoding]}")
        elif self.repaired and "utf-16" in self.encoding:
            said.append("some letters are not valid UTF-16: they are shown as \ufffd")
        elif self.repaired:
            said.append("some letters are not UTF-8: they were read as the old Windows code page")
        if self.nothings:
            said.append("NUL characters were taken out")
        return said

    @property
    def _strictness(self) -> str:
        return "strict" if self.encoding.startswith("utf-8") else "replace"

    def _bytes(self) -> bytes:
        try:
            return self._file.read(_PIECE)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CrisisError(f"{shown(self.path)} cannot be read: {reason}") from error

    def _text(self, piece: bytes) -> str:
        before = self._decoder.getstate()
        try:
            text = self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError:
            self.repaired += 1
            self._decoder.setstate(before)
            self._decoder.errors = _MIXED
            text = self._decoder.decode(piece, final=not piece)
            self._decoder.errors = "strict"
        if "\ufffd" in text and "utf-16" in self.encoding:
            self.repaired += 1
        return text

    def _told(self) -> str:
        """Which encoding the first bytes are in."""
        start = self._start
        what = next((what for magic, what in _UNLIKE_TEXT if start.startswith(magic)), "")
        if what or start.startswith(b"\xff\xfe\0\0"):
            raise self._no_text(what or "not text")
        for mark, name in _BOMS:
            if start.startswith(mark) and len(start) > len(mark):
                return name
        if name := _wide(start[:4096]):
            return name
        if not start.strip(b" \t\r\n\0\xef\xbb\xbf\xfe\xff"):
            raise CrisisError(f"{shown(self.path)} is empty", hint="export it again")
        head = start[:4096]
        odd = len(head) - len(head.translate(None, _BINARY))
        if odd > 0.05 * len(head) + 3:
            raise self._no_text("not text")
        try:
            codecs.getincrementaldecoder("utf-8")().decode(start)
        except UnicodeDecodeError:
            return _page(start)
        return "utf-8"

    def _no_text(self, what: str) -> CrisisError:
        hint = "save it as CSV (UTF-8), or take the CSV or JSON export of the platform"
        return CrisisError(f"{shown(self.path)} is {what}, not a CSV or JSON export", hint=hint)


def shown(path: Path) -> str:
    """A path as it may stand in a message."""
    return safe(str(path))


def _wide(start: bytes) -> str:
    """UTF-16 without its mark: every other byte of plain letters is nought."""
    first, second = start[::2].count(0), start[1::2].count(0)
    many, few = len(start) / 5, len(start) / 50
    if second > many and first <= few:
        return "utf-16-le"
    return "utf-16-be" if first > many and second <= few else ""


def _page(start: bytes) -> str:
    """The old page that a whole file is in; "utf-8" where some of it really is UTF-8."""
    runs = _RUN.findall(start)
    broken = [run for run in runs if not _is_utf8(run)]
    if len(broken) < 0.9 * len(runs):
        return "utf-8"
    return _guess(b" ".join(broken))


def _is_utf8(run: bytes) -> bool:
    try:
        run.decode()
    except UnicodeDecodeError:
        return False
    return True


def _guess(letters: bytes) -> str:
    """The page of runs of letters beyond ASCII."""
    inside = sum(len(word) for word in _CYRILLIC_WORD.findall(letters))
    if 2 * inside > len(letters.replace(b" ", b"")):
        return "cp1251"
    return "cp1254" if _TURKISH.search(letters) else "cp1252"


def _mixed(error: UnicodeError) -> tuple[str, int]:
    """Read a run of bytes that is not UTF-8 as the old page that fits the words around it."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, start = error.object, error.start
    around = data[max(0, start - 40) : start + 40]
    words = [run for run in _RUN.findall(around) if not _is_utf8(run)]
    page = _guess(b" ".join(words))
    end = start + 1
    while end < len(data) and data[end] >= 0x80 and not _is_utf8(data[end : end + 2]):
        end += 1
    return data[start:end].decode(page, "replace"), end


_MIXED = "crisisctl-mixed"
codecs.register_error(_MIXED, _mixed)
