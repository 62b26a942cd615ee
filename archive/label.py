"""Labels: what an archivist writes on the box, `2026-0007.12@2#3`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.errors import UsageError

_LABEL = re.compile(r"(\d{4})-(\d{4,})(?:\.([1-9]\d*)(?:@([1-9]\d*)(?:#([1-9]\d*))?)?)?")

_RUNS = re.compile(r"\d+|\D+")


def counted(label: str) -> tuple[tuple[int, str], ...]:
    """What written labels are put in order by: `.9` before `.10`."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in _RUNS.findall(label))


class BadLabel(UsageError):
    """A text that should be a label is not."""


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """Names an accession, an item first taken in with it, a version of that, or a passage of that."""

    year: int
    accession: int
    item: int | None = None
    version: int | None = None
    passage: int | None = None

    def __str__(self) -> str:
        parts = [f"{self.year:04d}-{self.accession:04d}"]
        for mark, number in ((".", self.item), ("@", self.version), ("#", self.passage)):
            if number is None:
                break
            parts.append(f"{mark}{number}")
        return "".join(parts)

    @classmethod
    def parse(cls, text: str) -> Label:
        """Read a label; raises `BadLabel` where the text is none."""
        match = _LABEL.fullmatch(text)
        if not match:
            raise BadLabel(
                f"neither a label nor a digest: {text!r} (an accession is written 2026-0007, an item 2026-0007.12, "
                "a version 2026-0007.12@2, a passage 2026-0007.12@2#3, a digest with six of its digits or more)"
            )
        year, accession, *rest = match.groups()
        return cls(int(year), int(accession), *(int(part) if part else None for part in rest))

    @property
    def of_item(self) -> Label:
        """The item that this label names or lies in."""
        return Label(self.year, self.accession, self.item)

    def at_item(self, number: int) -> Label:
        """The label of an item of this accession."""
        return Label(self.year, self.accession, number)

    def at_version(self, number: int) -> Label:
        """The label of a version of this item."""
        return Label(self.year, self.accession, self.item, number)

    def at_passage(self, number: int) -> Label:
        """The label of a passage of this version."""
        return Label(self.year, self.accession, self.item, self.version, number)
