"""Against what was said before to the same people: what changed, and whether the text admits it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crisisctl.messages.agreement.earlier import against_earlier
from crisisctl.messages.agreement.said import Difference, Said
from crisisctl.workspace import Workspace

HERE = Workspace()
PARIS = ZoneInfo("Europe/Paris")
BEGAN = datetime(2026, 11, 27, 20, 30, tzinfo=PARIS)


def a_said(text: str, locale: str = "en", minute: float = 30, **changes: object) -> Said:
    fields = {"channel": "status-page", "at": BEGAN + timedelta(minutes=minute)}
    return Said(locale=locale, text=text, **{"audience": "customers", **fields, **changes})


def changed(now: str, before: str, locale: str = "en") -> list[Difference]:
    return against_earlier(a_said(now, locale), [a_said(before, locale, 0)], HERE)


def test_an_end_that_moved_is_told_with_both_times_and_where_it_was_said() -> None:
    found = changed("We expect it back by 23:00.", "We expect it back by 21:00.")

    assert [(one.kind, one.severity) for one in found] == [("eta", "warning")]
    assert found[0].text == (
        "the expected end changed from what was said at 20:30 on status-page (en):"
        " 21:00 -> 23:00; say so"
    )
    assert [place.words for place in found[0].places] == ["23:00", "21:00"]


@pytest.mark.parametrize(
    ("kind", "locale", "before", "now"),
    [
        ("eta", "fr", "Retour prévu avant 21 h.", "Retour prévu avant 23 h."),
        ("eta", "es", "Prevemos volver antes de las 21:00.", "Prevemos volver a las 23:00."),
        ("eta", "tr", "Tahminimiz: en geç 21:00.", "Tahminimiz: en geç 23:00."),
        ("eta", "ru", "Должно заработать до 21:00.", "Должно заработать до 23:00."),
        ("since", "en", "The outage began at 19:04.", "The outage began at 18:50."),
        ("since", "fr", "En panne depuis 19 h 04.", "En panne depuis 18 h 50."),
        ("since", "ru", "Не работает с 19:04.", "Не работает с 18:50."),
        ("report", "en", "We will publish a report by 4 December.", "A full report: 9 December."),
        ("cause", "en", "It was caused by a bug.", "It was caused by an attack."),
        ("cause", "es", "La causa es una sobrecarga.", "La causa es un ataque."),
        ("cause", "tr", "Nedeni aşırı yük.", "Nedeni bir siber saldırı."),
        ("cause", "en", "It was caused by a bug.", "We do not know the cause yet."),
        ("scope", "en", "Search is down.", "Search and checkout are down."),
        ("scope", "fr", "La recherche et le panier sont en panne.", "La recherche est en panne."),
        ("scope", "ru", "Не работает поиск.", "Весь магазин не работает."),
        ("scope", "tr", "Arama çalışmıyor.", "Ödeme çalışmıyor."),
        ("number", "en", "This affects 1,200 customers.", "This affects 12,000 customers."),
        ("number", "tr", "1.200 müşterimiz bekliyor.", "12.000 müşterimiz bekliyor."),
        ("percent", "fr", "10 % de remise.", "20 % de remise."),
        ("money", "ru", "Мы вернём 500 руб.", "Мы вернём 300 руб."),
    ],
)
def test_what_changed_is_a_warning_until_the_text_says_so(
    kind: str, locale: str, before: str, now: str
) -> None:
    found = changed(now, before, locale)

    assert [(one.kind, one.severity) for one in found] == [(kind, "warning")]
    assert "20:30" in found[0].text
    assert found[0].hint


@pytest.mark.parametrize(
    ("locale", "before", "now"),
    [
        ("en", "We expect it back by 21:00.", "We said 21:00; we expect it back by 23:00."),
        ("en", "We expect it back by 21:00.", "It takes longer. We expect it back by 23:00."),
        ("fr", "Retour prévu à 21 h.", "Nous avions annoncé 21 h. Retour prévu à 23 h."),
        ("es", "Prevemos volver a las 21:00.", "Tardará más. Prevemos volver a las 23:00."),
        ("tr", "Tahminimiz: 21:00.", "21:00 demiştik. Yeni tahminimiz: 23:00."),
        ("ru", "Должно заработать до 21:00.", "Вместо 21:00 должно заработать до 23:00."),
    ],
)
def test_a_change_that_the_text_admits_is_only_a_note(locale: str, before: str, now: str) -> None:
    assert [one.severity for one in changed(now, before, locale)] == ["note"]


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Next update by 20:30.", "Next update by 21:00."),
        ("We do not know the cause yet.", "It was caused by a bug."),
        ("Checkout is down. We expect it back by 21:00.", "Our shop works again."),
        ("We expect it back by 21:00 (UTC+1).", "We expect it back by 20:00 (UTC)."),
        ("We expect it back by 21:00.", "We expect it back by 27 November, 21:00."),
        ("Our shop has been down since 19:04.", "It was down from 19:04; it works again."),
        ("We lost 45 orders.", "1,200 customers could not order."),
    ],
)
def test_news_is_no_change(before: str, now: str) -> None:
    assert changed(now, before) == []


def test_only_what_the_same_people_were_told_counts() -> None:
    staff = a_said("We expect it back by 21:00.", minute=0, audience="staff")

    assert against_earlier(a_said("We expect it back by 23:00."), [staff], HERE) == []


def test_only_what_was_said_before_counts() -> None:
    later = a_said("We expect it back by 21:00.", minute=60)
    never = a_said("We expect it back by 21:00.", at=None)

    assert against_earlier(a_said("We expect it back by 23:00."), [later, never], HERE) == []


def test_the_last_text_that_said_it_is_the_one_that_counts() -> None:
    before = [
        a_said("We expect it back by 20:45.", minute=0),
        a_said("We expect it back by 21:00.", minute=10),
        a_said("We are still working on it.", minute=20),
    ]

    assert against_earlier(a_said("We expect it back by 21:00."), before, HERE) == []
    assert "20:40" in against_earlier(a_said("We expect it back by 23:00."), before, HERE)[0].text


def test_of_texts_sent_at_once_the_one_of_the_same_channel_and_language_counts() -> None:
    before = [
        a_said("Retour prévu à 21 h 10.", "fr", 0),
        a_said("We expect it back by 21:20.", "en", 0, channel="email"),
        a_said("We expect it back by 21:30.", "en", 0),
    ]

    found = against_earlier(a_said("We expect it back by 23:00."), before, HERE)

    assert "status-page (en): 21:30 -> 23:00" in found[0].text


def test_what_was_said_in_another_language_counts_where_it_is_all_there_is() -> None:
    before = a_said("Retour prévu à 21 h.", "fr", 0)

    found = against_earlier(a_said("We expect it back by 23:00."), [before], HERE)

    assert "status-page (fr): 21:00 -> 23:00" in found[0].text


def test_the_language_counts_more_than_the_channel() -> None:
    before = [
        a_said("Retour prévu à 21 h 10.", "fr", 0),
        a_said("We expect it back by 21:20.", "en", 0, channel="telegram"),
    ]

    found = against_earlier(a_said("We expect it back by 23:00."), before, HERE)

    assert "telegram (en): 21:20 -> 23:00" in found[0].text


def test_that_one_part_works_again_does_not_end_the_story_of_the_others() -> None:
    before = [
        a_said("Search is down.", minute=0),
        a_said("Payment works again. Search is down.", minute=10),
    ]

    found = against_earlier(a_said("Search and the app are down."), before, HERE)

    assert [one.kind for one in found] == ["scope"]


def test_a_short_text_may_name_less_of_what_is_down() -> None:
    before = a_said("Search and checkout are down.", minute=0)

    assert against_earlier(a_said("Search is down.", short=True), [before], HERE) == []


def test_what_was_down_before_all_was_well_is_another_story() -> None:
    before = [a_said("Search is down.", minute=0), a_said("Our shop works again.", minute=10)]

    assert against_earlier(a_said("Checkout is down."), before, HERE) == []


def test_a_draft_is_held_against_everything_that_was_sent() -> None:
    before = a_said("We expect it back by 21:00.", minute=0)

    found = against_earlier(a_said("We expect it back by 23:00.", at=None), [before], HERE)

    assert [one.kind for one in found] == ["eta"]


def test_tomorrow_is_counted_from_when_it_was_said() -> None:
    before = a_said(
        "We expect it back by tomorrow 9:00.", at=datetime(2026, 11, 26, 12, tzinfo=UTC)
    )

    assert against_earlier(a_said("We expect it back by today 9:00."), [before], HERE) == []
    assert against_earlier(a_said("We expect it back by tomorrow 9:00."), [before], HERE)
