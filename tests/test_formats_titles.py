"""A page's title is its headline, without the outlet's name and without its section's label."""

from __future__ import annotations

import pytest

from archive.formats import read
from archive.formats.titles import without_kicker
from archive.model import Property

TEXT = (
    "<p>The old bridge over the river is to be closed for the whole of the winter, the council said.</p>" * 4
)
TITLE = "Bridge to close for the winter"


@pytest.mark.parametrize(
    "heading",
    [
        f"Opinion | {TITLE}",
        f"{TITLE} | Editorial",
        f"Opinion | {TITLE} | Analysis",
        f"News {TITLE}",
        f"College Sports | {TITLE}",
    ],
)
def test_a_label_is_cut_off(heading: str) -> None:
    assert without_kicker(heading, [TITLE]) == TITLE


@pytest.mark.parametrize(
    "heading", [f"Town news: {TITLE}", f"Council says so: {TITLE}", f"The old {TITLE}er", "News"]
)
def test_what_is_no_label_stays(heading: str) -> None:
    assert without_kicker(heading, [TITLE]) == heading


def test_a_headline_is_shown_where_the_page_has_another_title_for_search_engines() -> None:
    def first(head: str) -> str | None:
        page = f"<html><head><title>Open roads today</title>{head}</head><body><h1>{TITLE}</h1>{TEXT}"
        title = read(page.encode()).first(Property.TITLE)
        return title and title.value

    assert first("") == TITLE
    assert first("<meta property='og:title' content='Open roads today'>") == "Open roads today"


def test_the_headline_shown_comes_first_and_its_words_are_the_evidence() -> None:
    head = f"<title>{TITLE} | The Example</title><meta property='og:site_name' content='The Example'>"
    page = f"<html><head>{head}</head><body><h1><span>News</span> {TITLE}</h1>{TEXT}</body></html>"
    title = read(page.encode()).first(Property.TITLE)
    assert title is not None
    assert title.evidence is not None
    assert (title.value, title.evidence.quote, title.evidence.place) == (TITLE, f"News {TITLE}", "h1")
