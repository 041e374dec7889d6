"""Which cases a test tells apart, and whether it asks for each or for its opposite."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from jinja2 import nodes

from crisisctl.lint.finding import Hit
from crisisctl.lint.outline import Asked, Chain, outline
from crisisctl.lint.prover.formula import (
    All,
    Either,
    Formula,
    Holds,
    Known,
    Not,
    OneOf,
    Opaque,
    Truthy,
)
from crisisctl.lint.rules.messages.agreed import lone, others, side_by_side
from crisisctl.lint.subject import Book, MessageText
from crisisctl.text import quoted

LONGEST = 80
"""Characters of a case in a finding."""
_CLEARLY = 1.5
"""How many times as long one branch is where its length tells it from the other."""
_WORD = re.compile(r"\w")

Case = tuple[str, bool]
"""What is asked for, and whether it is that; else its opposite."""


def cases(asked: Asked) -> Iterator[Case]:
    """The cases that a test tells apart, each beginning with the name of the fact."""
    return _of(asked.said, asked, same=True)


def _of(said: Formula, asked: Asked, *, same: bool) -> Iterator[Case]:
    match said:
        case Not(inner):
            yield from _of(inner, asked, same=not same)
        case All(parts) | Either(parts):
            for part in parts:
                yield from _of(part, asked, same=same)
        case OneOf(name, values):
            for value in sorted(values, key=str):
                yield f"{_fact(name, asked)} {_shown(value)}", same
        case Holds(name, value):
            yield f"{_fact(name, asked)} {_shown(value)}", same
        case Truthy(name):
            yield _fact(name, asked), same
        case Known(name):
            yield f"{_fact(name, asked)} being known", same
        case Opaque(text, names) if not text.startswith("loop"):
            yield f"{min(names, default='')} {text}", same


def _fact(name: str, asked: Asked) -> str:
    return (asked.local[name].fact or name) if name in asked.local else name


def _shown(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def shortened(case: str) -> str:
    """A case in words that fit into a finding."""
    case = case if " " in case else f"{case} being yes or no"
    return case if len(case) <= LONGEST else f"{case[:LONGEST]}…"


def says_nothing(body: list[nodes.Node]) -> bool:
    """Whether a branch has no words and prints nothing; a full stop is no word."""
    return all(
        isinstance(node, nodes.Output)
        and all(isinstance(p, nodes.TemplateData) and not _WORD.search(p.data) for p in node.nodes)
        for node in body
    )


def turned(book: Book) -> Iterator[Hit]:
    """Where one language asks for the opposite of what all others ask for.

    Only where it asks as many times as they do: one that builds its sentences in
    another way asks in another way too.
    """
    for block, sharing in side_by_side(book):
        signs = [_signs(text.source.text, block) for text in sharing]
        if all(each == signs[0] for each in signs):
            continue
        for case in sorted({case for each in signs for case, _ in each}):
            counted = [(each[case, True], each[case, False]) for each in signs]
            odd = lone(counted)
            if odd is None or len({sum(each) for each in counted}) > 1:
                continue
            mine, theirs = counted[odd], counted[0 if odd else 1]
            text, other = sharing[odd], sharing[0 if odd else 1]
            more = mine[0] > theirs[0]
            if not _both_turned(text, other, block, (case, more)):
                at = _first(text, other, block, (case, more))
                opposite = "" if more else "the opposite of "
                what = f"the block {quoted(block)} asks for {opposite}{shortened(case)} here"
                least = f"{what}, other than in {others(sharing, odd)}"
                yield text.hit(at, least, "ask it the same way round, with the words to match")


@lru_cache(maxsize=256)
def _signs(text: str, block: str) -> Counter[Case]:
    """How often a block itself asks for each case and for its opposite."""
    part = outline(text).parts[block]
    flipped = {id(c.tests[0].node) for c in part.chains if _speaks_only_otherwise(c)}
    return Counter(
        (case, same != (id(asked.node) in flipped))
        for asked in part.asked
        for case, same in cases(asked)
    )


def _speaks_only_otherwise(chain: Chain) -> bool:
    """`if` without words and `else` with them is another way to write `if not`."""
    node = chain.node
    return not node.elif_ and says_nothing(node.body) and not says_nothing(node.else_)


def _asking(text: MessageText, block: str, case: Case) -> list[Asked]:
    asked = outline(text.source.text).parts[block].asked
    return [each for each in asked if case in cases(each)]


def _first(text: MessageText, other: MessageText, block: str, case: Case) -> int:
    """Where it asks what the other language does not ask at the same place."""
    found, any_way = outline(text.source.text), (case, (case[0], not case[1]))
    here, there = (
        [
            each
            for each in outline(t.source.text).parts[block].asked
            if any(c in any_way for c in cases(each))
        ]
        for t in (text, other)
    )
    for mine, its in zip(here, there, strict=False):
        if (case in cases(mine)) and case not in cases(its):
            return found.at(mine.node)
    asking = _asking(text, block, case) or here
    return found.at(asking[0].node) if asking else found.block_at(block)


def _both_turned(text: MessageText, other: MessageText, block: str, case: Case) -> bool:
    """Whether the branches are turned round as well, so that both mean the same."""
    mine = _branches(text, block, case)
    its = _branches(other, block, (case[0], not case[1]))
    return any(_swapped(one, two) for one in mine for two in its)


Branch = tuple[tuple[str, ...], int]
"""What it prints and calls, and how many letters it has."""


def _branches(text: MessageText, block: str, case: Case) -> list[tuple[Branch, Branch]]:
    chains = outline(text.source.text).parts[block].chains
    return [
        (_content(chain.node.body), _content(chain.node.else_))
        for chain in chains
        if not chain.node.elif_ and chain.node.else_ and case in cases(chain.tests[0])
    ]


def _content(body: list[nodes.Node]) -> Branch:
    held = nodes.Output(body)
    names = [node.name for node in held.find_all(nodes.Name)]
    names += [node.attr for node in held.find_all(nodes.Getattr)]
    letters = sum(len(data.data) for data in held.find_all(nodes.TemplateData))
    return tuple(sorted(names)), letters


def _swapped(one: tuple[Branch, Branch], two: tuple[Branch, Branch]) -> bool:
    (names, letters), (else_names, else_letters) = one
    (its_names, its_letters), (its_else_names, its_else_letters) = two
    if names != else_names:
        return names == its_else_names and else_names == its_names
    longer = letters > _CLEARLY * else_letters and its_else_letters > _CLEARLY * its_letters
    shorter = else_letters > _CLEARLY * letters and its_letters > _CLEARLY * its_else_letters
    return longer or shorter
