"""The words of timelines and reports in five languages, and the little grammar that they need."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from importlib import import_module

from crisisctl.errors import CrisisError
from crisisctl.text import did_you_mean, listed, moment, quoted

Phrase = str | Mapping[str, str]
"""A sentence with places for values; where a number bends its words, one for each plural form."""

LOCALES = ("en", "fr", "es", "tr", "ru")
_I_SOUND = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)
"""What changes the "and" before it where that sounds alike: Spanish "sms e instagram"."""


class Words:
    """Says things in one language. What people and playbooks wrote stays as they wrote it."""

    def __init__(self, locale: str, phrases: Mapping[str, Phrase]) -> None:
        self.locale = locale
        self.phrases = phrases

    def __call__(self, key: str, **values: str) -> str:
        """A phrase with its values."""
        phrase = self.phrases[key]
        assert type(phrase) is str, key
        return phrase.format_map(values) if values else phrase

    def many(self, key: str, n: int, **values: str) -> str:
        """A phrase about so many things, in the right plural, if it has more than one form."""
        forms = self.phrases[key]
        phrase = forms if isinstance(forms, str) else forms[self._plural(n, forms)]
        return phrase.format_map({**values, "n": self.number(n)})

    def known(self, key: str, otherwise: str) -> str:
        """A phrase if there is one: names that a newer playbook brought stay as they are."""
        phrase = self.phrases.get(key)
        return phrase if isinstance(phrase, str) else otherwise

    def listed(self, words: Iterable[str]) -> str:
        """Words as in a sentence: "a, b and c"."""
        found = list(words)
        alike = found and _I_SOUND.match(found[-1])
        return listed(found, self("and-i") if alike else self("and"))

    def row(self, parts: Iterable[str]) -> str:
        """Parts of a sentence that have commas of their own: "a; b; c"."""
        return self("next").join(parts)

    def capital(self, text: str) -> str:
        """A phrase as it begins a line."""
        first = "İ" if self.locale == "tr" and text[:1] == "i" else text[:1].upper()
        return first + text[1:]

    def labelled(self, label: str, text: str) -> str:
        """A name and its words, with the colon that the language puts between them."""
        return f"{label}{self('colon')} {text}"

    def percent(self, value: Decimal | int) -> str:
        """A share of a hundred, with its sign where the language puts it."""
        return self("percent", n=self.number(value))

    def because(self, why: str) -> str:
        """The end of a sentence that says why; nothing where nobody did."""
        return self("because", why=why) if why else ""

    def moment(self, when: datetime, zone: tzinfo) -> str:
        """A moment with date and zone, in figures that read the same everywhere."""
        return _moment(when.replace(second=0, microsecond=0), zone)

    def span(self, delta: timedelta) -> str:
        """How long, cut to what matters: "45 s", "4 min", "1 h 05 min", "2 d 3 h"."""
        if delta < timedelta():
            return f"-{self.span(-delta)}"
        return self.held(self._span(delta))

    def _span(self, delta: timedelta) -> str:
        minutes, seconds = divmod(delta // timedelta(seconds=1), 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        d, h, m, s = self("units").split()
        if days:
            return f"{days} {d} {hours} {h}" if hours else f"{days} {d}"
        if hours:
            return f"{hours} {h} {minutes:02} {m}" if minutes else f"{hours} {h}"
        return f"{minutes} {m}" if minutes else f"{seconds} {s}"

    def number(self, value: int | Decimal) -> str:
        """A number with the marks of the language."""
        text = f"{value:,}"
        if self.locale == "en":
            return text
        group, point = self("group"), self("point")
        return text.translate({ord(","): group, ord("."): point})

    def money(self, amount: Decimal, currency: str) -> str:
        """A sum with the code of its currency, which no reader takes for another."""
        return self.held(f"{self.number(amount)} {currency}")

    def held(self, text: str) -> str:
        """A number with its unit on one line; English, which terminals speak, stays searchable."""
        return text if self.locale == "en" else text.replace(" ", "\u00a0")

    def _plural(self, n: int, forms: Mapping[str, str]) -> str:
        if self.locale == "en":
            return "one" if n == 1 else "other"
        from crisisctl.messages.formats import plural  # Babel: English, typed in the heat, has none

        found = plural(self.locale, n)
        return found if found in forms else "other"


@lru_cache(maxsize=4096)
def _moment(when: datetime, zone: tzinfo) -> str:
    return moment(when, zone)


@cache
def words(locale: str = "en") -> Words:
    """The words of a locale. Raises `CrisisError` for one that crisisctl does not speak."""
    if locale not in LOCALES:
        meant = did_you_mean(locale, LOCALES)
        raise CrisisError(
            f"{quoted(locale)} is not a locale of crisisctl",
            hint=f"did you mean {meant}?" if meant else f"write {listed(LOCALES, 'or')}",
        )
    parts = (f"crisisctl.report.words.{part}{locale}" for part in ("timeline.", ""))
    phrases = {key: phrase for part in parts for key, phrase in import_module(part).PHRASES.items()}
    return Words(locale, phrases)
