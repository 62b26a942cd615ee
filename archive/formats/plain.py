"""Plain text, as copied from a page: headline, byline, cross-heads and captions in the middle.

It claims nothing about its outlet. A line is a paragraph, save in a text wrapped at a fixed width.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.formats.charset import decode
from archive.formats.compose import claim, compose
from archive.formats.dates import dated, is_date
from archive.formats.format import Format
from archive.model import Method, ParagraphKind, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.formats.compose import Block
    from archive.formats.format import Context
    from archive.model import Reading, Statement

READER = Method("plain", "1")

HEADLINE_SIZE = 250
"""Longest headline, in characters."""
CROSSHEAD_WORDS = 12
"""Longest cross-head, in words."""
DATE_SIZE = 40
"""Longest line that can be a date, in characters."""
WRAP_WIDTH = 100
"""A text whose lines are all shorter than this and mostly run on is taken as wrapped."""

_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!DOCTYPE)", re.IGNORECASE)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BREAKS = re.compile(r"\r\n?|\u2028|\x0b|\x0c|\x85")
_BLANKS = re.compile(r"\n[ \t\u00a0]*(?:\n[ \t\u00a0]*)+|\u2029")
_BYLINE = re.compile(r"(?:by|von|par|por|di)[ \t]+(?P<names>[^\W\d_][^.!?\n]{2,80})", re.IGNORECASE)
_ENDING = re.compile(r"[.!?:;,…。！？»\"'”’)\]]$")  # noqa: RUF001 - sentences end so in other scripts
_DATED = re.compile(
    r"^(?:published|posted|date|ver\u00f6ffentlicht|publi\u00e9)\b(?: on)?[:\s]*", re.IGNORECASE
)
_CAPTION = re.compile(
    r"(?:\(?(?:file )?(?:photo|image|picture|caption|video|watch)\b|©|photograph)", re.IGNORECASE
)


def recognises(head: bytes) -> bool:
    """Whether these are characters: a byte order mark, or no control codes but white space and escape."""
    if not head.strip() or _XML.match(head):
        return False
    return head.startswith(_MARKS) or not _BINARY.search(head)


def read(content: bytes, context: Context) -> Reading:
    """The text by its lines; its first line is the headline where it looks like one."""
    text, charset = decode(content, context.charset, "sender")
    found = blocks(text)
    return compose("plain", READER, found, [*_claims(found), *_published(found, context), charset])


def blocks(text: str) -> list[Block]:
    """The paragraphs of a text, with what each is."""
    text = _BREAKS.sub("\n", text)
    groups = [[line for line in group.split("\n") if line.strip()] for group in _BLANKS.split(text)]
    groups = [group for group in groups if group]
    if _is_wrapped(groups):
        groups = [[" ".join(group)] for group in groups]
    attached = any(len(group) > 1 and _is_short(group[0]) for group in groups[1:])
    kinds = [
        (_kind(group, place, attached, last=number == len(groups) - 1), line)
        for number, group in enumerate(groups)
        for place, line in enumerate(group)
    ]
    return _topped(kinds)


def paragraphs_of_lines(text: str) -> list[Block]:
    """The paragraphs of a printed page: lines joined, up to a blank or a short one that ends a sentence."""
    lines = [" ".join(line.split()) for line in _BREAKS.sub("\n", text).split("\n")]
    widths = sorted(len(line) for line in lines if line)
    full = widths[len(widths) * 3 // 4] if widths else 0
    found, open_ = [], ""
    for line in lines:
        open_ = _joined(open_, line)
        if not line or (len(line) < 0.8 * full and _ENDING.search(line)) or (len(line) < 0.5 * full):
            found.append(open_)
            open_ = ""
    return [(ParagraphKind.TEXT, line) for line in (*found, open_) if line]


def _joined(before: str, line: str) -> str:
    if not before or not line:
        return before + line
    if before.endswith("\u00ad") or (re.search(r"[^\W\d_]-$", before) and line[:1].islower()):
        return before[:-1] + line
    return f"{before} {line}"


def _is_wrapped(groups: list[list[str]]) -> bool:
    """Whether lines end where the width did: all short, and most within a block run on."""
    inner = [line.rstrip() for group in groups for line in group[:-1]]
    if len(inner) < 3 or any(len(line) > WRAP_WIDTH for line in inner):
        return False
    running = sum(not _ENDING.search(line) and len(line) > WRAP_WIDTH // 2 for line in inner)
    return running > 0.6 * len(inner)


def _is_short(line: str) -> bool:
    return len(line.split()) <= CROSSHEAD_WORDS and not _ENDING.search(line.rstrip())


def _kind(group: list[str], place: int, attached: bool, last: bool) -> ParagraphKind:
    line = group[place].strip()
    if _CAPTION.match(line) and len(line.split()) <= 40:
        return ParagraphKind.CAPTION
    if not _is_short(line):
        return ParagraphKind.TEXT
    if place < len(group) - 1:
        return ParagraphKind.CROSSHEAD
    if len(group) > 1:
        return ParagraphKind.TEXT
    # Where cross-heads stand right on their paragraphs, a short line alone is what a picture left behind.
    return ParagraphKind.CAPTION if attached or last else ParagraphKind.CROSSHEAD


def _topped(blocks: list[Block]) -> list[Block]:
    """The blocks with the headline and byline at their top told apart."""
    if (
        len(blocks) > 1
        and len(blocks[0][1]) <= HEADLINE_SIZE
        and not blocks[0][1].rstrip().endswith((".", ",", ";"))
    ):
        blocks[0] = (ParagraphKind.HEADLINE, blocks[0][1])
    for number, (_, line) in enumerate(blocks[:5]):
        if _BYLINE.fullmatch(line.strip()) and len(line.split()) <= 12:
            blocks[number] = (ParagraphKind.BYLINE, line)
            break
    return blocks


def _claims(blocks: list[Block]) -> list[Statement]:
    claims = []
    for kind, line in blocks[:5]:
        if kind is ParagraphKind.HEADLINE:
            claims.append(claim(Property.TITLE, " ".join(line.split()), READER, "first line"))
        byline = _BYLINE.fullmatch(line.strip()) if kind is ParagraphKind.BYLINE else None
        if byline:
            claims.append(claim(Property.BYLINE, " ".join(byline["names"].split()), READER, "byline"))
    return claims


def _published(found: list[Block], context: Context) -> Iterator[Statement]:
    """A line at the top that is a date and nothing else, or says `Published` before it."""
    for _, line in found[:6]:
        words = _DATED.sub("", line.strip())
        if len(words) <= DATE_SIZE and is_date(words):
            yield from dated(Property.PUBLISHED, words, READER, "date line", context=context, quote=line)
            return


FORMAT = Format(
    "plain", "plain text, as copied from a page or exported", recognises, read, complex_parser=False
)
