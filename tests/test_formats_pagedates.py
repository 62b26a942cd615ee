"""When a page was published: its markup first, then what it shows its readers, then its address, then htmldate."""

from __future__ import annotations

import json

import pytest

from archive.formats import Context, read
from archive.formats.datelines import in_address
from archive.model import Basis, Precision, Property, Reading, Statement

TEXT = (
    "<p>The old bridge over the river is to be closed for the whole of the winter, the council said.</p>" * 4
)


def page(shown: str = "", head: str = "", language: str = "en", above: str = "") -> bytes:
    body = f"{above}<h1>Bridge to close for the winter</h1>{shown}<article>{TEXT}</article>"
    title = "<title>Bridge to close for the winter</title>"
    return f"<!doctype html><html lang='{language}'><head>{title}{head}</head><body>{body}</body></html>".encode()


def json_ld(published: str) -> str:
    said = {"@type": "NewsArticle", "headline": "Bridge to close for the winter", "datePublished": published}
    return f"<script type='application/ld+json'>{json.dumps(said)}</script>"


def published(content: bytes, address: str | None = None) -> Statement:
    found = read(content, Context(address=address)).first(Property.PUBLISHED)
    assert found is not None
    return found


def place(found: Statement) -> str | None:
    return found.evidence.place if found.evidence else None


@pytest.mark.parametrize(
    ("shown", "language", "value"),
    [
        ("<p>By Ann Example | November 2, 2023</p>", "en", "2023-11-02"),
        ("<div>Published: 2 Nov 2023</div>", "en", "2023-11-02"),
        ("<small>posted on <time><b>2023-11-02</b></time></small>", "en", "2023-11-02"),
        ("<p class='datum'>2. November 2023</p>", "de", "2023-11-02"),
        ("<span>Publié le 2 novembre 2023</span>", "fr", "2023-11-02"),
        ("<span>2 de noviembre de 2023</span>", "es", "2023-11-02"),
        ("<span>02.11.2023</span>", "de", "2023-11-02"),
        ("<span>2023年11月2日</span>", "ja", "2023-11-02"),
        ("<div>Published November 2, 2023 10:15 PM</div>", "en", "2023-11-02T22:15"),
    ],
)
def test_the_line_by_the_headline_is_claimed_where_the_markup_says_nothing(
    shown: str, language: str, value: str
) -> None:
    found = published(page(shown, language=language))
    assert (found.value, found.basis, place(found)) == (value, Basis.CLAIMED, "date line")


@pytest.mark.parametrize(
    "other",
    [
        "<p>Updated November 9, 2023</p>",
        "<p>Ann Example at the bridge on November 9, 2023.</p>",
        "<aside><p>November 9, 2023</p></aside>",
        "<div class='related-stories'><p>November 9, 2023</p></div>",
    ],
)
def test_a_change_a_caption_and_other_stories_are_no_date_line(other: str) -> None:
    assert published(page(f"{other}<p>November 2, 2023</p>")).value == "2023-11-02"


def test_the_day_in_the_masthead_is_when_the_page_was_looked_at() -> None:
    above = "<div>Sunday, November 12, 2023</div>"
    assert published(page("<p>November 2, 2023</p>", above=above)).value == "2023-11-02"


def test_the_day_in_the_address_is_claimed_where_the_page_shows_none() -> None:
    found = published(page(), "https://example.org/2023/11/02/bridge")
    assert (found.value, found.basis, place(found)) == ("2023-11-02", Basis.CLAIMED, "address")


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://example.org/2023/11/02/bridge", "2023-11-02"),
        ("https://example.org/world/2023/nov/2/bridge", "2023-11-02"),
        ("https://example.org/bridge-20231102.html", "2023-11-02"),
        ("https://example.org/2023/13/02/bridge", None),
        ("https://example.org/article/12023110245", None),
        ("https://example.org/2023/11/bridge", None),
    ],
)
def test_a_day_in_an_address(address: str, day: str | None) -> None:
    found = in_address(address)
    assert (str(found) if found else None) == day


def test_a_page_that_marks_up_its_date_is_not_asked_again() -> None:
    found = published(page("<p>November 9, 2023</p>", json_ld("2023-11-02T10:15:00-04:00")))
    assert (found.value, place(found)) == ("2023-11-02T10:15:00-04:00", "JSON-LD NewsArticle datePublished")


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("<p>November 2, 2023 10:15 PM</p>", "2023-11-02T22:15"),
        ("<p>November 2, 2023</p>", "2023-11-02"),
        ("<time datetime='2023-11-02T22:15:00-04:00'>late</time>", "2023-11-02T22:15:00-04:00"),
    ],
)
def test_the_day_is_that_of_the_pages_own_clock(shown: str, value: str) -> None:
    content = page(shown, json_ld("2023-11-03T02:15:00Z"))
    assert published(content).value == value
    said = [one.value for one in read(content).statements if one.about is Property.PUBLISHED]
    assert "2023-11-03T02:15:00Z" in said


@pytest.mark.parametrize(
    "shown",
    [
        "<p>November 3, 2023</p>",
        "<p>November 2, 2023 10:42 PM</p>",
        "<p>November 9, 2023</p>",
        "<p>Updated November 2, 2023 10:15 PM</p>",
    ],
)
def test_an_instant_stays_where_the_page_shows_no_other_day_of_it(shown: str) -> None:
    assert published(page(shown, json_ld("2023-11-03T02:15:00Z"))).value == "2023-11-03T02:15:00Z"


def test_a_number_that_the_language_settles_is_read_and_any_other_is_ambiguous() -> None:
    head = "<meta name='date' content='04/07/2023'>"
    assert published(page(head=head, language="de")).value == "2023-07-04"
    assert published(page(head=head, language="en-us")).value == "2023-04-07"
    assert published(page(head=head, language="en")).value == "2023"


def test_an_ambiguous_line_is_shown_as_such_and_not_guessed() -> None:
    reading = read(page("<p>04/07/2023</p>"))
    first, note = reading.first(Property.PUBLISHED), reading.first(Property.NOTE)
    assert first is not None
    assert note is not None
    assert (first.value, note.value.endswith("2023-07-04 or 2023-04-07")) == ("2023", True)


def test_a_line_in_another_language_than_the_declared_is_inferred() -> None:
    german = "<p>Die alte Brücke über den Fluss wird den ganzen Winter über gesperrt, teilte der Rat mit.</p>"
    found = published(page(f"<p>4. Juli 2023</p>{german}").replace(TEXT.encode(), german.encode() * 4))
    assert (found.value, found.basis) == ("2023-07-04", Basis.INFERRED)


def test_a_wrapper_that_is_named_after_its_columns_is_no_side_column() -> None:
    found = published(page("<div class='content-sidebar-wrap'><p>November 2, 2023</p></div>"))
    assert place(found) == "date line"


def test_a_date_that_tells_the_day_comes_before_an_ambiguous_one() -> None:
    reading: Reading = read(page("<p>4 July 2023</p>", "<meta name='date' content='04/07/2023'>"))
    first = reading.first(Property.PUBLISHED)
    assert first is not None
    assert first.value == "2023-07-04"
    note = reading.first(Property.NOTE)
    assert note is not None
    assert "ambiguous" in note.value


def test_a_year_that_stands_alone_is_no_first_of_january() -> None:
    found = published(page("<footer>Copyright 2019 The Example</footer>"))
    assert found.moment is not None
    assert (found.value, found.moment.precision, found.basis) == ("2019", Precision.YEAR, Basis.INFERRED)


def test_a_date_in_broken_json_is_found() -> None:
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2023-11-02", }</script>'
    assert published(page(head=broken)).value == "2023-11-02"
