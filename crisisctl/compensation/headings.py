"""What exports call the columns that say who a customer is, in five languages."""

from __future__ import annotations

from collections.abc import Sequence

from crisisctl.tables.names import fold, folded

IDENTITY = {
    "customer": folded(
        """customer_id customer customer_number customer_no client_id account_id account user_id
        shopper_id buyer_id member_id
        id_client client numéro_client numéro_de_client n_client id_cliente cliente número_cliente
        número_de_cliente müşteri_id müşteri müşteri_no müşteri_numarası
        id_клиента клиент номер_клиента покупатель ид_клиента kundennummer kunde"""
    ),
    "email": folded(
        """email e_mail mail email_address e_mail_address mail_address customer_email billing_email
        courriel adresse_email adresse_e_mail adresse_mail adresse_courriel adresse_électronique
        correo correo_electrónico dirección_de_correo e_posta eposta e_posta_adresi eposta_adresi
        почта эл_почта электронная_почта адрес_электронной_почты имейл"""
    ),
    "name": folded(
        """name full_name customer_name billing_name shipping_name first_name nom nom_complet
        nom_du_client nombre nombre_completo ad adı ad_soyad adı_soyadı isim имя полное_имя фио"""
    ),
    "locale": folded(
        """locale lang language customer_locale customer_language langue langue_du_client idioma
        lengua dil язык локаль language_code"""
    ),
    "country": folded(
        """country country_code billing_country shipping_country billing_country_code
        shipping_country_code pays país ülke страна land"""
    ),
    "segment": folded(
        """segment customer_segment customer_group group tier_of_customer loyalty_tier groupe
        groupe_de_clients segmento grupo_de_clientes müşteri_grubu segment_klienta сегмент
        группа_клиентов"""
    ),
    "currency": folded(
        """currency currency_code order_currency presentment_currency devise monnaie moneda divisa
        para_birimi döviz валюта währung"""
    ),
    "order": folded(
        """order_id order order_number order_no order_name increment_id
        commande numéro_de_commande n_de_commande id_commande pedido número_de_pedido id_pedido
        sipariş sipariş_no sipariş_numarası заказ номер_заказа id_заказа bestellnummer"""
    ),
    "at": folded(
        """at ordered_at created_at order_date date_created order_time placed_at paid_at
        processed_at purchase_date date_time datetime date time date_de_commande
        date_commande créé_le fecha fecha_del_pedido fecha_de_pedido sipariş_tarihi tarih
        дата дата_заказа создан bestelldatum datum"""
    ),
}
"""For each of them its names, the surest first."""

_ALL = frozenset(name for names in IDENTITY.values() for name in names)


def knows(header: Sequence[str]) -> int:
    """How many of these are names of columns that we know."""
    return sum(fold(cell) in _ALL for cell in header)
