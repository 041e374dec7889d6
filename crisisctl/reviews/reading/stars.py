"""Ratings of every kind, as one to five stars."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crisisctl.tables.names import fold, folded

_MEMORY = 10_000
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,6})?")
_SHARE = re.compile(
    r"(\d{1,3}(?:[.,]\d{1,6})?) ?(?:/|out of|sur|de|von|из|üzerinden|over) ?(\d{1,3})\b"
)
_PERCENT = re.compile(r"%? ?(\d{1,3}(?:[.,]\d{1,6})?) ?%?")
_UNIT = re.compile(
    r"(\d(?:[.,]\d{1,6})?)[ -]?(?:\*|★|⭐️?|(?:stars?|étoiles?|etoiles?|estrellas?"
    r"|yıldız|yildiz|зв[её]зд[аы]?|sterne?|points?|puan)\b).*"
)
_PICTURES = re.compile("[★⭐✭✮✯🌟☆✩\ufe0f ½]+")
_FULL = "★⭐✭✮✯🌟"
_NOTHING = frozenset(("", "-", "–", "—", "n/a", "na", "none", "null", "nil", "#n/a", "n/d"))


def _words(stars: int, words: str) -> dict[str, float]:
    return {fold(word): float(stars) for word in words.split()}


_WORDS = {
    **_words(
        1,
        """one very_poor very_bad terrible awful horrible bad false no not_recommended negative
        thumbs_down down dislike disliked very_dissatisfied very_unsatisfied nicht_empfohlen
        negativ nein mauvais très_mauvais non négatif négative pas_recommandé non_recommandé
        très_insatisfait malo muy_malo pésimo negativo negativa no_recomendado muy_insatisfecho
        çok_kötü berbat hayır olumsuz tavsiye_etmiyorum tavsiye_edilmez negatif
        ужасно нет отрицательный отрицательная отрицательно негативный негативная не_рекомендую
        очень_плохо""",
    ),
    **_words(
        2,
        """two poor dissatisfied unsatisfied below_average médiocre insatisfait mediocre
        insatisfecho kötü memnun_değilim плохо mangelhaft""",
    ),
    **_words(
        3,
        """three average neutral mixed ok okay fair moyen neutre mitigé passable regular
        aceptable neutro mixto orta nötr tarafsız idare_eder средне нормально удовлетворительно
        нейтральный нейтральная нейтрально gemischt""",
    ),
    **_words(
        4,
        """four good satisfied bien bon satisfait bueno satisfecho iyi memnunum хорошо gut""",
    ),
    **_words(
        5,
        """five excellent great very_good perfect true yes recommended positive thumbs_up up like
        liked very_satisfied empfohlen positiv ja très_bien parfait oui positif positive
        recommandé très_satisfait excelente muy_bueno muy_bien sí positivo positiva recomendado
        muy_satisfecho mükemmel çok_iyi harika evet olumlu tavsiye_ediyorum tavsiye_edilir pozitif
        отлично да положительный положительная положительно позитивный позитивная рекомендую
        очень_хорошо рекомендовано рекомендуется""",
    ),
}
_VOTES = frozenset(
    folded(
        """voted_up recommended is_recommended recommendation recommande recomienda tavsiye
        рекомендация рекомендую empfehlung sentiment combined_rating"""
    )
)
"""Columns in which 1 is a yes and 0 or -1 a no."""


class Stars:
    """Reads the ratings of one column: what its numbers mean is the same in every row."""

    def __init__(self, best: int = 5) -> None:
        """`best` is the highest number of the scale: 1 (a yes or a no), 5, 10 or 100."""
        self.best = best
        self._known: dict[str, float | None] = {}

    def read(self, cell: str) -> float | None:
        """From 1 to 5; None where it says nothing. Raises `ValueError` where it makes no sense."""
        try:
            return self._known[cell]
        except KeyError:
            stars = self._stars(cell)
        if len(self._known) < _MEMORY and len(cell) < 40:
            self._known[cell] = stars
        return stars

    def can_read(self, cell: str) -> bool:
        """Whether it makes sense, be it that it says nothing."""
        try:
            self.read(cell)
        except (ValueError, OverflowError):
            return False
        return True

    def makes_sense(self, cell: str) -> bool:
        """Whether it says something that can be read."""
        try:
            return self.read(cell) is not None
        except (ValueError, OverflowError):
            return False

    def _stars(self, cell: str) -> float | None:
        text = " ".join(cell[:100].casefold().split())
        if text in _NOTHING:
            return None
        if _NUMBER.fullmatch(text):
            return self._scaled(_number(text), self.best)
        if self.best == 1 and text in ("-1", "-1.0"):
            return 1.0
        stars = _WORDS.get(fold(text))
        if stars is not None:
            return stars
        if share := _SHARE.match(text):
            return self._scaled(_number(share[1]), int(share[2]))
        if unit := _UNIT.fullmatch(text):
            return self._scaled(_number(unit[1]), 5)
        if percent := _PERCENT.fullmatch(text):
            return self._scaled(_number(percent[1]), 100)
        if _PICTURES.fullmatch(text) and (full := sum(map(text.count, _FULL))):
            return self._scaled(full + ("½" in text) / 2, 5)
        raise ValueError

    @staticmethod
    def _scaled(number: float, best: int) -> float:
        if best < 1 or number > best:
            raise ValueError
        if best == 5:
            return max(number, 1.0)  # no star at all is the worst there is
        return round(1 + 4 * number / best, 2)


def scale(cells: Iterable[str], name: str) -> int:
    """The highest number of a column: told by its name, else by the numbers in it."""
    folded = fold(name)
    texts = [cell.strip() for cell in cells]
    numbers = [_number(text) for text in texts if _NUMBER.fullmatch(text)]
    if folded in _VOTES and all(number <= 1 for number in numbers):
        return 1
    few = max(1, len(numbers) // 200)  # one slip of the pen changes no scale
    beyond_ten = sum(10 < number <= 100 for number in numbers)
    beyond_five = sum(5 < number <= 10 for number in numbers)
    if beyond_ten >= few:
        return 100
    if beyond_five >= few or (beyond_five and 0 in numbers):
        return 10
    return 10 if folded.startswith(("nps", "likelihood")) or folded == "overallscore" else 5


def _number(text: str) -> float:
    return float(text.replace(",", "."))
