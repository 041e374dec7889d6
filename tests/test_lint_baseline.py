"""A baseline: what an old set had wrong when it took the linter in, and what is new since."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from small import write

OWNERLESS = "playbook: shop\ntitle: Something happened\nstages: {}\n"
ONLY = ("--select", "no-owner,no-steps,unknown-fact,unknown-key")


@pytest.fixture
def shop(folder: Path) -> Path:
    """A workspace with one playbook that has neither owner nor step."""
    write(folder / "crisisctl.yaml", "")
    return write(folder / "playbooks" / "shop.yaml", OWNERLESS)


def told(crisis: Crisis, *words: str) -> dict[str, Any]:
    ran = crisis("lint", *words, *ONLY, "--json")
    assert ran.exit in (0, 1), ran.stderr
    data: dict[str, Any] = json.loads(ran.stdout)
    return data


def rules(data: dict[str, Any]) -> list[str]:
    return [finding["rule"] for finding in data["findings"]]


def adopt(crisis: Crisis, *words: str, file: str = "known.json") -> str:
    ran = crisis("lint", *words, *ONLY, "--write-baseline", file)
    assert (ran.exit, ran.stdout) == (0, "")
    return Path(file).read_text(encoding="utf-8")


def test_what_was_found_on_the_day_of_adoption_is_left_out(crisis: Crisis, shop: Path) -> None:
    before = told(crisis, "playbooks")
    adopt(crisis, "playbooks")
    after = told(crisis, "playbooks", "--baseline", "known.json")

    assert rules(before) == ["no-owner", "no-steps"]
    assert rules(after) == []
    assert (after["summary"]["known"], after["summary"]["failed"]) == (2, False)


def test_writing_passes_and_says_what_comes_next(crisis: Crisis, shop: Path) -> None:
    ran = crisis("lint", "playbooks", *ONLY, "--write-baseline", "known.json")

    assert ran.exit == 0
    assert "2 findings listed" in ran.stderr
    assert "crisisctl lint --baseline known.json" in ran.stderr


def test_moved_lines_stay_known_and_an_edited_line_shows_again(crisis: Crisis, shop: Path) -> None:
    adopt(crisis, "playbooks")

    write(shop, f"# moved\n\n{OWNERLESS}\n")
    moved = told(crisis, "playbooks", "--baseline", "known.json")
    write(shop, OWNERLESS.replace("{}", "{assess: []}"))
    edited = told(crisis, "playbooks", "--baseline", "known.json")

    assert rules(moved) == []
    assert rules(edited) == ["no-steps"]


def test_what_is_new_is_shown_and_fails(crisis: Crisis, shop: Path) -> None:
    adopt(crisis, "playbooks")
    write(shop.with_name("second.yaml"), OWNERLESS)

    ran = crisis("lint", "playbooks", *ONLY, "--baseline", "known.json")

    assert ran.exit == 1
    assert "second.yaml:1:11: error[no-owner]" in ran.stdout
    assert "shop.yaml" not in ran.stdout
    assert "2 known from the baseline left out" in ran.stdout.splitlines()[-1]


def test_a_second_finding_on_an_equal_line_is_new(crisis: Crisis, shop: Path) -> None:
    steps = OWNERLESS.replace("{}", "\n  assess:")
    asks = "    - id: {}\n      title: Ask\n      ask: [nobody]\n"
    write(shop, steps + asks.format("one"))
    adopt(crisis, "playbooks")
    write(shop, steps + asks.format("one") + asks.format("two"))

    after = told(crisis, "playbooks", "--baseline", "known.json")

    assert [(f["rule"], f["line"]) for f in after["findings"]] == [("unknown-fact", 10)]


def test_what_is_gone_is_told_and_leaves_the_file_when_it_is_written_again(
    crisis: Crisis, shop: Path
) -> None:
    adopt(crisis, "playbooks")
    write(shop, f"{OWNERLESS}owner: ana\n")

    ran = crisis("lint", "playbooks", *ONLY, "--baseline", "known.json")
    data = told(crisis, "playbooks", "--baseline", "known.json")
    again = json.loads(adopt(crisis, "playbooks"))

    assert ran.exit == 0
    assert "1 that it lists is gone: --write-baseline" in ran.stdout
    assert [(one["file"], one["rule"]) for one in data["gone"]] == [
        ("playbooks/shop.yaml", "no-owner")
    ]
    assert [row["rule"] for row in again["findings"]] == ["no-steps"]


def test_what_this_run_did_not_look_at_is_not_called_gone(crisis: Crisis, shop: Path) -> None:
    other = write(shop.with_name("second.yaml"), OWNERLESS)
    adopt(crisis, "playbooks")

    by_file = told(crisis, str(other), "--baseline", "known.json")
    ran = crisis("lint", "playbooks", "--select", "no-owner", "--baseline", "known.json", "--json")

    assert by_file["gone"] == []
    assert json.loads(ran.stdout)["gone"] == []


def test_in_a_broken_file_nothing_is_called_gone(crisis: Crisis, shop: Path) -> None:
    adopt(crisis, "playbooks")
    write(shop, f"{OWNERLESS}owner: ana\nsummry: words\n")

    after = told(crisis, "playbooks", "--baseline", "known.json")

    assert (rules(after), after["gone"]) == (["unknown-key"], [])


@pytest.mark.parametrize("what", ["file", "rule"])
def test_what_cannot_come_back_is_gone(crisis: Crisis, shop: Path, what: str) -> None:
    kept = {"file": "playbooks/shop.yaml", "rule": "no-owner", "fingerprint": "0" * 16}
    lost = {**kept, what: "playbooks/lost.yaml" if what == "file" else "no-such-rule"}
    write(Path("known.json"), json.dumps({"schema": 1, "findings": [lost]}))

    assert told(crisis, "playbooks", "--baseline", "known.json")["gone"] == [lost]


def test_the_file_is_the_same_for_the_same_findings_with_a_line_for_each(
    crisis: Crisis, shop: Path
) -> None:
    write(shop.with_name("another.yaml"), OWNERLESS)
    once, again = adopt(crisis, "playbooks"), adopt(crisis, "playbooks")

    rows = json.loads(once)["findings"]
    assert once == again
    assert rows == sorted(rows, key=lambda row: (row["file"], row["rule"], row["fingerprint"]))
    lines = [line.strip().rstrip(",") for line in once.splitlines()]
    assert [json.loads(line) for line in lines if line.startswith('{"file"')] == rows


def test_an_empty_baseline_is_one(crisis: Crisis, shop: Path) -> None:
    write(shop, f"{OWNERLESS}owner: ana\n".replace("{}", "{assess: [{id: a, title: A}]}"))

    assert json.loads(adopt(crisis, "playbooks")) == {"schema": 1, "findings": []}
    assert told(crisis, "playbooks", "--baseline", "known.json")["summary"]["known"] == 0


def test_names_are_kept_beside_the_baseline_wherever_one_stands(
    crisis: Crisis, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = adopt(crisis, "playbooks", file="ci/known.json") if Path("ci").mkdir() is None else ""
    monkeypatch.chdir("playbooks")
    from_inside = told(crisis, "shop.yaml", "--baseline", "../ci/known.json")
    absolute = told(crisis, str(shop), "--baseline", "../ci/known.json")

    assert '"../playbooks/shop.yaml"' in text
    assert rules(from_inside) == rules(absolute) == []


def test_the_setting_names_a_baseline_beside_the_workspace_file(
    crisis: Crisis, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(Path("crisisctl.yaml"), "lint: {baseline: known.json}\n")
    adopt(crisis, ".")  # though the file that the setting names is not there yet
    monkeypatch.chdir("playbooks")

    assert rules(told(crisis, ".")) == []
    other = write(Path("none.json"), '{"schema": 1, "findings": []}')
    assert rules(told(crisis, ".", "--baseline", str(other))) == ["no-owner", "no-steps"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"schema": 2, "findings": []}',
        '{"schema": 1, "findings": [{"file": "a"}]}',
        '{"schema": 1, "findings": [{"file": 1, "rule": "a", "fingerprint": "b"}]}',
        '<<<<<<< ours\n{"schema": 1, "findings": []}',
        "[" * 100_000,
        '{"x":' * 100_000,
    ],
    ids=lambda text: text[:20],
)
def test_a_broken_baseline_is_an_error_that_names_it(crisis: Crisis, shop: Path, text: str) -> None:
    write(Path("known.json"), text)

    ran = crisis("lint", "--baseline", "known.json")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "error: known.json " in ran.stderr
    assert "--write-baseline" in ran.stderr


def test_a_baseline_that_is_no_readable_file_is_an_error(crisis: Crisis, shop: Path) -> None:
    os.mkfifo("pipe.json")
    Path("bytes.json").write_bytes(b'{"schema": 1, "findings": ["\xff"]}')

    for name in ("missing.json", "pipe.json", "playbooks", "bytes.json"):
        ran = crisis("lint", "--baseline", name)
        assert (ran.exit, ran.stdout) == (2, "")
        assert name in ran.stderr


def test_a_baseline_never_takes_the_place_of_a_playbook(crisis: Crisis, shop: Path) -> None:
    before = shop.read_text()

    ran = crisis("lint", "playbooks", "--write-baseline", str(shop))

    assert ran.exit == 2
    assert shop.read_text() == before


def test_nothing_is_written_when_not_all_could_be_read(crisis: Crisis, shop: Path) -> None:
    ran = crisis("lint", "playbooks", "missing.yaml", "--write-baseline", "known.json")

    assert ran.exit == 2
    assert "missing.yaml does not exist" in ran.stderr
    assert not Path("known.json").exists()


def test_a_baseline_that_cannot_be_written_could_not_run(crisis: Crisis, shop: Path) -> None:
    ran = crisis("lint", "playbooks", "--write-baseline", "no/such/folder/known.json")

    assert ran.exit == 2
    assert "cannot be written" in ran.stderr
