"""Words on a screen."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisctl import text
from crisisctl.errors import CrisisError

NOW = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J", r"\x1b[2J"),
        ("\x1b]52;c;aGk=\x07", r"\x1b]52;c;aGk=\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("\x90q", r"\x90q"),
        ("sent\rPAID", r"sent\x0dPAID"),
        ("ok\b\b", r"ok\x08\x08"),
        ("\x7f", r"\x7f"),
        ("\x00", r"\x00"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u2066b", r"a\u2066b"),
        ("a\u200bb", r"a\u200bb"),
        ("\ufeffa", r"\ufeffa"),
        ("a\u00adb", r"a\xadb"),
        ("a\u2028b", r"a\u2028b"),
        ("a\u0085b", r"a\x85b"),
        ("\ud800", r"\ud800"),
        ("\ue000", r"\ue000"),
        ("\U000e0041", r"\U000e0041"),
        ("a\u200db", r"a\u200db"),
        ("a\ufe0f", r"a\ufe0f"),
        ("\u2764\ufe0f\ufe0f", "\u2764\ufe0f" + r"\ufe0f"),
        ("7\ufe0f", r"7\ufe0f"),
        ("\u3164", r"\u3164"),
        ("a\u034fb", r"a\u034fb"),
    ],
    ids=ascii,
)
def test_safe_shows_what_a_terminal_would_obey_or_hide(hostile: str, shown: str) -> None:
    assert text.safe(hostile) == shown


@pytest.mark.parametrize(
    "harmless",
    [
        "plain words, 100 %",
        "1\u202f234,50\u00a0€ à 21 h",
        "«ёлочки» ığüşöç ¿qué?",
        "👩\u200d💻 \u2764\ufe0f 1\ufe0f\u20e3 👍🏽 🇫🇷",
        "e\u0301\u0323\u0306\u0309",
        "[red]not a colour[/]",
    ],
    ids=ascii,
)
def test_safe_leaves_what_people_write_alone(harmless: str) -> None:
    assert text.safe(harmless) == harmless


def test_safe_keeps_line_breaks_and_tabs_only_where_lines_are_meant() -> None:
    assert text.safe("a\r\nb\n\tc") == "a b  c"
    assert text.safe("a\r\nb\n\tc", lines=True) == "a\nb\n\tc"
    assert text.safe("a\rb\nc", lines=True) == "a\\x0db\nc"


def test_safe_cuts_a_flood_of_combining_marks_visibly() -> None:
    assert text.safe("e" + "\u0301" * 500 + "x") == "e" + "\u0301" * 4 + "…x"
    assert text.safe("e" + "\u0301\u0336" * 3) == "e" + "\u0301\u0336" * 2 + "…"


@given(st.text(st.characters(codec=None)))
def test_safe_lets_no_control_through_and_has_nothing_to_add_the_second_time(raw: str) -> None:
    shown = text.safe(raw)

    assert text.safe(shown) == shown
    hidden = {c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Cn", "Co", "Zl", "Zp")}
    assert not hidden
    assert {c for c in shown if unicodedata.category(c) == "Cf"} <= {"\u200d"}


def test_quoted_shortens_and_cleans() -> None:
    assert text.quoted("a\x1bb") == r'"a\x1bb"'
    assert text.quoted("x" * 100, limit=10) == '"xxxxxxxxx…"'


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("outge", "outage"),
        ("OUTAGE", "outage"),
        ("review_wave", "review-wave"),
        ("Site-URL", "site_url"),
        ("zzz", None),
        ("x" * 100_000, None),
    ],
)
def test_did_you_mean_looks_past_case_and_dashes(word: str, meant: str | None) -> None:
    assert text.did_you_mean(word, ["outage", "review-wave", "site_url"]) == meant


def test_listed_reads_like_a_sentence() -> None:
    assert text.listed([]) == ""
    assert text.listed(["a"]) == "a"
    assert text.listed(["a", "b"], "or") == "a or b"
    assert text.listed(iter("abc")) == "a, b and c"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Europe/Paris", "2026-11-27 20:04 CET (UTC+1)"),
        ("Europe/Istanbul", "2026-11-27 22:04 (UTC+3)"),
        ("Asia/Kolkata", "2026-11-28 00:34 IST (UTC+5:30)"),
        ("America/St_Johns", "2026-11-27 15:34 NST (UTC-3:30)"),
        ("Europe/London", "2026-11-27 19:04 GMT (UTC)"),
        ("UTC", "2026-11-27 19:04 UTC"),
    ],
)
def test_moment_always_has_date_and_zone(zone: str, shown: str) -> None:
    assert text.moment(NOW, text.zone_of(zone)) == shown


def test_moment_shows_a_bare_offset_once() -> None:
    assert text.moment(NOW, timezone(timedelta(hours=1))) == "2026-11-27 20:04 (UTC+1)"


def test_offset_keeps_the_seconds_of_local_mean_time() -> None:
    early = datetime(1880, 1, 1, tzinfo=text.zone_of("Europe/Paris"))

    assert text.offset(early) == "UTC+0:09:21"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (45.9, "45 s"),
        (60, "1 min"),
        (299, "4 min"),
        (3600, "1 h"),
        (3900, "1 h 05 min"),
        (86399, "23 h 59 min"),
        (86400, "1 d"),
        (183600, "2 d 3 h"),
        (-240, "-4 min"),
    ],
)
def test_in_words_cuts_to_what_matters(seconds: float, shown: str) -> None:
    assert text.in_words(timedelta(seconds=seconds)) == shown


def test_ago_tells_past_from_future() -> None:
    assert text.ago(timedelta(minutes=4)) == "4 min ago"
    assert text.ago(timedelta(minutes=-4)) == "in 4 min"
    assert text.ago(timedelta(milliseconds=-300)) == "now"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(751, "00:12:31"), (0, "00:00:00"), (450_000, "125:00:00"), (-751, "-00:12:31")],
)
def test_clock_runs_past_a_day(seconds: int, shown: str) -> None:
    assert text.clock(timedelta(seconds=seconds)) == shown


def test_columns_counts_wide_joined_and_combining_letters() -> None:
    assert text.columns("abc") == 3
    assert text.columns("中文") == 4
    assert text.columns("e\u0301") == 1
    assert text.columns("👩\u200d💻") == 2
    assert text.columns("\u2764\ufe0f") == 2
    assert text.columns("приве\u0301т") == 6


GUIDE = """\
Open the site from a phone
on mobile data.

- First look at the monitoring
  and write down the time
- Then call

    curl --head https://shop.example/checkout

1. Only then act.


Done.
"""


def test_wrap_keeps_paragraphs_lists_and_commands() -> None:
    assert text.wrap(GUIDE, 24, "  ").split("\n") == [
        "  Open the site from a",
        "  phone on mobile data.",
        "",
        "  - First look at the",
        "    monitoring and write",
        "    down the time",
        "  - Then call",
        "",
        "      curl --head https://shop.example/checkout",
        "",
        "  1. Only then act.",
        "",
        "  Done.",
    ]


def test_wrap_breaks_only_at_plain_spaces_and_never_inside_an_address() -> None:
    shown = text.wrap("Only 12,50\u00a0€ now: https://shop.example/a/long/address ok", 12)

    assert shown.split("\n") == [
        "Only 12,50\u00a0€",
        "now:",
        "https://shop.example/a/long/address",
        "ok",
    ]


def test_wrap_counts_wide_letters_and_breaks_their_runs() -> None:
    rows = text.wrap("中" * 20, 10).split("\n")

    assert rows == ["中" * 5] * 4


@pytest.mark.parametrize("width", [-5, 0, 1, 19])
def test_wrap_survives_absurd_widths(width: int) -> None:
    assert text.wrap("one two\n- three four", width, "    ").split() == [
        *("one", "two", "-", "three", "four")
    ]


@given(st.text(st.sampled_from("ab é中-\n 1.👩")), st.integers(0, 40))
def test_wrap_loses_no_letter(raw: str, width: int) -> None:
    assert "".join(text.wrap(raw, width).split()) == "".join(raw.split())


def test_zone_of_finds_a_zone() -> None:
    assert str(text.zone_of("Europe/Istanbul")) == "Europe/Istanbul"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Pariss", "did you mean Europe/Paris?"),
        ("europe/paris", "did you mean Europe/Paris?"),
        ("Istambul", "did you mean Europe/Istanbul?"),
        ("new york", "did you mean America/New_York?"),
        ("", "write a name such as Europe/Paris"),
        ("../../etc/passwd", "write a name such as Europe/Paris"),
    ],
)
def test_zone_of_says_what_was_probably_meant(name: str, hint: str) -> None:
    with pytest.raises(CrisisError, match="is not a time zone") as refused:
        text.zone_of(name)

    assert refused.value.hint == hint


@pytest.mark.parametrize("name", ["Europe", "/etc/passwd", "Foo\0bar", "a" * 5000])
def test_zone_of_refuses_folders_and_paths(name: str) -> None:
    with pytest.raises(CrisisError, match="is not a time zone"):
        text.zone_of(name)
