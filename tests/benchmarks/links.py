"""How fast versions are fingerprinted and linked, in a real archive on SQLite, and one document against all.

Run: python -m tests.benchmarks.links [--kept DIR] [--paragraphs] [documents ...]
Bar: 1,000 documents a CPU-second on press releases (430 words in the mean), one against all under 5 ms, peak
of memory under 1 GiB, and the same a document at 10,000 and at 100,000.

The first 20,000 are the set itself in a mixed order. Those beyond are the same releases again and again, each
time with another letter at the end of every word of four letters or more: as many copies and as much furniture
for each 20,000, and nothing in common with the others. (With every second word changed a release still shares
forty words with its own other forms, two of three links were of that kind, and there were ever more of them.)
With `--paragraphs` they are half the paragraphs of two releases: then each shares passages with ever more of the
others. The archives are recorded without attributions and kept in DIR, so that recording them is paid once and
not measured.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from itertools import count as numbers
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from archive.archive import make_archive, open_archive
from archive.catalog.chunks import batched
from archive.catalog.link_writing import restart
from archive.clock import SystemClock
from archive.digest import Digest
from archive.formats.compose import claim, compose
from archive.linking import rebuild
from archive.linking.batch import link_batch
from archive.linking.comparing import Desk
from archive.model import Method, ParagraphKind, Property
from archive.record import Arrival, HeldObject
from archive.text.fingerprints import METHOD
from archive.uncollected import uncollected
from tests.quality.sets import rows, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archive.archive import Archive

MADE = Method("benchmark", "1")
CLOCK = SystemClock()
WORD = re.compile(r"[A-Za-z]{4,}")


def more(held: list[dict[str, Any]], *, paragraphs: bool) -> Iterator[tuple[str, str]]:
    """Outlet and text of as many documents as are asked for, in a mixed order."""
    if paragraphs:
        yield from ((row["outlet"], row["text"]) for row in held)
        chance = random.Random(7)
        while True:
            one, other = chance.choice(held), chance.choice(held)
            parts = [*one["text"].splitlines(), *other["text"].splitlines()]
            yield one["outlet"], "\n".join(chance.sample(parts, (len(parts) + 1) // 2))
    for turn in numbers():
        mixed = random.Random(turn).sample(held, len(held))
        ending = chr(96 + turn) if turn else ""
        yield from ((f"{row['outlet']} {turn}", WORD.sub(rf"\g<0>{ending}", row["text"])) for row in mixed)


def arrival(number: int, outlet: str, text: str) -> Arrival:
    blocks = [(ParagraphKind.TEXT, line) for line in text.splitlines()]
    said = [claim(Property.OUTLET, outlet, MADE, "column outlet")]
    reading = compose("jsonl", MADE, blocks, said, "no text")
    body = f"{number} {text}".encode()
    held = HeldObject(Digest.of(body), len(body))
    return Arrival(CLOCK.new_id(), f"row {number}", held, reading, (), (), MADE, ())


def archive_of(kept: Path, size: int, *, paragraphs: bool) -> Path:
    """An archive of so many documents, recorded now where it is not kept from an earlier run."""
    place = kept / f"{'paragraphs' if paragraphs else 'releases'}-{size}"
    if (place / "claimtrail.toml").exists():
        return place
    made = enumerate(islice(more(rows("press-releases"), paragraphs=paragraphs), size))
    accession = uuid4()
    with make_archive(place) as archive:
        for some in batched(made, 1000):
            batch = [arrival(number, outlet, text) for number, (outlet, text) in some]
            archive.catalog.write(
                lambda w, batch=batch: w.record(w.accession(accession, "b", "b", "b", None), batch)  # type: ignore[misc]
            )
    return place


def cpu() -> float:
    """CPU seconds of this process and of its children that ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def one_against_all(archive: Archive, size: int) -> list[float]:
    """Milliseconds of CPU to link each of 200 documents with all others, as an ingest of one does."""
    found = []
    for position in random.Random(3).sample(range(1, size + 1), 200):
        with archive.catalog.read() as reader:
            desk = Desk(reader.links.texts)
            start = time.process_time()
            with uncollected():
                link_batch(reader.links, reader.links.unlinked(position, 1), desk, archive.authority)
            found.append((time.process_time() - start) * 1000)
    return found


class Reached(Exception):
    """So many documents are linked as are asked for."""


@contextmanager
def another_process(place: Path) -> Iterator[Callable[[int], list[float]]]:
    """The same in a process of its own, as an ingest is one: the heap of a rebuild makes it a fifth slower.

    It is started first: one started later counts with all the memory that this one has by then.
    """
    words = [sys.executable, "-m", "tests.benchmarks.links", "--kept", str(place), "--one"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        tell, answer = other.stdin, other.stdout
        assert tell is not None
        assert answer is not None

        def ask(size: int) -> list[float]:
            print(size, file=tell, flush=True)
            return [float(word) for word in answer.readline().split()]

        yield ask
        tell.close()


def answer_one_by_one(place: Path) -> None:
    """Be that process."""
    for line in sys.stdin:
        with open_archive(place) as archive:
            archive.authority  # noqa: B018 - loaded before time is taken
            print(*one_against_all(archive, int(line)), flush=True)


def link_up_to(archive: Archive, size: int, before: int) -> None:
    """Go on with a rebuild that has come so far, and break it off."""

    def stop(done: int) -> None:
        if before + done >= size:
            raise Reached

    with suppress(Reached):
        rebuild(archive, stop)


def measured(place: Path, sizes: list[int]) -> Iterator[list[object]]:
    """One rebuild, looked at in between; what is looked at is not in the time of the rebuild."""
    seconds, wall, before = 0.0, 0.0, 0
    with another_process(place) as ask, open_archive(place) as archive:
        archive.authority  # noqa: B018 - as above
        archive.catalog.write(lambda writer: restart(writer, METHOD, rebuilding=True))
        for size in sizes:
            start, clock = cpu(), time.monotonic()
            link_up_to(archive, size, before)
            here, clock = cpu() - start, time.monotonic() - clock
            seconds, wall = seconds + here, wall + clock
            with archive.catalog.read() as reader:
                links, linked = reader.links.count(), reader.links.linked()
            each = ask(linked)
            peak = sum(
                resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            )
            rates = round(linked / seconds), round((linked - before) / here), round(linked / wall)
            yield [linked, *rates, median(each), quantiles(each, n=100)[98], links, peak // 1024]
            before = linked


def main(words: list[str]) -> None:
    """Print the curve."""
    options = argparse.ArgumentParser()
    options.add_argument("--kept", type=Path, required=True)
    options.add_argument("--paragraphs", action="store_true")
    options.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("documents", nargs="*", type=int, default=[5_000, 10_000, 20_000, 50_000, 100_000])
    asked = options.parse_args(words)
    if asked.one:
        answer_one_by_one(asked.kept)
        return
    sizes = sorted(asked.documents)
    place = archive_of(asked.kept, sizes[-1], paragraphs=asked.paragraphs)
    head = ["documents", "a CPU s", "since the last", "a wall s", "one p50 ms", "p99 ms", "links", "peak MiB"]
    body = []
    for row in measured(place, sizes):
        body.append(row)
        table("Fingerprinting and linking", head, body)


if __name__ == "__main__":
    main(sys.argv[1:])
