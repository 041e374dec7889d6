"""One door over any finished text: the shipped ones pass, bad ones are told by place and rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from makers import a_send
from test_shipped import (
    LOCALES,
    NOW,
    PARIS,
    TEXTS,
    an_incident_that_knows,
    channels_of,
    step_of,
    the_plan,
)

from crisisctl.incident.knowledge import confirmed
from crisisctl.lint.rule import RULES
from crisisctl.lint.rules import tone as _rules  # noqa: F401 - fills the register
from crisisctl.messages.channels import load_channels
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.pack import Setting as Render
from crisisctl.messages.pack import Text, render_pack
from crisisctl.messages.proof import promises
from crisisctl.messages.proof.own import own_of
from crisisctl.messages.proof.personal import Own
from crisisctl.messages.proof.proofread import MOST, Flaw, Setting, proofread
from crisisctl.messages.proof.readers import PUBLIC
from crisisctl.messages.proof.severity import WARNINGS, severity_of
from crisisctl.playbook.model import MessageKind
from crisisctl.workspace import Workspace

SHOP = Workspace(None, {"brand": {"name": "Kestrel", "support_email": "ana.lopez@kestrel.example"}})


def flaws(text: str, locale: str = "en", **more: Any) -> tuple[Flaw, ...]:
    return proofread(text, Setting(Workspace(), locale, **more))


def rules(text: str, locale: str = "en", **more: Any) -> list[str]:
    return [flaw.rule for flaw in flaws(text, locale, **more)]


def as_sent(text: Text, playbook: str) -> Setting:
    step = step_of(playbook, text.message)
    assert step.send is not None
    channel = load_channels(Workspace()).get(text.channel)
    return Setting(
        Workspace(),
        text.locale,
        kind=kind_of(step.send, the_plan(playbook)),
        form="body" if channel.form == "body" else "short",
        public=text.channel in PUBLIC,
        staff=step.send.to == "staff",
        plain=channel.unit == "segments",
        heading=text.heading,
    )


def example_texts(playbook: str, message: str, locale: str, *, drill: bool) -> Iterator[Text]:
    """A message on every channel with the example facts, and the next update due in 19 minutes."""
    plan = the_plan(playbook)
    incident = an_incident_that_knows(plan, plan.names())
    send = step_of(playbook, message).send
    assert send is not None
    names = {**confirmed(incident, now=NOW), "sent_at": NOW, "next_update": NEXT}
    where = Render(Workspace(), playbook, PARIS, drill)
    everywhere = a_send(message, channels=channels_of(playbook, message), to=send.to)
    yield from render_pack(where, everywhere, names, (locale,)).texts


NEXT = NOW + timedelta(minutes=19)


# what a drill adds is the same for all the messages of a playbook
STAMPED = {playbook: message for playbook, message, _ in reversed(TEXTS)}
DRILLS = [
    pytest.param(*text, True, marks=[] if STAMPED[text[0]] == text[1] else pytest.mark.slow)
    for text in TEXTS
]


@pytest.mark.parametrize(
    ("playbook", "message", "locale", "drill"), [*((*text, False) for text in TEXTS), *DRILLS]
)
def test_a_shipped_message_has_no_flaw_on_any_channel(
    playbook: str, message: str, locale: str, drill: bool
) -> None:
    for text in example_texts(playbook, message, locale, drill=drill):
        setting = as_sent(text, playbook)
        assert proofread(text.body, setting) == (), text.channel
        if text.heading:
            title = Setting(Workspace(), locale, form="short", public=True)
            assert proofread(text.heading, title) == (), text.channel


@pytest.mark.parametrize(("playbook", "message", "locale"), TEXTS)
def test_a_shipped_message_promises_the_next_word_and_the_report_and_no_other_date(
    playbook: str, message: str, locale: str
) -> None:
    lists = promises.lists_of(Workspace(), locale)
    assert lists is not None
    kinds = set()
    for text in example_texts(playbook, message, locale, drill=False):
        found = promises.promises(text.body, locale, lists, now=NOW, zone=PARIS)
        dated = [(one.kind, one.due) for one in found if one.due]
        kinds |= {kind for kind, _ in dated}
        if message in ("holding", "update"):
            assert dated == [("next-update", NEXT)], text.channel
    wanted = {
        "holding": {"next-update"},
        "statement": {"next-update"},
        "update": {"next-update"},
        "resolved": {"report"},
        "remedy": {"refund"},
    }
    # colleagues are told as well when customers hear the next word
    brief = {"next-update"} if message in ("internal-brief", "staff-brief") else set()
    assert kinds - brief == wanted.get(message, set())


BAD = {
    "en": ("A minor issue affects you. {} Write to [NAME].", "We will refund you soon."),
    "fr": ("C’est un petit problème. {} Écrivez à [NOM].", "Nous vous rembourserons bientôt."),
    "es": ("Es un pequeño problema. {} Escriba a [NOMBRE].", "Le devolveremos todo en breve."),
    "tr": ("Bu küçük bir sorun. {} [İSİM] adresine yazın.", "Paranızı yakında iade edeceğiz."),
    "ru": ("Это небольшая проблема. {} Напишите [ИМЯ].", "Мы скоро вернём деньги."),
}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_bad_text_is_told_in_its_order_by_the_rules_of_the_linter(locale: str) -> None:
    frame, promise = BAD[locale]

    found = flaws(frame.format(promise), locale)

    assert [flaw.rule for flaw in found] == [
        "tone-minimise",
        "promise-without-time",
        "placeholder-left",
    ]
    assert all(flaw.rule in RULES and flaw.hint and flaw.severity == "error" for flaw in found)
    assert sorted(found) == list(found)


def test_lines_and_columns_count_from_one_in_characters() -> None:
    text = "Nous le savons 🙂.\nÉcrivez à [NOM]."

    (flaw,) = flaws(text, "fr")

    assert (flaw.line, flaw.column) == (2, 11)
    assert text[flaw.start : flaw.end] == "[NOM]"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Dear {{ name }}, we are sorry.", "placeholder-left"),
        ("Dear {name}, we are sorry.", "placeholder-left"),
        ("We will write again by TBD.", "placeholder-left"),
        ("Your order is None and we are sorry.", "placeholder-left"),
        ("Write to [Undefined].", "placeholder-left"),
        ("The shop is undefined again.", "placeholder-left"),
        ("Since <shop.Time object at 0x7f3a> we repair it.", "placeholder-left"),
        ("Write to help@example.com.", "contact-placeholder"),
        ("Our key is AKIAIOSFODNN7EXAMPLE.", "secret"),
        ("Write to ana.lopez@gmail.com.", "personal-data"),
        ("Change your review and you get a voucher of 10 €.", "review-reward"),
        ("You will hear from our lawyers for what you wrote about us.", "legal-threat"),
        ("By accepting this voucher you waive all claims against us.", "waiver"),
        ("These are fake reviews.", "public-accusation"),
        ("We are sorry if this caused you any trouble.", "conditional-apology"),
        ("We take your privacy seriously.", "tone-evasive"),
        ("We are repairing it...", "three-dots"),
        ("We are  sorry.", "double-space"),
        (
            "Nous réparons la panne, et vous pouvez commander par téléphone. Merci de votre "
            "patience, nous vous écrirons.",
            "wrong-language",
        ),
    ],
)
def test_each_kind_of_flaw_is_told_once(text: str, rule: str) -> None:
    assert rules(text) == [rule]


@pytest.mark.parametrize(
    "text",
    [
        "None of your orders is lost.",
        "Your orders are all there, and none is lost.",
        "[DRILL, not a real message] Our shop is down.",
        "Here is what we know: [our page](https://status.kestrel.example).",
        "100% of the orders are there; the code is A[1].",
    ],
)
def test_an_honest_text_is_left_alone(text: str) -> None:
    assert rules(text) == []


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("es", "PENDIENTE: hora de reapertura"),
        ("es", "Volvemos a escribir. PENDIENTE : hora"),
        ("es", "PENDIENTE"),
        ("tr", "YAPILACAK: saat"),
        ("tr", "YAPILACAK"),
        ("ru", "ДОПИСАТЬ: время"),
        ("ru", "Напишем вам. ДОПИСАТЬ: время"),
        ("ru", "ДОПИСАТЬ"),
        ("ru", "Время: ДОПИСАТЬ"),
        ("es", "Escriba a la tienda (PENDIENTE: correo)."),
        ("tr", "BELİRLENECEK: yeni saat"),
    ],
)
def test_a_mark_in_capitals_was_meant_to_be_filled_in(locale: str, text: str) -> None:
    assert rules(text, locale) == ["placeholder-left"]


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("es", "Su pedido está pendiente: le escribimos hoy."),
        ("es", "PAGO PENDIENTE: puede pagar mañana."),
        ("es", "Su pago está PENDIENTE de confirmación."),
        ("es", "Estado del pago: PENDIENTE de confirmar hoy."),
        ("tr", "Bugün yapılacak: sayım."),
        ("tr", "Sayım BUGÜN YAPILACAK ve yarın bitecek."),
        ("tr", "BUGÜN YAPILACAK: sayım."),
        ("ru", "Вы можете дописать: время и место."),
        ("ru", "Осталось ДОПИСАТЬ адрес."),
        ("ru", "Ваш заказ ждёт: код можно уточнить: 123."),
    ],
)
def test_the_same_word_in_a_sentence_is_left_alone(locale: str, text: str) -> None:
    assert rules(text, locale) == []


def test_what_a_message_must_say_depends_on_its_kind_and_is_told_at_its_beginning() -> None:
    text = "You cannot order since 20:04. We are sorry and are repairing it. Thank you."

    assert rules(text) == []
    found = flaws(text, kind="holding")
    assert {flaw.rule for flaw in found} == {
        *("missing-next-update", "missing-contact", "missing-what-you-can-do")
    }
    assert {(flaw.line, flaw.column) for flaw in found} == {(1, 1)}
    assert rules(text, kind="holding", form="short") == []
    assert not any("{{" in flaw.hint for flaw in found)


def test_what_the_title_says_a_short_text_need_not_repeat() -> None:
    text = "Next update by 21:30."

    assert rules(text, kind="holding", form="short") == ["missing-acknowledgement"]
    title = "You cannot order from us: what we know"
    assert rules(text, kind="holding", form="short", heading=title) == []


def test_news_without_a_time_is_told_once_and_not_as_a_promise_besides() -> None:
    found = rules("You cannot order. We are sorry. We will write again soon.", kind="update")

    assert "untimed-next-update" in found
    assert "promise-without-time" not in found
    assert "missing-next-update" not in found


def test_colleagues_know_our_own_words() -> None:
    text = "The failover is done. Tell customers the truth."

    assert rules(text) == ["tone-jargon"]
    assert rules(text, staff=True) == []


def test_an_sms_keeps_its_plain_marks() -> None:
    assert rules("Désolés ! Nous réparons...", "fr", plain=True) == []
    assert rules("Désolés ! Nous réparons...", "fr") == ["fr-spacing", "three-dots"]


def test_where_everyone_reads_orders_are_private_too() -> None:
    text = "Your order 12345678 is on its way."

    assert rules(text) == []
    assert rules(text, public=True) == ["public-personal-data"]


def test_what_is_the_shops_own_may_stand() -> None:
    text = "Write to ana.lopez@kestrel-shop.com."
    own = Own(addresses=frozenset({"ana.lopez@kestrel-shop.com"}))

    assert rules(text) == ["personal-data"]
    assert rules(text, own=own) == []
    assert own_of(SHOP).addresses == {"ana.lopez@kestrel.example"}


def test_a_notice_about_a_breach_lacks_what_the_law_wants() -> None:
    notice = "There was a data breach. Your data is safe and no action is needed."

    found = rules(notice, kind="notice")

    assert "breach-notice-elements" in found
    assert "breach-soothing" in found
    assert "breach-notice-elements" not in rules(notice, kind="update")


@pytest.mark.parametrize(
    ("locale", "attacked", "comfort"),
    [
        ("en", "We are dealing with a cyber attack.", "Customers need not do anything."),
        ("fr", "Nous subissons une cyberattaque.", "Vous n'avez rien à faire."),
        ("es", "Hemos sufrido un ciberataque.", "No es necesario que haga nada."),
        ("tr", "Bir siber saldırıyla karşı karşıyayız.", "Bir şey yapmanıza gerek yok."),
        ("ru", "Мы столкнулись с кибератакой.", "Вам ничего не нужно делать."),
    ],
)
@pytest.mark.parametrize("kind", ["notice", "holding", "update"])
def test_nobody_is_comforted_while_an_attack_may_still_have_reached_data(
    kind: MessageKind, locale: str, attacked: str, comfort: str
) -> None:
    assert "breach-soothing" in rules(f"{attacked} {comfort}", locale, kind=kind)
    assert "breach-soothing" not in rules(attacked, locale, kind=kind)
    assert "breach-soothing" not in rules(comfort, locale, kind=kind)
    assert "breach-notice-elements" not in rules(f"{attacked} {comfort}", locale, kind=kind)


@pytest.mark.parametrize(
    "comfort",
    [
        "Customers do not have to take any action.",
        "There is no need for you to do anything.",
        "There is no need to take action.",
        "Customers need take no action.",
        "You need to take no further steps.",
    ],
)
def test_no_action_needed_is_heard_in_many_words(comfort: str) -> None:
    assert "breach-soothing" in rules(f"There was a data breach. {comfort}", kind="notice")


def test_a_text_in_another_language_is_not_read_for_its_tone() -> None:
    text = "Es un pequeño problema de la tienda, pero no se preocupe: lo sentimos y le escribimos."

    assert rules(f"{text} [NOMBRE]", "en") == ["wrong-language", "placeholder-left"]


def test_a_secret_is_never_repeated() -> None:
    (flaw,) = flaws("Our password: Tr0ub4dor7x")

    assert "Tr0ub4dor7x" not in f"{flaw.text}{flaw.hint}"


def test_a_flood_of_one_flaw_is_told_in_part() -> None:
    found = rules("We are sorry [NAME]. " * 500)

    assert found == ["placeholder-left"] * MOST


def test_proofreading_and_the_linter_call_it_equally_bad() -> None:
    assert set(RULES) >= WARNINGS
    assert {rule: severity_of(rule) for rule in WARNINGS} == {
        rule: RULES[rule].severity for rule in WARNINGS
    }


@pytest.mark.parametrize("locale", ["de", "xx", "en-GB"])
def test_a_language_without_words_is_read_for_what_is_wrong_everywhere(locale: str) -> None:
    assert rules("Wir schreiben an [NAME].", locale) == ["placeholder-left"]
