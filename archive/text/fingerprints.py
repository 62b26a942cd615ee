"""Fingerprints: a few word-5-grams of a text, chosen so that two texts sharing 20 words share one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from archive.model import Method
from archive.text.words import WORD, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

METHOD = Method("winnowed-5-grams", "1")
GRAM = 5
"""Words in a gram."""
WINDOW = 16
"""Neighbouring grams of which one is kept: GRAM + WINDOW - 1 words in common share a fingerprint."""

# 63 bits are a positive number in a signed 64-bit column. The factors are odd numbers with mixed bits.
_MASK = (1 << 63) - 1
_PAIR = 0x1E3779B97F4A7C15
_QUAD = 0x42B2AE3D27D4EB4F
_REMEMBERED = 1_000_000


class _WordHashes(dict[str, tuple[int, ...]]):
    """From what stands between two spaces to the hashes of its words; almost always met before."""

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[chunk] = tuple(_word_hash(fold(word)) for word in WORD.findall(chunk))
        return found


def _word_hash(word: str) -> int:
    return (
        int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()) & _MASK
    )


_HASHES = _WordHashes()


def word_hashes(text: str) -> list[int]:
    """A stable hash of 63 bits for each word of the text (BLAKE2b of the folded word), in order."""
    return list(chain.from_iterable(map(_HASHES.__getitem__, text.split())))


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut for comparing: a hash for each word, one for each gram by its first word, and fingerprints.

    A fingerprint is the hash and the position of the least gram of a window, the last where several are least
    (winnowing: Schleimer, Wilkerson and Aiken 2003). A text shorter than a window has its least gram for one;
    one shorter than a gram has none.
    """

    words: list[int]
    grams: list[int]
    fingerprints: list[tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> Cut:
        """Cut a canonical text."""
        hashes = word_hashes(text)
        grams = _grams(hashes)
        return cls(hashes, grams, _winnowed(grams))

    def marks(self) -> set[int]:
        """The hashes of the fingerprints."""
        return {hashed for hashed, _ in self.fingerprints}


def _grams(hashes: Sequence[int]) -> list[int]:
    """A rolling hash of each gram, built from pairs: two multiplications a word, not four."""
    pairs = [(a * _PAIR + b) & _MASK for a, b in pairwise(hashes)]
    return [
        ((ab + (cd << 1)) * _QUAD + e) & _MASK
        for ab, cd, e in zip(pairs, pairs[2:], hashes[4:], strict=False)
    ]


def _winnowed(grams: Sequence[int]) -> list[tuple[int, int]]:
    chosen: list[tuple[int, int]] = []
    least, at = _MASK + 1, -1
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
            chosen.append((least, at))
        else:
            chosen[:] = [(least, at)]
    return chosen
