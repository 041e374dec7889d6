"""Names, answers files, playbooks and settings that are wrong: told clearly, nothing half-done."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from conftest import Crisis
from hostile import calm
from small import PLAYBOOK, small, write


def nothing_declared(crisis: Crisis) -> bool:
    return not json.loads(crisis("list", "--all", "--json").stdout)["incidents"]


# Names that do not exist


@pytest.mark.parametrize(
    ("words", "wrong", "hint"),
    [
        (("start", "outgae"), 'no playbook "outgae"', 'did you mean "outage"? playbooks: breach'),
        (("start", "zzz"), 'no playbook "zzz"', "playbooks: breach, outage and review-wave"),
        (
            ("start", "../../etc/passwd"),
            'no playbook "../../etc/passwd"',
            "playbooks: breach, outage and review-wave",
        ),
        (("start", ""), 'no playbook ""', "playbooks: breach, outage and review-wave"),
        (("start", "outage", "--set", "site_ulr=x"), 'no fact "site_ulr"', '"site_url"'),
        (("start", "outage", "--set", "cause=hosted"), "cause: ", "did you mean hosting?"),
        (("start", "outage", "--set", "cause"), '--set "cause"', "write it as FACT=VALUE"),
        (("start", "outage", "--set", "downtime=3h"), '"downtime" is computed', ""),
        (("start", "outage", "-l", "de"), 'locales: "de" is not a choice', "en, fr, es, tr or ru"),
        (("start", "outage", "--at", "25:00"), '"25:00" is not a time of day', ""),
        (("start", "outage", "--answers", "no.yaml"), "no.yaml does not exist", ""),
        (("start", "outage", "--answers", "."), ". is a folder", ""),
        (("show", "outgae"), 'no playbook "outgae"', 'did you mean "outage"?'),
        (("show", "outage", "-f", "pdf"), 'no format "pdf"', "text, md or json"),
        (("preview", "outage"), '"outage"', "write it as PLAYBOOK/MESSAGE"),
        (("preview", "outage/holdng"), 'no message "holdng"', 'did you mean "holding"?'),
        (("preview", "outage/holding", "-c", "fax"), 'no channel "fax"', "homepage"),
        (("preview", "outage/holding", "-l", "de"), 'no text in "de"', "en, es, fr, ru"),
        (("preview", "outage/holding", "--set", "nope=1"), 'no fact "nope"', "facts: "),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_does_not_exist_is_named_with_what_does(
    crisis: Crisis, words: tuple[str, ...], wrong: str, hint: str
) -> None:
    ran = crisis(*words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: ")
    assert wrong in ran.stderr
    assert hint in ran.stderr
    assert nothing_declared(crisis)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fact", "caus", "overload"), 'did you mean "cause"?'),
        (("fact", "cause", "overlaod"), "did you mean overload?"),
        (("fact", "eta", "soon"), '"soon" is not a time'),
        (("fact", "site_url", "javascript:alert(1)"), "is not a web address"),
        (("fact", "support_email", "nobody"), "is not an e-mail address"),
        (("fact", "downtime", "3h"), '"downtime" is computed'),
        (("fact", "cause", "overload", "--retract"), "either set or retracted"),
        (("fact", "cause", "overload", "--at", "then"), '"then" is not a time'),
        (("severity", "sev0"), "sev1, sev2, sev3 or sev4"),
        (("role", "comander", "jo"), 'did you mean "commander"?'),
        (("waive", "first_word", "--because", "x"), 'did you mean "first-word"?'),
        (("note", "x", "--at", "then"), '"then" is not a time'),
        (("action", "add", "x", "--due", "2027-02-30"), '"2027-02-30" is not a date'),
        (("action", "done", "7", "x"), "there is no action item 7"),
        (("report", "-f", "htlm"), 'no format "htlm"'),
        (("verify", "outage"), 'there is no incident "outage"'),
        (("reopen", "nope", "--because", "x"), 'there is no incident "nope"'),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_slip_of_the_finger_records_nothing_and_says_what_was_meant(
    crisis: Crisis, declared: str, words: tuple[str, ...], said: str
) -> None:
    before = crisis("timeline").stdout

    ran = crisis(*words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert crisis("timeline").stdout == before


@pytest.mark.parametrize("words", [("statsu",), ("mesage", "list"), ("message", "lst")])
def test_an_unknown_command_is_wrong_usage_with_the_nearest_one(
    console: Crisis, words: tuple[str, ...]
) -> None:
    ran = console(*words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert "Did you mean" in ran.stderr


# Answers files


WRONG = """\
facts:
  site_ulr: https://shop.example
  cause: overlord
  started_at: "25:99"
  orders_per_hour: many
  downtime: 3h
decisions:
  workaruond: {choose: phone}
  workaround: {choose: email, because: x}
  hold: phone
steps:
  rollbak: {skip: Not needed}
  fix: {at: sometime}
roles: {comander: jo}
notes: [{text: x, at: never}]
"""


def test_every_mistake_of_an_answers_file_is_told_at_once_in_its_order(
    crisis: Crisis, folder: Path
) -> None:
    write(folder / "a.yaml", WRONG)

    ran = crisis("start", "outage", "--answers", "a.yaml")

    assert (ran.exit, ran.stdout) == (2, "")
    lines = ran.stderr.removeprefix("error: ").splitlines()
    places = [re.match(r"a\.yaml:(\d+):(\d+): error\[[a-z-]+\]: ", line) for line in lines[:-1]]
    assert [(int(p[1]), int(p[2])) for p in places if p] == [
        *((2, 3), (3, 10), (4, 15), (5, 20), (6, 3), (8, 3), (9, 24), (10, 3)),
        *((12, 3), (13, 13), (14, 9), (15, 23)),
    ]
    assert lines[-1] == "hint:  12 problems: mend the file and try again"
    assert 'no fact "site_ulr" (did you mean "site_url"?)' in lines[0]
    assert 'no role "comander" (did you mean "commander"?)' in lines[10]
    assert nothing_declared(crisis)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("facts: [1, 2]\n", "1:8: error[wrong-type]"),
        ("approve: maybe\n", "1:10: error[wrong-type]"),
        ("aprove: true\n", "1:1: error[unknown-key]"),
        ("facts: {cause: {value: overload, status: maybe}}\n", "1:42: error[unknown-value]"),
        ("facts: {cause: {status: suspected}}\n", "1:16: error[missing-key]"),
        ("facts: {site_url: &a x}\n", "1:19: error[yaml-anchor]"),
        ("facts:\n  cause: load\n  cause: load\n", "3:3: error[yaml-duplicate-key]"),
        ("facts: {a: [1}\n", "1:12: error[yaml-syntax]"),
        ("facts:\n\tcause: x\n", "2:1: error[yaml-syntax]"),
        ("- facts\n", "1:1: error[wrong-type]"),
        ("messages: [{send: holdng, at: now}]\n", "1:19: error[answers]"),
        ("actions: [{owner: jo}]\n", "1:11: error[missing-key]"),
    ],
)
def test_a_mistake_in_an_answers_file_has_its_line_and_column(
    crisis: Crisis, folder: Path, text: str, place: str
) -> None:
    write(folder / "a.yaml", text)

    ran = crisis("start", "outage", "--answers", "a.yaml")

    assert (ran.exit, ran.stdout) == (2, "")
    assert f"a.yaml:{place}: " in ran.stderr
    assert nothing_declared(crisis)


def test_an_empty_answers_file_answers_nothing_and_is_no_mistake(
    crisis: Crisis, folder: Path
) -> None:
    write(folder / "a.yaml", "# later\n")

    ran = crisis("start", "outage", "--answers", "a.yaml", "--no-input")

    assert 'the fact "site_url" is needed' in ran.stderr


def test_a_bad_answers_file_of_resume_records_nothing(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    write(folder / "a.yaml", WRONG)
    before = crisis("timeline").stdout

    ran = crisis("resume", "--answers", "a.yaml")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "12 problems" in ran.stderr
    assert crisis("timeline").stdout == before


# Playbooks and crisisctl.yaml of a team


TEAM = "brand: {name: Kestrel}\n"
BAD_PLAYBOOKS = {
    "anchor": ("a: &a [*a]\n", "1:4"),
    "bomb": ("a: &a [x]\n" + "b: [*a, *a]\n" * 50, "1:4"),
    "deep": ("[" * 100_000, "1:41"),
    "unclosed": ("playbook: {a: [b\n", "1:15"),
    "duplicate": ("playbook: bad\nplaybook: bad\n", "2:1"),
    "tag": ("playbook: !!python/object/apply:os.system [id]\n", "1:11"),
    "merge": ("<<: {a: 1}\nplaybook: bad\n", "1:1"),
    "two documents": ("playbook: bad\n---\nplaybook: bad\n", "2:1"),
    "empty": ("", "1:1"),
    "only comments": ("# soon\n", "1:1"),
    "list": ("- a\n", "1:1"),
    "tab": ("playbook: bad\n\ttitle: x\n", "2:1"),
    "escape": ('playbook: bad\ntitle: "a\\e[2J"\nstages: {}\n', "2:8"),
    "raw escape": ("playbook: bad\ntitle: a\x1b[2J\n", "2:9"),
    "NUL": ("playbook: bad\x00\n", "1:14"),
    "huge number": ("playbook: " + "9" * 5000 + "\n", "1:11"),
    "no such day": ("playbook: bad\nreviewed: 2024-02-30\n", "1:1"),
    "flag for text": ("playbook: true\ntitle: x\nstages: {}\n", "1:11"),
    "unknown key": ("playbook: bad\ntitel: x\nstages: {}\n", "2:1"),
    "unknown fact": (
        "playbook: bad\ntitle: x\nstages: {assess: [{id: a, title: b, ask: [c]}]}\n",
        "3:43",
    ),
    "bad condition": (
        "playbook: bad\ntitle: x\nstages: {assess: [{id: a, title: b, when: \"''.__class__\"}]}\n",
        "3:43",
    ),
}


@pytest.mark.parametrize(("text", "place"), BAD_PLAYBOOKS.values(), ids=BAD_PLAYBOOKS)
def test_a_hostile_playbook_is_refused_at_its_line_and_column(
    crisis: Crisis, folder: Path, text: str, place: str
) -> None:
    write(folder / "crisisctl.yaml", TEAM)
    write(folder / "playbooks" / "bad.yaml", text)

    ran = crisis("start", "bad", "--no-input")

    assert (ran.exit, ran.stdout) == (2, "")
    assert f"playbooks/bad.yaml:{place}: error[" in ran.stderr
    assert calm(ran.stderr)
    assert nothing_declared(crisis)


def test_a_hostile_playbook_leaves_the_others_usable(crisis: Crisis, folder: Path) -> None:
    write(folder / "crisisctl.yaml", TEAM)
    write(folder / "playbooks" / "bad.yaml", "[" * 100_000)

    listed, checked = crisis("playbooks"), crisis("doctor")

    assert listed.exit == 0
    assert listed.stdout.splitlines()[1].startswith("breach")
    assert "playbooks/bad.yaml:1:41: error[yaml-depth]" in listed.stderr
    assert (checked.exit, crisis("start", "outage", "--no-input").exit) == (1, 2)
    assert "playbook bad: " in " ".join(checked.stdout.split())


@pytest.mark.parametrize(
    "data", [b"playbook: caf\xe9\n", "playbook: bad\n".encode("utf-16"), b"#" * (1 << 20) + b"#"]
)
def test_a_playbook_in_another_encoding_or_too_large_is_one_clear_line(
    crisis: Crisis, folder: Path, data: bytes
) -> None:
    write(folder / "crisisctl.yaml", TEAM)
    write(folder / "playbooks" / "bad.yaml", "").write_bytes(data)

    ran = crisis("start", "bad")

    assert (ran.exit, ran.stdout) == (2, "")
    assert re.search(r"bad\.yaml(:1:\d+: error\[yaml-encoding\]| is larger than 1 MiB)", ran.stderr)


def test_playbooks_that_are_links_out_pipes_or_folders_do_not_exist(
    crisis: Crisis, folder: Path
) -> None:
    team = folder / "team"
    small(team)
    outside = write(folder / "outside.yaml", PLAYBOOK.replace("DEADLINES", "{}"))
    (team / "playbooks" / "link.yaml").symlink_to(outside)
    (team / "playbooks" / "folder.yaml").mkdir()
    os.mkfifo(team / "playbooks" / "pipe.yaml")
    os.chdir(team)

    for name in ("link", "folder", "pipe"):
        ran = crisis("start", name)
        assert (ran.exit, ran.stdout) == (2, "")
        assert f'there is no playbook "{name}"' in ran.stderr
        assert "playbooks: breach, outage, review-wave and small" in ran.stderr
    assert [
        r["playbook"] for r in json.loads(crisis("playbooks", "--json").stdout)["playbooks"]
    ] == [*("breach", "outage", "review-wave", "small")]


def test_a_template_that_is_a_link_out_is_not_read(crisis: Crisis, folder: Path) -> None:
    team = small(folder / "team")
    secret = write(folder / "secret.j2", "{% block headline %}SECRET{% endblock %}")
    file = team / "templates" / "small" / "hello.en.j2"
    file.unlink()
    file.symlink_to(secret)
    os.chdir(team)

    ran = crisis("preview", "small/hello", "-l", "en")

    assert (ran.exit, ran.stdout) == (2, "")
    assert 'has no text in "en"' in ran.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("brand: {name: x\nlocales: [\n", "crisisctl.yaml:1:8: the bracket that opens here"),
        ("brand:\n  name: a\n  name: b\n", "crisisctl.yaml:3:3: the key 'name' is already"),
        ("brand: &b {name: x}\n", "crisisctl.yaml:1:8: YAML anchors"),
        ("- brand\n", "crisisctl.yaml: a workspace file is a mapping"),
        ("brand: \x1b[2J\n", "crisisctl.yaml:1:8: the invisible character U+001B"),
        ("brand: {name: [1, 2]}\n", "crisisctl.yaml, brand.name: "),
        ("brand: {support_email: nobody}\n", "crisisctl.yaml, brand.support_email: "),
        ("locales: [en, de]\n", 'crisisctl.yaml, locales: "de" is not a choice'),
        ("time_zone: Europe/Pariss\n", "did you mean Europe/Paris?"),
    ],
)
def test_a_broken_crisisctl_yaml_is_one_clear_line_and_declares_nothing(
    crisis: Crisis, folder: Path, text: str, said: str
) -> None:
    write(folder / "crisisctl.yaml", text)

    ran = crisis("start", "outage", "--no-input")

    assert (ran.exit, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert ran.stderr.count("\n") <= 2
    assert calm(ran.stderr)
    (folder / "crisisctl.yaml").unlink()
    assert nothing_declared(crisis)


def test_a_running_incident_goes_on_beside_a_broken_crisisctl_yaml(
    crisis: Crisis, declared: str, folder: Path
) -> None:
    write(folder / "crisisctl.yaml", "brand: {name: x\n")

    words = [(), ("status",), ("note", "x"), ("fact", "eta", "+1h"), ("deadlines",), ("timeline",)]

    assert [crisis(*w).exit for w in words] == [0] * 6


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_crisisctl_yaml_sets_nothing(crisis: Crisis, folder: Path, text: str) -> None:
    write(folder / "crisisctl.yaml", text)

    assert crisis("playbooks").exit == 0


def test_a_store_of_a_later_version_is_refused_before_anything_is_made(
    crisis: Crisis, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRISISCTL_STORE", "postgresql://db/crisis")

    ran = crisis("start", "outage")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "CRISISCTL_STORE" in ran.stderr
    assert not (folder / "home").exists()
