"""Mail (.eml, RFC 5322 and MIME): subject, sender and date from the headers, the text from the best body.

What is attached is read as parts, attached mails with what is attached to them.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from archive.formats.attached import Attached, attachments
from archive.formats.compose import claim, compose
from archive.formats.format import Format, Part, Refused
from archive.model import Method, ParagraphKind, Property
from archive.text.dates import mail_moment, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from archive.formats.compose import Block
    from archive.formats.format import Context
    from archive.model import Moment, Reading, Statement

READER = Method("mail", "1")

_HEADER = re.compile(rb"(?:From [^\r\n]*\r?\n)?[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]*")
_KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|received|mime-version|return-path|reply-to|content-type|delivered-to"
    rb"|list-unsubscribe|dkim-signature|x-[a-z0-9-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_TYPED = re.compile(rb"\ncontent-type:", re.IGNORECASE)


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
    received = _received(message)
    if received:
        context = replace(context, retrieved=received.at)
    said = (_retrieval(received),) if received else ()
    yield Part(1, "the mail itself", _mail(message, context), statements=said)
    yield from _opened(message, said, context)


def _opened(message: EmailMessage, said: tuple[Statement, ...], context: Context) -> Iterator[Part]:
    """Everything attached, outermost first; an attached mail is opened after the one that carries it."""
    waiting, number = deque([("", message)]), 1
    while waiting:
        inside, carrier = waiting.popleft()
        for attached in attachments(carrier):
            for place, content, reading in _parts(attached, context):
                number += 1
                if number > context.limits.mail_parts:
                    raise Refused(f"it has more than {context.limits.mail_parts} parts")
                yield Part(number, f"part {number}, {inside}{place}", reading, content, statements=said)
            if attached.mail:
                waiting.append((f"{inside}attached mail {attached.name}, ", attached.mail))


def _parts(attached: Attached, context: Context) -> Iterator[tuple[str, bytes, Reading]]:
    """Where what is attached lies, its bytes and its reading; a winmail.dat is one thing after another."""
    from archive.formats import document, tnef

    inner = replace(context, name=attached.name, charset=attached.charset)
    if attached.mail:
        yield f"attached mail {attached.name}", attached.content, _safely(attached.mail, inner)
    elif tnef.recognises(attached.content):
        yield from tnef.opened(attached.content, attached.name, inner)
    else:
        yield f"attachment {attached.name}", attached.content, document(attached.content, inner)


def _safely(message: EmailMessage, context: Context) -> Reading:
    from archive.formats import failure

    try:
        return _mail(message, context)
    except Exception as error:  # noqa: BLE001 - one attached mail that breaks a parser is one failed part
        return failure("mail", error)


def _mail(message: EmailMessage, context: Context) -> Reading:
    blocks, more = _body(message, context)
    said = [*_headers(message, context), *more]
    return compose("mail", READER, blocks, said, "no readable body was found in it")


def _received(message: EmailMessage) -> Moment | None:
    """When the last server took the mail, as its `Received` header says."""
    newest = next(iter(message.get_all("Received") or ()), "")
    return mail_moment(str(newest).rpartition(";")[2].strip())


def _retrieval(when: Moment) -> Statement:
    return claim(Property.RETRIEVED, written(when), READER, "header Received", when.original, when)


def _bounded(content: bytes, context: Context) -> None:
    """Refuses headers and parts whose number costs the parser quadratic time or its stack."""
    limits = context.limits
    if len(_TYPED.findall(content)) > limits.mail_parts:
        raise Refused(f"it has more than {limits.mail_parts} parts")
    top = re.split(rb"\r?\n\r?\n", content, maxsplit=1)[0]
    if max(map(len, re.split(rb"\r?\n(?![ \t])", top))) > limits.header_size:
        raise Refused(f"a header is longer than {limits.header_size} bytes")


def _headers(message: EmailMessage, context: Context) -> list[Statement]:
    for name, raw in message.raw_items():
        if len(raw) > context.limits.header_size:
            raise Refused(f"the header {name[:60]} is longer than {context.limits.header_size} bytes")
    said = []
    named = ((Property.TITLE, "Subject"), (Property.BYLINE, "From"), (Property.EXTERNAL_ID, "Message-ID"))
    for about, name in named:
        if message[name]:
            said.append(claim(about, " ".join(str(message[name]).split()), READER, f"header {name}"))
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
    declared = part.get_content_charset() if part["Content-Type"] else None
    reading = inner.read(bytes(content), replace(context, charset=declared))
    lines = [(paragraph.kind, paragraph.span.of(reading.text)) for paragraph in reading.paragraphs]
    lines = [(ParagraphKind.TEXT if kind is ParagraphKind.HEADLINE else kind, line) for kind, line in lines]
    kept = (Property.CHARSET, Property.CANONICAL_ADDRESS)
    return lines, [statement for statement in reading.statements if statement.about in kept]


FORMAT = Format("mail", "a mail with its attached documents (.eml)", recognises, open=open_parts)
