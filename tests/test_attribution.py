"""Attributions: source, cue and content as spans, and what kind they are."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.attribution.extract import extract, method_for
from archive.model import (
    Attribution,
    AttributionKind,
    ClaimedSource,
    Paragraph,
    ParagraphKind,
    SourceKind,
    Span,
)
from archive.text.passages import passages

SEED = Path(__file__).parent.parent / "seeds" / "000_4b77468e57cc8906.txt"
KIND = AttributionKind


def found_in(text: str, language: str = "en") -> tuple[Attribution, ...]:
    return extract(text, passages(text, (), language), (), language)


def words(text: str, spans: tuple[Span, ...]) -> str:
    return " / ".join(span.of(text) for span in spans)


def read(text: str, language: str = "en") -> list[tuple[str, str, str]]:
    """Source, cue and content of every attribution, in words."""
    return [
        (words(text, a.source), words(text, a.cue), words(text, a.content)) for a in found_in(text, language)
    ]


def test_the_seed_names_its_source_five_times() -> None:
    text = SEED.read_text(encoding="utf-8")
    cited = [a for a in found_in(text) if a.resolved.outlet == "greek-city-times"]
    cues = [(words(text, a.cue), words(text, a.source)) for a in cited]
    assert cues == [
        ("According to", "the Greek City Times"),
        ("According to", "the report"),
        ("reported", "The Greek City Times"),
        ("According to", "the Greek City Times report"),
        ("According to", "the Greek City Times report"),
    ]
    assert all(
        a.resolved == ClaimedSource(SourceKind.OUTLET, "Greek City Times", "greek-city-times") for a in cited
    )


def test_the_seeds_dateline_is_no_source_and_its_open_quotation_ends() -> None:
    text = SEED.read_text(encoding="utf-8")
    found = found_in(text)
    assert not any(a.resolved.name == "Beijing" or words(text, a.source) == "Beijing" for a in found)
    unnamed = [a for a in found if words(text, a.source) == "news reports"]
    assert [a.resolved.kind for a in unnamed] == [SourceKind.ANONYMOUS]
    for a in found:
        for one in a.content:
            assert "\n" not in one.of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mayor said the bridge was closed.", ("The mayor", "said", "the bridge was closed")),
        ("The bridge was closed, the mayor said.", ("the mayor", "said", "The bridge was closed")),
        ("“It is closed,” said Mayor Ann Bell.", ("Mayor Ann Bell", "said", "“It is closed,”")),
        ("It is closed, according to the mayor.", ("the mayor", "according to", "It is closed")),
        ("According to the mayor, it is closed.", ("the mayor", "According to", "it is closed")),
        ("As the Guardian reported, it is closed.", ("the Guardian", "reported", "it is closed")),
        ("“Why?” Mr. Bell asked.", ("Mr. Bell", "asked", "“Why?”")),
        ("The bridge is safe, Bell said, and open.", ("Bell", "said", "The bridge is safe / and open")),
        (
            "Ann Bell, a mayor from Flint, Mich., who was elected in May, said it was closed.",
            ("Ann Bell, a mayor from Flint, Mich., who was elected in May", "said", "it was closed"),
        ),
        ("Bell said on Monday in Paris that it was closed.", ("Bell", "said", "that it was closed")),
        ("The plan was rejected by the mayor.", ("the mayor", "was rejected by", "The plan")),
        ("Pence: We will win this", ("Pence", ":", "We will win this")),
        ("She has repeatedly criticized the plan.", ("She", "has repeatedly criticized", "the plan")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_where_source_cue_and_content_stand(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "Beijing: The party has lost many members.",
        "Exclusive: The party has lost many members.",
        "He visited the United States and read the report.",
        "The claims were many and the plans were old.",
        "That said, the bridge is closed.",
        "The court rules on delegate rules were old.",
    ],
)
def test_what_is_no_attribution(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“It is closed,” Bell said.", KIND.DIRECT),
        ("Bell said it was “quite surely closed” to all.", KIND.MIXED),
        ("Bell said it was closed.", KIND.INDIRECT),
        ("The report said it was closed.", KIND.DOCUMENT),
        ("LONDON (Reuters) - It was closed.", KIND.CREDIT),
    ],
)
def test_kinds(text: str, kind: AttributionKind) -> None:
    assert [a.kind for a in found_in(text)] == [kind]


def test_a_participle_has_the_source_of_its_sentence() -> None:
    text = "Bell said it was closed, adding that it was old and telling drivers that they should wait."
    assert read(text) == [
        ("Bell", "said", "it was closed"),
        ("Bell", "adding", "that it was old"),
        ("Bell", "telling", "that they should wait"),
    ]


def test_what_an_outlet_was_told_is_its_word_for_it() -> None:
    text = "“It is closed,” Bell told Reuters."
    hearsay, direct = found_in(text)
    assert (hearsay.kind, hearsay.resolved.outlet) == (KIND.HEARSAY, "reuters")
    assert (words(text, direct.source), direct.within) == ("Bell", 0)


def test_a_source_that_names_its_source() -> None:
    text = "Bloomberg reported Tuesday, citing people familiar with the matter, that the bank would close."
    outer, inner = found_in(text)
    assert (outer.resolved.outlet, words(text, outer.content)) == ("bloomberg", "that the bank would close")
    assert (inner.kind, inner.within, inner.resolved.kind) == (KIND.HEARSAY, 0, SourceKind.ANONYMOUS)
    assert inner.resolved.name == "people familiar with the matter"


def test_somebody_quoted_by_an_outlet() -> None:
    text = "The Guardian quoted John Smith as saying that the plan was dead."
    outer, inner = found_in(text)
    assert (outer.resolved.outlet, inner.resolved.name, inner.within) == ("guardian", "John Smith", 0)
    assert words(text, inner.content) == "that the plan was dead"


def test_what_is_said_inside_what_is_said_is_kept() -> None:
    text = "Smith said that the ministry had said that the plan was dead."
    outer, inner = found_in(text)
    assert inner.within == 0
    assert outer.content[0].covers(inner.content[0])


def test_a_headline_is_read_as_one() -> None:
    text = "Clinton Says Trump Lied"
    paragraphs = [Paragraph(Span(0, len(text)), ParagraphKind.HEADLINE)]
    (found,) = extract(text, passages(text, paragraphs, "en"), paragraphs, "en")
    assert (words(text, found.source), words(text, found.content)) == ("Clinton", "Trump Lied")


def test_a_language_without_lexicon_has_none_and_says_so() -> None:
    assert found_in("Le maire a dit que le pont était fermé.", "fr") == ()
    assert str(method_for("fr")) != str(method_for("en"))


WORDS = (
    'the The report said told Reuters Smith he who that , . “ ” " according to citing officials Bell (AP) — : '
    "adding was quoted as saying and but 's ? by asked in Monday with Mr. '' May will"
)
WORD = st.sampled_from([*WORDS.split(), "\n"])


@settings(max_examples=300)
@given(st.lists(WORD, max_size=40).map(" ".join))
def test_spans_lie_in_the_text_and_chains_have_no_circles(text: str) -> None:
    found = found_in(text)
    for at, one in enumerate(found):
        assert one.cue
        assert one.content
        for span in (*one.source, *one.cue, *one.content):
            assert 0 <= span.start < span.end <= len(text)
        assert all(a.end <= b.start for a, b in pairwise(one.content))
        seen = {at}
        outer = one.within
        while outer is not None:
            assert outer not in seen
            seen.add(outer)
            outer = found[outer].within
