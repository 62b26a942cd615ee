"""The authority file: one outlet under all its names, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.attribution.mentions import mentions
from archive.attribution.resolve import Authority, Entry, NoSuchOutlet, plain, shipped


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("the Greek City Times", "greek-city-times"),
        ("Greek City Times", "greek-city-times"),
        ("greekcitytimes.com", "greek-city-times"),
        ("www.greekcitytimes.com", "greek-city-times"),
        ("The New York Times\u2019", "new-york-times"),
        ("N.Y. Times", "new-york-times"),
        ("A.P.", "associated-press"),
        ("dpa", "deutsche-presse-agentur"),
        ("The Hill", "the-hill"),
        ("Hill", None),
        ("the hill", None),
        ("time", None),
        ("Vice President", None),
        ("Time Warner", None),
        ("Environmental Protection Agency", None),
        ("White House Press Secretary", None),
    ],
)
def test_names(name: str, key: str | None) -> None:
    assert shipped().resolve(name) == key


def test_domains_and_their_parts() -> None:
    assert shipped().by_domain("edition.cnn.com") == "cnn"
    assert shipped().by_domain("notcnn.com") is None
    assert shipped().by_domain("com") is None


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Ruritania Herald", True),
        ("The Daily Planet", True),
        ("Neue Ruritanische Zeitung", True),
        ("strelsau-news.com", True),
        ("Greek City Times", False),
        ("Vice President", False),
        ("Time Warner", False),
        ("Environmental Protection Agency", False),
        ("White House Press Secretary", False),
        ("Newport News", False),
        ("Pew Research Center", False),
        ("herald", False),
        ("", False),
    ],
)
def test_what_looks_like_an_outlet_is_proposed(name: str, proposed: bool) -> None:
    assert shipped().proposes(name) is proposed


def test_a_merge_leads_both_names_to_one_and_loses_none() -> None:
    entries = [Entry("a", "Alpha News"), Entry("b", "Beta News"), Entry("c", "Gamma News")]
    merged = Authority(entries, {"a": "b", "b": "c"})
    assert {merged.resolve(name) for name in ("Alpha News", "Beta News", "Gamma News")} == {"c"}
    assert merged.entry("a").name == "Gamma News"
    assert [entry.key for entry in merged] == ["a", "b", "c"]


def test_a_circle_of_merges_ends() -> None:
    circle = Authority([Entry("a", "Alpha News"), Entry("b", "Beta News")], {"a": "b", "b": "a"})
    assert circle.resolve("Alpha News") in ("a", "b")


def test_an_unknown_key_is_said_so() -> None:
    with pytest.raises(NoSuchOutlet, match="nowhere"):
        shipped().entry("nowhere")


def test_the_shipped_file_is_whole() -> None:
    entries = list(shipped())
    assert len({entry.key for entry in entries}) == len(entries) > 500
    assert all(entry.kind in ("outlet", "agency") and entry.languages for entry in entries)
    for entry in entries:
        assert shipped().resolve(entry.name) == entry.key, entry
        assert all(shipped().by_domain(host) == entry.key for host in entry.domains), entry


@given(st.text(max_size=30))
def test_plain_names_stay_as_they_are(name: str) -> None:
    assert shipped().resolve(name) is None or shipped().resolve(f"  {name} ") == shipped().resolve(name)
    assert isinstance(plain(name), str)


def test_mentions_in_running_text() -> None:
    text = (
        "Time Warner met Fox News and CNN at Times Square. The Strelsau Herald and the New York Post said so. "
        "Michael Bloomberg told Bloomberg News that the Post was wrong. People say The Hill reported it."
    )
    found = [(m.span.of(text), m.key) for m in mentions(text, "en", shipped())]
    assert found == [
        ("Fox News", "fox-news"),
        ("CNN", "cnn"),
        ("Strelsau Herald", None),
        ("New York Post", "new-york-post"),
        ("Bloomberg News", "bloomberg"),
        ("Post", "new-york-post"),
        ("Hill", "the-hill"),
    ]
