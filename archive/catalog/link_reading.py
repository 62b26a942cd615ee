"""Asking for what linking needs to know, and for the links there are.

Whole batches are asked about at a time. The numbers in a question are written into it, not bound: it has
thousands of them, each a whole number of our own making.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlalchemy import select as sql_select
from sqlmodel import col, select

from archive.catalog.chunks import batched, chunked
from archive.catalog.link_tables import LINKS, LinkedRow, LinkRow, LinkStateRow
from archive.catalog.tables import ItemRow, VersionRow
from archive.lineage.furniture import Furniture, Holder
from archive.lineage.links import LinkLabel
from archive.lineage.shared import SharedText
from archive.model import Method, Property
from archive.record import WEIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from uuid import UUID

    from sqlmodel import Session

    from archive.lineage.candidates import Pair

NUMBERS_A_QUERY = 4000
"""How many whole numbers are written into one question; each has at most 20 digits."""

LINKS_A_PAGE = 2000
FINGERPRINTS_A_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class LinkState:
    """How far linking has come: every version recorded before `position` of the ledger is linked.

    `rebuilding` says that links are being made anew and that those of later versions are still to come.
    """

    position: int
    method: Method
    rebuilding: bool


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A version about to be linked: `position` in the ledger; `same` is the digest of its text, else its bytes."""

    position: int
    same: str
    text: str


class LinkReader:
    """Questions about fingerprints and links to one state of the catalogue."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def state(self) -> LinkState:
        """How far linking has come."""
        return state_of(self._session, LINKS)

    def unlinked(self, position: int, limit: int) -> list[Unlinked]:
        """The versions recorded at this position of the ledger or later, in that order."""
        rows = self._rows(
            "v.position, coalesce(v.text_digest, 'bytes ' || v.object_digest), coalesce(t.body, '') "
            "FROM version v LEFT JOIN text t ON t.digest = v.text_digest "
            f"WHERE v.position >= {position} ORDER BY v.position LIMIT {limit}"
        )
        return [Unlinked(*row) for row in rows]

    def firsts_of_items(self, positions: Iterable[int]) -> dict[int, int]:
        """For the version at each of these positions of the ledger, where the first of its item is recorded."""
        question = (
            "v.position, (SELECT min(w.position) FROM version w WHERE w.item_id = v.item_id) "
            "FROM version v WHERE v.position"
        )
        return dict(self._among(question, positions))

    def alike(self, same: Collection[str]) -> dict[str, list[int]]:
        """Where in the ledger the versions with each of these texts (or bytes without a text) are recorded."""
        found: dict[str, list[int]] = defaultdict(list)
        texts = [digest for digest in same if not digest.startswith("bytes ")]
        bare = [digest.removeprefix("bytes ") for digest in same if digest.startswith("bytes ")]
        for digest, position in self._named("text_digest, position FROM version WHERE text_digest", texts):
            found[digest].append(position)
        question = "object_digest, position FROM version WHERE text_digest IS NULL AND object_digest"
        for digest, position in self._named(question, bare):
            found[f"bytes {digest}"].append(position)
        for positions in found.values():
            positions.sort()
        return found

    def outlets(self, positions: Iterable[int]) -> dict[int, str]:
        """The outlet that the version at each position is from, by the weightiest statement, where one is named."""
        found: dict[int, str] = {}
        for position, *_, value in self._said(Property.OUTLET, positions, key=_by_weight):
            found.setdefault(position, value)
        return found

    def _said(
        self, about: Property, positions: Iterable[int], key: Callable[[Sequence[Any]], Any]
    ) -> list[Any]:
        """What is said of the versions there, in order: position, basis, time, identifier and value.

        Every version names its outlet: asked for by property, SQLite reads the statements of the whole archive,
        and by an expression it cannot.
        """
        question = (
            "v.position, s.basis, s.recorded, s.id, s.value FROM version v "
            "JOIN statement s ON s.version_id = v.id "
            f"WHERE s.about || '' = '{about.value}' AND v.position"
        )
        return sorted(self._among(question, positions), key=key)

    def holders(self, hashes: Iterable[int]) -> dict[int, list[Holder]]:
        """For each fingerprint the versions that hold it, in the order of the ledger."""
        rows = list(self._among("hash, version FROM fingerprint WHERE hash", hashes))
        known = self._linked({version for _, version in rows})
        found: dict[int, list[Holder]] = defaultdict(list)
        for hashed, version in rows:
            found[hashed].append(known[version])
        for some in found.values():
            some.sort(key=lambda holder: holder.version)
        return found

    def fingerprints(self) -> Iterator[list[int]]:
        """Every fingerprint there is, once, a page at a time; those that are common come first."""
        yield [hashed for (hashed,) in self._rows("hash FROM common_fingerprint")]
        after = -(1 << 63)
        while True:
            rows = self._rows(
                f"DISTINCT hash FROM fingerprint WHERE hash > {after} ORDER BY hash LIMIT {FINGERPRINTS_A_PAGE}"
            )
            if not rows:
                return
            yield [hashed for (hashed,) in rows]
            after = rows[-1][0]

    def _linked(self, versions: Iterable[int]) -> dict[int, Holder]:
        rows = self._among("version, item, twin, outlet FROM linked WHERE version", versions)
        return {row[0]: Holder(*row) for row in rows}

    def common(self, hashes: Iterable[int]) -> dict[int, Furniture | None]:
        """Those of the fingerprints that are common, and whose furniture each is."""
        wanted = set(hashes)
        # Most archives have few: all are read where that is less than what would be asked about.
        question, few = "hash, outlet, first, second, third FROM common_fingerprint", len(wanted) // 4
        rows = self._rows(f"{question} LIMIT {few + 1}")
        if len(rows) > few:
            rows = [*self._among(f"{question} WHERE hash", wanted)]
        return {
            hashed: None if outlet is None else Furniture(outlet, (first, second, third))
            for hashed, outlet, first, second, third in rows
            if hashed in wanted
        }

    def _among(self, question: str, numbers: Iterable[int]) -> Iterator[Any]:
        """The rows of `SELECT question IN (numbers)`."""
        for some in batched(sorted(numbers), NUMBERS_A_QUERY):
            yield from self._rows(f"{question} IN ({','.join(map(str, some))})")

    def _named(self, question: str, names: Sequence[str]) -> Iterator[Any]:
        """The rows of `SELECT question IN (names)`."""
        mark = "?" if self._session.connection().dialect.name == "sqlite" else "%s"
        for some in chunked(names):
            yield from self._rows(f"{question} IN ({','.join([mark] * len(some))})", tuple(some))

    def _rows(self, question: str, given: tuple[str, ...] | None = None) -> Sequence[Any]:
        """The rows as the driver gives them: hundreds of thousands, read once; Core takes longer to ask for one."""
        result = self._session.connection().exec_driver_sql(f"SELECT {question}", given)
        rows: Sequence[Any] = result.cursor.fetchall() if result.cursor else []
        result.close()
        return rows

    def texts(self, positions: Iterable[int]) -> dict[int, str]:
        """The canonical texts of the versions at these positions of the ledger; empty where there is none."""
        question = (
            "v.position, coalesce(t.body, '') FROM version v "
            "LEFT JOIN text t ON t.digest = v.text_digest WHERE v.position"
        )
        return {position: body for position, body in self._among(question, positions)}  # noqa: C416 - rows are no pairs

    def links_among(self, versions: Collection[int]) -> list[Pair]:
        """The pairs among these versions that are linked."""
        held = set(versions)
        rows = self._among("later, earlier FROM link WHERE later", held)
        return [(later, earlier) for later, earlier in rows if earlier in held]

    def links_of(self, versions: Collection[int]) -> list[SharedText]:
        """Every link of these versions."""
        wanted: dict[Pair, SharedText] = {}
        for some in chunked(sorted(versions)):
            for column in (col(LinkRow.later), col(LinkRow.earlier)):
                rows = self._session.exec(select(LinkRow).where(column.in_(some)))
                wanted.update(((row.later, row.earlier), shared_of(row)) for row in rows)
        return [wanted[pair] for pair in sorted(wanted)]

    def pages(self) -> Iterator[list[SharedText]]:
        """Every link there is, in the order of the ledger, a page at a time."""
        after: Pair = (-1, -1)
        while True:
            query = select(LinkRow).where(
                (col(LinkRow.later) > after[0])
                | ((col(LinkRow.later) == after[0]) & (col(LinkRow.earlier) > after[1]))
            )
            query = query.order_by(col(LinkRow.later), col(LinkRow.earlier)).limit(LINKS_A_PAGE)
            page = [shared_of(row) for row in self._session.exec(query)]
            if page:
                yield page
                after = page[-1].later, page[-1].earlier
            if len(page) < LINKS_A_PAGE:
                return

    def count(self) -> int:
        """How many links there are."""
        return self._session.exec(select(func.count()).select_from(LinkRow)).one()

    def linked(self) -> int:
        """How many versions are linked."""
        return self._session.exec(select(func.count()).select_from(LinkedRow)).one()

    def ids_at(self, positions: Collection[int]) -> dict[int, UUID]:
        """The identifiers of the versions recorded at these positions of the ledger."""
        found: dict[int, UUID] = {}
        for some in chunked(sorted(positions)):
            query = sql_select(col(VersionRow.position), col(VersionRow.id))
            rows = self._session.execute(query.where(col(VersionRow.position).in_(some)))
            found.update((position, version) for position, version in rows)
        return found

    def names(self, positions: Collection[int]) -> dict[int, tuple[str, str | None]]:
        """The label of each version recorded there, and the first identifier that it came with."""
        external: dict[int, str] = {}
        labels: dict[int, str] = {}
        for some in chunked(sorted(positions)):
            named = sql_select(col(VersionRow.position), col(ItemRow.label), col(VersionRow.number))
            named = named.join(ItemRow, col(ItemRow.id) == VersionRow.item_id)
            rows = self._session.execute(named.where(col(VersionRow.position).in_(some)))
            labels.update((at, f"{label}@{number}") for at, label, number in rows)
        for at, _, _, _, value in self._said(Property.EXTERNAL_ID, positions, key=itemgetter(3)):
            external.setdefault(at, value)
        return {at: (label, external.get(at)) for at, label in labels.items()}


def _by_weight(row: Sequence[Any]) -> tuple[Any, ...]:
    return WEIGHT.index(row[1]), row[2], row[3]


def state_of(session: Session, which: int) -> LinkState:
    """How far the links, or the claim marks, have come."""
    row = session.exec(select(LinkStateRow).where(LinkStateRow.id == which)).one()
    return LinkState(row.position, Method(row.method, row.method_version), row.rebuilding)


def shared_of(row: LinkRow) -> SharedText:
    """A link out of its row."""
    spans: Sequence[Any] = json.loads(row.spans)
    counts = row.covered, row.covered_there, row.words, row.words_there
    method = Method(row.method, row.method_version)
    return SharedText(row.later, row.earlier, LinkLabel(row.label), *counts, tuple(map(tuple, spans)), method)
