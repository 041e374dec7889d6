"""Measures how long a pack is compared: sixty texts of one kilobyte, unread and read.

Run it with `python tests/benchmarks/bench_agreement.py`; it takes a few seconds.
"""

from __future__ import annotations

from time import process_time

from crisisctl.messages.agreement.compare import differences
from crisisctl.messages.agreement.said import Said
from crisisctl.workspace import Workspace

ROUNDS = 10
SENTENCES = {
    "en": "Checkout is down since 19:04. We expect it back by 21:00. Next update by 20:30. ",
    "fr": "Le paiement est coupé depuis 19 h 04. Retour prévu à 21 h. Prochain point : 20 h 30. ",
    "es": "No funciona el pago desde las 19:04. Prevemos volver a las 21:00. Próximo aviso: 20:30.",
    "tr": "Ödeme 19.04'ten beri çalışmıyor. Tahminimiz: en geç 21:00. Sonraki güncelleme: 20:30. ",
    "ru": "Оплата не работает с 19:04. Должно заработать до 21:00. Напишем снова до 20:30. ",
}
PROSE = {
    "en": "We are sorry for the trouble and thank you for your patience while we repair it. ",
    "fr": "Nous sommes désolés de ce désagrément et vous remercions de votre patience. ",
    "es": "Sentimos las molestias y le damos las gracias por su paciencia mientras tanto. ",
    "tr": "Yaşattığımız sıkıntı için özür dileriz, sabrınız için teşekkür ederiz. ",
    "ru": "Просим прощения за неудобства и благодарим вас за терпение, пока мы всё чиним. ",
}


def a_pack(round_: int) -> list[Said]:
    """Sixty texts of which no two are the same, and none was seen before."""
    return [
        Said(f"channel{n}", locale, f"{said}{PROSE[locale] * 11}{round_}-{n}")
        for n in range(12)
        for locale, said in SENTENCES.items()
    ]


def milliseconds(pack: list[Said]) -> float:
    begun = process_time()
    differences(pack, Workspace())
    return (process_time() - begun) * 1000


if __name__ == "__main__":
    milliseconds(a_pack(0))  # the word lists are read once
    packs = [a_pack(number) for number in range(1, ROUNDS + 1)]
    print(f"unread: {min(map(milliseconds, packs)):6.1f} ms for 60 texts")
    print(f"read:   {min(milliseconds(packs[-1]) for _ in packs):6.1f} ms for 60 texts")
