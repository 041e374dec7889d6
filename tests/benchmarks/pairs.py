"""Ratios of interleaved pairs: a machine drifts, so only what ran side by side can be compared."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter

PAIRS = 15
Work = Callable[[], object]


def seconds(work: Work) -> float:
    """Time one run."""
    begin = perf_counter()
    result = work()
    taken = perf_counter() - begin
    del result  # freeing it is not part of the work
    return taken


def compare(name: str, ours: Work, floor: Work, *, budget: float = 0, pairs: int = PAIRS) -> float:
    """Print the median ratio of interleaved pairs, beside what it may be at most."""
    ours(), floor()
    return told(name, [(seconds(ours), seconds(floor)) for _ in range(pairs)], budget)


def told(name: str, runs: Sequence[tuple[float, float]], budget: float) -> float:
    """Print one line of figures, and give the ratio."""
    ratio = median(mine / bare for mine, bare in runs)
    mine, bare = (median(side) * 1000 for side in zip(*runs, strict=True))
    allowed = f" of {budget:.2f}, {'within' if ratio <= budget else 'OVER'}" if budget else ""
    print(f"{name}: {ratio:.2f}{allowed} ({mine:.1f} ms against {bare:.1f} ms)", flush=True)
    return ratio


def process(
    *command: str, environment: Mapping[str, str], leaves: Sequence[int] = (0,)
) -> Callable[[], None]:
    """A whole process as work: from the shell's point of view, start-up included."""

    def run() -> None:
        done = subprocess.run(
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if done.returncode not in leaves:
            raise SystemExit(f"{' '.join(command)}: {done.returncode}\n{done.stderr.decode()}")

    return run
