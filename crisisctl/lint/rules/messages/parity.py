"""What the languages of one message must have in common: facts, choices, links, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from crisisctl.lint.finding import Hit
from crisisctl.lint.outline import Asked, Chain, outline
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.messages.agreed import general, named, side_by_side
from crisisctl.lint.rules.messages.counts import rarer
from crisisctl.lint.rules.messages.signs import LONGEST, cases, says_nothing, shortened, turned
from crisisctl.lint.subject import Book, MessageText
from crisisctl.text import quoted


class Odd(Struct, frozen=True):
    """A language that differs from most others in one point of one block."""

    text: MessageText
    block: str
    what: str
    lacks: bool
    """Whether the others have it and this one has not; else the other way round."""
    others: tuple[str, ...]
    """The languages it differs from."""


Having = Callable[[str, str], frozenset[str]]
"""The points of a block, by the template's text and the block's name."""


def odd(book: Book, having: Having) -> Iterator[Odd]:
    """Where one language differs from most; where as many have it as not, the first counts."""
    for block, sharing in side_by_side(book):
        yield from _odd_among(block, sharing, having)


def _odd_among(block: str, sharing: list[MessageText], having: Having) -> Iterator[Odd]:
    points = [having(text.source.text, block) for text in sharing]
    if all(each == points[0] for each in points):
        return
    for point in sorted(frozenset().union(*points)):
        have = [point in each for each in points]
        usual = sum(have) * 2 > len(have) or (sum(have) * 2 == len(have) and have[0])
        others = tuple(t.locale for t, h in zip(sharing, have, strict=True) if h is usual)
        for text, has in zip(sharing, have, strict=True):
            if has is not usual:
                yield Odd(text, block, point, usual, others)


@rule("names-differ", Book)
def names_differ(book: Book) -> Iterator[Hit]:
    """A language leaves out a fact that the others state, or states another one.

    Customers of one language would learn less than the others, or something
    else. A block and what it calls are looked at together, so each language may
    build its sentences in its own way. A block for one channel alone may have to
    say less, but prints the same names, addresses and time of the next update.
    What all others print a second time, or in every case, is printed here too.

    Bad:
        en: Down since {{ started_at | clock }}. Updates: {{ status_url }}
        fr: En panne depuis le {{ started_at | clock }}.
    Good:
        fr: En panne depuis le {{ started_at | clock }}. Suivi : {{ status_url }}
    """
    wide = general(book)
    details = frozenset(n for n, spec in book.walks.specs.items() if spec.type in _DETAILS)

    def having(text: str, block: str) -> frozenset[str]:
        found = outline(text)
        return found.names(block) if block in wide else found.shown(block) - details

    def shown(text: str, block: str) -> frozenset[str]:
        return outline(text).shown(block) if block in wide else frozenset()

    differing = list(odd(book, having))
    told = {(id(each.text), each.block, each.what) for each in differing}
    printed = (each for each in odd(book, shown) if each.lacks)
    differing += [e for e in printed if (id(e.text), e.block, e.what) not in told]
    for each in _deepest(differing):
        found = outline(each.text.source.text)
        if each.lacks:
            at = found.block_at(each.block)
            what = f"{quoted(each.what)} is not in the block {quoted(each.block)}, as it is in"
            hint = "say it here too, or take it out there"
        else:
            parts = (found.parts[block] for block in sorted(found.reached(each.block)))
            first = next((p.names[each.what] for p in parts if each.what in p.names), None)
            at = found.at(first) if first is not None else found.block_at(each.block)
            what = f"{quoted(each.what)} is in the block {quoted(each.block)}, but not in"
            hint = "take it out here, or say it there too"
        yield each.text.hit(at, f"{what} {named(each.others)}", hint)
    absent = {(id(each.text), each.what) for each in differing}
    yield from _rarer(book, absent)


def _rarer(book: Book, absent: set[tuple[int, str]]) -> Iterator[Hit]:
    """What is printed less often, but not left out: only in the block where that is."""
    found = [each for each in rarer(book) if (id(each.text), each.name) not in absent]
    places = {(id(each.text), each.block, each.name) for each in found}
    for each in found:
        inner = outline(each.text.source.text).reached(each.block) - {each.block}
        if not any((id(each.text), block, each.name) in places for block in inner):
            yield each.hit


_DETAILS = ("time", "duration", "number")
"""What a short text may leave out."""


def _deepest(odd: list[Odd]) -> list[Odd]:
    """Only where the difference itself is: not in the blocks that call its block."""
    places = {(id(each.text), each.block, each.what, each.lacks) for each in odd}
    return [
        each
        for each in odd
        if not any(
            (id(each.text), inner, each.what, each.lacks) in places
            for inner in outline(each.text.source.text).reached(each.block) - {each.block}
        )
    ]


@rule("tests-differ", Book)
def tests_differ(book: Book) -> Iterator[Hit]:
    """A language tells other cases apart than the others do.

    Customers of that language would read the words for another case, or none.
    A block for one channel alone may have to tell fewer cases apart; only one
    that goes through the choices of a fact must not miss one of them. Nor may
    one language ask for the opposite of what all others ask for.

    Bad:
        en: {% if reach == "few" %}…{% elif reach == "many" %}…{% else %}…{% endif %}
        fr: {% if reach == "few" %}…{% else %}…{% endif %}
    Good:
        fr: {% if reach == "few" %}…{% elif reach == "many" %}…{% else %}…{% endif %}
    """
    wide = general(book)
    for each in _deepest(list(odd(book, _cases))):
        cases = _cases(each.text.source.text, each.block)
        fact = each.what.partition(" ")[0]
        if each.block not in wide and not (each.lacks and _goes_through(book, cases, fact)):
            continue
        rest = _rest(book, each.text, each.block, each.what)
        if each.lacks and (rest or _misspelt(book, cases, fact)):
            continue
        if not each.lacks and (_among_rest(book, each) or _misspelt(book, {each.what}, fact)):
            continue
        yield _case_hit(each, fact)
    yield from _silent(book)
    yield from turned(book)


def _silent(book: Book) -> Iterator[Hit]:
    """Branches that say nothing, where the same branch of most other languages does."""
    for each in odd(book, lambda text, block: frozenset(_branches(text, block, silent=True))):
        others = [book.texts[each.text.message][locale].source.text for locale in each.others]
        if not each.lacks and all(each.what in _branches(o, each.block) for o in others):
            chain = _branches(each.text.source.text, each.block, silent=True)[each.what]
            what = f"there are no words for {each.what[:LONGEST]}, as there are in"
            at = outline(each.text.source.text).at(chain.node.test)
            yield each.text.hit(at, f"{what} {named(each.others)}", "write what holds then")


@lru_cache(maxsize=256)
def _branches(text: str, block: str, *, silent: bool = False) -> dict[str, Chain]:
    """The branches of a block by what they ask, or those of them that say nothing."""
    found: dict[str, Chain] = {}
    for chain in outline(text).parts[block].chains:
        bodies = [chain.node.body, *(branch.body for branch in chain.node.elif_)]
        asked = [" and ".join(sorted(_signed(test))) for test in chain.tests]
        for label, body in zip(asked, bodies, strict=True):
            if not silent or says_nothing(body):
                found.setdefault(label, chain)
        if not silent or says_nothing(chain.node.else_):
            found.setdefault(f"anything else than {', '.join(asked)}", chain)
    return found


def _signed(asked: Asked) -> Iterator[str]:
    return (case if same else f"other than {case}" for case, same in cases(asked))


def _goes_through(book: Book, cases: Iterable[str], fact: str) -> bool:
    """Whether a block has words for one choice after the other of a fact."""
    spec = book.walks.specs.get(fact)
    several = sum(case.startswith(f'{fact} "') for case in cases) > 1
    return several and spec is not None and spec.type == "choice"


def _case_hit(each: Odd, fact: str) -> Hit:
    found = outline(each.text.source.text)
    first = _first_asked(each.text.source.text, each.block)
    said, near = first.get(each.what), first.get(fact)
    case = shortened(each.what)
    if each.lacks:
        at = found.at(near.node) if near else found.block_at(each.block)
        what = f"the block {quoted(each.block)} does not ask for {case}, as it does in"
        return each.text.hit(at, f"{what} {named(each.others)}", "tell the same cases apart")
    at = found.at(said.node) if said else found.block_at(each.block)
    what = f"the block {quoted(each.block)} asks for {case}, as it does not in"
    return each.text.hit(at, f"{what} {named(each.others)}", "tell the same cases apart")


@lru_cache(maxsize=256)
def _first_asked(text: str, block: str) -> dict[str, Asked]:
    """The first test of each case, and of each fact, in a block or in those it calls."""
    found, first = outline(text), dict[str, Asked]()
    for inner in sorted(found.reached(block), key=lambda inner: inner != block):
        for asked in found.parts[inner].asked:
            for case in _of_test(asked):
                first.setdefault(case, asked)
                first.setdefault(case.partition(" ")[0], asked)
    return first


def _among_rest(book: Book, each: Odd) -> bool:
    """Whether the others mean the same case by what is left over behind `else`."""
    others = [book.texts[each.text.message][locale] for locale in each.others]
    covered = [each.what in _cases(text.source.text, each.block) for text in others]
    derived = [_rest(book, text, each.block, each.what) for text in others]
    return all(one or two for one, two in zip(covered, derived, strict=True))


def _misspelt(book: Book, cases: Iterable[str], fact: str) -> bool:
    """Whether a case names a choice that there is not: another rule tells that."""
    spec = book.walks.specs.get(fact)
    if spec is None or not spec.choices:
        return False
    found = (re.fullmatch(rf'{fact} "(.*)"', case, re.DOTALL) for case in cases)
    return any(case[1] not in spec.choices for case in found if case)


def _rest(book: Book, text: MessageText, block: str, case: str) -> bool:
    """Whether a chain over the fact has an else that can mean this choice alone."""
    fact, _, quoted = case.partition(" ")
    spec = book.walks.specs.get(fact)
    if spec is None or not quoted.startswith('"'):
        return False
    found = outline(text.source.text)
    for inner in found.reached(block):
        for chain in found.parts[inner].chains:
            if not chain.node.else_:
                continue
            asked = {c for test in chain.tests for c in _of_test(test)}
            left = [k for k in spec.choices if f'{fact} "{k}"' not in asked]
            if asked and left == [quoted[1:-1]]:
                return True
    return False


@lru_cache(maxsize=256)
def _cases(text: str, block: str) -> frozenset[str]:
    """What a block and those it calls ask for."""
    found = outline(text)
    asked = (asked for each in found.reached(block) for asked in found.parts[each].asked)
    return frozenset(case for test in asked for case in _of_test(test))


def _of_test(asked: Asked) -> Iterator[str]:
    """The cases that a test tells apart, each beginning with the name of the fact."""
    return (case for case, _ in cases(asked))
