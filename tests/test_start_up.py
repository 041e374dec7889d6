"""What a command must not import: counted in modules, not in milliseconds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Crisis

from crisisctl.workspace import shipped

HEAVY = frozenset(
    {
        *(
            "asyncio",
            "babel",
            "duckdb",
            "ibis",
            "jinja2",
            "markdown_it",
            "prompt_toolkit",
            "pydantic",
        ),
        *("pydantic_core", "pygments", "questionary", "rich", "yaml"),
    }
)
IMPORTED = """
import json, sys
from crisisctl.__main__ import main
sys.argv = ["crisisctl", *sys.argv[1:]]
try:
    main()
except SystemExit as left:
    assert not left.code, left.code
finally:
    sys.stderr.write("\\n" + json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
HEAT = {
    "bare": (),
    "status": ("status",),
    "status --json": ("status", "--json"),
    "note": ("note", "The queue is growing", "--at", "-5m"),
    "fact": ("fact", "cause", "deployment", "--suspected"),
    "fact of a time": ("fact", "eta", "+30m"),
    "deadlines": ("deadlines",),
    "timeline": ("timeline",),
    "timeline --as-of": ("timeline", "--as-of", "-0s"),
    "status --as-of": ("status", "--as-of", "-0s"),
    "message list": ("message", "list"),
    "list": ("list",),
    "severity": ("severity", "sev1"),
    "role": ("role", "scribe", "jo"),
}


def imported(*words: str) -> set[str]:
    """The top-level modules that are loaded when the command is through."""
    command = [sys.executable, "-c", IMPORTED, *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("words", HEAT.values(), ids=HEAT)
def test_a_command_typed_in_the_heat_imports_nothing_heavy(
    declared: str, words: tuple[str, ...]
) -> None:
    loaded = imported(*words)

    assert "typer" in loaded
    assert not loaded & HEAVY


def test_the_heat_stays_light_inside_a_workspace(declared: str, folder: Path) -> None:
    (folder / "crisisctl.yaml").write_text("brand: {name: Kestrel}\n", encoding="utf-8")

    assert not imported("status") & HEAVY


def test_the_version_is_told_without_the_front_desk(folder: Path) -> None:
    loaded = imported("--version")

    assert not loaded & {"typer", "msgspec", "sqlite3", *HEAVY}


def test_the_version_is_the_same_at_both_doors(crisis: Crisis, console: Crisis) -> None:
    quick, asked = console("--version"), crisis("--version")

    assert quick == asked
    assert quick.stdout.startswith("crisisctl ")


def test_a_start_that_meets_no_mistake_does_without_pydantic_and_prompts(folder: Path) -> None:
    loaded = imported("preview", "outage/holding", "--locale", "en")

    assert not loaded & {"pydantic", "questionary", "prompt_toolkit", "asyncio", "rich"}


@pytest.mark.parametrize(
    "words",
    [
        # one playbook is linted in this process, and all of them in others
        ("lint", str(shipped("playbooks") / "outage.yaml"), "--select", "overflow-long"),
        ("preview", "outage/holding", "--channel", "x"),
    ],
    ids=["lint", "preview"],
)
def test_texts_that_surely_fit_are_weighed_without_the_library_of_x(
    folder: Path, words: tuple[str, ...]
) -> None:
    assert "twitter_text" not in imported(*words)


@pytest.mark.parametrize(
    "words",
    [("status", "-h"), ("message", "--help"), ("message", "send", "-h"), ("action",)],
    ids=" ".join,
)
def test_building_only_the_command_that_was_typed_changes_no_help(
    crisis: Crisis, console: Crisis, words: tuple[str, ...]
) -> None:
    assert console(*words) == crisis(*words)
