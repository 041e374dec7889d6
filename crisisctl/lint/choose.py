"""Which rules apply: what was asked for, and what the workspace says."""

from __future__ import annotations

from collections.abc import Iterable

import crisisctl.lint.rules  # noqa: F401 - fills the register
from crisisctl.errors import CrisisError
from crisisctl.lint.rule import RULES, Rule
from crisisctl.text import did_you_mean


def chosen(select: Iterable[str], ignore: Iterable[str]) -> frozenset[str]:
    """The ids of the rules that apply. Raises for a name that is neither rule nor family."""
    wanted = _named(select) or set(RULES)
    return frozenset(wanted - _named(ignore))


def named(id: str) -> Rule:
    """The rule of that id. Raises, saying what was probably meant."""
    if id in RULES:
        return RULES[id]
    raise _unknown(id)


def _named(words: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for word in (part.strip() for given in words for part in given.split(",")):
        if not word:
            continue
        family = {rule.id for rule in RULES.values() if word in (rule.id, rule.family)}
        if not family:
            raise _unknown(word)
        found |= family
    return found


def _unknown(word: str) -> CrisisError:
    families = {rule.family for rule in RULES.values()}
    guess = did_you_mean(word, [*RULES, *families])
    hint = f'did you mean "{guess}"? ' if guess else ""
    return CrisisError(
        f'there is no rule "{word}"', hint=f"{hint}`crisisctl lint --rules` lists them"
    )
