"""Whether canonical texts are what their digests say, and what reading the objects again yields."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from archive.catalog import rereading, textual
from archive.digest import Digest
from archive.errors import ArchiveError
from archive.formats.columns import columns
from archive.formats.format import Context
from archive.formats.pool import Pool
from archive.text.canonical import RULE, UNICODE_VERSION
from archive.verdict import IntegrityFinding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.archive import Archive
    from archive.catalog.rereading import Reread
    from archive.catalog.textual import Leaning, Text
    from archive.model import Reading


def text_findings(archive: Archive) -> Iterator[IntegrityFinding]:
    """Every stored text against its own digest, its paragraphs against theirs, and every span against its end."""
    with archive.catalog.read() as reader:
        for text in textual.texts(reader.session):
            found = Digest.of_text(text.body)
            if found != text.digest:
                labels = ", ".join(each.label for each in text.leaning) or "no version"
                yield IntegrityFinding(
                    Verdict.ALTERED, f"text {text.digest}", str(text.digest), str(found), f"text of {labels}"
                )
            for each in text.leaning:
                yield from _leaning_findings(text, each)


def _leaning_findings(text: Text, each: Leaning) -> Iterator[IntegrityFinding]:
    size = len(text.body)
    for number, start, end, digest in each.paragraphs:
        found = Digest.of_text(text.body[start:end])
        if not 0 <= start <= end <= size or found != digest:
            subject = f"paragraph {number} of {each.label}"
            yield IntegrityFinding(
                Verdict.ALTERED, subject, str(digest), f"characters {start} to {end}: {found}"
            )
    spans = [span for some in each.spans for span in json.loads(some)]
    lowest = min([each.lowest, *(min(start, end - start) for start, end in spans)])
    farthest = max([each.farthest, *(end for _, end in spans)])
    if lowest < 0 or farthest > size:
        found_words = (
            f"spans from {lowest} to {farthest}" if lowest >= 0 else "a span that ends before it begins"
        )
        yield IntegrityFinding(
            Verdict.ALTERED, f"spans of {each.label}", f"spans within {size} characters", found_words
        )


def reading_findings(archive: Archive) -> Iterator[IntegrityFinding]:
    """Read every object again that a text came from, and compare text and paragraphs.

    Where another version of a reader, of the rule or of Unicode made the text than is installed, it cannot be
    checked: `unverifiable`, with the reason, and not `altered`.
    """
    with Pool() as pool, ThreadPoolExecutor(pool.size) as threads:
        after, more = None, True
        while more:
            with archive.catalog.read() as reader:
                page, after = rereading.to_reread(reader.session, after)
            more = after is not None
            for findings in threads.map(lambda each: list(_reread(archive, pool, each)), page):
                yield from findings
        with archive.catalog.read() as reader:
            containers = rereading.containers(reader.session)
        for container in containers:
            yield from _reread_parts(archive, pool, container)


def _reread(archive: Archive, pool: Pool, each: Reread) -> Iterator[IntegrityFinding]:
    try:
        with archive.store.open(each.object) as content:
            # To the end, though only the first is looked at: a worker that is left before its end is lost.
            part, *_ = pool.parts(_local(content), _context(archive, each, each.name, each.address))
    except ArchiveError as error:
        yield _unreadable(each, str(error))
        return
    yield from _compared(each, part.reading)


def _reread_parts(archive: Archive, pool: Pool, container: Digest) -> Iterator[IntegrityFinding]:
    with archive.catalog.read() as reader:
        wanted = rereading.parts_of(reader.session, container)
    if not wanted:
        return
    first = next(iter(wanted.values()))[0]
    name = first.name.removesuffix(f", {first.place}")
    try:
        with archive.store.open(container) as content:
            for part in pool.parts(_local(content), _context(archive, first, name)):
                for each in wanted.pop(part.place, ()):
                    yield from _compared(each, part.reading)
    except ArchiveError as error:
        for some in wanted.values():
            for each in some:
                yield _unreadable(each, str(error))
        return
    for some in wanted.values():
        for each in some:
            yield _finding(Verdict.MISSING, each, f"nothing at {each.place} of {container}")


def _context(archive: Archive, each: Reread, name: str, address: str | None = None) -> Context:
    """What its reader was told then, and the limits that are in force now."""
    told = columns(each.columns)
    limits = archive.settings.limits()
    return Context(name=name, address=address, retrieved=each.retrieved, columns=told, limits=limits)


def _local(stream: object) -> Path | bytes:
    """An open object as its readers take it: the file it is, so that none of it is in memory here."""
    name = getattr(stream, "name", None)
    if isinstance(name, str):
        return Path(name)
    content: bytes = stream.read()  # type: ignore[attr-defined]  # a binary stream
    return content


def _compared(each: Reread, reading: Reading) -> Iterator[IntegrityFinding]:
    now = (str(reading.reader), RULE, UNICODE_VERSION)
    then = (each.reader, each.rule, each.unicode)
    if now != then:
        made, reads = (f"{r} by {rule} with Unicode {unicode}" for r, rule, unicode in (then, now))
        reason = f"it was read by {made}; this Claimtrail reads it by {reads}"
        yield _finding(Verdict.UNVERIFIABLE, each, reason)
        return
    found = Digest.of_text(reading.text) if reading.text else None
    paragraphs = tuple(Digest.of_text(p.span.of(reading.text)) for p in reading.paragraphs)
    if found != each.text:
        words = str(found) if found else f"no text ({reading.state}: {reading.reason})"
        yield _finding(Verdict.ALTERED, each, words)
    elif paragraphs != each.paragraphs:
        at = next(
            (i for i, (a, b) in enumerate(zip(paragraphs, each.paragraphs, strict=False), 1) if a != b),
            min(len(paragraphs), len(each.paragraphs)) + 1,
        )
        yield _finding(Verdict.ALTERED, each, f"the same text with other paragraphs, from {at} on")


def _unreadable(each: Reread, reason: str) -> IntegrityFinding:
    return _finding(Verdict.UNREADABLE, each, reason)


def _finding(code: Verdict, each: Reread, found: str) -> IntegrityFinding:
    return IntegrityFinding(
        code, f"reading of {each.label}", str(each.text), found, f"read from {each.object}"
    )
