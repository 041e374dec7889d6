"""Fact values: read, kept and shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl import text
from crisisctl.playbook.amounts import money_parts
from crisisctl.playbook.model import Fact, FactType
from crisisctl.playbook.times import instants
from crisisctl.playbook.values import (
    BadValue,
    Value,
    decode,
    encode,
    parse,
    parse_duration,
    words,
)

PARIS = text.zone_of("Europe/Paris")
NOW = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)  # 20:04 in Paris
CHOICES = {
    "overload": "Traffic peak, or denial of service",
    "deployment": "A change we made",
    "hosting": "Our host",
}


def a_fact(type: FactType) -> Fact:
    return Fact(type=type, choices=CHOICES if type in ("choice", "choices") else {})


def read(type: FactType, raw: object, now: datetime = NOW) -> Value:
    return parse(a_fact(type), raw, now=now, zone=PARIS)


def refusal(type: FactType, raw: object, now: datetime = NOW) -> str:
    with pytest.raises(BadValue) as refused:
        read(type, raw, now)
    return refused.value.message


def paris(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("2026-11-27T20:04+01:00", "2026-11-27T19:04+00:00"),
        ("2026-11-27T20:04:30.5+0100", "2026-11-27T19:04:30.500+00:00"),
        ("2026-11-27t19:04z", "2026-11-27T19:04+00:00"),
        ("2026-11-27T20:04", "2026-11-27T19:04+00:00"),
        ("2026-11-27 20:04", "2026-11-27T19:04+00:00"),
        ("2026-07-01 20:04", "2026-07-01T18:04+00:00"),
        ("now", "2026-11-27T19:04+00:00"),
        ("20:04", "2026-11-27T19:04+00:00"),
        ("9:30", "2026-11-27T08:30+00:00"),
        ("+45m", "2026-11-27T19:49+00:00"),
        ("-1h30m", "2026-11-27T17:34+00:00"),
        ("\u221215 min", "2026-11-27T18:49+00:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(raw: str, meant: str) -> None:
    value = read("time", raw)

    assert value == datetime.fromisoformat(meant)
    assert isinstance(value, datetime)
    assert value.tzinfo is UTC


def test_a_clock_time_is_the_latest_that_is_at_most_an_hour_ahead() -> None:
    assert read("time", "21:04") == NOW + timedelta(hours=1)
    assert read("time", "21:05") == NOW - timedelta(hours=22, minutes=59)


def test_a_clock_time_shortly_after_midnight_belongs_to_tomorrow_when_it_is_near() -> None:
    before_midnight = paris("2026-11-27T23:40+01:00")

    assert read("time", "00:10", before_midnight) == paris("2026-11-28T00:10+01:00")
    assert read("time", "23:30", before_midnight + timedelta(hours=1)) == paris(
        "2026-11-27T23:30+01:00"
    )


@pytest.mark.parametrize("raw", ["2026-03-29 02:30", "2026-03-29T02:30"])
def test_a_local_time_that_clocks_jump_over_is_refused(raw: str) -> None:
    message = refusal("time", raw)

    assert "does not exist" in message
    assert "2026-03-29T03:30+02:00" in message


def test_a_local_time_that_happens_twice_is_refused_with_both_ways_to_write_it() -> None:
    message = refusal("time", "2026-10-25 02:30")

    assert "2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00" in message
    assert read("time", "2026-10-25T02:30+01:00") == paris("2026-10-25T02:30+01:00")


def test_a_clock_time_never_skips_or_picks_silently_when_clocks_change() -> None:
    spring, autumn = paris("2026-03-29T03:10+02:00"), paris("2026-10-25T02:40+02:00")

    assert "does not exist" in refusal("time", "02:30", spring)
    assert "happens twice" in refusal("time", "02:30", autumn)
    # Only the first 02:50 is within the hour; the second is 70 minutes away.
    assert read("time", "02:50", autumn) == paris("2026-10-25T02:50+02:00")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("tomorow", "write 2026-11-27T20:04+01:00, 20:04, -15m or now"),
        ("2026-11-27", "no time of day"),
        ("27.11.2026 20:04", "is not a time"),
        ("11/27/2026 8:04 PM", "is not a time"),
        ("2026-02-30 10:00", "no such day"),
        ("2026-02-20T10:00+99:00", "no such day or hour"),
        ("2026-02-20T10:00+15:00", "no place is UTC+15"),
        ("0001-01-01T00:00:00Z", "check the year"),
        ("25:00", "write 00:00 up to 23:59"),
        ("2026-11-27 24:00", "no such day or hour"),
        ("-15", "write +45m or -15m"),
        ("+99999999w", "write +45m or -15m"),
        ("2026-11-27T20:04 CET", "is not a time"),
        ("", "an empty answer"),
        (1764270240, "in quotes"),
        (None, "in quotes"),
    ],
)
def test_a_doubtful_time_is_refused_with_the_way_to_write_it(raw: object, says: str) -> None:
    assert says in refusal("time", raw)


@pytest.mark.parametrize("zone", ["Europe/Paris", "Europe/Istanbul", "Asia/Kolkata", "UTC"])
def test_a_time_can_be_typed_back_as_the_screen_shows_it(zone: str) -> None:
    assert read("time", text.moment(NOW, text.zone_of(zone))) == NOW


@given(st.datetimes(datetime(1970, 1, 2), datetime(2999, 12, 30)))  # noqa: DTZ001 - local times
def test_a_local_time_is_read_exactly_when_it_happens_once(local: datetime) -> None:
    found = instants(local, PARIS)

    if len(found) == 1:
        assert read("time", local.isoformat()) == found[0]
        assert found[0].astimezone(PARIS).replace(tzinfo=None) == local
    else:
        assert "write" in refusal("time", local.isoformat())


@pytest.mark.parametrize(
    ("raw", "minutes"),
    [
        ("90m", 90),
        ("1h30m", 90),
        ("2 h", 120),
        ("45 min", 45),
        ("3d", 4320),
        ("60s", 1),
        ("1.5h", 90),
        ("2 hours 5 minutes", 125),
        ("1 h 05 min", 65),
        ("PT1H30M", 90),
        ("P1DT2H", 1560),
        ("1w", 10080),
        ("0m", 0),
    ],
)
def test_a_duration_is_read_with_its_unit(raw: str, minutes: int) -> None:
    assert parse_duration(raw) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("90", "write 90m, 90h or 90d"),
        (90, "write 90m, 90h or 90d"),
        ("1:30", "write 1h30m or 1m30s"),
        ("1h30", "write 1h30m"),
        ("P1M", "such as 30d"),
        ("P", "is not a duration"),
        ("PT", "is not a duration"),
        ("-5m", "cannot be negative"),
        ("30m1h", "is not a duration"),
        ("1,5h", "is not a duration"),
        ("4000d", "too long"),
        ("999999999w", "too long"),
        ("soon", "write 90m, 1h30m or 3d"),
        (True, "write 90m, 1h30m or 3d"),
    ],
)
def test_a_doubtful_duration_is_refused(raw: object, says: str) -> None:
    assert says in refusal("duration", raw)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (5, 5),
        (1.5, Decimal("1.5")),
        ("1234", 1234),
        ("-12", -12),
        ("+12", 12),
        ("12.50", Decimal("12.50")),
        ("12,5", Decimal("12.5")),
        ("1 234,5", Decimal("1234.5")),
        ("1\u202f234\u00a0567", 1234567),
        ("1,234.5", Decimal("1234.5")),
        ("1.234,5", Decimal("1234.5")),
        ("1.234.567", 1234567),
        ("1'234.50", Decimal("1234.50")),
        ("1234,567", Decimal("1234.567")),
        ("0,123", Decimal("0.123")),
        (10**12, 10**12),
    ],
)
def test_a_number_is_read_wherever_it_was_written(raw: object, number: int | Decimal) -> None:
    value = read("number", raw)

    assert value == number
    assert type(value) is type(number)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("1,234", "write 1234 or 1.2340"),
        ("-1.234", "write -1234 or -1.2340"),
        ("12 34", "is not a number"),
        ("1,23,45", "is not a number"),
        ("1,234,5", "is not a number"),
        ("nan", "is not a number"),
        ("Infinity", "is not a number"),
        (float("nan"), "is not a number"),
        (float("inf"), "is not a number"),
        (1e300, "too large"),
        (10**12 + 1, "too large"),
        ("9" * 39, "too large"),
        ("9" * 1000, "is not a number"),
        ("9" * 10_000, "too many"),
        ("1e3", "is not a number"),
        ("0x10", "is not a number"),
        ("20%", "is not a number"),
        ("٣", "is not a number"),
        (True, "write 1234"),
        ([1], "write 1234"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_doubtful_number_is_refused(raw: object, says: str) -> None:
    assert says in refusal("number", raw)


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("12.50 EUR", "12.50 EUR"),
        ("EUR 12,50", "12.50 EUR"),
        ("12 €", "12.00 EUR"),
        ("€12.5", "12.50 EUR"),
        ("12eur", "12.00 EUR"),
        ("1 234,50 ₽", "1234.50 RUB"),
        ("1.234,50 TL", "1234.50 TRY"),
        ("1,234.50 USD", "1234.50 USD"),
        ("1200 JPY", "1200 JPY"),
        ("1.2340 KWD", "1.234 KWD"),
        ("1000000000000 EUR", "1000000000000.00 EUR"),
    ],
)
def test_money_becomes_canonical(raw: str, canonical: str) -> None:
    assert read("money", raw) == canonical


def test_money_comes_apart_exactly() -> None:
    assert money_parts("1234.50 EUR") == (Decimal("1234.50"), "EUR")
    with pytest.raises(BadValue):
        money_parts("12,50 €")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("12.50", "no currency"),
        (12, "no currency"),
        ("5 $", "USD, CAD or AUD"),
        ("1.234 TRY", "can be read in two ways"),
        ("1.234 KWD", "can be read in two ways"),
        ("12.5055 EUR", "finer than EUR"),
        ("1.5 JPY", "finer than JPY"),
        ("-5 EUR", "less than nothing"),
        ("12 euros", "three letters"),
        ("USD 12 EUR", "two currencies"),
        ("EUR", "is not a sum"),
        ("2000000000000 EUR", "too large"),
        (None, "write 12.50 EUR"),
    ],
)
def test_doubtful_money_is_refused(raw: object, says: str) -> None:
    assert says in refusal("money", raw)


@pytest.mark.parametrize("raw", ["deployment", "DEPLOYMENT", " deployment ", "a change WE made"])
def test_a_choice_is_its_key_or_its_words(raw: str) -> None:
    assert read("choice", raw) == "deployment"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("deploymnt", "did you mean deployment?"),
        ("our hots", "did you mean Our host?"),
        ("2", "write overload, deployment or hosting"),
        (2, "is not a choice"),
        ("", "an empty answer"),
        ("\x1b[2J", r"\x1b[2J"),
    ],
)
def test_a_wrong_choice_is_refused_with_what_exists(raw: object, says: str) -> None:
    assert says in refusal("choice", raw)


def test_keys_that_differ_in_case_only_are_told_apart() -> None:
    spec = Fact(type="choice", choices={"us": "Ourselves", "US": "United States"})

    assert parse(spec, "US", now=NOW, zone=PARIS) == "US"
    with pytest.raises(BadValue, match="can mean us or US"):
        parse(spec, "Us", now=NOW, zone=PARIS)


def test_words_shared_by_two_choices_are_refused() -> None:
    spec = Fact(type="choice", choices={"a": "Same", "b": "same"})

    with pytest.raises(BadValue, match="can mean a or b"):
        parse(spec, "same", now=NOW, zone=PARIS)
    assert parse(spec, "b", now=NOW, zone=PARIS) == "b"


@pytest.mark.parametrize(
    ("raw", "keys"),
    [
        (["hosting", "deployment", "overload"], ("overload", "deployment", "hosting")),
        ("hosting, Overload", ("overload", "hosting")),
        ("hosting,hosting,", ("hosting",)),
        ("traffic peak, or denial of service", ("overload",)),
        ("Our host", ("hosting",)),
    ],
)
def test_choices_are_kept_once_and_in_the_playbooks_order(
    raw: object, keys: tuple[str, ...]
) -> None:
    assert read("choices", raw) == keys


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ([], "write one or more of"),
        (",", "write one or more of"),
        ("hosting, hots", '"hots" is not a choice'),
        ("hots", '"hots" is not a choice'),
        (["hosting", 2], '"2" is not a choice'),
        (None, "is not a choice"),
    ],
)
def test_wrong_choices_are_refused(raw: object, says: str) -> None:
    assert says in refusal("choices", raw)


@pytest.mark.parametrize(
    ("raw", "flag"),
    [(True, True), ("yes", True), ("Y", True), ("false", False), ("no", False), ("n", False)],
)
def test_a_flag_is_yes_or_no(raw: object, flag: bool) -> None:
    assert read("flag", raw) is flag


@pytest.mark.parametrize("raw", ["1", 1, 0, "on", "maybe", "", None])
def test_anything_else_is_no_flag(raw: object) -> None:
    assert "write" in refusal("flag", raw)


@pytest.mark.parametrize(
    "raw",
    [
        "https://shop.example/checkout?a=b&c=%20#x",
        "http://localhost:8080",
        "HTTPS://ÉCOLE.example/é",
        "https://[2001:db8::1]/",
    ],
)
def test_a_web_address_is_kept_as_written(raw: str) -> None:
    assert read("url", f" {raw} ") == raw


@pytest.mark.parametrize(
    "raw",
    [
        "shop.example",
        "ftp://shop.example",
        "javascript:alert(1)",
        "JaVa\tScRiPt:alert(1)",
        "https://",
        "https:///path",
        "https://https://shop.example",
        "https://user:secret@shop.example",
        "https://@shop.example",
        "https://shop.example/a b",
        "https://shop.example/\r\nBcc:",
        'https://shop.example/"><script>',
        "https://shop.example:99999/",
        "https://a..b/",
        "https://-a.example",
        "https://sh\u202eop.example",
        "https://[::1",
        "https://shop.example/" + "x" * 2000,
    ],
)
def test_a_wrong_web_address_is_refused_without_showing_a_password(raw: str) -> None:
    assert "secret" not in refusal("url", raw)


@pytest.mark.parametrize(
    "raw", ["help@shop.example", "a.b+c@mail.shop.example", "x@xn--e1a.example"]
)
def test_an_email_address_is_kept(raw: str) -> None:
    assert read("email", raw) == raw


@pytest.mark.parametrize(
    "raw",
    [
        "help",
        "help@shop",
        "-x@shop.example",
        "a b@shop.example",
        "a@shop.example, b@shop.example",
        "Help <a@shop.example>",
        "a..b@shop.example",
        "a@shop.example\r\nBcc: b@shop.example",
        "a@-shop.example",
        "a@shop.e",
        "é@shop.example",
        "a@" + "b" * 250 + ".example",
    ],
)
def test_a_wrong_email_address_is_refused(raw: str) -> None:
    assert "is not an e-mail address" in refusal("email", raw)


def test_a_phone_number_keeps_its_spelling_with_plain_spaces() -> None:
    assert read("phone", "+33\u00a01 23\u202f45 67 89") == "+33 1 23 45 67 89"
    assert read("phone", "(0212) 555-12.34") == "(0212) 555-12.34"


@pytest.mark.parametrize(
    "raw", ["1234", "1" * 21, "12+34567", "--12345", "call 12345", "٠١٢٣٤٥", 612345678, "+"]
)
def test_a_wrong_phone_number_is_refused(raw: object) -> None:
    assert "is not a phone number" in refusal("phone", raw)


def test_a_text_is_stripped_and_composed() -> None:
    assert read("text", "  cafe\u0301\r\nou thé 👩\u200d💻 ") == "café\nou thé 👩\u200d💻"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("", "an empty answer"),
        (" \n ", "an empty answer"),
        ("x" * 4001, "4000 at most"),
        ("a\x1bb", r"\x1b"),
        ("a\tb", r"\x09"),
        ("a\x85b", r"\x85"),
        ("a\u2028b", r"\u2028"),
        ("\ud800", r"\ud800"),
        (5, "in quotes"),
        (1.10, "in quotes"),
        (["a"], "in quotes"),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_a_wrong_text_is_refused(raw: object, says: str) -> None:
    assert says in refusal("text", raw)


VALUES: dict[FactType, st.SearchStrategy[Value]] = {
    "text": st.text(),
    "number": st.integers() | st.decimals(allow_nan=False, allow_infinity=False),
    "flag": st.booleans(),
    "time": st.datetimes(timezones=st.just(UTC)),
    "duration": st.timedeltas(),
    "choice": st.sampled_from([*CHOICES]),
    "choices": st.lists(st.sampled_from([*CHOICES])).map(tuple),
    "money": st.just("12.50 EUR"),
}


@given(st.sampled_from([*VALUES]).flatmap(lambda t: st.tuples(st.just(t), VALUES[t])))
def test_a_value_survives_the_journal(case: tuple[FactType, Value]) -> None:
    kind, value = case

    written = json.loads(json.dumps(encode(value)))
    back = decode(a_fact(kind), written)

    assert back == value
    assert type(back) is type(value)


def test_times_and_durations_are_written_in_iso_8601() -> None:
    assert encode(NOW.astimezone(PARIS)) == "2026-11-27T19:04:00Z"
    assert encode(timedelta(hours=1, minutes=35)) == "PT1H35M"
    assert encode(timedelta(days=2, seconds=1, microseconds=5)) == "P2DT1.000005S"
    assert encode(timedelta(minutes=-5)) == "-PT5M"
    assert encode(timedelta()) == "PT0S"
    assert encode(Decimal("1E+3")) == "1000"


@pytest.mark.parametrize(
    ("type", "raw"),
    [
        ("time", "yesterday"),
        ("time", 5),
        ("duration", "P"),
        ("duration", "90m"),
        ("number", "many"),
        ("number", True),
        ("number", 1.5),
        ("flag", "yes"),
        ("choices", "hosting"),
        ("choices", [1]),
        ("text", None),
    ],
)
def test_what_the_journal_cannot_have_written_is_refused(type: FactType, raw: object) -> None:
    with pytest.raises(BadValue):
        decode(a_fact(type), raw)


@pytest.mark.parametrize(
    ("type", "value", "shown"),
    [
        ("choice", "deployment", "A change we made"),
        ("choice", "gone", "gone"),
        ("choices", ("deployment", "hosting"), "A change we made and Our host"),
        ("time", NOW, "2026-11-27 20:04 CET (UTC+1)"),
        ("duration", timedelta(minutes=65), "1 h 05 min"),
        ("flag", True, "yes"),
        ("flag", False, "no"),
        ("number", 12, "12"),
        ("number", Decimal("1E+1"), "10"),
        ("text", "a\n\x1b[2J", "a\n\\x1b[2J"),
        ("money", "12.50 EUR", "12.50 EUR"),
    ],
)
def test_words_show_a_value_to_the_operator(type: FactType, value: Value, shown: str) -> None:
    assert words(a_fact(type), value, PARIS) == shown


@pytest.mark.parametrize(
    "type", ["url", "email", "phone", "time", "duration", "number", "money", "choice", "text"]
)
@pytest.mark.parametrize("piece", ["9", "1h", "a.", "a@", ",", " ", "-", "https://a", "1,"])
def test_a_flood_of_nearly_right_letters_is_refused(type: FactType, piece: str) -> None:
    # A pattern that backtracks would not come back from these.
    assert refusal(type, piece * 1000 + "!\x00")
    assert refusal(type, piece * 100_000)


@pytest.mark.parametrize(("least", "raw"), [(0, "-1"), (0, -0.5), (10, "9.99"), (-5, "-6")])
def test_a_number_below_the_least_is_refused(least: int, raw: object) -> None:
    with pytest.raises(BadValue, match=f"cannot be: write {least} or more"):
        parse(Fact(type="number", least=least), raw, now=NOW, zone=PARIS)


@pytest.mark.parametrize(("least", "raw", "value"), [(0, "0", 0), (-5, -5, -5), (None, "-7", -7)])
def test_the_least_itself_can_be_and_without_one_any_number(
    least: int | None, raw: object, value: int
) -> None:
    assert parse(Fact(type="number", least=least), raw, now=NOW, zone=PARIS) == value
