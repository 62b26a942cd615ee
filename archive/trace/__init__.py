"""Following a claim: every occurrence held, how close each is, whom it is attributed to, where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from archive.digest import digest_prefix
from archive.errors import UsageError
from archive.indexing import ask
from archive.label import BadLabel, Label
from archive.model import ParagraphKind
from archive.text.rarity import Rarity
from archive.text.words import FUNCTION_WORDS, words
from archive.trace.occurrence import occurrences_in, with_sources
from archive.trace.origins import trail_of, when
from index.model import Request
from index.tree import TEXT, Most, Word

if TYPE_CHECKING:
    from archive.archive import Archive
    from archive.lineage.trail import Trail
    from archive.model import Passage
    from archive.record import Holding
    from archive.trace.occurrence import Occurrence

CANDIDATES = 200
"""How many versions the index proposes; each is then compared passage by passage."""

QUERY_WORDS = 20
"""How many of the words of the claim the index is asked for, the rarest first."""


class NothingToTrace(UsageError):
    """What was to be traced holds no words that could be found again."""


@dataclass(frozen=True, slots=True)
class Traced:
    """The answer: what was asked, its occurrences in order of date, and the trail they make."""

    claim: str
    asked_from: Label | None
    occurrences: tuple[Occurrence, ...]
    trail: Trail


def trace(archive: Archive, asked: str, limit: int = 50) -> Traced:
    """Follow a claim given in words, or by the label of a passage, version or item.

    Raises `NothingToTrace`, and what finding a label or asking the index raises.
    """
    claim, asked_from = _claim(archive, asked)
    request = Request(query=_query(claim), limit=CANDIDATES)
    keys = [UUID(hit.key) for hit in ask(archive, request).hits]
    with archive.catalog.read() as reader:
        candidates = reader.holdings(reader.versions(keys))
        found = sorted(occurrences_in(claim, candidates), key=lambda each: -each[2].score)[:limit]
        occurrences = with_sources(reader, archive.authority, found)
    ordered = tuple(sorted(occurrences, key=when))
    return Traced(claim, asked_from, ordered, trail_of(ordered, archive.authority))


def _claim(archive: Archive, asked: str) -> tuple[str, Label | None]:
    """The words to trace: those given, or the passage that a label names."""
    try:
        label = None if digest_prefix(asked) else Label.parse(asked)
    except BadLabel:
        return asked, None
    with archive.catalog.read() as reader:
        held = reader.holdings(reader.find(asked))[-1]
    passage = _named_passage(held, label.passage if label else None)
    return passage.span.of(held.text), held.version.label.at_passage(passage.number)


def _named_passage(held: Holding, number: int | None) -> Passage:
    """The passage with that number; without one, the first sentence that is not a heading."""
    for passage in held.passages:
        if number in (passage.number, None) and (number or passage.kind is ParagraphKind.TEXT):
            return passage
    what = f"has no passage {number}" if number else "holds no sentence to trace"
    raise NothingToTrace(f"{held.version.label} {what}")


def _query(claim: str) -> Most:
    telling = [word.folded for word in words(claim) if word.folded not in FUNCTION_WORDS]
    chosen = sorted(dict.fromkeys(telling), key=lambda word: -Rarity().of(word))[:QUERY_WORDS]
    if not chosen:
        raise NothingToTrace("there is no word in it that could be found again")
    return Most(tuple(Word(TEXT, word) for word in chosen), max(1, len(chosen) // 3))
