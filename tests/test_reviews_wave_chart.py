"""The days of a wave, drawn in a terminal and as SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from datetime import date
from random import Random

import labelled_reviews
import pytest
import review_shops as shops

from crisisctl.reviews.chart import Bar, bars, drawn, svg
from crisisctl.reviews.counts import Counts
from crisisctl.reviews.wave import Verdict, judge

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def labelled() -> tuple[list[Bar], Verdict]:
    counts = Counts().add_all(labelled_reviews.wave())
    verdict = judge(counts)
    return bars(counts, verdict), verdict


def test_every_day_is_a_bar_and_the_wave_is_marked(labelled: tuple[list[Bar], Verdict]) -> None:
    found, _ = labelled

    assert found[0].first == date(2022, 2, 25)
    assert [bar.first.day for bar in found if bar.wave] == [3, 4, 5]
    assert sum(bar.complaints for bar in found) == 122
    assert sum(bar.everything for bar in found) == 370


def test_the_picture_fits_the_terminal_and_shows_the_peak(
    labelled: tuple[list[Bar], Verdict],
) -> None:
    lines = drawn(labelled[0], width=80).splitlines()

    assert max(map(len, lines)) <= 80
    assert lines[0] == "Complaints a day"
    assert lines[1].lstrip().startswith("31 │")
    assert any("▲▲" in line and line.lstrip().startswith("wave") for line in lines)
    assert "25 Feb" in lines[-1]
    assert "31 Mar" in lines[-1]


def test_a_plain_terminal_gets_ascii(labelled: tuple[list[Bar], Verdict]) -> None:
    picture = drawn(labelled[0], plain=True)

    assert picture.isascii()
    assert re.search("wave +\\^\\^", picture)


@pytest.mark.parametrize("width", [30, 40, 80, 200])
def test_no_line_is_too_long_for_a_narrow_terminal(
    width: int, labelled: tuple[list[Bar], Verdict]
) -> None:
    assert max(map(len, drawn(labelled[0], width=width).splitlines())) <= width


def test_many_days_become_bars_of_several_days() -> None:
    counts = shops.made(Random(1), shops.Part(days=400, rate=20, more_bad=shops.span(100, 200, 90)))
    verdict = judge(counts)

    found = bars(counts, verdict, most=60)

    assert len(found) <= 60
    assert drawn(found)


def test_nothing_draws_nothing() -> None:
    verdict = judge(Counts())

    assert bars(Counts(), verdict) == []
    assert drawn([]) == ""
    assert svg([], verdict.words) == ""


def test_a_single_review_can_be_drawn() -> None:
    counts = Counts().add_all(labelled_reviews.wave()[:1])
    verdict = judge(counts)

    found = bars(counts, verdict)

    assert len(found) == 1
    assert drawn(found)
    ElementTree.fromstring(svg(found, verdict.words))


def test_the_svg_says_in_words_what_it_shows(labelled: tuple[list[Bar], Verdict]) -> None:
    root = ElementTree.fromstring(svg(labelled[0], labelled[1].words, title="Reviews of Kestrel"))

    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Reviews of Kestrel"
    description = root.findtext(f"{SVG}desc") or ""
    assert "Most complaints: 31 of 48 reviews on 2022-03-04" in description
    assert "61 % of all reviews are negative instead of 14 %" in description


def test_the_svg_brings_nothing_along_and_escapes_text(
    labelled: tuple[list[Bar], Verdict],
) -> None:
    found = svg(labelled[0], labelled[1].words, title='<script>alert("x")</script>')

    assert "<script" not in found
    assert "href" not in found
    assert "http" not in found.replace("http://www.w3.org/2000/svg", "")
    ElementTree.fromstring(found)


def test_the_bars_of_the_svg_stand_within_it(labelled: tuple[list[Bar], Verdict]) -> None:
    root = ElementTree.fromstring(svg(labelled[0], labelled[1].words))
    width, height = (float(each) for each in (root.get("viewBox") or "").split()[2:])

    for rect in root.iter(f"{SVG}rect"):
        assert 0 <= float(rect.get("x", 0)) <= width
        assert float(rect.get("x", 0)) + float(rect.get("width", 0)) <= width
        assert float(rect.get("y", 0)) + float(rect.get("height", 0)) <= height
        assert float(rect.get("height", 0)) >= 0
