"""What the tests of evidence are made of: archives written anew, with something changed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crisisctl.evidence.checking import Checked, check
from crisisctl.evidence.contents import checksums
from crisisctl.evidence.packing import pack
from crisisctl.evidence.unpacking import unpacked
from crisisctl.journal.chain import GENESIS, chained

Files = dict[str, bytes]


def opened(path: Path) -> Files:
    """The files of an archive, as any other program reads them."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files, path: Path) -> Path:
    """Files as an archive."""
    with path.open("wb") as stream:
        pack(files, stream)
    return path


def changed(path: Path, change: Callable[[Files], object]) -> Path:
    """The archive after a change, its checksums made anew: what somebody does who knows how."""
    files = opened(path)
    files.pop("checksums.txt", None)
    change(files)
    files["checksums.txt"] = checksums(files)
    return packed(files, path.with_name("changed.zip"))


def with_events(files: Files, bodies: list[bytes]) -> None:
    """Put other events in, with a chain, a head and a report that agree with them."""
    about = json.loads(files["incident.json"])
    hashes, last = [], GENESIS
    for seq, body in enumerate(bodies, 1):
        last = chained(last, about["incident"], seq, body)
        hashes.append(f"{seq} {last}\n")
    files["events.jsonl"] = b"".join(body + b"\n" for body in bodies)
    files["hashes.txt"] = "".join(hashes).encode()
    about |= {"events": len(bodies), "head": last}
    files["incident.json"] = json.dumps(about).encode()
    report = json.loads(files["report.json"])
    report |= {"events": len(bodies), "head": last, "incident": about["incident"]}
    files["report.json"] = json.dumps(report).encode()


def bodies_of(files: Files) -> list[bytes]:
    """The events, each as it stands."""
    return files["events.jsonl"].splitlines()


def looked_at(path: Path) -> Checked:
    """What the check says of an archive."""
    with unpacked(path) as archive:
        return check(archive)


def raw_zip(*entries: tuple[zipfile.ZipInfo | str, bytes], **kind: Any) -> bytes:
    """A zip archive that some other program wrote."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", **kind) as archive:
        for info, content in entries:
            archive.writestr(info, content)
    return out.getvalue()


def digest(content: bytes) -> str:
    """Its SHA-256."""
    return hashlib.sha256(content).hexdigest()
