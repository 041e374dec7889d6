"""A rule: what it looks at, why it matters, a bad and a good example, and its generator.

The docstring of a rule's generator is its manual page: the first line says
what is wrong, the next paragraphs why it matters on the night, then the two
examples below `Bad:` and `Good:`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import cache
from textwrap import dedent
from typing import Any, TypeVar

from msgspec import Struct

from crisisctl.lint.finding import Hit, Severity
from crisisctl.messages.proof.severity import severity_of

S = TypeVar("S")
Check = Callable[[S], Iterator[Hit]]


class Rule(Struct, frozen=True):
    """One rule of the linter."""

    id: str
    family: str
    severity: Severity
    subject: type | None
    """What its generator looks at; None where the reader itself finds it."""
    broken: bool
    """Whether it also looks at files that cannot be understood whole."""
    check: Callable[[Any], Iterator[Hit]] | None
    manual: str
    also: tuple[type, ...] = ()
    """What else it looks at."""

    @property
    def title(self) -> str:
        """What is wrong, in one line."""
        return self._pages[0]

    @property
    def why(self) -> str:
        """Why it matters on the night."""
        return self._pages[1]

    @property
    def bad(self) -> str:
        """A bad example; none where words say it better."""
        return self._pages[2]

    @property
    def good(self) -> str:
        """A good example."""
        return self._pages[3]

    @property
    def _pages(self) -> tuple[str, str, str, str]:
        return _pages(self.manual)


RULES: dict[str, Rule] = {}
"""Every rule by its id, filled while `crisisctl.lint.rules` is imported."""


def rule(
    id: str,
    subject: type[S],
    *,
    severity: Severity | None = None,
    broken: bool = False,
    also: tuple[type, ...] = (),
) -> Callable[[Check[S]], Check[S]]:
    """Make a rule of a generator over books, message texts, channels or the workspace file.

    Left out, the severity is an error, or what proofreading says of the same flaw in a
    finished text.
    """

    def register(check: Check[S]) -> Check[S]:
        _add(
            id,
            check.__module__,
            severity or severity_of(id),
            subject,
            broken,
            check,
            check.__doc__ or "",
            also,
        )
        return check

    return register


def described(id: str, family: str, manual: str, *, severity: Severity = "error") -> None:
    """Tell about a rule whose findings come from reading a file, not from a generator."""
    _add(id, family, severity, None, True, None, manual)


def _add(
    id: str,
    module: str,
    severity: Severity,
    subject: type | None,
    broken: bool,
    check: Callable[[Any], Iterator[Hit]] | None,
    manual: str,
    also: tuple[type, ...] = (),
) -> None:
    if id in RULES:
        raise ValueError(f"two rules are called {id}")
    family = module.partition(".rules.")[2].partition(".")[0] or module
    RULES[id] = Rule(id, family, severity, subject, broken, check, manual, also)


@cache
def _pages(manual: str) -> tuple[str, str, str, str]:
    told, _, rest = inspect.cleandoc(manual).partition("\nBad:\n")
    bad, _, good = rest.partition("\nGood:\n")
    title, _, why = told.partition("\n")
    return title.strip(), why.strip(), dedent(bad).strip("\n"), dedent(good).strip("\n")
