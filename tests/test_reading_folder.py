"""A folder is read with all cores, a line as each file is done: a slow file keeps no other waiting for long."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from archive.attribution.domains import outlet_by_domain
from archive.attribution.resolve import shipped
from archive.formats import Context, Limits, batch
from archive.formats.batch import read_files
from archive.model import Basis, Evidence, Method, Property, ReadingState, Statement
from tests.commandline import run
from tests.test_formats_pool import unruly

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["unruly"]


def test_a_slow_file_comes_when_it_is_done(unruly: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = unruly / "files"
    folder.mkdir()
    (folder / "0").write_text("UNRULY wait")
    for number in range(1, 5):
        (folder / str(number)).write_text(f"The dam is full.\n\nSo says number {number}.\n")
    monkeypatch.setattr(batch, "PATIENCE", 0.05)
    started = time.monotonic()
    reading = read_files([folder], Context(limits=Limits(wall_seconds=8)), workers=2)
    seen = [(found.path.name, found.part.reading.state, time.monotonic() - started) for found in reading]
    assert [name for name, _, _ in seen] == ["1", "2", "3", "4", "0"]
    assert seen[-1][1] is ReadingState.FAILED
    assert seen[0][2] < seen[-1][2] - 4


def said(about: Property, value: str) -> Statement:
    return Statement(about, value, Basis.CLAIMED, Method("t", "1"), Evidence(value))


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((said(Property.ADDRESS, "https://www.bbc.co.uk/news/1"),), "BBC"),
        ((said(Property.CANONICAL_ADDRESS, "https://edition.cnn.com/x"),), "CNN"),
        ((said(Property.ADDRESS, "https://nobody.example/1"),), None),
        ((said(Property.ADDRESS, "https://[broken"),), None),
        ((said(Property.ADDRESS, "https://www.bbc.co.uk/"), said(Property.OUTLET, "BBC")), None),
        ((), None),
    ],
)
def test_the_domain_of_an_address_names_its_outlet(
    statements: tuple[Statement, ...], expected: str | None
) -> None:
    found = outlet_by_domain(statements, shipped())
    assert [each.basis for each in found] == [Basis.INFERRED] * bool(expected)
    if expected:
        assert expected in found[0].value or shipped().resolve(found[0].value) == shipped().resolve(expected)


def test_read_says_the_outlet_of_a_page_by_its_address(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><link rel='canonical' href='https://www.bbc.co.uk/news/1'></head><body><article><h1>Bridge</h1>"
        + "<p>The old bridge over the river is to be closed for the whole of the winter, the council said.</p>"
        * 3
        + "</article></body></html>"
    )
    [one, absent] = run("read", page, tmp_path / "absent", "--json").objects[::-1]
    one, absent = (one, absent) if one["file"] == str(page) else (absent, one)
    assert (one["outlet"]["basis"], one["outlet"]["evidence"]["quote"]) == ("inferred", "www.bbc.co.uk")
    assert set(absent) == set(one)
    assert (absent["state"], absent["reason"], absent["text"]) == ("failed", "there is no such file", "")
