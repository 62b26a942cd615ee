"""What is computed about a part once it is read: its language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.formats.compose import infer, unread
from archive.formats.language import language_of, method
from archive.model import Property, ReadingState

if TYPE_CHECKING:
    from archive.formats.format import Context, Part


def enriched(part: Part, context: Context) -> Part:
    """The part with its language as it was found; `refused` where its text is longer than the limit."""
    reading = part.reading
    if reading.state is not ReadingState.READ:
        return part
    if len(reading.text) > context.limits.output_size:
        reason = f"its text is longer than {context.limits.output_size} characters"
        return replace(part, reading=unread(ReadingState.REFUSED, reading.format, reading.reader, reason))
    said = [*reading.statements]
    tag = language_of(reading.text)
    if tag:
        said.append(infer(Property.LANGUAGE, tag, method()))
    return replace(part, reading=replace(reading, statements=tuple(said)))
