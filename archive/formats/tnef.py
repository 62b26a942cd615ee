"""TNEF, the `winmail.dat` that Outlook wraps a mail in ([MS-OXTNEF]): its plain body and its attached files."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from archive.formats.compose import claim, compose
from archive.formats.format import Format, Part, Refused, Unreadable
from archive.model import Method, Property

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.formats.format import Context
    from archive.model import Reading

READER = Method("tnef", "1")

_MAGIC = b"\x78\x9f\x3e\x22"
_ATTRIBUTE = struct.Struct("<BII")
# Identifiers with their types, section 2.1.3.1 of the specification.
_SUBJECT, _BODY, _CODEPAGE = 0x00018004, 0x0002800C, 0x00069007
_NEW_FILE, _FILE_NAME, _FILE_CONTENT = 0x00069002, 0x00018010, 0x0006800F
_MORE_OF_FILE, _LONG_NAME = 0x00069005, b"\x07\x37"


@dataclass(slots=True)
class _File:
    name: str = ""
    content: bytes | None = None


def recognises(head: bytes) -> bool:
    """Whether it begins with the signature 0x223E9F78."""
    return head.startswith(_MAGIC)


def open_parts(stream: BinaryIO, context: Context) -> Iterator[Part]:
    """The mail's own body, where it is plain text, then each file in it."""
    content = stream.read(context.limits.input_size + 1)
    if len(content) > context.limits.input_size:
        raise Refused(f"it is larger than the {context.limits.input_size} bytes that are read")
    for number, (place, body, reading) in enumerate(
        opened(content, context.name or "winmail.dat", context), 1
    ):
        yield Part(number, f"part {number}, {place}", reading, body)


def opened(content: bytes, name: str, context: Context) -> Iterator[tuple[str, bytes, Reading]]:
    """Where each thing in it lies, its bytes and its reading; raises `Unreadable` where it breaks off."""
    from archive.formats import document

    own, files = _taken_apart(content)
    body = _words(own.get(_BODY, b""), own)
    if body:
        yield f"body of {name}", body.encode(), _body(body, _words(own.get(_SUBJECT, b""), own))
    for number, file in enumerate(files, 1):
        if number > context.limits.mail_parts:
            raise Refused(f"it holds more than {context.limits.mail_parts} files")
        if file.content is not None:
            yield f"{file.name or 'without a name'} in {name}", file.content, document(file.content, context)


def _body(text: str, subject: str) -> Reading:
    from archive.formats import plain

    said = [claim(Property.TITLE, subject, READER, "subject")] if subject else []
    return compose("tnef", READER, plain.blocks(text), said)


def _taken_apart(content: bytes) -> tuple[dict[int, bytes], list[_File]]:
    own: dict[int, bytes] = {}
    files: list[_File] = []
    for level, kind, value in _attributes(content):
        if level == 1:
            own.setdefault(kind, value)
        elif kind == _NEW_FILE:
            files.append(_File())
        elif files and kind == _FILE_NAME and not files[-1].name:
            files[-1].name = _words(value, own)
        elif files and kind == _FILE_CONTENT:
            files[-1].content = value
        elif files and kind == _MORE_OF_FILE:
            files[-1].name = _long_name(value) or files[-1].name
    return own, files


def _attributes(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Level, identifier and value of each; two bytes of checksum stand after every one."""
    at = len(_MAGIC) + 2
    while at + _ATTRIBUTE.size <= len(content):
        level, kind, size = _ATTRIBUTE.unpack_from(content, at)
        start = at + _ATTRIBUTE.size
        at = start + size + 2
        if at > len(content) or level not in (1, 2):
            raise Unreadable("the winmail.dat breaks off or is damaged")
        yield level, kind, content[start : start + size]


def _long_name(value: bytes) -> str:
    """The long name of a file among its MAPI properties: PidTagAttachLongFilename, as 8-bit or UTF-16 text."""
    for type_, codec in ((b"\x1e\x00", "cp1252"), (b"\x1f\x00", "utf-16-le")):
        at = value.find(type_ + _LONG_NAME + b"\x01\x00\x00\x00")
        if at >= 0:
            (size,) = struct.unpack_from("<I", value, at + 8)
            return value[at + 12 : at + 12 + size].decode(codec, "replace").rstrip("\x00")
    return ""


def _words(value: bytes, own: dict[int, bytes]) -> str:
    """Text in the code page that the mail names."""
    page = own.get(_CODEPAGE, b"")[:4]
    name = f"cp{int.from_bytes(page, 'little')}" if len(page) == 4 else "cp1252"
    try:
        return value.decode(name, "replace").rstrip("\x00").strip()
    except LookupError:
        return value.decode("cp1252", "replace").rstrip("\x00").strip()


FORMAT = Format("tnef", "a mail as Outlook wraps it, winmail.dat", recognises, open=open_parts)
