"""What if: a policy with some of it changed, as `tiers.held-up.offer.amount=10 EUR`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from crisisctl.compensation.deciding import needed
from crisisctl.errors import CrisisError
from crisisctl.playbook import fairness
from crisisctl.playbook.document import Path, Problem
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.offering import GIFTS
from crisisctl.playbook.policy import Policy
from crisisctl.playbook.reader import read_text
from crisisctl.text import did_you_mean, listed, quoted

WINDOW = ("window.from", "window.until")
"""Changes that name a moment, and not a fact."""
_MONEY = frozenset(
    ("budget", "cap", "two_over", "up_to", "order", "amount", "credit", "free_delivery", "worth")
)
_LENGTHS = frozenset(("valid", "once_in", "longer_returns", "honour_price"))
_SHARES = frozenset(("percent", "redemption", "margin_effect"))
_SHARE = re.compile(r"(?a)(\d{1,6})(?:[.,](\d{1,6}))?\s*(%?)")
_PART = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
"""A part of the place that a reader of data tells, such as `$.tiers[4].offer`."""
_ANY = "..."
_KINDS = {"str": "words", "int": "a whole number", "bool": "true or false", "array": "a list",
          "object": "keys with values", "float": "a number", "null": ""}  # fmt: skip


def split(change: str) -> tuple[str, str]:
    """The place and the new value of a change."""
    place, equals, value = change.partition("=")
    if not equals or not place.strip():
        raise CrisisError(
            f"{quoted(change)}: write it as PLACE=VALUE",
            hint='such as "tiers.held-up.offer.amount=10 EUR" or "window.until=21:30"',
        )
    return place.strip(), value.strip()


def changed(plan: Playbook, policy: Policy, changes: Iterable[str]) -> Policy:
    """The policy with these changes. Raises `CrisisError` where it is none any more."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(policy))
    places = []
    for change in changes:
        place, value = split(change)
        if place not in WINDOW:
            places.append(place)
            _set(data, place, value)
    try:
        found = msgspec.convert(data, Policy, strict=True)
    except msgspec.ValidationError as error:
        raise _unfit(data, places, str(error)) from None
    check(replace(plan, compensation=found))
    return found


def check(plan: Playbook) -> None:
    """Raise `CrisisError` with the first thing that is wrong with the policy of a playbook."""

    def told(path: Path, rule: str, text: str, hint: str = "", **_: bool) -> Problem:
        where = _place(plan, path)
        return Problem(line=1, column=1, text=f"{where}: {text}", hint=hint, rule=rule, path=path)

    for problem in fairness.problems(plan, told):
        raise CrisisError(problem.text, hint=problem.hint)


def _place(plan: Playbook, path: Path) -> str:
    """Where in a playbook something stands, as people type it: by ids, not by numbers."""
    if path[:1] == ("stages",) and len(path) > 2:
        steps = {str(stage): steps for stage, steps in plan.stages.items()}[str(path[1])]
        return f"the step {steps[int(path[2])].id}"
    return _named(msgspec.to_builtins(plan.compensation), path[1:])


def _named(data: Any, path: Iterable[str | int]) -> str:
    """A path as it is typed; which of several plain words is meant is left out."""
    found = []
    for part in path:
        inside = isinstance(data, list | tuple | dict)
        try:
            data = data[part] if inside else None
        except (KeyError, IndexError, TypeError):
            data = None
        if not isinstance(part, int):
            found.append(part)
        elif isinstance(data, dict) and "id" in data:
            found.append(str(data["id"]))
    return ".".join(found)


def _unfit(data: Any, places: Iterable[str], message: str) -> CrisisError:
    """What a reader of data says of a policy, in words."""
    what, _, at = message.partition(" - at `$")
    path: list[str | int] = [
        name or (int(number) if number.isdigit() else number) for name, number in _PART.findall(at)
    ]
    place = _named(data, path) or "the policy"
    if _ANY in path:  # it does not say in which of several: the place that was typed is told
        ends = [typed for typed in places if typed.rpartition(".")[2] == path[-1]]
        place = ends[-1] if ends else place.replace(_ANY, "*")
    if lacks := re.search(r"missing required field `(\w+)`", what):
        return CrisisError(f"{place}: it cannot be without {lacks[1]}")
    if place.rpartition(".")[2] in _MONEY:
        return CrisisError(f"{place}: that is no sum of money: write it as 10 {data['currency']}")
    if wanted := re.search(r"Expected `([^`]+)`", what):
        kinds = [_KINDS.get(kind.strip(), kind.strip()) for kind in wanted[1].split("|")]
        return CrisisError(
            f"{place}: that cannot stand there: write {listed(filter(None, kinds), 'or')}"
        )
    return CrisisError(f"{place}: that cannot stand there: {what[:1].lower()}{what[1:]}")


def fingerprint(policy: Policy, facts: Mapping[str, object]) -> str:
    """One hash over a policy and the facts that it asks: what people approve."""
    asked = {name: str(facts[name]) for name in sorted(needed(policy)) if name in facts}
    body = msgspec.json.encode([policy, asked])
    return hashlib.sha256(body).hexdigest()


def moments(
    changes: Iterable[str], since: datetime | None, until: datetime | None, read: Any
) -> tuple[datetime | None, datetime | None]:
    """The bounds of the window with these changes; `read` reads a moment."""
    for change in changes:
        place, value = split(change)
        if place in WINDOW:
            moment = read(value) if value else None
            since, until = (moment, until) if place == WINDOW[0] else (since, moment)
    return since, until


def _set(data: dict[str, Any], place: str, value: str) -> None:
    """Put a value at a place; an empty one takes away what stands there."""
    *way, last = place.split(".")
    here: Any = data
    for part in way:
        here = _inside(here, part, place)
    if isinstance(here, list):
        at = _index(here, last, place)
        if value:
            raise CrisisError(f"{place}: say what of it changes", hint=f"{place}.when=CONDITION")
        del here[at]
        return
    if not isinstance(here, dict):
        raise CrisisError(f"{place}: there is nothing inside {quoted(way[-1] if way else place)}")
    if last not in here:
        raise _unknown(place, last, here)
    if not value:
        del here[last]
        return
    here[last] = _fit(_value(value, place), value, place, str(data["currency"]))
    if way and way[-1] == "offer":  # an offer gives one thing: what it gave before goes
        for name in GIFTS:
            if name != last and last in GIFTS:
                here.pop(name, None)


def _fit(value: Any, typed: str, place: str, currency: str) -> Any:
    """The value if it can stand at its place. Raises `CrisisError` with how it is written."""
    last = place.rpartition(".")[2]
    if last in _SHARES:
        return _share(value, typed, place)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if last in _MONEY and (number or _bare(value)):
        many = typed if number else "10"
        what = f"{place}: {typed} is no sum of money: write {many} {currency}"
        raise CrisisError(what)
    if last in _LENGTHS and number:
        raise CrisisError(f"{place}: {typed} is no length of time: write {typed}d, or {typed}h")
    return value


def _bare(value: Any) -> bool:
    """Whether there is a number among several sums."""
    return isinstance(value, list) and not all(isinstance(each, str) for each in value)


def _share(value: Any, typed: str, place: str) -> Any:
    """So many of 100: 20, or 20 %. A fraction could be meant in two ways, so it is asked back."""
    found = _SHARE.fullmatch(typed)
    if found is None:
        return value
    whole, rest, sign = found.groups()
    if not (rest or "").strip("0"):
        return int(whole)
    if not sign and not int(whole):
        meant = f"{float(f'0.{rest}') * 100:g}"
        hint = f"write {meant} for {meant} of 100" if "." not in meant else "write a whole number"
    else:
        hint = f"write {whole} or {int(whole) + 1}"
    raise CrisisError(f"{place}: {typed} is no whole number of per cent: {hint}")


def _inside(here: Any, part: str, place: str) -> Any:
    if isinstance(here, list):
        return here[_index(here, part, place)]
    if isinstance(here, dict) and part in here:
        return here[part]
    raise _unknown(place, part, here if isinstance(here, dict) else {})


def _index(here: list[Any], id: str, place: str) -> int:
    ids = [each.get("id") if isinstance(each, dict) else None for each in here]
    if id in ids:
        return ids.index(id)
    raise _unknown(place, id, [str(each) for each in ids])


def _unknown(place: str, part: str, known: Iterable[str]) -> CrisisError:
    meant = did_you_mean(part, known)
    hint = f'did you mean "{meant}"?' if meant else f"there is {listed(sorted(known)) or 'nothing'}"
    return CrisisError(f"{place}: the policy has no {quoted(part, 30)} there", hint=hint)


def _value(text: str, place: str) -> Any:
    """A value as YAML writes it."""
    document = read_text(f"value: {text}")
    if document.problems or not isinstance(document.value, dict):
        document = read_text(f"value: {msgspec.json.encode(text).decode()}")
    if not isinstance(document.value, dict) or "value" not in document.value:
        raise CrisisError(f"{place}: {quoted(text)} is no value")
    return document.value["value"]
