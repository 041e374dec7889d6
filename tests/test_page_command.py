"""`crisisctl page`: what gets onto the status page, and what never does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from markup import seen

YAML = """\
brand:
  name: Kestrel
  support_email: help@kestrel.example
  status_url: https://status.kestrel.example
time_zone: Europe/Paris
locales: [LOCALES]
"""


@pytest.fixture
def workspace(folder: Path) -> Path:
    """A shop that writes in English and French."""
    (folder / "crisisctl.yaml").write_text(YAML.replace("LOCALES", "en, fr"), encoding="utf-8")
    return folder


@pytest.fixture
def told(workspace: Path, declared: str, crisis: Crisis) -> str:
    """An incident of which customers were told in English, and staff too."""
    for fact, value in (("detected_by", "monitor"), ("detected_at", "-15m")):
        crisis("fact", fact, value)
    staff = ("internal-brief", "--channel", "internal", "--channel", "status-page")
    for message in (("holding",), staff):
        sent = crisis("message", "send", *message, "--yes", "--no-input")
        assert sent.exit == 0, sent.stderr
    return declared


def site(crisis: Crisis, *words: str, into: str = "www") -> dict[str, Any]:
    done = crisis("page", "-o", into, "--json", *words)
    assert done.exit == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def everything(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.*"))


def undated(pages: str) -> str:
    """The same whenever they were written: a second may pass between two writings."""
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*|\d\d:\d\d \(UTC", "THEN", pages)


def texts(home: Path, name: str) -> Path:
    (file,) = home.glob(f"outbox/*/01-holding/{name}")
    return file


def test_the_status_page_says_what_customers_were_sent(
    told: str, folder: Path, crisis: Crisis
) -> None:
    found = site(crisis)

    assert (found["schema"], found["indicator"], found["incidents"]) == (1, "critical", [told])
    assert found["missing"] == []
    assert sorted(found["files"]) == sorted(
        path.relative_to(folder / "www").as_posix()
        for path in (folder / "www").rglob("*")
        if path.is_file()
    )
    page = (folder / "www" / "index.html").read_text(encoding="utf-8")
    shown = " ".join("".join(seen(page).texts).split())
    body = texts(folder / "home", "status-page.en.txt").read_text(encoding="utf-8")
    for line in filter(None, body.splitlines()):
        assert line.removeprefix("- ") in shown
    assert texts(folder / "home", "status-page.en.title.txt").read_text().strip() in shown


def test_nothing_internal_gets_onto_the_status_page(
    told: str, folder: Path, crisis: Crisis
) -> None:
    crisis("note", "Bobby dropped the tables")
    site(crisis)

    shown = everything(folder / "www")
    (incident,) = json.loads((folder / "www" / "summary.json").read_text())["incidents"]
    assert len(incident["incident_updates"]) == 1
    for file in (folder / "home").glob("outbox/*/02-internal-brief/status-page.en.*"):
        for line in filter(None, file.read_text(encoding="utf-8").splitlines()):
            assert line not in shown
    for word in ("Bobby", told, "ana", "Site outage", "sev1"):
        assert word not in shown


def test_the_page_knows_how_the_incident_stands(told: str, folder: Path, crisis: Crisis) -> None:
    def now() -> tuple[str, str, str]:
        site(crisis)
        data = json.loads((folder / "www" / "incidents.json").read_text(encoding="utf-8"))
        (incident,) = data["incidents"]
        indicator = json.loads((folder / "www" / "summary.json").read_text())["status"]
        return incident["status"], incident["impact"], indicator["indicator"]

    def update(**facts: str) -> None:
        for name, value in facts.items():
            assert crisis("fact", name, value).exit == 0
        sent = crisis("message", "send", "update", "--yes", "--no-input")
        assert sent.exit == 0, sent.stderr

    assert now() == ("investigating", "critical", "critical")
    update(cause="deployment", progress="fixing")
    assert now() == ("identified", "critical", "critical")
    crisis("severity", "sev3", "--because", "Most can pay again")
    update(mitigated_at="-1m")
    assert now() == ("monitoring", "minor", "minor")
    crisis("fact", "resolved_at", "-1m")
    assert now() == ("resolved", "minor", "none")


def test_a_channel_without_a_headline_is_named_by_its_first_line(
    workspace: Path, declared: str, folder: Path, crisis: Crisis
) -> None:
    (folder / "templates").mkdir()
    shipped = Path(__file__).parents[1] / "templates" / "channels.yaml"
    before, after = shipped.read_text(encoding="utf-8").split("  status-page:\n")
    own = after.replace("    heading: true\n", "", 1)
    (folder / "templates" / "channels.yaml").write_text(f"{before}  status-page:\n{own}")
    assert crisis("message", "send", "holding", "--yes", "--no-input").exit == 0

    assert site(crisis)["missing"] == []
    (incident,) = json.loads((folder / "www" / "summary.json").read_text())["incidents"]
    body = texts(folder / "home", "status-page.en.txt").read_text(encoding="utf-8")
    assert incident["name"] == body.splitlines()[0]


def test_the_title_of_an_incident_is_not_published(
    workspace: Path, declared: str, folder: Path, crisis: Crisis
) -> None:
    facts = "site_url=https://shop.example functions_down=cart started_at=-20m checkout=none"
    given = [w for pair in f"{facts} reach=many data=none".split() for w in ("--set", pair)]
    crisis("start", "outage", "-l", "en", "--title", "The intern did it", *given, "--no-input")
    crisis("message", "send", "holding", "--incident", f"{declared}-2", "--yes", "--no-input")

    assert site(crisis)["incidents"] == [f"{declared}-2"]
    assert "intern" not in everything(folder / "www")


def test_an_incident_without_a_word_to_customers_is_not_shown(
    workspace: Path, declared: str, crisis: Crisis
) -> None:
    found = site(crisis)

    assert (found["incidents"], found["indicator"]) == ([], "none")


def test_only_the_status_page_channel_counts(
    workspace: Path, declared: str, crisis: Crisis
) -> None:
    crisis("message", "send", "holding", "--channel", "x", "--yes", "--no-input")

    assert site(crisis)["incidents"] == []


def test_pages_are_in_the_languages_of_the_workspace(
    told: str, folder: Path, crisis: Crisis
) -> None:
    assert site(crisis)["locales"] == ["en", "fr"]

    page = (folder / "www" / "fr" / "index.html").read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert "Langue de ce message : English" in " ".join(seen(page).texts)


def test_without_a_workspace_the_incident_says_whose_page_it_is(
    folder: Path, declared: str, crisis: Crisis
) -> None:
    crisis("message", "send", "holding", "--yes", "--no-input")
    refused = crisis("page", "-o", "www")

    assert refused.exit == 2
    assert refused.stderr.splitlines() == [
        "error: the status page needs brand.status_url",
        "hint:  write it into crisisctl.yaml: brand: {status_url: …}",
    ]
    assert not (folder / "www").exists()

    crisis("fact", "status_url", "https://evil.example", "--suspected")
    assert crisis("page", "-o", "www").exit == 2
    crisis("fact", "status_url", "https://status.kestrel.example")
    found = site(crisis)
    assert found["locales"] == ["en"]
    assert "Kestrel" in (folder / "www" / "index.html").read_text()


def test_what_became_of_the_files_in_the_outbox_changes_nothing(
    told: str, folder: Path, crisis: Crisis
) -> None:
    site(crisis)
    before = everything(folder / "www")
    texts(folder / "home", "status-page.en.txt").write_text("It was the intern.", encoding="utf-8")
    texts(folder / "home", "status-page.en.title.txt").unlink()

    assert site(crisis, into="again")["missing"] == []
    assert undated(everything(folder / "again")) == undated(before)


def test_a_drill_is_refused(workspace: Path, folder: Path, crisis: Crisis) -> None:
    drill = crisis("start", "outage", "-l", "en", "--example", "--no-input").stdout.split()[0]

    refused = crisis("page", "-o", "www", "--incident", drill)

    assert refused.exit == 2
    assert refused.stderr.startswith(f"error: {drill} is a drill: ")
    assert not (folder / "www").exists()
    assert site(crisis)["incidents"] == []


def test_a_drill_that_is_asked_for_is_stamped_on_every_page(
    workspace: Path, folder: Path, crisis: Crisis
) -> None:
    drill = crisis("start", "outage", "-l", "en", "--example", "--no-input").stdout.split()[0]

    assert site(crisis, "--drill")["incidents"] == [drill]

    for page in (folder / "www").rglob("*.html"):
        stamp = "EXERCICE" if page.parent.name == "fr" else "DRILL, not a real message"
        assert stamp in page.read_text(encoding="utf-8")


def test_what_ended_earlier_than_asked_is_left_out(
    workspace: Path, folder: Path, crisis: Crisis
) -> None:
    replay = Path(__file__).parent / "incidents" / "cloudflare-2025-11-18.yaml"
    ran = crisis("start", "outage", "--answers", str(replay), "--no-input")
    assert ran.exit == 0, ran.stderr
    id = "outage-2025-11-18"
    crisis("close", id)

    assert site(crisis, "--days", "36500")["incidents"] == [id]
    assert site(crisis, "--days", "1")["incidents"] == []
    told = json.loads((folder / "www" / "incidents.json").read_text())["incidents"]
    assert told == []


def test_named_incidents_alone_are_shown(told: str, crisis: Crisis) -> None:
    unknown = crisis("page", "-o", "www", "--incident", "outage-1999-01-01")

    assert unknown.exit == 2
    assert 'there is no incident "outage-1999-01-01"' in unknown.stderr
    assert site(crisis, "--incident", told)["incidents"] == [told]


@pytest.mark.parametrize("target", ["www", "-"])
def test_what_is_no_folder_is_refused(told: str, folder: Path, crisis: Crisis, target: str) -> None:
    (folder / "www").write_text("mine")

    refused = crisis("page", "-o", target)

    assert refused.exit == 2
    assert "hint:  name a folder: --output DIR" in refused.stderr
    assert (folder / "www").read_text() == "mine"


def test_a_second_run_leaves_the_files_of_others_alone(
    told: str, folder: Path, crisis: Crisis
) -> None:
    site(crisis)
    (folder / "www" / "robots.txt").write_text("theirs")

    site(crisis)

    assert (folder / "www" / "robots.txt").read_text() == "theirs"
    assert not list((folder / "www").rglob("*.part"))


def test_a_locale_of_no_page_is_refused(told: str, folder: Path, crisis: Crisis) -> None:
    (folder / "crisisctl.yaml").write_text(YAML.replace("LOCALES", "en, de"), encoding="utf-8")

    refused = crisis("page", "-o", "www")

    assert refused.exit == 2
    assert 'error: the status page has no words in "de"' in refused.stderr
    assert not (folder / "www").exists()
