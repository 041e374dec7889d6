"""Each rule against a file that breaks it, which carries what it expects, and a good twin.

`tests/lint/bad/<rule>--<what>.yaml` is a playbook, a folder of that name a whole
workspace. Lines such as `# lint: 12:5 error[rule]` say all that is expected in
that file. Only the rule of the name is run; the twin in `good/` must be silent.
"""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from crisisctl.lint import choose, gather, run
from crisisctl.lint.rule import RULES

HERE = Path(__file__).parent / "lint"
EXPECTED = re.compile(r"lint: (\d+):(\d+) (error|warning)\[([a-z0-9-]+)\]")
TODAY = date(2026, 11, 27)
BAD = sorted((HERE / "bad").iterdir())
GOOD = sorted((HERE / "good").iterdir())
ALL_RULES = choose.chosen([], [])


def rule_of(case: Path) -> str:
    return case.name.partition("--")[0].removesuffix(".yaml")


def found(case: Path, world: Path, rule: str) -> set[tuple[str, int, int, str, str]]:
    start = copied(case, world)
    choice = run.Choice(choose.chosen([rule], []), TODAY)
    result = run.lint(gather.gathered([start], world)[0], choice)
    assert not result.unread
    return {(f.file, f.line, f.column, f.severity, f.rule) for f in result.findings}


def expected(case: Path, world: Path) -> set[tuple[str, int, int, str, str]]:
    rows = set()
    start = copied(case, world)
    for file in [start] if case.is_file() else sorted(start.rglob("*")):
        if file.is_file():
            text = file.read_bytes().decode("utf-8", errors="replace")
            for line, column, severity, rule in EXPECTED.findall(text):
                rows.add((str(file), int(line), int(column), severity, rule))
    return rows


def copied(case: Path, world: Path) -> Path:
    if case.is_file():
        return Path(shutil.copy(case, world / "case.yaml"))
    shutil.copytree(case, world, dirs_exist_ok=True)
    return world


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_a_bad_file_gets_exactly_what_it_expects(case: Path, tmp_path: Path) -> None:
    wanted = expected(case, tmp_path)

    assert wanted
    assert found(case, tmp_path, rule_of(case)) == wanted


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_its_good_twin_is_silent(case: Path, tmp_path: Path) -> None:
    assert found(case, tmp_path, rule_of(case)) == set()


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_bad_file_a_good_twin_and_a_page(rule: str) -> None:
    page = RULES[rule]

    assert rule in {rule_of(case) for case in BAD}
    assert rule in {rule_of(case) for case in GOOD}
    assert page.title.endswith(".")
    assert page.why
    assert page.bad
    assert page.good
