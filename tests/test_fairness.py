"""What is fair in a text and what is not, in five languages, and how quickly that is known."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crisisctl.messages.proof import breach, fairness
from crisisctl.messages.proof.marketing import advertising, marketing_words
from crisisctl.messages.proof.reading import LOCALES, fairness_words, telling
from crisisctl.messages.proof.remark import Remark
from crisisctl.workspace import Workspace

HOME = Workspace()
CHECKS = {
    "reward": fairness.review_reward,
    "request": fairness.review_request,
    "threat": fairness.legal_threat,
    "waiver": fairness.waiver,
    "unequal": fairness.unequal_remedy,
}


def told(check: str, locale: str, text: str, *, guide: bool = False) -> list[str]:
    words = fairness_words(HOME, locale)
    assert words is not None
    return [text[r.start : r.end] for r in CHECKS[check](text, locale, words, guide=guide)]


UNFAIR = [
    ("reward", "en", "Change your review and you get a 10 € voucher."),
    ("reward", "en", "Please remove your post. We will then refund you."),
    ("reward", "en", "Leave us a 5-star review on Google and get 10 % off."),
    ("reward", "en", "You get 20% off in exchange for a review."),
    ("reward", "en", "As a thank-you for your review you get a gift card."),
    ("reward", "en", "No refund until you have removed your review."),
    ("reward", "en", "If you do not delete your review, you lose the voucher."),
    ("reward", "en", "Don't forget to leave a review and get 10% off."),
    ("reward", "en", "Here is \ue000\x00\x00\x00\x00 for you.\n\nWould you update your rating?"),
    (
        "reward",
        "en",
        "It does not depend on what you write, but if you delete your review you get a discount.",
    ),
    ("reward", "en", "Once the review is removed we refund the order."),
    ("reward", "fr", "Supprimez votre avis et nous vous remboursons."),
    ("reward", "fr", "Un bon d’achat en échange d’un avis positif."),
    ("reward", "fr", "Nous vous offrons 10 % si vous modifiez votre commentaire."),
    ("reward", "fr", "N’hésitez pas à modifier votre avis : une remise vous attend."),
    ("reward", "es", "Le devolvemos el dinero si retira su reseña."),
    ("reward", "es", "Un cupón a cambio de una reseña positiva."),
    ("reward", "es", "Deje su opinión y reciba un 10 % de descuento."),
    ("reward", "tr", "Yorumunuzu silerseniz paranızı iade ederiz."),
    ("reward", "tr", "Yorum karşılığında 100 TL hediye çeki."),
    ("reward", "tr", "YORUMUNUZU DEĞİŞTİRİN, %10 İNDİRİM KAZANIN."),
    ("reward", "tr", "Bize 5 yıldız verin, indirim kazanın."),
    ("reward", "ru", "Удалите отзыв, и мы вернём деньги."),
    ("reward", "ru", "Скидка 10 % за отзыв."),
    ("reward", "ru", "Если вы измените оценку, получите купон."),
    ("request", "en", "We have repaired it. Please update your review."),
    ("request", "en", "Feel free to change your rating."),
    ("request", "fr", "Pourriez-vous modifier votre avis ?"),
    ("request", "es", "¿Podría cambiar su reseña?"),
    ("request", "tr", "Yorumunuzu güncellemenizi rica ederiz."),
    ("request", "tr", "Yorumunuzu güncelleyebilir misiniz?"),
    ("request", "ru", "Пожалуйста, измените отзыв."),
    ("request", "ru", "Просим вас исправить вашу оценку."),
    ("threat", "en", "Remove it, or you will hear from our lawyers."),
    ("threat", "en", "Your review is defamatory. We reserve the right to take legal action."),
    ("threat", "fr", "Vos propos sont diffamatoires."),
    ("threat", "fr", "Retirez votre avis, sinon nous saisirons nos avocats."),
    ("threat", "es", "Su reseña es falsa y tomaremos acciones legales."),
    ("threat", "tr", "Yorumunuz hakaret içeriyor; yasal işlem başlatacağız."),
    ("threat", "ru", "Ваш отзыв — клевета, мы обратимся в суд."),
    ("threat", "ru", "Наши юристы изучат ваш отзыв и подадут иск."),
    ("waiver", "en", "By accepting the voucher you waive all claims."),
    ("waiver", "en", "You agree not to speak about it."),
    ("waiver", "fr", "En acceptant ce bon, vous renoncez à toute réclamation."),
    ("waiver", "es", "Al aceptar el vale, usted renuncia a reclamar."),
    ("waiver", "tr", "Çeki kabul ederek tüm haklarınızdan vazgeçersiniz."),
    ("waiver", "ru", "Принимая подарок, вы отказываетесь от претензий."),
    ("unequal", "en", "A voucher for those who complained."),
    (
        "reward",
        "en",
        "We’d love to make it right: a €15 credit is waiting once your review reflects that.",
    ),
    ("reward", "en", "Send us a screenshot of your five-star rating and we’ll pay you 5 €."),
    ("reward", "en", "In exchange for removing your comment, we will refund you."),
    ("reward", "en", "Raise your rating to 5 stars to get your discount code."),
    ("reward", "fr", "Pour vous remercier de votre avis, voici un code promo."),
    ("reward", "fr", "Laissez-nous 5 étoiles et recevez un cadeau."),
    ("reward", "fr", "Le remboursement sera fait dès que votre avis sera supprimé."),
    ("reward", "es", "Le haremos el reembolso en cuanto elimine su comentario."),
    ("reward", "es", "Vale de 10 € por una reseña en Google."),
    ("reward", "es", "Si su reseña desaparece, le regalamos un vale."),
    ("reward", "tr", "Google’da 5 yıldızlı yorum yapın, %20 indirim kazanın."),
    ("reward", "tr", "Yorumunuzu kaldırmanız halinde paranızı iade edeceğiz."),
    ("reward", "tr", "Yorumunuzu silmezseniz iade yapmayız."),
    ("reward", "ru", "Поставьте пять звёзд и получите промокод."),
    ("reward", "ru", "Вернём деньги, если уберёте отзыв."),
    ("reward", "ru", "Дарим 500 рублей за положительный отзыв!"),
    ("reward", "ru", "Как только отзыв будет удалён, мы сделаем возврат."),
    ("request", "en", "Would you mind removing your post?"),
    ("request", "en", "Kindly consider revising your rating."),
    ("request", "fr", "Merci de retirer votre publication."),
    ("request", "es", "Le rogamos que elimine su comentario."),
    ("request", "tr", "Lütfen yorumunuzu silin."),
    ("request", "ru", "Будем благодарны, если вы удалите свой отзыв."),
    ("threat", "en", "If you post this again we will sue you."),
    ("threat", "en", "What you wrote is slander."),
    ("threat", "fr", "Nous engagerons des poursuites si votre avis reste en ligne."),
    ("threat", "es", "Lo que ha escrito es difamación y lo llevaremos a los tribunales."),
    ("threat", "tr", "Hakkınızda suç duyurusunda bulunacağız."),
    ("threat", "ru", "За такой отзыв мы привлечём вас к ответственности."),
    ("waiver", "en", "The refund is in full and final settlement."),
    ("waiver", "en", "Please keep this confidential."),
    ("waiver", "fr", "Ce geste vaut solde de tout compte."),
    ("waiver", "es", "Firme un acuerdo de confidencialidad."),
    ("waiver", "tr", "Bu konuda sessiz kalmanız şartıyla."),
    ("waiver", "ru", "Подпишите соглашение о неразглашении."),
    ("threat", "en", "We have passed your posts to our lawyers."),
    ("threat", "en", "Our lawyers are studying this."),
    (
        "reward",
        "en",
        "Please take down your negative posts; as a thank-you, a promo code will be sent to you.",
    ),
    ("reward", "en", "Kindly remove your critical comments. We will send you a voucher."),
    ("request", "en", "Please take down your negative posts."),
]
FAIR = [
    ("reward", "en", "Thank you for your review. We have refunded your order."),
    ("reward", "en", "We read your review and have refunded the 20 €."),
    (
        "reward",
        "en",
        "You get 10 % off. It does not depend on your review, and you need not change it.",
    ),
    ("reward", "en", "We removed your comment by mistake. We are sorry; here is a voucher."),
    ("reward", "en", "We will update this post every hour. Refunds take three days."),
    ("reward", "en", "The gift is yours whether or not you change your review."),
    ("reward", "fr", "Si vous changez d’avis, nous vous remboursons."),
    ("reward", "fr", "Merci pour votre avis. Nous vous avons remboursé."),
    ("reward", "fr", "Ce geste ne dépend pas de votre avis."),
    ("reward", "es", "Si cambia de opinión, le devolvemos el dinero."),
    ("reward", "es", "Gracias por su reseña. Le hemos reembolsado el pedido."),
    ("reward", "tr", "Yorumunuz için teşekkür ederiz. Ödemenizi iade ettik."),
    ("reward", "tr", "Yorumunuz yanlışlıkla silindi. Paranızı iade ettik."),
    ("reward", "tr", "Bu hediye için yorumunuzu değiştirmenizi istemiyoruz."),
    ("reward", "ru", "Спасибо за отзыв. Мы вернули деньги."),
    ("reward", "ru", "Скидка не зависит от того, измените ли вы отзыв."),
    ("request", "en", "We removed your review by mistake and have put it back."),
    ("request", "en", "You do not need to change your review."),
    ("request", "fr", "Nous allons supprimer votre commentaire, car il contient une adresse."),
    ("request", "tr", "Yorumunuz yanlışlıkla silindi."),
    ("request", "ru", "Площадка может удалить ваш отзыв."),
    ("threat", "en", "We have informed the police and the data protection authority."),
    ("threat", "en", "You can take this to court or to the ombudsman; your complaint stays open."),
    ("threat", "fr", "Nous avons porté plainte."),
    ("threat", "es", "Puede acudir a los tribunales; su reclamación sigue abierta."),
    ("threat", "ru", "Мы обратились в полицию."),
    ("threat", "en", "Thank you for your review. We have repaired the court shoes."),
    ("waiver", "en", "You waive nothing. It does not replace your rights."),
    ("waiver", "en", "You do not give up any right."),
    ("waiver", "en", "You get it without waiving your rights or giving up any claim."),
    ("waiver", "fr", "Vous ne renoncez à aucun droit."),
    ("waiver", "es", "No renuncia a ningún derecho."),
    ("waiver", "tr", "Hiçbir haklarınızdan vazgeçmiş olmazsınız."),
    ("waiver", "ru", "Вы не отказываетесь от претензий."),
    ("threat", "en", "We have passed your question to our support team."),
    ("threat", "en", "We never pass your posts to our lawyers."),
    ("threat", "en", "Our lawyers are reviewing the contract with our supplier."),
    ("reward", "en", "Thank you for your critical comments; they helped us."),
    ("request", "en", "We read your negative posts, and they helped us."),
]
BAD_GUIDES = [
    ("reward", "en", "Offer a 20 % voucher to anyone who changes their review."),
    ("reward", "en", "Voucher for a changed review"),
    ("reward", "en", "Refund first, then ask whether they would update the review."),
    ("request", "en", "Ask the author to take down the post."),
    ("request", "fr", "Demandez au client de supprimer son avis."),
    ("request", "ru", "Попросите автора удалить отзыв."),
    ("request", "tr", "Müşteriden yorumunu silmesini isteyin."),
    ("request", "es", "Pida al cliente que retire su reseña."),
    ("threat", "en", "Tell reviewers that we press charges."),
]
GOOD_GUIDES = [
    (
        "reward",
        "en",
        "Same harm, same remedy, whether people complained, posted, or said nothing.\n"
        "Never in return for a review, a deleted post or a waived claim. No big gifts.",
    ),
    (
        "waiver",
        "en",
        "Never in return for a review, a deleted post or a waived claim.",
    ),
    ("reward", "en", "Never offer a refund if they remove the review."),
    (
        "reward",
        "en",
        "Customers write reviews when they are angry. A refund solves more than words.",
    ),
    ("reward", "en", "Platforms remove reviews that were paid with a gift."),
    ("request", "en", "Never ask anyone to change or remove a review."),
    ("request", "fr", "Ne demandez jamais de modifier un avis."),
    ("request", "tr", "Kimseden yorumunu silmesini istemeyin."),
    ("request", "ru", "Никогда не просите удалить отзыв."),
    ("threat", "en", "Never threaten a reviewer with lawyers or court."),
    ("threat", "en", "Legal reads it, the commander approves it."),
    ("threat", "en", "Our legal team reads replies to reviews before they go out."),
    (
        "unequal",
        "en",
        "From logs and payments, not from complaints: those who kept silent count as well.",
    ),
]

REPLIES = [
    (
        "en",
        "Thank you for telling us. Your order arrived broken; we have refunded 24.90 € "
        "today and sent a new one.",
    ),
    (
        "en",
        "We are sorry you had to write such a review. We have refunded your order. If "
        "anything is still wrong, reply to our message.",
    ),
    (
        "en",
        "We have changed the way we pack glass since your review, and we have sent your "
        "money back.",
    ),
    ("en", "You get free delivery for 30 days. Share your new address with us by e-mail."),
    (
        "en",
        "Your complaint was passed to our partner; they will compensate you. You can "
        "also go to court.",
    ),
    ("en", "We publish all reviews, good and bad, and give no discount for them."),
    ("en", "Your rating helps other customers. We give nothing in return."),
    ("en", "We updated our post about the refund. Read the comments below."),
    (
        "en",
        "The police closed the street in front of our shop; reviews of the event are on the blog.",
    ),
    (
        "fr",
        "Merci d’avoir pris le temps d’écrire votre avis. Votre colis est parti ce "
        "matin, et les frais de port vous sont remboursés.",
    ),
    (
        "fr",
        "Nous publions tous les avis, positifs ou négatifs. Les remboursements partent "
        "sous trois jours.",
    ),
    ("fr", "Donnez-nous votre numéro de commande : nous vous remboursons aujourd’hui."),
    ("fr", "Pour chaque commande annulée, nous remboursons. Notez que la livraison est offerte."),
    (
        "fr",
        "Votre commande a été supprimée par erreur. Nous vous remboursons et vous "
        "offrons la livraison.",
    ),
    ("es", "Gracias por escribirnos. Hemos leído su reseña y le hemos devuelto los 24,90 €."),
    ("es", "Hemos modificado la forma de embalar desde su reseña; le enviamos gratis otro pedido."),
    ("es", "Puede modificar su pedido hasta mañana. Le devolvemos el dinero del envío."),
    ("es", "Si cambia la dirección, escríbanos. El descuento sigue siendo válido."),
    ("tr", "Yorumunuzu okuduk, haklısınız. 249 TL bugün hesabınıza iade edildi."),
    ("tr", "Değerlendirmeniz bize yardımcı oldu. Yeni ürünü ücretsiz gönderiyoruz."),
    ("tr", "Siparişinizi değiştirebilirsiniz. İndirim geçerli kalır."),
    ("tr", "Hasar değerlendirmesi yapıyoruz; iadeler üç gün sürer."),
    ("ru", "Мы прочитали ваш отзыв и вернули вам деньги за заказ."),
    ("ru", "Вы можете изменить адрес доставки. Доставка бесплатная."),
    ("ru", "Мы исправили ошибку, о которой вы написали в отзыве. Компенсация уже у вас на счёте."),
    ("ru", "Напишите нам номер заказа, и мы вернём деньги."),
    ("ru", "Спасибо за оценку! Мы отправили вам новый товар бесплатно."),
]
"""Honest answers that speak of reviews and of money."""


@pytest.mark.parametrize(("check", "locale", "text"), UNFAIR)
def test_what_is_unfair_is_found(check: str, locale: str, text: str) -> None:
    assert told(check, locale, text)


@pytest.mark.parametrize(("check", "locale", "text"), FAIR)
def test_what_is_honest_is_left_alone(check: str, locale: str, text: str) -> None:
    assert told(check, locale, text) == []


@pytest.mark.parametrize(("locale", "text"), REPLIES)
def test_an_honest_reply_has_no_remark(locale: str, text: str) -> None:
    words = fairness_words(HOME, locale)
    assert words is not None

    assert [told(check, locale, text) for check in CHECKS] == [[]] * len(CHECKS)
    assert list(fairness.review_gating(text, locale, words)) == []
    assert list(fairness.public_accusation(text, locale, words)) == []


@pytest.mark.parametrize(("check", "locale", "text"), BAD_GUIDES)
def test_unfair_advice_in_a_guide_is_found(check: str, locale: str, text: str) -> None:
    assert told(check, locale, text, guide=True)


@pytest.mark.parametrize(("check", "locale", "text"), GOOD_GUIDES)
def test_a_guide_may_forbid_what_is_unfair(check: str, locale: str, text: str) -> None:
    assert told(check, locale, text, guide=True) == []


def test_a_remark_names_the_reward_and_the_review() -> None:
    words = fairness_words(HOME, "en")
    assert words is not None

    remark = next(fairness.review_reward("Edit your review for 10 % off.", "en", words))

    assert '"10 %" is tied to "Edit your review"' in remark.text
    assert remark.start == 0


def test_capitals_soft_hyphens_and_accents_in_pieces_hide_nothing() -> None:
    assert told("reward", "en", "CHANGE YOUR RE\u00adVIEW AND GET A VOUCHER.")
    assert told("reward", "es", "Retire su resen\u0303a y le damos un cupo\u0301n.")
    assert told("reward", "tr", "YORUMUNUZU SİLİN, İNDİRİM KAZANIN.")


LONG = 100_000
NEAR_MISSES = [
    "change " * (LONG // 7),
    "your review " * (LONG // 12),
    "change your " * (LONG // 12),
    "if you do not change your review, " * (LONG // 34),
    "never change your review and " * (LONG // 29),
    "no refund unless " * (LONG // 17),
    "!" * LONG,
    "10 % " * (LONG // 5),
    "1" * LONG,
    "waive any of the of the " * (LONG // 24),
    "\0" * LONG,
    "a\n" * (LONG // 2),
    " " * LONG,
    "-" * LONG,
    "e\u0301" * (LONG // 2),
]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", NEAR_MISSES, ids=lambda text: repr(text[:12]))
@pytest.mark.parametrize("locale", ["en", "tr"])
def test_a_hostile_text_is_read_to_its_end(locale: str, text: str) -> None:
    words, leak = fairness_words(HOME, locale), breach.breach_words(HOME, locale)
    assert words is not None
    assert leak is not None

    for check in CHECKS.values():
        for guide in (True, False):
            exhaust(check(text, locale, words, guide=guide))
    exhaust(fairness.review_gating(text, locale, words))
    exhaust(fairness.public_accusation(text, locale, words))
    exhaust(breach.marketing(text, locale, leak))
    exhaust(breach.soothing(text, locale, leak))
    exhaust(breach.credentials(text, locale, leak))
    breach.missing(text, (), locale, leak, "authority")


def exhaust(remarks: Iterator[Remark]) -> None:
    for remark in remarks:
        assert remark.start <= remark.end


@pytest.mark.parametrize("locale", LOCALES)
def test_a_phrase_of_the_lists_is_never_overlooked_by_the_quick_look(locale: str) -> None:
    words = fairness_words(HOME, locale)
    assert words is not None

    for phrase in (*words.threats, *words.waivers, *words.fakes, *words.gates):
        text = phrase.replace("*", "x").upper() if locale != "tr" else phrase.replace("*", "x")
        assert telling(text, locale, words), phrase


@pytest.mark.parametrize("locale", LOCALES)
def test_the_elements_of_a_notice_are_found_by_the_names_of_facts(locale: str) -> None:
    words = breach.breach_words(HOME, locale)
    assert words is not None
    facts = ["what_happened", "data_categories", "discovered_at", "people_affected", "records"]
    facts += ["likely_consequences", "measures_taken", "advice", "dpo_email", "presumed_cause"]

    assert breach.missing("", facts, locale, words, "people") == []
    assert breach.missing("", facts, locale, words, "authority") == []
    assert breach.missing("", (), locale, words, "people") == list(
        breach.required("people", locale)
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Your data is safe.", True),
        ("We cannot say yet that your data is safe.", False),
        ("Nobody can promise that there is no risk.", False),
    ],
)
def test_comfort_is_a_remark_unless_it_is_denied(text: str, wanted: bool) -> None:
    words = breach.breach_words(HOME, "en")
    assert words is not None

    assert bool(list(breach.soothing(text, "en", words))) is wanted


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "These are lying reviews."),
        ("en", "The comments are lies."),
    ],
)
def test_calling_reviews_lies_is_found(locale: str, text: str) -> None:
    words = fairness_words(HOME, locale)
    assert words is not None

    assert list(fairness.public_accusation(text, locale, words))


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "We read all reviews, good and bad."),
        ("en", "Beware of fake posts in our name."),
        ("en", "These are not lying reviews."),
    ],
)
def test_speaking_of_reviews_accuses_nobody(locale: str, text: str) -> None:
    words = fairness_words(HOME, locale)
    assert words is not None

    assert not list(fairness.public_accusation(text, locale, words))


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "We are down. You get 15% off."),
        ("en", "We are down. You get 15 % off."),
        ("en", "Enjoy 10 % off. Our page is down."),
        ("en", "Enjoy 10% off today."),
        ("en", "Save 20% on shoes."),
        ("en", "Save up to 20 percent on shoes."),
        ("en", "A 10% discount is waiting for you."),
        ("en", "Take 5 € off your next order."),
        ("fr", "Vous avez 15% de remise."),
        ("es", "Tiene un 15% de descuento."),
        ("es", "Tiene un 15 % en su próxima compra."),
        ("ru", "Вас ждёт 15% скидки."),
        ("tr", "%15 indirim kazanın."),
        ("en", "You get 5 € off."),
    ],
)
def test_an_offer_in_a_message_of_a_crisis_is_found(locale: str, text: str) -> None:
    words = marketing_words(HOME, locale)
    assert words is not None

    assert advertising(text, locale, words, amends=False)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "We are sorry. You get 15% off your next order."),
        ("en", "Please switch your modem off and on again."),
        ("en", "15% of the orders are late."),
        ("fr", "Pour compenser, vous avez 15% de remise."),
        ("es", "Lo sentimos: tiene un 15% de descuento."),
        ("es", "El 15 % de los pedidos llega tarde."),
        ("ru", "Простите нас: вас ждёт 15% скидки."),
        ("en", "We took you off our list."),
        ("tr", "Siparişlerin %15’i gecikti."),
        ("en", "We have taken the delivery fee off your order."),
        ("fr", "15% des commandes sont en retard."),
        ("ru", "15% заказов задержаны."),
    ],
)
def test_what_makes_up_for_harm_or_only_counts_is_no_offer(locale: str, text: str) -> None:
    words = marketing_words(HOME, locale)
    assert words is not None

    assert not advertising(text, locale, words, amends=False)
