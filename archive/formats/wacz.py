"""WACZ (1.1.1): a zip of WARCs with their hashes; nothing is extracted, every member is streamed."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from archive.finding import Check, Finding
from archive.formats import digests
from archive.formats.compose import unread
from archive.formats.format import Context, Format, Part, Refused, Unreadable
from archive.formats.warc import open_records
from archive.model import Method, ReadingState

if TYPE_CHECKING:
    from collections.abc import Iterator

READER = Method("wacz", "1")

_JSON_SIZE = 16 << 20
_STEP = 1 << 20
_ZIP = b"PK\x03\x04"
_NAMES = re.compile(
    rb"datapackage(?:-digest)?\.json|archive/[^\x00]{1,200}\.warc|pages/|indexes/|fuzzy\.json"
)


def recognises(head: bytes) -> bool:
    """Whether it is a zip file whose first members are those of a package."""
    return head.startswith(_ZIP) and bool(_NAMES.search(head))


def open_package(stream: BinaryIO, context: Context) -> Iterator[Part]:
    """The records of each WARC in the package, then a failed part where the package is not what it says."""
    try:
        with zipfile.ZipFile(stream) as package:
            yield from _parts(package, context)
    except zipfile.BadZipFile as error:
        raise Unreadable(f"the package is broken: {error}") from error


def _parts(package: zipfile.ZipFile, context: Context) -> Iterator[Part]:
    members = package.infolist()
    if len(members) > context.limits.package_files:
        raise Refused(f"it holds more than {context.limits.package_files} files")
    findings, number = [*_climbing(members), *_contradictions(package, context)], 0
    for member in members:
        if not member.filename.startswith("archive/") or member.is_dir() or _climbs(member.filename):
            continue
        _bounded(member, context)
        with package.open(member) as warc:
            for part in open_records(cast("BinaryIO", warc), replace(context, name=member.filename)):
                number += 1
                yield replace(part, number=number, place=f"{member.filename}, {part.place}")
    if findings:
        reason = f"the package is not what it says: {findings[0].code}"
        reason += f", and {len(findings) - 1} more" if len(findings) > 1 else ""
        reading = unread(ReadingState.FAILED, "wacz", READER, reason)
        yield Part(number + 1, "datapackage.json", reading, findings=tuple(findings))


def _climbs(name: str) -> bool:
    return (
        name.startswith(("/", "\\"))
        or ".." in PurePosixPath(name.replace("\\", "/")).parts
        or ":" in name[:2]
    )


def _climbing(members: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    for member in members:
        if _climbs(member.filename):
            yield Finding("path climbs out", member.filename, "a path inside the package", "not read")


def _bounded(member: zipfile.ZipInfo, context: Context) -> None:
    cap = (1 << 20) + context.limits.inflation * member.compress_size
    if member.file_size > cap:
        raise Refused(f"{member.filename} inflates to {member.file_size} bytes, more than {cap}")


def _contradictions(package: zipfile.ZipFile, context: Context) -> Iterator[Finding]:
    """Where the members differ from what datapackage.json and datapackage-digest.json say of them."""
    listed, raw = _json(package, "datapackage.json")
    if not isinstance(listed.get("resources"), list):
        yield Finding("no list of resources", "datapackage.json", "a list", "none that can be read")
        return
    said, _ = _json(package, "datapackage-digest.json")
    seal = digests.normal(str(said.get("hash", "")))
    if seal and not digests.agrees(seal, raw):
        computed = digests.computed(seal.partition(":")[0], raw)
        yield Finding("package digest differs", "datapackage.json", seal, computed, Check.FIXITY)
    for resource in listed["resources"][: context.limits.package_files]:
        if isinstance(resource, dict):
            yield from _compared(package, resource, context)


def _compared(package: zipfile.ZipFile, resource: dict[str, Any], context: Context) -> Iterator[Finding]:
    path, said = str(resource.get("path", "")), str(resource.get("hash", ""))
    try:
        member = package.getinfo(path)
    except KeyError:
        yield Finding("resource missing", path, said, "nothing")
        return
    _bounded(member, context)
    digest = digests.normal(said)
    if digest is None:
        unknown = "an algorithm or spelling not known here"
        yield Finding("resource digest unverifiable", path, said, unknown, Check.FIXITY, is_warning=True)
        return
    found = _hashed(package, member, digest.partition(":")[0])
    if found != digest:
        yield Finding("resource digest differs", path, digest, found, Check.FIXITY)


def _hashed(package: zipfile.ZipFile, member: zipfile.ZipInfo, algorithm: str) -> str:
    import hashlib

    running = hashlib.new(algorithm, usedforsecurity=False)
    try:
        with package.open(member) as stream:
            while piece := stream.read(_STEP):
                running.update(piece)
    except (zipfile.BadZipFile, EOFError) as error:
        return f"unreadable: {error}"
    return f"{algorithm}:{running.hexdigest()}"


def _json(package: zipfile.ZipFile, name: str) -> tuple[dict[str, Any], bytes]:
    try:
        with package.open(name) as stream:
            raw = stream.read(_JSON_SIZE)
        value = json.loads(raw)
    except (KeyError, ValueError, RecursionError):
        return {}, b""
    return (value, raw) if isinstance(value, dict) else ({}, raw)


FORMAT = Format("wacz", "a package of web archives, WACZ", recognises, open=open_package)
