"""`crisisctl lint`: what it looks at, which rules apply, and how it ends."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from msgspec.structs import replace
from small import small, write
from terminal import Terminal

import crisisctl.lint.rules  # noqa: F401 - fills the register
from crisisctl.lint.rule import RULES

OWNERLESS = "playbook: shop\ntitle: Something happened\nstages: {}\n"


def findings(crisis: Crisis, *words: str) -> list[tuple[str, str]]:
    """File and rule of each finding; only rules that have been there from the start."""
    ran = crisis("lint", *words, "--json", "--select", "no-owner,no-steps")
    assert ran.exit in (0, 1), ran.stderr
    return [(f["file"], f["rule"]) for f in json.loads(ran.stdout)["findings"]]


def files(crisis: Crisis, *words: str) -> set[str]:
    return {file for file, _ in findings(crisis, *words)}


def counted(crisis: Crisis, *words: str) -> int:
    data = json.loads(crisis("lint", *words, "--json", "--select", "no-owner").stdout)
    return int(data["summary"]["files"])


def reads_what_is_shipped(crisis: Crisis) -> bool:
    """Whether it finds nothing in the playbooks, their texts in five languages, the channels."""
    data = json.loads(crisis("lint", "--json", "--select", "no-owner,no-steps").stdout)
    return data["findings"] == [] and data["summary"]["files"] > 30


@pytest.fixture
def shop(folder: Path) -> Path:
    """A workspace with one playbook without owner and steps."""
    write(folder / "crisisctl.yaml", "")
    return write(folder / "playbooks" / "shop.yaml", OWNERLESS)


@pytest.fixture
def warning(monkeypatch: pytest.MonkeyPatch) -> str:
    """A rule that only warns."""
    monkeypatch.setitem(RULES, "no-steps", replace(RULES["no-steps"], severity="warning"))
    return "no-steps"


# What is looked at


def test_a_file_and_its_folder_say_the_same(crisis: Crisis, shop: Path) -> None:
    both = [("playbooks/shop.yaml", "no-owner"), ("playbooks/shop.yaml", "no-steps")]

    assert findings(crisis, "playbooks/shop.yaml") == both
    assert findings(crisis, "playbooks") == both
    assert findings(crisis, ".") == both


def test_a_file_that_is_named_twice_is_judged_once(crisis: Crisis, shop: Path) -> None:
    words = ("playbooks", "playbooks/shop.yaml", "./playbooks/../playbooks/shop.yaml", str(shop))

    assert len(findings(crisis, *words)) == 2
    assert counted(crisis, *words) == 1


def test_files_are_named_as_they_were_asked_for(
    crisis: Crisis, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert files(crisis, str(shop)) == {str(shop)}
    monkeypatch.chdir("playbooks")
    assert files(crisis, "shop.yaml") == {"shop.yaml"}
    assert files(crisis, "..") == {"shop.yaml"}
    monkeypatch.chdir("/")
    assert files(crisis, str(shop)[1:]) == {str(shop)[1:]}


def test_several_paths_come_in_one_order(crisis: Crisis, shop: Path) -> None:
    write(shop.with_name("another.yaml"), OWNERLESS)

    there = findings(crisis, "playbooks/shop.yaml", "playbooks/another.yaml")
    back = findings(crisis, "playbooks/another.yaml", "playbooks/shop.yaml")

    assert there == back == sorted(there)


def test_without_a_path_it_is_the_workspace(
    crisis: Crisis, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("playbooks")

    assert (Path("shop.yaml").resolve()) == shop.resolve()
    assert any(file.endswith("playbooks/shop.yaml") for file in files(crisis))


def test_without_a_workspace_it_is_what_is_shipped(crisis: Crisis, folder: Path) -> None:
    assert reads_what_is_shipped(crisis)


def test_a_workspace_without_playbooks_has_the_shipped_ones(crisis: Crisis, folder: Path) -> None:
    write(folder / "crisisctl.yaml", "locales: [en]\n")

    assert reads_what_is_shipped(crisis)


def test_a_message_text_alone_brings_only_its_own_findings(crisis: Crisis, folder: Path) -> None:
    path = small(folder) / "templates" / "small" / "hello.en.j2"

    assert counted(crisis, str(path)) == 1
    assert counted(crisis, "templates/small") == 4
    assert counted(crisis, "playbooks/small.yaml") == 5


def test_hidden_folders_and_those_of_other_tools_are_passed_over(
    crisis: Crisis, shop: Path
) -> None:
    for place in (".git", ".venv", "node_modules/x", "lib/__pycache__", "lib/site-packages"):
        write(Path(place) / "playbooks" / "shop.yaml", OWNERLESS)

    assert files(crisis, ".") == {"playbooks/shop.yaml"}


def test_other_yaml_files_are_nobodys_business(crisis: Crisis, shop: Path) -> None:
    write(Path("docker-compose.yaml"), "services: {web: {image: x}}\n")
    write(Path("deploy/values.yml"), "a: [\n")

    assert files(crisis, ".") == {"playbooks/shop.yaml"}


def test_a_link_that_leads_out_is_not_followed(
    crisis: Crisis, shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = write(tmp_path_factory.mktemp("outside") / "secret.yaml", OWNERLESS)
    shop.with_name("link.yaml").symlink_to(outside)
    shop.with_name("more").symlink_to(outside.parent)
    shop.with_name("inside.yaml").symlink_to(shop)

    assert files(crisis, "playbooks") == {"playbooks/shop.yaml", "playbooks/inside.yaml"}
    assert files(crisis, "playbooks/link.yaml") == {"playbooks/link.yaml"}  # named on purpose


def test_windows_line_ends_and_a_byte_order_mark_change_no_place(
    crisis: Crisis, shop: Path
) -> None:
    before = crisis("lint", "playbooks", "--select", "no-owner,no-steps").stdout
    shop.write_bytes(b"\xef\xbb\xbf" + OWNERLESS.replace("\n", "\r\n").encode())

    assert crisis("lint", "playbooks", "--select", "no-owner,no-steps").stdout == before


def test_no_finding_quotes_a_file_without_end(crisis: Crisis, shop: Path) -> None:
    write(shop, f"{OWNERLESS}{'x' * 50_000}: 1\n")

    ran = crisis("lint", "playbooks")

    assert ran.exit == 1
    assert max(map(len, ran.stdout.splitlines())) < 1_200


def test_a_flood_of_findings_is_told_in_part_and_counted(crisis: Crisis, shop: Path) -> None:
    write(shop, OWNERLESS + "".join(f"key_{n}: 1\n" for n in range(5_000)))

    ran = crisis("lint", "playbooks", "--select", "unknown-key")

    lines = [line for line in ran.stdout.splitlines() if "unknown-key" in line]
    assert len(lines) == 1_000
    assert "(and 4000 more of this rule in this file)" in lines[-1]


# Which rules apply


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (("--select", "no-owner"), {"no-owner"}),
        (("--select", "no-owner,no-steps"), {"no-owner", "no-steps"}),
        (("--select", " no-owner , no-steps ,"), {"no-owner", "no-steps"}),
        (("--select", "no-owner", "--select", "no-steps"), {"no-owner", "no-steps"}),
        (("--select", "upkeep"), {"no-owner"}),
        (("--select", "upkeep,no-steps", "--ignore", "no-owner"), {"no-steps"}),
        (("--select", "no-owner,no-steps", "--ignore", "upkeep"), {"no-steps"}),
    ],
)
def test_rules_and_families_are_chosen(
    crisis: Crisis, shop: Path, words: tuple[str, ...], left: set[str]
) -> None:
    data = json.loads(crisis("lint", "playbooks", "--json", *words).stdout)

    found = {finding["rule"] for finding in data["findings"]}
    assert found & {"no-owner", "no-steps"} == left


def test_an_ignored_rule_is_left_out_of_all(crisis: Crisis, shop: Path) -> None:
    ran = crisis("lint", "playbooks", "--ignore", "no-owner")

    assert "[no-steps]" in ran.stdout
    assert "[no-owner]" not in ran.stdout


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--select", "no-ownr"), 'did you mean "no-owner"?'),
        (("--ignore", "no-owner,upkep"), 'did you mean "upkeep"?'),
        (("--explain", "no-onwer"), 'did you mean "no-owner"?'),
        (("--ignore", "zzz"), "`crisisctl lint --rules` lists them"),
        (("--explain", "upkeep"), "no-owner"),
        (("--format", "xml"), "text, json, github, sarif or junit"),
    ],
)
def test_an_unknown_name_could_not_run_and_says_what_was_meant(
    crisis: Crisis, shop: Path, words: tuple[str, ...], hint: str
) -> None:
    ran = crisis("lint", "playbooks", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert hint in ran.stderr


def test_no_rule_left_is_an_error_and_not_a_clean_set(crisis: Crisis, shop: Path) -> None:
    ran = crisis("lint", "--select", "no-owner", "--ignore", "upkeep")

    assert (ran.exit, ran.stdout) == (2, "")


def test_warnings_fail_only_under_strict(crisis: Crisis, shop: Path, warning: str) -> None:
    words = ("lint", "playbooks", "--select", warning)

    assert "warning[no-steps]" in crisis(*words).stdout
    assert crisis(*words).exit == 0
    assert crisis(*words, "--strict").exit == 1


# What the workspace says


def settings(text: str) -> None:
    write(Path("crisisctl.yaml"), f"lint: {text}\n")


def shown(crisis: Crisis, *words: str) -> set[str]:
    data = json.loads(crisis("lint", "playbooks", "--json", *words).stdout)
    return {f["rule"] for f in data["findings"]} & {"no-owner", "no-steps"}


def test_the_settings_choose_rules_too(crisis: Crisis, shop: Path) -> None:
    settings("{ignore: [no-owner]}")
    assert shown(crisis) == {"no-steps"}
    settings("{select: [upkeep]}")
    assert shown(crisis) == {"no-owner"}


def test_what_is_selected_here_goes_before_the_settings(crisis: Crisis, shop: Path) -> None:
    settings("{ignore: [no-owner]}")
    assert shown(crisis, "--select", "no-owner") == {"no-owner"}
    settings("{select: [no-steps]}")
    assert shown(crisis, "--select", "no-owner") == {"no-owner"}


def test_what_is_ignored_here_is_added_to_the_settings(crisis: Crisis, shop: Path) -> None:
    settings("{select: [no-owner, no-steps, unknown-fact], ignore: [no-owner]}")

    assert shown(crisis, "--ignore", "no-steps") == set()


def test_the_settings_are_strict_for_everyone(crisis: Crisis, shop: Path, warning: str) -> None:
    settings("{strict: true, select: [no-steps]}")

    assert crisis("lint", "playbooks").exit == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lint: {ignore: [no-ownr]}", 'did you mean "no-owner"?'),
        ("lint: {ignored: [no-owner]}", '"ignored" is not a key of `lint:`'),
        ("lint: {ignore: no-owner}", "`lint:` cannot be understood"),
        ("lint: [", "crisisctl.yaml:1:8: the text ends"),
    ],
)
def test_settings_that_cannot_be_followed_are_not_silently_dropped(
    crisis: Crisis, shop: Path, text: str, told: str
) -> None:
    write(Path("crisisctl.yaml"), text)

    ran = crisis("lint", "playbooks")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "crisisctl.yaml" in ran.stderr
    assert told in ran.stderr


def test_a_mistake_in_settings_that_are_linted_is_a_finding(crisis: Crisis, shop: Path) -> None:
    write(Path("crisisctl.yaml"), "lint: {ignored: [no-owner]}")

    ran = crisis("lint", "--select", "unknown-key")

    assert ran.exit == 1
    assert re.search(r"crisisctl\.yaml:1:8: error\[unknown-key\]", ran.stdout)


def test_each_workspace_is_linted_by_its_own_settings(crisis: Crisis, folder: Path) -> None:
    for name, ignored in (("one", "no-owner"), ("two", "no-steps")):
        write(folder / name / "crisisctl.yaml", f"lint: {{ignore: [{ignored}]}}\n")
        write(folder / name / "playbooks" / "shop.yaml", OWNERLESS)

    data = json.loads(crisis("lint", "one/playbooks", "two/playbooks", "--json").stdout)

    found = {(f["file"], f["rule"]) for f in data["findings"]}
    assert ("one/playbooks/shop.yaml", "no-steps") in found
    assert ("two/playbooks/shop.yaml", "no-owner") in found
    assert not found & {
        ("one/playbooks/shop.yaml", "no-owner"),
        ("two/playbooks/shop.yaml", "no-steps"),
    }


# How it ends


def make(kind: str, path: Path) -> None:
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "dangling link":
            path.symlink_to("nowhere.yaml")
        case "link to itself":
            path.symlink_to(path.name)
        case "device":
            path.symlink_to("/dev/zero")


@pytest.mark.parametrize("kind", ["pipe", "dangling link", "link to itself", "device", "missing"])
def test_what_cannot_be_read_could_not_run(crisis: Crisis, shop: Path, kind: str) -> None:
    bad = shop.with_name("bad.yaml")
    make(kind, bad)

    for words in ((str(bad),), (str(bad), "--json")):
        ran = crisis("lint", *words)
        assert (ran.exit, ran.stdout) == (2, "")
        assert str(bad) in ran.stderr


@pytest.mark.parametrize("format", ["text", "json"])
def test_what_can_be_read_is_shown_all_the_same(crisis: Crisis, shop: Path, format: str) -> None:
    os.mkfifo(shop.with_name("bad.yaml"))

    ran = crisis("lint", "playbooks", "missing.yaml", "--format", format)

    assert ran.exit == 2
    assert "no-owner" in ran.stdout
    assert "playbooks/bad.yaml is not an ordinary file" in ran.stderr
    assert "missing.yaml does not exist" in ran.stderr
    if format == "json":
        data = json.loads(ran.stdout)
        assert [one["file"] for one in data["unread"]] == ["missing.yaml", "playbooks/bad.yaml"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to the superuser")
def test_what_is_closed_to_us_could_not_run(crisis: Crisis, shop: Path) -> None:
    shop.chmod(0)
    closed = shop.with_name("closed")
    closed.mkdir(mode=0)
    try:
        ran = crisis("lint", "playbooks")
    finally:
        closed.chmod(0o700)

    assert ran.exit == 2
    assert "playbooks/shop.yaml cannot be read: permission denied" in ran.stderr
    assert "playbooks/closed cannot be read: permission denied" in ran.stderr


def test_settings_that_are_too_large_are_not_silently_dropped(crisis: Crisis, shop: Path) -> None:
    write(Path("crisisctl.yaml"), "# \n" * 400_000)

    ran = crisis("lint", "playbooks")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "crisisctl.yaml is larger than 1 MiB" in ran.stderr


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("empty", "nothing to lint in this folder"),
        ("notes.txt", "not a file that can be linted"),
        ("a" * 300, "file name too long"),
        ("-", "stdin cannot be linted"),
        ("shop.yaml/x.yaml", "cannot be read"),
    ],
)
def test_a_path_that_names_nothing_to_lint_could_not_run(
    crisis: Crisis, shop: Path, word: str, told: str
) -> None:
    Path("empty").mkdir()
    write(Path("notes.txt"), "words")
    write(Path("shop.yaml"), OWNERLESS)

    ran = crisis("lint", word)

    assert (ran.exit, ran.stdout) == (2, "")
    assert told in ran.stderr


def test_a_folder_that_is_gone_could_not_run(console: Crisis, folder: Path) -> None:
    (folder / "gone").mkdir()
    before = ("sh", "-c", 'cd gone && rmdir ../gone && exec "$@"', "sh")

    ran = console("lint", before=before)

    assert (ran.exit, ran.stdout) == (2, "")
    assert "the folder you are in is gone" in ran.stderr


# The manual


def test_rules_are_listed_a_line_each_by_family(crisis: Crisis, folder: Path) -> None:
    ran = crisis("lint", "--rules")

    rows = [line.split(maxsplit=3) for line in ran.stdout.splitlines()]
    assert {row[0] for row in rows} == set(RULES)
    assert all(RULES[id].severity == severity for id, severity, _, _ in rows)
    assert all(RULES[id].family == family for id, _, family, _ in rows)
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)
    assert ran.exit == 0


def test_the_rules_are_data_too(crisis: Crisis, folder: Path) -> None:
    data = json.loads(crisis("lint", "--rules", "--json").stdout)
    page = json.loads(crisis("lint", "--explain", "no-owner", "--json").stdout)

    assert {rule["rule"] for rule in data["rules"]} == set(RULES)
    assert page == {"schema": 1, **next(r for r in data["rules"] if r["rule"] == "no-owner")}


def test_a_rule_is_explained_with_examples_and_how_to_silence_it(
    crisis: Crisis, folder: Path
) -> None:
    ran = crisis("lint", "--explain", "no-owner")
    page = RULES["no-owner"]

    assert ran.exit == 0
    assert page.title in ran.stdout
    assert " ".join(page.why.split()) in " ".join(ran.stdout.split())
    for example in (page.bad, page.good):
        assert "".join(f"    {line}\n" for line in example.split("\n")) in ran.stdout
    assert "# crisisctl: ignore[no-owner]" in ran.stdout
    assert "lint: {ignore: [no-owner]}" in ran.stdout
    assert max(map(len, ran.stdout.splitlines())) <= 80


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_page_fits_the_width(crisis: Crisis, folder: Path, rule: str) -> None:
    shown = crisis("lint", "--explain", rule).stdout

    assert all(len(line) <= 80 or " " not in line.strip() for line in shown.splitlines())
    for example in (RULES[rule].bad, RULES[rule].good):
        assert " ".join(example.split()) in " ".join(shown.split())


def test_what_the_page_says_silences_the_rule(crisis: Crisis, shop: Path) -> None:
    page = crisis("lint", "--explain", "no-owner").stdout
    comment = next(line.strip() for line in page.splitlines() if line.startswith("    # crisis"))
    write(shop, f"{comment}\n{OWNERLESS}")

    assert findings(crisis, "playbooks") == [("playbooks/shop.yaml", "no-steps")]


def test_the_help_shows_how_and_fits_the_screen(crisis: Crisis, shop: Path) -> None:
    write(Path("crisisctl.yaml"), "lint: {select: [no-owner]}\n")  # what it shows, and quickly
    shown = crisis("lint", "--help").stdout

    assert max(map(len, shown.splitlines())) <= 80
    for example in re.findall(r"^ +crisisctl (lint.*?)(?:  .*)?$", shown, re.MULTILINE):
        told = crisis(*example.split()).stderr
        assert not re.search("Usage:|there is no", told)
    for word in ("Exit code", "--baseline", "ignore[no-owner]", "crisisctl.yaml"):
        assert word in shown


# On a terminal


def on_screen(folder: Path, *words: str, **settings: Any) -> tuple[list[str], bytes]:
    """What a terminal of 80 columns shows, and the bytes it got."""
    with Terminal("lint", *words, home=folder / "home", folder=folder, **settings) as terminal:
        terminal.wait()
        return terminal.story(), terminal.raw


def test_a_terminal_gets_colour_unless_it_is_not_wanted(shop: Path, folder: Path) -> None:
    _, coloured = on_screen(folder, "playbooks")
    _, plain = on_screen(folder, "playbooks", environment={"NO_COLOR": "1"})

    assert b"\x1b[1;31merror[no-owner]:" in coloured
    assert b"error[no-owner]:" in plain
    assert b"\x1b" not in plain


@pytest.mark.parametrize("columns", [40, 80])
def test_a_narrow_terminal_never_breaks_the_place(shop: Path, folder: Path, columns: int) -> None:
    long = shop.rename(shop.with_name("a-very-long-name-of-a-playbook.yaml"))

    story, _ = on_screen(folder, "playbooks", columns=columns, environment={"NO_COLOR": "1"})

    place = f"playbooks/{long.name}:1:11: error[no-owner]:"
    together = "".join(row.ljust(columns) for row in story)
    assert place in together


def test_the_words_of_a_finding_break_between_words_on_a_terminal(shop: Path, folder: Path) -> None:
    shop.rename(shop.with_name("a-very-long-name-of-a-playbook.yaml"))

    story, _ = on_screen(folder, "playbooks", columns=80, environment={"NO_COLOR": "1"})

    first = next(n for n, row in enumerate(story) if "no-owner" in row)
    assert story[first].endswith("the") or story[first].endswith("playbook")
    assert story[first + 1].startswith("  ")


def test_a_playbook_that_is_broken_says_that_its_messages_were_not_checked(
    crisis: Crisis, shop: Path
) -> None:
    shop.write_text(
        shop.read_text(encoding="utf-8").replace("title:", "titel:", 1), encoding="utf-8"
    )

    whole = crisis("lint", "playbooks")
    silent = crisis("lint", "playbooks", "--select", "language")

    assert whole.exit == 1
    assert f"the messages of playbooks/{shop.name} were not checked" in whole.stdout
    assert silent.exit == 2
    assert f"the messages of playbooks/{shop.name} were not checked" in silent.stderr


def test_a_terminal_is_told_what_explains_a_rule_and_a_pipe_is_not(
    crisis: Crisis, shop: Path, folder: Path
) -> None:
    story, _ = on_screen(folder, "playbooks", "--select", "no-owner")

    assert "crisisctl lint --explain no-owner" in story[-1]
    assert crisis("lint", "playbooks", "--select", "no-owner").stderr == ""


def test_the_manual_fits_a_terminal(folder: Path) -> None:
    page, _ = on_screen(folder, "--explain", "no-owner")
    listed, _ = on_screen(folder, "--rules", rows=200)

    assert len(page) <= 24
    assert page[0].startswith("no-owner")
    assert page[0].endswith("error · upkeep")
    starts = [row.split()[0] for row in listed if row and not row.startswith(" ")]
    assert set(starts) == set(RULES)
