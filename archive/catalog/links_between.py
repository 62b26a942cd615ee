"""The links there are between a few versions, where linking has come as far as all of them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from sqlmodel import col, select

from archive.catalog.chunks import chunked
from archive.catalog.link_reading import shared_of
from archive.catalog.link_tables import LinkRow
from archive.text.fingerprints import METHOD

if TYPE_CHECKING:
    from collections.abc import Collection

    from archive.catalog.reading import Reader
    from archive.lineage.shared import SharedText


def links_between(reader: Reader, positions: Collection[int]) -> list[SharedText] | None:
    """Every link between two of the versions recorded at these positions; None where some are not linked yet."""
    state = reader.links.state()
    if state.method != METHOD or state.rebuilding or max(positions, default=-1) >= state.position:
        return None
    some = list(chunked(sorted(positions)))
    return [link for later, earlier in product(some, some) for link in _between(reader, later, earlier)]


def _between(reader: Reader, later: Collection[int], earlier: Collection[int]) -> list[SharedText]:
    query = select(LinkRow).where(col(LinkRow.later).in_(later), col(LinkRow.earlier).in_(earlier))
    return [shared_of(row) for row in reader.session.exec(query)]
