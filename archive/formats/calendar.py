"""Invitations and calendars (iCalendar, RFC 5545): what each entry is called, where and when, and its description."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.formats.charset import decode
from archive.formats.compose import claim, compose
from archive.formats.dates import dated
from archive.formats.format import Format
from archive.model import Method, ParagraphKind, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.formats.compose import Block
    from archive.formats.format import Context
    from archive.model import Reading, Statement

READER = Method("calendar", "1")

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"(?P<name>[A-Za-z-]+)(?:;[^:\r\n]*)?:(?P<value>.*)")
_ESCAPED = re.compile(r"\\([\\;,nN])")
_ENTRIES = ("VEVENT", "VTODO", "VJOURNAL")
_SHOWN = {
    "SUMMARY": ParagraphKind.HEADLINE,
    "LOCATION": ParagraphKind.TEXT,
    "DTSTART": ParagraphKind.TEXT,
    "DESCRIPTION": ParagraphKind.TEXT,
}
_SAID = {"SUMMARY": Property.TITLE, "UID": Property.EXTERNAL_ID, "URL": Property.ADDRESS}


def recognises(head: bytes) -> bool:
    """Whether it begins as a calendar does."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper() == b"BEGIN:VCALENDAR"


def read(content: bytes, context: Context) -> Reading:
    """The entries in their order; the first gives title, identifier and address."""
    text, charset = decode(content, context.charset, "sender")
    lines = list(_entries(_FOLD.sub("", text)))
    return compose("calendar", READER, _blocks(lines), [*_claims(lines), charset], "no entry says anything")


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Names and values of the lines of entries, alarms within them left out."""
    open_: list[str] = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line.strip())
        if not match:
            continue
        name, value = match["name"].upper(), match["value"]
        if name == "BEGIN":
            open_.append(value.upper())
        elif name == "END":
            open_ = open_[:-1]
        elif open_ and open_[-1] in _ENTRIES:
            yield name, _ESCAPED.sub(lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], value)


def _blocks(lines: list[tuple[str, str]]) -> Iterator[Block]:
    for name, value in lines:
        if name in _SHOWN:
            for line in value.split("\n"):
                yield _SHOWN[name], line


def _claims(lines: list[tuple[str, str]]) -> Iterator[Statement]:
    first: dict[str, str] = {}
    for name, value in lines:
        first.setdefault(name, " ".join(value.split()))
    for name, about in _SAID.items():
        if first.get(name):
            yield claim(about, first[name], READER, name)
    yield from dated(Property.MODIFIED, first.get("LAST-MODIFIED"), READER, "LAST-MODIFIED")


FORMAT = Format("calendar", "an invitation or calendar (iCalendar)", recognises, read, complex_parser=False)
