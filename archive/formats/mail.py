"""Mail (.eml, RFC 5322 and MIME): subject, sender and date from the headers, the text from the best body."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.formats.compose import claim, compose
from archive.formats.format import Format, Refused
from archive.model import Method, ParagraphKind, Property
from archive.text.dates import mail_moment, written

if TYPE_CHECKING:
    from email.message import EmailMessage

    from archive.formats.compose import Block
    from archive.formats.format import Context
    from archive.model import Reading, Statement

READER = Method("mail", "1")

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


def read(content: bytes, context: Context) -> Reading:
    """The mail's own body: its HTML read as a page is, else its plain text."""
    from email import message_from_bytes, policy

    _bounded(content, context)
    message = message_from_bytes(content, policy=policy.default)
    blocks, more = _body(message, context)
    return compose("mail", READER, blocks, [*_headers(message), *more], "no readable body was found in it")


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


FORMAT = Format("mail", "a mail with its parts (.eml)", recognises, read)
