"""Writing an archive: the same files always give the same bytes."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO

from crisisctl.errors import CrisisError
from crisisctl.evidence.layout import DENSEST, LARGEST, LARGEST_FILE, MOST_FILES, SMALL

_LEVEL = 6
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def pack(files: Mapping[str, bytes], stream: BinaryIO) -> None:
    """Write the files in their order, without a trace of when and where it was done."""
    _check_size(files)
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = _UNIX
            info.external_attr = (stat.S_IFREG | 0o600) << 16
            # what packs too well would look like a bomb to whoever reads it
            dense = len(content) > SMALL and (
                len(zlib.compress(content, _LEVEL)) * DENSEST < len(content)
            )
            info.compress_type = zipfile.ZIP_STORED if dense else zipfile.ZIP_DEFLATED
            archive.writestr(info, content, compresslevel=_LEVEL)


def _check_size(files: Mapping[str, bytes]) -> None:
    total = sum(map(len, files.values()))
    biggest = max(map(len, files.values()))
    if total <= LARGEST and biggest <= LARGEST_FILE and len(files) <= MOST_FILES:
        return
    raise CrisisError(
        f"the record is too big for an archive: {len(files)} files, {total:,} bytes",
        hint="copy the journal itself: journal.db, while nothing is written to it",
    )
