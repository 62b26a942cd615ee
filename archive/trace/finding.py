"""Finding what states a claim: candidates of the index, their nearest passages, the closest of them first."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archive.model import ClosenessKind, Property, Span
from archive.text.quotes import SHORT, stands
from archive.text.ranking import Candidate, Ranked, cleaned, ranked
from archive.text.similarity import THRESHOLD, Sentence, closeness, quotations
from archive.text.windows import measured, nearest, pieces, stems_in, telling, window
from archive.trace.asked import dated
from archive.trace.bare import by_number, is_bare
from archive.trace.candidates import Vocabulary, candidates
from archive.trace.embedding import load, reordered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from archive.archive import Archive
    from archive.label import Label
    from archive.model import Passage
    from archive.record import Sketch
    from archive.text.rarity import Rarity
    from archive.text.similarity import Closeness
    from archive.trace.asked import Claim, Scope
    from archive.trace.embedding import Embedder

COMPARED = 2
"""How many of the passages of a version are compared with the claim: those that have most of its words."""

REMEMBERED = 2_000
"""How many versions are kept at hand while a list of claims is followed."""

SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Match:
    """A version and the passage of it that comes closest to a claim: how close, and how it was ranked.

    `closeness.kind` is None where the passage is not close enough to be called an occurrence. `passage` is None
    where nothing but the headline could be compared: the version has no text. `also` are other passages of the
    same version that state the claim.
    """

    sketch: Sketch
    passage: Passage | None
    closeness: Closeness
    ranked: Ranked
    also: tuple[Passage, ...] = ()

    @property
    def text(self) -> str:
        """The words that were compared: the passage, else the headline."""
        if self.passage:
            return self.passage.span.of(self.sketch.text)
        title = self.sketch.first(Property.TITLE)
        return title.value if title else ""

    @property
    def label(self) -> Label:
        """The label of the passage, else of the version."""
        return self.sketch.label.at_passage(self.passage.number) if self.passage else self.sketch.label


@dataclass(frozen=True, slots=True)
class _Cut:
    """A version cut for comparing: its passages or pieces of them, and the stems that stand in it."""

    sketch: Sketch
    pieces: tuple[tuple[int, Span], ...]
    texts: tuple[str, ...]
    stems: frozenset[str]
    title: str


class Finder:
    """Finds one claim after another in an archive that is open; what was read of a version is remembered."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._vocabulary = Vocabulary(archive)
        self._embedder = load(archive.settings.text("embedder"))
        self._known: OrderedDict[UUID, _Cut] = OrderedDict()

    def find(self, claim: Claim, within: Scope, most: int, wanted: int | None = None) -> list[Match]:
        """The versions that may state the claim, closest first, out of `most` of them from each window of time.

        Only the first `wanted` are compared word by word; all where it is None. Raises `NothingToTrace`, and
        what asking the index raises.
        """
        keys = candidates(self._archive, claim, within, self._vocabulary, most)
        cuts = [cut for cut in self._cuts(keys) if within.holds(cut.sketch)]
        return self._ranked(claim, cuts, wanted)

    def _cuts(self, keys: Sequence[UUID]) -> list[_Cut]:
        fresh = [key for key in keys if key not in self._known]
        if fresh:
            with self._archive.catalog.read() as reader:
                read = reader.sketches(fresh)
            self._known |= {key: _cut(sketch) for key, sketch in read.items()}
        found = [self._known[key] for key in keys if key in self._known]
        while len(self._known) > max(REMEMBERED, len(keys)):
            self._known.popitem(last=False)
        return found

    def _ranked(self, claim: Claim, cuts: Sequence[_Cut], wanted: int | None) -> list[Match]:
        rarity = self._vocabulary.rarity([cut.stems for cut in cuts])
        weights = telling(cleaned(claim.text), rarity)
        near = {str(cut.sketch.id): (cut, nearest(weights, cut.texts, COMPARED)) for cut in cuts}
        read = {key: _read(cut, places[0] if places else 0) for key, (cut, places) in near.items()}
        order = ranked(
            claim.text,
            [
                Candidate(key, read[key], _days(claim, cut.sketch), cut.title)
                for key, (cut, _) in near.items()
            ],
            rarity,
        )
        if self._embedder and order:
            order = _reordered(self._embedder, claim, order, read)
        asked = Sentence.of(cleaned(claim.text))
        found = (_match(asked, *near[each.id], each, rarity) for each in order[:wanted])
        return [match for match in found if match]


def _reordered(
    embedder: Embedder, claim: Claim, order: Sequence[Ranked], read: Mapping[str, str]
) -> list[Ranked]:
    scores = reordered(embedder, claim.text, [one.id for one in order], [read[one.id] for one in order])
    return sorted((replace(one, score=scores[one.id]) for one in order), key=lambda one: (-one.score, one.id))


def _match(asked: Sentence, cut: _Cut, places: Sequence[int], ranked: Ranked, rarity: Rarity) -> Match | None:
    """The passage of a version that comes closest, of those that have most of the words; None where it has none."""
    sketch = cut.sketch
    if not cut.pieces:
        return Match(sketch, None, closeness(asked, cut.title, rarity), ranked) if cut.title else None
    looked_at = range(len(cut.pieces)) if is_bare(asked) else places or (0,)
    compared = [(cut.pieces[at], _closeness(asked, cut, at, rarity)) for at in looked_at]
    (number, _), close = max(compared, key=lambda each: (each[1].kind is not None, each[1].score))
    states = {at for (at, _), its in compared if its.kind is not None}
    also = tuple(sketch.passages[at] for at in sorted(states - {number})) if states else ()
    return Match(sketch, sketch.passages[number], close, ranked, also)


def _closeness(asked: Sentence, cut: _Cut, at: int, rarity: Rarity) -> Closeness:
    """How close a piece comes; its spans are those of the passage that it is a piece of."""
    number, span = cut.pieces[at]
    text = span.of(cut.sketch.text)
    given = Sentence.of(text)
    found = closeness(asked, given, rarity)
    if found.kind is None and is_bare(asked):
        found = by_number(asked, text) or found
    found = _damaged(asked, given, found)
    shift = span.start - cut.sketch.passages[number].span.start
    return replace(found, spans=tuple(Span(s.start + shift, s.end + shift) for s in found.spans))


def _damaged(asked: Sentence, given: Sentence, found: Closeness) -> Closeness:
    """The same, where the words that are asked for stand there with a few of them changed or left out.

    Inside quotation marks this is a quote, if a damaged one.
    """
    if found.kind not in (None, ClosenessKind.REWORDED) or len(asked.words) < SHORT:
        return found
    damaged = stands(asked.words, given.words)
    if damaged is None:
        return found
    where = damaged[1]
    quoted = any(span.covers(where) for span in quotations(given.text))
    kind = ClosenessKind.QUOTED if quoted else ClosenessKind.REWORDED
    return replace(found, kind=kind, score=max(found.score, THRESHOLD), spans=(where,))


def _cut(sketch: Sketch) -> _Cut:
    title = sketch.first(Property.TITLE)
    found = tuple(pieces(sketch.text, [passage.span for passage in sketch.passages]))
    texts = tuple(span.of(sketch.text) for _, span in found)
    return _Cut(sketch, found, texts, stems_in(sketch.text), title.value if title else "")


def _read(cut: _Cut, at: int) -> str:
    """The text around a piece, without a headline that is looked at by itself."""
    if not cut.pieces:
        return ""
    first, after = window([measured(text) for text in cut.texts], at)
    return " ".join(words for words in cut.texts[first:after] if words != cut.title)


def _days(claim: Claim, sketch: Sketch) -> float | None:
    at = dated(sketch)
    return None if claim.at is None or at is None else (claim.at - at).total_seconds() / SECONDS_A_DAY
