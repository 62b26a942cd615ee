"""A shelf in memory: small archives, tests and measurements link against it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from archive.lineage.links import MOST_HOLDERS
from archive.text.fingerprints import Cut
from archive.text.similarity import quotations
from archive.text.words import word_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archive.text.words import WordPlaces


class MemoryShelf:
    """Versions by id, with their outlets and texts, and who holds which fingerprint."""

    def __init__(self) -> None:
        self._outlets: dict[str, str | None] = {}
        self._texts: dict[str, str] = {}
        self._cuts: dict[str, Cut] = {}
        self._holders: dict[int, list[str]] = defaultdict(list)
        self._quoted: dict[str, list[tuple[int, int]]] = {}

    def put(self, version: str, outlet: str | None, text: str) -> None:
        """Add a version."""
        self._outlets[version], self._texts[version] = outlet, text
        cut = self._cuts[version] = Cut.of(text)
        for hashed in cut.marks():
            self._holders[hashed].append(version)

    def holders(self, hashes: Iterable[int]) -> Mapping[int, Sequence[str]]:
        """For each fingerprint the versions that have it, at most `MOST_HOLDERS` + 1 of them."""
        return {hashed: self._holders.get(hashed, [])[: MOST_HOLDERS + 1] for hashed in hashes}

    def outlet(self, version: str) -> str | None:
        """The outlet of a version."""
        return self._outlets[version]

    def cut(self, version: str) -> Cut:
        """The text of a version, cut for comparing."""
        return self._cuts[version]

    def quoted(self, version: str) -> Sequence[tuple[int, int]]:
        """The stretches of a version inside quotation marks: number of the first word, and how many."""
        if version not in self._quoted:
            self._quoted[version] = quoted_words(self._texts[version])
        return self._quoted[version]


def quoted_words(text: str, places: WordPlaces | None = None) -> list[tuple[int, int]]:
    """What stands inside quotation marks: number of its first word, from 0, and how many words.

    `places` are those of the text's words, where they are known. No mark stands within a word.
    """
    starts, _ = places or word_places(text)
    bounds = ((bisect_left(starts, span.start), bisect_left(starts, span.end)) for span in quotations(text))
    return [(at, end - at) for at, end in bounds]
