"""JSON lines: an item a row, its columns `text` or `html`, `title`, `byline`, `outlet`, `url` and so on.

`Context.columns` maps our names of the columns to the file's; a row that is broken is one failed part.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from archive.formats.charset import decode
from archive.formats.compose import claim, compose, unread
from archive.formats.dates import dated_or_noted
from archive.formats.format import Context, Format, Part, Refused
from archive.formats.fragment import fragment
from archive.model import Method, ParagraphKind, Property, ReadingState
from archive.text.dates import moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.formats.compose import Block
    from archive.model import Reading, Statement

READER = Method("jsonl", "1")

COLUMNS_NAMED = 20
"""How many of a row's columns are named where none of them is known."""

_COLUMNS = {
    "title": Property.TITLE,
    "byline": Property.BYLINE,
    "outlet": Property.OUTLET,
    "url": Property.ADDRESS,
    "language": Property.LANGUAGE,
    "section": Property.SECTION,
    "id": Property.EXTERNAL_ID,
}
_DATES = {"published": Property.PUBLISHED, "modified": Property.MODIFIED, "retrieved": Property.RETRIEVED}
_ROW = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{[ \t]*\"")


def recognises(head: bytes) -> bool:
    """Whether its first line is an object, or goes on beyond what is seen."""
    if not _ROW.match(head):
        return False
    line, ending, _ = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    return not ending or line.rstrip().endswith(b"}")


def open_rows(stream: BinaryIO, context: Context) -> Iterator[Part]:
    """Each row that is not blank."""
    number = 0
    for place, line in enumerate(iter(lambda: stream.readline(context.limits.input_size + 1), b""), 1):
        row = line.strip(b"\xef\xbb\xbf \t\r\n")
        if not row:
            continue
        number += 1
        if len(line) > context.limits.input_size:
            raise Refused(f"row {place} is longer than the {context.limits.input_size} bytes that are read")
        if number > context.limits.parts:
            raise Refused(f"it has more than {context.limits.parts} rows")
        reading = _row(row, context)
        yield Part(number, f"row {place}", reading, row, _address(reading))


def _row(row: bytes, context: Context) -> Reading:
    text, charset = decode(row, context.charset, "sender")
    try:
        value = json.loads(text)
    except RecursionError:
        return unread(ReadingState.FAILED, "jsonl", READER, "the row is nested too deeply")
    except ValueError as error:
        return unread(ReadingState.FAILED, "jsonl", READER, f"the row is not JSON: {error}"[:300])
    if not isinstance(value, dict):
        return unread(ReadingState.REFUSED, "jsonl", READER, "the row is no object")
    return _item(value, charset, context)


def _item(row: dict[str, Any], charset: Statement, context: Context) -> Reading:
    def theirs(name: str) -> str:
        return context.columns.get(name, name)

    context = _with_retrieval(row.get(theirs("retrieved")), row.get(theirs("language")), context)
    said: list[Statement] = [charset]
    for name, about in _COLUMNS.items():
        place = f"column {theirs(name)}"
        said += [claim(about, words, READER, place) for words in _values(row.get(theirs(name)))]
    for name, about in _DATES.items():
        said += dated_or_noted(about, row.get(theirs(name)), READER, f"column {theirs(name)}", context)
    text, html = row.get(theirs("text")), row.get(theirs("html"))
    if isinstance(html, str) and html.strip() and not (isinstance(text, str) and text.strip()):
        return _page(html, said, context)
    blocks = _titled(said, fragment(text, context, markup=False)) if isinstance(text, str) else []
    return compose("jsonl", READER, blocks, said, _nothing(row, theirs("text"), theirs("html")))


def _with_retrieval(retrieved: object, language: object, context: Context) -> Context:
    """The context of a row: relative and local dates are read against its own retrieval and language."""
    when = moment(retrieved) if isinstance(retrieved, str) else None
    if when:
        context = replace(context, retrieved=when.at)
    return replace(context, language=language) if isinstance(language, str) and language.strip() else context


def _nothing(row: dict[str, Any], *names: str) -> str:
    """Why a row has no text: its columns are named where neither of the two is among them."""
    if any(name in row for name in names):
        return f"neither its column {names[0]} nor its column {names[1]} holds any text"
    there = ", ".join(sorted(map(str, row))[:COLUMNS_NAMED]) or "none"
    return f"it has neither a column {names[0]} nor a column {names[1]}; its columns are {there}"


def _titled(said: list[Statement], blocks: list[Block]) -> list[Block]:
    """The text's own first line is its headline only where it is the title column's."""
    titles = {" ".join(s.value.split()) for s in said if s.about is Property.TITLE}
    return [
        (ParagraphKind.HEADLINE if number == 0 and " ".join(line.split()) in titles else _plain(kind), line)
        for number, (kind, line) in enumerate(blocks)
    ]


def _plain(kind: ParagraphKind) -> ParagraphKind:
    return ParagraphKind.TEXT if kind is ParagraphKind.HEADLINE else kind


def _page(html: str, said: list[Statement], context: Context) -> Reading:
    from archive.formats import html as pages

    reading = pages.read(html.encode("utf-8", "replace"), context)
    lines = [(paragraph.kind, paragraph.span.of(reading.text)) for paragraph in reading.paragraphs]
    inner = [statement for statement in reading.statements if statement.about is not Property.CHARSET]
    return compose(
        "jsonl", reading.reader, lines, [*said, *inner], "no article text was found in its html column"
    )


def _values(value: object) -> list[str]:
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, (str, int, float)):
        words = " ".join(str(value).split())
        return [words] if words else []
    return [word for part in value for word in _values(part)] if isinstance(value, list) else []


def _address(reading: Reading) -> str | None:
    found = reading.first(Property.ADDRESS)
    return found.value if found else None


FORMAT = Format("jsonl", "JSON lines, an item a row, with a map of columns", recognises, open=open_rows)
