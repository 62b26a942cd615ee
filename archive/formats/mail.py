"""Mail (.eml, RFC 5322 and MIME): subject, sender and date from the headers, the text from the best body."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from archive.formats.compose import claim, compose
from archive.formats.format import Format, Part, Refused
from archive.model import Method, ParagraphKind, Property
from archive.text.dates import mail_moment, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from archive.formats.compose import Block
    from archive.formats.format import Context
    from archive.model import Statement

READER = Method("mail", "1")

_NO_TEXT = ("image", "audio", "video", "font")
_HEADER = re.compile(rb"(?:From [^\r\n]*\r?\n)?[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]*")
_KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|received|mime-version|return-path|reply-to|content-type|delivered-to"
    rb"|list-unsubscribe|dkim-signature|x-[a-z0-9-]+):",
    re.IGNORECASE | re.MULTILINE,
)


def recognises(head: bytes) -> bool:
    """Whether it begins with header lines, three of them those of a mail, one of those From or Date."""
    if not _HEADER.match(head):
        return False
    top = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    names = {name.lower() for name in _KNOWN.findall(top)}
    return len(names) >= 3 and bool(names & {b"from:", b"date:", b"received:"})


def open_parts(stream: BinaryIO, context: Context) -> Iterator[Part]:
    """The mail itself, its HTML body read as a page is, else its plain text; then each attached document."""
    from email import message_from_bytes, policy

    content = stream.read(context.limits.input_size + 1)
    if len(content) > context.limits.input_size:
        raise Refused(f"it is larger than the {context.limits.input_size} bytes that are read")
    _bounded(content, context)
    message = message_from_bytes(content, policy=policy.default)
    blocks, more = _body(message, context)
    nothing = "no readable body was found in it"
    own = compose("mail", READER, blocks, [*_headers(message), *more], nothing)
    received = tuple(_received(message))
    yield Part(1, "the mail itself", own, statements=received)
    for number, attached in enumerate(_attachments(message), 2):
        yield _attached(number, attached, received, context)


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    """Attached files, wherever they stand, but not the alternatives and pictures of the body."""
    body = message.get_body(("html", "plain"))
    for part in message.walk():
        if part is message or part is body or part.is_multipart():
            continue
        is_attached = part.get_content_disposition() == "attachment" or bool(part.get_filename())
        if is_attached and part.get_content_maintype() not in _NO_TEXT:
            yield part


def _attached(number: int, part: EmailMessage, received: tuple[Statement, ...], context: Context) -> Part:
    from archive.formats import document

    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    name = part.get_filename() or "without a name"
    reading = document(content, replace(context, name=name, charset=part.get_content_charset()))
    return Part(number, f"attachment {name}", reading, content, statements=received)


def _received(message: EmailMessage) -> Iterator[Statement]:
    """When the last server took the mail, as its `Received` header says."""
    newest = next(iter(message.get_all("Received") or ()), "")
    when = mail_moment(str(newest).rpartition(";")[2].strip())
    if when:
        yield claim(Property.RETRIEVED, written(when), READER, "header Received", when.original, when)


def _bounded(content: bytes, context: Context) -> None:
    """Refuses headers and parts whose number costs the parser quadratic time or its stack."""
    limits = context.limits
    if content.count(b"\nContent-Type:") + content.count(b"\ncontent-type:") > limits.mail_parts:
        raise Refused(f"it has more than {limits.mail_parts} parts")
    top = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0]
    if max(map(len, re.split(rb"\r?\n(?![ \t])", top))) > limits.header_size:
        raise Refused(f"a header is longer than {limits.header_size} bytes")


def _headers(message: EmailMessage) -> list[Statement]:
    said = []
    for about, name in ((Property.TITLE, "Subject"), (Property.BYLINE, "From")):
        if message[name]:
            said.append(claim(about, str(message[name]), READER, f"header {name}"))
    when = mail_moment(str(message["Date"] or ""))
    if when:
        said.append(claim(Property.PUBLISHED, written(when), READER, "header Date", when.original, when))
    return said


def _body(message: EmailMessage, context: Context) -> tuple[list[Block], list[Statement]]:
    from archive.formats import html, plain

    part = message.get_body(("html", "plain"))
    if part is None:
        return [], []
    content = part.get_payload(decode=True) or b""
    inner = html if part.get_content_subtype() == "html" else plain
    reading = inner.read(bytes(content), context)
    lines = [(paragraph.kind, paragraph.span.of(reading.text)) for paragraph in reading.paragraphs]
    lines = [(ParagraphKind.TEXT if kind is ParagraphKind.HEADLINE else kind, line) for kind, line in lines]
    kept = (Property.CHARSET, Property.CANONICAL_ADDRESS)
    return lines, [statement for statement in reading.statements if statement.about in kept]


FORMAT = Format("mail", "a mail with its attached documents (.eml)", recognises, open=open_parts)
