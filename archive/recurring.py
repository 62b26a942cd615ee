"""What recurs: passages under one mark that state the same, found from sketches; few versions are read whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.catalog.chunks import batched
from archive.model import Property
from archive.text.folding import fold_name
from archive.text.stating import close, states_it

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.archive import Archive
    from archive.attribution.resolve import Authority
    from archive.catalog.claim_reading import Place, Wanted
    from archive.catalog.reading import Reader
    from archive.record import Sketch
    from archive.text.similarity import Closeness

MARKS_AT_ONCE = 40
"""How many marks are read at a time: mostly the first few lead to as many claims as are to be shown."""
PLACES_A_MARK = 60
"""How many passages with one mark are compared."""
FIRSTS_A_MARK = 4
"""With how many of them the others are compared."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A passage that states what another states, and how closely; `place` is its version's and its own number."""

    place: Place
    sketch: Sketch
    closeness: Closeness


def recurring(archive: Archive, wanted: Wanted) -> Iterator[list[Alike]]:
    """The groups that have spread as far as is wanted, each passage in one, most spread first; read as asked for."""
    met: set[Place] = set()
    with archive.catalog.read() as reader:
        for marks in batched(reader.claims.spread(wanted), MARKS_AT_ONCE):
            places = {mark: some[:PLACES_A_MARK] for mark, some in reader.claims.passages_with(marks).items()}
            sketches = _read(reader, {place for some in places.values() for place in some} - met)
            for mark in marks:
                left = [place for place in places[mark] if place not in met]
                for group in _groups(left, sketches):
                    met.update(each.place for each in group)
                    if _spread(archive.authority, group, wanted):
                        yield group


def _groups(places: Sequence[Place], sketches: dict[int, Sketch]) -> Iterator[list[Alike]]:
    """The passages under one mark by what they state: two words in a row may lead to several claims."""
    left = list(places)
    for _ in range(FIRSTS_A_MARK):
        if len(left) <= 1:
            return
        group = list(_alike(left, sketches))
        if len(group) > 1:
            yield group
        gone = {left[0], *(each.place for each in group)}
        left = [place for place in left if place not in gone]


def _read(reader: Reader, places: set[Place]) -> dict[int, Sketch]:
    """The versions of these places, by their position in the ledger."""
    ids = reader.links.ids_at({version for version, _ in places})
    held = reader.sketches(ids.values())
    return {position: held[version] for position, version in ids.items()}


def _alike(places: Sequence[Place], sketches: dict[int, Sketch]) -> Iterator[Alike]:
    """The passages that state what the first of them states; each wording is compared once."""
    asked: str | None = None
    known: dict[str, Closeness] = {}
    for version, number in places:
        sketch = sketches[version]
        text = sketch.passages[number - 1].span.of(sketch.text)
        asked = asked or text
        if text not in known:
            known[text] = close(asked, text)
        if states_it(known[text]):
            yield Alike((version, number), sketch, known[text])


def _spread(authority: Authority, group: Sequence[Alike], wanted: Wanted) -> bool:
    said = (each.sketch.first(Property.OUTLET) for each in group)
    outlets = {authority.resolve(outlet.value) or fold_name(outlet.value) for outlet in said if outlet}
    items = {each.sketch.label.of_item for each in group}
    return len(outlets) >= wanted.outlets and len(items) >= wanted.versions
