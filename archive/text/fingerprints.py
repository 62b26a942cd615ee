"""Fingerprints: a few word-5-grams of a text, chosen so that two texts sharing 20 words share one."""

from __future__ import annotations

import sys
from array import array
from dataclasses import dataclass
from functools import cached_property, lru_cache

from archive.model import Method
from archive.text.hashing import hash_of, plain_word
from archive.text.words import WORD

METHOD = Method("winnowed-5-grams", "3")
GRAM = 5
"""Words in a gram."""
WINDOW = 16
"""Neighbouring grams of which one is kept: GRAM + WINDOW - 1 words in common share a fingerprint."""

# Odd numbers with mixed bits: a gram is the sum of its words' hashes, each times the factor of its place.
FACTORS = (0x63779B97F4A7C15, 0x2B2AE3D27D4EB4F, 0x4CF5AD432745937, 0x52DCE729DA3ED7B, 0x38495AB5C7F1E2D)
LANE = 16
"""Bytes that a word has in the one large number in which the grams of a text are computed."""
_MIDDLE = 32
"""The bits of a lane that are dropped: those in the middle of a product depend on every bit of both factors."""
_REMEMBERED = 150_000


class _Lanes(dict[str, bytes]):
    """From what stands between two spaces to the lanes of its words; almost always met before."""

    def __missing__(self, chunk: str) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        core = plain_word(chunk)
        found = self[chunk] = _lane(core) if core else b"".join(map(_lane, WORD.findall(chunk)))
        return found


@lru_cache(maxsize=50_000)
def _lane(word: str) -> bytes:
    """The hash of a word in its lane; a word is met anew beside every mark that can stand next to it."""
    return hash_of(word).to_bytes(LANE, "little")


_LANES = _Lanes()


def lanes_of(text: str) -> bytes:
    """The hashes of the text's words, a lane each, in order."""
    return b"".join(map(_LANES.__getitem__, text.split()))


def word_hashes(text: str) -> list[int]:
    """The hash of each word of the text, in order."""
    return _low_halves(lanes_of(text)).tolist()


@dataclass(frozen=True)
class Cut:
    """A text cut for comparing: a hash for each word, and one for each gram, by its first word.

    Hashes are signed numbers of 64 bits, the same on every machine. What is only sometimes asked for is made
    when it is, which is why this class has no slots.
    """

    words: array[int]
    grams: array[int]

    @classmethod
    def of(cls, text: str) -> Cut:
        """Cut a canonical text."""
        lanes = lanes_of(text)
        return cls(_low_halves(lanes), _grams(lanes))

    @classmethod
    def ready(cls, words: array[int], grams: array[int], places: array[int]) -> Cut:
        """A text cut elsewhere, with the positions of its fingerprints."""
        cut = cls(words, grams)
        cut.__dict__["places"] = places
        return cut

    @cached_property
    def places(self) -> array[int]:
        """The position of the least gram of each window, the last where several are least.

        This is winnowing (Schleimer, Wilkerson and Aiken 2003). A text shorter than a window has its least
        gram for one; one shorter than a gram has none.
        """
        return array("i", _winnowed(self.grams.tolist()))

    @property
    def fingerprints(self) -> list[tuple[int, int]]:
        """The hash and the position of each fingerprint; made anew each time, since two arrays take a tenth."""
        return [(self.grams[at], at) for at in self.places]

    def marks(self) -> set[int]:
        """The hashes of the fingerprints."""
        return {self.grams[at] for at in self.places}


def _low_halves(lanes: bytes) -> array[int]:
    """The lower eight bytes of each lane as signed numbers."""
    numbers = array("q", lanes)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers[::2]


def _grams(lanes: bytes) -> array[int]:
    """A hash of each gram: multilinear hashing (Lemire and Kaser 2014), all of a text in a few long products.

    A word has 63 bits and a factor 59, so that the sum of five products stays within its lane of 128 bits.
    """
    count = len(lanes) // LANE - GRAM + 1
    if count < 1:
        return array("q")
    words = int.from_bytes(lanes, "little")
    total = sum((words >> (8 * LANE * place)) * factor for place, factor in enumerate(FACTORS))
    return _low_halves((total >> _MIDDLE).to_bytes(len(lanes) + LANE, "little")[: count * LANE])


def _winnowed(grams: list[int]) -> list[int]:
    chosen: list[int] = []
    least, at = max(grams, default=0), -1
    for position, gram in enumerate(grams):
        if gram <= least:
            least, at = gram, position
        elif at <= position - WINDOW:
            window = grams[position - WINDOW + 1 : position + 1]
            least = min(window)
            at = position - window[::-1].index(least)
        else:
            continue
        if position >= WINDOW:
            chosen.append(at)
        else:
            chosen[:] = [at]
    return chosen
