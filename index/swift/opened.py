"""A generation open for reading by tantivy."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from index.engine.pages import page_digests
from index.errors import NeedsRebuild, State
from index.model import Entry
from index.swift.layout import opened, tantivy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.engine.stamp import Generation
    from index.spelling import Vocabulary


_ALL = 10_000_000


class Opened:
    """A generation open for reading; threads may share it."""

    def __init__(self, generation: Generation, sound: set[tuple[int, int]]) -> None:
        self.generation = generation
        for name, (size, digest, _) in generation.stamp.files.items():
            path = generation.path / name
            mark = (path.stat().st_ino, path.stat().st_mtime_ns)
            if mark not in sound:
                if page_digests(path)[:2] != (digest, size):
                    raise NeedsRebuild(State.DAMAGED, f"{name} was altered")
                sound.add(mark)
        self.index = opened(generation.path)
        self.searcher = self.index.searcher()
        self.vocabulary: dict[str, Vocabulary] = {}

    @cached_property
    def tags(self) -> list[str]:
        """The tags of languages that versions have."""
        return [tag for tag, count in self.searcher.terms_with_prefix("language", "") if count]


def entries(reading: Opened, first: int, beyond: int) -> Iterator[Entry]:
    """The versions recorded at positions from `first` to before `beyond`."""
    library = tantivy()
    between = library.Query.range_query(
        reading.index.schema, "position", library.FieldType.Integer, first, beyond - 1
    )
    addresses = [address for _, address in reading.searcher.search(between, limit=_ALL, count=False).hits]
    columns = [
        reading.searcher.fast_field_values(name, addresses)
        for name in ("number_of_version", "position", "same_hash")
    ]
    for address, *row in zip(addresses, *columns, strict=True):
        yield Entry(*json.loads(reading.searcher.doc(address).get_first("hit")), *row)
