"""The default engine's files are Whoosh's: Whoosh reads them by itself, and a search does without it."""

from __future__ import annotations

import random
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from test_index_contract import random_documents

from index import open_index
from index.engine.pages import Damaged, PageFile, page_digests
from index.engine.terms import Terms
from index.words import words

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def current(tmp_path: Path) -> Path:
    index = open_index(tmp_path / "index")
    found = random_documents(random.Random(21), 60)
    index.add(found[:40], upto=40)
    index.add(found[40:], upto=60)
    index.remove([found[3].key], upto=61)
    return tmp_path / "index" / (tmp_path / "index" / "current").read_text().split()[0]


def test_whoosh_reads_by_itself_what_we_write(current: Path) -> None:
    from whoosh.index import open_dir

    held = random_documents(random.Random(21), 60)
    del held[3]
    with open_dir(str(current), indexname="MAIN").reader() as reader:
        assert reader.doc_count() == len(held)
        for word in ("w1", "w2", "w3"):
            ids = list(reader.postings("text", word).all_ids())
            assert len(ids) == sum(word in words(document.text) for document in held) > 0


def test_our_reader_finds_the_terms_that_whooshs_finds(current: Path) -> None:
    from whoosh.filedb.filestore import FileStorage
    from whoosh.filedb.filetables import OrderedHashReader

    for path in current.glob("*.trm"):
        storage = FileStorage(str(current), supports_mmap=False)
        theirs = OrderedHashReader(storage.open_file(path.name), storage.file_length(path.name))
        _, size, digests = page_digests(path)
        ours = Terms(PageFile(str(path), size, digests))
        listed = list(ours.all())
        assert len(listed) == len(list(theirs.keys()))
        fields = {field for field, *_ in listed}
        for field, term, at, length in listed:
            assert ours.find(field, term) == (at, length)
        for field in fields:
            own = [(term, at, length) for name, term, at, length in listed if name == field]
            assert list(ours.beginning(field, b"")) == own
            for term, _, _ in own[::7]:
                expected = [entry for entry in own if entry[0].startswith(term[:2])]
                assert list(ours.beginning(field, term[:2])) == expected
        assert ours.find("text", b"absent-from-all") is None
        assert ours.find("no field", b"w1") is None
        assert list(ours.beginning("no field", b"")) == []


def test_a_pickle_that_asks_for_code_is_refused(tmp_path: Path, current: Path) -> None:
    import os
    import pickle

    path = next(current.glob("*.trm"))
    raw = path.read_bytes()
    start = raw.rindex(b"\x80", 0, raw.rindex(b"fieldmap"))
    evil = pickle.dumps({"fieldmap": {}, "indextype": "H", "indexlen": os.getcwd})
    forged = tmp_path / "forged.trm"
    tail = len(raw) - 4 - start
    forged.write_bytes(raw[:start] + evil.ljust(tail, b"\0") + tail.to_bytes(4, "big"))
    _, size, digests = page_digests(forged)
    with pytest.raises(Damaged, match="asks for"):
        Terms(PageFile(str(forged), size, digests))


def test_a_search_imports_of_whoosh_its_stemmers_only(current: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from index import Request, open_index; "
        "print(open_index(Path(sys.argv[1])).search(Request('w1 run*')).total); "
        "print([m for m in sys.modules if m.startswith(('whoosh.index', 'whoosh.codec', 'whoosh.filedb'))])"
    )
    command = [sys.executable, "-W", "ignore", "-c", program, str(current.parent)]
    total, modules = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert int(total) > 0
    assert modules == "[]"
