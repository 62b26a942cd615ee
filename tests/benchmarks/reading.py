"""What reading pages in workers costs beside plain library calls: `python -m tests.benchmarks.reading [FOLDER]`.

Plain calls: trafilatura with its metadata (and htmldate in it) and py3langid, one page after the other in one
process. The bar is on processor time: ours, parent and workers together, at most 1.25 times theirs.
Start-up (imports, the language model) is measured apart on both sides.
"""

from __future__ import annotations

import gzip
import resource
import sys
import tempfile
import time
from pathlib import Path

PAGES = Path(__file__).parents[3] / "shared" / "data" / "pages"
ROUNDS = 3


def spent() -> float:
    """Processor seconds of this process and of all its ended children."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, kinds))


def plain(paths: list[Path]) -> None:
    from py3langid import classify
    from trafilatura import bare_extraction

    for path in paths:
        found = bare_extraction(path.read_bytes(), with_metadata=True, include_comments=False)
        classify(getattr(found, "text", "") or "none")


def pooled(paths: list[Path], workers: int | None = None) -> None:
    from archive.formats.batch import file_json, read_files

    for found in read_files(paths, workers=workers):
        file_json(found)


def copies(source: Path, folder: Path) -> list[Path]:
    found = []
    for path in sorted(source.iterdir()):
        if path.suffix in (".gz", ".html"):
            content = path.read_bytes()
            target = folder / path.name.removesuffix(".gz")
            target.write_bytes(gzip.decompress(content) if path.suffix == ".gz" else content)
            found.append(target)
    return found


def timed(work: object, *arguments: object) -> tuple[float, float]:
    clock, used = time.perf_counter(), spent()
    work(*arguments)  # type: ignore[operator]
    return spent() - used, time.perf_counter() - clock


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as kept:
        paths = copies(folder, Path(kept))
        if not paths:
            print(f"{folder}: no pages here, nothing measured")
            return
        plain(paths[:3])
        start = {"plain": 0.0, "pool": min(timed(pooled, paths[:1], 1)[0] for _ in range(2))}
        one = min(timed(plain, paths[:1])[0] for _ in range(2))
        start["pool"] -= one
        cpu = {"plain": float("inf"), "pool": float("inf")}
        wall = dict(cpu)
        for _ in range(ROUNDS):
            for name, work in (("plain", plain), ("pool", pooled)):
                used, clock = timed(work, paths)
                cpu[name], wall[name] = min(cpu[name], used), min(wall[name], clock)
        from archive.formats.pool import available_cores

        cores = available_cores()
        working = cpu["pool"] - cores * start["pool"]
        print(f"{len(paths)} pages, best of {ROUNDS} rounds, {cores} cores")
        print(f"plain calls   {cpu['plain']:6.2f} CPU-s {wall['plain']:6.2f} s")
        print(
            f"pool          {cpu['pool']:6.2f} CPU-s {wall['pool']:6.2f} s, of it start-up {cores * start['pool']:.2f} CPU-s"
        )
        print(f"cost without start-up: {working / cpu['plain']:.2f} times (bar 1.25)")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
