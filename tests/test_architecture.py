"""The house: rooms that import downwards only, documented, quiet, without a clock."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from crisisctl.cli.app import app
from crisisctl.cli.door import SECTIONS

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted((ROOT / "crisisctl").rglob("*.py"))
BELOW = [path for path in MODULES if path.parent.name != "cli" and path.stem != "__main__"]
LINES = 440
"""A module beyond this has more than one thing to say."""
ASKING = {"typer", "questionary", "prompt_toolkit", "rich"}
HOME_OF = {
    "babel": {"messages/formats"},
    "duckdb": {"tables/parquet"},
    "ibis": {"compensation/warehouse/engine"},
    "jinja2": {
        *("messages/templates", "messages/sandbox", "messages/layouts", "playbook/conditions"),
        *("messages/bulk/fold", "messages/bulk/parts"),
        # trees of conditions, read and never run
        *("playbook/kinds", "compensation/expression", "compensation/warehouse/conditions"),
        "report/told",
    },
    "platformdirs": {"workspace"},
    "prompt_toolkit": {"cli/prompts"},
    "pydantic": {"playbook/critic"},
    "questionary": {"cli/prompts"},
    "sqlite3": {f"journal/{name}" for name in ("faults", "opening", "sqlite", "verify")}
    | {"messages/delivery/ledger", "reviews/shelf", "compensation/ledger", "learning/kept"},
    "apprise": {"messages/delivery/chat"},
    "weasyprint": {"report/paper"},
    "yaml": {"playbook/construct"},
}
"""The only modules that import a library which is slow, or could be exchanged."""


def name(path: Path) -> str:
    return path.relative_to(ROOT / "crisisctl").with_suffix("").as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    """The top-level packages that a module imports, lazily or not."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return frozenset(found)


@cache
def uses(path: Path) -> frozenset[str]:
    """Every name called or read with a dot, such as `print` and `sys.stdout`."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.add(node.func.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{node.value.id}.{node.attr}")
    return frozenset(found)


def test_imports_between_the_rooms_run_downwards_only() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
    assert "1 kept, 0 broken" in done.stdout


def test_every_room_is_in_the_contract() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    rooms = {path.stem for path in (ROOT / "crisisctl").iterdir() if path.suffix == ".py"}
    rooms |= {path.parent.name for path in MODULES if path.parent.parent.name == "crisisctl"}

    assert {layer.removeprefix("crisisctl.") for layer in contract["layers"]} == rooms - {
        "__init__",
        "crisisctl",
    }


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is_and_has_one_thing_to_say(path: Path) -> None:
    first = (ast.get_docstring(tree(path)) or "").partition("\n")[0]

    assert len(first.split()) >= 3
    assert first[-1] in ".:"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_public_functions_and_classes_are_documented(path: Path) -> None:
    bare = [
        node.name
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert bare == []


@pytest.mark.parametrize("path", BELOW, ids=name)
def test_nothing_below_the_front_desk_prints_asks_or_reads_the_environment(path: Path) -> None:
    loud = {"print", "input", "breakpoint", "sys.stdout", "sys.stderr", "sys.stdin", "os.environ"}

    assert not uses(path) & loud
    assert not imports(path) & ASKING


def test_only_the_desk_reads_the_clock_and_the_door_for_a_crash() -> None:
    clocks = {
        *("datetime.now", "datetime.utcnow", "datetime.today", "date.today"),
        *("time.time", "time.monotonic", "time.time_ns", "time.localtime", "time.gmtime"),
    }
    readers = {name(path) for path in MODULES if uses(path) & clocks}

    # a command that is run is bounded by the clock that nobody sets
    assert readers - {"cli/shell"} == {"cli/desk", "cli/door"}


def swallows_everything(node: ast.AST) -> bool:
    """Whether a handler takes any error and does not pass it on as it is."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    broad = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
    return broad and ast.unparse(node.body[-1]) != "raise"


def test_only_the_door_swallows_any_error() -> None:
    swallowers = {
        name(path) for path in MODULES if any(map(swallows_everything, ast.walk(tree(path))))
    }

    assert swallowers == {"cli/door"}


@pytest.mark.parametrize("library", HOME_OF)
def test_a_library_is_imported_only_where_it_is_at_home(library: str) -> None:
    found = {name(path) for path in MODULES if library in imports(path)}
    # the linter looks at the trees that Jinja parses; it makes no templates of them
    guests = {n for n in found if n.startswith("lint/")} if library == "jinja2" else set()

    assert found - guests == HOME_OF[library]


def test_what_is_imported_is_declared_with_a_reason() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    rows = list(project["dependencies"])
    for extra in ("send", "parquet", "warehouse", "pdf"):
        rows += project["optional-dependencies"][extra]
    declared = {re.split(r"[<>=;\[ ]", row)[0] for row in rows}
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    called = {"yaml": "pyyaml", "pydantic_core": "pydantic", "prompt_toolkit": "questionary"}
    called["ibis"] = "ibis-framework"
    used = {called.get(library, library) for path in MODULES for library in imports(path)}

    assert used - set(sys.stdlib_module_names) - {"crisisctl"} <= declared
    assert [library for library in declared if f"- `{library}`" not in changelog] == []


def every_command(command: Any, path: str = "crisisctl") -> Iterator[tuple[str, Any]]:
    yield path, command
    for word, sub in getattr(command, "commands", {}).items():
        yield from every_command(sub, f"{path} {word}")


def test_every_command_and_every_argument_has_help() -> None:
    silent = [
        path if what is command else f"{path} {what.name}"
        for path, command in every_command(typer.main.get_command(app))
        for what in (command, *command.params)
        if not (what.help or "").strip()
    ]

    assert silent == []


def test_every_command_that_reads_offers_json() -> None:
    acting = {
        *("start", "resume", "note", "severity", "role", "restrict", "waive", "keep"),
        "notify",
        *("message edit", "message approve", "message send", "message settle"),
        *("action add", "action change", "action done", "action decline"),
        *("correct", "cause", "close", "reopen", "export", "import"),
        *("reviews answer", "reviews mark", "reviews export", "compensate approve"),
        "compensate settle",
    }
    without = {
        path.removeprefix("crisisctl ")
        for path, command in every_command(typer.main.get_command(app))
        if not hasattr(command, "commands") and "json" not in {p.name for p in command.params}
    }

    assert without == acting


def test_help_lists_every_command_once() -> None:
    listed = [command for names in SECTIONS.values() for command in names]

    assert sorted(listed) == sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
