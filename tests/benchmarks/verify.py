"""How fast objects are checked, beside what else hashes files: `python -m tests.benchmarks.verify`.

--small 100000 --large 200 are the sizes of the issue; the default is smaller. All read the same files, warm, in
turns, but for the row that --cold adds: there the pages are dropped from memory first. Of each the least of several
turns counts. Processor time is the figure to compare on a machine that is busy.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.holdings import holding, made_up

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).parent.parent.parent

LIMIT = """
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Reads the files named in two lists and hashes them, in two processes: nothing else. */
static unsigned char buffer[262144];

static int hash_all(const char *list) {
    FILE *names = fopen(list, "r");
    EVP_MD_CTX *running = EVP_MD_CTX_new();
    const EVP_MD *sha256 = EVP_sha256();
    unsigned char value[EVP_MAX_MD_SIZE];
    unsigned size;
    char line[4096];
    while (names && fgets(line, sizeof line, names)) {
        line[strcspn(line, "\\n")] = 0;
        int fd = open(line, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        ssize_t count;
        if (fd < 0) return 1;
        EVP_DigestInit_ex(running, sha256, NULL);
        while ((count = read(fd, buffer, sizeof buffer)) > 0) EVP_DigestUpdate(running, buffer, count);
        close(fd);
        EVP_DigestFinal_ex(running, value, &size);
    }
    return names == NULL;
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) if (fork() == 0) _exit(hash_all(argv[i]));
    int failed = 0, status;
    while (wait(&status) > 0) failed |= status != 0;
    return failed;
}
"""


@dataclass(slots=True)
class Runner:
    """Something that hashes all files; `skipped` says why it is not there."""

    name: str
    command: Sequence[str | Path] = ()
    skipped: str = ""
    at: Path | None = None
    allowed: tuple[int, ...] = (0,)
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def turn(self) -> None:
        """Run once, and note the time by the clock and of the processors."""
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        ran = subprocess.run(
            self.command, cwd=self.at, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if ran.returncode not in self.allowed:
            raise SystemExit(f"{self.name} ended with {ran.returncode}: {ran.stderr.decode()[-500:]}")
        self.wall.append(time.monotonic() - begun)
        self.processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def runners(work: Path, archive: Path, without: Sequence[str], *, cold: bool) -> list[Runner]:
    """Ours first, our start alone, the limit, then the others but for those left out; ours cold where asked."""
    objects = archive / "objects" / "sha256"
    ours = [sys.executable, "-m", "archive.cli", "verify", "--urgent", "--only", "objects", "--archive"]
    from_disk = [Runner("the same, each object read from the disk", [*ours, archive], at=ROOT)]
    return [
        Runner("claimtrail verify --only objects", [*ours, archive, "--warm"], at=ROOT),
        Runner("of which opening the archive", [*ours, empty(work), "--warm"], at=ROOT),
        limit(work, objects),
        *(from_disk if cold else []),
        Runner("find | xargs -P2 sha256sum", ["sh", "-c", f"find {objects} -type f -print0 | {XARGS}"]),
        tool("hashdeep", ["hashdeep", "-r", "-c", "sha256", "-j2", objects]),
        tool("rhash", ["rhash", "-r", "--sha256", objects]),
        *(
            make(work, objects)
            for name, make in (("bagit", bag), ("restic", restic), ("git", annex))
            if name not in without
        ),
    ]


XARGS = "xargs -0 -P2 -n 500 sha256sum"


def empty(work: Path) -> Path:
    """An archive that holds nothing: what a check costs before it reads."""
    holding(work / "empty", []).close()
    return work / "empty"


def limit(work: Path, objects: Path) -> Runner:
    """The plain C program, compiled here."""
    name = "C, two processes (the limit)"
    if not shutil.which("gcc"):
        return Runner(name, skipped="no C compiler")
    (work / "limit.c").write_text(LIMIT)
    made = subprocess.run(
        ["gcc", "-O2", work / "limit.c", "-lcrypto", "-o", work / "limit"], capture_output=True, check=False
    )
    if made.returncode:
        return Runner(name, skipped="libssl-dev is not installed")
    paths = sorted(map(str, objects.glob("*/*")))
    for number in (0, 1):
        (work / f"list{number}").write_text("\n".join(paths[number::2]) + "\n")
    return Runner(name, [work / "limit", work / "list0", work / "list1"])


def tool(name: str, command: Sequence[str | Path]) -> Runner:
    """A program, where it is installed."""
    return Runner(name, command, "" if shutil.which(name) else "not installed")


def linked(objects: Path, into: Path) -> None:
    """The same files once more, without their bytes."""
    into.mkdir(parents=True)
    for folder in objects.iterdir():
        (into / folder.name).mkdir()
        for path in folder.iterdir():
            os.link(path, into / folder.name / path.name)


def bag(work: Path, objects: Path) -> Runner:
    """bagit-python in an environment of its own, with two processes."""
    name, python = "bagit --validate", work / "bagit" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", work / "bagit"], check=True)
    got = subprocess.run(
        [python, "-m", "pip", "install", "-q", "bagit", "setuptools<81"], capture_output=True, check=False
    )
    if got.returncode:
        return Runner(name, skipped="cannot be installed")
    linked(objects, work / "bag")
    make = [python, "-m", "bagit", "--sha256", "--processes", "2", work / "bag"]
    made = subprocess.run(make, capture_output=True, check=False)
    if made.returncode:
        return Runner(name, skipped=made.stderr.decode()[-60:])
    return Runner(name, [python, "-m", "bagit", "--validate", "--processes", "2", work / "bag"])


def restic(work: Path, objects: Path) -> Runner:
    """restic, with a repository of the same files (it packs and encrypts them)."""
    name = "restic check --read-data"
    if not shutil.which("restic"):
        return Runner(name, skipped="not installed")
    (work / "password").write_text("bench")
    where = [
        "restic",
        "-q",
        "-r",
        str(work / "restic"),
        "--password-file",
        str(work / "password"),
        "--no-cache",
    ]
    for step in (["init"], ["backup", str(objects)]):
        subprocess.run([*where, *step], check=True, capture_output=True)
    return Runner(name, [*where, "check", "--read-data"])


def annex(work: Path, objects: Path) -> Runner:
    """git-annex, with the same files added."""
    name, place = "git annex fsck", work / "annex"
    if not shutil.which("git-annex"):
        return Runner(name, skipped="not installed")
    linked(objects, place / "files")
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.org"]
    for step in (["init", "-q"], ["annex", "init", "-q"], ["annex", "add", "-q", "-J2", "files"]):
        subprocess.run(["git", *identity, *step], cwd=place, check=True, capture_output=True)
    return Runner(name, ["git", *identity, "annex", "fsck", "-q", "-J2"], at=place)


def measure(
    title: str,
    contents: Callable[[], object],
    work: Path,
    turns: int,
    without: Sequence[str],
    *,
    cold: bool,
) -> None:
    """Print the table for one set of files."""
    archive = work / "archive"
    holding(archive, contents()).close()  # type: ignore[arg-type]  # bytes, one after another
    count = sum(1 for _ in (archive / "objects" / "sha256").glob("*/*"))
    size = sum(path.stat().st_size for path in (archive / "objects" / "sha256").glob("*/*"))
    everyone = runners(work, archive, without, cold=cold)
    there = [each for each in everyone if not each.skipped]
    first = Runner("claimtrail, the first time", there[0].command, at=ROOT)
    first.turn()
    for turn in range(turns):
        for each in there:
            if turn == 0 or min(each.wall) < 60:
                each.turn()
    least = {each.name: (min(each.wall), min(each.processor)) for each in [*there, first]}
    bound, ours = least.get(everyone[2].name, (0.0, 0.0)), least[there[0].name]
    print(f"\n{title}: {count:,} files, {size / 1e6:,.0f} MB, least of {turns} turns, warm\n")
    print("| | wall s | CPU s | CPU to the limit's | CPU to ours |\n|---|---|---|---|---|")
    for each in [there[0], first, *everyone[1:]]:
        if each.skipped:
            print(f"| {each.name} | {each.skipped} | | | |")
            continue
        wall, processor = least[each.name]
        to_limit = f"{processor / bound[1]:.2f}" if bound[1] else ""
        print(f"| {each.name} | {wall:.2f} | {processor:.2f} | {to_limit} | {processor / ours[1]:.2f} |")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--small", type=int, default=20_000, help="files of 6 kB")
    asked.add_argument("--large", type=int, default=40, help="files of 12 MB")
    asked.add_argument("--turns", type=int, default=3)
    asked.add_argument(
        "--without", nargs="*", default=[], help="beginnings of names to leave out: git restic"
    )
    asked.add_argument(
        "--cold", action="store_true", help="ours once more, reading the disk as it does by itself"
    )
    asked.add_argument("--at", type=Path, default=None, help="where to put them; they are removed again")
    given = asked.parse_args()
    for title, count, size in (("small files", given.small, 6000), ("large files", given.large, 12_000_000)):
        with tempfile.TemporaryDirectory(dir=given.at, prefix="claimtrail-bench-") as name:
            if count:
                contents = partial(made_up, count, size)
                measure(title, contents, Path(name), given.turns, given.without, cold=given.cold)


if __name__ == "__main__":
    main()
