"""What if: a policy with some of it changed, as `tiers.held-up.offer.amount=10 EUR`."""

from __future__ import annotations

import hashlib
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
    for change in changes:
        place, value = split(change)
        if place not in WINDOW:
            _set(data, place, value)
    try:
        found = msgspec.convert(data, Policy, strict=True)
    except msgspec.ValidationError as error:
        raise CrisisError(f"the changed policy is none: {error}") from None
    check(replace(plan, compensation=found))
    return found


def check(plan: Playbook) -> None:
    """Raise `CrisisError` with the first thing that is wrong with the policy of a playbook."""

    def told(path: Path, rule: str, text: str, hint: str = "", **_: bool) -> Problem:
        where = ".".join(str(part) for part in path[1:])
        return Problem(line=1, column=1, text=f"{where}: {text}", hint=hint, rule=rule, path=path)

    for problem in fairness.problems(plan, told):
        raise CrisisError(problem.text, hint=problem.hint)


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
    here[last] = _value(value, place)
    if way and way[-1] == "offer":  # an offer gives one thing: what it gave before goes
        for name in GIFTS:
            if name != last and last in GIFTS:
                here.pop(name, None)


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
