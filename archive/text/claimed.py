"""What a sentence states, as a few numbers: sentences worded nearly alike share one, whatever numbers they state."""

from __future__ import annotations

from array import array
from itertools import pairwise

from archive.model import Method
from archive.text.fingerprints import word_hashes
from archive.text.words import FUNCTION_WORDS, WORD, fold, stem

METHOD = Method("least-word-pairs", "2")
LEAST = 2
"""How many of a sentence's hashes are marks: the least, so that alike sentences have some in common."""
FEWEST = 6
"""A sentence with fewer telling words states too little to be told from others."""

_FACTOR = 0x52DCE729DA3ED7B
_MASK = (1 << 64) - 1


def claim_marks(sentence: str) -> list[int]:
    """The marks of a sentence: signed numbers of 64 bits; none where it tells too little.

    They are made of the stems of neighbouring telling words: numbers and words of the closed classes are left
    out, so that 29 dead and 32 dead are one claim. (Broder's least hashes, 1997, of word pairs.) The even
    marks are the least pairs; the odd one is made of both, so that a stock phrase alone does not lead to it.
    """
    folded = (fold(word) for word in WORD.findall(sentence))
    telling = [stem(word) for word in folded if not word[0].isdigit() and word not in FUNCTION_WORDS]
    if len(telling) < FEWEST:
        return []
    hashes = word_hashes(" ".join(telling))
    least = sorted({_mixed(a, b) for a, b in pairwise(hashes)})[:LEAST]
    marks = [*(pair & ~1 for pair in least), _mixed(least[0], least[-1]) | 1]
    return array("q", array("Q", marks).tobytes()).tolist()


def _mixed(one: int, other: int) -> int:
    """A hash of two in this order: the middle of a product, which depends on every bit."""
    mixed = ((one * _FACTOR) ^ (other << 1)) & _MASK
    return ((mixed * _FACTOR) >> 24) & _MASK
