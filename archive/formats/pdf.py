"""PDF: text by pdfium, or by pypdf where pdfium gives up; title, author and date as the file claims them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.formats.compose import claim, compose, library
from archive.formats.dates import dated
from archive.formats.format import Format, Refused, Unreadable
from archive.formats.pdf_streams import inflation_bounded
from archive.formats.plain import paragraphs_of_lines
from archive.model import ParagraphKind, Property

if TYPE_CHECKING:
    from archive.formats.compose import Block
    from archive.formats.format import Context
    from archive.model import Method, Reading, Statement

_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(Z|[+-]\d\d'?(?:\d\d)?'?)?.*")


def recognises(head: bytes) -> bool:
    """Whether the mark of a PDF stands within the first kilobyte."""
    return b"%PDF-" in head[:1024]


def read(content: bytes, context: Context) -> Reading:
    """The text of its pages in their order; `empty` where its pages are pictures."""
    inflation_bounded(content, context.limits.pdf_inflation)
    try:
        pages, fields, by = _pdfium(content, context)
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001 - whatever stopped it, the other library may do better
        pages, fields, by = _pypdf(content, context, error)
    blocks = [block for page in pages for block in paragraphs_of_lines(page)]
    return compose(
        "pdf", by, _headed(blocks), _claims(fields, by), "its pages hold no text, perhaps only pictures"
    )


def _pdfium(content: bytes, context: Context) -> tuple[list[str], dict[str, str], Method]:
    import pypdfium2  # type: ignore[import-untyped]  # it has no stubs

    document = pypdfium2.PdfDocument(content)
    try:
        _few_enough(len(document), context)
        pages, size = [], 0
        for page in document:
            pages.append(page.get_textpage().get_text_bounded())
            size = _short_enough(size + len(pages[-1]), context)
        return pages, document.get_metadata_dict(skip_empty=True), library("pypdfium2")
    finally:
        document.close()


def _pypdf(content: bytes, context: Context, first: Exception) -> tuple[list[str], dict[str, str], Method]:
    import io

    import pypdf

    try:
        document = pypdf.PdfReader(io.BytesIO(content))
        _few_enough(len(document.pages), context)
        pages, size = [], 0
        for page in document.pages:
            pages.append(page.extract_text())
            size = _short_enough(size + len(pages[-1]), context)
        fields = {str(key).lstrip("/"): str(value) for key, value in (document.metadata or {}).items()}
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"it cannot be read as PDF: {first}; {error}") from first
    return pages, fields, library("pypdf")


def _few_enough(pages: int, context: Context) -> None:
    if pages > context.limits.pdf_pages:
        raise Refused(f"it has {pages} pages, more than {context.limits.pdf_pages}")


def _short_enough(size: int, context: Context) -> int:
    if size > context.limits.output_size:
        raise Refused(f"its text is longer than {context.limits.output_size} characters")
    return size


def _headed(blocks: list[Block]) -> list[Block]:
    if len(blocks) > 1 and len(blocks[0][1]) < 200 and not blocks[0][1].endswith("."):
        blocks[0] = (ParagraphKind.HEADLINE, blocks[0][1])
    return blocks


def _claims(fields: dict[str, str], by: Method) -> list[Statement]:
    said = []
    for about, key in ((Property.TITLE, "Title"), (Property.BYLINE, "Author")):
        if fields.get(key, "").strip():
            said.append(claim(about, " ".join(fields[key].split()), by, f"Info {key}"))
    for about, key in ((Property.PUBLISHED, "CreationDate"), (Property.MODIFIED, "ModDate")):
        said += dated(about, _iso(fields.get(key, "")), by, f"Info {key}", quote=fields.get(key))
    return said


def _iso(text: str) -> str:
    """A PDF date (ISO 32000-1, section 7.9.4) as ISO 8601."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        return ""
    year, month, day, hour, minute, second, zone = match.groups()
    words = "-".join(part for part in (year, month, day) if part)
    if day and hour:
        words += f"T{hour}:{minute or '00'}" + (f":{second}" if second else "")
        words += (zone or "").replace("'", "")
    return words


FORMAT = Format("pdf", "PDF with text", recognises, read)
