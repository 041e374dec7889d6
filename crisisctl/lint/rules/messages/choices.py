"""Whether a text has words for each choice that can be, and for none that cannot."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from crisisctl.lint.finding import Hit, and_more
from crisisctl.lint.outline import Chain, Locals, Outline
from crisisctl.lint.prover.formula import (
    TRUE,
    All,
    Constant,
    Either,
    Fixed,
    Formula,
    Holds,
    Known,
    Not,
    OneOf,
    Opaque,
    Truthy,
    leaves,
)
from crisisctl.lint.prover.questions import Says, Walked
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.messages.values import Facts, facts_of
from crisisctl.lint.subject import MessageText
from crisisctl.playbook.model import Fact
from crisisctl.text import did_you_mean, listed, quoted, safe

Case = str | bool | None
"""What a fact may be; None: it is not known."""


@rule("impossible-choice", MessageText)
def impossible_choice(text: MessageText) -> Iterator[Hit]:
    """A text compares a fact with something that it can never be.

    The words behind it are never read, and the choice that was meant has none.
    Mostly it is a spelling mistake, or the choice was renamed in the playbook. Each
    is told of once in each text, at its first place.

    Bad:
        {% if cause == "deploiment" %}We changed something.{% endif %}
    Good:
        {% if cause == "deployment" %}We changed something.{% endif %}
    """
    found, facts = facts_of(text)
    told: set[int] = set()
    places: dict[tuple[str, str], list[int]] = {}
    for asked in found.asked:
        for leaf in leaves(asked.said):
            for value, what, hint in _impossible(leaf, asked.local, facts):
                at = _value_at(found, asked.node, value, told)
                if at not in told:
                    places.setdefault((what, hint), []).append(at)
                told.add(at)
    for (what, hint), spots in places.items():
        yield text.hit(min(spots), what + and_more(len(spots)), hint)


def _impossible(leaf: Formula, local: Locals, facts: Facts) -> Iterator[tuple[Constant, str, str]]:
    """The values that a test asks for and can never get, each with words and hint."""
    if not isinstance(leaf, OneOf | Holds):
        return
    made = local.get(leaf.name)
    name = leaf.name if made is None else made.fact
    spec = facts.specs.get(name)
    if spec is None:
        return
    item = made is not None and made.item
    values = leaf.values if isinstance(leaf, OneOf) else frozenset([leaf.value])
    for value in sorted(values, key=str):
        wrong = _why_not(spec, value, name, item=item, inside=isinstance(leaf, Holds))
        if wrong:
            yield value, *wrong


def _why_not(
    spec: Fact, value: Constant, name: str, *, item: bool, inside: bool
) -> tuple[str, str] | None:
    shown = f'"{safe(value)}"' if isinstance(value, str) else str(value).lower()
    never = f'"{name}" can never be {shown}'
    match spec.type:
        case "choice" if not inside and value not in spec.choices:
            return never, _meant(value, spec)
        case "choices" if inside or item:
            return None if value in spec.choices else (never, _meant(value, spec))
        case "choices":
            return f'"{name}" is several choices at once, never just {shown}', (
                f"write {{% if {shown} in {name} %}}"
            )
        case "choice" if inside and isinstance(value, str):
            known = any(value in key for key in spec.choices)
            return None if known else (never, _meant(value, spec))
        case "flag" if not isinstance(value, bool):
            return never, f"write {{% if {name} %}} or {{% if not {name} %}}"
        case "number" if isinstance(value, str):
            return never, "write the number without quotes"
        case "time" | "duration":
            return never, f"a {spec.type} is not compared with words in a text"
    return None


def _meant(value: Constant, spec: Fact) -> str:
    guess = did_you_mean(str(value), spec.choices)
    few = f"it can be {listed(spec.choices, 'or')}"
    return f'did you mean "{guess}"?' if guess else few


def _value_at(found: Outline, test: nodes.Node, value: Constant, told: set[int]) -> int:
    """Where a test names a value, not counting places that are told of already."""
    inside = [test] if isinstance(test, nodes.Const) else []
    for const in (*inside, *test.find_all(nodes.Const)):
        if const.value == value and type(const.value) is type(value):
            at = found.at(const)
            if at not in told:
                return at
    return found.at(test)


@rule("dead-branch", MessageText)
def dead_branch(text: MessageText) -> Iterator[Hit]:
    """A branch that is always taken, or never.

    Each choice of a fact is tried, and what the branches before it leave over.
    The words of a branch that is never taken are never read; a branch that is
    always taken says the same whatever is true.

    Bad:
        {% if cause == "attack" or true %}Someone attacked us.{% endif %}
    Good:
        {% if cause == "attack" %}Someone attacked us.{% endif %}
    """
    found, facts = facts_of(text)
    for chain in found.chains:
        left: dict[str, list[Case]] = {}
        for test in chain.tests:
            always = _always(test.said, chain, facts, left)
            if always is not None:
                holds = "always" if always else "never"
                hint = "what it asks makes no difference"
                hint = hint if always else "its words are never read"
                yield text.hit(
                    found.at(test.node),
                    f"this condition, or a part of it, {holds} holds here",
                    hint,
                )
                break


def _always(test: Formula, chain: Chain, facts: Facts, left: dict[str, list[Case]]) -> bool | None:
    """Whether a test holds in every case, or in none of those still left; None: it depends.

    Takes the cases for which it holds out of what is left.
    """
    plain = _verdict(test, "", "")
    if plain is not None:
        return plain
    fixed = [leaf.value for leaf in leaves(test) if isinstance(leaf, Fixed)]
    if fixed:  # written out inside a test: a part of it never has a say
        return fixed[0]
    for name in dict.fromkeys(leaf.name for leaf in leaves(test) if hasattr(leaf, "name")):
        every = _cases(name, chain.local, facts)
        if not every or _misspelt(test, name, chain.local, facts):
            continue
        verdicts = {case: _verdict(test, name, case) for case in every}
        if all(verdicts.values()):
            return True
        if name not in left:
            left[name] = [c for c in every if _verdict(chain.guard, name, c) is not False]
        # the last of several branches may well hold in all that is left
        if all(verdicts[case] is False for case in left[name]):
            return False
        left[name] = [case for case in left[name] if not verdicts[case]]
    return None


def _cases(name: str, local: Locals, facts: Facts) -> list[Case]:
    """All that a name may be; None: it is not known. Empty where that cannot be listed."""
    made = local.get(name)
    spec = facts.specs.get(name if made is None else made.fact)
    if spec is None:
        return []
    if made is not None:
        return list(spec.choices) if made.item and spec.type == "choices" else []
    if spec.type == "choice":
        return [*spec.choices, None]
    return [True, False, None] if spec.type == "flag" else []


def _misspelt(test: Formula, name: str, local: Locals, facts: Facts) -> bool:
    """Whether the test asks for something that the fact can never be: told of by itself."""
    return any(
        value not in _cases(name, local, facts)
        for leaf in _equalities(test)
        if leaf.name == name
        for value in leaf.values
    )


@rule("choice-without-words", MessageText)
def choice_without_words(text: MessageText) -> Iterator[Hit]:
    """A text has words for most choices of a fact, and none for another.

    Whoever gives that answer on the night sends a sentence with a hole in it.
    Choices that cannot be when the message is sent need no words, nor does
    "none".

    Bad:
        {% if cause == "attack" %}…{% elif cause == "hosting" %}…{% endif %}
        # and the fact may be "deployment" too
    Good:
        {% if cause == "attack" %}…{% elif cause == "hosting" %}…{% else %}…{% endif %}
    """
    found, facts = facts_of(text)
    for chain in found.chains:
        if not chain.node.else_ and chain.node.elif_:
            yield from _left_out(text, found, facts, chain)
    for block, part in found.parts.items():
        yield from _unlisted(text, found, facts, block, part.chains)


_NEEDS_NO_WORDS = {"none", "no", "nothing", "nobody", "other", "unknown"}


def _left_out(text: MessageText, found: Outline, facts: Facts, chain: Chain) -> Iterator[Hit]:
    tests = [test.said for test in chain.tests]
    for name in dict.fromkeys(leaf.name for test in tests for leaf in _equalities(test)):
        made = chain.local.get(name)
        fact = name if made is None else made.fact
        spec = facts.specs.get(fact)
        if spec is None or not spec.choices or (spec.type == "choices") != bool(made):
            continue
        asked = {v for test in tests for e in _equalities(test) if e.name == name for v in e.values}
        if len(asked & spec.choices.keys()) < 2 or asked - spec.choices.keys():
            continue  # what is misspelt is told of by itself
        silent = [
            key
            for key in spec.choices
            if key not in _NEEDS_NO_WORDS
            and all(_verdict(test, name, key) is False for test in tests)
            and _verdict(chain.guard, name, key) is not False
        ]
        if 0 < len(silent) < len(asked & spec.choices.keys()):
            silent = [k for k in silent if made or _reached(text, fact, k, chain.guard)]
            if silent:
                yield _hole(text, found.at(chain.node.test), fact, silent)


def _hole(text: MessageText, at: int, fact: str, silent: list[str]) -> Hit:
    keys = listed((f'"{key}"' for key in silent), "or")
    what = f'there are no words for {keys} of "{fact}"'
    return text.hit(at, what, f"add {{% elif … == {silent[0]!r} %}} or {{% else %}}")


def _unlisted(
    text: MessageText, found: Outline, facts: Facts, block: str, chains: list[Chain]
) -> Iterator[Hit]:
    """One `if "this" in fact` after the other that leave some choices out."""
    said: dict[str, dict[str, Chain]] = {}
    for chain in chains:
        for test in chain.tests:
            for leaf in leaves(test.said):
                if isinstance(leaf, Holds) and leaf.name not in chain.local:
                    said.setdefault(leaf.name, {}).setdefault(str(leaf.value), chain)
    for name, each in said.items():
        spec = facts.specs.get(name)
        if spec is None or spec.type != "choices" or each.keys() - spec.choices.keys():
            continue
        silent = [k for k in spec.choices if k not in each and k not in _NEEDS_NO_WORDS]
        if len(each) > 2 and 0 < len(silent) < len(each):
            first = next(iter(each.values()))
            keys = listed((f'"{key}"' for key in silent), "or")
            what = f'the block {quoted(block)} has no words for {keys} of "{name}"'
            hint = f'add {{% if "{silent[0]}" in {name} %}} … {{% endif %}}'
            yield text.hit(found.at(first.node.test), what, hint)


def _equalities(test: Formula) -> list[OneOf]:
    return [leaf for leaf in leaves(test) if isinstance(leaf, OneOf)]


def _reached(text: MessageText, fact: str, key: str, guard: Formula) -> bool:
    """Whether some walk sends the message with that choice and comes to that place."""
    walks, chosen = text.book.walks, OneOf(fact, frozenset([key]))
    for sending in text.senders:
        number = text.book.number(sending.step)
        said = [Says(chosen, number, message=True)]
        if guard != TRUE:
            said.append(Says(guard, number, message=True))
        if walks.ask(Walked(number), *said).found:
            return True
    return False


def _verdict(said: Formula, name: str, key: Case) -> bool | None:
    """Whether a formula holds where one name is that choice; None: it depends."""
    match said:
        case Fixed(value):
            return value
        case Known(known):
            return key is not None if known == name else None
        case Truthy(known):
            return bool(key) if known == name else None
        case OneOf(known, values):
            return key in values if known == name else None
        case Not(of):
            inner = _verdict(of, name, key)
            return None if inner is None else not inner
        case All(parts):
            return _of_parts(parts, name, key, decides=False)
        case Either(parts):
            return _of_parts(parts, name, key, decides=True)
        case Holds() | Opaque():
            return None


def _of_parts(parts: tuple[Formula, ...], name: str, key: Case, *, decides: bool) -> bool | None:
    verdicts = [_verdict(part, name, key) for part in parts]
    if decides in verdicts:
        return decides
    return None if None in verdicts else not decides
