"""How often a block prints each name, whatever way its branches go, and with which filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from jinja2 import nodes
from msgspec import Struct

from crisisctl.lint.finding import Hit
from crisisctl.lint.outline import Asked, outline
from crisisctl.lint.prover.formula import formula
from crisisctl.lint.rule import rule
from crisisctl.lint.rules.messages.agreed import lone, others, side_by_side
from crisisctl.lint.rules.messages.signs import cases
from crisisctl.lint.subject import Book, MessageText
from crisisctl.text import quoted

WHOLE = 0
"""The way through a block that takes no branch for granted."""
_MOST = 4000
"""Branches times names: what has more is no message that people wrote."""
_SHAPES = {
    "clock": "time",
    "moment": "time",
    "day": "time",
    "duration": "duration",
    "percent": "percent",
    "number": "number",
    "money": "money",
}
"""What filters make of a value. Languages state a time in their own way: each states one."""


class Span(Struct, frozen=True):
    """How often each name is printed at least and at most."""

    least: Counter[str]
    most: Counter[str]

    def add(self, other: Span) -> None:
        """One after the other."""
        self.least.update(other.least)
        self.most.update(other.most)


def _either(spans: tuple[Span, ...]) -> Span:
    """One of them."""
    least, most = Counter(spans[0].least), Counter(spans[0].most)
    for span in spans[1:]:
        least &= span.least
        for name, count in span.most.items():
            most[name] = max(most[name], count)
    return Span(least, most)


Way = int
"""The branches that are taken, by what they ask; 0: whichever."""
Counts = dict[tuple[str, Way], tuple[int, int, int]]
"""By name and way: at least, at most, and the offset of the test, or of the block."""


@lru_cache(maxsize=256)
def counts(text: str) -> dict[str, Counts]:
    """How often each block prints what, with the blocks it calls."""
    return _Counting(text).done


class _Counting:
    def __init__(self, text: str) -> None:
        self.outline = outline(text)
        self.blocks = self.outline.blocks
        self.ifs: dict[int, tuple[Span, ...]] = {}
        self.whole: dict[int, Span] = {}
        self.spans: dict[str, Span] = {}
        self.done: dict[str, Counts] = {}
        for name in self.blocks:
            self._block(name)

    def _block(self, name: str) -> Span:
        if name not in self.spans:
            nothing = Span(Counter(), Counter())
            self.spans[name] = nothing  # a block that calls itself is refused elsewhere
            body = self.blocks[name].body
            whole = self.spans[name] = self._body(body)
            at = self.outline.block_at(name)
            found: Counts = {
                (each, WHOLE): (whole.least[each], whole.most[each], at) for each in whole.most
            }
            self._ways(body, whole, WHOLE, found)
            self.done[name] = found
        return self.spans[name]

    def _body(self, body: list[nodes.Node]) -> Span:
        total = Span(Counter(), Counter())
        for node in body:
            match node:
                case nodes.If():
                    total.add(self._if(node))
                case nodes.For(body=inner):
                    total.add(self._body(inner))
                case nodes.Output(nodes=parts):
                    for part in parts:
                        self._printed(part, total)
        return total

    def _if(self, node: nodes.If) -> Span:
        if id(node) not in self.ifs:
            bodies = [node.body, *(branch.body for branch in node.elif_), node.else_]
            self.ifs[id(node)] = tuple(self._body(body) for body in bodies)
            self.whole[id(node)] = _either(self.ifs[id(node)])
        return self.whole[id(node)]

    def _printed(self, node: nodes.Node, total: Span) -> None:
        names: Counter[str] = Counter()
        found = [node] if isinstance(node, nodes.Name) else []
        for name in (*found, *node.find_all(nodes.Name)):
            if name.name not in ("self", "loop"):
                names[name.name] += 1
        total.add(Span(names, names))
        for call in node.find_all(nodes.Call) if not isinstance(node, nodes.Call) else [node]:
            if isinstance(call.node, nodes.Getattr) and call.node.attr in self.blocks:
                total.add(self._block(call.node.attr))

    def _ways(self, body: list[nodes.Node], whole: Span, way: Way, found: Counts) -> None:
        """Note for each branch how often its names are printed where it is taken."""
        for node in body:
            if isinstance(node, nodes.For):
                self._ways(node.body, whole, way, found)
            if not isinstance(node, nodes.If):
                continue
            inside = self._if(node)
            if (len(node.elif_) + 2) * len(inside.most) > _MOST:
                continue
            tests = [_label(branch.test) for branch in (node, *node.elif_)]
            bodies = [node.body, *(branch.body for branch in node.elif_), node.else_]
            labels = [*tests, f"else {sorted(tests)}"]
            spans = self.ifs[id(node)]
            at = self.outline.at(node.test)
            for label, branch, span in zip(labels, bodies, spans, strict=True):
                inner = hash((way, label))
                taken = Span(
                    _instead(whole.least, inside.least, span.least, inside.most),
                    _instead(whole.most, inside.most, span.most, inside.most),
                )
                for name in inside.most:
                    least, most = taken.least[name], taken.most[name]
                    old = found.get((name, inner), (least, most, at))
                    found[name, inner] = min(least, old[0]), max(most, old[1]), old[2]
                self._ways(branch, taken, inner, found)


def _instead(
    whole: Counter[str], chain: Counter[str], branch: Counter[str], names: Counter[str]
) -> Counter[str]:
    return Counter({name: whole[name] - chain[name] + branch[name] for name in names})


def _label(test: nodes.Node) -> str:
    return " and ".join(
        sorted(f"{case} {same}" for case, same in cases(Asked(test, formula(test), {})))
    )


class Rarer(Struct, frozen=True):
    """A name that one language prints less often than all others, which agree."""

    text: MessageText
    block: str
    name: str
    at: int
    others: str

    @property
    def hit(self) -> Hit:
        """The finding."""
        what = f"{quoted(self.name)} is printed less often in the block {quoted(self.block)} than"
        hint = "say it here too, or take it out there"
        return self.text.hit(self.at, f"{what} in {self.others}", hint)


def rarer(book: Book) -> Iterator[Rarer]:
    """What one language prints less often, whatever way it goes; each name once a block."""
    for block, sharing in side_by_side(book):
        tables = [counts(text.source.text)[block] for text in sharing]
        bare = [{key: row[:2] for key, row in table.items()} for table in tables]
        if all(each == bare[0] for each in bare):
            continue
        told: set[tuple[int, str]] = set()
        for key in sorted(set.intersection(*map(set, bare)), key=lambda key: key[1] == WHOLE):
            points = [each[key] for each in bare]
            odd = lone(points)
            if odd is None or (odd, key[0]) in told or points[odd] >= points[0 if odd else 1]:
                continue
            told.add((odd, key[0]))
            at = tables[odd][key][2]
            yield Rarer(sharing[odd], block, key[0], at, others(sharing, odd))


@rule("filters-differ", Book)
def filters_differ(book: Book) -> Iterator[Hit]:
    """A language prints a fact in another shape than all the others do.

    Without its filter a share reads "15" and not "15 %", and customers of one
    language read another thing than the rest. Times may be told as each
    language likes: with the day, with the hour, or with both.

    Bad:
        en: {{ offer_percent | percent }} off
        fr: {{ offer_percent }} de remise
    Good:
        fr: {{ offer_percent | percent }} de remise
    """
    for block, sharing in side_by_side(book):
        shapes = [_shapes(text.source.text, block) for text in sharing]
        kept = [{name: frozenset(found) for name, found in each.items()} for each in shapes]
        if all(each == kept[0] for each in kept):
            continue
        for name in sorted(set.intersection(*map(set, kept))):
            spec = book.walks.specs.get(name)
            points = [each[name] for each in kept]
            if spec is not None and spec.type == "duration":
                points = [frozenset(shape or "duration" for shape in each) for each in points]
            odd = lone(points)
            if odd is None:
                continue
            mine, theirs = points[odd], points[0 if odd else 1]
            text = sharing[odd]
            shape = min(mine - theirs, default="")
            places = shapes[odd][name]
            place = places.get(shape) or next(iter(places.values()))
            at = outline(text.source.text).at(place)
            what = f"{quoted(name)} is printed in another way in the block {quoted(block)} than in"
            usual = " or ".join(_as_written(each) for each in sorted(theirs))
            yield text.hit(at, f"{what} {others(sharing, odd)}", f"the others print it {usual}")


def _as_written(shape: str) -> str:
    if shape == "time":
        return "as a time: | clock, | day or | moment"
    return f"with | {shape}" if shape else "without a filter"


@lru_cache(maxsize=256)
def _shapes(text: str, block: str) -> dict[str, dict[str, nodes.Node]]:
    """By name: the filters it is printed with, each with the first place."""
    found: dict[str, dict[str, nodes.Node]] = {}
    for printed in outline(text).parts[block].printed:
        node: nodes.Node | None = printed.node
        shapes: list[str] = []
        while isinstance(node, nodes.Filter):
            if node.name in _SHAPES:
                shapes.append(_SHAPES[node.name])
            node = node.node
        if isinstance(node, nodes.Name) and node.name not in printed.local:
            found.setdefault(node.name, {}).setdefault(" ".join(reversed(shapes)), node)
    return found
