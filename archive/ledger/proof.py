"""A proof that one leaf is in the ledger: leaf, path and checkpoint, as our JSON or as C2SP tlog-proof."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from archive.errors import ArchiveError, ExitCode
from archive.ledger.checkpoint import Checkpoint, open_checkpoint
from archive.ledger.keys import PublicKey, read_base64
from archive.ledger.merkle import Node, check_inclusion, inclusion_proof, leaf_hash
from archive.ledger.note import SignedNote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORMAT = "claimtrail proof/1"
HEADER = "c2sp.org/tlog-proof@v1"

MAX_PROOF = 2_000_000
"""The most bytes a written proof may have."""

_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


class BadProof(ArchiveError):
    """A written proof cannot be read."""

    exit_code: ClassVar[ExitCode] = ExitCode.CHECK_FAILED


@dataclass(frozen=True, slots=True)
class Proof:
    """A leaf's bytes, its place from 0, the hashes that lead to the root, and the note that signs that root.

    `timestamps` are RFC 3161 answers over the note, in DER.
    """

    leaf: bytes
    index: int
    path: tuple[bytes, ...]
    checkpoint: SignedNote
    timestamps: tuple[bytes, ...] = ()

    def check(self, keys: Iterable[PublicKey]) -> Checkpoint:
        """The checkpoint that the leaf is under, signed by one of the keys.

        Raises `NotSigned`, `BadCheckpoint` or `ProofFails`. Time stamps are not looked at.
        """
        checkpoint = open_checkpoint(self.checkpoint, *keys)
        check_inclusion(leaf_hash(self.leaf), self.index, checkpoint.size, self.path, checkpoint.root)
        return checkpoint

    def to_json(self) -> bytes:
        """The proof as `claimtrail prove` prints it."""
        written = {
            "format": FORMAT,
            "leaf": self.leaf.decode(),
            "index": self.index,
            "path": [base64.b64encode(step).decode() for step in self.path],
            "checkpoint": bytes(self.checkpoint).decode(),
            "timestamps": [base64.b64encode(each).decode() for each in self.timestamps],
        }
        return json.dumps(written, ensure_ascii=False, indent=1).encode() + b"\n"

    @classmethod
    def from_json(cls, written: bytes) -> Self:
        """Read what `to_json` wrote; raises `BadProof`, or `BadNote` where the checkpoint is none."""
        try:
            members = _members(written)
            if members.pop("format") != FORMAT:
                raise ValueError("another format")  # noqa: TRY301 all that is wrong is told in one place
            return cls(
                leaf=members.pop("leaf").encode(),
                index=_whole(members.pop("index")),
                path=tuple(map(read_base64, members.pop("path"))),
                checkpoint=SignedNote.parse(members.pop("checkpoint").encode()),
                timestamps=tuple(map(read_base64, members.pop("timestamps"))),
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadProof(f"not a proof that we can read: {error}") from error

    def to_tlog_proof(self) -> bytes:
        """The proof for tools that read C2SP tlog-proof; the leaf itself is not in it."""
        steps = "".join(f"{base64.b64encode(step).decode()}\n" for step in self.path)
        return f"{HEADER}\nindex {self.index}\n{steps}\n".encode() + bytes(self.checkpoint)

    @classmethod
    def from_tlog_proof(cls, written: bytes, leaf: bytes) -> Self:
        """Read a C2SP tlog-proof for this leaf; extra material in it is passed over. Raises `BadProof`."""
        if len(written) > MAX_PROOF:
            raise BadProof(f"a proof of {len(written):,} bytes is too long")
        head, blank, note = written.partition(b"\n\n")
        try:
            header, *lines = head.decode().split("\n")
            if lines and lines[0].startswith("extra "):
                read_base64(lines.pop(0).removeprefix("extra "))
            index = _INDEX.fullmatch(lines.pop(0)) if lines else None
            path = tuple(map(read_base64, lines))
        except ValueError as error:
            raise BadProof(f"not a proof that we can read: {error}") from error
        if header != HEADER or not index or not blank:
            raise BadProof(f"not a proof that we can read: it should begin with {HEADER} and the index")
        return cls(leaf, int(index.group(1)), path, SignedNote.parse(note))


def prove(node: Node, leaf: bytes, index: int, checkpoint: SignedNote) -> Proof:
    """The proof that this leaf is at `index` under the checkpoint, from the ledger's nodes."""
    size = Checkpoint.parse(checkpoint.text).size
    return Proof(leaf, index, tuple(inclusion_proof(node, index, size)), checkpoint)


def _members(written: bytes) -> dict[str, Any]:
    """The members of a JSON object, none of them twice."""
    if len(written) > MAX_PROOF:
        raise ValueError(f"{len(written):,} bytes are too many")
    members = json.loads(written, object_pairs_hook=_once)
    if not isinstance(members, dict):
        raise TypeError("not an object")
    return members


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member twice")
    return members


def _whole(number: object) -> int:
    if type(number) is not int:
        raise TypeError(f"{number!r} is not a place in the ledger")
    return number
