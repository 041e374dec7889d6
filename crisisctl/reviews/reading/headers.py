"""What columns are called: the names that exports and people give them, in five languages."""

from __future__ import annotations

from collections.abc import Sequence

from crisisctl.tables.names import fold, folded

FIELDS = (
    *("key", "rating", "text", "title", "date", "language", "source", "invited", "product"),
    *("author", "country", "link", "reach", "reply", "replied"),
)
"""What a column can be said to hold."""

ENGLISH_DATES = folded(
    """review_submit_date_and_time review_created_utc review_created timestamp_created
        dates_published_date published_date date_published created_at created_date date_created
        created create_time creation_date created_time review_date date_of_review date_review
        review_time review_created_at submitted_at submission_date submit_date date_submitted
        published_at published posted_at posted date_posted date datetime date_time
        unix_review_time timestamp time at day when written_at
    updated_at updated last_updated"""
)
"""What a date is called where nothing but its column tells that the month may come first."""

NAMES = {
    "key": folded(
        """review_id recommendation_id id review_key survey_id feedback_id response_id comment_id
        rating_id uuid id_avis id_de_avis id_reseña id_opinión yorum_id yorum_no id_отзыва ид
        номер_отзыва"""
    ),
    "rating": folded(
        """star_rating review_stars stars rating review_rating review_score star_count score
        overall_score overall_rating rating_value user_rating user_score num_stars star nps
        nps_score csat csat_score likelihood_to_recommend grade points overall rate voted_up
        recommended is_recommended recommendation combined_rating sentiment
        étoiles nombre_d_étoiles nb_étoiles note note_globale note_sur_5 notation évaluation
        appréciation recommande
        calificación calificación_general puntuación puntaje estrellas número_de_estrellas
        valoración nota recomienda
        puan puanı genel_puan verilen_puan yıldız yıldız_sayısı değerlendirme_puanı tavsiye
        değerlendirme duygu
        оценка рейтинг звёзды звёзд количество_звёзд балл баллы общая_оценка рекомендация
        рекомендую тональность
        bewertung sterne wertung empfehlung notes"""
    ),
    "text": folded(
        """review_text review_content review_body review_comment text_review content body text
        review comment comments feedback message opinion description customer_review answer_text
        complaint plainte réclamation queja reclamo şikayet şikayet_metni жалоба
        avis texte_de_l_avis texte_avis texte commentaire commentaires contenu
        reseña texto comentario comentarios opinión opiniones contenido mensaje
        yorum yorum_metni yorumlar yorumu içerik metin mesaj görüş geri_bildirim açıklama
        değerlendirme
        отзыв текст текст_отзыва комментарий коментарий отзывы содержание сообщение мнение
        kommentar rezension bewertungstext nachricht note notes"""
    ),
    "title": folded(
        """review_title title review_headline headline subject summary
        titre titre_de_l_avis titre_avis objet título titular asunto título_de_la_reseña
        başlık yorum_başlığı konu заголовок заголовок_отзыва тема titel betreff"""
    ),
    "date": ENGLISH_DATES
    + folded(
        """date_de_l_avis date_avis date_de_publication date_publication date_de_création publié_le
        fecha fecha_de_publicación fecha_publicación fecha_de_creación fecha_y_hora
        fecha_de_la_reseña fecha_reseña
        tarih tarihi yorum_tarihi oluşturma_tarihi yayın_tarihi zaman
        дата дата_отзыва дата_создания дата_публикации дата_и_время время
        datum bewertungsdatum erstellt_am"""
    ),
    "language": folded(
        """review_language reviewer_language language lang locale language_code langue idioma
        lengua dil yorum_dili язык язык_отзыва sprache"""
    ),
    "source": folded(
        """platform social_media_source source review_platform channel site website network
        plateforme canal plataforma fuente origen kaynak kanal источник площадка платформа сайт
        quelle"""
    ),
    "invited": folded(
        """invited source_of_review is_invited invitation sollicité invitación invitado davetli
        приглашён"""
    ),
    "product": folded(
        """product_name product_title product item_name item product_sku sku product_handle
        product_id app_name app game_name_display game package_name asin
        produit nom_du_produit article producto nombre_del_producto artículo
        ürün ürün_adı товар название_товара продукт produkt"""
    ),
    "author": folded(
        """reviewer_name review_username reviewer_nickname display_name reviewer_display_name
        consumer_name consumer_display_name author_name author nickname full_name customer_name
        user_name username user user_id name reviewer customer author_steamid
        auteur nom pseudo client nom_du_client autor nombre cliente usuario
        ad_soyad isim kullanıcı kullanıcı_adı müşteri yazar yorum_yapan
        автор имя имя_автора пользователь клиент покупатель kunde"""
    ),
    "country": folded(
        """country country_code reviewer_country consumer_country_code territory location
        pays país ülke страна land"""
    ),
    "link": folded(
        """review_link review_url permalink link url lien enlace bağlantı ссылка"""
    ),
    "reach": folded(
        """thumbs_up_count votes_up helpful_votes helpful_count helpful helpful_vote useful likes
        like_count likes_count upvotes utile útil beğeni faydalı лайки полезно"""
    ),
    "reply": folded(
        """developer_reply_text company_response company_reply reply_content reply_text
        reply_message review_reply_comment reply your_response response developer_response
        owner_response shop_reply réponse respuesta cevap yanıt ответ antwort"""
    ),
    "replied": folded(
        """developer_reply_date_and_time company_reply_date_utc company_reply_date replied_at
        reply_date reply_published_date reply_created_at review_reply_update_time response_date
        date_de_réponse date_de_la_réponse fecha_de_respuesta yanıt_tarihi cevap_tarihi
        дата_ответа"""
    ),
    "written": folded(
        """author_num_reviews consumer_number_of_reviews author_review_count
        reviewer_number_of_reviews reviewer_review_count number_of_reviews_by_author"""
    ),
    "status": folded("""curated"""),
}  # fmt: skip
"""For each field what its column is called, the surest first; an ambiguous name stands late."""

_TELLING = frozenset((*NAMES["rating"], *NAMES["text"]))
_KNOWN = frozenset(name for names in NAMES.values() for name in names)


def knows(header: Sequence[str]) -> int:
    """How many of these are names of columns that we know."""
    found = {fold(cell) for cell in header}
    return len(found & _KNOWN) + bool(found & _TELLING)


def tells(header: Sequence[str]) -> int:
    """How many of these may be the stars or the words of a review."""
    return len({fold(cell) for cell in header} & _TELLING)
