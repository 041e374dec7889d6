"""What texts of one pack state: planted differences are found, honest packs are silent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from crisisctl.messages.agreement.compare import differences
from crisisctl.messages.agreement.said import KINDS, Said
from crisisctl.workspace import Workspace

HERE = Workspace()
CASES = Path(__file__).parent / "agreement"


def cases(pattern: str) -> Iterator[Any]:
    for file in sorted(CASES.glob(pattern)):
        for case in yaml.safe_load(file.read_text(encoding="utf-8")):
            yield pytest.param(case, id=f"{file.stem}-{case['case']}".replace(" ", "_"))


def a_pack(case: dict[str, Any]) -> list[Said]:
    at = datetime.fromisoformat(case["at"]) if "at" in case else None
    return [
        a_said(key.split(), text, at)
        for key, text in case.items()
        if key not in ("case", "at", "differs")
    ]


def a_said(key: list[str], text: str, at: datetime | None) -> Said:
    heading, bar, body = text.partition("|")
    return Said(
        channel=key[0],
        locale=key[1],
        text=body if bar else text,
        heading=heading if bar else "",
        short=key[2:] == ["short"],
        at=at,
    )


@pytest.mark.parametrize("case", [*cases("differs-*.yaml")])
def test_a_planted_difference_is_found_and_nothing_else(case: dict[str, Any]) -> None:
    found = differences(a_pack(case), HERE)

    assert [one.kind for one in found] == case["differs"]


@pytest.mark.parametrize("case", [*cases("honest.yaml")])
def test_an_honest_pack_is_silent(case: dict[str, Any]) -> None:
    assert differences(a_pack(case), HERE) == []


def written() -> Iterator[tuple[str, dict[str, str], list[str]]]:
    for case in yaml.safe_load((CASES / "written.yaml").read_text(encoding="utf-8")):
        texts = {locale: text for locale, text in case.items() if len(locale) == 2}
        for change in case["changes"]:
            yield case["case"], texts, change


@pytest.mark.parametrize(
    "texts",
    [pytest.param(texts, id=name) for name, texts in {n: t for n, t, _ in written()}.items()],
)
def test_a_pack_as_people_write_it_is_silent(texts: dict[str, str]) -> None:
    assert differences([Said("email", *one) for one in texts.items()], HERE) == []


@pytest.mark.parametrize(
    ("texts", "change"),
    [pytest.param(texts, change, id=" ".join(change[:3])) for _, texts, change in written()],
)
def test_one_change_in_a_pack_as_people_write_it_is_found(
    texts: dict[str, str], change: list[str]
) -> None:
    locale, old, new, kind = change
    changed = {**texts, locale: texts[locale].replace(old, new)}

    found = differences([Said("email", *one) for one in changed.items()], HERE)

    assert {one.kind for one in found} == {kind}
    assert any(place.locale == locale for place in found[0].places)


@pytest.mark.parametrize("case", [*cases("differs-*.yaml")])
def test_every_place_is_where_its_words_stand(case: dict[str, Any]) -> None:
    pack = {(said.channel, said.locale): said for said in a_pack(case)}

    for one in differences([*pack.values()], HERE):
        assert one.text
        assert one.hint
        assert one.places
        for place in one.places:
            said = pack[place.channel, place.locale]
            text = said.heading if place.in_heading else said.text
            assert " ".join(text[place.start : place.end].split()) == place.words


@pytest.mark.parametrize("case", [*cases("differs-*.yaml")])
def test_the_order_of_the_texts_changes_nothing_but_who_is_named(case: dict[str, Any]) -> None:
    pack = a_pack(case)
    forward, backward = differences(pack, HERE), differences(pack[::-1], HERE)

    assert [one.kind for one in forward] == [one.kind for one in backward]
    assert [set(one.places) for one in forward] == [set(one.places) for one in backward]
    assert forward == differences(pack, HERE)
    assert [KINDS.index(one.kind) for one in forward] == sorted(
        KINDS.index(one.kind) for one in forward
    )
