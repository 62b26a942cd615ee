"""How fast texts are read on one core: run `python -m tests.benchmarks.attribution`.

The texts are those of the quality measure (../shared/data/attribution), or the sample document over and
over where they are absent. Processor time, the best of three rounds, in megabytes of UTF-8 a second.
"""

from __future__ import annotations

import json
import lzma
import time
from pathlib import Path
from typing import TYPE_CHECKING

from archive.attribution.extract import extract
from archive.attribution.mentions import mentions
from archive.attribution.resolve import shipped
from archive.text.passages import passages

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
SET = ROOT.parent / "shared" / "data" / "attribution" / "train.jsonl.xz"
BAR = 2.0
ROUNDS = 3


def texts() -> list[str]:
    if not SET.exists():
        seed = next((ROOT / "seeds").glob("000_*.txt"))
        return [seed.read_text(encoding="utf-8")] * 500
    with lzma.open(SET, "rt", encoding="utf-8") as lines:
        return [json.loads(line)["text"] for line in lines]


def best(run: Callable[[], object]) -> float:
    """Processor seconds of the quickest round."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        run()
        spent.append(time.process_time() - began)
    return min(spent)


def main() -> None:
    read = texts()
    size = sum(len(text.encode()) for text in read) / 1e6
    split = [passages(text, (), "en") for text in read]
    authority = shipped()
    extract(read[0], split[0], (), "en", authority)
    rows = [
        ("passages", best(lambda: [passages(text, (), "en") for text in read]), ""),
        (
            "attributions",
            best(lambda: [extract(t, p, (), "en", authority) for t, p in zip(read, split, strict=True)]),
            f"{BAR:.1f}",
        ),
        ("mentions of outlets", best(lambda: [mentions(text, "en", authority) for text in read]), ""),
    ]
    print(f"{len(read)} texts, {size:.1f} MB")
    print(f"{'':22}{'seconds':>10}{'MB/s':>8}{'bar':>6}")
    for name, seconds, bar in rows:
        print(f"{name:22}{seconds:10.2f}{size / seconds:8.2f}{bar:>6}")


if __name__ == "__main__":
    main()
