"""How fast the index is, beside others on the same machine in the same run.

    python -m tests.benchmarks.search [--documents 20000] [--queries 30] [--set FILE] [--alone] [--keep FOLDER]

Times are CPU time of this process. Documents beyond those of the set are made by resampling its paragraphs.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index import ENGINES, Bounds, Document, Index, Request, State, open_index
from index.highlight import marks, snippets
from index.words import words
from tests.benchmarks.peers.fts5 import CLASSES, Fts5

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent.parent
SET = ROOT.parent / "shared" / "data" / "press-releases.jsonl.xz"


def documents(number: int, source_set: Path | None = None) -> list[Document]:
    """The press releases, and then as many again, put together from their paragraphs."""
    with lzma.open(source_set or SET, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][:number]
    found = [made(place, row["text"], row) for place, row in enumerate(rows)]
    source = random.Random(7)
    while len(found) < number:
        one, other = source.choice(rows), source.choice(rows)
        parts = [*one["text"].split("\n"), *other["text"].split("\n")]
        half = source.sample(parts, (len(parts) + 1) // 2)
        found.append(made(len(found), "\n".join(half), one))
    return found


def made(place: int, text: str, row: dict[str, str]) -> Document:
    published = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC)
    headline = text.partition("\n")[0]
    return Document(
        key=f"{place:032x}",
        item=f"item-{place}",
        label=f"2026-0001.{place + 1}@1",
        position=place + 1,
        text=text,
        headline=headline,
        outlet=row["outlet"],
        language="en",
        published=published,
    )


def queries(held: list[Document], number: int) -> dict[str, list[str]]:
    """Queries of each class, drawn from the documents."""
    source = random.Random(1)
    sample = source.sample(held, min(len(held), 4_000))
    texts = {document.key: words(document.text) for document in sample}
    counted = Counter(
        word for found in texts.values() for word in dict.fromkeys(found) if word.isalpha() and len(word) > 3
    )
    rare = [word for word, count in counted.items() if count <= 3]
    common = [word for word, _ in counted.most_common(150)]
    middling = [word for word, count in counted.items() if 0.005 < count / len(sample) < 0.2]

    def window(size: int) -> str:
        while True:
            found = source.choice(list(texts.values()))
            if len(found) > size:
                start = source.randrange(len(found) - size)
                return " ".join(found[start : start + size])

    def month() -> str:
        return f"{source.randint(2005, 2007)}-{source.randint(1, 12):02d}"

    def pair() -> tuple[str, str]:
        found = [word for word in dict.fromkeys(source.choice(list(texts.values()))) if word in middling_set]
        return tuple(source.sample(found, 2)) if len(found) > 1 else ("senate", "budget")

    middling_set = set(middling)
    classes: dict[str, Callable[[], str]] = {
        "rare": lambda: source.choice(rare),
        "common": lambda: source.choice(common),
        "AND": lambda: " AND ".join(pair()),
        "OR": lambda: " OR ".join(pair()),
        "NOT": lambda: "{} NOT {}".format(*pair()),
        "phrase of 3": lambda: f'"{window(3)}"',
        "phrase of 8": lambda: f'"{window(8)}"',
        "field": lambda: f"outlet:{source.choice(sample).outlet.split()[-1]} {source.choice(middling)}",
        "date": lambda: f"{source.choice(middling)} published:{month()}",
        "prefix": lambda: f"{source.choice(middling)[:4]}*",
        "fuzzy": lambda: f"{source.choice([word for word in middling if len(word) > 6])}~",
        "sentence": lambda: window(16),
    }
    mean = sum(map(len, texts.values())) / len(texts)
    print(f"{len(held):,} documents of {mean:.0f} words")
    return {name: [draw() for _ in range(number)] for name, draw in classes.items()}


def spent(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def percentiles(times: list[float]) -> str:
    ordered = sorted(times)
    return f"{1000 * ordered[len(ordered) // 2]:8.1f} {1000 * ordered[int(len(ordered) * 0.95)]:8.1f}"


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


COLD = """
import sys, time
from pathlib import Path
def resident():
    line = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
bare, before = resident(), time.process_time()
from index import Request, open_index
index = open_index(Path(sys.argv[1]), sys.argv[2])
index.search(Request("zyzzyva"))
opened = time.process_time()
index.search(Request("senate budget"))
after = time.process_time()
print(round((opened - before) * 1000), round((after - opened) * 1000), round(resident() - bare), round(resident()))
"""


def cold(folder: Path, engine: str) -> str:
    """A new process, with byte code as an installation has it: the second of two that are alike."""
    with tempfile.TemporaryDirectory() as compiled:
        for _ in range(2):
            ran = subprocess.run(
                [sys.executable, "-c", COLD, str(folder), engine],
                capture_output=True,
                text=True,
                check=True,
                cwd=ROOT,
                env=os.environ | {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""},
            )
    opened, asked, more, whole = ran.stdout.split()
    return (
        f"  cold: all imported and the index opened in {opened} ms of CPU, then a first search in {asked} ms; "
        f"{more} MiB beyond the bare interpreter, {whole} MiB in all"
    )


def ours(engine: str, held: list[Document], asked: dict[str, list[str]], folder: Path, workers: int) -> None:
    index = open_index(folder, engine, Bounds(seconds=60))
    if index.health().state is State.READY:
        print(f"\n{engine}, as it was kept in {folder}")
    else:
        build(index, engine, held, workers)
    text = sum(len(document.text.encode()) for document in held)
    print(f"  {size_of(folder) / 1e6:.0f} MB ({size_of(folder) / text:.0%} of the text)")
    print(cold(folder, engine))
    searches(index, held, asked)
    one_more(index, held)


def build(index: Index, engine: str, held: list[Document], workers: int) -> None:
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    own = spent(lambda: index.rebuild(lambda _: iter(held), upto=len(held), workers=workers))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own + after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    clock = time.monotonic() - clock
    print(
        f"\n{engine}, {workers} worker(s): {len(held) / cpu:,.0f} documents a CPU-second, "
        f"{clock:.1f} s by the clock"
    )


def searches(index: Index, held: list[Document], asked: dict[str, list[str]]) -> None:
    print(f"  {'class':14}{'p50 ms':>8} {'p95 ms':>8}   with highlights {'p50':>4} {'p95':>8}    hits")
    by_key = {document.key: document for document in held}
    for name, texts in asked.items():
        plain, marked, hits = [], [], 0
        for query in texts:
            plain.append(spent(lambda query=query: index.search(Request(query))))
            marked.append(spent(lambda query=query: shown(index, query, by_key)))
            hits += index.search(Request(query, limit=0)).total
        print(f"  {name:14}{percentiles(plain)}   {percentiles(marked):>24} {hits / len(texts):10.0f}")


def one_more(index: Index, held: list[Document]) -> None:
    """A document added and found, and taken out again, so that an index that is kept stays what it is."""
    new = replace(held[0], key="f" * 32, position=len(held) + 1, text=held[0].text + " zyzzyva")
    clock = time.monotonic()
    cpu = spent(lambda: index.add([new], upto=len(held) + 1))
    visible = index.search(Request("zyzzyva")).total
    clock = time.monotonic() - clock
    print(
        f"  one added and found ({visible}): {cpu * 1000:.0f} ms of CPU, {clock * 1000:.0f} ms by the clock"
    )
    index.remove([new.key], upto=len(held))


def shown(index: Index, query: str, by_key: dict[str, Document]) -> None:
    results = index.search(Request(query))
    for hit in results.hits:
        document = by_key[hit.key]
        snippets(document.text, marks(document.text, results.tree, document.language))


def rows(held: list[Document]) -> Iterator[tuple[str, str, str]]:
    """The documents as other engines take them: text, outlet, day."""
    for each in held:
        yield each.text, each.outlet, each.published.date().isoformat() if each.published else ""


def fts5(held: list[Document], asked: dict[str, list[str]], folder: Path) -> None:
    """SQLite's own full text index."""
    base = Fts5(folder)
    cpu = spent(lambda: base.fill(rows(held)))
    print(f"\nSQLite FTS5: {len(held) / cpu:,.0f} documents a CPU-second, {size_of(folder) / 1e6:.0f} MB")
    table({name: [spent(lambda q=q: base.search(q)) for q in asked[name]] for name in CLASSES})


def xapian(held: list[Document], asked: dict[str, list[str]], folder: Path) -> None:
    """Xapian by the system's Python, where it is installed."""
    system = Path("/usr/bin/python3")
    there = (
        system.exists()
        and not subprocess.run([system, "-c", "import xapian"], check=False, capture_output=True).returncode
    )
    if not there:
        print("\nXapian is not installed for the system's Python (Debian: python3-xapian)")
        return
    told = {"rows": list(rows(held)), "asked": {name: asked[name] for name in CLASSES}}
    program = Path(__file__).parent / "peers" / "xapian_peer.py"
    ran = subprocess.run(
        [system, program, folder], input=json.dumps(told), capture_output=True, text=True, check=True
    )
    found = json.loads(ran.stdout)
    speed = found["documents_per_s"]
    print(f"\nXapian: {speed:,.0f} documents a CPU-second, {size_of(folder) / 1e6:.0f} MB")
    table(found["times"])


def table(times: dict[str, list[float]]) -> None:
    print(f"  {'class':14}{'p50 ms':>8} {'p95 ms':>8}")
    for name, found in times.items():
        print(f"  {name:14}{percentiles(found)}")


def stock(held: list[Document], folder: Path) -> None:
    """Whoosh as it comes, on a few documents."""
    from whoosh import analysis, fields
    from whoosh.index import create_in

    folder.mkdir()
    analyser = analysis.StemmingAnalyzer(stoplist=None)
    index = create_in(folder, fields.Schema(key=fields.ID(stored=True), text=fields.TEXT(analyzer=analyser)))
    few = held[:1_500]

    def fill() -> None:
        writer = index.writer()
        for document in few:
            writer.add_document(key=document.key, text=document.text)
        writer.commit()

    print(
        f"\nWhoosh as it comes: {len(few) / spent(fill):,.0f} documents a CPU-second ({len(few):,} of them)"
    )


def folders() -> Iterator[Path]:
    base = Path(tempfile.mkdtemp(prefix="bench-search-"))
    try:
        for number in range(100):
            yield base / str(number)
    finally:
        shutil.rmtree(base, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--queries", type=int, default=30)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--engine", action="append", choices=ENGINES)
    parser.add_argument("--alone", action="store_true", help="without the others")
    parser.add_argument(
        "--keep", type=Path, help="where our indexes stay, to be searched again without building"
    )
    parser.add_argument("--set", type=Path, default=SET, help="the press releases")
    told = parser.parse_args()
    if not told.set.exists():
        sys.exit(f"the set of press releases is not there: {told.set}")
    held = documents(told.documents, told.set)
    asked = queries(held, told.queries)
    places = folders()
    for engine in told.engine or ENGINES:
        kept = told.keep / f"{engine}-{told.documents}" if told.keep else next(places)
        ours(engine, held, asked, kept, told.workers)
    if not told.alone:
        fts5(held, asked, next(places))
        xapian(held, asked, next(places))
        stock(held, next(places))
    places.close()


if __name__ == "__main__":
    main()
