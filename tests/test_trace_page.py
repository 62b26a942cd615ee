"""A trail as a page and as a graph: whole by itself, every edge leads to its evidence, archived text cannot act."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import subprocess
from base64 import b64encode
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from archive.render.dot import quoted
from archive.render.html.layout import HEIGHT, WIDTH, Place, placed
from archive.render.html.routing import routed
from tests.commandline import STORY, new_archive, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLAIM = json.loads((STORY / "truth.json").read_text("utf-8"))["main_claim"]["sentence"]
VOID = {"meta"}


class Read(HTMLParser):
    """The elements of a page with their attributes, and its text; a tag that is not closed in order is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, name: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag == name]


def page(archive: Path, folder: Path, claim: str = CLAIM, *more: str) -> str:
    place = folder / "trail.html"
    ran = run("trace", claim, "--html", place, *more, at=archive)
    assert ran.status == 0, ran.err
    return place.read_text("utf-8")


def test_it_is_whole_by_itself(seeded: Path, tmp_path: Path) -> None:
    text = page(seeded, tmp_path)
    read = Read(text)
    names = {tag for tag, _ in read.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not re.search(r"\burl\(\s*['\"]?(?!#)", text)
    for _, attributes in read.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")]
        assert attributes.get("href", "#").startswith("#")


def test_its_policy_allows_its_own_style_and_nothing_else(seeded: Path, tmp_path: Path) -> None:
    text = page(seeded, tmp_path)
    [policy] = [
        m["content"] for m in Read(text).all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    ]
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")


@pytest.mark.parametrize("limit", ["50", "2"])
def test_every_link_leads_somewhere_and_every_arrow_to_its_evidence(
    seeded: Path, tmp_path: Path, limit: str
) -> None:
    text = page(seeded, tmp_path, CLAIM, "--limit", limit)
    read = Read(text)
    places = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(places) == len(set(places))
    targets = {attributes["href"].removeprefix("#") for attributes in read.all("a")}
    assert targets <= set(places)
    svg = text[text.index("<svg") : text.index("</svg>")]
    arrows = re.findall(r'<a href="#(evidence-\d+)">', svg)
    assert len(arrows) == svg.count('class="edge ')
    assert len(arrows) >= 5
    trail = run("trace", CLAIM, "--json", at=seeded).objects[-1]
    named = [fail for fail in trail["failing"] if fail["failure"] != "source dated later than the citation"]
    entries = re.findall(r'<li id="(evidence-\d+)">', text)
    assert len(entries) == len(trail["edges"]) + len(named)


def test_it_can_be_read_aloud(seeded: Path, tmp_path: Path) -> None:
    text = page(seeded, tmp_path)
    read = Read(text)
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(following <= level + 1 for level, following in pairwise(levels))
    [svg] = read.all("svg")
    assert svg["role"] == "img"
    for place in svg["aria-labelledby"].split():
        assert any(attributes.get("id") == place for _, attributes in read.elements)
    assert read.all("html") == [{"lang": "en"}]
    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_it_says_what_the_terminal_says(seeded: Path, tmp_path: Path) -> None:
    words = " ".join("".join(Read(page(seeded, tmp_path)).words).split())
    for said in (
        "2 independent origins",
        "Quillmark Press Agency",
        "[ask]",
        "in conflict",
        "as held, it says so",
    ):
        assert said in words


HOSTILE = {
    "title": '</title></style><script>alert(1)</script><img src=x onerror=alert(1)> " onload="x',
    "outlet": '<svg onload=alert(1)>"; } evil [label="\\',
    "published": "2024-01-01",
    "text": "A <b>burst</b> main & \u202elive\u202c \x1b[2J left 70 \"dry\" <script>alert('x')</script> in Orrin.",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    place = new_archive(folder)
    rows = [HOSTILE, {**HOSTILE, "outlet": "--><x>", "published": "2024-01-02", "title": "]]>"}]
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert run("ingest", file, at=place).status == 0
    return place


def test_archived_text_cannot_act_on_the_page(hostile: Path, tmp_path: Path) -> None:
    claim = HOSTILE["text"]
    text = page(hostile, tmp_path, claim)
    read = Read(text)
    assert {tag for tag, _ in read.elements}.isdisjoint({"script", "img", "x", "b"})
    assert all("onload" not in attributes for _, attributes in read.elements)
    assert len(read.all("svg")) == 1
    assert "<script>alert('x')</script>" in "".join(read.words)
    assert "\u202e" not in text
    assert "\x1b" not in text


def test_archived_text_cannot_leave_a_string_of_the_graph(hostile: Path, tmp_path: Path) -> None:
    place = tmp_path / "trail.dot"
    assert run("trace", HOSTILE["text"], "--dot", place, at=hostile).status == 0
    text = place.read_text("utf-8")
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    assert "evil" in text
    assert "evil" not in outside
    assert outside.count("{") == outside.count("}")


def test_a_quoted_string_escapes_all_but_line_ends() -> None:
    assert quoted('a"b\\N\nc\td') == '"a\\"b\\\\N\\nc d"'


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_it(seeded: Path, hostile: Path, tmp_path: Path) -> None:
    for archive, claim in ((seeded, CLAIM), (hostile, HOSTILE["text"])):
        place = tmp_path / "trail.dot"
        assert run("trace", claim, "--dot", place, at=archive).status == 0
        drawn = subprocess.run(["dot", "-Tsvg", place], capture_output=True, check=True)
        assert b"<svg" in drawn.stdout
        assert not drawn.stderr


def test_a_graph_names_every_version_and_edge(seeded: Path, tmp_path: Path) -> None:
    place = tmp_path / "trail.dot"
    ran = run("trace", CLAIM, "--dot", place, "--json", at=seeded)
    text, trail = place.read_text("utf-8"), ran.objects[-1]
    for edge in trail["edges"]:
        assert f'"{edge["derived"]}" -> "{edge["origin"]}"' in text
    assert text.count(" -> ") == len(trail["edges"]) + len(trail["failing"])


def test_nothing_found_makes_a_page_that_says_so(seeded: Path, tmp_path: Path) -> None:
    text = page(seeded, tmp_path, "zyzzyva quandongs befell the moon")
    assert "No version in this archive states it." in "".join(Read(text).words)


def test_where_nothing_can_be_written_it_is_said(seeded: Path, tmp_path: Path) -> None:
    ran = run("trace", CLAIM, "--html", tmp_path / "absent" / "x.html", at=seeded)
    assert ran.status == 3
    assert "cannot be written" in ran.err


def test_boxes_never_stand_on_one_another_even_in_a_circle() -> None:
    places = placed(["a", "b", "c", "d"], {"a": ["b"], "b": ["a"], "c": ["a"], "d": ["c", "d"]})
    assert places == {"a": Place(0, 0), "b": Place(0, 1), "c": Place(1, 0), "d": Place(2, 0)}


def test_no_line_passes_behind_a_box_that_it_does_not_join() -> None:
    source = random.Random(4)
    for _ in range(60):
        nodes = [str(at) for at in range(source.randint(3, 14))]
        lines = [(at, source.choice(nodes[:to])) for to, at in enumerate(nodes) if to for _ in range(2)]
        places = placed(
            nodes, {node: [origin for derived, origin in lines if derived == node] for node in nodes}
        )
        ends = [(places[derived], places[origin]) for derived, origin in lines]
        for (start, end), route in zip(ends, routed(ends), strict=True):
            others = [place for place in places.values() if place not in (start, end)]
            assert not [place for place in others for x, y in points(route.path) if within(place, x, y)]


def within(place: Place, x: float, y: float) -> bool:
    return place.x <= x <= place.x + WIDTH and place.y <= y <= place.y + HEIGHT


def points(path: str) -> Iterator[tuple[float, float]]:
    """Points all along a path of curves and straight lines."""
    here = (0.0, 0.0)
    for kind, rest in re.findall(r"([MCL])([^MCL]*)", path):
        numbers = [float(number) for number in rest.split()]
        corners = [here, *zip(numbers[::2], numbers[1::2], strict=True)]
        for step in range(101 if kind != "M" else 0):
            yield along(corners, step / 100)
        here = corners[-1]


def along(corners: list[tuple[float, float]], share: float) -> tuple[float, float]:
    """A point of a Bezier curve, by de Casteljau's rule."""
    while len(corners) > 1:
        corners = [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in pairwise(corners)]
    return corners[0]
