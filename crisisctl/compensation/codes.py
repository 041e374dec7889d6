"""Single-use codes: nobody can guess one, everybody can read one out over the phone.

A code is a keyed hash of the customer, so a run that was killed comes to the same codes again.
Fourteen of 32 letters are 70 bits: with a million codes out, a guess hits one in 10^15. The 15th
is a check: a weighted sum in the field of 32 elements, whose weights all differ, so that every
single wrong letter and every two letters that changed places are noticed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import NamedTuple

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, O, 1 and I: they are taken for each other."""
LETTERS = 14
_GROUP = 5
HEAD = LETTERS + 4
"""Of a hash, a byte for each letter, and four that say who holds the code."""
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


_PRODUCTS = [bytes(_times(byte & 31, weight) for byte in range(256)) for weight in _WEIGHTS]
"""For each place what a byte of a hash adds to the check."""
_PLACES = (0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 12, 13, 14, 15)
"""Where in a code its letters stand."""
_WIDTH = _PLACES[-1] + 3
"""Of a code with its check and the end of its line."""


class Minted(NamedTuple):
    """The codes of some customers."""

    codes: list[str]
    heads: str
    """For each the letters of the code but for the check, then those that say who holds it."""

    @property
    def holders(self) -> list[str]:
        """For each the letters that say whose the code is."""
        return [self.heads[at + LETTERS : at + HEAD] for at in range(0, len(self.heads), HEAD)]


class Mint:
    """Makes the codes of one incident."""

    def __init__(self, key: bytes, incident: str) -> None:
        """`key` is the secret of this machine; who has it and the list can make every code."""
        own = hashlib.blake2b(incident.encode(), key=key, digest_size=32).digest()
        self._hash = hashlib.blake2b(key=own, digest_size=HEAD)

    def codes(self, customers: Sequence[str], attempt: int = 0) -> Minted:
        """The codes of some customers.

        `attempt` gives other ones, should the first be taken by somebody else.
        """
        more = b"\0%d" % attempt if attempt else b""
        copy, made = self._hash.copy, []
        for customer in customers:
            one = copy()
            one.update(customer.encode("utf-8", "surrogatepass") + more)
            made.append(one.digest())
        return _written(b"".join(made), len(made))

    def code(self, customer: str, attempt: int = 0) -> tuple[str, str]:
        """The code of a customer, and the letters that say whose it is."""
        minted = self.codes([customer], attempt)
        return minted.codes[0], minted.heads[LETTERS:]


def _written(hashes: bytes, many: int) -> Minted:
    """Codes out of so many hashes: letter by letter of all, which is quicker than one by one."""
    letters = hashes.translate(_LETTER)
    text = bytearray(b"     -     -     \n" * many)
    check = 0
    for place, (at, products) in enumerate(zip(_PLACES, _PRODUCTS, strict=True)):
        text[at::_WIDTH] = letters[place::HEAD]
        check ^= int.from_bytes(hashes[place::HEAD].translate(products), "big")
    text[_WIDTH - 2 :: _WIDTH] = check.to_bytes(many, "big").translate(_LETTER)
    return Minted(text.decode().split("\n")[:-1], letters.decode())


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
    for letter, products in zip(bare, _PRODUCTS, strict=False):
        check ^= products[_VALUE[letter]]
    return check == _VALUE[bare[-1]]
