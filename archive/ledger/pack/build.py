"""Writes the ledger's part of an evidence pack: files by path, made from values only."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from archive.errors import ArchiveError
from archive.ledger.checkpoint import Checkpoint, open_checkpoint
from archive.ledger.succession import keys_at, terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.digest import Digest
    from archive.ledger.commitment import Opening
    from archive.ledger.keys import PublicKey
    from archive.ledger.note import SignedNote
    from archive.ledger.proof import Proof

MANIFEST = "manifest.sha256"

_PATH = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*(?:/[0-9A-Za-z][0-9A-Za-z._-]*)*")


class BadPack(ArchiveError):
    """Pieces do not make one evidence pack."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier checkpoint, and the path that shows the pack's own to continue it."""

    checkpoint: SignedNote
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Stamped:
    """A checkpoint as it was sent to a time stamping authority, and the answer in DER."""

    checkpoint: SignedNote
    answer: bytes


@dataclass(frozen=True, slots=True)
class LedgerEvidence:
    """What a pack says of the ledger: its keys, one checkpoint, proofs under it, and what supports it."""

    first_key: PublicKey
    checkpoint: SignedNote
    proofs: tuple[Proof, ...]
    successions: tuple[SignedNote, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    stamped: tuple[Stamped, ...] = ()
    openings: tuple[Opening, ...] = ()

    def signer(self) -> PublicKey:
        """The key that signed the checkpoint; raises `NotSigned` where none of the ledger's did."""
        size = Checkpoint.parse(self.checkpoint.text).size
        keys = keys_at(terms(self.first_key, self.successions), size)
        open_checkpoint(self.checkpoint, *keys)
        return self.checkpoint.check(keys)[0]

    def files(self) -> dict[str, bytes]:
        """The files by path, with the programs that check them; the caller adds objects and manifest.

        Raises `BadPack` where a proof is under another checkpoint, else as `Proof.check` does.
        """
        signer = self.signer()
        made = {"keys/first.vkey": f"{self.first_key}\n".encode(), "keys/ledger.pem": signer.pem.encode()}
        made |= {f"keys/{n}.succession": bytes(note) for n, note in enumerate(self.successions, 1)}
        made["ledger/checkpoint"] = bytes(self.checkpoint)
        for proof in self.proofs:
            if proof.checkpoint != self.checkpoint:
                raise BadPack(f"the proof of leaf {proof.index:,} is under another checkpoint than the pack")
            proof.check([signer])
            made[f"ledger/leaves/{proof.index}.json"] = proof.leaf
            made[f"ledger/proofs/{proof.index}.tlog-proof"] = proof.to_tlog_proof()
        for each in self.earlier:
            place = f"ledger/earlier/{_size(each.checkpoint)}"
            made[f"{place}.checkpoint"] = bytes(each.checkpoint)
            made[f"{place}.proof"] = b"".join(base64.b64encode(step) + b"\n" for step in each.path)
        for stamp in self.stamped:
            place = f"ledger/timestamps/{_size(stamp.checkpoint)}"
            made[f"{place}.stamped"] = bytes(stamp.checkpoint)
            made[f"{place}.tsr"] = stamp.answer
        made |= {f"openings/{n}.json": _opening(each) for n, each in enumerate(self.openings, 1)}
        return made | programs()


def object_path(digest: Digest) -> str:
    """Where the bytes with this digest lie in a pack."""
    return f"objects/{digest.hex}"


def programs() -> dict[str, bytes]:
    """The two programs that check a pack, as they are shipped."""
    here = files("archive.ledger.pack")
    return {name: here.joinpath(name).read_bytes() for name in ("verify.py", "verify.sh")}


def manifest(digests: Mapping[str, Digest]) -> bytes:
    """The manifest of all other files, by path, as `sha256sum -c` reads it.

    Raises `BadPack` for a path that is not plain: letters, digits, dots, dashes, underscores, slashes.
    """
    for path in digests:
        if not _PATH.fullmatch(path) or ".." in path or path == MANIFEST:
            raise BadPack(f"a file in an evidence pack cannot be called {path!r}")
    return "".join(f"{digests[path].hex}  {path}\n" for path in sorted(digests)).encode()


def _size(note: SignedNote) -> int:
    return Checkpoint.parse(note.text).size


def _opening(opening: Opening) -> bytes:
    written = {
        "commitment": str(opening.commitment),
        "salt": opening.salt.hex(),
        "value": opening.value,
    }
    return json.dumps(written, ensure_ascii=False, indent=1).encode() + b"\n"
