"""How well topics are told apart: `python tests/topic_scores.py FILE.csv…` (language,topic,text)."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from crisisctl.reviews.lexicon import tables
from crisisctl.reviews.review import TOPICS
from crisisctl.reviews.topics import classify
from crisisctl.workspace import Workspace


def pairs(rows: list[dict[str, str]]) -> Counter[tuple[str, str]]:
    """How often each pair of (true topic, found topic) came out."""
    found: Counter[tuple[str, str]] = Counter()
    for row in rows:
        told = tables(Workspace(), row["language"])
        assert told is not None
        found[row["topic"], classify(row["text"], told).topic] += 1
    return found


def f1(of: Counter[tuple[str, str]], topic: str) -> float:
    """The F1 of one topic."""
    right = of[topic, topic]
    wrong = sum(many for (true, said), many in of.items() if (true == topic) != (said == topic))
    return 2 * right / (2 * right + wrong) if right or wrong else 0.0


def macro_f1(of: Counter[tuple[str, str]]) -> float:
    """The mean over the six topics."""
    return sum(f1(of, topic) for topic in TOPICS) / len(TOPICS)


def labelled(path: Path) -> list[dict[str, str]]:
    """The rows of a labelled file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    for name in sys.argv[1:]:
        rows = labelled(Path(name))
        for what, half in (("tuned", rows[::2]), ("held out", rows[1::2])):
            of = pairs(half)
            print(f"{name} {what}: macro-F1 {macro_f1(of):.3f} of {len(half)}")
            for topic in TOPICS:
                cells = " ".join(f"{of[topic, said]:4}" for said in TOPICS)
                print(f"  {topic:9} {f1(of, topic):.2f} | {cells}")


if __name__ == "__main__":
    main()
