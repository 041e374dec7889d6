"""Measures the linter on many playbooks against yamllint and check-jsonschema on the same files.

Run it with `python tests/benchmarks/bench_lint.py [FOLDER]`. The extra `bench` brings the two
others; what is not installed is left out. It takes about ten minutes, most of them yamllint's.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from installed import Installed, installed
from pairs import Work, compare, process, seconds

NEITHER = """\
yamllint checks the style of YAML, check-jsonschema the shape of values, crisisctl the shape, what
refers to what, every path and every message in its channels: none of them contains another."""
MANY = 1000
FEW = 100
LARGEST = 80
"""MiB that any of the linter's processes may take."""
CAUSES = ("overload", "deployment", "hosting", "software", "attack", "neglect", "disaster")
PARTS = ("cart", "search", "account", "app", "catalogue", "returns", "wishlist", "vouchers")
TOPICS = ("checkout", "payments", "delivery", "stock", "prices", "logins", "refunds", "imports")
VARIANTS = 20
"""How many wordings there are: teams copy message texts from each other and change a few words."""

WAYS = ("phone", "chat", "letter", "visit")
MODELS = Path(__file__).with_name("many")
"""A playbook and its messages, with words between @ to fill in."""


def playbooks(folder: Path, many: int, variants: int = VARIANTS) -> Path:
    """A workspace with so many playbooks, each with its messages; written anew."""
    shutil.rmtree(folder, ignore_errors=True)
    templates = {file.name: file.read_text(encoding="utf-8") for file in MODELS.iterdir()}
    settings = "brand: {name: Kestrel}\nlocales: [en]\ntime_zone: Europe/Paris\n"
    _write(folder / "crisisctl.yaml", settings)
    for number in range(many):
        words = _words(number, number % variants)
        for name, text in templates.items():
            place = f"templates/{words['NAME']}/{name}"
            if name == "playbook.yaml":
                place = f"playbooks/{words['NAME']}.yaml"
            _write(folder / place, _filled(text, words))
    return folder


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub("@([A-Z]+)@", lambda found: words[found[1]], text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _words(number: int, variant: int) -> dict[str, str]:
    parts, causes = _some(PARTS, variant), _some(CAUSES, variant)
    topic, way = TOPICS[variant % len(TOPICS)], WAYS[variant % len(WAYS)]
    forks = "".join(
        f'{{% {"elif" if n else "if"} part == "{part}" %}}{part}' for n, part in enumerate(parts)
    )
    cases = "".join(
        f'{{%- elif cause == "{cause}" %}}Our {cause} went wrong in part {variant} of the shop.\n'
        for cause in causes
    )
    return {
        "NAME": f"{topic}-{number}",
        "NUMBER": str(number),
        "TEAM": str(number % 17),
        "TOPIC": topic,
        "TITLE": topic.capitalize(),
        "MINUTES": str(10 + number % 10),
        "WAY": way,
        "PART": parts[0],
        "PARTS": "\n".join(f"      {part}: Their {part} of the shop" for part in parts),
        "FORKS": forks + "{% endif %}",
        "CAUSE": causes[0],
        "CAUSES": "\n".join(f"      {cause}: It was {cause}" for cause in causes),
        "CASES": cases,
    }


def _some(words: Sequence[str], variant: int) -> list[str]:
    return [words[(variant + n) % len(words)] for n in range(4)]


def bench_many(place: Installed) -> None:
    """1,000 playbooks: crisisctl on two processes against each of the others on one."""
    folder = playbooks(place.folder / "many", MANY)
    ours = linted(place, folder)
    files = [str(file) for file in sorted((folder / "playbooks").glob("*.yaml"))]
    for name, words, budget in others(place, files):
        theirs = process(*words, environment=place.environment(), leaves=(0, 1))
        compare(f"lint {MANY} / {name}", ours, theirs, budget=budget, pairs=5)
    apart = linted(place, playbooks(place.folder / "apart", MANY, variants=MANY))
    compare(f"lint {MANY}, every text its own / with {VARIANTS} wordings", apart, ours, pairs=3)


def bench_one(place: Installed) -> None:
    """One playbook with its messages against yamllint on its file."""
    folder = playbooks(place.folder / "one", 1)
    file = next((folder / "playbooks").glob("*.yaml"))
    ours = linted(place, file)
    for name, words, budget in others(place, [str(file)], one=True):
        theirs = process(*words, environment=place.environment(), leaves=(0, 1))
        compare(f"lint one file / {name}", ours, theirs, budget=budget)


def bench_growth(place: Installed) -> None:
    """Ten times the playbooks take at most eleven times as long, and no more memory."""
    small, large = playbooks(place.folder / "few", FEW), playbooks(place.folder / "many", MANY)
    few, many = linted(place, small), linted(place, large)
    runs = [(seconds(many), seconds(few)) for _ in range(3)]
    ratio = median(mine / bare for mine, bare in runs)
    print(f"{MANY} / {FEW} playbooks: {ratio:.1f} of {1.1 * MANY / FEW:.1f}", flush=True)
    for folder, number in ((small, FEW), (large, MANY)):
        peak = memory(place, folder)
        verdict = "within" if peak <= LARGEST else "OVER"
        print(f"peak of one process, {number} playbooks: {peak:.0f} MiB of {LARGEST}, {verdict}")


def linted(place: Installed, path: Path) -> Work:
    """The whole command, start-up included; the files must be clean."""
    return process(place.crisisctl, "lint", str(path), environment=place.environment())


def memory(place: Installed, path: Path) -> float:
    """The most memory that a process of the linter held, in MiB."""
    child = subprocess.Popen(
        [place.crisisctl, "lint", str(path)],
        env=place.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    used: resource.struct_rusage = os.wait4(child.pid, 0)[2]
    child.returncode = 0
    unit = 1 if sys.platform == "darwin" else 1024
    return used.ru_maxrss * unit / (1 << 20)


def others(
    place: Installed, files: Sequence[str], *, one: bool = False
) -> Iterator[tuple[str, list[str], float]]:
    """The other tools that are there, as commands, each with the budget of the ratio."""
    home = Path(sys.executable).parent
    yamllint = shutil.which("yamllint", path=f"{home}:{os.environ['PATH']}")
    checker = shutil.which("check-jsonschema", path=f"{home}:{os.environ['PATH']}")
    if yamllint:
        yield "yamllint", [yamllint, *files], 3.0 if one else 0.25
    if checker:
        schema = place.folder / "playbook.schema.json"
        schema.write_text(place.run("schema"), encoding="utf-8")
        yield "check-jsonschema", [checker, "--schemafile", str(schema), *files], 0.0
    if not (yamllint and checker):
        print("yamllint or check-jsonschema is not installed: left out", flush=True)


if __name__ == "__main__":
    print(NEITHER)
    with installed() as found:
        for bench in (bench_one, bench_many, bench_growth):
            bench(found)
