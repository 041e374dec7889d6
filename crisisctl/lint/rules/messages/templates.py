"""What a message text may not hold: what Jinja cannot read, and what the sandbox refuses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import MessageText
from crisisctl.messages.sandbox import Refusal
from crisisctl.text import did_you_mean, listed, safe

MOST = 20
"""Findings of a kind in one file; a text with more is not a message."""
_FILTERS = (
    *("moment", "clock", "day", "duration", "number", "percent", "money"),
    *("default", "first", "last", "length", "join", "lower", "replace", "trim", "upper"),
)
_UNESCAPING = ("safe", "escape", "e", "forceescape", "tojson", "xmlattr", "urlize", "striptags")
_BLOCKS = re.compile(r"\{%[-+]?\s*block\s+(\w+)")
_TAGS = ("if", "elif", "else", "endif", "for", "endfor", "block", "endblock", "set")
_TESTS = ("defined", "undefined", "in")
_FILTER = re.compile(r'the filter "(.*)" is not known', re.DOTALL)
_TEST = re.compile(r'the test "(.*)" is not known', re.DOTALL)
_BLOCK = re.compile(r'there is no block "(.*)"', re.DOTALL)
_NODE = re.compile(r"(\w+) is not allowed in a template")


@rule("template-syntax", MessageText, broken=True)
def template_syntax(text: MessageText) -> Iterator[Hit]:
    """The tags of a text cannot be read.

    A text with a broken tag cannot be rendered at all. The finding stands at the
    tag, or where the text ends without what it still needs.

    Bad:
        {% if eta is defined %}Back by {{ eta | clock }}.
    Good:
        {% if eta is defined %}Back by {{ eta | clock }}.{% endif %}
    """
    for refusal in _of(text, syntax=True):
        at, what, hint = _explained(text, refusal)
        yield text.hit(at, what, hint)
    for block in _twice(text):
        what = f'there are two blocks "{block}"'
        yield text.hit(_second(text, block), what, "give it another name, or join them")


def _twice(text: MessageText) -> list[str]:
    """Blocks of one name, which Jinja finds only when it compiles."""
    found = Counter(_BLOCKS.findall(text.anatomy.code)) if text.sound else Counter()
    return [block for block, number in found.items() if number > 1]


@rule("template-refused", MessageText, broken=True)
def template_refused(text: MessageText) -> Iterator[Hit]:
    """A text holds something that message texts may not do.

    Texts say words and choose between words; they do not count, look into
    other files or run anything. So a text from anywhere is harmless, and a
    slip cannot bring the tool down on the night.

    Bad:
        We lost {{ orders * hours }} orders. {% include "footer" %}
    Good:
        facts:
          orders_lost: {type: number, ask: How many orders were lost?}
        # and in the text: {{ orders_lost | number }}
    """
    found = _of(text, syntax=False)
    told: Counter[tuple[int, str]] = Counter()
    attributes = {each.line for each in found if each.text.startswith('".')}
    for refusal in found:
        # `name.upper()` is refused for the dot and for the call; once is enough
        again = refusal.line in attributes and refusal.text.startswith("only blocks of this")
        if not again and not _FILTER.fullmatch(refusal.text):
            word, what, hint = _refused(text, refusal.text)
            yield text.hit(_at(text, refusal.line, word, _again(told, refusal, word)), what, hint)


@rule("safe-filter", MessageText, broken=True)
def safe_filter(text: MessageText) -> Iterator[Hit]:
    """A filter that plays with escaping, such as `safe`.

    Message texts are plain text. Where a channel is HTML, its layout escapes
    every letter; a text that tries to get round that would let a customer's
    name, or an attacker's, become part of the page.

    Bad:
        {{ shop_name | safe }}
    Good:
        {{ shop_name }}
    """
    told: Counter[tuple[int, str]] = Counter()
    for refusal in _of(text, syntax=False):
        found = _FILTER.fullmatch(refusal.text)
        if found and found[1] in _UNESCAPING:
            what = f'the filter "{found[1]}" is not allowed: texts are plain, layouts escape them'
            at = _at(text, refusal.line, found[1], _again(told, refusal, found[1]))
            yield text.hit(at, what, f"leave out | {found[1]}")


@rule("unknown-filter", MessageText, broken=True)
def unknown_filter(text: MessageText) -> Iterator[Hit]:
    """A filter that does not exist.

    A text with an unknown filter cannot be rendered at all. The filters are few:
    they write times, durations, numbers and money as each language does.

    Bad:
        {{ started_at | momnt }}
    Good:
        {{ started_at | moment }}
    """
    told: Counter[tuple[int, str]] = Counter()
    for refusal in _of(text, syntax=False):
        found = _FILTER.fullmatch(refusal.text)
        if found and found[1] not in _UNESCAPING:
            name = found[1]
            guess = did_you_mean(name, _FILTERS)
            known = f"there is {listed(_FILTERS)}"
            hint = f'did you mean "{guess}"?' if guess else known
            at = _at(text, refusal.line, name, _again(told, refusal, name))
            yield text.hit(at, f'there is no filter "{safe(name)}"', hint)


def _of(text: MessageText, *, syntax: bool) -> list[Refusal]:
    found = [each for each in text.anatomy.refusals if each.syntax is syntax]
    return list(dict.fromkeys(found))[:MOST] if syntax else found[:MOST]


_WORDS = {
    "include": ("include", "a text cannot include other files"),
    "import": ("import", "a text cannot import other files"),
    "fromimport": ("from", "a text cannot import other files"),
    "extends": ("extends", "a text cannot extend another file"),
    "macro": ("macro", "a text cannot define macros"),
    "callblock": ("call", "a text cannot call macros"),
    "filterblock": ("filter", "a filter can stand behind | only"),
    "assignblock": ("set", "{% set %} can hold one value only"),
    "with": ("with", "{% with %} is not allowed in a text"),
    "scopedevalcontextmodifier": ("autoescape", "texts are plain, layouts escape them"),
    "evalcontextmodifier": ("autoescape", "texts are plain, layouts escape them"),
    "add": ("+", "a text cannot count"),
    "sub": ("-", "a text cannot count"),
    "mul": ("*", "a text cannot count"),
    "div": ("/", "a text cannot count"),
    "floordiv": ("//", "a text cannot count"),
    "mod": ("%", "a text cannot count"),
    "pow": ("**", "a text cannot count"),
    "neg": ("-", "a text cannot count"),
    "pos": ("+", "a text cannot count"),
    "concat": ("~", "texts are not joined with ~"),
    "getitem": ("[", "a text cannot look into a value with [ ]"),
    "slice": (":", "a text cannot cut a value with [ : ]"),
    "dict": ("{", "a text cannot make a { } of its own"),
    "break": ("break", "a loop goes over all items"),
    "continue": ("continue", "a loop goes over all items"),
}
_COUNT = "count in the playbook, with `compute:` in a fact of its own"
_HINTS = {
    "a text cannot count": _COUNT,
    "texts are not joined with ~": "write one after the other: {{ first }} {{ second }}",
    "{% set %} can hold one value only": "write a block, and call it as {{ self.name() }}",
    "a text cannot define macros": "write a block, and call it as {{ self.name() }}",
}


def _refused(text: MessageText, told: str) -> tuple[str, str, str]:
    """The word to point at, what is wrong, and what to do."""
    if found := _TEST.fullmatch(told):
        guess = did_you_mean(found[1], _TESTS)
        hint = f'did you mean "{guess}"?' if guess else "there is `is defined`, == and in"
        return found[1], f'there is no test "{safe(found[1])}"', hint
    if found := _BLOCK.fullmatch(told):
        guess = did_you_mean(found[1], text.anatomy.blocks)
        hint = f'did you mean "{guess}"?' if guess else "write that block, or take the call out"
        return found[1], f'there is no block "{safe(found[1])}" to call', hint
    if (found := _NODE.fullmatch(told)) and found[1] in _WORDS:
        word, what = _WORDS[found[1]]
        return word, what, _HINTS.get(what, "")
    quoted = re.search(r'"\.?(\w+)"', told)
    hints = {
        "only a fixed name can stand in [ ]": "",
        "nested too deep": "split it into blocks",
        "a loop cannot stand inside a loop": "write the inner one as words",
    }
    return (quoted[1] if quoted else ""), safe(told), hints.get(told, "")


def _again(told: Counter[tuple[int, str]], refusal: Refusal, word: str) -> int:
    """How many times the same was told of on this line before."""
    told[refusal.line, word] += 1
    return told[refusal.line, word] - 1


def _at(text: MessageText, line: int, word: str, nth: int = 0) -> int:
    """The offset of the nth such word in the tags of a line; else of the first tag there."""
    starts = (*text.anatomy.starts, len(text.anatomy.code) + 1)
    line = min(max(line, 1), len(starts) - 1)
    code = text.anatomy.code[starts[line - 1] : starts[line]]
    if word and (word[0].isalnum() or word[0] == "_"):
        places = [found.start() for found in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", code)]
        at = places[min(nth, len(places) - 1)] if places else -1
    else:
        inside = re.sub(r"\{[{%][-+]?|[-+]?[%}]\}", lambda tag: " " * len(tag[0]), code)
        at = inside.find(word) if word else -1
    if at < 0:
        at = len(code) - len(code.lstrip()) if code.strip() else 0
    return starts[line - 1] + at


_TOKEN = re.compile(r"\{%[-+]?\s*(\w+)|\{\{|\{#")
_UNKNOWN = re.compile(r"Encountered unknown tag '(\w+)'")
_MISSING = re.compile(r"needs to be closed is '(\w+)'")
_GOT = re.compile(r"got '?(.*?)'?\.?$", re.DOTALL)


def _explained(text: MessageText, refusal: Refusal) -> tuple[int, str, str]:
    """Where, what and what to do about something that Jinja cannot read."""
    told = refusal.text
    if found := _UNKNOWN.match(told):
        return _strange_tag(text, refusal.line, found[1], told)
    if told.startswith("Unexpected end of template"):
        return _unclosed(text, refusal.line)
    if "Missing end of comment" in told:
        return text.source.text.rfind("{#"), "the comment is not closed", "end it with #}"
    at = _at(text, refusal.line, "")
    if "got '='" in told:
        return _at(text, refusal.line, "="), "a comparison has two equals signs", "write =="
    if told.startswith("Expected an expression, got 'end of"):
        return _empty(text, refusal.line), "the tag is empty or ends too early", "name a fact in it"
    if told.startswith(("unexpected char", "unexpected '")):
        sign = told.removeprefix("unexpected char ").removeprefix("unexpected ")[1:2]
        what = f'"{safe(sign)}" cannot stand in a tag'
        return _at(text, refusal.line, sign), what, "compare its brackets and quotes"
    if "expected token" in told:
        got = _GOT.search(told)
        word = got[1] if got else ""
        hint = "compare its brackets, quotes and words: {{ fact | filter }}, {% if … %}"
        if word.startswith(("end of", "begin of")):
            return at, "the tag ends too early, or is not closed", hint
        return _at(text, refusal.line, word), f'"{safe(word)}" cannot stand here', hint
    return at, safe(told), ""


def _strange_tag(text: MessageText, line: int, tag: str, told: str) -> tuple[int, str, str]:
    at = _at(text, line, tag)
    opened = _MISSING.search(told)
    if tag in _TAGS:
        what = f'"{tag}" has nothing above that it belongs to'
        if opened:
            line = _opened(text, at, opened[1])
            what = f'"{tag}" comes before the "{opened[1]}" of line {line} is closed'
            return at, what, f"write {{% end{opened[1]} %}} where the words of that case end"
        return at, what, "take it out, or write what it closes"
    guess = did_you_mean(tag, _TAGS)
    hint = f'did you mean "{guess}"?' if guess else f"there is {listed(_TAGS)}"
    return at, f'there is no tag "{safe(tag)}"', hint


def _opened(text: MessageText, before: int, tag: str) -> int:
    """The line of the last such tag that is open there."""
    left = [at for kind, at in _open_tags(text.anatomy.code[:before]) if kind == tag]
    return text.place(left[-1] if left else before)[0]


def _open_tags(code: str) -> list[tuple[str, int]]:
    """The tags that are opened and not closed, each with its place."""
    opened: list[tuple[str, int]] = []
    for found in _TOKEN.finditer(code):
        tag = found[1] or ""
        if tag in ("if", "for", "block"):
            opened.append((tag, found.start(1)))
        elif tag.startswith("end") and opened and opened[-1][0] == tag[3:]:
            opened.pop()
    return opened


def _unclosed(text: MessageText, line: int) -> tuple[int, str, str]:
    """The last tag that was opened and never closed."""
    opened = _open_tags(text.anatomy.code)
    if not opened:
        return _at(text, line, ""), "the text ends inside a tag", "close it with %} or }}"
    tag, at = opened[-1]
    return at, f'this "{tag}" is never closed', f"write {{% end{tag} %}} where it ends"


def _second(text: MessageText, block: str) -> int:
    places = re.finditer(rf"\{{%[-+]?\s*block\s+({re.escape(block)})\b", text.anatomy.code)
    found = [place.start(1) for place in places]
    return found[1] if len(found) > 1 else 0


def _empty(text: MessageText, line: int) -> int:
    starts = (*text.anatomy.starts, len(text.anatomy.code) + 1)
    begin = starts[min(max(line, 1), len(starts) - 1) - 1]
    found = re.compile(r"\{\{[-+]?\s*[-+]?\}\}|\{%[-+]?\s*\w+\s*[-+]?%\}").search(
        text.anatomy.code, begin
    )
    return (
        found.start()
        if found and "\n" not in text.anatomy.code[begin : found.start()]
        else (_at(text, line, ""))
    )
