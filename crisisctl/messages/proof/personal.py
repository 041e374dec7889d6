"""Personal data in a text: cards, accounts, private addresses, numbers that lead to one order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from crisisctl.patterns import later


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EMAIL = later(
    r"(?<![\w.+@-])([\w.+-]{1,64})@((?:[\w-]{1,63}\.){1,6}[a-z]{2,24})(?![\w@-])", re.IGNORECASE
)
_RESERVED = later(
    r"(?:^|\.)(?:example|test|invalid|localhost|local)$|(?:^|\.)example\.(?:com|net|org)$",
    re.IGNORECASE,
)
_ROLES = _words(
    """abuse accounts admin aide alerts assistance atencion ayuda billing bonjour boutique care
    clientes clients commande commandes commercial commerce compliance contact contacto
    customer customers customerservice data datenschutz delivery destek dev devops dpd dpo
    duty emergency escalation facturacion finance hello help helpdesk hi hola hosting iletisim
    incident incidents info infos it juridique kvkk legal logistics mail marketing media
    musteri network newsletter no-reply noc noreply office oncall on-call operations ops order
    orders pagos paiement payments pedidos platform post postmaster prensa presse press pr
    privacidad privacy privacidade rgpd gdpr sales sav security seguridad securite service
    shop sikayet siparis soc soporte sre staff status store support team tech ventas
    vie-privee web webmaster warehouse returns retours devoluciones zakaz podderzhka pressa
    kvkk crisis cert csirt police fraud risk"""
)
_PRIVATE_HOSTS = _words(
    """gmail.com googlemail.com hotmail.com hotmail.fr hotmail.es hotmail.com.tr outlook.com
    outlook.fr outlook.es live.com live.fr msn.com yahoo.com yahoo.fr yahoo.es yahoo.co.uk
    icloud.com me.com mac.com aol.com gmx.net gmx.de gmx.fr gmx.com web.de t-online.de
    orange.fr wanadoo.fr free.fr sfr.fr laposte.net bbox.fr proton.me protonmail.com mail.ru
    bk.ru inbox.ru list.ru yandex.ru ya.ru rambler.ru yandex.com telefonica.net mynet.com"""
)
_PERSON = later(r"[^\W\d_]{1,30}[._-][^\W\d_]{2,30}\d{0,4}")
# Mobile numbers, where their first digits tell: France, Spain, Türkiye, Russia, the UK, Germany,
# Italy, Belgium, the Netherlands, Portugal, Poland; national writing only where it is distinct.
_MOBILE = later(
    r"(?<![\w+.,/-])(?:(?:\+|00)(?:33|34|90|7|44|49|39|32|31|351)[\d ().\u00a0\u202f-]{8,20}"
    r"|0[67](?:[ .\u00a0\u202f-]?\d\d){4}"
    r"|0 ?\(?5\d\d\)?[ .-]?\d{3}[ .-]?\d\d[ .-]?\d\d|07\d{3}[ -]?\d{3}[ -]?\d{3}"
    r"|8[ -]?\(?9\d\d\)?[ -]?\d{3}[ -]?\d\d[ -]?\d\d)(?!\d)"
)
_IS_MOBILE = later(
    r"(?:\+|00)(?:33[67]\d{8}|34[67]\d{8}|905\d{9}|79\d{9}|447[1-9]\d{8}|491[567]\d{8,9}"
    r"|393\d{8,9}|324\d{8}|316\d{8}|3519\d{8})|0[67]\d{8}|05\d{9}|07\d{9}|89\d{9}"
)
# Kept free for stories: Arcep 2018-0881 (France), Ofcom (UK).
_FICTIONAL = later(r"(?:(?:\+|00)33|0)63998\d{4}|(?:(?:\+|00)44|0)7700900\d{3}")
# Orders have the fewest digits of all that is looked for, five; parcels of UPS may have fewer.
_SIGNS = tuple(map(re.compile, ("@", r"\d(?:[ .()\u00a0\u202f-]{0,2}\d){4}", "1Z")))
_IBAN = later(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_CARD = later(r"(?<![\w.,+-])[2-69]\d{3}(?:[ \u00a0-]?\d){8,15}(?![\w-])")
_PARCEL = later(r"\b1Z[0-9A-Z]{16}\b|\b[A-Z]{2} ?\d{8} ?\d ?[A-Z]{2}\b")
_ORDER = later(
    r"\b(?:order|commande|pedido|sipariş|заказ\w{0,3}|invoice|facture|factura|fatura)"
    r"[ \u00a0](?:number |numéro |número |no\.? ?|nr\.? ?|n[°º]\.? ?|№ ?|numarası:? |номер )?"
    r"#?[ \u00a0]?((?=[A-Z-]{0,8}\d)[A-Z]{0,4}-?\d{5,20}(?:-\d{1,10})?)\b",
    re.IGNORECASE,
)


class Own(NamedTuple):
    """What belongs to the shop itself and may be told: addresses, hosts, numbers, its name."""

    addresses: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    name: str = ""


class Personal(NamedTuple):
    """Something in a text that leads to a person."""

    start: int
    end: int
    what: str
    pays: bool = False
    """Whether it is the number of a card or an account: money can be taken with it."""


@lru_cache(maxsize=256)
def personal(text: str, own: Own, *, public: bool = False) -> tuple[Personal, ...]:
    """Private addresses and numbers, cards and accounts; where everyone reads, also orders."""
    found: list[Personal] = []
    for start, end in _lines(text):
        line = text[start:end]
        on_line = (*_emails(line, own, public), *_numbers(line, own, public))
        found += (one._replace(start=start + one.start, end=start + one.end) for one in on_line)
    return tuple(_apart(found))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines that may hold something: all else costs a quick look."""
    last = 0
    for at in sorted(match.start() for sign in _SIGNS for match in sign.finditer(text)):
        if at >= last:
            end = text.find("\n", at)
            last = end if end >= 0 else len(text)
            yield text.rfind("\n", 0, at) + 1, last


def _emails(line: str, own: Own, public: bool) -> Iterator[Personal]:
    for match in _EMAIL.finditer(line) if "@" in line else ():
        if _private(match[1], match[2], own, public):
            yield Personal(*match.span(), "a private e-mail address")


def _numbers(line: str, own: Own, public: bool) -> Iterator[Personal]:
    yield from _mobiles(line, own)
    yield from _checked(_IBAN, line, _is_iban, "a bank account number")
    yield from _checked(_CARD, line, _is_card, "a card number")
    if public:
        yield from _checked(_PARCEL, line, _is_parcel, "a tracking number")
        yield from (Personal(*m.span(1), "an order number") for m in _ORDER.finditer(line))


def _apart(found: list[Personal]) -> list[Personal]:
    kept: list[Personal] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _private(local: str, host: str, own: Own, public: bool) -> bool:
    local, host = local.lower(), host.lower()
    if _RESERVED.search(host) or f"{local}@{host}" in own.addresses:
        return False
    plain = local.partition("+")[0]
    parts = re.split(r"[._-]", plain)
    if plain in _ROLES or any(part in _ROLES for part in parts):
        return False
    if host in _PRIVATE_HOSTS:
        return not own.name or own.name not in re.sub(r"\W", "", plain)
    if _PERSON.fullmatch(plain):
        return True
    return public and host not in own.hosts


def _mobiles(text: str, own: Own) -> Iterator[Personal]:
    for match in _MOBILE.finditer(text):
        number = re.sub(r"[^\d+]", "", match[0])
        if not _IS_MOBILE.fullmatch(number) or _FICTIONAL.fullmatch(number):
            continue
        if digits(number) not in own.numbers:
            yield Personal(
                match.start(), match.start() + len(match[0].rstrip(" .-(")), "a mobile number"
            )


# Published for tests by Stripe, Adyen, PayPal, Braintree and Worldpay: they pay nothing.
_TEST_CARDS = _words(
    """4111111111111111 4242424242424242 4012888888881881 4000056655665556 4000000000000002
    4222222222222 4917610000000000 4444333322221111 4988438843884305 4166676667666746
    5555555555554444 5105105105105100 5200828282828210 5454545454545454 5555341244441115
    2223003122003222 2222400070000005 5136333333333335 5500000000000004
    378282246310005 371449635398431 378734493671000 370000000000002
    6011111111111117 6011000990139424 6011601160116611 3530111333300000 3566002020360505"""
)


def only_for_tests(number: str) -> bool:
    """Whether a card number is one of those that payment providers publish for tests."""
    return re.sub(r"\D", "", number) in _TEST_CARDS


def digits(number: str) -> str:
    """The digits by which two writings of a number are compared."""
    return re.sub(r"\D", "", number)[-9:]


def _checked(
    form: re.Pattern[str], text: str, valid: Callable[[str], bool], what: str
) -> Iterator[Personal]:
    for match in form.finditer(text):
        if valid(re.sub(r"[\s\u00a0-]", "", match[0])):
            yield Personal(*match.span(), what, pays=form is not _PARCEL)


def _is_iban(number: str) -> bool:
    """ISO 13616: the first four characters go to the end, letters count from 10, modulo 97."""
    if not 15 <= len(number) <= 34:
        return False
    turned = number[4:] + number[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def _is_card(number: str) -> bool:
    """ISO/IEC 7812-1: the Luhn check; and not one digit repeated."""
    if not 13 <= len(number) <= 19 or len(set(number)) == 1:
        return False
    twice = "0246813579"
    total = sum(
        int(twice[int(char)]) if place % 2 else int(char)
        for place, char in enumerate(reversed(number))
    )
    return total % 10 == 0


def _is_parcel(number: str) -> bool:
    """UPU S10: a check digit over eight; UPS numbers begin with 1Z."""
    if number.startswith("1Z"):
        return any(char.isdigit() for char in number[2:])
    total = sum(int(d) * w for d, w in zip(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    return int(number[10]) == {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


_PEOPLE = _words(
    """customer client buyer user reviewer recipient member subscriber victim guest person
    shopper purchaser author"""
)
_ABOUT_PEOPLE = _words(
    """name names email mail phone mobile telephone tel address street city iban card birthday
    birthdate dob id number account"""
)
_ALONE = re.compile(
    r"(?:^|_)(?:order_(?:number|numbers|no|nr|id|ids|ref|reference)|tracking_(?:number|no|id)"
    r"|parcel_(?:number|no|id)|invoice_(?:number|no|id)|first_?name|last_?name|surname|full_?name"
    r"|(?:delivery|shipping|billing|home|postal)_address|iban|card_number|date_of_birth|birth_?date"
    r"|username|user_?name|passport_\w+)(?:$|_)"
)
_OURS = _words("""service support care desk hotline team shop store brand press company""")


@lru_cache(maxsize=1024)
def names_a_person(fact: str) -> bool:
    """Whether a fact, by its name, is about one customer: `customer_name`, `order_number`."""
    words = set(fact.split("_"))
    if words & _OURS:
        return False
    return bool(_ALONE.search(fact)) or bool(words & _PEOPLE and words & _ABOUT_PEOPLE)
