"""What every index engine can do, whatever it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from index.model import Added, Document, Entry, Frequencies, Health, Request, Results


class Index(Protocol):
    """A full-text index of versions: a cache of the record that can be thrown away and rebuilt at any moment.

    Reading raises `NeedsRebuild` where the index is missing, outdated or damaged, `NotOurs` where others can
    write it, and `BadQuery` for a query that cannot be understood. Writing raises `IndexBusy` where another
    writer is at work, and `CannotWrite` where the disk refuses.
    """

    def health(self) -> Health:
        """Whether the index can be read and how far it goes; raises nothing for a damaged one."""
        ...

    def search(self, request: Request) -> Results:
        """Answer a question from the generation that is complete now."""
        ...

    def frequencies(self, words: Iterable[str]) -> Frequencies:
        """In how many versions each of these folded words stands, in any of its forms."""
        ...

    def add(self, documents: Iterable[Document], *, upto: int) -> Added:
        """Index documents and make them visible at once, replacing those with the same keys.

        `upto` is the catalogue position that the index covers after it. A refused document does not stop
        the rest.
        """
        ...

    def remove(self, keys: Iterable[str], *, upto: int) -> int:
        """Take versions out of the index; the number of those that were there."""
        ...

    def rebuild(
        self,
        documents: Callable[[int], Iterable[Document]],
        *,
        upto: int,
        progress: Callable[[int], None] | None = None,
        workers: int = 1,
        expected: int = 0,
    ) -> Added:
        """Build a new generation beside the old and swap it in.

        `documents(after)` yields those recorded after a position, in its order; a rebuild that was cut off is
        resumed by the next with the position it had reached, and then covers the position that the first one
        was to cover. `progress` is told the documents done; where it is known about how many are `expected`,
        several workers share also what is less than a segment.
        """
        ...

    def tidy(self) -> bool:
        """Merge small segments, where there are many; whether anything was done."""
        ...

    def verify(self) -> tuple[str, ...]:
        """Read every byte of the index and say what is wrong with it, in words; empty where nothing is."""
        ...

    def entries(self, first: int, beyond: int) -> list[Entry]:
        """The versions recorded at positions from `first` to before `beyond`; one that is in it twice, twice."""
        ...

    def close(self) -> None:
        """Let go of open files."""
        ...
