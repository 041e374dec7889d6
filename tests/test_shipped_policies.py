"""The ladders that are shipped, on exports as shops have them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from test_shipped import PARIS, PLAYBOOKS, the_plan

from crisisctl.compensation.customers import Bounds, Customer, Export
from crisisctl.compensation.deciding import NOBODY, compiled, needed
from crisisctl.playbook.policy import Policy

START = datetime(2026, 11, 27, 19, 4, tzinfo=UTC)
END = datetime(2026, 11, 27, 20, 39, tzinfo=UTC)


def policy_of(playbook: str) -> Policy:
    policy = the_plan(playbook).compensation
    assert policy is not None
    return policy


def outcomes(
    folder: Path, playbook: str, text: str, bounds: Bounds | None = None
) -> dict[str, str]:
    """For each customer what they get: refunds by their sums, then the tier or the exclusion."""
    file = folder / "export.csv"
    file.write_text(text, encoding="utf-8")
    policy = policy_of(playbook)
    decide = compiled(policy, {})
    export = Export(file, policy, said={}, bounds=bounds or Bounds(), time_zone=PARIS)
    found: dict[str, str] = {}
    for block in export.customers():
        for one in block:
            assert isinstance(one, Customer), one
            tier, value, excluded, owed = decide(one.values, one.who)
            said = [str(sum_) for sum_ in owed if sum_]
            if excluded != NOBODY:
                said.append(f"not {policy.exclude[excluded].id}")
            elif tier != NOBODY:
                said.append(f"{policy.tiers[tier].id} {value}")
            found[one.who.customer] = ", ".join(said)
    return found


ORDERS = {
    "en": """\
Order ID,Email,Created at,Financial Status,Total,Amount Paid,Shipping,Late
1,twice@a.example,2026-11-27 20:10,paid,40.00,80.00,4.90,no
2,lost@a.example,2026-11-27 20:11,failed,60.00,60.00,4.90,no
3,late@a.example,2026-11-27 20:12,paid,30.00,30.00,4.90,yes
4,free@a.example,2026-11-27 20:13,paid,99.00,99.00,0.00,yes
5,tried@a.example,2026-11-27 20:14,failed,25.00,0.00,0.00,no
6,fine@a.example,2026-11-27 20:15,paid,25.00,25.00,4.90,no
7,before@a.example,2026-11-27 18:00,failed,25.00,25.00,4.90,no
""",
    "fr": """\
Numéro de commande;E-mail;Date de commande;Statut;Montant total;Montant payé;Frais de port;En retard
1;twice@a.example;27/11/2026 20:10;payée;40,00;80,00;4,90;non
2;lost@a.example;27/11/2026 20:11;échouée;60,00;60,00;4,90;non
3;late@a.example;27/11/2026 20:12;payée;30,00;30,00;4,90;oui
4;free@a.example;27/11/2026 20:13;payée;99,00;99,00;0,00;oui
5;tried@a.example;27/11/2026 20:14;échouée;25,00;0,00;0,00;non
6;fine@a.example;27/11/2026 20:15;payée;25,00;25,00;4,90;non
7;before@a.example;27/11/2026 18:00;échouée;25,00;25,00;4,90;non
""",
    "es": """\
Pedido;Correo;Fecha del pedido;Estado;Importe total;Importe pagado;Gastos de envío;Retrasado
1;twice@a.example;27/11/2026 20:10;pagado;40,00;80,00;4,90;no
2;lost@a.example;27/11/2026 20:11;fallido;60,00;60,00;4,90;no
3;late@a.example;27/11/2026 20:12;pagado;30,00;30,00;4,90;sí
4;free@a.example;27/11/2026 20:13;pagado;99,00;99,00;0,00;sí
5;tried@a.example;27/11/2026 20:14;fallido;25,00;0,00;0,00;no
6;fine@a.example;27/11/2026 20:15;pagado;25,00;25,00;4,90;no
7;before@a.example;27/11/2026 18:00;fallido;25,00;25,00;4,90;no
""",
    "tr": """\
Sipariş no;E-posta;Sipariş tarihi;Sipariş durumu;Toplam tutar;Ödenen tutar;Kargo ücreti;Gecikti
1;twice@a.example;27.11.2026 20:10;ödendi;40,00;80,00;4,90;hayır
2;lost@a.example;27.11.2026 20:11;başarısız;60,00;60,00;4,90;hayır
3;late@a.example;27.11.2026 20:12;ödendi;30,00;30,00;4,90;evet
4;free@a.example;27.11.2026 20:13;ödendi;99,00;99,00;0,00;evet
5;tried@a.example;27.11.2026 20:14;başarısız;25,00;0,00;0,00;hayır
6;fine@a.example;27.11.2026 20:15;ödendi;25,00;25,00;4,90;hayır
7;before@a.example;27.11.2026 18:00;başarısız;25,00;25,00;4,90;hayır
""",
    "ru": """\
Номер заказа;Эл. почта;Дата заказа;Статус заказа;Сумма заказа;Оплачено;Стоимость доставки;Опоздал
1;twice@a.example;27.11.2026 20:10;оплачен;40,00;80,00;4,90;нет
2;lost@a.example;27.11.2026 20:11;ошибка;60,00;60,00;4,90;нет
3;late@a.example;27.11.2026 20:12;оплачен;30,00;30,00;4,90;да
4;free@a.example;27.11.2026 20:13;оплачен;99,00;99,00;0,00;да
5;tried@a.example;27.11.2026 20:14;ошибка;25,00;0,00;0,00;нет
6;fine@a.example;27.11.2026 20:15;оплачен;25,00;25,00;4,90;нет
7;before@a.example;27.11.2026 18:00;ошибка;25,00;25,00;4,90;нет
""",
    "de": """\
Bestellnummer;E-Mail;Date;Zahlungsstatus;Gesamtbetrag;Bezahlt;Versandkosten;Verspätet
1;twice@a.example;27.11.2026 20:10;bezahlt;40,00;80,00;4,90;nein
2;lost@a.example;27.11.2026 20:11;Fehlgeschlagen;60,00;60,00;4,90;nein
3;late@a.example;27.11.2026 20:12;bezahlt;30,00;30,00;4,90;ja
4;free@a.example;27.11.2026 20:13;bezahlt;99,00;99,00;0,00;ja
5;tried@a.example;27.11.2026 20:14;Zahlung fehlgeschlagen;25,00;0,00;0,00;nein
6;fine@a.example;27.11.2026 20:15;bezahlt;25,00;25,00;4,90;nein
7;before@a.example;27.11.2026 18:00;Fehlgeschlagen;25,00;25,00;4,90;nein
""",
}


@pytest.mark.parametrize("locale", ORDERS)
def test_a_plain_export_of_orders_tells_who_gets_what_after_an_outage(
    tmp_path: Path, locale: str
) -> None:
    assert outcomes(tmp_path, "outage", ORDERS[locale], Bounds(START, END)) == {
        "twice@a.example": "40.00",
        "lost@a.example": "60.00, lost-order 8.00",
        "late@a.example": "late-order 4.90",
        "free@a.example": "late-free 6.00",
        "tried@a.example": "price-kept 10.00",
        "fine@a.example": "",
    }


def test_an_order_that_failed_and_was_charged_twice_is_paid_back_once_and_whole(
    tmp_path: Path,
) -> None:
    text = "order id,email,status,total,paid\n1,a@a.example,failed,60.00,120.00\n"

    assert outcomes(tmp_path, "outage", text) == {"a@a.example": "120.00, lost-order 8.00"}


@pytest.mark.parametrize(
    "heading",
    [
        *("Refunded Amount", "montant remboursé", "Importe reembolsado", "İade tutarı"),
        *("Сумма возврата", "Erstatteter Betrag"),
    ],
)
def test_what_was_paid_back_already_is_not_owed_again(tmp_path: Path, heading: str) -> None:
    text = f"""\
order id,email,status,total,paid,{heading}
1,twice@a.example,paid,40.00,80.00,15.50
2,lost@a.example,failed,60.00,60.00,
3,some@a.example,failed,60.00,60.00,20.00
4,back@a.example,failed,60.00,60.00,60.00
5,more@a.example,paid,40.00,80.00,60.00
"""
    # who lost an order gets the offer for it, whether or not the money is back by now
    assert outcomes(tmp_path, "outage", text) == {
        "twice@a.example": "24.50",
        "lost@a.example": "60.00, lost-order 8.00",
        "some@a.example": "40.00, lost-order 8.00",
        "back@a.example": "lost-order 8.00",
        "more@a.example": "",
    }


def test_goods_that_were_paid_back_already_are_not_owed_again(tmp_path: Path) -> None:
    text = """\
Order number,Email,Delivery status,Total,Damaged,Refunded
1,lost@a.example,lost,50.00,no,50.00
2,some@a.example,lost,50.00,no,20.00
3,faulty@a.example,delivered,30.00,yes,10.00
"""
    assert outcomes(tmp_path, "review-wave", text) == {
        "lost@a.example": "",
        "some@a.example": "30.00",
        "faulty@a.example": "20.00",
    }


def test_money_that_was_only_reserved_is_not_paid_back(tmp_path: Path) -> None:
    text = "order id,email,status,total,paid\n1,a@a.example,voided,60.00,60.00\n"

    assert outcomes(tmp_path, "outage", text) == {"a@a.example": "price-kept 10.00"}


def test_money_that_was_paid_back_or_never_asked_is_no_double_charge(tmp_path: Path) -> None:
    text = "order id,email,status,total,paid\n1,a@a.example,paid,0,60.00\n2,b@a.example,paid,60,\n"

    assert outcomes(tmp_path, "outage", text) == {"a@a.example": "", "b@a.example": ""}


def test_an_export_of_customers_tells_it_too_and_the_longest_wait_counts(tmp_path: Path) -> None:
    text = """\
customer_id,email,minutes_affected,sale_missed,double_charge,staff,test
1,a@a.example,59,no,0,no,no
2,b@a.example,60,no,0,no,no
3,c@a.example,60,yes,0,no,no
4,d@a.example,90,no,12.50,yes,no
5,e@a.example,90,no,12.50,no,yes
6,f@a.example,30,no,0,no,no
6,f@a.example,40,no,0,no,no
"""
    assert outcomes(tmp_path, "outage", text) == {
        "1": "short-wait 0",
        "2": "held-up 5.00",
        "3": "price-kept 10.00",
        "4": "12.50, not staff",
        "5": "not test",
        "6": "short-wait 0",
    }


def test_a_breach_gives_back_what_was_lost_and_helps_where_there_is_a_risk(tmp_path: Path) -> None:
    text = """\
email,fraud_loss,card replacement fee,card_exposed,identity_exposed,is_test
a@a.example,250.00,12.00,yes,no,no
b@a.example,0,0,yes,yes,no
c@a.example,0,0,no,no,no
d@a.example,0,15.00,no,no,no
e@a.example,9.00,0,yes,no,yes
"""
    assert outcomes(tmp_path, "breach", text) == {
        "a@a.example": "250.00, 12.00, card-at-risk 10.00",
        "b@a.example": "identity-at-risk 30.00",
        "c@a.example": "",
        "d@a.example": "15.00",
        "e@a.example": "not test",
    }


def test_a_review_wave_asks_what_happened_to_orders_and_nothing_else(tmp_path: Path) -> None:
    text = """\
Order number,Email,Delivery status,Total,Shipping,Delayed,Damaged,Employee
1,lost@a.example,lost,50.00,4.90,no,no,no
2,faulty@a.example,delivered,30.00,4.90,no,yes,no
3,late@a.example,delivered,30.00,4.90,yes,no,no
4,again@a.example,delivered,30.00,4.90,yes,no,no
5,again@a.example,lost,20.00,4.90,yes,no,no
6,staff@a.example,lost,20.00,4.90,yes,no,yes
7,fine@a.example,delivered,20.00,4.90,no,no,no
"""
    assert outcomes(tmp_path, "review-wave", text) == {
        "lost@a.example": "50.00",
        "faulty@a.example": "30.00",
        "late@a.example": "late-parcel 4.90",
        "again@a.example": "20.00, repeat-trouble 15.00",
        "staff@a.example": "20.00, not staff",
        "fine@a.example": "",
    }


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_a_shipped_policy_asks_no_fact_that_an_incident_may_not_know(playbook: str) -> None:
    assert needed(policy_of(playbook)) == set()


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_what_is_not_known_of_a_shop_is_counted_at_its_dearest(playbook: str) -> None:
    for tier in policy_of(playbook).tiers:
        assert (tier.redemption, tier.margin_effect) == (100, 100)


def test_twice_in_trouble_is_worth_more_than_the_shipping_of_two_usual_parcels() -> None:
    credit = policy_of("review-wave").tiers[0].offer.credit

    assert isinstance(credit, str)
    assert Decimal(credit.split()[0]) > 2 * Decimal("4.90")
