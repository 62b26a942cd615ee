"""Tracing in a large archive: 100,000 press releases, each made of passages drawn from real ones.

Run: python -m tests.benchmarks.trace [documents] [--keep DIR]
The archive is made in DIR, or taken as it is where it is there already. A trace is measured from a cold process,
after start-up (imports and opening): its first question, and the ones that follow.
"""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

from tests.quality.sets import rows

if TYPE_CHECKING:
    from pathlib import Path

ROWS_A_FILE = 10_000


def resampled(directory: Path, documents: int) -> list[Path]:
    """Files of JSON lines: each release has the outlet and date of a real one and paragraphs of three."""
    source, real = random.Random(12), rows("press-releases")
    directory.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for first in range(0, documents, ROWS_A_FILE):
        files.append(directory / f"releases-{first // ROWS_A_FILE:02d}.jsonl")
        with files[-1].open("w", encoding="utf-8") as stream:
            for number in range(first, min(first + ROWS_A_FILE, documents)):
                stream.write(json.dumps(_release(number, source, real)) + "\n")
    return files


def _release(number: int, source: random.Random, real: list[dict[str, str]]) -> dict[str, str]:
    first, *others = source.sample(real, 3)
    paragraphs = [line.strip() for line in first["text"].splitlines() if line.strip()]
    kept = paragraphs if number < len(real) else [line for line in paragraphs if source.random() < 0.5]
    for other in others if number >= len(real) else ():
        lines = [line.strip() for line in other["text"].splitlines() if line.strip()]
        kept += [line for line in lines if source.random() < 0.25]
    return {
        "id": f"{first['id']}-{number}",
        "outlet": first["outlet"],
        "published": first["published"],
        "text": "\n".join(kept) or first["text"],
    }
