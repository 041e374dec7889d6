# ruff: noqa: T201 - a script that prints its figures
"""Score the topic lists on labelled reviews: python tests/topic_scores.py FILE.csv… [--wrong]

The files have the columns language, topic and text; `--wrong` lists what came out wrong.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from crisisctl.reviews.phrases import OTHER, TOPICS
from crisisctl.reviews.topics import Understanding, evidence
from crisisctl.workspace import Workspace

NAMES = (*TOPICS, OTHER)
Row = tuple[str, str, str]


def labelled(path: Path) -> list[Row]:
    """The language, topic and text of every row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["language"], row["topic"], row["text"]) for row in csv.DictReader(file)]


def confusion(rows: list[Row], knows: Understanding) -> Counter[tuple[str, str]]:
    """How often a topic was told as which."""
    return Counter((topic, knows.classify(text, language).topic) for language, topic, text in rows)


def f1(table: Counter[tuple[str, str]], topic: str) -> float:
    """Both how much is found and how much of what is said is right."""
    right = table[topic, topic]
    said = sum(count for (_, told), count in table.items() if told == topic)
    there = sum(count for (truth, _), count in table.items() if truth == topic)
    return 2 * right / (said + there) if said + there else 0.0


def macro_f1(table: Counter[tuple[str, str]]) -> float:
    """The mean over the topics that are there."""
    there = [topic for topic in NAMES if any(truth == topic for truth, _ in table)]
    return sum(f1(table, topic) for topic in there) / len(there) if there else 0.0


def _show(language: str, rows: list[Row], knows: Understanding, *, wrong: bool) -> None:
    table = confusion(rows, knows)
    print(f"\n{language}: {len(rows)} reviews, macro-F1 {macro_f1(table):.3f}")
    print(f"{'truth, told as:':<16}" + "".join(f"{name:>10}" for name in NAMES) + "        F1")
    for topic in NAMES:
        counts = "".join(f"{table[topic, told] or '':>10}" for told in NAMES)
        print(f"{topic:<16}{counts}    {f1(table, topic):6.3f}")
    for _, topic, text in rows if wrong else ():
        told = knows.classify(text, language).topic
        if told != topic:
            lexicon = knows.lexicon(language)
            why = evidence(text, lexicon, told) if lexicon else ()
            print(f"{topic} told as {told} {why}: {text[:200]}")


def main(arguments: list[str]) -> None:
    """Score the files."""
    files = [Path(name) for name in arguments if not name.startswith("--")]
    rows = [row for file in files for row in labelled(file)]
    knows = Understanding(Workspace(None))
    for language in sorted({row[0] for row in rows}):
        of = [row for row in rows if row[0] == language]
        _show(language, of, knows, wrong="--wrong" in arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
