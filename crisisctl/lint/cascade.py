"""All that is wrong with a playbook file at once, without what only follows from another mistake.

A key that cannot be read takes its value with it, and whatever spoke of that
value would seem wrong too. Who mends the first mistake would see the others
vanish, so they are not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from crisisctl.lint.salvage import Salvaged, salvage, speaks_of_loss
from crisisctl.playbook.check import references
from crisisctl.playbook.load import in_order
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.reader import Document, Path, Problem, Value
from crisisctl.text import did_you_mean

_NOTHING_LOST = frozenset({"yaml-number", "yaml-control"})
"""Problems after which the document still says all that was written."""
_NOTHING_MISSING = frozenset({*_NOTHING_LOST, "yaml-duplicate-key"})
"""Problems that leave every key of a mapping in it, once."""
_OF_A_WHOLE = frozenset(
    {"no-question", "no-choices", "no-steps", "no-policy", "no-tiers", "no-harm", "bad-offer"}
)
"""What is said of something that lacks a part: the part may be what was lost."""
_OF_A_POLICY = frozenset(
    {"no-policy", "no-tiers", "no-harm", "bad-column", "bad-offer", "bad-condition", "bad-window"}
    | {"mixed-money", "unequal-tier", "unknown-column"}
)
"""What is said of a compensation policy as a whole: its parts are held against each other."""
_DEFINED = re.compile(r"""([\w-]+)["']?[ \t]*:|\b(?:fact|message)["']?[ \t]*:[ \t]*["']?([\w-]+)""")
"""A name where it is defined, in a text of which reading left something out."""


_MEANT = re.compile(r'did you mean "([^"]+)"')
_ROUNDS = 6
"""As deep as misspelt keys are looked for below misspelt keys; no playbook is deeper."""


class Understood(Struct, frozen=True):
    """A playbook as far as it can be understood, and what is wrong with its file."""

    plan: Playbook
    problems: tuple[Problem, ...]
    document: Document
    """What was read, with misspelt keys spelt as they were meant."""
    whole: bool
    """Whether the file has the shape of a playbook and nothing of it was left out."""
    lost: frozenset[Path] = frozenset()
    """Where something was taken out of the plan."""


def understood(document: Document, text: str) -> Understood:
    """The plan in a document, and every mistake of shape or reference that stands by itself."""
    saved, gaps = salvage(document), _gaps(document)
    if document.value is None:
        return Understood(saved.plan, (), document, whole=False, lost=saved.lost)
    misspelt: list[Problem] = []
    for _ in range(_ROUNDS if saved.problems else 0):
        meant = list(_meant(document, saved.problems))
        if not meant:
            break
        misspelt += (problem for problem, _ in meant)
        document = _respelt(document, {problem.path: key for problem, key in meant})
        saved = salvage(document)
    shape = [*misspelt, *_shape(saved.problems, gaps)]
    problems = [*shape, *_references(saved, document, text if gaps else "")]
    if document.problems:
        told = {(problem.line, problem.column) for problem in document.problems}
        problems = [p for p in problems if (p.line, p.column) not in told]
    whole = not (misspelt or saved.problems or gaps)
    return Understood(saved.plan, in_order(problems), document, whole=whole, lost=saved.lost)


def _meant(document: Document, problems: Iterable[Problem]) -> Iterator[tuple[Problem, str]]:
    """The misspelt keys, each with the key that was meant and is not there."""
    taken: set[Path] = set()
    for problem in problems:
        mark = document.keys.get(problem.path)
        guess = _MEANT.match(problem.hint)
        if (
            mark is None
            or guess is None
            or (mark.line, mark.column) != (problem.line, problem.column)
        ):
            continue
        right = (*problem.path[:-1], guess[1])
        if problem.rule in ("unknown-key", "unknown-value") and right not in document.keys:
            if right not in taken:
                yield problem, guess[1]
            taken.add(right)


def _respelt(document: Document, meant: dict[Path, str]) -> Document:
    """The document with these keys renamed; everything stands where it stood."""

    def renamed(path: Path) -> Path:
        return tuple(meant.get(path[: n + 1], part) for n, part in enumerate(path))

    def value(inner: Value, path: Path) -> Value:
        if isinstance(inner, dict):
            return {meant.get((*path, k), k): value(v, (*path, k)) for k, v in inner.items()}
        if isinstance(inner, list):
            return [value(item, (*path, number)) for number, item in enumerate(inner)]
        return inner

    keys = {renamed(path): mark for path, mark in document.keys.items()}
    values = {renamed(path): mark for path, mark in document.values.items()}
    singles = {renamed(path): single for path, single in document.singles.items()}
    return Document(value(document.value, ()), keys, values, document.problems, singles)


def _gaps(document: Document) -> list[Problem]:
    """The problems with which reading left something out."""
    found = [p for p in document.problems if p.rule not in _NOTHING_LOST]
    if any(problem.rule == "yaml-key" for problem in found):
        kept = {(mark.line, mark.column) for mark in document.keys.values()}
        found = [p for p in found if p.rule != "yaml-key" or (p.line, p.column) not in kept]
    return found


def _shape(problems: Iterable[Problem], gaps: list[Problem]) -> Iterator[Problem]:
    """What is wrong with the shape; a misspelt key is not missing as well."""
    strange: dict[Path, list[str]] = {}
    for problem in problems:
        if problem.rule == "unknown-key":
            strange.setdefault(problem.path[:-1], []).append(str(problem.path[-1]))
    left_out = any(problem.rule not in _NOTHING_MISSING for problem in gaps)
    for problem in problems:
        if problem.rule == "missing-key":
            missing = str(problem.path[-1])
            others = strange.get(problem.path[:-1], ())
            if left_out or any(_is_slip_of(other, missing) for other in others):
                continue
        yield problem


def _is_slip_of(word: str, key: str) -> bool:
    return sorted(word) == sorted(key) or did_you_mean(word, [key]) is not None


def _references(saved: Salvaged, document: Document, gappy: str) -> Iterator[Problem]:
    """What refers to what; what is told in a broken file does not rest on the part that was lost.

    `gappy` is the text of a file of which reading left something out.
    """
    found = references(saved.plan, document)
    if not (saved.lost or gappy):
        yield from found
        return
    defined = {word for pair in _DEFINED.findall(gappy) for word in pair if word}
    words = defined | saved.words
    for problem in found:
        if speaks_of_loss(problem.text) or (gappy and problem.rule in _OF_A_WHOLE):
            continue
        named = problem.text.rpartition(' "')[2].rstrip('"')
        if not _follows(problem, named, saved, words):
            yield problem


def _follows(problem: Problem, named: str, saved: Salvaged, words: set[str]) -> bool:
    """Whether a problem may come from what was lost."""
    path = problem.path
    if problem.rule in _OF_A_POLICY and saved.lost_in(("compensation",)):
        return path[:1] == ("compensation",) or problem.rule == "no-policy"
    match problem.rule:
        case "bad-money":  # sums are held against the currencies
            return any(saved.lost_in(("compensation", key)) for key in ("currency", "rates"))
        case "no-question" | "no-choices" | "no-steps":
            return saved.lost_in(path)
        case "bad-milestone":
            return saved.lost_in(path[:2])
        case "bad-example":
            return _lacks_its_type(saved, path[:2], words)
        case "duplicate-name":
            return any("decide" in lost for lost in saved.lost)
    return problem.rule.startswith("unknown-") and named in words


def _lacks_its_type(saved: Salvaged, path: Path, words: set[str]) -> bool:
    """Whether what an example is held against was lost: its type, its choices, its one choice."""
    if saved.lost_in((*path, "type")) or (*path, "choices") in saved.lost:
        return True
    given = saved.plan.facts[str(path[1])].example
    return any(str(word) in words for word in (given if isinstance(given, list) else [given]))
