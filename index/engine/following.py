"""The next generation in the making: files that stay are linked, not copied."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Self

from index.engine.codec import as_part, named_segment, write_contents
from index.engine.merge import merge
from index.engine.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.engine.batch import Batch
    from index.engine.generations import Generations
    from index.engine.stamp import Generation


class Following:
    """What comes after a generation, None where there is none yet."""

    def __init__(self, generations: Generations, before: Generation | None) -> None:
        from whoosh.filedb.filestore import FileStorage

        storage: Any = FileStorage
        self._generations, self._before = generations, before
        self._snapshot = Snapshot(before) if before else None
        self._path = generations.begin()
        self._storage = storage(str(self._path), supports_mmap=False)
        self._segments: list[Any] = [named_segment(part) for part in before.stamp.parts] if before else []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._snapshot:
            self._snapshot.close()

    def drop(self, keys: Iterable[str]) -> int:
        """Mark versions of the generation before as deleted."""
        dropped = 0
        for key in dict.fromkeys(keys):
            found = self._snapshot.find(key) if self._snapshot else None
            if found:
                place, doc = found
                self._segments[place].delete_document(doc)
                dropped += 1
        return dropped

    def take(self, batch: Batch) -> None:
        """Write a batch as a segment of its own."""
        self._segments.append(batch.write(self._storage))

    def merge_small(self, many: int, small: int) -> bool:
        """Where there are `many` segments, put those of at most `small` versions together."""
        if self._snapshot is None or len(self._segments) < many:
            return False
        old = self._snapshot.segments
        kept = set(range(len(old)))
        chosen = [place for place in kept if old[place].count <= small]
        if len(chosen) < 2:
            return False
        fresh = Snapshot(self._snapshot.generation)
        try:
            parts = [fresh.segments[place] for place in chosen]
            for part, place in zip(parts, chosen, strict=True):
                part.deleted = frozenset(self._segments[place].deleted_docs())
            merged = merge(parts, self._storage)
        finally:
            fresh.close()
        self._segments = [s for place, s in enumerate(self._segments) if place not in chosen] + (
            [merged] if merged else []
        )
        return True

    def publish(self, position: int) -> Generation:
        """Link what stays, write Whoosh's table of contents, and swap."""
        kept = dict(self._linked())
        self._segments = [s for s in self._segments if s.doc_count_all() > s.deleted_count()]
        write_contents(self._storage, self._segments)
        parts = tuple(as_part(segment) for segment in self._segments)
        documents = sum(part.count - len(part.deleted) for part in parts)
        generation = self._generations.publish(self._path, position, documents, kept, parts)
        self._generations.sweep(generation, self._before)
        return generation

    def _linked(self) -> Iterator[tuple[str, tuple[int, str, bytes]]]:
        if self._before is None:
            return
        names = {s.segment_id() for s in self._segments if s.doc_count_all() > s.deleted_count()}
        before, here = str(self._before.path), str(self._path)  # hundreds of names: paths take their time
        for name, entry in self._before.stamp.files.items():
            if name.partition(".")[0] in names:
                os.link(f"{before}/{name}", f"{here}/{name}")
                yield name, entry
