"""The second engine behind the protocol: tantivy in the same generation directories.

Tantivy reads its files by itself, so they are checked whole before it opens them, each once in a process.
It orders by its own BM25, which rounds lengths: what is found is the same, scores are not.
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from index.engine.generations import Generations
from index.engine.prepared import BadDocument, prepare
from index.errors import CannotWrite, NeedsRebuild, NotOurs, State
from index.model import (
    Added,
    Bounds,
    Document,
    Entry,
    Frequencies,
    Health,
    Refused,
    Request,
    Results,
)
from index.swift.answer import SwiftAnswer
from index.swift.layout import Wording, opened, tantivy
from index.swift.layout import document as laid_out
from index.swift.opened import Opened, entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


_HEAP = 64 << 20
_TOLD = 4_096


class SwiftIndex:
    """An index in a directory of its own; `wait` is how long a writer waits for another, in seconds."""

    def __init__(self, root: Path, bounds: Bounds | None = None, wait: float = 0.0) -> None:
        version = getattr(tantivy(), "__version__", "") or importlib_version("tantivy")
        self._generations = Generations(root, f"tantivy {version}")
        self._bounds, self._wait = bounds or Bounds(), wait
        self._lock = threading.Lock()
        self._sound: set[tuple[int, int]] = set()
        self._open: tuple[str, Opened] | None = None

    def health(self) -> Health:
        """Whether the index can be read and how far it goes."""
        try:
            stamp = self._generations.current().stamp
        except NeedsRebuild as failure:
            return Health(failure.state, reason=str(failure))
        except NotOurs as failure:
            return Health(State.DAMAGED, reason=str(failure))
        return Health(State.READY, stamp.position, stamp.documents)

    def _reading(self) -> Opened:
        with self._lock:
            pointer = self._generations.pointer()
            if self._open is None or self._open[0] != pointer or not pointer:
                self._open = (pointer, self._opened())
            return self._open[1]

    def _opened(self) -> Opened:
        for _ in range(20):
            generation = self._generations.current()
            try:
                return Opened(generation, self._sound)
            except FileNotFoundError as error:
                if self._generations.current().path == generation.path:
                    raise NeedsRebuild(State.DAMAGED, f"{error.filename} is missing") from error
            except (OSError, ValueError) as error:
                raise NeedsRebuild(State.DAMAGED, str(error)) from error
        raise NeedsRebuild(State.DAMAGED, "its generations change faster than they can be read")

    def search(self, request: Request) -> Results:
        """Answer a question from the generation that is complete now."""
        return SwiftAnswer(self._reading(), request, self._bounds).results()

    def frequencies(self, words: Iterable[str]) -> Frequencies:
        """In how many versions each of these folded words stands, in any of its forms."""
        return SwiftAnswer(self._reading(), Request(), self._bounds).frequencies(words)

    def add(self, documents: Iterable[Document], *, upto: int) -> Added:
        """Index documents and make them visible at once, replacing those with the same keys."""
        unique = {document.key: document for document in documents}
        refused: list[Refused] = []
        with self._writing() as (path, kept, writer):
            for key in unique:
                _delete(writer, key)
            _fill(writer, unique.values(), refused)
            self._publish(path, kept, writer, upto)
        return Added(len(unique) - len(refused), tuple(refused))

    def remove(self, keys: Iterable[str], *, upto: int) -> int:
        """Take versions out of the index."""
        with self._writing() as (path, kept, writer):
            before: int = opened(path).searcher().num_docs
            for key in keys:
                _delete(writer, key)
            return before - self._publish(path, kept, writer, upto)

    @contextmanager
    def _writing(self) -> Iterator[tuple[Path, dict[str, tuple[int, str, bytes]], Any]]:
        """A directory with the current generation's files linked into it, and tantivy's writer for it."""
        try:
            with self._generations.writing(self._wait):
                kept = {}
                path = self._generations.begin()
                try:
                    before = self._reading().generation
                except NeedsRebuild as failure:
                    if failure.state is not State.MISSING:
                        raise
                else:
                    kept = before.stamp.files
                    for name in kept:
                        os.link(before.path / name, path / name)
                yield path, kept, opened(path).writer(_HEAP, 1)
        except OSError as error:
            raise CannotWrite(f"the index cannot be written: {error.strerror or error}") from error

    def _publish(
        self, path: Path, kept: dict[str, tuple[int, str, bytes]], writer: Any, position: int
    ) -> int:
        """Commit, sweep up tantivy's locks, and swap; the number of versions."""
        writer.commit()
        writer.wait_merging_threads()
        for lock in path.glob(".tantivy*"):
            lock.unlink()
        held = {name for name in kept if (path / name).exists() and not name.endswith(".json")}
        count: int = opened(path).searcher().num_docs
        for lock in path.glob(".tantivy*"):
            lock.unlink()
        generation = self._generations.publish(path, position, count, {name: kept[name] for name in held})
        self._generations.sweep(generation, self._open[1].generation if self._open else None)
        return count

    def rebuild(
        self,
        documents: Callable[[int], Iterable[Document]],
        *,
        upto: int,
        progress: Callable[[int], None] | None = None,
        workers: int = 1,
        expected: int = 0,  # noqa: ARG002 - tantivy cuts its segments by memory
    ) -> Added:
        """Build a new generation and swap it in; one that was cut off is begun again, for it is quick."""
        try:
            with self._generations.writing(self._wait):
                path = self._generations.begin("building")
                writer = opened(path).writer(_HEAP * workers, workers)
                refused: list[Refused] = []
                _fill(writer, documents(0), refused, progress, replace=True)
                count = self._publish(path, {}, writer, upto)
        except OSError as error:
            raise CannotWrite(f"the index cannot be written: {error.strerror or error}") from error
        return Added(count, tuple(refused))

    def tidy(self) -> bool:
        """Nothing: tantivy merges as it writes."""
        return False

    def verify(self) -> tuple[str, ...]:
        """Hash every file again; what is wrong, in words."""
        return tuple(self._generations.verify())

    def entries(self, first: int, beyond: int) -> list[Entry]:
        """The versions recorded between two positions."""
        return list(entries(self._reading(), first, beyond))

    def close(self) -> None:
        """Let go of open files."""
        self._open = None


def importlib_version(name: str) -> str:
    """The version of a distribution that is installed."""
    from importlib.metadata import version

    return version(name)


def _delete(writer: Any, key: str) -> None:
    try:
        key.encode()
    except UnicodeEncodeError:
        return  # such a key never came in
    writer.delete_documents_by_term("key", key)


def _fill(
    writer: Any,
    documents: Iterable[Document],
    refused: list[Refused],
    progress: Callable[[int], None] | None = None,
    replace: bool = False,
) -> None:
    wording = Wording()
    number = 0
    for number, document in enumerate(documents, 1):
        try:
            ready = prepare(document)
        except BadDocument as error:
            refused.append(Refused(document.key, str(error)))
            continue
        if replace:
            _delete(writer, document.key)
        writer.add_document(laid_out(ready, wording))
        if progress and number % _TOLD == 0:
            progress(number)
    if progress and number % _TOLD:
        progress(number)
