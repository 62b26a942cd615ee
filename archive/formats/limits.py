"""How far a reader may go with one file; the settings can say otherwise."""

from __future__ import annotations

from dataclasses import dataclass

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
PARTS = 1_000_000
"""Records, rows or entries of one container."""
MAIL_PARTS = 500
"""Parts of one mail."""
HEADER_SIZE = 64 * 1024
"""Length of one mail header, in bytes: encoded words cost the parser quadratic time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits in force; each is the constant of its name unless the settings say otherwise."""

    cpu_seconds: float = CPU_SECONDS
    wall_seconds: float = WALL_SECONDS
    memory: int = MEMORY
    input_size: int = INPUT_SIZE
    output_size: int = OUTPUT_SIZE
    tag_attributes: int = TAG_ATTRIBUTES
    nesting: int = NESTING
    elements: int = ELEMENTS
    inflation: int = INFLATION
    pdf_inflation: int = PDF_INFLATION
    parts: int = PARTS
    mail_parts: int = MAIL_PARTS
    header_size: int = HEADER_SIZE
