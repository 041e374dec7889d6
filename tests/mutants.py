"""All mutants of the shipped files, and a table of how many the linter catches.

Run it with `python tests/mutants.py` for the sample that the tests take, or with
`python tests/mutants.py all [FAMILY]`; it prints what survived.
"""

from __future__ import annotations

import sys
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from multiprocessing import Pool
from pathlib import Path

from mutation.around import channel_mutants, layout_mutants
from mutation.files import originals
from mutation.mutant import Files, Mutant, distinct
from mutation.plan import plan_mutants
from mutation.texts import locale_mutants, text_mutants
from mutation.world import Outcome, World

SAMPLE = 350
"""About as many mutants as the tests lint; all of them take ten times as long."""
_PARTS = 64
"""Into which the work is cut for two processes."""


@cache
def mutants() -> tuple[Mutant, ...]:
    """Every mutant of the shipped files, the same ones in every run."""
    return tuple(distinct(_all(originals())))


def _all(files: Files) -> Iterator[Mutant]:
    texts = [file for file in files if file.endswith(".j2") and "/layouts/" not in file]
    for file in files:
        if file.startswith("playbooks/"):
            yield from plan_mutants(files, file)
    for number, file in enumerate(texts):
        yield from text_mutants(files, file, number)
    yield from locale_mutants(files)
    yield from channel_mutants(files)
    yield from layout_mutants(files)


def sample(most: int = SAMPLE) -> list[Mutant]:
    """About so many of them, from every family, chosen by their words alone."""
    by_family: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants():
        by_family[mutant.family].append(mutant)
    fair = most // len(by_family)
    small = sum(len(row) for row in by_family.values() if len(row) <= fair)
    large = sum(1 for row in by_family.values() if len(row) > fair)
    each = (most - small) // max(large, 1)
    return [
        mutant
        for row in by_family.values()
        for mutant in (row if len(row) <= each else sorted(row, key=_lot)[:each])
    ]


def _lot(mutant: Mutant) -> int:
    return zlib.crc32(mutant.what.encode())


def linted(chosen: Sequence[Mutant]) -> Iterator[Outcome]:
    """What the linter says about each of them, by two processes and in no particular order."""
    parts = [chosen[n::_PARTS] for n in range(_PARTS)]
    with tempfile.TemporaryDirectory() as folder, Pool(2) as pool:
        for part in pool.imap_unordered(partial(_linted, folder), parts):
            yield from part


def table(results: Iterable[Outcome]) -> str:
    """How many are caught, by family, and how often the first finding is at the right place."""
    harmful: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    near: Counter[str] = Counter()
    spared: Counter[str] = Counter()
    for result in results:
        family = result.mutant.family
        if result.mutant.harmless:
            spared[family] += 1
            continue
        harmful[family] += 1
        caught[family] += result.caught
        near[family] += result.near
    rows = [f"{'family':<20}{'harmful':>8}{'caught':>8}{'%':>7}{'near':>7}{'harmless':>9}"]
    for family in sorted(harmful):
        rows.append(_row(family, harmful, caught, near, spared))
    whole = [Counter({"all": sum(counted.values())}) for counted in (harmful, caught, near, spared)]
    return "\n".join([*rows, _row("all", *whole)])


def _row(family: str, *counted: Counter[str]) -> str:
    harmful, caught, near, spared = (row[family] for row in counted)
    share, place = 100 * caught / max(harmful, 1), 100 * near / max(caught, 1)
    return f"{family:<20}{harmful:>8}{caught:>8}{share:>7.1f}{place:>6.0f}%{spared:>9}"


def _linted(folder: str, chosen: Sequence[Mutant]) -> list[Outcome]:
    world = _world(folder)
    return [world.outcome(mutant) for mutant in chosen]


@cache
def _world(folder: str) -> World:
    """That of this process: to lint the originals takes longer than a few mutants."""
    return World(Path(tempfile.mkdtemp(dir=folder)))


def say(line: str) -> None:
    """One line on the screen."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _tell(result: Outcome) -> None:
    mutant = result.mutant
    first = next(iter(result.findings), None)
    said = f"{first.file}:{first.line} {first.rule}: {first.text}" if first else ""
    if result.crash:
        say(f"crashed [{mutant.family}] {mutant.what} | {result.crash}")
    elif not result.caught and not mutant.harmless:
        say(f"survived [{mutant.family}] {mutant.what}")
    elif result.caught and mutant.harmless:
        say(f"blamed [{mutant.family}] {mutant.what} ({mutant.harmless}) | {said}")
    elif result.caught and not result.near:
        say(f"far [{mutant.family}] {mutant.what} | {said}")


def main(words: Sequence[str]) -> None:
    """Print the table and the survivors."""
    chosen = list(mutants()) if "all" in words else sample()
    if families := set(words) - {"all"}:
        chosen = [mutant for mutant in chosen if mutant.family in families]
    results = []
    for result in linted(chosen):
        results.append(result)
        _tell(result)
    say(table(results))


if __name__ == "__main__":
    main(sys.argv[1:])
