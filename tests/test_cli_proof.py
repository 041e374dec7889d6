"""`crisisctl proof` as a user meets it: a text from anywhere, its length, flaws and promises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Crisis, Ran
from hostile import HOSTILE, calm
from small import write
from terminal import Terminal

GOOD = "We are sorry. We are repairing it. Next update by 21:30."
BAD = "A minor issue affects you.\nWrite to [NAME]."
ONE = Path(sys.executable).with_name("crisisctl")


def piped(data: bytes, *words: str) -> Ran:
    """The installed command with this on stdin."""
    done = subprocess.run(
        [str(ONE), "proof", *words], input=data, env=os.environ, capture_output=True, timeout=60
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_clean_text_passes_and_says_its_language_and_what_it_promises(
    crisis: Crisis, folder: Path
) -> None:
    write(folder / "a.txt", GOOD)

    ran = crisis("proof", "a.txt")

    assert ran.exit == 0
    assert "read as English" in ran.stderr
    assert ran.stdout.startswith("promised: next word by 20")
    assert ran.stdout.endswith("nothing found\n")


def test_findings_stand_in_lines_that_editors_read(crisis: Crisis, folder: Path) -> None:
    write(folder / "a.txt", BAD)

    ran = crisis("proof", "a.txt")

    assert ran.exit == 1
    lines = ran.stdout.splitlines()
    assert lines[0] == 'a.txt:1:3: error[tone-minimise]: "minor issue" makes it sound small'
    assert lines[1].startswith("    hint: better: ")
    assert lines[2].startswith("a.txt:2:10: error[placeholder-left]: ")
    assert lines[-1] == "2 errors"


@pytest.mark.parametrize("words", [(), ("-",)])
def test_stdin_is_read_with_its_mark_and_windows_line_ends(
    folder: Path, words: tuple[str, ...]
) -> None:
    ran = piped(b"\xef\xbb\xbf" + BAD.replace("\n", "\r\n").encode(), *words, "--locale", "en")

    assert ran.exit == 1
    assert "-:1:3: error[tone-minimise]" in ran.stdout
    assert "-:2:10: error[placeholder-left]" in ran.stdout
    assert ran.stderr == ""


def test_json_is_one_object_with_stable_keys(crisis: Crisis, folder: Path) -> None:
    write(folder / "a.txt", f"{BAD}\nWe will refund you by 2026-12-04.")

    ran = crisis("proof", "a.txt", "--json", "--channel", "x")

    found = json.loads(ran.stdout)
    assert ran.exit == 1
    assert list(found) == [
        *("schema", "file", "locale", "channel", "length", "limit", "unit", "fits"),
        *("measures", "findings", "promises"),
    ]
    assert [found[key] for key in ("schema", "file", "locale", "channel", "limit", "fits")] == [
        *(1, "a.txt", "en", "x", 280, True)
    ]
    keys = ["line", "column", "rule", "severity", "text", "hint"]
    assert [list(each) for each in found["findings"]] == [keys, keys]
    assert found["promises"] == [
        {
            "text": "We will refund you by 2026-12-04.",
            "kind": "refund",
            "due": "2026-12-04T23:59:00+01:00",
        }
    ]


def test_without_a_channel_it_is_only_counted(crisis: Crisis, folder: Path) -> None:
    write(folder / "a.txt", f"{GOOD}\n")

    found = json.loads(crisis("proof", "a.txt", "--json").stdout)

    assert [found[key] for key in ("channel", "length", "limit", "unit", "fits")] == [
        *(None, len(GOOD), None, "characters", True)
    ]


def test_a_text_that_the_channel_refuses_fails(crisis: Crisis, folder: Path) -> None:
    write(folder / "a.txt", "We are repairing the payment for you now. " * 10)

    ran = crisis("proof", "a.txt", "-c", "x")

    assert ran.exit == 1
    assert "X: 419 characters as X counts, the limit is 280: 139 too many" in ran.stdout
    assert ran.stdout.endswith("nothing found; too long\n")
    assert json.loads(crisis("proof", "a.txt", "-c", "x", "--json").stdout)["fits"] is False


def test_warnings_alone_fail_only_when_it_is_strict(crisis: Crisis, folder: Path) -> None:
    write(folder / "a.txt", "We are sorry...")

    ran = crisis("proof", "a.txt", "-l", "en")

    assert ran.exit == 0
    assert "warning[three-dots]" in ran.stdout
    assert ran.stdout.endswith("1 warning; warnings fail under --strict only\n")
    assert crisis("proof", "a.txt", "-l", "en", "--strict").exit == 1


def test_the_kind_and_the_channel_decide_what_must_be_said(crisis: Crisis, folder: Path) -> None:
    write(folder / "a.txt", "You cannot order since 20:04. We are sorry, and we are repairing it.")

    assert "missing-" not in crisis("proof", "a.txt").stdout
    assert "missing-next-update" in crisis("proof", "a.txt", "--kind", "holding").stdout
    assert "missing-" not in crisis("proof", "a.txt", "-k", "holding", "-c", "push").stdout


def test_the_workspace_says_what_is_the_shops_own(crisis: Crisis, folder: Path) -> None:
    write(folder / "a.txt", "We are sorry: write to ana.lopez@kestrel-shop.com.")
    assert "personal-data" in crisis("proof", "a.txt").stdout

    write(folder / "crisisctl.yaml", "brand: {support_email: ana.lopez@kestrel-shop.com}\n")

    assert crisis("proof", "a.txt").exit == 0


def test_html_is_read_as_it_stands_and_says_so(crisis: Crisis, folder: Path) -> None:
    write(folder / "a.html", "<html><p>We are sorry. A minor issue affects you.</p></html>")

    ran = crisis("proof", "a.html")

    assert "not rendered" in ran.stderr
    assert [line for line in ran.stdout.splitlines() if "error[" in line] == [
        'a.html:1:26: error[tone-minimise]: "minor issue" makes it sound small'
    ]


def make(kind: str, path: Path) -> None:
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "binary":
            path.write_bytes(b"\x7fELF\0\0\1")
        case "latin":
            path.write_bytes("We are sorry.\nDésolés".encode("latin-1"))
        case "utf-16":
            path.write_text(GOOD, encoding="utf-16")
        case "large":
            path.write_text(GOOD * 20_000, encoding="utf-8")
        case "empty":
            path.write_bytes(b"\xef\xbb\xbf \n")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("missing", "does not exist"),
        ("folder", "is a folder, not a file"),
        ("pipe", "is not an ordinary file"),
        ("binary", "is no text"),
        ("latin", "is not UTF-8 in line 2"),
        ("utf-16", "is saved as UTF-16"),
        ("large", "is larger than 1 MiB"),
        ("empty", "is empty"),
    ],
)
@pytest.mark.parametrize("words", [(), ("--json",)])
def test_what_cannot_be_read_could_not_run(
    crisis: Crisis, folder: Path, kind: str, says: str, words: tuple[str, ...]
) -> None:
    make(kind, folder / "a.txt")

    ran = crisis("proof", "a.txt", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: a.txt ")
    assert says in ran.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--channel", "smss"), 'did you mean "sms"?'),
        (("--kind", "holdin"), 'did you mean "holding"?'),
        (("--locale", "de"), "languages: en, fr, es, tr or ru"),
        (("--locale", "../en"), "languages: en, fr, es, tr or ru"),
    ],
)
def test_an_unknown_name_could_not_run_and_says_what_there_is(
    crisis: Crisis, folder: Path, words: tuple[str, ...], says: str
) -> None:
    write(folder / "a.txt", GOOD)

    ran = crisis("proof", "a.txt", "--json", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert says in ran.stderr


def test_a_text_whose_language_is_not_clear_asks_for_it(crisis: Crisis, folder: Path) -> None:
    write(folder / "a.txt", "Kestrel 12345")

    ran = crisis("proof", "a.txt")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "--locale en, fr, es, tr or ru" in ran.stderr
    assert crisis("proof", "a.txt", "-l", "tr").exit == 0


GUESSED = {
    "en": "We are sorry, and we are repairing it.",
    "fr": "Nous sommes désolés et nous réparons la panne.",
    "es": "Lo sentimos y lo estamos reparando.",
    "tr": "Sipariş alamıyoruz. Özür dileriz.",
    "ru": "Просим прощения, чиним.",
}


@pytest.mark.parametrize("locale", GUESSED)
def test_the_language_is_guessed(crisis: Crisis, folder: Path, locale: str) -> None:
    write(folder / "a.txt", GUESSED[locale])

    assert json.loads(crisis("proof", "a.txt", "--json").stdout)["locale"] == locale


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_in_a_text_reaches_the_terminal_uncleaned(
    crisis: Crisis, folder: Path, name: str
) -> None:
    text = f"A minor {HOSTILE[name]} issue. We will refund {HOSTILE[name]} you by Monday.\n"
    write(folder / "a.txt", f"{text}Write to [{HOSTILE[name][:30]} NAME]. We are sorry if {text}")

    for words in ((), ("--json",), ("--kind", "holding")):
        ran = crisis("proof", "a.txt", "-l", "en", *words)
        assert ran.exit == 1
        assert calm(ran.stdout, ran.stderr)


def test_a_hostile_name_of_a_file_is_cleaned(crisis: Crisis, folder: Path) -> None:
    write(folder / ":a\x1b[2J.txt", BAD)

    ran = crisis("proof", ":a\x1b[2J.txt")

    assert ran.stdout.startswith("./:a\\x1b[2J.txt:1:3: error[")
    assert calm(ran.stdout, ran.stderr)


def test_on_a_terminal_the_hints_wrap_and_the_places_stay_whole(folder: Path) -> None:
    write(folder / "a.txt", f"{BAD}\nWe are sorry if this caused you any trouble.")

    with Terminal("proof", "a.txt", home=folder / "home", folder=folder) as terminal:
        assert terminal.wait() == 1
        shown = [line.rstrip() for line in terminal.screen.display]

    assert 'a.txt:1:3: error[tone-minimise]: "minor issue" makes it sound small' in shown
    at = shown.index("a.txt:3:8: error[conditional-apology]:")
    assert shown[at + 1] == '    the apology hangs on a condition: "sorry if"'
    assert any(line.startswith("    hint: ") for line in shown)
    assert any("crisisctl lint --explain tone-minimise" in line for line in shown)
    assert all(len(line) <= 80 for line in shown)


def test_no_incident_and_no_journal_are_needed(crisis: Crisis, folder: Path) -> None:
    write(folder / "a.txt", GOOD)

    crisis("proof", "a.txt")

    assert not (folder / "home").exists()
