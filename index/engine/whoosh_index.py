"""The default engine behind the protocol: Whoosh's segments in generation directories."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.engine.answer import Answer
from index.engine.generations import Generations
from index.engine.likes import frequency_in
from index.engine.pages import Damaged
from index.engine.snapshot import Snapshot
from index.errors import CannotWrite, NeedsRebuild, NotOurs, State
from index.model import Added, Bounds, Document, Entry, Frequencies, Health, Refused, Request, Results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from index.engine.batch import Batch
    from index.engine.following import Following
    from index.engine.stamp import Generation
    from index.words import Folding


FEW = 8
"""Segments from which on `tidy` merges."""

MANY = 24
"""Segments from which on an addition merges the small ones itself."""

LARGE = 2_048
"""Versions in a segment that `tidy` leaves alone."""

SMALL = 64
"""A segment of so few versions is small."""


class WhooshIndex:
    """An index in a directory of its own; `wait` is how long a writer waits for another, in seconds."""

    def __init__(self, root: Path, bounds: Bounds | None = None, wait: float = 0.0) -> None:
        import whoosh

        version = ".".join(str(part) for part in whoosh.__version__)
        self._generations = Generations(root, f"whoosh {version}")
        self._bounds, self._wait = bounds or Bounds(), wait
        self._local = threading.local()

    def health(self) -> Health:
        """Whether the index can be read and how far it goes."""
        try:
            stamp = self._generations.current().stamp
        except NeedsRebuild as failure:
            return Health(failure.state, reason=str(failure))
        except NotOurs as failure:
            return Health(State.DAMAGED, reason=str(failure))
        return Health(State.READY, stamp.position, stamp.documents)

    def _snapshot(self) -> Snapshot:
        """The current generation, opened once for each thread."""
        held: Snapshot | None = getattr(self._local, "snapshot", None)
        pointer = self._generations.pointer()
        if held is not None and pointer and self._local.pointer == pointer:
            return held
        for attempt in range(20):
            generation = self._generations.current()
            try:
                fresh = Snapshot(generation)
            except FileNotFoundError as error:
                if attempt == 19 or self._generations.current().path == generation.path:
                    raise NeedsRebuild(State.DAMAGED, f"{error.filename} is missing") from error
                continue
            if held is not None:
                held.close()
            self._local.snapshot, self._local.pointer = fresh, pointer
            return fresh
        raise AssertionError("not reached")

    def search(self, request: Request) -> Results:
        """Answer a question from the generation that is complete now."""
        snapshot = self._snapshot()
        try:
            return Answer(snapshot, request, self._bounds).results()
        except Damaged as error:
            self.close()
            raise NeedsRebuild(State.DAMAGED, str(error)) from error

    def frequencies(self, words: Iterable[str]) -> Frequencies:
        """In how many versions each of these folded words stands, in any of its forms."""
        snapshot = self._snapshot()
        try:
            counts = {word: frequency_in(snapshot, word) for word in words}
        except Damaged as error:
            self.close()
            raise NeedsRebuild(State.DAMAGED, str(error)) from error
        return Frequencies(snapshot.documents, counts)

    def add(self, documents: Iterable[Document], *, upto: int) -> Added:
        """Index documents as a segment beside the others and make them visible."""
        with self._writing():
            before = self._current_or_empty()
            unique = {document.key: document for document in documents}
            batch, refused = _batched(unique.values())
            with self._following(before) as following:
                following.drop(document.key for document in unique.values())
                if len(batch):
                    following.take(batch)
                following.merge_small(MANY, SMALL)
                following.publish(upto)
            return Added(len(batch), refused)

    def remove(self, keys: Iterable[str], *, upto: int) -> int:
        """Take versions out of the index."""
        with self._writing(), self._following(self._current_or_empty()) as following:
            dropped = following.drop(keys)
            following.publish(upto)
        return dropped

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Be the one writer, and tell the failures of disks and damaged files in our words."""
        try:
            with self._generations.writing(self._wait):
                yield
        except Damaged as error:
            raise NeedsRebuild(State.DAMAGED, str(error)) from error
        except OSError as error:
            raise CannotWrite(f"the index cannot be written: {error.strerror or error}") from error

    def _following(self, before: Generation | None) -> Following:
        from index.engine.following import Following  # late: only writers need Whoosh itself

        return Following(self._generations, before)

    def _current_or_empty(self) -> Generation | None:
        try:
            return self._generations.current()
        except NeedsRebuild as failure:
            if failure.state is State.MISSING:
                return None
            raise

    def tidy(self) -> bool:
        """Merge small segments, where there are many."""
        with self._writing():
            before = self._generations.current()
            with self._following(before) as following:
                if not following.merge_small(FEW, LARGE):
                    return False
                following.publish(before.stamp.position)
            return True

    def rebuild(
        self,
        documents: Callable[[int], Iterable[Document]],
        *,
        upto: int,
        progress: Callable[[int], None] | None = None,
        workers: int = 1,
        expected: int = 0,
    ) -> Added:
        """Build a new generation from the record and swap it in."""
        from index.engine.rebuild import rebuild

        with self._writing():
            return rebuild(self._generations, documents, upto, progress, workers, expected)

    def verify(self) -> tuple[str, ...]:
        """Hash every file again; what is wrong, in words."""
        return tuple(self._generations.verify())

    def entries(self, first: int, beyond: int) -> list[Entry]:
        """The versions recorded between two positions."""
        snapshot = self._snapshot()
        try:
            return list(snapshot.entries(first, beyond))
        except Damaged as error:
            self.close()
            raise NeedsRebuild(State.DAMAGED, str(error)) from error

    def close(self) -> None:
        """Let go of the files that this thread holds."""
        held: Snapshot | None = getattr(self._local, "snapshot", None)
        if held is not None:
            held.close()
            self._local.snapshot = None


def _batched(
    documents: Iterable[Document], folding: Folding | None = None
) -> tuple[Batch, tuple[Refused, ...]]:
    """A batch of all documents that can be indexed; a refused one leaves nothing in it."""
    from index.engine.batch import Batch
    from index.engine.prepared import BadDocument

    batch, refused = Batch(folding), []
    for document in documents:
        try:
            batch.add(document)
        except BadDocument as error:
            refused.append(Refused(document.key, str(error)))
    return batch, tuple(refused)
