"""Cutting many texts at once, on arrays (numpy): word for word and bit for bit what `Cut.of` makes of each.

Only where there is much to link is this worth what importing numpy costs; nothing imports it before.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from archive.text.fingerprints import FACTORS, GRAM, WINDOW, Cut
from archive.text.laying import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from archive.text.words import WordPlaces

    Words = NDArray[np.uint64]
    Numbers = NDArray[np.int64]
    Places = NDArray[np.intc]

_BLOCK = 60_000
"""Characters worked on together: what is in hand then stays in the cache of a core."""
_HALF = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


def cut_all(texts: Iterable[str]) -> Iterator[tuple[Cut, WordPlaces]]:
    """The cuts of canonical texts, in order, and where the words of each stand, which cutting comes by."""
    for block in _blocks(texts):
        laid = lay_out(block)
        grams = _grams(laid.hashes)
        for (start, end), places in zip(laid.bounds, _winnowed(grams, laid.bounds), strict=True):
            own = grams[start : max(start, end - GRAM + 1)]
            cut = Cut.ready(_array("q", laid.hashes[start:end]), _array("q", own), _small(places))
            yield cut, (_small(laid.starts[start:end]), _small(laid.ends[start:end]))


def _blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    size = 0
    for text in texts:
        block.append(text)
        size += len(text)
        if size >= _BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


def _small(numbers: NDArray[Any]) -> array[int]:
    return _array("i", numbers.astype(np.intc))


def _array(code: Literal["i", "q"], numbers: NDArray[Any]) -> array[int]:
    made = array(code)
    made.frombytes(numbers.tobytes())
    return made


def _grams(words: Words) -> Numbers:
    """The middle of each sum of products, as if the texts were one; no gram across two of them is used.

    A product has up to 122 bits and an array 64. With the halves of a word and of a factor, what counts from
    bit 32 on is `high * factor + low * (factor's high)`, and what `low * (factor's low)` carries over.
    """
    count = max(len(words) - GRAM + 1, 0)
    high, low = words >> _HALF, words & _LOW
    total, carried = np.zeros(count, np.uint64), np.zeros(count, np.uint64)
    for place, number in enumerate(FACTORS):
        factor = np.uint64(number)
        above, below = high[place : place + count], low[place : place + count]
        least = below * (factor & _LOW)
        total += above * factor
        total += below * (factor >> _HALF)
        total += least >> _HALF
        carried += least & _LOW
    total += carried >> _HALF
    return total.view(np.int64)


def _winnowed(grams: Numbers, bounds: Sequence[tuple[int, int]]) -> Iterator[Places]:
    """Where the fingerprints of each text stand; a text that fills no window has its least gram, the last."""
    chosen = np.zeros(len(grams), np.bool_)
    least = _least(grams)
    for start, end in bounds:
        count = end - start - GRAM + 1
        if count >= WINDOW:
            chosen[least[start : start + count - WINDOW + 1]] = True
        elif count > 0:
            chosen[start + count - 1 - int(grams[start : start + count][::-1].argmin())] = True
    places = chosen.nonzero()[0].astype(np.intc)
    ends = places.searchsorted([end for _, end in bounds]).tolist()
    for (start, _), first, last in zip(bounds, [0, *ends], ends, strict=False):
        yield places[first:last] - np.intc(start)


def _least(grams: Numbers) -> Places:
    """Where the least gram of each window stands, the last where several are least: windows of 2, 4, 8, 16."""
    least, places, width = grams, np.arange(len(grams), dtype=np.intc), 1
    while width < WINDOW:
        step = min(width, WINDOW - width)
        left, right = least[:-step], least[step:]
        later = right <= left
        least = np.minimum(left, right)
        places = np.where(later, places[step:], places[:-step])
        width += step
    return places
