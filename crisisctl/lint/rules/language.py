"""Whether each text is in its language, in one register, and set as that language is set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from crisisctl.errors import CrisisError
from crisisctl.lint.finding import Hit
from crisisctl.lint.rule import rule
from crisisctl.lint.subject import Book, MessageText
from crisisctl.messages.formats import LOCALES
from crisisctl.messages.proof import language
from crisisctl.messages.proof.language import Lists
from crisisctl.messages.proof.quotations import inside
from crisisctl.messages.proof.register import mixed
from crisisctl.messages.proof.remark import Remark
from crisisctl.messages.proof.typography import typography


@rule("mixed-register", MessageText)
def mixed_register(text: MessageText) -> Iterator[Hit]:
    """A text addresses its readers in two ways.

    French "tu" and "vous", Spanish "tú" and "usted", Turkish "sen" and "siz",
    Russian "ты" and "вы" in one text show that several people wrote it, none
    of whom read it. Russian "Вы" and "вы" within sentences count as well.
    Words in quotation marks are somebody else's.

    Bad:
        Vous pouvez commander par téléphone. Merci de ta patience.
    Good:
        Vous pouvez commander par téléphone. Merci de votre patience.
    """
    words = dict(_lists(text.book)).get(text.locale)
    if words is not None:
        yield from _hits(text, mixed(text.anatomy.prose, text.locale, words))


@rule("wrong-language", MessageText)
def wrong_language(text: MessageText) -> Iterator[Hit]:
    """A text, or a sentence in it, is not in the language that its file is named by.

    A copy that nobody translated, two files that changed places, or a sentence
    that somebody added in haste. It counts which common words of each language
    the text has. A sentence needs two of another language, and hardly one of
    its own; names, links and quotations do not count, and a sentence that the
    other language has as well is told of by `untranslated`.

    Bad:
        holding.fr.j2: We know about it, and we are sorry. You can order by phone.
    Good:
        holding.fr.j2: Nous le savons et nous sommes désolés. Vous pouvez commander par téléphone.
    """
    lists, prose = _lists(text.book), text.anatomy.prose
    found = language.wrong_language(prose, text.locale, lists)
    if found:
        yield from _hits(text, found)
        return
    whole: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        for remark in language.wrong_language(prose[start:end], text.locale, lists):
            whole.append((start, end))
            yield text.hit(start + remark.start, remark.text, remark.hint)
    strange = language.foreign(_with_borders(text), text.locale, lists)
    same = {remark.start for remark in _untranslated(text)} if strange else set()
    for remark in strange:
        if remark.start not in same and not any(a <= remark.start < b for a, b in whole):
            yield text.hit(remark.start, remark.text, remark.hint)


@rule("untranslated", MessageText)
def untranslated(text: MessageText) -> Iterator[Hit]:
    """A sentence is the same in two languages.

    It is easily forgotten when a text is changed in the middle of a crisis,
    and only those who read that language will see it. Sentences of five words
    or more are compared; links, names and quotations are not.

    Bad:
        holding.fr.j2: Nous réparons la panne. We will write again when we know more.
    Good:
        holding.fr.j2: Nous réparons la panne. Nous écrirons quand nous en saurons plus.
    """
    yield from _hits(text, _untranslated(text))


def _untranslated(text: MessageText) -> list[Remark]:
    written = text.book.texts.get(text.message, {})
    if text.locale not in LOCALES or not written.keys() - {text.locale}:
        return []  # under a locale that there is not, the name is what is wrong
    lists, prose = _lists(text.book), _with_borders(text)
    if language.language(text.anatomy.prose, text.locale, lists) is not None:
        return []  # the whole text is, and another rule says so
    others = {
        locale: _with_borders(other) for locale, other in written.items() if locale in LOCALES
    }
    return language.untranslated(prose, text.locale, others, lists)


@rule("fr-spacing", MessageText)
def fr_spacing(text: MessageText) -> Iterator[Hit]:
    """A no-break space is missing beside a French mark.

    French has a space before ; : ! ? » and after «. An ordinary one lets the
    mark slip to the next line. An SMS is spared.

    Bad:
        Que faire ?        (with an ordinary space)
    Good:
        Que faire ?        (with U+00A0 or U+202F)
    """
    yield from _set(text, "fr-spacing")


@rule("es-opening-marks", MessageText)
def es_opening_marks(text: MessageText) -> Iterator[Hit]:
    """A Spanish question or exclamation does not open with its mark.

    Readers need it to know from the first word how a sentence is meant; without it
    the text looks translated by a machine.

    Bad:
        Tiene preguntas? Escríbanos.
    Good:
        ¿Tiene preguntas? Escríbanos.
    """
    yield from _set(text, "es-opening-marks")


@rule("ru-quotes", MessageText)
def ru_quotes(text: MessageText) -> Iterator[Hit]:
    """A Russian text has English or straight quotation marks.

    Russian has «ёлочки»; other marks show that the text was translated in haste.

    Bad:
        Команда магазина "Kestrel"
    Good:
        Команда магазина «Kestrel»
    """
    yield from _set(text, "ru-quotes")


@rule("tr-percent", MessageText)
def tr_percent(text: MessageText) -> Iterator[Hit]:
    """A Turkish percent sign stands behind its number.

    The filter `percent` writes it where each language has it.

    Bad:
        Sonraki siparişinizde 20% indirim
    Good:
        Sonraki siparişinizde %20 indirim
    """
    yield from _set(text, "tr-percent")


@rule("three-dots", MessageText)
def three_dots(text: MessageText) -> Iterator[Hit]:
    """Three full stops stand where the sign for them belongs.

    They may be torn apart at the end of a line. In an SMS they are right: the
    sign would halve what it holds.

    Bad:
        We are working on it...
    Good:
        We are working on it…
    """
    yield from _set(text, "three-dots")


@rule("double-space", MessageText)
def double_space(text: MessageText) -> Iterator[Hit]:
    """There is more than one space between two words.

    It is left over from a change, and a sign that nobody read the text again.

    Bad:
        We are  sorry.
    Good:
        We are sorry.
    """
    yield from _set(text, "double-space")


@rule("space-before-stop", MessageText)
def space_before_stop(text: MessageText) -> Iterator[Hit]:
    """A space stands before a full stop or a comma.

    It is left over from a change, and may begin a line with the mark.

    Bad:
        We are sorry .
    Good:
        We are sorry.
    """
    yield from _set(text, "space-before-stop")


def _set(text: MessageText, rule: str) -> Iterator[Hit]:
    remarks = [r for r in typography(text.anatomy.prose, text.locale) if r.rule == rule]
    if remarks:
        spared = _of_sms(text)
        yield from _hits(text, [r for r in remarks if not inside(r.start, spared)])


def _hits(text: MessageText, remarks: list[Remark] | tuple[Remark, ...]) -> Iterator[Hit]:
    for remark in remarks:
        yield text.hit(remark.start, remark.text.replace("\0", ""), remark.hint)


@lru_cache(maxsize=4)
def _lists(book: Book) -> Lists:
    try:
        return language.words_of(book.workspace)
    except CrisisError:  # a list of the workspace's own that cannot be read
        return ()


_BLOCK = re.compile(r"\{%[-+]?\s*(?:block\s+(?P<name>\w+)|endblock)\b[^%]*%\}")
_CALL = re.compile(r"self\.(\w+)\(")


@lru_cache(maxsize=32)
def _named_blocks(code: str) -> dict[str, tuple[int, int]]:
    """Where each block's content stands."""
    found: dict[str, tuple[int, int]] = {}
    name, start = "", 0
    for tag in _BLOCK.finditer(code):
        if name:
            found[name] = (start, tag.start())
        name, start = tag["name"] or "", tag.end()
    return found


def _blocks(text: MessageText) -> Iterator[tuple[int, int]]:
    yield from _named_blocks(text.anatomy.code).values()


def _of_sms(text: MessageText) -> list[tuple[int, int]]:
    """The blocks that only a text message is made of: it counts septets, not beauty."""
    blocks, code = _named_blocks(text.anatomy.code), text.anatomy.code
    channels = text.book.channels.channels.items()
    own = {c.block_for(name, blocks) for name, c in channels if c.sms}
    read = {c.block_for(name, blocks) for name, c in channels if not c.sms}
    spared = own - read
    calls = {name: set(_CALL.findall(code[a:b])) for name, (a, b) in blocks.items()}
    called = {part for name in spared for part in calls.get(name, ())}
    elsewhere = {part for name in blocks.keys() - spared for part in calls[name]}
    spared |= called - elsewhere - read
    return sorted(blocks[name] for name in spared & blocks.keys())


def _with_borders(text: MessageText) -> str:
    """The prose with a line's end at every tag but those that print: no sentence goes across."""
    return _bordered(text.anatomy.prose, text.source.text)


@lru_cache(maxsize=128)
def _bordered(prose: str, source: str) -> str:
    letters = list(prose)
    for tag in re.finditer(r"\{[%#].*?[%#]\}", source, re.DOTALL):
        letters[tag.start() : tag.end()] = "\n" * len(tag[0])
    return "".join(letters)
