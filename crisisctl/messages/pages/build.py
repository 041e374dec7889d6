"""The status site as files: the same values give the same bytes."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import asdict

from crisisctl.messages.formats import filters
from crisisctl.messages.layouts import SitePage, paragraphs, render_site_page
from crisisctl.messages.pages import atom, summary
from crisisctl.messages.pages.site import Site, Told, Update, fit, instant, wording
from crisisctl.messages.pages.standing import impact, indicator, status, statuses, telling
from crisisctl.messages.pages.words import PageWords, page_words
from crisisctl.text import zone_of
from crisisctl.workspace import Workspace

RECENT = timedelta(days=14)
"""How long the first page remembers what is over; the words of the page say two weeks."""

Shown = dict[str, object]


def build(workspace: Workspace, site: Site) -> dict[str, bytes]:
    """Every file of the site by its relative path."""
    words = {locale: page_words(workspace, locale) for locale in site.locales}
    files: dict[str, bytes] = {}
    for locale in site.locales:
        view, folder = _View(site, locale, words), site.folder(locale)
        files[f"{folder}history.html"] = render_site_page(workspace, view.history()).encode()
        files[f"{folder}feed.atom"] = atom.feed(site, locale, words[locale])
        files[f"{folder}index.html"] = render_site_page(workspace, view.index()).encode()
    files["incidents.json"] = summary.incidents(site)
    files["summary.json"] = summary.summary(site, words[site.default])
    return files


class _View:
    """The site in one language, ready to print."""

    def __init__(self, site: Site, locale: str, words: dict[str, PageWords]) -> None:
        self.site = site
        self.locale = locale
        self.words = words
        self.told = site.newest_first()

    def index(self) -> SitePage:
        """How things stand now."""
        fresh = self.site.now - RECENT
        ended = [each for each in self.told if not each.open and each.in_order[-1].at >= fresh]
        return self._page("index.html", [each for each in self.told if each.open], ended)

    def history(self) -> SitePage:
        """All that customers were told."""
        return self._page("history.html", self.told, [])

    def _page(self, file: str, incidents: list[Told], ended: list[Told]) -> SitePage:
        site, words = self.site, self.words[self.locale]
        worst, history = indicator(self.told), file == "history.html"
        plain = {key: fit(word) for key, word in asdict(words).items() if isinstance(word, str)}
        return SitePage(
            locale=self.locale,
            words=plain,
            shop_name=fit(site.brand.name),
            history=history,
            indicator=worst,
            verdict=fit(getattr(words.verdicts, worst)),
            as_of=self._at(site.now, site.time_zone),
            components=[
                {"name": fit(part.name), "status": fit(getattr(words.components, part.status))}
                for part in site.components
            ],
            incidents=[self._incident(each) for each in incidents],
            ended=[self._incident(each) for each in ended],
            languages=[self._language(each, file) for each in site.locales],
            address=_address(site, self.locale, file),
            default_address=_address(site, site.default, file),
            feed="feed.atom",
            other_page="index.html" if history else "history.html",
            history_page="history.html",
            contact=fit(", ".join(filter(None, (site.brand.email, site.brand.phone)))),
            drill_stamp=fit(site.stamp(self.locale)),
        )

    def _language(self, locale: str, file: str) -> Shown:
        up = "../" if self.site.folder(self.locale) else ""
        return {
            "locale": locale,
            "language": fit(self.words[locale].language),
            "here": locale == self.locale,
            "link": f"{up}{self.site.folder(locale)}{file}",
            "address": _address(self.site, locale, file),
        }

    def _incident(self, incident: Told) -> Shown:
        naming, newest_first = telling(incident), incident.in_order[::-1]
        spoken, text = wording(naming, self.locale, self.site.default)
        standing = status(incident) if incident.open else "resolved"
        return {
            "id": self.site.public_id(incident.id),
            "title": fit(text.heading),
            "lang": spoken,
            "status": fit(getattr(self.words[self.locale].statuses, standing)),
            "impact": impact(incident) if incident.open else "none",
            "since": self._at(newest_first[-1].at, incident.time_zone),
            "over": self._at(incident.over, incident.time_zone),
            "updates": [self._update(incident, each, each is naming) for each in newest_first],
        }

    def _update(self, incident: Told, update: Update, naming: bool) -> Shown:
        spoken, text = wording(update, self.locale, self.site.default)
        said = statuses(incident)[update.id]
        return {
            "id": self.site.public_id(incident.id, update.id),
            "heading": "" if naming else fit(text.heading),
            "lang": spoken,
            "other": "" if spoken == self.locale else self._called(spoken),
            "status": fit(getattr(self.words[self.locale].statuses, said)),
            "at": self._at(update.at, incident.time_zone),
            "paragraphs": paragraphs(fit(text.body)),
        }

    def _called(self, locale: str) -> str:
        return fit(self.words[locale].language) if locale in self.words else locale

    def _at(self, when: datetime, time_zone: str) -> Shown:
        shown = filters(self.locale, zone_of(time_zone))["moment"](when)
        return {"text": shown, "iso": instant(when)}


def _address(site: Site, locale: str, file: str) -> str:
    return f"{site.brand.base}{site.folder(locale)}{'' if file == 'index.html' else file}"
