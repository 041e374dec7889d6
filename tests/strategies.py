"""Anything that may happen: strategies for hypothesis, derived from the events themselves."""

from __future__ import annotations

import typing
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
from hypothesis import strategies as st
from makers import BEGAN, a_playbook

from crisisctl.deadlines.regulations import load_regulations
from crisisctl.incident import events as ev
from crisisctl.playbook.model import Playbook
from crisisctl.playbook.policy import Policy
from crisisctl.playbook.regulation import Regulation
from crisisctl.workspace import Workspace

KINDS: tuple[type[ev.Event], ...] = typing.get_args(ev.Event)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MOMENT = st.timedeltas(-timedelta(days=9000), timedelta(days=9000)).map(BEGAN.__add__)
NUMBER = st.integers(-(10**12), 10**12)
FLOAT = st.floats(allow_nan=False, allow_infinity=False)
SUM = st.decimals(0, 10**9, places=2)
PLAIN = st.one_of(TEXT, NUMBER, st.booleans(), st.lists(TEXT, max_size=3), FLOAT)


def of_type(hint: object) -> st.SearchStrategy[object]:
    """Anything that a field of an event can hold."""
    if hint in (Playbook, Regulation, Policy):
        return st.just(_written(hint))
    if hint == ev.Plain:
        return PLAIN
    by_type = {
        str: TEXT,
        int: NUMBER,
        bool: st.booleans(),
        datetime: MOMENT,
        float: FLOAT,
        Decimal: SUM,
    }
    if hint in by_type:
        return by_type[hint]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return an_event_of(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if origin is dict:
        return st.dictionaries(TEXT, of_type(arguments[1]), max_size=3)
    if origin is tuple and arguments[-1] is not Ellipsis:
        return st.tuples(*map(of_type, arguments))
    if origin is tuple:
        return st.lists(of_type(arguments[0]), max_size=3).map(tuple)
    return st.one_of([st.none() if arm is type(None) else of_type(arm) for arm in arguments])


def _written(hint: object) -> object:
    """What people write beforehand."""
    if hint is Policy:
        return Policy(currency="EUR", rates={"TRY": "0.02"}, harm={})
    return a_playbook() if hint is Playbook else load_regulations(Workspace())[0]


def an_event_of(kind: type[msgspec.Struct]) -> st.SearchStrategy[msgspec.Struct]:
    """Any event of this kind."""
    fields = {name: of_type(hint) for name, hint in typing.get_type_hints(kind).items()}
    return st.builds(kind, **fields)


def any_event() -> st.SearchStrategy[ev.Event]:
    """Any event at all, except those that begin an incident."""
    first = (ev.IncidentDeclared, ev.PlaybookAdded)
    return st.one_of([an_event_of(kind) for kind in KINDS if kind not in first])
