"""Apprise against a real web server: one address at a time, and honest about what it knows."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from receivers import NOW, Around, Website, website

from crisisctl.messages.delivery.door import deliver
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.delivery.targets import Target
from crisisctl.messages.delivery.wire import wire

TEXT = Envelope(channel="internal", locale="en", key="k1", heading="Shop down", body="Stay calm.\n")


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as running:
        yield running


def target(site: Website, path: str) -> Target:
    return Target(via="apprise", url=f"json://127.0.0.1:{site.server_port}/{path}")


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("ok", "delivered"),
        ("400", "refused"),
        ("500", "refused"),
        ("429", "unreached"),
        ("502", "unknown"),
        ("cut", "unknown"),
        ("silent?rto=0.3", "unknown"),
        ("500?retry=3&wait=0", "refused"),
        ("cut?retry=3&wait=0", "unknown"),
        ("400?optional=yes", "refused"),
    ],
)
def test_what_apprise_tells_us(path: str, state: str, site: Website, tmp_path: Path) -> None:
    (result,) = deliver(TEXT, target(site, path), Around(tmp_path).surroundings)

    assert result.state == state
    assert len(site.asked) == 1  # it does not try again by itself


def test_nobody_there_is_unreached(tmp_path: Path) -> None:
    nowhere = Target(via="apprise", url="json://127.0.0.1:1/x")

    (result,) = deliver(TEXT, nowhere, Around(tmp_path).surroundings)

    assert result.state == "unreached"


def test_each_recipient_has_an_address_and_a_result(site: Website, tmp_path: Path) -> None:
    people = TEXT.to("ok", "500", "a/../b")

    results = deliver(people, target(site, "{to}"), Around(tmp_path).surroundings)

    assert [(r.recipient, r.state) for r in results] == [
        *(("ok", "delivered"), ("500", "refused"), ("a/../b", "delivered")),
    ]
    assert [asked.json["title"] for asked in site.asked] == ["Shop down"] * 3


def test_two_addresses_in_one_are_refused_before_anything_is_sent(
    site: Website, tmp_path: Path
) -> None:
    one = f"json://127.0.0.1:{site.server_port}"
    both = Target(via="apprise", url=f"{one}/ok, {one}/500")

    (result,) = deliver(TEXT, both, Around(tmp_path).surroundings)

    assert (result.state, site.asked) == ("refused", [])
    assert "several addresses" in result.detail


def test_nothing_apprise_says_reaches_a_screen_or_shows_a_secret(
    site: Website,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    around = Around(tmp_path, {"TOKEN": "s3cret-t0ken"})
    url = f"json://shop:${{TOKEN}}@127.0.0.1:{site.server_port}/500"
    with caplog.at_level(logging.DEBUG):
        (result,) = deliver(TEXT, Target(via="apprise", url=url), around.surroundings)

    assert "authorization" in site.asked[0].headers
    assert (capfd.readouterr().err, caplog.text) == ("", "")
    assert "s3cret" not in repr(result)
    assert "s3cret" not in wire(TEXT, Target(via="apprise", url=url), NOW)


def test_an_address_that_apprise_does_not_know_is_refused_without_its_secret(
    tmp_path: Path,
) -> None:
    around = Around(tmp_path, {"TOKEN": "s3cret-t0ken"})

    (result,) = deliver(TEXT, Target(via="apprise", url="slakc://${TOKEN}"), around.surroundings)

    assert result.state == "refused"
    assert result.detail.startswith("internal: Apprise does not understand the url")
    assert "s3cret" not in result.detail


def test_without_the_extra_it_says_what_to_install(
    site: Website, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)

    (result,) = deliver(TEXT, target(site, "ok"), Around(tmp_path).surroundings)

    assert result.state == "refused"
    assert "pip install 'crisisctl[send]'" in result.detail
