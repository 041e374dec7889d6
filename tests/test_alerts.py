"""Alerts from monitoring: which are read, which are refused, and what a declaration takes on."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis, Ran
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from crisisctl.cli.app import app
from crisisctl.errors import CrisisError
from crisisctl.runner.alerts import Alert, read_alert
from crisisctl.runner.intake import alert_from

NS_TIME = "2026-11-27T19:04:05.123456789Z"
BEGAN = datetime(2026, 11, 27, 19, 4, 5, tzinfo=UTC)
ZERO = "0001-01-01T00:00:00Z"

ROW: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "CartErrors", "instance": "shop-3:8080"},
    "annotations": {"summary": "Half of all carts fail", "description": "0.5 for 10 minutes"},
    "startsAt": NS_TIME,
    "endsAt": ZERO,
    "generatorURL": "https://prom.kestrel.example/graph?g0.expr=cart",
    "fingerprint": "0a1b2c3d4e5f6071",
}
ALERTMANAGER: dict[str, Any] = {
    "version": "4",
    "groupKey": '{}:{alertname="CartErrors"}',
    "truncatedAlerts": 0,
    "status": "firing",
    "receiver": "crisis",
    "groupLabels": {"alertname": "CartErrors"},
    "commonLabels": {"alertname": "CartErrors", "team": "cart"},
    "commonAnnotations": {},
    "externalURL": "https://am.kestrel.example",
    "alerts": [ROW],
}
GRAFANA: dict[str, Any] = {
    **ALERTMANAGER,
    "version": "1",
    "groupKey": "{}:{}",
    "orgId": 7,
    "title": "[FIRING:1]  (cart shop-3:8080)",
    "state": "alerting",
    "message": "**Firing**\n\nValue: B=0.5\n",
    "alerts": [{**ROW, "dashboardURL": "", "panelURL": "", "values": {"B": 0.5}}],
}
PAGERDUTY: dict[str, Any] = {
    "event": {
        "id": "01KESTREL0EVENT",
        "event_type": "incident.triggered",
        "resource_type": "incident",
        "occurred_at": "2026-11-27T19:05:00.000Z",
        "agent": None,
        "client": None,
        "data": {
            "id": "PKESTREL",
            "type": "incident",
            "html_url": "https://kestrel.pagerduty.com/incidents/PKESTREL",
            "number": 12,
            "status": "triggered",
            "created_at": "2026-11-27T19:04:05Z",
            "title": "Nobody can pay",
            "service": {"summary": "Payments", "type": "service_reference"},
            "priority": None,
            "urgency": "high",
        },
    }
}
UPTIMEROBOT: dict[str, Any] = {
    "monitorID": "900100",
    "monitorURL": "https://kestrel.example/cart",
    "monitorFriendlyName": "Cart",
    "alertType": "1",
    "alertTypeFriendlyName": "Down",
    "alertDetails": "Connection timeout",
    "alertDuration": "*alertDuration*",
    "alertDateTime": str(int(BEGAN.timestamp())),
    "sslExpiryDate": "*sslExpiryDate*",
}
CLOUDEVENTS: dict[str, Any] = {
    "specversion": "1.0",
    "id": "K-1",
    "source": "/kestrel/probe",
    "type": "example.kestrel.probe.failed",
    "time": "2026-11-27T20:04:05+01:00",
    "subject": "cart",
    "data": {"summary": "Cart is unreachable", "severity": "critical"},
}
SHAPES = {
    "Alertmanager": ALERTMANAGER,
    "Grafana": GRAFANA,
    "PagerDuty": PAGERDUTY,
    "UptimeRobot": UPTIMEROBOT,
    "CloudEvents": CLOUDEVENTS,
}


def read(box: object) -> Alert:
    return read_alert(json.dumps(box).encode(), "alert.json")


def refused(data: bytes) -> str:
    """The one line that says why these bytes are no alert to declare."""
    with pytest.raises(CrisisError) as caught:
        read_alert(data, "alert.json")
    assert caught.value.code == 2
    assert caught.value.message.startswith("alert.json ")
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 200
    return caught.value.message


def refusal(box: object) -> str:
    return refused(json.dumps(box).encode())


def with_row(**changed: object) -> dict[str, Any]:
    """The Alertmanager's message with something else in its only alert."""
    return {**ALERTMANAGER, "alerts": [{**ROW, **changed}]}


def test_an_alertmanager_alert_is_called_by_its_name() -> None:
    assert read(ALERTMANAGER) == Alert(
        title="CartErrors",
        began_at=BEGAN,
        source="Alertmanager",
        summary="Half of all carts fail",
        url="https://prom.kestrel.example/graph?g0.expr=cart",
        key='{}:{alertname="CartErrors"} 0a1b2c3d4e5f6071',
    )


def test_a_grafana_title_that_holds_only_labels_gives_way_to_the_name() -> None:
    found = read(GRAFANA)

    assert (found.source, found.title) == ("Grafana", "CartErrors")
    assert found.key == "{}:{} 0a1b2c3d4e5f6071"


def test_a_grafana_title_that_somebody_wrote_is_kept_without_its_counter() -> None:
    assert read({**GRAFANA, "title": "[FIRING:2] Cart down in Lyon"}).title == "Cart down in Lyon"


def test_a_pagerduty_incident_brings_its_title_service_and_page() -> None:
    assert read(PAGERDUTY) == Alert(
        title="Nobody can pay",
        began_at=BEGAN,
        source="PagerDuty",
        summary="Payments, high urgency",
        url="https://kestrel.pagerduty.com/incidents/PKESTREL",
        key="01KESTREL0EVENT",
    )


def test_uptimerobot_writes_its_time_in_seconds_as_text() -> None:
    assert read(UPTIMEROBOT) == Alert(
        title="Cart is down",
        began_at=BEGAN,
        source="UptimeRobot",
        summary="Connection timeout",
        url="https://kestrel.example/cart",
        key="900100",
    )


def test_an_expiring_certificate_is_an_alert_but_no_outage() -> None:
    box = {**UPTIMEROBOT, "alertType": "3", "alertTypeFriendlyName": "SSL expires soon"}

    assert read(box).title == "Cart SSL expires soon"


def test_a_cloud_event_is_known_by_its_sender_and_id() -> None:
    assert read(CLOUDEVENTS) == Alert(
        title="Cart is unreachable",
        began_at=BEGAN,
        source="CloudEvents",
        summary="Cart is unreachable",
        url="",
        key="/kestrel/probe K-1",
    )


@pytest.mark.parametrize("data", [None, "down", ["down"], {"status": "failing"}], ids=repr)
def test_a_cloud_event_without_a_summary_is_called_by_its_subject(data: object) -> None:
    assert read({**CLOUDEVENTS, "data": data}).title == "cart"


@pytest.mark.parametrize(
    "box",
    [
        {**ALERTMANAGER, "status": "resolved"},
        with_row(status="resolved", endsAt="2026-11-27T20:00:00Z"),
        with_row(status=None, endsAt="2026-11-27T20:00:00Z"),
        {**GRAFANA, "status": "resolved", "state": "ok"},
        {"event": {**PAGERDUTY["event"], "event_type": "incident.resolved"}},
        {"event": {**PAGERDUTY["event"], "data": {"type": "incident", "status": "resolved"}}},
        {**UPTIMEROBOT, "alertType": "2", "alertTypeFriendlyName": "Up"},
        {**CLOUDEVENTS, "type": "example.kestrel.probe.recovered"},
        {**CLOUDEVENTS, "data": {"status": "Resolved"}},
    ],
    ids=lambda box: box.get("alertTypeFriendlyName", ""),
)
def test_what_is_over_is_not_declared(box: object) -> None:
    assert "nothing that fires now" in refusal(box)


def test_of_a_mixed_group_only_what_still_fires_counts() -> None:
    over = {**ROW, "status": "resolved", "startsAt": "2026-11-27T10:00:00Z", "fingerprint": "over"}
    late = {**ROW, "startsAt": "2026-11-27T19:30:00Z", "fingerprint": "late"}

    found = read({**ALERTMANAGER, "alerts": [over, late, ROW]})

    assert found.began_at == BEGAN
    assert found.summary == "Half of all carts fail (and 1 more like it)"


def test_the_same_alert_twice_is_one_alert() -> None:
    assert read({**ALERTMANAGER, "alerts": [ROW, ROW]}) == read(ALERTMANAGER)


def test_an_end_in_the_year_one_means_that_it_still_fires() -> None:
    assert read(with_row(status=None, endsAt=ZERO)).began_at == BEGAN


@pytest.mark.parametrize("start", [ZERO, "0001-01-01T05:00:00+05:00", "", None, "*startsAt*"])
def test_a_start_that_is_not_there_stays_open(start: object) -> None:
    assert read(with_row(startsAt=start)).began_at is None


def test_a_start_with_an_offset_is_the_same_moment() -> None:
    assert read(with_row(startsAt="2026-11-28T00:34:05.5+05:30")).began_at == BEGAN


@pytest.mark.parametrize(
    "start",
    ["yesterday", "2026-11-27T19:04:05", "2026-02-30T10:00:00Z", "9999-12-31T23:59:59-10:00"],
)
def test_a_start_that_can_be_read_two_ways_is_refused(start: str) -> None:
    said = refusal(with_row(startsAt=start))

    assert "startsAt" in said
    assert start in said


@pytest.mark.parametrize("seconds", ["99999999999", "999999999999"])
def test_seconds_beyond_any_calendar_are_refused(seconds: str) -> None:
    assert "alertDateTime" in refusal({**UPTIMEROBOT, "alertDateTime": seconds})


def test_maps_that_are_null_are_empty() -> None:
    maps = ("groupLabels", "commonLabels", "commonAnnotations")
    box = {**with_row(labels=None, annotations=None), **dict.fromkeys(maps)}

    found = read(box)

    assert (found.title, found.summary, found.began_at) == ("", "", BEGAN)


def test_variables_that_uptimerobot_left_in_place_are_missing() -> None:
    names = ("monitorFriendlyName", "alertDetails", "alertDateTime", "monitorID")
    found = read({**UPTIMEROBOT, **{name: f"*{name}*" for name in names}})

    assert found.title == "https://kestrel.example/cart is down"
    assert (found.summary, found.began_at, found.key) == ("", None, "")


def test_fields_of_a_newer_release_are_ignored() -> None:
    newer = {**with_row(silencedBy=[]), "notification_reason": "new", "routeLabels": {"a": "b"}}

    assert read(newer) == read(ALERTMANAGER)


@pytest.mark.parametrize(
    "box",
    [
        {**ALERTMANAGER, "version": "5"},
        {**GRAFANA, "version": "2"},
        {**CLOUDEVENTS, "specversion": "0.3"},
    ],
)
def test_another_version_is_refused_with_the_one_that_is_read(box: dict[str, Any]) -> None:
    assert "only" in refusal(box)


@pytest.mark.parametrize("box", [[], None, 1, "down", {}, [ALERTMANAGER], {"alert": "down"}])
def test_what_no_known_tool_sends_is_refused_with_those_that_are_read(box: object) -> None:
    with pytest.raises(CrisisError, match="not an alert that crisisctl can read") as caught:
        read(box)

    assert all(tool in caught.value.hint for tool in SHAPES)


@pytest.mark.parametrize("alerts", [None, [], {}, "CartErrors", [None], [["firing"]]], ids=repr)
def test_a_group_without_a_list_of_alerts_is_refused(alerts: object) -> None:
    assert "alert" in refusal({**ALERTMANAGER, "alerts": alerts})


def test_an_event_of_pagerduty_about_something_else_is_refused() -> None:
    event = {"event_type": "service.updated", "data": {"type": "service"}}

    assert "service.updated" in refusal({"event": event})


def test_an_alert_of_uptimerobot_without_a_known_type_is_refused() -> None:
    assert "alertType" in refusal({**UPTIMEROBOT, "alertType": "*alertType*"})


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not JSON"),
        (b"\0", "not JSON"),
        (b'{"alerts": [', "not JSON"),
        (b'{"alerts": [], "values": NaN}', "NaN"),
        (b'{"alerts": [], "values": -Infinity}', "-Infinity"),
        (b'{"status": "firing", "status": "resolved"}', "twice"),
        (b'{"alerts": [{"labels": {"a": "1", "a": "2"}}]}', "twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'{"a": ' + b"1" * 5000 + b"}", "too long"),
        (b" " * (1 << 20) + b"{}", "larger than 1 MiB"),
        (b"[" * (1 << 21), "larger than 1 MiB"),
        ('{"title": "Café"}'.encode("latin-1"), "not UTF-8"),
        (json.dumps(ALERTMANAGER).encode("utf-16"), "not UTF-8"),
        (json.dumps(ALERTMANAGER).encode("utf-32-le"), "not JSON"),
    ],
    ids=lambda part: part[:12] if isinstance(part, bytes) else "",
)
def test_damaged_bytes_are_refused_in_one_line(data: bytes, why: str) -> None:
    assert why in refused(data)


def test_many_keys_are_looked_through_once() -> None:
    keys = ",".join(f'"k{n}":0' for n in range(80_000))

    assert "twice" in refused(f'{{{keys},"k79999":1}}'.encode())


def test_a_byte_order_mark_is_taken_off() -> None:
    data = b"\xef\xbb\xbf" + json.dumps(ALERTMANAGER).encode()

    assert read_alert(data, "alert.json") == read(ALERTMANAGER)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\x9b31mb", "a\\x9b31mb"),
        ("a\r\n\n\tb", "a b"),
        ("a\u202eb", "a\\u202eb"),
        ("a\ud800b", "a\\ud800b"),
        ("a\0b", "a\\x00b"),
        ("{{ 7 * 7 }}", "{{ 7 * 7 }}"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
    ids=ascii,
)
def test_hostile_texts_are_cleaned_and_never_run(hostile: str, shown: str) -> None:
    row = with_row(annotations={"summary": hostile}, fingerprint=hostile)
    found = read({**row, "commonLabels": {"alertname": hostile}})

    assert (found.title, found.summary) == (shown, shown)
    assert found.key.endswith(shown)


@pytest.mark.parametrize("shape", SHAPES)
def test_endless_texts_are_cut(shape: str) -> None:
    box = deepcopy(SHAPES[shape])
    for spot, key in list(places(box)):
        if isinstance(spot[key], str) and key not in KEPT:
            spot[key] = "https://" + "x" * 20_000

    found = read(box)

    assert len(found.title) <= 120
    assert len(found.summary) <= 520
    assert len(found.key) <= 520
    assert len(found.url) <= 1000


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "https://ana:secret@kestrel.example/", "/cart", "https://a b", 7, []],
)
def test_only_a_plain_web_address_is_kept(url: object) -> None:
    assert read({**UPTIMEROBOT, "monitorURL": url}).url == ""


KEPT = {
    *("version", "specversion", "status", "startsAt", "endsAt", "event_type", "type"),
    *("created_at", "occurred_at", "alertType", "alertDateTime", "time"),
}
"""Fields that must keep their values for an alert to stay one."""


def places(box: object) -> Iterator[tuple[Any, Any]]:
    """Every spot in a JSON value, as what holds it and the key or index there."""
    if isinstance(box, dict | list):
        for key in list(box) if isinstance(box, dict) else range(len(box)):
            yield box, key
            yield from places(box[key])


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3)
    ),
    max_leaves=8,
)


@given(data=st.binary() | ANYTHING.map(lambda box: json.dumps(box).encode()))
def test_arbitrary_bytes_and_json_are_refused(data: bytes) -> None:
    refused(data)


@given(data=st.data())
def test_a_damaged_alert_is_read_or_refused_but_never_breaks(data: st.DataObject) -> None:
    box = deepcopy(data.draw(st.sampled_from(list(SHAPES.values()))))
    for _ in range(data.draw(st.integers(1, 3))):
        spot, key = data.draw(st.sampled_from(list(places(box)) or [(box, "x")]))
        if isinstance(spot, dict) or key < len(spot):
            spot[key] = data.draw(ANYTHING)

    try:
        found = read(box)
    except CrisisError:
        return
    for text in (found.title, found.summary, found.url, found.key):
        assert text.encode().decode() == text
        assert "\n" not in text
    assert found.began_at is None or found.began_at.tzinfo is UTC


TYPED = ("site_url=https://kestrel.example", "functions_down=cart", "recent_change=no")
SET = [word for pair in TYPED for word in ("--set", pair)]


def alert_file(folder: Path, box: object = ALERTMANAGER) -> str:
    path = folder / "alert.json"
    path.write_text(json.dumps(box), encoding="utf-8")
    return str(path)


def status(crisis: Crisis) -> dict[str, Any]:
    found = json.loads(crisis("status", "--json").stdout)
    assert isinstance(found, dict)
    return found


def timeline(crisis: Crisis) -> list[dict[str, Any]]:
    found = json.loads(crisis("timeline", "--json").stdout)["timeline"]
    assert isinstance(found, list)
    return found


def test_an_alert_names_the_incident_and_is_only_suspected(crisis: Crisis, folder: Path) -> None:
    ran = crisis("start", "outage", "--from", alert_file(folder), "--no-input")

    now = status(crisis)
    facts = now["facts"]
    assert ran.exit == 2
    assert "site_url" in ran.stderr
    assert now["title"] == "CartErrors"
    assert set(facts) == {"started_at", "detected_at", "detected_by"}
    assert {(f["status"], f["source"]) for f in facts.values()} == {("suspected", "Alertmanager")}
    assert facts["started_at"]["value"] == facts["detected_at"]["value"] == "2026-11-27T19:04:05Z"
    assert facts["detected_by"]["value"] == "monitor"


def test_an_alert_reaches_no_milestone_and_sends_nothing(crisis: Crisis, folder: Path) -> None:
    crisis("start", "outage", "--from", alert_file(folder), "--no-input")

    kinds = {line["kind"] for line in timeline(crisis)}
    assert "note-added" in kinds
    assert not kinds & {"milestone-reached", "message-sent", "message-approved"}


def test_the_note_keeps_the_source_summary_address_and_key(crisis: Crisis, folder: Path) -> None:
    crisis("start", "outage", "--from", alert_file(folder), "--no-input")

    notes = [line["text"] for line in timeline(crisis) if line["kind"] == "note-added"]
    assert notes == [
        "Alert from Alertmanager: Half of all carts fail"
        " · https://prom.kestrel.example/graph?g0.expr=cart"
        ' · key {}:{alertname="CartErrors"} 0a1b2c3d4e5f6071'
    ]


def test_a_suspected_time_is_asked_by_its_step(crisis: Crisis, folder: Path) -> None:
    ran = crisis("start", "outage", "--from", alert_file(folder), *SET, "--no-input")

    assert ran.exit == 2
    assert 'the fact "started_at" is needed' in ran.stderr


def test_no_message_states_the_alert_until_a_person_confirms_it(
    crisis: Crisis, folder: Path
) -> None:
    known = "checkout=none reach=many data=none shop_name=Kestrel support_email=a@kestrel.example"
    more = [word for pair in known.split() for word in ("--set", pair)]
    crisis("start", "outage", "-l", "en", "--from", alert_file(folder), *SET, *more, "--no-input")

    before = crisis("message", "show", "holding", "--channel", "email", "--locale", "en")
    crisis("fact", "started_at", "2026-01-02T20:04Z")
    after = crisis("message", "show", "holding", "--channel", "email", "--locale", "en")

    assert before.exit != 0
    assert "started_at" in before.stderr
    assert before.stdout == ""
    assert after.exit == 0
    assert "2 Jan" in after.stdout


def test_what_is_typed_wins_over_the_alert(crisis: Crisis, folder: Path) -> None:
    typed = ["--title", "Cart is gone", "--set", "started_at=2026-11-27T19:00Z"]
    crisis("start", "outage", "--from", alert_file(folder), *typed, "--no-input")

    now = status(crisis)
    facts = now["facts"]
    assert now["title"] == "Cart is gone"
    assert facts["started_at"]["status"] == "confirmed"
    assert facts["started_at"]["value"] == "2026-11-27T19:00:00Z"
    assert facts["detected_at"]["status"] == "suspected"


def test_an_answers_file_wins_over_the_alert(crisis: Crisis, folder: Path) -> None:
    answers = folder / "answers.yaml"
    answers.write_text("facts: {detected_by: customers}\n", encoding="utf-8")
    crisis(
        *("start", "outage", "--from", alert_file(folder)),
        *("--answers", str(answers), "--no-input"),
    )

    facts = status(crisis)["facts"]
    assert "started_at" in facts
    assert "detected_by" not in facts  # it waits for its step, as every answer does


def test_it_is_declared_now_whenever_the_alert_began(crisis: Crisis, folder: Path) -> None:
    crisis("start", "outage", "--from", alert_file(folder), "--no-input", "--at", "-5m")

    now = status(crisis)
    declared = datetime.fromisoformat(now["declared_at"])
    assert 290 < (datetime.now(UTC) - declared).total_seconds() < 400


def test_a_drill_takes_an_alert_as_well(crisis: Crisis, folder: Path) -> None:
    ran = crisis("start", "outage", "--from", alert_file(folder), "--drill", "--no-input")

    assert ran.stdout.startswith("drill-outage-")


def test_a_hostile_alert_shows_clean_wherever_it_is_read(crisis: Crisis, folder: Path) -> None:
    labels = {"alertname": "\x1b[2Jgone <script>{{ 7 * 7 }} [/] \ud800" + "x" * 100_000}
    path = alert_file(folder, {**ALERTMANAGER, "commonLabels": labels})

    ran = [crisis("start", "outage", "--from", path, "--no-input")]
    ran += [crisis(*words) for words in (("status",), ("timeline",), ("list",), ("report",))]

    assert [done.exit for done in ran] == [2, 0, 0, 0, 0]
    assert all("\x1b" not in done.stdout + done.stderr for done in ran)
    assert "{{ 7 * 7 }}" in ran[1].stdout
    assert "<script>" not in ran[-1].stdout
    assert "x" * 200 not in ran[-1].stdout


@pytest.mark.parametrize(
    "text",
    ["", "[]", "not JSON", json.dumps({**ALERTMANAGER, "status": "resolved"})],
    ids=["empty", "a list", "no JSON", "resolved"],
)
def test_nothing_is_declared_when_the_alert_is_refused(
    crisis: Crisis, folder: Path, text: str
) -> None:
    (folder / "alert.json").write_text(text, encoding="utf-8")

    ran = crisis("start", "outage", "--from", "alert.json", "--no-input")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "alert.json" in ran.stderr
    assert json.loads(crisis("list", "--all", "--json").stdout)["incidents"] == []


@pytest.mark.parametrize("path", ["missing.json", ".", "/dev/zero", "a\0b", ""])
def test_a_file_that_cannot_be_read_is_refused(crisis: Crisis, path: str) -> None:
    ran = crisis("start", "outage", "--from", path, "--no-input")

    assert (ran.exit, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: ")


def test_a_file_larger_than_any_alert_is_refused(crisis: Crisis, folder: Path) -> None:
    with (folder / "alert.json").open("wb") as file:
        file.truncate(50 << 20)

    ran = crisis("start", "outage", "--from", "alert.json", "--no-input")

    assert ran.exit == 2
    assert "alert.json is larger than 1 MiB" in ran.stderr


def piped(data: bytes) -> Ran:
    """Start with an alert on stdin."""
    words = ["start", "outage", "--from", "-", "--no-input"]
    done = CliRunner().invoke(app, words, prog_name="crisisctl", input=data)
    return Ran(done.exit_code, done.stdout, done.stderr)


def test_a_dash_reads_the_alert_from_stdin(crisis: Crisis) -> None:
    piped(json.dumps(UPTIMEROBOT).encode())

    assert status(crisis)["title"] == "Cart is down"


@pytest.mark.parametrize(
    ("data", "why"),
    [(b" \n", "no alert came in on stdin"), (b"[" * (2 << 20), "larger than 1 MiB")],
)
@pytest.mark.usefixtures("folder")
def test_stdin_without_an_alert_is_refused(data: bytes, why: str) -> None:
    ran = piped(data)

    assert (ran.exit, ran.stdout) == (2, "")
    assert why in ran.stderr


def test_of_an_endless_stdin_no_more_than_an_alert_is_read() -> None:
    stdin = io.BytesIO(b"[" * (4 << 20))

    with pytest.raises(CrisisError, match="larger than 1 MiB"):
        alert_from("-", stdin)

    assert stdin.tell() == (1 << 20) + 1
