"""The canonical text keeps what is said and drops what a copy changes without saying anything else."""

# ruff: noqa: RUF001  (characters that look alike are what this is about)
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.digest import Digest
from archive.text.canonical import RULE, UNICODE_VERSION, canonical, canonical_paragraph

ANY_TEXT = st.text(st.characters(codec=None), max_size=40)
TRICKY = st.text(
    st.sampled_from(
        "aé e\u0301\u0338\u200b\u200c\u200d\u00ad\ufeff\u202e“”‘’«»–—…•ﬁﬀＡ１＇－کی\u0654\u0915\u094d\u093c"
        "\u0344\u037e\u2000\u3000\u212b\U0001f469\ufe0f\U0001f680<=>\r\n\t\x00\x1f\x85\ud800"
    ),
    max_size=30,
)


@given(st.lists(ANY_TEXT | TRICKY, max_size=6))
def test_it_is_idempotent(paragraphs: list[str]) -> None:
    once = canonical(paragraphs)
    again = canonical(once.text.split("\n"))
    assert again == once


@given(st.lists(ANY_TEXT | TRICKY, max_size=6))
def test_spans_are_the_paragraphs(paragraphs: list[str]) -> None:
    made = canonical(paragraphs)
    assert [span.of(made.text) for span in made.paragraphs] == [
        line for line in map(canonical_paragraph, paragraphs) if line
    ]
    assert "\n".join(span.of(made.text) for span in made.paragraphs) == made.text
    assert made.paragraph_digests() == tuple(
        Digest.of_text(line) for line in made.text.split("\n") if made.text
    )


@given(ANY_TEXT | TRICKY)
def test_it_is_nfc_on_one_line_and_can_be_encoded(text: str) -> None:
    line = canonical_paragraph(text)
    assert unicodedata.is_normalized("NFC", line)
    assert line == " ".join(line.split())
    line.encode()


@given(st.text(st.characters(whitelist_categories=("Lu", "Ll", "Nd"), max_codepoint=0x24F), max_size=30))
def test_letters_case_digits_and_accents_stay(text: str) -> None:
    assert canonical_paragraph(text) == unicodedata.normalize("NFC", text)


@given(st.text("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~abcXYZ019", max_size=30))
def test_ascii_punctuation_stays(text: str) -> None:
    assert canonical_paragraph(text) == text


def test_numbers_are_never_alike() -> None:
    assert canonical(["12 dead"]).digest != canonical(["20 dead"]).digest
    assert canonical(["2²"]).digest != canonical(["22"]).digest
    assert canonical(["Polish"]).digest != canonical(["polish"]).digest
    assert canonical(["résumé"]).digest != canonical(["resume"]).digest


@given(
    st.integers(0, 10**12), st.integers(0, 10**12), st.sampled_from(["{} dead", "{}", "No. {}:", "\u0661{}"])
)
def test_two_numbers_never_have_one_digest(one: int, other: int, shape: str) -> None:
    digests = {canonical([shape.format(number)]).digest for number in (one, other)}
    assert len(digests) == len({one, other})


@given(st.characters(categories=("Nd", "No", "Nl", "Lu", "Ll", "Sm", "Sc")))
def test_it_is_not_nfkc(character: str) -> None:
    """What NFKC would make of a character and it is not NFC, a ligature or full width stays as it is.

    The minus sign is folded as a dash is, and two operators as the bullets that they serve for.
    """
    point = ord(character)
    if 0xFB00 <= point <= 0xFB06 or 0xFF01 <= point <= 0xFF5E:
        return
    folded = {0x2212: "-", 0x2219: "\u2022", 0x2981: "\u2022"}
    composed = unicodedata.normalize("NFC", f"a{character}z")
    assert canonical_paragraph(f"a{character}z") == composed.translate(folded)


SCRIPTS = {
    "Arabic": (0x0627, 0x064A),
    "Devanagari": (0x0915, 0x0939),
    "Khmer": (0x1780, 0x17A2),
    "Sinhala": (0x0D9A, 0x0DC6),
}


@given(
    st.sampled_from(list(SCRIPTS.values())).flatmap(
        lambda bounds: st.lists(st.characters(min_codepoint=bounds[0], max_codepoint=bounds[1]), min_size=2)
    ),
    st.sampled_from("\u200c\u200d"),
)
def test_a_joiner_between_letters_of_a_script_that_joins_is_kept(letters: list[str], joiner: str) -> None:
    words = unicodedata.normalize("NFC", joiner.join(letters))
    assert canonical_paragraph(words).count(joiner) == words.count(joiner)


@given(
    st.text("abcäöü абв αβγ", min_size=2), st.sampled_from("\u200b\u200c\u200d\u00ad\ufeff\u2066"), st.data()
)
def test_what_is_invisible_in_other_scripts_makes_no_other_text(
    text: str, mark: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(text)))
    assert canonical_paragraph(text[:at] + mark + text[at:]) == canonical_paragraph(text)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("e\u0301te\u0301", "été"),
        ("“It’s over” – „ja‟ «non»", '"It\'s over" - "ja" "non"'),
        ("wait… • one ● two", "wait... • one • two"),
        ("ﬁnal oﬃce", "final office"),
        ("ＡＢＣ１２", "ABC12"),
        ("A\u200bB\u00adC\ufeffD\u202eE\u2066F", "ABCDEF"),
        (" a\r\n\tb\u00a0\u2009c ", "a b c"),
        ("a\x00b\x1bc", "abc"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("Ｅ\u0301", "É"),
        ("e\u200b\u0301", "é"),
    ],
)
def test_what_is_folded(written: str, expected: str) -> None:
    assert canonical_paragraph(written) == expected


@pytest.mark.parametrize(
    "kept",
    [
        "می\u200cخواهم",
        "ക്\u200d",
        "क्\u200cष",
        "\U0001f469\u200d\U0001f680",
        "\U0001f3f3\ufe0f\u200d\U0001f308",
    ],
)
def test_joiners_stay_where_a_script_needs_them(kept: str) -> None:
    assert canonical_paragraph(kept) == kept


def test_joiners_go_where_they_are_noise() -> None:
    assert canonical_paragraph("pa\u200css\u200d\u200cword \u200dnow") == "password now"


def test_paragraphs_are_joined_by_one_line_feed() -> None:
    made = canonical(["One.", " \u200b ", "Two\r\nlines."])
    assert made.text == "One.\nTwo lines."
    assert (made.rule, made.unicode_version) == (RULE, UNICODE_VERSION) == ("canon-text/1", UNICODE_VERSION)
    assert canonical([]).text == ""
