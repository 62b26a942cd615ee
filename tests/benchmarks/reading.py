"""What reading pages in workers costs beside plain library calls: `python -m tests.benchmarks.reading [SET]`.

Plain calls on the same bytes, page after page in one process: `trafilatura.bare_extraction` with its metadata
(which calls htmldate) and `py3langid.classify` on the text. Trafilatura's default asks two more extractors for
second opinions; we do that for few pages, so its `fast` mode, which never does, is measured as well. The
libraries remember much of a page they have seen, so each round is a process of its own and reads each page
once. The bar is on processor time: ours, parent and workers together and with the JSON of each reading made,
at most 1.25 times theirs. Start-up (imports, the language model) is left out on all sides and printed.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAGES = Path(__file__).parents[3] / "shared" / "data" / "pages"
ROUNDS = 3


def fast(paths: list[Path]) -> tuple[float, float, float]:
    """The plain calls with trafilatura in its fast mode."""
    return plain(paths, is_fast=True)


def plain(paths: list[Path], is_fast: bool = False) -> tuple[float, float, float]:
    """Processor seconds of start-up, and those and the clock's of the pages after the first."""
    from py3langid import classify
    from trafilatura import bare_extraction

    def call(path: Path) -> None:
        found = bare_extraction(path.read_bytes(), with_metadata=True, include_comments=False, fast=is_fast)
        classify(getattr(found, "text", "") or "none")

    call(paths[0])
    start, clock = time.process_time(), time.perf_counter()
    for path in paths[1:]:
        call(path)
    return start, time.process_time() - start, time.perf_counter() - clock


def pooled(paths: list[Path]) -> tuple[float, float, float]:
    """The same of our own process and its workers; each worker is warmed by the first page."""
    from concurrent.futures import ThreadPoolExecutor

    from archive.formats.batch import FileRead, file_json
    from archive.formats.pool import Pool

    def call(path: Path) -> None:
        for part in pool.parts(path):
            file_json(FileRead(path, part))

    with Pool() as pool, ThreadPoolExecutor(pool.size) as threads:
        list(threads.map(call, paths[:1] * pool.size))
        start, clock = time.process_time() + children(), time.perf_counter()
        list(threads.map(call, paths[1:]))
        return start, time.process_time() + children() - start, time.perf_counter() - clock


def children() -> float:
    """Processor seconds of the children that still run (Linux)."""
    ticks, mine = 0, str(os.getpid())
    for path in Path("/proc").glob("[0-9]*/stat"):
        fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        if fields[1] == mine:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def copies(source: Path, folder: Path) -> None:
    for path in sorted(source.iterdir()):
        if path.suffix in (".gz", ".html"):
            content = path.read_bytes()
            target = folder / path.name.removesuffix(".gz")
            target.write_bytes(gzip.decompress(content) if path.suffix == ".gz" else content)


def measured(side: str, folder: str) -> tuple[float, ...]:
    command = [sys.executable, "-m", "tests.benchmarks.reading", side, folder]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return tuple(map(float, printed.split()))


def main(source: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copies(source, Path(folder))
        best: dict[str, tuple[float, ...]] = {}
        for _ in range(ROUNDS):
            for side in ("plain", "fast", "pooled"):
                found = measured(side, folder)
                best[side] = min(best.get(side, found), found, key=lambda figures: figures[1])
        print(f"{len(list(Path(folder).iterdir()))} pages, the best of {ROUNDS} rounds")
        for side, (start, cpu, clock) in best.items():
            print(f"{side:8} {cpu:6.2f} CPU-s {clock:6.2f} s, start-up {start:.2f} CPU-s")
        for side in ("plain", "fast"):
            ratio = best["pooled"][1] / best[side][1]
            print(f"cost of the workers: {ratio:.2f} times the {side} calls (bar 1.25 on the plain ones)")


if __name__ == "__main__":
    if sys.argv[1:2] in (["plain"], ["fast"], ["pooled"]):
        print(*globals()[sys.argv[1]](sorted(Path(sys.argv[2]).iterdir())))
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
