"""What stands in a text word for word: links, numbers, placeholders, what is glued to a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from jinja2 import nodes

from crisisctl.lint.finding import Hit
from crisisctl.lint.outline import outline
from crisisctl.lint.prover.formula import Formula, OneOf, Opaque, leaves
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.messages.agreed import named
from crisisctl.lint.rules.messages.parity import Odd, odd
from crisisctl.lint.subject import Book, MessageText, anatomy
from crisisctl.messages.proof.placeholders import placeholders
from crisisctl.text import quoted, safe

IN_WORDS = 12
"""Up to here a number may be written as a word."""
_URL = re.compile(r"https?://[^\s\0<>\"«»]+")
_CLOSING = ".,;:!?'’”)]}…"


@rule("links-differ", Book)
def links_differ(book: Book) -> Iterator[Hit]:
    """An address that the other languages give is missing or different here.

    A link with a slip leads nowhere, and only the customers of one language
    notice. An address of the language itself, such as /fr/ for French, counts as
    the same.

    Bad:
        en: https://shop.example/help
        fr: https://shop.example/hlep
    Good:
        fr: https://shop.example/help
    """
    for each in odd(book, lambda text, block: frozenset(_links(text, block))):
        at = _links(each.text.source.text, each.block).get(each.what)
        if each.lacks:
            what = f"the block {quoted(each.block)} lacks the address {quoted(each.what)} of"
            at = outline(each.text.source.text).block_at(each.block)
            hint = "write the same address here"
        else:
            what = f"the address {quoted(each.what)} does not stand in"
            hint = "compare it letter by letter, or write it as a fact of type url"
        yield each.text.hit(at or 0, f"{what} {named(each.others)}", hint)


_OF_A_LOCALE = re.compile(r"(?<=[/.=_-])(?:en|fr|es|tr|ru)(?=[/.&?_-]|\Z)", re.IGNORECASE)


@lru_cache(maxsize=256)
def _links(text: str, block: str) -> dict[str, int]:
    """The addresses in a block's own words, each with its place."""
    found: dict[str, int] = {}
    for start, end in spans(text).get(block, ()):
        for link in _URL.finditer(anatomy(text).prose, start, end):
            whole = _OF_A_LOCALE.sub("*", link[0].rstrip(_CLOSING))
            found.setdefault(whole, link.start())
    return found


@rule("numbers-differ", Book)
def numbers_differ(book: Book) -> Iterator[Hit]:
    """A number in one language is not the number of the others.

    A phone number, a percentage or an hour that differs is wrong in one of them.
    14 h 30 and 14:30, 20 % and %20, 1 234 and 1,234 are the same number. Numbers
    up to twelve may be written in words.

    Bad:
        en: You get 20% off.
        tr: %10 indirim kazandınız.
    Good:
        tr: %20 indirim kazandınız.
    """
    differing = list(odd(book, lambda text, block: frozenset(_numbers(text, block))))
    extra = {(id(each.text), each.block) for each in differing if not each.lacks}
    for each in differing:
        small = each.what.isdigit() and int(each.what[:9]) <= IN_WORDS
        if each.lacks and (small or (id(each.text), each.block) in extra):
            continue  # the number that stands instead is told of
        if not each.lacks and small and not _instead(differing, each.text, each.block):
            continue
        shown = quoted(each.what)
        if each.lacks:
            at = outline(each.text.source.text).block_at(each.block)
            what = f"the block {quoted(each.block)} lacks the number {shown} of"
        else:
            at = _numbers(each.text.source.text, each.block)[each.what]
            what = f"the number {shown} does not stand in"
        hint = "write the same number in every language"
        if each.what.startswith("…"):
            hint = "print a fact, such as {{ support_phone }}: it is the same in every language"
        yield each.text.hit(at, f"{what} {named(each.others)}", hint)


def _instead(differing: list[Odd], text: MessageText, block: str) -> bool:
    return any(each.text is text and each.block == block and each.lacks for each in differing)


_PHONE = re.compile(r"(?<![\d.,])(?:\+|\()?\d[\d ().-]{5,24}\d(?!\d)")
_DATE = re.compile(r"(?<!\d)(?<!\d[./-])\d{1,4}([./-])\d{1,2}\1\d{1,4}(?![./-]?\d)")
_HALF = re.compile(r"(?<!\d)(\d{1,2})(?:[:.](\d\d))? ?([ap])\.?m\b", re.IGNORECASE)
_FULL_HOUR = re.compile(r"(?<=\d)(?:[:.]| ?h ?)00(?!\d)", re.IGNORECASE)
_GROUPED = re.compile(r"(?<=\d)[ .,'’](?=\d{3}(?!\d))")
_DIGITS = re.compile(r"[0-9]+")
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2011": "-"})


@lru_cache(maxsize=256)
def _numbers(text: str, block: str) -> dict[str, int]:
    """The numbers in a block's own words, each with its place."""
    found: dict[str, int] = {}
    for start, end in spans(text).get(block, ()):
        prose = anatomy(text).prose[start:end].translate(_PLAIN)
        for number, at in _read(prose):
            found.setdefault(number, start + at)
    return found


def _read(prose: str) -> list[tuple[str, int]]:
    """Numbers in one form, whatever the language's way to write them, each with its place."""
    if not _DIGITS.search(prose):
        return []
    read: list[tuple[str, int]] = []
    left = _URL.sub(_blank, prose)
    for pattern, one_form in ((_DATE, _date), (_PHONE, _phone), (_HALF, _half)):
        left = pattern.sub(partial(_taken, one_form, read), left)
    left = _GROUPED.sub("\1", _FULL_HOUR.sub(_blank, left))
    for found in re.finditer("[0-9][0-9\1]*", left):
        read.append(((found[0].replace("\1", "").lstrip("0") or "0"), found.start()))
    return read


def _taken(
    one_form: Callable[[re.Match[str]], list[str]],
    read: list[tuple[str, int]],
    found: re.Match[str],
) -> str:
    """Note the numbers of a match; what stays of it for the next pattern."""
    numbers = one_form(found)
    read += [(number, found.start()) for number in numbers]
    return _blank(found) if numbers else found[0]


def _blank(found: re.Match[str]) -> str:
    return "\0" * len(found[0])


def _date(found: re.Match[str]) -> list[str]:
    """Which of day and month comes first depends on the language."""
    parts = [part.lstrip("0") for part in re.split(r"[./-]", found[0])]
    return ["-".join(sorted(parts, key=lambda p: (len(p), p)))] if all(parts) else []


def _phone(found: re.Match[str]) -> list[str]:
    """The last digits: what stands before them depends on where one calls from."""
    digits = re.sub(r"\D", "", found[0])
    return [f"…{digits[-8:]}"] if len(digits) > 7 or found[0][0] in "+(" else []


def _half(found: re.Match[str]) -> list[str]:
    hour = int(found[1]) % 12 + (12 if found[3].lower() == "p" else 0)
    minutes = (found[2] or "").lstrip("0")
    return [str(hour), minutes] if minutes else [str(hour)]


_BLOCK = re.compile(r"\{%[-+]?\s*(?:block\s+(\w+)[^%]*|(endblock)[^%]*)%\}")


@lru_cache(maxsize=256)
def spans(text: str) -> dict[str, tuple[tuple[int, int], ...]]:
    """Where the own words of each block stand; those of a block inside it left out."""
    found: dict[str, list[tuple[int, int]]] = {}
    open_: list[str] = []
    begin = 0
    for tag in _BLOCK.finditer(anatomy(text).code):
        if open_:
            found.setdefault(open_[-1], []).append((begin, tag.start()))
        if tag[1]:
            open_.append(tag[1])
        elif open_:
            open_.pop()
        begin = tag.end()
    return {name: tuple(spans) for name, spans in found.items()}


@rule("placeholder-left", MessageText)
def placeholder_left(text: MessageText) -> Iterator[Hit]:
    """A placeholder that nobody fills in is left in the words.

    Customers would read "{shop_name}" or "[NAME]". A fact is printed by a tag
    with two braces on each side; what nobody asks must be a fact first.

    Bad:
        Dear customers of {shop_name}, write to [E-MAIL].
    Good:
        Dear customers of {{ shop_name }}, write to {{ support_email }}.
    """
    for at, word in _placeholders(text.source.text):
        what = f"customers would read {quoted(word)}"
        yield text.hit(at, what, "print a fact as {{ name }}, or write the words")


@lru_cache(maxsize=256)
def _placeholders(text: str) -> tuple[tuple[int, str], ...]:
    of = anatomy(text)
    found = [(start, of.prose[start:end]) for start, end in placeholders(of.prose)]
    if of.tree is not None and "raw" in of.code:
        found += _raw(text)
    return tuple(found)


def _raw(text: str) -> Iterator[tuple[int, str]]:
    """Braces that {% raw %} keeps as they are."""
    begun = [found.end() for found in re.finditer(r"\{%[-+]?\s*raw\s*[-+]?%\}", text)]
    for start in begun:
        end = text.find("{%", start)
        end = end if end >= 0 else len(text)
        found = re.compile(r"\{\{[^\n]{0,60}?\}\}").search(text, start, end)
        if found:
            yield found.start(), found[0]


@rule("glued-url", MessageText, severity="warning")
def glued_url(text: MessageText) -> Iterator[Hit]:
    """A sign stands directly behind an address.

    Many programs take a full stop or bracket for a part of the link, and the
    link leads nowhere. End the sentence before the address.

    Bad:
        Updates: {{ status_url }}.
    Good:
        We write there as well: {{ status_url }}
    """
    found = outline(text.source.text)
    specs = text.book.walks.specs
    for printed in found.printed:
        node = printed.node
        if not isinstance(node, nodes.Name) or node.name in printed.local:
            continue
        spec = specs.get(node.name)
        if spec is not None and spec.type == "url" and printed.after.strip():
            sign = safe(printed.after)
            what = f'"{sign}" stands directly behind the address "{node.name}"'
            yield text.hit(found.at(node), what, "put a space or a line break behind it")


_NOT_NOUNS = {
    "en": "of in on at to from by for and or off more less per after before until since is are was "
    "were has have had will out that which who each within",
    "fr": "de à en sur par pour et ou au aux sont est a ont après avant dans depuis qui que",
    "es": "de a en por para y o al son es ha han después antes desde que",
    "ru": "из в на за и или до после от с со для уже ещё",
    "tr": "",
}


@rule("plural", MessageText, severity="warning")
def plural(text: MessageText) -> Iterator[Hit]:
    """A noun stands behind a number that is only known on the night.

    "1 orders" reads careless, and Russian has three forms. Write the noun
    first, or words for one and for many.

    Bad:
        We lost {{ orders_lost | number }} orders.
    Good:
        Orders lost: {{ orders_lost | number }}.
    """
    if text.locale not in _NOT_NOUNS:
        return
    found = outline(text.source.text)
    for printed in found.printed:
        name = _counted(printed.node)
        spec = text.book.walks.specs.get(name)
        if spec is None or spec.type != "number" or _asks(printed.guard, name):
            continue
        noun = _noun(text, found.at(printed.node))
        if noun and (text.locale != "tr" or re.search(r"l[ae]r\w*$", noun)):
            what = f'"{noun}" stands behind a number that may be one'
            hint = f"write the noun first, as in a list: … : {{{{ {name} | number }}}}"
            yield text.hit(found.at(_bare(printed.node)), what, hint)


def _counted(node: nodes.Node) -> str:
    """The name of a number that is printed as it is."""
    bare = _bare(node)
    return bare.name if isinstance(bare, nodes.Name) else ""


def _bare(node: nodes.Node) -> nodes.Node:
    filtered = isinstance(node, nodes.Filter) and node.name == "number"
    return node.node or node if isinstance(node, nodes.Filter) and filtered else node


def _asks(guard: Formula, name: str) -> bool:
    """Whether the number itself was asked about before, for one and for many."""
    return any(
        (isinstance(leaf, OneOf) and leaf.name == name)
        or (isinstance(leaf, Opaque) and name in leaf.names)
        for leaf in leaves(guard)
    )


def _noun(text: MessageText, at: int) -> str:
    """The noun directly behind a tag; empty for other words and for the end of a sentence."""
    end = text.source.text.find("}}", at)
    behind = re.compile(r"[ \u00a0\u202f]([^\W\d_]{2,40})").match(text.anatomy.prose, end + 2)
    if end < 0 or behind is None:
        return ""
    return "" if behind[1].lower() in _NOT_NOUNS[text.locale].split() else behind[1]
