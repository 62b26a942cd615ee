"""The index is a cache: damaged, cut off or outdated it asks for a rebuild and never answers wrongly in
silence.
"""

from __future__ import annotations

import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_index_contract import NEEDS, random_documents

from index import (
    ENGINES,
    Document,
    Index,
    IndexBusy,
    NeedsRebuild,
    NotOurs,
    Request,
    State,
    open_index,
)
from index.engine import generations, rebuild, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCUMENTS = random_documents(random.Random(11), 45)
QUERIES = (
    "w1",
    '"w1 w2"',
    "w1 NOT w2",
    "run*",
    "runing~",
    "published:2020",
    "number:20",
    "outlet:w1",
    "NOT w1",
)


def answers(index: Index) -> list[object]:
    found = []
    for query in QUERIES:
        results = index.search(Request(query, limit=100, facets=("outlet", "year")))
        hits = [(hit.key, hit.label, hit.score) for hit in results.hits]
        found.append((query, results.total, hits, results.facets))
    return found


def from_record(after: int) -> list[Document]:
    return [document for document in DOCUMENTS if document.position > after]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    if importlib.util.find_spec(NEEDS[request.param]) is None:
        pytest.skip(f"{NEEDS[request.param]} is not installed (extra claimtrail[{request.param}])")
    return request.param


@pytest.fixture
def built(tmp_path: Path) -> Path:
    return build(tmp_path / "index", "whoosh")


@pytest.fixture
def either(tmp_path: Path, engine: str) -> Path:
    return build(tmp_path / "index", engine)


def build(root: Path, engine: str) -> Path:
    index = open_index(root, engine)
    index.add(DOCUMENTS[:40], upto=40)
    index.add(DOCUMENTS[40:], upto=45)
    index.close()
    return root


def current(root: Path) -> Path:
    return root / (root / "current").read_text().split()[0]


def files(root: Path) -> list[Path]:
    """Every file of the index but for the empty ones that tantivy locks."""
    found = sorted(path for path in current(root).iterdir() if not path.name.endswith(".lock"))
    return [root / "current", *found]


def altered(path: Path, change: Callable[[bytearray], None]) -> None:
    raw = bytearray(path.read_bytes())
    change(raw)
    path.chmod(0o600)
    path.write_bytes(raw)


def tells_or_answers_right(root: Path, engine: str, expected: list[object]) -> bool:
    """Whether a rebuild was asked for; a right answer is no fault either: not every byte bears on every
    query.
    """
    index = open_index(root, engine)
    try:
        assert answers(index) == expected
    except NeedsRebuild:
        return True
    finally:
        index.close()
    return False


def test_a_flipped_bit_never_changes_an_answer(either: Path, engine: str) -> None:
    expected = answers(open_index(either, engine))
    source = random.Random(1)
    told = flips = 0
    for path in files(either):
        whole = path.read_bytes()
        places = {0, len(whole) - 1, *(source.randrange(len(whole)) for _ in range(6))}
        for place in places if whole else ():
            altered(path, lambda raw, at=place: raw.__setitem__(at, raw[at] ^ 1 << source.randrange(8)))
            flips += 1
            told += tells_or_answers_right(either, engine, expected)
            assert open_index(either, engine).verify(), f"{path.name} at {place}"
            path.write_bytes(whole)
    assert told > flips // 2
    assert open_index(either, engine).verify() == ()


def test_a_missing_or_shortened_file_is_told(either: Path, engine: str) -> None:
    expected = answers(open_index(either, engine))
    for path in files(either):
        whole = path.read_bytes()
        path.unlink()
        assert tells_or_answers_right(either, engine, expected), path.name
        path.write_bytes(whole[: len(whole) // 2])
        assert tells_or_answers_right(either, engine, expected), path.name
        path.write_bytes(whole + b"\0")
        assert tells_or_answers_right(either, engine, expected), path.name
        path.write_bytes(whole)
    assert not tells_or_answers_right(either, engine, expected)


def test_a_rebuild_mends_it(built: Path) -> None:
    index = open_index(built)
    expected = answers(index)
    altered(next(current(built).glob("*.pst")), lambda raw: raw.reverse())
    with pytest.raises(NeedsRebuild, match="altered"):
        answers(open_index(built))
    with pytest.raises(NeedsRebuild):
        open_index(built).search(Request("w1"))
    mended = open_index(built)
    mended.rebuild(from_record, upto=45)
    assert answers(mended) == expected
    assert answers(index) == expected
    assert mended.verify() == ()


def test_an_index_of_another_schema_is_outdated(
    either: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "SCHEMA", stamp.SCHEMA + 1)
    index = open_index(either, engine)
    assert index.health().state is State.OUTDATED
    with pytest.raises(NeedsRebuild, match="outdated"):
        index.search(Request("w1"))
    with pytest.raises(NeedsRebuild):
        index.add(DOCUMENTS[:1], upto=46)


def test_a_deleted_index_is_missing(built: Path) -> None:
    shutil.rmtree(built)
    index = open_index(built)
    assert index.health().state is State.MISSING
    index.rebuild(from_record, upto=45)
    assert index.health().documents == 45


def test_a_directory_open_to_others_is_refused(either: Path, engine: str) -> None:
    either.chmod(0o770)
    with pytest.raises(NotOurs, match="chmod 700"):
        open_index(either, engine).search(Request("w1"))
    with pytest.raises(NotOurs):
        open_index(either, engine).add(DOCUMENTS[:1], upto=46)
    either.chmod(0o700)
    assert open_index(either, engine).search(Request("w1")).total


def test_a_link_to_a_directory_is_refused(built: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(built)
    with pytest.raises(NotOurs, match="no directory"):
        open_index(link).search(Request("w1"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a directory away")
def test_the_directory_of_another_user_is_refused(built: Path) -> None:
    os.chown(built, 12345, -1)
    with pytest.raises(NotOurs, match="another user"):
        open_index(built).search(Request("w1"))


def test_everything_is_closed_to_others(either: Path, engine: str) -> None:
    for path in [either, *either.rglob("*")]:
        mode = path.stat().st_mode & 0o777
        assert mode & 0o077 == 0 or path.is_file(), path
    assert either.stat().st_mode & 0o777 == 0o700
    assert current(either).stat().st_mode & 0o777 == 0o700


# Killed at any moment: a child dies at each of the operating system calls that Python tells of.

TOLD = ("open", "os.", "shutil.", "fcntl.")


def dies_at(number: int, work: Callable[[], object]) -> bool:
    """Do the work in a child that kills itself at one of its calls; whether it lived to the end."""
    child = os.fork()
    if child == 0:
        try:
            left = number

            def watch(event: str, _: object) -> None:
                nonlocal left
                if event.startswith(TOLD):
                    left -= 1
                    if left == 0:
                        os.kill(os.getpid(), signal.SIGKILL)

            sys.addaudithook(watch)
            work()
            os._exit(0)
        except BaseException:  # noqa: BLE001 - a child of a test must not go on in pytest's name
            os._exit(9)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFEXITED(status)


def test_killed_at_each_stage_of_an_addition(either: Path, engine: str, tmp_path: Path) -> None:
    before = answers(open_index(either, engine))
    fresh = random_documents(random.Random(12), 60)[50:]
    whole = tmp_path / "whole"
    shutil.copytree(either, whole)
    open_index(whole, engine).add(fresh, upto=60)
    after = answers(open_index(whole, engine))
    moments = 0
    seen = set()
    while True:
        moments += 1
        root = tmp_path / "tried"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(either, root)
        lived = dies_at(moments, lambda root=root: open_index(root, engine).add(fresh, upto=60))
        index = open_index(root, engine)
        position = index.health().position
        seen.add(position)
        assert answers(index) == (after if position == 60 else before), f"killed at call {moments}"
        if position != 60:
            index.add(fresh, upto=60)
            assert answers(index) == after
        assert index.verify() == ()
        if lived:
            break
    assert seen == {45, 60}
    assert moments > 20


def test_killed_at_each_stage_of_a_rebuild(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 20)
    expected = answers(open_index(built))
    number, resumed = 1, False
    while True:
        root = tmp_path / "tried"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(built, root)
        lived = dies_at(number, lambda root=root: open_index(root).rebuild(from_record, upto=45))
        index = open_index(root)
        assert answers(index) == expected, f"killed at call {number}"
        asked: list[int] = []

        def record(after: int, asked: list[int] = asked) -> list[Document]:
            asked.append(after)
            return from_record(after)

        index.rebuild(record, upto=45)
        resumed = resumed or asked[0] > 0
        assert answers(index) == expected
        assert index.health().documents == 45
        if lived:
            break
        number += 7
    assert resumed
    assert number > 40


def test_a_rebuild_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 10)
    index = open_index(tmp_path / "index")

    def cut_off(after: int) -> Iterator[Document]:
        for document in from_record(after):
            if document.position > 30:
                raise KeyboardInterrupt
            yield document

    with pytest.raises(KeyboardInterrupt):
        index.rebuild(cut_off, upto=45)
    asked: list[int] = []
    told: list[int] = []

    def record(after: int) -> list[Document]:
        asked.append(after)
        return from_record(after)

    added = index.rebuild(record, upto=45, progress=told.append)
    assert asked == [20]
    assert told == [30, 40, 45]
    assert added.added == 45
    fresh = open_index(tmp_path / "fresh")
    fresh.rebuild(from_record, upto=45)
    assert answers(index) == answers(fresh)


def test_a_rebuild_by_two_workers_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 10)
    one, two = open_index(tmp_path / "one"), open_index(tmp_path / "two")
    one.rebuild(from_record, upto=45)
    two.rebuild(from_record, upto=45, workers=2)
    assert answers(one) == answers(two)


def test_a_version_that_comes_twice_in_a_rebuild_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "BATCH", 10)
    index = open_index(tmp_path / "index")
    index.rebuild(lambda _: [*DOCUMENTS, DOCUMENTS[0]], upto=45)
    assert index.health().documents == 45
    assert index.search(Request("", limit=100)).total == 45


def test_a_second_writer_is_told_or_waits(built: Path) -> None:
    with generations.Generations(built, "any").writing(), pytest.raises(IndexBusy, match="another command"):
        open_index(built).add(DOCUMENTS[:1], upto=46)
    added: list[int] = []
    threads = [
        threading.Thread(target=lambda d=d: added.append(open_index(built, wait=30).add([d], upto=46).added))
        for d in random_documents(random.Random(13), 6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert added == [1] * 6
    assert open_index(built).health().documents == 45


def test_threads_search_while_one_writes(either: Path, engine: str) -> None:
    index = open_index(either, engine)
    sizes: list[int] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        last = 0
        try:
            while not done.is_set():
                results = index.search(Request("", limit=500))
                assert results.total == len(results.hits) == len({hit.key for hit in results.hits})
                assert results.total >= last, "a reader never goes back"
                last = results.total
                sizes.append(last)
        except BaseException as error:  # noqa: BLE001 - shown below, in the thread that can fail the test
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number, document in enumerate(random_documents(random.Random(14), 85)[45:], 46):
        index.add([document], upto=number)
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert index.search(Request("")).total == 85
    assert len(set(sizes)) > 3


def test_many_small_additions_stay_few_segments(built: Path) -> None:
    index = open_index(built)
    more = random_documents(random.Random(15), 125)[45:]
    for number, document in enumerate(more, 46):
        index.add([document], upto=number)
    assert len(list(current(built).glob("*.trm"))) < 40
    before = answers(index)
    assert index.tidy()
    assert len(list(current(built).glob("*.trm"))) < 4
    assert answers(index) == before
    assert index.verify() == ()


def test_old_generations_are_swept(either: Path, engine: str) -> None:
    index = open_index(either, engine)
    for number in range(5):
        index.add([DOCUMENTS[number]], upto=46 + number)
    assert len(list(either.glob("gen-*"))) == 2


SLOWLY = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_index_damage import DOCUMENTS
from index import open_index
from index.engine import rebuild

def slowly(after):
    for document in DOCUMENTS:
        if document.position > after:
            time.sleep(0.1 if document.position > 20 else 0)
            yield document

if __name__ == "__main__":
    rebuild.BATCH = 10
    open_index(Path(sys.argv[1])).rebuild(slowly, upto=45, workers=2)
"""


def until(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.01)


def test_a_rebuild_that_is_killed_takes_its_workers_with_it(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = answers(open_index(built))
    program = tmp_path / "slowly.py"
    program.write_text(SLOWLY)
    here = Path(__file__).parent
    command = [sys.executable, str(program), str(built), str(here)]
    parent = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(here.parent)})
    until((built / "building" / "note.json").exists)
    workers = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
    parent.kill()
    parent.wait()
    assert len(workers) >= 2
    until(lambda: not any(is_running(pid) for pid in workers))
    index = open_index(built)
    assert answers(index) == expected
    monkeypatch.setattr(rebuild, "BATCH", 10)
    index.rebuild(from_record, upto=45)
    assert answers(index) == expected
    assert index.verify() == ()


def is_running(pid: str) -> bool:
    """Whether a process is there and no mere entry in the table."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
