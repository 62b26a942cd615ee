"""What is computed about a part once it is read: its language, and where its dates contradict each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.formats.compose import infer, unread
from archive.formats.language import language_of, method
from archive.model import Basis, Evidence, Method, Precision, Property, ReadingState, Statement

if TYPE_CHECKING:
    from archive.formats.format import Context, Part
    from archive.model import Moment, Reading

_DATES = Method("dates", "1")


def enriched(part: Part, context: Context) -> Part:
    """The part with its language as it was found, and a note for each contradiction between its dates."""
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
    said += _contradictions(part, context)
    return replace(part, reading=replace(reading, statements=tuple(said)))


def _contradictions(part: Part, context: Context) -> list[Statement]:
    published = _when(part.reading, Property.PUBLISHED)
    modified = _when(part.reading, Property.MODIFIED)
    retrieved = next(
        (s.moment.at for s in part.statements if s.about is Property.RETRIEVED and s.moment), None
    )
    retrieved = retrieved or context.retrieved
    notes = []
    if published and retrieved and published.at > retrieved:
        notes.append(
            ("published after it was retrieved", f"{published} after {retrieved:%Y-%m-%dT%H:%M:%SZ}")
        )
    if modified and retrieved and modified.at > retrieved:
        notes.append(("modified after it was retrieved", f"{modified} after {retrieved:%Y-%m-%dT%H:%M:%SZ}"))
    if published and modified and _precedes(modified, published):
        notes.append(("modified before it was published", f"{modified} before {published}"))
    return [
        Statement(Property.NOTE, words, Basis.INFERRED, _DATES, Evidence(quote)) for words, quote in notes
    ]


def _when(reading: Reading, about: Property) -> Moment | None:
    first = reading.first(about)
    return first.moment if first else None


def _precedes(one: Moment, other: Moment) -> bool:
    """Whether one is earlier for certain, at the coarser of the two precisions."""
    if one.precision is Precision.SECOND and other.precision is Precision.SECOND:
        return one.at < other.at
    return one.at.date() < other.at.date() and {one.precision, other.precision}.isdisjoint(
        {Precision.YEAR, Precision.MONTH}
    )
