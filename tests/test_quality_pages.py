"""The command that measures how well pages are read takes sets in each layout in which they are published."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from tests.quality import pages
from tests.quality.pagelabels import contradicted
from tests.quality.pagesets import Case, cases

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = [
    f"The bridge number {n} over the river is to be closed for the winter, the council said."
    for n in range(6)
]
PAGE = (
    "<html><head><title>Bridges to close for the winter</title>"
    "<meta name='author' content='Ann Example'><meta name='date' content='2023-11-02'></head>"
    "<body><h1>Bridges to close for the winter</h1><article>{}</article></body></html>"
).format("".join(f"<p>{sentence}</p>" for sentence in SENTENCES))
TRUTH = {"text": "\n".join(SENTENCES), "title": "Bridges to close for the winter", "authors": "Ann Example"}


def rows(folder: Path) -> Path:
    (folder / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    row = {"file": "a.html.gz", "url": "https://example.org/", **TRUTH, "date": "2023-11-02"}
    (folder / "truth.jsonl").write_text(json.dumps(row), encoding="utf-8")
    return folder


def bodies(folder: Path) -> Path:
    (folder / "html").mkdir()
    (folder / "html" / "a.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    truth = {"a": {"articleBody": TRUTH["text"], "url": "https://example.org/"}}
    (folder / "ground-truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return folder


def dated(folder: Path) -> Path:
    (folder / "cache").mkdir()
    (folder / "cache" / "a.html").write_text(PAGE, encoding="utf-8")
    (folder / "cache" / "b.html").write_text(PAGE, encoding="utf-8")
    labels = {"https://example.org/": {"file": "a.html", "date": "2023-11-02"}, "b.html": "2023-11-03"}
    (folder / "labels.json").write_text(json.dumps(labels), encoding="utf-8")
    return folder / "labels.json"


def figures(printed: str) -> dict[str, list[str]]:
    lines = [line.split() for line in printed.splitlines()]
    return {
        words[0]: words[1:] for words in lines if words and words[0] in ("ours", "trafilatura", "htmldate")
    }


@pytest.mark.parametrize(
    ("make", "ours"),
    [
        (rows, ["1.000", "1.000", "1.000", "1.000", "1.000"]),
        (bodies, ["1.000"]),
        (dated, ["0.500", "0.667"]),
    ],
)
def test_a_set_is_measured_in_its_layout(
    make: object, ours: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(make)
    pages.main([str(make(tmp_path))])
    found = figures(capsys.readouterr().out)
    assert found["ours"] == ours
    assert set(found) == {"ours", "trafilatura", "htmldate"}


def test_a_set_that_is_not_here_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages.main([str(tmp_path / "absent")])
    assert "not here" in capsys.readouterr().out


def case(date: str, published: str = "2023-11-02", shown: str = "") -> Case:
    said = f'{{"datePublished": "{published}", "dateModified": "2023-11-20T10:00:00Z"}}'
    return Case("a", None, f"<script>{said}</script>{shown}".encode(), date=date)


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (case("2022-11-02"), "nowhere"),
        (case("2022-11-02", shown="Nov 2, 2023"), "nowhere"),
        (case("2023-11-20"), "dateModified"),
    ],
)
def test_a_label_that_the_page_contradicts_is_named(asked: Case, word: str) -> None:
    assert word in (contradicted(asked) or "")


@pytest.mark.parametrize(
    "asked",
    [
        case("2023-11-02"),
        case("2023-11-03", shown="<p>Nov. 3, 2023</p>"),
        case("2023-11-03", shown="<p>3 November 2023</p>"),
        case("2023-11-03", shown="<p>11/3/23</p>"),
        case(""),
    ],
)
def test_a_label_that_the_page_allows_is_not(asked: Case) -> None:
    assert contradicted(asked) is None


def test_files_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    labels = dated(tmp_path)
    (tmp_path / "cache" / "b.html").unlink()
    assert [one.name for one in cases(labels)] == ["a.html"]
