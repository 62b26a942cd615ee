"""How far a reader may go with one file: each limit a named constant, and its default in the settings."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TypeVar

MIB = 1 << 20

CPU_SECONDS = 20.0
"""Processor time for one file: the slowest of a thousand real pages took 2 s."""
WALL_SECONDS = 60.0
"""Time on the clock for one file, for a parser that waits instead of working."""
MEMORY = 1024 * MIB
"""Address space a worker may add to what it starts with, in bytes."""
INPUT_SIZE = 64 * MIB
"""Size of a document that is parsed; a container is streamed and may be larger."""
OUTPUT_SIZE = 32 * MIB
"""Size of a canonical text, and of what one compressed part may inflate to, in bytes."""
TAG_ATTRIBUTES = 2_000
"""Attributes of one markup tag: they cost parsers quadratic time."""
NESTING = 1_000
"""Depth of elements, mail parts or JSON values."""
ELEMENTS = 200_000
"""Elements of one page or feed document."""
INFLATION = 200
"""How many times its size a compressed file may inflate to, beyond the first MiB."""
PDF_INFLATION = 512 * MIB
"""What the streams of one PDF may inflate to, in bytes."""
PDF_PAGES = 5_000
"""Pages of one PDF."""
PARTS = 1_000_000
"""Records, rows or entries of one container."""
PACKAGE_FILES = 10_000
"""Files that a package (WACZ) may hold."""
MAIL_PARTS = 500
"""Parts of one mail."""
HEADER_SIZE = 64 * 1024
"""Length of one mail header, in bytes: encoded words cost the parser quadratic time."""

SETTING_PREFIX = "limit_"
"""A limit is set under its name with this before it."""


_Number = TypeVar("_Number", int, float)


def _limit(default: _Number, words: str) -> _Number:
    return field(default=default, metadata={"words": words})


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force; each is the constant of its name unless the settings say otherwise."""

    cpu_seconds: float = _limit(CPU_SECONDS, "processor seconds that reading one file may take")
    wall_seconds: float = _limit(WALL_SECONDS, "seconds on the clock that reading one file may take")
    memory: int = _limit(MEMORY, "bytes of memory a reader may take for one file")
    input_size: int = _limit(INPUT_SIZE, "bytes of a document, or of one part of a container, that is read")
    output_size: int = _limit(OUTPUT_SIZE, "bytes that may come out: of a text, of one compressed part")
    tag_attributes: int = _limit(TAG_ATTRIBUTES, "attributes of one tag of a page")
    nesting: int = _limit(NESTING, "how deep elements, mail parts and JSON values may lie in one another")
    elements: int = _limit(ELEMENTS, "elements of one page or feed")
    inflation: int = _limit(INFLATION, "times its size that a compressed file may inflate to")
    pdf_inflation: int = _limit(PDF_INFLATION, "bytes that the streams of one PDF may inflate to")
    pdf_pages: int = _limit(PDF_PAGES, "pages of one PDF")
    parts: int = _limit(PARTS, "records, rows or entries of one container")
    package_files: int = _limit(PACKAGE_FILES, "files that a package (WACZ) may hold")
    mail_parts: int = _limit(MAIL_PARTS, "parts of one mail, those of attached mails counted")
    header_size: int = _limit(HEADER_SIZE, "bytes of one mail header")


def limit_settings() -> list[tuple[str, int | float, str]]:
    """Each limit as a setting: its name, its default and what it means."""
    usual = Limits()
    return [
        (SETTING_PREFIX + each.name, getattr(usual, each.name), each.metadata["words"])
        for each in fields(Limits)
    ]
