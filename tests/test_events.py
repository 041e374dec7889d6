"""Events: written as JSON and read back, also by an older crisisctl than wrote them."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import BEGAN, a_playbook, minute
from strategies import KINDS, MOMENT, NUMBER, TEXT, an_event_of

from crisisctl.errors import CrisisError
from crisisctl.incident import events as ev
from crisisctl.playbook import values


def an_entry(event: ev.Event, **changes: object) -> ev.Entry:
    fields = {"seq": 3, "occurred_at": BEGAN, "recorded_at": minute(5), "by": "ana"}
    return ev.Entry(**{**fields, "event": event, **changes})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_every_kind_of_event_is_read_back_as_it_was_written(
    kind: type[ev.Event], data: st.DataObject
) -> None:
    entry = an_entry(data.draw(an_event_of(kind)), seq=data.draw(st.integers(1, 2**53)))

    assert ev.decode(ev.encode(entry)) == entry


@given(
    value=st.one_of(
        TEXT,
        NUMBER,
        st.booleans(),
        MOMENT,
        st.timedeltas(-timedelta(days=9000), timedelta(days=9000)),
        st.decimals(-(10**12), 10**12, places=4).map(Decimal.normalize),
        st.lists(TEXT, max_size=4).map(tuple),
    )
)
def test_a_value_comes_out_of_the_journal_as_it_went_in(value: values.Value) -> None:
    event = ev.FactRecorded("name", values.encode(value))

    assert ev.decode(ev.encode(an_entry(event))).event == event


def test_an_event_is_one_line_of_json_that_names_its_kind_and_both_its_times() -> None:
    body = ev.encode(an_entry(ev.NoteAdded("Two\nlines\u2028 and an emoji: 🙂")))

    assert b"\n" not in body
    assert json.loads(body) == {
        "seq": 3,
        "occurred_at": "2026-11-27T19:00:00Z",
        "recorded_at": "2026-11-27T19:05:00Z",
        "by": "ana",
        "event": {"type": "note-added", "text": "Two\nlines\u2028 and an emoji: 🙂", "topic": ""},
    }


def test_the_same_event_is_always_the_same_bytes() -> None:
    entry = an_entry(ev.PlaybookAdded("outage", "text", a_playbook()))

    assert ev.encode(entry) == ev.encode(ev.decode(ev.encode(entry)))


def test_kinds_are_named_in_the_past_tense_and_each_once() -> None:
    names = {kind.__struct_config__.tag for kind in KINDS} - {"unknown"}

    assert len(names) == len(KINDS) - 1
    assert {name.rpartition("-")[2] for name in names} <= {
        *("declared", "added", "changed", "assigned", "over", "started", "completed", "skipped"),
        *("taken", "recorded", "retracted", "reached", "approved", "sent", "made", "waived", "ran"),
        *("done", "closed", "reopened", "drafted", "intended", "delivered", "failed", "kept"),
        *("restricted", "lifted", "decided", "corrected", "found", "moved", "declined"),
        *("chosen", "imported", "answered", "marked", "measured", "planned", "issued", "read"),
        *("settled",),
    }


def test_a_plan_survives_the_journal_whole() -> None:
    plan = a_playbook()

    read = ev.decode(ev.encode(an_entry(ev.PlaybookAdded("outage", "text", plan)))).event

    assert isinstance(read, ev.PlaybookAdded)
    assert read.plan == plan
    assert read.plan.deadlines["first-word"].from_ == "declared"


def a_body(**event: object) -> bytes:
    return json.dumps(
        {
            "seq": 7,
            "occurred_at": "2026-11-27T19:00:00Z",
            "recorded_at": "2026-11-27T19:05:00Z",
            "by": "jo",
            "event": event,
        }
    ).encode()


def test_an_event_of_a_newer_crisisctl_is_kept_as_one_nobody_knows() -> None:
    entry = ev.decode(a_body(type="customers-hugged", arms=2, how={"warmly": [1, None]}))

    assert entry == ev.Entry(7, BEGAN, minute(5), "jo", ev.Unknown("customers-hugged"))
    assert ev.kind(entry.event) == "customers-hugged"


def test_a_known_event_may_have_grown_a_field_since() -> None:
    entry = ev.decode(a_body(type="note-added", text="hello", mood="calm"))

    assert entry.event == ev.NoteAdded("hello")


@pytest.mark.parametrize(
    "event",
    [
        {"type": "severity-changed", "severity": "sev0", "because": "a new one"},
        {"type": "milestone-reached", "milestone": "forgiven", "at": "2026-11-27T19:00:00Z"},
        {"type": "note-added", "text": {"en": "hello"}},
    ],
)
def test_a_known_event_with_a_new_word_in_it_is_never_left_out(event: dict[str, object]) -> None:
    with pytest.raises(CrisisError, match="a form that this version does not know"):
        ev.decode(a_body(**event))


def test_a_text_that_no_file_can_hold_is_not_saved() -> None:
    with pytest.raises(CrisisError, match="not saved"):
        ev.encode(an_entry(ev.NoteAdded("\udcff")))
