"""Languages by whatever name a platform gives them, as two letters."""

from __future__ import annotations

import re

from crisisctl.tables.names import fold

_MEMORY = 1_000


def _names(code: str, names: str) -> dict[str, str]:
    return {fold(name): code for name in names.split()}


_CODES = {
    **_names("ar", "ara arabic arabe árabe arapça арабский العربية"),
    **_names("bg", "bul bulgarian болгарский български"),
    **_names("cs", "ces cze czech čeština чешский"),
    **_names("da", "dan danish dansk датский"),
    **_names("de", "deu ger german deutsch allemand alemán almanca немецкий"),
    **_names("el", "ell gre greek ελληνικά греческий"),
    **_names("en", "eng english anglais inglés ingilizce английский englisch"),
    **_names("es", "spa spanish latam español espagnol castellano ispanyolca испанский spanisch"),
    **_names("fi", "fin finnish suomi финский"),
    **_names("fr", "fra fre french français francés fransızca французский französisch"),
    **_names("he", "heb hebrew iw עברית иврит"),
    **_names("hu", "hun hungarian magyar венгерский"),
    **_names("id", "ind indonesian bahasa_indonesia индонезийский"),
    **_names("it", "ita italian italiano italien italyanca итальянский"),
    **_names("ja", "jpn japanese japonais japonés japonca японский 日本語"),
    **_names("ko", "kor korean koreana coréen korece корейский 한국어"),
    **_names("nl", "nld dut dutch nederlands néerlandais нидерландский"),
    **_names("no", "nor norwegian norsk nb nn nob nno норвежский"),
    **_names("pl", "pol polish polski polonais polaco польский"),
    **_names("pt", "por portuguese brazilian português portugais portugués португальский"),
    **_names("ro", "ron rum romanian română румынский"),
    **_names("ru", "rus russian русский russe ruso rusça russisch"),
    **_names("sv", "swe swedish svenska шведский"),
    **_names("th", "tha thai тайский ไทย"),
    **_names("tr", "tur turkish türkçe turc turco турецкий türkisch"),
    **_names("uk", "ukr ukrainian українська украинский"),
    **_names("vi", "vie vietnamese вьетнамский"),
    **_names("zh", "zho chi chinese schinese tchinese chinois chino çince китайский 中文"),
    **_names("", "und mul unknown other none null all auto default xx"),
}


class Tongues:
    """Folds the names of languages: English, en-US and eng are en."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {"": ""}

    def read(self, cell: str) -> str:
        """Two letters; empty where nobody knows such a language."""
        code = self._known.get(cell)
        if code is None:
            code = _code(cell)
            if len(self._known) < _MEMORY and len(cell) < 60:
                self._known[cell] = code
        return code


def _code(cell: str) -> str:
    name = cell.strip().casefold()[:60]
    first = re.split(r"[-_ (,;/@.]", name, maxsplit=1)[0]
    for word in (fold(name), fold(first)):
        if word in _CODES:
            return _CODES[word]
    return first if len(first) == 2 and first.isascii() and first.isalpha() else ""
