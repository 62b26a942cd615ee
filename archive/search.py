"""Searching every version held: hits from the index, words and spans from the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from archive.errors import UsageError
from archive.indexing import Lag, ask, lag
from archive.model import Property, Span
from archive.text.dates import after, date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.archive import Archive
    from archive.record import Holding
    from index.model import Count, Request, Results, Suggestion


FACETS = ("outlet", "source", "language", "section", "year", "basis")


class NothingAsked(UsageError):
    """A search was asked for without words or conditions."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of a canonical text and the matches in it, both as spans of the whole text, in characters."""

    span: Span
    matches: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A version that was found, with where the words stand; `others` are further versions of its group."""

    holding: Holding
    score: float
    snippets: tuple[Snippet, ...]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found and how complete the answer is; `total` counts versions."""

    found: tuple[Found, ...]
    total: int
    groups: int
    lag: Lag
    incomplete: bool = False
    facets: dict[str, tuple[Count, ...]] = field(default_factory=dict)
    suggestions: tuple[Suggestion, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for, as the archivist put it; dates in ISO 8601, `like` an identifier of a version."""

    query: str = ""
    outlets: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    versions: str = "all"
    group: str = "item"
    sort: str = "relevance"
    facets: bool = False
    like: str | None = None
    limit: int = 20
    page: int = 1


def search(archive: Archive, asked: Question, snippets: int = 2) -> Answer:
    """Ask the index, building it first where it cannot be used.

    Raises `NothingAsked`, `BadSearch` for a query that cannot be understood, `BadDate`, and what finding a
    version by its identifier raises.
    """
    results = ask(archive, _request(archive, asked))
    with archive.catalog.read() as reader:
        by_key = {str(v.id): v for v in reader.versions([UUID(hit.key) for hit in results.hits])}
        shown = [hit for hit in results.hits if hit.key in by_key]
        held = reader.holdings([by_key[hit.key] for hit in shown])
    found = tuple(
        Found(
            holding,
            hit.score,
            _snippets(holding, results, snippets),
            tuple(other.label for other in hit.others),
        )
        for hit, holding in zip(shown, held, strict=True)
    )
    return Answer(
        found,
        results.total,
        results.groups,
        lag(archive),
        results.incomplete,
        results.facets,
        results.suggestions,
        results.notes,
    )


def _request(archive: Archive, asked: Question) -> Request:
    from index import Group, Order, Request, Versions

    narrowed = (
        asked.outlets,
        asked.sources,
        asked.languages,
        asked.bases,
        asked.since,
        asked.until,
        asked.like,
    )
    everything = asked.facets or asked.sort != "relevance"
    if not asked.query.strip() and not any(narrowed) and not everything:
        raise NothingAsked(
            "say what to search for: words, a condition such as --outlet NAME, or --sort date for all that is held"
        )
    like, unlike = _like(archive, asked.like) if asked.like else ("", ())
    return Request(
        query=asked.query,
        outlets=asked.outlets,
        sources=asked.sources,
        languages=asked.languages,
        bases=asked.bases,
        since=date(asked.since).at if asked.since else None,
        until=after(date(asked.until)) if asked.until else None,
        versions=Versions(asked.versions),
        group=Group(asked.group),
        order=Order(asked.sort),
        facets=FACETS if asked.facets else (),
        like=like,
        unlike=unlike,
        limit=asked.limit,
        page=asked.page,
        suggest=True,
    )


def _like(archive: Archive, reference: str) -> tuple[str, tuple[str, ...]]:
    """The text whose likes are wanted, and the versions of its item, which are left out."""
    with archive.catalog.read() as reader:
        found = reader.find(reference)
        text = reader.holdings(found[-1:])[0].text
        return text, tuple(str(version.id) for version in reader.siblings(found))


def _snippets(holding: Holding, results: Results, most: int) -> tuple[Snippet, ...]:
    from index.highlight import marks, snippets

    language = holding.first(Property.LANGUAGE)
    found = marks(holding.text, results.tree, language.value if language else "")
    return tuple(
        Snippet(Span(cut.start, cut.end), joined(holding.text, [Span(m.start, m.end) for m in cut.marks]))
        for cut in snippets(holding.text, found, most=most)
    )


def joined(text: str, matches: Iterable[Span]) -> tuple[Span, ...]:
    """The matches in order, those with nothing but white space between them made one."""
    whole: list[Span] = []
    for match in sorted(matches):
        if whole and not text[whole[-1].end : match.start].strip():
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, match.end))
        else:
            whole.append(match)
    return tuple(whole)
