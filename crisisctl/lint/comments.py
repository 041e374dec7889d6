"""`# crisisctl: ignore[rule-id]` on a line: findings that somebody has looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crisisctl.lint.finding import Hit, Source
from crisisctl.lint.rule import RULES
from crisisctl.text import did_you_mean

_COMMENT = re.compile(r"#\s*crisisctl:\s*ignore\[([^\]\n]*)\]")


class Ignored:
    """The ignore comments of some files, and which of them were needed."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._at: dict[tuple[str, int], list[tuple[str, int, int, Source]]] = {}
        self._needed: set[tuple[str, int, str]] = set()
        for source in sources:
            if "crisisctl:" in source.text:
                self._read(source)

    def _read(self, source: Source) -> None:
        for number, line in enumerate(source.lines, 1):
            for comment in _COMMENT.finditer(line):
                # a comment on a line of its own speaks of the next line
                alone = not line[: comment.start()].strip().removeprefix("{")
                target = number + 1 if alone else number
                for word in re.finditer(r"[^\s,]+", comment[1]):
                    column = comment.start(1) + word.start() + 1
                    row = self._at.setdefault((source.shown, target), [])
                    row.append((word[0], number, column, source))

    def covers(self, rule: str, hit: Hit) -> bool:
        """Whether somebody wrote that this finding may stand."""
        for named, _, _, source in self._at.get((hit.source.shown, hit.line), ()):
            if named == rule:
                self._needed.add((source.shown, hit.line, named))
                return True
        return False

    def mistakes(self, chosen: frozenset[str]) -> Iterator[tuple[str, Hit]]:
        """Comments that name no rule, or a rule that found nothing there."""
        for (shown, target), row in self._at.items():
            for named, line, column, source in row:
                if named not in RULES:
                    guess = did_you_mean(named, RULES)
                    hint = f'did you mean "{guess}"?' if guess else "see `crisisctl lint --rules`"
                    what = f'there is no rule "{named}"'
                    yield "unknown-rule", source.hit(line, column, what, hint)
                elif named in chosen and (shown, target, named) not in self._needed:
                    what = f'nothing here breaks the rule "{named}"'
                    yield "unneeded-ignore", source.hit(line, column, what, "remove the comment")
