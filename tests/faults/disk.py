"""A disk that forgets: what is in memory beside what has been synced, files and folders apart.

POSIX promises little, and so does this disk: the bytes of a file last once the file is synced, a name in a
folder lasts once that folder is synced (syncing the file does not do it), and renaming, linking and removing
are changes of folders.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random


@dataclass(eq=False)
class File:
    """Bytes as programs see them and as the disk has them; `synced` is empty until the first sync."""

    bytes: bytearray = field(default_factory=bytearray)
    synced: bytes = b""
    mode: int = 0o644

    def sync(self) -> None:
        self.synced = bytes(self.bytes)

    def write(self, at: int, part: bytes) -> None:
        if at > len(self.bytes):
            self.bytes.extend(bytes(at - len(self.bytes)))
        self.bytes[at : at + len(part)] = part

    def resize(self, size: int) -> None:
        self.bytes[:] = self.bytes[:size].ljust(size, b"\0")


@dataclass(eq=False)
class Folder:
    """Names as programs see them and as the disk has them."""

    names: dict[str, File | Folder] = field(default_factory=dict)
    synced: dict[str, File | Folder] = field(default_factory=dict)
    mode: int = 0o755

    def sync(self) -> None:
        self.synced = dict(self.names)


class Loss(Enum):
    """What a power cut takes, of all that was not synced."""

    EVERYTHING = "everything"
    BYTES = "bytes"  # the journal of the file system was ahead: names without what they name
    NAMES = "names"  # the write-back was ahead: new bytes in files whose names were there
    NOTHING = "nothing"  # a kill of the program


Tree = dict[str, tuple[bytes | None, int]]
"""Every path with its bytes (None for a folder) and mode; modes last at once here."""


class Disk:
    """The tree below one folder of a real disk, from what it holds now (all of it synced)."""

    def __init__(self, root: Path) -> None:
        self.place = PurePosixPath(root)
        self.root = _load(root)

    def find(self, path: str) -> File | Folder | None:
        """What programs see there; None for nothing, or for a place elsewhere."""
        found: File | Folder | None = self.root
        for part in self._parts(path) or ():
            if not isinstance(found, Folder):
                return None
            found = found.names.get(part)
        return found if self._parts(path) is not None else None

    def folder_of(self, path: str) -> tuple[Folder, str] | None:
        """The folder that a name stands in, and the name."""
        parts = self._parts(path)
        if not parts:
            return None
        folder = self.find(str(PurePosixPath(path).parent))
        return (folder, parts[-1]) if isinstance(folder, Folder) else None

    def _parts(self, path: str) -> tuple[str, ...] | None:
        try:
            return PurePosixPath(path).relative_to(self.place).parts
        except ValueError:
            return None

    def sync(self) -> None:
        """Everything, as syncfs does."""
        for _, node in _walk(self.root, ""):
            node.sync()

    def after(self, loss: Loss) -> Tree:
        """The tree that is found after a power cut now."""
        tree: Tree = {}
        _gather(self.root, "", loss, tree)
        return tree

    def by_chance(self, chance: Random) -> Tree:
        """The tree after a power cut that took or left each unsynced name and each file's unsynced bytes."""
        tree: Tree = {}
        _gather_by_chance(self.root, "", chance, {}, tree)
        return tree


def _load(path: Path) -> Folder:
    folder = Folder(mode=path.stat().st_mode & 0o7777)
    for child in path.iterdir():
        if child.is_dir():
            folder.names[child.name] = _load(child)
        else:
            content = child.read_bytes()
            folder.names[child.name] = File(bytearray(content), content, child.stat().st_mode & 0o7777)
    folder.sync()
    return folder


def _walk(node: File | Folder, place: str) -> Iterator[tuple[str, File | Folder]]:
    yield place, node
    if isinstance(node, Folder):
        for name, child in node.names.items():
            yield from _walk(child, f"{place}/{name}")


def _gather(folder: Folder, place: str, loss: Loss, tree: Tree) -> None:
    names = folder.synced if loss in (Loss.EVERYTHING, Loss.NAMES) else folder.names
    for name, node in names.items():
        path = f"{place}/{name}"
        if isinstance(node, Folder):
            tree[path] = None, node.mode
            _gather(node, path, loss, tree)
        else:
            kept = node.synced if loss in (Loss.EVERYTHING, Loss.BYTES) else bytes(node.bytes)
            tree[path] = kept, node.mode


def _gather_by_chance(
    folder: Folder, place: str, chance: Random, files: dict[File, bytes], tree: Tree
) -> None:
    for name in sorted(folder.names.keys() | folder.synced.keys()):
        sides = [folder.names.get(name), folder.synced.get(name)]
        node = sides[0] if sides[0] is sides[1] else chance.choice(sides)
        path = f"{place}/{name}"
        if isinstance(node, Folder):
            tree[path] = None, node.mode
            _gather_by_chance(node, path, chance, files, tree)
        elif node is not None:
            tree[path] = files.setdefault(node, chance.choice((node.synced, bytes(node.bytes)))), node.mode


def materialise(tree: Tree, place: Path) -> None:
    """Make the tree a real one, without SQLite's shared memory, which means nothing after a power cut."""
    place.mkdir()
    for path, (content, mode) in tree.items():
        target = Path(f"{place}{path}")
        if path.endswith("-shm"):
            continue
        if content is None:
            target.mkdir()
        else:
            target.write_bytes(content)
        target.chmod(mode)


def fingerprint(tree: Tree) -> bytes:
    """Equal for equal trees."""
    running = hashlib.sha256()
    for path in sorted(tree):
        content, mode = tree[path]
        if path.endswith("-shm"):
            continue
        running.update(path.encode() + b"\0" + mode.to_bytes(4, "big"))
        running.update(b"folder" if content is None else hashlib.sha256(content).digest())
    return running.digest()
