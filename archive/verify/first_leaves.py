"""Leaves of format 1, which are not bound to all their rows: what they do name is compared all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archive.catalog.events import record_digest
from archive.record import EventType
from archive.verdict import IntegrityFinding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archive.catalog.bound_rows import Standing


class FirstLeaves:
    """Compares what leaves of format 1 name of captures: object, size, container, text and the statements."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def compare(self, leaves: Mapping[int, Mapping[str, Any]]) -> Iterator[IntegrityFinding]:
        """What does not fit; `leaves` by position."""
        captures = {at: leaf for at, leaf in leaves.items() if leaf.get("type") == EventType.CAPTURE}
        if not captures:
            return
        found = self._standing.captured(captures)
        for position, leaf in captures.items():
            made = found.get(position)
            if made is None:
                yield IntegrityFinding(
                    Verdict.MISSING, f"event {position}", f"capture {leaf.get('subject')}", "no row"
                )
                continue
            row, said = made
            says = {
                "object": str(row.object_digest),
                "size": row.size,
                "container": str(row.container_digest) if row.container_digest else None,
                "text": str(row.text_digest) if row.text_digest else None,
                "statements": str(record_digest(said)),
            }
            for name, value in says.items():
                if name in leaf and leaf[name] != value:
                    expected, shown = f"{name} {leaf[name]}", f"{name} {value}"
                    yield IntegrityFinding(
                        Verdict.ALTERED, f"event {position}", expected, shown, str(leaf["version"])
                    )
