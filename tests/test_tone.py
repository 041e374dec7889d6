"""How a text sounds, in five languages: each listed phrase found, at its place, and no other."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from crisisctl.lint import choose, gather, run
from crisisctl.lint.subject import anatomy
from crisisctl.messages.proof import tone
from crisisctl.messages.proof.accusations import accusations
from crisisctl.messages.proof.match import first_words
from crisisctl.messages.proof.quotations import quotations
from crisisctl.messages.proof.words import load_words
from crisisctl.playbook.load import BadFile
from crisisctl.workspace import Workspace, shipped

HERE = Workspace()
LOCALES = ("en", "fr", "es", "tr", "ru")
RULES = ("minimise", "blame", "overpromise", "jargon", "evasive", "passive")
CHOICE = re.compile(r"\(([^()]*)\)(\?)?")


def lists(locale: str) -> tone.Tone:
    words = load_words(HERE, "tone", locale, tone.Tone)
    assert words is not None
    return words


def groups(locale: str) -> Iterator[tuple[str, tone.Group]]:
    for rule in RULES:
        for group in getattr(lists(locale), rule):
            yield rule, group


def phrases(locale: str) -> Iterator[tuple[str, str]]:
    for rule, group in groups(locale):
        for phrase in group.find:
            yield rule, phrase


def written(phrase: str) -> Iterator[str]:
    """Texts with that phrase: each variant of each choice once."""
    choices = [choice[1].split("|") for choice in CHOICE.finditer(phrase)]
    for number in range(max([1, *map(len, choices)])):
        yield filled(phrase, number)
    if ")?" in phrase:
        yield filled(CHOICE.sub(lambda choice: "" if choice[2] else choice[0], phrase), 0)


def filled(phrase: str, number: int) -> str:
    def chosen(choice: re.Match[str]) -> str:
        several = choice[1].split("|")
        return several[number % len(several)]

    text = re.sub(r"(?<!\S)\*(?!\S)", "xxx", CHOICE.sub(chosen, phrase)).replace("*", "")
    return " ".join(text.split())


def capitals(text: str, locale: str) -> str:
    return text.replace("i", "İ").upper() if locale == "tr" else text.upper()


def rules_at(text: str, start: int, locale: str) -> set[str]:
    found = tone.remarks(text, locale, HERE)
    return {r.rule.removeprefix("tone-") for r in found if r.start <= start < r.end}


def heard(text: str, locale: str) -> list[tuple[str, str]]:
    found = tone.remarks(text, locale, HERE)
    return [(r.rule.removeprefix("tone-"), text[r.start : r.end]) for r in found]


# The lists themselves


@pytest.mark.parametrize("locale", LOCALES)
def test_every_variant_of_every_phrase_is_found_in_any_case(locale: str) -> None:
    missed = [
        (rule, text)
        for rule, phrase in phrases(locale)
        for variant in written(phrase)
        for text in (variant, capitals(variant, locale), variant.replace(" ", "\u00a0\n"))
        if rule not in rules_at(f"Kestrel. {text}.", 9, locale)
    ]

    assert not missed


@pytest.mark.parametrize("locale", LOCALES)
def test_every_variant_is_found_with_its_accents_in_pieces(locale: str) -> None:
    missed = [
        (rule, text)
        for rule, phrase in phrases(locale)
        for text in written(unicodedata.normalize("NFD", phrase))
        if rule not in rules_at(f"Kestrel. {text}.", 9, locale)
    ]

    assert not missed


@pytest.mark.parametrize("locale", LOCALES)
def test_every_phrase_is_well_formed(locale: str) -> None:
    deny = lists(locale).negations
    more = [*deny.words, *deny.disclaimers, *deny.after, *deny.harmless, *deny.stops]
    but = [phrase for _, group in groups(locale) for phrase in group.but]
    for phrase in [*(p for _, p in phrases(locale)), *more, *deny.conjunctions, *but]:
        rest = CHOICE.sub("x", phrase)

        assert not set("()|?") & set(rest), phrase
        assert not re.search(r"\)\??[^\s?]|[^\s(]\(", phrase), phrase
        assert first_words(phrase, locale), phrase
        assert "||" not in phrase, phrase


@pytest.mark.parametrize("locale", LOCALES)
def test_no_phrase_stands_twice_under_a_rule(locale: str) -> None:
    listed = list(phrases(locale))

    assert sorted(set(listed)) == sorted(listed)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_better_wording_would_itself_pass(locale: str) -> None:
    for _, group in groups(locale):
        for start, end in quotations(group.better):
            wording = group.better[start + 1 : end - 1]

            assert not heard(wording, locale), wording


@pytest.mark.parametrize("locale", LOCALES)
def test_a_better_wording_is_in_the_language_of_the_text(locale: str) -> None:
    marks = {"en": '"', "fr": "« ", "es": "«", "tr": "“", "ru": "«"}
    for _, group in groups(locale):
        assert marks[locale] in group.better or locale == "fr"
        assert bool(re.search("[а-яё]", group.better)) == (locale == "ru")


# As the list was given, copied by hand

GIVEN = {
    ("en", "minimise"): """minor issue|small glitch|slight inconvenience|just a|a handful of
        only a small number|limited number of customers|isolated incident|brief interruption
        temporary hiccup|teething problems|some users may|nothing to worry about|no big deal
        overreacting|not as bad as|blip|any inconvenience caused""",
    ("en", "blame"): """you should have|you failed to|user error|customers who did not|your browser
        your device|because you|as clearly stated|as per our policy|our provider is to blame
        vendor's fault|beyond our control|not our fault|rogue employee|human error
        sorry if you feel|sorry you feel|you misread|trolls|competitors are behind""",
    ("en", "overpromise"): """never happen again|100% secure|we guarantee|completely safe
        fully resolved|in no time|within minutes|back to normal|no data was|impossible
        permanently fixed|we promise|zero risk|bulletproof|unhackable|rest assured
        as soon as possible|shortly|immediately""",
    ("en", "jargon"): """latency|failover|DDoS|DNS|BGP|5xx|503|API|backend|cluster|load balancer
        rollback|regression|cache invalidation|exfiltrated|threat actor|payload|node|upstream
        SQL injection|root cause analysis|degraded performance""",
    ("en", "evasive"): """no evidence|take this seriously|unfortunately|mistakes were made
        an issue was identified|abundance of caution|valued customer|regret any inconvenience
        come to our attention|was impacted|may have been accessed|unauthorized third party
        sophisticated attack|at this time|aware of reports|technical difficulties
        experiencing issues|certain information|industry-standard|we strive""",
    ("fr", "minimise"): """petit souci|léger désagrément|simple bug|incident mineur|incident isolé
        un petit nombre de|quelques clients|une poignée de|perturbation passagère|bref incident
        rien de grave|pas d'inquiétude|il ne s'agit que|juste un|gêne occasionnée
        ralentissement ponctuel|désagrément temporaire|sans gravité""",
    ("fr", "overpromise"): """ne se reproduira plus|plus jamais|100 % sécurisé|nous garantissons
        totalement sûr|entièrement résolu|définitivement réglé|dans quelques minutes
        très rapidement|dans les plus brefs délais|immédiatement|aucune donnée n'a|impossible que
        rentré dans l'ordre|sans aucun risque|nous vous promettons|soyez assurés|infaillible""",
    ("fr", "jargon"): """latence|basculement|DDoS|DNS|API|back-end|cluster|répartiteur de charge
        rollback|régression|purge du cache|exfiltration|charge utile|nœud|RCA|RTO|RPO|infogérance
        erreur 503|injection SQL|mode dégradé|PRA""",
    ("es", "blame"): """debería haber|deberías haber|usted no|error del usuario|error suyo
        su navegador|tu dispositivo|como se indica claramente|según nuestra política
        responsabilidad del cliente|culpa de nuestro proveedor|el proveedor es responsable
        ajeno a nuestra voluntad|fuerza mayor|error humano|un empleado|si se ha sentido
        lo ha entendido mal|malentendido por su parte""",
    ("es", "evasive"): """no hay evidencia|no hay indicios|muy en serio|lamentablemente
        desafortunadamente|se cometieron errores|se ha detectado una incidencia|por precaución
        lamentamos las molestias|hemos tenido conocimiento|podrían haberse visto
        tercero no autorizado|ataque sofisticado|en estos momentos|dificultades técnicas
        ciertos datos|estimado cliente|estamos trabajando en ello|cumplimos los estándares""",
    ("tr", "overpromise"): """bir daha asla|bir daha yaşanmayacak|%100 güvenli|yüzde yüz
        garanti ediyoruz|tamamen güvenli|tamamen çözüldü|kesin olarak çözüldü|birkaç dakika içinde
        en kısa sürede|en kısa zamanda|hemen|hiçbir veri|imkânsız|imkansız|her şey normale
        risk yok|söz veriyoruz|içiniz rahat olsun|müsterih""",
    ("tr", "minimise"): """küçük bir sorun|ufak bir aksaklık|önemsiz|basit bir hata|münferit
        az sayıda müşteri|birkaç müşteri|sınırlı sayıda|kısa süreli kesinti|geçici bir aksaklık
        endişelenecek bir şey yok|abartmayın|büyütülecek|sadece bir|yalnızca küçük|ciddi değil
        ufak tefek|yaşanan rahatsızlık""",
    ("tr", "passive"): """hatalar yapıldı|tespit edildi|etkilenmiştir|belirlenmiştir|keşfedildi
        incelenmektedir|önlemler alındı|alınmaktadır|erişilmiştir|ifşa edildi|karar verildi
        iptal edildi|hata oluştu|erişim sağlandı|bilgilendirileceksiniz|giderilmiştir
        çözülmüştür|yürütülmektedir""",
    ("ru", "blame"): """вам следовало|вы должны были|ошибка пользователя|по вашей вине|ваш браузер
        ваше устройство|как ясно указано|согласно нашим правилам|ответственность клиента
        по вине подрядчика|вина хостинга|не по нашей вине|независящим от нас|форс-мажор
        человеческий фактор|наш сотрудник|вы неправильно поняли|если вас это обидело
        недоброжелатели|заказные отзывы""",
    ("ru", "overpromise"): """больше никогда|не повторится|на 100 %|стопроцентно|гарантируем
        полностью безопасно|полностью устранён|раз и навсегда|нескольких минут|в ближайшее время
        в кратчайшие сроки|немедленно|никакие данные|невозможно|в штатном режиме
        без какого-либо риска|обещаем|можете не сомневаться|абсолютно""",
    ("ru", "evasive"): """нет доказательств|не выявлено признаков|серьезно относимся|к сожалению
        были допущены|была обнаружена|меры предосторожности|извинения за неудобства
        нам стало известно|могли быть затронуты|неустановленные лица|изощренная атака
        на данный момент|технические неполадки|технические работы|некоторые данные
        уважаемый клиент|принимаются все необходимые меры|ведутся работы
        соответствует стандартам""",
}
GIVEN_ROWS = [
    pytest.param(locale, rule, text.strip(), id=f"{locale}-{rule}-{text.strip()}")
    for (locale, rule), listed in GIVEN.items()
    for text in re.split(r"[|\n]", listed)
]


@pytest.mark.parametrize(("locale", "rule", "text"), GIVEN_ROWS)
def test_a_given_phrase_is_found_at_its_place_in_small_letters_and_capitals(
    locale: str, rule: str, text: str
) -> None:
    for shown in (text, capitals(text, locale)):
        whole = f"Kestrel: {shown}, …"
        (remark, *_) = [r for r in tone.remarks(whole, locale, HERE) if r.rule == f"tone-{rule}"]

        assert remark.start == 9
        assert f'"{shown}"' in remark.text
        assert remark.hint.startswith("better: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The chicken crossed the road: teething problems.", ("minimise", "teething problems")),
        ("We made some small changes to our site.", ("minimise", "some small changes")),
        ("We apologise for any inconvenience.", ("minimise", "any inconvenience")),
        (
            "There is no evidence that this data has been shared.",
            ("evasive", "no evidence"),
        ),
        ("Due to the sophisticated nature of it.", ("evasive", "sophisticated nature")),
        ("There is no evidence of fraud.", ("evasive", "no evidence")),
    ],
)
def test_what_known_firms_should_not_have_said_is_found(
    text: str, expected: tuple[str, str]
) -> None:
    assert expected in heard(text, "en")


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        (
            "fr",
            "Deux petits soucis et des incidents isolés.",
            ["petits soucis", "incidents isolés"],
        ),
        ("fr", "Soyez assurées : résolu définitivement.", ["Soyez assurées"]),
        ("es", "Los nodos. Molestias causadas.", ["Molestias causadas", "nodos"]),
        ("tr", "Ufak bir aksaklığı büyütülecek yapmayın.", ["Ufak bir aksaklığı", "büyütülecek"]),
        ("tr", "API'si ve DNS’e", ["API", "DNS"]),
        ("ru", "О мелких сбоях и горстке жалоб.", ["горстке", "мелких сбоях"]),
        ("ru", "Упали ноды кластера по вине хостера.", ["кластера", "ноды", "по вине хостера"]),
    ],
)
def test_a_phrase_is_found_in_its_other_forms(locale: str, text: str, expected: list[str]) -> None:
    assert sorted((words for _, words in heard(text, locale)), key=str.casefold) == sorted(
        expected, key=str.casefold
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_a_better_wording_belongs_to_the_phrase(locale: str) -> None:
    text = {
        "en": "as soon as possible",
        "fr": "dans les plus brefs délais",
        "es": "lo antes posible",
        "tr": "en kısa sürede",
        "ru": "в ближайшее время",
    }[locale]
    (remark,) = tone.remarks(text, locale, HERE)

    assert re.search(r"21[ :.]?(h )?30", remark.hint)


# What must not be found

FINE = {
    "en": """Nobody can promise that it will never happen again.
We cannot promise that everything is back to normal.
We never promised that it would never happen again.
This is not a minor issue.
It was not your fault, and it is not your browser.
We did not take this seriously enough.
We do not know whether it was human error.
It is not fully resolved yet.
This did not happen because you did something wrong.
You can no longer order, just as you say.
Please do not order again immediately.
Change your password immediately.
It is impossible to pay.
You should have received an e-mail.
You get this message because you ordered from us.
Please reload the page in your browser.
You wrote: “You failed to answer within minutes.”
503 customers were charged twice, 1,503 EUR in all.
Call +33 503 12 or write to api@kestrel.example.
Follow https://status.kestrel.example/api/dns or dns.kestrel.example.
The fault was discovered by our team.
Not all of you, a nodding acquaintance, rapid help, capital.""",
    "fr": """Personne ne peut promettre que cela ne se reproduira plus.
Nous ne pouvons pas garantir que tout est rentré dans l’ordre.
Nous ne garantissons pas que tout marche.
Nous n’avons jamais promis que ce serait réglé immédiatement.
Ce n'est pas un petit souci.
Ce n’est pas votre faute ni une erreur de votre part.
Nous n’avons pas pris cela assez au sérieux.
Si vous n’avez pas reçu de confirmation, écrivez-nous.
Vous n’avez pas pu commander.
Vous auriez dû recevoir un courriel.
Changez votre mot de passe immédiatement.
En pratique, le rapide capitaine est là, c'est juste.
« Vous auriez dû nous le dire très rapidement », écrit une cliente.
La panne a été découverte par notre équipe.""",
    "es": """Nadie puede prometer que no volverá a ocurrir.
No podemos prometer que todo haya vuelto a la normalidad.
No garantizamos que todo funcione.
No es un pequeño problema.
No es culpa suya.
Usted no tiene que hacer nada.
Debería haber recibido un correo.
Puede usarlo solo una vez.
Cambie su contraseña de inmediato.
Rápido y con papel, de modo sencillo.
Uno de nuestros empleados le llamará.
«No es para tanto», nos escriben.""",
    "tr": """Bu hata sizin hatanız değil.
Bir daha yaşanmayacak diyemeyiz.
Bir daha asla olmayacağına söz veremeyiz.
Garanti edemeyiz.
Tamamen çözülmedi.
Bu küçük bir sorun değil.
Bunu yeterince ciddiye almadık.
Parolanızı hemen değiştirin.
Kodunuzu sadece bir kez kullanabilirsiniz.
Hemen hemen herkes ödeme yapabiliyor.
Yapı sağlam, kapıyı açtık, rapid.
Bir çalışanımız sizi arayacak.
“Abartmayın” diye yazan olmadı.""",
    "ru": """Никто не может обещать, что это больше никогда не повторится.
Мы не гарантируем этого.
Мы не можем обещать, что всё полностью исправлено.
Это не мелкий сбой.
Это не ваша ошибка.
Это не ошибка пользователя.
Немедленно смените пароль.
Сейчас невозможно оплатить заказ.
Вы должны были получить письмо.
Наш сотрудник перезвонит вам.
Мы отнеслись к этому недостаточно внимательно.
«Ничего страшного», — пишут нам.
Народ, необещаем, команда.""",
}
FINE_ROWS = [(locale, text) for locale, texts in FINE.items() for text in texts.splitlines()]


@pytest.mark.parametrize(("locale", "text"), FINE_ROWS)
def test_what_is_denied_quoted_needed_or_only_similar_is_left_alone(locale: str, text: str) -> None:
    assert not heard(text, locale)


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        ("en", "We are not sure, but rest assured.", "rest assured"),
        ("en", "We are not sure but rest assured.", "rest assured"),
        ("en", "We do not know why. We guarantee it.", "We guarantee"),
        ("en", "What did not work this morning at nine is fully resolved.", "fully resolved"),
        ("en", "Nobody lost money: a minor issue.", "minor issue"),
        ("en", "Nobody knew - it will never happen again.", "will never happen again"),
        ("en", "We have no doubt that it is completely safe.", "completely safe"),
        ("en", "It is not only completely safe.", "completely safe"),
        ("en", "It is not down and we promise that.", "we promise"),
        ("en", "You do not pay again\n\nimmediately", "immediately"),
        ("en", "We do not {{ x }} wait\n- immediately", "immediately"),
        ("en", "There is no reason to overreact.", "overreact"),
        ("en", "We cannot answer at this time.", "at this time"),
        ("en", "You cannot pay because you use an old one.", "because you"),
        ("fr", "Nous ne savons pas, mais soyez assurés.", "soyez assurés"),
        ("fr", "Il n’y a pas de doute que c’est totalement sûr.", "totalement sûr"),
        ("es", "No sabemos la causa, pero garantizamos eso.", "garantizamos"),
        ("es", "No hay duda de que es totalmente seguro.", "totalmente seguro"),
        ("tr", "Sizin hatanız, bizim değil.", "Sizin hatanız"),
        ("tr", "Sizin hatanız. Sorun değil.", "Sizin hatanız"),
        ("tr", "Abartılacak bir şey değil.", "Abartılacak"),
        ("ru", "Мы не знаем причину, но обещаем всё починить.", "обещаем"),
        ("ru", "Мы не знаем, обещаем лишь одно.", "обещаем"),
    ],
)
def test_a_negation_in_another_thought_excuses_nothing(
    locale: str, text: str, expected: str
) -> None:
    assert expected in [words for _, words in heard(text, locale)]


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Mistakes were made by us.", "en"),
        ("Des erreurs ont été commises par nous.", "fr"),
        ("Fueron descubiertas por nuestro equipo.", "es"),
        ("Ekibimiz tarafından iptal edildi.", "tr"),
        ("Нами было обнаружено это.", "ru"),
    ],
)
def test_a_passive_that_names_who_did_it_is_no_riddle(text: str, locale: str) -> None:
    assert "passive" not in dict(heard(text, locale))


def test_a_passive_with_a_time_names_nobody() -> None:
    assert heard("You will be notified by Friday.", "en") == [("passive", "will be notified")]


# Places


def test_places_are_those_of_the_text_as_written() -> None:
    text = unicodedata.normalize("NFD", "Désolés, dans les plus brefs\n délais, été.")
    (remark,) = tone.remarks(text, "fr", HERE)

    assert unicodedata.normalize("NFC", text[remark.start : remark.end]) == (
        "dans les plus brefs\n délais"
    )
    assert "brefs de" in remark.text


def test_remarks_stand_in_order_and_the_longest_phrase_once() -> None:
    text = "shortly, no evidence; we take it very seriously; shortly"
    found = tone.remarks(text, "en", HERE)

    assert [text[r.start : r.end] for r in found] == [
        "shortly",
        "no evidence",
        "take it very seriously",
        "shortly",
    ]


def test_one_phrase_may_break_two_rules() -> None:
    assert [rule for rule, _ in heard("Mistakes were made.", "en")] == ["evasive", "passive"]


def test_words_in_a_printed_value_count_and_other_tags_do_not() -> None:
    text = (
        "{% if x == 'shortly' %}{{ 'shortly' }}{% endif %}{# shortly #}as soon {{ x }} as possible"
    )
    found = tone.remarks(anatomy(text).prose, "en", HERE)

    assert [r.start for r in found] == [text.index("{{ 'sh") + 4]


# Lists


def test_the_shipped_texts_are_clean() -> None:
    texts = sorted(shipped("templates").glob("*/*.j2"))
    texts = [path for path in texts if path.parent.name != "layouts"]

    assert texts
    for path in texts:
        prose = anatomy(path.read_text(encoding="utf-8")).prose
        locale = path.name.split(".")[1]
        about = [r for r in tone.remarks(prose, locale, HERE) if r.rule != "tone-jargon"]
        assert not [(path.name, r.text) for r in about]


def test_a_workspace_may_shadow_a_list(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "words" / "tone.en.yaml"
    own.parent.mkdir(parents=True)
    empty = "".join(f"{rule}: []\n" for rule in RULES[1:])
    own.write_text(f"minimise:\n  - {{find: [bagatelle], better: none}}\n{empty}", "utf-8")

    found = tone.remarks("A minor issue, a bagatelle.", "en", Workspace(tmp_path))

    assert [r.text for r in found] == ['"bagatelle" makes it sound small']
    assert tone.remarks("petit souci", "fr", Workspace(tmp_path))


def test_a_broken_list_is_refused_with_its_place(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "words" / "tone.en.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("minimise: 3\n", "utf-8")

    with pytest.raises(BadFile, match=r"tone\.en\.yaml:1:11"):
        tone.remarks("shortly", "en", Workspace(tmp_path))


def test_a_broken_list_stops_no_linter(tmp_path: Path) -> None:
    shutil.copytree(Path(__file__).parent / "lint/bad/tone-minimise--own-list", tmp_path / "shop")
    (tmp_path / "shop/templates/words/tone.en.yaml").write_text("minimise: 3\n", "utf-8")
    choice = run.Choice(choose.chosen(["tone-minimise"], []), date(2026, 11, 27))

    result = run.lint(gather.gathered([tmp_path / "shop"], tmp_path)[0], choice)

    assert ["tone.en.yaml" in unread.text for unread in result.unread] == [True]


def test_a_language_is_judged_in_every_country_and_an_unknown_one_not_at_all() -> None:
    assert tone.remarks("très rapidement", "fr-CA", HERE)
    assert not tone.remarks("so schnell wie möglich", "de", HERE)


# Hostile texts: that these end at all is the test.


@pytest.mark.parametrize("locale", LOCALES)
def test_a_hundred_thousand_near_misses_come_to_an_end(locale: str) -> None:
    nearly = [text[:-1] for _, phrase in phrases(locale) for text in written(phrase)]
    text = " ".join(nearly)
    text = text * (100_000 // len(text) + 1)

    tone.remarks(text, locale, HERE)


@pytest.mark.parametrize(
    "piece",
    ["not ", "shortly ", "take ", "as soon as ", "“shortly ", "no doubt ", "% ", "\0 ", "ı"],
)
def test_a_hundred_thousand_of_the_same_come_to_an_end(piece: str) -> None:
    for locale in ("en", "tr"):
        tone.remarks(piece * (100_000 // len(piece)), locale, HERE)


# Blame as people write it


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("blame", "Some of you entered their card number incorrectly and caused errors."),
        ("blame", "Some of you have entered your payment details wrongly."),
        ("blame", "Many customers entered a wrong card number."),
        ("blame", "The errors were caused by customers."),
        ("blame", "You mistyped your card number."),
        ("blame", "A few customers made mistakes when typing their address."),
        ("blame", "Some of you caused errors on our page."),
        ("blame", "An employee made a mistake."),
        ("blame", "One of our employees made a mistake."),
        ("blame", "A technician accidentally deleted your orders."),
        ("blame", "It was the mistake of one of our engineers."),
        ("blame", "A staff member forgot to renew the certificate."),
        ("overpromise", "Your data is fully protected."),
        ("blame", "A few of you typed the wrong number."),
        ("blame", "Quite a few of you made a typo."),
        ("blame", "Customers gave incorrect card details."),
        ("blame", "A member of staff made a serious error."),
        ("blame", "The outage was caused by an employee's mistake."),
        ("blame", "One of our engineers accidentally switched off the page."),
    ],
)
def test_blame_and_comfort_in_whole_sentences_is_found(rule: str, text: str) -> None:
    assert rule in dict(heard(text, "en"))


@pytest.mark.parametrize(
    "text",
    [
        "If your card number was entered incorrectly, you can correct it.",
        "If you entered your card number incorrectly, you can correct it here.",
        "If some of you entered a wrong number, you can correct it here.",
        "Please check the number on your card.",
        "Our page wrongly told some of you that you entered a wrong card number.",
        "Some of you entered your card number and were wrongly charged twice.",
        "If you made a mistake in your order, write to us.",
        "We entered your address incorrectly and have corrected it.",
        "We are sorry for the errors that we caused you.",
        "You made the right choice.",
        "Our page refused some of the card numbers that you entered.",
        "Our supplier told us at 20:05.",
        "We let you down, and we are sorry.",
        "Our engineers made a copy of all orders.",
        "We made a mistake.",
        "An employee noticed the fault at 20:09.",
        "Our technicians found the error at 20:40.",
        "We cannot say that your data is fully protected.",
        "We have passed your question to our support team.",
        "We never pass your posts to our lawyers.",
        "We read all reviews, good and bad.",
        "Thank you for your critical comments; they helped us.",
        "We have taken the delivery fee off your order.",
        "Our lawyers are reviewing the contract with our supplier.",
        "Beware of fake posts in our name.",
        "You made no mistake.",
        "You gave us the number of your order, thank you.",
        "You may have typed an old address; our page does not tell you, and we are changing that.",
        "We sent some customers the wrong parcel.",
        "Customers made 1,400 orders last night, and all are there.",
        "You submitted your order twice because our page did not answer.",
        "Our colleagues made a list of all orders.",
        "The error by which you were charged twice is repaired.",
        "Our bank has confirmed the refunds.",
        "We forgot to tell you.",
        "A colleague will call you by 18:00.",
        "Your review was right: our parcels were late.",
        "We have passed your complaint on to our carrier.",
        "You can also talk to your lawyer.",
        "Please delete the wrong file that we sent you.",
    ],
)
def test_an_honest_sentence_close_to_blame_is_left_alone(text: str) -> None:
    assert not heard(text, "en")


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "Our host has left us stranded."),
        ("en", "Last night Acme dropped the ball."),
        ("fr", "Notre prestataire nous a fait faux bond."),
        ("fr", "OVH nous a faussé compagnie."),
        ("es", "Nuestro proveedor nos dejó en la estacada."),
        ("es", "Esta noche Seur nos ha abandonado."),
        ("tr", "Kargo şirketi bizi yüzüstü bıraktı."),
        ("ru", "Наш подрядчик нас подвёл."),
    ],
)
def test_a_supplier_or_a_name_that_let_us_down_is_blamed(locale: str, text: str) -> None:
    assert accusations(text, locale, HERE, frozenset())


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "Our host told us at 20:05."),
        ("en", "We left you stranded, and we are sorry."),
        ("fr", "Notre prestataire nous a prévenus à 20 h 05."),
        ("fr", "Nous vous avons fait faux bond."),
        ("es", "Nuestro proveedor nos avisó a las 20:05."),
        ("es", "Le hemos dejado en la estacada y lo sentimos."),
        ("tr", "Tedarikçimiz bize haber verdi."),
        ("ru", "Подрядчик предупредил нас в 20:05."),
    ],
)
def test_a_supplier_that_only_did_something_is_not_blamed(locale: str, text: str) -> None:
    assert not accusations(text, locale, HERE, frozenset())
    assert not heard(text, locale)
