"""Rows that are left to a person: kept beside the plan, and in the list that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from crisisctl.compensation import sheets
from crisisctl.compensation.left import ROWS_HEADER
from crisisctl.compensation.planning import Lost
from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.writing import replacing
from crisisctl.tables.unreadable import Unreadable


def rows_of(folder: Path, plan: int) -> Path:
    """Where the rows stand that a plan left to a person."""
    return folder / f"left-{plan}.csv"


@contextmanager
def keeping(folder: Path, plan: int, asked: Path | None) -> Iterator[Lost]:
    """What keeps each row that a person must look at, also in the list that was asked for."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with replacing(rows_of(folder, plan)) as kept, _opened(asked) as file:
        files = [each for each in (kept, file) if each is not None]
        for each in files:
            each.write(sheets.header(ROWS_HEADER))

        def lost(row: Unreadable) -> None:
            text = sheets.line((str(row.line), sheets.words(row.reason))).encode()
            for each in files:
                each.write(text)

        yield lost


@contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO | None]:
    if path is None:
        yield None
        return
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(f"{path} cannot be written: {reason}", code=1) from error
