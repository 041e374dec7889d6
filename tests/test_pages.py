"""The status site: what it says, in which language, and that it says nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hostile import HTML
from jsonschema import Draft202012Validator
from makers import a_send
from markup import seen
from sites import (
    BRAND,
    LOCALES,
    NOW,
    a_site,
    a_told,
    an_update,
    hostile_site,
    in_all,
    over,
)

from crisisctl.errors import CrisisError
from crisisctl.messages.kinds import is_offer
from crisisctl.messages.layouts import LONGEST_SITE, Page, render_page
from crisisctl.messages.pack import Setting, render_pack
from crisisctl.messages.pages.build import build
from crisisctl.messages.pages.site import Brand, Component, Site, Told, Wording
from crisisctl.messages.pages.standing import indicator, status, statuses, telling
from crisisctl.messages.pages.writing import write_site
from crisisctl.messages.sandbox import BadTemplate
from crisisctl.playbook.load import BadFile
from crisisctl.playbook.model import Send
from crisisctl.workspace import Workspace

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def built(site: Site, workspace: Workspace | None = None) -> dict[str, str]:
    """The files of a site as text."""
    return {name: data.decode() for name, data in build(workspace or Workspace(), site).items()}


def words_of(page: str) -> str:
    return " ".join(" ".join(seen(page).texts).split())


def values(page: str, name: str) -> list[str]:
    return [value for key, value in seen(page).attributes if key == name]


# Files and languages


def test_the_first_locale_stands_at_the_top_and_the_others_in_folders() -> None:
    files = build(Workspace(), a_site())

    pages = {"index.html", "history.html", "feed.atom"}
    folders = {f"{locale}/{page}" for locale in LOCALES[1:] for page in pages}
    assert files.keys() == pages | folders | {"summary.json", "incidents.json"}


def test_the_same_values_give_the_same_bytes() -> None:
    assert build(Workspace(), a_site()) == build(Workspace(), a_site())


@pytest.mark.parametrize("file", ["index.html", "history.html"])
@pytest.mark.parametrize("locale", LOCALES)
def test_a_page_says_its_language_and_where_the_others_are(locale: str, file: str) -> None:
    site = a_site()
    page = built(site)[site.folder(locale) + file]

    links = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', page)
    name = "" if file == "index.html" else file
    here = "https://status.kestrel.example/"
    assert f'<html lang="{locale}">' in page
    assert dict(links) == {
        "en": f"{here}{name}",
        **{other: f"{here}{other}/{name}" for other in LOCALES[1:]},
        "x-default": f"{here}{name}",
    }
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
    assert canonical == [dict(links)[locale]]


def test_every_link_between_the_pages_leads_to_a_file_or_an_anchor_that_is_there() -> None:
    files = built(a_site())

    for name, page in files.items():
        if not name.endswith(".html"):
            continue
        for link in re.findall(r'<a (?:[^>]* )?href="([^":]+)"', page):
            file, _, anchor = link.partition("#")
            target = (Path("/") / Path(name).parent / file).resolve().relative_to("/").as_posix()
            assert target in files, (name, link)
            assert not anchor or f'id="{anchor}"' in files[target]


def test_the_words_around_the_messages_are_in_the_language_of_the_page() -> None:
    files = built(a_site())

    for locale, title in {
        "en": "We have a serious problem",
        "fr": "Nous avons un problème grave",
        "es": "Tenemos un problema grave",
        "tr": "Ciddi bir sorun yaşıyoruz",
        "ru": "У нас серьёзная неполадка",
    }.items():
        page = files["index.html" if locale == "en" else f"{locale}/index.html"]
        assert f"<title>{title} | Kestrel</title>" in page
        others = {"serious problem", "problème grave", "problema grave", "sorun", "неполадка"}
        assert sum(word in page for word in others) == 1


def test_times_are_in_the_zone_of_the_incident_and_as_its_language_writes_them() -> None:
    tokyo = a_told(an_update(), time_zone="Asia/Tokyo")
    files = built(a_site(tokyo))

    assert (
        '<time datetime="2026-11-27T19:40:00Z">28 November 2026, 04:40 (UTC+9)</time>'
        in (files["index.html"])
    )
    assert "28 novembre 2026 à 4\u00a0h\u00a040 (UTC+9)" in files["fr/index.html"]
    assert "27 November 2026, 21:10 (UTC+1)" in files["index.html"]  # the page itself


def test_a_message_that_was_not_written_in_a_language_says_so_and_is_marked() -> None:
    page = built(a_site())["fr/history.html"]

    assert "Langue de ce message : English" in words_of(page)
    assert '<h4 lang="en">What happened (en)</h4>' in page
    assert '<div lang="en">' in page
    assert "Langue de ce message" not in built(a_site())["history.html"]


def test_a_language_without_words_is_an_error() -> None:
    with pytest.raises(CrisisError, match='no words in "de"') as error:
        build(Workspace(), a_site(locales=("en", "de")))

    assert "en, fr, es, tr and ru" in error.value.hint


def test_a_workspace_may_bring_its_own_layout_and_words(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, {})
    shipped = Workspace().find("templates", "words/page.en.yaml")
    assert shipped is not None
    for folder in ("layouts", "words"):
        (tmp_path / "templates" / folder).mkdir(parents=True)
    own = shipped.read_text(encoding="utf-8").replace("Service status", "How we are")
    (tmp_path / "templates/words/page.en.yaml").write_text(own, encoding="utf-8")
    layout = '<h1>{{ words["title"] }}</h1>{{ drill_stamp }}{% for i in incidents %}{% endfor %}'
    (tmp_path / "templates/layouts/status-page.html.j2").write_text(layout, encoding="utf-8")

    files = built(a_site(locales=("en",)), workspace)

    assert files["index.html"] == "<h1>How we are</h1>"


def test_a_mistake_in_the_words_of_a_workspace_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "templates/words").mkdir(parents=True)
    file = tmp_path / "templates/words/page.en.yaml"
    file.write_text("language: English\ntitel: Status\n", encoding="utf-8")

    with pytest.raises(BadFile) as error:
        build(Workspace(tmp_path, {}), a_site(locales=("en",)))

    assert f'{file}:2:1: error[unknown-key]: "titel"' in error.value.message


# What stands on the pages


def test_the_first_page_shows_what_goes_on_whole_and_what_is_over_in_a_line() -> None:
    page = built(a_site())["index.html"]

    assert "We have a serious problem" in page
    assert page.index("Still repairing (en)") < page.index("We know of it (en)")
    assert page.count("You cannot pay at the moment") == 3
    assert "It works again (en)" in page
    assert "What happened (en)" not in page
    assert ">Resolved<" in page


def test_earlier_messages_are_folded_on_the_first_page_only() -> None:
    files = built(a_site())

    assert seen(files["index.html"]).tags.count("details") == 1
    assert files["index.html"].index("<details>") > files["index.html"].index("Still repairing")
    assert "<details>" not in files["history.html"]
    one = built(a_site(a_told()))["index.html"]
    assert "<details>" not in one


def test_the_history_shows_all_that_was_said_the_newest_first() -> None:
    page = built(a_site())["history.html"]

    order = ["Still repairing", "Repairing", "It works again", "What happened"]
    places = [page.index(f"{heading} (en)") for heading in order]
    assert places == sorted(places)
    assert page.count("You cannot pay at the moment") == 6


def test_without_incidents_everything_works() -> None:
    files = built(a_site(incidents=()))

    assert "Everything is working" in words_of(files["index.html"])
    assert "Nothing to report in the last two weeks." in words_of(files["index.html"])
    assert "There has been nothing to report so far." in words_of(files["history.html"])


def test_what_ended_long_ago_stands_in_the_history_only() -> None:
    files = built(a_site(over(days=20)))

    assert "It works again" not in files["index.html"]
    assert "It works again" in files["history.html"]


def test_an_incident_that_customers_were_not_told_of_leaves_no_trace() -> None:
    silent = replace(a_told(), id="breach-2026-11-27", updates=())

    assert build(Workspace(), a_site(silent)) == build(Workspace(), a_site(incidents=()))


def test_our_own_ids_are_not_published() -> None:
    for page in built(a_site()).values():
        assert "outage-2026" not in page


def test_components_are_shown_in_words() -> None:
    parts = (Component("Checkout", "major_outage"), Component("Search", "operational"))
    files = built(a_site(components=parts))

    assert "Checkout En panne Search Fonctionne" in words_of(files["fr/index.html"])
    told = json.loads(files["summary.json"])["components"]
    assert [(part["name"], part["status"]) for part in told] == [
        ("Checkout", "major_outage"),
        ("Search", "operational"),
    ]


def test_a_drill_is_stamped_in_every_file() -> None:
    stamps = {"en": "DRILL, not real", "fr": "EXERCICE"}
    files = built(a_site(locales=("en", "fr"), drill_stamps=stamps))

    for name, page in files.items():
        assert stamps["fr" if name.startswith("fr/") else "en"] in page, name
    assert "DRILL" not in "".join(built(a_site()).values())


def test_a_history_of_years_fits_on_a_page() -> None:
    many = [over(f"outage-{number}", days=2 + number) for number in range(200)]
    page = built(a_site(*many, locales=("en",)))["history.html"]

    assert page.count("<article") == 200
    assert 64 * 1024 < len(page) < LONGEST_SITE


def test_a_page_that_would_never_end_is_refused() -> None:
    flood = an_update(texts={"en": Wording("H", "x" * (LONGEST_SITE + 1))})

    with pytest.raises(BadTemplate, match="more than"):
        build(Workspace(), a_site(a_told(flood), locales=("en",)))


# Where an incident stands


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["holding"], ["investigating"]),
        (["holding", "update"], ["investigating", "investigating"]),
        (["holding", "update!"], ["investigating", "identified"]),
        (["update!", "update"], ["identified", "identified"]),
        (["holding", "update*"], ["investigating", "monitoring"]),
        (["holding", "resolution"], ["investigating", "resolved"]),
        (["resolution", "report"], ["resolved", "postmortem"]),
        (["resolution", "apology"], ["resolved", "resolved"]),
        (["notice"], ["investigating"]),
        (["news"], ["investigating"]),
    ],
)
def test_each_message_says_where_the_incident_stands(kinds: list[str], said: list[str]) -> None:
    """`!` tells the cause, `*` comes after customers were helped."""
    updates = [
        an_update(
            str(number),
            None if kind == "news" else kind.rstrip("!*"),
            ago=timedelta(minutes=60 - number),
            cause_told=kind.endswith("!"),
        )
        for number, kind in enumerate(kinds)
    ]
    helped = updates[-1].at if kinds[-1].endswith("*") else None

    found = statuses(a_told(*updates, mitigated_at=helped))

    assert [found[str(number)] for number in range(len(kinds))] == said


def test_what_is_over_is_resolved_whatever_was_said_last() -> None:
    assert status(a_told(an_update(), open=False)) == "resolved"


def test_what_was_opened_again_is_not_resolved() -> None:
    said = an_update(kind="resolution")

    assert status(a_told(said)) == "investigating"
    assert status(a_told(said, mitigated_at=NOW)) == "monitoring"


def test_the_worst_of_what_goes_on_is_the_indicator() -> None:
    mild = [a_told(severity="sev4"), a_told(severity="sev3")]

    assert indicator([]) == "none"
    assert indicator(mild) == "minor"
    assert indicator([*mild, a_told(severity="sev2")]) == "major"
    assert indicator([*mild, a_told()]) == "critical"
    assert indicator([a_told(open=False)]) == "none"


def test_an_incident_is_named_by_the_newest_message_on_how_it_stands() -> None:
    naming = telling(over())

    assert naming.kind == "resolution"
    assert telling(a_told(an_update(kind="apology"))).kind == "apology"


# The feed


def entries(feed: str) -> list[Element]:
    return fromstring(feed).findall(f"{ATOM}entry")


def text(element: Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


@pytest.mark.parametrize("locale", LOCALES)
def test_a_feed_has_all_that_atom_requires(locale: str) -> None:
    site = a_site()
    feed = fromstring(built(site)[f"{site.folder(locale)}feed.atom"])

    assert feed.tag == f"{ATOM}feed"
    assert feed.get(LANG) == locale
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Kestrel"
    rels = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    base = f"https://status.kestrel.example/{site.folder(locale)}"
    assert rels == {"self": f"{base}feed.atom", "alternate": base}
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert text(element, "title")
        assert RFC_3339.fullmatch(text(element, "updated"))
        assert re.fullmatch(r"tag:status\.kestrel\.example,\d{4}:\S+", text(element, "id"))
    assert text(feed, "updated") == max(text(e, "updated") for e in feed.findall(f"{ATOM}entry"))


def test_every_id_of_a_feed_is_its_own() -> None:
    files = built(a_site())
    ids = [
        text(entry, "id")
        for name, feed in files.items()
        if name.endswith(".atom")
        for entry in [fromstring(feed), *entries(feed)]
    ]

    assert len(ids) == len(set(ids)) == 5 * (1 + 6)


def test_a_new_message_changes_no_entry_that_was_there() -> None:
    before = a_told(an_update("9"))
    after = a_told(an_update("9"), an_update("12", "update", ago=timedelta(minutes=1)))

    old = entries(built(a_site(before))["feed.atom"])
    later = entries(built(a_site(after, now=NOW + timedelta(days=40)))["feed.atom"])

    assert [text(e, "id") for e in later][1:] == [text(e, "id") for e in old]
    assert [text(e, "updated") for e in later][1:] == [text(e, "updated") for e in old]


def test_the_newest_entry_comes_first_and_leads_to_its_place_in_the_history() -> None:
    files = built(a_site())
    found = entries(files["fr/feed.atom"])

    assert text(found[0], "title") == "Still repairing (fr)"
    for newer, older in pairwise(found):
        assert text(newer, "updated") >= text(older, "updated")
    for entry in found:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        page, _, anchor = (link.get("href") or "").partition("#")
        assert page == "https://status.kestrel.example/fr/history.html"
        assert f'id="{anchor}"' in files["fr/history.html"]
    assert [entry.get(LANG) for entry in found].count("en") == 1  # the report


def test_a_feed_without_messages_is_a_feed() -> None:
    feed = fromstring(built(a_site(incidents=()))["feed.atom"])

    assert text(feed, "updated") == "2026-11-27T20:10:00Z"
    assert not feed.findall(f"{ATOM}entry")


# The summary

MOMENT = {"type": "string", "pattern": rf"^{RFC_3339.pattern}$"}
MAYBE = {"anyOf": [MOMENT, {"type": "null"}]}
ID = {"type": "string", "pattern": "^[a-z0-9]{12}$"}
STATUS = {"enum": ["investigating", "identified", "monitoring", "resolved", "postmortem"]}


def shape(**properties: object) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": [*properties]}


def rows(row: object) -> dict[str, object]:
    return {"type": "array", "items": row}


PAGE = shape(
    id=ID,
    name={"type": "string", "minLength": 1},
    url={"type": "string", "pattern": "^https?://"},
    time_zone={"type": "string"},
    updated_at=MOMENT,
)
INCIDENT = shape(
    id=ID,
    name={"type": "string", "minLength": 1},
    status=STATUS,
    created_at=MOMENT,
    updated_at=MOMENT,
    resolved_at=MAYBE,
    monitoring_at=MAYBE,
    impact={"enum": ["none", "minor", "major", "critical"]},
    shortlink={"type": "string", "pattern": "^https://"},
    page_id=ID,
    incident_updates=rows(
        shape(
            id=ID,
            incident_id=ID,
            status=STATUS,
            body={"type": "string", "minLength": 1},
            created_at=MOMENT,
            updated_at=MOMENT,
            display_at=MOMENT,
        )
    ),
)
SUMMARY = shape(
    page=PAGE,
    status=shape(
        indicator={"enum": ["none", "minor", "major", "critical"]},
        description={"type": "string", "minLength": 1},
    ),
    components=rows(
        shape(
            id=ID,
            name={"type": "string"},
            status={
                "enum": [
                    *("operational", "degraded_performance", "partial_outage"),
                    *("major_outage", "under_maintenance"),
                ]
            },
        )
    ),
    incidents=rows(INCIDENT),
    scheduled_maintenances={"type": "array", "maxItems": 0},
)


@pytest.mark.parametrize(
    "site",
    [
        a_site(),
        a_site(incidents=()),
        a_site(over()),
        a_site(components=(Component("Checkout", "partial_outage"),)),
    ],
    ids=["both", "nothing", "over", "components"],
)
def test_the_summary_has_the_shape_of_statuspage(site: Site) -> None:
    files = built(site)

    Draft202012Validator(SUMMARY).validate(json.loads(files["summary.json"]))
    everything = shape(page=PAGE, incidents=rows(INCIDENT))
    Draft202012Validator(everything).validate(json.loads(files["incidents.json"]))


def test_the_summary_tells_what_goes_on_and_the_other_file_all_of_it() -> None:
    files = built(a_site())
    summary = json.loads(files["summary.json"])

    assert summary["status"] == {
        "indicator": "critical",
        "description": "We have a serious problem",
    }
    (incident,) = summary["incidents"]
    assert incident["name"] == "Still repairing (en)"
    assert (incident["status"], incident["impact"]) == ("identified", "critical")
    assert incident["created_at"] == "2026-11-27T19:10:00Z"
    assert incident["updated_at"] == summary["page"]["updated_at"] == "2026-11-27T20:05:00Z"
    assert incident["resolved_at"] is None
    assert [u["status"] for u in incident["incident_updates"]] == [
        *("identified", "identified", "investigating")
    ]
    everything = json.loads(files["incidents.json"])["incidents"]
    assert everything[0]["id"] == incident["id"]
    assert everything[1]["status"] == "postmortem"
    assert everything[1]["resolved_at"] == "2026-11-24T19:10:00Z"


def test_ids_in_the_summary_and_on_the_page_are_the_same() -> None:
    files = built(a_site())
    (incident,) = json.loads(files["summary.json"])["incidents"]

    assert incident["shortlink"].endswith(f"history.html#i-{incident['id']}")
    assert f'id="i-{incident["id"]}"' in files["history.html"]
    assert all(f'id="u-{u["id"]}"' in files["history.html"] for u in incident["incident_updates"])


# Addresses


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://status.kestrel.example", "https://status.kestrel.example/"),
        ("https://Kestrel.example:8443/status/?a=b#c", "https://kestrel.example:8443/status/"),
        ("https://état.example/", "https://xn--tat-9la.example/"),
        ('https://kestrel.example/"><script>', "https://kestrel.example/script/"),
    ],
)
def test_the_address_of_a_site_is_cleaned(url: str, base: str) -> None:
    assert Brand("Kestrel", url).base == base


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "status.kestrel.example", "", "https://", "https://[", "ftp://a"),
        *("https://a b", "https://<script>", "https://..", "https://a:99999", "https://a:b"),
        "https://" + "a" * 70 + ".example",
    ],
)
def test_what_is_no_address_is_refused_in_words(url: str) -> None:
    with pytest.raises(CrisisError, match="is no address of a status page"):
        build(Workspace(), a_site(brand=replace(BRAND, url=url)))


# Hostile words


@pytest.mark.parametrize("data", HTML)
def test_whatever_the_site_shows_is_text_and_nothing_else(data: str) -> None:
    plain, hostile = built(hostile_site("plain")), built(hostile_site(data))

    for name in plain:
        if not name.endswith(".html"):
            continue
        page, like = seen(hostile[name]), seen(plain[name])
        assert [tag for tag in page.tags if tag != "a"] == [t for t in like.tags if t != "a"]
        assert page.comments == like.comments
        assert not [key for key, _ in page.attributes if key.startswith("on")]
        links = [value for key, value in page.attributes if key in ("href", "src", "action")]
        assert all(re.match(r"https?://|mailto:|[\w./#-]*$", link) for link in links), links
        assert " ".join(data.split()) in words_of(hostile[name])


@pytest.mark.parametrize("data", [*HTML, "]]>", "&amp;", "a\0b", "\x1b[2J", "\ud800", "a\ufffeb"])
def test_feeds_and_summaries_hold_any_words(data: str) -> None:
    files = build(Workspace(), hostile_site(data))

    for name, content in files.items():
        if name.endswith(".atom"):
            (first, *_) = entries(content.decode())
            assert "".join((first.findtext(f"{ATOM}content") or "").split()).count("<script") == 0
        elif name.endswith(".json"):
            json.loads(content)
    names = {row["name"] for row in json.loads(files["incidents.json"])["incidents"]}
    assert names == {re.sub("[\0\x1b\ud800\ufffe]", "\ufffd", data)}


def test_a_feed_shows_paragraphs_and_lists_as_a_reader_shows_html() -> None:
    words = {"en": Wording("H", "One <b>&\n\n- first\n- second")}
    (entry,) = entries(built(a_site(a_told(an_update(texts=words)), locales=("en",)))["feed.atom"])

    assert text(entry, "content") == (
        "<p>One &lt;b&gt;&amp;</p><ul><li>first</li><li>second</li></ul>"
    )


# The pages of single messages

ALONE = ("503.html.j2", "banner.html.j2", "email.html.j2")
FULL = Page("fr", "Titre", "Bonjour.\n\n- https://kestrel.example", "Kestrel", "EXERCICE")


@pytest.mark.parametrize("layout", ALONE)
def test_a_page_is_light_and_needs_nothing_from_elsewhere(layout: str) -> None:
    html = render_page(Workspace(), layout, FULL)

    assert len(html.encode()) < 14 * 1024
    assert not {"script", "img", "iframe", "object", "link", "form"} & set(seen(html).tags)
    assert not re.search(r"url\(|@import|src=", html)
    assert 'lang="fr"' in html


@pytest.mark.parametrize("layout", ["503.html.j2", "email.html.j2", "index.html", "history.html"])
def test_a_page_has_a_strict_policy(layout: str) -> None:
    page = (
        render_page(Workspace(), layout, FULL)
        if layout.endswith(".j2")
        else built(a_site())[layout]
    )

    assert f'<meta http-equiv="Content-Security-Policy" content="{CSP}">' in page


def test_the_pages_of_the_site_need_nothing_from_elsewhere() -> None:
    for name, page in built(a_site()).items():
        if name.endswith(".html"):
            assert not {"script", "img", "iframe", "object", "form"} & set(seen(page).tags)
            assert not re.search(r"url\(|@import|src=", page)
    assert len(built(a_site(incidents=()))["index.html"].encode()) < 14 * 1024


def test_the_banner_of_a_breach_interrupts_and_any_other_waits() -> None:
    def roles(page: Page) -> list[str]:
        return values(render_page(Workspace(), "banner.html.j2", page), "role")

    assert roles(Page("en", "H", "T", "S")) == ["status"]
    assert roles(Page("en", "H", "T", "S", urgent=True)) == ["alert"]


def test_a_message_of_the_kind_notice_makes_such_a_banner(tmp_path: Path) -> None:
    (tmp_path / "templates" / "leak").mkdir(parents=True)
    blocks = "".join(
        f"{{% block {name} %}}Words.{{% endblock %}}" for name in ("headline", "short", "body")
    )
    for name in ("tell", "breach-notice"):
        (tmp_path / f"templates/leak/{name}.en.j2").write_text(blocks, encoding="utf-8")
    setting = Setting(Workspace(tmp_path, {}), "leak", UTC)

    def role(send: Send) -> list[str]:
        (text,) = render_pack(setting, send, {}, ["en"]).texts
        return values(text.html, "role")

    assert role(a_send("tell", channels=("homepage",))) == ["status"]
    assert role(a_send("tell", channels=("homepage",), kind="notice")) == ["alert"]
    assert role(a_send("breach-notice", channels=("homepage",))) == ["alert"]


def test_an_e_mail_reads_without_its_style_sheet_and_without_a_table() -> None:
    page = render_page(Workspace(), "email.html.j2", FULL)
    found = seen(page)

    assert not {"table", "td", "center", "font"} & set(found.tags)
    bare = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    for tag in ("body", "main", "h1", "p", "ul", "li", "a"):
        opened = re.findall(rf"<{tag}\b[^>]*>", bare)
        assert opened
        assert all(' style="' in each for each in opened), tag


@pytest.mark.parametrize("kind", ["holding", "update", "resolution", "notice", "report", None])
def test_nobody_can_unsubscribe_from_what_they_must_know(kind: str | None) -> None:
    assert not is_offer(kind)


def test_an_offer_can_be_unsubscribed_from() -> None:
    assert is_offer("apology")


# Writing


def test_files_are_written_whole_readable_and_nothing_else_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / "www" / "status"
    write_site({"index.html": b"old"}, folder)
    (folder / "logo.svg").write_text("theirs")
    (folder / "fr").mkdir()
    (folder / "fr" / "notes.txt").write_text("theirs")

    write_site({"index.html": b"new", "fr/index.html": b"neu"}, folder)

    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found == {"index.html", "logo.svg", "fr/index.html", "fr/notes.txt"}
    assert (folder / "index.html").read_bytes() == b"new"


def test_a_link_in_the_place_of_a_page_is_replaced_and_never_written_through(
    tmp_path: Path,
) -> None:
    (tmp_path / "precious").write_text("kept")
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").symlink_to(tmp_path / "precious")

    write_site({"index.html": b"new"}, tmp_path / "www")

    assert (tmp_path / "precious").read_text() == "kept"
    assert (tmp_path / "www" / "index.html").read_bytes() == b"new"


def test_what_cannot_be_written_is_named_and_leaves_the_old_file_and_no_rest(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "www"
    (folder / "index.html").mkdir(parents=True)  # where a file belongs
    (folder / "history.html").write_text("old")

    with pytest.raises(CrisisError, match=r"index\.html.* cannot be written: ") as error:
        write_site({"index.html": b"new", "history.html": b"new"}, folder)

    assert error.value.code == 1
    assert {path.name for path in folder.iterdir()} == {"index.html", "history.html"}
    assert (folder / "history.html").read_text() == "old"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "www").write_text("mine")

    with pytest.raises(CrisisError, match="is not a folder"):
        write_site({"index.html": b"new"}, tmp_path / "www")

    assert (tmp_path / "www").read_text() == "mine"


def test_a_told_incident_is_ordered_by_when_messages_were_sent() -> None:
    told: Told = a_told(
        an_update("12", ago=timedelta(minutes=60)), an_update("9", ago=timedelta(minutes=10))
    )

    assert [update.id for update in told.in_order] == ["12", "9"]
    assert datetime(2026, 11, 27, tzinfo=UTC) < told.over <= NOW
    assert in_all("H").keys() == set(LOCALES)
