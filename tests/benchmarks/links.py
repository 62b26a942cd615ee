"""How fast texts are fingerprinted and linked: documents a CPU-second, one core, in memory.

Run: python -m tests.benchmarks.links [documents ...]
Bar: 1,000 documents a CPU-second on press releases (430 words in the mean), one against all under 5 ms.
Reading and writing a catalogue is not in it.
"""

from __future__ import annotations

import sys
import time
from statistics import median, quantiles

from archive.lineage.links import Linker
from archive.lineage.shelf import MemoryShelf
from tests.quality.sets import rows, table


def measured(count: int) -> list[object]:
    """Documents a CPU-second for cutting, for linking and for both; milliseconds to link one."""
    held = rows("press-releases")[:count]
    shelf = MemoryShelf()
    start = time.process_time()
    for number, row in enumerate(held):
        shelf.put(f"{number:06}", row["outlet"], row["text"])
    cut = time.process_time() - start
    linker, each, links = Linker(shelf), [], 0
    for number in range(len(held)):
        version = f"{number:06}"
        before = time.process_time()
        links += len(linker.of(version, lambda other, version=version: other < version))
        each.append(time.process_time() - before)
    rates = [round(len(held) / seconds) for seconds in (cut, sum(each), cut + sum(each))]
    return [len(held), *rates, median(each) * 1000, quantiles(each, n=100)[98] * 1000, links]


def main(counts: list[int]) -> None:
    """Print the curve."""
    head = ["documents", "cut/s", "link/s", "both/s", "p50 ms", "p99 ms", "links"]
    table("Fingerprinting and linking, CPU time", head, [measured(count) for count in counts])


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [2000, 5000, 20_000])
