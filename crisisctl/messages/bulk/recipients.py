"""Who gets a message: people from a CSV file, each checked, none lost without a word.

Addresses are checked by our own narrow rule (`addresses.py`), not by a library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.addresses import is_address, why_not
from crisisctl.messages.bulk.columns import Columns, columns_of
from crisisctl.messages.bulk.rows import Rejected, Row, Table, open_text
from crisisctl.messages.bulk.seen import Seen, fingerprint
from crisisctl.messages.templates import CONTROL
from crisisctl.text import escaped, quoted

BLOCK = 1000
"""Rows that go to one process at a time."""

_LANGUAGES = {
    "english": "en", "anglais": "en", "inglés": "en", "ingles": "en", "ingilizce": "en",
    "английский": "en", "français": "fr", "francais": "fr", "french": "fr", "francés": "fr",
    "frances": "fr", "fransızca": "fr", "французский": "fr", "español": "es", "espanol": "es",
    "spanish": "es", "espagnol": "es", "castellano": "es", "i̇spanyolca": "es",
    "ispanyolca": "es", "испанский": "es", "türkçe": "tr", "turkce": "tr", "turkish": "tr",
    "turc": "tr", "turco": "tr", "турецкий": "tr", "русский": "ru", "russian": "ru",
    "russe": "ru", "ruso": "ru", "rusça": "ru",
}  # fmt: skip
_STARTERS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_NUMBER = re.compile(r"[+-]?[\d\s().,/-]{1,60}")
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Recipient(Struct, frozen=True, gc=False):
    """One person to write to."""

    address: str
    locale: str
    name: str
    values: Mapping[str, str]
    """What templates may say of them; what is not known is not in it."""
    line: int
    asked: str | None = None
    """The locale of the list where it is not one of ours: "" where it has none."""
    quiet: bool = False
    """Whether the values are surely nothing but visible text with single spaces inside."""


@dataclass(slots=True)
class Counts:
    """How many of each there were."""

    people: int = 0
    """Those who get a message."""
    rejected: int = 0
    repeated: int = 0
    """Rows whose address came before."""
    without_locale: int = 0
    unknown_locale: int = 0
    """Those who get the default locale."""

    def greet(self, asked: str | None) -> None:
        """One more gets a message; `asked` is for those who get the default locale."""
        self.people += 1
        if asked is not None:
            self.without_locale += not asked
            self.unknown_locale += bool(asked)

    def refuse(self, row: Rejected) -> None:
        """One more row gets none."""
        self.repeated += row.repeated
        self.rejected += not row.repeated


class Recipients:
    """The people of a CSV file, read row by row as they are asked for."""

    def __init__(
        self,
        path: Path,
        *,
        locales: Sequence[str],
        default: str,
    ) -> None:
        """`locales` are those that there is a text in.

        Raises `CrisisError` where the file is no list of people at all.
        """
        if default not in locales:
            raise CrisisError(f"{quoted(default)} is not a locale of this message")
        self.path = path
        self.locales = tuple(locales)
        self.default = default
        self.counts = Counts()
        self._known = frozenset(locales)
        self._meant = {"": ""}
        self._share = (0, 1)
        with open_text(path) as file:
            self.columns = _described(path, Table(file))

    def __iter__(self) -> Iterator[Recipient | Rejected]:
        """Each row, in the order of the file; one whose address came before is rejected."""
        seen = Seen()
        for found in self.rows():
            if isinstance(found, Recipient) and not seen.add(fingerprint(found.address)):
                found = repeated(found.line)
            if isinstance(found, Recipient):
                self.counts.greet(found.asked)
            else:
                self.counts.refuse(found)
            yield found

    def shared(self, nth: int, of: int) -> Recipients:
        """The same list, of which every so-maniest block is read."""
        part = copy(self)
        part._share = (nth, of)
        return part

    def rows(self) -> Iterator[Recipient | Rejected]:
        """The same, but addresses that come twice are not looked for."""
        for block in self.blocks():
            yield from block

    def blocks(self) -> Iterator[list[Recipient | Rejected]]:
        """The rows in blocks: those of its share."""
        mine, of = self._share
        with open_text(self.path) as file:
            table, nth = Table(file), 0
            while True:
                if nth % of != mine:
                    if not table.skip(BLOCK):
                        return
                elif (block := table.take(BLOCK)) is None:
                    return
                else:
                    yield self._read(block)
                nth += 1

    def _read(self, rows: Iterable[Row | Rejected]) -> list[Recipient | Rejected]:
        found: list[Recipient | Rejected] = []
        columns = self.columns
        at, name, locale, named = columns.address, columns.name, columns.locale, columns.values
        for row in rows:
            if isinstance(row, Rejected):
                found.append(row)
                continue
            cells = [cell.strip() for cell in row.cells]
            text = "".join(cells)
            quiet = text.isprintable() and "  " not in text
            reason = "" if quiet and _harmless(text, cells) else _wrong(cells, columns)
            if reason or not is_address(cells[at]):
                if text:
                    found.append(Rejected(row.line, reason or _named(cells[at])))
                continue
            wish, asked = "" if locale is None else cells[locale], None
            meant = self._meant.get(wish) or self._locale(wish)
            if not meant:
                meant, asked = self.default, wish
            told = "" if name is None else cells[name]
            values = {name: cell for place, name in named if (cell := cells[place])}
            found.append(Recipient(cells[at], meant, told, values, row.line, asked, quiet))
        return found

    def _locale(self, wish: str) -> str:
        """The locale that "fr-FR", "FR" or "Français" mean; empty where it is none of ours."""
        if wish in self._meant:
            return self._meant[wish]
        code = language(wish)
        locale = code if code in self._known else ""
        if len(self._meant) < 1000:
            self._meant[wish] = locale
        return locale


def language(wish: str) -> str:
    """The code of the language that "fr-FR", "FR" or "Français" mean; empty where none is named."""
    low = wish.casefold()
    return _LANGUAGES.get(low) or re.split(r"[-_.@ ]", low, maxsplit=1)[0]


def named_languages() -> Iterable[tuple[str, str]]:
    """What people call languages, and the code of each."""
    return _LANGUAGES.items()


def repeated(line: int) -> Rejected:
    """A row whose address came before."""
    return Rejected(line, "the same address stands in an earlier line", repeated=True)


def _described(path: Path, table: Table) -> Columns:
    broken = [cell for cell in table.header if "\ufffd" in cell or CONTROL.search(cell)]
    if broken:
        raise CrisisError(
            f"{path}: line 1 is not text in UTF-8 ({quoted(broken[0], 30)})",
            hint='save the file as "CSV UTF-8"',
        )
    try:
        return columns_of(table.header)
    except CrisisError as error:
        raise CrisisError(f"{path}: {error.message}", hint=error.hint) from error


def _harmless(text: str, cells: list[str]) -> bool:
    """Whether visible text holds no formula and has lost no letter, seen at a glance."""
    if text.isascii() and "=" not in text and "+" not in text and "-" not in text:
        return text.count("@") == 1 and text[0] != "@"
    return "\ufffd" not in text and not [cell for cell in cells if cell[:1] in _STARTERS]


def _wrong(cells: list[str], columns: Columns) -> str:
    """Why a row cannot be used; empty where it can."""
    one_line = (columns.address, columns.locale, columns.name)
    for place, cell in enumerate(cells):
        where = f"in column {place + 1}"
        if "\ufffd" in cell:
            return f"letters {where} are lost: it is not text in UTF-8"
        hidden = CONTROL.search(cell) or _REORDERING.search(cell)
        if hidden or "\t" in cell:
            return f"the control character {escaped(hidden[0] if hidden else chr(9))} {where}"
        if "\n" in cell and place in one_line:
            return f"a line break {where}"
        if cell[:1] in _STARTERS and not _NUMBER.fullmatch(cell):
            return f"{quoted(cell, 20)} {where} is a formula, not a text"
    return ""


def _named(cell: str) -> str:
    return f"{quoted(cell, 40)}: {why_not(cell)}" if cell else why_not(cell)
