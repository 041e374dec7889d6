"""What refers beyond a playbook file: channels, audiences, languages, settings, messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec
from jinja2 import nodes

from crisisctl.lint.finding import Hit, and_more
from crisisctl.lint.rule import rule
from crisisctl.lint.settings import WorkspaceFile
from crisisctl.lint.subject import LOCALES, Book, MessageText, anatomy
from crisisctl.messages.bulk.columns import PREFIX
from crisisctl.text import did_you_mean, listed

AUDIENCES = (
    *("customers", "staff", "press", "partners", "suppliers"),
    *("authority", "investors", "public"),
)
"""Whom a crisis has to be told, in any shop; others stand under `audiences` in crisisctl.yaml."""
OF_A_MESSAGE = ("next_update", "sent_at")
"""Names that every message may use beside the facts."""
OF_A_TIER = tuple(
    f"{PREFIX}{each}" for each in ("code", "amount", "percent", "up_to", "refund", "until")
)
"""What a message may say to those to whom something was handed out."""
_FEW = 14


def _hint(name: str, known: Iterable[str], otherwise: str = "") -> str:
    names = list(known)
    guess = did_you_mean(name, names)
    if guess:
        return f'did you mean "{guess}"?'
    few = f"there is {listed(names)}" if 0 < len(names) <= _FEW else ""
    return "; ".join(part for part in (otherwise, few) if part)


@rule("unknown-channel", Book, broken=True)
def unknown_channel(book: Book) -> Iterator[Hit]:
    """A message goes to a channel that does not exist.

    It would not be sent there, and nobody would see that it was not. Channels
    stand in templates/channels.yaml.

    Bad:
        send: {message: holding, channels: [status-page, e-mail]}
    Good:
        send: {message: holding, channels: [status-page, email]}
    """
    known = book.channels.channels
    for sending in book.sendings:
        for number, name in enumerate(sending.send.channels):
            path = (*sending.path, "send", "channels", number)
            if known and name not in known and not book.lost_in(path):
                hint = _hint(name, known, "channels stand in templates/channels.yaml")
                yield book.at(path, f'there is no channel "{name}"', hint)


@rule("unknown-audience", Book, broken=True)
def unknown_audience(book: Book) -> Iterator[Hit]:
    """A message goes to people whom nobody has named.

    The audience decides which deadlines a message meets and where its addresses
    are. With a misspelt one the clock for customers runs on although they were
    told.

    Bad:
        send: {message: holding, to: costumers, channels: [email]}
    Good:
        send: {message: holding, to: customers, channels: [email]}
    """
    setting = book.workspace.get("audiences")
    own = [str(name) for name in setting] if isinstance(setting, dict) else []
    known = list(dict.fromkeys([*AUDIENCES, *own]))
    for sending in book.sendings:
        name, path = sending.send.to, (*sending.path, "send", "to")
        if name not in known and not book.lost_in(path):
            hint = _hint(name, known, "add it under `audiences:` in crisisctl.yaml")
            yield book.at(path, f'there is no audience "{name}"', hint)


@rule("unknown-locale", Book, broken=True)
def unknown_locale(book: Book) -> Iterator[Hit]:
    """A language that messages cannot be written in.

    Dates, numbers and sums are written in the language of the message. For a
    language that is not known here, no message can be rendered.

    Bad:
        locales:
          type: choices
          workspace: locales
          choices: {en: English, sp: Español}
    Good:
        locales:
          type: choices
          workspace: locales
          choices: {en: English, es: Español}
    """
    for name, fact in book.plan.facts.items():
        if fact.workspace == "locales":
            for locale in fact.choices:
                if locale not in LOCALES:
                    path = ("facts", name, "choices", locale)
                    what = f'"{locale}" is not a language that messages can be written in'
                    hint = f"there is {listed(LOCALES)}"
                    yield book.at(path, what, hint, key=True)


@rule("unknown-setting", Book, broken=True)
def unknown_setting(book: Book) -> Iterator[Hit]:
    """A fact wants its answer from a setting that crisisctl.yaml does not have.

    So it is never answered from there, and the operator is asked at night for
    what was written down long before.

    Bad:
        shop_name: {type: text, ask: What is the shop called?, workspace: brnad.name}
    Good:
        shop_name: {type: text, ask: What is the shop called?, workspace: brand.name}
    """
    for name, fact in book.plan.facts.items():
        if fact.workspace and not book.lost_in(("facts", name, "workspace")):
            wrong = _wrong_setting(book, fact.workspace)
            if wrong is not None:
                what, hint = wrong
                yield book.at(("facts", name, "workspace"), what, hint)


_BRAND = ("name", "support_email", "phone", "status_url")
"""What the shipped playbooks read of the brand."""
_SETTINGS = {field.encode_name: field.type for field in msgspec.structs.fields(WorkspaceFile)}


def _wrong_setting(book: Book, setting: str) -> tuple[str, str] | None:
    """What is wrong with a dotted path into crisisctl.yaml, and what to do; None: nothing."""
    first, *rest = setting.split(".")
    if first not in _SETTINGS:
        guess = did_you_mean(first, _SETTINGS)
        meant = ".".join([guess, *rest]) if guess else ""
        hint = f'did you mean "{meant}"?' if guess else "write brand.name or another setting"
        return f'crisisctl.yaml has no setting "{first}"', hint
    if not all(rest):
        return f'"{setting}" ends in a dot, or holds two', "write it as brand.name"
    if first in _ONE_VALUE:
        return (f'"{first}" holds nothing further', f"write {first}") if rest else None
    if first != "brand":
        what = f'"{first}" in crisisctl.yaml is no answer to a question'
        return what, "write brand.name, locales, time_zone or currency"
    if not rest:
        return '"brand" has several parts', "write which, such as brand.name"
    if book.workspace.get(setting) is None and (meant := _slip(rest[0])):
        return f'there is no "{rest[0]}" in the usual brand', f'did you mean "brand.{meant}"?'
    return None


_ONE_VALUE = ("locales", "time_zone", "currency")


def _slip(word: str) -> str:
    """The usual key of the brand from which a word differs by a slip of the finger."""
    return "" if word in _BRAND else next((key for key in _BRAND if _one_slip(word, key)), "")


def _one_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, too many, wrong, or two have changed places."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or long[-1].isdigit():
        return False
    begin = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if begin is None:
        return True
    rest, other_rest = short[begin:], long[begin:]
    if len(short) < len(long):
        return rest == other_rest[1:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return rest[1:] == other_rest[1:] or swapped == other_rest


@rule("unknown-name", MessageText, broken=True)
def unknown_name(text: MessageText) -> Iterator[Hit]:
    """A message speaks of something that the playbook does not define.

    The message cannot be rendered; and where the name stands in a test such as
    `is defined`, its words never appear, without anybody noticing. Each name is
    told of once in each text, at its first place. Names that begin with `customer_`
    come from the list of people that a message is rendered for; without such a list
    nobody knows them, and so a text must ask `is defined`. Where every step that sends
    it has `tiers`, what was handed out is known: customer_code and its like.

    Bad:
        Our shop has been down since {{ strated_at | clock }}.
    Good:
        Our shop has been down since {{ started_at | clock }}.
    """
    known = {*text.book.walks.specs, *OF_A_MESSAGE}
    if any(name.startswith(PREFIX) for name, _, _ in names_of(text.source.text)):
        known |= {name for name in _asked_for(text.source.text) if name.startswith(PREFIX)}
        if text.senders and all(sending.send.tiers for sending in text.senders):
            known |= set(OF_A_TIER)
    places: dict[str, list[int]] = {}
    for name, line, nth in names_of(text.source.text):
        if name not in known:
            places.setdefault(name, []).append(text.on_line(line, name, nth))
    for name, found in places.items():
        if name.startswith(PREFIX):
            what = f'"{name}" is known for a list of people only'
            hint = f"write {{% if {name} is defined %}} around it"
        else:
            guess = did_you_mean(name, known)
            hint = f'did you mean "{guess}"?' if guess else "define it under `facts:`, and ask it"
            what = f'the playbook "{text.book.plan.playbook}" has no fact "{name}"'
        yield text.hit(min(found), what + and_more(len(found)), hint)


def _asked_for(text: str) -> set[str]:
    """The names of which a template asks whether they are known."""
    return {
        test.node.name
        for test in anatomy(text).every
        if isinstance(test, nodes.Test)
        and isinstance(test.node, nodes.Name)
        and test.name in ("defined", "undefined")
    }


_JINJA = ("self", "loop", "range", "dict", "lipsum", "cycler", "joiner", "namespace")
"""What Jinja means by a name; most of it is refused, and told of there."""


@lru_cache(maxsize=512)
def names_of(text: str) -> tuple[tuple[str, int, int], ...]:
    """Each name that a template takes from outside: its line, and which mention there it is."""
    every = anatomy(text).every
    own = {*_JINJA, *_own_names(every)}
    found: list[tuple[str, int, int]] = []
    seen: dict[tuple[str, int], int] = {}
    for node in every:
        if isinstance(node, nodes.Name):
            place = (node.name, node.lineno)
            if node.name not in own:
                found.append((node.name, node.lineno, seen.get(place, 0)))
            seen[place] = seen.get(place, 0) + 1
    return tuple(found)


def _own_names(every: Iterable[nodes.Node]) -> Iterator[str]:
    """The names that a template gives to things itself."""
    for node in every:
        match node:
            case nodes.Name(ctx="store" | "param", name=name):
                yield name
            case nodes.Macro(name=name) | nodes.Import(target=name):
                yield name
            case nodes.FromImport(names=names):
                yield from (name if isinstance(name, str) else name[1] for name in names)
