"""One generation open for reading, by one thread."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from index.engine.pages import Damaged, Files
from index.engine.segment import Segment
from index.errors import NeedsRebuild, State
from index.model import Entry, Versions
from index.spelling import Vocabulary
from index.tree import values
from index.words import stemmed_as

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.engine.stamp import Generation


class Snapshot:
    """The segments of a generation; raises `NeedsRebuild` where a file of it is not what was written."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        told = {name: (size, pages) for name, (size, _, pages) in generation.stamp.files.items()}
        self.files = Files(generation.path, told)
        try:
            self.files.open_all()
            self.segments = [Segment(self.files, part) for part in generation.stamp.parts]
        except Damaged as error:
            self.close()
            raise NeedsRebuild(State.DAMAGED, str(error)) from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of its files."""
        self.files.close()

    @cached_property
    def documents(self) -> int:
        """Versions that can be found."""
        return sum(segment.count - len(segment.deleted) for segment in self.segments)

    @cached_property
    def mean_length(self) -> float:
        """Words of a version on average."""
        total = 0
        for segment in self.segments:
            lengths = segment.column("length")
            total += sum(lengths) - sum(lengths[doc] for doc in segment.deleted)
        return max(1.0, total / max(1, self.documents))

    @cached_property
    def tags(self) -> frozenset[str]:
        """The tags of languages that versions have."""
        return frozenset(tag for segment in self.segments for tag in segment.terms_from("language", ""))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages whose stems are in the index, with the empty one for all others."""
        return tuple(sorted({"", *(stemmed_as(tag) for tag in self.tags)}))

    @cached_property
    def _names(self) -> dict[str, dict[str, list[str]]]:
        return {}

    def named(self, field: str, wanted: Iterable[str]) -> list[str]:
        """The values of a field that are these names, whatever their case."""
        known = self._names.get(field)
        if known is None:
            known = self._names[field] = {}
            for term in sorted(
                {term for segment in self.segments for term in segment.terms_from(values(field), "")}
            ):
                known.setdefault(term.casefold(), []).append(term)
        return [term for name in wanted for term in known.get(name.casefold(), [])]

    @cached_property
    def _chosen(self) -> dict[Versions, list[set[int]]]:
        return {}

    def chosen(self, versions: Versions) -> list[set[int]]:
        """For each segment the versions that are the latest, or the first, of their item."""
        found = self._chosen.get(versions)
        if found is None:
            found = self._chosen[versions] = self._choose(versions is Versions.LATEST)
        return found

    def _choose(self, latest: bool) -> list[set[int]]:
        best: dict[int, tuple[int, int, int, int]] = {}
        sign = 1 if latest else -1
        for place, segment in enumerate(self.segments):
            rows = zip(
                segment.column("item"), segment.column("number"), segment.column("position"), strict=True
            )
            for doc, (item, number, position) in enumerate(rows):
                if doc in segment.deleted:
                    continue
                row = (sign * number, sign * position, place, doc)
                if item not in best or row > best[item]:
                    best[item] = row
        chosen: list[set[int]] = [set() for _ in self.segments]
        for _, _, place, doc in best.values():
            chosen[place].add(doc)
        return chosen

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of all headlines and texts."""
        return Vocabulary(chain.from_iterable(segment.vocabulary for segment in self.segments))

    def entries(self, first: int, beyond: int) -> Iterator[Entry]:
        """The versions recorded between two positions, those of each segment in their order."""
        for segment in self.segments:
            number, position, same = (segment.column(name) for name in ("number", "position", "same"))
            for doc in segment.recorded(first, beyond):
                yield Entry(*segment.hit(doc), number[doc], position[doc], same[doc])

    def find(self, key: str) -> tuple[int, int] | None:
        """The segment and the number in it of a version, by its key."""
        for place, segment in enumerate(self.segments):
            postings = segment.postings("key", key)
            for doc in postings.ids if postings else ():
                if doc not in segment.deleted:
                    return place, doc
        return None
