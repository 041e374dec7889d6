"""What a text promises and by when, in five languages, against one clock and one zone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crisisctl.messages.proof import promises
from crisisctl.messages.proof.promises import Promise
from crisisctl.playbook.load import BadFile
from crisisctl.workspace import Workspace

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 27, 20, 21, tzinfo=PARIS)
"""A Friday."""
LOCALES = ("en", "fr", "es", "tr", "ru")


def promised(text: str, locale: str = "en", now: datetime = NOW) -> list[Promise]:
    lists = promises.lists_of(Workspace(), locale)
    assert lists is not None
    return promises.promises(text, locale, lists, now=now, zone=PARIS)


def vague(text: str, locale: str = "en") -> list[str]:
    lists = promises.lists_of(Workspace(), locale)
    assert lists is not None
    found = promises.without_time(text, locale, lists)
    assert all(one.rule == "promise-without-time" and one.hint for one in found)
    return [text[one.start : one.end] for one in found]


def told(text: str, locale: str = "en", now: datetime = NOW) -> list[tuple[str, str]]:
    """Each promise as its kind, and its moment where there is one."""
    return [
        (one.kind, f"{one.due.astimezone(PARIS):%Y-%m-%d %H:%M}" if one.due else "")
        for one in promised(text, locale, now)
    ]


FRIDAY, SATURDAY, SUNDAY = "2026-11-27", "2026-11-28", "2026-11-29"
DATED = {
    "en": [
        ("Next update by 21:30.", "next-update", f"{FRIDAY} 21:30"),
        ("Next update by 20:00.", "next-update", f"{SATURDAY} 20:00"),
        ("We will write again at 9 am.", "next-update", f"{SATURDAY} 09:00"),
        ("We post an update every 30 minutes.", "next-update", f"{FRIDAY} 20:51"),
        ("We will refund you by Monday.", "refund", "2026-11-30 23:59"),
        ("We will refund you by Friday.", "refund", f"{FRIDAY} 23:59"),
        ("You will get your money back within 48 hours.", "refund", f"{SUNDAY} 20:21"),
        ("We will repay you within three working days.", "refund", "2026-12-02 20:21"),
        ("We will publish a report by 30 November.", "report", "2026-11-30 23:59"),
        ("By 4 December 2026, 17:00 (UTC) we will publish why.", "report", "2026-12-04 18:00"),
        ("We will publish a report by January 5.", "report", "2027-01-05 23:59"),
        ("We will publish a report by the end of next week.", "report", "2026-12-06 23:59"),
        ("We will reopen tomorrow at noon.", "other", f"{SATURDAY} 12:00"),
        ("We will reopen by 8:30 pm on Monday.", "other", "2026-11-30 20:30"),
        ("We will deliver by 2026-12-01.", "other", "2026-12-01 23:59"),
    ],
    "fr": [
        ("Prochain point à 21 h 30.", "next-update", f"{FRIDAY} 21:30"),
        ("Nous vous écrirons demain matin.", "next-update", f"{SATURDAY} 12:00"),
        ("Nous vous rembourserons d’ici lundi.", "refund", "2026-11-30 23:59"),
        ("Nous vous remboursons sous 48 heures.", "refund", f"{SUNDAY} 20:21"),
        ("Vous recevrez votre argent dans les 3 jours ouvrés.", "refund", "2026-12-02 20:21"),
        ("Nous publierons un rapport avant le 30 novembre.", "report", "2026-11-30 23:59"),
        ("Au plus tard le 4 décembre 2026 à 17 h (UTC), nous publierons un rapport.",
         "report", "2026-12-04 18:00"),
        ("Nous rouvrirons lundi à 9 h.", "other", "2026-11-30 09:00"),
    ],
    "es": [
        ("Próxima actualización: a las 21:30.", "next-update", f"{FRIDAY} 21:30"),
        ("Le devolveremos el dinero antes del lunes.", "refund", "2026-11-30 23:59"),
        ("Le devolveremos el dinero en 48 horas.", "refund", f"{SUNDAY} 20:21"),
        ("Recibirá su dinero en un plazo de 3 días hábiles.", "refund", "2026-12-02 20:21"),
        ("Publicaremos un informe antes del 30 de noviembre.", "report", "2026-11-30 23:59"),
        ("A más tardar el 4 de diciembre de 2026, 17:00 (UTC) publicaremos qué ocurrió.",
         "report", "2026-12-04 18:00"),
        ("Volveremos a abrir mañana por la mañana.", "other", f"{SATURDAY} 12:00"),
    ],
    "tr": [
        ("Bir sonraki güncelleme: en geç 21.30.", "next-update", f"{FRIDAY} 21:30"),
        ("Paranızı pazartesi gününe kadar iade edeceğiz.", "refund", "2026-11-30 23:59"),
        ("Paranızı 48 saat içinde iade edeceğiz.", "refund", f"{SUNDAY} 20:21"),
        ("3 iş günü içinde geri ödeyeceğiz.", "refund", "2026-12-02 20:21"),
        ("30 Kasım’a kadar bir rapor yayımlayacağız.", "report", "2026-11-30 23:59"),
        ("4 Aralık 2026 17:00 (UTC) saatine kadar yayımlayacağız.", "report", "2026-12-04 18:00"),
        ("Yarın akşama kadar açılacağız.", "other", f"{SATURDAY} 23:59"),
    ],
    "ru": [
        ("Напишем снова до 21:30.", "next-update", f"{FRIDAY} 21:30"),
        ("Через 2 часа напишем снова.", "next-update", f"{FRIDAY} 22:21"),
        ("Вернём деньги к понедельнику.", "refund", "2026-11-30 23:59"),
        ("Вернём деньги в течение 48 часов.", "refund", f"{SUNDAY} 20:21"),
        ("Деньги вернутся в течение трёх рабочих дней.", "refund", "2026-12-02 20:21"),
        ("Опубликуем отчёт до 30 ноября.", "report", "2026-11-30 23:59"),
        ("Отчёт мы опубликуем до 4 декабря 2026 г., 17:00 (UTC).", "report", "2026-12-04 18:00"),
        ("Завтра утром откроемся.", "other", f"{SATURDAY} 12:00"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "text", "kind", "due"),
    [(locale, *row) for locale, rows in DATED.items() for row in rows],
)
def test_a_promise_is_due_when_its_words_say(locale: str, text: str, kind: str, due: str) -> None:
    assert told(text, locale) == [(kind, due)]
    assert vague(text, locale) == []


VAGUE = {
    "en": [
        ("We will refund you soon.", "soon"),
        ("Shortly we will refund every charge.", "Shortly"),
        ("We'll be back in a few hours!", "in a few hours"),
        ("We will publish a report in due course.", "in due course"),
    ],
    "fr": [
        ("Nous vous rembourserons prochainement.", "prochainement"),
        ("Nous publierons un rapport dans les prochains jours.", "dans les prochains jours"),
        ("Nous l’ajouterons très bientôt.", "très bientôt"),
    ],
    "es": [
        ("Le devolveremos el dinero en breve.", "en breve"),
        ("Publicaremos un informe próximamente.", "próximamente"),
        ("Volveremos a abrir lo antes posible.", "lo antes posible"),
    ],
    "tr": [
        ("Paranızı en kısa sürede iade edeceğiz.", "en kısa sürede"),
        ("Önümüzdeki günlerde bir rapor yayımlayacağız.", "Önümüzdeki günlerde"),
        ("Yakında yeniden açılacağız.", "Yakında"),
    ],
    "ru": [
        ("Мы скоро вернём деньги.", "скоро"),
        ("Отчёт опубликуем в ближайшие дни.", "в ближайшие дни"),
        ("Ответим в ближайшее время.", "в ближайшее время"),
    ],
}


@pytest.mark.parametrize(
    ("locale", "text", "word"), [(locale, *row) for locale, rows in VAGUE.items() for row in rows]
)
def test_a_promise_for_some_day_is_told_at_the_word_that_says_so(
    locale: str, text: str, word: str
) -> None:
    assert vague(text, locale) == [word]
    assert [due for _, due in told(text, locale)] == [""]


HONEST = {
    "en": [
        "Write to us as soon as you can.",
        "As soon as we know more, we will tell you.",
        "We will not refund you soon.",
        "Nobody can say how soon that is.",
        "We could not undo our change quickly, and we will practise it.",
        'You wrote: "We will refund you soon."',
        "We will refund you shortly, by Monday at the latest.",
    ],
    "fr": [
        "Écrivez-nous dès que possible.",
        "Dès que nous en saurons plus, nous vous le dirons.",
        "Nous préparons un moyen de revenir vite en arrière, et nous nous y exercerons.",
    ],
    "es": ["Escríbanos cuanto antes.", "En cuanto sepamos más, lo publicaremos.", "Hasta pronto."],
    "tr": ["Bize en kısa sürede yazın.", "Yeni bilgi edindiğimizde yeniden yazacağız."],
    "ru": ["Напишите нам как можно скорее.", "Как только узнаем больше, мы вам сообщим."],
}


@pytest.mark.parametrize(
    ("locale", "text"), [(locale, text) for locale, rows in HONEST.items() for text in rows]
)
def test_what_promises_nothing_for_some_day_is_left_alone(locale: str, text: str) -> None:
    assert vague(text, locale) == []


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "We give you 5% off if you order by Friday."),
        ("en", "If you order by Friday, we will send a gift."),
        ("en", "We expect it to work again by 21:00."),
        ("en", "Our shop has been down since 20:04."),
        ("fr", "Nous prévoyons que tout fonctionnera d’ici 21 h."),
        ("tr", "11 Aralık’a kadar sipariş verirseniz hediye göndereceğiz."),
        ("ru", "Мы дадим вам скидку, если вы оформите заказ до 11 декабря."),
        ("ru", "Мы рассчитываем, что всё заработает до 21:00."),
    ],
)
def test_a_condition_an_expectation_and_a_beginning_are_no_date_of_ours(
    locale: str, text: str
) -> None:
    assert [due for _, due in told(text, locale) if due] == []


def test_how_often_something_is_done_dates_only_the_next_word() -> None:
    assert told("From now on we will test every day.") == []


def test_what_goes_on_since_a_moment_is_not_due_then() -> None:
    assert told("From 23:00 we will answer every call.") == []
    assert told("23:00 saatinden itibaren yanıtlayacağız.", "tr") == []


def test_a_year_that_is_written_is_kept() -> None:
    assert told("We will publish a report by 30 November 2028.") == [("report", "2028-11-30 23:59")]


def test_two_promises_in_one_sentence_have_their_own_moments() -> None:
    said = "We will refund you by Monday and publish a report by 4 December."

    assert told(said) == [("refund", "2026-11-30 23:59"), ("report", "2026-12-04 23:59")]


def test_a_moment_behind_other_words_does_not_date_what_is_promised_for_soon() -> None:
    said = "We will refund you soon and publish a report by Monday."

    assert told(said) == [("refund", ""), ("report", "2026-11-30 23:59")]
    assert vague(said) == ["soon"]


def test_a_sentence_that_goes_on_in_the_next_line_is_one() -> None:
    assert told("We will pay back all that we charged twice\nby 4 December.") == [
        ("refund", "2026-12-04 23:59")
    ]


def test_a_weekday_with_an_hour_that_has_passed_is_the_next_one() -> None:
    assert told("We will write again on Friday at 10:00.") == [("next-update", "2026-12-04 10:00")]


def test_hours_are_counted_through_the_night_that_changes_the_clocks() -> None:
    before = datetime(2026, 10, 24, 20, 0, tzinfo=PARIS)

    (promise,) = promised("We will refund you within 24 hours.", now=before)

    assert promise.due == datetime(2026, 10, 25, 18, 0, tzinfo=UTC)


def test_an_hour_with_its_own_zone_keeps_it() -> None:
    (promise,) = promised("Next update by 23:30 (UTC+3).")

    assert promise.due == datetime(2026, 11, 27, 20, 30, tzinfo=UTC)


def test_a_promise_shows_its_place_and_its_sentence() -> None:
    text = "We are sorry. We will refund\nyou by Monday. Thank you."

    (promise,) = promised(text)

    assert text[promise.start : promise.end] == "We will refund"
    assert promise.text == "We will refund you by Monday."


@pytest.mark.parametrize("locale", LOCALES)
def test_days_that_do_not_exist_and_hours_out_of_range_are_no_moment(locale: str) -> None:
    said = {
        "en": "We will refund you by 31/02/2026 25:61.",
        "fr": "Nous vous rembourserons avant le 31/02/2026 25:61.",
        "es": "Le devolveremos todo antes del 31/02/2026 25:61.",
        "tr": "31/02/2026 25:61 saatine kadar iade edeceğiz.",
        "ru": "Вернём деньги до 31.02.2026 25:61.",
    }

    assert told(said[locale], locale) == [("refund", "")]


def test_a_workspace_may_bring_its_own_words(tmp_path: Path) -> None:
    shipped = Workspace().find("templates", "words/promises.en.yaml")
    assert shipped is not None
    own = tmp_path / "templates/words/promises.en.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(shipped.read_text("utf-8").replace("- asap", "- in two shakes"), "utf-8")
    lists = promises.lists_of(Workspace(tmp_path), "en")
    assert lists is not None

    found = promises.without_time("We will refund you in two shakes.", "en", lists)

    assert [one.rule for one in found] == ["promise-without-time"]


def test_a_calendar_with_six_days_is_refused_with_its_place(tmp_path: Path) -> None:
    shipped = Workspace().find("templates", "words/promises.es.yaml")
    assert shipped is not None
    own = tmp_path / "templates/words/promises.es.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(shipped.read_text("utf-8").replace("[[lunes], ", "["), "utf-8")

    with pytest.raises(BadFile, match=r"promises\.es\.yaml:\d+"):
        promises.lists_of(Workspace(tmp_path), "es")
