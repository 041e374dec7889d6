"""The linter over `playbooks/regulations/`, and the loader that refuses what it finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from small import write

from crisisctl.deadlines.regulations import load_regulations
from crisisctl.playbook.load import BadFile
from crisisctl.workspace import Workspace, shipped

NZ = """\
regulation: nz
title: Privacy Act 2020, New Zealand
countries: [NZ]
authority: OPC
basis: s 114
starts_when: You become aware of it
clocks:
  authority: {to: authority, who: The OPC, within: {hours: 72}}
as_of: "2026-11-21"
source: [our lawyer]
confidence: partly
"""
PLACE = "playbooks/regulations/nz.yaml"
FOUND = (PLACE, "unverified-regulation")


def linted(crisis: Crisis, *words: str) -> dict[str, Any]:
    """By the rules that a regulation can break: those over texts take longer."""
    chosen = ("--select", "form,setup", "--ignore", "stale-review,stale-regulation")
    ran = crisis("lint", *words, "--json", *chosen)
    assert ran.exit in (0, 1), ran.stderr
    data: dict[str, Any] = json.loads(ran.stdout)
    return data


def findings(crisis: Crisis, *words: str) -> list[tuple[str, str]]:
    return [(f["file"], f["rule"]) for f in linted(crisis, *words)["findings"]]


@pytest.fixture
def nz(folder: Path) -> Path:
    """A workspace with a regulation of its own, which nobody has verified."""
    write(folder / "crisisctl.yaml", "locales: [en]\n")
    return write(folder / PLACE, NZ)


@pytest.mark.parametrize("words", [(), (".",), ("playbooks",), (PLACE,), (".", PLACE)])
def test_a_regulation_is_found_however_it_is_meant(
    crisis: Crisis, nz: Path, words: tuple[str, ...]
) -> None:
    assert nz.is_file()
    assert findings(crisis, *words) == [FOUND]


def test_it_is_found_without_a_workspace_file_and_in_its_own_folder(
    crisis: Crisis, nz: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "crisisctl.yaml").unlink()
    monkeypatch.chdir(nz.parent)

    assert findings(crisis, "nz.yaml") == findings(crisis, ".") == [("nz.yaml", FOUND[1])]


def test_what_is_shipped_is_read_too_and_says_itself_what_is_not_verified(
    crisis: Crisis, folder: Path
) -> None:
    laws = sorted(path.name for path in (shipped("playbooks") / "regulations").glob("*.yaml"))
    whole = linted(crisis)
    without = linted(crisis, str(shipped("templates")))

    assert whole["findings"] == []
    assert whole["summary"]["files"] - without["summary"]["files"] >= len(laws) > 20


def test_a_shipped_file_that_a_team_takes_over_is_its_own(crisis: Crisis, nz: Path) -> None:
    theirs = shipped("playbooks") / "regulations" / "kr.yaml"
    write(nz.with_name("kr.yaml"), theirs.read_text(encoding="utf-8"))
    nz.unlink()

    assert findings(crisis, str(theirs)) == []
    assert findings(crisis) == [("playbooks/regulations/kr.yaml", "unverified-regulation")]


def test_a_comment_accepts_it(crisis: Crisis, nz: Path) -> None:
    write(nz, NZ.replace("partly", "partly  # crisisctl: ignore[unverified-regulation]"))

    assert findings(crisis) == []


def test_only_the_folder_in_playbooks_holds_regulations(crisis: Crisis, nz: Path) -> None:
    write(Path("law/regulations/nz.yaml"), NZ)
    write(Path("playbooks/regulations/old/nz.yaml"), NZ)

    assert findings(crisis, ".") == [FOUND]


def test_a_link_that_leads_out_is_neither_linted_nor_counted(
    crisis: Crisis, nz: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = write(tmp_path_factory.mktemp("outside") / "au.yaml", NZ)
    nz.with_name("au.yaml").symlink_to(outside)

    assert findings(crisis, ".") == findings(crisis) == [FOUND]
    assert "our lawyer" not in {
        source
        for each in load_regulations(Workspace(nz.parents[2]))
        if each.regulation == "au"
        for source in each.source
    }


CLOCK = "authority: {to: authority, who: The OPC, within: {hours: 72}}"
REFUSED = {
    "two lengths": ("hours: 72", "hours: 72, days: 3", "8:44: error[clock-length]"),
    "no holidays": ("hours: 72", "business_days: 3", "8:68: error[clock-length]"),
    "idle holidays": ("hours: 72", "hours: 72, holidays: NZ", "8:64: error[clock-length]"),
    "endless": ("hours: 72", "hours: 9999999999", "8:60: error[clock-length]"),
    "a country in words": ("[NZ]", "[New Zealand]", "3:13: error[bad-country]"),
    "another name": ("regulation: nz", "regulation: au", "1:13: error[name-mismatch]"),
    "no such day": ("2026-11-21", "2026-02-30", "9:8: error[bad-date]"),
    "another order": ("2026-11-21", "21.11.2026", "9:8: error[bad-date]"),
    "a bad name": ("  authority:", "  The Authority:", "8:3: error[bad-id]"),
    "no such clock": (CLOCK, "a: {to: market, who: All, after: b}", "8:36: error[unknown-clock]"),
    "itself": (CLOCK, "a: {to: market, who: All, after: a}", "8:36: error[clock-loop]"),
    "two starts": (
        CLOCK,
        f"{CLOCK}\n  b: {{to: market, who: All, after: authority, starts: aware}}",
        "9:47: error[two-starts]",
    ),
    "an unknown key": ("countries:", "country:", "3:1: error[unknown-key]"),
}


@pytest.mark.parametrize(("right", "wrong", "told"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_counted_is_refused_at_the_place_that_the_linter_names(
    crisis: Crisis, nz: Path, right: str, wrong: str, told: str
) -> None:
    write(nz, NZ.replace(right, wrong))

    with pytest.raises(BadFile) as refused:
        load_regulations(Workspace(nz.parents[2]))

    assert f"{nz}:{told}" in refused.value.message
    assert f"{PLACE}:{told}" in crisis("lint", PLACE).stdout


def test_what_only_a_reader_needs_does_not_stop_the_clocks(nz: Path) -> None:
    write(nz, NZ.replace("[our lawyer]", "[]").replace("[NZ]", "[NZ, NZ]"))

    assert "nz" in {each.regulation for each in load_regulations(Workspace(nz.parents[2]))}


HOSTILE = {
    "empty": "",
    "a list": "[a, b]",
    "a word": "nz",
    "an open bracket": "regulation: [",
    "an anchor": NZ.replace("[NZ]", "&a [*a]"),
    "a tag": "!!python/object:os.system x",
    "bytes": "\x00\x1b[2J",
    "clocks of nothing": NZ.replace(CLOCK, "a:"),
    "a name of nothing": NZ.replace("authority: {to", '"": {to'),
    "a list of names": NZ.replace("regulation: nz", "regulation: [nz]"),
    "a country in letters": NZ.replace("[NZ]", "[New Zealand, 1, null]"),
    "endless hours": NZ.replace("hours: 72", "hours: 99999999999999999999999"),
    "half a day": NZ.replace("hours: 72", "days: 0.5"),
    "signs": NZ.replace("regulation: nz", 'regulation: "../../\\u202e\\e[31m"'),
    "a deep nest": "clocks: " + "[" * 5000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_a_finding(crisis: Crisis, nz: Path, text: str) -> None:
    write(nz, text)

    ran = crisis("lint", PLACE)

    assert (ran.exit, ran.stderr) == (1, "")
    assert f"{PLACE}:" in ran.stdout
    assert "\x1b" not in ran.stdout


@pytest.mark.parametrize("after", ["nowhere", "c{next}", "c0"])
def test_thousands_of_clocks_come_to_an_end(crisis: Crisis, nz: Path, after: str) -> None:
    many = 6_000
    rows = (
        f"c{n}: {{to: market, who: A, after: {after.format(next=(n + 1) % many)}}}"
        for n in range(many)
    )
    write(nz, NZ.replace(CLOCK, "\n  ".join(rows)))

    ran = crisis("lint", PLACE, "--select", "unknown-clock,clock-loop")

    assert ran.exit == 1
    assert max(map(len, ran.stdout.splitlines())) < 2_000
