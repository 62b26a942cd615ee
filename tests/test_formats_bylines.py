"""Bylines are taken apart into names: no "By", no roles, no outlets, no places, no dates."""

from __future__ import annotations

import json

import pytest

from archive.formats import read
from archive.formats.bylines import names_in
from archive.model import Property

TEXT = (
    "<p>The old bridge over the river is to be closed for the whole of the winter, the council said.</p>" * 4
)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("By Ann Example, John Roe, and Max Muster", ["Ann Example", "John Roe", "Max Muster"]),
        ("Ann Example with John Roe", ["Ann Example", "John Roe"]),
        ("Ann Example | Reuters", ["Ann Example"]),
        ("Ann Example/AP", ["Ann Example"]),
        ("Ann Example and agencies", ["Ann Example"]),
        ("Ann Example in Paris", ["Ann Example"]),
        ("Ann Example For Example.com", ["Ann Example"]),
        ("Ann Example BBC News", ["Ann Example"]),
        ("Ann Example (she/her)", ["Ann Example"]),
        ("Ann Example Senior Political Correspondent", ["Ann Example"]),
        ("Ann Example, Contributing Opinion Writer", ["Ann Example"]),
        ("Ann Example Dec. 22, 2023", ["Ann Example"]),
        ("Ann ExamplePublished 4 hours ago", ["Ann Example"]),
        ("Ann ExampleDec. 18, 2023", ["Ann Example"]),
        ("Ann ExampleStaff Writer", ["Ann Example"]),
        ("Ann McExample Fox News", ["Ann McExample"]),
        ("Ann FitzExample", ["Ann FitzExample"]),
        ("Opinion by Ann Example", ["Ann Example"]),
        ("Story by Ann Example; Photographs by John Roe", ["Ann Example"]),
        ("Reporting by Ann Example; Editing by John Roe", ["Ann Example"]),
        ("Von Max Müller und Eva Beispiel", ["Max Müller", "Eva Beispiel"]),
        ("Maria von Example", ["Maria von Example"]),
        ("Leonardo di Example", ["Leonardo di Example"]),
        ("George T. Example III", ["George T. Example III"]),
        ("Ann Example, Ph.D.", ["Ann Example, Ph.D"]),
        ("June Example", ["June Example"]),
        ("Guardian staff reporter", ["Guardian staff reporter"]),
    ],
)
def test_the_names_of_a_byline(written: str, names: list[str]) -> None:
    assert names_in(written) == names


def test_what_is_said_to_be_one_name_is_parted_only_into_names() -> None:
    assert names_in("Ann Example, John Roe", is_whole=True) == ["Ann Example", "John Roe"]
    assert names_in("Martin Luther King, Jr.", is_whole=True) == ["Martin Luther King, Jr."]
    assert names_in("Von Example", is_whole=True) == ["Von Example"]


def bylines(shown: str, head: str = "") -> list[str]:
    title = "<title>Bridge to close for the winter</title>"
    page = f"<html><head>{title}{head}</head><body><h1>Bridge to close for the winter</h1>{shown}{TEXT}</body></html>"
    return [one.value for one in read(page.encode()).statements if one.about is Property.BYLINE]


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("<small>posted on 2023-12-19 23:30 EST</small> by Ann Maria Example", ["Ann Maria Example"]),
        (
            "<div><span>By <a href='/writer/1/'>Ann Example</a>, Contributing Opinion Writer</span></div>",
            ["Ann Example"],
        ),
        ("<a rel='author'>Ann Example</a><a rel='author'>John Roe</a>", ["Ann Example", "John Roe"]),
        (
            "<p class='byline'>By Ann Example</p><aside><p class='byline'>By John Roe</p></aside>",
            ["Ann Example"],
        ),
    ],
)
def test_a_byline_that_the_page_shows(shown: str, names: list[str]) -> None:
    assert bylines(shown) == names


def test_an_outlet_that_is_named_as_the_author_gives_way_to_a_person() -> None:
    said = {
        "@type": "NewsArticle",
        "headline": "x",
        "author": "Daily Reporter",
        "publisher": {"name": "Daily Reporter"},
    }
    head = f"<script type='application/ld+json'>{json.dumps(said)}</script>"
    assert bylines("<p class='byline'>By Ann Example Daily Reporter</p>", head) == ["Ann Example"]
    assert bylines("<p>The music is by Ann Example</p>", head) == ["Daily Reporter"]
