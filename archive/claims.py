"""Claims that recur: sentences that several outlets or versions state, in whatever words and with which numbers.

Sentences worded nearly alike share a mark, whatever numbers they state; those under one mark are compared with
the first few of them. For what is shown the full-text index is then asked for further wordings, and the claim is
gathered around the one that most of the others come close to.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

from archive.catalog.claim_reading import Wanted, enter_marks
from archive.errors import UsageError
from archive.gathering import Stated, place_of, told_by_most, with_others
from archive.indexing import ask
from archive.linking import catch_up
from archive.model import ClosenessKind, Property
from archive.recurring import recurring
from archive.text.agreement import Agreement
from archive.text.claimed import METHOD, claim_marks
from archive.text.dates import after, date
from archive.text.folding import fold_name
from archive.text.stating import RARITY
from archive.text.words import FUNCTION_WORDS, words
from index.model import Request
from index.tree import TEXT, Most, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from archive.archive import Archive
    from archive.attribution.resolve import Authority
    from archive.catalog.claim_reading import Place
    from archive.recurring import Alike

BATCH = 500
MARKS_A_CLAIM = 30
"""How many marks are looked at for each claim that is to be shown: several lead to the same one."""
SEEDS_A_CLAIM = 2
"""How many groups are gathered for each claim that is to be shown: some do not come as far as is asked."""
CANDIDATES = 60
"""How many versions the index proposes for each claim that is shown."""
QUERY_WORDS = 12


class NothingSpread(UsageError):
    """Claims are asked for that recur in fewer than two outlets or versions."""


@dataclass(frozen=True, slots=True)
class RecurringClaim:
    """A claim as one passage words it, and the closest passage of every version that states it, in ledger order.

    `wording` is what the others were compared with. `outlets` and `items` are how far it has spread; `numbers`
    are the other numbers that are stated for the same thing, each with how many versions state it.
    """

    wording: Stated
    stated: tuple[Stated, ...]
    outlets: tuple[str, ...]
    items: int
    numbers: tuple[tuple[str, int], ...]


def claims(
    archive: Archive,
    *,
    outlets: int = 0,
    versions: int = 0,
    since: str | None = None,
    until: str | None = None,
    limit: int = 20,
    progress: Callable[[int], None] | None = None,
) -> list[RecurringClaim]:
    """The claims stated by at least so many outlets, and in so many items, most spread first.

    Versions of one item count once. Raises `NothingSpread`, `BadDate`, and what asking the index raises.
    """
    if max(outlets, versions) < 2:
        raise NothingSpread("a claim recurs where two outlets or versions state it: ask for two or more")
    if archive.writable:
        mark(archive, progress)
    wanted = Wanted(
        _half(outlets),
        _half(versions),
        date(since).at if since else None,
        after(date(until)) if until else None,
        limit * MARKS_A_CLAIM,
    )
    found = _further(archive, list(islice(recurring(archive, wanted), limit * SEEDS_A_CLAIM)))
    kept = [claim for claim in found if len(claim.outlets) >= outlets and claim.items >= versions]
    return sorted(
        kept, key=lambda claim: (-len(claim.outlets), -claim.items, claim.wording.holding.version.position)
    )[:limit]


def _half(spread: int) -> int:
    """How far a mark must have spread: wordings that differ share other marks, and together come further."""
    return min(spread, max(2, (spread + 1) // 2))


def mark(archive: Archive, progress: Callable[[int], None] | None = None) -> None:
    """Mark the passages of what is linked and not yet marked; interrupted, the next one goes on."""
    catch_up(archive)
    done = 0
    while True:
        with archive.catalog.read() as reader:
            upto, state = reader.links.state().position, reader.claims.state()
            start = state.position if state.method == METHOD else 0
            batch = reader.claims.unmarked(start, upto, BATCH)
        if not batch:
            return
        marks = {
            (hashed, version, number)
            for version, sentences in batch.items()
            for number, sentence in sentences
            for hashed in claim_marks(sentence)
        }
        end = max(batch) + 1
        archive.catalog.write(lambda w: enter_marks(w, state, end, marks, METHOD))  # noqa: B023 - run at once
        done += len(batch)
        if progress:
            progress(done)


def _further(archive: Archive, seeds: Sequence[Sequence[Alike]]) -> list[RecurringClaim]:
    """The groups with the further wordings that the index proposes; what another group states already is left out."""
    met = _gathered(archive, _whole(archive, seeds))
    told = [(group, told_by_most(group)) for group in met]
    kept = [group for group, best in told if best[0].words == group[0].words]
    again = _gathered(archive, [best for group, best in told if best[0].words != group[0].words])
    largest = sorted([*kept, *again], key=lambda group: (-len(group), place_of(group[0])))
    return [_claim(archive.authority, group) for group in _apart(largest)]


def _gathered(archive: Archive, groups: Sequence[Sequence[Stated]]) -> list[list[Stated]]:
    """The groups, each with what states the first of it; those left out whose first another states."""
    proposed = [
        [UUID(hit.key) for hit in ask(archive, Request(query=_query(group[0]), limit=CANDIDATES)).hits]
        for group in groups
    ]
    with archive.catalog.read() as reader:
        every = reader.versions({key for keys in proposed for key in keys})
        held = {holding.version.id: holding for holding in reader.holdings(every)}
    return list(
        _apart(
            with_others(group, [held[key] for key in keys if key in held])
            for group, keys in zip(groups, proposed, strict=True)
        )
    )


def _apart(groups: Iterable[list[Stated]]) -> Iterator[list[Stated]]:
    """The groups but those whose first an earlier group has."""
    met: set[Place] = set()
    for group in groups:
        if place_of(group[0]) not in met:
            met.update(map(place_of, group))
            yield group


def _whole(archive: Archive, seeds: Sequence[Sequence[Alike]]) -> list[list[Stated]]:
    """The groups with all that is held of their versions."""
    ids = {each.sketch.id for group in seeds for each in group}
    with archive.catalog.read() as reader:
        held = {holding.version.id: holding for holding in reader.holdings(reader.versions(ids))}
    return [
        [Stated(held[a.sketch.id], a.sketch.passages[a.place[1] - 1], a.closeness) for a in group]
        for group in seeds
    ]


def _query(stated: Stated) -> Most:
    telling = [word.folded for word in words(stated.words) if word.folded not in FUNCTION_WORDS]
    rarest = sorted(dict.fromkeys(telling), key=lambda word: -RARITY.of(word))[:QUERY_WORDS]
    return Most(tuple(Word(TEXT, word) for word in rarest), max(1, len(rarest) // 3))


def _claim(authority: Authority, group: Sequence[Stated]) -> RecurringClaim:
    """The claim that a group makes; the others were compared with the first of it."""
    stated = sorted(group, key=place_of)
    outlets: dict[str, str] = {}
    for each in stated:
        said = each.holding.first(Property.OUTLET)
        if said:
            outlets.setdefault(authority.resolve(said.value) or fold_name(said.value), said.value)
    differ = Counter(
        pair.later.span.of(each.words)
        for each in stated
        for pair in each.closeness.numbers
        if pair.agreement in (Agreement.UPDATED, Agreement.CONFLICT)
    )
    items = len({each.holding.version.item_id for each in stated})
    others = tuple(sorted(differ.items()))
    return RecurringClaim(
        stated[0], tuple(sorted(stated, key=place_of)), tuple(outlets.values()), items, others
    )


def kinds(claim: RecurringClaim) -> dict[ClosenessKind, int]:
    """How many passages state it in which way."""
    counted = Counter(each.closeness.kind for each in claim.stated if each.closeness.kind)
    return {kind: counted[kind] for kind in ClosenessKind if counted[kind]}
