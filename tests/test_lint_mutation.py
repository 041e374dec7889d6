"""The shipped files broken in thousands of small ways: what harms somebody is found.

`python tests/mutants.py all` lints every mutant; here a sample by lot stands for them, with as
many of each family. What survives is written down with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from mutants import Outcome, linted, mutants, sample, table
from mutation.files import originals
from mutation.mutant import Mutant
from mutation.world import World

CAUGHT = 0.97
"""The share of harmful mutants of which the linter must tell."""
NEAR = 0.95
"""The share of those whose first finding must stand where the change is, or name it."""
_SENTENCE = r"^\[delete a sentence\] .*"
EXPLAINED = {
    r"review-wave-twin\.yaml: .*(tell-fixed|recovery|update)\.ask\.\d": (
        "asked in an earlier step as well; it is asked again for whoever has skipped that one"
    ),
    _SENTENCE + r"\"(We want to hear it\.|Nous tenons à le savoir\.|Bunu bilmek isteriz\."
    r"|Нам важно об этом знать\.)": (
        "a courtesy behind the address at which to write: the address still says it"
    ),
    _SENTENCE
    + r"\"(Your reports helped us|Bildirdikleriniz|Мы ответим каждому|Vous comptiez sur nous"
    r"|Yazdıklarınızı ekibimizden|Спасибо за терпение|Просим за это прощения)": (
        "thanks, regret or an answer that the same text promises in another sentence too"
    ),
    _SENTENCE
    + r"\"(Pourquoi cette panne|¿Por qué ocurrió|В чём причина|Остались вопросы|Что с вашими"
    r"|Нет вашего\?|La banque vous a facturé)": (
        "a question that leads to the sentence behind it: other languages put a heading there, "
        "or join the two"
    ),
    _SENTENCE + r"helpline-script\.en\.j2: .*\"Will you pay for my losses": (
        "a caller's question, that leads to the answer behind it"
    ),
    _SENTENCE + r"\"(There are no strings|It does not (depend|replace)|No hay letra pequeña)": (
        "English alone splits into several sentences what others say in one"
    ),
    _SENTENCE
    + r"\"(Kodu bir kez|Он действует один раз|If it affects you|- Please do not try to pay"
    r"|S’il vous manque|Merci de regarder votre compte|- С любым вопросом)": (
        "one of two pieces of advice in a line or list that languages divide in different ways; "
        "the other one stays"
    ),
    _SENTENCE + r"(cause_sentence: .*\"(Следить за этим|C’est à nous d)|.*\"Kontrol ettik: tüm)": (
        "in a case that the example facts do not show, and a short one: only what is read aloud "
        "is compared"
    ),
    _SENTENCE
    + r"internal-brief\.\w+\.j2: .*\"(Ni numéro de carte|N’en faites pas|Bunu mazeret|Do not call"
    r"|Nous vérifions|Kontrol ediyoruz|doğrulamadık|A small part|Orders or data"
    r"|- “Lütfen ikinci)": (
        "colleagues are told the same in the lines around it; telegraphic lines differ too much "
        "between languages to be counted"
    ),
}
"""Harmful mutants that nobody can tell from the files alone, by a pattern, each with the reason."""


def told(mutant: Mutant) -> str:
    """A mutant in one line."""
    return f"[{mutant.family}] {mutant.what}"


def explained(mutant: Mutant) -> bool:
    """Whether it is known that nobody can tell."""
    return any(re.search(pattern, told(mutant)) for pattern in EXPLAINED)


def unexplained(results: Sequence[Outcome]) -> list[str]:
    """The harmful mutants of which nothing was said, and those on which the linter broke down."""
    return [
        f"{told(result.mutant)} {result.crash}"
        for result in results
        if result.crash or not (result.caught or result.mutant.harmless or explained(result.mutant))
    ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """It is as it was after each mutant."""
    return World(tmp_path_factory.mktemp("world"))


def test_nothing_is_found_in_the_files_as_they_are(world: World) -> None:
    assert world.known() == {}


def test_no_two_mutants_say_the_same_and_each_changes_something() -> None:
    files = originals()

    assert len({mutant.what for mutant in mutants()}) == len(mutants()) > 5000
    for mutant in mutants():
        changed = mutant.changed(files)
        assert changed
        assert all(text != files.get(name) for name, text in changed.items()), mutant.what


def test_one_of_every_family_is_found(world: World) -> None:
    few: dict[str, Mutant] = {}
    for mutant in sample(200):
        if not (mutant.harmless or explained(mutant)):
            few.setdefault(mutant.family, mutant)

    assert few.keys() == {mutant.family for mutant in mutants()}
    assert unexplained([world.outcome(mutant) for mutant in few.values()]) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_what_harms_somebody_is_found_and_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    results = list(linted(sample()))

    with capsys.disabled():
        print(f"\n{table(results)}")  # noqa: T201 - the figures are what this is for
    harmful = [result for result in results if not result.mutant.harmless]
    caught = [result for result in harmful if result.caught]
    assert unexplained(results) == []
    assert len(caught) >= CAUGHT * len(harmful)
    assert sum(result.near for result in caught) >= NEAR * len(caught)


@pytest.mark.parametrize("pattern", EXPLAINED)
def test_every_explanation_is_of_a_mutant_that_there_is(pattern: str) -> None:
    assert any(re.search(pattern, told(mutant)) for mutant in mutants())
