"""The stand-alone verifier's own arithmetic: Ed25519 after RFC 8032 with its vectors, and the tree."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.ledger import merkle
from archive.ledger.keys import PublicKey
from archive.ledger.pack import verify

# RFC 8032, section 7.1: public key, message, signature of tests 1, 2, 3 and SHA(abc).
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]

# "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko 2020), its published cases: what each is, whether
# it may pass here, message, public key, signature.
EDGES = [
    (
        "key of small order, S = 0",
        False,
        "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        (
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"
            "0000000000000000000000000000000000000000000000000000000000000000"
        ),
    ),
    (
        "key of small order",
        False,
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        (
            "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
            "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04"
        ),
    ),
    (
        "R of small order",
        True,
        "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        (
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
            "8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e"
        ),
    ),
    (
        "mixed orders, passes with and without the cofactor",
        True,
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        (
            "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f"
            "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009"
        ),
    ),
    (
        "passes with the cofactor only",
        False,
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        (
            "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
            "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09"
        ),
    ),
    (
        "passes with the cofactor only, other order of steps",
        False,
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        (
            "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7"
            "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405"
        ),
    ),
    (
        "S above the order",
        False,
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        (
            "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
            "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514"
        ),
    ),
    (
        "S far above the order",
        False,
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        (
            "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942"
            "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22"
        ),
    ),
    (
        "R not canonical",
        False,
        "fdaebc429f4a735932a160da1301080c13280eea8bc280d1b392c6b9e6ba3a5a",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        (
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            "454d370c8d9fc323a41450f8d513eafeb5b0697390c1e505a0d4ddc71f566607"
        ),
    ),
    (
        "R not canonical, hashed as it is",
        False,
        "84b698d39be126ff55fe45079e6c8bf64a0d7db6994560b4e96b7021eb39c1a1",
        "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43",
        (
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            "084d5b99c2a9463d9c8bd5026916996984eeec87ddf1d3be329006ace1b37b09"
        ),
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_vectors_of_rfc_8032(key: str, message: str, signature: str) -> None:
    given_parts = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify.signed(*given_parts)
    for place, part in enumerate(given_parts):
        for at in range(0, len(part), 7):
            changed = part[:at] + bytes([part[at] ^ 0x10]) + part[at + 1 :]
            assert not verify.signed(*given_parts[:place], changed, *given_parts[place + 1 :])


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_a_signature_cannot_be_rewritten(key: str, message: str, signature: str) -> None:
    """S and S plus the order satisfy the same equation; only the lower one is a signature."""
    half, s = bytes.fromhex(signature)[:32], int.from_bytes(bytes.fromhex(signature)[32:], "little")
    for times in range(1, 15):
        again = half + (s + times * verify.ORDER).to_bytes(32, "little")
        assert not verify.signed(bytes.fromhex(key), bytes.fromhex(message), again)


@pytest.mark.parametrize(
    ("passes", "message", "key", "signature"), [case[1:] for case in EDGES], ids=[case[0] for case in EDGES]
)
def test_published_edge_cases(passes: bool, message: str, key: str, signature: str) -> None:
    parts = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify.signed(*parts) == passes


@pytest.mark.parametrize(
    "encoded",
    [
        (1).to_bytes(32, "little"),
        (verify.P - 1).to_bytes(32, "little"),
        bytes(32),
        bytes(31) + b"\x80",
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ],
)
def test_a_key_of_small_order_signs_nothing(encoded: bytes) -> None:
    """The identity as R and S = 0 would pass under such a key for one message in eight, or for all."""
    for n in range(32):
        assert not verify.signed(encoded, b"%d" % n, (1).to_bytes(32, "little") + bytes(32))


@pytest.mark.parametrize("y", [verify.P, verify.P + 1, verify.P + 18, 2**255 - 1])
def test_a_point_has_one_encoding(y: int) -> None:
    for sign in (0, 1):
        assert verify.decode((y | sign << 255).to_bytes(32, "little")) is None
    assert verify.decode((1 | 1 << 255).to_bytes(32, "little")) is None
    assert verify.decode(bytes(31)) is None


@settings(max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.data())
def test_it_agrees_with_openssl(seed: bytes, message: bytes, data: st.DataObject) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert verify.signed(key, message, signature)
    place = data.draw(st.integers(0, 95))
    parts = bytearray(key + signature)
    parts[place] ^= 1 << data.draw(st.integers(0, 7))
    key, signature = bytes(parts[:32]), bytes(parts[32:])
    assert not verify.signed(key, message, signature)
    assert not PublicKey("k", key).verifies(message, signature)


@given(st.data())
def test_its_tree_agrees_with_the_archive_s_own(data: st.DataObject) -> None:
    """The same verdict on the same path, be it true or tampered with."""
    size = data.draw(st.integers(1, 40))
    leaves = [b"%d" % n for n in range(size)]
    hashes = [merkle.leaf_hash(leaf) for leaf in leaves]
    runs = merkle.Frontier().extend(hashes)[1]
    nodes = {(run.level, run.first + n): value for run in runs for n, value in enumerate(run.hashes)}
    old = data.draw(st.integers(0, size))
    index = data.draw(st.integers(0, size - 1))
    consistency = merkle.consistency_proof(lambda *place: nodes[place], old, size)
    inclusion = merkle.inclusion_proof(lambda *place: nodes[place], index, size)
    if data.draw(st.booleans()):
        pool = st.sampled_from([*hashes, *consistency, *inclusion, b"short"])
        consistency = data.draw(st.just(consistency[1:]) | st.lists(pool, max_size=6))
        inclusion = data.draw(st.just(inclusion[1:]) | st.lists(pool, max_size=6))
        old = data.draw(st.integers(0, size + 1))
    before = verify.Checkpoint("o", old, merkle.root_of(hashes[:old]))
    after = verify.Checkpoint("o", size, merkle.root_of(hashes))
    assert verify.continues(before, after, consistency) == passes(
        merkle.check_consistency, old, size, consistency, before.root, after.root
    )
    assert verify.included(leaves[index], index, size, inclusion, after.root) == passes(
        merkle.check_inclusion, hashes[index], index, size, inclusion, after.root
    )


def passes(check: object, *arguments: object) -> bool:
    assert callable(check)
    try:
        check(*arguments)
    except merkle.ProofFails:
        return False
    return True
