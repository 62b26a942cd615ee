"""The development sets, read from beside the project where they are; nothing of them is kept here."""

from __future__ import annotations

import json
import lzma
import os
import sys
from pathlib import Path
from typing import Any

SHARED = Path(
    os.environ.get("CLAIMTRAIL_SETS")
    or Path(__file__).resolve().parent.parent.parent.parent / "shared" / "data"
)
"""Where the sets are: named by CLAIMTRAIL_SETS, else beside the project."""


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a set; a command that measures says so and stops where the set is absent."""
    path = SHARED / f"{name}.jsonl.xz"
    if not path.exists():
        sys.exit(f"not measured: {name} is not held here (expected beside the project, see README)")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def half(key: str) -> bool:
    """Whether an item belongs to the half that rules were written on; the other half is looked at last."""
    import hashlib

    return hashlib.sha256(key.encode()).digest()[0] < 128


def table(title: str, head: list[str], body: list[list[object]]) -> None:
    """Print a small table."""
    text = [
        head,
        *([f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row] for row in body),
    ]
    widths = [max(len(row[at]) for row in text) for at in range(len(head))]
    print(f"\n{title}")
    for row in text:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
