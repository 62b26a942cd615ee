"""Rows against leaves, both ways: a row that is not as its leaf says, a leaf without its rows, a row without a leaf."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archive.catalog.bound import digest_of, instant
from archive.catalog.bound_rows import UnreadableRow
from archive.catalog.chunks import batched
from archive.digest import Digest
from archive.verdict import IntegrityFinding, Verdict
from archive.verify.first_leaves import FirstLeaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archive.catalog.reading import Reader

BOUND_FROM = 2
"""The first format of leaves that are bound to their rows."""


LENGTH_OF_HOUR = len("2026-11-23T09")
"""How much of a time is compared with the one before: clocks are set, but seldom by an hour."""

LEAVES_AT_ONCE = 250
"""How many leaves' rows are in memory together: some fifty rows a leaf."""

LONG_DETAIL = b'{"digest":"sha256:'
"""How a detail that is named by its digest begins in a leaf."""

FEW = 5
"""How many events that say an earlier time than the one before are named."""


@dataclass(frozen=True, slots=True)
class DatedBack:
    """An event that says an earlier time than the one before it."""

    position: int
    at: str
    before: str


NAMES = ("position", "id", "type", "at", "subject", "outcome", "agent")
"""The members of a leaf that columns of its event repeat."""


class RowAudit:
    """Takes the events page by page, compares each with its leaf and the rows with what the leaf is bound to."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self._ledger, self._standing = reader, reader.ledger(), reader.standing()
        self._agents = self._ledger.agents()
        self._old = FirstLeaves(self._standing)
        self._seen: Counter[str] = Counter()
        self._latest = ""
        self.first_format = 0
        self.dated_back: list[DatedBack] = []

    def take(self, page: Sequence[Any]) -> Iterator[IntegrityFinding]:
        """What does not fit in a page of events, in their order."""
        leaves: dict[int, Mapping[str, Any]] = {}
        long: set[int] = set()
        for event in page:
            leaf = read(bytes(event.body))
            if leaf is None:
                yield altered(event.position, "canonical JSON", "something else")
                continue
            leaves[event.position] = leaf
            if LONG_DETAIL in event.body:
                long.add(event.position)
            self._time(event.position, str(leaf.get("at", "")))
            yield from self._columns(event, leaf)
        for positions in batched(leaves, LEAVES_AT_ONCE):
            some = {position: leaves[position] for position in positions}
            try:
                yield from list(self._rows(some, long))
            except UnreadableRow as error:
                where = f"table {error.table}, under events {min(some)} to {max(some)}"
                yield IntegrityFinding(Verdict.ALTERED, where, "rows that can be read", str(error))

    def _time(self, position: int, at: str) -> None:
        """Times are the archive's own word; one that goes back by more than clocks do is worth a look."""
        if at[:LENGTH_OF_HOUR] < self._latest[:LENGTH_OF_HOUR] and len(self.dated_back) < FEW:
            self.dated_back.append(DatedBack(position, at, self._latest))
        self._latest = at

    def _columns(self, event: Any, leaf: Mapping[str, Any]) -> Iterator[IntegrityFinding]:
        """The event's columns, which lists and searches use, against the leaf itself."""
        agent = self._agents.get(_digits(event.agent_id))
        old = leaf.get("leaf", 0) < BOUND_FROM
        said_agent = agent and (agent.name if old else agent.shown)
        found = (
            event.position,
            _digits(event.id),
            event.type,
            _stored_instant(event.at),
            event.subject,
            event.outcome,
            said_agent,
        )
        expected = (leaf.get("position"), _digits(leaf.get("id")), *map(leaf.get, NAMES[2:]))
        if found != expected:
            for name, is_so, should in zip(NAMES, found, expected, strict=True):
                if is_so != should:
                    yield altered(event.position, f"{name} {should}", f"{name} {is_so}", _label(leaf))

    def _rows(self, leaves: Mapping[int, Mapping[str, Any]], long: set[int]) -> Iterator[IntegrityFinding]:
        lines = self._standing.lines(leaves)
        for tables in lines.values():
            self._seen.update({name: len(some) for name, some in tables.items()})
        old = {position: leaf for position, leaf in leaves.items() if leaf.get("leaf", 0) < BOUND_FROM}
        self.first_format += len(old)
        yield from self._old.compare(old)
        for position, leaf in leaves.items():
            if (position in lines or "rows" in leaf) and position not in old:
                yield from _compare(position, leaf, lines.get(position, {}))
        yield from self._results(leaves)
        yield from self._details({at: leaf for at, leaf in leaves.items() if at in long})

    def _results(self, leaves: Mapping[int, Mapping[str, Any]]) -> Iterator[IntegrityFinding]:
        """The results of runs of the integrity check against the root over them."""
        expected = {at: leaf["results"] for at, leaf in leaves.items() if "results" in leaf}
        if expected:
            found = self._standing.results(leaves)
            for position, said in expected.items():
                made = found.get(position)
                if made != said:
                    yield altered(position, f"results {_results(said)}", _results(made), "fixity_check")

    def _details(self, leaves: Mapping[int, Mapping[str, Any]]) -> Iterator[IntegrityFinding]:
        """Long details against the digests that stand for them."""
        wanted = {
            Digest.parse(value["digest"]): position
            for position, leaf in leaves.items()
            for value in leaf.values()
            if isinstance(value, dict) and value.keys() == {"digest", "size"}
        }
        if wanted:
            held = self._ledger.details(wanted)
            for digest, position in wanted.items():
                body = held.get(digest)
                if body is None or Digest.of_text(body) != digest:
                    found = "none" if body is None else str(Digest.of_text(body))
                    yield altered(position, f"a detail with digest {digest}", found, "detail")

    def close(self) -> Iterator[IntegrityFinding]:
        """Rows that no leaf stands for, and texts that are not what their digests say."""
        for table, count in self._reader.bound_counts().items():
            if count != self._seen[table]:
                found = f"{count:,} rows, {self._seen[table]:,} of them under a leaf"
                keys = "; ".join(self._reader.without_leaf(table)) or "among those that do not fit above"
                yield IntegrityFinding(Verdict.ALTERED, f"table {table}", "a leaf for every row", found, keys)
        for table, key in self._reader.unnamed():
            found = "nothing that was recorded speaks of it"
            yield IntegrityFinding(Verdict.ALTERED, f"{table} {key}", "a leaf of the ledger", found)
        for page in self._ledger.texts():
            for digest, body in page:
                if (made := Digest.of_text(body)) != digest:
                    yield IntegrityFinding(Verdict.ALTERED, f"text {digest}", str(digest), str(made))


def read(body: bytes) -> dict[str, Any] | None:
    """What a leaf says, None where it cannot be read."""
    try:
        leaf = json.loads(body)
    except ValueError:
        return None
    return leaf if isinstance(leaf, dict) else None


def altered(position: int, expected: str, found: str, detail: str = "") -> IntegrityFinding:
    """That an event is not as its leaf says."""
    return IntegrityFinding(Verdict.ALTERED, f"event {position}", expected, found, detail)


def _compare(
    position: int, leaf: Mapping[str, Any], lines: Mapping[str, Sequence[str]]
) -> Iterator[IntegrityFinding]:
    bound = leaf.get("rows", {})
    for table in sorted({*bound, *lines}):
        some = lines.get(table, [])
        found = digest_of(some) if some else "no row"
        expected = bound.get(table, "no row")
        if found != expected:
            words = f"{table}: {len(some)} rows, {found}"
            yield altered(position, f"{table}: {expected}", words, _label(leaf))


def _digits(identifier: object) -> str:
    """The digits of an identifier, which back ends store with and without dashes."""
    return str(identifier).replace("-", "")


def _stored_instant(at: object) -> str:
    """A time as a leaf writes it, from what a back end stores: a time, or on SQLite a text in UTC."""
    if isinstance(at, datetime):
        return instant(at)
    day, _, hours = str(at).partition(" ")
    return f"{day}T{hours}{'' if '.' in hours else '.000000'}Z"


def _label(leaf: Mapping[str, Any]) -> str:
    return str(leaf.get("version") or leaf.get("subject") or "")


def _results(said: Any) -> str:
    return f"{said['leaves']:,} under {said['root']}" if said else "none"
