"""The Merkle tree: published trees and proofs, and random ones against the definitions of RFC 9162."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.ledger.merkle import (
    EMPTY_ROOT,
    BadFrontier,
    Frontier,
    NoSuchLeaf,
    ProofFails,
    Run,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
)
from archive.ledger.tiles import TILE_WIDTH, Tiles, kept

# The test tree of the Certificate Transparency projects, with its published roots and proofs.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
INCLUSION = {
    (0, 1): [],
    (0, 8): ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"],
    (5, 8): ["bc1a0643b12e4d2d", "ca854ea128ed050b", "d37ee418976dd957"],
    (2, 3): ["fac54203e7cc696c"],
    (1, 5): ["6e340b9cffb37a98", "5f083f0a1a33ca07", "bc1a0643b12e4d2d"],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"],
    (6, 8): ["0ebc5d3437fbe2db", "ca854ea128ed050b", "d37ee418976dd957"],
    (2, 5): ["5f083f0a1a33ca07", "bc1a0643b12e4d2d"],
    (6, 7): ["0ebc5d3437fbe2db", "b08693ec2e721597", "d37ee418976dd957"],
}
HASHES = [leaf_hash(leaf) for leaf in LEAVES]

MOST = 3 * TILE_WIDTH
SIZES = st.one_of(st.integers(1, 40), st.integers(1, MOST))


def leaves(count: int, salt: bytes = b"") -> list[bytes]:
    return [leaf_hash(salt + b"%d" % number) for number in range(count)]


def defined_root(hashes: list[bytes]) -> bytes:
    """MTH, word for word as RFC 9162 section 2.1.1 defines it."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return node_hash(defined_root(hashes[:split]), defined_root(hashes[split:]))


def tiles(hashes: list[bytes]) -> Tiles:
    """Only what the catalogue keeps: the leaves' hashes and the rows that `kept` names."""
    rows = {(0, place): value for place, value in enumerate(hashes)}
    _, runs = Frontier().extend(hashes)
    rows |= {(level, place): value for level, place, value in kept(runs)}
    return Tiles(
        lambda level, first, count: [
            rows[level, place] for place in range(first, first + count) if (level, place) in rows
        ]
    )


def flipped(value: bytes, bit: int) -> bytes:
    return (int.from_bytes(value, "big") ^ (1 << bit)).to_bytes(len(value), "big")


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    assert root_of(HASHES[:size]) == defined_root(HASHES[:size]) == ROOTS[size]


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_inclusion_proofs(index: int, size: int) -> None:
    proof = inclusion_proof(tiles(HASHES).node, index, size)
    assert [step.hex()[:16] for step in proof] == INCLUSION[index, size]
    check_inclusion(HASHES[index], index, size, proof, ROOTS[size])


@pytest.mark.parametrize(("old", "size"), CONSISTENCY)
def test_published_consistency_proofs(old: int, size: int) -> None:
    proof = consistency_proof(tiles(HASHES).node, old, size)
    assert [step.hex()[:16] for step in proof] == CONSISTENCY[old, size]
    check_consistency(old, size, proof, ROOTS[old], ROOTS[size])


@given(st.lists(st.integers(0, 300), max_size=8))
def test_growing_in_any_portions_gives_the_same_tree(portions: list[int]) -> None:
    hashes = leaves(sum(portions))
    frontier, nodes = Frontier(), {}
    for portion in portions:
        frontier, runs = frontier.extend(hashes[frontier.size : frontier.size + portion])
        nodes.update({(r.level, r.first + n): value for r in runs for n, value in enumerate(r.hashes)})
        assert Frontier.from_bytes(frontier.to_bytes()) == frontier
        assert frontier.root() == root_of(hashes[: frontier.size])
    whole, runs = Frontier().extend(hashes)
    assert frontier == whole
    assert nodes == {(r.level, r.first + n): value for r in runs for n, value in enumerate(r.hashes)}


def test_growing_one_by_one() -> None:
    frontier, hashes = Frontier(), leaves(70)
    for size, leaf in enumerate(hashes, 1):
        frontier = frontier.append(leaf)
        assert frontier.size == size
        assert frontier.root() == defined_root(hashes[:size])


def test_only_every_eighth_level_is_kept() -> None:
    size = 2 * TILE_WIDTH**2 + 5
    _, runs = Frontier().extend([bytes(32)] * size)
    levels = [level for level, _, _ in kept(runs)]
    assert levels == [8] * (2 * TILE_WIDTH) + [16] * 2
    assert list(kept([Run(8, 7, [b"a", b"b"])])) == [(8, 7, b"a"), (8, 8, b"b")]


def test_a_proof_over_three_tiles_of_height() -> None:
    size = TILE_WIDTH**2 + TILE_WIDTH + 3
    hashes = leaves(size)
    frontier, _ = Frontier().extend(hashes)
    held = tiles(hashes)
    for index in (0, TILE_WIDTH**2 - 1, TILE_WIDTH**2, size - 1):
        proof = inclusion_proof(held.node, index, size)
        check_inclusion(hashes[index], index, size, proof, frontier.root())
    for old in (1, TILE_WIDTH, TILE_WIDTH**2, TILE_WIDTH**2 + 1, size - 1, size):
        proof = consistency_proof(held.node, old, size)
        check_consistency(old, size, proof, root_of(hashes[:old]), frontier.root())


@given(st.data())
def test_every_leaf_is_proved_in_every_tree_that_has_it(data: st.DataObject) -> None:
    most = data.draw(SIZES)
    size = data.draw(st.integers(1, most))
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(most)
    proof = inclusion_proof(tiles(hashes).node, index, size)
    check_inclusion(hashes[index], index, size, proof, root_of(hashes[:size]))
    assert len(proof) <= (size - 1).bit_length()


@given(st.data())
def test_every_tree_is_proved_to_continue_every_earlier_one(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    old = data.draw(st.integers(0, size))
    hashes = leaves(size)
    proof = consistency_proof(tiles(hashes).node, old, size)
    check_consistency(old, size, proof, root_of(hashes[:old]), root_of(hashes))


@st.composite
def tampered_path(draw: st.DrawFn, path: list[bytes], root: bytes) -> list[bytes]:
    """The path with one thing done to it."""
    forms = ["longer", "longer in front"]
    if path:
        forms += ["flip", "drop", "double", "cut"]
    if len(set(path)) > 1:
        forms.append("swap")
    form = draw(st.sampled_from(forms))
    place = draw(st.integers(0, max(0, len(path) - 1)))
    other = draw(st.sampled_from([*path, root, EMPTY_ROOT, bytes(32)]))
    made = list(path)
    if form == "longer":
        made.append(other)
    elif form == "longer in front":
        made.insert(0, other)
    elif form == "flip":
        made[place] = flipped(path[place], draw(st.integers(0, 255)))
    elif form == "cut":
        made[place] = path[place][: draw(st.integers(0, 31))]
    elif form == "drop":
        del made[place]
    elif form == "double":
        made.insert(place, path[place])
    else:
        made = draw(st.permutations(path).filter(lambda other: other != path))
    return made


@given(st.data())
def test_no_tampered_inclusion_proof_verifies(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    leaf, root = hashes[index], root_of(hashes)
    path = inclusion_proof(tiles(hashes).node, index, size)
    form = data.draw(st.sampled_from(["leaf", "index", "path", "root", "height"]))
    if form == "leaf":
        leaf = data.draw(st.sampled_from([flipped(leaf, 3), root, bytes(32), leaf[:31], b"", *path]))
        assume(leaf != hashes[index])
    elif form == "index":
        index = data.draw(st.integers(-1, size).filter(lambda other: other != index))
    elif form == "path":
        path = data.draw(tampered_path(path, root))
    elif form == "root":
        root = data.draw(st.sampled_from([flipped(root, 3), EMPTY_ROOT, *path, root[:31], b""]))
    else:  # the size itself is signed with the root; the proof binds the height of the tree
        size = data.draw(st.sampled_from([0, size * 2, size * 4, -size, 2**64]))
    with pytest.raises(ProofFails):
        check_inclusion(leaf, index, size, path, root)


@given(st.data())
def test_no_tampered_consistency_proof_verifies(data: st.DataObject) -> None:
    size = data.draw(SIZES.filter(lambda size: size > 1))
    old = data.draw(st.integers(1, size - 1))
    hashes = leaves(size)
    before, after = root_of(hashes[:old]), root_of(hashes)
    path = consistency_proof(tiles(hashes).node, old, size)
    form = data.draw(st.sampled_from(["path", "before", "after", "swapped", "old", "size"]))
    if form == "path":
        path = data.draw(tampered_path(path, after))
    elif form == "before":
        before = data.draw(st.sampled_from([flipped(before, 9), after, EMPTY_ROOT, b""]))
    elif form == "after":
        after = data.draw(st.sampled_from([flipped(after, 9), before, EMPTY_ROOT, b""]))
    elif form == "swapped":
        before, after = after, before
    elif form == "old":
        old = data.draw(st.integers(-1, size + 1).filter(lambda other: other != old))
    else:
        size = data.draw(st.sampled_from([old - 1, size * 2, 2**64]))
    with pytest.raises(ProofFails):
        check_consistency(old, size, path, before, after)


def test_a_proof_is_not_taken_for_one_in_a_smaller_ledger() -> None:
    """The tail of each path leads past the root of the smaller tree to that of the larger one."""
    with pytest.raises(ProofFails, match="too long"):
        check_inclusion(HASHES[1], 0, 1, [HASHES[0]], ROOTS[2])
    path = consistency_proof(tiles(HASHES).node, 7, 8)
    check_consistency(7, 8, path, ROOTS[7], ROOTS[8])
    with pytest.raises(ProofFails, match="too long"):
        check_consistency(3, 4, path, ROOTS[7], ROOTS[8])


@pytest.mark.parametrize("cut", [0, 1, 31, 33, 63])
def test_two_hashes_cannot_be_cut_elsewhere(cut: int) -> None:
    """A node is the hash of its children end to end, wherever one ends and the other begins."""
    both = HASHES[0] + HASHES[1]
    with pytest.raises(ProofFails, match="32 bytes"):
        check_inclusion(both[:cut], 0, 2, [both[cut:]], ROOTS[2])
    with pytest.raises(ProofFails, match="32 bytes"):
        check_consistency(1, 2, [both[cut:]], both[:cut], ROOTS[2])


@given(st.data())
def test_a_ledger_with_an_edited_past_does_not_continue_the_true_one(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    old = data.draw(st.integers(1, size))
    hashes = leaves(size)
    form = data.draw(st.sampled_from(["edit", "delete", "insert", "reorder"]))
    place = data.draw(st.integers(0, old - 1))
    forged = list(hashes)
    if form == "edit":
        forged[place] = leaf_hash(b"forged")
    elif form == "delete":
        forged = forged[:place] + forged[place + 1 :] + [leaf_hash(b"filler")]
    elif form == "insert":
        forged.insert(place, leaf_hash(b"forged"))
    else:
        assume(old > 1)
        forged[place], forged[place - 1] = forged[place - 1], forged[place]
    proof = consistency_proof(tiles(forged).node, old, len(forged))
    with pytest.raises(ProofFails):
        check_consistency(old, len(forged), proof, root_of(hashes[:old]), root_of(forged))


def test_ledgers_of_one_size_have_one_root() -> None:
    check_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT)
    check_consistency(3, 3, [], ROOTS[3], ROOTS[3])
    for old, size, path, before, after in (
        (3, 3, [], ROOTS[3], ROOTS[4]),
        (3, 3, [ROOTS[3]], ROOTS[3], ROOTS[3]),
        (0, 0, [], EMPTY_ROOT, ROOTS[1]),
        (0, 3, [], ROOTS[3], ROOTS[3]),
        (0, 3, [ROOTS[3]], EMPTY_ROOT, ROOTS[3]),
        (1, 3, [], ROOTS[1], ROOTS[3]),
    ):
        with pytest.raises(ProofFails):
            check_consistency(old, size, path, before, after)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(NoSuchLeaf):
        inclusion_proof(tiles(HASHES).node, index, size)


@pytest.mark.parametrize(("old", "size"), [(4, 3), (-1, 3)])
def test_a_ledger_does_not_continue_a_longer_one(old: int, size: int) -> None:
    with pytest.raises(NoSuchLeaf):
        consistency_proof(tiles(HASHES).node, old, size)


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        bytes(7),
        bytes(9),
        bytes(40),
        b"\xff" * 8,
        (1).to_bytes(8, "big"),
        (3).to_bytes(8, "big") + bytes(32),
    ],
    ids=lambda stored: stored.hex()[:20],
)
def test_a_damaged_head_is_refused(stored: bytes) -> None:
    with pytest.raises(BadFrontier):
        Frontier.from_bytes(stored)


def test_a_head_that_does_not_fit_its_size_is_refused() -> None:
    frontier, _ = Frontier().extend(HASHES[:5])
    with pytest.raises(BadFrontier):
        replace(frontier, size=4)
    with pytest.raises(BadFrontier):
        replace(frontier, peaks=(frontier.peaks[0], b"short"))


def test_missing_nodes_are_named() -> None:
    held = Tiles(lambda level, first, count: HASHES[first : first + count] if level == 0 else [])
    with pytest.raises(BadFrontier, match=r"\(0, 8\)"):
        held.node(0, 8)
    with pytest.raises(BadFrontier, match=r"\(8, 0\)"):
        held.node(8, 0)
