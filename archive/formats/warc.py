"""WARC and WARC.gz (ISO 28500): each answer or resource a capture, with its own date, address and digests.

The common readers stop in silence where a file breaks off, so the bytes that were consumed are compared
with the bytes that are there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from archive.finding import Check, Finding
from archive.formats import digests
from archive.formats.compose import library, unread
from archive.formats.format import Context, Format, Part, Refused, Unreadable
from archive.formats.http import Answer, answer
from archive.formats.inflate import gunzip_head
from archive.formats.warc_end import end_of
from archive.model import Basis, Evidence, Method, Property, ReadingState, Statement
from archive.text.dates import iso_moment, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastwarc.warc import WarcRecord

    from archive.model import Reading

READER = Method("warc", "1")

_KEPT = ("response", "resource", "revisit")
_SCHEMES = ("http://", "https://", "ftp://", "file:", "gemini://", "gopher://")
_NO_TEXT = ("image/", "font/", "video/", "audio/", "text/css", "text/javascript", "application/javascript")


def recognises(head: bytes) -> bool:
    """Whether it begins with a WARC record, as it is or in gzip."""
    return (gunzip_head(head) or head).startswith(b"WARC/")


def open_records(stream: BinaryIO, context: Context) -> Iterator[Part]:
    """Each response, resource and revisit of an address as a part; a failed one where the file breaks off."""
    run = _Run(context)
    yield from run.parts(stream)
    end = end_of(stream, run.last)
    if run.error or not end.whole:
        whole = "1 record was" if run.records == 1 else f"{run.records} records were"
        reason = f"the file breaks off: {whole} read whole, {end.consumed} of {end.size} bytes"
        if run.error:
            reason += f" ({run.error})"
        finding = Finding("truncated", context.name or "WARC", f"{end.size} bytes", f"{end.consumed} bytes")
        reading = unread(ReadingState.FAILED, "warc", library("fastwarc"), reason)
        yield Part(run.number + 1, f"after record {run.records}", reading, findings=(finding,))


@dataclass(slots=True)
class _Run:
    """One passage through a file: what was counted so far."""

    context: Context
    number: int = 0
    records: int = 0
    last: int | None = None
    error: str | None = None
    collector: tuple[Statement, ...] = ()

    def parts(self, stream: BinaryIO) -> Iterator[Part]:
        from fastwarc.warc import ArchiveIterator

        try:
            for record in ArchiveIterator(stream, parse_http=False):
                headers = {name.lower(): value for name, value in record.headers.items()}
                block = record.reader.read(self.context.limits.input_size + 1)
                if len(block) < int(headers["content-length"]) <= self.context.limits.input_size:
                    self.error = (
                        f"record {self.records + 1} has {len(block)} of {headers['content-length']} bytes"
                    )
                    return
                self.last = record.stream_pos
                self.records += 1
                yield from self._part(record, headers, block)
        except (OSError, KeyError, ValueError) as error:
            self.error = f"record {self.records + 1}: {error}"

    def _part(self, record: WarcRecord, headers: dict[str, str], block: bytes) -> Iterator[Part]:
        kind = headers.get("warc-type", "").strip().lower()
        if kind == "warcinfo":
            self.collector = tuple(_collectors(block))
        address = headers.get("warc-target-uri", "").strip().strip("<>")
        if kind not in _KEPT or not address.lower().startswith(_SCHEMES):
            return
        if self.number >= self.context.limits.parts:
            raise Refused(f"it has more than {self.context.limits.parts} records")
        self.number += 1
        name = headers.get("warc-record-id", "without an id")
        place = f"record {self.records} at byte {record.stream_pos}, {name}"
        part = _captured(Part(self.number, place, _NOTHING, b"", address), kind, headers, block, self.context)
        yield replace(part, statements=(*part.statements, *self.collector))


_NOTHING = unread(ReadingState.EMPTY, "warc", READER, "there is nothing in it")


def _captured(part: Part, kind: str, headers: dict[str, str], block: bytes, context: Context) -> Part:
    findings = [*_checked("block", headers.get("warc-block-digest"), (block,), part.place)]
    said = list(_observed(headers, part.address or ""))
    digest = digests.normal(headers.get("warc-payload-digest"))
    if len(block) > context.limits.input_size:
        reading = unread(ReadingState.REFUSED, "warc", READER, "the record is larger than what is read")
        return replace(part, reading=reading, statements=tuple(said), payload_digest=digest)
    if kind == "revisit":
        reading = unread(ReadingState.EMPTY, "warc", READER, _revisit_words(headers))
        revisit = headers.get("warc-payload-digest")
        return replace(
            part,
            reading=reading,
            statements=tuple(said),
            revisit_of=digest or revisit,
            findings=tuple(findings),
        )
    served = _answered(headers, block)
    when = next((each.moment.at for each in said if each.moment), context.retrieved)
    if served.status:
        said.append(_seen(Property.NOTE, f"HTTP status {served.status}", "HTTP status line"))
    try:
        body = served.body(context.limits)
        inner = replace(context, address=part.address, charset=served.charset, retrieved=when)
        reading = _read(body, served, inner)
    except (Unreadable, Refused) as error:
        state = ReadingState.REFUSED if isinstance(error, Refused) else ReadingState.FAILED
        body, reading = served.raw, unread(state, "warc", READER, str(error))
    findings += _checked("payload", headers.get("warc-payload-digest"), (served.raw, body), part.place)
    return Part(
        part.number, part.place, reading, body, part.address, tuple(said), digest, findings=tuple(findings)
    )


def _answered(headers: dict[str, str], block: bytes) -> Answer:
    media_type = headers.get("content-type", "")
    if media_type.lower().startswith("application/http") or block.startswith(b"HTTP/"):
        try:
            return answer(block)
        except Unreadable:
            return Answer(0, {}, block)
    return Answer(0, {"content-type": media_type}, block)


def _read(body: bytes, served: Answer, context: Context) -> Reading:
    from archive.formats import document

    if served.media_type.startswith(_NO_TEXT):
        return unread(ReadingState.REFUSED, "warc", READER, f"{served.media_type} carries no news text")
    return document(body, context)


def _checked(what: str, said: str | None, contents: tuple[bytes, ...], place: str) -> Iterator[Finding]:
    if not said:
        return
    digest = digests.normal(said)
    if digest is None:
        unknown = "an algorithm or spelling that is not known here"
        yield Finding(f"{what} digest unverifiable", place, said, unknown, Check.FIXITY, is_warning=True)
    elif not any(digests.agrees(digest, content) for content in contents):
        computed = digests.computed(digest.partition(":")[0], contents[0])
        yield Finding(f"{what} digest differs", place, digest, computed, Check.FIXITY)


def _observed(headers: dict[str, str], address: str) -> Iterator[Statement]:
    when = iso_moment(headers.get("warc-date", ""))
    if when:
        evidence = Evidence(when.original, place="WARC-Date")
        yield Statement(Property.RETRIEVED, written(when), Basis.OBSERVED, READER, evidence, when)
    yield _seen(Property.ADDRESS, address, "WARC-Target-URI")


def _seen(about: Property, value: str, place: str) -> Statement:
    return Statement(about, value, Basis.OBSERVED, READER, Evidence(value, place=place))


def _collectors(block: bytes) -> Iterator[Statement]:
    """Who retrieved the records, as the warcinfo record says: its operator and its software."""
    fields = dict(
        line.partition(":")[::2] for line in block.decode("utf-8", "replace").splitlines() if ":" in line
    )
    for name in ("operator", "software"):
        value = next((value.strip() for key, value in fields.items() if key.strip().lower() == name), "")
        if value:
            evidence = Evidence(value, place=f"warcinfo {name}")
            yield Statement(Property.RETRIEVED_BY, value, Basis.CLAIMED, READER, evidence)


def _revisit_words(headers: dict[str, str]) -> str:
    before = headers.get("warc-refers-to-target-uri", "").strip("<>") or "an earlier record"
    when = headers.get("warc-refers-to-date")
    return f"a revisit: the server answered as at {before}" + (f" on {when}" if when else "")


FORMAT = Format("warc", "a web archive, WARC or WARC.gz, record by record", recognises, open=open_records)
