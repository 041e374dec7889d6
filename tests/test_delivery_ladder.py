"""The ladder: what may be tried again, what goes down a rung, what only a person decides."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from receivers import Around, Website, website

from crisisctl.errors import CrisisError
from crisisctl.messages.delivery.climb import climb
from crisisctl.messages.delivery.door import deliver
from crisisctl.messages.delivery.envelope import Envelope
from crisisctl.messages.delivery.ladder import ATTEMPTS, LONGEST_WAIT, Next, Tried, decide
from crisisctl.messages.delivery.result import Result, State
from crisisctl.messages.delivery.targets import Target

TEXT = Envelope(channel="internal", locale="en", key="k1", heading="Shop down", body="Stay calm.")
STATES: tuple[State, ...] = ("delivered", "refused", "unknown", "unreached")
NOWHERE = Target(via="webhook", url="http://127.0.0.1:1/", secret="${S}")
PHONE = Target(via="phone", call=("Ana +33 1",))


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as running:
        yield running


def hook(site: Website, path: str) -> Target:
    return Target(via="webhook", url=f"{site.url}/{path}", secret="${S}", timeout="0.3s")


class Climbed:
    """A climb, with all that was told on the way."""

    def __init__(self, ladder: tuple[Target, ...], folder: Path, *tried: Tried) -> None:
        self.told: list[str] = []
        self.around = Around(folder, {"S": "s3cret"})
        self.tried, self.end = climb(
            TEXT,
            ladder,
            self.around.surroundings,
            intended=lambda rung, target, envelope: self.told.append(f"{rung} {target.via}"),
            resulted=lambda rung, target, envelope, result: self.told.append(result.state),
            tried=tried,
        )


@pytest.mark.parametrize(
    ("tried", "expected"),
    [
        ([], Next("send")),
        ([(0, "delivered")], Next("done", 0, because="why")),
        ([(0, "unknown")], Next("ask", 0, because="why")),
        ([(0, "refused")], Next("send", 1, because="why")),
        ([(0, "unreached")], Next("send", 0, 2.0, "why")),
        ([(0, "unreached")] * 2, Next("send", 0, 4.0, "why")),
        ([(0, "unreached")] * 3, Next("send", 1, because="why")),
        ([(0, "refused"), (1, "unreached")], Next("send", 1, 2.0, "why")),
        ([(0, "refused"), (1, "refused")], Next("give-up", 1, because="why")),
        ([(0, "refused"), (1, "unknown")], Next("ask", 1, because="why")),
    ],
)
def test_what_comes_next(tried: list[tuple[int, State]], expected: Next) -> None:
    known = [Tried(rung, Result(state, "why")) for rung, state in tried]

    assert decide(2, known) == expected


def test_a_channel_without_a_rung_is_given_up() -> None:
    assert decide(0, []) == Next("give-up", because="no delivery is set up")


def test_who_asks_us_to_wait_is_heard_up_to_a_minute() -> None:
    waits = [decide(1, [Tried(0, Result("unreached", retry_after=s))]) for s in (30.0, 61.0)]

    assert [(step.action, step.wait) for step in waits] == [("send", 30.0), ("give-up", 0.0)]


@given(
    st.integers(1, 4),
    st.lists(st.sampled_from(STATES), max_size=20),
    st.floats(0, 1, exclude_max=True),
)
def test_nothing_is_sent_again_after_an_unknown_or_a_delivery_and_it_ends(
    rungs: int, outcomes: list[State], chance: float
) -> None:
    tried: list[Tried] = []
    for outcome in itertools.chain(outcomes, itertools.repeat("unreached")):
        step = decide(rungs, tried, chance)
        if step.action != "send":
            break
        assert not {one.result.state for one in tried} & {"unknown", "delivered"}
        assert 0 <= step.wait <= LONGEST_WAIT
        assert not tried or step.rung in (tried[-1].rung, tried[-1].rung + 1)
        tried.append(Tried(step.rung, Result(outcome)))

    assert len(tried) <= rungs * ATTEMPTS


def test_it_goes_down_to_the_page_for_the_phone(site: Website, tmp_path: Path) -> None:
    climbed = Climbed((NOWHERE, hook(site, "500"), PHONE), tmp_path)

    assert climbed.told == [
        *["0 webhook", "unreached"] * 3,
        *["1 webhook", "refused", "2 phone", "delivered"],
    ]
    assert climbed.end.action == "done"
    assert climbed.around.slept == [2.0, 4.0]
    assert Path(climbed.tried[-1].result.receipt).read_text(encoding="utf-8").count("[ ]") == 1


@pytest.mark.parametrize("path", ["cut", "silent", "502"])
def test_what_may_have_arrived_stops_at_a_person(path: str, site: Website, tmp_path: Path) -> None:
    climbed = Climbed((hook(site, path), PHONE), tmp_path)

    assert climbed.end.action == "ask"
    assert climbed.told == ["0 webhook", "unknown"]
    assert len(site.asked) == 1


def test_it_waits_as_long_as_it_was_asked_to_and_tries_again(site: Website, tmp_path: Path) -> None:
    site.trouble += ["429", "503"]

    climbed = Climbed((hook(site, "ok"),), tmp_path)

    assert climbed.end.action == "done"
    assert climbed.around.slept == [7.0, 7.0]
    assert len({asked.headers["idempotency-key"] for asked in site.asked}) == 1


def test_after_a_restart_it_goes_on_where_it_stopped(site: Website, tmp_path: Path) -> None:
    before = Tried(0, Result("refused"))

    climbed = Climbed((NOWHERE, hook(site, "ok")), tmp_path, before)

    assert climbed.told == ["1 webhook", "delivered"]


def test_a_rung_for_other_languages_is_passed_over(tmp_path: Path) -> None:
    french = Target(via="files", locales=("fr",))

    climbed = Climbed((french, PHONE), tmp_path)

    assert climbed.told == ["0 phone", "delivered"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["internal.en.phone.txt"]


def test_a_drill_never_begins_to_climb(tmp_path: Path) -> None:
    drill = Envelope(channel="x", locale="en", key="k", body="x", drill=True)
    told: list[str] = []

    with pytest.raises(CrisisError, match="this is a drill"):
        climb(
            drill,
            (PHONE,),
            Around(tmp_path).surroundings,
            intended=lambda *_: told.append("intended"),
            resulted=lambda *_: told.append("resulted"),
        )

    assert told == []
    assert list(tmp_path.iterdir()) == []


def test_files_are_private_and_writing_them_again_changes_nothing(tmp_path: Path) -> None:
    around = Around(tmp_path / "outbox").surroundings
    first = deliver(TEXT, Target(via="files"), around)
    again = deliver(TEXT, Target(via="files"), around)
    found = {p.name: p.read_text(encoding="utf-8") for p in (tmp_path / "outbox").iterdir()}

    assert first == again
    assert found == {"internal.en.txt": "Stay calm.\n", "internal.en.title.txt": "Shop down\n"}
    assert {p.stat().st_mode & 0o777 for p in (tmp_path / "outbox").iterdir()} == {0o600}


def test_a_folder_that_cannot_be_written_is_unreached(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    (result,) = deliver(TEXT, Target(via="files"), Around(tmp_path / "file").surroundings)

    assert result.state == "unreached"
    assert "could not be written" in result.detail
