#!/usr/bin/env python3
"""Checks an evidence pack: needs Python 3.8 or later and nothing else, no network, no trust in who made it.

    python3 verify.py [FOLDER] [--fingerprint SHA256] [--checkpoint FILE] [--witness KEY]
    python3 verify.py PROOF.json --key KEY [--witness KEY]

Give what you have from elsewhere than this pack: the fingerprint of the ledger's key, a checkpoint that you
or somebody kept, the key of a witness. Without them the pack can only be shown to agree with itself.

It ends with 0 where nothing failed, 1 where something did, 2 where it could not begin. The pack's layout and
the formats are public: RFC 9162 (Merkle tree), RFC 8032 (Ed25519), and c2sp.org (signed-note,
tlog-checkpoint, tlog-cosignature, tlog-proof).
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import hmac
import json
import re
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterable, Iterator, NamedTuple, Sequence  # noqa: UP035 Python 3.8 has no others

MANIFEST = "manifest.sha256"
SUCCESSION = "claimtrail key succession/1"
COMMITMENT = b"claimtrail commitment/1\n"
BATCH = b"claimtrail fixity batch/1\n"
DASH = "\u2014 "
SHA256_OID = re.escape(bytes.fromhex("0609608648016503040201"))
SPKI = bytes.fromhex("302a300506032b6570032100")
SMALL, RECORDS = 2_000_000, 200_000_000
MAX_SIZE = 2**63 - 1
NOTE, COSIGNATURE = 1, 4


class Refused(Exception):
    """Something in the pack is not what it should be; the message says what."""


# --- Ed25519, after RFC 8032, section 5.1

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = Any  # four integers X, Y, Z, T with x = X/Z, y = Y/Z, x*y = T/Z


def add(p: Point, q: Point) -> Point:
    """The sum of two points (section 5.1.4)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply(number: int, point: Point) -> Point:
    """A point added to itself so many times."""
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def encode(point: Point) -> bytes:
    """The 32 bytes of a point (section 5.1.2)."""
    inverse = pow(point[2], P - 2, P)
    x: int = point[0] * inverse % P
    y: int = point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode(encoded: bytes) -> Point:
    """The point that 32 bytes stand for, None where they stand for none (section 5.1.3)."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if len(encoded) != 32 or y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x + u) % P == 0:
        x = x * ROOT_OF_MINUS_ONE % P
    if (v * x * x - u) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key made the signature (section 5.1.7).

    Stricter than the text where it leaves a choice: S must be below the order, so that a signature cannot be
    rewritten; encodings must be the only ones of their points; a key of small order, which would accept
    what nobody signed, is none.
    """
    point = decode(key)
    if point is None or len(signature) != 64 or encode(multiply(8, point)) == encode((0, 1, 1, 0)):
        return False
    half, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(half + key + message).digest(), "little") % ORDER
    minus = (P - point[0], point[1], 1, P - point[3])
    return encode(add(multiply(s, BASE), multiply(k, minus))) == half


# --- The Merkle tree, after RFC 9162, section 2.1


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def result_for(digest: str, result: bytes) -> str | None:
    """What one result of a run says of an object, in words; None where it says nothing of it.

    It is a batch of objects found intact, whose SHA-256 values of 32 bytes stand one after another below a
    line with the batch's number, time, objects and bytes, or one other outcome in JSON.
    """
    if result.startswith(BATCH):
        head, _, values = result[len(BATCH) :].partition(b"\n")
        wanted = bytes.fromhex(digest[len("sha256:") :])
        if wanted in (values[at : at + 32] for at in range(0, len(values), 32)):
            return f"intact at {head.decode().split()[1]}"
        return None
    said = json.loads(result.decode())
    return f"{said['verdict']} at {said['at']}" if said["object"] == digest else None


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf at this place to the root (section 2.1.3.2)."""
    if not 0 <= index < size or any(len(step) != 32 for step in path):
        return False
    at, last, reached = index, size - 1, leaf_hash(leaf)
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            reached = node_hash(step, reached)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            reached = node_hash(reached, step)
        at, last = at >> 1, last >> 1
    return last == 0 and reached == root


def continues(old: Checkpoint, new: Checkpoint, path: Sequence[bytes]) -> bool:
    """Whether the path shows the newer ledger to begin with the older one unchanged (section 2.1.4.2)."""
    if old.size > new.size or any(len(step) != 32 for step in path):
        return False
    if old.size == new.size:
        return not path and old.root == new.root
    if old.size == 0:
        return not path
    if not path:
        return False
    steps = list(path) if old.size & (old.size - 1) else [old.root, *path]
    at, last = old.size - 1, new.size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, step)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old.root and after == new.root


# --- Notes, keys and checkpoints, after c2sp.org


class Key(NamedTuple):
    """A named key; its kind is 1 for notes, 4 for cosignatures."""

    name: str
    value: bytes
    kind: int

    @property
    def identifier(self) -> bytes:
        """Four bytes that name the key in a signature."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.value).digest()[:4]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key in DER."""
        return hashlib.sha256(SPKI + self.value).hexdigest()

    @property
    def pem(self) -> str:
        """The key as openssl reads it."""
        body = base64.b64encode(SPKI + self.value).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"

    @property
    def line(self) -> str:
        """The key as it is written."""
        material = base64.b64encode(bytes([self.kind]) + self.value).decode()
        return f"{self.name}+{self.identifier.hex()}+{material}"


class Note(NamedTuple):
    """A text, and (name, identifier, signature) for each line under it."""

    text: str
    lines: list[tuple[str, bytes, bytes]]


class Checkpoint(NamedTuple):
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes


class Term(NamedTuple):
    """A key and the sizes of the ledger that it signs for."""

    key: Key
    begins: int
    ends: int


def unbase64(text: str) -> bytes:
    """Bytes from base64, written in the one right way."""
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise Refused(f"not base64: {shown(text)}") from None
    if base64.b64encode(value).decode() != text:
        raise Refused(f"not base64 as it should be: {shown(text)}")
    return value


def read_key(text: str) -> Key:
    """A key from `name+id+base64`."""
    parts = text.strip().split("+", 2)
    material = unbase64(parts[2]) if len(parts) == 3 else b""
    if len(material) != 33 or material[0] not in (NOTE, COSIGNATURE):
        raise Refused(f"not a key: {shown(text)}")
    key = Key(parts[0], material[1:], material[0])
    if key.line != text.strip() or not key.name or any(c.isspace() for c in key.name):
        raise Refused(f"not a key: {shown(text)}")
    return key


def read_note(stored: bytes) -> Note:
    """A signed note; its signatures are not looked at yet."""
    try:
        text, blank, lines = stored.decode().rpartition("\n\n")
    except UnicodeDecodeError:
        raise Refused("a note is not UTF-8") from None
    if not blank or not lines.endswith("\n"):
        raise Refused("a note does not end in a blank line and signatures")
    found = []
    for line in lines[:-1].split("\n"):
        name, _, encoded = line[len(DASH) :].partition(" ")
        value = unbase64(encoded)
        if not line.startswith(DASH) or len(value) < 5:
            raise Refused(f"not a signature: {shown(line)}")
        found.append((name, value[:4], value[4:]))
    return Note(text + "\n", found)


def signers(note: Note, keys: Iterable[Key]) -> list[Key]:
    """Which of the keys signed the note; a false signature in the name of one of them is refused."""
    found = []
    for key in keys:
        for name, identifier, signature in note.lines:
            if (name, identifier) == (key.name, key.identifier):
                if not signed(key.value, note.text.encode(), signature):
                    raise Refused(f"a signature said to be by {shown(key.name)} is false")
                found.append(key)
    return found


def read_checkpoint(note: Note, terms: Sequence[Term]) -> Checkpoint:
    """What a checkpoint says, once a key that may sign it is seen to have signed it."""
    lines = note.text.split("\n")
    if len(lines) < 4 or not re.match(r"(0|[1-9][0-9]{0,18})\Z", lines[1]) or int(lines[1]) > MAX_SIZE:
        raise Refused("a checkpoint is not origin, size and root")
    found = Checkpoint(lines[0], int(lines[1]), unbase64(lines[2]))
    keys = [term.key for term in terms if term.begins <= found.size <= term.ends]
    if len(found.root) != 32 or not signers(note, keys):
        raise Refused(f"the checkpoint over {found.size:,} leaves is not signed by a key that may sign it")
    if found.origin != keys[0].name:
        raise Refused(f"a checkpoint of another ledger: {shown(found.origin)}")
    return found


def witnessed(note: Note, key: Key) -> int | None:
    """When a witness saw the checkpoint, in seconds since 1970; None where it did not sign."""
    key = Key(key.name, key.value, COSIGNATURE)
    for name, identifier, value in note.lines:
        if (name, identifier) == (key.name, key.identifier):
            seconds = int.from_bytes(value[:8], "big")
            message = f"cosignature/v1\ntime {seconds}\n{note.text}".encode()
            if not signed(key.value, message, value[8:]):
                raise Refused(f"a cosignature said to be by {shown(key.name)} is false")
            return seconds
    return None


# --- The pack


class Findings:
    """What was shown, what was not, and what failed, in words."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.not_shown: list[str] = []
        self.failed: list[str] = []

    def print(self, as_json: bool) -> int:
        """Write them out; the exit status."""
        if as_json:
            found = {"type": "check", "failed": self.failed, "shown": self.shown, "not_shown": self.not_shown}
            sys.stdout.write(json.dumps(found) + "\n")
            return 1 if self.failed else 0
        parts = {"FAILED": self.failed, "Shown": self.shown, "Not shown": self.not_shown}
        for title, lines in parts.items():
            if lines:
                sys.stdout.write("".join([f"\n{title}:\n", *(f"  - {line}\n" for line in lines)]))
        if self.failed:
            sys.stdout.write("\nThis pack does not show what it should.\n")
        else:
            sys.stdout.write("\nNothing failed. Read what was not shown before you rely on the rest.\n")
        return 1 if self.failed else 0


class Pack:
    """A folder that is being checked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digests: dict[str, str] = {}
        self.terms: list[Term] = []
        self.note: Note | None = None
        self.checkpoint = Checkpoint("", 0, b"")
        self.leaves: dict[int, bytes] = {}
        self.known: dict[int, tuple[Checkpoint, list[bytes]]] = {}

    def small(self, path: str, limit: int = SMALL) -> bytes:
        """A file of the ledger's part, which is never large."""
        with (self.folder / path).open("rb") as stream:
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise Refused(f"{path} is too large")
        return content

    def named(self, pattern: str) -> Iterator[tuple[int, str]]:
        """The files whose path fits, by the number in their name."""
        found = [(m, path) for path in self.digests for m in [re.match(pattern + r"\Z", path)] if m]
        return iter(sorted((int(match.group(1)), path) for match, path in found))

    def read_manifest(self) -> dict[str, str]:
        """The digests that the manifest gives, by path."""
        listed: dict[str, str] = {}
        *lines, rest = self.small(MANIFEST).decode("ascii", "replace").split("\n")
        for line in [*lines, rest] if rest else lines:
            match = re.match(r"([0-9a-f]{64})  ([0-9A-Za-z][0-9A-Za-z._/-]*)\Z", line)
            if not match or ".." in match.group(2) or match.group(2) in listed:
                raise Refused(f"{MANIFEST} has a line that should not be there: {shown(line)}")
            listed[match.group(2)] = match.group(1)
        return listed

    def hash_files(self) -> None:
        """Read every file once; nothing is read through a link, or from what is no file."""
        found = sorted(self.folder.rglob("*"))
        for path in found:
            if path.is_symlink() or not (path.is_dir() or path.is_file()):
                raise Refused(f"{shown(path.name)} is neither a file nor a folder")
        for path in found:
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and name != MANIFEST:
                self.digests[name] = digest(path)

    def check_manifest(self, findings: Findings) -> None:
        """Compare the files with the manifest, both ways."""
        self.hash_files()
        listed = self.read_manifest()
        for name in sorted(set(listed) | set(self.digests)):
            if name not in self.digests:
                findings.failed.append(f"{name} is missing")
            elif name not in listed:
                findings.failed.append(f"{shown(name)} is not in {MANIFEST}: somebody added it")
            elif listed[name] != self.digests[name]:
                findings.failed.append(
                    f"{name} is not as {MANIFEST} says, its SHA-256 is {self.digests[name]}"
                )
        if not findings.failed:
            findings.shown.append(f"The pack is whole: {len(listed)} files are as its manifest lists them.")

    def read_keys(self) -> None:
        """Follow the keys of the ledger from the first to the last."""
        self.terms = [Term(read_key(self.small("keys/first.vkey").decode()), 0, MAX_SIZE)]
        for _, path in self.named(r"keys/([1-9][0-9]{0,5})\.succession"):
            note, old = read_note(self.small(path)), self.terms[-1]
            lines = note.text.split("\n")
            if len(lines) != 5 or lines[0] != SUCCESSION or lines[2] != old.key.line:
                raise Refused(f"{path} is not the note by which the key before it was followed")
            if not re.match(r"[0-9]{1,18}\Z", lines[1]) or int(lines[1]) < old.begins:
                raise Refused(f"{path} does not say from when the new key is used")
            new = read_key(lines[3])
            if new.name != old.key.name or signers(note, [old.key, new]) != [old.key, new]:
                raise Refused(f"{path} is not signed by both the old and the new key")
            self.terms[-1] = Term(old.key, old.begins, int(lines[1]))
            self.terms.append(Term(new, int(lines[1]), MAX_SIZE))

    def check_checkpoint(self, findings: Findings, fingerprint: str | None) -> None:
        """Who signed the checkpoint, and whether that is whom the reader knows."""
        note = read_note(self.small("ledger/checkpoint"))
        self.checkpoint = read_checkpoint(note, self.terms)
        keys = [term.key for term in self.terms]
        signer = signers(note, keys)[-1]
        if self.small("keys/ledger.pem").decode("ascii", "replace") != signer.pem:
            findings.failed.append("keys/ledger.pem is not the key that signed the checkpoint")
        findings.shown.append(
            f"The ledger {shown(self.checkpoint.origin)} had {self.checkpoint.size:,} leaves under one root, "
            f"and the key {signer.fingerprint} signed that."
        )
        known = [key for key in keys if key.fingerprint == fingerprint]
        if fingerprint is None:
            findings.not_shown.append(
                "Whose key that is. It came with the pack, and whoever made the pack can have made the key: "
                "ask the archive, or look where it publishes it, and run this again with --fingerprint."
            )
        elif not known or keys.index(known[0]) > keys.index(signer):
            findings.failed.append(f"the checkpoint was not signed by the key that you gave, {fingerprint}")
        else:
            findings.shown.append("That is the key that you gave, or one to which it passed its name on.")

    def check_leaves(self, findings: Findings) -> None:
        """Each leaf under the checkpoint's root."""
        for index, path in self.named(r"ledger/leaves/(0|[1-9][0-9]{0,18})\.json"):
            leaf = self.small(path)
            try:
                proof = self.small(f"ledger/proofs/{index}.tlog-proof")
            except OSError:
                findings.failed.append(f"leaf {index} has no proof")
                continue
            if self.is_proved(leaf, index, proof):
                self.leaves[index] = leaf
                findings.shown.append(f"Leaf {index} was in the ledger by then: {shown(leaf.decode())}")
            else:
                findings.failed.append(f"leaf {index} does not lead to the root that was signed")

    def is_proved(self, leaf: bytes, index: int, proof: bytes) -> bool:
        """Whether a C2SP tlog-proof shows the leaf at this place under the checkpoint."""
        head, _, note = proof.partition(b"\n\n")
        lines = [line for line in head.decode("ascii", "replace").split("\n") if line[:6] != "extra "]
        if lines[:2] != ["c2sp.org/tlog-proof@v1", f"index {index}"]:
            raise Refused(f"the proof of leaf {index} is not one that we can read")
        path = [unbase64(line) for line in lines[2:]]
        if note != self.small("ledger/checkpoint"):
            raise Refused(f"the proof of leaf {index} is under another checkpoint")
        return included(leaf, index, self.checkpoint.size, path, self.checkpoint.root)

    def named_by_leaves(self) -> dict[str, list[int]]:
        """The digests that proved leaves name, and which leaves do."""
        named: dict[str, list[int]] = {}
        for index, leaf in self.leaves.items():
            for text in set(strings(json.loads(leaf.decode()))):
                for found in re.findall(r"\bsha256:([0-9a-f]{64})\b", text):
                    named.setdefault(found, []).append(index)
        return named

    def check_files(self, findings: Findings) -> None:
        """Each file whose digest a proved leaf names, each object, and what no leaf speaks of."""
        named, own = self.named_by_leaves(), []
        for path, value in sorted(self.digests.items()):
            is_object = path.startswith("objects/")
            if is_object and path != f"objects/{value}":
                findings.failed.append(f"{path} does not have the SHA-256 it is named by, but {value}")
            elif re.match(r"(records|fixity)/", path):
                continue
            elif value in named:
                where = ", ".join(map(str, sorted(set(named[value]))))
                findings.shown.append(f"The bytes of {path} have not changed since leaf {where} was written.")
            elif is_object or path.startswith("texts/"):
                findings.failed.append(f"{path} is named by no leaf that was shown")
            elif not re.match(r"(keys|ledger|openings)/|verify\.(py|sh)\Z", path):
                own.append(path)
        for index, member, value in self.absent():
            findings.not_shown.append(
                f"The {member} that leaf {index} names, sha256:{value}: it is not here."
            )
        if own:
            findings.not_shown.append(
                f"Anything about {', '.join(own)}: no leaf here names them, they are its maker's word."
            )

    def absent(self) -> Iterator[tuple[int, str, str]]:
        """The objects and texts that leaves name and that are not in the pack."""
        here = set(self.digests.values())
        for index, leaf in sorted(self.leaves.items()):
            said = json.loads(leaf.decode())
            for member in ("object", "container", "text"):
                match = re.match(r"sha256:([0-9a-f]{64})\Z", str(said.get(member)))
                if match and match.group(1) not in here:
                    yield index, member, match.group(1)

    def check_records(self, findings: Findings) -> None:
        """The rows of the catalogue that leaves stand for: each file by table under its leaf's number."""
        held: dict[int, dict[str, str]] = {}
        for path, value in self.digests.items():
            match = re.match(r"records/(0|[1-9][0-9]{0,18})/([a-z_]+)\.jsonl\Z", path)
            if match:
                held.setdefault(int(match.group(1)), {})[match.group(2)] = f"sha256:{value}"
            elif path.startswith("records/"):
                findings.failed.append(f"{path} is no record of any leaf")
        for index, leaf in sorted(self.leaves.items()):
            if held and index not in held and json.loads(leaf.decode()).get("rows"):
                findings.not_shown.append(f"What was recorded with leaf {index}: it is not here.")
        for index, tables in sorted(held.items()):
            bound = json.loads(self.leaves.get(index, b"{}").decode()).get("rows", {})
            wrong = [name for name in sorted({*tables, *bound}) if tables.get(name) != bound.get(name)]
            for name in wrong:
                findings.failed.append(f"records/{index}/{name}.jsonl is not what leaf {index} is bound to")
            if not wrong:
                findings.shown.append(
                    f"What was recorded with leaf {index} has not changed since: {', '.join(sorted(tables))}."
                )

    def check_results(self, findings: Findings) -> None:
        """Single results of runs of the integrity check, each under the root that the run's leaf names."""
        for path in sorted(self.digests):
            if not path.startswith("fixity/"):
                continue
            said = json.loads(self.small(path).decode())
            content, steps = unbase64(said["result"]), [unbase64(step) for step in said["path"]]
            results = json.loads(self.leaves.get(said["leaf"], b"{}").decode()).get("results", {})
            root, size = bytes.fromhex(results.get("root", "")), results.get("leaves", 0)
            found = result_for(said["object"], content)
            fits = size == said["size"] and included(content, said["index"], size, steps, root)
            if found is None or not fits:
                findings.failed.append(f"{path} is no result of the run that leaf {said['leaf']} ends")
            else:
                findings.shown.append(
                    f"A check, ended by leaf {said['leaf']}, found {shown(said['object'][:23])}... {shown(found)}."
                )

    def check_openings(self, findings: Findings) -> None:
        """What stands behind commitments in the leaves."""
        everything = {text for leaf in self.leaves.values() for text in strings(json.loads(leaf.decode()))}
        everything |= self.committed()
        for _, path in self.named(r"openings/([1-9][0-9]{0,5})\.json"):
            opening = json.loads(self.small(path).decode())
            salt = bytes.fromhex(opening["salt"])
            value = COMMITMENT + opening["value"].encode()
            commitment = "hmac-sha256:" + hmac.new(salt, value, "sha256").hexdigest()
            if len(salt) != 32 or commitment != opening["commitment"] or commitment not in everything:
                findings.failed.append(f"{path} does not open a commitment of any leaf shown")
            else:
                findings.shown.append(f"The commitment {commitment[:24]}... is to {shown(opening['value'])}.")

    def committed(self) -> set[str]:
        """The commitments in the rows that leaves stand for."""
        found: set[str] = set()
        for path in self.digests:
            if path.startswith("records/"):
                found |= set(
                    re.findall(
                        r"hmac-sha256:[0-9a-f]{64}", self.small(path, RECORDS).decode("utf-8", "replace")
                    )
                )
        return found

    def check_earlier(self, findings: Findings) -> None:
        """That the ledger continues each earlier checkpoint in the pack."""
        self.known[self.checkpoint.size] = (self.checkpoint, [])
        for size, path in self.named(r"ledger/earlier/(0|[1-9][0-9]{0,18})\.checkpoint"):
            lines = self.small(f"ledger/earlier/{size}.proof").decode("ascii", "replace").split("\n")
            steps = [unbase64(line) for line in lines[:-1]]
            old = read_checkpoint(read_note(self.small(path)), self.terms)
            if old.size != size or not continues(old, self.checkpoint, steps):
                findings.failed.append(f"the ledger does not continue its checkpoint over {size:,} leaves")
            else:
                self.known[size] = (old, steps)
                findings.shown.append(f"The ledger continues, unchanged, the one of {size:,} leaves.")

    def check_kept(self, findings: Findings, kept: Iterable[Path]) -> None:
        """Whether the ledger is the one that the reader's own checkpoints sign."""
        agrees = False
        for path in kept:
            own = read_checkpoint(read_note(path.read_bytes()), self.terms)
            what = f"{shown(path.name)} ({own.size:,} leaves)"
            if own.size not in self.known:
                findings.not_shown.append(
                    f"That this ledger and that of {what} are the same: the pack has no proof between them."
                )
            elif continues(own, self.checkpoint, self.known[own.size][1]):
                agrees = True
                findings.shown.append(
                    f"The ledger continues, unchanged, that of the checkpoint you kept, {what}."
                )
            else:
                findings.failed.append(
                    f"the ledger is not the one that you kept a checkpoint of, {what}: its history was "
                    "rewritten, or different people are shown different ones"
                )
        if not agrees:
            findings.not_shown.append(
                "That the archive did not rewrite its whole history and sign it again, or show others "
                "another: a checkpoint kept elsewhere shows that (--checkpoint), or a witness (--witness)."
            )

    def check_witnesses(self, findings: Findings, witnesses: Iterable[Key]) -> None:
        """Who else says when the checkpoint was there."""
        note = self.note or read_note(self.small("ledger/checkpoint"))
        timed = False
        for key in witnesses:
            seconds = witnessed(note, key)
            if seconds is None:
                findings.not_shown.append(f"That {shown(key.name)} saw the checkpoint: it did not sign it.")
            else:
                timed = True
                findings.shown.append(f"{shown(key.name)} saw this checkpoint by {when(seconds)}.")
        if not timed:
            findings.not_shown.append(
                "When any of this happened: times in leaves are the archive's own word. The ledger shows "
                "their order; a witness or a time stamp shows by when they were written."
            )

    def check_stamps(self, findings: Findings) -> None:
        """That each time stamp is over a checkpoint of this ledger; its signature is for `openssl`."""
        for size, path in self.named(r"ledger/timestamps/(0|[1-9][0-9]{0,18})\.stamped"):
            stamped, answer = self.small(path), path[: -len("stamped")] + "tsr"
            imprint = SHA256_OID + rb"(\x05\x00)?\x04\x20" + re.escape(hashlib.sha256(stamped).digest())
            old = read_checkpoint(read_note(stamped), self.terms)
            if not re.search(imprint, self.small(answer), re.DOTALL):
                findings.failed.append(f"{answer} is not over the checkpoint beside it")
            elif old.size != size or size not in self.known or self.known[size][0] != old:
                findings.failed.append(
                    f"{path} is not a checkpoint of which the pack shows that it is this ledger's"
                )
            else:
                findings.not_shown.append(
                    f"That the time stamp over {size:,} leaves is true. It is over a checkpoint of this "
                    "ledger; whether the authority signed it, its certificate shows: openssl ts -verify "
                    f"-in {answer} -data {path} -CAfile ../tsa.pem"
                )


def strings(value: Any) -> Iterator[str]:
    """Every string in a value read from JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def digest(path: Path) -> str:
    """The SHA-256 of a file of any size."""
    total = hashlib.sha256()
    with path.open("rb") as stream:
        for part in iter(lambda: stream.read(1 << 20), b""):
            total.update(part)
    return total.hexdigest()


def when(seconds: int) -> str:
    """A time in UTC."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).isoformat()  # noqa: UP017 Python 3.8
    except (ValueError, OverflowError, OSError):
        raise Refused(f"there is no time {seconds}") from None


def shown(text: str) -> str:
    """A text from the pack with nothing in it that a terminal would obey."""
    plain = ascii(text)[1:-1]
    return plain if len(plain) <= 400 else plain[:400] + "..."


def check(options: argparse.Namespace) -> Findings:
    """All checks, one after the other; what makes the next ones impossible ends them."""
    findings, pack = Findings(), Pack(options.folder)
    try:
        witnesses = [read_key(each) for each in options.witness]
        pack.check_manifest(findings)
        pack.read_keys()
        pack.check_checkpoint(findings, options.fingerprint)
        pack.check_leaves(findings)
        pack.check_files(findings)
        pack.check_records(findings)
        pack.check_results(findings)
        pack.check_openings(findings)
        pack.check_earlier(findings)
        pack.check_kept(findings, options.checkpoint)
        pack.check_witnesses(findings, witnesses)
        pack.check_stamps(findings)
    except Refused as refused:
        findings.failed.append(str(refused))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        findings.failed.append(f"the pack could not be read to its end: {shown(str(error))}")
    if not pack.leaves and not findings.failed:
        findings.failed.append("the pack has no leaf of the ledger: it shows nothing")
    findings.not_shown.append(
        "That a page existed, that it was published by whom it names, or that what it says is true: only "
        "that these bytes were received and recorded as the leaves say."
    )
    return findings


def read_proof(pack: Pack, options: argparse.Namespace) -> str:
    """One proof, as `claimtrail prove` writes it, checked with the ledger's key; what it shows."""
    if options.key is None:
        raise Refused("a single proof needs the ledger's key, which does not come with it: --key KEY")
    said = json.loads(pack.small(options.folder.name).decode())
    if said["format"] != "claimtrail proof/1":
        raise Refused("not a proof that we can read")
    pack.note = read_note(said["checkpoint"].encode())
    found = read_checkpoint(pack.note, [Term(read_key(options.key), 0, MAX_SIZE)])
    path = [unbase64(step) for step in said["path"]]
    if not included(said["leaf"].encode(), said["index"], found.size, path, found.root):
        raise Refused(f"leaf {said['index']} does not lead to the root that was signed")
    return (
        f"Leaf {said['index']} was in the ledger {shown(found.origin)} when it had {found.size:,} leaves, "
        f"and the key that you gave signed that: {shown(said['leaf'])}"
    )


def check_proof(options: argparse.Namespace) -> Findings:
    """A single proof, and the witnesses under its checkpoint; time stamps in it are not looked at."""
    findings, pack = Findings(), Pack(options.folder.parent)
    try:
        findings.shown.append(read_proof(pack, options))
        pack.check_witnesses(findings, [read_key(each) for each in options.witness])
    except Refused as refused:
        findings.failed.append(str(refused))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        findings.failed.append(f"the proof could not be read: {shown(str(error))}")
    findings.not_shown.append(
        "That time stamps in it are true (an evidence pack says how to check them), that the archive did not "
        "rewrite its whole history and sign it again, that a page existed, that it was published by whom it "
        "names, or that what it says is true."
    )
    return findings


def fingerprint(text: str) -> str:
    """A fingerprint as a person may have written it down."""
    plain = re.sub(r"\Asha256:|[:\s]", "", text.strip().lower())
    if not re.match(r"[0-9a-f]{64}\Z", plain):
        raise argparse.ArgumentTypeError("a fingerprint is 64 hexadecimal digits")
    return plain


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, check, and say what was found."""
    parser = argparse.ArgumentParser(
        description="Check an evidence pack without trusting who made it.",
        epilog="Ends with 0: nothing failed; 1: something did; 2: it could not begin.",
    )
    here = Path(__file__).resolve().parent
    parser.add_argument(
        "folder", nargs="?", type=Path, default=here, help="the pack (this folder), or a proof"
    )
    parser.add_argument("--key", help="the ledger's key, for a single proof: name+id+base64")
    parser.add_argument("--fingerprint", type=fingerprint, help="SHA-256 of the ledger's key, from elsewhere")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="one that somebody kept")
    parser.add_argument("--witness", action="append", default=[], help="key of a witness: name+id+base64")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")
    options = parser.parse_args(arguments)
    if options.folder.is_file():
        return check_proof(options).print(options.json)
    if not (options.folder / MANIFEST).is_file():
        sys.stderr.write(f"no evidence pack at {options.folder}: there is no {MANIFEST}\n")
        return 2
    return check(options).print(options.json)


if __name__ == "__main__":
    sys.exit(main())
