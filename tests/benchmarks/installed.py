"""crisisctl as users have it: a wheel in an environment of its own, compiled, far from here."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installed:
    """An environment with crisisctl in it, and a folder to work in."""

    folder: Path

    @property
    def python(self) -> str:
        return str(self.folder / "venv" / "bin" / "python")

    @property
    def crisisctl(self) -> str:
        return str(self.folder / "venv" / "bin" / "crisisctl")

    def environment(self, home: str = "home") -> dict[str, str]:
        """A child's environment; `home` is a journal's folder in ours."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "CRISISCTL_HOME": str(self.folder / home),
            "CRISISCTL_OPERATOR": "ana",
            "TZ": "Europe/Paris",
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
        }

    def run(self, *words: str, home: str = "home", leaves: tuple[int, ...] = (0,)) -> str:
        """Run crisisctl once; what it prints on stdout."""
        done = self._run([self.crisisctl, *words], home)
        if done.returncode not in leaves:
            raise SystemExit(done.stderr)
        return done.stdout

    def script(self, code: str, *words: str, home: str = "home") -> None:
        """Run some Python with this crisisctl."""
        done = self._run([self.python, "-c", code, *words], home)
        if done.returncode:
            raise SystemExit(done.stderr)

    def _run(self, command: list[str], home: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment(home),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def installed() -> Iterator[Installed]:
    """Build the wheel and install it with the newest pip, whose scripts start quickest.

    With a folder as the only argument of the script it stays there and is used again.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        place = Installed(Path(sys.argv[1] if len(sys.argv) > 1 else name).absolute())
        if not Path(place.crisisctl).exists():
            _install(place.folder)
        yield place


def _install(folder: Path) -> None:
    venv, dist = folder / "venv", folder / "dist"
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--quiet"]
    for command in (
        [sys.executable, "-m", "venv", str(venv)],
        [*pip, "install", "--upgrade", "pip"],
        [*pip, "wheel", "--no-deps", "--wheel-dir", str(dist), str(ROOT)],
    ):
        subprocess.run(command, check=True)
    subprocess.run([*pip, "install", *map(str, dist.glob("*.whl"))], check=True)
