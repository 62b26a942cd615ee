"""A generation open for reading by tantivy."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from index.engine.pages import page_digests
from index.errors import NeedsRebuild, State
from index.swift.layout import opened

if TYPE_CHECKING:
    from index.engine.generations import Generation
    from index.spelling import Vocabulary


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
