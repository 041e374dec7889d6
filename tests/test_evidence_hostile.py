"""Archives from strangers: none writes outside, fills the memory, or says two things at once."""

from __future__ import annotations

import random
import re
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import Files, looked_at, opened, packed, raw_zip
from conftest import Crisis
from makers import a_playbook, a_sent, minute
from small import answers, small

from crisisctl.errors import CrisisError
from crisisctl.evidence import layout
from crisisctl.evidence.unpacking import Damaged, unpacked
from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.incident.store import Stamp, record
from crisisctl.journal import Journal
from crisisctl.messages.pack import fingerprint


@pytest.fixture
def archive(crisis: Crisis, folder: Path) -> Path:
    """The archive of a small crisis."""
    small(folder)
    id = crisis("start", "small", "--answers", str(answers(folder))).stdout.strip()
    crisis("export", id, "-o", "good.zip")
    return Path("good.zip")


def written(content: bytes) -> Path:
    path = Path("bad.zip")
    path.write_bytes(content)
    return path


def entry(name: str, **fields: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def with_name(name: str) -> bytes:
    """An archive with a file of this name, which Python itself would tidy up."""
    plain = "N" * len(name.encode())
    return raw_zip((plain, b"x")).replace(plain.encode(), name.encode())


NAMES = {
    "up": "../evil.txt",
    "up in the middle": "texts/../../evil.txt",
    "dots": "..",
    "absolute": "/etc/evil.txt",
    "a drive": "C:/evil.txt",
    "backslashes": "..\\evil.txt",
    "a NUL": "README.txt\0.exe",
    "a line break": "README.txt\nx",
    "an escape": "\x1b[2Jx.txt",
    "empty parts": "texts//x.txt",
    "a folder": "texts/",
    "hidden": ".bashrc",
    "an option": "-rf",
    "deep": "a/b/c/d/e.txt",
    "not ASCII": "tëxt.txt",
    "right to left": "\u202etxt.exe",
    "long": "x" * 300,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_that_leads_elsewhere_is_refused(name: str, folder: Path) -> None:
    with (
        pytest.raises(Damaged, match="is not the name of a file"),
        unpacked(written(with_name(name))),
    ):
        pass


def link() -> bytes:
    return raw_zip((entry("texts/x.txt", external_attr=(stat.S_IFLNK | 0o777) << 16), b"/etc"))


def twice() -> bytes:
    return raw_zip(("one.txt", b"1"), ("two.txt", b"2")).replace(b"two.txt", b"one.txt")


def encrypted() -> bytes:
    whole = bytearray(raw_zip(("x.txt", b"1")))
    whole[6] |= 1
    whole[whole.index(b"PK\1\2") + 8] |= 1
    return bytes(whole)


def bomb() -> bytes:
    return raw_zip(("x.txt", b"\0" * (8 << 20)), compression=zipfile.ZIP_DEFLATED)


def longer_than_it_says() -> bytes:
    """Both sizes say three bytes; out of it come eight million."""
    whole = raw_zip(("incident.json", b"\0" * (8 << 20)), compression=zipfile.ZIP_DEFLATED)
    return whole.replace(struct.pack("<L", 8 << 20), struct.pack("<L", 3))


def overlapping() -> bytes:
    """Two names for the same bytes: many of them make much out of little."""
    whole = raw_zip(("a.txt", b"1" * 50), ("b.txt", b"1" * 50))
    second = whole.rindex(b"PK\1\2")
    return whole[: second + 42] + struct.pack("<L", 0) + whole[second + 46 :]


def two_names() -> bytes:
    whole = raw_zip(("a.txt", b"1"))
    at = whole.index(b"PK\1\2") + 46
    return whole[:at] + b"b" + whole[at + 1 :]


def two_sizes() -> bytes:
    """Other programs go by the size that stands before the file."""
    whole = bytearray(raw_zip(("a.txt", b"1")))
    whole[22] = 0
    return bytes(whole)


def too_many() -> bytes:
    whole = raw_zip(("a.txt", b"1"))
    end = bytearray(whole)
    end[-14:-10] = struct.pack("<2H", 60_000, 60_000)
    return bytes(end)


def lists_less() -> bytes:
    """One file more lies there than the directory names."""
    whole = raw_zip(("a.txt", b"1"), ("b.txt", b"2"))
    first, second = whole.index(b"PK\1\2"), whole.rindex(b"PK\1\2")
    directory = whole[first:second]
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), first, 0)
    return whole[:first] + directory + end


STRUCTURES: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "it is not a zip archive"),
    "text": (lambda: b"hello " * 100, "it is not a zip archive"),
    "gzip": (lambda: b"\x1f\x8b" + b"\0" * 100, "it is not a zip archive"),
    "no file in it": (lambda: raw_zip(), "it is not a zip archive|holds 0 files"),
    "another zip": (lambda: raw_zip(("a.txt", b"1")), "not one that crisisctl wrote"),
    "zip in a zip": (lambda: raw_zip(("a.zip", raw_zip(("a.txt", b"1")))), "not one that"),
    "a link": (link, "is a link"),
    "twice the same": (twice, "is there twice"),
    "twice but for case": (lambda: raw_zip(("a.txt", b"1"), ("A.txt", b"2")), "is there twice"),
    "encrypted": (encrypted, "is encrypted"),
    "a bomb": (bomb, "would be too big"),
    "a bomb that lies": (
        longer_than_it_says,
        "incident.json is longer than it says",
    ),
    "overlapping": (overlapping, "is not where the archive says"),
    "two names": (two_names, "is not where the archive says"),
    "two sizes": (two_sizes, "says two different things"),
    "too many files": (too_many, "holds 60,000 files"),
    "a file unlisted": (lists_less, "belongs to no file"),
    "bzip2": (lambda: raw_zip(("a.txt", b"1"), compression=zipfile.ZIP_BZIP2), "is not taken"),
    "lzma": (lambda: raw_zip(("a.txt", b"1"), compression=zipfile.ZIP_LZMA), "is not taken"),
}


@pytest.mark.parametrize(("make", "said"), STRUCTURES.values(), ids=STRUCTURES)
def test_a_zip_that_is_not_ours_is_one_line_and_nothing_is_written(
    crisis: Crisis, folder: Path, make: Callable[[], bytes], said: str
) -> None:
    path = written(make())

    checked, brought = crisis("verify", str(path)), crisis("import", str(path))

    assert checked.exit == 1
    assert re.search(said, checked.stdout), checked.stdout
    assert checked.stdout.count("\n") == 1
    assert (brought.exit, brought.stdout) == (1, "")
    assert re.search(said, brought.stderr)
    assert not (folder / "home").exists()


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "something before it": lambda whole: b"#!/bin/sh\n" + whole,
    "something behind it": lambda whole: whole + b"more",
    "a comment": lambda whole: whole[:-2] + struct.pack("<H", 4) + b"more",
    "cut off": lambda whole: whole[:-100],
    "cut in the middle": lambda whole: whole[: len(whole) // 2],
    "only its end": lambda whole: whole[-22:],
    "twice": lambda whole: whole + whole,
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_what_lies_around_an_archive_is_noticed(
    crisis: Crisis, archive: Path, spoil: Callable[[bytes], bytes]
) -> None:
    ran = crisis("verify", str(written(spoil(archive.read_bytes()))))

    assert ran.exit == 1
    assert "Traceback" not in ran.stdout + ran.stderr


def test_data_between_the_files_is_noticed(crisis: Crisis, archive: Path) -> None:
    whole = archive.read_bytes()
    second = whole.index(b"PK\3\4", 4)
    padded = whole[:second] + b"hidden" + whole[second:]
    end = padded.rindex(b"PK\5\6")
    start = int.from_bytes(whole[-6:-2], "little") + 6
    padded = padded[: end + 16] + struct.pack("<L", start) + padded[end + 20 :]

    ran = crisis("verify", str(written(padded)))

    assert ran.exit == 1


def test_an_archive_that_is_too_big_for_us_is_not_begun(folder: Path) -> None:
    path = Path("huge.zip")
    with path.open("wb") as file:
        file.write(b"PK\3\4")
        file.truncate(layout.LARGEST + 1)

    with pytest.raises(Damaged, match="too big"), unpacked(path):
        pass


@pytest.mark.parametrize("path", ["nothing.zip", ".", "/dev/null", "a\0b.zip"])
def test_what_is_no_file_cannot_be_read(folder: Path, path: str) -> None:
    with pytest.raises(CrisisError) as found, unpacked(Path(path)):
        pass

    assert found.value.code == 2


def test_a_bomb_takes_no_memory(archive: Path) -> None:
    """A file that unpacks to far more than it says: it is left at the first byte too many."""
    dense = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = dense.compress(b"\0" * (400 << 20)) + dense.flush()
    name = b"incident.json"
    sizes = (0, len(body), len(body))
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 33, *sizes, len(name), 0)
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 33, *sizes, len(name), 0, 0, 0, 0, 0, 0
    )
    start = len(local) + len(name) + len(body)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(central) + len(name), start, 0)
    path = written(local + name + body + central + name + end)
    code = "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (300 << 20,) * 2)\n"
    code += "from crisisctl.__main__ import main; sys.argv = ['crisisctl', *sys.argv[1:]]; main()"

    done = subprocess.run(
        [sys.executable, "-c", code, "verify", str(path)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (1, "")
    assert "is longer than it says" in done.stdout


def test_what_packs_too_well_is_stored_so_that_our_own_archive_is_taken(folder: Path) -> None:
    path = packed({"a.txt": b"a" * (4 << 20), "b.txt": b"b" * 10}, Path("dense.zip"))

    with unpacked(path) as archive:
        assert archive.read("a.txt") == b"a" * (4 << 20)
    with zipfile.ZipFile(path) as listed:
        assert [info.compress_type for info in listed.infolist()] == [0, 8]


def test_more_than_a_reader_would_take_is_not_written(folder: Path) -> None:
    many = {f"{n}.txt": b"" for n in range(layout.MOST_FILES + 1)}

    with pytest.raises(CrisisError, match="too big for an archive"):
        packed(many, Path("many.zip"))


@pytest.mark.parametrize("size", [0, 1, 255, 256 * 1024, 256 * 1024 + 1, 3 << 20])
def test_a_file_of_any_size_comes_back_in_lines_and_whole(folder: Path, size: int) -> None:
    made = random.Random(size)
    content = b"".join(
        made.randbytes(made.randrange(200)).hex().encode() + b"\n" for _ in range(size // 200)
    )
    path = packed({"a.txt": content, "b.txt": b"x\n"}, Path("some.zip"))

    with unpacked(path) as archive:
        assert archive.read("a.txt") == content
        assert b"".join(line + b"\n" for line in archive.lines("a.txt")) == content


def contents_of(path: Path) -> Files | None:
    """What an archive is taken to hold; None where it is refused."""
    try:
        with unpacked(path) as archive:
            files = {name: archive.read(name) for name in archive.names}
        return None if looked_at(path).damages else files
    except CrisisError:
        return None


def flip(archive: Path, places: list[tuple[int, int]]) -> list[str]:
    """Flip one bit at each of these places; where it was taken for something else than it is."""
    whole, good = archive.read_bytes(), opened(archive)
    wrong = []
    for at, bit in places:
        spoiled = bytearray(whole)
        spoiled[at] ^= 1 << bit
        found = contents_of(written(bytes(spoiled)))
        if found is not None and found != good:
            wrong.append(f"byte {at}, bit {bit}")
    return wrong


def test_a_flipped_bit_is_noticed_or_changes_nothing(archive: Path) -> None:
    made, size = random.Random(20261127), archive.stat().st_size
    directory = archive.read_bytes().index(b"PK\1\2")
    anywhere = [(made.randrange(size), made.randrange(8)) for _ in range(60)]
    in_the_directory = [(made.randrange(directory, size), made.randrange(8)) for _ in range(60)]

    assert flip(archive, anywhere + in_the_directory) == []


@pytest.mark.slow
def test_every_flipped_byte_of_the_structure_is_noticed_or_changes_nothing(archive: Path) -> None:
    whole, made = archive.read_bytes(), random.Random(7)
    directory = whole.index(b"PK\1\2")
    heads = [at for at in range(directory) if whole[at : at + 4] == b"PK\3\4"]
    places = [(at, made.randrange(8)) for at in range(directory, len(whole))]
    places += [(at + n, made.randrange(8)) for at in heads for n in range(30)]
    places += [(made.randrange(len(whole)), made.randrange(8)) for _ in range(500)]

    assert flip(archive, places) == []


def test_most_flips_are_noticed_not_only_harmless(archive: Path) -> None:
    made, whole = random.Random(3), archive.read_bytes()
    noticed = 0
    for _ in range(40):
        spoiled = bytearray(whole)
        spoiled[made.randrange(len(whole))] ^= 1 << made.randrange(8)
        noticed += contents_of(written(bytes(spoiled))) is None

    assert noticed > 30


def test_bytes_of_any_kind_are_refused_in_one_line(crisis: Crisis, archive: Path) -> None:
    made, whole = random.Random(11), archive.read_bytes()
    for _ in range(40):
        start, end = sorted(made.randrange(len(whole)) for _ in range(2))
        spoiled = whole[:start] + made.randbytes(made.randrange(50)) + whole[end:]

        ran = crisis("verify", str(written(spoiled)))

        assert ran.exit == 1
        assert ran.stderr == ""


HOSTILE = ["../../evil", "/etc/passwd", "a\0b", "CON", "x" * 300, "\u202egnp", "...", "", "ß", "SS"]


def test_names_out_of_the_record_stay_names_of_files_inside(crisis: Crisis, folder: Path) -> None:
    """Playbooks, messages, channels and paths that are called like ways out of the folder."""
    happened: list[ev.Event] = [ev.IncidentDeclared("Outage", "UTC")]
    for number, name in enumerate(HOSTILE):
        happened.append(ev.PlaybookAdded(name, f"text {number}", a_playbook()))
        body, file = f"Sorry, {number}.", f"/gone/{name}/../../../{name}.en.txt"
        sha = fingerprint(name, "en", "", body, "")
        words = ev.DraftedText(name, "en", "", body, sha)
        happened.append(ev.MessageDrafted(name, "customers", (words,)))
        happened.append(a_sent(name, texts=(ev.SentText(name, "en", sha, file),)))
    with Journal.open(folder / "home" / "journal.db") as journal:
        record(journal, fold("outage-1", []), happened, Stamp("ana", minute(1)))
    before = {path for path in folder.parent.rglob("*") if not {"home", "other"} & {*path.parts}}

    assert crisis("export", "outage-1", "-o", "names.zip").exit == 0
    assert crisis("verify", "names.zip").exit == 0
    command = ("env", f"CRISISCTL_HOME={folder / 'other'}", sys.executable, "-m", "crisisctl")
    done = subprocess.run([*command, "import", "names.zip"], capture_output=True, check=False)

    files = opened(Path("names.zip"))
    assert done.returncode == 0, done.stderr
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+){0,2}", name) for name in files)
    assert len({name.casefold() for name in files}) == len(files)
    assert len([name for name in files if name.startswith("playbooks/")]) == len(HOSTILE)
    assert {p.proof for p in looked_at(Path("names.zip")).proofs} == {"exact"}
    after = {path for path in folder.parent.rglob("*") if not {"home", "other"} & {*path.parts}}
    assert after - before == {folder / "names.zip"}
