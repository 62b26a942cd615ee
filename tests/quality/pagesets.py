"""Sets of pages with what is true of them, in the layouts in which they are published.

- a folder with `truth.jsonl` (`file`, `url`, `text`, `title`, `authors`, `date` a row) and its `*.html.gz`;
- a folder with `ground-truth.json` (name to `articleBody` and `url`) and `html/<name>.html.gz`;
- a JSON file of address or file to date, or to `file` and `date`, with the pages beside it or in a folder below.
"""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Case(NamedTuple):
    """A page and what is true of it; empty where nothing is known."""

    name: str
    url: str | None
    content: bytes
    text: str = ""
    title: str = ""
    authors: str = ""
    date: str = ""


def cases(path: Path) -> Iterator[Case]:
    """The pages of a set in the order of its labels; those whose file is not there are left out."""
    if path.is_file():
        yield from _dated(path)
    elif (path / "truth.jsonl").exists():
        yield from _rows(path)
    elif (path / "ground-truth.json").exists():
        yield from _bodies(path)


def is_set(path: Path) -> bool:
    return path.is_file() or (path / "truth.jsonl").exists() or (path / "ground-truth.json").exists()


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content


def _day(written: Any) -> str:
    found = re.match(r"\d{4}-\d\d-\d\d", str(written or ""))
    return found[0] if found else ""


def _rows(folder: Path) -> Iterator[Case]:
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        told = (row.get(key) or "" for key in ("text", "title", "authors"))
        yield Case(row["file"], row.get("url"), _content(folder / row["file"]), *told, _day(row.get("date")))


def _bodies(folder: Path) -> Iterator[Case]:
    for name, row in json.loads((folder / "ground-truth.json").read_text(encoding="utf-8")).items():
        yield Case(
            name, row.get("url"), _content(folder / "html" / f"{name}.html.gz"), row.get("articleBody") or ""
        )


def _dated(labels: Path) -> Iterator[Case]:
    places = {path.name: path for path in sorted(labels.parent.rglob("*.htm*"))}
    for key, row in json.loads(labels.read_text(encoding="utf-8")).items():
        told = row if isinstance(row, dict) else {"date": row}
        name = Path(str(told.get("file") or key)).name
        path = places.get(name) or places.get(f"{name}.gz")
        if path:
            address = key if "://" in key else told.get("url")
            yield Case(name, address, _content(path), date=_day(told.get("date")))


def bare(case: Case) -> Case:
    """The page without what it says to machines: scripts, meta tags, and the dates in its attributes."""
    from lxml import html

    content = case.content.decode("utf-8", "replace").encode()
    tree = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    for element in list(tree.iter("script", "meta", "style")):
        element.drop_tree()
    for element in tree.iter(tag=html.etree.Element):
        for name in ("datetime", "itemprop", "pubdate", "content"):
            element.attrib.pop(name, None)
    return case._replace(content=html.tostring(tree, encoding="utf-8", doctype="<!doctype html>"))
