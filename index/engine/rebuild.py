"""A rebuild: segments written beside the index that is in use, swapped in when all are there.

Each segment is synced and noted before the next, so that a rebuild that was cut off goes on where it stopped.
Documents come in the order of their positions; one that comes again replaces the one before.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from index.engine.batch import Batch
from index.engine.codec import as_part, named_segment, write_contents
from index.engine.durable import sync, write_synced
from index.engine.layout import POSTINGS, TERMS
from index.engine.pages import Files, page_digests
from index.engine.prepared import BadDocument
from index.engine.segment import Segment
from index.engine.stamp import SCHEMA, Part
from index.model import Added, Document, Refused
from index.words import Folding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from index.engine.generations import Generations

BUILDING = "building"
BATCH = 12_288
"""The most versions in one segment of a rebuild."""

FEWEST = 1_024
"""Versions that are worth a segment of their own, so that one is written while the next one is read."""

SEGMENTS = 4
"""Where versions are few they come to so many segments."""

_NOTE = "note.json"


@dataclass(frozen=True, slots=True)
class _Written:
    """A segment that was written: its name, its versions, and the last position in it."""

    name: str
    count: int
    given: int
    position: int
    refused: tuple[Refused, ...]


@dataclass(slots=True)
class _Note:
    """How far a rebuild is; `files` holds the SHA-256 of every file that is there.

    `upto` is the position that it was to cover when it began: what was said since then of versions that it had
    by then taken is not in it, however often it is resumed.
    """

    engine: str
    upto: int
    schema: int = SCHEMA
    position: int = 0
    done: int = 0
    segments: list[tuple[str, int]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[str, str]] = field(default_factory=list)


def rebuild(
    generations: Generations,
    documents: Callable[[int], Iterable[Document]],
    upto: int,
    progress: Callable[[int], None] | None,
    workers: int,
    expected: int = 0,
) -> Added:
    """Build a generation from the record; the writer's lock is held by the caller."""
    size = max(FEWEST, min(BATCH, -(-expected // SEGMENTS))) if expected and workers > 1 else BATCH
    path = generations.root / BUILDING
    note = _resumed(path, generations.engine)
    if note is None:
        generations.begin(BUILDING)
        note = _Note(generations.engine, upto)
    for written in _written(_parts(documents(note.position), size), path, workers):
        _take(note, written, path)
        if progress:
            progress(note.done)
    return _finish(generations, path, note)


def _resumed(path: Path, engine: str) -> _Note | None:
    """The note of a rebuild that was cut off, where all that it speaks of is sound."""
    try:
        told: dict[str, Any] = json.loads((path / _NOTE).read_bytes())
        note = _Note(**told)
        sound = all(page_digests(path / name)[0] == digest for name, digest in note.files.items())
    except (OSError, ValueError, TypeError):
        return None
    if not sound or (note.engine, note.schema) != (engine, SCHEMA):
        return None
    for file in path.iterdir():
        if file.name not in note.files and file.is_file():
            file.unlink()
    return note


def _take(note: _Note, written: _Written, path: Path) -> None:
    """Sync what was written and note it."""
    if written.count:
        note.segments.append((written.name, written.count))
        for file in sorted(path.glob(f"{written.name}.*")):
            sync(file)
            note.files[file.name] = page_digests(file)[0]
        sync(path)
    note.position = written.position
    note.done += written.given
    note.refused += [(refused.key, refused.reason) for refused in written.refused]
    fresh = path / f"{_NOTE}.new"
    write_synced(fresh, json.dumps(asdict(note)).encode())
    fresh.rename(path / _NOTE)


def _finish(generations: Generations, path: Path, note: _Note) -> Added:
    from whoosh.filedb.filestore import FileStorage

    file_storage: Any = FileStorage
    segments = [named_segment(part) for part in _without_replaced(path, note.segments)]
    (path / _NOTE).unlink(missing_ok=True)
    for leftover in path.glob("_*.toc*"):
        leftover.unlink()
    write_contents(file_storage(str(path), supports_mmap=False), segments)
    parts = tuple(as_part(segment) for segment in segments)
    count = sum(part.count - len(part.deleted) for part in parts)
    generation = generations.publish(path, note.upto, count, {}, parts)
    generations.sweep(generation)
    return Added(count, tuple(Refused(*refused) for refused in note.refused))


def _without_replaced(path: Path, segments: Sequence[tuple[str, int]]) -> list[Part]:
    """The segments, with versions marked as deleted whose key stands in a later segment too."""
    parts = [Part(name, count) for name, count in segments]
    if len(parts) < 2:
        return parts
    told = {
        file.name: page_digests(file)[1:] for file in path.glob("*.*") if file.suffix in (TERMS, POSTINGS)
    }
    files = Files(path, told)
    later: set[str] = set()
    kept: list[Part] = []
    try:
        for part in reversed(parts):
            opened = Segment(files, part)
            keys = set(opened.terms_from("key", ""))
            deleted = tuple(sorted(opened.having("key", later & keys)))
            kept.append(Part(part.name, part.count, deleted))
            later |= keys
    finally:
        files.close()
    return kept[::-1]


def _parts(documents: Iterable[Document], size: int) -> Iterator[list[Document]]:
    """Documents in parts of that size, which do not fall between two of one position."""
    part: list[Document] = []
    for document in documents:
        if len(part) >= size and document.position != part[-1].position:
            yield part
            part = []
        part.append(document)
    if part:
        yield part


def _written(parts: Iterable[list[Document]], path: Path, workers: int) -> Iterator[_Written]:
    """Parts written as segments, in their order, by several processes where they are asked for."""
    if workers < 2:
        for part in parts:
            yield write_part(part, path)
        return
    # Forking a process that holds threads and a database is not safe; these workers start clean.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_bound_to_parent)
    try:
        waiting: deque[Any] = deque()
        for part in parts:
            waiting.append(pool.submit(write_part, part, path))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise OSError("a worker of the rebuild was killed (it may have run out of memory)") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _bound_to_parent() -> None:
    """End this worker with the process that started it, and leave the answer to Ctrl-C to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


@cache
def _folding() -> Folding:
    return Folding()


def write_part(part: list[Document], path: Path) -> _Written:
    """Write documents as a segment; of those with one key the last."""
    from whoosh.filedb.filestore import FileStorage

    file_storage: Any = FileStorage
    gc.disable()  # a batch is millions of small objects in no circle
    try:
        return _write_part(part, file_storage(str(path), supports_mmap=False))
    finally:
        gc.enable()


def _write_part(part: list[Document], storage: Any) -> _Written:
    batch, refused = Batch(_folding()), []
    for document in {document.key: document for document in part}.values():
        try:
            batch.add(document)
        except BadDocument as error:
            refused.append(Refused(document.key, str(error)))
    name = ""
    if len(batch):
        name = batch.write(storage).segment_id()
    return _Written(name, len(batch), len(part), part[-1].position, tuple(refused))
