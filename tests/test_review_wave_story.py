"""A whole wave, from the export to the post-mortem, in each of the five languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Crisis
from reviewed import a_shop

SAMPLE = Path(__file__).parent / "reviews" / "kestrel.csv"


def answers(crisis: Crisis, locale: str, **more: object) -> dict[str, Any]:
    """What the playbook's own examples answer, in one language."""
    model = json.loads(crisis("show", "review-wave", "--format", "json").stdout)
    facts = {
        name: fact["example"]
        for name, fact in model["facts"].items()
        if fact["example"] is not None and not fact["compute"]
    }
    impact = {n: i["example"] or next(iter(i["answers"])) for n, i in model["impact"].items()}
    decisions = {
        step["id"]: {"choose": step["decide"]["example"], "because": "It fits"}
        for steps in model["stages"].values()
        for step in steps
        if step["decide"]
    }
    given = {**facts, **impact, "locales": [locale]}
    return {"facts": given, "decisions": decisions, "approve": True, **more}


def walked(crisis: Crisis, folder: Path, file: dict[str, Any]) -> str:
    a_shop(folder)
    (folder / "answers.yaml").write_text(yaml.safe_dump(file, allow_unicode=True))
    ran = crisis("start", "review-wave", "--answers", "answers.yaml")
    assert ran.exit == 0, ran.stderr
    listed = json.loads(crisis("list", "--json").stdout)["incidents"]
    return str(listed[0]["incident"])


ALSO = [pytest.param(locale, marks=pytest.mark.slow) for locale in ("fr", "es", "ru")]


@pytest.mark.parametrize("locale", ["en", "tr", *ALSO])
def test_a_wave_is_run_to_its_post_mortem(crisis: Crisis, folder: Path, locale: str) -> None:
    reviews = {"import": [str(SAMPLE)], "drafts": True, "strategies": {"price": "private"}}
    id = walked(crisis, folder, answers(crisis, locale, reviews=reviews))

    report = json.loads(crisis("report", "--json").stdout)
    found = report["reviews"]
    assert found["verdict"] == "wave"
    assert found["since"].startswith("2026-11-23")
    assert found["status"]["answered"] > 180
    assert found["status"]["new"] < 20  # praise with one star waits for a person
    assert {row["topic"]: row["strategy"] for row in found["strategies"]}["price"] == "private"
    assert {row["kpi"]: row["trend"] for row in found["kpis"]}["negative_share"] == "worse"
    sent = {text["locale"] for message in report["messages"] for text in message["texts"]}
    assert sent == {locale}
    open_promise = report["open_promises"]
    for promise in open_promise:
        crisis("keep", promise["name"], "Paid back")
    assert crisis("close", id, "--because", "Its topics were read one by one").exit == 0


def test_a_walk_without_an_export_goes_through_as_well(crisis: Crisis, folder: Path) -> None:
    walked(crisis, folder, answers(crisis, "en"))

    assert json.loads(crisis("report", "--json").stdout)["reviews"] is None


def test_promotion_stays_frozen_until_its_step_lifts_it(crisis: Crisis, folder: Path) -> None:
    file = answers(crisis, "en", steps={"lift-freeze": {"skip": "Not sure yet"}})
    id = walked(crisis, folder, file)

    status = json.loads(crisis("status", "--json").stdout)
    assert status["frozen"] == ["promotion"]
    closed = crisis("close", id)
    assert closed.exit == 1
    assert "promotion is still frozen" in " ".join(closed.stderr.split())
