"""Auditing the ledger: what each attack meets, and how exactly it is named."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.ledger.audit import MAX_GAP, PORTION, Audit, LedgerFinding, Misfit, StoredLeaf
from archive.ledger.checkpoint import Checkpoint
from archive.ledger.merkle import Frontier, leaf_hash
from archive.ledger.tiles import TILE_WIDTH, kept

SIZE = 2 * TILE_WIDTH + 100


@dataclass
class Catalogue:
    """The rows that a catalogue holds of a ledger, and checkpoints taken on the way."""

    leaves: list[StoredLeaf] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    head: Frontier = field(default_factory=Frontier)
    checkpoints: list[Checkpoint] = field(default_factory=list)

    def append(self, *leaves: bytes) -> None:
        hashes = [leaf_hash(leaf) for leaf in leaves]
        for leaf, value in zip(leaves, hashes, strict=True):
            self.leaves.append(StoredLeaf(len(self.leaves), leaf, value))
        self.head, runs = self.head.extend(hashes)
        self.nodes |= {(level, index): value for level, index, value in kept(runs)}

    def sign(self) -> None:
        self.checkpoints.append(Checkpoint.of("o", self.head))

    def audit(self, *, portion: int = 70, checkpoints: list[Checkpoint] | None = None) -> list[LedgerFinding]:
        audit = Audit(self.head, self.read, self.checkpoints if checkpoints is None else checkpoints)
        for start in range(0, len(self.leaves), portion):
            audit.take(self.leaves[start : start + portion])
        return audit.close()

    def read(self, level: int, first: int, count: int) -> list[bytes]:
        places = range(first, first + count)
        return [self.nodes[level, place] for place in places if (level, place) in self.nodes]

    def edit(self, index: int, leaf: bytes, *, also_hash: bool = False) -> None:
        row = replace(self.leaves[index], leaf=leaf)
        self.leaves[index] = replace(row, hash=leaf_hash(leaf)) if also_hash else row

    def forge(self, leaves: list[bytes]) -> None:
        """Rewrite everything that the catalogue holds; only the checkpoints are elsewhere."""
        forged = Catalogue(checkpoints=self.checkpoints)
        forged.append(*leaves)
        self.leaves, self.nodes, self.head = forged.leaves, forged.nodes, forged.head


def leaf(number: int) -> bytes:
    return b'{"number":%d}' % number


@pytest.fixture
def catalogue() -> Catalogue:
    made = Catalogue()
    for number in range(SIZE):
        made.append(leaf(number))
        if number % 100 == 99:
            made.sign()
    return made


def places(findings: list[LedgerFinding]) -> list[tuple[Misfit, int, int]]:
    return [(each.misfit, each.first, each.last) for each in findings]


@pytest.mark.parametrize("portion", [1, 70, 256, 10_000])
def test_a_true_ledger_fits(catalogue: Catalogue, portion: int) -> None:
    assert catalogue.audit(portion=portion) == []


def test_an_empty_ledger_fits() -> None:
    made = Catalogue()
    made.sign()
    assert made.audit() == []


def test_a_ledger_of_several_portions_fits() -> None:
    made = Catalogue()
    for start in range(0, 3 * PORTION, 1000):
        made.append(*map(leaf, range(start, start + 1000)))
        made.sign()
    assert made.audit() == []


def test_an_edited_leaf_is_named(catalogue: Catalogue) -> None:
    catalogue.edit(300, leaf(-1))
    (finding,) = catalogue.audit()
    assert (finding.misfit, finding.first, finding.last) == (Misfit.LEAF_ALTERED, 300, 300)
    assert (finding.expected, finding.found) == (leaf_hash(leaf(300)).hex(), leaf_hash(leaf(-1)).hex())
    assert str(finding).startswith("leaf altered: leaf 300; expected ")


def test_an_edited_leaf_with_its_hash_is_found_in_its_tile_and_before_its_checkpoint(
    catalogue: Catalogue,
) -> None:
    catalogue.edit(300, leaf(-1), also_hash=True)
    assert places(catalogue.audit()) == [
        (Misfit.HISTORY_ALTERED, 300, 399),
        (Misfit.NODE_ALTERED, 256, 511),
        (Misfit.HEAD_ALTERED, 300, SIZE - 1),
    ]


def test_a_deleted_leaf_is_named(catalogue: Catalogue) -> None:
    del catalogue.leaves[300:303]
    found = catalogue.audit()
    assert places(found)[0] == (Misfit.LEAF_MISSING, 300, 302)
    assert "a leaf from 300 to 302" in str(found[0])
    assert Misfit.LEAF_ALTERED not in {each.misfit for each in found}


def test_a_deleted_leaf_whose_followers_moved_up_is_found(catalogue: Catalogue) -> None:
    del catalogue.leaves[300]
    catalogue.leaves = [replace(row, index=n) for n, row in enumerate(catalogue.leaves)]
    found = catalogue.audit()
    assert (Misfit.HISTORY_ALTERED, 300, 399) in places(found)
    assert found[-1].misfit is Misfit.HEAD_ALTERED


def test_an_inserted_leaf_is_found(catalogue: Catalogue) -> None:
    rows = catalogue.leaves
    rows.insert(300, StoredLeaf(300, leaf(-1), leaf_hash(leaf(-1))))
    found = catalogue.audit()
    assert places(found)[0] == (Misfit.LEAF_UNEXPECTED, 300, 300)
    catalogue.leaves = [replace(row, index=n) for n, row in enumerate(rows)]
    assert (Misfit.HISTORY_ALTERED, 300, 399) in places(catalogue.audit())


def test_reordered_leaves_are_found(catalogue: Catalogue) -> None:
    one, other = catalogue.leaves[300:302]
    catalogue.leaves[300:302] = [replace(other, index=300), replace(one, index=301)]
    assert (Misfit.HISTORY_ALTERED, 300, 399) in places(catalogue.audit())


def test_an_edited_node_is_found(catalogue: Catalogue) -> None:
    catalogue.nodes[8, 1] = bytes(32)
    assert places(catalogue.audit()) == [(Misfit.NODE_ALTERED, 256, 511)]
    del catalogue.nodes[8, 1]
    assert places(catalogue.audit()) == [(Misfit.NODE_ALTERED, 256, 511)]


def test_an_edited_head_is_found(catalogue: Catalogue) -> None:
    catalogue.head = Frontier(SIZE, tuple(bytes(32) for _ in catalogue.head.peaks))
    assert places(catalogue.audit()) == [(Misfit.HEAD_ALTERED, 600, SIZE - 1)]


def test_a_catalogue_that_was_rolled_back_is_found_by_a_checkpoint_only(catalogue: Catalogue) -> None:
    catalogue.forge([row.leaf for row in catalogue.leaves[:350]])
    assert catalogue.audit(checkpoints=[]) == []
    assert places(catalogue.audit()) == [
        (Misfit.ROLLED_BACK, 350, 399),
        (Misfit.ROLLED_BACK, 350, 499),
        (Misfit.ROLLED_BACK, 350, 599),
    ]


def test_a_history_rewritten_throughout_is_found_by_a_checkpoint_only(catalogue: Catalogue) -> None:
    forged = [row.leaf for row in catalogue.leaves]
    forged[300] = leaf(-1)
    catalogue.forge(forged)
    assert catalogue.audit(checkpoints=[]) == []
    assert places(catalogue.audit()) == [(Misfit.HISTORY_ALTERED, 300, 399)]


def test_a_place_far_away_does_not_hold_up_the_audit(catalogue: Catalogue) -> None:
    for index in (SIZE + MAX_GAP + 1, 2**62, 2**62 + 1):
        catalogue.leaves.append(StoredLeaf(index, leaf(1), leaf_hash(leaf(1))))
    assert places(catalogue.audit()) == [(Misfit.LEAF_MISSING, SIZE, SIZE + MAX_GAP)]


@settings(max_examples=50)
@given(st.data())
def test_no_edit_of_the_rows_goes_unseen(data: st.DataObject) -> None:
    """Whatever is done to leaves, hashes and nodes, while head or one checkpoint stays as it was."""
    size = data.draw(st.integers(1, 600))
    made = Catalogue()
    made.append(*map(leaf, range(size)))
    made.sign()
    before = [(row.leaf, row.hash) for row in made.leaves], dict(made.nodes), made.head
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(made.leaves) - 1)) if made.leaves else 0
        form = data.draw(st.sampled_from(["edit", "edit with hash", "forge", "drop", "node"]))
        if form == "node" and made.nodes:
            made.nodes[data.draw(st.sampled_from(sorted(made.nodes)))] = bytes(32)
        elif form == "forge":
            forged = [row.leaf for row in made.leaves]
            forged[index : index + 1] = data.draw(st.lists(st.just(leaf(-1)), max_size=2))
            made.forge(forged)
        elif form == "drop" and made.leaves:
            del made.leaves[index]
        elif made.leaves:
            made.edit(index, leaf(-2), also_hash=form == "edit with hash")
    after = [(row.leaf, row.hash) for row in made.leaves], dict(made.nodes), made.head
    assert bool(made.audit()) == (before != after)
