"""Watch lists: one claim after another from a file, each with its ranked occurrences, the archive opened once."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.text.dates import BadDate
from archive.trace.asked import Claim, NothingToTrace, scope
from archive.trace.finding import Finder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.archive import Archive
    from archive.trace.asked import Scope
    from archive.trace.finding import Match

PROPOSED = 100
"""How many versions the index proposes from each window of time, for each row."""

LONGEST = 1_000_000
"""Characters of a row; a longer one is not read."""


class BadRow(UsageError):
    """A row of a watch list cannot be followed."""


@dataclass(frozen=True, slots=True)
class Row:
    """A claim that is watched, under the list's own identifier, with its own bounds of time as written."""

    id: str | int
    text: str
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A row and what was found for it, closest first, ranks from 1 in this order."""

    row: Row
    found: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that could not be followed: its line in the file, from 1, and why."""

    line: int
    reason: str


def follow(
    archive: Archive, lines: Iterable[bytes], within: Scope, limit: int
) -> Iterator[Followed | Unread]:
    """Each row of a file of JSON lines with its `limit` closest versions; blank lines are passed over.

    A row's own `since` and `until` take the place of those in `within`. Where only what was recorded since a
    date is wanted, or only some kinds, what is not close enough to state the claim is left out; else it is
    ranked as well. Raises what asking the index raises.
    """
    finder = Finder(archive)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = read(line)
            yield Followed(row, tuple(_found(finder, row, _bounds(row, within), limit)))
        except (BadRow, BadDate, NothingToTrace) as error:
            yield Unread(number, str(error))


def read(line: bytes) -> Row:
    """A row; raises `BadRow`."""
    if len(line) > LONGEST:
        raise BadRow(f"the row is longer than {LONGEST:,} bytes")
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadRow(f"the row is not JSON: {error}"[:300]) from error
    if not isinstance(row, dict):
        raise BadRow("the row is no object")
    for name in ("id", "text"):
        if row.get(name) in (None, ""):
            raise BadRow(f"the row has no {name!r}")
    if not isinstance(row["id"], (str, int)) or isinstance(row["id"], bool):
        raise BadRow("its 'id' is neither text nor a whole number")
    for name in ("text", "since", "until"):
        if row.get(name) is not None and not isinstance(row[name], str):
            raise BadRow(f"its {name!r} is not text")
    return Row(row["id"], row["text"], row.get("since"), row.get("until"))


def _bounds(row: Row, within: Scope) -> Scope:
    own = scope(row.since, row.until)
    return replace(within, since=own.since or within.since, until=own.until or within.until)


def _found(finder: Finder, row: Row, within: Scope, limit: int) -> list[Match]:
    claim = Claim(row.text, None, within.until)
    strict = bool(within.kinds or within.recorded_since)
    found = finder.find(claim, within, PROPOSED, None if strict else limit)
    if strict:
        found = [match for match in found if match.closeness.kind]
    if within.kinds:
        found = [match for match in found if match.closeness.kind in within.kinds]
    return found[:limit]
