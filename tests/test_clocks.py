"""The regulators' clocks: how each is counted, and what `clocks` says of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import Crisis
from hypothesis import given
from hypothesis import strategies as st

from crisisctl.deadlines.clocks import ends, running, without
from crisisctl.deadlines.regulations import load_regulations
from crisisctl.playbook.regulation import Within
from crisisctl.workspace import Workspace

PARIS = ZoneInfo("Europe/Paris")
NEW_YORK = ZoneInfo("America/New_York")
MOSCOW = ZoneInfo("Europe/Moscow")


def at(text: str, zone: ZoneInfo = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


# Counting


@pytest.mark.parametrize(
    ("since", "within", "end"),
    [
        # The vectors of the content sheet, part 2
        (at("2026-11-20T16:20"), Within(hours=72), at("2026-11-23T16:20")),
        (at("2026-10-24T12:00"), Within(hours=72), at("2026-10-27T11:00")),
        (at("2026-03-28T12:00"), Within(hours=72), at("2026-03-31T13:00")),
        (at("2026-11-27T09:00", MOSCOW), Within(hours=24), at("2026-11-28T09:00", MOSCOW)),
        (at("2026-11-27T09:00", MOSCOW), Within(hours=72), at("2026-11-30T09:00", MOSCOW)),
        (
            at("2026-11-25T10:00", NEW_YORK),
            Within(business_days=4, holidays="US"),
            at("2026-12-02T23:59:59", NEW_YORK),
        ),
        (at("2026-01-31T08:00"), Within(days=30), at("2026-03-02T23:59:59")),
        (at("2026-01-31T08:00"), Within(months=1), at("2026-02-28T23:59:59")),
        (at("2026-12-31T08:00"), Within(months=2), at("2027-02-28T23:59:59")),
        (at("2026-04-30T16:20"), Within(business_days=3, holidays="FR"), at("2026-05-06T23:59:59")),
    ],
)
def test_a_clock_ends_when_the_law_says(since: datetime, within: Within, end: datetime) -> None:
    assert ends(since, within, since.tzinfo or UTC) == end


def test_without_a_number_a_clock_has_no_end() -> None:
    assert ends(at("2026-11-20T16:20"), Within(), PARIS) is None


@given(
    st.datetimes(timezones=st.just(PARIS)).filter(lambda when: 1990 < when.year < 2100),
    st.integers(0, 200),
)
def test_hours_are_never_shortened_or_lengthened_by_daylight_saving(
    since: datetime, hours: int
) -> None:
    end = ends(since, Within(hours=hours), PARIS)

    assert end is not None
    assert end.astimezone(UTC) - since.astimezone(UTC) == timedelta(hours=hours)


# The data


def test_every_shipped_regulation_can_be_read_and_says_where_it_comes_from() -> None:
    found = load_regulations(Workspace())

    assert {"eu", "uk", "fr", "es", "tr", "ru", "us-ca", "us-ny", "us-sec", "pci", "br", "au"} <= {
        each.regulation for each in found
    }
    for each in found:
        assert each.source, each.regulation
        assert each.clocks or each.note, each.regulation


def test_every_country_of_the_european_union_has_one_regulation() -> None:
    members = ["AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"]
    members += ["IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"]
    found = load_regulations(Workspace())

    assert without(found, members) == []
    for country in members:
        assert sum(country in each.countries for each in found) == 1, country


def test_a_clock_that_follows_another_begins_with_its_notice() -> None:
    nis2 = [each for each in load_regulations(Workspace()) if each.regulation == "nis2"]
    moments = {"aware": at("2026-11-20T16:20")}

    before = {each.name: each.due for each in running(nis2, moments, PARIS)}
    after = {
        each.name: each.due
        for each in running(nis2, moments, PARIS, {"nis2.notification": at("2026-11-22T10:00")})
    }

    assert (before["early-warning"], before["notification"], before["final"]) == (
        at("2026-11-21T16:20"),
        at("2026-11-23T16:20"),
        None,
    )
    assert after["final"] == at("2026-12-22T23:59:59")


def test_a_workspace_has_its_own_regulations_beside_the_shipped_ones(folder: Path) -> None:
    own = folder / "playbooks" / "regulations"
    own.mkdir(parents=True)
    (own / "nz.yaml").write_text(
        "regulation: nz\ntitle: Privacy Act\ncountries: [NZ]\nauthority: OPC\nbasis: s 114\n"
        "starts_when: aware\nclocks: {authority: {to: authority, who: OPC, within: {hours: 72}}}\n"
        'as_of: "2026-11-28"\nsource: [our lawyer]\nconfidence: verified\n',
        encoding="utf-8",
    )

    found = load_regulations(Workspace(folder))

    assert without(found, ["NZ", "FR"]) == []


# The command


def test_the_clocks_of_three_countries_are_counted_without_an_incident(crisis: Crisis) -> None:
    ran = crisis(
        *("clocks", "--countries", "FR,TR,RU", "--aware", "2026-10-24T12:00+02:00", "--json")
    )
    data = json.loads(ran.stdout)
    due = {clock["id"]: clock["due"] for clock in data["clocks"]}

    assert ran.exit == 0
    assert data["unknown"] == []
    assert "not legal advice" in data["advice"]
    assert due["fr.authority"] == "2026-10-27T11:00:00+01:00"
    assert due["tr.authority"] == "2026-10-27T11:00:00+01:00"
    assert due["ru.first"] == "2026-10-25T11:00:00+01:00"
    assert due["ru.findings"] == "2026-10-27T11:00:00+01:00"


def test_what_is_not_verified_is_marked_and_nothing_is_called_advice(crisis: Crisis) -> None:
    shown = crisis("clocks", "--countries", "FR,KR", "--aware", "-3h").stdout

    assert "not legal advice" in shown
    assert "! not verified: have it checked" in shown


def test_a_country_without_a_regulation_is_named(crisis: Crisis) -> None:
    ran = crisis("clocks", "--countries", "FR,ZZ", "--aware", "-3h")

    assert ran.exit == 1
    assert "ZZ: there is no regulation on file" in ran.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--countries", "FR", "--aware", "+3h"), "--aware is still to come"),
        (("--countries", "France", "--aware", "-3h"), "is not the code of a country"),
        (("--countries", "", "--aware", "-3h"), "no country is named"),
        (("--countries", "FR"), "no moment is given"),
        (("--countries", "FR", "--aware", "-3h", "--occurred", "-1h"), "lies before --occurred"),
        (("--countries", "FR", "--aware", "2026-03-29T02:30"), "2026-03-29"),
        (("--countries", "FR", "--aware", "-1h", "--also", "pcii"), 'did you mean "pci"?'),
    ],
)
def test_what_cannot_be_counted_is_refused(
    crisis: Crisis, words: tuple[str, ...], told: str
) -> None:
    ran = crisis("clocks", *words)

    assert ran.exit == 2
    assert told in " ".join(ran.stderr.split())
    assert ran.stdout == ""
