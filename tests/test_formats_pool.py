"""A format of another package is found, and whatever its parser does, the batch goes on."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.formats import Context, Limits, formats, read
from archive.formats.batch import file_json, read_files
from archive.formats.pool import Pool
from archive.formats.wire import context_in, context_out, part_in, part_out
from archive.model import ReadingState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNRULY = """
import os, time
from archive.formats.compose import compose
from archive.formats.format import Format
from archive.model import Method, ParagraphKind

def read(content, context):
    words = content.split()
    if b"spin" in words:
        while True: pass
    if b"wait" in words:
        time.sleep(60)
    if b"crash" in words:
        os.abort()
    if b"grow" in words:
        kept = [bytes(1 << 20) for _ in range(100_000)]
    if b"leave" in words:
        os._exit(3)
    print("noise on standard output")
    return compose("unruly", Method("unruly", "1"), [(ParagraphKind.TEXT, content.decode())])

FORMAT = Format("unruly", "a format of another package", lambda head: head.startswith(b"UNRULY"), read)
"""

LIMITS = Limits(cpu_seconds=1, wall_seconds=4, memory=256 << 20)


@pytest.fixture
def unruly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    site = tmp_path / "site"
    described = site / "unruly-1.0.dist-info"
    described.mkdir(parents=True)
    (site / "unruly.py").write_text(UNRULY)
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: unruly\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text("[claimtrail.formats]\nunruly = unruly:FORMAT\n")
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]))
    formats.cache_clear()
    yield tmp_path
    formats.cache_clear()


def test_a_format_of_another_package_is_listed_and_read(unruly: Path) -> None:
    assert "unruly" in [format_.name for format_ in formats()]
    assert read(b"UNRULY but readable").text == "UNRULY but readable"


def test_what_a_parser_does_ends_in_a_reason_and_the_next_file_is_read(unruly: Path) -> None:
    deeds = ("spin", "wait", "crash", "grow", "leave")
    with Pool(1) as pool:
        for deed in deeds:
            (part,) = pool.parts(b"UNRULY " + deed.encode(), Context(limits=LIMITS))
            assert part.reading.state is ReadingState.FAILED, deed
            assert part.reading.format == "unruly"
            assert part.reading.reason
            (after,) = pool.parts(b"UNRULY quiet", Context(limits=LIMITS))
            assert after.reading.text == "UNRULY quiet"


def test_a_folder_is_read_in_order_whatever_is_in_it(unruly: Path) -> None:
    folder = unruly / "files"
    folder.mkdir()
    for number in range(12):
        words = "UNRULY leave" if number % 5 == 2 else f"UNRULY number {number}"
        (folder / f"{number:02d}").write_text(words)
    (folder / "12").write_text("A plain text\n\nwith a line.")
    found = list(read_files([folder], Context(limits=LIMITS), workers=2))
    assert [entry.path.name for entry in found] == [f"{number:02d}" for number in range(13)]
    states = [entry.part.reading.state for entry in found]
    assert [number for number, state in enumerate(states) if state is ReadingState.FAILED] == [2, 7]
    line = json.loads(json.dumps(file_json(found[0])))
    assert (line["file"], line["format"], line["state"]) == (str(folder / "00"), "unruly", "read")
    assert line["text_digest"].startswith("sha256:")


def test_a_reader_that_stops_early_leaves_nothing_behind(unruly: Path) -> None:
    folder = unruly / "files"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number:02d}").write_text(f"UNRULY number {number}")
    reading = read_files([folder], Context(limits=LIMITS), workers=2)
    assert next(reading).path.name == "00"
    reading.close()  # type: ignore[attr-defined]


@settings(deadline=None)  # the first text loads the language model
@given(st.text(max_size=200), st.binary(max_size=20) | st.none())
def test_what_crosses_the_pipe_arrives_unchanged(text: str, payload: bytes | None) -> None:
    from dataclasses import replace

    from archive.formats import parts

    content = b"From: a@example.org\nDate: Tue, 4 Jul 2023 23:30:00 -0500\nSubject: x\n\n" + text.encode(
        "utf-8", "replace"
    )
    (part,) = parts(content)
    part = replace(part, payload=payload)
    words = json.loads(json.dumps(part_out(part)))
    assert part_in(words, payload) == part
    context = Context(name="x", columns={"text": "body"}, limits=LIMITS)
    assert context_in(json.loads(json.dumps(context_out(context)))) == context
