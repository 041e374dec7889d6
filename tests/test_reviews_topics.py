"""What a review is about: the lists, the matching, and how well the English list does."""

from __future__ import annotations

import csv
import random
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from topic_scores import confusion, labelled, macro_f1

from crisisctl.errors import CrisisError
from crisisctl.reviews import understanding
from crisisctl.reviews.lexicon import Lexicon, load_lexicon
from crisisctl.reviews.phrases import LANGUAGES, OTHER, TOPICS, List
from crisisctl.reviews.review import Review
from crisisctl.reviews.shelf import Heard
from crisisctl.reviews.topics import NOTHING, Finding, Understanding, classify, evidence, mood
from crisisctl.workspace import Workspace

LABELLED = Path(__file__).parent / "reviews_labelled"
SHIPPED = Understanding(Workspace(None))
READING = understanding.Understanding(Workspace(None))


Topics = dict[str, dict[str, tuple[str, ...]]]


def listed(words: dict[str, object], language: str = "en") -> Lexicon:
    return Lexicon(language, msgspec.convert({"topics": {}, **words}, List), "topics.yaml")


def lexicon(**words: object) -> Lexicon:
    return listed(words)


def of(text: str, topics: Topics, language: str = "en") -> Finding:
    return classify(text, listed({"topics": topics}, language))


def test_a_word_is_found_in_all_its_forms() -> None:
    assert of("It CRASHES all day", {"website": {"crash": ("crashing",)}}).aspect == "crash"


def test_a_phrase_is_found_with_one_word_between() -> None:
    topics: Topics = {"delivery": {"lost": ("never arrived",)}}
    assert of("It never even arrived", topics).aspect == "lost"
    assert of("It never until now has arrived", topics) == NOTHING


def test_a_phrase_is_not_found_backwards() -> None:
    assert of("arrived, never broken", {"delivery": {"lost": ("never arrived",)}}) == NOTHING


def test_a_number_sign_stands_for_any_number() -> None:
    topics: Topics = {"delivery": {"late": ("# weeks",)}}
    assert of("waited 3 weeks", topics).aspect == "late"
    assert of("waited some weeks", topics) == NOTHING


def test_one_of_several_words_may_stand_in_a_phrase() -> None:
    topics: Topics = {"delivery": {"lost": ("(never|not) (arrived|turned up)",)}}
    assert of("not turned up", topics).aspect == "lost"
    assert of("never arrived", topics).aspect == "lost"


def test_a_word_with_a_question_mark_may_be_missing() -> None:
    topics: Topics = {"price": {"charged": ("charged (me)? twice",)}}
    assert of("charged twice", topics).aspect == "charged"


def test_a_star_stands_for_the_rest_of_a_word() -> None:
    assert of("undelivered, delaying", {"delivery": {"late": ("delay*",)}}).aspect == "late"


@pytest.mark.parametrize(
    ("language", "said", "written"),
    [
        ("fr", "abîmé", "colis ABIME"),
        ("fr", "reçu", "pas recu"),
        ("fr", "article", "l’article"),
        ("fr", "n'est jamais arrivé", "n’est jamais arrivé"),
        ("fr", "(l'article|d'usage) cassé", "l'article cassé"),
        ("tr", "Ankara'dan geldi", "Ankara’dan geldi"),
        ("es", "no llegó", "nunca no llego"),
        ("tr", "kırık", "KIRIK geldi"),
        ("tr", "kırık", "kirik geldi"),
        ("tr", "iade", "İADE etmediler"),
        ("tr", "iade", "IADE etmediler"),
        ("ru", "тяжёлый", "тяжелый"),
        ("ru", "дешевый", "дешёвый"),
        ("en", "didn't", "didn’t"),
        ("en", "didn't", "didnt"),
        ("fr", "abîmé", "abi\u0302me\u0301"),
    ],
)
def test_spelling_does_not_hide_a_word(language: str, said: str, written: str) -> None:
    assert of(written, {"product": {"broken": (said,)}}, language).topic == "product"


def test_two_russian_letters_are_not_taken_for_one() -> None:
    assert of("мои", {"product": {"any": ("мой*",)}}, "ru") == NOTHING


def test_words_that_say_nothing_do_not_part_a_phrase() -> None:
    words = lexicon(
        topics={"price": {"charged": ("charged twice",)}}, filler=("me", "for", "it", "all")
    )
    assert classify("charged me for it all twice", words).aspect == "charged"


def test_a_phrase_hides_the_words_inside_it() -> None:
    topics: Topics = {"price": {"charged": ("charge card",)}, "website": {"any": ("card",)}}
    assert [name for name, _ in of("charged my card", topics).topics] == ["price"]


def test_of_two_topics_the_one_told_more_is_the_main_one() -> None:
    topics: Topics = {"price": {"any": ("price",)}, "delivery": {"late": ("late",)}}
    found = of("price fine, but late", topics)
    assert found.topic == "delivery"
    assert [name for name, _ in found.topics] == ["delivery", "price"]


def test_of_two_equal_topics_the_earlier_mention_is_the_main_one() -> None:
    topics: Topics = {"price": {"expensive": ("dear",)}, "delivery": {"late": ("late",)}}
    assert of("late and dear", topics).topic == "delivery"
    assert of("dear and late", topics).topic == "price"


def test_a_word_said_again_and_again_does_not_outweigh_the_rest() -> None:
    topics: Topics = {"website": {"any": ("app",)}, "price": {"charged": ("charged twice",)}}
    assert of("app app app charged twice", topics).topic == "price"


def test_two_entries_that_say_the_same_count_once() -> None:
    topics: Topics = {"delivery": {"late": ("delay", "delayed", "delay*", "delays")}}
    once: Topics = {"delivery": {"late": ("delay",)}}
    assert of("delayed", topics).topics == of("delayed", once).topics


def test_a_strong_phrase_decides_alone() -> None:
    topics: Topics = {"price": {"charged": ("trial",)}, "website": {"crash": ("crash now",)}}
    text = "crash now, trial"
    assert classify(text, lexicon(topics=topics)).topic == "website"
    assert classify(text, lexicon(topics=topics, strong=("trial",))).topic == "price"


def test_the_evidence_is_the_words_of_the_text() -> None:
    words = lexicon(topics={"delivery": {"lost": ("never arrived",)}}, filler=("it",))
    assert evidence("It NEVER really arrived, it never arrived", words, "delivery") == (
        "NEVER really arrived",
        "never arrived",
    )
    assert evidence("It never arrived", words, "price") == ()


def test_danger_is_seen_whatever_the_topic_is() -> None:
    words = lexicon(topics={"delivery": {"late": ("late",)}}, safety=("caught fire",))
    found = classify("Late, and then it caught fire", words)
    assert found.safety
    assert found.topic == "delivery"
    assert classify("It caught fire", words).topic == OTHER


def test_nothing_found_is_other() -> None:
    assert of("Shame on you", {"price": {"any": ("price",)}}) == NOTHING


MOODS: dict[str, object] = {
    "negative": ("awful",),
    "positive": ("happy", "great"),
    "negation": ("not", "never"),
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("great, happy", "positive"),
        ("awful", "negative"),
        ("not at all happy", "negative"),
        ("I was never in my whole life as happy", "positive"),
        ("great but awful", "neutral"),
        ("well", "unknown"),
        ("", "unknown"),
    ],
)
def test_words_tell_the_mood_of_a_text_without_stars(text: str, told: str) -> None:
    assert mood(text, listed(MOODS)) == told


def test_a_problem_is_a_bad_mood() -> None:
    words = lexicon(topics={"website": {"crash": ("crash",)}})
    assert mood("it crashes", words) == "negative"


BAD: list[tuple[dict[str, object], str]] = [
    ({"topics": {"delivry": {"late": ("late",)}}}, 'topics: "delivry" is not known'),
    ({"topics": {"delivery": {"lat": ("late",)}}}, 'topics.delivery: "lat" is not known'),
    ({"topics": {"delivery": {"late": ("",)}}}, 'topics.delivery.late: "" has no word'),
    ({"topics": {"delivery": {"late": ("!!",)}}}, 'topics.delivery.late: "!!" has no word'),
    ({"safety": ("f*re",)}, 'safety: "f*re" cannot be read'),
    ({"safety": ("(a|b",)}, 'safety: "(a|b" cannot be read'),
    ({"safety": ("a*",)}, 'safety: "a*" begins too many words'),
    ({"safety": ("a b c d e f g h i",)}, 'safety: "a b c d e f g h i" is too long'),
    ({"negative": ("(a b|c d|e f|g h)" * 4,)}, "has too many alternatives"),
    ({"strong": ("late",)}, 'strong: "late" stands in no topic'),
]


@pytest.mark.parametrize(("words", "told"), BAD)
def test_a_mistake_in_a_list_is_told_with_its_file_and_place(
    words: dict[str, object], told: str
) -> None:
    with pytest.raises(CrisisError) as error:
        listed(words)
    assert str(error.value).startswith("topics.yaml: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_workspace_shadows_a_list(tmp_path: Path) -> None:
    file = tmp_path / "templates" / "words" / "topics.en.yaml"
    file.parent.mkdir(parents=True)
    file.write_text('topics: {price: {any: ["zloty"]}}', encoding="utf-8")
    assert Understanding(Workspace(tmp_path)).classify("zloty", "en").topic == "price"
    file.write_text('topics: {prise: {any: ["zloty"]}}', encoding="utf-8")
    with pytest.raises(CrisisError, match=r"topics\.en\.yaml: topics: .prise. is not known"):
        Understanding(Workspace(tmp_path)).classify("zloty", "en")


def test_a_language_without_a_list_tells_no_topic() -> None:
    assert load_lexicon(Workspace(None), "de") is None
    assert SHIPPED.classify("delivery late, late, late", "de") == NOTHING


def heard(**of: object) -> Heard:
    return READING.heard(msgspec.convert({"key": "1", **of}, Review))


def test_a_text_without_small_words_has_a_topic_where_one_list_speaks_clearly() -> None:
    assert heard(rating=1, text="parcel never arrived").topic == "delivery"
    assert heard(rating=1, text="Xwxq prwz mlkj").topic == OTHER


@pytest.mark.parametrize("text", ["👍", "ok", "", "Mehmet", "12345"])
def test_a_text_that_tells_nothing_has_no_language_and_no_topic(text: str) -> None:
    found = heard(rating=1, text=text)
    assert (found.language, found.topic, found.safety) == ("", OTHER, False)


def test_nobody_asks_what_praise_is_about() -> None:
    found = heard(rating=5, text="Delivery late but great", language="en")
    assert (found.mood, found.topic) == ("positive", OTHER)


def test_a_review_without_stars_is_read_for_its_mood() -> None:
    found = heard(text="Awful, the parcel never arrived", language="en")
    assert (found.mood, found.topic, found.aspect) == ("negative", "delivery", "lost")


def held_out() -> list[tuple[str, str, str]]:
    with (LABELLED / "en.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["half"] == "held-out"]
    return [(row["language"], row["topic"], row["text"]) for row in rows]


def test_the_english_list_tells_the_topics_of_the_half_it_was_not_first_written_from() -> None:
    assert macro_f1(confusion(held_out(), SHIPPED)) >= 0.9


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_list_tells_the_topics_of_its_labelled_reviews(language: str) -> None:
    assert macro_f1(confusion(labelled(LABELLED / f"{language}.csv"), SHIPPED)) >= 0.9


def test_the_english_list_tells_most_finer_problems() -> None:
    with (LABELLED / "en.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["aspect"]]
    right = sum(SHIPPED.classify(row["text"], "en").aspect == row["aspect"] for row in rows)
    assert right / len(rows) >= 0.7


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_list_compiles_and_has_a_label_for_everything(language: str) -> None:
    found = load_lexicon(Workspace(None), language)
    assert found is not None
    named = {*TOPICS, *(f"{topic}.{aspect}" for topic in TOPICS for aspect in TOPICS[topic]), OTHER}
    assert set(found.labels) == named


@pytest.mark.parametrize(
    "text",
    [
        "late " * 2_000_000,
        "x" * 10_000_000,
        "e" + "\u0301" * 1_000_000,
        "\u0301" * 100_000,
        "\u202eتأخر جدا الطلب\u202c never arrived",
        "🤬" * 100_000,
        "'" * 100_000,
        "\0\x1b[2J",
        "# " * 100_000,
        "\ud800 never arrived",
        "not " * 5_000,
    ],
    ids=[
        "words",
        "word",
        "marks",
        "only marks",
        "rtl",
        "emoji",
        "quotes",
        "control",
        "#",
        "half",
        "not",
    ],
)
def test_hostile_text_is_read_quickly(text: str) -> None:
    begun = time.process_time()
    READING.heard(Review("1", rating=1, text=text))
    READING.heard(Review("1", text=text, language="en"))
    assert time.process_time() - begun < 1


@given(st.text(max_size=300), st.sampled_from([*LANGUAGES, "", "xx"]))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read(text: str, language: str) -> None:
    found = SHIPPED.classify(text, language)
    assert found.topic in {*TOPICS, OTHER}
    assert not found.aspect or found.aspect in TOPICS[found.topic]
    assert [score for _, score in found.topics] == sorted(
        (score for _, score in found.topics), reverse=True
    )


def test_a_million_different_words_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crisisctl.reviews.lexicon._REMEMBERED", 100)
    words = lexicon(topics={"delivery": {"late": ("late",)}}, filler=("the",))
    for number in range(1000):
        classify(f"word{number} the", words)
    assert len(words) <= 101
    assert classify("the late", words).topic == "delivery"


def test_what_is_forgotten_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for _, _, text in held_out()]
    first = [SHIPPED.classify(text, "en") for text in texts]
    monkeypatch.setattr("crisisctl.reviews.lexicon._REMEMBERED", 3)
    monkeypatch.setattr("crisisctl.reviews.lexicon._FOLLOWERS", 1)
    fresh = Understanding(Workspace(None))
    assert [fresh.classify(text, "en") for text in texts] == first


def test_an_irregular_word_is_found_by_its_stem() -> None:
    assert of("the roses were dying", {"product": {"quality": ("die",)}}).topic == "product"


def test_reading_does_not_depend_on_what_was_read_before() -> None:
    texts = [text for _, _, text in held_out()]
    fresh = Understanding(Workspace(None))
    mixed = random.Random(7).sample(texts, len(texts))
    first = {text: SHIPPED.classify(text, "en") for text in texts}
    assert {text: fresh.classify(text, "en") for text in mixed} == first


def test_harm_is_heard_inside_a_longer_phrase_about_something_else() -> None:
    words = lexicon(topics={"product": {"broken": ["it exploded on me"]}}, safety=["exploded"])

    assert classify("On day two it exploded on me", words).safety
