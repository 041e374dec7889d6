"""Mutants of message texts: blocks, branches, guards, names, words."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, cached_property
from itertools import combinations

from crisisctl.messages.channels import load_channels
from crisisctl.workspace import Workspace
from mutation import phrases
from mutation.markup import Markup
from mutation.mutant import Edit, Files, Mutant, misspelt
from mutation.uses import Uses, uses

FORMS = ("headline", "short", "body")
_WRONG_FILTER = {
    "clock": "money",
    "moment": "percent",
    "day": "duration",
    "duration": "clock",
    "percent": "moment",
    "number": "day",
    "money": "number",
}
_CHOSEN = re.compile(r"(\w+) == \"([\w-]+)\"")
_MANY = re.compile(r"\"([\w-]+)\" in (\w+)")


@cache
def markup(text: str) -> Markup:
    """A template's text taken apart."""
    return Markup(text)


class Translator:
    """Spoils one message in one locale."""

    def __init__(self, files: Files, file: str, number: int) -> None:
        self.files = files
        self.file = file
        self.number = number
        """Its place among all texts: what need not be tried on each is tried by turns."""
        self.text = files[file]
        self.markup = markup(self.text)
        self.message, self.locale = file.rpartition("/")[2].split(".")[:2]
        stem = file.split("/")[1]
        self.uses: Uses = uses(files, f"playbooks/{stem}.yaml")
        body = self.markup.block("body")
        assert body, file
        self.body = body

    def cut(
        self, family: str, words: str, start: int, end: int, new: str = "", **more: object
    ) -> Mutant:
        edit = Edit(self.file, start, end, new)
        return Mutant(family, f"{self.file}: {words}", (edit,), **more)  # type: ignore[arg-type]

    def each(self, family: str, words: str, old: str, new: str, **more: object) -> Iterator[Mutant]:
        """The first place where this stands in a tag."""
        for tag in self.markup.tags:
            at = self.text.find(old, tag.start, tag.end)
            if at >= 0:
                yield self.cut(family, words, at, at + len(old), new, **more)
                return

    @cached_property
    def taken(self) -> set[str]:
        """The blocks that a channel of this message takes, with those they are made of."""
        known = load_channels(Workspace()).channels
        blocks = {
            block.name: self.text[block.body : block.body_end] for block in self.markup.blocks
        }
        left: list[str] = []
        for _, step in self.uses.plan.steps():
            if step.send and step.send.message == self.message:
                for name in step.send.channels:
                    left += known[name].blocks_for(name, blocks)
        found: set[str] = set()
        while left:
            name = left.pop()
            if name not in found and name in blocks:
                found.add(name)
                left += re.findall(r"self\.(\w+)\(", blocks[name])
        return found

    def judged(self, mutant: Mutant) -> Mutant:
        """The same; harmless where it stands in a block that no channel of the message takes."""
        holders = {self.markup.holder(edit.start) for edit in mutant.edits}
        if mutant.harmless or mutant.family == "jinja" or holders & (self.taken | {""}):
            return mutant
        why = "no channel of this message takes this block; as soon as one does, lint looks at it"
        return replace(mutant, harmless=why)

    def decided(self, name: str) -> bool:
        """Whether a step that nobody leaves out asks or decides it before the message goes out."""
        steps = [step for _, step in self.uses.plan.steps()]
        sent = [n for n, s in enumerate(steps) if s.send and s.send.message == self.message]
        return name not in (*self.uses.plan.facts, "next_update") and any(
            not step.when and (name in step.ask or (step.decide and step.decide.fact == name))
            for step in steps[: min(sent, default=0)]
        )

    def here(self, words: str) -> bool:
        """Whether this is the one language in which this is tried: rules know no language here."""
        turn = zlib.crc32(f"{self.message} {words}".encode()) % len(phrases.LOCALES)
        return phrases.LOCALES[turn] == self.locale


def text_mutants(files: Files, file: str, number: int) -> Iterator[Mutant]:
    """Every mutant of one text."""
    author = Translator(files, file, number)
    for structure in (
        _blocks,
        _branches,
        _guards,
        _names,
        _prints,
        _constants,
        _conditions,
        _differ,
        _jinja,
    ):
        for mutant in structure(author):
            if author.here(mutant.what.partition(": ")[2]):
                yield author.judged(mutant)
    for language in (_sentences, _overflow, _tone, _fairness):
        yield from map(author.judged, language(author))


def _blocks(t: Translator) -> Iterator[Mutant]:
    for block in t.markup.blocks:
        name = block.name
        called = f"self.{name}()" in t.text
        why = ""
        if not called and name not in FORMS:
            why = "the channel takes the form instead, and it fits"
            if name in ("push", "push_title"):
                why = ""
        gone = t.text[block.start : block.end]
        yield t.cut(
            "delete",
            f"delete the block {name}",
            block.start,
            block.end,
            names=(name,),
            harmless=why,
        )
        yield t.cut("delete", f"empty the block {name}", block.body, block.body_end, names=(name,))
        yield t.cut(
            "rename",
            f"rename the block {name}",
            block.start,
            block.body,
            t.text[block.start : block.body].replace(name, misspelt(name)),
            names=(name, misspelt(name)),
        )
        yield t.cut(
            "duplicate",
            f"the block {name} twice",
            block.end,
            block.end,
            f"\n\n{gone}",
            names=(name,),
        )
    for one, other in combinations(FORMS, 2):
        first, second = t.markup.block(one), t.markup.block(other)
        assert first
        assert second
        edits = (
            Edit(
                t.file,
                first.start,
                first.body,
                t.text[first.start : first.body].replace(one, other),
            ),
            Edit(
                t.file,
                second.start,
                second.body,
                t.text[second.start : second.body].replace(other, one),
            ),
        )
        yield Mutant(
            "swap", f"{t.file}: swap the blocks {one} and {other}", edits, names=(one, other)
        )


def _branches(t: Translator) -> Iterator[Mutant]:
    for choice in t.markup.choices:
        if choice.kind == "for":
            continue
        holder = t.markup.holder(choice.start)
        for number, branch in enumerate(choice.branches[1:], 1):
            what = branch.test or "else"
            names = tuple(re.findall(r"[\w-]{3,}", branch.test)) or (holder,)
            gone = t.text[branch.body : branch.end].strip()
            if gone:
                told = f"{holder}: delete the branch {what} of {choice.branches[0].test}"
                bare = not re.search(r"\w", gone)
                why = "a full stop is missing, and nothing else" if bare else ""
                around = (*names, holder)
                yield t.cut("delete", told, branch.start, branch.end, names=around, harmless=why)
                if _worded(gone):
                    told = f"{holder}: empty the branch {what} of {choice.branches[0].test}"
                    yield t.cut("delete", told, branch.body, branch.end, names=(*names, holder))
            if (
                number == 1
                and branch.test
                and t.text[choice.branches[0].body : choice.branches[0].end].strip()
            ):
                told = f"{holder}: delete the branch {choice.branches[0].test}"
                start = t.text[branch.start : branch.body].replace("elif", "if", 1)
                names = tuple(re.findall(r"[\w-]{3,}", choice.branches[0].test))
                yield t.cut(
                    "delete", told, choice.start, branch.body, start, names=(*names, holder)
                )


def _worded(text: str) -> bool:
    return sum(char.isalpha() for char in re.sub(r"\{[{%].*?[%}]\}", "", text)) > 6


def _guards(t: Translator) -> Iterator[Mutant]:
    for choice in t.markup.choices:
        test = choice.branches[0].test
        if choice.kind == "for" or "defined" not in test:
            continue
        holder, name = t.markup.holder(choice.start), test.split()[0]
        about = f"{holder}: {test}"
        decided = "what is decided before is known on every path" if t.decided(name) else ""
        first, last = choice.branches[0], choice.branches[-1]
        if test == f"{name} is defined":
            body = t.text[first.body : first.end]
            yield t.cut(
                "unguard",
                f"{about}: always",
                choice.start,
                choice.end,
                body,
                names=(name, holder),
                harmless=decided,
            )
            yield t.cut(
                "unguard",
                f"{about}: the other way round",
                first.start,
                first.body,
                t.text[first.start : first.body].replace("is defined", "is not defined"),
                names=(name, holder),
            )
            if last is not first and not last.test:
                swapped = (
                    t.text[first.start : first.body]
                    + t.text[last.body : last.end]
                    + t.text[last.start : last.body]
                    + body
                    + t.text[last.end : choice.end]
                )
                yield t.cut(
                    "swap",
                    f"{about}: swap its two branches",
                    choice.start,
                    choice.end,
                    swapped,
                    names=(name, holder),
                )
        elif test == f"{name} is not defined":
            after = choice.branches[1] if choice.branches[1:] else None
            if after is not None and after.test:
                start = t.text[after.start : after.body].replace("elif", "if", 1)
                yield t.cut(
                    "unguard",
                    f"{about}: never",
                    choice.start,
                    after.body,
                    start,
                    names=(name, holder),
                )
        elif f"{name} is defined and " in test:
            new = t.text[first.start : first.body].replace(f"{name} is defined and ", "", 1)
            yield t.cut(
                "unguard",
                f"{about}: without the guard",
                first.start,
                first.body,
                new,
                names=(name, holder),
                harmless=decided,
            )
        elif f"{name} is not defined or " in test:
            new = t.text[first.start : first.body].replace(f"{name} is not defined or ", "", 1)
            yield t.cut(
                "unguard",
                f"{about}: without the guard",
                first.start,
                first.body,
                new,
                names=(name, holder),
            )


_ELEMENTS = ("body", "short", "sms", "push", "homepage")


def _sentences(t: Translator) -> Iterator[Mutant]:
    for number, (start, end, words) in enumerate(t.markup.sentences()):
        holder = t.markup.holder(start)
        if holder in _ELEMENTS or (number + t.number) % 5 == 0:
            names = tuple(re.findall(r"\{\{ *(?:self\.)?(\w+)", words)) or (holder,)
            told = f'{holder}: delete the sentence "{words}"'
            after = end + 1 if t.text[end : end + 1] == " " else end
            yield t.cut("delete a sentence", told, start, after, names=names)


def _names(t: Translator) -> Iterator[Mutant]:
    for name in dict.fromkeys(p.name for p in t.markup.prints):
        if name.startswith("self."):
            wrong = f"self.{misspelt(name[5:-2])}()"
            yield from t.each("misspell", f"{name} as {wrong}", name, wrong, names=(name[5:-2],))
        else:
            yield from t.each(
                "misspell",
                f"print {misspelt(name)} for {name}",
                f"{{{{ {name}",
                f"{{{{ {misspelt(name)}",
                names=(name, misspelt(name)),
            )
    for test in dict.fromkeys(b.test for c in t.markup.choices for b in c.branches if b.test):
        for name in re.findall(r"(?<!\")\b[a-z_]{3,}\b(?!\")", test):
            if name not in ("and", "not", "defined", "loop", "last", "for", "part"):
                wrong = misspelt(name)
                new = re.sub(rf"(?<!\")\b{name}\b(?!\")", wrong, test)
                yield from t.each(
                    "misspell", f"{test}: {wrong} for {name}", test, new, names=(name, wrong)
                )
                break


def _prints(t: Translator) -> Iterator[Mutant]:
    for used in dict.fromkeys((p.name, p.filter) for p in t.markup.prints):
        name, filter = used
        at = next(p for p in t.markup.prints if (p.name, p.filter) == used)
        holder = t.markup.holder(at.start)
        if filter and "(" not in filter:
            for new, words in ((misspelt(filter), "misspell"), (_WRONG_FILTER[filter], "print")):
                told = f"{holder}: {name} | {new} for {filter}"
                yield t.cut(
                    words, told, at.start, at.end, f"{{{{ {name} | {new} }}}}", names=(name, new)
                )
            if filter in ("percent", "duration"):
                told = f"{holder}: {name} without {filter}"
                harmless = (
                    "it is printed as a duration all the same" if filter == "duration" else ""
                )
                yield t.cut(
                    "print",
                    told,
                    at.start,
                    at.end,
                    f"{{{{ {name} }}}}",
                    names=(name,),
                    harmless=harmless,
                )
        if not name.startswith("self."):
            yield t.cut(
                "print",
                f"{holder}: {name} | safe",
                at.start,
                at.end,
                f"{{{{ {name} | safe }}}}",
                names=(name,),
            )
        told = f"{holder}: print nothing for {name}"
        yield t.cut(
            "differ",
            told,
            at.start,
            at.end,
            names=(name.removeprefix("self.").removesuffix("()"), holder),
        )
    choices = [n for n, f in t.uses.plan.facts.items() if f.type in ("choice", "choices", "flag")]
    choices += [*t.uses.plan.impact]
    for name in choices:
        at = t.body.body
        told = f"print the answer {name} as it is recorded"
        yield t.cut("print", told, at, at, f"\n{{{{ {name} }}}}\n", names=(name,))
    at = t.body.body_end
    yield t.cut("print", "print None", at, at, "\n{{ none }}", names=("none",))


def _constants(t: Translator) -> Iterator[Mutant]:
    for name, answer in dict.fromkeys(_CHOSEN.findall(t.text)):
        wrong = misspelt(answer)
        old = f'{name} == "{answer}"'
        yield from t.each(
            "misspell", f"{old}: {wrong}", old, f'{name} == "{wrong}"', names=(answer, wrong, name)
        )
        other = next((a for n, a in _CHOSEN.findall(t.text) if n == name and a != answer), "")
        if other:
            new = f'{name} == "{other}"'
            yield from t.each("rename", f"{old}: {other}", old, new, names=(answer, other, name))
    for answer, name in dict.fromkeys(_MANY.findall(t.text)):
        wrong = misspelt(answer)
        old = f'"{answer}" in {name}'
        yield from t.each(
            "misspell", f"{old}: {wrong}", old, f'"{wrong}" in {name}', names=(answer, wrong, name)
        )


def _conditions(t: Translator) -> Iterator[Mutant]:
    tests = list(
        dict.fromkeys(
            b.test for c in t.markup.choices if c.kind == "if" for b in c.branches if b.test
        )
    )
    for test in tests:
        names = tuple(re.findall(r"[\w-]{4,}", test))
        yield from t.each("condition", f"{test}: or true", test, f"{test} or true", names=names)
        yield from t.each("condition", f"{test}: and false", test, f"{test} and false", names=names)
        yield from t.each("condition", f"{test}: or else", test, f"{test} or", names=names)
        if " == " in test:
            yield from t.each(
                "condition", f"{test}: !=", test, test.replace("==", "!=", 1), names=names
            )
            yield from t.each(
                "condition", f"{test}: = ", test, test.replace("==", "=", 1), names=names
            )
            yield from t.each(
                "condition",
                f"{test}: 12",
                test,
                re.sub(r'"[\w-]+"', "12", test, count=1),
                names=names,
            )
        elif " in " in test:
            yield from t.each(
                "condition", f"{test}: not in", test, test.replace(" in ", " not in "), names=names
            )


_LIMITS = {
    "headline": 70,
    "push": 150,
    "push_title": 50,
    "homepage": 240,
    "short": 280,
    "sms": 920,
    "body": 4100,
}


def _overflow(t: Translator) -> Iterator[Mutant]:
    used = {
        c
        for _, s in t.uses.plan.steps()
        if s.send and s.send.message == t.message
        for c in s.send.channels
    }
    takers = {
        "push": {"push"},
        "push_title": {"push"},
        "homepage": {"homepage"},
        "sms": {"sms"},
        "short": {"x", "homepage", "sms", "push"},
        "body": {"telegram", "instagram"},
        "headline": {"email", "status-page", "error-page", "blog", "internal"},
    }
    filler = phrases.FILLER[t.locale]
    blocks = {block.name for block in t.markup.blocks}
    for name, limit in _LIMITS.items():
        block = t.markup.block(name)
        free = takers[name] & used - (blocks - {name})
        if block and free:
            end = block.body_end
            more = " " + " ".join([filler] * (limit // len(filler) + 1))
            yield t.cut(
                "overflow a channel", f"{name}: far too long", end, end, more, names=(name,)
            )


def _tone(t: Translator) -> Iterator[Mutant]:
    for turn, (category, by_locale) in enumerate(phrases.TONE.items()):
        said = by_locale[t.locale]
        words = said[(t.number // 5 + turn) % len(said)]
        known = category == "jargon" and t.message.endswith("brief")
        yield _saying(t, f"tone: {category}", words, "colleagues know these words" if known else "")
    for number, words in enumerate(phrases.FAMILIAR.get(t.locale, ())):
        if (number + t.number) % 2 == 0 and not _familiar(t):
            yield _saying(t, "register", words)


def _familiar(t: Translator) -> bool:
    """Whether the text itself uses the familiar form: then another sentence of it is none."""
    return t.locale == "es" and bool(re.search(r"\b(puedes|tu|tus|te|contigo)\b", t.text))


def _fairness(t: Translator) -> Iterator[Mutant]:
    for category, by_locale in phrases.FAIRNESS.items():
        for words in by_locale[t.locale]:
            yield _saying(t, category, words)
    turn = t.number
    yield _saying(t, "placeholder", phrases.PLACEHOLDERS[turn % len(phrases.PLACEHOLDERS)])
    yield _saying(t, "secret", phrases.SECRETS[turn % len(phrases.SECRETS)])
    if t.message not in ("internal-brief",):
        yield _saying(t, "personal data", phrases.PERSONAL[t.locale])


def _saying(t: Translator, what: str, words: str, harmless: str = "") -> Mutant:
    at = t.body.body_end
    return t.cut(
        "wording",
        f"say ({what}): {words}",
        at,
        at,
        f"\n\n{words}",
        names=(words,),
        harmless=harmless,
    )


def _differ(t: Translator) -> Iterator[Mutant]:
    at = t.body.body_end
    for what, words in (
        ("a link", "https://help.kestrel.example/now"),
        ("a phone number", "+33 1 99 88 77 66"),
        ("a share", "35 %"),
        ("a fact", "{{ site_url }}"),
    ):
        told = f"{what} in this language only"
        yield t.cut("differ", told, at, at, f"\n\n{words}", names=(words,))


def _jinja(t: Translator) -> Iterator[Mutant]:
    for word in ("endif", "endblock", "endfor", "if", "else", "elif"):
        tags = [tag for tag in t.markup.tags if tag.word == word]
        if tags:
            tag = tags[t.number % len(tags)]
            holder = t.markup.holder(tag.start)
            loses = word not in ("else", "elif")
            told = f"{holder}: no {word} (tag {tags.index(tag)})"
            if loses:
                yield t.cut("jinja", told, tag.start, tag.end, names=(word, holder, "block"))
            told = f"{holder}: {word} never closed (tag {tags.index(tag)})"
            yield t.cut("jinja", told, tag.end - 2, tag.end, names=(word, holder))
            told = f"{holder}: {word} misspelt (tag {tags.index(tag)})"
            new = t.text[tag.start : tag.end].replace(word, misspelt(word) + "x", 1)
            yield t.cut("jinja", told, tag.start, tag.end, new, names=(word, holder))
    first = t.markup.prints[t.number % len(t.markup.prints)]
    yield t.cut(
        "jinja",
        f"{first.words}: braces never closed",
        first.end - 2,
        first.end,
        names=(first.name,),
    )
    yield t.cut(
        "jinja", f"{first.words}: one brace", first.start, first.start + 1, names=(first.name,)
    )
    at = t.body.body_end
    for words in _REFUSED:
        yield t.cut("jinja", f"add {words}", at, at, f"\n{words}", names=(words,))


_REFUSED = (
    "{% include 'x' %}",
    "{% set x %}y{% endset %}",
    "{{ shop_name.upper() }}",
    "{{ ''.__class__ }}",
    "{% macro m() %}x{% endmacro %}",
    "{{ range(10) }}",
    "{{ 1 / 0 }}",
    "{{ shop_name ~ shop_name }}",
)


def locale_mutants(files: Files) -> Iterator[Mutant]:
    """Mutants of which texts there are."""
    texts = [file for file in files if file.endswith(".j2") and "/layouts/" not in file]
    for file in texts:
        folder, _, name = file.rpartition("/")
        message, locale = name.split(".")[:2]
        yield Mutant("drop a locale", f"{file}: delete it", removed=(file,), names=(message,))
        yield Mutant(
            "drop a locale",
            f"{file}: empty it",
            (Edit(file, 0, len(files[file]), ""),),
            names=(message,),
        )
        for new in (
            f"{message}.{misspelt(locale)}x.j2",
            f"{misspelt(message)}.{locale}.j2",
            f"{message}.{locale}.j2.bak",
        ):
            moved = ((f"{folder}/{new}", files[file]),)
            yield Mutant(
                "rename",
                f"{file}: rename it to {new}",
                removed=(file,),
                added=moved,
                names=(message,),
            )
    for one, other in combinations(texts, 2):
        here, there = one.rpartition("/")[0], other.rpartition("/")[0]
        message, locale = one.rpartition("/")[2].split(".")[:2]
        another, its = other.rpartition("/")[2].split(".")[:2]
        if here == there and (message == another or (locale == its and locale in ("en", "tr"))):
            edits = (
                Edit(one, 0, len(files[one]), files[other]),
                Edit(other, 0, len(files[other]), files[one]),
            )
            names = (message, another)
            yield Mutant("swap", f"{one} and {another}.{its}: swap the texts", edits, names=names)
