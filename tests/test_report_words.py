"""The report's words in five languages: complete, grammatical, and asked for by the code."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from conftest import Crisis
from hypothesis import given, settings
from hypothesis import strategies as st
from makers import BEGAN, ID, Happened, a_sent, an_incident, minute, the_entries
from small import answers, small
from strategies import any_event

from crisisctl.deadlines import enisa, owed
from crisisctl.incident import events as ev
from crisisctl.incident.fold import Incident, Known, fold
from crisisctl.incident.heard import Strategy
from crisisctl.incident.incoming import ReviewStatus
from crisisctl.incident.learned import ActionKind, PostMortemStatus
from crisisctl.incident.lessons import Action
from crisisctl.messages.formats import plural
from crisisctl.playbook.model import Milestone
from crisisctl.report import rendering, sections
from crisisctl.report.clocks import UNVERIFIED
from crisisctl.report.metrics import metrics
from crisisctl.report.post_mortem import LESSONS, post_mortem
from crisisctl.report.sections import page
from crisisctl.report.timeline import timeline
from crisisctl.report.words import LOCALES, Phrase, words
from crisisctl.reviews.kpi import KPIS
from crisisctl.reviews.tally import LATER, STEPS
from crisisctl.reviews.wave import Level
from crisisctl.workspace import Workspace

ENGLISH = words("en").phrases
OTHERS = [locale for locale in LOCALES if locale != "en"]
PARIS = ZoneInfo("Europe/Paris")
NUMBERS = [*range(201), 1000, 1_000_000]
REPORT = Path(sections.__file__).parents[1]

everywhere = pytest.mark.parametrize("locale", OTHERS)


def forms(phrase: Phrase) -> list[str]:
    return [phrase] if isinstance(phrase, str) else list(phrase.values())


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


# The phrases


@everywhere
def test_every_language_has_the_phrases_of_english_in_their_order(locale: str) -> None:
    assert list(words(locale).phrases) == list(ENGLISH)


@everywhere
def test_every_phrase_has_the_places_of_english_and_no_other(locale: str) -> None:
    wrong = {
        key: places(form)
        for key, phrase in words(locale).phrases.items()
        for form in forms(phrase)
        if places(form) != places(forms(ENGLISH[key])[-1])
    }

    assert wrong == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_phrase_about_a_number_has_every_form_that_its_language_needs(locale: str) -> None:
    # French and Spanish: "many" begins at a million, and reads as "other" does
    read = {"many": "other"} if locale in ("fr", "es") else {}
    needed = {read.get(form, form) for form in (plural(locale, n) for n in NUMBERS)}
    bent = {k: set(p) for k, p in words(locale).phrases.items() if isinstance(p, Mapping)}

    assert {key: found for key, found in bent.items() if found != needed | {"other"}} == {}


SAME = {
    **dict.fromkeys(("event.fact", "event.asked", "event.other"), "only values"),
    **dict.fromkeys(("facts.source-by", "texts.title", "decision.who"), "only values"),
    **dict.fromkeys(("colon", "next"), "the same marks"),
    "good.number": "the same word",
}
SAME_IN = {
    "fr": (
        *("section.impact", "head.incident", "head.review", "timeline.source", "facts.source"),
        *("timeline.messages", "message.message", "heard.mentions", "actions.kind"),
    ),
    "es": ("units", "no"),
    "tr": (),
    "ru": (),
}
"""Words that both languages share."""


@everywhere
def test_no_phrase_was_left_in_english(locale: str) -> None:
    left = [key for key, phrase in words(locale).phrases.items() if phrase == ENGLISH[key]]

    assert [key for key in left if key not in SAME and key not in SAME_IN[locale]] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_only_the_end_of_a_sentence_begins_with_a_blank_and_none_ends_with_one(
    locale: str,
) -> None:
    pieces = {key for key, phrase in ENGLISH.items() if forms(phrase)[0][0] in " ,;:"}
    stray = [
        key
        for key, phrase in words(locale).phrases.items()
        for form in forms(phrase)
        if "  " in form
        or (form[0].isspace() and key not in pieces)
        or (form[-1].isspace() and key != "next")
    ]

    assert [key for key in stray if key != "group"] == []


# How each language is set


def test_french_sets_no_break_spaces_before_its_marks_and_inside_its_quotes() -> None:
    loose = re.compile(r"(?<![\u202f])[;?!]|(?<![\u00a0]):(?!/)|«(?!\u00a0)|(?<!\u00a0)»|['\"]")

    assert [
        (k, f) for k, p in words("fr").phrases.items() for f in forms(p) if loose.search(f)
    ] == []


@pytest.mark.parametrize("locale", ["es", "ru"])
def test_spanish_and_russian_quote_in_angles_with_no_space(locale: str) -> None:
    loose = re.compile(r"['\"“”]|«\s|\s»|\s[:;]")

    assert [
        (k, f) for k, p in words(locale).phrases.items() for f in forms(p) if loose.search(f)
    ] == []


def test_turkish_hangs_no_suffix_on_a_value() -> None:
    hung = re.compile(r"\}”?['’]?[a-zçğıöşü]|['\"«»]|\} ?%")

    assert [
        (k, f) for k, p in words("tr").phrases.items() for f in forms(p) if hung.search(f)
    ] == []


def test_russian_prepositions_are_followed_by_no_bare_name() -> None:
    """A name after a preposition would need a case; times, lengths and codes need none."""
    bent = re.compile(r"\b(?:от|у|к|с|о|об|на|по|без|из|перед|через) \{(\w+)\}")
    found = {m[1] for p in words("ru").phrases.values() for f in forms(p) for m in bent.finditer(f)}

    assert found <= {"span", "n"}


def test_a_turkish_line_begins_with_a_dotted_i() -> None:
    assert words("tr").capital("ilk mesaj") == "İlk mesaj"
    assert words("fr").capital("incident") == "Incident"
    assert words("ru").capital("") == ""


def test_the_spanish_and_changes_before_its_own_sound() -> None:
    say = words("es")

    assert say.listed(["email", "sms", "instagram"]) == "email, sms e instagram"
    assert say.listed(["instagram", "email"]) == "instagram y email"
    assert say.listed(["agua", "hielo"]) == "agua y hielo"
    assert words("ru").listed(["sms", "instagram"]) == "sms и instagram"


@pytest.mark.parametrize(
    ("locale", "number", "percent", "money", "span"),
    [
        ("en", "1,234.5", "12 %", "1,234.50 EUR", "1 d 2 h"),
        ("fr", "1\u202f234,5", "12\u00a0%", "1\u202f234,50\u00a0EUR", "1\u00a0j\u00a02\u00a0h"),
        ("es", "1.234,5", "12\u00a0%", "1.234,50\u00a0EUR", "1\u00a0d\u00a02\u00a0h"),
        ("tr", "1.234,5", "%12", "1.234,50\u00a0EUR", "1\u00a0gün\u00a02\u00a0sa"),
        ("ru", "1\u00a0234,5", "12\u00a0%", "1\u00a0234,50\u00a0EUR", "1\u00a0д\u00a02\u00a0ч"),
    ],
)
def test_figures_are_written_as_the_language_writes_them(
    locale: str, number: str, percent: str, money: str, span: str
) -> None:
    say = words(locale)

    assert say.number(Decimal("1234.5")) == number
    assert say.percent(12) == percent
    assert say.money(Decimal("1234.50"), "EUR") == money
    assert say.span(timedelta(hours=26)) == span
    assert say.span(-timedelta(hours=26)) == f"-{span}"


SENT = {
    "fr": {
        "{} message a été envoyé.": (0, 1),
        "{} messages ont été envoyés.": (2, 5, 11, 21, 22, 101, 1_000_000),
    },
    "es": {
        "Se envió {} mensaje.": (1,),
        "Se enviaron {} mensajes.": (0, 2, 5, 11, 21, 22, 101, 1_000_000),
    },
    "tr": {"{} mesaj gönderildi.": (0, 1, 2, 5, 11, 21, 22, 101, 1_000_000)},
    "ru": {
        "Отправлено {} сообщение.": (1, 21, 101),
        "Отправлено {} сообщения.": (2, 22),
        "Отправлено {} сообщений.": (0, 5, 11, 1_000_000),
    },
}


@pytest.mark.parametrize(
    ("locale", "text", "n"),
    [(locale, text, n) for locale, texts in SENT.items() for text, ns in texts.items() for n in ns],
)
def test_numbers_bend_the_words_beside_them(locale: str, text: str, n: int) -> None:
    say = words(locale)

    assert say.many("summary.messages", n) == text.format(say.number(n))


# What the code asks for

AHEAD = {"timeline.was"}
"""What stands behind a corrected event: blocks and layouts have its place, nobody fills it yet."""


def literals(hint: object) -> list[str]:
    return [name for name in get_args(hint) if name]


def field(kind: type, name: str) -> list[str]:
    return literals(get_type_hints(kind)[name])


FAMILIES = {
    "milestone.": literals(Milestone),
    "phase.": literals(Milestone),
    "status.": field(Incident, "status"),
    "fact.": field(Known, "status"),
    "due.": literals(owed.State),
    "review.": literals(PostMortemStatus),
    "action.": [*literals(ActionKind), *field(Action, "status")],
    "to.": ["customers", "staff", "partners", "authority", "public", "press"],
    "verdict.": literals(Level),
    "heard.status.": literals(ReviewStatus),
    "heard.wait.": [*(name for _, name in STEPS), LATER],
    "way.": literals(Strategy),
    "kpi.": [kpi.name for kpi in KPIS],
    "enisa.": literals(enisa.Level),
    "section.": list(sections._ALL),
    "lesson.": list(LESSONS),
    "metric.": [metric.name for metric in metrics(an_incident())],
    "summary.cause-": literals(ev.Status),
    "clock.unverified-": list(UNVERIFIED),
    "detection.customers-": ["yes", "no"],
}
"""Phrases that are named by what is recorded: the names that can stand there."""
GROUPS = {key.partition(".")[0] + "." for key in ENGLISH if "." in key}


def asked_for() -> Iterator[str]:
    """Every phrase that the code of the room names, by itself or as one of a family."""
    for path in sorted(REPORT.rglob("*.py")):
        if path.parent.name == "timeline" or path.stem in LOCALES:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {
            id(part) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for part in n.values
        }
        for node in ast.walk(tree):
            match node:
                case ast.Constant(value=str(text)) if id(node) not in inside:
                    group, dot, name = text.partition(".")
                    if group + dot in GROUPS and re.match("[a-z]", name):
                        yield text
                case ast.Call(func=ast.Name(id="self" | "say"), args=[ast.Constant(value=str(t))]):
                    yield t
                case ast.Call(func=ast.Attribute(attr="say"), args=[ast.Constant(value=str(text))]):
                    yield text
                case ast.FunctionDef():
                    yield from _families(node)


def _families(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        match node:
            case ast.JoinedStr(
                values=[ast.Constant(value=str(begin)), ast.FormattedValue() as place]
            ):
                group, dot, _ = begin.partition(".")
                if group + dot not in GROUPS:
                    continue
                names = _looped(function, ast.unparse(place.value))
                assert names or begin in FAMILIES, f"what can stand in {ast.unparse(node)}?"
                yield from (begin + name for name in names or FAMILIES[begin])


def _looped(function: ast.FunctionDef, variable: str) -> list[str]:
    """The words that a loop over a tuple gives a variable."""
    bound = {
        ast.unparse(node.targets[0]): node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
    }
    found: list[str] = []
    for node in ast.walk(function):
        if isinstance(node, ast.For | ast.comprehension):
            first = node.target.elts[0] if isinstance(node.target, ast.Tuple) else node.target
            looped = bound.get(ast.unparse(node.iter), node.iter)
            if ast.unparse(first) == variable and isinstance(looped, ast.Tuple):
                rows = (r.elts[0] if isinstance(r, ast.Tuple) else r for r in looped.elts)
                found += [r.value for r in rows if isinstance(r, ast.Constant)]
    return found


def test_every_phrase_that_the_code_asks_for_exists() -> None:
    asked = set(asked_for())

    assert {"good.unknown", "milestone.started", "yes", "event.told"} <= asked
    assert asked - set(ENGLISH) == set()


def test_no_phrase_is_there_that_nobody_asks_for() -> None:
    assert set(ENGLISH) - set(asked_for()) - AHEAD == set()


# The report and the timeline


@everywhere
@settings(max_examples=40)
@given(happened=st.lists(any_event(), max_size=10))
def test_any_story_at_all_can_be_told_in_each_language(
    locale: str, happened: list[Happened]
) -> None:
    entries = the_entries(*happened)
    say = words(locale)
    incident = fold(ID, entries)
    lines = timeline(incident, entries, PARIS, say)
    report = post_mortem(incident, entries, head="", zone=PARIS, now=minute(600), words=say)

    assert len(lines) == len(entries)
    text = rendering.markdown(page(report, say), Workspace())
    assert text.startswith("# " + say("report.title", title=incident.title))


def told(locale: str, *happened: Happened) -> list[str]:
    entries = the_entries(*happened)
    lines = timeline(fold(ID, entries), entries, PARIS, words(locale))
    return [line.text for line in lines if line.kind not in ("incident-declared", "playbook-added")]


def test_a_sent_message_is_told_in_each_language() -> None:
    sent = (5, a_sent("holding", next_update=minute(25)))
    at = words().moment(minute(25), PARIS)

    assert {locale: told(locale, sent)[0] for locale in LOCALES} == {
        "en": f'Sent "holding" to customers on email (en); next update promised by {at}',
        "fr": f"Envoi de «\u00a0holding\u00a0» par email (en), destinataires\u00a0: clients\u202f; "
        f"prochaine mise à jour promise au plus tard le {at}",
        "es": "Envío de «holding» por email (en); destinatarios: clientes; "
        f"próxima actualización prometida, a más tardar el {at}",
        "tr": "“holding” gönderildi: email (en); alıcılar: müşteriler; "
        f"söz verilen sonraki güncelleme: en geç {at}",
        "ru": "Отправлено сообщение «holding»: email (en); кому: клиенты; "
        f"следующее сообщение обещано не позднее {at}",
    }


@pytest.fixture
def walked(crisis: Crisis, folder: Path) -> None:
    """An incident from its declaration to its post-mortem, with a deadline."""
    small(folder, deadlines="{first: {from: declared, within: {sev1: 10m}, met_by: hello}}")
    crisis("start", "small", "--answers", str(answers(folder)), "--no-input")


@everywhere
@pytest.mark.parametrize("form", ["md", "html"])
def test_a_report_keeps_no_english_of_its_own(
    crisis: Crisis, walked: None, locale: str, form: str
) -> None:
    ran = crisis("report", "--locale", locale, "--format", form)

    mine = words(locale).phrases
    headings = {k for k in ENGLISH if k.startswith(("section.", "head.", "metric.time"))}
    english = {str(ENGLISH[k]) for k in headings if mine[k] != ENGLISH[k]}
    seen = set(re.findall(r"(?m)^## (.+)$|^\| ([^|]+?) \|", ran.stdout))
    titles = {title for pair in seen for title in pair} | set(re.findall(r">([^<>]+)<", ran.stdout))
    assert ran.exit == 0
    assert f'lang="{locale}"' in ran.stdout or form == "md"
    assert str(mine["section.timeline"]) in titles
    assert titles & english == set()


def test_lists_of_recorded_values_are_joined_in_the_language(crisis: Crisis, walked: None) -> None:
    assert "The cart и The search" in crisis("report", "--locale", "ru").stdout


def test_markdown_keeps_the_spaces_that_hold_words_together(crisis: Crisis, walked: None) -> None:
    text = crisis("report", "--locale", "fr").stdout

    assert "- Gravité\u00a0: sev1\n" in text
    assert "Gravité :" not in text


def test_the_terminal_speaks_english(crisis: Crisis, walked: None) -> None:
    crisis("report", "--locale", "tr")

    assert "Decided: " in crisis("timeline").stdout


def test_a_withheld_report_says_so_in_its_language(
    crisis: Crisis, walked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    crisis("restrict", "--to", "li", "--because", "Legal asked for it")
    monkeypatch.setenv("CRISISCTL_OPERATOR", "jo")

    text = crisis("report", "--locale", "ru").stdout

    assert "# Разбор инцидента: Доступ ограничен" in text
    assert re.search(r"^\| [^|]+ \| Доступ ограничен \| в срок, с запасом", text, re.MULTILINE)
    assert "Restricted" not in text


@pytest.mark.parametrize(
    ("locale", "hint"),
    [("rus", "did you mean ru?"), ("klingon", "write en, fr, es, tr or ru"), ("", "write en")],
)
def test_an_unknown_language_is_refused_in_one_line(
    crisis: Crisis, walked: None, locale: str, hint: str
) -> None:
    ran = crisis("report", "--locale", locale)

    assert ran.exit == 2
    assert ran.stdout == ""
    assert f'"{locale}" is not a locale of crisisctl' in ran.stderr
    assert hint in ran.stderr
    assert "Traceback" not in ran.stderr


def test_times_read_the_same_in_every_language() -> None:
    assert len({words(locale).moment(BEGAN, PARIS) for locale in LOCALES}) == 1
