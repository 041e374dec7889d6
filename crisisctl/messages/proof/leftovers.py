"""What was meant to be filled in and was not: contacts and words that only hold a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from crisisctl.patterns import later


class Leftover(Struct, frozen=True, order=True):
    """Something left over at text[start:end]."""

    start: int
    end: int
    contact: bool
    """Whether it is an address or a number that leads nowhere."""


def leftovers(text: str) -> Iterator[Leftover]:
    """Everything in a text that was never filled in."""
    told = 0
    for found in sorted(_all(text)):
        if found.start >= told:  # the first of those that overlap
            yield found
            told = found.end


def any_leftover(text: str) -> bool:
    """Whether there may be one in a text: quick, and true too often rather than too seldom."""
    return any(map(_in_line, text.split("\n")))


@lru_cache(maxsize=4096)  # teams copy their playbooks from each other, line by line
def _in_line(text: str) -> bool:
    low = text.lower()
    return (
        any(map(low.__contains__, _KEYS))
        or _odd_host(low)
        or (_odd_digits(low) and any(True for _ in _numbers(text)))
        or any(sign in text and _BRACKETS[sign].search(text) for sign in _BRACKETS)
    )


def _all(text: str) -> Iterator[Leftover]:
    low = text.lower()
    if _odd_host(low):
        yield from _addresses(_HOST, text)
    if "@" in low and any(map(low.__contains__, _NOBODY_KEYS)):
        yield from _addresses(_NOBODY, text)
    if _odd_digits(low):
        yield from _numbers(text)
    if any(map(low.__contains__, _ALWAYS_KEYS)):
        yield from _marks(_ALWAYS, text)
    if any(map(low.__contains__, _MARKED_KEYS)):
        yield from _marks(_MARKED, text)
    for sign, pattern in _BRACKETS.items():
        if sign in text:
            yield from _marks(pattern, text)
    if any(map(low.__contains__, _ALONE_KEYS)):
        yield from _marks(_ALONE, text)


# Every pattern has keys, one of which stands wherever it could match: looking for a hundred keys
# takes a tenth of the time that the patterns take.

# Reserved for documentation (RFC 2606), and what people write for "your domain" in five languages.
# `.example` itself is not here: it is how playbooks write the examples of their facts.
_HOST = later(
    r"(?<![\w-])(?:example\.(?:com|org|net)|exemple\.(?:com|fr)|ejemplo\.(?:com|es)"
    r"|(?:ornek|örnek)\.com|(?:primer|пример)\.(?:ru|рф)"
    r"|your-?(?:shop|store|company|domain|brand|site|website|business)\.[a-z]{2,9}"
    r"|votre-?(?:boutique|domaine|site|entreprise)\.[a-z]{2,9}"
    r"|tu-?(?:tienda|dominio|sitio|empresa)\.[a-z]{2,9}"
    r"|(?:domain|company|yourname|sitename|mysite|domaine|dominio|siteadi)\.(?:com|tld|xyz))"
    r"(?![\w-])",
    re.IGNORECASE,
)
_HOST_KEYS = (
    *("example.", "exemple.", "ejemplo.", "ornek.", "örnek.", "primer.", "пример."),
    *("shop.", "store.", "company.", "domain.", "brand.", "site.", "website.", "business."),
    *("boutique.", "domaine.", "entreprise.", "tienda.", "dominio.", "sitio.", "empresa."),
    *("yourname.", "sitename.", "siteadi."),
)
_DOT = re.compile(r"\.[a-zрт]")


def _odd_host(low: str) -> bool:
    for dot in _DOT.finditer(low):
        at = dot.start()
        if low.endswith(_HOST_KEYS, 0, at + 1) and _HOST.search(low, max(0, at - 20), at + 20):
            return True
    return False


_NOBODY = later(
    r"(?<![\w.+-])(?:x{2,20}|(?:your|my)[._-]?(?:e?-?mail|name|address)|firstname\.lastname"
    r"|(?:votre|tu|su)[._-]?(?:e?-?mail|adresse|nom|correo|nombre))@",
    re.IGNORECASE,
)
_NOBODY_KEYS = ("xx@", "mail@", "name@", "address@", "adresse@", "nom@", "correo@", "nombre@")
# An address is followed to both its ends, so many letters at most: a hostile text has no spaces.
_OF_ADDRESS = later(r"[\w.+@:/~%?&=#-]")
_REACH = 200


def _addresses(pattern: re.Pattern[str], text: str) -> Iterator[Leftover]:
    told = 0
    for found in pattern.finditer(text):
        if found.start() < told:
            continue
        start, told = found.span()
        first, last = max(0, start - _REACH), min(len(text), told + _REACH)
        while start > first and _OF_ADDRESS.match(text[start - 1]):
            start -= 1
        while told < last and _OF_ADDRESS.match(text[told]):
            told += 1
        while text[told - 1] in ".:,?":
            told -= 1
        yield Leftover(start, told, contact=True)


_NUMBER = later(
    r"(?<![\w+(])(?<!\d[ .,\u00a0\u202f])(?:\+|\(|0)[\dXxХх ()./\u00a0\u202f-]{5,30}(?!\w)"
    r"|(?<!\w)[XХ]{2,20}(?:[ ./\u00a0-][XХ]{2,20}){1,9}(?!\w)"
)
_COUNTED = frozenset({"123456789", "0123456789", "1234567890", "12345678", "01234567"})
_SAME = later(r"(\d)\1{5,}")
# 555-0100 to 555-0199 are the numbers of films (North American Numbering Plan).
_OF_FILMS = later(r"555[ .-]?01\d\d$")
_DIGITS = re.compile(r"[0-9][0-9 ()./\u00a0\u202f-]{4,}")
_ODD = re.compile(r"0{5}|([1-9])\1{5}|55501")


def _odd_digits(low: str) -> bool:
    if "xx" in low or "хх" in low:
        return True
    rows = (re.sub(r"\D", "", row) for row in _DIGITS.findall(low))
    return any(_ODD.search(digits) or digits in _COUNTED for digits in rows)


def _numbers(text: str) -> Iterator[Leftover]:
    for number in _NUMBER.finditer(text):
        if _leads_nowhere(number[0]):
            yield Leftover(*_trimmed(text, *number.span()), contact=True)


def _leads_nowhere(number: str) -> bool:
    digits = "".join(filter(str.isdecimal, number))
    held = sum(sign in "XxХх" for sign in number)
    return (
        (held > 1 and len(digits) + held >= 4)
        or digits in _COUNTED
        or bool(_SAME.search(digits))
        or (len(digits) >= 5 and not digits.strip("0"))
        or bool(_OF_FILMS.search(number.rstrip(" ).")))
    )


_ALWAYS = later(
    r"\bFIXME\b|\bTBD\b|\bX{3,20}\b(?![- ]?L)|(?i:\blorem ipsum\b)|(?<!\w)\?\?\?"
    # In Spanish "TODO" is a word, so a row of capitals is an emphatic sentence.
    r"|\bTODO\b(?!\s{1,3}[A-ZÁÉÍÓÚÑ]{2})"
    r"|\b[ÀA] COMPL[ÉE]TER\b|\bPOR COMPLETAR\b|\bPOR DEFINIR\b|\bDOLDURULACAK\b|\bЗАПОЛНИТЬ\b"
)
_ALWAYS_KEYS = (
    *("fixme", "tbd", "xxx", "lorem ipsum", "???", "todo"),
    *("compléter", "completer", "por completar", "por definir", "doldurulacak", "заполнить"),
)
# Ordinary words too, even in capitals ("PAGO PENDIENTE: 20 €"): marks where a colon follows and
# no word stands before them, or alone.
_CAPITALS = (
    r"(?:PENDIENTE|POR HACER|POR ESCRIBIR|[ÀA] (?:R[ÉE]DIGER|[ÉE]CRIRE)"
    r"|YAPILACAK|YAZILACAK|EKLENECEK|TAMAMLANACAK|BELİRLENECEK"
    r"|ДОПИСАТЬ|ДОДЕЛАТЬ|ДОПОЛНИТЬ|УТОЧНИТЬ|ВПИСАТЬ)"
)
_MARKED = later(
    rf"(?<!\w)(?<!\w[ \u00a0]){_CAPITALS}(?=[ \u00a0\u202f]{{0,2}}:)"
    rf"|^[ \t.…;,()\[\]«»\"'*_!?\u00a0-]{{0,8}}{_CAPITALS}[ \t.…:;,()\[\]«»\"'*_!?\u00a0-]{{0,8}}$",
    re.MULTILINE,
)
_MARKED_KEYS = (
    *("pendiente", "por hacer", "por escribir", "rédiger", "rediger", "écrire", "ecrire"),
    *("yapilacak", "yazilacak", "eklenecek", "tamamlanacak", "rlenecek"),
    *("дописать", "доделать", "дополнить", "уточнить", "вписать"),
)
_INVITING = (
    "your|insert|enter|add|fill|votre|vos|ins[ée]rer|tu|su|inserte|escriba"
    "|sizin|adınız|ваш[аеи]?|вставьте|вставить|укажите|введите"
)
_NAMED = (
    "name|e-?mail|phone|number|date|time|url|link|company|shop|address|nom|t[ée]l[ée]phone|lien"
    "|nombre|correo|tel[ée]fono|fecha|enlace|isim|ad|telefon|tarih"
    "|имя|название|телефон|дата|ссылка|почта"
)
_BRACKETS = {
    "<": later(
        rf"<[ ]?(?:(?:{_INVITING})\b[^<>\n]{{0,60}}|(?:{_NAMED})[ ]?)>",
        re.IGNORECASE,
    ),
    "[": later(
        rf"\[[ ]?(?:(?:{_INVITING})\b[^\[\]\n]{{0,60}}|(?:{_NAMED}|x{{1,6}}|\.\.\.|…)[ ]?)\](?!\()",
        re.IGNORECASE,
    ),
}
# These are ordinary words inside a sentence ("fill in the form"); alone they hold a place.
_WORDS = (
    r"fill (?:this |me |it )?in|to be (?:filled in|completed|confirmed|defined|determined)"
    r"|tb[ca]|to[- ]do|placeholder|change ?me|replace ?me"
    r"|[àa] (?:compl[ée]ter|remplir|d[ée]finir|confirmer|pr[ée]ciser)"
    r"|(?:por|a) (?:completar|rellenar|definir|confirmar|determinar)"
    r"|doldurulacak|tamamlanacak|eklenecek|belirlenecek|doldurun"
    r"|(?:нужно |надо )?(?:заполнить|дополнить|дописать|уточнить|вписать)|заполните"
)
_SIGNS = r"[ \t.…:;,()\[\]<>«»\"'*_!?/\u00a0-]{0,8}"
_ALONE = later(
    rf"^{_SIGNS}(?:{_WORDS}|\.\.\.|…){_SIGNS}$"
    rf"|(?<=[:(\[<])[ \u00a0\t]{{0,3}}(?:{_WORDS})(?=[)\]>.!]?[ \t]{{0,3}}$|[)\]>])",
    re.IGNORECASE | re.MULTILINE,
)
_ALONE_KEYS = (
    *("fill in", "fill this", "fill me", "fill it", "to be filled", "to be completed"),
    *("to be confirmed", "to be defined", "to be determined", "tbc", "tba", "to do", "to-do"),
    *("placeholder", "changeme", "change me", "replace me", "replaceme", "...", "…"),
    *("compléter", "completer", "remplir", "définir", "definir", "confirmer", "préciser"),
    *("preciser", "completar", "rellenar", "confirmar", "determinar", "doldur", "tamamlanacak"),
    *("eklenecek", "belirlenecek", "заполн", "дополнить", "дописать", "уточнить", "вписать"),
)
_KEYS = (*_ALWAYS_KEYS, *_MARKED_KEYS, *_ALONE_KEYS, *_NOBODY_KEYS)


def _marks(pattern: re.Pattern[str], text: str) -> Iterator[Leftover]:
    for mark in pattern.finditer(text):
        yield Leftover(*_trimmed(text, *mark.span()), contact=False)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
