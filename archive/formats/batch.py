"""Reads many files with all cores, in the order given, and says each reading as JSON."""

from __future__ import annotations

import queue
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from archive.digest import Digest
from archive.formats.format import Context, Part
from archive.formats.pool import Pool
from archive.model import Basis, Evidence, Method, Moment, Precision, Property, Reading, Statement
from archive.text.canonical import RULE, UNICODE_VERSION
from archive.text.dates import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FILE_TIME = Method("file-time", "1")
PARTS_AHEAD = 64
"""Parts of one container that are read before somebody takes them."""
FILES_AHEAD = 8
"""Files a worker is read ahead of the one that is being taken."""
PATIENCE = 10.0
"""Seconds that a file may keep those after it waiting."""

_SINGLE = (
    ("title", Property.TITLE),
    ("outlet", Property.OUTLET),
    ("published", Property.PUBLISHED),
    ("modified", Property.MODIFIED),
    ("language", Property.LANGUAGE),
    ("url", Property.ADDRESS),
    ("canonical_url", Property.CANONICAL_ADDRESS),
    ("section", Property.SECTION),
    ("retrieved", Property.RETRIEVED),
    ("charset", Property.CHARSET),
    ("external_id", Property.EXTERNAL_ID),
)


@dataclass(frozen=True, slots=True)
class FileRead:
    """One part of one file that was read; most files have one."""

    path: Path
    part: Part


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those in the folders named, folder by folder in the order of their names."""
    for path in paths:
        if path.is_dir():
            yield from (found for found in sorted(path.rglob("*")) if found.is_file())
        else:
            yield path


def read_files(
    paths: Iterable[Path], context: Context | None = None, workers: int | None = None
) -> Iterator[FileRead]:
    """Each part of each file as soon as it and all before it are read; archives nothing.

    A file that takes longer than `PATIENCE` holds up no other: it comes when it is done. Relative dates are
    read against the file's time, as on receipt.
    """
    context = context or Context()
    with Pool(workers) as pool, ThreadPoolExecutor(pool.size) as threads:
        ahead: deque[_Stream] = deque()
        try:
            for path in files_in(paths):
                ahead.append(_Stream(threads, pool, path, _of_file(path, context)))
                if len(ahead) > FILES_AHEAD * pool.size:
                    yield from _next(ahead)
            while ahead:
                yield from _next(ahead)
        finally:
            for stream in ahead:
                stream.abandon()


def _of_file(path: Path, context: Context) -> Context:
    retrieved = context.retrieved or next((s.moment.at for s in file_time(path) if s.moment), None)
    return replace(context, name=context.name or path.name, retrieved=retrieved)


def _next(ahead: deque[_Stream]) -> _Stream:
    """Take out the first file, or the first that is ready where the first of all keeps us waiting."""
    while not ahead[0].ready.wait(PATIENCE):
        for stream in ahead:
            if stream.ready.is_set():
                ahead.remove(stream)
                return stream
    return ahead.popleft()


class _Stream:
    """The parts of one file, read by a thread ahead of the one who takes them."""

    def __init__(self, threads: ThreadPoolExecutor, pool: Pool, path: Path, context: Context) -> None:
        self._path = path
        self._parts: queue.Queue[Part | BaseException | None] = queue.Queue(PARTS_AHEAD)
        self._abandoned = threading.Event()
        self.ready = threading.Event()
        threads.submit(self._fill, pool, context)

    def _fill(self, pool: Pool, context: Context) -> None:
        try:
            for part in pool.parts(self._path, context) if not self._abandoned.is_set() else ():
                self._put(part)
                if self._abandoned.is_set():
                    break
            self._put(None)
        except BaseException as error:  # noqa: BLE001 - it is raised again where the parts are taken
            self._put(error)

    def _put(self, part: Part | BaseException | None) -> None:
        self._parts.put(part)
        self.ready.set()

    def __iter__(self) -> Iterator[FileRead]:
        try:
            while (part := self._parts.get()) is not None:
                if isinstance(part, BaseException):
                    raise part
                yield FileRead(self._path, part)
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Let the thread that fills this end, though nobody takes what it reads."""
        self._abandoned.set()
        while not self._parts.empty():
            self._parts.get_nowait()


def to_json(reading: Reading) -> dict[str, Any]:
    """A reading as `claimtrail read --json` shows it: each claim with value, basis, method and evidence."""
    said: dict[str, Any] = {"format": reading.format, "state": reading.state.value, "reason": reading.reason}
    for name, about in _SINGLE:
        first = reading.first(about)
        said[name] = statement_json(first) if first else None
    for name, about in (("authors", Property.BYLINE), ("notes", Property.NOTE)):
        said[name] = [statement_json(s) for s in reading.statements if s.about is about]
    said["text"] = reading.text
    said["paragraphs"] = [
        {"span": [p.span.start, p.span.end], "kind": p.kind.value} for p in reading.paragraphs
    ]
    said["text_digest"] = str(Digest.of_text(reading.text)) if reading.text else None
    said["reader"] = str(reading.reader)
    said["rule"], said["unicode"] = RULE, UNICODE_VERSION
    return said


def file_json(found: FileRead) -> dict[str, Any]:
    """A part of a file in the same shape, with the file's name and, in a container, the part's place."""
    part = found.part
    said: dict[str, Any] = {"file": str(found.path)}
    if part.payload is not None or part.number > 1 or part.findings or part.revisit_of:
        said |= {"part": part.number, "place": part.place, "revisit_of": part.revisit_of}
    return said | to_json(replace(part.reading, statements=statements_of(found)))


def statements_of(found: FileRead) -> tuple[Statement, ...]:
    """What is said of a part: by its container, by itself, and by the file's time where nothing else dates it."""
    said = (*found.part.statements, *found.part.reading.statements)
    dated = any(each.about is Property.RETRIEVED for each in said)
    return said if dated else (*said, *file_time(found.path))


def file_time(path: Path) -> list[Statement]:
    """The file's time of modification as when it may have been retrieved: inferred, the weakest of bases."""
    try:
        at = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    except (OSError, ValueError, OverflowError):
        return []
    when = Moment(at, Precision.SECOND, at.isoformat(), "+00:00")
    evidence = Evidence(when.original, place="time of modification of the file")
    return [Statement(Property.RETRIEVED, written(when), Basis.INFERRED, FILE_TIME, evidence, when)]


def statement_json(statement: Statement) -> dict[str, Any]:
    """A statement as value, basis, method and evidence, and for a time its precision and zone."""
    evidence, when = statement.evidence, statement.moment
    said: dict[str, Any] = {
        "value": statement.value,
        "basis": statement.basis.value,
        "method": str(statement.method),
        "evidence": None,
    }
    if evidence:
        span = [evidence.span.start, evidence.span.end] if evidence.span else None
        said["evidence"] = {"quote": evidence.quote, "span": span, "place": evidence.place}
    if when:
        said |= {"precision": when.precision.value, "zone": when.zone, "original": when.original}
    return said
