"""Which rules apply: what was asked for, and what the workspace says."""

from __future__ import annotations

from collections.abc import Iterable

import crisisctl.lint.rules  # noqa: F401 - fills the register
from crisisctl.errors import CrisisError
from crisisctl.lint.rule import RULES, Rule
from crisisctl.text import did_you_mean, listed, quoted


def chosen(select: Iterable[str], ignore: Iterable[str]) -> frozenset[str]:
    """The ids of the rules that apply, from rules and families, also several with commas.

    Raises for a name that is neither, and when nothing is left.
    """
    wanted = _named(select) or set(RULES)
    left = frozenset(wanted - _named(ignore))
    if not left:
        hint = "what is ignored goes before what is selected"
        raise CrisisError("every rule that was selected is ignored too", hint=hint)
    return left


def named(id: str) -> Rule:
    """The rule of that id. Raises, saying what was probably meant."""
    if id in RULES:
        return RULES[id]
    family = sorted(rule.id for rule in RULES.values() if rule.family == id)
    if family:
        raise CrisisError(f'"{id}" is a family of rules', hint=f"its rules: {listed(family)}")
    raise _unknown(id, RULES)


def _named(words: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for word in (part.strip() for given in words for part in given.split(",")):
        if not word:
            continue
        family = {rule.id for rule in RULES.values() if word in (rule.id, rule.family)}
        if not family:
            families = {rule.family: None for rule in RULES.values()}
            raise _unknown(word, [*RULES, *families])
        found |= family
    return found


def _unknown(word: str, known: Iterable[str]) -> CrisisError:
    guess = did_you_mean(word, known)
    hint = f'did you mean "{guess}"? ' if guess else ""
    return CrisisError(
        f"there is no rule {quoted(word)}", hint=f"{hint}`crisisctl lint --rules` lists them"
    )
