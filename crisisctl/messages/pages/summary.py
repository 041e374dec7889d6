"""What other programs read of the status site, in the shape of Statuspage's v2."""

from __future__ import annotations

import json

from crisisctl.messages.pages.site import Site, Told, fit, instant, wording
from crisisctl.messages.pages.standing import impact, indicator, status, statuses, telling
from crisisctl.messages.pages.words import PageWords

Json = dict[str, object]


def summary(site: Site, words: PageWords) -> bytes:
    """`summary.json`: the state of things, and what is going on."""
    incidents = site.newest_first()
    worst = indicator(incidents)
    return _written(
        {
            "page": _page(site),
            "status": {"indicator": worst, "description": getattr(words.verdicts, worst)},
            "components": [
                {
                    "id": site.public_id("component", component.name),
                    "name": fit(component.name),
                    "status": component.status,
                    "position": position,
                    "page_id": site.public_id(),
                }
                for position, component in enumerate(site.components, 1)
            ],
            "incidents": [_incident(site, each) for each in incidents if each.open],
            "scheduled_maintenances": [],
        }
    )


def incidents(site: Site) -> bytes:
    """`incidents.json`: all of them, those that are over, too."""
    told = [_incident(site, each) for each in site.newest_first()]
    return _written({"page": _page(site), "incidents": told})


def _written(data: Json) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def _page(site: Site) -> Json:
    told = site.newest_first()
    return {
        "id": site.public_id(),
        "name": fit(site.name(site.default)),
        "url": site.brand.base.rstrip("/"),
        "time_zone": site.time_zone,
        "updated_at": instant(told[0].in_order[-1].at if told else site.now),
    }


def _incident(site: Site, incident: Told) -> Json:
    id, updates, standing = site.public_id(incident.id), incident.in_order, status(incident)
    _, title = wording(telling(incident), site.default, site.default)
    return {
        "id": id,
        "name": fit(title.heading),
        "status": standing,
        "created_at": instant(updates[0].at),
        "started_at": instant(updates[0].at),
        "updated_at": instant(updates[-1].at),
        "monitoring_at": instant(incident.mitigated_at) if incident.mitigated_at else None,
        "resolved_at": None if incident.open else instant(incident.over),
        "impact": impact(incident),
        "shortlink": f"{site.brand.base}history.html#i-{id}",
        "page_id": site.public_id(),
        "incident_updates": _updates(site, incident),
        "components": [],
    }


def _updates(site: Site, incident: Told) -> list[Json]:
    said = statuses(incident)
    return [
        {
            "id": site.public_id(incident.id, update.id),
            "incident_id": site.public_id(incident.id),
            "status": said[update.id],
            "body": fit(wording(update, site.default, site.default)[1].body),
            "created_at": instant(update.at),
            "updated_at": instant(update.at),
            "display_at": instant(update.at),
            "affected_components": [],
        }
        for update in reversed(incident.in_order)
    ]
