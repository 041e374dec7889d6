"""The Atom feeds of the status site: every message is an entry, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from crisisctl.messages.layouts import paragraphs
from crisisctl.messages.pages.site import Site, Told, Update, fit, instant, wording
from crisisctl.messages.pages.standing import statuses
from crisisctl.messages.pages.words import PageWords

NAMESPACE = "http://www.w3.org/2005/Atom"
_SINCE = "2026"
"""The year that all tags name (RFC 4151 wants one): another one would make every entry new."""


def feed(site: Site, locale: str, words: PageWords) -> bytes:
    """The feed of a locale: the newest message first."""
    told = [(each, update) for each in site.newest_first() for update in each.updates]
    told.sort(key=lambda pair: (pair[1].at, pair[0].id, pair[1].id), reverse=True)
    root = Element("feed", {"xmlns": NAMESPACE, "xml:lang": locale})
    _put(root, "id", f"tag:{site.brand.host},{_SINCE}:status/{locale}")
    _put(root, "title", f"{site.name(locale)} | {words.title}")
    _put(root, "updated", instant(told[0][1].at if told else site.now))
    here = f"{site.brand.base}{site.folder(locale)}"
    SubElement(root, "link", {"rel": "self", "href": f"{here}feed.atom"})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": here})
    _put(SubElement(root, "author"), "name", site.brand.name)
    for incident, update in told:
        _entry(root, site, locale, incident, update)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(root: Element, site: Site, locale: str, incident: Told, update: Update) -> None:
    spoken, text = wording(update, locale, site.default)
    id = site.public_id(incident.id, update.id)
    page = f"{site.brand.base}{site.folder(locale)}history.html#u-{id}"
    entry = SubElement(root, "entry", {} if spoken == locale else {"xml:lang": spoken})
    _put(entry, "id", f"tag:{site.brand.host},{_SINCE}:status/{locale}/{id}")
    _put(entry, "title", text.heading)
    _put(entry, "published", instant(update.at))
    _put(entry, "updated", instant(update.at))
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page})
    SubElement(entry, "category", {"term": statuses(incident)[update.id]})
    _put(entry, "content", _html(text.body), type="html")


def _html(body: str) -> str:
    return "".join(map(_block, paragraphs(body)))


def _block(block: Mapping[str, object]) -> str:
    match block:
        case {"items": [*items]}:
            return f"<ul>{''.join(f'<li>{escape(str(item))}</li>' for item in items)}</ul>"
    return f"<p>{escape(str(block['text']))}</p>"


def _put(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = fit(text)
