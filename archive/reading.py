"""Reading files without archiving anything: what would be read, and whom it would be attributed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.attribution.extract import extract
from archive.formats.batch import FileRead, read_files
from archive.model import Property
from archive.text.passages import passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from archive.model import Attribution


@dataclass(frozen=True, slots=True)
class Looked:
    """A part of a file as it was read, with the attributions in its text."""

    found: FileRead
    attributions: tuple[Attribution, ...]


def look(paths: Iterable[Path], workers: int | None = None) -> Iterator[Looked]:
    """Read files and folders with all cores, in their order, each as soon as it is done."""
    for found in read_files(paths, workers=workers):
        reading = found.part.reading
        language = reading.first(Property.LANGUAGE)
        tongue = language.value if language else None
        sentences = passages(reading.text, reading.paragraphs, tongue)
        yield Looked(found, extract(reading.text, sentences, reading.paragraphs, tongue))
