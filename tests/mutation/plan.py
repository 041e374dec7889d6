"""Mutants of a playbook file: its keys, values and the names that hold it together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations, pairwise
from typing import get_args

from crisisctl.playbook.model import FactType
from mutation.mutant import Edit, Files, Mutant, misspelt
from mutation.outline import Outline, Path, outline
from mutation.uses import Uses, uses

_HELP = "an optional help: the plan is the same without it"
_STRICTER = "a plan that asks for more can be meant"
_SHORTER = "nothing depends on it: a shorter plan can be meant"
_ELSEWHERE = "asked on the night instead of being set beforehand"


class Author:
    """Spoils one playbook file."""

    def __init__(self, files: Files, file: str) -> None:
        self.files = files
        self.file = file
        self.text = files[file]
        self.outline: Outline = outline(self.text)
        self.uses: Uses = uses(files, file)
        self.plan = self.uses.plan

    def paths(self, *pattern: str | None) -> Iterator[Path]:
        """The paths of this form; None stands for any key."""
        for path in self.outline.parts:
            if len(path) == len(pattern) and all(
                want is None or want == part for part, want in zip(path, pattern, strict=True)
            ):
                yield path

    def has(self, *path: str | int) -> bool:
        return path in self.outline.parts

    def plain(self, path: Path) -> str:
        """A value without its quotes."""
        return self.outline.value(path).strip("\"'")

    def mutant(self, family: str, words: str, edit: tuple[int, int, str], **more: object) -> Mutant:
        change = Edit(self.file, *edit)
        return Mutant(family, f"{self.file}: {words}", (change,), **more)  # type: ignore[arg-type]

    def around(self, path: Path) -> tuple[str, int, int]:
        """The fact, question, deadline or step in which a path lies."""
        part = self.outline.parts[path[: 3 if path[0] == "stages" else 2]]
        return self.file, part.start, part.end

    def step(self, path: Path) -> str:
        """How a path is told: steps by their id."""
        parts = [str(part) for part in path]
        if len(path) > 2 and path[0] == "stages":
            parts[2] = self.plain((*path[:3], "id"))
        return ".".join(parts)

    def cut(self, path: Path, harmless: str = "", *names: str) -> Mutant:
        told = self.step(path)
        edit = self.outline.without(path)
        name = (str(path[-1]),) if isinstance(path[-1], str) else (self.plain(path),)
        about = names or name
        return self.mutant(
            "delete",
            f"delete {told}",
            edit,
            names=about,
            around=self.around(path),
            harmless=harmless,
        )

    def put(self, family: str, path: Path, new: str, **more: object) -> Mutant:
        edit = self.outline.instead(path, new)
        more.setdefault("names", (new, str(path[-1])))
        more.setdefault("around", self.around(path))
        return self.mutant(family, f"{self.step(path)}: write {new}", edit, **more)

    def rename(self, path: Path, new: str, harmless: str = "") -> Mutant:
        edit = self.outline.called(path, new)
        old = str(path[-1])
        words = f"rename {self.step(path)} to {new}"
        return self.mutant("rename", words, edit, names=(old, new), harmless=harmless)


def plan_mutants(files: Files, file: str) -> Iterator[Mutant]:
    """Every mutant of a playbook file."""
    author = Author(files, file)
    for family in (
        _top,
        _facts,
        _choices,
        _impact,
        _deadlines,
        _stages,
        _steps,
        _sends,
        _decisions,
        _references,
        _conditions,
        _types,
        _shapes,
        _order,
        _twice,
        _traps,
        _upkeep,
        _secrets,
    ):
        yield from family(author)


def _top(a: Author) -> Iterator[Mutant]:
    for path in a.paths(None):
        yield a.cut(path, _HELP if path[0] == "summary" else "")
        yield a.rename(path, misspelt(str(path[0])))
        yield a.mutant("misspell", f"no colon after {path[0]}", _no_colon(a, path))
    yield a.put("rename", ("playbook",), "something-else")


def _no_colon(a: Author, path: Path) -> tuple[int, int, str]:
    end = a.outline.parts[path].key_end
    return end, end + 1, ""


def _facts(a: Author) -> Iterator[Mutant]:
    for path in a.paths("facts", None):
        name = str(path[1])
        fact = a.plan.facts[name]
        yield a.cut(path)
        yield a.rename(path, misspelt(name))
        for key in a.paths("facts", name, None):
            yield a.rename(key, misspelt(str(key[2])))
            if key[2] == "type" and fact.type == "text":
                continue
            why = _of_a_fact(a, name, str(key[2]))
            if key[2] == "type":
                why = _loose(a, name, fact.type, "text")
            yield a.cut(key, why, str(key[2]), name)
        for key in ("milestone", "workspace", "type", "certainty"):
            if a.has(*path, key):
                wrong = misspelt(a.plain((*path, key)))
                yield a.put("misspell", (*path, key), wrong)
        if fact.promise:
            yield a.put("misspell", (*path, "promise", "kept_by"), misspelt(fact.promise.kept_by))


def _of_a_fact(a: Author, name: str, key: str) -> str:
    fact = a.plan.facts[name]
    harmless = {
        "hint": _HELP,
        "workspace": _ELSEWHERE,
        "optional": _STRICTER,
        "example": "the linter makes up a value where there is no example",
        "promise": "a time that is stated without being promised can be meant",
        "ahead": "a time that may lie in the past can be meant",
        "least": "a number that may be below none can be meant",
    }
    if key == "certainty" and fact.optional:
        return "who is unsure leaves it open"
    return harmless.get(key, "")


def _choices(a: Author) -> Iterator[Mutant]:
    for path in a.paths("facts", None, "choices", None):
        yield from _answer(a, str(path[1]), path)
    for path in a.paths("impact", None, "answers", None):
        yield from _answer(a, str(path[1]), path)
        for key in a.paths(*path, None):
            yield a.cut(key)
            yield a.rename(key, misspelt(str(key[-1])))
        yield a.put("misspell", (*path, "severity"), "sev5")
    for path in a.paths("stages", None, None, "decide", "options", None):
        yield from _answer(a, a.plain((*path[:4], "fact")), path)


def _answer(a: Author, name: str, path: Path) -> Iterator[Mutant]:
    answer = str(path[-1])
    spec = a.plan.spec(name)
    given = spec.example if spec else None
    example = answer == given or (isinstance(given, list) and answer in given)
    depends = example or (name, answer) in a.uses.answers
    yield a.cut(path, "" if depends else _SHORTER, answer)
    why = "nothing names this answer: it may be called anything"
    yield a.rename(path, misspelt(answer), "" if depends else why)


def _impact(a: Author) -> Iterator[Mutant]:
    for path in a.paths("impact", None):
        yield a.cut(path)
        yield a.rename(path, misspelt(str(path[1])))
        for key in a.paths(*path, None):
            harmless = _HELP if key[2] in ("hint", "example") else ""
            yield a.cut(key, harmless)
            yield a.rename(key, misspelt(str(key[2])))
        if a.has(*path, "example"):
            yield a.put("misspell", (*path, "example"), misspelt(a.plain((*path, "example"))))


def _deadlines(a: Author) -> Iterator[Mutant]:
    for path in a.paths("deadlines", None):
        deadline = a.plan.deadlines[str(path[1])]
        yield a.cut(path)
        for key in a.paths(*path, None):
            yield a.cut(key, _HELP if key[2] == "title" else "", str(key[2]), str(path[1]))
            yield a.rename(key, misspelt(str(key[2])))
            if key[2] in ("from", "met_by", "until"):
                yield a.put("misspell", key, misspelt(a.plain(key)))
        severities = list(a.paths(*path, "within", None))
        for key in severities:
            last = key == severities[-1]
            mild = "the mildest severity may go without this deadline"
            yield a.cut(key, mild if last else "", str(key[-1]), str(path[1]))
            yield a.rename(key, misspelt(str(key[-1])))
            yield a.put("retype", key, "soon")
            yield a.put("retype", key, "10")
            yield a.put("retype", key, "0m")
        pairs = combinations(severities, 2)
        for first, other in (p for p in pairs if a.plain(p[0]) != a.plain(p[1])):
            yield a_swap(a, f"swap {a.step(first)} and {other[-1]}", first, other)
        for first in severities[:-1]:
            loose = "9d" if a.plain(first) in ("12h", "1d", "2d") else "9h"
            yield a.put("loosen the cadence", first, loose)
        if deadline.from_ == "last-message":
            for message in a.plan.messages():
                if message != deadline.met_by:
                    where = (*path, "met_by")
                    yield a.put("rename", where, message, names=(message, str(path[1])))


def a_swap(a: Author, words: str, one: Path, other: Path, **more: object) -> Mutant:
    """Two values change places."""
    first, second = a.outline.parts[one], a.outline.parts[other]
    edits = (
        Edit(a.file, first.value, first.end, a.outline.value(other)),
        Edit(a.file, second.value, second.end, a.outline.value(one)),
    )
    names = (str(one[-1]), str(other[-1]))
    return Mutant("swap", f"{a.file}: {words}", edits, names=names, **more)  # type: ignore[arg-type]


def _stages(a: Author) -> Iterator[Mutant]:
    for path in a.paths("stages", None):
        yield a.cut(path)
        yield a.rename(path, misspelt(str(path[1])))
        yield a.put("delete", path, "[]")


def _steps(a: Author) -> Iterator[Mutant]:
    for path in a.paths("stages", None, None):
        step = a.plan.step(a.plain((*path, "id")))
        assert step is not None
        milestones = any(a.plan.facts[name].milestone for name in step.ask if name in a.plan.facts)
        needed = any(name in a.uses.names for name in step.ask) or milestones or step.milestone
        acts = step.send or step.run or (step.decide and step.decide.fact in a.uses.names)
        yield a.cut(path, "" if needed or acts else _SHORTER, step.id, *step.ask)
        for key in a.paths(*path, None):
            yield a.rename(key, misspelt(str(key[-1])))
            yield a.cut(key, _of_a_step(a, path, str(key[-1])), step.id, *_inside(a, key))
            if key[-1] in ("role", "milestone"):
                yield a.put("misspell", key, misspelt(a.plain(key)))
            if key[-1] == "timebox":
                yield a.put("retype", key, "a moment")
        for key in (*a.paths(*path, "ask", None), *a.paths(*path, "assign", None)):
            yield a.put("misspell", key, misspelt(a.plain(key)))
        for key in a.paths(*path, "ask", None):
            yield a.cut(key)


def _inside(a: Author, path: Path) -> list[str]:
    return re.findall(r"[\w-]+", a.outline.value(path)) if path[-1] in ("ask", "send") else []


def _of_a_step(a: Author, path: Path, key: str) -> str:
    harmless = {
        "when": "a step that is always walked can be meant",
        "timebox": _HELP,
        "guide": _HELP,
        "checklist": _HELP,
    }
    if key == "decide" and a.plain((*path, "decide", "fact")) not in a.uses.names:
        return _SHORTER
    if key == "assign":
        roles = a.plan.step(a.plain((*path, "id"))).assign  # type: ignore[union-attr]
        others = {s.role for _, s in a.plan.steps()} | {
            role for _, s in a.plan.steps() if s.id != a.plain((*path, "id")) for role in s.assign
        }
        return _SHORTER if set(roles) <= others else ""
    return harmless.get(key, "")


def _sends(a: Author) -> Iterator[Mutant]:
    by_kind = {step.send.message: step.send for _, step in a.plan.steps() if step.send}
    told = next(iter(by_kind.values()), None)
    for path in a.paths("stages", None, None, "send"):
        send = by_kind[a.plain((*path, "message"))]
        for key in a.paths(*path, None):
            yield a.rename(key, misspelt(str(key[-1])))
            default = key[-1] == "to" and a.plain(key) == "customers"
            yield a.cut(key, "customers are told where nobody is named" if default else "")
        yield a.put("misspell", (*path, "message"), misspelt(send.message))
        if a.has(*path, "to"):
            yield a.put("misspell", (*path, "to"), misspelt(send.to))
            if send.to == "staff":
                yield a.put("rename", (*path, "to"), "customers")
        channels = list(a.paths(*path, "channels", None))
        for key in channels:
            channel = a.plain(key)
            yield a.put("misspell", key, misspelt(channel))
            ends = told and "resol" in send.message and channel in told.channels
            where = f"delete the channel {channel} from {send.message}"
            why = "fewer channels for this message can be meant"
            alone = len(channels) == 1
            yield a.mutant(
                "drop a channel",
                where,
                a.outline.without(key),
                names=("channels", channel),
                harmless="" if ends or alone else why,
            )


def _decisions(a: Author) -> Iterator[Mutant]:
    for path in a.paths("stages", None, None, "decide"):
        for key in a.paths(*path, None):
            yield a.rename(key, misspelt(str(key[-1])))
            harmless = _HELP if key[-1] == "example" else ""
            yield a.cut(key, harmless, str(key[-1]), a.plain((*path, "fact")))
        for key in ("fact", "example"):
            if a.has(*path, key):
                unread = key == "fact" and a.plain((*path, key)) not in a.uses.names
                why = "nothing reads the decision: it may be called anything" if unread else ""
                new = misspelt(a.plain((*path, key)))
                yield a.put("misspell", (*path, key), new, harmless=why)
        fact = a.plain((*path, "fact"))
        if fact in a.uses.names:
            yield a.put("rename", (*path, "fact"), f"{fact}_taken", names=(fact,))
        taken = next(iter(a.plan.facts))
        yield a.put("rename", (*path, "fact"), taken)
        for key in a.paths(*path, "options", None, None):
            harmless = "" if key[-1] == "title" else _HELP
            yield a.cut(key, harmless)
            yield a.rename(key, misspelt(str(key[-1])))


def _references(a: Author) -> Iterator[Mutant]:
    for path in a.paths("roles", None):
        used = any(path[1] == step.role or path[1] in step.assign for _, step in a.plan.steps())
        yield a.cut(path, "" if used else _SHORTER)
        yield a.rename(path, misspelt(str(path[1])), "" if used else _SHORTER)
    for path in a.paths("facts", None, "compute"):
        for name in re.findall(r"[a-z_]{4,}", a.plain(path)):
            new = a.plain(path).replace(name, misspelt(name))
            yield a.put("misspell", path, new)
    for path in a.paths("stages", None, None, "when"):
        old = a.plain(path)
        for name in dict.fromkeys(re.findall(r"[a-z_-]{3,}", old)):
            if name not in ("and", "not", "defined"):
                new = re.sub(rf"(?<![\w-]){name}(?![\w-])", misspelt(name), old)
                yield a.put("misspell", path, _quoted(new))


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '\\"') + '"'


def _conditions(a: Author) -> Iterator[Mutant]:
    put = partial(a.put, "condition")
    for path in a.paths("stages", None, None, "when"):
        old = a.plain(path)
        yield put(path, _quoted(f"({old}) or true"))
        yield put(path, _quoted(f"({old}) and false"))
        yield put(path, _quoted(f"{old} and not ({old})"))
        yield put(path, _quoted(f"{old} =="))
        yield put(path, _quoted(f"{old}.upper()"))
        if "==" in old or "!=" in old:
            yield put(path, _quoted(re.sub(r"'[a-z-]+'", "'nothing-like-this'", old, count=1)))
            yield put(path, _quoted(re.sub(r"'[a-z-]+'", "12", old, count=1)))
            yield put(path, _quoted(re.sub(r"([!=]=)", "=", old, count=1)))
            answer = re.search(r"(\w+) == '([a-z-]+)'", old)
            if answer:
                other = _another(a, answer[1], answer[2])
                both = f"{old} and {answer[1]} == '{other}'"
                yield put(path, _quoted(both))
    for path in a.paths("facts", None, "compute"):
        left, _, right = a.plain(path).partition(" - ")
        yield put(path, _quoted(f"{right} - {left}"))
        yield put(path, _quoted(f"{left} - 5"))
        yield put(path, _quoted(f"{left} + {right}"))
        yield put(path, _quoted(f"{path[1]} - {right}"))
        yield put(path, _quoted(f"{left} / 0"))
        for name, fact in a.plan.facts.items():
            if fact.type == "time" and fact.optional and name in a.uses.names:
                yield put(path, _quoted(f"{name} - {right}"))
                break


def _another(a: Author, name: str, answer: str) -> str:
    spec = a.plan.spec(name)
    assert spec is not None
    return next(choice for choice in spec.choices if choice != answer)


_FITS = {"text": frozenset(get_args(FactType)) - {"choice", "choices"}}
"""Types that a value of another type may be given as, without harm."""
_BAD: dict[str, tuple[str, ...]] = {
    "time": ("tomorrow", "12", '"25:61"', "true"),
    "duration": ("a while", "true"),
    "number": ("many", "true", "[1]"),
    "money": ("12.50", "12.50 XXXX", "true"),
    "url": ("kestrel", "javascript:alert(1)", "12"),
    "email": ("help at kestrel", "12"),
    "phone": ("call us", "true"),
    "choice": ("nothing-like-this", "12", "[a]"),
    "choices": ("nothing-like-this", "[nothing-like-this]", "12"),
    "flag": ("perhaps", "12"),
    "text": ("[a]", "{a: b}"),
}


def _types(a: Author) -> Iterator[Mutant]:
    for name, fact in a.plan.facts.items():
        path: Path = ("facts", name)
        if a.has(*path, "type"):
            for kind in get_args(FactType):
                if kind != fact.type:
                    why = _loose(a, name, fact.type, kind)
                    yield a.put("retype", (*path, "type"), kind, names=(name,), harmless=why)
        if a.has(*path, "example"):
            for wrong in _BAD[fact.type]:
                yield a.put("retype", (*path, "example"), wrong, names=(name,))
        if a.has(*path, "optional"):
            yield a.put("retype", (*path, "optional"), "perhaps")


_TEXTS = ("title", "ask", "hint", "guide", "id", "owner", "summary", "role")


def _shapes(a: Author) -> Iterator[Mutant]:
    for path in a.outline.parts:
        of_a_step = len(path) == 4 and isinstance(path[2], int)
        texts = path[-1] in _TEXTS and (path[-1], path[0]) != ("ask", "stages")
        if texts and (of_a_step or len(path) in (1, 3)):
            yield a.put("retype", path, "12")
            yield a.put("retype", path, "[a, b]")
        if path[-1] in ("checklist", "ask", "assign", "channels") and path[0] == "stages":
            yield a.put("retype", path, "just words")
        if path[-1] in ("choices", "options", "answers", "send", "decide", "promise", "within"):
            yield a.put("retype", path, "just words")
            yield a.put("retype", path, "[a, b]")


def _loose(a: Author, name: str, old: str, new: str) -> str:
    """Why the other type does no harm: the example fits, and nothing reads it as the old one."""
    fact = a.plan.facts[name]
    if new == "text" and old in ("url", "email", "phone"):
        return "any text may be an address or a number"
    if new == "text" and name not in a.uses.names and not fact.milestone and old != "money":
        return "nothing counts with it" if isinstance(fact.example, str) else ""
    return ""


def _order(a: Author) -> Iterator[Mutant]:
    times = [
        path
        for path in a.paths("facts", None, "example")
        if a.plan.facts[str(path[1])].type == "time" and a.plan.facts[str(path[1])].milestone
    ]
    for one, other in pairwise(times):
        yield a_swap(a, f"swap the examples of {one[1]} and {other[1]}", one, other)
    if len(times) > 2:
        yield a_swap(
            a, f"swap the examples of {times[0][1]} and {times[-1][1]}", times[0], times[-1]
        )
    asking: list[Path] = []
    for path in a.paths("stages", None, None):
        step = a.plan.step(a.plain((*path, "id")))
        assert step is not None
        if step.send:
            for before in asking:
                yield from _too_late(a, before, path)
            asking = []
        elif any(name in a.uses.names for name in step.ask) or step.decide:
            asking.append(path)


def _too_late(a: Author, asks: Path, sends: Path) -> Iterator[Mutant]:
    """The step that asks moves behind the one that sends, where the message needs an answer."""
    stem = a.file.removeprefix("playbooks/").removesuffix(".yaml")
    asked = a.plan.step(a.plain((*asks, "id")))
    sent = a.plan.step(a.plain((*sends, "id")))
    if asked is None or sent is None or sent.send is None:
        return
    text = a.files.get(f"templates/{stem}/{sent.send.message}.en.j2", "")
    needs = [
        name
        for name in asked.ask
        if re.search(rf"\b{name}\b", text)
        and not re.search(rf"\b{name} is (not )?defined", text)
        and (name not in a.plan.facts or not a.plan.facts[name].workspace)
    ]
    if not needs:
        return
    first, second = a.outline.parts[asks], a.outline.parts[sends]
    if asks[1] == sends[1]:
        edits = (
            Edit(a.file, first.value, first.end, a.outline.value(sends)),
            Edit(a.file, second.value, second.end, a.outline.value(asks)),
        )
        words = f"swap the steps {asked.id} and {sent.id}"
    else:
        begin, end, _ = a.outline.without(asks)
        stop = second.end
        moved = f"\n    - {a.outline.value(asks)}"
        edits = (Edit(a.file, begin, end, ""), Edit(a.file, stop, stop, moved))
        words = f"move the step {asked.id} behind {sent.id}"
    yield Mutant("swap", f"{a.file}: {words}", edits, names=tuple(needs))


def _twice(a: Author) -> Iterator[Mutant]:
    def again(path: Path, harmless: str = "") -> Mutant:
        words = f"{a.step(path)} twice"
        name = path[-1] if isinstance(path[-1], str) else a.outline.value(path)[:60].split("\n")[0]
        return a.mutant(
            "duplicate", words, a.outline.again(path), names=(str(name),), harmless=harmless
        )

    for path in a.outline.parts:
        if isinstance(path[-1], str):
            if len(path) <= 4 or path[-1] in ("message", "fact"):
                yield again(path)
        elif len(path) == 3 or path[-2] in ("ask", "assign", "channels"):
            yield again(path)


def _traps(a: Author) -> Iterator[Mutant]:
    """What YAML itself does to a slip of the finger."""
    put: Callable[[Path, str], Mutant] = partial(a.put, "yaml")
    for path in (("title",), *a.paths("impact", None, "ask")):
        yield put(path, '"never closed')
        yield put(path, "[never closed")
        yield put(path, "Broken: in two")
        yield put(path, "&anchor text")
        yield put(path, "!!python/name:os.system text")
        yield put(path, "*alias")
        yield put(path, "@text")
        yield put(path, "`text`")
        yield put(path, "% text")
        yield put(path, '"\\x1b[2J"')
    for path in a.paths("facts", None, "choices"):
        first = a.paths(*path, None)
        yield a.mutant("yaml", f"merge key in {a.step(path)}", _merge(a, next(first)))
    for path in a.paths("stages", None):
        at = a.outline.parts[path].start
        yield a.mutant("yaml", f"a tab before {a.step(path)}", (at - 2, at, "\t"))
        yield a.mutant("yaml", f"{a.step(path)} one space to the left", (at - 1, at, ""))
    for path in a.paths("stages", None, None, "guide"):
        start = a.outline.parts[path].key_end
        yield a.mutant("yaml", f"no colon after {a.step(path)}", (start, start + 1, ""))
    yield a.mutant("yaml", "a second document", (len(a.text), len(a.text), "---\na: b\n"))


def _merge(a: Author, path: Path) -> tuple[int, int, str]:
    part = a.outline.parts[path]
    return part.start, part.key_end, "<<"


def _upkeep(a: Author) -> Iterator[Mutant]:
    put = partial(a.put, "upkeep")
    for wrong in ('""', "TBD", '"?"', "TODO"):
        yield put(("owner",), wrong)
    for wrong in ('"2031-01-01"', '"2026-12-01"', '"2025-01-15"', '"2019-06-01"', "soon"):
        yield put(("reviewed",), wrong)
    tomorrow = "elsewhere it is tomorrow already"
    yield put(("reviewed",), '"2026-11-29"', harmless=tomorrow)
    for wrong in ("21.11.2026", '"2026-02-30"', '"2026-11"', "2026"):
        yield a.put("retype", ("reviewed",), wrong)
    guides = list(a.paths("stages", None, None, "guide"))
    holders = ("TODO: write this", "Call XXX.", "Call [name] at [number].", "Lorem ipsum dolor.")
    for number, words in enumerate((*holders, "Phone 555-0100 or 000 000 000.", "FIXME")):
        yield _said(a, "upkeep", guides[number * 3 % len(guides)], words)


def _said(a: Author, family: str, guide: Path, words: str) -> Mutant:
    """A further line at the end of a guide."""
    end = a.outline.parts[guide].end
    told = f'{a.step(guide)}: add "{words}"'
    return a.mutant(family, told, (end, end, f"\n        {words}"), names=(words,))


_SECRET = (
    "Log in to the shop's admin as root, password: hunter2-Winter!",
    "Use the key sk_live_4eC39HqLyjWDarjtT1zdp7dc.",
    "Use AKIAIOSFODNN7EXAMPLE for the backup.",
    "Token: ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "https://admin:s3cret@shop.example/login",
    "-----BEGIN RSA PRIVATE KEY-----",
    "Test card 4111 1111 1111 1111, 12/29, 123.",
    "Pay back to FR76 3000 6000 0112 3456 7890 189.",
)


def _secrets(a: Author) -> Iterator[Mutant]:
    guides = list(a.paths("stages", None, None, "guide"))
    for number, words in enumerate(_SECRET):
        yield _said(a, "secret", guides[number * 5 % len(guides)], words)
    texts = [name for name, fact in a.plan.facts.items() if fact.type == "text"]
    for number, words in enumerate(_SECRET):
        name = texts[number % len(texts)]
        if a.has("facts", name, "example"):
            why = "the number is one that payment providers publish for tests: it pays nothing"
            where = ("facts", name, "example")
            harmless = why if words.startswith("Test card") else ""
            yield a.put("secret", where, _quoted(words), names=(words,), harmless=harmless)
