"""A map of columns as a person writes it: `text=body,title=headline`, our name first, then the file's."""

from __future__ import annotations

from archive.errors import UsageError

COLUMNS = (
    "text", "html", "title", "byline", "outlet", "url", "published", "modified", "retrieved", "language",
    "section", "id",
)  # fmt: skip
"""What a row of JSON lines can say, by our names, which a file's own columns are mapped to."""


class BadColumns(UsageError):
    """A map of columns cannot be used."""


def columns(words: str | None) -> dict[str, str]:
    """From our name of each column to the file's; raises `BadColumns`."""
    found: dict[str, str] = {}
    for pair in (words or "").split(","):
        if not pair.strip():
            continue
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not equals or not ours or not theirs:
            raise BadColumns(f"not a map of columns: {pair.strip()!r} (write text=body,title=headline)")
        if ours not in COLUMNS:
            known = ", ".join(COLUMNS)
            raise BadColumns(f"there is no column {ours!r} to map to; known are {known}. Write ours=theirs")
        if ours in found:
            raise BadColumns(f"the column {ours!r} is mapped twice")
        found[ours] = theirs
    return found
