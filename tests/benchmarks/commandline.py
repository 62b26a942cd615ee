"""What the commands cost: `python -m tests.benchmarks.commandline [FILES]`, on texts that are made up as it runs.

Prints processor seconds (user and system, children included), wall seconds and the peak of memory for each command.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
WORDS = 400


def make_texts(folder: Path, count: int) -> None:
    """Texts of some four hundred words, each its own, from a vocabulary of 20,000 with a long tail."""
    choice = random.Random(20260101)
    letters = "abcdefghijklmnoprstuvw"
    vocabulary = ["".join(choice.choices(letters, k=choice.randint(3, 9))) for _ in range(20_000)]
    weights = [1 / (rank + 1) for rank in range(len(vocabulary))]
    folder.mkdir()
    for number in range(count):
        words = choice.choices(vocabulary, weights, k=WORDS)
        sentences = [" ".join(words[at : at + 16]).capitalize() + "." for at in range(0, WORDS, 16)]
        paragraphs = [" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4)]
        (folder / f"{number:06}.txt").write_text(
            f"Story {number}\n" + "\n".join(paragraphs), encoding="utf-8"
        )


def measure(*words: str, cwd: Path) -> None:
    """Run a command, and print what it cost."""
    command = [sys.executable, "-m", "archive.cli", *words]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "CLAIMTRAIL_ARCHIVE": str(cwd / "news")}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"| `claimtrail {' '.join(words)}` | {spent:.2f} | {wall:.2f} | {after.ru_maxrss / 1024:.0f} |")


def main() -> None:
    """Measure each command in turn; the peak is that of the hungriest command so far."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    print(
        f"{count:,} files of {WORDS} words\n\n| command | CPU s | wall s | peak so far, MiB |\n|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory(prefix="claimtrail-bench-") as name:
        here = Path(name)
        make_texts(here / "in", count)
        measure("--help", cwd=here)
        measure("init", "news", cwd=here)
        measure("ingest", "in", cwd=here)
        measure("ingest", "in", cwd=here)
        measure("search", "story", "7", cwd=here)
        measure("verify", cwd=here)
        measure("reindex", cwd=here)


if __name__ == "__main__":
    main()
