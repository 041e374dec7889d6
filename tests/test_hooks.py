"""What other repositories take from here, run for real: pre-commit hook and GitHub action."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crisisctl.playbook.reader import read_file

ROOT = Path(__file__).parents[1]
BESIDE_PYTHON = Path(sys.executable).parent
ACTION: Any = read_file(ROOT / ".github" / "actions" / "lint" / "action.yml").value
HOOKS: Any = read_file(ROOT / ".pre-commit-hooks.yaml").value
NEEDS_GIT = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
GOOD = """\
playbook: shop
title: The shop is down
owner: sre
stages: {}
"""
BAD = GOOD.replace("owner: sre\n", "")
OURS = ("crisisctl", "playbooks", "templates", "pyproject.toml", "README.md", "LICENSE")


def run(*words: str, at: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    around = {name: word for name, word in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        words, cwd=at, env={**around, **environment}, capture_output=True, text=True, timeout=300
    )


def git(at: Path, *words: str) -> None:
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@kestrel.example")
    done = run("git", *who, "-c", "init.defaultBranch=main", *words, at=at)
    assert done.returncode == 0, done.stderr


def repository(folder: Path, files: dict[str, str]) -> Path:
    """A repository in which these files are staged."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    return folder


def pre_commit(at: Path, home: Path, config: str) -> subprocess.CompletedProcess[str]:
    file = home / "config.yaml"
    file.write_text(config, encoding="utf-8")
    words = (str(BESIDE_PYTHON / "pre-commit"), "run", "--config", str(file), "--verbose")
    return run(*words, at=at, PRE_COMMIT_HOME=str(home), NO_COLOR="1")


def as_local(*args: str) -> str:
    """A configuration with our hook as it is, but for the environment: that of the tests."""
    hook = {**HOOKS[0], "language": "system", "entry": f"{BESIDE_PYTHON / HOOKS[0]['entry']}"}
    hook |= {"args": args} if args else {}
    return json.dumps({"repos": [{"repo": "local", "hooks": [hook]}]})


def scratch(tmp_path: Path, files: dict[str, str]) -> tuple[Path, Path]:
    (tmp_path / "repository").mkdir()
    (tmp_path / "home").mkdir()
    ours = {"crisisctl.yaml": "lint: {select: [no-owner]}\n", **files}
    return repository(tmp_path / "repository", ours), tmp_path / "home"


@NEEDS_GIT
def test_the_hook_refuses_a_bad_playbook_and_says_where(tmp_path: Path) -> None:
    at, home = scratch(tmp_path, {"playbooks/shop.yaml": BAD})

    done = pre_commit(at, home, as_local())

    assert done.returncode == 1
    assert "playbooks/shop.yaml:1:11: error[no-owner]: the playbook has no owner" in done.stdout


@NEEDS_GIT
def test_the_hook_lets_a_good_one_pass(tmp_path: Path) -> None:
    at, home = scratch(tmp_path, {"playbooks/shop.yaml": GOOD})

    done = pre_commit(at, home, as_local())

    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout


@NEEDS_GIT
@pytest.mark.parametrize(
    "changed",
    ["crisisctl.yaml", "templates/channels.yaml", "templates/shop/news.en.j2", "playbooks/b.yml"],
)
def test_the_hook_looks_at_everything_when_a_part_changes(tmp_path: Path, changed: str) -> None:
    at, home = scratch(tmp_path, {"playbooks/shop.yaml": BAD})
    git(at, "commit", "--quiet", "--message", "What was there before")
    path = at / changed
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{old}# changed\n", encoding="utf-8")
    git(at, "add", ".")

    assert "playbooks/shop.yaml:1:11" in pre_commit(at, home, as_local()).stdout


@NEEDS_GIT
def test_the_hook_keeps_out_of_commits_that_are_not_about_playbooks(tmp_path: Path) -> None:
    at, home = scratch(tmp_path, {"playbooks/shop.yaml": BAD})
    git(at, "commit", "--quiet", "--message", "What was there before")
    (at / "shop.py").write_text("print('a shop')\n", encoding="utf-8")
    git(at, "add", ".")

    assert "Skipped" in pre_commit(at, home, as_local()).stdout


@NEEDS_GIT
def test_the_hook_can_be_narrowed_to_a_folder(tmp_path: Path) -> None:
    at, home = scratch(tmp_path, {"playbooks/shop.yaml": BAD, "ops/playbooks/shop.yaml": GOOD})

    assert pre_commit(at, home, as_local("ops")).returncode == 0


@NEEDS_GIT
@pytest.mark.slow
def test_pre_commit_installs_the_hook_from_this_repository(tmp_path: Path) -> None:
    at, home = scratch(tmp_path, {"playbooks/shop.yaml": BAD})
    source = tmp_path / "crisisctl"
    source.mkdir()
    skip = shutil.ignore_patterns("__pycache__")
    for name in OURS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, source / name, **({"ignore": skip} if copy is shutil.copytree else {}))
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", source)
    repository(source, {})
    git(source, "commit", "--quiet", "--message", "Everything")
    git(source, "tag", "v1")

    done = pre_commit(
        at, home, f"repos:\n- repo: {source}\n  rev: v1\n  hooks: [{{id: crisisctl-lint}}]\n"
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert "playbooks/shop.yaml:1:11: error[no-owner]: the playbook has no owner" in done.stdout


def act(
    step: str, at: Path, temp: Path, **inputs: str
) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run one step of the action as GitHub does; what it adds to the run's page goes along."""
    given = {name: row["default"] for name, row in ACTION["inputs"].items()} | inputs
    known = {f"inputs.{name}": word for name, word in given.items()} | {
        "steps.python.outputs.python-path": sys.executable,
        "runner.temp": str(temp),
        "github.action_path": str(ROOT / ".github" / "actions" / "lint"),
    }
    (row,) = (row for row in ACTION["runs"]["steps"] if row.get("name") == step)
    fill = {
        name: re.sub(r"\$\{\{ *(.*?) *\}\}", lambda found: known[found[1]], word)
        for name, word in row["env"].items()
    }
    script, summary = temp / "step.sh", temp / "summary.md"
    script.write_text(row["run"], encoding="utf-8")
    bash = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script))
    done = run(*bash, at=at, GITHUB_STEP_SUMMARY=str(summary), **fill)
    return done, summary.read_text(encoding="utf-8") if summary.exists() else ""


@pytest.fixture
def temp(tmp_path: Path) -> Path:
    """A runner's folder in which crisisctl is installed already."""
    (tmp_path / "temp" / "crisisctl" / "bin").mkdir(parents=True)
    command = tmp_path / "temp" / "crisisctl" / "bin" / "crisisctl"
    command.symlink_to(BESIDE_PYTHON / "crisisctl")
    return tmp_path / "temp"


def shop(tmp_path: Path, text: str) -> Path:
    (tmp_path / "our shop" / "playbooks").mkdir(parents=True)
    (tmp_path / "our shop" / "playbooks" / "shop.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_action_annotates_the_line_and_fills_the_page(tmp_path: Path, temp: Path) -> None:
    done, page = act("Lint", shop(tmp_path, BAD), temp, args="--select no-owner")

    assert done.returncode == 1, done.stderr
    assert "::error file=our shop/playbooks/shop.yaml,line=1,col=11" in done.stdout
    assert "no-owner" in page


def test_the_action_passes_a_good_set(tmp_path: Path, temp: Path) -> None:
    done, _ = act("Lint", shop(tmp_path, GOOD), temp, args="--select no-owner")

    assert done.returncode == 0, done.stdout


def test_the_action_takes_paths_one_on_each_line(tmp_path: Path, temp: Path) -> None:
    paths = "our shop/playbooks/shop.yaml\n\nour shop\n"
    done, _ = act("Lint", shop(tmp_path, BAD), temp, paths=paths, args="--select no-owner")

    assert done.returncode == 1, done.stderr
    assert done.stdout.count("::error") == 1


def test_the_action_lets_warnings_pass_unless_it_is_strict(tmp_path: Path, temp: Path) -> None:
    at = shop(tmp_path, GOOD)

    mild, _ = act("Lint", at, temp, args="--select no-summary")
    strict, _ = act("Lint", at, temp, args="--select no-summary", strict="true")

    assert (mild.returncode, strict.returncode) == (0, 1)


def test_what_is_given_to_the_action_is_never_run(tmp_path: Path, temp: Path) -> None:
    at = shop(tmp_path, GOOD)
    evil = "$(touch stolen); `touch stolen`"

    done, _ = act("Lint", at, temp, paths=f'"{evil}\n{evil}', strict=evil)

    assert done.returncode == 2
    assert not (at / "stolen").exists()
    assert not any("${{" in row["run"] for row in ACTION["runs"]["steps"] if "run" in row)


@pytest.mark.slow
def test_the_action_installs_crisisctl_from_its_own_checkout(tmp_path: Path) -> None:
    (tmp_path / "temp").mkdir()

    installed, _ = act("Install crisisctl", tmp_path, tmp_path / "temp")
    linted, _ = act("Lint", shop(tmp_path, BAD), tmp_path / "temp", args="--select no-owner")

    assert installed.returncode == 0, installed.stderr
    assert linted.returncode == 1, linted.stderr
    assert "::error" in linted.stdout
