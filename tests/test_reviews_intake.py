"""Exports of reviews: each platform's file becomes reviews in the same terms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import exports
import pytest

from crisisctl.errors import CrisisError
from crisisctl.messages.bulk.seen import Seen
from crisisctl.reviews.intake import Export, Unreadable, open_export
from crisisctl.reviews.review import Review

MARCH_2 = 1740910320
"""2025-03-02 10:12 UTC."""
Opened = Callable[..., Export]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """An export written to a file, and opened."""

    def opened(content: str | bytes, name: str = "reviews.csv", **said: object) -> Export:
        folder = tmp_path / str(len([*tmp_path.iterdir()]))
        folder.mkdir()
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return open_export(path, **said)  # type: ignore[arg-type]

    return opened


def reviews(export: Export) -> list[Review]:
    return [each for each in export if isinstance(each, Review)]


def refused(export: Export) -> list[tuple[int, str]]:
    return [(each.line, each.reason) for each in export if isinstance(each, Unreadable)]


@pytest.mark.parametrize("name", exports.EXPORTS)
def test_an_export_is_recognised_by_its_columns(name: str, opened: Opened) -> None:
    kind, file, content = exports.EXPORTS[name]
    export = opened(content, file)

    bad, good = reviews(export)

    assert export.kind == kind
    assert (bad.rating, good.rating) in ((1.0, 5.0), (1.0, 3.0))
    assert bad.text or bad.title
    assert None not in (bad.at, good.at)
    assert bad.key != good.key


def columns_shuffled(content: str, separator: str) -> str:
    rows = [row[::-1] for row in csv.reader(io.StringIO(content), delimiter=separator)]
    rows[0] = [cell.upper().replace("_", " ").replace(".", " ") for cell in rows[0]]
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows(rows)
    return file.getvalue()


@pytest.mark.parametrize(
    "name", [name for name, (_, file, _) in exports.EXPORTS.items() if file != "x.json"]
)
def test_order_case_and_separators_of_the_columns_do_not_matter(name: str, opened: Opened) -> None:
    kind, file, content = exports.EXPORTS[name]
    text = content.decode("utf-16") if isinstance(content, bytes) else content
    separator = next(mark for mark in ("\t", ";", ",") if mark in text.split("\n")[0])
    plain = reviews(opened(text, file))

    shuffled = opened(columns_shuffled(text, separator), file)

    assert shuffled.kind == kind
    assert [(r.at, r.rating, r.text) for r in reviews(shuffled)] == [
        (r.at, r.rating, r.text) for r in plain
    ]


def test_google_play_says_when_to_the_second_what_was_answered_and_where(opened: Opened) -> None:
    first, second = reviews(opened(exports.GOOGLE_PLAY))

    assert first == Review(
        "https://play.google.com/x?reviewId=a1",
        1746180720,
        1.0,
        "Ça plante à la connexion",
        language="fr",
        source="google-play",
        product="com.example.bank",
        link="https://play.google.com/x?reviewId=a1",
        reply="Merci",
        replied_at=1746267120,
    )
    assert (second.rating, second.text, second.replied_at) == (5.0, "", None)


def test_trustpilot_tells_who_was_asked_and_keeps_no_address_and_no_order(opened: Opened) -> None:
    first, second = reviews(opened(exports.TRUSTPILOT))

    assert (first.invited, second.invited) == (False, True)
    assert (first.author, first.title, first.replied_at) == ("Ana", "Never again", MARCH_2 + 3600)
    assert "mail.example" not in repr(first)
    assert "ORDER-77" not in repr(first)


def test_a_trustpilot_page_tells_reach_country_and_whose_first_word_it_is(opened: Opened) -> None:
    first, second = reviews(opened(exports.TRUSTPILOT_PAGE, "x.json"))

    assert (first.at, first.invited, first.fresh, first.reach) == (MARCH_2, False, True, 4)
    assert (second.invited, second.fresh, second.reply) == (True, False, "Thanks")
    assert (first.author, first.country, first.source) == ("Ana", "FR", "trustpilot")


def test_an_app_store_review_knows_its_country_and_the_zone_of_its_date(opened: Opened) -> None:
    first, _ = reviews(opened(exports.APP_STORE, "x.json"))

    assert (first.key, first.at, first.country) == ("as-1", MARCH_2, "FRA")
    assert (first.text, first.author, first.source) == ("Cannot log in", "Ana", "app-store")


def test_google_business_may_have_stars_without_a_word_and_nanoseconds(opened: Opened) -> None:
    first, second = reviews(opened(exports.GOOGLE_BUSINESS, "x.json"))

    assert (first.key, first.at, first.reply) == ("g-1", MARCH_2, "Sorry")
    assert (second.text, second.rating, second.author) == ("", 5.0, "Jo")


def test_what_judge_me_calls_spam_is_left_out_and_told(opened: Opened) -> None:
    export = opened(exports.JUDGE_ME)
    first, second = reviews(export)

    assert (first.invited, second.invited, first.product) == (True, False, "blue-cup")
    assert refused(export) == [(3, "the platform says that it is spam")]
    assert (export.left_out, export.unreadable, export.reviews) == (1, 0, 2)


def test_a_survey_counts_from_nought_to_ten(opened: Opened) -> None:
    first, second = reviews(opened(exports.SURVEY))

    assert (first.rating, second.rating, first.source) == (1.0, 3.0, "google")


def test_steam_tells_language_votes_and_whose_first_word_it_is(opened: Opened) -> None:
    for content, name in ((exports.STEAM_JSON, "x.json"), (exports.STEAM, "x.csv")):
        first, second = reviews(opened(content, name))
        assert (first.language, second.language) == (
            ("zh", "en") if name == "x.json" else ("tr", "en")
        )
        assert (first.rating, first.fresh, second.fresh, first.reach) == (1.0, True, False, 3)


def test_words_of_one_platform_stand_beside_numbers_of_another(opened: Opened) -> None:
    export = opened(exports.LABELLED)

    assert [(each.rating, each.source) for each in reviews(export)] == [
        *((1.0, "steam"), (5.0, "steam")),
        *((1.0, "metacritic"), (5.0, "metacritic"), (3.0, "metacritic")),
    ]
    assert export.remarks == ['the ratings in "rating" were read as 0 to 10']


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Note;Avis;Date;Auteur", "1;Jamais arrivé;02/03/2025;Ana"),
        ("Calificación;Reseña;Fecha;Autor", "1;Nunca llegó;02/03/2025;Ana"),
        ("Puan;Yorum;Tarih;Kullanıcı", "1;Hiç gelmedi;02.03.2025;Ana"),
        ("Оценка;Отзыв;Дата;Автор", "1;Не пришло;02.03.2025;Ana"),
        ("rating,comment,created,user", "1,Never came,2025-03-02,Ana"),
        ("Значение;Оценка;Комментарий;Дата;Имя", "x;1;Не пришло;2 марта 2025 г.;Ana"),
    ],
)
def test_columns_in_five_languages_need_no_map(header: str, row: str, opened: Opened) -> None:
    export = opened(f"{header}\n{row}\n")
    (found,) = reviews(export)

    assert export.kind == ""
    assert (found.rating, found.at, found.author) == (1.0, 1740873600, "Ana")
    assert found.text.endswith(("arrivé", "llegó", "gelmedi", "пришло", "came"))


def test_a_note_is_a_rating_in_french_and_a_text_in_english(opened: Opened) -> None:
    (french,) = reviews(opened("note,auteur\n2,Ana\n"))
    (english,) = reviews(opened("stars,note\n2,It broke\n"))

    assert (french.rating, french.text) == (2.0, "")
    assert (english.rating, english.text) == (2.0, "It broke")


def test_the_id_of_a_product_is_not_taken_for_that_of_a_review(opened: Opened) -> None:
    rows = "".join(f"{n % 2},4,Comment {n},2025-03-02\n" for n in range(9))
    export = opened(f"id,rating,text,date\n{rows}")

    assert len(reviews(export)) == 9
    assert "key" not in export.columns


def test_the_date_of_a_response_is_the_date_where_nothing_else_is(opened: Opened) -> None:
    export = opened("NPS;Commentaire;Date de réponse\n0;Nul;25/02/2025\n")

    assert reviews(export)[0].at == 1740441600
    assert reviews(export)[0].rating == 1.0


def test_a_map_names_the_columns_of_any_other_file(opened: Opened) -> None:
    export = opened("a,b,c\n4,Nice,x\n", columns={"rating": "a", "text": "B"}, source="forum")
    (found,) = reviews(export)

    assert (found.rating, found.text, found.source) == (4.0, "Nice", "forum")
    assert export.columns == {"rating": "a", "text": "b"}


def test_a_map_overrides_what_was_recognised(opened: Opened) -> None:
    (found, _) = reviews(opened(exports.YOTPO, columns={"text": "Review Title"}))

    assert found.text == "Bad"


def test_a_map_that_is_wrong_says_what_there_is(opened: Opened) -> None:
    with pytest.raises(CrisisError) as unknown:
        opened("a,b\n1,x\n", columns={"ratng": "a"})
    with pytest.raises(CrisisError) as missing:
        opened("Sterne,b\n1,x\n", columns={"rating": "Stern"})
    with pytest.raises(CrisisError) as elsewhere:
        opened("a,b\n1,x\n", columns={"rating": "something else"})

    assert unknown.value.hint == "did you mean rating?"
    assert missing.value.hint == 'did you mean "Sterne"?'
    assert elsewhere.value.hint == 'the columns are "a" and "b"'


def test_a_file_that_is_no_reviews_names_its_columns_and_the_way_out(opened: Opened) -> None:
    with pytest.raises(CrisisError) as error:
        opened("email,order,total\na@a.example,1,2\n")

    assert error.value.message.endswith(
        'no column holds a rating or a text; the columns are "email", "order" and "total"'
    )
    assert "--map rating=COLUMN" in error.value.hint


# Duplicates


def test_a_review_that_comes_twice_counts_once(opened: Opened) -> None:
    again = "\n".join([*exports.SCRAPER.splitlines()[:4], exports.SCRAPER.splitlines()[3]])
    export = opened(again)

    assert len(reviews(export)) == 2
    assert (export.reviews, export.duplicates, export.unreadable) == (2, 1, 0)


def test_several_files_share_what_was_seen(opened: Opened) -> None:
    seen = Seen()
    one, two = opened(exports.STEAM).once(seen), opened(exports.STEAM_JSON, "x.json").once(seen)

    assert (len(reviews(one)), len(reviews(two))) == (2, 0)
    assert two.duplicates == 2


def test_without_an_id_the_same_words_of_the_same_person_at_the_same_time_are_one(
    opened: Opened,
) -> None:
    export = opened(
        "rating,text,author,date\n"
        "1,Broken,Ana,2025-03-02\n1,Broken,Ana,2025-03-02\n1,Broken,Jo,2025-03-02\n"
    )

    assert [each.author for each in reviews(export)] == ["Ana", "Jo"]


def test_stars_without_a_name_or_a_word_are_not_taken_for_the_same_person(opened: Opened) -> None:
    content = "rating,text,date\n" + "1,,2025-03-02\n" * 3
    seen = Seen()
    export = opened(content).once(seen)

    assert len(reviews(export)) == 3
    assert len(reviews(opened(content).once(seen))) == 0


def test_keys_are_the_same_whenever_a_file_is_read(opened: Opened) -> None:
    export = opened(exports.YOTPO)

    assert [each.key for each in export if isinstance(each, Review)] == [
        each.key for each in reviews(opened(exports.YOTPO))
    ]


# Time and the order of day and month


def test_a_date_without_a_zone_is_meant_in_the_zone_that_is_said(opened: Opened) -> None:
    content = "rating,date\n1,2025-03-02 10:12:00\n1,02.07.2025 10:12\n"
    found = reviews(opened(content, time_zone=ZoneInfo("Europe/Paris")))

    assert [each.at for each in found] == [MARCH_2 - 3600, 1751443920]


def test_one_day_beyond_twelve_tells_the_order_of_the_whole_column(opened: Opened) -> None:
    day_first = reviews(opened("rating,date\n1,02/03/2025\n2,13/03/2025\n"))
    month_first = reviews(opened("rating,date\n1,03/02/2025\n2,03/13/2025\n"))

    assert [each.at for each in day_first] == [each.at for each in month_first]


def test_an_order_that_nothing_tells_is_assumed_and_said(opened: Opened) -> None:
    european, american = (
        opened("rating;date\n1;02/03/2025\n"),
        opened("rating,date\n1,03/02/2025\n"),
    )

    assert reviews(european)[0].at == reviews(american)[0].at
    assert european.remarks == [
        'the dates in "date" do not tell day from month: they were read as day/month/year'
    ]
    assert american.remarks == [
        'the dates in "date" do not tell day from month: they were read as month/day/year'
    ]


def test_a_review_without_a_date_is_kept(opened: Opened) -> None:
    (found,) = reviews(opened("rating,text,date\n1,Broken,\n"))

    assert found.at is None


# The shapes of JSON


def lines(*items: object) -> str:
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)


ONE = {"id": "1", "rating": 1, "text": "Сломано", "date": "2025-03-02T10:12:00Z"}
TWO = {"id": "2", "rating": 5, "text": "Fine"}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        lines(ONE, TWO),
        json.dumps(ONE) + json.dumps(TWO),
        json.dumps({"reviews": [ONE, TWO], "total": 2}),
        json.dumps({"total": 2, "other": [{"a": 1}], "page": {"data": {"items": [ONE, TWO]}}}),
        lines({"reviews": [ONE]}, {"reviews": [TWO]}),
        json.dumps({"result": [{"review": ONE}, {"review": TWO}]}),
        "\ufeff" + json.dumps([ONE, TWO], ensure_ascii=False),
    ],
)
def test_json_may_be_a_list_an_envelope_pages_or_lines(content: str, opened: Opened) -> None:
    for encoding in ("utf-8", "utf-16"):
        found = reviews(opened(content.encode(encoding), "x.json"))
        assert [(each.key, each.rating, each.text) for each in found] == [
            ("1", 1.0, "Сломано"),
            ("2", 5.0, "Fine"),
        ]


def test_a_field_that_comes_late_is_still_found(opened: Opened) -> None:
    found = reviews(opened(json.dumps([TWO, {**ONE, "reply": "Sorry"}]), "x.json"))

    assert [each.reply for each in found] == ["", "Sorry"]


def test_an_export_knows_how_far_it_is(opened: Opened) -> None:
    export = opened("rating,text\n" + "".join(f"1,Broken {n}\n" for n in range(30_000)))
    positions = {export.position for _ in export}

    assert export.position == export.size
    assert len(positions) > 1
