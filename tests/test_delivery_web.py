"""Webhooks and Statuspage against a real web server that misbehaves on purpose."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
from receivers import NOW, Around, Website, website

from crisisctl.messages.delivery.door import deliver
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.delivery.result import Result
from crisisctl.messages.delivery.targets import Target
from crisisctl.messages.delivery.web import retry_after
from crisisctl.messages.delivery.wire import wire

SECRETS = {"HOOK_SECRET": "s3cret-hook-key", "STATUSPAGE_TOKEN": "tok-123-abc"}


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as running:
        yield running


def text(**more: Any) -> Envelope:
    given = {"channel": "x", "locale": "fr", "key": "k1", "body": 'L\'été, « ici » "là"\n$HOME `x`'}
    return Envelope(**{**given, "heading": "Désolés", "thread": "t1", "kind": "holding", **more})


def hook(site: Website, path: str = "/ok", **more: Any) -> Target:
    return Target(via="webhook", url=site.url + path, secret="${HOOK_SECRET}", **more)


def page(site: Website, **more: Any) -> Target:
    token = "${STATUSPAGE_TOKEN}"
    return Target(via="statuspage", url=site.url, page="p1", token=token, **more)


def handed(target: Target, tmp_path: Path, envelope: Envelope | None = None) -> Result:
    around = Around(tmp_path, SECRETS)
    (result,) = deliver(envelope or text(), target, around.surroundings)
    assert not [secret for secret in SECRETS.values() if secret in repr(result)]
    return result


def signed(body: bytes, seconds: str) -> str:
    key = SECRETS["HOOK_SECRET"].encode()
    return hmac.new(key, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def test_a_webhook_gets_the_text_signed_and_with_its_key(site: Website, tmp_path: Path) -> None:
    result = handed(hook(site), tmp_path)
    (asked,) = site.asked
    when, _, signature = asked.headers["crisisctl-signature"].partition(",")

    assert (result.state, result.receipt) == ("delivered", "HTTP 200")
    assert asked.headers["idempotency-key"] == "k1"
    assert when == f"t={int(NOW.timestamp())}"
    assert signature == f"v1={signed(asked.body, when[2:])}"
    assert asked.json == {
        **{"schema": 1, "id": "k1", "thread": "t1", "channel": "x", "locale": "fr"},
        **{"kind": "holding", "format": "text", "heading": "Désolés", "body": text().body},
        **{"html": "", "recipients": []},
    }


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/ok", "delivered"),
        ("/204", "delivered"),
        ("/half", "delivered"),  # the status has come
        ("/400", "refused"),
        ("/401", "refused"),
        ("/302", "refused"),
        ("/500", "refused"),
        ("/502", "unknown"),
        ("/504", "unknown"),
        ("/429", "unreached"),
        ("/503", "unreached"),
        ("/cut", "unknown"),
        ("/silent", "unknown"),
        ("/drip", "unknown"),
    ],
)
def test_what_an_answer_means(path: str, state: str, site: Website, tmp_path: Path) -> None:
    result = handed(hook(site, path, timeout="0.3s"), tmp_path)

    assert result.state == state
    assert len(site.asked) == 1
    assert "\n" not in result.detail


def test_a_redirect_is_not_followed(site: Website, tmp_path: Path) -> None:
    result = handed(hook(site, "/302"), tmp_path)

    assert "redirects are not followed" in result.detail
    assert [asked.path for asked in site.asked] == ["/302"]


def test_nobody_there_is_unreached(tmp_path: Path) -> None:
    target = Target(via="webhook", url="http://127.0.0.1:1/x", secret="${HOOK_SECRET}")

    result = handed(target, tmp_path)

    assert (result.state, result.detail) == ("unreached", "127.0.0.1:1: Connection refused")


def test_plain_http_to_another_machine_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    around = Around(tmp_path, {**SECRETS, "HOOK": "http://192.0.2.1/x"})
    target = Target(via="webhook", url="${HOOK}", secret="${HOOK_SECRET}")

    (result,) = deliver(text(), target, around.surroundings)

    assert (result.state, result.detail[:14]) == ("refused", "x: http would ")


def test_a_receiver_that_repeats_our_secret_does_not_get_it_into_our_record(
    site: Website, tmp_path: Path
) -> None:
    site.trouble.append("401")

    result = handed(page(site), tmp_path)

    assert result.state == "refused"
    assert "OAuth •••" in result.detail


def test_a_receiver_may_say_when_to_come_back() -> None:
    later = format_datetime(NOW + timedelta(seconds=90), usegmt=True)

    assert retry_after("120", NOW) == 120
    assert retry_after(later, NOW) == 90
    assert [retry_after(odd, NOW) for odd in ("", "soon", "-1", "٣")] == [None] * 4
    assert retry_after("9" * 5000, NOW) == 999_999_999


def test_a_status_page_opens_an_incident_then_adds_to_it(site: Website, tmp_path: Path) -> None:
    target = page(site, components={"web": "major_outage"}, notify=False)
    first = handed(target, tmp_path, text())
    update = text(key="k2", kind="update", continues=first.receipt)
    second = handed(target, tmp_path, update)
    third = handed(target, tmp_path, text(key="k3", kind="resolution"))  # found by its thread

    writes = [(asked.method, asked.path) for asked in site.asked if asked.method != "GET"]
    bodies = [asked.json["incident"] for asked in site.asked if asked.method != "GET"]
    assert {r.receipt for r in (first, second, third)} == {"inc1"}
    assert writes == [
        ("POST", "/pages/p1/incidents"),
        ("PATCH", "/pages/p1/incidents/inc1"),
        ("PATCH", "/pages/p1/incidents/inc1"),
    ]
    assert [b["status"] for b in bodies] == ["investigating", "identified", "resolved"]
    assert [b["components"] for b in bodies] == [{"web": "major_outage"}] * 2 + [
        {"web": "operational"}
    ]
    assert {b["deliver_notifications"] for b in bodies} == {False}
    assert site.asked[0].headers["authorization"] == "OAuth tok-123-abc"


def test_after_an_unknown_result_the_page_is_asked_before_it_is_written_to(
    site: Website, tmp_path: Path
) -> None:
    site.trouble += ["", "pages/p1", "lost"]  # the first look is answered, the writing is not
    first = handed(page(site), tmp_path)
    again = handed(page(site), tmp_path)

    assert first.state == "unknown"
    assert (again.state, again.detail) == ("delivered", "it was there already")
    assert [incident["updates"] for incident in site.incidents.values()] == [1]


def test_the_same_update_is_not_written_twice(site: Website, tmp_path: Path) -> None:
    opened = handed(page(site), tmp_path)
    for _ in range(2):
        handed(page(site), tmp_path, text(key="k2", kind="update", continues=opened.receipt))

    assert site.incidents["inc1"]["updates"] == 2


def test_another_incident_has_an_incident_of_its_own(site: Website, tmp_path: Path) -> None:
    handed(page(site), tmp_path)
    handed(page(site), tmp_path, text(key="k9", thread="t2"))

    assert sorted(site.incidents) == ["inc1", "inc2"]


def test_a_page_that_cannot_be_looked_at_is_not_written_to(site: Website, tmp_path: Path) -> None:
    states = {}
    for trouble in ("420", "cut", "500", "502", "ok"):
        site.trouble.append(trouble)
        states[trouble] = handed(page(site), tmp_path).state

    assert states == {
        **{"420": "unreached", "cut": "unreached", "500": "refused"},
        **{"502": "unreached", "ok": "unreached"},
    }
    assert site.incidents == {}


def test_a_receipt_cannot_lead_anywhere_else(site: Website, tmp_path: Path) -> None:
    handed(page(site), tmp_path, text(continues="../../users?x="))

    assert [asked.path for asked in site.asked] == [
        "/pages/p1/incidents?limit=50",
        "/pages/p1/incidents",
    ]


def test_a_text_too_long_for_the_page_is_refused_and_never_cut(
    site: Website, tmp_path: Path
) -> None:
    result = handed(page(site), tmp_path, text(heading="x" * 256))

    assert (result.state, "takes 255" in result.detail) == ("refused", True)
    assert site.incidents == {}


def test_between_two_requests_a_second_passes(site: Website, tmp_path: Path) -> None:
    around = Around(tmp_path, SECRETS)
    deliver(text(), page(site), around.surroundings)

    assert around.slept == [1.1]


def test_the_dry_run_shows_each_header_that_goes_over_the_wire(tmp_path: Path) -> None:
    listener = create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/x?a=1"
    target = Target(via="webhook", url=url, secret="${HOOK_SECRET}", timeout="0.2s")

    handed(target, tmp_path)

    line, _ = listener.accept()
    with line, listener:
        got = line.recv(1 << 16).decode().replace("\r\n", "\n")
    shown = wire(text(), target, NOW)
    assert shown.startswith(re.sub(r"v1=[0-9a-f]+", "v1=(HMAC-SHA256 with ${HOOK_SECRET})", got))


@pytest.mark.parametrize("answer", ["https://u:p@b.example/", "ftp://b.example", "https://", "x"])
def test_an_address_that_is_none_is_refused_before_anything_is_sent(
    answer: str, tmp_path: Path
) -> None:
    around = Around(tmp_path, {**SECRETS, "HOOK": answer})
    target = Target(via="webhook", url="${HOOK}", secret="${HOOK_SECRET}")

    (result,) = deliver(text(), target, around.surroundings)

    assert result.state == "refused"
    assert result.detail.startswith("x: the url is no web address")


def test_a_piece_of_a_secret_address_is_masked_too(site: Website, tmp_path: Path) -> None:
    around = Around(tmp_path, {**SECRETS, "HOOK": f"{site.url}/echo/T0KEN-piece-9"})
    target = Target(via="webhook", url="${HOOK}", secret="${HOOK_SECRET}")

    (result,) = deliver(text(), target, around.surroundings)

    assert result.state == "refused"
    assert "/echo/•••" in result.detail


@pytest.mark.parametrize("kind", ["webhook", "statuspage"])
def test_the_dry_run_shows_what_a_delivery_sends_and_its_command_does_the_same(
    kind: str, site: Website, tmp_path: Path
) -> None:
    target = hook(site) if kind == "webhook" else page(site)
    shown = wire(text(), target, NOW)
    command = shown[shown.index("body=" if kind == "webhook" else "curl ") :]
    around = {"PATH": os.environ["PATH"], **SECRETS}
    subprocess.run(["bash", "-euo", "pipefail", "-c", command], env=around, check=True, timeout=30)
    by_hand = site.asked[-1]
    site.incidents.clear()
    handed(target, tmp_path)
    by_us = site.asked[-1]

    assert (by_hand.method, by_hand.path, by_hand.body) == (by_us.method, by_us.path, by_us.body)
    assert by_us.body.decode() in shown
    assert not [secret for secret in SECRETS.values() if secret in shown]
    if kind == "webhook":
        when, _, signature = by_hand.headers["crisisctl-signature"].partition(",")
        assert signature == f"v1={signed(by_hand.body, when[2:])}"
        assert by_hand.headers["idempotency-key"] == "k1"
    else:
        assert by_hand.headers["authorization"] == by_us.headers["authorization"]
