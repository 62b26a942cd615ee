"""Which nodes of the tree are kept, and how every other is found from them.

Only levels 0, 8, 16 ... are kept, as in C2SP tlog-tiles: one row more for 255 leaves, where keeping every
level would double what an append writes. Any node then follows from at most 256 neighbours of the kept
level below it, one range read; a proof at a million leaves takes three such reads and some 500 hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from archive.ledger.merkle import BadFrontier, Run, pair_up

TILE_HEIGHT = 8
"""Levels from one kept level to the next (C2SP tlog-tiles, "Merkle Tree")."""

TILE_WIDTH = 1 << TILE_HEIGHT

ReadRow = Callable[[int, int, int], Sequence[bytes]]
"""Reads up to `count` neighbouring hashes of a kept level, by (level, first, count)."""


def kept(runs: Iterable[Run]) -> Iterator[tuple[int, int, bytes]]:
    """The (level, index, hash) rows to write for new nodes; level 0 stands with the leaves themselves."""
    for run in runs:
        if run.level and run.level % TILE_HEIGHT == 0:
            for place, value in enumerate(run.hashes):
                yield run.level, run.first + place, value


class Tiles:
    """Looks up any node of the tree from the kept ones, reading each tile once.

    A reader lives as long as one question: what it has read it does not read again.
    """

    def __init__(self, read: ReadRow) -> None:
        self._read = read
        self._tiles: dict[tuple[int, int], list[Sequence[bytes]]] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash at (level, index); raises `BadFrontier` where the kept nodes do not yield it."""
        height = level % TILE_HEIGHT
        base = level - height
        tile, place = divmod(index, TILE_WIDTH >> height)
        rows = self._tile(base, tile)
        if height >= len(rows) or place >= len(rows[height]):
            raise BadFrontier(f"the ledger lacks the nodes from which ({level}, {index:,}) follows")
        return rows[height][place]

    def _tile(self, base: int, tile: int) -> list[Sequence[bytes]]:
        """The rows of one tile, from the kept one upwards."""
        rows = self._tiles.get((base, tile))
        if rows is None:
            rows = [self._read(base, tile * TILE_WIDTH, TILE_WIDTH)]
            while len(rows) < TILE_HEIGHT:
                rows.append(pair_up(rows[-1]))
            self._tiles[base, tile] = rows
        return rows
