"""The pages that people see, looked at in a real browser.

They need the extra `browser` and a Chromium or Chrome on the path. Without
them they are skipped, unless REQUIRE_BROWSER is set, as in CI.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hostile import HTML
from sites import LOCALES, a_site, a_told, hostile_site

from crisisctl.messages.layouts import Page, render_page
from crisisctl.messages.pages.build import build
from crisisctl.messages.pages.site import Component
from crisisctl.messages.pages.writing import write_site
from crisisctl.workspace import Workspace, shipped

pytestmark = pytest.mark.browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE, DESK = 320, 1280
LONG = "Donaudampfschifffahrtsgesellschaft" * 20
SHOP = """\
<!doctype html>
<html lang="LOCALE"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body style="margin:0">BANNER<main><h1>Shop</h1></main></body></html>
"""
SEES_SCROLLING = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SEES_SCRIPTS = """
() => [...document.querySelectorAll('*')].filter(e =>
    ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'IMG', 'SVG', 'BASE', 'FORM'].includes(
        e.tagName.toUpperCase()) ||
    [...e.attributes].some(a => a.name.startsWith('on')) ||
    (e.tagName === 'A' && !['http:', 'https:', 'mailto:', 'file:'].includes(e.protocol))
).map(e => e.outerHTML)
"""


class Looked(NamedTuple):
    """What a browser saw of a page."""

    scrolls: int
    scripts: list[str]
    asked: list[str]
    """The addresses that it asked for."""
    dialogs: list[str]
    errors: list[str]
    violations: list[str]


def unable(reason: str) -> None:
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(f"REQUIRE_BROWSER is set, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        unable("playwright is not installed: pip install -e '.[browser]'")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        unable("there is no Chromium: apt-get install chromium")
    with sync_playwright() as play:
        # as root, Chromium has no sandbox; all it opens here was written by this test
        found = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()


def look(browser: Any, file: Path, width: int, scheme: str, *, bare: bool = False) -> Looked:
    """Open a page; `bare` without its policy, and without asking axe."""
    asked: list[str] = []
    dialogs: list[str] = []
    errors: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=bare
    )
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    scrolls, scripts = page.evaluate(SEES_SCROLLING), page.evaluate(SEES_SCRIPTS)
    violations = [] if bare else violated(page)
    context.close()
    return Looked(scrolls, scripts, asked, dialogs, errors, violations)


def violated(page: Any) -> list[str]:
    """What axe-core finds against a page, all its rules on."""
    from axe_playwright_python.sync_playwright import Axe

    told = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in told for node in rule["nodes"]]


def assert_well(seen: Looked, file: Path) -> None:
    assert seen.violations == []
    assert seen.scrolls <= 0
    assert seen.scripts == []
    assert seen.asked == [file.as_uri()]
    assert seen.dialogs == seen.errors == []


def message(locale: str, drill: str = "") -> Page:
    """A message as customers get it: the example texts would need an incident."""
    words = {
        "en": "You cannot order from us",
        "fr": "Vous ne pouvez pas commander",
        "es": "No puede hacer pedidos",
        "tr": "Şu anda sipariş alamıyoruz",
        "ru": "Заказать у нас сейчас нельзя",
    }[locale]
    status = f"https://status.kestrel.example/{'a' * 60}"
    body = f"{words}.\n\n{words}\n\n- {status}\n- help@kestrel.example\n\n{LONG}"
    return Page(locale, words, body, "Kestrel & Söhne", drill)


def put(folder: Path, layout: str, page: Page) -> Path:
    html = render_page(Workspace(), layout, page)
    if "<html" not in html:
        html = SHOP.replace("LOCALE", page.locale).replace("BANNER", html)
    file = folder / layout.removesuffix(".j2")
    file.write_text(html, encoding="utf-8")
    return file


ALONE = ("503", "banner", "email", "public-report")
"""Layouts that show one message."""
WAYS = pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESK, "light")])
"""Colours do not depend on the width: two ways show all four."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The status site in a folder, with one incident that goes on and one that is over."""
    folder = tmp_path_factory.mktemp("site")
    parts = (Component("Checkout", "major_outage"), Component("Search", "operational"))
    write_site(build(Workspace(), a_site(components=parts)), folder)
    return folder


@WAYS
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", ["index.html", "history.html"])
def test_the_status_site_is_well_in_every_language(
    browser: Any, site: Path, name: str, locale: str, width: int, scheme: str
) -> None:
    file = site / name if locale == "en" else site / locale / name

    assert_well(look(browser, file, width, scheme), file)


@WAYS
@pytest.mark.parametrize("severity", ["sev1", "sev2", "sev3", "none"])
def test_the_first_page_is_well_however_bad_it_is(
    browser: Any, tmp_path: Path, severity: str, width: int, scheme: str
) -> None:
    told = () if severity == "none" else (a_told(severity=severity),)
    stamps = dict.fromkeys(LOCALES, "DRILL")
    write_site(build(Workspace(), a_site(incidents=told, drill_stamps=stamps)), tmp_path)
    file = tmp_path / "index.html"

    assert_well(look(browser, file, width, scheme), file)


@WAYS
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("layout", [f"{name}.html.j2" for name in ALONE])
def test_the_page_of_a_message_is_well_in_every_language(
    browser: Any, tmp_path: Path, layout: str, locale: str, width: int, scheme: str
) -> None:
    file = put(tmp_path, layout, message(locale, "DRILL" if locale in ("en", "ru") else ""))

    assert_well(look(browser, file, width, scheme), file)


@WAYS
def test_an_e_mail_whose_style_sheet_was_dropped_is_well(
    browser: Any, tmp_path: Path, width: int, scheme: str
) -> None:
    file = put(tmp_path, "email.html.j2", message("fr", "EXERCICE"))
    bare = re.sub(r"<style>.*?</style>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    file.write_text(bare, encoding="utf-8")

    assert_well(look(browser, file, width, scheme), file)


def test_every_layout_is_looked_at() -> None:
    looked_at = {*(f"{name}.html.j2" for name in ALONE), "status-page.html.j2"}
    looked_at |= {"post-mortem.html.j2", "post-mortem.md.j2"}  # test_report_paper.py

    assert {path.name for path in (shipped("templates") / "layouts").iterdir()} == looked_at


@pytest.mark.parametrize("data", [*HTML, LONG])
def test_hostile_words_do_nothing_in_a_browser_even_without_the_policy(
    browser: Any, tmp_path: Path, data: str
) -> None:
    write_site(build(Workspace(), hostile_site(data)), tmp_path)
    alone = Page("en", data, f"{data}\n\n- {data}", data, data)
    files = [tmp_path / "index.html", tmp_path / "history.html", tmp_path / "fr" / "index.html"]
    files += [put(tmp_path, f"{name}.html.j2", alone) for name in ALONE]

    for file in files:
        seen = look(browser, file, PHONE, "light", bare=True)
        assert seen.scripts == seen.dialogs == [], file.name
        assert seen.asked == [file.as_uri()]
        assert seen.scrolls <= 0, file.name


def test_the_policy_stops_a_script_that_got_in_all_the_same(browser: Any, tmp_path: Path) -> None:
    file = put(tmp_path, "503.html.j2", message("en"))
    page = file.read_text(encoding="utf-8").replace("</main>", "<script>alert(1)</script></main>")
    file.write_text(page, encoding="utf-8")

    seen = look(browser, file, PHONE, "light")

    assert seen.dialogs == []
    assert any("Content Security Policy" in error for error in seen.errors)
