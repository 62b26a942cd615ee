"""Files as they are read, before anything is recorded, as JSON lines; keys documented in docs/reference/json.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.render.findings import finding_json
from archive.render.jsonlines import Object, attribution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.finding import Finding
    from archive.reading import Looked


def looked(each: Looked) -> Object:
    """A part of a file as it was read, with what was wrong with it and its attributions."""
    from archive.formats.batch import file_json

    return (
        {"type": "file"}
        | file_json(each.found)
        | _wrong(each.found.part.findings, each.conflicts)
        | {"attributions": [attribution(made) for made in each.attributions]}
    )


def absent(path: str) -> Object:
    """A file that is not there, in the shape of one that was read."""
    from archive.formats.batch import to_json
    from archive.formats.compose import unread
    from archive.model import Method, ReadingState

    reading = unread(ReadingState.FAILED, "unknown", Method("reading", "1"), "there is no such file")
    return {"type": "file", "file": path} | to_json(reading) | _wrong((), ()) | {"attributions": []}


def _wrong(findings: Iterable[Finding], conflicting: Iterable[Finding]) -> Object:
    return {
        "findings": [finding_json(each) for each in findings],
        "conflicts": [finding_json(each) for each in conflicting],
    }
