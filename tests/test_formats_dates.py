"""Dates keep their wording, precision and zone; nothing is guessed between day and month."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.formats import Context, parts, read
from archive.formats.dates import read_date
from archive.model import Basis, Precision, Property
from archive.text.dates import iso_moment, mail_moment, moment, written

RETRIEVED = datetime(2023, 7, 5, 10, 30, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_what_is_written_in_iso_is_read_again(when: datetime) -> None:
    whole = when.replace(microsecond=0)
    minutes = (whole.utcoffset() or whole - whole).total_seconds() / 60
    if minutes != int(minutes) or not 1 < whole.year < 9999:
        return  # the standard writes offsets to the minute
    found = iso_moment(whole.isoformat())
    assert found is not None
    assert found.at == whole.astimezone(UTC)
    again = iso_moment(written(found))
    assert again is not None
    assert (again.at, again.precision) == (found.at, found.precision)


@given(st.text(max_size=60))
def test_any_words_are_a_moment_or_none(words: str) -> None:
    found = moment(words)
    assert found is None or found.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("words", "value", "precision"),
    [
        ("2023", "2023", Precision.YEAR),
        ("2023-07", "2023-07", Precision.MONTH),
        ("2023-07-04", "2023-07-04", Precision.DAY),
        ("20230704", "2023-07-04", Precision.DAY),
        ("2023-07-04T23:30", "2023-07-04T23:30", Precision.MINUTE),
        ("2023-07-04 23:30:15", "2023-07-04T23:30:15", Precision.SECOND),
        ("2023-07-04T23:30:15.123Z", "2023-07-04T23:30:15Z", Precision.SECOND),
        ("2023-07-04T23:30:15+0530", "2023-07-04T23:30:15+05:30", Precision.SECOND),
        ("Tue, 4 Jul 2023 23:30:00 -0500", "2023-07-04T23:30:00-05:00", Precision.SECOND),
        ("4 Jul 2023 23:30:00 -0000", "2023-07-04T23:30:00", Precision.SECOND),
    ],
)
def test_a_date_keeps_its_precision_and_its_zone(words: str, value: str, precision: Precision) -> None:
    found = moment(words)
    assert found is not None
    assert (written(found), found.precision, found.original) == (value, precision, words)


@pytest.mark.parametrize(
    "words", ["2023-13-01", "2023-02-30", "040723", "July", "12 dead", "", "2023-07-04T25:00"]
)
def test_what_is_no_date_is_none(words: str) -> None:
    assert iso_moment(words) is None
    assert mail_moment(words) is None


@pytest.mark.parametrize(
    ("words", "language", "value"),
    [
        ("July 4, 2023", "en", "2023-07-04"),
        ("4. Juli 2023", "de", "2023-07-04"),
        ("4 juillet 2023", "fr", "2023-07-04"),
        ("25/12/2023", "en", "2023-12-25"),
        ("12/25/2023", "en", "2023-12-25"),
        ("04/07/2023", "de", "2023-07-04"),
        ("04/07/2023", "en-US", "2023-04-07"),
        ("04.07.2023", None, "2023-07-04"),
        ("July 2023", "en", "2023-07"),
    ],
)
def test_a_written_date_is_read_in_its_language(words: str, language: str | None, value: str) -> None:
    found = read_date(words, Context(language=language))
    assert found is not None
    assert found.moment is not None
    assert written(found.moment) == value
    assert not found.is_relative


@pytest.mark.parametrize("language", [None, "en"])
def test_day_and_month_are_never_guessed(language: str | None) -> None:
    found = read_date("04/07/2023", Context(language=language))
    assert found is not None
    assert found.moment is not None
    assert (found.moment.precision, written(found.moment)) == (Precision.YEAR, "2023")
    assert found.open == "2023-07-04 or 2023-04-07"


def test_a_relative_date_needs_the_time_of_retrieval() -> None:
    without = read_date("2 hours ago", Context(language="en"))
    assert without is not None
    assert without.moment is None
    assert "not known" in (without.open or "")
    found = read_date("2 hours ago", Context(language="en", retrieved=RETRIEVED))
    assert found is not None
    assert found.moment is not None
    assert found.is_relative
    assert found.moment.at == datetime(2023, 7, 5, 8, 30, tzinfo=UTC)


def test_a_row_with_an_ambiguous_date_says_so() -> None:
    (part,) = parts(b'{"text": "The bridge is closed.", "published": "04/07/2023"}')
    published = part.reading.first(Property.PUBLISHED)
    assert published is not None
    assert (published.value, published.basis) == ("2023", Basis.CLAIMED)
    assert published.evidence is not None
    assert published.evidence.quote == "04/07/2023"
    note = part.reading.first(Property.NOTE)
    assert note is not None
    assert "2023-07-04 or 2023-04-07" in note.value


def test_a_relative_date_of_a_row_is_inferred() -> None:
    row = b'{"text": "The bridge is closed.", "published": "yesterday"}'
    (part,) = parts(row, Context(language="en", retrieved=RETRIEVED))
    published = part.reading.first(Property.PUBLISHED)
    assert published is not None
    assert published.value.startswith("2023-07-04")
    assert published.basis is Basis.INFERRED


def test_a_line_that_is_a_date_is_when_a_text_says_it_was_published() -> None:
    text = b"Bridge to close\n\nBy Ann Example\n\nJuly 4, 2023\n\nThe old bridge is to be closed.\n\nEnd."
    published = read(text).first(Property.PUBLISHED)
    assert published is not None
    assert (published.value, published.basis) == ("2023-07-04", Basis.CLAIMED)
    assert published.evidence is not None
    assert published.evidence.span is not None


def test_a_sentence_with_a_date_is_not_taken_for_one() -> None:
    text = b"Bridge to close\n\nThe old bridge is to be closed on 5 July 2023.\n\nNobody knows why."
    assert read(text).first(Property.PUBLISHED) is None
