"""Which language a review is in: as its platform says, else by its letters and small words.

"Unknown" (an empty string) is an honest answer: to "ok", to names, to emoji. Languages
that there are no lists for are known by a few words, so that they are not taken for one
that there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crisisctl.messages.proof.language import words_of
from crisisctl.reviews.spelling import alike, plain

if TYPE_CHECKING:
    from crisisctl.reviews.review import Review
    from crisisctl.workspace import Workspace

UNKNOWN = ""

_MOST = 1_000
"""Characters that are read: what a language is shows much earlier."""
_LEAST = 1.0
"""Votes without which nothing is said: one word that no other language has."""
_AHEAD = 1.25
"""How much more than the next language the first must have."""
_SHARE = 0.12
"""Of a longer text's words, how many must speak for it; in honest texts a third does."""
_LONG = 8
_JOINT = "'"
_LETTER = 1.5
"""What a letter counts that only one language writes, against a word."""

_MORE = {
    "en": """i i'm i've my me it's isn't don't didn't doesn't can't won't very so just they he she
        had him her no never ever good great bad best worst love nice order buy
        bought get got would could should about after because only all out up even back again
        thing easy waste works working use used terrible awful one than them in as i'd
        on into next still nothing too like although since takes took every same more went going off
        down there's wouldn't i'll years days weeks months dont cant wont didnt fix expected to for
        don't with stopped disappointed then ordered cheap money customer""",
    "fr": """je j'ai j c'est ce cette ces mon ma mes très tres pas plus mais ne que qui les des
        une un est et le la du au aux pour avec sur dans rien tout tous bien mauvais nul nulle
        jamais aucun aucune toujours commande produit livraison déçu arnaque merci fait été suis
        a de d l n s qu on se il elle sont en bonne bon mauvaise qualité colis reçu recu client
        recommande marche société remboursement vraiment chez après être fuir déconseille sav depuis
        deux mois chaque autre partout mieux avant trop si jamais quelle faire page erreur escrocs
        plainte était fuyez impossible l' d' n' j' c' qu' s' m'""",
    "es": """yo mi me es el la los las un una y que qué muy no pero por para con de del se lo le
        en mal malo mala peor mejor bueno buena nunca nada todo producto pedido pésimo pesimo
        llegó llego gracias está esta más mas porque cuando hace han he al su sus fue están
        ni sin ya solo tienda servicio atención dinero excelente recomiendo son hay funciona estafa
        cliente aplicación empresa compren estafadores antes eran ahora aunque cada dice días día
        tiene tienen hacer hasta donde otro otra fueron era vaya cero tres dos veces vez meses horas
        cuenta primera primer estoy tengo aquí aqui eso esto ese gente volveré aplicacion cierra
        queda pantalla pésima pesima basura fatal os muchísimo huyan eviten gusto falta""",
    "tr": """ben bana benim beni çok cok iyi kötü kotu hiç hic ama da de bu ne ürün urun kargo
        sipariş siparis para geldi gelmedi yok var değil degil güzel guzel tavsiye etmiyorum
        ederim alın almayın berbat rezalet müşteri hizmetleri uygulama böyle için kadar en bir ve
        mi mı mu sakın kesinlikle hala artık sürekli
        düzeltin açılmıyor firma iade olarak sonra ile o diye diyor dedi gün gun tl lira param bozuk
        nerede numarası sayfa sayfasına üç sepet sepete ücreti resmen kalitesiz saçmalık rağmen
        oldu olmuş ödeme iptal gelen yazıyor vermiyor site sürekli cevap ben ay ilk""",
    "de": """ich und der die das ist nicht ein eine mein meine mit auf für sehr gut nie es zu den
        von auch aber nur noch war habe hat bei wird werden kein keine schlecht schlechte bestellt
        lieferung immer wieder leider nach wie sich im dem wurde alles geld so an als am man""",
    "pt": """eu não nao o a os as um uma e que é muito mas por para com de do da em no na se meu
        minha péssimo pessimo produto pedido entrega nunca bom boa ruim ótimo otimo mais foi está
        esta são pelo pela você voce ainda chegou dinheiro atendimento recomendo já sem tem ao
        funciona aplicativo empresa cliente""",
    "it": """io il lo la gli le un una e che è non di del della da in con per ma molto mio mia sono
        ho ha prodotto ordine mai più anche pessimo ottimo buono soldi servizio assistenza arrivato
        dopo questo questa tutto nulla niente consiglio al si ed come stato l' d' c' un'
        dell' nell' all'""",
    "nl": """ik de het een en is niet van op met voor zijn was mijn maar ook bij naar heel goed
        slecht slechte niets wel geen nog dat dit te om er bestelling geleverd aan nooit heb wordt
        ze je""",
    "pl": """i nie jest w na z do się sie to że ze jak ale bardzo polecam dobrze produkt zamówienie
        mnie mi od po przez tak już juz za dla są jestem czy tylko""",
    "sv": """jag och det är inte en ett på av för med som till har den de min mycket bra dålig men
        om från aldrig man kan var att""",
    "da": """jeg og det er ikke en et på af for med som til har den de min meget god men om fra
        aldrig man kan var at dårlig""",
    "no": """jeg og det er ikke en et på av for med som til har den de min veldig bra men om fra
        aldri man kan var at dårlig""",
    "fi": "on ei ja en se että mutta oli olen hyvä huono tämä kun niin todella ole minun",
    "ro": """și si nu este un o la cu de pe în in din am că ca foarte bun mai sunt pentru dar
        produsul comanda banii niciodată recomand""",
    "cs": "a je ne není to na se že v z do jsem ale velmi dobré jako už by mi jen si byl za pro",
    "hu": "a az és nem is egy hogy meg nagyon jó rossz de van volt csak ez már nekem el",
    "id": """yang tidak saya dan di ini itu ada bagus sangat barang aplikasi jelek sudah bisa untuk
        dengan kenapa gak nggak ga banget lagi mau jadi tolong dari sekali sesuai kecewa""",
    "vi": "không và là tôi rất của được này cho có hàng tốt với các một như",
    "tl": "ang ng mga sa ko na ay hindi po lang naman yung kasi pero maganda hindi ako",
    "ca": "és molt però amb els mai perquè això ho és servei",
}
"""Small words of reviews; those of several languages count as little as they tell."""

_LETTERS = {
    "en": "",
    "fr": "œèêëàùûîç",
    "es": "ñ¿¡",
    "tr": "ğış",
    "de": "ßä",
    "pt": "ãõ",
    "it": "ìòù",
    "pl": "łżźąęśćń",
    "sv": "åä",
    "da": "åøæ",
    "no": "åøæ",
    "fi": "ä",
    "ro": "țăâî",
    "cs": "řěů",
    "hu": "őű",
    "vi": "đơưạảấầếềộớợụủứữ",
}
"""Letters that tell a language, or leave few."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FOREIGN = re.compile("[\u0370-\u1eff\u3040-\U0003ffff]")
_LATIN = re.compile("[a-z\u00c0-\u024f\u1e00-\u1eff]", re.IGNORECASE)
_CYRILLIC = re.compile("[\u0400-\u052f]")
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hy", re.compile("[\u0530-\u058f]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
)
"""Scripts of one language; Japanese before Chinese, whose signs it borrows."""
_SCRIPT_LEAST = 2
_ARABIC = re.compile("[\u0600-\u06ff]")
_NOT_ARABIC = re.compile("[پچژگکیےہٹڈڑںێۆڵ]")

_RUSSIAN = re.compile("[ыэё]")
_UKRAINIAN = re.compile("[їєґ]")
_BELARUSIAN = re.compile("ў")
_OTHER_CYRILLIC = re.compile("[іјљњћђџѓќѕәғқңөұүһ]")
_BULGARIAN = re.compile(
    r"ъ[бвгджзклмнпрстфхцчшщ]|\b(?:съм|ще|че|като|няма|това|нещо|беше|са|се|най|бих|имам|ми|още)\b"
)
_RUSSIAN_WORDS = re.compile(
    r"\b(?:что|это|как|и|в|с|я|мне|у|или|очень|нет|уже|только|если|всё|все|вы|они|так|ещё|тоже"
    r"|просто|был|была|было|бы|сразу|деньги|заказ|товар|плохо|хорошо|супер)\b"
)
_CYRILLIC_LEAST = 4


class Voices:
    """The words that speak for a language, and for how much of it."""

    def __init__(self, common: Mapping[str, Iterable[str]]) -> None:
        owners: dict[str, set[str]] = {}
        for language in {*_MORE, *common} - {"ru"}:
            for word in (*common.get(language, ()), *_MORE.get(language, "").split()):
                small = word.lower()
                for spelt in {small, plain(small)}:
                    owners.setdefault(spelt, set()).add(language)
        self.words = {word: (tuple(sorted(of)), 1 / len(of)) for word, of in owners.items()}
        marked: dict[str, set[str]] = {}
        for language, letters in _LETTERS.items():
            for letter in letters:
                marked.setdefault(letter, set()).add(language)
        self.letters = {letter: (tuple(sorted(of)), 1 / len(of)) for letter, of in marked.items()}


def voices_of(workspace: Workspace) -> Voices:
    """The voices of the workspace's lists and of the languages that there are none for."""
    return Voices({language: words.common for language, words in words_of(workspace)})


def language_of(review: Review, voices: Voices) -> str:
    """The language of a review: what its platform says, else what its words tell."""
    return review.language or told(review.words, voices)


def told(text: str, voices: Voices) -> str:
    """The language that a text's letters and words tell; empty where they do not."""
    text = alike(text[:_MOST])
    if not text.isascii() and _FOREIGN.search(text):
        latin = len(_LATIN.findall(text))
        if len(_FOREIGN.findall(text)) > latin:
            return _by_script(text, latin)
    return _by_words(text, voices)


def _by_script(text: str, latin: int) -> str:
    cyrillic = len(_CYRILLIC.findall(text))
    if cyrillic > latin:
        return _cyrillic(text.lower()) if cyrillic >= _CYRILLIC_LEAST else UNKNOWN
    for language, letters in _SCRIPTS:
        if len(letters.findall(text)) >= _SCRIPT_LEAST:
            return language
    arabic = len(_ARABIC.findall(text)) >= _CYRILLIC_LEAST
    return "ar" if arabic and not _NOT_ARABIC.search(text) else UNKNOWN


def _cyrillic(text: str) -> str:
    """Russian, or which of the other languages with its letters; empty where that is unsure."""
    russian = bool(_RUSSIAN.search(text))
    if _UKRAINIAN.search(text):
        return UNKNOWN if russian else "uk"
    if _BELARUSIAN.search(text):
        return "be"
    if _OTHER_CYRILLIC.search(text):
        return UNKNOWN
    if russian:
        return "ru"
    bulgarian, own = len(_BULGARIAN.findall(text)), len(_RUSSIAN_WORDS.findall(text))
    if bulgarian:
        return "bg" if bulgarian > own else UNKNOWN
    return "ru"


def _by_words(text: str, voices: Voices) -> str:
    text = text.replace("İ", "i").lower()
    found = _WORD.findall(text)
    if not found:
        return UNKNOWN
    votes: dict[str, float] = {}
    spoken = voices.words
    parts = [word[: word.index(_JOINT) + 1] for word in found if _JOINT in word]
    for word in dict.fromkeys((*found, *parts)):
        heard = spoken.get(word)
        if heard is not None:
            for language in heard[0]:
                votes[language] = votes.get(language, 0.0) + heard[1]
    if not text.isascii():
        for letter in set(text) & voices.letters.keys():
            languages, weight = voices.letters[letter]
            for language in languages:
                votes[language] = votes.get(language, 0.0) + _LETTER * weight
    return _winner(votes, len(found))


def _winner(votes: dict[str, float], words: int) -> str:
    if not votes:
        return UNKNOWN
    first, *others = sorted(votes, key=lambda name: -votes[name])
    most = votes[first]
    second = votes[others[0]] if others else 0.0
    few = words > _LONG and most < _SHARE * min(words, 60)
    return UNKNOWN if most < _LEAST or few or most < second * _AHEAD else first
