"""Reading files without archiving anything: what would be read, and whom it would be attributed to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archive.attribution.domains import outlet_by_domain
from archive.attribution.extract import extract
from archive.attribution.resolve import shipped
from archive.dating import conflicts
from archive.formats.batch import FileRead, read_files, statements_of
from archive.formats.columns import columns as columns_of
from archive.formats.format import Context
from archive.model import Property
from archive.settings import settings_at_hand
from archive.text.passages import passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from archive.finding import Finding
    from archive.model import Attribution, Statement


@dataclass(frozen=True, slots=True)
class Looked:
    """A part of a file as it was read, with the attributions in its text."""

    found: FileRead
    attributions: tuple[Attribution, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What is said of it, by whomever, the file's time included where nothing else dates it."""
        return statements_of(self.found)

    @property
    def conflicts(self) -> tuple[Finding, ...]:
        """Where its dates contradict each other."""
        return conflicts(self.statements)


def look(paths: Iterable[Path], columns: str | None = None, workers: int | None = None) -> Iterator[Looked]:
    """Read files and folders with all cores, in their order, each as soon as it is done.

    The limits are those of the archive that is at hand, else of the environment. Raises `BadColumns`.
    """
    context = Context(columns=columns_of(columns), limits=settings_at_hand().limits())
    return _looked(read_files(paths, context, workers))


def _looked(files: Iterable[FileRead]) -> Iterator[Looked]:
    for found in files:
        reading = found.part.reading
        language = reading.first(Property.LANGUAGE)
        tongue = language.value if language else None
        sentences = passages(reading.text, reading.paragraphs, tongue)
        made = extract(reading.text, sentences, reading.paragraphs, tongue)
        yield Looked(_with_outlet(found), made)


def _with_outlet(found: FileRead) -> FileRead:
    """The same, with the outlet that the domain of its address belongs to, after what it says itself."""
    part, reading = found.part, found.part.reading
    said = outlet_by_domain((*part.statements, *reading.statements), shipped())
    if not said:
        return found
    reading = replace(reading, statements=(*reading.statements, *said))
    return replace(found, part=replace(part, reading=reading))
