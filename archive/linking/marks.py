"""The fingerprints of a batch: those nobody else has, which are written down, and those that lead to others."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from archive.lineage.candidates import FreshRow
    from archive.lineage.shared import Copy
    from archive.linking.manymarks import KnownMarks


class Told(Protocol):
    """The fingerprints of a batch told apart: those that one version of it has and nobody else, and the others."""

    @property
    def of(self) -> Mapping[int, Mapping[int, int]]:
        """Of each version those that others have too, each with its place: of one that it has twice, the first."""
        ...

    def rows(self, fresh: Iterable[FreshRow]) -> Iterable[FreshRow]:
        """The rows of those that nobody else has, with others that are to be written, by fingerprint and version."""
        ...


class Marks(Protocol):
    """All fingerprints of a batch."""

    def asked(self) -> Collection[int]:
        """Those that the catalogue may know, each once."""
        ...

    def told(self, known: AbstractSet[int]) -> Told:
        """Tell them apart, where these are the ones that the catalogue does know."""
        ...


def marks_of(copies: Sequence[Copy], *, many: bool, known: KnownMarks | None) -> Marks:
    """The fingerprints of these versions; `known` are those that the catalogue may know, None where it is asked."""
    if not many:
        return FewMarks(copies)
    from archive.linking.manymarks import ManyMarks

    return ManyMarks(copies, known)


@dataclass(frozen=True, slots=True)
class _FewTold:
    lone: list[FreshRow]
    of: dict[int, dict[int, int]]

    def rows(self, fresh: Iterable[FreshRow]) -> list[FreshRow]:
        return sorted([*self.lone, *fresh])


class FewMarks:
    """The fingerprints of some versions, as each copy has them."""

    def __init__(self, copies: Iterable[Copy]) -> None:
        self._of = {copy.version: dict(reversed(copy.cut.fingerprints)) for copy in copies}
        self._times = Counter(chain.from_iterable(self._of.values()))

    def asked(self) -> Collection[int]:
        """All of them: whether they are known is asked."""
        return self._times.keys()

    def told(self, known: AbstractSet[int]) -> Told:
        """Told apart one by one."""
        shared = known | {mark for mark, times in self._times.items() if times > 1}
        lone: list[FreshRow] = []
        of: dict[int, dict[int, int]] = defaultdict(dict)
        for version, marks in self._of.items():
            for mark, place in marks.items():
                if mark in shared:
                    of[version][mark] = place
                else:
                    lone.append((mark, version, place))
        return _FewTold(lone, of)
