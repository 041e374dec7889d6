"""Single-use codes: nobody can guess one, everybody can read one out over the phone.

A code is a keyed hash of the customer, so a run that was killed comes to the same codes again.
Fourteen of 32 letters are 70 bits: with a million codes out, a guess hits one in 10^15. The 15th
is a check: a weighted sum in the field of 32 elements, whose weights all differ, so that every
single wrong letter and every two letters that changed places are noticed.
"""

from __future__ import annotations

import hashlib
import re

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, O, 1 and I: they are taken for each other."""
LETTERS = 14
_GROUP = 5
_BYTES = LETTERS + 8
"""Of a hash, a byte for each letter, and eight that say who holds the code."""
_LETTER = bytes(ord(ALPHABET[byte & 31]) for byte in range(256))
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015_.·]+")


def _times(one: int, other: int) -> int:
    """The product in the field of 32 elements, modulo x^5 + x^2 + 1."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        other >>= 1
        one <<= 1
        if one & 32:
            one ^= 0b100101
    return product


def _weights() -> list[int]:
    found, weight = [], 1
    for _ in range(LETTERS):
        weight = _times(weight, 2)
        found.append(weight)
    return found


_WEIGHTS = _weights()


def _masks() -> list[int]:
    """For each bit of the check, the bits of a hash that flip it: the sum is linear in them."""
    masks = [0] * 5
    for place, weight in enumerate(_WEIGHTS):
        shift = 8 * (LETTERS - 1 - place)
        for bit in range(5):
            value = _times(1 << bit, weight)
            for out in range(5):
                if value >> out & 1:
                    masks[out] |= 1 << (shift + bit)
    return masks


_M0, _M1, _M2, _M3, _M4 = _masks()


class Mint:
    """Makes the codes of one incident."""

    def __init__(self, key: bytes, incident: str) -> None:
        """`key` is the secret of this machine; who has it and the list can make every code."""
        own = hashlib.blake2b(incident.encode(), key=key, digest_size=32).digest()
        self._hash = hashlib.blake2b(key=own, digest_size=_BYTES)

    def code(self, customer: str, attempt: int = 0) -> tuple[str, int]:
        """The code of a customer, and a number that says whose it is.

        `attempt` gives another one, should the first be taken by somebody else.
        """
        made = self._hash.copy()
        made.update(customer.encode("utf-8", "surrogatepass"))
        if attempt:
            made.update(b"\0%d" % attempt)
        digest = made.digest()
        bits = int.from_bytes(digest[:LETTERS], "big")
        check = (
            (bits & _M0).bit_count() & 1
            | ((bits & _M1).bit_count() & 1) << 1
            | ((bits & _M2).bit_count() & 1) << 2
            | ((bits & _M3).bit_count() & 1) << 3
            | ((bits & _M4).bit_count() & 1) << 4
        )
        word = digest[:LETTERS].translate(_LETTER).decode()
        code = f"{word[:5]}-{word[5:10]}-{word[10:]}{ALPHABET[check]}"
        return code, int.from_bytes(digest[LETTERS:], "big", signed=True)


def tidy(text: str) -> str:
    """A code as somebody typed or read it out, in its own form: ABCDE-FGHJK-LMNPQ."""
    bare = _SEPARATORS.sub("", text).upper()
    if len(bare) != LETTERS + 1:
        return bare
    return "-".join(bare[at : at + _GROUP] for at in range(0, LETTERS + 1, _GROUP))


def sound(code: str) -> bool:
    """Whether a code is written in the right letters, and its check holds."""
    bare = tidy(code).replace("-", "")
    if len(bare) != LETTERS + 1 or any(letter not in _VALUE for letter in bare):
        return False
    check = 0
    for letter, weight in zip(bare, _WEIGHTS, strict=False):
        check ^= _times(_VALUE[letter], weight)
    return check == _VALUE[bare[-1]]
