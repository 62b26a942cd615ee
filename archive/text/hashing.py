"""A stable hash for a word: of 63 bits, alike for a word by itself and for many found together on arrays.

It is multilinear (Lemire and Kaser 2014): each letter of the folded word times the factor of its place, summed
and mixed. That is soon computed for many words at once. It tells words apart, but it is no proof that two are the
same, since its factors are no secret: where that counts, the words themselves are compared.
"""

from __future__ import annotations

import hashlib
from array import array
from functools import cache
from operator import mul
from string import punctuation
from typing import TYPE_CHECKING

from archive.text.words import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 64
"""The letters of the longest word that is hashed letter by letter; a longer one is hashed by BLAKE2b."""
MIX = 0x2545F4914F6CDD1D
"""An odd factor that spreads the upper half of a sum over all of it."""
HIGH, LOW = 32, 29
"""By how many bits a sum is shifted onto itself before and after that."""
WORD_MASK = (1 << 63) - 1
_MASK = (1 << 64) - 1


@cache
def letter_factors() -> array[int]:
    """The factor of each place in a word: odd, of 64 bits, the same on every machine."""
    made = hashlib.shake_256(b"claimtrail word hash 1").digest(8 * LONGEST)
    return array("Q", (int.from_bytes(made[at : at + 8]) | 1 for at in range(0, len(made), 8)))


def hash_of(word: str) -> int:
    """The hash of a word, whatever its case and accents."""
    if word.isascii():
        letters: Sequence[int] = word.lower().encode()
    else:
        # What `fold` remembers would be remembered twice.
        letters = list(map(ord, fold.__wrapped__(word)))
    if len(letters) > LONGEST:
        folded = "".join(map(chr, letters)).encode("utf-8", "surrogatepass")
        return int.from_bytes(hashlib.blake2b(folded, digest_size=8).digest()) & WORD_MASK
    total: int = sum(map(mul, letter_factors(), letters)) & _MASK
    mixed = ((total ^ total >> HIGH) * MIX) & _MASK
    return (mixed ^ mixed >> LOW) & WORD_MASK


def plain_word(chunk: str) -> str:
    """The word of what is one plain word with at most marks beside it, which need not be searched; else nothing.

    Nine of ten chunks between two spaces are such.
    """
    core = chunk.strip(punctuation)
    return core if core.isascii() and core.isalpha() else ""
