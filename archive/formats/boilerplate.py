"""What stands between the paragraphs of an article and is none of it: links, calls to subscribe, its title.

Nothing here knows a site: it goes by what a paragraph is made of, and by the article's text as the page
itself gives it to search engines, where it does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import ParagraphKind
from archive.text.canonical import canonical_paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GIVEN_SIZE = 500
"""Shortest text given to search engines, in characters, that can be the article's whole text."""
AGREEMENT = 0.8
"""Share of word 4-grams that two texts of one article have in common, at least."""

GIVEN_SHARE = 0.6
"""Share of what was found that a given text must cover to be taken as the whole."""
FOOT = 4
"""How many of the last paragraphs can be lines that say where to write to the author."""
HEADING_SIZE = 40
"""Longest paragraph, in characters, that may be a heading."""

_CALLS = re.compile(
    r"^\W*(?:"
    r"advertis(?:e|ing)ment|ad|sponsored(?: content)?|click here\b.{0,80}|"
    r"read (?:more|next|also|the full)\b.{0,160}|"
    r"sign ?up\b.{0,120}|subscribe\b.{0,120}|(?:share|follow) (?:this|us|on)\b.{0,80}|"
    r"(?:you (?:might|may) (?:also )?like|more from)\b.{0,160}|"
    r"(?:related|recommended|trending|most read)(?: (?:stories|articles|content|reading|videos?|topics|news|posts"
    r"|links|coverage|for you|now))?(?:: .{0,160})?|"
    r"(?:also|more|see also|watch|listen|next|up next|related (?:stories|articles|content)): .{0,160}|"
    r"(?:story|article) continues (?:below|after).{0,40}|thank you for (?:signing up|subscribing)\b.{0,200}|"
    r"get (?:the|all the|our) (?:latest|best|daily)\b.{0,200}|(?:copyright|\u00a9|\(c\)) .{0,160}|"
    r"all rights reserved.{0,80}|loading\.{3}|show (?:more|less|comments).{0,20}|"
    r"(?:leave a|view) comments?.{0,40}|skip (?:to|ad).{0,40}|"
    r"for more\b.{0,120}\b(?:sign up|subscribe|visit|click|newsletter|https?:).{0,80}|"
    r"(?:want|looking for) (?:to|more)\b.{0,100}\b(?:sign up|subscribe|newsletter|follow).{0,80}|"
    r"(?:this (?:article|story|piece) (?:was|is) (?:featured|part).{0,80}\bnewsletter\b.{0,80})|"
    r"read the original (?:article|story|version)\b.{0,80}|discuss (?:this )?in (?:the|our) forum.{0,40}|"
    r"\(?(?:image|photo|picture|gallery|video)s? ?(?:credits?|by|courtesy(?: of)?)?: .{0,80}|"
    r"lesen sie (?:auch|mehr).{0,160}|anzeige|publicit[e\u00e9]|lire (?:aussi|plus).{0,160}|"
    r"lea (?:tambi[e\u00e9]n|m[a\u00e1]s).{0,160}|publicidad|leggi anche.{0,160}|"
    r"leia (?:tamb[e\u00e9]m|mais).{0,160}|lees ook.{0,160}"
    r")\W*$",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r".{0,160}\b(?:reached|reach|contact|e-?mail|write|follow|kontakt|contactez|escr[i\u00ed]b\w*)\b"
    r".{0,100}(?:\S@\S+\.\w|\s@\w).{0,160}",
    re.IGNORECASE,
)
_IS = "is|was|writes|covers|has|joined|works|reports|lives|ist|schreibt|est|es"
_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paragraph that may be one of the article: its kind and words, and whether it is only a link."""

    kind: ParagraphKind
    text: str
    is_link: bool = False


def kept(
    candidates: Sequence[Candidate], titles: Iterable[str], given: str | None, authors: Iterable[str] = ()
) -> list[Candidate]:
    """The paragraphs of the article; `given` is its text as the page gives it to search engines."""
    shown = [candidate for candidate in candidates if not _is_foreign(candidate)]
    shown = _footless(_untitled(shown, titles), authors)
    if given is None or len(given) < GIVEN_SIZE:
        return shown
    known = _shingles(given)
    agrees = [_share(_shingles(candidate.text), known) >= 0.5 for candidate in shown]
    agreed = [candidate for candidate, agree in zip(shown, agrees, strict=True) if agree]
    if not _is_whole(known, agreed, shown):
        return shown
    first, last = agrees.index(True), len(agrees) - 1 - agrees[::-1].index(True)
    return [
        candidate
        for at, candidate in enumerate(shown)
        if agrees[at] or (first < at < last and _is_heading(candidate))
    ]


def _is_whole(
    given: frozenset[tuple[str, ...]], agreed: Sequence[Candidate], shown: Sequence[Candidate]
) -> bool:
    """Whether the given text is the whole article: we have it nearly all, and it has most of what we have.

    Where a page gives only the beginning, that is no measure of the rest.
    """
    found: frozenset[tuple[str, ...]] = frozenset()
    found = found.union(*(_shingles(candidate.text) for candidate in agreed))
    size, of = (sum(len(candidate.text) for candidate in some) for some in (agreed, shown))
    return _share(given, found) >= AGREEMENT and size >= GIVEN_SHARE * of > 0


def _is_heading(candidate: Candidate) -> bool:
    """Whether it may be a heading or an entry of a list: these are often not in the text that is given."""
    return candidate.kind is ParagraphKind.CROSSHEAD or len(candidate.text) < HEADING_SIZE


def _is_foreign(candidate: Candidate) -> bool:
    words = candidate.text
    return bool(_CALLS.match(words)) or (candidate.is_link and candidate.kind is not ParagraphKind.CROSSHEAD)


def _untitled(candidates: list[Candidate], titles: Iterable[str]) -> list[Candidate]:
    """Without the article's title at its top: it is a claim of the page, not a part of the text."""
    known = {_bare(title) for title in titles} - {""}
    top = [candidate for candidate in candidates[:4] if _bare(candidate.text) not in known]
    return [*top, *candidates[4:]]


def _footless(candidates: list[Candidate], authors: Iterable[str]) -> list[Candidate]:
    """Without the lines at the foot that say where to write to the author or who that is, and the last headings."""
    names = "|".join(re.escape(name) for name in authors if " " in name)
    about = re.compile(rf"(?:{names})(?: \([^)]*\)|,[^,]{{0,80}},)? (?:{_IS})\b" if names else r"(?!)")
    foot = [
        candidate
        for candidate in candidates[-FOOT:]
        if not _CONTACT.fullmatch(candidate.text) and not about.match(candidate.text)
    ]
    while foot and foot[-1].kind is ParagraphKind.CROSSHEAD:
        foot.pop()
    return [*candidates[:-FOOT], *foot]


def _bare(text: str) -> str:
    return "".join(_WORDS.findall(canonical_paragraph(text).lower()))


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORDS.findall(text)
    size = min(4, len(words))
    return (
        frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
        if words
        else frozenset()
    )


def _share(part: frozenset[tuple[str, ...]], of: frozenset[tuple[str, ...]]) -> float:
    return len(part & of) / len(part) if part else 0.0
