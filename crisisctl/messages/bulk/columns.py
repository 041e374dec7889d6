"""The columns of a list of people: which one is the address, and what templates call the others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from msgspec import Struct

from crisisctl.errors import CrisisError
from crisisctl.text import listed, quoted

PREFIX = "customer_"
"""How every name begins that a template knows of one person only."""
MOST = 200
"""Columns of a list."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ADDRESS = _words(
    """email e_mail mail email_address e_mail_address mail_address
    courriel adresse_email adresse_e_mail adresse_mail adresse_courriel adresse_electronique
    correo correo_electronico direccion_de_correo e_posta eposta e_posta_adresi eposta_adresi
    почта эл_почта электронная_почта адрес_электронной_почты имейл емейл"""
)
_LOCALE = _words(
    """locale lang language langue langue_du_client idioma lengua dil язык локаль language_code"""
)
_NAME = _words(
    """name full_name nom nom_complet nombre nombre_completo ad adi ad_soyad adi_soyadi isim
    имя полное_имя фио"""
)
_ROLES = (("address", _ADDRESS), ("locale", _LOCALE), ("name", _NAME))


class Columns(Struct, frozen=True):
    """Where in a row stands what."""

    width: int
    address: int
    locale: int | None
    name: int | None
    values: tuple[tuple[int, str], ...]
    """The cells that templates may show, each with its name there."""

    @property
    def personal(self) -> frozenset[str]:
        """All names that a person of this list may have a value for."""
        return frozenset(name for _, name in self.values)


def columns_of(header: Sequence[str]) -> Columns:
    """Understand a header. Raises `CrisisError` where it leaves a doubt."""
    if len(header) > MOST:
        raise CrisisError(f"line 1 names {len(header)} columns, the most are {MOST}")
    keys = [_key(cell) for cell in header]
    roles = {role: _place(known, header, keys) for role, known in _ROLES}
    address = roles["address"]
    if address is None:
        found = listed([quoted(cell, 30) for cell in header[:10]])
        raise CrisisError(
            f"line 1 names no column with addresses; it names {found}",
            hint='name the column "email" in the first line of the file',
        )
    named: dict[str, int] = {}
    for place, key in enumerate(keys):
        name = _name(place, key, roles)
        if name and name in named:
            raise _twice(header[named[name]], header[place])
        if name:
            named[name] = place
    values = tuple((place, name) for name, place in named.items())
    return Columns(len(header), address, roles["locale"], roles["name"], values)


def knows_addresses(header: Sequence[str]) -> bool:
    """Whether one of the columns is plainly the one with addresses."""
    return any(_key(cell) in _ADDRESS for cell in header)


def _key(cell: str) -> str:
    """A column's name as a template could write it: "N° de commande" is `n_de_commande`."""
    text = unicodedata.normalize("NFKD", cell.casefold().replace("ı", "i"))
    text = re.sub("([a-z])[\u0300-\u036f]+", r"\1", text)
    text = unicodedata.normalize("NFC", text)
    return re.sub(r"\W+", "_", text).strip("_").removeprefix(PREFIX)[:60]


def _place(known: frozenset[str], header: Sequence[str], keys: Sequence[str]) -> int | None:
    found = [place for place, key in enumerate(keys) if key in known]
    if len(found) > 1:
        raise _twice(header[found[0]], header[found[1]])
    return found[0] if found else None


def _name(place: int, key: str, roles: Mapping[str, int | None]) -> str:
    if place == roles["locale"]:
        return ""
    if place == roles["address"]:
        return f"{PREFIX}email"
    if place == roles["name"]:
        return f"{PREFIX}name"
    return f"{PREFIX}{key}" if key else ""


def _twice(first: str, second: str) -> CrisisError:
    both = f"{quoted(first, 30)} and {quoted(second, 30)}"
    return CrisisError(
        f"line 1 names two columns that mean the same: {both}",
        hint="rename one of them, or take it out",
    )
