"""`report --public`: what comes out, for whom, in which form, and when nothing does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import Crisis
from small import answers as small_answers
from small import small, write

from crisisctl.workspace import shipped

BRAND = """\
brand:
  name: Kestrel
  support_email: help@kestrel.example
  phone: "+33 1 23 45 67 89"
  status_url: https://status.kestrel.example
  company: Kestrel Outdoor SAS, 12 rue des Lilas, 69003 Lyon
  privacy_contact: Data protection officer
  privacy_email: privacy@kestrel.example
locales: [fr, en]
"""
STAMPS = {
    "en": "DRILL, not a real message",
    "fr": "EXERCICE, message fictif",
    "es": "SIMULACRO, mensaje ficticio",
    "tr": "TATBİKAT, gerçek mesaj değil",
    "ru": "УЧЕНИЯ, сообщение не настоящее",
}


def answered(crisis: Crisis, playbook: str, **changed: object) -> Path:
    """An answers file of the playbook's own examples; what is None is left open."""
    model = json.loads(crisis("show", playbook, "--format", "json").stdout)
    own = {name for name, fact in model["facts"].items() if fact["workspace"]}
    facts = {
        name: fact["example"]
        for name, fact in model["facts"].items()
        if fact["example"] is not None and not fact["compute"] and name not in own
    }
    facts |= {n: i["example"] or next(iter(i["answers"])) for n, i in model["impact"].items()}
    decisions = {
        step["id"]: {"choose": step["decide"]["example"], "because": "It fits"}
        for steps in model["stages"].values()
        for step in steps
        if step["decide"]
    }
    for step, chosen in changed.pop("decisions", {}).items():  # type: ignore[attr-defined]
        decisions[step]["choose"] = chosen
    given = {name: value for name, value in (facts | changed).items() if value is not None}
    path = Path(f"{playbook}-answers.yaml")
    file = {"facts": given, "decisions": decisions, "approve": True}
    path.write_text(yaml.safe_dump(file, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture
def shop(crisis: Crisis, folder: Path) -> Crisis:
    """A workspace with a brand; nothing has happened there yet."""
    write(folder / "crisisctl.yaml", BRAND)
    return crisis


def walked(shop: Crisis, playbook: str = "outage", *words: str, **changed: Any) -> str:
    file = answered(shop, playbook, **changed)
    ran = shop("start", playbook, "--answers", str(file), *words)
    assert ran.exit == 0, ran.stderr
    return ran.stdout.strip()


# What comes out


def test_the_report_of_an_outage_is_for_its_first_language_and_in_markdown(shop: Crisis) -> None:
    walked(shop)

    ran = shop("report", "--public")

    assert (ran.exit, ran.stderr) == (0, "")
    assert ran.stdout.startswith("# Ce qui s’est passé le 27 novembre 2026")
    assert "\n## Pourquoi c’est arrivé\n" in ran.stdout
    assert (
        "\n- 27 novembre 2026 à 20\u00a0h\u00a004 (UTC+1)\u00a0: la panne a commencé.\n"
        in ran.stdout
    )
    assert "<https://kestrel.example/feedback>" in ran.stdout
    assert ran.stdout.endswith("\nL’équipe Kestrel\n")


@pytest.mark.parametrize("playbook", ["review-wave", "breach"])
def test_waves_and_breaches_have_one_too(shop: Crisis, playbook: str) -> None:
    walked(shop, playbook)

    ran = shop("report", "--public", "-l", "en", "-f", "text")

    assert ran.exit == 0, ran.stderr
    assert "\n\nWe are sorry. " in ran.stdout


def test_several_languages_come_one_after_the_other(shop: Crisis) -> None:
    walked(shop)

    both = shop("report", "--public", "-l", "en", "-l", "tr", "-f", "text").stdout
    every = shop("report", "--public", "-l", "all").stdout

    assert both.index("We are sorry.") < both.index("Özür dileriz.")
    assert len(re.findall("^# ", every, re.MULTILINE)) == 5


def test_the_e_mail_is_the_page_that_mail_programs_show(shop: Crisis) -> None:
    walked(shop)

    mail = shop("report", "--public", "--form", "email", "-f", "html").stdout
    page = shop("report", "--public", "-f", "html").stdout

    assert 'style="margin:0 0 16px"' in mail
    assert "<h2>" not in mail
    assert "<h2>Pourquoi c’est arrivé</h2>" in page
    for one in (mail, page):
        assert '<html lang="fr">' in one
        assert "default-src &#39;none&#39;" in one or "default-src 'none'" in one
        assert "<script" not in one


def test_files_are_named_by_their_language(shop: Crisis, folder: Path) -> None:
    walked(shop)

    ran = shop("report", "--public", "-f", "html", "-l", "en", "-l", "fr", "-o", "www/r.html")
    assert ran.exit == 1  # there is no such folder
    ran = shop("report", "--public", "-f", "html", "-l", "en", "-l", "fr", "-o", "r.html")
    one = shop("report", "--public", "-f", "html", "-l", "es", "-o", "r.html")

    assert (ran.exit, ran.stdout, one.exit) == (0, "", 0)
    assert "written to r.en.html" in ran.stderr
    found = {path.name: path.read_text("utf-8")[:40] for path in folder.glob("r*.html")}
    assert {name: re.findall('lang="(..)"', text)[0] for name, text in found.items()} == {
        "r.en.html": "en",
        "r.fr.html": "fr",
        "r.html": "es",
    }


def test_several_pages_need_a_place_each(shop: Crisis) -> None:
    walked(shop)

    ran = shop("report", "--public", "-f", "html", "-l", "all")

    assert (ran.exit, ran.stdout) == (2, "")
    assert "error: these are 5 pages" in ran.stderr


def test_json_holds_nothing_but_what_may_be_published(shop: Crisis) -> None:
    id = walked(shop, "outage", "--title", "Zora broke the till")

    found = json.loads(shop("report", "--public", "--json", "-l", "en", "-l", "ru").stdout)

    assert list(found) == ["schema", "incident", "drill", "form", "reports"]
    assert (found["incident"], found["drill"], found["form"]) == (id, False, "blog")
    assert [one["locale"] for one in found["reports"]] == ["en", "ru"]
    assert list(found["reports"][0]) == [
        *("playbook", "message", "locale", "heading", "text", "sections", "html", "sha256"),
        "findings",
    ]
    assert [s["heading"] for s in found["reports"][0]["sections"]][:2] == [
        "What you noticed",
        "Why it happened",
    ]
    assert "Zora" not in json.dumps(found)


@pytest.mark.parametrize("form", ["blog", "email"])
def test_a_drill_is_stamped_in_every_language_and_format(shop: Crisis, form: str) -> None:
    walked(shop, "outage", "--drill")

    for locale, stamp in STAMPS.items():
        for format in ("md", "html", "text", "json"):
            ran = shop("report", "--public", "--form", form, "-l", locale, "-f", format)
            assert stamp in ran.stdout.replace("\\", ""), (locale, format)


# Which message it is


def test_a_playbook_may_name_its_own_public_report(shop: Crisis, folder: Path) -> None:
    small(folder, settings=BRAND.replace("locales: [fr, en]", "locales: [en, fr]"))
    path = folder / "playbooks" / "small.yaml"
    path.write_text(path.read_text("utf-8") + "public: hello\n", encoding="utf-8")
    shop("start", "small", "--answers", str(small_answers(folder)))

    ran = shop("report", "--public", "-f", "text")

    assert ran.exit == 0, ran.stderr
    assert ran.stdout.startswith("Down: Kestrel\n\nKestrel: we are sorry, since")
    assert json.loads(shop("show", "small", "--format", "json").stdout)["public"] == "hello"


def test_a_playbook_without_one_says_so(shop: Crisis, folder: Path) -> None:
    small(folder)
    shop("start", "small", "--answers", str(small_answers(folder)))

    ran = shop("report", "--public")

    assert (ran.exit, ran.stdout) == (1, "")
    assert 'error: the playbook "small" has no public report' in ran.stderr


def test_what_is_for_staff_is_never_the_public_report(shop: Crisis, folder: Path) -> None:
    own = (shipped("playbooks") / "outage.yaml").read_text("utf-8") + "\npublic: internal-brief\n"
    write(folder / "playbooks" / "outage.yaml", own)
    walked(shop)

    ran = shop("report", "--public")

    assert (ran.exit, ran.stdout) == (1, "")
    assert '"outage/internal-brief" is for staff, not for customers' in ran.stderr


def test_a_report_that_its_playbook_holds_back_is_not_written(shop: Crisis) -> None:
    """The police asked to wait: nobody has been told, and nobody reads it here."""
    walked(shop, "breach", decisions={"reach": "later"})

    ran = shop("report", "--public")

    assert (ran.exit, ran.stdout) == (1, "")
    assert 'the report of "breach" is not published here: its step "report" is for' in ran.stderr


def test_of_two_playbooks_each_has_a_report_of_its_own(shop: Crisis, folder: Path) -> None:
    id = walked(shop)
    file = answered(shop, "breach")
    shop("start", "breach", "--into", id, "--because", "Data is gone", "--answers", str(file))

    ran = shop("report", "--public", "-l", "en", "-o", "report.md")
    one = shop("report", "--public", "-l", "en", "--playbook", "breach")

    assert ran.exit == 0, ran.stderr
    assert sorted(path.name for path in folder.glob("report*.md")) == [
        "report.breach.en.md",
        "report.outage.en.md",
    ]
    assert one.stdout.startswith("# The data breach: what happened")


# When nothing comes out


def test_missing_facts_are_named_and_nothing_is_written(shop: Crisis, folder: Path) -> None:
    shop("start", "outage", "--set", "started_at=-40m", "--no-input")
    shop("fact", "mitigated_at", "-5m", "--suspected")

    ran = shop("report", "--public", "-o", "report.md")

    assert (ran.exit, ran.stdout) == (2, "")
    first, hint = ran.stderr.strip().split("\n")
    assert first.startswith("error: the public report needs what is not confirmed yet: ")
    assert "mitigated_at (only suspected)" in first
    assert "resolved_at" in first
    assert hint.startswith("hint:  record each with `crisisctl fact ")
    assert not (folder / "report.md").exists()


def test_a_leak_is_named_with_its_fact_and_nothing_is_written(shop: Crisis, folder: Path) -> None:
    id = walked(shop, feedback_url="https://wiki.kestrel.example/x")

    ran = shop("report", "--public", "-l", "en", "-l", "ru", "-o", "report.md")

    assert (ran.exit, ran.stdout) == (1, "")
    lines = ran.stderr.strip().split("\n")
    assert len(lines) == 4
    assert re.fullmatch(
        r'blog\.en:\d+:\d+: it holds "https://wiki\.kestrel\.example/x", an address inside your '
        rf"network; correct: crisisctl fact feedback_url VALUE --incident {id}",
        lines[0],
    )
    assert lines[1].startswith("blog.ru:")
    assert lines[2] == "error: 2 things in it must not get out: nothing was written"
    assert list(folder.glob("report*")) == []


def test_a_leak_that_is_corrected_is_none(shop: Crisis) -> None:
    walked(shop, feedback_url="https://wiki.kestrel.example/x")
    shop("fact", "feedback_url", "https://kestrel.example/feedback")

    ran = shop("report", "--public", "-l", "en")

    assert ran.exit == 0, ran.stderr


def test_a_template_that_speaks_of_the_team_is_named(shop: Crisis, folder: Path) -> None:
    text = (shipped("templates") / "outage" / "public-report.en.j2").read_text("utf-8")
    changed = text.replace("We are sorry. On", "We are sorry: {{ contributing }}. On")
    write(folder / "templates" / "outage" / "public-report.en.j2", changed)
    walked(shop)

    ran = shop("report", "--public", "-l", "en")

    assert (ran.exit, ran.stdout) == (1, "")
    assert 'it says the fact "contributing", which is for the team' in ran.stderr


def test_mistakes_of_proofreading_stop_it_too(shop: Crisis, folder: Path) -> None:
    text = (shipped("templates") / "outage" / "public-report.en.j2").read_text("utf-8")
    changed = text.replace("You relied on us, and we let you down.", "Call [NAME] at TODO.")
    write(folder / "templates" / "outage" / "public-report.en.j2", changed)
    walked(shop, "outage")

    ran = shop("report", "--public", "-l", "en", "-o", "report.md")

    assert (ran.exit, ran.stdout) == (1, "")
    assert "[placeholder-left]" in ran.stderr
    assert "error: the text has mistakes: nothing was written" in ran.stderr
    assert not (folder / "report.md").exists()


def test_warnings_are_shown_and_stop_nothing(shop: Crisis, folder: Path) -> None:
    text = (shipped("templates") / "outage" / "public-report.en.j2").read_text("utf-8")
    changed = text.replace("You relied on us", "You  relied on us")
    write(folder / "templates" / "outage" / "public-report.en.j2", changed)
    walked(shop)

    ran = shop("report", "--public", "-l", "en")

    assert ran.exit == 0
    assert "blog.en:1:74: there is more than one space here [double-space]" in ran.stderr
    assert "We are sorry." in ran.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--form", "blgo"), 'there is no form "blgo"'),
        (("-f", "docx"), 'there is no format "docx"'),
        (("--playbook", "breach"), 'there is no playbook "breach"'),
        (("-l", "de"), 'has no text in "de"'),
        (("-l", "../x"), "is not a locale"),
    ],
)
def test_what_is_unknown_is_one_line(shop: Crisis, words: tuple[str, ...], told: str) -> None:
    shop("start", "outage", "--no-input")

    ran = shop("report", "--public", *words)

    assert (ran.exit, ran.stdout) == (2, "")
    assert told in ran.stderr.split("\n")[0]


# Restricted


def test_a_restricted_incident_is_published_by_its_circle_on_purpose_only(
    shop: Crisis, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = walked(shop)
    shop("restrict", "--to", "li", "--because", "It is about people")

    without = shop("report", "--public")
    on_purpose = shop("report", "--public", "--restricted")
    monkeypatch.setenv("CRISISCTL_OPERATOR", "jo")
    outside = shop("report", "--public", "--restricted")

    assert (without.exit, without.stdout) == (2, "")
    assert f"{id} is restricted: its report is not for the public yet" in without.stderr
    assert on_purpose.exit == 0, on_purpose.stderr
    assert (outside.exit, outside.stdout) == (2, "")
    assert "ask" in outside.stderr
