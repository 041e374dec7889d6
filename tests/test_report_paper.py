"""The post-mortem in a browser and on paper: looked at, not only read as text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Crisis
from test_browser import Looked, assert_well, look, unable
from test_browser import browser as browser
from test_report_page import a_report, html, story_about

from crisisctl.report.words import LOCALES

pytestmark = pytest.mark.browser
INCIDENT = Path(__file__).parent / "incidents" / "gitlab-2017-01-31.yaml"


@pytest.fixture(scope="module")
def weasyprint() -> None:
    try:
        import weasyprint as _  # noqa: F401
    except (ImportError, OSError) as error:
        unable(str(error))


def without_our_drawings(seen: Looked) -> Looked:
    """What a page holds but for the pictures of the report itself, in which nothing is active."""
    active = re.compile(r"<script|<foreignobject|\bon\w+=|href", re.IGNORECASE)
    ours = [
        each
        for each in seen.scripts
        if each.startswith('<svg viewBox="0 0 720 ') and not active.search(each)
    ]
    return seen._replace(scripts=[each for each in seen.scripts if each not in ours])


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (768, "dark"), (360, "light")])
def test_a_page_reads_well_at_every_width_by_day_and_by_night(
    browser: Any, tmp_path: Path, locale: str, width: int, scheme: str
) -> None:
    file = tmp_path / "report.html"
    file.write_text(html(a_report(*story_about("words of a person")), locale), encoding="utf-8")

    assert_well(without_our_drawings(look(browser, file, width, scheme)), file)


def test_a_page_of_hostile_words_runs_nothing_even_without_its_policy(
    browser: Any, tmp_path: Path
) -> None:
    said = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' onmouseover='alert(1)"
    file = tmp_path / "report.html"
    file.write_text(html(a_report(*story_about(said))), encoding="utf-8")

    seen = without_our_drawings(look(browser, file, 800, "light", bare=True))

    assert (seen.scripts, seen.dialogs, seen.asked) == ([], [], [file.as_uri()])


def test_a_printed_page_shows_what_is_folded_on_the_screen(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(html(a_report(*story_about("words of a person"))), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.emulate_media(media="print")

    heights = page.evaluate("[...document.querySelectorAll('pre')].map(each => each.offsetHeight)")

    assert heights
    assert min(heights) > 0
    page.close()


@pytest.fixture
def gitlab(crisis: Crisis) -> str:
    ran = crisis("start", "outage", "--answers", str(INCIDENT), "--no-input")
    assert ran.exit == 0, ran.stderr
    return ran.stdout.strip()


@pytest.mark.usefixtures("weasyprint")
def test_a_pdf_holds_the_whole_report(crisis: Crisis, gitlab: str, folder: Path) -> None:
    from pypdf import PdfReader

    ran = crisis("report", gitlab, "--format", "pdf", "-o", "report.pdf")

    assert (ran.exit, ran.stdout) == (0, "")
    reader = PdfReader(folder / "report.pdf")
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert reader.metadata is not None
    assert reader.metadata.title == "Post-mortem: Site outage"
    for title in ("Summary", "Metrics", "Timeline", "Action items", "Appendix: evidence"):
        assert title in text
    head = json.loads(crisis("report", gitlab, "--json").stdout)["head"]
    assert head in text.replace(" ", "")


@pytest.mark.usefixtures("weasyprint")
def test_a_pdf_fetches_nothing() -> None:
    from crisisctl.report.paper import pdf

    made = pdf('<html lang="en"><title>t</title><img src="http://127.0.0.1:9/x.png">words</html>')

    assert made.startswith(b"%PDF")


def test_without_the_library_a_pdf_says_what_to_install(gitlab: str, folder: Path) -> None:
    code = (
        "import sys; sys.modules['weasyprint'] = None; sys.argv[1:] = "
        f"['report', {gitlab!r}, '-f', 'pdf', '-o', 'x.pdf']; "
        "from crisisctl.__main__ import main; main()"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder)

    assert done.returncode == 2
    assert "pip install 'crisisctl[pdf]'" in done.stderr
    assert not (folder / "x.pdf").exists()
