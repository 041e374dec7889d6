"""What a message must say: the shipped texts say it, and lose it with the sentence that says it."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from crisisctl.lint import gather, read, samples
from crisisctl.lint.subject import Book
from crisisctl.messages.kinds import kind_of
from crisisctl.messages.pack import tidied
from crisisctl.messages.proof import elements
from crisisctl.messages.proof.apologies import conditional_apologies
from crisisctl.messages.proof.cues import Words, words_of
from crisisctl.messages.proof.elements import Form
from crisisctl.messages.proof.sentences import sentences
from crisisctl.playbook.model import MessageKind
from crisisctl.workspace import Workspace

ROOT = Path(__file__).parent.parent
LOCALES = ("en", "fr", "es", "tr", "ru")

# Who says what in the shipped bodies, as a reader of the language would mark it: every sentence
# that holds one of the words (between bars) carries the element.
CARRIERS: dict[str, dict[str, dict[str, str]]] = {
    "en": {
        "holding": {
            "acknowledgement": "not been working|We know about|This affects",
            "apology": "we are sorry",
            "action": "working to repair",
            "next-update": "Next update",
            "what-you-can-do": "What you can do|Please do not|Follow our",
            "contact": "write to us|help@|call +33",
            "thanks": "Thank you",
        },
        "update": {
            "acknowledgement": "still cannot order|Affected since",
            "apology": "We are sorry",
            "action": "We are repairing",
            "next-update": "Next update",
            "what-you-can-do": "What you can do|You can order|Please do not|Follow our",
            "contact": "by phone|write to us|help@",
            "thanks": "Thank you",
        },
        "resolved": {
            "acknowledgement": "working again|did not work",
            "apology": "We are sorry",
            "cause": "Why it happened",
            "action": "We watched|We compared|paying the money",
            "contact": "help@",
            "thanks": "Thank you",
        },
        "apology-offer": {
            "acknowledgement": "failed you",
            "apology": "We are sorry",
            "action": "If we charged|We take|This offer comes",
            "contact": "help@",
            "thanks": "Thank you",
        },
        "public-report": {
            "acknowledgement": "did not work|let you down|What you noticed|outage began|told you"
            "|worked again",
            "apology": "We are sorry",
            "cause": "We changed something|our mistake",
            "action": "We are improving|We are starting|We are building|We compared|We are paying",
            "contact": "help@|Questions?",
            "thanks": "Thank you",
        },
    },
    "fr": {
        "holding": {
            "acknowledgement": "est en panne|Nous savons|Cette panne",
            "apology": "désolés",
            "action": "Nous réparons",
            "next-update": "Prochaine mise",
            "what-you-can-do": "Ce que vous|Merci de ne|Suivez",
            "contact": "écrivez-nous|help@",
            "thanks": "Merci de votre",
        },
        "update": {
            "acknowledgement": "ne pouvez pas|Ce que la panne",
            "apology": "désolés",
            "action": "Nous réparons",
            "next-update": "Prochaine mise",
            "what-you-can-do": "Ce que vous|Vous pouvez|Merci de ne|Suivez",
            "contact": "par téléphone|écrivez-nous|help@",
            "thanks": "Merci de votre",
        },
        "resolved": {
            "acknowledgement": "fonctionne de nouveau|pas fonctionné",
            "apology": "désolés",
            "cause": "Nous avons modifié",
            "action": "surveillée|comparé|remboursons",
            "contact": "help@",
            "thanks": "Merci de votre",
        },
        "apology-offer": {
            "acknowledgement": "pas fonctionné|à la hauteur",
            "apology": "désolés",
            "action": "remboursons|accordons|vient en plus",
            "contact": "help@",
            "thanks": "Merci de votre",
        },
        "public-report": {
            "acknowledgement": "pas fonctionné|à la hauteur|avez remarqué|ne fonctionnait pas"
            "|panne a commencé|prévenus|fonctionnait de nouveau",
            "apology": "désolés",
            "cause": "Nous avons modifié|notre erreur",
            "action": "améliorons|commençons|préparons|comparé|remboursons",
            "contact": "help@|Des questions",
            "thanks": "Merci",
        },
    },
    "es": {
        "holding": {
            "acknowledgement": "no funcionan|Lo sabemos|Afecta a",
            "apology": "lo sentimos",
            "action": "puesto a trabajar",
            "next-update": "Próxima",
            "what-you-can-do": "Qué puede|Por favor|Siga aquí",
            "contact": "escríbanos",
            "thanks": "Gracias",
        },
        "update": {
            "acknowledgement": "sin poder|Partes afectadas",
            "apology": "Sentimos",
            "action": "Estamos reparando",
            "next-update": "Próxima",
            "what-you-can-do": "Qué puede|Puede hacer|Por favor|Siga aquí",
            "contact": "por teléfono|escríbanos",
            "thanks": "Gracias",
        },
        "resolved": {
            "acknowledgement": "funciona de nuevo|no funcionó",
            "apology": "Sentimos",
            "cause": "Hicimos un cambio",
            "action": "vigilado|comparado|devolviendo",
            "contact": "escríbanos",
            "thanks": "Gracias",
        },
        "apology-offer": {
            "acknowledgement": "le fallamos",
            "apology": "Sentimos",
            "action": "devolveremos|Le hacemos|aplicamos|se suma",
            "contact": "escríbanos",
            "thanks": "Gracias",
        },
        "public-report": {
            "acknowledgement": "no funcionó|le fallamos|usted vio|empezó el fallo|le informamos"
            "|volvió a funcionar",
            "apology": "Lo sentimos",
            "cause": "Hicimos un cambio en|El error es",
            "action": "mejorando|empezando|preparando|Comparamos|devolviendo",
            "contact": "preguntas|Escríbanos",
            "thanks": "Gracias",
        },
    },
    "tr": {
        "holding": {
            "acknowledgement": "çalışmıyor|biliyoruz|Bu sorun",
            "apology": "özür",
            "action": "çalışıyoruz",
            "next-update": "Bir sonraki|O saate kadar",
            "what-you-can-do": "neler yapabilirsiniz|Lütfen|izleyin",
            "contact": "bize yazın|help@",
            "thanks": "teşekkür",
        },
        "update": {
            "acknowledgement": "sipariş alamıyoruz|etkilenen",
            "apology": "özür",
            "action": "gideriyoruz",
            "next-update": "Bir sonraki|O saate kadar",
            "what-you-can-do": "neler yapabilirsiniz|Lütfen|izleyin|verebilirsiniz",
            "contact": "Telefonla|bize yazın|help@",
            "thanks": "teşekkür",
        },
        "resolved": {
            "acknowledgement": "yeniden çalışıyor|çalışmadı",
            "apology": "özür",
            "cause": "Nedeni",
            "action": "izledik|karşılaştırdık|geri ödüyoruz",
            "contact": "help@",
            "thanks": "teşekkür",
        },
        "apology-offer": {
            "acknowledgement": "veremedik",
            "apology": "özür",
            "action": "geri ödeyeceğiz|uyguluyoruz",
            "contact": "help@",
            "thanks": "teşekkür",
        },
        "public-report": {
            "acknowledgement": "çalışmadı|yarı yolda|Kesinti başladı|haber verdik|kullanabildiniz",
            "apology": "Özür",
            "cause": "Sitemizde bir değişiklik|bizim hatamız",
            "action": "geliştiriyoruz|başlıyoruz|kuruyoruz|karşılaştırdık|ödüyoruz",
            "contact": "help@",
            "thanks": "eşekkür",
        },
    },
    "ru": {
        "holding": {
            "acknowledgement": "не работает|Мы знаем|касается",
            "apology": "прощения",
            "action": "восстанавливаем",
            "next-update": "Следующее",
            "what-you-can-do": "Что вы|Пожалуйста|Следите",
            "contact": "напишите",
            "thanks": "Спасибо",
        },
        "update": {
            "acknowledgement": "нельзя|Начало сбоя|затронул",
            "apology": "прощения",
            "action": "Мы чиним",
            "next-update": "Следующее",
            "what-you-can-do": "Что вы|Вы можете|Пожалуйста|Следите",
            "contact": "по телефону|напишите",
            "thanks": "Спасибо",
        },
        "resolved": {
            "acknowledgement": "снова работает|работал не так",
            "apology": "прощения",
            "cause": "Мы изменили",
            "action": "наблюдали|сверили|возвращаем",
            "contact": "напишите",
            "thanks": "асибо",
        },
        "apology-offer": {
            "acknowledgement": "подвёл|Продолжительность сбоя",
            "apology": "прощения",
            "action": "вернём|дадим|сверх этого",
            "contact": "напишите",
            "thanks": "Спасибо",
        },
        "public-report": {
            "acknowledgement": "работал не так|подвели|Что вы заметили|Начало сбоя|Что не работало"
            "|начался сбой|сообщили вам|снова заработал",
            "apology": "прощения",
            "cause": "Мы изменили|наша ошибка",
            "action": "улучшаем|вводим|готовим|сверили|возвращаем",
            "contact": "напишите",
            "thanks": "Спасибо",
        },
    },
}
CASES = [
    (locale, message, element)
    for locale, messages in CARRIERS.items()
    for message, carriers in messages.items()
    for element in carriers
]


@cache
def outage() -> Book:
    job = gather.gathered([ROOT / "playbooks" / "outage.yaml"], ROOT)[0][0]
    return read.book(job, date(2026, 11, 27))[0]


def body(message: str, locale: str) -> str:
    text = outage().texts[message][locale].source.text
    aloud = samples.compiled_text(text, locale)
    return tidied("body", aloud.render("body", samples.story(outage())))


def kind(message: str) -> MessageKind:
    found = kind_of(outage().senders(message)[0].send)
    assert found is not None
    return found


def words(locale: str) -> Words:
    found = words_of(Workspace(), locale)
    assert found is not None
    return found


def missing(text: str, locale: str, kind: MessageKind, form: Form = "body") -> list[str]:
    remarks = elements.missing(text, locale, words(locale), kind=kind, form=form)
    return [remark.rule.removeprefix("missing-") for remark in remarks]


def without(text: str, marks: str) -> str:
    gone = re.compile("|".join(map(re.escape, marks.split("|"))))
    kept, last = [], 0
    for sentence in sentences(text):
        if gone.search(text, sentence.start, sentence.end):
            kept.append(text[last : sentence.start])
            last = sentence.end
    return "".join([*kept, text[last:]])


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("message", [*CARRIERS["en"], "internal-brief"])
def test_a_shipped_body_says_all_that_its_kind_must_say(message: str, locale: str) -> None:
    assert missing(body(message, locale), locale, kind(message)) == []


@pytest.mark.parametrize(("locale", "message", "element"), CASES)
def test_an_element_is_missed_when_its_sentences_are_deleted(
    locale: str, message: str, element: str
) -> None:
    text = body(message, locale)
    broken = without(text, CARRIERS[locale][message][element])

    assert broken != text
    assert element in missing(broken, locale, kind(message))


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "We are sorry if you were affected."),
        ("en", "If this caused you trouble, we apologise."),
        ("en", "Our apologies to anyone who may have been charged twice."),
        ("en", "We apologise for any inconvenience this may have caused."),
        ("fr", "Nous sommes désolés si vous avez été gênés."),
        ("fr", "Si cette panne vous a bloqués, nous vous présentons nos excuses."),
        ("fr", "Toutes nos excuses à ceux qui auraient pu être débités."),
        ("es", "Sentimos si esto le ha afectado."),
        ("es", "Si usted ha perdido un pedido, le pedimos disculpas."),
        ("es", "Pedimos perdón a quienes pudieran haber pagado dos veces."),
        ("tr", "Rahatsızlık verdiysek özür dileriz."),
        ("tr", "Bu durum sizi etkilediyse, çok üzgünüz."),
        ("tr", "Sizi kızdırdıysak özür dileriz."),
        ("tr", "Siparişinizi kaçırdıysanız, özür dileriz."),
        ("tr", "Olası aksaklıklar için özür dileriz."),
        ("ru", "Просим прощения, если вас это задело."),
        ("ru", "Если мы доставили неудобства, приносим извинения."),
        ("ru", "Просим прощения за возможные неудобства."),
    ],
)
def test_an_apology_with_an_if_is_found(locale: str, text: str) -> None:
    assert conditional_apologies(text, locale, words(locale))


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "We are sorry. If something is missing, write to us."),
        ("en", "If your order is late, write to us: we are sorry for the delay."),
        ("en", "We are sorry that someone may have seen your address."),
        ("en", "A customer wrote: “sorry if this is the wrong place”."),
        ("fr", "Nous sommes désolés d'avoir été si lents."),
        ("fr", "Nous sommes désolés. Si un article manque, écrivez-nous."),
        ("fr", "S'il manque un colis, écrivez-nous ; toutes nos excuses pour ce retard."),
        ("es", "Sentimos haber tardado tanto. Si falta algo, escríbanos."),
        ("es", "Sí, lo sentimos."),
        ("es", "Si falta algo, escríbanos y lo enviaremos; sentimos el error."),
        ("tr", "Herkesten özür dileriz."),
        ("tr", "Kısa sürede yanıt veremedik, özür dileriz."),
        ("tr", "Eksik varsa bize yazın. Özür dileriz."),
        ("ru", "Просим прощения. Если чего-то не хватает, напишите нам."),
        ("ru", "Если посылка не пришла, напишите нам: просим прощения за задержку."),
    ],
)
def test_an_apology_beside_an_if_is_whole(locale: str, text: str) -> None:
    assert conditional_apologies(text, locale, words(locale)) == []


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Next update by 19:40.", []),
        ("We will write again tomorrow at noon.", []),
        ("We will write again soon.", ["untimed-next-update"]),
        ("We will write again soon. Next update: 19:40.", []),
        ("Follow the news: https://shop.example/2026. We will report.", ["untimed-next-update"]),
        ("If that changes, we will tell you.", []),
        ("We are sorry.", []),
    ],
)
def test_a_promise_of_news_says_by_when(text: str, rules: list[str]) -> None:
    assert [remark.rule for remark in elements.untimed(text, "en", words("en"))] == rules


def test_a_promise_without_a_time_is_not_missed_as_well() -> None:
    text = "We will write again soon."

    assert "next-update" not in missing(text, "en", "update")
    assert "next-update" in missing("We are sorry.", "en", "update")


@pytest.mark.parametrize(
    ("text", "reachable"),
    [
        ("Write to help@shop.example.", True),
        ("Call 0800 123 456.", True),
        ("Call +33 1 23 45 67 89.", True),
        ("Reply to this message.", True),
        ("Contact us: https://shop.example/contact", True),
        ("Contact our support team.", False),
        ("It happened on 2026-11-27 at 19:40, and 27.11.2026 it was over.", False),
    ],
)
def test_a_contact_has_an_address_or_needs_none(text: str, reachable: bool) -> None:
    assert ("contact" in elements.stated(text, "en", words("en"))) is reachable


def test_what_a_customer_is_quoted_with_is_not_said_by_us() -> None:
    assert "apology" in missing("A customer wrote: “we are sorry, thank you”.", "en", "update")


@pytest.mark.parametrize("locale", LOCALES)
def test_a_short_text_needs_only_that_you_know_and_sorry_or_what_comes_next(locale: str) -> None:
    knows = {
        "en": "Our shop is down.",
        "fr": "Notre boutique est en panne.",
        "es": "Nuestra tienda no funciona.",
        "tr": "Sitemiz çalışmıyor.",
        "ru": "Наш магазин не работает.",
    }[locale]
    sorry = {
        "en": "Sorry.",
        "fr": "Désolés.",
        "es": "Lo sentimos.",
        "tr": "Özür dileriz.",
        "ru": "Просим прощения.",
    }[locale]

    assert missing(knows, locale, "holding", "short") == ["apology"]
    assert missing(sorry, locale, "holding", "short") == ["acknowledgement"]
    assert missing(f"{knows} {sorry}", locale, "holding", "short") == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("text", ["", "\n \n", "…", "??", "- \n- ", "(", "\0"])
def test_a_text_that_says_nothing_misses_everything(text: str, locale: str) -> None:
    assert len(missing(text, locale, "holding")) == 7


HONEST = [
    (
        "en",
        (
            "A batch of our rain jackets lets water in at the seams.",
            "We apologise to everyone who got wet.",
            "We stopped selling them on Monday and ordered new ones from the factory.",
            "Send your jacket back with the enclosed label; postage is on us.",
            "We will tell you by 12 December how long the exchange takes.",
            "For anything else, phone 020 7946 0000.",
            "Thank you for your reports.",
        ),
    ),
    (
        "en",
        (
            "Since this morning many reviews say that parcels arrive open.",
            "That should not have happened, and we are truly sorry.",
            "Three colleagues are going through every order packed on Saturday.",
            "If your parcel is incomplete, keep the box and send us a photo.",
            "You will hear from us again at 17:00 today.",
            "Our help desk answers at help@shop.example.",
            "We're grateful to all who spoke up.",
        ),
    ),
    (
        "fr",
        (
            "Un lot de nos vestes de pluie laisse passer l'eau aux coutures.",
            "Nous présentons nos excuses à celles et ceux qui ont été mouillés.",
            "Nous en avons arrêté la vente lundi et commandé de nouvelles pièces.",
            "Renvoyez votre veste avec l'étiquette jointe ; le port est à notre charge.",
            "Nous vous dirons avant le 12 décembre combien de temps prendra l'échange.",
            "Pour toute autre question, téléphonez au 01 23 45 67 89.",
            "Merci de vos signalements.",
        ),
    ),
    (
        "fr",
        (
            "Depuis ce matin, de nombreux avis disent que des colis arrivent ouverts.",
            "Cela n'aurait pas dû arriver, et nous vous demandons pardon.",
            "Trois collègues contrôlent chaque commande emballée samedi.",
            "S'il vous manque un article, conservez le carton et envoyez-nous une photo.",
            "Prochain message aujourd'hui à 17 h.",
            "Notre service client vous répond : aide@boutique.example.",
            "Nous remercions toutes les personnes qui ont pris la parole.",
        ),
    ),
    (
        "es",
        (
            "Un lote de nuestros chubasqueros deja pasar el agua por las costuras.",
            "Pedimos perdón a quienes se mojaron.",
            "El lunes paramos la venta y encargamos piezas nuevas a la fábrica.",
            "Devuelva su chubasquero con la etiqueta adjunta; el envío corre de nuestra cuenta.",
            "Antes del 12 de diciembre le diremos cuánto tarda el cambio.",
            "Para lo demás, llame al 912 345 678.",
            "Gracias por sus avisos.",
        ),
    ),
    (
        "es",
        (
            "Desde esta mañana muchas reseñas dicen que los paquetes llegan abiertos.",
            "No debió pasar y lo sentimos de verdad.",
            "Tres compañeros revisan cada pedido preparado el sábado.",
            "Si su paquete está incompleto, guarde la caja y mándenos una foto.",
            "Volveremos a escribir hoy a las 17:00.",
            "Atendemos en ayuda@tienda.example.",
            "Agradecemos a quienes alzaron la voz.",
        ),
    ),
    (
        "tr",
        (
            "Yağmurluklarımızın bir partisi dikiş yerlerinden su geçiriyor.",
            "Islanan herkesten özür dileriz.",
            "Satışı pazartesi günü durdurduk ve fabrikaya yenilerini sipariş ettik.",
            "Yağmurluğunuzu ekteki etiketle geri gönderin; kargo ücreti bizden.",
            "Değişimin ne kadar süreceğini 12 Aralık'a kadar bildireceğiz.",
            "Diğer sorularınız için 0212 555 01 23 numarasını arayın.",
            "Bildirimleriniz için teşekkür ederiz.",
        ),
    ),
    (
        "tr",
        (
            "Bu sabahtan beri birçok yorumda paketlerin açık geldiği yazıyor.",
            "Bu olmamalıydı, gerçekten üzgünüz.",
            "Üç arkadaşımız cumartesi paketlenen her siparişi gözden geçiriyor.",
            "Paketiniz eksikse kutuyu saklayın ve bize bir fotoğraf gönderin.",
            "Bugün saat 17:00'de yeniden yazacağız.",
            "Bize yardim@magaza.example adresinden ulaşın.",
            "Sesini duyuran herkese minnettarız.",
        ),
    ),
    (
        "ru",
        (
            "Партия наших дождевиков пропускает воду по швам.",
            "Приносим извинения всем, кто промок.",
            "В понедельник мы остановили продажу и заказали новые на фабрике.",
            "Отправьте дождевик обратно с вложенной наклейкой: доставку оплатим мы.",
            "До 12 декабря мы сообщим, сколько займёт обмен.",
            "По другим вопросам звоните: +7 495 123-45-67.",
            "Благодарим за сообщения.",
        ),
    ),
    (
        "ru",
        (
            "С утра во многих отзывах пишут, что посылки приходят открытыми.",
            "Так не должно было случиться, нам искренне жаль.",
            "Трое коллег проверяют каждый заказ, собранный в субботу.",
            "Если в посылке чего-то не хватает, сохраните коробку и пришлите нам фото.",
            "Следующее сообщение сегодня в 17:00.",
            "Наша поддержка отвечает: help@shop.example.",
            "Мы признательны всем, кто об этом написал.",
        ),
    ),
]


@pytest.mark.parametrize(("locale", "text"), HONEST)
def test_an_honest_text_in_other_words_misses_nothing(locale: str, text: tuple[str, ...]) -> None:
    assert missing("\n\n".join(text), locale, "holding") == []
