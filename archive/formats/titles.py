"""Which of a page's titles is its headline: what it shows above the text, where it also claims it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from archive.text.canonical import canonical_paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADING_SIZE = 300
"""Longest heading, in characters."""
LIKENESS = 0.5
"""Share of words that a heading must have in common with a title the page claims."""
KICKER_WORDS = 3
"""Most words of a section's label before a headline; a headline has more of them."""

_KICKER = re.compile(
    r"\W*(?:opinion|editorial|analysis|exclusive|commentary|column|letters?|news|reviews?|politics|sports?|business"
    r"|world|local|breaking|live|perspective|explainer|meinung|kommentar|analyse|opini[o\u00f3]n|opinione)\W*",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s+[|\u2013\u2014\u00b7\u2022\u00bb:-]{1,2}\s+|\s*\|\s*|\s[\u00ab\u2039<>]\s")
_WORDS = re.compile(r"\w+")


def cleaned(title: str) -> str:
    """The title with its character references read and its white space folded."""
    return " ".join(unescape(unescape(title)).split())


def without_outlet(title: str, outlets: Iterable[str]) -> str:
    """The title without the outlet's name before or behind it ("... | The Example")."""
    known = {_bare(outlet) for outlet in outlets if outlet} - {""}
    while True:
        cuts = list(_PARTED.finditer(title))
        if not cuts:
            return title
        first, last = cuts[0], cuts[-1]
        if _bare(title[last.end() :]) in known:
            title = title[: last.start()]
        elif _bare(title[: first.start()]) in known:
            title = title[first.end() :]
        else:
            return title


def heading_of(headings: Iterable[str], titles: list[str]) -> str | None:
    """The heading that is the page's title: the one most like what the page claims, None where none is."""
    best, most = None, LIKENESS
    for heading in headings:
        likeness = max((_likeness(heading, title) for title in titles), default=0.0)
        if likeness > most and 0 < len(heading) <= HEADING_SIZE:
            best, most = heading, likeness
    return best


def without_kicker(heading: str, titles: Iterable[str]) -> str:
    """The heading without the label of its section (`Opinion | ...`, `News ...`).

    A label is one of a few words beside a bar, or up to three words before one of the titles that the page claims.
    """
    while True:
        first, last = heading.partition("|"), heading.rpartition("|")
        if _KICKER.fullmatch(first[0]) and first[2].strip():
            heading = first[2].strip()
        elif _KICKER.fullmatch(last[2]) and last[0].strip():
            heading = last[0].strip()
        else:
            break
    plain = canonical_paragraph(heading).lower()
    for title in titles:
        ending = canonical_paragraph(title).lower()
        label = heading[: len(heading) - len(ending)]
        if ending.count(" ") >= KICKER_WORDS and plain.endswith(ending) and _is_label(label):
            return heading[len(label) :]
    return heading


def _is_label(words: str) -> bool:
    return 0 < len(words.split()) <= KICKER_WORDS and words.endswith((" ", "|")) and ":" not in words


def _likeness(one: str, other: str) -> float:
    """The share of common words in the shorter of the two, for headings of three words and more."""
    left, right = (set(_WORDS.findall(canonical_paragraph(text).lower())) for text in (one, other))
    if min(len(left), len(right)) < 3:
        return float(left == right)
    return len(left & right) / min(len(left), len(right))


def _bare(words: str) -> str:
    """A name for comparison: letters and digits only, without an article before or `.com` behind it."""
    words = re.sub(r"\.(?:com|org|net|co\.\w\w|[a-z]{2,3})$", "", words.strip().lower())
    return "".join(_WORDS.findall(re.sub(r"^the\s+", "", words)))
