"""Evidence: what happened in one archive, checked by a stranger, read back on another machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from archives import Files, bodies_of, changed, digest, looked_at, opened, packed, with_events
from conftest import Crisis, Ran
from makers import BEGAN, a_playbook, a_sent, minute
from small import answers, small

from crisisctl.evidence import layout
from crisisctl.incident import events as ev
from crisisctl.incident.fold import fold
from crisisctl.incident.store import Stamp, record
from crisisctl.journal import Journal
from crisisctl.messages.pack import fingerprint
from crisisctl.report.formats import FORMATS

SETTINGS = "locales: [en, fr]\nbrand: {name: Kestrel}"


@pytest.fixture
def walked(crisis: Crisis, folder: Path) -> str:
    """A small crisis walked to its end, with two messages in two languages."""
    small(folder, settings=SETTINGS)
    return crisis("start", "small", "--answers", str(answers(folder))).stdout.strip()


@pytest.fixture
def archive(crisis: Crisis, walked: str) -> Path:
    """Its archive."""
    assert crisis("export", walked).exit == 0
    return Path(f"{walked}.zip")


@pytest.fixture
def elsewhere(
    crisis: Crisis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    """The command line on another machine: no workspace, another home, another person."""

    def run(*words: str) -> Ran:
        away = tmp_path.parent / f"{tmp_path.name}-elsewhere"
        away.mkdir(exist_ok=True)
        with monkeypatch.context() as there:
            there.setenv("CRISISCTL_HOME", str(away / "state"))
            there.setenv("CRISISCTL_OPERATOR", "kim")
            there.chdir(away)
            return crisis(*words)

    return run


def hashes(home: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(home / "journal.db")) as connection:
        return connection.execute("SELECT seq, hash FROM events ORDER BY seq").fetchall()


# What is in it


def test_the_archive_holds_each_event_to_the_byte_and_the_head(
    crisis: Crisis, folder: Path, walked: str, archive: Path
) -> None:
    files = opened(archive)
    with Journal.open(folder / "home" / "journal.db") as journal:
        rows = journal.read_verified(walked)

    assert bodies_of(files) == [row.body for row in rows]
    assert files["hashes.txt"].decode().split() == [w for r in rows for w in (str(r.seq), r.hash)]
    about = json.loads(files["incident.json"])
    assert (about["incident"], about["events"], about["head"]) == (walked, len(rows), rows[-1].hash)
    assert (about["format"], about["drill"], about["restricted"]) == (layout.FORMAT, False, False)
    assert files["playbooks/small.yaml"] == (folder / "playbooks" / "small.yaml").read_bytes()
    assert json.loads(files["report.json"])["head"] == rows[-1].hash
    assert {f"report.{ending}" for ending in FORMATS} <= files.keys()


def test_every_text_that_was_sent_gives_the_hash_that_its_event_holds(archive: Path) -> None:
    files = opened(archive)
    proofs = json.loads(files["texts.json"])
    entries = [ev.decode(body) for body in bodies_of(files)]
    sent = [t for e in entries if isinstance(e.event, ev.MessageSent) for t in e.event.texts]

    assert [proof["sha256"] for proof in proofs] == [text.sha256 for text in sent]
    assert len(proofs) == 6  # hello on two channels, update on one, in two languages
    for proof in proofs:
        parts = [files[proof[p]].decode() if proof[p] else "" for p in ("heading", "body", "page")]
        assert fingerprint(proof["channel"], proof["locale"], *parts) == proof["sha256"]
        assert (proof["proof"], proof["note"]) == ("exact", "")


def test_published_pages_and_stamped_texts_are_proved_as_well(crisis: Crisis, folder: Path) -> None:
    id = crisis("start", "outage", "--example").stdout.strip()
    ran = crisis("export", id, "-o", "drill.zip")

    proofs = json.loads(opened(Path("drill.zip"))["texts.json"])
    assert {proof["proof"] for proof in proofs} == {"exact"}
    assert {"homepage", "email", "sms"} <= {proof["channel"] for proof in proofs}
    assert [p["page"] for p in proofs if p["channel"] == "homepage" and not p["page"]] == []
    assert "missing" not in ran.stderr
    assert crisis("verify", "drill.zip").exit == 0


def test_the_same_record_gives_the_same_bytes_whenever_and_wherever(
    crisis: Crisis, walked: str, archive: Path
) -> None:
    time.sleep(1.1)  # a second later a clock would show
    ran = crisis("export", walked, "--output", "again.zip")

    assert Path("again.zip").read_bytes() == archive.read_bytes()
    assert ran.stdout == "again.zip\n"
    assert not re.search(r"20\d\d-", archive.read_bytes()[:400].decode("latin-1"))


def test_one_more_event_gives_another_archive(crisis: Crisis, walked: str, archive: Path) -> None:
    crisis("note", "One more thing")
    crisis("export", walked, "-o", "more.zip")

    assert digest(Path("more.zip").read_bytes()) != digest(archive.read_bytes())


def test_the_archive_is_private_and_nothing_else_is_left(folder: Path, archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert not [path for path in folder.iterdir() if path.name.endswith(".part")]


def test_it_can_be_piped(crisis: Crisis, console: Crisis, walked: str, archive: Path) -> None:
    command = [sys.executable, "-m", "crisisctl", "export", walked, "-o", "-"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)

    assert done.stdout == archive.read_bytes()


@pytest.mark.parametrize("target", ["no/such/folder.zip", "."])
def test_where_it_cannot_be_written_one_line_says_so(
    crisis: Crisis, walked: str, target: str
) -> None:
    ran = crisis("export", walked, "-o", target)

    assert (ran.stdout, ran.stderr.count("\n")) == ("", 1)
    assert ran.stderr.startswith("error: ")
    assert "cannot be written" in ran.stderr


def test_an_incident_of_one_event_is_exported_verified_and_imported(
    crisis: Crisis, elsewhere: Callable[..., Ran], folder: Path
) -> None:
    declared = ev.IncidentDeclared("Just now", "Europe/Paris")
    with Journal.open(folder / "home" / "journal.db") as journal:
        record(journal, fold("tiny-2026-11-27", []), [declared], Stamp("ana", BEGAN))

    path = str(folder / "tiny-2026-11-27.zip")
    assert crisis("export", "tiny-2026-11-27").exit == 0
    assert elsewhere("verify", path).exit == 0
    assert elsewhere("import", path).exit == 0
    for words in (("status",), ("timeline",), ("report",), ("handover",)):
        assert "Just now" in elsewhere(*words, "tiny-2026-11-27").stdout


def test_who_was_written_to_by_name_is_proved_by_the_fingerprint_of_the_list(
    crisis: Crisis, folder: Path
) -> None:
    words = ev.DraftedText(
        "email", "en", "Sorry", "It is over.",
        fingerprint("email", "en", "Sorry", "It is over.", "", "people.csv 12ab"),
        recipients="people.csv 12ab",
    )  # fmt: skip
    drafted = ev.MessageDrafted("holding", "customers", (words,))
    sent = a_sent(texts=(ev.SentText("email", "en", words.sha256, "/gone/01-x/email.en.txt"),))
    begun = [ev.IncidentDeclared("Outage", "UTC"), ev.PlaybookAdded("outage", "x", a_playbook())]
    with Journal.open(folder / "home" / "journal.db") as journal:
        record(journal, fold("outage-1", []), [*begun, drafted, sent], Stamp("ana", minute(1)))

    ran = crisis("export", "outage-1")

    (proof,) = json.loads(opened(Path("outage-1.zip"))["texts.json"])
    assert (proof["proof"], proof["recipients"]) == ("exact", "people.csv 12ab")
    assert "01-x/email.en.txt is missing: kept by the record" in ran.stderr
    assert crisis("verify", "outage-1.zip").exit == 0


# What the outbox has lost


def outbox(folder: Path) -> Path:
    (found,) = (folder / "home" / "outbox").iterdir()
    return found


def test_a_text_whose_file_is_gone_is_named_and_comes_from_the_record(
    crisis: Crisis, folder: Path, walked: str
) -> None:
    next(outbox(folder).glob("01-*/x.en.txt")).unlink()

    ran = crisis("export", walked)

    assert "01-hello/x.en.txt is missing: kept by the record" in " ".join(ran.stderr.split())
    files = opened(Path(f"{walked}.zip"))
    (proof,) = [p for p in json.loads(files["texts.json"]) if p["note"]]
    assert (proof["proof"], proof["channel"]) == ("exact", "x")
    assert "we are sorry" in files[proof["body"]].decode()
    assert crisis("verify", f"{walked}.zip").exit == 0


def test_a_page_that_is_gone_leaves_its_words_and_a_line_that_says_so(
    crisis: Crisis, folder: Path
) -> None:
    id = crisis("start", "outage", "--example").stdout.strip()
    for name in ("homepage.en.html", "email.fr.html"):
        next((folder / "home" / "drills" / "outbox" / id).glob(f"01-*/{name}")).unlink()

    ran = crisis("export", id)

    told = " ".join(ran.stderr.split())
    assert "01-holding/homepage.en.html is missing" in told
    assert "01-holding/email.fr.html is missing" in told
    proofs = json.loads(opened(Path(f"{id}.zip"))["texts.json"])
    lost = [p for p in proofs if p["proof"] == "words"]
    assert {f"{p['channel']}.{p['locale']}" for p in lost} == {"homepage.en", "email.fr"}
    assert all(p["page"] == "" and p["body"] for p in lost)
    well = crisis("verify", f"{id}.zip")
    assert well.exit == 0
    assert "Of 2 texts something was missing already" in " ".join(well.stdout.split())


def test_a_text_that_was_changed_afterwards_is_not_taken_for_what_was_sent(
    crisis: Crisis, folder: Path, walked: str
) -> None:
    file = next(outbox(folder).glob("01-*/x.en.txt"))
    file.write_text("Nothing happened at all.\n", encoding="utf-8")

    ran = crisis("export", walked)

    assert "01-hello/x.en.txt was changed: kept by the record" in " ".join(ran.stderr.split())
    everything = b"".join(opened(Path(f"{walked}.zip")).values())
    assert b"Nothing happened at all" not in everything


def test_what_an_older_version_sent_and_nobody_kept_is_named(crisis: Crisis, folder: Path) -> None:
    begun = [ev.IncidentDeclared("Outage", "UTC"), ev.PlaybookAdded("outage", "x", a_playbook())]
    with Journal.open(folder / "home" / "journal.db") as journal:
        record(journal, fold("outage-1", []), [*begun, a_sent()], Stamp("ana", minute(1)))

    ran = crisis("export", "outage-1")

    assert "holding/email.en.txt is missing" in ran.stderr
    (proof,) = json.loads(opened(Path("outage-1.zip"))["texts.json"])
    assert (proof["proof"], proof["body"]) == ("none", "")
    assert crisis("verify", "outage-1.zip").exit == 0


def test_a_path_in_the_record_never_brings_another_file_into_the_archive(
    crisis: Crisis, folder: Path
) -> None:
    secret = folder / "secret.txt"
    secret.write_text("the password", encoding="utf-8")
    text = ev.SentText("email", "en", "0" * 64, str(secret))
    begun = [ev.IncidentDeclared("Outage", "UTC"), ev.PlaybookAdded("outage", "x", a_playbook())]
    with Journal.open(folder / "home" / "journal.db") as journal:
        record(
            journal, fold("outage-1", []), [*begun, a_sent(texts=(text,))], Stamp("ana", minute(1))
        )

    crisis("export", "outage-1")

    assert b"password" not in b"".join(opened(Path("outage-1.zip")).values())


# A stranger checks it


def test_it_is_verified_on_another_machine_with_nothing_else(
    elsewhere: Callable[..., Ran], archive: Path, walked: str
) -> None:
    ran = elsewhere("verify", str(archive.resolve()))

    head = json.loads(opened(archive)["incident.json"])["head"]
    assert (ran.exit, ran.stderr) == (0, "")
    assert "The archive is intact" in ran.stdout
    assert f"Head: {head}" in ran.stdout
    ran = elsewhere("verify", str(archive.resolve()), "--json")
    assert json.loads(ran.stdout) == {"schema": 1, "intact": True, "damages": []}


def test_the_installed_package_verifies_it_with_an_empty_home(
    console: Crisis, archive: Path, tmp_path: Path
) -> None:
    home = tmp_path / "nobody"
    home.mkdir()
    before = ("env", "-i", f"HOME={home}", f"PYTHONPATH={os.pathsep.join(sys.path)}")

    ran = console("verify", str(archive), before=before)

    assert (ran.exit, ran.stderr) == (0, "")
    assert list(home.iterdir()) == []


def test_the_readme_inside_tells_how_to_check_it_with_standard_tools_alone(
    archive: Path, tmp_path: Path
) -> None:
    place = tmp_path / "unpacked"
    shutil.unpack_archive(archive, place)
    readme = (place / "README.txt").read_text(encoding="utf-8")
    recipe = re.search(r"^    before=.*?hashes\.txt$", readme, re.DOTALL | re.MULTILINE)
    assert recipe is not None

    def bash(command: str) -> int:
        done = subprocess.run(["bash", "-c", command], cwd=place, capture_output=True, check=False)
        return done.returncode

    assert bash("sha256sum -c --quiet --strict checksums.txt") == 0
    assert bash(recipe[0]) == 0
    events = place / "events.jsonl"
    events.write_bytes(events.read_bytes().replace(b"Kestrel", b"Sparrow", 1))
    assert bash("sha256sum -c --quiet --strict checksums.txt") == 1
    assert bash(recipe[0]) == 1


def test_the_journal_is_still_checked_by_an_id(crisis: Crisis, walked: str, archive: Path) -> None:
    assert "The journal is intact" in crisis("verify", walked).stdout


def test_an_archive_without_its_ending_is_taken_for_a_file(crisis: Crisis, archive: Path) -> None:
    archive.rename("evidence")

    assert "The archive is intact" in crisis("verify", "evidence").stdout


# Whoever changes it is found out, even with the checksums made anew


def replaced(name: str, before: bytes, after: bytes) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert before in files[name]
        files[name] = files[name].replace(before, after, 1)

    return change


def texts(files: Files) -> list[str]:
    return sorted(name for name in files if name.startswith("texts/"))


CHANGES: dict[str, tuple[Callable[[Files], object], str]] = {
    "an event's words": (
        replaced("events.jsonl", b"Two people are ready", b"Ten people are ready"),
        "does not match its hash: its text",
    ),
    "the last event gone": (
        lambda f: f.update(
            {
                n: b"".join(f[n].splitlines(keepends=True)[:-1])
                for n in ("events.jsonl", "hashes.txt")
            }
        ),
        "missing at the end",
    ),
    "an event gone, its hash not": (
        lambda f: f.update({"events.jsonl": b"\n".join(bodies_of(f)[:-1]) + b"\n"}),
        "hashes",
    ),
    "two events swapped": (
        lambda f: f.update({"events.jsonl": b"\n".join(swapped(bodies_of(f))) + b"\n"}),
        "do not match their hashes",
    ),
    "another head": (
        replaced("incident.json", b'"head": "', b'"head": "z'),
        "not the one that the journal notes as the last one",
    ),
    "a hash that is none": (replaced("hashes.txt", b"1 ", b"one "), "hashes.txt cannot be read"),
    "the playbook": (
        replaced("playbooks/small.yaml", b"Look at it", b"Look away"),
        "playbooks/small.yaml is not the playbook that was followed",
    ),
    "a playbook gone": (lambda f: f.pop("playbooks/small.yaml"), "playbooks/small.yaml is missing"),
    "a playbook more": (
        lambda f: f.update({"playbooks/more.yaml": b"x"}),
        "playbooks/more.yaml: no event speaks of it",
    ),
    "a sent text": (
        lambda f: f.update({texts(f)[0]: b"Nothing happened."}),
        "is not the text that was sent",
    ),
    "a sent text gone": (lambda f: f.pop(texts(f)[0]), "is missing"),
    "a text more": (
        lambda f: f.update({"texts/99-more/x.en.txt": b"x"}),
        "texts/99-more/x.en.txt: no event speaks of it",
    ),
    "a text not listed": (
        lambda f: f.update({"texts.json": json.dumps(json.loads(f["texts.json"])[1:]).encode()}),
        "texts.json does not list the texts that were sent",
    ),
    "a text called lost": (
        replaced("texts.json", b'"exact"', b'"none"'),
        "texts.json contradicts itself",
    ),
    "a text called words": (
        lambda f: f.update(
            {
                "texts.json": f["texts.json"].replace(b'"exact"', b'"words"', 1),
                json.loads(f["texts.json"])[0]["body"]: b"Nothing happened.",
            }
        ),
        "does not have the words of its draft",
    ),
    "texts.json": (lambda f: f.update({"texts.json": b"[1]"}), "texts.json cannot be read"),
    "the report's head": (
        replaced("report.json", b'"head": "', b'"head": "0'),
        "report.json is not the report on this record",
    ),
    "the report no JSON": (
        lambda f: f.update({"report.json": b"[" * 100_000}),
        "report.json is not the report on this record",
    ),
    "no report": (lambda f: f.pop("report.json"), "report.json is missing"),
    "no events": (lambda f: f.pop("events.jsonl"), "events.jsonl is missing"),
    "a file more": (
        lambda f: f.update({"run.sh": b"rm -rf /"}),
        "run.sh is no part of such an archive",
    ),
    "no line end": (
        lambda f: f.update({"events.jsonl": f["events.jsonl"][:-1]}),
        "events.jsonl ends in the middle of a line",
    ),
    "restricted or not": (
        replaced("incident.json", b'"restricted": false', b'"restricted": true'),
        "incident.json does not say what the events say",
    ),
    "about nothing": (lambda f: f.update({"incident.json": b"{}"}), "incident.json cannot be read"),
    "an id that is a path": (
        replaced("incident.json", b'"incident": "', b'"incident": "../'),
        "is not the id of an incident",
    ),
}  # fmt: skip


def swapped(bodies: list[bytes]) -> list[bytes]:
    return [*bodies[:2], bodies[3], bodies[2], *bodies[4:]]


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_named_though_its_checksums_were_made_anew(
    crisis: Crisis, archive: Path, change: Callable[[Files], object], said: str
) -> None:
    path = changed(archive, change)

    ran = crisis("verify", str(path))

    assert (ran.exit, ran.stderr) == (1, "")
    assert said in ran.stdout
    imported = crisis("import", str(path))
    assert imported.exit == 1
    assert imported.stdout == ""


def test_a_changed_file_is_named_by_its_checksum(crisis: Crisis, archive: Path) -> None:
    files = opened(archive)
    files["report.md"] += b"."

    ran = crisis("verify", str(packed(files, Path("other.zip"))))

    assert ran.exit == 1
    assert ran.stdout.splitlines() == [
        f"{archive.stem}: report.md does not match its checksum: it was changed"
    ]


def test_files_that_are_not_listed_and_listed_files_that_are_gone_are_named(
    crisis: Crisis, archive: Path
) -> None:
    files = opened(archive)
    del files["report.md"]
    lines = files["checksums.txt"].splitlines(keepends=True)
    files["checksums.txt"] = b"".join(line for line in lines if b"README" not in line)

    ran = crisis("verify", str(packed(files, Path("other.zip"))))

    assert "report.md is missing" in ran.stdout
    assert "README.txt is not listed in checksums.txt" in ran.stdout


EVENTS: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "no JSON": (lambda b: [*b, b"{"], "cannot be read"),
    "no event": (lambda b: [*b, b'{"seq": 1}'], "cannot be read"),
    "deep": (lambda b: [*b, b"[" * 50_000], "cannot be read"),
    "a wrong number": (lambda b: [*b, b[-1]], "says that it is event"),
    "no zone": (
        lambda b: [b[0].replace(b'd_at":"', b'd_at":"2026-01-01T00:00:00","x":"'), *b[1:]],
        "has a time that cannot be",
    ),
    "no declaration": (lambda b: [b[1].replace(b'"seq":2', b'"seq":1')], "does not declare"),
    "a drill": (lambda b: [b[0].replace(b'"drill":false', b'"drill":true'), *b[1:]], "drill"),
    "no such zone": (lambda b: [b[0].replace(b"Europe", b"Mars"), *b[1:]], "time zone"),
    "a newer form": (
        lambda b: [*b, b[-1].replace(b'"seq":%d' % len(b), b'"seq":%d' % (len(b) + 1)).replace(
            b'"event":{', b'"event":{"playbook":7,')],
        "does not know",
    ),
    "nothing": (lambda _: [], "nothing is left"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "said"), EVENTS.values(), ids=EVENTS)
def test_events_that_cannot_be_are_refused_though_the_whole_chain_was_made_anew(
    crisis: Crisis, archive: Path, change: Callable[[list[bytes]], list[bytes]], said: str
) -> None:
    def anew(files: Files) -> None:
        with_events(files, change(bodies_of(files)))

    ran = crisis("verify", str(changed(archive, anew)))

    assert ran.exit == 1
    assert said in ran.stdout


def test_an_event_kind_of_a_newer_version_is_kept(
    crisis: Crisis, elsewhere: Callable[..., Ran], archive: Path
) -> None:
    def anew(files: Files) -> None:
        bodies = bodies_of(files)
        last = bodies[-1].replace(b'"seq":%d,' % len(bodies), b'"seq":%d,' % (len(bodies) + 1))
        newer = re.sub(rb'"event":\{.*\}', b'"event":{"type":"bell-rung","how":"twice"}}', last)
        with_events(files, [*bodies, newer])

    path = changed(archive, anew)

    assert elsewhere("import", str(path.resolve())).exit == 0
    assert "bell-rung" in elsewhere("timeline").stdout


def test_an_archive_of_a_newer_format_is_refused_in_one_line(crisis: Crisis, archive: Path) -> None:
    path = changed(archive, replaced("incident.json", b'"format": 1', b'"format": 2, "new": 1'))

    for command in ("verify", "import"):
        ran = crisis(command, str(path))
        assert (ran.exit, ran.stdout) == (2, "")
        assert "written by a newer crisisctl (format 2, known is 1)" in ran.stderr


# Read back on another machine


def test_it_comes_back_with_the_same_id_and_the_same_hashes(
    elsewhere: Callable[..., Ran], archive: Path, walked: str, folder: Path
) -> None:
    ran = elsewhere("import", str(archive.resolve()))

    assert (ran.exit, ran.stdout) == (0, f"{walked}\n")
    away = folder.parent / f"{folder.name}-elsewhere"
    assert hashes(away / "state") == hashes(folder / "home")
    assert elsewhere("verify").exit == 0
    assert "Two people are ready" in elsewhere("report").stdout


def test_exported_again_over_there_it_is_the_same_archive(
    elsewhere: Callable[..., Ran], archive: Path, walked: str, folder: Path
) -> None:
    elsewhere("import", str(archive.resolve()))
    shutil.rmtree(folder / "home")

    ran = elsewhere("export", walked, "-o", str(folder / "again.zip"))

    assert "missing" not in ran.stderr
    assert (folder / "again.zip").read_bytes() == archive.read_bytes()


def test_a_drill_comes_back_as_a_drill(
    crisis: Crisis, elsewhere: Callable[..., Ran], folder: Path
) -> None:
    small(folder)
    words = ("--answers", str(answers(folder)), "--drill")
    id = crisis("start", "small", *words).stdout.strip()
    crisis("export", id)

    elsewhere("import", str(Path(f"{id}.zip").resolve()))

    assert id in elsewhere("list", "--drill").stdout
    assert id not in elsewhere("list", "--all").stdout


def test_the_same_again_is_nothing_to_do(crisis: Crisis, archive: Path, walked: str) -> None:
    before = hashes(Path("home"))

    ran = crisis("import", str(archive))

    assert (ran.exit, ran.stdout) == (0, f"{walked}\n")
    assert "with the same head: nothing to do" in ran.stderr
    assert hashes(Path("home")) == before


def test_what_goes_on_over_there_is_added(
    crisis: Crisis, elsewhere: Callable[..., Ran], archive: Path, walked: str, folder: Path
) -> None:
    elsewhere("import", str(archive.resolve()))
    crisis("note", "One more thing")
    crisis("note", "And another")
    crisis("export", walked, "-o", "more.zip")

    ran = elsewhere("import", str(Path("more.zip").resolve()))

    assert "goes on: 2 more events" in ran.stderr
    away = folder.parent / f"{folder.name}-elsewhere"
    assert hashes(away / "state") == hashes(folder / "home")
    assert "And another" in elsewhere("timeline").stdout


@pytest.mark.parametrize("which", ["older", "other"])
def test_an_incident_that_went_another_way_is_not_touched(
    crisis: Crisis, elsewhere: Callable[..., Ran], archive: Path, folder: Path, which: str
) -> None:
    elsewhere("import", str(archive.resolve()))
    elsewhere("note", "Over there")
    if which == "other":
        crisis("note", "Over here")
        crisis("export", archive.stem)
    away = folder.parent / f"{folder.name}-elsewhere"
    before = hashes(away / "state")

    ran = elsewhere("import", str(archive.resolve()))

    assert (ran.exit, ran.stdout) == (1, "")
    assert "nothing was imported" in ran.stderr
    assert ("another one from event" in ran.stderr) == (which == "other")
    assert hashes(away / "state") == before


def test_texts_never_go_over_those_that_are_there(
    elsewhere: Callable[..., Ran], archive: Path, folder: Path
) -> None:
    elsewhere("import", str(archive.resolve()))
    away = folder.parent / f"{folder.name}-elsewhere" / "state"
    file = next(away.glob("outbox/*/01-*/x.en.txt"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("My own copy", encoding="utf-8")

    elsewhere("import", str(archive.resolve()))

    assert file.read_text(encoding="utf-8") == "My own copy"


# Restricted


@pytest.fixture
def secret(crisis: Crisis, walked: str) -> str:
    """The same crisis, kept to Ana and Li."""
    crisis("restrict", "--to", "li", "--because", "It is about personal data")
    return walked


def test_a_restricted_incident_is_exported_for_its_circle_when_it_asks(
    crisis: Crisis, secret: str
) -> None:
    refused = crisis("export", secret)
    assert (refused.exit, refused.stdout) == (2, "")
    assert "is restricted to li and ana" in refused.stderr
    assert not Path(f"{secret}.zip").exists()

    ran = crisis("export", secret, "--restricted")

    assert "Restricted: only for li and ana." in ran.stderr
    files = opened(Path(f"{secret}.zip"))
    assert b"RESTRICTED" in files["README.txt"]
    assert b"Two people are ready" in files["report.md"]


def test_nobody_else_gets_it(crisis: Crisis, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISISCTL_OPERATOR", "jo")

    ran = crisis("export", secret, "--restricted")

    assert ran == (2, "", f"error: {secret} is restricted to li, ana: ask one of them\n")
    assert not Path(f"{secret}.zip").exists()


def test_over_there_it_is_restricted_as_well(
    crisis: Crisis, elsewhere: Callable[..., Ran], secret: str
) -> None:
    crisis("export", secret, "--restricted")

    ran = elsewhere("import", str(Path(f"{secret}.zip").resolve()))

    assert ran.exit == 0
    assert "Kestrel" not in elsewhere("status", secret).stdout
    assert elsewhere("timeline", secret).exit == 2


# Killed in the middle


DELAYED = """
import sys, time
import crisisctl.{module} as module
real = module.{name}
def slow(*given, **named):
    {before}
    print("now", flush=True)
    time.sleep(60)
module.{name} = slow
from crisisctl.__main__ import main
sys.argv = ["crisisctl", *sys.argv[1:]]
main()
"""


def killed_in(module: str, name: str, *words: str, before: str = "pass") -> None:
    """Run a command that is killed where it calls this function."""
    code = DELAYED.format(module=module, name=name, before=before)
    command = [sys.executable, "-c", code, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "now\n"
        child.send_signal(signal.SIGKILL)


def test_an_export_that_is_killed_leaves_the_old_archive_whole(
    crisis: Crisis, walked: str, archive: Path
) -> None:
    before = archive.read_bytes()
    crisis("note", "One more thing")

    half = "given[1].write(b'half an archive'); given[1].flush()"
    killed_in("cli.archiving", "pack", "export", walked, before=half)

    assert archive.read_bytes() == before
    assert crisis("export", walked).exit == 0
    assert "The archive is intact" in crisis("verify", str(archive)).stdout


def test_an_import_that_is_killed_before_it_is_recorded_is_done_again(
    crisis: Crisis, archive: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRISISCTL_HOME", str(folder / "other"))
    killed_in("cli.archiving", "summary", "import", str(archive))
    assert hashes(folder / "other") == []

    assert crisis("import", str(archive)).exit == 0

    assert hashes(folder / "other") == hashes(folder / "home")


# Many events


@pytest.mark.slow
def test_a_hundred_thousand_events_go_through_in_sane_time_and_memory(
    console: Crisis, folder: Path
) -> None:
    id = "outage-2026-11-27"
    begun = [ev.IncidentDeclared("Long", "UTC"), ev.PlaybookAdded("outage", "x", a_playbook())]
    notes = [ev.NoteAdded(f"What we saw, line {n}") for n in range(100_000)]
    with Journal.open(folder / "home" / "journal.db") as journal:
        record(journal, fold(id, []), [*begun, *notes], Stamp("ana", minute(1)))

    started = time.monotonic()
    assert console("export", id).exit == 0
    assert console("verify", f"{id}.zip").exit == 0
    assert console("import", f"{id}.zip", CRISISCTL_HOME=str(folder / "other")).exit == 0

    assert time.monotonic() - started < 120
    assert Path(f"{id}.zip").stat().st_size < 20_000_000
    assert hashes(folder / "other") == hashes(folder / "home")


def test_the_check_stops_naming_where_thousands_are_wrong(archive: Path) -> None:
    def spoiled(files: Files) -> None:
        files["hashes.txt"] = re.sub(
            rb"^(\d+) .*$", rb"\1 " + b"0" * 64, files["hashes.txt"], flags=re.M
        )

    found = looked_at(changed(archive, spoiled))

    assert 0 < len(found.damages) <= 60
