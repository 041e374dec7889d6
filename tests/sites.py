"""Status sites of a small shop, in words of our own or in somebody's who means harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crisisctl.messages.pages.site import Brand, Component, Site, Told, Update, Wording

LOCALES = ("en", "fr", "es", "tr", "ru")
NOW = datetime(2026, 11, 27, 20, 10, tzinfo=UTC)
BRAND = Brand(
    "Kestrel", "https://status.kestrel.example", "help@kestrel.example", "+33 1 23 45 67 89"
)
BODY = """\
You cannot pay at the moment. We are sorry.

What you can do now:
- Wait for our next message: https://status.kestrel.example
- Write to help@kestrel.example

Next update by 27 November 2026, 21:00 (UTC+1)."""


def in_all(
    heading: str, body: str = BODY, locales: tuple[str, ...] = LOCALES
) -> dict[str, Wording]:
    """The same words in each language, marked with it."""
    return {locale: Wording(f"{heading} ({locale})", body) for locale in locales}


def an_update(
    id: str = "9",
    kind: str | None = "holding",
    *,
    ago: timedelta = timedelta(minutes=30),
    heading: str = "We know of it",
    texts: dict[str, Wording] | None = None,
    cause_told: bool = False,
) -> Update:
    """A message that customers were sent."""
    words = in_all(heading) if texts is None else texts
    return Update(id, NOW - ago, kind or "news", kind, words, cause_told)  # type: ignore[arg-type]


def a_told(*updates: Update, id: str = "outage-2026-11-27", **changes: object) -> Told:
    """An incident that customers were told of, going on unless said otherwise."""
    given = {"time_zone": "Europe/Paris", "severity": "sev1", **changes}
    return Told(id=id, updates=updates or (an_update(),), **given)  # type: ignore[arg-type]


def over(id: str = "outage-2026-11-23", days: int = 4) -> Told:
    """An incident that ended some days ago, with its report in English only."""
    return a_told(
        an_update("5", "holding", ago=timedelta(days=days), heading="We know of it"),
        an_update("8", "resolution", ago=timedelta(days=days - 1), heading="It works again"),
        an_update(
            "9",
            "report",
            ago=timedelta(days=days - 2),
            texts=in_all("What happened", locales=("en",)),
        ),
        id=id,
        open=False,
        severity="sev2",
        resolved_at=NOW - timedelta(days=days - 1, hours=1),
    )


def a_site(*incidents: Told, **changes: object) -> Site:
    """A site of five languages with one incident that goes on and one that is over."""
    going_on = a_told(
        an_update("9", "holding", ago=timedelta(hours=1), heading="We know of it"),
        an_update("12", "update", ago=timedelta(minutes=30), heading="Repairing", cause_told=True),
        an_update("15", "update", ago=timedelta(minutes=5), heading="Still repairing"),
    )
    given: dict[str, object] = {
        "brand": BRAND,
        "locales": LOCALES,
        "time_zone": "Europe/Paris",
        "incidents": incidents or (going_on, over()),
        "now": NOW,
        **changes,
    }
    return Site(**given)  # type: ignore[arg-type]


def hostile_site(data: str) -> Site:
    """A site with these words in every field that anybody could fill."""
    words = {"en": Wording(data, f"{data}\n\n- {data}"), "fr": Wording(data, data)}
    return a_site(
        a_told(
            an_update("1", "holding", ago=timedelta(hours=2), texts=words),
            an_update(data, "update", ago=timedelta(hours=1), texts={"en": words["en"]}),
            id=data,
        ),
        a_told(an_update("1", "resolution", texts=words), id=f"over {data}", open=False),
        brand=Brand(data, "https://status.kestrel.example", data, data),
        locales=("en", "fr"),
        components=(Component(data, "operational"),),
        drill_stamps={"en": data, "fr": data},
    )
