"""Writing the status site into a folder that something serves."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from crisisctl.errors import CrisisError


def write_site(files: Mapping[str, bytes], folder: Path) -> None:
    """Write every file, each whole or not at all; nothing else in the folder is touched.

    Whoever reads the site meanwhile finds old and new files side by side, never
    half of one. Raises `CrisisError` when one cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise CrisisError(f"{folder} is not a folder", hint="name a folder: --output DIR")
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _atomic(path, content)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CrisisError(
            f"{error.filename or folder} cannot be written: {reason}",
            hint="the files that were written before it are whole; mend this and run it again",
            code=1,
        ) from error


def _atomic(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")  # two may publish at once
    try:
        # anyone may read them: a web server runs as somebody else
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
