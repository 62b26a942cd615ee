"""Putting a pack of evidence together: what it is about, the trail, the report, the files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archive.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from archive.archive import Archive
    from archive.evidence.gathering import Evidence
    from archive.evidence.writing import Written
    from archive.record import Version
    from archive.trace import Traced


class NothingToShow(UsageError):
    """Evidence was asked for of what the archive does not hold."""


def pack(held: Archive, asked: str, out: Path, limit: int) -> Written:
    """Make the pack; raises `NothingToShow` where no version states the claim."""
    from archive.archive import TOOL
    from archive.evidence.gathering import gather
    from archive.evidence.writing import write_pack
    from archive.render.evidence.report import report
    from archive.render.words import when

    versions, traced = subject(held, asked, limit)
    found = gather(held, versions)
    made = f"Made {when(held.clock.now())} with {TOOL}, about: {asked}"
    files = {"report.html": report(found, traced, made), "provenance.jsonl": _provenance(found)}
    if traced:
        files["trail.jsonl"] = _trail(traced)
    return write_pack(held, found, out, files)


def subject(held: Archive, asked: str, limit: int) -> tuple[list[Version], Traced | None]:
    """The versions that a pack is about, and the trail: of the claim, or of the passage or the first sentence."""
    from archive.digest import digest_prefix
    from archive.label import BadLabel, Label
    from archive.trace import NothingToTrace, trace

    try:
        named = bool(digest_prefix(asked)) or Label.parse(asked) is not None
    except BadLabel:
        named = False
    try:
        traced = trace(held, asked, limit)
    except NothingToTrace:
        traced = None
    if named:
        with held.catalog.read() as reader:
            return reader.find(asked), traced
    if traced is None or not traced.occurrences:
        raise NothingToShow("no version in this archive states that, as far as its words can be matched")
    return [occurrence.holding.version for occurrence in traced.occurrences], traced


def _provenance(found: Evidence) -> bytes:
    from archive.render import jsonholdings

    return _lines([jsonholdings.holding(each, text=False) for each in found.holdings])


def _trail(traced: Traced) -> bytes:
    from archive.render import jsontrails

    return _lines(list(jsontrails.traced(traced)))


def _lines(objects: list[dict[str, object]]) -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects).encode()
