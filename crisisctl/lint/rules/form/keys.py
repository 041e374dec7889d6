"""The form of a playbook file: keys without effect, texts without words, names that mislead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book
from crisisctl.playbook import values
from crisisctl.playbook.model import Fact
from crisisctl.playbook.policy import Policy
from crisisctl.playbook.reader import Path

_CHOICES = ("choice", "choices")
_ONLY_ASKED = ("ask", "hint", "optional", "certainty", "workspace", "example", "ahead", "least")
"""What only a fact that is asked can have."""


@rule("pointless-key", Book, broken=True)
def pointless_key(book: Book) -> Iterator[Hit]:
    """A key that has no effect where it stands.

    Whoever wrote it expected something of it that will not happen: a computed
    fact is never asked, only times lie ahead or are promised, only choices have
    choices.

    Bad:
        downtime: {type: duration, compute: mitigated_at - started_at, optional: true}
        site_url: {type: url, ask: Which address is failing?, ahead: true}
    Good:
        downtime: {type: duration, compute: mitigated_at - started_at}
        eta: {type: time, ask: When will it work again?, ahead: true}
    """
    for name, fact in book.plan.facts.items():
        if not book.lost_in(("facts", name)):
            for key, why, hint in _pointless(book, name, fact):
                what = f'"{key}" has no effect on "{name}": {why}'
                yield book.at(("facts", name, key), what, hint, key=True)
    for path, _, step in book.steps:
        for number, name in enumerate(step.ask):
            spec = book.plan.facts.get(name)
            if spec is not None and spec.compute:
                what = f'"{name}" is computed, so step "{step.id}" does not ask it'
                yield book.at((*path, "ask", number), what, "take it out of `ask`")


def _pointless(book: Book, name: str, fact: Fact) -> Iterator[tuple[str, str, str]]:
    """The keys of a fact that do nothing, each with why and with what to do."""
    written = [
        key for key in Fact.__struct_fields__ if ("facts", name, key) in book.file.document.keys
    ]
    for key in written:
        if not getattr(fact, key) and key != "least":
            continue
        if fact.compute and (key in _ONLY_ASKED or key in ("milestone", "promise")):
            hint = "take it out; or ask the fact instead of computing it"
            if key != "certainty" or fact.certainty == "ask":
                yield key, "it is computed, and never asked", hint
        elif key == "choices" and fact.type not in _CHOICES:
            yield key, f"it is of type {fact.type}", "write `type: choice` or `type: choices`"
        elif key in ("ahead", "promise") and fact.type != "time":
            yield key, f"it is of type {fact.type}, and only a time can be", "write `type: time`"
        elif key == "least" and fact.type != "number":
            yield key, f"it is of type {fact.type}, which has no least", "write `type: number`"


@rule("impossible-answer", Book, broken=True)
def impossible_answer(book: Book) -> Iterator[Hit]:
    """A time that no answer can fit: it must have happened, and must be still to come.

    A milestone is a moment that has come, and `ahead` refuses every moment that
    has. Whatever is typed at night, the question comes back.

    Bad:
        mitigated_at: {type: time, ask: Since when?, milestone: mitigated, ahead: true}
    Good:
        mitigated_at: {type: time, ask: Since when?, milestone: mitigated}
    """
    for name, fact in book.plan.facts.items():
        if fact.ahead and fact.milestone and fact.type == "time" and not fact.compute:
            what = f'no time can answer "{name}": a milestone has come, `ahead` is still to come'
            yield book.at(("facts", name, "ahead"), what, "take out `ahead`", key=True)


_TOLD_ELSEWHERE = frozenset(
    {"playbook", "id", "message", "to", "fact", "met_by", "kept_by", "owner", "reviewed", "role"}
    | {"command", "timeout", "within", "ask", "assign", "channels", "type"}
)
"""Keys of names, lists of names and durations: without words they are a mistake of another rule."""


@rule("empty-text", Book, broken=True)
def empty_text(book: Book) -> Iterator[Hit]:
    """A text is there, and says nothing.

    The operator would see a question, a choice or a line to tick off without
    words.

    Bad:
        checklist: [Seen from a second network, ""]
    Good:
        checklist: [Seen from a second network]
    """
    for path, value in book.file.document.singles.items():
        if not isinstance(value, str) or not path:
            continue
        if not _says_nothing(value) or _is_told_elsewhere(path):
            continue
        place = next((part for part in reversed(path) if isinstance(part, str)), "")
        if isinstance(path[-1], int):
            yield book.at(
                path, f'item {path[-1] + 1} of "{place}" is empty', "write it out, or remove it"
            )
        else:
            yield book.at(path, f'"{place}" is empty', "write it out, or remove the key")


def _says_nothing(text: str) -> bool:
    if text[:1].isalnum():
        return False
    return not any(char.isprintable() and not char.isspace() for char in text)


def _is_told_elsewhere(path: Path) -> bool:
    names = [part for part in path if isinstance(part, str)]
    if path[0] == "facts" and len(path) > 2:
        return path[2] in ("example", "promise") and path[-1] != "title"
    if names[-1] == "ask":
        return isinstance(path[-1], int)
    return names[-1] in _TOLD_ELSEWHERE or "within" in names


@rule("duplicate-item", Book, broken=True)
def duplicate_item(book: Book) -> Iterator[Hit]:
    """The same thing stands twice in one list, or two choices read the same.

    A channel that stands twice hides the one that was meant; of two choices
    with the same words nobody knows which one to take.

    Bad:
        channels: [email, sms, email]
        choices: {load: Too many visitors, attack: Too many visitors}
    Good:
        channels: [email, sms, push]
        choices: {load: Too many visitors, attack: An attack}
    """
    for path, _, step in book.steps:
        for key, items in (
            ("ask", step.ask),
            ("assign", step.assign),
            ("checklist", step.checklist),
        ):
            yield from _twice(book, (*path, key), items)
        if step.send:
            yield from _twice(book, (*path, "send", "channels"), step.send.channels)
        if step.decide:
            titles = {key: option.title for key, option in step.decide.options.items()}
            yield from _alike(book, (*path, "decide", "options"), titles, "title")
    for name, fact in book.plan.facts.items():
        yield from _alike(book, ("facts", name, "choices"), fact.choices)
        if isinstance(fact.example, list):
            yield from _twice(book, ("facts", name, "example"), tuple(fact.example))
    for name, impact in book.plan.impact.items():
        titles = {key: answer.title for key, answer in impact.answers.items()}
        yield from _alike(book, ("impact", name, "answers"), titles, "title")
    if ("close_needs",) in book.file.document.keys:
        yield from _twice(book, ("close_needs",), book.plan.close_needs)


def _twice(book: Book, path: Path, items: tuple[str, ...]) -> Iterator[Hit]:
    seen: set[str] = set()
    for number, item in enumerate(items):
        bare = " ".join(item.split()).casefold()
        if bare and bare in seen and not book.lost_in((*path, number)):
            shown = item if len(item) <= 60 else f"{item[:60]}…"
            what = f'"{shown}" stands twice in "{path[-1]}"'
            yield book.at((*path, number), what, "remove one, or write what was meant")
        seen.add(bare)


def _alike(book: Book, path: Path, words: Mapping[str, str], inner: str = "") -> Iterator[Hit]:
    """Choices that people cannot tell apart, because they read the same."""
    first: dict[str, str] = {}
    for key, shown in words.items():
        bare = " ".join(shown.split()).casefold()
        place = (*path, key, inner) if inner else (*path, key)
        if bare in first and bare and not book.lost_in(place):
            what = f'"{key}" reads the same as "{first[bare]}"'
            yield book.at(place, what, "write what makes them different")
        first.setdefault(bare, key)


@rule("zero-duration", Book, broken=True)
def zero_duration(book: Book) -> Iterator[Hit]:
    """No time at all is given for something.

    A deadline of nothing is overdue before anybody could act, a command without
    time is stopped before it has begun, and a voucher has ended when it arrives.

    Bad:
        within: {sev1: 0m, sev2: 30m}
    Good:
        within: {sev1: 10m, sev2: 30m}
    """
    given: list[tuple[Path, str]] = []
    for name, deadline in book.plan.deadlines.items():
        given += ((("deadlines", name, "within", s), text) for s, text in deadline.within.items())
    for path, _, step in book.steps:
        given.append(((*path, "timebox"), step.timebox))
        if step.run:
            given.append(((*path, "run", "timeout"), step.run.timeout))
    given += _lengths_of(book.plan.compensation)
    for path, text in given:
        if text and "0" in text and _length(text) == timedelta():
            what = f'"{path[-1]}" leaves no time at all'
            yield book.at(path, what, "write how long it may take, such as 10m")


def _lengths_of(policy: Policy | None) -> Iterator[tuple[Path, str]]:
    """How long what a policy gives can be used."""
    if policy is None:
        return
    yield ("compensation", "once_in"), policy.once_in
    for number, tier in enumerate(policy.tiers):
        where: Path = ("compensation", "tiers", number)
        yield (*where, "valid"), tier.valid
        yield (*where, "offer", "longer_returns"), tier.offer.longer_returns
        yield (*where, "offer", "honour_price"), tier.offer.honour_price


def _length(text: str) -> timedelta | None:
    try:
        return values.parse_duration(text)
    except CrisisError:
        return None


@rule("name-mismatch", Book, broken=True)
def name_mismatch(book: Book) -> Iterator[Hit]:
    """The playbook, or the regulation, has another name than its file.

    `crisisctl start outage` looks for playbooks/outage.yaml, and for the messages
    of "outage" in templates/outage. With another name inside, one of the two is
    not found on the night. `crisisctl clocks` refuses a regulation whose file is
    called otherwise, and never opens one that does not end in .yaml.

    Bad:
        # playbooks/outage.yaml
        playbook: site-outage
    Good:
        # playbooks/outage.yaml
        playbook: outage
    """
    place, name = book.place, book.plan.playbook
    if place.parent.name != "playbooks" or book.lost_in(("playbook",)):
        return
    if ("playbook",) not in book.file.document.values:
        return
    if place.stem != name:
        hint = f"write `playbook: {place.stem}`, or rename the file to {name}.yaml"
        what = f'the playbook is called "{name}", and its file "{place.name}"'
        yield book.at(("playbook",), what, hint)
    elif place.suffix != ".yaml":
        hint = f"rename the file to {place.stem}.yaml"
        what = f'`start` would not find "{place.name}": playbooks end in .yaml'
        yield book.at(("playbook",), what, hint)
