"""Suppliers and people who are blamed by name, in a finished text."""

from __future__ import annotations

import pytest

from crisisctl.messages.proof.proofread import Setting, proofread
from crisisctl.workspace import Workspace

SUPPLIERS_BLAMED = [
    ("en", "Our supplier let us down."),
    ("en", "Our payment provider has badly let us down."),
    ("en", "We were let down by our carrier."),
    ("en", "Our carrier has failed us."),
    ("es", "Nuestro proveedor nos ha fallado."),
    ("es", "Nos ha fallado nuestro transportista."),
    ("es", "El transportista nos ha dejado tirados."),
    ("fr", "Notre prestataire nous a fait faux bond."),
    ("fr", "Nos fournisseurs nous ont tous lâchés."),
    ("fr", "Nous avons été abandonnés par notre hébergeur."),
    ("fr", "Notre transporteur vous a laissés tomber."),
    ("ru", "Наш подрядчик нас подвёл."),
    ("ru", "Нас подвёл наш провайдер."),
    ("ru", "Служба доставки сильно подвела нас."),
    ("ru", "Поставщик опять подвёл нас."),
    ("tr", "Tedarikçimiz bizi yarı yolda bıraktı."),
    ("tr", "Kargo şirketi bizi yüzüstü bıraktı."),
    ("tr", "Bankamız bizi yarı yolda bıraktı."),
]
HONEST = [
    ("es", "Nuestro proveedor nos ha avisado a las 20:05."),
    ("es", "Nuestros abogados revisan el contrato con el proveedor."),
    ("fr", "Notre prestataire nous a prévenus à 20 h 05."),
    ("fr", "Notre transporteur nous a rendu les colis."),
    ("fr", "Nos avocats étudient le contrat de notre hébergeur."),
    ("tr", "Tedarikçimiz bize saat 20.05’te haber verdi."),
    ("tr", "Bankamız iadeleri onayladı."),
    ("tr", "Kargo şirketi paketleri bize geri verdi."),
]


def blamed(text: str, locale: str, *, staff: bool = False) -> bool:
    found = proofread(text, Setting(Workspace(), locale, staff=staff))
    return "tone-blame" in {flaw.rule for flaw in found}


@pytest.mark.parametrize(("locale", "text"), SUPPLIERS_BLAMED)
def test_a_supplier_that_is_blamed_is_found_in_what_customers_read(locale: str, text: str) -> None:
    assert blamed(text, locale)
    assert not blamed(text, locale, staff=True)


@pytest.mark.parametrize(("locale", "text"), HONEST)
def test_what_a_supplier_did_may_be_told(locale: str, text: str) -> None:
    assert not blamed(text, locale)
